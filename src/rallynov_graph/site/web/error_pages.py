"""Error pages: the right status, with what to try instead.

Programs have the same in JSON or as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Flask, Response, current_app, g, make_response, request
from pyoxigraph import Literal
from werkzeug.exceptions import Gone, HTTPException, NotFound

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.base.namespaces import ID
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.http.responses import RETRY_AFTER
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.leading_on import SeveralThings
from rallynov_graph.site.web.problems import ProblemText, problem, wants_page
from rallynov_graph.site.web.reader import (
    page,
    requested_address,
    set_view,
    site,
    view,
    words,
)
from rallynov_graph.site.web.url_parameters import BadParameterError
from rallynov_graph.sparql.remote_errors import unexpected_answer

_NEAR: Final = 5
_FAILURES: Final = {Failure.LATE: 504, Failure.BUSY: 503}
"""The statuses for a remote server that is not simply unreachable."""
_PASSING: Final = (429, 503)
"""The statuses after which waiting helps."""
_REFUSALS: Final = (422, 429, 502, 503, 504)
"""The statuses of refused queries that visitors see; any other is a fault of our query."""
_LONGEST: Final = 120
"""A longer name is not compared with others."""


class Missing(NotFound):
    """Nothing is at this address; carries links to what is near."""

    def __init__(
        self,
        near: tuple[Node, ...] = (),
        rallynov_only: bool = False,
        release_only: bool = False,
        bad_parameters: tuple[BadParameter, ...] = (),
    ) -> None:
        super().__init__()
        self.near = near
        self.bad_parameters = bad_parameters
        self.rallynov_only = rallynov_only
        self.release_only = release_only


def require_own_graph() -> None:
    """Raise Missing where the site serves another graph than ours."""
    if site().foreign:
        raise Missing(rallynov_only=True)


def served_release() -> Release:
    """Return the release that is served; raise Missing where none is."""
    release = site().release
    if release is None:
        raise Missing(release_only=True)
    return release


class GoneAddress(Gone):
    """The site had something at this address once; carries what to say, and what is near."""

    def __init__(self, words: str, near: tuple[Node, ...]) -> None:
        super().__init__()
        self.words, self.near = words, near


class Unwritable(HTTPException):
    """The thing exists, but in none of the formats that the request accepts."""

    code = 406

    def __init__(self, links: tuple[tuple[Format, str], ...]) -> None:
        super().__init__()
        self.links = links


def missing(iri: str, kind: str, slug: str) -> HTTPException:
    """Return the error of a thing's address: 410 if it was withdrawn, else 404."""
    if site().has_withdrawn(iri):
        return Gone()
    return Missing(near_things(kind, slug) if kind else ())


def near_things(kind: str, slug: str) -> tuple[Node, ...]:
    """Return the things with a similar address, first of this kind; else the list of the kind."""
    if len(slug) > _LONGEST:
        return ()
    graph_view = view()
    for prefix in dict.fromkeys((f"{ID}{kind}/", ID)):
        rows = graph_view.queries.rows("names_like", prefix=Literal(prefix)).rows
        slugs: dict[str, str] = {}
        for (thing,) in rows:
            iri = getattr(thing, "value", "")
            slugs.setdefault(iri.rpartition("/")[2], iri)
        found = near(slug, slugs, _NEAR)
        if found:
            nodes = graph_view.described(slugs[name] for name in found)
            return tuple(graph_view.thing(iri, described) for iri, described in nodes.items())
    key = f"kind.{kind}"
    if key not in words() or site().foreign:
        return ()
    return (Node(words()[key], href=graph_view.addresses.path(f"/list/{kind}")),)


def near_nodes(name: str, among: Mapping[str, Node]) -> tuple[Node, ...]:
    """Return the nodes whose names are similar to a name."""
    if len(name) > _LONGEST:
        return ()
    return tuple(among[n] for n in near(name, among, _NEAR))


def near_paths(name: str, among: Mapping[str, str]) -> tuple[Node, ...]:
    """Return links to the names that are similar to a name."""
    return near_nodes(name, {known: Node(known, href=href) for known, href in among.items()})


