"""The addresses of the questions as programs read examples of queries.

SPARQL clients that complete or write queries read them: each question with its query, the prefixes,
and what the properties of each class lead to.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from rallynov_graph.exports.catalogues import (
    DOCUMENT_PREFIXES,
    LINKS,
    ExamplesDocument,
    examples,
    links,
)
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.site.web.error_pages import require_own_graph
from rallynov_graph.site.web.page_files import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import Files, absolute, site, view
from rallynov_graph.site.web.signposting import links_of_files, set_links

blueprint = Blueprint("examples", __name__)

PATH: Final = "/.well-known/sparql-examples"
_FILE: Final = "/sparql-examples"


@blueprint.get(PATH)
def well_known() -> Response:
    """Serve the questions in the format of the Accept header."""
    require_own_graph()
    form = negotiated_format(_files(), page=False)
    return negotiated(_document(form), form, _files())


@blueprint.get(f"{_FILE}.<suffix>")
def file(suffix: str) -> Response:
    """Serve the questions in the format of the suffix."""
    require_own_graph()
    return _document(format_of_suffix(suffix, _files()))


def _files() -> Files:
    return tuple((form, view().addresses.file(f"{_FILE}{form.suffix}")) for form in GRAPHS)


def _document(form: Format) -> Response:
    path = view().addresses.file
    document = ExamplesDocument(
        absolute(path(PATH)), absolute(path("/sparql")), absolute(path("/questions/"))
    )
    set_links(links_of_files(_files()))
    found = [
        *examples(document, site().catalogue.values()),
        *links(document, view().cached_rows(LINKS)),
    ]
    return graph_response(found, form, DOCUMENT_PREFIXES)
