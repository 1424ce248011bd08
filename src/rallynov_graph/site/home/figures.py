"""The figures that documents report of the rally, beside what the graph counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import SUREST, certainty_of
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import SourceDocument
from rallynov_graph.site.model.selection.cells import CertaintyMark

_COUNTED: Final = "reported_and_counted"
_AS_OF: Final = RN + "asOf"
_LAST: Final = "9999"


@dataclass(frozen=True)
class Figure:
    """A figure that a document reports of the rally, and what the graph counts."""

    node: Node
    measure: Node
    reported: Node
    counted: int | None
    document: Node | None
    issued: str
    """When its document was issued, in words."""
    as_of: Node | None = None
    """The date that it speaks of."""
    mark: CertaintyMark = field(default_factory=CertaintyMark)
    """How surely that date is said."""
    time: str = _LAST
    """That date, else its document's, as the data have it."""


@dataclass(frozen=True)
class FigureGroup:
    """The figures of one measure, in the order of time."""

    measure: Node
    figures: tuple[Figure, ...]

    def is_one_of_several(self, figure: Figure) -> bool:
        """Whether its document reports another figure of the measure: only its name tells them
        apart.
        """
        return sum(it.document == figure.document for it in self.figures) > 1


def figures(
    view: GraphView, catalogue: Catalogue, least: NamedNode, documents: Sequence[SourceDocument]
) -> tuple[Figure, ...]:
    """Return the figures of the rally, the smallest first."""
    counted = _counted(view, catalogue, least)
    sources = {row["figure"]: row for row in view.queries.rows("figure_sources", certainty=least)}
    known = {document.iri: document for document in documents}
    rows = view.queries.rows("figures").rows
    nodes = view.nodes(
        term
        for row in (*rows, *((it["document"], it["as_of"]) for it in sources.values()))
        for term in row
    )

    def figure(iri: Term, measure: Term, value: Term) -> Figure:
        source: Mapping[str, Term | None] = sources.get(iri, {})
        document, as_of, how = (source.get(name) for name in ("document", "as_of", "how"))
        certainty = certainty_of(how.value) if isinstance(how, NamedNode) else ""
        why = view.note_address(nodes[iri].iri, _AS_OF, as_of) if as_of else None
        reporting = known.get(document.value) if isinstance(document, NamedNode) else None
        at = as_of.value.strip("[.") if isinstance(as_of, Literal) else ""
        return Figure(
            nodes[iri],
            nodes[measure],
            nodes[value],
            counted.get(iri),
            nodes[document] if document else None,
            reporting.date(view.language) if reporting else "",
            nodes[as_of] if as_of else None,
            CertaintyMark("" if certainty == SUREST else certainty, why),
            at or (reporting.issued if reporting else ""),
        )

    return tuple(figure(*row) for row in rows if None not in row)  # type: ignore[arg-type]


def grouped(found: Iterable[Figure]) -> tuple[FigureGroup, ...]:
    """Return the figures by what is counted; none where one document reports them all."""
    by_measure: dict[Node, list[Figure]] = {}
    documents = set()
    for figure in found:
        by_measure.setdefault(figure.measure, []).append(figure)
        documents.add(figure.document)
    if len(documents) < 2:
        return ()
    return tuple(
        FigureGroup(measure, tuple(sorted(some, key=lambda figure: figure.time or _LAST)))
        for measure, some in by_measure.items()
    )


def _counted(view: GraphView, catalogue: Catalogue, least: NamedNode) -> dict[Term, int]:
    """Return what the graph counts beside each figure."""
    if _COUNTED not in catalogue:
        return {}
    rows = view.queries.saved(_COUNTED, catalogue[_COUNTED].bind({"certainty": least}))
    return {
        figure: int(count.value)
        for row in rows
        if (figure := row["figure"]) is not None and isinstance(count := row["counted"], Literal)
    }
