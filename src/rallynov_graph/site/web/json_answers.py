"""What all addresses for programs share: whole addresses, JSON for old browsers, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Response, jsonify, make_response, request

from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.reader import page_number, view

CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
LONGEST_CALLBACK: Final = 200
SIZE: Final = 100
"""How many entries a page of an answer has where no size is asked for."""
MOST: Final = 1000
"""How many it has at most."""


def whole(path: str) -> str:
    """Return an address of the site with its host, for who reads it elsewhere."""
    return f"{request.scheme}://{request.host}{path}"


def data(answer: object) -> Response:
    """Return an answer as JSON; as a call of a function where one is named (JSONP).

    Raises WrongParameter for what is not the name of a function.
    """
    name = callback()
    if not name:
        return jsonify(answer)
    response = make_response(f"/**/{name}({json.dumps(answer)});")
    response.content_type = "text/javascript; charset=utf-8"
    return response


def callback() -> str:
    """Return the function that is to be called; raise WrongParameter for what is no name of one."""
    name = request.values.get("callback", "")
    if name and not (len(name) <= LONGEST_CALLBACK and CALLBACK.fullmatch(name)):
        raise WrongParameter(Wrong("callback", "callback"))
    return name


@dataclass(frozen=True)
class Slice:
    """Which entries of a long answer are wanted."""

    page: int
    size: int

    @property
    def start(self) -> int:
        """How many entries come before."""
        return (self.page - 1) * self.size

    @property
    def stop(self) -> int:
        """How many entries there are up to its end."""
        return self.start + self.size


def wanted() -> Slice:
    """Return which page is wanted; raise WrongParameter for a number or a size that is none."""
    text = request.args.get("size", str(SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        raise WrongParameter(Wrong("size", "size"))
    return Slice(page_number(), int(text))


def neighbours(at: Slice, total: int) -> dict[str, str | None]:
    """Return the addresses of the pages before and after one."""
    return {
        "previous": _at(at.page - 1) if at.page > 1 else None,
        "next": _at(at.page + 1) if at.stop < total else None,
    }


def linked(response: Response, links: Mapping[str, Any]) -> Response:
    """Return an answer whose header names the pages before and after it."""
    relations = {"previous": "prev", "next": "next"}
    told = [f'<{links[name]}>; rel="{rel}"' for name, rel in relations.items() if links.get(name)]
    if told:
        response.headers["Link"] = ", ".join(told)
    return response


def related(response: Response, nodes: Sequence[Node]) -> Response:
    """Return an answer whose header names things that touch it, with their names."""
    for node in nodes:
        link = f"<{_whole(node)}>; rel=\"related\"; title*=UTF-8''{quote(node.text, safe='')}"
        response.headers.add("Link", link)
    return response


def with_links(content: bytes, nodes: Sequence[Node]) -> bytes:
    """Return results in JSON whose head links to things that touch them, as the format has it."""
    if not nodes:
        return content
    told = json.loads(content)
    told["head"]["link"] = [_whole(node) for node in nodes]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _whole(node: Node) -> str:
    return whole(node.href) if node.href else node.iri


def _at(page: int) -> str:
    asked = {name: value for name, value in request.args.items() if name not in ("page", "lang")}
    pairs = [*asked.items(), *([("page", str(page))] if page > 1 else [])]
    return whole(view().addresses.path(request.path, pairs))
