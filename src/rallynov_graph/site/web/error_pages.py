"""Errors: a page with the right status and what to try instead; a problem (RFC 9457) for programs.

An address that gave way to another leads there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request
from pyoxigraph import Literal, NamedNode
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import BadRequest, Gone, HTTPException, NotFound

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.http.responses import PROBLEM, RETRY_AFTER
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.formats import GRAPHS, RESULTS_JSON, RESULTS_XML, Format
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import (
    FOR_PROGRAMS,
    set_view,
    site,
    view,
    without_parameters,
    words,
)
from rallynov_graph.sparql.remote_errors import unexpected_answer

_DATA: Final = (*GRAPHS, RESULTS_JSON, RESULTS_XML)
_TEXT: Final = Format("text", "Text", "text/plain", also=("text/csv",))
_JSON: Final = Format(
    PROBLEM.name,
    PROBLEM.label,
    PROBLEM.media_type,
    also=("application/json", *(name for f in _DATA for name in (f.media_type, *f.also))),
)
"""A request that accepts any of these has an error as JSON."""


_NEAR: Final = 5
_LONGEST: Final = 120
"""A longer name is not compared with others."""
_FAILURES: Final = {Failure.LATE: 504, Failure.BUSY: 503}
"""The statuses for a remote server that is not simply unreachable."""
_PASSING: Final = (429, 503)
"""The statuses after which waiting helps."""
_REFUSALS: Final = (422, 429, 502, 503, 504)
"""The statuses of refused queries that visitors see; any other is a fault of our query."""
_HEADERS: Final = ("allow", "content-range", "location", "retry-after")
"""The headers of an error that its answer has."""

_OF_QUESTION: Final = re.compile(r"((?:/api)?/questions/)(\w+)((?:\.[a-z]+)?)")


class PageError(HTTPException):
    """An error that says more than its status."""

    words = ""
    """The key of words that are more precise than those of the status."""

    def __init__(
        self, near: tuple[Node, ...] = (), bad_parameters: tuple[BadParameter, ...] = ()
    ) -> None:
        super().__init__()
        self.near, self.bad_parameters = near, bad_parameters


class Missing(PageError, NotFound):
    """Nothing exists at this address; carries links to similar addresses."""


class SeveralThings(PageError):
    """An address that stood for several things; carries what a reader chooses from."""

    code = 300


class Unwritable(PageError):
    """The thing exists, but in none of the formats that the request accepts."""

    code = 406

    def __init__(self, formats: tuple[tuple[Format, str], ...]) -> None:
        super().__init__()
        self.formats = formats


class BadParameterError(PageError, BadRequest):
    """A page cannot be made with these parameters; each says which values are allowed."""

    def __init__(self, *bad_parameters: BadParameter) -> None:
        super().__init__(bad_parameters=bad_parameters)


def require_own_graph() -> None:
    """Raise Missing if the site serves another program's graph."""
    if site().foreign:
        raise not_of_this_graph()


def require_evidence() -> None:
    """Raise Missing where the statements of the graph have no evidence that we can read."""
    if not site().graph.has_evidence:
        raise not_of_this_graph()


def not_of_this_graph() -> Missing:
    """Return the error of an address that another graph than ours does not have."""
    error = Missing()
    error.words = "error.rallynov_only" if site().foreign else ""
    return error


def served_release() -> Release:
    """Return the served release; raise Missing if there is none."""
    release = site().release
    if release is None:
        error = Missing()
        error.words = "error.rallynov_only" if site().foreign else "error.release_only"
        raise error
    return release


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


def lead_on(iri: str) -> None:
    """Redirect to the replacement of a thing's address; the rest of the request is kept.

    Every address of the thing redirects to the corresponding one of its replacement: its page, its
    data in any format, its IRI. If there are several replacements, the reader chooses: they often
    share a name, and only their descriptions distinguish them.
    """
    successors = () if site().foreign else site().graph.successors.get(iri, ())
    if not successors:
        return
    if len(successors) == 1:
        abort(redirect(_instead(iri, successors[0]), 301))
    nodes = view().nodes(map(NamedNode, successors))
    raise SeveralThings(
        tuple(
            replace(
                nodes[NamedNode(now)],
                href=_instead(iri, now),
                text=f"{nodes[NamedNode(now)].text} ({view().addresses.short_or_iri(now)})",
            )
            for now in successors
        )
    )


def _instead(iri: str, now: str) -> str:
    """Return the address that is asked for, of another thing."""
    addresses = view().addresses
    short, short_now = addresses.short(iri) or "", addresses.short(now) or ""
    path = request.path.replace(f"/{short}", f"/{short_now}", 1)
    query = [(key, now if value == iri else value) for key, value in request.args.items(multi=True)]
    return addresses.file(path, query)


def redirect_former_question() -> AnyResponse | None:
    """Redirect from a former name of a question to its present form; None for any other address."""
    path = None if site().foreign else _OF_QUESTION.fullmatch(request.path)
    alias = site().catalogue.aliases.get(path[2]) if path else None
    if path is None or alias is None:
        return None
    given = alias.parameters(dict(parse_qsl(request.query_string.decode("latin-1"))))
    query = f"?{urlencode(given)}" if given else ""
    return redirect(f"{view().addresses.root}{path[1]}{alias.question}{path[3]}{query}", 301)


def register(app: Flask) -> None:
    """Register the handlers that answer errors with pages, or with problems for programs."""
    app.register_error_handler(HTTPException, _page_of)
    app.register_error_handler(EndpointError, _page_of_failure)
    app.register_error_handler(Refused, _page_of_refusal)
    app.register_error_handler(Exception, _page_of_bug)


def _page_of(error: HTTPException) -> Response:
    return _answer(error.code or 500, error)


