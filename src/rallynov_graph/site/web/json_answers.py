"""What the addresses for programs share: absolute addresses, JSON and JSONP, paging, links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Response, jsonify, make_response, request

from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark
from rallynov_graph.site.web.reader import host_of_request, page_number, view
from rallynov_graph.site.web.url_parameters import BadParameterError

CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
LONGEST_CALLBACK: Final = 200
SIZE: Final = 100
"""The default number of entries on a page of an answer."""
MOST: Final = 1000
"""The largest number of entries on a page."""
MOST_RELATED: Final = 50
"""The largest number of related things that a header names."""


def whole_address(path: str) -> str:
    """Return an address of the site with its scheme and host."""
    return f"{host_of_request()}{path}"


def json_response(answer: object) -> Response:
    """Return an answer as JSON, or as JSONP where the request names a function.

    Raises BadParameterError for what is not the name of a function.
    """
    name = callback()
    if not name:
        return jsonify(answer)
    response = make_response(f"/**/{name}({json.dumps(answer)});")
    response.content_type = "text/javascript; charset=utf-8"
    return response


def callback() -> str:
    """Return the function name for JSONP, else an empty string; raise BadParameterError."""
    name = request.values.get("callback", "")
    if name and not (len(name) <= LONGEST_CALLBACK and CALLBACK.fullmatch(name)):
        raise BadParameterError(BadParameter("callback", "callback"))
    return name


@dataclass(frozen=True)
class Slice:
    """The page of a long answer that a request wants."""

    page: int
    size: int

    @property
    def start(self) -> int:
        """The number of entries before the page."""
        return (self.page - 1) * self.size

    @property
    def stop(self) -> int:
        """The number of entries up to the end of the page."""
        return self.start + self.size


def wanted_slice() -> Slice:
    """Return the page that the address asks for; raise BadParameterError for a wrong one."""
    text = request.args.get("size", str(SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        raise BadParameterError(BadParameter("size", "size"))
    return Slice(page_number(), int(text))


def page_links(wanted: Slice, total: int) -> dict[str, str | None]:
    """Return the addresses of the pages before and after a page; None without one."""
    return {
        "previous": _page_address(wanted.page - 1) if wanted.page > 1 else None,
        "next": _page_address(wanted.page + 1) if wanted.stop < total else None,
    }


def with_page_links(response: Response, links: Mapping[str, Any]) -> Response:
    """Return a response whose ``Link`` header has the pages before and after it."""
    relations = {"previous": "prev", "next": "next"}
    headers = [
        f'<{links[name]}>; rel="{rel}"' for name, rel in relations.items() if links.get(name)
    ]
    if headers:
        response.headers["Link"] = ", ".join(headers)
    return response


def with_related_links(response: Response, nodes: Sequence[Node]) -> Response:
    """Return a response whose ``Link`` headers name related things, the first of very many."""
    for node in nodes[:MOST_RELATED]:
        link = (
            f"<{_whole_address(node)}>; rel=\"related\"; title*=UTF-8''{quote(node.text, safe='')}"
        )
        response.headers.add("Link", link)
    return response


def with_open_questions(response: Response, marks: Iterable[OpenQuestionMark]) -> Response:
    """Return a response whose ``Link`` headers name the open questions that touch it."""
    return with_related_links(response, [mark.node for mark in marks])


def json_with_links(content: bytes, nodes: Sequence[Node]) -> bytes:
    """Return SPARQL results in JSON whose ``head.link`` has the addresses of related things."""
    if not nodes:
        return content
    results = json.loads(content)
    results["head"]["link"] = [_whole_address(node) for node in nodes]
    return json.dumps(results, ensure_ascii=False, separators=(",", ":")).encode()


def _whole_address(node: Node) -> str:
    return whole_address(node.href) if node.href else node.iri


def _page_address(page: int) -> str:
    parameters = {
        name: value for name, value in request.args.items() if name not in ("page", "lang")
    }
    pairs = [*parameters.items(), *([("page", str(page))] if page > 1 else [])]
    return whole_address(view().addresses.path(request.path, pairs))
