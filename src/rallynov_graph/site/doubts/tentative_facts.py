"""The facts that are only tentative, and that no open question leaves unsettled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import known_to

ON_A_PAGE: Final = 30
"""How many facts a page shows."""
MOST: Final = 5000
"""How many facts ``tentative_facts.rq`` looks at, with those that are said more surely."""


@dataclass(frozen=True)
class TentativeFact:
    """A fact with the assertion set that states it."""

    subject: Node
    property: Node
    value: Node
    evidence: Evidence


@dataclass(frozen=True)
class TentativeFacts:
    """Some of the facts, and how many there are."""

    facts: tuple[TentativeFact, ...]
    in_all: int
    is_whole: bool
    """Whether these are all there are: of very many, the first are gone through."""


def tentative_facts(view: GraphView, number: int, touching: str = "") -> TentativeFacts:
    """Return a page of the facts; with a thing, of those that it is the subject or value of."""
    found = [
        (graph, fact) for graph, fact in _stated(view) if not touching or touching in _ends(fact)
    ]
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    evidence = evidence_of_graphs(view, (graph for graph, _ in shown))
    values = [in_carnet_language(view, fact.predicate.value, fact.object) for _, fact in shown]
    nodes = view.nodes(
        [*(term for _, fact in shown for term in (fact.subject, fact.predicate)), *values]
    )
    return TentativeFacts(
        tuple(
            TentativeFact(nodes[fact.subject], nodes[fact.predicate], nodes[value], evidence[graph])
            for (graph, fact), value in zip(shown, values, strict=True)
        ),
        len(found),
        len({row[:-1] for row in view.queries.rows("tentative_facts").rows}) < MOST,
    )


def _stated(view: GraphView) -> Iterator[tuple[str, Triple]]:
    """Yield each fact with its set, without those that a question leaves unsettled."""
    in_question = known_to(view).by_fact
    for graph, *terms, surer in view.queries.rows("tentative_facts").rows:
        fact = Triple(*terms)  # type: ignore[arg-type]
        if isinstance(graph, NamedNode) and surer is None and fact not in in_question:
            yield graph.value, fact


def _ends(fact: Triple) -> set[str]:
    return {end.value for end in (fact.subject, fact.object) if isinstance(end, NamedNode)}
