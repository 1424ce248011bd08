"""Answers of the desk: JSON, and faults as a sentence in the page's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, current_app, request

from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.site.web import messages
from rallynov_graph.site.web.messages import Messages

LANGUAGE: Final = "lang"


def language() -> str:
    """Return the language of the page that asks."""
    given = request.args.get(LANGUAGE, current_app.config.get("DESK_LANGUAGE", DEFAULT_LANGUAGE))
    return given if given in LANGUAGES else DEFAULT_LANGUAGE


def words() -> Messages:
    """Return the words of that language."""
    return messages.load()[language()]


def answer(content: Any, status: int = 200) -> Response:
    """Return something as JSON, which no cache keeps."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, mimetype="application/json")


def fault(status: int, reasons: Mapping[str, str], **more: Any) -> Response:
    """Return what went wrong as a sentence."""
    return answer({"error": reasons[language()], **more}, status)
