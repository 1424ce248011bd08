"""The things that names may mean: candidates, each with a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, records_named
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import likeness
from rallynov_graph.matching.words import name_words
from rallynov_graph.questions.thing_names import as_iri
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.index import (
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
"""From this score on a candidate can be the match: a person would call it the same name."""
LEAD: Final = 0.06
"""The lead over the second that the match needs, unless its name is the very same."""
LEAST: Final = 0.3
"""The lowest score of a candidate."""
MOST: Final = 50
"""How many things are compared with a name, at most."""
MOST_COMPARED_BY_VALUE: Final = 20
"""How many things have their values compared with the conditions, at most."""
_WITHOUT_NOTE_WEIGHT: Final = 0.94
"""The weight of a name without the note in parentheses behind it."""
_OTHER_TYPE_WEIGHT: Final = 0.8
"""The weight of a thing of another type where the type is only a preference."""
_VALUE_WEIGHT: Final = 0.4
"""The weight of a property's value, where that of the name is 1."""
_UNKNOWN_FIT: Final = 0.6
"""How well a thing without any value fits a condition."""
_XSD: Final = PREFIXES["xsd"]
_DATATYPES: Final = ("integer", "decimal", "date", "gYear", "time", "boolean")


@dataclass(frozen=True)
class PropertyValue:
    """A value that a property should have: a text, or a thing by its identifier."""

    text: str = ""
    id: str = ""


@dataclass(frozen=True)
class PropertyCondition:
    """The property should have one of these values."""

    property: str
    values: tuple[PropertyValue, ...]


