"""JSON-LD, compacted by our own context, written while the quads come.

Compacting as the specification does needs all of it in memory; here a thing at a time is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import IO, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.errors import UnwritableError
from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.store import Term

_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(?!//)")


def write(quads: Iterable[Quad], context: bytes, file: IO[bytes]) -> None:
    """Write quads, by graph and subject, as one document that holds the context.

    Raises UnwritableError for what JSON-LD cannot say.
    """
    terms = Terms(json.loads(context)["@context"])
    whole = json.dumps(terms.context, ensure_ascii=False)
    file.write(f'{{"@context": {whole},\n"{terms.key("@graph")}": ['.encode())
    mark = "\n"
    for name, graph in groupby(quads, lambda quad: quad.graph_name):
        named = not isinstance(name, DefaultGraph)
        if named:
            head = {terms.key("@id"): terms.node(name), terms.key("@graph"): []}
            file.write(mark.encode() + _json(head)[:-2].encode())
            mark = "\n"
        for subject, facts in groupby(graph, lambda quad: quad.subject):
            described = _described(terms, subject, facts)
            file.write(f"{mark}  {_json(described)}".encode())
            mark = ",\n"
        if named:
            file.write(b"]}")
            mark = ",\n"
    file.write(b"]}\n")


class Terms:
    """The terms of a context, by what they stand for."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context = context
        self._prefixes = {
            prefix: iri
            for prefix, iri in context.items()
            if isinstance(iri, str) and not prefix.startswith("@") and iri.endswith(("#", "/"))
        }
        self._keywords = {
            told: term
            for term, told in context.items()
            if isinstance(told, str) and told.startswith("@")
        }
        self._terms: dict[str, str] = {}
        self._coerced: dict[str, str] = {}
        for term, told in context.items():
            if isinstance(told, dict) and "@id" in told:
                iri = self._expanded(told["@id"])
                self._terms[iri] = term
                self._coerced[iri] = self._expanded(told.get("@type", ""))

    def key(self, keyword: str) -> str:
        """Return what a keyword is called."""
        return self._keywords.get(keyword, keyword)

    def property(self, iri: str) -> str:
        """Return what a property is called."""
        return self._terms.get(iri) or self.short(iri)

    def short(self, iri: str) -> str:
        """Return an IRI with a prefix of the context where one fits, else the IRI."""
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        scheme = _SCHEME.match(iri)
        if scheme and scheme[1] in self._prefixes:
            raise UnwritableError(
                f"JSON-LD would read <{iri}> by a prefix of the context: take nq or trig."
            )
        return iri

    def node(self, term: Term | DefaultGraph) -> str:
        """Return how a thing is referred to."""
        if isinstance(term, NamedNode):
            return self.short(term.value)
        if isinstance(term, Literal) or not hasattr(term, "value"):
            raise UnwritableError(f"JSON-LD cannot hold the statement {term}: take nq or trig.")
        return f"_:{term.value}"

    def value(self, prop: str, term: Term) -> object:
        """Return a value of a property, as short as the context lets it be."""
        coerced = self._coerced.get(prop, "")
        if not isinstance(term, Literal):
            node = self.node(term)
            return node if coerced == "@id" else {self.key("@id"): node}
        if term.language:
            told = {"@value": term.value, "@language": term.language}
            return told if term.direction is None else told | {"@direction": str(term.direction)}
        datatype = term.datatype.value
        if datatype == coerced or (datatype == _STRING and not coerced):
            return term.value
        if datatype == _STRING:
            return {"@value": term.value}
        return {"@value": term.value, "@type": self.short(datatype)}

    def _expanded(self, short: str) -> str:
        prefix, colon, local = short.partition(":")
        return self._prefixes[prefix] + local if colon and prefix in self._prefixes else short


def _described(terms: Terms, subject: Term, facts: Iterable[Quad]) -> dict[str, object]:
    types: list[str] = []
    described: dict[str, object] = {}
    for prop, quads in groupby(facts, lambda quad: quad.predicate):
        objects = [quad.object for quad in quads]
        if prop.value == _TYPE:
            if not all(isinstance(o, NamedNode) for o in objects):
                raise UnwritableError(f"JSON-LD cannot hold a class of {subject}: take nq or trig.")
            types += map(terms.node, objects)
            continue
        values = [terms.value(prop.value, o) for o in objects]
        described[terms.property(prop.value)] = values[0] if len(values) == 1 else values
    named = {terms.key("@id"): terms.node(subject)}
    return {**named, **({terms.key("@type"): types} if types else {}), **described}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
