"""The choice between all documents and one: the addresses of the same page in each view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rallynov_graph.base.typography import typeset
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.named_documents import NamedDocument
from rallynov_graph.release.release_set import ONLY
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress

DOCUMENT: Final = "document"
"""The parameter of an address that leads to the view of a document."""
ALL: Final = ("", "all", "tous")
"""Its values that mean all documents."""
MOST: Final = 12
"""How many documents are offered on each page, the latest; the list of documents has all."""
_NAMED: Final = 256
"""So many names are kept as they are shown: each page has those of all that it offers."""


@dataclass(frozen=True)
class DocumentOption:
    """A choice: all documents, or one."""

    name: Text
    href: str
    """The address of the same page."""
    is_current: bool


@dataclass(frozen=True)
class DocumentChoice:
    """What a page says of the documents that it is made from."""

    options: tuple[DocumentOption, ...]
    """All, then each document; none where there is one only."""
    more: int
    """How many documents are not offered."""
    name: Text | None
    """What the one is called that the page is a view of; None for all."""
    whole: str
    """The address of the same page of all documents."""


def addresses_of_view(context: RequestContext, document: NamedDocument | None) -> Addresses:
    """Return the addresses of the site in the view of a document; of all documents for None."""
    own, root = context.site.document, context.addresses.root
    if own is not None:
        root = root.removesuffix(f"{ONLY}/{own.slug}")
    view = f"{ONLY}/{document.slug}" if document is not None else ""
    return replace(context.addresses, root=f"{root}{view}")


def choice_of(context: RequestContext, address: RequestedAddress) -> DocumentChoice:
    """Return the choice between documents on the page of an address."""
    site, language = context.site, context.addresses.language
    rest = address.without(context.addresses, DOCUMENT)[len(context.addresses.root) :]

    def href(document: NamedDocument | None) -> str:
        return f"{addresses_of_view(context, document).root}{rest}"

    documents = site.documents if len(site.documents) > 1 else ()
    offered = [it for it in documents[-MOST:] if it != site.document]
    own = [] if site.document is None or not documents else [site.document]
    shown = sorted([*offered, *own], key=documents.index)
    options = tuple(
        DocumentOption(name_of(it, language), href(it), it == site.document) for it in shown
    )
    everything = DocumentOption(
        Text(context.words["documents.all"]), href(None), site.document is None
    )
    return DocumentChoice(
        (everything, *options) if options else (),
        len(documents) - len(shown),
        None if site.document is None else name_of(site.document, language),
        href(None),
    )


@lru_cache(_NAMED)
def name_of(document: NamedDocument, language: str) -> Text:
    """Return the name of a document for a reader, with a language where that is not theirs."""
    name, of_name = document.name(language), document.language_of_name(language)
    return Text(typeset(name, of_name or language), "" if of_name == language else of_name)
