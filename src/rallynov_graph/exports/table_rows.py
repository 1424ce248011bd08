"""What stands in the tables of a release, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports.statement_rows import Tell, kind_of, quads, triples
from rallynov_graph.exports.table_layout import DESCRIBED, OTHER, Cell, Plan, text_of, things
from rallynov_graph.questions.labels import LABEL

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_DEFINITION: Final = PREFIXES["skos"] + "definition"


def rows(
    release: Release, plan: Plan, tell: Tell | None = None
) -> Iterator[tuple[str, list[Cell]]]:
    """Yield each thing as the kind of its table and its row, the things of a kind together."""
    for subject, facts in things(triples(release, tell)):
        kind = kind_of(subject) or OTHER
        table = plan.tables[kind]
        row: list[Cell] = [text_of(subject)]
        for column, key in zip(table.columns[1:], table.keys, strict=True):
            values = facts.get(key)
            row.append(column.separator.join(map(text_of, values)) if values else None)
        yield kind, row


def facts(release: Release, plan: Plan, tell: Tell | None = None) -> Iterator[list[Cell]]:
    """Yield each fact with the graph that states it, how surely, and on which passages."""
    for quad in quads(release, tell):
        value, graph = quad.object, text_of(quad.graph_name)
        how, passages = plan.evidence.get(graph, ("", ()))
        literal = value if isinstance(value, Literal) else None
        yield [
            text_of(quad.subject),
            quad.predicate.value,
            text_of(value),
            literal.datatype.value if literal else None,
            literal.language if literal else None,
            graph,
            how or None,
            plan.passages.join(passages) or None,
        ]


def dictionary(release: Release, plan: Plan) -> Iterator[list[Cell]]:
    """Yield what each column of the tables of things means, in French and English."""
    told = meanings(release)
    for table in plan.tables.values():
        for column in table.columns[1:]:
            about = told.get(column.property, {})
            kind = "anyURI" if column.is_link else column.datatype or "string"
            texts = (about.get(name) for name in DESCRIBED[3:7])
            values = column.language or None, kind, column.separator or None, str(column.values)
            yield [table.name, column.name, column.property, *texts, *values]


def meanings(release: Release) -> dict[str, dict[str, str]]:
    """Return the labels and definitions of terms, as ``label_fr`` and so on."""
    told: dict[str, dict[str, str]] = {}
    for quad in parse(path=release.ontology, format=RdfFormat.N_TRIPLES):
        name = {LABEL: "label", _DEFINITION: "definition"}.get(quad.predicate.value)
        if name and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            about = told.setdefault(quad.subject.value, {})
            about.setdefault(f"{name}_{quad.object.language}", quad.object.value)
    return told
