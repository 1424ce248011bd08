"""Triples as JSON-LD, compact by a context: short names, one object a thing, the same each time.

The part of the context that is used stands in the document, so that reading it asks for nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.store import Term

_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_ENDS: Final = ("/", "#")
"""A prefix ends with one of these, or JSON-LD 1.1 does not read it as one."""


@dataclass(frozen=True)
class Short:
    """A term of the context: its name, and the datatype that its plain values have."""

    name: str
    datatype: str
    """``@id`` for things; the empty string where none is told."""


@dataclass(frozen=True)
class Context:
    """Which short names there are for which IRIs."""

    prefixes: Mapping[str, str]
    terms: Mapping[str, Short]
    written: Mapping[str, Any]
    """The definition of each name as the context writes it."""

    @classmethod
    def read(cls, text: bytes) -> "Context":
        """Return the context of a JSON-LD document that has prefixes and one term a property."""
        told: dict[str, Any] = json.loads(text)["@context"]
        prefixes = {
            name: value
            for name, value in told.items()
            if isinstance(value, str) and value.endswith(_ENDS) and not name.startswith("@")
        }
        terms: dict[str, Short] = {}
        for name, value in told.items():
            if isinstance(value, dict):
                datatype = value.get("@type", "")
                whole = datatype if datatype == "@id" else _whole(datatype, prefixes)
                terms.setdefault(_whole(value["@id"], prefixes), Short(name, whole))
        return cls(prefixes, terms, told)


def written(triples: Iterable[Triple], context: Context) -> bytes:
    """Return the triples as a JSON-LD document, the things in order, and so what is said."""
    writer = _Writer(context)
    nodes: dict[str, dict[str, list[Any]]] = {}
    for triple in sorted(triples, key=str):
        node = nodes.setdefault(_id(triple.subject), {})
        key, value = writer.said(triple.predicate.value, triple.object)
        node.setdefault(key, []).append(value)
    graph = [
        {"id": iri, **{key: v if len(v) > 1 else v[0] for key, v in node.items()}}
        for iri, node in nodes.items()
    ]
    document = {"@context": writer.context(), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


class _Writer:
    """Writes terms by a context, and knows which of its names it used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._used: dict[str, None] = {}

    def context(self) -> dict[str, Any]:
        """Return the part of the context that was used."""
        told = self._context.written
        defined = {"@version": 1.1, "id": "@id", "type": "@type"}
        for name in sorted(self._used):
            defined[name] = told[name]
        return defined

    def said(self, prop: str, value: Term) -> tuple[str, Any]:
        """Return the name of a property, and the value as it stands under it."""
        if prop == _TYPE and isinstance(value, NamedNode):
            return "type", self._short(value.value)
        term = self._context.terms.get(prop)
        if term is None:
            return self._short(prop), self._value(value, "")
        self._use(term.name)
        return term.name, self._value(value, term.datatype)

    def _value(self, value: Term, datatype: str) -> Any:
        if not isinstance(value, Literal):
            iri = _id(value)
            return iri if datatype == "@id" else {"id": iri}
        if value.language:
            return {"@language": value.language, "@value": value.value}
        own = value.datatype.value
        if own == (datatype or _STRING):
            return value.value
        if own == _STRING:
            return {"@value": value.value}
        return {"type": self._short(own), "@value": value.value}

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._context.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and local and not local.startswith("//"):
                self._used[prefix] = None
                return f"{prefix}:{local}"
        return iri

    def _use(self, name: str) -> None:
        """Take note of a term, and of the prefixes that its definition needs."""
        self._used[name] = None
        for value in self._context.written[name].values():
            prefix = value.partition(":")[0]
            if prefix in self._context.prefixes:
                self._used[prefix] = None


def _id(term: Term) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    raise ValueError(f"JSON-LD has no way to write {term}")


def _whole(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{prefixes[prefix]}{local}" if colon and prefix in prefixes else name
