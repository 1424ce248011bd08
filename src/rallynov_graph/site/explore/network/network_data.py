"""The network for programs: its things with their places, in the order of the table, its links."""

from __future__ import annotations

from collections.abc import Mapping

from rallynov_graph.site.explore.network.page import NetworkPage
from rallynov_graph.site.model.drawing.placement import Dot


def as_data(page: NetworkPage, words: Mapping[str, str]) -> dict[str, object]:
    """Return what a network shows; links name their ends by the numbers of the things."""
    numbers = {dot.node.iri: number for number, dot in enumerate(page.dots)}
    return {
        "width": page.width,
        "height": page.height,
        "total": page.total,
        "things": [_thing(dot, words) for dot in page.dots],
        "links": [
            {
                "one": numbers[it.one.node.iri],
                "other": numbers[it.other.node.iri],
                "label": it.label,
                "certainty": it.how,
            }
            for it in page.lines
        ],
    }


def _thing(dot: Dot, words: Mapping[str, str]) -> dict[str, object]:
    kind = words["network.theme"] if dot.node.shape == "theme" else dot.kind and dot.kind.value
    return {
        "iri": dot.node.iri,
        "name": dot.node.text,
        "language": dot.node.language,
        "address": dot.node.href,
        "kind": kind or "",
        "shape": dot.node.shape,
        "degree": dot.degree,
        "x": dot.x,
        "y": dot.y,
        "radius": dot.radius,
        "here": dot.is_centre,
    }
