"""Compact JSON-LD by a context: short names, one object for each thing, reproducible bytes.

The algorithm of the specification needs the whole document in memory; this one needs one thing at a
time. What the context cannot express is refused, never changed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_ENDS: Final = ("/", "#")
"""A prefix ends with one of these, or JSON-LD 1.1 does not read it as one."""
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(?!//)")


@dataclass(frozen=True)
class ContextTerm:
    """A term of the context: its name, and the datatype of its plain values."""

    name: str
    datatype: str
    """``@id`` for things; the empty string if the context gives none."""


@dataclass(frozen=True)
class Context:
    """The short names of IRIs."""

    prefixes: Mapping[str, str]
    keywords: Mapping[str, str]
    """The aliases of JSON-LD keywords, by keyword."""
    terms: Mapping[str, ContextTerm]
    definitions: Mapping[str, Any]
    """The definition of each name as the context writes it."""

    @classmethod
    def read(cls, text: bytes) -> "Context":
        """Read the context of a JSON-LD document with prefixes and a term for each property."""
        definitions: dict[str, Any] = json.loads(text)["@context"]
        names = {
            name: value
            for name, value in definitions.items()
            if isinstance(value, str) and name[:1] != "@"
        }
        prefixes = {name: value for name, value in names.items() if value.endswith(_ENDS)}
        keywords = {value: name for name, value in names.items() if value.startswith("@")}
        terms: dict[str, ContextTerm] = {}
        for name, value in definitions.items():
            if isinstance(value, dict) and "@id" in value:
                datatype = _expanded(value.get("@type", ""), prefixes)
                terms.setdefault(_expanded(value["@id"], prefixes), ContextTerm(name, datatype))
        return cls(prefixes, keywords, terms, definitions)

    @classmethod
    def of(cls, path: Path) -> "Context":
        """Read the context in a file; an empty one if there is no file."""
        return cls.read(path.read_bytes() if path.is_file() else b'{"@context": {}}')

    def property(self, iri: str) -> str:
        term = self.terms.get(iri)
        return self.short(iri) if term is None else term.name

    def short(self, iri: str) -> str:
        """Return a prefixed name, or the IRI if no prefix fits; raise UnwritableError."""
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        scheme = _SCHEME.match(iri)
        if scheme and scheme[1] in self.prefixes:
            raise UnwritableError(
                f"JSON-LD would read <{iri}> by a prefix of the context: take nq or trig."
            )
        return iri


def written(triples: Iterable[Triple], context: Context) -> bytes:
    """Return triples as a document with only the used part of the context.

    Things and the statements about them are sorted. Reading the document needs no network. Raises
    UnwritableError for anything that JSON-LD cannot express.
    """
    writer = _TermWriter(context)
    ordered = sorted(triples, key=str)
    groups = groupby(ordered, lambda triple: triple.subject)
    graph = [writer.description(subject, facts) for subject, facts in groups]
    document = {"@context": writer.context(), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write(quads: Iterable[Quad], context: Context, file: IO[bytes]) -> None:
    """Write quads, by graph and subject, as one document with the whole context.

    Raises UnwritableError for anything that JSON-LD cannot express.
    """
    writer = _TermWriter(context)
    members = writer.key("@graph")
    file.write(f'{{"@context": {_json(context.definitions)},\n"{members}": ['.encode())
    separator = "\n"
    for name, graph in groupby(quads, lambda quad: quad.graph_name):
        named = not isinstance(name, DefaultGraph)
        if named:
            opening = {writer.key("@id"): writer.node(name), members: []}
            file.write(separator.encode() + _json(opening)[:-2].encode())
            separator = "\n"
        for subject, facts in groupby(graph, lambda quad: quad.subject):
            description = writer.description(subject, (fact.triple for fact in facts))
            file.write(f"{separator}  {_json(description)}".encode())
            separator = ",\n"
        if named:
            file.write(b"]}")
            separator = ",\n"
    file.write(b"]}\n")


class _TermWriter:
    """Writes terms by a context, and records which of its names were used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._used: dict[str, None] = {}

    def context(self) -> dict[str, Any]:
        """Return the part of the context that was used."""
        definitions = self._context.definitions
        names = (self.key(keyword) for keyword in ("@id", "@type"))
        described = {
            name: definitions[name] for name in ("@version", *names) if name in definitions
        }
        return described | {name: definitions[name] for name in sorted(self._used)}

    def key(self, keyword: str) -> str:
        return self._context.keywords.get(keyword, keyword)

    def description(self, subject: Term, facts: Iterable[Triple]) -> dict[str, Any]:
        """Return a thing as a JSON-LD object, from its facts sorted by property."""
        properties: dict[str, Any] = {self.key("@id"): self.node(subject)}
        for name, value in self._properties(facts):
            properties.setdefault(name, []).append(value)
        first = self.key("@id")
        return {
            name: values[0] if name != first and len(values) == 1 else values
            for name, values in properties.items()
        }

    def node(self, term: Term | DefaultGraph) -> str:
        if isinstance(term, NamedNode):
            return self._short(term.value)
        if isinstance(term, BlankNode):
            return str(term)
        raise UnwritableError(f"JSON-LD cannot represent the statement {term}: take nq or trig.")

    def _properties(self, facts: Iterable[Triple]) -> Iterator[tuple[str, Any]]:
        for fact in facts:
            prop, value = fact.predicate.value, fact.object
            term = self._context.terms.get(prop)
            if prop == _TYPE and isinstance(value, NamedNode):
                yield self.key("@type"), self._short(value.value)
            elif term is None:
                yield self._short(prop), self._value(value, "")
            else:
                self._use(term.name)
                yield term.name, self._value(value, term.datatype)

    def _value(self, value: Term, datatype: str) -> Any:
        if not isinstance(value, Literal):
            node = self.node(value)
            return node if datatype == "@id" else {self.key("@id"): node}
        if value.language:
            tagged = {"@language": value.language, "@value": value.value}
            return (
                tagged if value.direction is None else tagged | {"@direction": str(value.direction)}
            )
        value_type = value.datatype.value
        if value_type == (datatype or _STRING):
            return value.value
        if value_type == _STRING:
            return {"@value": value.value}
        return {"@type": self._short(value_type), "@value": value.value}

    def _short(self, iri: str) -> str:
        short = self._context.short(iri)
        if short is not iri:
            self._used[short.partition(":")[0]] = None
        return short

    def _use(self, name: str) -> None:
        """Record a term and the prefixes of its definition as used."""
        if name in self._used:
            return
        self._used[name] = None
        for value in self._context.definitions[name].values():
            prefix = value.partition(":")[0] if isinstance(value, str) else ""
            if prefix in self._context.prefixes:
                self._used[prefix] = None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{prefixes[prefix]}{local}" if colon and prefix in prefixes else name
