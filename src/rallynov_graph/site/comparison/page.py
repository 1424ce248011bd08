"""Two things side by side: by property, what both have and what only one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NOTHING, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import DERIVED, Evidence, evidence_of_graphs, has_note
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.links.explained_links import admits, stroke
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.thing_choice import Choice, choose

QUERY: Final = "facts_both_ways"
ROWS: Final = 30_000
"""How many rows the query answers at most."""
MOST: Final = 40
"""How many values of one property each column shows."""

HEADER: Final = ("subject", "property", "object", "certainty", "shared")
"""What a file says of each fact."""

Path = tuple[str, bool]
"""A property, read from its value or not."""
ValuesByPath = dict[Path, dict[Term, list[str]]]
"""The values of each property, with the graphs that state them."""


@dataclass(frozen=True)
class FactEvidence:
    """Who says a fact; what a rule concludes has its reasons at an address."""

    evidence: tuple[Evidence, ...]
    explanation: str | None


@dataclass(frozen=True)
class ComparedValue:
    """A value with who says it of the first thing, of the second or of both."""

    node: Node
    first: FactEvidence | None
    second: FactEvidence | None


@dataclass(frozen=True)
class ComparedValues:
    """Values of a property, and how many more there are."""

    values: tuple[ComparedValue, ...]
    more: int


@dataclass(frozen=True)
class ComparedProperty:
    """A property: what both have, what only the first has, what only the second has."""

    label: Text
    shared: ComparedValues
    only_first: ComparedValues
    only_second: ComparedValues


@dataclass(frozen=True)
class DirectLink:
    """What links the first thing to the second one itself."""

    label: Text
    evidence: FactEvidence


@dataclass(frozen=True)
class Compared:
    """What two things share, and what they do not."""

    direct: tuple[DirectLink, ...]
    rows: tuple[ComparedProperty, ...]
    shared: int
    only_first: int
    only_second: int
    is_complete: bool
    """Whether all facts of both were looked at."""
    queries: tuple[str, str]


@dataclass(frozen=True)
class ComparePage:
    """Two things as the reader named them, and their comparison once both are known."""

    first: Choice
    second: Choice
    certainty: str
    found: Compared | None

    @property
    def is_same(self) -> bool:
        """Whether both are one thing."""
        return self.first.means_the_same(self.second)


def compare_page(
    view: GraphView, finder: Finder, first_text: str, second_text: str, certainty: str
) -> ComparePage:
    """Return two things side by side; nothing while one is not known, or both are one."""
    first, second = choose(view, finder, first_text), choose(view, finder, second_text)
    found = None
    if first.chosen and second.chosen and first.chosen != second.chosen:
        found = _Comparison(view, first.chosen.node.iri, second.chosen.node.iri, certainty).found()
    return ComparePage(first, second, certainty, found)


@dataclass(frozen=True)
class ComparedFact:
    """A fact about one of the two, and how surely it is said."""

    subject: Term
    property: str
    object: Term
    certainty: str
    shared: bool
    """Whether the same is said of the other one."""


def facts(view: GraphView, page: ComparePage) -> Iterator[ComparedFact]:
    """Yield all that is said of the two things, at least so certainly as the page asks."""
    first, second = page.first.chosen, page.second.chosen
    if page.found is None or first is None or second is None:
        return
    comparison = _Comparison(view, first.node.iri, second.node.iri, page.certainty)
    for end, values_by_path in enumerate(comparison.values_of_ends):
        values_of_other = comparison.values_of_ends[1 - end]
        for (prop, backwards), values in values_by_path.items():
            for value, graphs in values.items():
                thing: Term = NamedNode(comparison.ends[end])
                ends = (value, thing) if backwards else (thing, value)
                evidence = sorted(
                    (comparison.evidence_by_graph[g] for g in graphs), key=lambda piece: piece.rank
                )
                shared = value in values_of_other.get((prop, backwards), {})
                yield ComparedFact(ends[0], prop, ends[1], stroke(tuple(evidence)), shared)


def triples(compared_facts: Iterable[ComparedFact]) -> Iterator[Triple]:
    """Yield facts as statements."""
    for fact in compared_facts:
        yield Triple(fact.subject, NamedNode(fact.property), fact.object)  # type: ignore[arg-type]


class _Comparison:
    """What is said of two things, at least so certainly."""

    def __init__(self, view: GraphView, first: str, second: str, certainty: str) -> None:
        self.view, self.ends = view, (first, second)
        rows = [self._rows(iri) for iri in self.ends]
        self.is_complete = all(len(found) < ROWS for found in rows)
        graphs = {g.value for found in rows for *_, g in found if isinstance(g, NamedNode)}
        self.evidence_by_graph = evidence_of_graphs(view, graphs)
        self.admitted = {
            g for g, piece in self.evidence_by_graph.items() if admits(certainty, piece)
        }
        first_values, second_values = (
            self._without_converses(self._admitted_values(found)) for found in rows
        )
        self.values_of_ends: tuple[ValuesByPath, ValuesByPath] = (first_values, second_values)

    def found(self) -> Compared:
        first, second = self.values_of_ends
        paths = dict.fromkeys((*first, *second))
        self.labels = self.view.described(prop for prop, _ in paths)
        sides = [self._sides(first.get(path, {}), second.get(path, {})) for path in paths]
        self.nodes = self.view.nodes(
            in_carnet_language(self.view, path, term)
            for (path, _), terms_of_side in zip(paths, sides, strict=True)
            for terms in terms_of_side
            for term in terms[: MOST * 4]
        )
        rows = [
            self._row(path, terms_of_side) for path, terms_of_side in zip(paths, sides, strict=True)
        ]
        rows.sort(key=lambda row: (not row.shared.values, sortable(row.label.value.lstrip("← "))))
        shared, only_first, only_second = (
            sum(len(terms_of_side[place]) for terms_of_side in sides) for place in range(3)
        )
        queries_read = [
            readable(self.view.queries.text(QUERY, thing=NamedNode(iri))) for iri in self.ends
        ]
        queries = queries_read[0], queries_read[1]
        direct = tuple(self._direct())
        return Compared(
            direct, tuple(rows), shared, only_first, only_second, self.is_complete, queries
        )

    def _direct(self) -> Iterator[DirectLink]:
        """Yield what is said between the two, in the words of the first one."""
        end = NamedNode(self.ends[1])
        for path, values in self.values_of_ends[0].items():
            evidence = self._fact_evidence(0, path, end) if end in values else None
            if evidence:
                label = label_of(self.view, *path, self.labels.get(path[0], NOTHING))
                yield DirectLink(label, evidence)

    def _rows(self, iri: str) -> tuple[tuple[Term | None, ...], ...]:
        return self.view.queries.rows(QUERY, thing=NamedNode(iri)).rows

    def _admitted_values(self, rows: Iterable[tuple[Term | None, ...]]) -> ValuesByPath:
        """Return what rows say and the reader accepts; a fact that no graph states is accepted."""
        graphs: dict[tuple[Path, Term], list[str]] = {}
        for prop, direction, value, graph in rows:
            assert isinstance(prop, NamedNode) and isinstance(direction, Literal)
            assert value is not None
            if not self.view.foreign and self.view.is_term(getattr(value, "value", "")):
                continue
            path = prop.value, direction.value == "from"
            graphs_of_value = graphs.setdefault((path, value), [])
            if isinstance(graph, NamedNode):
                graphs_of_value.append(graph.value)
        values: ValuesByPath = {}
        for (path, value), graphs_of_value in graphs.items():
            accepted = [g for g in graphs_of_value if g in self.admitted]
            if accepted or not any(g in self.evidence_by_graph for g in graphs_of_value):
                values.setdefault(path, {})[value] = accepted
        return values

    def _without_converses(self, values_by_path: ValuesByPath) -> ValuesByPath:
        """Return facts without those that a rule only concludes from their converse among them."""
        return {
            path: remaining
            for path, values in values_by_path.items()
            if (
                remaining := {
                    value: graphs
                    for value, graphs in values.items()
                    if not self._is_shown_as_converse(values_by_path, path, value)
                }
            )
        }

    def _is_shown_as_converse(self, values_by_path: ValuesByPath, path: Path, value: Term) -> bool:
        def is_derived(graphs: list[str]) -> bool:
            return bool(graphs) and all(self.evidence_by_graph[g].kind == DERIVED for g in graphs)

        if not is_derived(values_by_path[path][value]):
            return False
        prop, backwards = path
        converses = (
            (converse, not backwards) for converse in self.view.graph.converses.get(prop, ())
        )
        graphs_of_converses = [
            values_by_path[converse][value]
            for converse in converses
            if value in values_by_path.get(converse, {})
        ]
        return any(backwards or not is_derived(graphs) for graphs in graphs_of_converses)

    def _sides(
        self, first: dict[Term, list[str]], second: dict[Term, list[str]]
    ) -> tuple[list[Term], list[Term], list[Term]]:
        """Return what both have, what only the first and what only the second has."""
        ends = {NamedNode(iri) for iri in self.ends}
        return (
            [term for term in first if term in second],
            [term for term in first if term not in second and term not in ends],
            [term for term in second if term not in first and term not in ends],
        )

    def _row(
        self, path: Path, sides: tuple[list[Term], list[Term], list[Term]]
    ) -> ComparedProperty:
        label = label_of(self.view, *path, self.labels.get(path[0], NOTHING))
        shared, only_first, only_second = (self._column(path, terms) for terms in sides)
        return ComparedProperty(label, shared, only_first, only_second)

    def _column(self, path: Path, terms: list[Term]) -> ComparedValues:
        words = ((in_carnet_language(self.view, path[0], term), term) for term in terms)
        shown = [(self.nodes[word], term) for word, term in words if word in self.nodes]
        shown.sort(
            key=lambda node_and_term: (sortable(node_and_term[0].text), str(node_and_term[1]))
        )
        values = (
            ComparedValue(
                node, self._fact_evidence(0, path, term), self._fact_evidence(1, path, term)
            )
            for node, term in shown[:MOST]
        )
        return ComparedValues(tuple(values), max(0, len(terms) - MOST))

    def _fact_evidence(self, end: int, path: Path, term: Term) -> FactEvidence | None:
        graphs = self.values_of_ends[end].get(path, {}).get(term)
        if graphs is None:
            return None
        evidence = tuple(
            sorted((self.evidence_by_graph[g] for g in graphs), key=lambda piece: piece.rank)
        )
        if not has_note(evidence):
            return FactEvidence(evidence, None)
        prop, backwards = path
        return FactEvidence(evidence, self.view.note_address(self.ends[end], prop, term, backwards))
