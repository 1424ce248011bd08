"""What is less than sure or no longer current in a graph, and on what its sources differ.

The profile of the graph tells it. Different values of a property cannot both be true only if the
data declare that it has one; if other things just happen to have one, the sources merely differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.terms import Term
from rallynov_graph.claims.value_texts import go_together
from rallynov_graph.questions.evidence_profile import CERTAINTY
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.said_before import all_said_before
from rallynov_graph.site.model.statement import Evidence, Judged, StatedTriple, judged, looked_up
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST_NODES = 1000
"""Of so many nodes that say something less than surely, the statements are read."""


@dataclass(frozen=True)
class Rivals:
    """Different values of a property of a thing, which different sources state."""

    exclude: bool
    """Whether they cannot all be true: the data declare that the property has one value."""
    values: tuple[StatedTriple, ...]


@dataclass(frozen=True)
class GraphDoubts:
    """The doubts of a graph, by their kinds."""

    uncertain: tuple[StatedTriple, ...] = ()
    """What no node says in so many words, the least sure first."""
    has_all: bool = True
    rivals: tuple[Rivals, ...] = ()
    has_former: bool = False
    """Whether there are statements that are no longer current."""

    def __bool__(self) -> bool:
        return bool(self.uncertain or self.rivals or self.has_former)


def doubts_of(view: GraphView) -> GraphDoubts:
    """Return the doubts of a graph, found once; none in a graph without evidence."""
    if not view.graph.has_evidence:
        return GraphDoubts()
    return view.queries.once("doubts", None, lambda: _doubts(view))


def may_have_doubts(view: GraphView) -> bool:
    """Whether a graph has doubts; of another server, whether its profile could tell them."""
    if isinstance(view.graph.queries.store, EmbeddedStore):
        return bool(doubts_of(view))
    queries = view.graph.queries
    return view.graph.has_evidence and (view.graph.has_former_statements or CERTAINTY in queries)


def _doubts(view: GraphView) -> GraphDoubts:
    uncertain, has_all = _uncertain(view)
    return GraphDoubts(uncertain, has_all, (*_rivals(view),), bool(all_said_before(view)))


def _uncertain(view: GraphView) -> tuple[tuple[StatedTriple, ...], bool]:
    """Return what no node states explicitly, and whether these facts are all."""
    queries = view.queries
    if CERTAINTY not in queries:
        return (), True
    ranks = queries.node_ranks
    nodes = sorted((it for it in ranks if ranks[it]), key=str)
    facts = {
        Triple(*ends)  # type: ignore[arg-type]
        for *ends, _ in queries.said_by(
            [it for it in nodes if isinstance(it, NamedNode)][:MOST_NODES]
        )
    }
    known = looked_up(view, sorted(facts, key=str))
    surest = queries.ranks_of(
        (*fact, NamedNode(node)) for fact, of in known.items() for node in of.graphs
    )
    found = [(rank, known[Triple(*ends)]) for ends, rank in surest.items() if rank]  # type: ignore[arg-type]
    ordered = sorted(found, key=lambda it: (-it[0], str(it[1].triple)))
    return tuple(it for _, it in ordered), len(nodes) <= MOST_NODES


def _rivals(view: GraphView) -> Iterator[Rivals]:
    """Yield the values of things that differ by source; first those that exclude each other."""
    declared = _single_valued(view.queries)
    rows = view.queries.rows("several_values", property=map(NamedNode, declared)).rows
    facts = (Triple(*row) for row in rows)  # type: ignore[arg-type]
    found = judged(view, looked_up(view, facts).values())
    of_each: dict[tuple[Term, str], list[StatedTriple]] = {}
    for it in found:
        of_each.setdefault((it.subject, it.path), []).append(it)
    several = [
        Rivals(declared[path] and _exclude(values), values)
        for (_, path), of in of_each.items()
        if (values := tuple(it for it in of if _has_rival(it, of, found)))
    ]
    yield from sorted(several, key=lambda it: not it.exclude)


def _single_valued(queries: PageQueries) -> Mapping[str, bool]:
    """Return the properties that have one value, and whether the data declare it.

    Else at least two things must have one, and more than those that have several.
    """
    found: dict[str, bool] = {}
    for prop, one, several, is_declared in queries.rows("values_of_properties").rows:
        numbers = [int(getattr(it, "value", "0")) for it in (one, several)]
        if numbers[1] and (is_declared or numbers[0] > max(1, numbers[1])):
            found[getattr(prop, "value", "")] = is_declared is not None
    return found


def _has_rival(one: StatedTriple, of: Sequence[StatedTriple], found: Judged) -> bool:
    """Whether another source gives another value."""
    sources = _sources(found[one])
    others = (_sources(found[it]) for it in of if it is not one and _differ(it.value, one.value))
    return bool(sources) and any(it and sources.isdisjoint(it) for it in others)


def _sources(evidence: Sequence[Evidence]) -> set[str]:
    named = (
        it.iri or it.text
        for of in evidence
        for it in (*of.authors, *(of.rests_on if not of.authors else ()))
    )
    return {*named}


def _differ(one: Term, other: Term) -> bool:
    """Whether two values are not the same in other words."""
    if isinstance(one, Literal) and isinstance(other, Literal):
        return one.language == other.language if one.language else not go_together(one, other)
    return True


def _exclude(values: Sequence[StatedTriple]) -> bool:
    """Whether two of the values are literals that differ; two things may yet be the same."""
    literals = (it.value for it in values if isinstance(it.value, Literal))
    return any(not it.language and _differ(it, other) for it, other in combinations(literals, 2))
