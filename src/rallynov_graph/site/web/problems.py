"""An error as programs want it: a problem in JSON (RFC 9457), or a sentence."""

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
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.reader import words

_DATA: Final = (*GRAPHS, RESULTS_JSON, RESULTS_XML)
_TEXT: Final = Format("text", "Text", "text/plain")
_TOLD_AS_JSON: Final = Format(
    PROBLEM.name,
    PROBLEM.label,
    PROBLEM.media_type,
    also=("application/json", *(name for f in _DATA for name in (f.media_type, *f.also))),
)
"""Who asks for any of these reads an error as JSON."""
_FOR_PROGRAMS: Final = ("/api/", "/reconcile")
"""Under these addresses only programs ask, whatever they say that they take."""


@dataclass(frozen=True)
class ProblemText:
    """What is said of an error, whoever asks."""

    status: int
    key: int
    """The status whose words are used."""
    near: tuple[Node, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    formats: tuple[tuple[Format, str], ...] = ()
    only: str = ""
    """The key of the words that say more than those of the status."""


def wants_page() -> bool:
    """Return whether an error is answered by a page: to browsers, and to who takes anything."""
    return _asked() is HTML


def problem(said: ProblemText) -> Response:
    """Return an error for a program: as JSON to who takes that or data, else as text."""
    colon = words()["site.colon"]
    told = [f"{it.parameter}{colon} {_right(it)}" for it in said.wrong] or [
        words()[said.only or f"error.text_{said.key}"]
    ]
    detail = " ".join(told)
    response = _written(said.status, detail, None if _asked() is _TEXT else _members(said, detail))
    response.headers["Content-Language"] = words().language
    return response


def refusal(refused: Refused) -> Response:
    """Return why a query has no answer, in the service's words: as JSON to who takes that."""
    members = _told(
        type="about:blank",
        title=HTTPStatus(refused.status).phrase,
        status=refused.status,
        detail=refused.detail,
        line=refused.line,
        column=refused.column,
    )
    as_json = _asked() is _TOLD_AS_JSON
    response = _written(refused.status, refused.detail, members if as_json else None)
    response.headers["Vary"] = "Accept"
    response.headers["Content-Language"] = "en"
    return response


def told(status: int, detail: str, **members: Any) -> Response:
    """Return what is wrong, in the reader's words, as JSON: whoever asks here is a program."""
    title = HTTPStatus(status).phrase
    said = _told(type="about:blank", title=title, status=status, detail=detail, **members)
    response = _written(status, detail, said)
    response.headers["Content-Language"] = words().language
    return response


def _written(status: int, detail: str, members: dict[str, Any] | None) -> Response:
    """Return a problem with these members, without any as a sentence."""
    if members is None:
        response = make_response(f"{detail}\n", status)
        response.content_type = _TEXT.content_type
    else:
        response = make_response(json.dumps(members, ensure_ascii=False) + "\n", status)
        response.content_type = PROBLEM.content_type
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _asked() -> Format:
    if request.path.startswith(_FOR_PROGRAMS):
        return _TOLD_AS_JSON
    return best(request.headers.get("Accept"), (HTML, _TOLD_AS_JSON, _TEXT)) or HTML


def _members(said: ProblemText, detail: str) -> dict[str, Any]:
    """Return the members of a problem; of what is not there, what is near, if only nothing."""
    members = _told(
        type="about:blank",
        title=HTTPStatus(said.status).phrase,
        status=said.status,
        detail=detail,
        near=_links(said.near),
        parameters=[
            _told(
                parameter=it.parameter,
                detail=_right(it),
                right=[node.text for node in it.right],
                near=_links(it.near),
            )
            for it in said.wrong
        ],
        formats=[{"type": form.media_type, "href": href} for form, href in said.formats],
    )
    if said.status == HTTPStatus.NOT_FOUND:
        members.setdefault("near", [])
    return members


def _told(**members: Any) -> dict[str, Any]:
    """Return the members without those that say nothing."""
    return {name: value for name, value in members.items() if value not in (None, [])}


def _right(it: Wrong) -> str:
    """Return which values are right for a parameter, and which may be meant."""
    right = f" {', '.join(node.text for node in it.right)}." if it.right else ""
    near = ", ".join(f"{n.text} ({short_iri(n.iri)})" if n.iri else n.text for n in it.near)
    meant = f" {words()['error.near']} {near}." if near else ""
    return f"{words()[f'wrong.{it.key}']}{right}{meant}"


def _links(nodes: Iterable[Node]) -> list[dict[str, str]]:
    return [_told(label=node.text, href=node.href or None, iri=node.iri or None) for node in nodes]
