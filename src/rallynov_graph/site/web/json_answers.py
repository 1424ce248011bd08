"""What the addresses for programs share: absolute addresses, and links to related things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from flask import Response

from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark
from rallynov_graph.site.web.reader import host_of_request

MOST_RELATED: Final = 50
"""The largest number of related things that a header names."""


def whole_address(path: str) -> str:
    """Return an address of the site with its scheme and host."""
    return f"{host_of_request()}{path}"


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