def register(app: Flask) -> None:
    """Register the handlers that answer errors with pages, or with problems for programs."""
    app.register_error_handler(HTTPException, _page_of)
    app.register_error_handler(EndpointError, _page_of_failure)
    app.register_error_handler(Refused, _page_of_refusal)
    app.register_error_handler(Exception, _page_of_bug)


def _page_of(error: HTTPException) -> Response:
    return _answer(error.code or 500, error)


def _page_of_failure(error: EndpointError) -> Response:
    """Return the page for a failure of the remote server behind the site."""
    current_app.logger.warning("%s", error)
    return _answer(_FAILURES.get(error.failure, 502), error)


def _page_of_refusal(refused: Refused) -> Response:
    """Return the page for a query of ours that was refused within a visitor's limits."""
    if isinstance(refused, Left):
        return Response(status=refused.status)
    if refused.status not in _REFUSALS:
        return _page_of_bug(refused)
    response = _answer(refused.status, refused)
    if refused.status in _PASSING:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page_of_bug(error: Exception) -> Response:
    from rallynov_graph.sparql.remote_store import RemoteStore

    store = site().graph.queries.store
    if isinstance(store, RemoteStore):
        return _page_of_failure(unexpected_answer(store.url, error))
    current_app.logger.exception("A page could not be made")
    if current_app.testing:
        raise error
    return _answer(500, error)


def _words_of(status: int, error: Exception) -> str:
    """Return the key of words more precise than those of the status, or an empty string."""
    if isinstance(error, Refused):
        return "error.refused_" + str(status) if status in _REFUSALS else ""
    if isinstance(error, GoneAddress):
        return error.words
    return _words_of_missing(error) if isinstance(error, Missing) else ""


def _words_of_missing(error: Missing) -> str:
    """Return the key of the words for a page that only some graphs have."""
    this_site = site()
    if this_site.foreign and (error.rallynov_only or error.release_only):
        return "error.rallynov_only"
    return "error.release_only" if error.release_only and this_site.release is None else ""


def _answer(status: int, error: Exception) -> Response:
    if "view" not in g:
        set_view(DEFAULT_LANGUAGE)
    text = _problem_text(status, error)
    response = (
        make_response(page("base/error.html", problem=text), status)
        if wants_page()
        else problem(text)
    )
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() in ("allow", "content-range", "location", "retry-after"):
                response.headers[name] = value
    response.headers["Vary"] = "Accept"
    return response


def _problem_text(status: int, error: Exception) -> ProblemText:
    """Return the content of an error."""
    known: int | str = 400 if status < 500 else 500
    if isinstance(error, GoneAddress):
        known = "gone"
    elif f"error.title_{status}" in words():
        known = status
    near = error.near if isinstance(error, Missing | SeveralThings | GoneAddress) else ()
    return ProblemText(
        status,
        known,
        near,
        error.bad_parameters if isinstance(error, BadParameterError | Missing) else (),
        error.links if isinstance(error, Unwritable) else (),
        _words_of(status, error),
        _address_without(error),
        _lists() if known == NotFound.code else (),
    )


def _lists() -> tuple[Node, ...]:
    """Return the links to the lists of the first kinds; none where the graph is another one."""
    if site().foreign:
        return ()
    named = {kind: words()[f"kind.{kind}"] for kind in FIRST_KINDS if f"kind.{kind}" in words()}
    path = view().addresses.path
    return tuple(Node(name, href=path(f"/list/{kind}")) for kind, name in named.items())


def _address_without(error: Exception) -> str:
    """Return the requested address without what is refused; empty where the page needs it."""
    bad = error.bad_parameters if isinstance(error, BadParameterError) else ()
    if request.method not in ("GET", "HEAD") or not bad or not all(b.is_dispensable for b in bad):
        return ""
    refused = (pair for it in bad for pair in it.refused or (it.parameter,))
    return requested_address().without(view().addresses, *refused)


def unknown_parameters(question: Question, written: Iterable[str]) -> Missing:
    """Return the error of parameters that a question has not, with those that it has."""
    names = [parameter.name for parameter in question.parameters]
    allowed = tuple(map(Node, names))
    return Missing(
        bad_parameters=tuple(
            BadParameter(name, "parameter", allowed=allowed)
            for name in written
            if name not in names
        )
    )
