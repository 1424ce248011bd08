"""When there is no page: the right status, in the site's dress, with what to try instead.

Programs are told the same in JSON or as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Flask, Response, current_app, g, make_response
from pyoxigraph import Literal
from werkzeug.exceptions import Gone, HTTPException, NotFound

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.base.namespaces import ID
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.http.responses import RETRY_AFTER
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.problems import ProblemText, problem, wants_page
from rallynov_graph.site.web.reader import look, page, site, view, words
from rallynov_graph.sparql.remote.refusals import unexpected_answer

_NEAR: Final = 5
_FAILURES: Final = {Failure.LATE: 504, Failure.BUSY: 503}
"""The statuses of a server that fails in another way than being out of reach."""
_PASSING: Final = (429, 503)
"""Those after which it helps to wait."""
_REFUSALS: Final = (422, 429, 502, 503, 504)
"""The statuses of a refusal that are told as they are; a query of ours has no other fault."""
_LONGEST: Final = 120
"""A longer name is not compared with others."""


class Missing(NotFound):
    """Nothing is at this address; carries what is near, as links."""

    def __init__(
        self,
        near: tuple[Node, ...] = (),
        rallynov_only: bool = False,
        release_only: bool = False,
        wrong: tuple[Wrong, ...] = (),
    ) -> None:
        super().__init__()
        self.near = near
        self.wrong = wrong
        self.rallynov_only = rallynov_only
        self.release_only = release_only


class Unwritable(HTTPException):
    """The thing is there, in none of the formats that are asked for."""

    code = 406

    def __init__(self, links: tuple[tuple[Format, str], ...]) -> None:
        super().__init__()
        self.links = links


def missing(iri: str, kind: str, slug: str) -> HTTPException:
    """Return why there is nothing at the address of a thing: it was withdrawn, or never there."""
    if site().has_withdrawn(iri):
        return Gone()
    return Missing(near_things(kind, slug) if kind else ())


def near_things(kind: str, slug: str) -> tuple[Node, ...]:
    """Return the things whose addresses are near this one, of this kind first; else its list."""
    if len(slug) > _LONGEST:
        return ()
    seen = view()
    for prefix in dict.fromkeys((f"{ID}{kind}/", ID)):
        rows = seen.queries.rows("names_like", prefix=Literal(prefix)).rows
        slugs: dict[str, str] = {}
        for (thing,) in rows:
            iri = getattr(thing, "value", "")
            slugs.setdefault(iri.rpartition("/")[2], iri)
        found = near(slug, slugs, _NEAR)
        if found:
            nodes = seen.described(slugs[name] for name in found)
            return tuple(seen.thing(iri, described) for iri, described in nodes.items())
    key = f"kind.{kind}"
    if key not in words() or site().foreign:
        return ()
    return (Node(words()[key], href=seen.addresses.path(f"/list/{kind}")),)


def near_nodes(name: str, among: Mapping[str, Node]) -> tuple[Node, ...]:
    """Return what has a name in addresses that is near this one, as readers know it."""
    if len(name) > _LONGEST:
        return ()
    return tuple(among[n] for n in near(name, among, _NEAR))


def near_paths(name: str, among: Mapping[str, str]) -> tuple[Node, ...]:
    """Return links to the names that are near a name, for names that readers write themselves."""
    return near_nodes(name, {known: Node(known, href=href) for known, href in among.items()})


def register(app: Flask) -> None:
    """Let the app answer errors with pages, or as programs ask for them."""
    app.register_error_handler(HTTPException, _page_of)
    app.register_error_handler(EndpointError, _page_of_failure)
    app.register_error_handler(Refused, _page_of_refusal)
    app.register_error_handler(Exception, _page_of_bug)


def _page_of(error: HTTPException) -> Response:
    return _answer(error.code or 500, error)


def _page_of_failure(error: EndpointError) -> Response:
    """Tell that the server behind the site fails: that is neither the reader's fault nor ours."""
    current_app.logger.warning("%s", error)
    return _answer(_FAILURES.get(error.failure, 502), error)


def _page_of_refusal(refused: Refused) -> Response:
    """Tell that a question of ours has no answer within what one visitor may use."""
    if isinstance(refused, Left):
        return Response(status=refused.status)
    if refused.status not in _REFUSALS:
        return _page_of_bug(refused)
    response = _answer(refused.status, refused)
    if refused.status in _PASSING:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page_of_bug(error: Exception) -> Response:
    from rallynov_graph.sparql.remote.remote_store import RemoteStore

    store = site().graph.queries.store
    if isinstance(store, RemoteStore):
        return _page_of_failure(unexpected_answer(store.url, error))
    current_app.logger.exception("A page could not be made")
    if current_app.testing:
        raise error
    return _answer(500, error)


def _words_of(status: int, error: Exception) -> str:
    """Return the key of the words that fit an error better than those of its status, if any do."""
    if isinstance(error, Refused):
        return "error.refused_" + str(status) if status in _REFUSALS else ""
    return _what_only(error) if isinstance(error, Missing) else ""


def _what_only(error: Missing) -> str:
    """Return the key of the words for a page that exists for some graphs only."""
    here = site()
    if here.foreign and (error.rallynov_only or error.release_only):
        return "error.rallynov_only"
    return "error.release_only" if error.release_only and here.release is None else ""


def _answer(status: int, error: Exception) -> Response:
    if "view" not in g:
        look(DEFAULT_LANGUAGE)
    said = _said(status, error)
    response = (
        make_response(page("base/error.html", said=said), status) if wants_page() else problem(said)
    )
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() in ("allow", "content-range", "location", "retry-after"):
                response.headers[name] = value
    response.headers["Vary"] = "Accept"
    return response


def _said(status: int, error: Exception) -> ProblemText:
    """Return what is said of an error."""
    known = status if f"error.title_{status}" in words() else 400 if status < 500 else 500
    return ProblemText(
        status,
        known,
        error.near if isinstance(error, Missing) else (),
        error.wrong if isinstance(error, WrongParameter | Missing) else (),
        error.links if isinstance(error, Unwritable) else (),
        _words_of(status, error),
    )


def without(question: Question, asked: Iterable[str]) -> Missing:
    """Return which of the parameters asked the question has not, and which it has."""
    names = [parameter.name for parameter in question.parameters]
    right = tuple(map(Node, names))
    return Missing(
        wrong=tuple(Wrong(name, "parameter", right=right) for name in asked if name not in names)
    )
