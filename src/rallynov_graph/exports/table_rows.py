"""The rows of the tables of a release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.standings import CURRENT
from rallynov_graph.exports.statement_rows import kind_of, quads, triples
from rallynov_graph.exports.table_layout import (
    DICTIONARY_COLUMNS,
    OTHER,
    Cell,
    TablePlan,
    text_of,
    things,
)
from rallynov_graph.questions.labels import LABEL
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_DEFINITION: Final = PREFIXES["skos"] + "definition"


def rows(
    release: Release, plan: TablePlan, progress: Progress | None = None
) -> Iterator[tuple[str, list[Cell]]]:
    """Yield for each thing the kind of its table and its row; a kind's things come together."""
    for subject, facts in things(triples(release, progress)):
        kind = kind_of(subject) or OTHER
        table = plan.tables[kind]
        row: list[Cell] = [text_of(subject)]
        for column, key in zip(table.columns[1:], table.keys, strict=True):
            values = facts.get(key)
            row.append(column.separator.join(map(text_of, values)) if values else None)
        yield kind, row


def facts(
    release: Release, plan: TablePlan, progress: Progress | None = None
) -> Iterator[list[Cell]]:
    """Yield each fact with the graph that states it, its certainty, standing and passages.

    What is not current has the certainty and the passages of its set.
    """
    for quad in quads(release, progress):
        value, graph = quad.object, text_of(quad.graph_name)
        standing, named_set = plan.standings.get(graph, (CURRENT, graph))
        certainty, passages = plan.evidence.get(named_set, ("", ()))
        literal = value if isinstance(value, Literal) else None
        yield [
            text_of(quad.subject),
            quad.predicate.value,
            text_of(value),
            literal.datatype.value if literal else None,
            literal.language if literal else None,
            graph,
            certainty or None,
            standing,
            plan.passages.join(passages) or None,
        ]


def dictionary(release: Release, plan: TablePlan) -> Iterator[list[Cell]]:
    """Yield the meaning of each column of the tables of things, in French and English."""
    texts_of_terms = meanings(release)
    for table in plan.tables.values():
        for column in table.columns[1:]:
            texts_of_term = texts_of_terms.get(column.property, {})
            kind = "anyURI" if column.is_link else column.datatype or "string"
            texts = (texts_of_term.get(name) for name in DICTIONARY_COLUMNS[3:7])
            values = column.language or None, kind, column.separator or None, str(column.values)
            yield [table.name, column.name, column.property, *texts, *values]


def meanings(release: Release) -> dict[str, dict[str, str]]:
    """Return the labels and definitions of terms, as ``label_fr`` and so on."""
    found: dict[str, dict[str, str]] = {}
    for quad in parse(path=release.ontology, format=RdfFormat.N_TRIPLES):
        name = {LABEL: "label", _DEFINITION: "definition"}.get(quad.predicate.value)
        if name and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            texts_of_term = found.setdefault(quad.subject.value, {})
            texts_of_term.setdefault(f"{name}_{quad.object.language}", quad.object.value)
    return found