@dataclass(frozen=True)
class Query:
    """A name to reconcile, with types and values that are known of the thing."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    """any: a thing has one of the types; all: it has each; should: types are a preference."""
    limit: int = 10
    conditions: tuple[PropertyCondition, ...] = ()


@dataclass(frozen=True)
class ScoredThing:
    """A thing with the likeness of its name, the fit of each condition, and the score of both."""

    named: NamedThing
    likeness: float
    role: int
    fits: tuple[float, ...] = ()
    type_weight: float = 1.0

    @property
    def score(self) -> float:
        weight = _VALUE_WEIGHT * len(self.fits)
        return self.type_weight * (self.likeness + _VALUE_WEIGHT * sum(self.fits)) / (1 + weight)


def candidates(view: GraphView, finder: Finder, query: Query) -> list[tuple[ScoredThing, bool]]:
    """Return the candidates for a query, the best first, and whether each is the match."""
    found = _scored(view, finder, query)
    if query.conditions:
        found = _with_fits(
            view, sorted(found, key=_rank)[:MOST_COMPARED_BY_VALUE], query.conditions
        )
    ordered = sorted(
        (thing for thing in found if thing.score >= LEAST),
        key=lambda thing: (*_rank(thing), thing.named.iri),
    )
    best = ordered[0] if ordered and _has_match(ordered) else None
    return [(it, it is best) for it in ordered[: query.limit]]


def _rank(thing: ScoredThing) -> tuple[float, int]:
    return -thing.score, thing.role


def thing_of(identifier: str) -> NamedNode | None:
    """Return the thing of an identifier, ``kind/slug`` or an IRI; None for any other text."""
    try:
        return as_iri(identifier.strip())
    except QueryError:
        return None


def _scored(view: GraphView, finder: Finder, query: Query) -> list[ScoredThing]:
    text = query.text[:LONGEST].strip()
    known = _described(view, _named_by_address(view, text)) if text else []
    if known:
        return [ScoredThing(it, 1.0, 0, type_weight=_type_weight(it.kind, query)) for it in known]
    if not text:
        return [
            ScoredThing(it, 1.0, 0, type_weight=weight)
            for it in _described(view, _with_any_value(view, finder, query.conditions))
            if (weight := _type_weight(it.kind, query))
        ]
    words = [name_words(reading) for reading in _readings(text)]
    found = []
    for thing in _things_named(view, finder, _readings(text), query):
        similarity, role = _likeness(words, thing)
        if (weight := _type_weight(thing.kind, query)) and similarity * weight >= LEAST:
            found.append(ScoredThing(thing, similarity, role, type_weight=weight))
    return found


def _named_by_address(view: GraphView, text: str) -> tuple[str, ...]:
    """Return the things that a text names by an address: one of ours, or that of an authority.

    An address that gave way to others names these.
    """
    if records := [NamedNode(iri) for iri in records_named(text)]:
        rows = view.queries.rows("things_matching", record=records).rows
        if found := tuple(it.value for (it,) in rows if isinstance(it, NamedNode)):
            return found
    node = thing_of(text)
    return () if node is None else view.graph.successors.get(node.value, (node.value,))


def _readings(text: str) -> list[str]:
    """Return a name, and the name without a note in parentheses if it has one."""
    before, opened, _ = text.partition("(")
    return [text, before] if opened and before.strip() else [text]


def _things_named(
    view: GraphView, finder: Finder, texts: Sequence[str], query: Query
) -> list[NamedThing]:
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


def _type_weight(kind: str, query: Query) -> float:
    """Return the weight of a thing of a kind under the types of a query, 0 for none."""
    if not query.types:
        return 0.0 if kind in LATER else 1.0
    if query.strict == "all" and {*query.types} != {kind}:
        return 0.0
    if kind in query.types:
        return 1.0
    return _OTHER_TYPE_WEIGHT if query.strict == "should" else 0.0


def _likeness(readings: Sequence[Sequence[str]], named: NamedThing) -> tuple[float, int]:
    """Return the likeness of the best name of a thing, and the role of that name."""
    whole, *without_note = readings
    best = (0.0, len(ROLES))
    for text in named.texts:
        if text.role != DESCRIPTION:
            name = name_words(text.value)
            similarity = max(
                likeness(whole, name),
                *(_WITHOUT_NOTE_WEIGHT * likeness(words, name) for words in without_note),
                0,
            )
            found = similarity, ROLES.index(text.role)
            best = min(best, found, key=lambda it: (-it[0], it[1]))
    return best


def _has_match(ordered: Sequence[ScoredThing]) -> bool:
    """Return whether the first candidate is the match."""
    first, second = ordered[0].score, ordered[1].score if len(ordered) > 1 else 0.0
    return first >= MATCH and (first - second >= LEAD or (first == 1.0 and second < 1.0))


def _with_any_value(
    view: GraphView, finder: Finder, conditions: Iterable[PropertyCondition]
) -> list[str]:
    """Return the things that have a value of one of the conditions."""
    found: dict[str, None] = {}
    for condition in conditions:
        values: list[NamedNode | Literal] = []
        for value in condition.values:
            node = thing_of(value.id) if value.id else None
            values += [node] if node else _literals_of(value.text)
            named = (
                finder.named(value.text, Scope(most=MOST_COMPARED_BY_VALUE)) if value.text else []
            )
            values += [NamedNode(thing.iri) for thing in named]
        prop = NamedNode(condition.property)
        rows = view.queries.rows("things_with_value", property=prop, value=values).rows
        found |= dict.fromkeys(thing.value for (thing,) in rows if isinstance(thing, NamedNode))
    return [*found]


def _literals_of(text: str) -> list[Literal]:
    """Return the literals that are written this way; each is looked up in the graph."""
    if not text:
        return []
    typed = [Literal(text, datatype=NamedNode(_XSD + name)) for name in _DATATYPES]
    return [Literal(text), *(Literal(text, language=tag) for tag in LANGUAGES), *typed]


def _described(view: GraphView, iris: Iterable[str]) -> list[NamedThing]:
    """Return things with their names in the graph; things without a name are left out."""
    return [
        NamedThing(
            iri,
            view.addresses.kind(iri) or kind_by_classes(iri, description.classes),
            tuple(TextOfThing(NAME, name.value, name.language) for name in description.names),
        )
        for iri, description in view.described(iris).items()
        if description.labelled
    ]


def _with_fits(
    view: GraphView, found: Sequence[ScoredThing], conditions: Sequence[PropertyCondition]
) -> list[ScoredThing]:
    """Return the things with the fit of each condition to their values in the graph."""
    things = [NamedNode(scored.named.iri) for scored in found]
    properties = [NamedNode(condition.property) for condition in conditions]
    values: dict[tuple[str, str], list[Term]] = {}
    for thing, prop, value in view.queries.rows("values", thing=things, property=properties).rows:
        if isinstance(thing, NamedNode) and isinstance(prop, NamedNode) and value is not None:
            values.setdefault((thing.value, prop.value), []).append(value)
    linked = [it.value for them in values.values() for it in them if isinstance(it, NamedNode)]
    names = {iri: [name.value for name in it.names] for iri, it in view.described(linked).items()}
    return [
        replace(
            scored,
            fits=tuple(
                _fit(values.get((scored.named.iri, condition.property), []), condition, names)
                for condition in conditions
            ),
        )
        for scored in found
    ]


def _fit(
    values: Sequence[Term], condition: PropertyCondition, names: dict[str, list[str]]
) -> float:
    if not values:
        return _UNKNOWN_FIT
    return max(_similarity(value, wanted, names) for value in values for wanted in condition.values)


def _similarity(value: Term, wanted: PropertyValue, names: dict[str, list[str]]) -> float:
    if wanted.id:
        return float(isinstance(value, NamedNode) and value == thing_of(wanted.id))
    texts = names[value.value] if isinstance(value, NamedNode) else [getattr(value, "value", "")]
    wanted_words = name_words(wanted.text)
    return max((likeness(wanted_words, name_words(text)) for text in texts), default=0.0)
