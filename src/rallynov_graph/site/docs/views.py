"""The documents of the program: their list, one of them, and the files that they link to."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, current_app, make_response, request

from rallynov_graph.site.docs.documents import (
    FROM_DEPLOY,
    LONGEST,
    NEEDS,
    Document,
    documents,
    files,
    find,
)
from rallynov_graph.site.docs.markdown_pages import (
    CodeWords,
    MarkdownText,
    html_of,
    markdown_text,
    title_of,
)
from rallynov_graph.site.model.addresses import Address, Addresses
from rallynov_graph.site.web.error_pages import Missing, near_paths
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import sent
from rallynov_graph.site.web.reader import is_page, view, words

blueprint = Blueprint("docs", __name__)

_SERVED: Final = {
    "ontology/context.jsonld": "/context.jsonld",
    "ontology/rallynov.ttl": "/ontology.ttl",
    "ontology/shapes.ttl": "/shapes.ttl",
}
"""The site's addresses for files elsewhere in the repository."""
_OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost")
_FROM_HEADINGS: Final = 4
"""The number of headings from which a document begins with a list of them."""


@blueprint.get("/docs")
def contents() -> str:
    """Show the documents by need, and those with the words that are searched for."""
    text, language = request.args.get("q", "").strip(), view().language
    found, have_all_words = find(text, language)
    groups = {
        need: [_listed(it, language) for it in documents().values() if it.need == need]
        for need in NEEDS
    }
    return page(
        "docs/contents.html",
        groups={need: listed for need, listed in groups.items() if listed},
        text=text[:LONGEST],
        found=found,
        have_all_words=have_all_words,
    )


def _listed(document: Document, language: str) -> Mapping[str, str]:
    """Return the list's entry of a document, with its language if it is not the reader's."""
    told = document.language_for(language)
    return {
        "name": document.name,
        "title": title_of(document.files[told], told),
        "language": told if told != language else "",
        "summary": document.summaries.get(language, ""),
    }


@blueprint.get("/docs/<path:name>")
def document(name: str) -> Response:
    """Show a document, or serve a file that documents link to; raise Missing, with near names."""
    if name in files():
        return sent(files()[name].path.read_bytes(), files()[name].media_type)
    found, addresses = documents().get(name), view().addresses
    if found is None:
        paths = {it: addresses.path(f"/docs/{it}") for it in documents()}
        raise Missing(near_paths(name.removesuffix(".md").removesuffix(".fr"), paths))
    told = (words()[key] for key in ("docs.code", "shared.table", "docs.drawing"))
    text = _text(found, addresses.language)
    large = [heading for heading in text.headings if heading.level == 2]
    links = DocumentLinks(found, text.language, addresses)
    return make_response(
        page(
            "docs/document.html",
            title=text.title,
            need=found.need,
            content=html_of(text, links.address, CodeWords(*told)),
            headings=large if len(large) >= _FROM_HEADINGS else (),
            text_language=text.language if text.language != addresses.language else "",
        )
    )


def _text(document: Document, language: str) -> MarkdownText:
    told = document.language_for(language)
    return markdown_text(document.files[told], told)


@dataclass(frozen=True)
class DocumentLinks:
    """The targets of the links of a document on a site."""

    document: Document
    language: str
    """That of its text."""
    addresses: Addresses

    def address(self, target: str) -> Address | None:
        """Return the target of a link; None if an installed program does not have it."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return None if parts.hostname in _OF_THIS_MACHINE else self.addresses.outside(target)
        if target.startswith("/"):
            shown = _is_shown(target) and not self.addresses.foreign
            return Address(self.addresses.path(target)) if shown else None
        if not parts.path:
            return Address(target)
        folder = posixpath.dirname(f"docs/{self.document.name}")
        path = posixpath.normpath(posixpath.join(folder, parts.path))
        if path in _SERVED and not self.addresses.foreign:
            return Address(self.addresses.file(_SERVED[path]))
        if path.startswith(FROM_DEPLOY):
            path = f"docs/{path}.txt"
        path = path.removeprefix("docs/")
        if path in files():
            return Address(self.addresses.file(f"/docs/{path}"))
        return self._of_document(path, unquote(parts.fragment))

    def _of_document(self, path: str, anchor: str) -> Address | None:
        """Return the page of a document, in the reader's language if the part exists there.

        A link from a French document to an English one means its French version, if there is one.
        """
        stem, told = path.removesuffix(".md"), "en"
        if stem.endswith(".fr"):
            stem, told = stem.removesuffix(".fr"), "fr"
        target = documents().get(stem)
        if target is None or not path.endswith(".md"):
            return None
        language = self.addresses.language
        lacks = bool(anchor) and anchor not in _text(target, language).anchors
        is_meant = self.language == "fr" and {"fr", told} <= {*target.files}
        if target == self.document or lacks or is_meant or told == "fr":
            language = told
        at = replace(self.addresses, language=language)
        return Address(at.path(f"/docs/{target.name}", anchor=anchor))


def _is_shown(path: str) -> bool:
    """Return whether a path alone is the address of a page of the site."""
    if not is_page(path):
        return False
    rules = current_app.url_map.iter_rules()
    return any(rule.rule == path and not rule.arguments for rule in rules)
