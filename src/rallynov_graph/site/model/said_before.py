"""What was said of things and no longer stands: by whom, what took its place, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.links.explained_links import admits
from rallynov_graph.site.model.nodes import GraphView, Node

_REASON: Final = NamedNode(f"{RN}reason")
_PROPERTY: Final = itemgetter("way", "property")
_FACT: Final = itemgetter("way", "property", "value")


@dataclass(frozen=True)
class SaidIn:
    """A set that states something: who speaks there, and its passages."""

    voices: tuple[Node, ...]
    evidence: Evidence


@dataclass(frozen=True)
class FormerFact:
    """A value that does not stand, with those that took its place, if any did."""

    label: Text
    path: str
    backwards: bool
    value: Node
    instead: tuple[Node, ...] = ()


@dataclass(frozen=True)
class FormerStatement:
    """What a voice said of a thing and does not stand."""

    standing: str
    said_in: SaidIn
    facts: tuple[FormerFact, ...]
    taken_by: SaidIn | None = None
    """The set that took its place, or takes it back."""
    questions: tuple[Node, ...] = ()
    """The open questions of which it is a reading that is not taken."""
    reasons: tuple[Text, ...] = ()
    """Why curators decided so."""

    @property
    def has_values_instead(self) -> bool:
        """Whether there is a value that took the place of one of these."""
        return any(fact.instead for fact in self.facts)


def said_before(
    view: GraphView, iri: str, certainty: str = LEAST_SURE
) -> tuple[FormerStatement, ...]:
    """Return what was said of a thing at least so surely and no longer stands."""
    rows = _rows(view, [iri])
    if not rows:
        return ()
    statements = _Statements(view, iri, rows).all()
    return tuple(it for it in statements if admits(certainty, it.said_in.evidence))


def standings_of(view: GraphView, iri: str) -> frozenset[str]:
    """Return the standings of what names a thing and does not stand; none where nothing does."""
    return frozenset(_iri(row["standing"]).removeprefix(RN) for row in _rows(view, [iri]))


def former_claim(view: GraphView, claim: Triple) -> tuple[FormerStatement, ...]:
    """Return who said just this, where it no longer stands; nothing where nobody did."""
    if not isinstance(claim.subject, NamedNode):
        return ()
    wanted = Literal("to"), claim.predicate, claim.object
    rows = [row for row in _rows(view, [claim.subject.value]) if _FACT(row) == wanted]
    return tuple(_Statements(view, claim.subject.value, rows).all()) if rows else ()


def sets_of_former_texts(
    view: GraphView, things: Iterable[str]
) -> dict[tuple[str, str], list[str]]:
    """Return for texts that no longer stand the sets that state them, by thing and text."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in _rows(view, things):
        value = row["value"]
        if isinstance(value, Literal):
            found.setdefault((_iri(row["thing"]), value.value), []).append(_iri(row["set"]))
    return found


def _rows(view: GraphView, things: Iterable[str]) -> list[Row]:
    if view.foreign or not view.graph.has_standing_graphs:
        return []
    return [*view.queries.rows("said_before", thing=[NamedNode(iri) for iri in things])]


class _Statements:
    """What the rows about a thing say, with the names of all that they name."""

    def __init__(self, view: GraphView, iri: str, rows: Sequence[Row]) -> None:
        self._view, self._rows = view, rows
        paths = {_iri(row["property"]) for row in rows}
        self._described = view.described({iri, *paths})
        self._classes = view.graph.with_superclasses(self._described[iri].classes)
        named = (row[name] for row in rows for name in ("voice", "taker_voice", "question"))
        values = (
            _printed(view, row, name) for row in rows for name in ("value", "instead") if row[name]
        )
        self._nodes = view.nodes([*named, *values])
        self._evidence = evidence_of_graphs(
            view, (_iri(row[name]) for row in rows for name in ("set", "taker") if row[name])
        )
        self._reasons = _reasons(view, {row["decision"] for row in rows})

    def all(self) -> Iterable[FormerStatement]:
        """Yield the statements, those of sets that say the same of themselves as one."""
        by_evidence: dict[tuple[object, ...], list[Row]] = {}
        for row in self._rows:
            key = row["standing"], self._said(row["set"]), self._said(row["taker"])
            by_evidence.setdefault(key, []).append(row)
        for rows in by_evidence.values():
            first, taker = rows[0], _iri(rows[0]["taker"])
            by_property: dict[object, list[Row]] = {}
            for row in rows:
                by_property.setdefault(_PROPERTY(row), []).append(row)
            by_fact: dict[object, list[Row]] = {}
            for of_one in by_property.values():
                for row in in_page_language(self._view, of_one, _value):
                    by_fact.setdefault(_FACT(row), []).append(row)
            facts = map(self._fact, by_fact.values())
            yield FormerStatement(
                _iri(first["standing"]).removeprefix(RN),
                SaidIn(self._all(rows, "voice"), self._evidence[_iri(first["set"])]),
                tuple(sorted(facts, key=self._order)),
                SaidIn(self._all(rows, "taker_voice"), self._evidence[taker]) if taker else None,
                self._all(rows, "question"),
                tuple(dict.fromkeys(why for row in rows for why in self._why(row["decision"]))),
            )

    def _said(self, named_set: Term | None) -> tuple[object, ...]:
        return self._evidence[_iri(named_set)].said if named_set else ()

    def _fact(self, rows: Sequence[Row]) -> FormerFact:
        first, path = rows[0], _iri(rows[0]["property"])
        backwards = first["way"] == Literal("from")
        return FormerFact(
            label_of(self._view, path, backwards, self._described[path]),
            path,
            backwards,
            self._nodes[_printed(self._view, first, "value")],
            self._all(rows, "instead"),
        )

    def _order(self, fact: FormerFact) -> tuple[object, ...]:
        layout = self._view.graph.layout
        place = (
            layout.backward(fact.path) if fact.backwards else layout.place(self._classes, fact.path)
        )
        return fact.backwards, layout.order(place.group), place.order, fact.label.value

    def _all(self, rows: Sequence[Row], name: str) -> tuple[Node, ...]:
        terms = dict.fromkeys(_printed(self._view, row, name) for row in rows if row[name])
        return tuple(self._nodes[term] for term in terms)

    def _why(self, decision: Term | None) -> Sequence[Text]:
        return self._reasons.get(decision, ())


def _value(row: Row) -> Term:
    value = row["value"]
    assert value is not None
    return value


def _printed(view: GraphView, row: Row, name: str) -> Term:
    """Return a value of a row, marked as the carnet's French where its property says so."""
    term = row[name]
    assert term is not None
    return in_carnet_language(view, _iri(row["property"]), term)


def _reasons(view: GraphView, decisions: Iterable[Term | None]) -> Mapping[Term | None, list[Text]]:
    """Return why curators decided so, in the language of the page."""
    named = [term for term in decisions if isinstance(term, NamedNode)]
    texts: dict[Term | None, list[Text]] = {}
    if named:
        for decision, _, text in view.queries.rows("values", thing=named, property=[_REASON]).rows:
            if isinstance(text, Literal):
                texts.setdefault(decision, []).append(Text(text.value, text.language or ""))
    best = {decision: view.best(found) for decision, found in texts.items()}
    return {decision: [text] for decision, text in best.items() if text is not None}


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
