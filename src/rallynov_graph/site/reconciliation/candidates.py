"""Which things names may mean: candidates, each with a score that a person would agree with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.likeness import likeness
from rallynov_graph.matching.words import name_words
from rallynov_graph.questions.labels import Text, best_text
from rallynov_graph.questions.thing_names import as_iri
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.names_and_texts import (
    DESCRIPTION,
    LATER,
    NAME,
    ROLES,
    TextOfThing,
    kind_by_classes,
)
from rallynov_graph.search.searching import LONGEST, NamedThing, Scope
from rallynov_graph.site.model.nodes import GraphView

MATCH: Final = 0.9
"""From here on a person would say that it is the same name."""
LEAD: Final = 0.06
"""By so much the best candidate must be ahead to be clearly it, unless its name is the very one."""
LEAST: Final = 0.3
"""What is less like the name is no candidate."""
MOST: Final = 50
"""How many things are compared with a name."""
KEPT: Final = 20
"""Of so many, at most, the values are compared with those that are wanted."""
_NOTE: Final = 0.94
"""How much a name counts without what stands in parentheses behind it."""
_OTHER_TYPE: Final = 0.8
"""How much a name counts of a thing of another type, where types are only wished for."""
_VALUE: Final = 0.4
"""How much the value of a property counts beside the name."""
_UNKNOWN: Final = 0.6
"""How well a thing fits a value of which the graph says nothing."""
_XSD: Final = PREFIXES["xsd"]
_DATATYPES: Final = ("integer", "decimal", "date", "gYear", "time", "boolean")
_SHORT: Final = 160
"""How long a description may be."""


@dataclass(frozen=True)
class PropertyValue:
    """A value that a property should have: a text, or a thing by its identifier."""

    text: str = ""
    id: str = ""


@dataclass(frozen=True)
class PropertyCondition:
    """One of these values is wanted for a property."""

    property: str
    values: tuple[PropertyValue, ...]


@dataclass(frozen=True)
class Query:
    """A name that is looked for, and what else is known of the thing."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    """any: of one of the types; all: of each of them; should: rather of one of them."""
    limit: int = 10
    conditions: tuple[PropertyCondition, ...] = ()


@dataclass(frozen=True)
class NameCandidate:
    """A thing that may be meant."""

    id: str
    name: str
    kind: str
    description: str
    score: float
    """From 0 to 100."""
    match: bool
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _ScoredThing:
    """A thing with how like its name is, how well each wanted value fits, and both together."""

    named: NamedThing
    name: float
    role: int
    fits: tuple[float, ...] = ()
    share: float = 1.0

    @property
    def score(self) -> float:
        weight = _VALUE * len(self.fits)
        return self.share * (self.name + _VALUE * sum(self.fits)) / (1 + weight)

    @property
    def rank(self) -> tuple[float, int]:
        return -self.score, self.role


def candidates(view: GraphView, finder: Finder, query: Query) -> list[NameCandidate]:
    """Return the things that a query may mean, the likeliest first."""
    found = _scored(view, finder, query)
    if query.conditions:
        found = _with_values(
            view, sorted(found, key=lambda thing: thing.rank)[:KEPT], query.conditions
        )
    ordered = sorted(
        (thing for thing in found if thing.score >= LEAST),
        key=lambda thing: (*thing.rank, thing.named.iri),
    )
    best = ordered[0] if ordered and _is_clear(ordered) else None
    shown = ordered[: query.limit]
    names = _names(view, [thing.named for thing in shown])
    return [
        _candidate(view, query, thing, thing is best, names[thing.named.iri]) for thing in shown
    ]


def thing_of(identifier: str) -> NamedNode | None:
    """Return the thing that an identifier means: ``kind/slug``, or an IRI; None for any other."""
    try:
        return as_iri(identifier.strip())
    except QueryError:
        return None


def description_of(named: NamedThing, language: str) -> str:
    """Return the beginning of what describes a thing, in the reader's language if there is any."""
    descriptions = [
        Text(text_of_thing.value, text_of_thing.language)
        for text_of_thing in named.texts
        if text_of_thing.role == DESCRIPTION
    ]
    text = best_text(descriptions, language)
    if text is None or len(text.value) <= _SHORT:
        return "" if text is None else text.value
    return text.value[:_SHORT].rpartition(" ")[0] + " …"