def _page_of_failure(error: EndpointError) -> Response:
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


def _answer(status: int, error: Exception) -> Response:
    if "view" not in g:
        set_view(DEFAULT_LANGUAGE)
    g.pop("links", None)
    found = _problem(status, error)
    response = (
        make_response(page("base/error.html", problem=found, hidden=0), status)
        if wants_page()
        else _for_program(found)
    )
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() in _HEADERS:
                response.headers[name] = value
    response.headers["Vary"] = "Accept"
    return response


@dataclass(frozen=True)
class Problem:
    """The content of an error, for a page or a program."""

    status: int
    key: int
    """The status whose words it has."""
    near: tuple[Node, ...]
    bad_parameters: tuple[BadParameter, ...]
    formats: tuple[tuple[Format, str], ...]
    only: str
    """The key of words that are more precise than those of the status; empty without any."""
    without: str
    """The address of the same page without what is refused; empty if it cannot be had so."""
    lists: tuple[Node, ...]
    """The lists to start from where nothing is at an address."""


def _problem(status: int, error: Exception) -> Problem:
    key = 400 if status < 500 else 500
    if f"error.title_{status}" in words():
        key = status
    only: str = getattr(error, "words", "")
    if isinstance(error, Refused) and status in _REFUSALS:
        only = f"error.refused_{status}"
    bad: tuple[BadParameter, ...] = getattr(error, "bad_parameters", ())
    return Problem(
        status,
        key,
        getattr(error, "near", ()),
        bad,
        getattr(error, "formats", ()),
        only,
        _address_without(bad) if isinstance(error, BadParameterError) else "",
        _lists() if key == NotFound.code else (),
    )


def _lists() -> tuple[Node, ...]:
    """Return the links to the lists of the first kinds; none in a foreign graph."""
    if site().foreign:
        return ()
    named = {kind: words()[f"kind.{kind}"] for kind in FIRST_KINDS if f"kind.{kind}" in words()}
    path = view().addresses.path
    return tuple(Node(name, href=path(f"/list/{kind}")) for kind, name in named.items())


def _address_without(bad: tuple[BadParameter, ...]) -> str:
    """Return the requested address without a refused parameter; empty if the page needs it."""
    is_needed = not bad or not all(it.is_dispensable for it in bad)
    if request.method not in ("GET", "HEAD") or is_needed:
        return ""
    return without_parameters(*(pair for it in bad for pair in it.refused or (it.parameter,)))


def wants_page() -> bool:
    """Return whether an error is a page: for browsers, and for requests that accept anything."""
    return _wanted_format() is HTML


def _wanted_format() -> Format:
    if request.path.startswith(FOR_PROGRAMS):
        return _JSON
    return best(request.headers.get("Accept"), (HTML, _JSON, _TEXT)) or HTML


def _for_program(found: Problem) -> Response:
    """Return an error for a program: JSON if it accepts JSON or data, else text."""
    colon = words()["site.colon"]
    sentences = [f"{bad.parameter}{colon} {_explanation(bad)}" for bad in found.bad_parameters]
    detail = " ".join(sentences) or words()[found.only or f"error.text_{found.key}"]
    parameters = [
        _without_empty(
            parameter=bad.parameter,
            detail=_explanation(bad),
            right=[node.text for node in bad.allowed],
            near=_links(bad.near),
        )
        for bad in found.bad_parameters
    ]
    members: dict[str, object] = {
        "near": _links(found.near),
        "without": found.without or None,
        "parameters": parameters,
        "formats": [{"type": form.media_type, "href": href} for form, href in found.formats],
    }
    if found.status == HTTPStatus.NOT_FOUND and not found.near:
        del members["near"]
        members["near"] = ()  # any other error leaves out what it has none of
    return _written(found.status, detail, None if _wanted_format() is _TEXT else members)


def refusal(refused: Refused) -> Response:
    """Return why a query has no answer, in the service's English: JSON if that is accepted."""
    members = {"line": refused.line, "column": refused.column}
    response = _written(
        refused.status, refused.detail, members if _wanted_format() is _JSON else None
    )
    response.headers["Vary"] = "Accept"
    response.headers["Content-Language"] = "en"
    return response


def json_problem(status: int, detail: str, **members: Any) -> Response:
    """Return an error as JSON in the reader's language, for an address that only programs use."""
    return _written(status, detail, members)


def _written(status: int, detail: str, members: Mapping[str, Any] | None) -> Response:
    """Return an error as JSON with these members; as a sentence without any."""
    if members is not None:
        shown = _without_empty(
            type="about:blank",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            **members,
        )
        response = make_response(json.dumps(shown, ensure_ascii=False) + "\n", status)
        response.content_type = PROBLEM.content_type
    else:
        response = make_response(f"{detail}\n", status)
        response.content_type = _TEXT.content_type
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Language"] = words().language
    return response


def _without_empty(**members: Any) -> dict[str, Any]:
    """Return the members without null values and empty lists."""
    return {name: value for name, value in members.items() if value not in (None, [])}


def _explanation(bad: BadParameter) -> str:
    """Return the words for a parameter's allowed values and those that may be meant."""
    allowed = f" {', '.join(node.text for node in bad.allowed)}." if bad.allowed else ""
    near = ", ".join(f"{n.text} ({short_iri(n.iri)})" if n.iri else n.text for n in bad.near)
    near_words = f" {words()['error.near']} {near}." if near else ""
    return f"{words()[f'wrong.{bad.key}']}{allowed}{near_words}"


def _links(nodes: Iterable[Node]) -> list[dict[str, str]]:
    return [
        _without_empty(label=node.text, href=node.href or None, iri=node.iri or None)
        for node in nodes
    ]
