"""The names of things, in the reader's language if possible."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.cache import Cache
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.questions.evidence_profile import NAMES
from rallynov_graph.questions.page_queries import PageQueries

TYPE: Final = PREFIXES["rdf"] + "type"
LABEL: Final = PREFIXES["rdfs"] + "label"
PREF_LABEL: Final = PREFIXES["skos"] + "prefLabel"
NAMINGS: Final = (
    PREF_LABEL,
    LABEL,
    PREFIXES["foaf"] + "name",
    PREFIXES["schema"] + "name",
    "http://schema.org/name",
    PREFIXES["dcterms"] + "title",
    "http://purl.org/dc/elements/1.1/title",
    PREFIXES["sh"] + "name",
)
"""The properties that name a thing, the strongest first."""

MOST_KEPT: Final = 50_000
"""Of how many things the names are kept."""

_PROPERTIES: Final = tuple(NamedNode(iri) for iri in (*NAMINGS, TYPE))
_RANKS: Final = {iri: rank for rank, iri in enumerate(NAMINGS)}


@dataclass(frozen=True)
class Text:
    """A text and its language, the empty string for none."""

    value: str
    language: str = ""


@dataclass(frozen=True)
class Described:
    """The names and classes of a thing in the graph, the strongest names first."""

    names: tuple[Text, ...] = ()
    classes: tuple[str, ...] = ()
    labelled: bool = field(default=False)
    """Whether what is current names or types it at all."""

    def name(self, language: str) -> Text | None:
        """Return the name in a language, else without one, else any; None if there is no name."""
        return best_text(self.names, language)


NOTHING: Final = Described()


def best_text(texts: Iterable[Text], language: str) -> Text | None:
    """Return the text that suits a reader of this language best, the first of several equals."""
    candidates = tuple(texts)
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    order = (language, "", *(tag for tag in LANGUAGES if tag != language))

    def rank(text: Text) -> int:
        tag = text.language.lower().partition("-")[0]
        return order.index(tag) if tag in order else len(order)

    return min(candidates, key=rank)


class Labels:
    """The names and classes of things, read in one query for each page and then kept.

    One of our things that no current statement describes keeps the names of earlier statements, or
    of a rejected reading.
    """

    def __init__(self, queries: PageQueries) -> None:
        self._queries = queries
        self._known: Cache[str, Described] = Cache(MOST_KEPT)

    def of(self, iris: Iterable[str]) -> dict[str, Described]:
        """Return the names and classes of each thing; a thing without any is not described."""
        kept = {iri: self._known.get(iri) for iri in iris}
        found = {iri: described for iri, described in kept.items() if described is not None}
        if missing := [iri for iri in kept if iri not in found]:
            found |= self._fetched(missing)
            for iri in missing:
                self._known.keep(iri, found[iri])
        return found

    def _fetched(self, iris: list[str]) -> dict[str, Described]:
        found = self._described("values", iris)
        unknown = [iri for iri in iris if iri.startswith(ID) and not found[iri].labelled]
        if unknown:
            before = self._described("values_said_before", unknown)
            found |= {iri: replace(it, labelled=False) for iri, it in before.items()}
        if NAMES in self._queries and (unnamed := [it for it in iris if not found[it].names]):
            named = self._described(NAMES, unnamed)
            found |= {iri: replace(found[iri], names=it.names) for iri, it in named.items()}
        return found

    def _described(self, query: str, iris: list[str]) -> dict[str, Described]:
        names: dict[str, list[tuple[int, Text]]] = {iri: [] for iri in iris}
        classes: dict[str, list[str]] = {iri: [] for iri in iris}
        of = {} if query == NAMES else {"property": _PROPERTIES}
        rows = self._queries.rows(query, thing=map(NamedNode, iris), **of).rows
        for thing, naming, value in rows:
            assert isinstance(thing, NamedNode) and isinstance(naming, NamedNode)
            if isinstance(value, Literal):
                is_term = thing.value.startswith(RN)
                words = in_neutral_words(value.value) if is_term else value.value
                text = Text(words, value.language or "")
                names[thing.value].append((_RANKS.get(naming.value, len(_RANKS)), text))
            elif isinstance(value, NamedNode) and naming.value == TYPE:
                classes[thing.value].append(value.value)
        for ranked in names.values():
            ranked.sort(key=itemgetter(0))
        return {
            iri: Described(
                tuple([text for _, text in names[iri]]),
                tuple(classes[iri]),
                bool(names[iri] or classes[iri]),
            )
            for iri in iris
        }


def last_part(iri: str) -> str:
    """Return the name of a thing without one: the short form of its IRI."""
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    short = in_prefixes(iri)
    if short != iri:
        return short
    for mark in ("#", "/", ":"):
        tail = iri.rstrip("#/").rpartition(mark)[2]
        if mark in iri and tail and tail != iri:
            words = unquote(tail)
            return words if words.isprintable() and "\ufffd" not in words else tail
    return iri
