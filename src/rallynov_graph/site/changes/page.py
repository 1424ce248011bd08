"""What changed since an earlier release: facts added and removed, other evidence or certainty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, best_text
from rallynov_graph.release import diffing
from rallynov_graph.release.diffing import AddressChange
from rallynov_graph.release.release_set import ChangedStatement, EarlierRelease, StatementsByKind
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import (
    CURATION,
    DERIVED,
    GRAPH,
    OUTSIDE,
    Evidence,
    evidence_of_graphs,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.statements import term_key

FACTS: Final = ("added", "removed", "changed", "standing")
"""How facts change."""
CHANGE_TYPES: Final = (*FACTS, "ontology_added", "ontology_removed")
SIZE: Final = 50
"""How many facts a page shows."""
PATH: Final = "/changes"
_FIXED: Final = frozenset({DERIVED, CURATION, OUTSIDE})


@dataclass(frozen=True)
class ComparedRelease:
    """One of the releases that are compared."""

    id: str
    version: str
    issued: str
    href: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class KindCounts:
    """The numbers of facts of a kind of thing by how they change, with their addresses."""

    kind: str
    counts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ShownChange:
    """A fact, and its evidence before and after."""

    thing: Node
    property: Node
    value: Node
    before: tuple[Evidence, ...]
    after: tuple[Evidence, ...]


@dataclass(frozen=True)
class ShownAddressChange:
    """An address that gave way to others, or came back, with the number of facts that moved."""

    former: Node
    now: tuple[Node, ...]
    facts: int
    key: str
    """Of the words for it."""


@dataclass(frozen=True)
class ChangesPage:
    """The numbers of all changes since a release, and a page of some of them."""

    before: ComparedRelease
    after: ComparedRelease
    others: tuple[ComparedRelease, ...]
    """The earlier releases from which the reader can choose."""
    what: str
    kind: str
    certainty: str
    kinds: tuple[KindCounts, ...]
    totals: tuple[tuple[int, str], ...]
    rows: tuple[ShownChange, ...]
    total: int
    pages: PageRange
    hidden: int
    parameters: tuple[tuple[str, str], ...]
    """The parameters of the addresses of the files, which have the whole difference."""
    addresses: tuple[ShownAddressChange, ...] = ()
    """The addresses that gave way since, or came back."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.addresses or any(count for count, _ in self.totals))


@dataclass(frozen=True)
class ChangesRequest:
    """The parameters of the page."""

    what: str = ""
    kind: str = ""
    certainty: str = LEAST_SURE
    """The weakest certainty of a fact that is shown."""
    number: int = 1


HEADER: Final = ("change", "kind", "subject", "property", "object", "before", "after")
"""The columns of a file of changes: the last two have certainties, and standings but current."""


def kinds(earlier: EarlierRelease) -> tuple[str, ...]:
    """Return the kinds of things with a change."""
    return tuple(
        sorted(
            {
                kind
                for parts in earlier.parts.values()
                for what in CHANGE_TYPES
                for kind in parts[what]
            }
        )
    )


def rows(earlier: EarlierRelease, certainty: str) -> Iterator[tuple[str, ...]]:
    """Yield the changes under the header; terms are written as in N-Triples."""
    for what in CHANGE_TYPES:
        for kind, facts in earlier.parts[certainty][what].items():
            for fact in facts:
                triple = (fact.subject, fact.predicate, fact.object)
                certainties = (_certainties(_before(what, fact)), _certainties(_after(what, fact)))
                yield (what, kind, *map(str, triple), *certainties)


def _certainties(evidence: Iterable[diffing.StatedIn]) -> str:
    names = {
        f"{certainty} ({stated.standing})" if stated.standing else certainty
        for stated in evidence
        for certainty in [stated.certainty or ""]
    }
    return " ".join(sorted({name.replace(RN, "").strip() for name in names} - {""}))


