"""The list of the documents, what a search over them finds, and one of them as a page."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from rallynov_graph.matching.words import TextPiece
from rallynov_graph.site.docs import document_search
from rallynov_graph.site.docs.listed_documents import FROM_DEPLOY, NEEDS, Document, documents, files
from rallynov_graph.site.docs.markdown_pages import (
    CodeWords,
    Heading,
    MarkdownText,
    html_of,
    markdown_text,
    title_of,
)
from rallynov_graph.site.model.addresses import Address, Addresses

IsPage = Callable[[str], bool]
"""Returns whether a path is that of a page of the site."""
_SERVED: Final = {
    "ontology/context.jsonld": "/context.jsonld",
    "ontology/rallynov.ttl": "/ontology.ttl",
    "ontology/shapes.ttl": "/shapes.ttl",
}
"""Where the site has what lies elsewhere in the repository."""
_OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost")
_FROM_HEADINGS: Final = 4
"""A document with so many headings has them listed at its head."""


@dataclass(frozen=True)
class DocumentLink:
    """A document in the list, or a part of one that was found."""

    href: str
    title: str
    language: str
    """Set where it is not the reader's."""
    summary: str = ""
    heading: str = ""
    pieces: tuple[TextPiece, ...] = ()


@dataclass(frozen=True)
class DocumentsPage:
    """The documents by need, or what a search over them found."""

    groups: tuple[tuple[str, tuple[DocumentLink, ...]], ...]
    text: str
    """What was searched for."""
    found: tuple[DocumentLink, ...] = ()
    have_all_words: bool = True


@dataclass(frozen=True)
class DocumentPage:
    """A document."""

    title: str
    need: str
    content: Markup
    headings: tuple[Heading, ...]
    """Its large parts, where there are enough of them to choose from."""
    language: str
    """That of its text, set where it is not the reader's."""


def documents_page(addresses: Addresses, text: str) -> DocumentsPage:
    """Return the list of the documents, and what is found where something is searched for."""
    groups = tuple(
        (need, tuple(_link(it, addresses) for it in documents().values() if it.need == need))
        for need in NEEDS
    )
    found = document_search.find(text, addresses.language)
    return DocumentsPage(
        tuple((need, links) for need, links in groups if links),
        text[: document_search.LONGEST],
        tuple(
            DocumentLink(
                addresses.path(f"/docs/{it.name}", anchor=it.anchor),
                it.title,
                it.language if it.language != addresses.language else "",
                heading=it.heading,
                pieces=it.pieces,
            )
            for it in found.sections
        ),
        found.have_all_words,
    )


def document_page(
    document: Document, addresses: Addresses, words: CodeWords, is_page: IsPage
) -> DocumentPage:
    """Return the page of a document in the reader's language, else in the one that it has."""
    text = _text(document, addresses.language)
    links = DocumentLinks(document, text.language, addresses, is_page)
    large = tuple(heading for heading in text.headings if heading.level == 2)
    return DocumentPage(
        text.title,
        document.need,
        html_of(text, links.address, words),
        large if len(large) >= _FROM_HEADINGS else (),
        text.language if text.language != addresses.language else "",
    )


def _link(document: Document, addresses: Addresses) -> DocumentLink:
    told = document.language_for(addresses.language)
    return DocumentLink(
        addresses.path(f"/docs/{document.name}"),
        title_of(document.files[told], told),
        told if told != addresses.language else "",
        document.summaries.get(addresses.language, ""),
    )


def _text(document: Document, language: str) -> MarkdownText:
    told = document.language_for(language)
    return markdown_text(document.files[told], told)


@dataclass(frozen=True)
class DocumentLinks:
    """Where the links of a document lead on a site."""

    document: Document
    language: str
    """That of its text."""
    addresses: Addresses
    is_page: IsPage

    def address(self, target: str) -> Address | None:
        """Return where a link leads; None where an installed program has nothing of it."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return None if parts.hostname in _OF_THIS_MACHINE else self.addresses.outside(target)
        if target.startswith("/"):
            shown = self.is_page(target) and not self.addresses.foreign
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
        """Return the page of a document, in the reader's language where that has the part.

        A French document that links to an English one, where there is a French one, means it.
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
