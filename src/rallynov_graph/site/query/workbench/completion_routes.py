"""What the workbench is told: the terms that there are, the names of things, and where they are."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify, request
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.drawing.place_map import points_of
from rallynov_graph.site.model.told_names import names_of
from rallynov_graph.site.query.workbench.completion import EditorTerm, usable_terms, usable_with
from rallynov_graph.site.web.reader import view
from rallynov_graph.site.web.url_parameters import BadParameterError

blueprint = Blueprint("completing", __name__)

MOST_CLASSES: Final = 20
"""How many classes may be asked about at once."""
MOST_NAMES: Final = 100
"""How many things' names, or coordinates, may be asked for at once."""


@blueprint.get("/terms.json")
def terms() -> Response:
    """Serve all classes and properties; with ``of``, the properties used with these classes."""
    classes = _iris("of", MOST_CLASSES)
    found = usable_with(view(), classes) if classes else usable_terms(view())
    return jsonify(prefixes=PREFIXES, terms=[_term_data(term) for term in found])


@blueprint.get("/names.json")
def names() -> Response:
    """Serve what each of some things is called, and where its page is."""
    wanted = [NamedNode(iri) for iri in _iris("iri", MOST_NAMES)]
    return jsonify(names=names_of(view(), wanted))


@blueprint.get("/points.json")
def points() -> Response:
    """Serve where each of some things is, its latitude and longitude, as far as that is known."""
    return jsonify(points=points_of(view(), map(NamedNode, _iris("iri", MOST_NAMES))))


def _iris(parameter: str, most: int) -> list[str]:
    """Return the IRIs that a parameter names; raise BadParameterError for others, or too many."""
    iris = [*dict.fromkeys(request.args.getlist(parameter))]
    if len(iris) > most or not all(map(_is_iri, iris)):
        raise BadParameterError(BadParameter(parameter, "iri"))
    return iris


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _term_data(term: EditorTerm) -> dict[str, object]:
    first = term.labels[0] if term.labels else None
    return {
        "iri": term.iri,
        "name": term.name,
        "kind": term.kind,
        "label": first.value if first else "",
        "language": first.language if first else "",
        "also": [label.value for label in term.labels[1:]],
        "definition": term.definition.value if term.definition else "",
        "definition_language": term.definition.language if term.definition else "",
        "uses": term.uses,
    }