def changes_page(
    view: GraphView,
    releases: Sequence[EarlierRelease],
    earlier: EarlierRelease,
    changes_request: ChangesRequest,
) -> ChangesPage | None:
    """Return a page of what changed; None where there is no such kind, or not so many pages.

    Without a type of change, it is the first type that has changes; without a kind, every kind.
    """
    kind, number, parts = (
        changes_request.kind,
        changes_request.number,
        earlier.parts[changes_request.certainty],
    )
    what = changes_request.what or next(
        (name for name in CHANGE_TYPES if parts[name]), CHANGE_TYPES[0]
    )
    if kind and kind not in kinds(earlier):
        return None
    facts = [
        fact
        for kind_of_facts, facts_by_kind in parts[what].items()
        if kind in ("", kind_of_facts)
        for fact in facts_by_kind
    ]
    pages = max(1, -(-len(facts) // SIZE))
    if number > pages:
        return None
    parameters = _release_parameter(releases, earlier)

    def address(what: str, kind: str = "", page: int = 1) -> str:
        paged = ("page", str(page) if page > 1 else "")
        return view.addresses.path(PATH, [*parameters, ("what", what), ("kind", kind), paged])

    return ChangesPage(
        _compared_release(view, earlier.difference.before),
        _compared_release(view, earlier.difference.after),
        tuple(_choice(view, releases, other, earlier) for other in releases),
        what,
        kind,
        changes_request.certainty,
        _counts_by_kind(parts, address),
        tuple((sum(map(len, parts[name].values())), address(name)) for name in CHANGE_TYPES),
        tuple(_rows(view, earlier, what, facts[(number - 1) * SIZE : number * SIZE])),
        len(facts),
        PageRange(
            number,
            pages,
            address(what, kind, number - 1) if number > 1 else None,
            address(what, kind, number + 1) if number < pages else None,
        ),
        earlier.hidden,
        parameters,
        tuple(_address_change(view, it) for it in earlier.difference.addresses),
    )


def _address_change(view: GraphView, change: AddressChange) -> ShownAddressChange:
    return ShownAddressChange(
        Node(view.addresses.short_or_iri(change.former)),
        tuple(view.nodes(map(NamedNode, change.now)).values()),
        change.facts,
        "undone_" if change.is_undone else "gave_way_",
    )


def _release_parameter(
    releases: Sequence[EarlierRelease], earlier: EarlierRelease
) -> tuple[tuple[str, str], ...]:
    return () if earlier is releases[0] else (("from", earlier.id),)


def _choice(
    view: GraphView,
    releases: Sequence[EarlierRelease],
    other: EarlierRelease,
    earlier: EarlierRelease,
) -> ComparedRelease:
    href = view.addresses.path(PATH, _release_parameter(releases, other))
    return replace(
        _compared_release(view, other.difference.before), href=href, chosen=other is earlier
    )


def _compared_release(view: GraphView, side: diffing.ComparedRelease) -> ComparedRelease:
    return ComparedRelease(side.id, side.version, day(side.issued, view.language))


def _counts_by_kind(
    parts: StatementsByKind, address: Callable[[str, str], str]
) -> tuple[KindCounts, ...]:
    kinds = sorted({kind for what in FACTS for kind in parts[what]})
    return tuple(
        KindCounts(
            kind,
            tuple((len(parts[what].get(kind, ())), address(what, kind)) for what in FACTS),
        )
        for kind in kinds
    )


def _rows(
    view: GraphView, earlier: EarlierRelease, what: str, facts: Sequence[ChangedStatement]
) -> Iterable[ShownChange]:
    """Yield facts as a page shows them; a removed thing has no link and keeps its old name."""
    values = [in_carnet_language(view, term_key(fact.predicate), fact.object) for fact in facts]
    terms = [term for fact in facts for term in (fact.subject, fact.predicate)]
    nodes = _nodes(view, earlier, [*terms, *values])
    older = [stated for fact in facts for stated in _before(what, fact)]
    newer = [stated for fact in facts for stated in _after(what, fact)]
    now = evidence_of_graphs(view, (stated.graph for stated in (*older, *newer) if stated.graph))
    graphs_and_passages = [
        NamedNode(iri) for stated in older for iri in (stated.graph, *stated.passages) if iri
    ]
    old_nodes = _nodes(view, earlier, graphs_and_passages)
    for fact, value in zip(facts, values, strict=True):
        yield ShownChange(
            nodes[fact.subject],
            nodes[fact.predicate],
            nodes[value],
            _ranked(
                _earlier_evidence(stated, now, old_nodes)
                for stated in _before(what, fact)
                if stated.graph
            ),
            _ranked(now[stated.graph] for stated in _after(what, fact) if stated.graph in now),
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


def _earlier_evidence(
    stated: diffing.StatedIn, evidence_now: dict[str, Evidence], old_nodes: dict[Term, Node]
) -> Evidence:
    """Return the evidence of a graph of an earlier release; its kind is of now where it has one."""
    certainty = (stated.certainty or "").removeprefix(RN)
    kind_now = evidence_now[stated.graph].kind if stated.graph in evidence_now else GRAPH
    derived = "/id/inference/" in stated.graph
    kind = kind_now if kind_now in _FIXED else DERIVED if derived else certainty or GRAPH
    passages = tuple(node for iri in stated.passages if (node := old_nodes[NamedNode(iri)]).href)
    return Evidence(kind, old_nodes[NamedNode(stated.graph)], passages, certainty=certainty)


def _nodes(view: GraphView, earlier: EarlierRelease, terms: Iterable[Term]) -> dict[Term, Node]:
    distinct = [*terms]
    described = view.described(term.value for term in distinct if isinstance(term, NamedNode))
    return {
        term: _removed_thing(view, earlier, term.value, node)
        if isinstance(term, NamedNode) and not described[term.value].labelled
        else node
        for term, node in view.nodes(distinct).items()
    }


def _removed_thing(view: GraphView, earlier: EarlierRelease, iri: str, node: Node) -> Node:
    """Return a thing that the graph no longer describes, with its old name and no link."""
    if view.addresses.short(iri) is None:
        return node
    names = [Text(name.value, name.language or "") for name in earlier.names.get(iri, ())]
    name = best_text(names, view.language)
    shown = view.text(name) if name else Text(node.text, node.language)
    return replace(node, text=shown.value, language=shown.language, href=None)
