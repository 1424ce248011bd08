"""Where facts come from: what the graph holds of them, who says each, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Triple

from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import Statement, looked_up, statements


def explained_facts(view: GraphView, facts: Sequence[Triple]) -> list[tuple[Statement, str | None]]:
    """Return those facts that the graph holds, in their order, each with where it is explained."""
    held = looked_up(view, facts)
    return [
        (
            it,
            view.note_address(it.subject.iri, it.prop.iri, it.stated.value)
            if it.subject.iri
            else None,
        )
        for it in statements(view, (held[fact] for fact in facts if fact in held))
    ]
