"""Addresses and values as a decisions file has them: short, readable, and no RDF."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.desk.words import ActFault
from rallynov_graph.matching.words import folded

Value = NamedNode | Literal
Json = str | int | Mapping[str, "Json"] | list["Json"] | None

XSD: Final = PREFIXES["xsd"]
TYPE: Final = f"{PREFIXES['rdf']}type"
LABEL: Final = f"{PREFIXES['rdfs']}label"
PREFERRED: Final = f"{PREFIXES['skos']}prefLabel"
NAME: Final = f"{RN}nameAsPrinted"
CERTAINTY: Final = f"{RN}certainty"
REASON: Final = f"{RN}reason"
VOICE: Final = f"{RN}voice"
_STRING: Final = f"{XSD}string"
_INTEGER: Final = f"{XSD}integer"
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]*")
_OF_DOCUMENT: Final = "~"
"""Stands for the name of the document, with the hyphen behind it."""
_TEXT: Final = "="
"""Before a text without a language."""
_SHORTEST: Final = {
    name: f"{PREFIXES[prefix]}{name}"
    for prefix, names in {
        "schema": "superEvent location startDate endDate about areaServed issueNumber jobTitle "
        "funder fundedItem containedInPlace Event Place Periodical PublicationIssue",
        "dcterms": "subject title isPartOf issued language publisher",
        "org": "Organization Membership member organization classification",
        "foaf": "Person Group",
        "rdf": "value",
    }.items()
    for name in names.split()
}
"""Terms of others that go without their prefix; none is ever taken away, for files have them."""
_SHORTEST_OF: Final = {iri: name for name, iri in _SHORTEST.items()}
_EACH: Final = "*"
"""Stands for each language of a reading."""
_SHAPES: Final = (
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("gYearMonth", re.compile(r"\d{4}-\d\d")),
    ("gYear", re.compile(r"\d{4}")),
    ("time", re.compile(r"\d\d:\d\d:\d\d")),
)
"""Types of values that are recognised by their looks: no address looks so."""
_OWN: Final = "rn:"
_OWN_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]+")
"""A term of our ontology, which needs no prefix."""
_NOT_IN_SLUGS: Final = re.compile(r"[^a-z0-9]+")


class ShortTerms:
    """Writes and reads addresses and values in short, about one document."""

    def __init__(self, document: str, languages: Sequence[str] = ()) -> None:
        self._slug = document.removeprefix(ID).partition("/")[2]
        self._languages = [*languages]

    def short(self, iri: str, kind: str = "") -> str:
        """Return the short form of an address, without its kind if the context gives it."""
        space = f"{ID}{kind}/" if kind else ID
        if not iri.startswith(space):
            prefixed = "" if kind or iri.startswith(ID) else in_prefixes(iri)
            if iri in _SHORTEST_OF and not kind:
                return _SHORTEST_OF[iri]
            if not prefixed or prefixed == iri:
                return f"<{iri}>"
            own = prefixed.removeprefix(_OWN)
            return own if _OWN_NAME.fullmatch(own) and own not in _SHORTEST else prefixed
        head, slash, slug = iri[len(space) :].rpartition("/")
        if slug == self._slug:
            slug = _OF_DOCUMENT
        elif slug.startswith(f"{self._slug}-"):
            slug = _OF_DOCUMENT + slug[len(self._slug) + 1 :]
        return f"{head}{slash}{slug}"

    def iri(self, short: str, kind: str = "") -> str:
        """Return the address of a short form; raise ValueError if it is invalid."""
        return NamedNode(self._iri(short, kind)).value

    def _iri(self, short: str, kind: str) -> str:
        if short.startswith("<") and short.endswith(">"):
            return short[1:-1]
        if kind:
            return f"{ID}{kind}/{self._whole(short)}"
        if _OWN_NAME.fullmatch(short):
            return _SHORTEST.get(short, RN + short)
        prefix, colon, local = short.partition(":")
        if colon and prefix in PREFIXES and local:
            return PREFIXES[prefix] + local
        head, slash, slug = short.rpartition("/")
        if not slash or not head or not slug or colon:
            raise ActFault("address", name=short)
        return f"{ID}{head}/{self._whole(slug)}"

    def _whole(self, slug: str) -> str:
        if slug == _OF_DOCUMENT:
            return self._slug
        return f"{self._slug}-{slug[1:]}" if slug.startswith(_OF_DOCUMENT) else slug

    def property(self, short: str) -> str:
        """Return the address of a property; raise ValueError if it is invalid."""
        return TYPE if short == "a" else self.iri(short)

    def short_property(self, iri: str) -> str:
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
        found = [self._in_each(it) if isinstance(it, dict) else it for it in found]
        return found[0] if len(found) == 1 else found

    def _in_each(self, texts: dict[str, Json]) -> Json:
        """Return texts by language, as one where each language has the same."""
        is_one = len(texts) > 1 and [*texts] == self._languages and len({*texts.values()}) == 1
        return {_EACH: next(iter(texts.values()))} if is_one else texts

    def _json(self, value: Value) -> Json:
        if isinstance(value, NamedNode):
            return self.short(value.value)
        datatype = value.datatype.value
        if _by_looks(value.value) == datatype:
            return value.value
        if datatype == _STRING:
            return _TEXT + value.value
        if datatype == _INTEGER and _NUMBER.fullmatch(value.value):
            return int(value.value)
        return {self.short(datatype): value.value}

    def values(self, json: Json) -> tuple[Value, ...]:
        """Return the values in JSON; raise ValueError if it is invalid."""
        if isinstance(json, list):
            return tuple(value for one in json for value in self.values(one))
        if isinstance(json, str):
            if json.startswith(_TEXT):
                return (Literal(json[1:]),)
            if datatype := _by_looks(json):
                return (Literal(json, datatype=NamedNode(datatype)),)
            return (NamedNode(self.iri(json)),)
        if isinstance(json, int) and not isinstance(json, bool):
            return (Literal(str(json), datatype=NamedNode(_INTEGER)),)
        if isinstance(json, dict) and json:
            texts = (
                (code, text)
                for name, text in json.items()
                for code in (self._languages if name == _EACH else [name])
            )
            return tuple(self._literal(name, text) for name, text in texts)
        raise ActFault("value", json=json)

    def _literal(self, name: str, text: Json) -> Literal:
        if not isinstance(text, str):
            raise ActFault("not a text", text=text)
        if ":" in name or "/" in name:
            return Literal(text, datatype=NamedNode(self.iri(name)))
        return Literal(text, language=name)


def _by_looks(text: str) -> str:
    """Return the type of a value that looks like one; the empty string for any other text."""
    return next((XSD + name for name, looks in _SHAPES if looks.fullmatch(text)), "")


def slug_of(name: str) -> str:
    """Return the form of a name in an address; written files rely on it, so it must not change."""
    return _NOT_IN_SLUGS.sub("-", folded(name)).strip("-")


def first_free(address: str, is_taken: Callable[[str], bool]) -> str:
    """Return an address that nothing has: this one, or the first free one with a number."""
    numbered = chain([address], (f"{address}-{number}" for number in count(2)))
    return next(it for it in numbered if not is_taken(it))
