"""``/mcp``: the graph by the Model Context Protocol, read only, if the operator enabled it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from rallynov_graph.site.assistants import mcp_server
from rallynov_graph.site.assistants.tool_call import ToolCall
from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.reader import absolute, site, view

blueprint = Blueprint("assistants", __name__)

PATH: Final = "/mcp"
_NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OURS: Final = frozenset({"content-length", "connection", "transfer-encoding"})
_STRANGER: Final = (
    "This address answers no web page of another site: ask it without a browser, or from the site."
)
_TOO_LONG: Final = f"A message has {mcp_server.LONGEST_BODY >> 10} KiB at most."


@blueprint.route(PATH, methods=["GET", "POST", "DELETE"])
def mcp() -> Response:
    """Answer a message of the protocol; 403 for a page of another site, 404 if it is off."""
    if not site().publication.has_mcp:
        raise Missing
    require_own_graph()
    if not _is_welcome(request.headers.get("Origin", ""), request.host):
        return _refused(403, _STRANGER)
    if request.method == "GET":
        return _refused(405, "There is nothing to listen to: send messages by POST.")
    request.max_content_length = mcp_server.LONGEST_BODY
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return _refused(413, _TOO_LONG)
    found = mcp_server.answered(_calls(), request.method, [*request.headers.items()], body)
    headers = [(name, value) for name, value in found.headers if name.lower() not in _OURS]
    if found.status >= HTTPStatus.BAD_REQUEST and (sentence := mcp_server.long_error(found)):
        return _refused(found.status, sentence)
    response = Response(found.body, found.status, headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _calls() -> mcp_server.MakeCall:
    """Return the function that runs calls with the limits and the share of this request."""
    this_site, here = site(), view()
    base = absolute(here.addresses.root)

    def make(language: str, arguments: Mapping[str, Any]) -> ToolCall:
        addresses = replace(here.addresses, language=language)
        return ToolCall(this_site, replace(here, addresses=addresses), arguments, base)

    return make


def _is_welcome(origin: str, host: str) -> bool:
    """Return whether a request comes from no web page, or from one of this site.

    Of a site whose address nobody promised, only pages on the same machine are its own: a name
    that leads here may be anybody's.
    """
    if not origin:
        return True
    base = urlsplit(site().publication.base)
    try:
        asking, asked = urlsplit(origin), urlsplit(f"//{host}")
    except ValueError:
        return False
    if base.netloc:
        return (asking.scheme, asking.netloc) == (base.scheme, base.netloc)
    return asking.hostname in _NEAR and asked.hostname in _NEAR


def _refused(status: int, sentence: str) -> Response:
    response = Response(mcp_server.problem(sentence), status, content_type="application/json")
    if status == 405:
        response.headers["Allow"] = "POST"
    return response
