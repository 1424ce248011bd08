"""What changed since an earlier release: facts added and removed, other evidence or certainty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.base.typography import day
from rallynov_graph.questions.labels import Text, best_text
from rallynov_graph.release import diffing
from rallynov_graph.release.earlier import ChangedStatement, EarlierRelease, StatementsByKind
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.evidence import (
    CURATION,
    DERIVED,
    GRAPH,
    OUTSIDE,
    Evidence,
    of_graphs,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.statements import key

WHAT: Final = ("added", "removed", "changed", "ontology_added", "ontology_removed")
SIZE: Final = 50
"""How many facts a page shows."""
PATH: Final = "/changes"
_FIXED: Final = frozenset({DERIVED, CURATION, OUTSIDE})


@dataclass(frozen=True)
class Side:
    """One of the releases that are compared."""

    id: str
    version: str
    issued: str
    href: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Counted:
    """How many facts of a kind of thing were added, removed and changed, with their addresses."""

    kind: str
    counts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Changed:
    """A fact, and who says so before and after."""

    thing: Node
    property: Node
    value: Node
    before: tuple[Evidence, ...]
    after: tuple[Evidence, ...]


@dataclass(frozen=True)
class ChangesPage:
    """What changed since a release, in numbers, and one part of it a page at a time."""

    before: Side
    after: Side
    others: tuple[Side, ...]
    """The earlier releases that are there to choose from."""
    what: str
    kind: str
    certainty: str
    kinds: tuple[Counted, ...]
    totals: tuple[tuple[int, str], ...]
    rows: tuple[Changed, ...]
    total: int
    pages: PageRange
    hidden: int
    given: tuple[tuple[str, str], ...]
    """What an address of the whole difference says."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not any(count for count, _ in self.totals)


@dataclass(frozen=True)
class ChangesRequest:
    """What an address of the page asks for."""

    what: str = ""
    kind: str = ""
    certainty: str = LEAST_SURE
    """The weakest certainty of a fact that is shown."""
    number: int = 1


HEADER: Final = ("change", "kind", "subject", "property", "object", "before", "after")
"""What a file says of each fact: the last two are its certainties."""


def kinds(which: EarlierRelease) -> tuple[str, ...]:
    """Return the kinds of things of which something changed."""
    return tuple(sorted({k for told in which.parts.values() for w in WHAT for k in told[w]}))


def rows(which: EarlierRelease, certainty: str) -> Iterator[tuple[str, ...]]:
    """Yield what changed under the header; terms are written as N-Triples has them."""
    for what in WHAT:
        for kind, facts in which.parts[certainty][what].items():
            for fact in facts:
                told = (fact.subject, fact.predicate, fact.object)
                sides = (_said(_before(what, fact)), _said(_after(what, fact)))
                yield (what, kind, *map(str, told), *sides)


def _said(evidence: Iterable[diffing.StatedIn]) -> str:
    return " ".join(sorted({(e.certainty or "").removeprefix(RN) for e in evidence} - {""}))


