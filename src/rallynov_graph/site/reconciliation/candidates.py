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
class Condition:
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
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Candidate:
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
class _Scored:
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


def candidates(view: GraphView, finder: Finder, query: Query) -> list[Candidate]:
    """Return the things that a query may mean, the likeliest first."""
    found = _scored(view, finder, query)
    if query.conditions:
        found = _with_values(view, sorted(found, key=lambda it: it.rank)[:KEPT], query.conditions)
    ordered = sorted(
        (it for it in found if it.score >= LEAST), key=lambda it: (*it.rank, it.named.iri)
    )
    best = ordered[0] if ordered and _is_clear(ordered) else None
    shown = ordered[: query.limit]
    names = _names(view, [it.named for it in shown])
    return [_candidate(view, query, it, it is best, names[it.named.iri]) for it in shown]


def thing_of(identifier: str) -> NamedNode | None:
    """Return the thing that an identifier means: ``kind/slug``, or an IRI; None for any other."""
    try:
        return as_iri(identifier.strip())
    except QueryError:
        return None


def description_of(named: NamedThing, language: str) -> str:
    """Return the beginning of what describes a thing, in the reader's language if there is any."""
    told = [Text(it.value, it.language) for it in named.texts if it.role == DESCRIPTION]
    text = best_text(told, language)
    if text is None or len(text.value) <= _SHORT:
        return "" if text is None else text.value
    return text.value[:_SHORT].rpartition(" ")[0] + " …"


def name_of(named: NamedThing, language: str) -> str:
    """Return a name of a thing, in the reader's language if it has one in it."""
    for names in ([NAME], [role for role in ROLES if role != DESCRIPTION]):
        told = [Text(it.value, it.language) for it in named.texts if it.role in names]
        if (text := best_text(told, language)) is not None:
            return text.value
    return named.iri


def _names(view: GraphView, found: Sequence[NamedThing]) -> dict[str, str]:
    """Return what pages call each thing; the index does not say which name is the strongest."""
    several = view.described(it.iri for it in found if _has_several_names(it))
    strongest = {iri: text.value for iri, it in several.items() if (text := it.name(view.language))}
    return {it.iri: strongest.get(it.iri) or name_of(it, view.language) for it in found}


def _has_several_names(named: NamedThing) -> bool:
    languages = [it.language for it in named.texts if it.role == NAME]
    return len(languages) > len({*languages})


def _scored(view: GraphView, finder: Finder, query: Query) -> list[_Scored]:
    text = query.text[:LONGEST].strip()
    if text and (thing := thing_of(text)) is not None:
        known = _described(view, [thing.value])
        if known:
            return [_Scored(it, 1.0, 0, share=_share(it.kind, query)) for it in known]
    if not text:
        return [
            _Scored(it, 1.0, 0, share=share)
            for it in _described(view, _having(view, finder, query.conditions))
            if (share := _share(it.kind, query))
        ]
    words = [name_words(one) for one in _readings(text)]
    found = []
    for it in _named(view, finder, _readings(text), query):
        like, role = _likeness(words, it)
        if (share := _share(it.kind, query)) and like * share >= LEAST:
            found.append(_Scored(it, like, role, share=share))
    return found


def _readings(text: str) -> list[str]:
    """Return a name, and the name without a note in parentheses if it has one."""
    before, opened, _ = text.partition("(")
    return [text, before] if opened and before.strip() else [text]


def _named(view: GraphView, finder: Finder, texts: Sequence[str], query: Query) -> list[NamedThing]:
    kinds = query.types if query.types and query.strict != "should" else ("",)
    found = {
        it.iri: it
        for text in texts
        for kind in kinds
        for it in finder.named(text, Scope(kind, MOST))
    }
    return [it for it in found.values() if view.foreign or view.addresses.short(it.iri) is not None]


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
    for told in named.texts:
        if told.role != DESCRIPTION:
            there = name_words(told.value)
            like = max(
                likeness(whole, there), *(_NOTE * likeness(w, there) for w in without_note), 0
            )
            role = ROLES.index(told.role)
            best = min(best, (like, role), key=lambda it: (-it[0], it[1]))
    return best


def _is_clear(ordered: Sequence[_Scored]) -> bool:
    """Return whether the first candidate is clearly the thing that is meant."""
    first, second = ordered[0].score, ordered[1].score if len(ordered) > 1 else 0.0
    return first >= MATCH and (first - second >= LEAD or (first == 1.0 and second < 1.0))


def _having(view: GraphView, finder: Finder, conditions: Iterable[Condition]) -> list[str]:
    """Return the things that have a wanted value for one of the properties."""
    found: dict[str, None] = {}
    for condition in conditions:
        values: list[NamedNode | Literal] = []
        for value in condition.values:
            node = thing_of(value.id) if value.id else None
            values += [node] if node else _written(value.text)
            named = finder.named(value.text, Scope(most=KEPT)) if value.text else []
            values += [NamedNode(it.iri) for it in named]
        prop = NamedNode(condition.property)
        rows = view.queries.rows("things_with_value", property=prop, value=values).rows
        found |= dict.fromkeys(thing.value for (thing,) in rows if isinstance(thing, NamedNode))
    return [*found]


def _written(text: str) -> list[Literal]:
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
            view.addresses.kind(iri) or kind_by_classes(iri, it.classes),
            tuple(TextOfThing(NAME, name.value, name.language) for name in it.names),
        )
        for iri, it in view.described(iris).items()
        if it.labelled
    ]


def _with_values(
    view: GraphView, found: Sequence[_Scored], conditions: Sequence[Condition]
) -> list[_Scored]:
    """Return the things with how well each wanted value fits what the graph says of them."""
    things = [NamedNode(it.named.iri) for it in found]
    properties = [NamedNode(condition.property) for condition in conditions]
    values: dict[tuple[str, str], list[Term]] = {}
    for thing, prop, value in view.queries.rows("values", thing=things, property=properties).rows:
        if isinstance(thing, NamedNode) and isinstance(prop, NamedNode) and value is not None:
            values.setdefault((thing.value, prop.value), []).append(value)
    linked = [v.value for them in values.values() for v in them if isinstance(v, NamedNode)]
    names = {iri: [n.value for n in it.names] for iri, it in view.described(linked).items()}
    return [
        _Scored(
            it.named,
            it.name,
            it.role,
            tuple(_fit(values.get((it.named.iri, c.property), []), c, names) for c in conditions),
            it.share,
        )
        for it in found
    ]


def _fit(values: Sequence[Term], condition: Condition, names: dict[str, list[str]]) -> float:
    if not values:
        return _UNKNOWN
    return max(_alike(value, wanted, names) for value in values for wanted in condition.values)


def _alike(value: Term, wanted: PropertyValue, names: dict[str, list[str]]) -> float:
    """Return how like a value is to one that is wanted."""
    if wanted.id:
        return float(isinstance(value, NamedNode) and value == thing_of(wanted.id))
    texts = names[value.value] if isinstance(value, NamedNode) else [getattr(value, "value", "")]
    asked = name_words(wanted.text)
    return max((likeness(asked, name_words(text)) for text in texts), default=0.0)


def _candidate(view: GraphView, query: Query, found: _Scored, match: bool, name: str) -> Candidate:
    named = found.named
    fits = zip(query.conditions, found.fits, strict=True) if found.fits else ()
    return Candidate(
        view.addresses.named(named.iri),
        name,
        named.kind,
        description_of(named, view.language),
        round(100 * found.score, 1),
        match,
        (
            ("name", round(100 * found.name, 1)),
            *((in_prefixes(c.property), round(100 * fit, 1)) for c, fit in fits),
        ),
    )
