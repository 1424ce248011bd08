"""Statements about things that are no longer current: by whom, what replaced them, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.evidence_profile import FORMER, STANDING
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import (
    Evidence,
    StatedTriple,
    Statement,
    admits,
    evidence_of_graphs,
    iri_of,
    shown,
)

_PROPERTY: Final = itemgetter("way", "property")
_FACT: Final = itemgetter("way", "property", "value")


@dataclass(frozen=True)
class FormerStatement:
    """A former statement of a voice about a thing."""

    standing: str
    evidence: Evidence
    """The set that states it."""
    facts: tuple[tuple[Statement, tuple[Node, ...]], ...]
    """Each with the values that took its place, if any did."""
    taken_by: Evidence | None = None
    """The set that took its place, or takes it back."""
    questions: tuple[Node, ...] = ()
    """The open questions of which it is a reading that is not taken."""
    reasons: tuple[Text, ...] = ()
    """Why curators decided so."""

    @property
    def has_values_instead(self) -> bool:
        """Whether there is a value that took the place of one of these."""
        return any(instead for _, instead in self.facts)


def said_before(
    view: GraphView, iri: str, certainty: str = LEAST_SURE
) -> tuple[FormerStatement, ...]:
    """Return the statements about a thing at a minimum certainty that are no longer current."""
    found = _statements(view, iri, _rows(view, [iri]))
    return tuple(it for it in found if admits(certainty, it.evidence))


def all_said_before(view: GraphView) -> list[FormerStatement]:
    """Return all statements that are no longer current, those about each thing together."""
    rows = view.queries.rows(STANDING) if view.graph.has_former_statements else ()
    found: dict[str, list[Row]] = {}
    for row in _whole(rows):
        if row["way"] != Literal("from"):
            found.setdefault(iri_of(row["thing"]), []).append(row)
    return [it for iri, of in found.items() for it in _statements(view, iri, of)]


def standings_of(view: GraphView, iri: str) -> frozenset[str]:
    """Return the standings of former statements that name a thing."""
    return frozenset(_standing(row) for row in _rows(view, [iri]))


def former_claim(view: GraphView, claim: Triple) -> tuple[FormerStatement, ...]:
    """Return who stated exactly this, if it is no longer current."""
    if not isinstance(claim.subject, NamedNode):
        return ()
    wanted = Literal("to"), claim.predicate, claim.object
    rows = [row for row in _rows(view, [claim.subject.value]) if _FACT(row) == wanted]
    return tuple(_statements(view, claim.subject.value, rows))


def sets_of_former_texts(
    view: GraphView, things: Iterable[str]
) -> dict[tuple[str, str], list[str]]:
    """Return for texts that are no longer current the sets that state them, by thing and text."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in _rows(view, things):
        value = row["value"]
        if isinstance(value, Literal):
            found.setdefault((iri_of(row["thing"]), value.value), []).append(iri_of(row["set"]))
    return found


def _rows(view: GraphView, things: Iterable[str]) -> list[Row]:
    if not view.graph.has_former_statements:
        return []
    return _whole(view.queries.rows(STANDING, thing=map(NamedNode, things)))


def _whole(rows: Iterable[Row]) -> list[Row]:
    """Return rows with all that a profile may say."""
    return [{**dict.fromkeys(FORMER), **row} for row in rows]


def _statements(view: GraphView, iri: str, rows: Sequence[Row]) -> Iterator[FormerStatement]:
    """Yield the statements of rows about a thing, those of sets that say the same as one."""
    statements = shown(view, {_stated(row): () for row in rows})
    nodes = view.nodes(it for row in rows for it in (row["question"], *_instead(view, row)))
    evidence = evidence_of_graphs(
        view, (iri_of(row[it]) for row in rows for it in ("set", "taker", "decision") if row[it])
    )

    def said(row: Row, name: str) -> tuple[object, ...]:
        return evidence[iri_of(row[name])].said if row[name] else ()

    def facts(found: Sequence[Row]) -> Iterator[tuple[Statement, tuple[Node, ...]]]:
        for of_property in _grouped(found, _PROPERTY):
            for of_fact in _grouped(in_page_language(view, of_property, _value), _FACT):
                instead = dict.fromkeys(it for row in of_fact for it in _instead(view, row))
                fact = statements[_stated(of_fact[0])]
                yield fact, tuple(nodes[it] for it in instead)

    for found in _grouped(
        rows, lambda row: (row["standing"], said(row, "set"), said(row, "taker"))
    ):
        taker = iri_of(found[0]["taker"])
        questions = dict.fromkeys(row["question"] for row in found)
        decisions = dict.fromkeys(iri_of(row["decision"]) for row in found)
        reasons = (evidence[it].reason for it in decisions if it)
        yield FormerStatement(
            _standing(found[0]),
            evidence[iri_of(found[0]["set"])],
            tuple(sorted(facts(found), key=lambda it: _order(view, iri, it[0]))),
            evidence[taker] if taker else None,
            tuple(nodes[it] for it in questions if it),
            tuple(dict.fromkeys(it for it in reasons if it)),
        )


def _grouped(rows: Iterable[Row], key: Callable[[Row], object]) -> Iterable[list[Row]]:
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found.values()


def _stated(row: Row) -> StatedTriple:
    thing, prop, value = row["thing"], row["property"], row["value"]
    assert thing is not None and isinstance(prop, NamedNode) and value is not None
    if row["way"] == Literal("from"):
        return StatedTriple(value, prop.value, thing, backwards=True)
    return StatedTriple(thing, prop.value, value)


def _order(view: GraphView, iri: str, it: Statement) -> tuple[object, ...]:
    layout, path = view.graph.layout, it.stated.path
    if it.stated.backwards:
        place = layout.backward(path)
    else:
        classes = view.described([iri])[iri].classes
        place = layout.place(view.graph.with_superclasses(classes), path)
    return it.stated.backwards, layout.order(place.group), place.order, it.label.value


def _standing(row: Row) -> str:
    return getattr(row["standing"], "value", "").removeprefix(RN)


def _value(row: Row) -> Term:
    value = row["value"]
    assert value is not None
    return value


def _instead(view: GraphView, row: Row) -> Iterator[Term]:
    """Yield the value that took the place of a row's, in the carnet's language where printed."""
    if row["instead"] is not None:
        yield in_carnet_language(view, iri_of(row["property"]), row["instead"])
