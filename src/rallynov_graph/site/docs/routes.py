"""The documents of the program: their list, one of them, and the files that they link to."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, request

from rallynov_graph.site.docs.listed_documents import documents, files
from rallynov_graph.site.docs.markdown_pages import CodeWords
from rallynov_graph.site.docs.page import document_page, documents_page
from rallynov_graph.site.web.error_pages import Missing, near_paths
from rallynov_graph.site.web.feature import is_page
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import view, words

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def contents() -> str:
    """Show the documents by need, or those with the words that are searched for."""
    shown = documents_page(view().addresses, request.args.get("q", "").strip())
    return page("docs/contents.html", page=shown)


@blueprint.get("/docs/<path:name>")
def document(name: str) -> Response:
    """Show a document, or serve a file that documents link to; raise Missing with near ones."""
    if name in files():
        return _file(name)
    found = documents().get(name)
    if found is None:
        paths = {it: view().addresses.path(f"/docs/{it}") for it in documents()}
        raise Missing(near_paths(name.removesuffix(".md").removesuffix(".fr"), paths))
    told = CodeWords(
        words()["docs.code"],
        words()["shared.table"],
        words()["docs.drawing"],
        words()["site.external"],
    )
    shown = document_page(found, view().addresses, told, _is_page)
    return make_response(page("docs/document.html", page=shown))


def _file(name: str) -> Response:
    file = files()[name]
    response = make_response(file.path.read_bytes())
    response.content_type = file.media_type
    return response


def _is_page(path: str) -> bool:
    """Return whether a path alone is the address of a page of the site."""
    if not is_page(path):
        return False
    return any(
        rule.rule == path and not rule.arguments for rule in current_app.url_map.iter_rules()
    )
