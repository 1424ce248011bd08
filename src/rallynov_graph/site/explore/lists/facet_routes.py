"""The files from which a script narrows the lists of an edition; a server has none of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, request

from rallynov_graph.questions.labels import Text
from rallynov_graph.site.explore.lists.facet_index import FacetIndex, facet_index, written
from rallynov_graph.site.explore.lists.list_table import SIZE
from rallynov_graph.site.explore.lists.page import ListPage, source_of_class, source_of_kind
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.feature import TABLE
from rallynov_graph.site.web.reader import view, words
from rallynov_graph.site.web.url_parameters import iri_node

blueprint = Blueprint("facets", __name__)


@dataclass(frozen=True)
class PreparedFacets:
    """What a page of a list in an edition says of the file that narrows it."""

    is_table: bool
    """Whether the rows are on the page; other ways to look at things are not narrowed."""
    table: str
    """The address of the first page of the list as a table."""
    index: str = ""
    """The address of the file; empty where the list is too long."""
    id: str = ""


@blueprint.get("/list/<kind>.facets.json")
def of_kind(kind: str) -> Response:
    """Serve what the list of a kind is narrowed by."""
    return _served(source_of_kind(view(), kind))


@blueprint.get("/list.facets.json")
def of_class() -> Response:
    """Serve what the list of a class is narrowed by."""
    iri = iri_node(request.args.get("class", ""), "class").value
    return _served(source_of_class(view(), iri))


def prepared_facets(found: ListPage) -> PreparedFacets | None:
    """Return what narrows a page of a list in an edition; None where nothing does."""
    keys, narrowed = found.keys, found.narrowing
    if keys is None or narrowed is None or not (narrowed.facets or narrowed.folded):
        return None
    source, addresses = keys.source, view().addresses
    pairs = [("class", "" if source.kind else source.of_class)]
    table = addresses.path(source.path, pairs)
    if keys.way.name != TABLE:
        return PreparedFacets(False, table)
    name, content = _written(source)
    index = addresses.path(f"{source.path}.facets.json", pairs) if content else ""
    return PreparedFacets(True, table, index, name)


def _served(source: Source) -> Response:
    _, content = _written(source)
    if not content:
        raise Missing
    response = make_response(content)
    response.content_type = "application/json"
    return response


def _written(source: Source) -> tuple[str, bytes]:
    """Return the index of a list as a file, with its id; both empty where it has none."""
    here = view()

    def made() -> tuple[str, bytes]:
        index = facet_index(here, source)
        return (
            written(index, _labels(index), _pages(source, sum(map(len, index.rows))))
            if index
            else ("", b"")
        )

    return here.queries.once("facet index", (source, here.addresses), made)


def _pages(source: Source, rows: int) -> list[str]:
    """Return the addresses of the pages of a list."""
    of_class = "" if source.kind else source.of_class
    count = max(1, -(-rows // SIZE))
    numbers = ("" if number == 1 else str(number) for number in range(1, count + 1))
    return [
        view().addresses.path(source.path, [("class", of_class), ("page", number)])
        for number in numbers
    ]


def _labels(index: FacetIndex) -> dict[str, Text]:
    """Return what each facet of an index is called."""
    return {facet.name: facet.label or Text(_word(facet.name)) for facet in index.facets}


def _word(name: str) -> str:
    keys = {"sure": "list.sure", "larger": "column.large"}
    return words()[keys.get(name, f"column.{name}")]