def name_of(named: NamedThing, language: str) -> str:
    """Return a name of a thing, in the reader's language if it has one in it."""
    for names in ([NAME], [role for role in ROLES if role != DESCRIPTION]):
        texts = [
            Text(text_of_thing.value, text_of_thing.language)
            for text_of_thing in named.texts
            if text_of_thing.role in names
        ]
        if (text := best_text(texts, language)) is not None:
            return text.value
    return named.iri


def _names(view: GraphView, found: Sequence[NamedThing]) -> dict[str, str]:
    """Return what pages call each thing; the index does not say which name is the strongest."""
    ambiguous = view.described(thing.iri for thing in found if _has_several_names(thing))
    strongest = {
        iri: text.value for iri, thing in ambiguous.items() if (text := thing.name(view.language))
    }
    return {thing.iri: strongest.get(thing.iri) or name_of(thing, view.language) for thing in found}


def _has_several_names(named: NamedThing) -> bool:
    languages = [text.language for text in named.texts if text.role == NAME]
    return len(languages) > len({*languages})


def _scored(view: GraphView, finder: Finder, query: Query) -> list[_ScoredThing]:
    text = query.text[:LONGEST].strip()
    if text and (node := thing_of(text)) is not None:
        known = _described(view, [node.value])
        if known:
            return [_ScoredThing(thing, 1.0, 0, share=_share(thing.kind, query)) for thing in known]
    if not text:
        return [
            _ScoredThing(thing, 1.0, 0, share=share)
            for thing in _described(view, _with_any_value(view, finder, query.conditions))
            if (share := _share(thing.kind, query))
        ]
    words = [name_words(reading) for reading in _readings(text)]
    found = []
    for thing in _named(view, finder, _readings(text), query):
        similarity, role = _likeness(words, thing)
        if (share := _share(thing.kind, query)) and similarity * share >= LEAST:
            found.append(_ScoredThing(thing, similarity, role, share=share))
    return found


def _readings(text: str) -> list[str]:
    """Return a name, and the name without a note in parentheses if it has one."""
    before, opened, _ = text.partition("(")
    return [text, before] if opened and before.strip() else [text]


def _named(view: GraphView, finder: Finder, texts: Sequence[str], query: Query) -> list[NamedThing]:
    kinds = query.types if query.types and query.strict != "should" else ("",)
    found = {
        thing.iri: thing
        for text in texts
        for kind in kinds
        for thing in finder.named(text, Scope(kind, MOST))
    }
    return [
        thing
        for thing in found.values()
        if view.foreign or view.addresses.short(thing.iri) is not None
    ]


def _share(kind: str, query: Query) -> float:
    """Return how much of its score a thing of a kind keeps."""
    if not query.types:
        return 0.0 if kind in LATER else 1.0
    if query.strict == "all" and {*query.types} != {kind}:
        return 0.0
    if kind in query.types:
        return 1.0
    return _OTHER_TYPE if query.strict == "should" else 0.0


def _likeness(readings: Sequence[Sequence[str]], named: NamedThing) -> tuple[float, int]:
    """Return how like the best name of a thing is, and what that name is to it."""
    whole, *without_note = readings
    best = (0.0, len(ROLES))
    for text_of_thing in named.texts:
        if text_of_thing.role != DESCRIPTION:
            words_of_name = name_words(text_of_thing.value)
            similarity = max(
                likeness(whole, words_of_name),
                *(_NOTE * likeness(words, words_of_name) for words in without_note),
                0,
            )
            role = ROLES.index(text_of_thing.role)
            best = min(
                best,
                (similarity, role),
                key=lambda similarity_and_role: (-similarity_and_role[0], similarity_and_role[1]),
            )
    return best


def _is_clear(ordered: Sequence[_ScoredThing]) -> bool:
    """Return whether the first candidate is clearly the thing that is meant."""
    first, second = ordered[0].score, ordered[1].score if len(ordered) > 1 else 0.0
    return first >= MATCH and (first - second >= LEAD or (first == 1.0 and second < 1.0))


