"""The network of things, drawn by the server, with its links as files."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, jsonify, make_response

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.exports.networks import empty_network, gexf
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.release.attribution import attribution
from rallynov_graph.site.explore.network.drawing import Dot
from rallynov_graph.site.explore.network.network import (
    MOSTS,
    Network,
    NetworkParams,
    network_of,
)
from rallynov_graph.site.model.open_question_marks import touching_any
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.params import params, schema, status
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import with_open_questions

blueprint = Blueprint("network", __name__)

_CSV: Final = ("one", "one_label", "other", "other_label", "links", "certainty", "computed")


@blueprint.get("/network")
def network() -> Response:
    """Show the things of some kinds and their links, or those around one of them."""
    found, t = _network(), words()
    centre, names = found.centre.chosen, schema(NetworkParams)
    title = t("network.around", name=centre.node.text) if centre else t["network.title"]
    shown = page(
        "explore/network/network.html",
        page=found,
        mosts=MOSTS,
        cite=cited(title, "/network", *names) if found.dots else None,
        open_questions=touching_any(view(), facts=found.triples()),
        hidden=_hidden(found),
    )
    return make_response(shown, _status(found), {"Vary": "Accept"})


@blueprint.get("/network.json")
def data() -> Response:
    """Serve what the network shows, with the places that it is drawn at."""
    found = _network()
    response = jsonify(_as_data(found, words()))
    response.status_code = _status(found)
    return response


@blueprint.get("/network.svg")
def drawing() -> Response:
    """Serve the drawing of the network as a file."""
    found = _network()
    colours = {name: kind.colours.get("light", "") for name, kind in KINDS.items()} | {"": ""}
    drawn = page("explore/network/network.svg", page=found, colours=colours)
    response = make_response(drawn, _status(found))
    response.mimetype = "image/svg+xml"
    response.headers["Content-Disposition"] = f'attachment; filename="{attribution().name}.svg"'
    return response


@blueprint.get("/network.<suffix>")
def network_file(suffix: str) -> Response:
    """Serve the network as GEXF, its links as rows, or the statements that it shows as RDF."""
    found = _network()
    if suffix == GEXF.name:
        response = page_files.file_response(_as_gexf(found), GEXF, "network")
    elif suffix == "csv":
        rows = (
            (
                *(it.one.node.iri, it.one.node.text, it.other.node.iri, it.other.node.text),
                *(it.label, it.certainty, "yes" if it.is_computed else "no"),
            )
            for it in found.lines
        )
        response = page_files.of_rows(_CSV, rows, suffix, "network")
    else:
        response = page_files.of_triples(found.triples(), suffix, "network")
    response.status_code = _status(found)
    return with_open_questions(response, touching_any(view(), facts=found.triples()))


def _network() -> Network:
    return network_of(view(), site().finder, params(NetworkParams))


def _hidden(found: Network) -> int:
    """Return how many facts would be drawn, too, at every certainty."""
    every = network_of(view(), site().finder, replace(params(NetworkParams), certainty=LEAST_SURE))
    return len({*every.triples()} - {*found.triples()}) if every.request != found.request else 0


def _status(found: Network) -> int:
    return status(found.centre, found.start, found.end)


def _as_data(found: Network, t: Mapping[str, str]) -> dict[str, object]:
    """Return a network as data; links refer to their ends by the numbers of the things."""
    numbers = {dot.node.iri: number for number, dot in enumerate(found.dots)}
    start = [found.picked] if found.picked else []
    way = [*start, *(it.dot for it in found.way)] if found.way else []
    return {
        "width": found.width,
        "height": found.height,
        "total": found.total,
        "same_stage": found.same_stage,
        "things": [_thing(dot, t["network.theme"]) for dot in found.dots],
        "links": [
            {
                "one": numbers[line.one.node.iri],
                "other": numbers[line.other.node.iri],
                "label": line.label,
                "certainty": line.certainty,
                "mark": line.mark,
                "computed": line.is_computed,
                "evidence": line.note,
            }
            for line in found.lines
        ],
        "groups": [
            {
                "name": it.node.text,
                "language": it.node.language,
                "things": it.count,
                "x": it.title.x,
                "y": it.title.y,
                "title": it.title.text,
                "ground": it.ground,
            }
            for it in found.communities
        ],
        "picked": numbers[found.picked.node.iri] if found.picked else None,
        "way": [numbers[dot.node.iri] for dot in way],
    }


def _thing(dot: Dot, theme: str) -> dict[str, object]:
    kind = theme if dot.node.shape == "theme" else dot.kind and dot.kind.value
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


def _as_gexf(found: Network) -> bytes:
    """Return a network with the places, colours, groups and strokes of the drawing, for Gephi.

    Each pair of things has one link, with all labels.
    """
    release = site().release
    manifest = release.manifest if release else None
    made = empty_network(
        words()["network.title"],
        manifest.issued if manifest else "",
        manifest.licence if manifest else "",
        is_directed=False,
    )
    for dot in found.dots:
        made.add_node(
            dot.node.iri,
            label=dot.node.text,
            kind=dot.node.shape,
            links=str(dot.degree),
            place=(dot.x, dot.y, dot.radius),
        )
        if dot.community is not None:
            name = f"{dot.community + 1}. {found.communities[dot.community].node.text}"
            made.nodes[dot.node.iri]["group"] = name
    for line in found.lines:
        certainty = {"certainty": line.certainty} if line.certainty else {}
        made.add_edge(
            line.one.node.iri,
            line.other.node.iri,
            kind=line.label,
            weight=len(line.links),
            computed="yes" if line.is_computed else "no",
            **certainty,
        )
    return gexf(made)
