"""Addresses and values as a decisions file has them: short, readable, and no RDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, in_prefixes

Value = NamedNode | Literal
Json = str | int | Mapping[str, "Json"] | list["Json"] | None

XSD: Final = PREFIXES["xsd"]
TYPE: Final = f"{PREFIXES['rdf']}type"
_STRING: Final = f"{XSD}string"
_INTEGER: Final = f"{XSD}integer"
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]*")
_OF_DOCUMENT: Final = "~"
"""Stands for the name of the document, with the hyphen behind it."""
_TEXT: Final = "="
"""Before a text without a language."""


class ShortTerms:
    """Writes and reads addresses and values in short, about one document."""

    def __init__(self, document: str) -> None:
        self._slug = document.removeprefix(ID).partition("/")[2]

    def short(self, iri: str, kind: str = "") -> str:
        """Return an address in short: without its kind where that is said elsewhere."""
        space = f"{ID}{kind}/" if kind else ID
        if not iri.startswith(space):
            prefixed = "" if kind or iri.startswith(ID) else in_prefixes(iri)
            return prefixed if prefixed and prefixed != iri else f"<{iri}>"
        head, slash, slug = iri[len(space) :].rpartition("/")
        if slug == self._slug:
            slug = _OF_DOCUMENT
        elif slug.startswith(f"{self._slug}-"):
            slug = _OF_DOCUMENT + slug[len(self._slug) + 1 :]
        return f"{head}{slash}{slug}"

    def iri(self, short: str, kind: str = "") -> str:
        """Return the address that is written in short; raise ValueError where it is none."""
        if short.startswith("<") and short.endswith(">"):
            return short[1:-1]
        if kind:
            return f"{ID}{kind}/{self._whole(short)}"
        prefix, colon, local = short.partition(":")
        if colon and prefix in PREFIXES and local:
            return PREFIXES[prefix] + local
        head, slash, slug = short.rpartition("/")
        if not slash or not head or not slug or colon:
            raise ValueError(f"{short!r} is no address")
        return f"{ID}{head}/{self._whole(slug)}"

    def _whole(self, slug: str) -> str:
        if slug == _OF_DOCUMENT:
            return self._slug
        return f"{self._slug}-{slug[1:]}" if slug.startswith(_OF_DOCUMENT) else slug

    def property(self, short: str) -> str:
        """Return the address of a property; raise ValueError where it is none."""
        return TYPE if short == "a" else self.iri(short)

    def short_property(self, iri: str) -> str:
        """Return a property in short."""
        return "a" if iri == TYPE else self.short(iri)

    def json(self, values: Iterable[Value]) -> Json:
        """Return values as JSON: one alone as it is, none as an empty list."""
        found: list[Json] = []
        texts: dict[str, Json] = {}
        for value in values:
            if isinstance(value, Literal) and value.language:
                if value.language in texts or not texts:
                    texts = {}
                    found.append(texts)
                texts[value.language] = value.value
            else:
                found.append(self._json(value))
        return found[0] if len(found) == 1 else found

    def _json(self, value: Value) -> Json:
        if isinstance(value, NamedNode):
            return self.short(value.value)
        datatype = value.datatype.value
        if datatype == _STRING:
            return _TEXT + value.value
        if datatype == _INTEGER and _NUMBER.fullmatch(value.value):
            return int(value.value)
        return {self.short(datatype): value.value}

    def values(self, json: Json) -> tuple[Value, ...]:
        """Return the values that JSON says; raise ValueError where it says none."""
        if isinstance(json, list):
            return tuple(value for one in json for value in self.values(one))
        if isinstance(json, str):
            if json.startswith(_TEXT):
                return (Literal(json[1:]),)
            return (NamedNode(self.iri(json)),)
        if isinstance(json, int) and not isinstance(json, bool):
            return (Literal(str(json), datatype=NamedNode(_INTEGER)),)
        if isinstance(json, dict) and json:
            return tuple(self._literal(name, text) for name, text in json.items())
        raise ValueError(f"{json!r} is no value")

    def _literal(self, name: str, text: Json) -> Literal:
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is no text")
        if ":" in name or "/" in name:
            return Literal(text, datatype=NamedNode(self.iri(name)))
        return Literal(text, language=name)
