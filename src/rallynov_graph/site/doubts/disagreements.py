"""What documents contradict each other on, and things that may be one: where there are any."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.checking import ALIKE
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.validation import report

MOST_SHOWN: Final = 60
"""How many contradictions, and how many pairs, a page shows."""
Item = TypeVar("Item")


@dataclass(frozen=True)
class Side:
    """What one of two documents says."""

    value: Node
    document: Node
    evidence: Evidence


@dataclass(frozen=True)
class Disagreement:
    """A property of a thing, or a figure of it, of which two documents say different things."""

    kind: str
    """``replaced``: the second took the place of the first; ``both``: both stand; ``figures``."""
    thing: Node
    property: Node
    first: Side
    second: Side


@dataclass(frozen=True)
class UndecidedPair:
    """Two things that may be one."""

    first: Node
    second: Node
    decision: Node | None
    """The decision that it stays open; None where nobody has decided."""
    reason: Text | None


@dataclass(frozen=True)
class Disagreements:
    """What a page shows of them, and how many there are."""

    contradictions: tuple[Disagreement, ...]
    contradictions_in_all: int
    pairs: tuple[UndecidedPair, ...]
    pairs_in_all: int


def disagreements(view: GraphView, release: Release | None) -> Disagreements:
    """Return the contradictions between documents, and the identities that are still open."""
    rows = _once(
        [*view.queries.rows("disagreements")],
        lambda row: tuple(
            row[name] for name in ("kind", "thing", "property", "value", "other_value", "document")
        ),
    )
    open_rows = _once(
        [*view.queries.rows("open_identities")], lambda row: (row["first"], row["second"])
    )
    alike = view.queries.once("alike", "all", lambda: _alike(release))
    pairs = [*_decided(view, open_rows[:MOST_SHOWN]), *_undecided(view, alike[:MOST_SHOWN])]
    return Disagreements(
        _shown(view, rows[:MOST_SHOWN]),
        len(rows),
        tuple(pairs[:MOST_SHOWN]),
        len(open_rows) + len(alike),
    )


def _shown(view: GraphView, rows: Sequence[Row]) -> tuple[Disagreement, ...]:
    def value(row: Row, name: str) -> Term:
        return in_carnet_language(view, _iri(row["property"]), row[name])  # type: ignore[arg-type]

    named = (row[name] for row in rows for name in ("thing", "property", "document"))
    others = (row["other_document"] for row in rows)
    values = (value(row, name) for row in rows for name in ("value", "other_value"))
    nodes = view.nodes([*named, *others, *values])
    sets = [_iri(row[name]) for row in rows for name in ("set", "other_set")]
    evidence = evidence_of_graphs(view, sets)

    def side(row: Row, prefix: str) -> Side:
        document = row[f"{prefix}document"]
        assert document is not None
        found = evidence[_iri(row[f"{prefix}set"])]
        return Side(nodes[value(row, f"{prefix}value")], nodes[document], found)

    return tuple(
        Disagreement(
            getattr(row["kind"], "value", ""),
            nodes[row["thing"]],  # type: ignore[index]
            nodes[row["property"]],  # type: ignore[index]
            side(row, ""),
            side(row, "other_"),
        )
        for row in rows
    )


def _decided(view: GraphView, rows: Sequence[Row]) -> list[UndecidedPair]:
    nodes = view.nodes(row[name] for row in rows for name in ("decision", "first", "second"))
    reasons: dict[Term | None, list[Text]] = {}
    for row in view.queries.rows("open_identities") if rows else ():
        if isinstance(reason := row["reason"], Literal):
            text = Text(reason.value, reason.language or "")
            reasons.setdefault(row["decision"], []).append(text)
    return [
        UndecidedPair(
            nodes[row["first"]],  # type: ignore[index]
            nodes[row["second"]],  # type: ignore[index]
            nodes[row["decision"]],  # type: ignore[index]
            view.best(reasons.get(row["decision"], ())),
        )
        for row in rows
    ]


def _undecided(
    view: GraphView, pairs: Sequence[tuple[NamedNode, NamedNode]]
) -> list[UndecidedPair]:
    nodes = view.nodes(it for pair in pairs for it in pair)
    return [UndecidedPair(nodes[first], nodes[second], None, None) for first, second in pairs]


def _alike(release: Release | None) -> list[tuple[NamedNode, NamedNode]]:
    """Return the things that the check of a release found to be nearly alike in name."""
    if release is None or not release.report_json.is_file():
        return []
    found = report.from_json(release.report_json.read_text("utf-8"))
    return [
        (it.focus, it.value)
        for it in found.results
        if it.shape == ALIKE.iri
        and isinstance(it.focus, NamedNode)
        and isinstance(it.value, NamedNode)
    ]


def _once(items: Sequence[Item], key: Callable[[Item], Hashable]) -> list[Item]:
    return [*{key(item): item for item in reversed(items)}.values()][::-1]


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
