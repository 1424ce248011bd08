"""Addresses that name a document lead to its view, as the path of a view is where it is kept."""

from __future__ import annotations

from flask import redirect, request
from werkzeug import Response
from werkzeug.exceptions import Gone

from rallynov_graph.base.errors import AmbiguousNameError, QueryError, UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.thing_names import as_iri
from rallynov_graph.release.named_documents import NamedDocument, document_named
from rallynov_graph.release.release_set import split_view_path
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.document_choice import ALL, DOCUMENT, addresses_of_view, name_of
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import request_context, requested_address, site
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.url_parameters import BadParameterError


def lead_to_view() -> Response | None:
    """Redirect an address with ``document`` to the view of that document, or to all of them.

    All else that it asks for stays, but for the number of its page: a list may be shorter there.
    """
    reads = request.method in ("GET", "HEAD")
    if DOCUMENT not in request.args or site().foreign or not reads or _asks_it_itself():
        return None
    text = request.args[DOCUMENT].strip()
    document = None if text in ALL else named_document(text)
    return redirect(same_page(document), 303)


def same_page(document: NamedDocument | None) -> str:
    """Return the address of the requested page in the view of a document; of all for None."""
    address = requested_address()
    _, below = split_view_path(address.path)
    if below:  # of a view that does not answer
        address = RequestedAddress(below, address.query)
    return address.without(addresses_of_view(request_context(), document), DOCUMENT)


def named_document(text: str) -> NamedDocument:
    """Return the document that a text means.

    Raises Missing for one that is not there, Gone for a withdrawn one, BadParameterError where
    several are meant or no release is at hand.
    """
    if site().release is None:
        raise BadParameterError(BadParameter(DOCUMENT, "needs_release"))
    documents = site().documents
    try:
        return document_named(text, documents)
    except AmbiguousNameError as error:
        meant = [it for it in documents if f"document/{it.slug}" in error.bearers]
        raise BadParameterError(
            BadParameter(DOCUMENT, "document_of_several", tuple(map(_node, meant)))
        ) from None
    except (UnknownNameError, QueryError) as error:
        if _was_withdrawn(text):
            raise Gone from None
        known = {it.slug: it for it in documents}
        near = [known[slug] for slug in getattr(error, "near", ()) if slug in known]
        allowed = () if near else tuple(map(_node, documents))
        raise Missing(
            tuple(map(_node, near)),
            bad_parameters=(BadParameter(DOCUMENT, "document", allowed=allowed),),
        ) from None


def refuse_view_of(question: Question) -> None:
    """Raise BadParameterError where a question compares documents, and this is a view of one."""
    if question.compares_documents and site().document is not None:
        whole = Node(question.name, href=same_page(None))
        raise BadParameterError(BadParameter(DOCUMENT, "compares_documents", allowed=(whole,)))


def _node(document: NamedDocument) -> Node:
    """Return a link to the requested page in a document's view."""
    name = name_of(document, request_context().addresses.language)
    return Node(name.value, name.language, href=same_page(document), iri=document.iri)


def _was_withdrawn(text: str) -> bool:
    try:
        named = [as_iri(text), as_iri(f"document/{text}")]
    except QueryError:
        return False
    iris = [it.value for it in named if it is not None]
    return any(site().has_withdrawn(iri) for iri in iris) or site().has_withdrawn(
        f"{ID}document/{text}"
    )


def _asks_it_itself() -> bool:
    """Return whether the address is of a question that has such a parameter."""
    name = request.path.rpartition("/")[2].partition(".")[0]
    question = site().catalogue.get(name)
    if question is None or "/questions/" not in request.path:
        return False
    return any(it.name == DOCUMENT for it in question.parameters)
