"""The sources of facts: passages, assertion sets, and the parts of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.links.explained_links import admits
from rallynov_graph.site.model.nodes import GraphView, Node


@dataclass(frozen=True)
class SubjectFacts:
    """A thing with its properties and values in one graph."""

    node: Node
    facts: tuple[tuple[Text, Node], ...]


@dataclass(frozen=True)
class GraphFacts:
    """The facts of one graph, thing by thing, and the graph as evidence."""

    evidence: Evidence
    subjects: tuple[SubjectFacts, ...]


@dataclass(frozen=True)
class Position:
    """The first character of a passage and the one after its last, counted from 0."""

    start: int
    end: int


@dataclass(frozen=True)
class DocumentPart:
    """A part of a document with its passages and assertion sets, or the reason that it has none."""

    node: Node
    passages: tuple[Node, ...]
    sets: tuple[Node, ...]
    reason: Text | None


def facts_of_passage(view: GraphView, iri: str) -> tuple[GraphFacts, ...]:
    """Return the facts that rest on a passage, set by set, the surest first.

    What its sets say and no longer stands comes last.
    """
    names = ["facts_of_passage"]
    names += ["former_facts_of_passage"] if view.graph.has_standing_graphs else []
    found = (view.queries.rows(name, passage=NamedNode(iri)).rows for name in names)
    return _by_graph(view, chain.from_iterable(found))


def facts_of_set(view: GraphView, iri: str) -> tuple[GraphFacts, ...]:
    """Return the facts of a graph, and those of a set that no longer stand; none of no graph."""
    return _by_graph(view, view.queries.rows("facts_of_set", graph=NamedNode(iri)).rows)


def _by_graph(view: GraphView, rows: Iterable[tuple[Term | None, ...]]) -> tuple[GraphFacts, ...]:
    found: dict[str, list[tuple[Term | None, ...]]] = {}
    for graph, *triple in rows:
        assert isinstance(graph, NamedNode)
        found.setdefault(graph.value, []).append(tuple(triple))
    return _facts(view, found)


def position(view: GraphView, iri: str) -> Position | None:
    """Return the position of a passage or part in its document."""
    return positions(view, [iri]).get(iri)


def positions(view: GraphView, iris: list[str]) -> dict[str, Position]:
    """Return the positions of passages and parts in their document."""
    oa = PREFIXES["oa"]
    has_selector = NamedNode(oa + "hasSelector")
    selectors = {
        selector.value: thing.value
        for thing, _, selector in view.queries.rows(
            "values", thing=map(NamedNode, iris), property=has_selector
        ).rows
        if isinstance(thing, NamedNode) and isinstance(selector, NamedNode)
    }
    ends: dict[str, dict[str, int]] = {}
    for selector, prop, value in view.queries.rows(
        "values",
        thing=map(NamedNode, selectors),
        property=(NamedNode(oa + "start"), NamedNode(oa + "end")),
    ).rows:
        assert isinstance(selector, NamedNode) and isinstance(prop, NamedNode)
        if isinstance(value, Literal) and value.value.isdigit():
            ends.setdefault(selectors[selector.value], {})[prop.value] = int(value.value)
    return {
        iri: Position(found[oa + "start"], found[oa + "end"])
        for iri, found in ends.items()
        if len(found) == 2
    }


def parts(view: GraphView, document: str, certainty: str) -> tuple[DocumentPart, ...]:
    """Return the parts of a document in order, with their sets of at least this certainty."""
    rows = view.queries.rows("parts_of_document", document=NamedNode(document))
    found: dict[Term, dict[str, list[Term]]] = {}
    for row in rows:
        part = row["part"]
        assert part is not None
        values_by_variable = found.setdefault(part, {"passage": [], "set": [], "reason": []})
        for variable, values in values_by_variable.items():
            term = row[variable]
            if term is not None and term not in values:
                values.append(term)
    nodes = view.nodes(
        [
            *found,
            *(
                values_of_part
                for values_by_variable in found.values()
                for v in values_by_variable.values()
                for values_of_part in v
            ),
        ]
    )
    evidence = evidence_of_graphs(
        view,
        (
            s.value
            for values_of_part in found.values()
            for s in values_of_part["set"]
            if isinstance(s, NamedNode)
        ),
    )
    sets = {NamedNode(iri) for iri, piece in evidence.items() if admits(certainty, piece)}
    return tuple(
        DocumentPart(
            nodes[part],
            tuple(nodes[p] for p in values_by_variable["passage"]),
            tuple(nodes[s] for s in values_by_variable["set"] if s in sets),
            view.best(
                Text(r.value, r.language or "")
                for r in values_by_variable["reason"]
                if isinstance(r, Literal)
            ),
        )
        for part, values_by_variable in found.items()
    )


def _worded(
    view: GraphView, triples: Iterable[tuple[Term | None, ...]]
) -> Iterator[tuple[Term | None, ...]]:
    """Yield the triples; of texts that are in the page's language, none in another one."""
    for (subject, path), of_property in groupby(triples, key=lambda it: it[:2]):
        assert isinstance(path, NamedNode)
        values = [value for *_, value in of_property if value is not None]
        for value in in_page_language(view, values, lambda it: it):
            yield subject, path, in_carnet_language(view, path.value, value)


def _facts(
    view: GraphView, found: dict[str, list[tuple[Term | None, ...]]]
) -> tuple[GraphFacts, ...]:
    evidence = evidence_of_graphs(view, found)
    found = {graph: [*_worded(view, triples)] for graph, triples in found.items()}
    nodes = view.nodes(t for triples in found.values() for triple in triples for t in triple)

    def subjects(triples: list[tuple[Term | None, ...]]) -> Iterable[SubjectFacts]:
        facts_by_subject: dict[Term, list[tuple[Text, Node]]] = {}
        for subject, path, value in triples:
            assert subject is not None and isinstance(path, NamedNode) and value is not None
            name = view.best(view.described([path.value])[path.value].names)
            label_and_value = name or Text(last_part(path.value)), nodes[value]
            facts_by_subject.setdefault(subject, []).append(label_and_value)
        for subject, subject_facts in facts_by_subject.items():
            yield SubjectFacts(nodes[subject], tuple(subject_facts))

    facts = [
        GraphFacts(evidence[graph], tuple(subjects(triples)))
        for graph, triples in found.items()
        if graph in evidence
    ]
    return tuple(sorted(facts, key=lambda f: f.evidence.rank))