def _with_any_value(
    view: GraphView, finder: Finder, conditions: Iterable[PropertyCondition]
) -> list[str]:
    """Return the things that have a wanted value for one of the properties."""
    found: dict[str, None] = {}
    for condition in conditions:
        values: list[NamedNode | Literal] = []
        for value in condition.values:
            node = thing_of(value.id) if value.id else None
            values += [node] if node else _literals_of(value.text)
            named = finder.named(value.text, Scope(most=KEPT)) if value.text else []
            values += [NamedNode(thing.iri) for thing in named]
        prop = NamedNode(condition.property)
        rows = view.queries.rows("things_with_value", property=prop, value=values).rows
        found |= dict.fromkeys(thing.value for (thing,) in rows if isinstance(thing, NamedNode))
    return [*found]


def _literals_of(text: str) -> list[Literal]:
    """Return the values that are written so: each is looked up, no text is looked through."""
    if not text:
        return []
    typed = [Literal(text, datatype=NamedNode(_XSD + name)) for name in _DATATYPES]
    return [Literal(text), *(Literal(text, language=tag) for tag in LANGUAGES), *typed]


def _described(view: GraphView, iris: Iterable[str]) -> list[NamedThing]:
    """Return things by what the graph calls them; those that it does not name are left out."""
    return [
        NamedThing(
            iri,
            view.addresses.kind(iri) or kind_by_classes(iri, description.classes),
            tuple(TextOfThing(NAME, name.value, name.language) for name in description.names),
        )
        for iri, description in view.described(iris).items()
        if description.labelled
    ]


def _with_values(
    view: GraphView, found: Sequence[_ScoredThing], conditions: Sequence[PropertyCondition]
) -> list[_ScoredThing]:
    """Return the things with how well each wanted value fits what the graph says of them."""
    things = [NamedNode(scored.named.iri) for scored in found]
    properties = [NamedNode(condition.property) for condition in conditions]
    values: dict[tuple[str, str], list[Term]] = {}
    for thing, prop, value in view.queries.rows("values", thing=things, property=properties).rows:
        if isinstance(thing, NamedNode) and isinstance(prop, NamedNode) and value is not None:
            values.setdefault((thing.value, prop.value), []).append(value)
    linked = [
        value.value
        for values_of_property in values.values()
        for value in values_of_property
        if isinstance(value, NamedNode)
    ]
    names = {
        iri: [name.value for name in scored.names] for iri, scored in view.described(linked).items()
    }
    return [
        _ScoredThing(
            scored.named,
            scored.name,
            scored.role,
            tuple(
                _fit(values.get((scored.named.iri, condition.property), []), condition, names)
                for condition in conditions
            ),
            scored.share,
        )
        for scored in found
    ]


def _fit(
    values: Sequence[Term], condition: PropertyCondition, names: dict[str, list[str]]
) -> float:
    if not values:
        return _UNKNOWN
    return max(_similarity(value, wanted, names) for value in values for wanted in condition.values)


def _similarity(value: Term, wanted: PropertyValue, names: dict[str, list[str]]) -> float:
    """Return how like a value is to one that is wanted."""
    if wanted.id:
        return float(isinstance(value, NamedNode) and value == thing_of(wanted.id))
    texts = names[value.value] if isinstance(value, NamedNode) else [getattr(value, "value", "")]
    wanted_words = name_words(wanted.text)
    return max((likeness(wanted_words, name_words(text)) for text in texts), default=0.0)


def _candidate(
    view: GraphView, query: Query, found: _ScoredThing, match: bool, name: str
) -> NameCandidate:
    named = found.named
    fits = zip(query.conditions, found.fits, strict=True) if found.fits else ()
    return NameCandidate(
        view.addresses.short_or_iri(named.iri),
        name,
        named.kind,
        description_of(named, view.language),
        round(100 * found.score, 1),
        match,
        (
            ("name", round(100 * found.name, 1)),
            *((in_prefixes(condition.property), round(100 * fit, 1)) for condition, fit in fits),
        ),
    )
