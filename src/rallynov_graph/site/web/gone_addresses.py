"""Addresses that the site had once.

Those of one document alone lead to the same of all documents, those of a former question to the
question that answers it now.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from flask import redirect, request
from werkzeug import Response

from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.error_pages import GoneAddress
from rallynov_graph.site.web.problems import wants_page
from rallynov_graph.site.web.reader import requested_address, site, view, words
from rallynov_graph.site.web.requested_address import RequestedAddress

DOCUMENT: Final = "document"
"""The parameter that led to a view, where a question has none of that name."""
_OF_VIEW: Final = re.compile(r"/only/[^/]+(/.*)?", re.DOTALL)
_OF_QUESTION: Final = re.compile(r"((?:/api)?/questions/)(\w+)((?:\.[a-z]+)?)")
_OF_DATA: Final = re.compile(r".*\.[a-z0-9]+|/(?:sparql|graphs|data|api|mcp|reconcile)(?:/.*)?")
"""The paths of what programs read."""


_CALENDAR: Final = "/stages.ics", "/downloads/stages.ics"


def lead_on() -> Response | None:
    """Redirect the page of one document to the same page of all; None for any other address.

    Raises GoneAddress for what programs read, since data of all would pass for those of one, and
    for what there is no more.
    """
    address = requested_address()
    if address.path in _CALENDAR and not site().foreign:
        stages = view().addresses.path("/list/stage", [("view", "timeline")])
        raise GoneAddress("error.calendar_gone", (Node(words()["kind.stage"], href=stages),))
    former = _former_question(address)
    if former:
        return redirect(former, 301)
    path = _OF_VIEW.fullmatch(address.path)
    if site().foreign or not (path or _asks_for_view()):
        return None
    below = (path[1] or "/") if path else address.path
    target = RequestedAddress(below, address.query).without(view().addresses, DOCUMENT)
    reads = request.method in ("GET", "HEAD")
    if not reads or not wants_page() or _OF_DATA.fullmatch(below):
        raise GoneAddress("error.view_gone", (Node(words()["error.view_of_all"], href=target),))
    return redirect(target, 301 if path else 303)


def _former_question(address: RequestedAddress) -> str:
    """Return where a question is answered that had this address; empty for any other address."""
    path = _OF_QUESTION.fullmatch(address.path)
    alias = site().catalogue.aliases.get(path[2]) if path else None
    if path is None or alias is None or site().foreign:
        return ""
    given = alias.parameters(dict(parse_qsl(address.query)))
    query = f"?{urlencode(given)}" if given else ""
    return f"{view().addresses.root}{path[1]}{alias.question}{path[3]}{query}"


def _asks_for_view() -> bool:
    """Return whether an address asks for a document, and is of no question that does so itself."""
    if DOCUMENT not in request.args or request.method not in ("GET", "HEAD"):
        return False
    name = request.path.rpartition("/")[2].partition(".")[0]
    question = site().catalogue.get(name) if "/questions/" in request.path else None
    return question is None or all(it.name != DOCUMENT for it in question.parameters)
