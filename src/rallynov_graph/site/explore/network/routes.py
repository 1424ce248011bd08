"""The network of things, drawn by the server, with its links as a file."""

from __future__ import annotations

import csv
from io import StringIO

from flask import Blueprint, Response, jsonify, make_response, request

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.release.attribution import attribution
from rallynov_graph.site.explore.network import network_file
from rallynov_graph.site.explore.network.network_data import as_data
from rallynov_graph.site.explore.network.page import (
    MOSTS,
    NAMES,
    SAME_STAGE,
    SORTS,
    STEPS,
    NetworkPage,
    NetworkRequest,
    network_page,
    triples,
)
from rallynov_graph.site.explore.network.selection import kinds
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_any
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.query_parameters import least_certainty, status, text_of
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import with_open_questions
from rallynov_graph.site.web.url_parameters import BadParameterError, one_of

blueprint = Blueprint("network", __name__)

MOST_KINDS = 20


@blueprint.get("/network")
def network() -> Response:
    """Show the things of some kinds and their links, or those around one of them."""
    found, t = _page(), words()
    centre = found.centre.chosen
    title = t("network.around", name=centre.node.text) if centre else t["network.title"]
    cite = cited(title, "/network", *NAMES) if found.dots else None
    marks = _marks(found)
    shown = page(
        "explore/network/network.html", page=found, mosts=MOSTS, cite=cite, open_questions=marks
    )
    return make_response(shown, _status(found), {"Vary": "Accept"})


@blueprint.get("/network.json")
def data() -> Response:
    """Serve what the network shows, with the places that it is drawn at."""
    found = _page()
    response = jsonify(as_data(found, words()))
    response.status_code = _status(found)
    return response


@blueprint.get("/network.svg")
def drawing() -> Response:
    """Serve the drawing of the network as a file."""
    found = _page()
    colours = {name: kind.colours.get("light", "") for name, kind in KINDS.items()} | {"": ""}
    drawn = page("explore/network/network.svg", page=found, colours=colours)
    response = make_response(drawn, _status(found))
    response.mimetype = "image/svg+xml"
    response.headers["Content-Disposition"] = f'attachment; filename="{attribution().name}.svg"'
    return response


@blueprint.get("/network.gexf")
def for_gephi() -> Response:
    """Serve the network as GEXF with the places, colours, groups and strokes of the drawing."""
    found, release = _page(), site().release
    manifest = release.manifest if release else None
    file = network_file.written(
        found,
        words()["network.title"],
        manifest.issued if manifest else "",
        manifest.licence if manifest else "",
    )
    response = page_files.file_response(file, GEXF, "network")
    response.status_code = _status(found)
    return with_open_questions(response, _marks(found))


@blueprint.get("/network.csv")
def links() -> Response:
    """Serve the links that the network shows, one a line."""
    found = _page()
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(("one", "one_label", "other", "other_label", "links", "certainty", "computed"))
    for it in found.lines:
        ends = (it.one.node.iri, it.one.node.text, it.other.node.iri, it.other.node.text)
        rows.writerow((*ends, it.label, it.certainty, "yes" if it.is_computed else "no"))
    response = make_response(text.getvalue(), _status(found))
    response.mimetype = "text/csv"
    return with_open_questions(response, _marks(found))


@blueprint.get("/network.<suffix>")
def statements(suffix: str) -> Response:
    """Serve the statements that the network shows, as RDF."""
    found = _page()
    response = page_files.of_triples(triples(found), suffix, "network")
    response.status_code = _status(found)
    return with_open_questions(response, _marks(found))


def _status(found: NetworkPage) -> int:
    return status(found.centre, found.start, found.end)


def _marks(found: NetworkPage) -> tuple[OpenQuestionMark, ...]:
    return touching_any(view(), facts=triples(found))


def _page() -> NetworkPage:
    """Return the network that the address asks for; raise BadParameterError for unknown values."""
    network_request = NetworkRequest(
        tuple(request.args.getlist("kind")[:MOST_KINDS]),
        least_certainty(),
        text_of("centre"),
        one_of("steps", STEPS, STEPS[0]),
        one_of("most", MOSTS, NetworkRequest.most),
        one_of("sort", SORTS, SORTS[0]),
        one_of("same_stage", SAME_STAGE, SAME_STAGE[0]),
        text_of("from"),
        text_of("to"),
    )
    known = [kind.key for kind in kinds(view(), [])]
    if not {*network_request.kinds} <= {*known}:
        raise BadParameterError(BadParameter("kind", "one_of", allowed=tuple(map(Node, known))))
    return network_page(view(), site().finder, network_request)
