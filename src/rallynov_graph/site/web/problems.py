"""Errors for programs: a problem in JSON (RFC 9457), or a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Response, make_response, request

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.responses import PROBLEM
from rallynov_graph.rdf.formats import GRAPHS, RESULTS_JSON, RESULTS_XML, Format
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.reader import words
from rallynov_graph.site.web.sections import FOR_PROGRAMS

_DATA: Final = (*GRAPHS, RESULTS_JSON, RESULTS_XML)
_TEXT: Final = Format("text", "Text", "text/plain", also=("text/csv",))
_JSON: Final = Format(
    PROBLEM.name,
    PROBLEM.label,
    PROBLEM.media_type,
    also=("application/json", *(name for f in _DATA for name in (f.media_type, *f.also))),
)
"""A request that accepts any of these has an error as JSON."""


@dataclass(frozen=True)
class ProblemText:
    """The content of an error, for a page or a program."""

    status: int
    key: int | str
    """What selects the words: the status, or the name of what happened."""
    near: tuple[Node, ...] = ()
    bad_parameters: tuple[BadParameter, ...] = ()
    formats: tuple[tuple[Format, str], ...] = ()
    only: str = ""
    """The key of words that are more precise than those of the status; empty without any."""
    without: str = ""
    """The address of the same page without what is refused; empty where it cannot be had so."""
    lists: tuple[Node, ...] = ()
    """The lists to start from where nothing is at an address."""


def wants_page() -> bool:
    """Return whether an error is a page: for browsers, and for requests that accept anything."""
    return _wanted_format() is HTML


def problem(text: ProblemText) -> Response:
    """Return an error for a program: JSON if it accepts JSON or data, else text."""
    colon = words()["site.colon"]
    sentences = [f"{bad.parameter}{colon} {_explanation(bad)}" for bad in text.bad_parameters] or [
        words()[text.only or f"error.text_{text.key}"]
    ]
    detail = " ".join(sentences)
    response = _written(
        text.status, detail, None if _wanted_format() is _TEXT else _members(text, detail)
    )
    response.headers["Content-Language"] = words().language
    return response


def refusal(refused: Refused) -> Response:
    """Return why a query has no answer, in the service's English: JSON if that is accepted."""
    members = _without_empty(
        type="about:blank",
        title=HTTPStatus(refused.status).phrase,
        status=refused.status,
        detail=refused.detail,
        line=refused.line,
        column=refused.column,
    )
    as_json = _wanted_format() is _JSON
    response = _written(refused.status, refused.detail, members if as_json else None)
    response.headers["Vary"] = "Accept"
    response.headers["Content-Language"] = "en"
    return response


def json_problem(status: int, detail: str, **members: Any) -> Response:
    """Return an error as JSON in the reader's language, for an address that only programs use."""
    title = HTTPStatus(status).phrase
    members_shown = _without_empty(
        type="about:blank", title=title, status=status, detail=detail, **members
    )
    response = _written(status, detail, members_shown)
    response.headers["Content-Language"] = words().language
    return response


def _written(status: int, detail: str, members: dict[str, Any] | None) -> Response:
    """Return an error as JSON with these members; as a sentence without any."""
    if members is None:
        response = make_response(f"{detail}\n", status)
        response.content_type = _TEXT.content_type
    else:
        response = make_response(json.dumps(members, ensure_ascii=False) + "\n", status)
        response.content_type = PROBLEM.content_type
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _wanted_format() -> Format:
    if request.path.startswith(FOR_PROGRAMS):
        return _JSON
    return best(request.headers.get("Accept"), (HTML, _JSON, _TEXT)) or HTML


def _members(text: ProblemText, detail: str) -> dict[str, Any]:
    """Return the members of a problem; one of status 404 always has ``near``."""
    members = _without_empty(
        type="about:blank",
        title=HTTPStatus(text.status).phrase,
        status=text.status,
        detail=detail,
        near=_links(text.near),
        without=text.without or None,
        parameters=[
            _without_empty(
                parameter=bad.parameter,
                detail=_explanation(bad),
                right=[node.text for node in bad.allowed],
                near=_links(bad.near),
            )
            for bad in text.bad_parameters
        ],
        formats=[{"type": form.media_type, "href": href} for form, href in text.formats],
    )
    if text.status == HTTPStatus.NOT_FOUND:
        members.setdefault("near", [])
    return members


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
