"""The home page, the lists, and what stays open."""

from flask import Blueprint, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from rallynov_graph.app.errors import Missing, near_nodes
from rallynov_graph.app.reading import lens, page, page_number, site, words
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.views.home import foreign_home_page, home_page
from rallynov_graph.views.kinds import TREE
from rallynov_graph.views.listing import ListPage, of_class, of_kind, without_class
from rallynov_graph.views.nodes import Node
from rallynov_graph.views.open_questions import open_questions_page
from rallynov_graph.views.themes import themes_page
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """Show what the graph holds."""
    if site().foreign:
        return page("foreign_home.html", page=foreign_home_page(lens()))
    return page("home.html", page=home_page(lens(), site().catalogue))


@blueprint.get("/list")
def class_list() -> str:
    """Show the things of a class, or those that have none."""
    iri = request.args.get("class", "")
    if not iri:
        return _listed(without_class(lens(), page_number()))
    return _listed(of_class(lens(), named(iri, "class").value, page_number()))


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> str:
    """Show the things of a kind."""
    if kind == TREE and not site().foreign:
        page_number()
        return page("themes.html", page=themes_page(lens()))
    found = of_kind(lens(), kind, page_number())
    if found is None:
        raise Missing(near_nodes(kind, _lists()))
    return _listed(found)


@blueprint.get("/open-questions")
def open_questions() -> str:
    """Show what the carnet leaves open."""
    if site().foreign:
        raise Missing(rallynov_only=True)
    return page("open_questions.html", page=open_questions_page(lens()))


def named(iri: str, parameter: str = "") -> NamedNode:
    """Return the node of an IRI that an address holds, in its path or as a parameter.

    Raises BadRequest where it is none, WrongParameter where it is a parameter's.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise (WrongParameter(Wrong(parameter, "iri")) if parameter else BadRequest()) from error


def _listed(found: ListPage | None) -> str:
    if found is None:
        raise Missing
    return page("list.html", page=found)


def _lists() -> dict[str, Node]:
    """Return the lists by their kinds."""
    prefix = "kind."
    kinds = (key.removeprefix(prefix) for key in words() if key.startswith(prefix))
    return {
        kind: Node(words()[f"{prefix}{kind}"], href=lens().addresses.path(f"/list/{kind}"))
        for kind in kinds
    }
