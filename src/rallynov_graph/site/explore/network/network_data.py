"""The network for programs: its things with their places, in the order of the table, its links."""

from __future__ import annotations

from collections.abc import Mapping

from rallynov_graph.site.explore.network.page import NetworkPage
from rallynov_graph.site.model.drawing.placement import Community, Dot


def as_data(page: NetworkPage, words: Mapping[str, str]) -> dict[str, object]:
    """Return what a network shows; links name their ends by the numbers of the things."""
    numbers = {dot.node.iri: number for number, dot in enumerate(page.dots)}
    start = [page.picked] if page.picked else []
    return {
        "width": page.width,
        "height": page.height,
        "total": page.total,
        "same_stage": page.same_stage,
        "things": [_thing(dot, words) for dot in page.dots],
        "links": [
            {
                "one": numbers[line.one.node.iri],
                "other": numbers[line.other.node.iri],
                "label": line.label,
                "certainty": line.certainty,
                "computed": line.is_computed,
                "evidence": line.note,
            }
            for line in page.lines
        ],
        "groups": [_group(community) for community in page.communities],
        "picked": numbers[page.picked.node.iri] if page.picked else None,
        "way": [numbers[dot.node.iri] for dot in (*start, *(it.dot for it in page.way))]
        if page.way
        else [],
    }


def _thing(dot: Dot, words: Mapping[str, str]) -> dict[str, object]:
    kind = words["network.theme"] if dot.node.shape == "theme" else dot.kind and dot.kind.value
    return {
        "iri": dot.node.iri,
        "short": dot.short,
        "name": dot.node.text,
        "language": dot.node.language,
        "address": dot.node.href,
        "kind": kind or "",
        "shape": dot.node.shape,
        "degree": dot.degree,
        "group": dot.community,
        "x": dot.x,
        "y": dot.y,
        "radius": dot.radius,
        "here": dot.is_centre,
    }


def _group(community: Community) -> dict[str, object]:
    return {
        "name": community.node.text,
        "language": community.node.language,
        "things": community.count,
        "x": community.title.x,
        "y": community.title.y,
        "title": community.title.text,
        "ground": community.ground,
    }