def changes_page(
    view: GraphView, among: Sequence[EarlierRelease], which: EarlierRelease, asked: ChangesRequest
) -> ChangesPage | None:
    """Return a page of what changed; None where there is no such kind, or not so many pages.

    Without a word for what, it is what first has something; without a kind, every kind.
    """
    kind, number, parts = asked.kind, asked.number, which.parts[asked.certainty]
    what = asked.what or next((w for w in WHAT if parts[w]), WHAT[0])
    if kind and kind not in kinds(which):
        return None
    facts = [f for of, told in parts[what].items() if kind in ("", of) for f in told]
    pages = max(1, -(-len(facts) // SIZE))
    if number > pages:
        return None
    given = _given(among, which)

    def at(what: str, kind: str = "", page: int = 1) -> str:
        paged = ("page", str(page) if page > 1 else "")
        return view.addresses.path(PATH, [*given, ("what", what), ("kind", kind), paged])

    return ChangesPage(
        _side(view, which.difference.before),
        _side(view, which.difference.after),
        tuple(_choice(view, among, earlier, which) for earlier in among),
        what,
        kind,
        asked.certainty,
        _counted(parts, at),
        tuple((sum(map(len, parts[w].values())), at(w)) for w in WHAT),
        tuple(_rows(view, which, what, facts[(number - 1) * SIZE : number * SIZE])),
        len(facts),
        PageRange(
            number,
            pages,
            at(what, kind, number - 1) if number > 1 else None,
            at(what, kind, number + 1) if number < pages else None,
        ),
        which.hidden,
        given,
    )


def _given(among: Sequence[EarlierRelease], which: EarlierRelease) -> tuple[tuple[str, str], ...]:
    return () if which is among[0] else (("from", which.id),)


def _choice(
    view: GraphView, among: Sequence[EarlierRelease], one: EarlierRelease, which: EarlierRelease
) -> Side:
    href = view.addresses.path(PATH, _given(among, one))
    return replace(_side(view, one.difference.before), href=href, chosen=one is which)


def _side(view: GraphView, side: diffing.ComparedRelease) -> Side:
    return Side(side.id, side.version, day(side.issued, view.language))


def _counted(parts: StatementsByKind, at: Callable[[str, str], str]) -> tuple[Counted, ...]:
    kinds = sorted({kind for what in WHAT[:3] for kind in parts[what]})
    return tuple(
        Counted(
            kind,
            tuple((len(parts[what].get(kind, ())), at(what, kind)) for what in WHAT[:3]),
        )
        for kind in kinds
    )


def _rows(
    view: GraphView, which: EarlierRelease, what: str, facts: Sequence[ChangedStatement]
) -> Iterable[Changed]:
    """Yield facts as a page shows them; what is gone leads nowhere and keeps the name it had."""
    values = [worded(view, key(f.predicate), f.object) for f in facts]
    terms = [term for f in facts for term in (f.subject, f.predicate)]
    nodes = _nodes(view, which, [*terms, *values])
    older = [e for f in facts for e in _before(what, f)]
    newer = [e for f in facts for e in _after(what, f)]
    now = of_graphs(view, (e.graph for e in (*older, *newer) if e.graph))
    named = [NamedNode(iri) for e in older for iri in (e.graph, *e.passages) if iri]
    places = _nodes(view, which, named)
    for fact, value in zip(facts, values, strict=True):
        yield Changed(
            nodes[fact.subject],
            nodes[fact.predicate],
            nodes[value],
            _ranked(_was(e, now, places) for e in _before(what, fact) if e.graph),
            _ranked(now[e.graph] for e in _after(what, fact) if e.graph in now),
        )


def _before(what: str, fact: ChangedStatement) -> tuple[diffing.StatedIn, ...]:
    if isinstance(fact, diffing.Change):
        return fact.before
    return fact.evidence if isinstance(fact, diffing.ChangedFact) and what == "removed" else ()


def _after(what: str, fact: ChangedStatement) -> tuple[diffing.StatedIn, ...]:
    if isinstance(fact, diffing.Change):
        return fact.after
    return fact.evidence if isinstance(fact, diffing.ChangedFact) and what == "added" else ()


def _ranked(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(found, key=lambda evidence: evidence.rank))


def _was(told: diffing.StatedIn, now: dict[str, Evidence], places: dict[Term, Node]) -> Evidence:
    """Return the evidence that a graph was; its kind is what it still is, where it is there."""
    certainty = (told.certainty or "").removeprefix(RN)
    still = now[told.graph].how if told.graph in now else GRAPH
    derived = "/id/inference/" in told.graph
    how = still if still in _FIXED else DERIVED if derived else certainty or GRAPH
    passages = tuple(p for iri in told.passages if (p := places[NamedNode(iri)]).href)
    return Evidence(how, places[NamedNode(told.graph)], passages, certainty=certainty)


def _nodes(view: GraphView, which: EarlierRelease, terms: Iterable[Term]) -> dict[Term, Node]:
    wanted = [*terms]
    described = view.described(t.value for t in wanted if isinstance(t, NamedNode))
    return {
        term: _gone(view, which, term.value, node)
        if isinstance(term, NamedNode) and not described[term.value].labelled
        else node
        for term, node in view.nodes(wanted).items()
    }


def _gone(view: GraphView, which: EarlierRelease, iri: str, node: Node) -> Node:
    """Return a thing that the graph does not describe any more: its old name, and no link."""
    if view.addresses.short(iri) is None:
        return node
    names = [Text(name.value, name.language or "") for name in which.names.get(iri, ())]
    name = best_text(names, view.language)
    shown = view.text(name) if name else Text(node.text, node.language)
    return replace(node, text=shown.value, language=shown.language, href=None)
