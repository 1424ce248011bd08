"""The web application of the desk, on this machine's own address, out of reach for others.

It answers in JSON, with errors in the page's language.
"""

import json
import logging
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as BaseResponse

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.desk.session.asked import ActRefused
from rallynov_graph.desk.session.reading_session import (
    ReadingSession,
    StaleVersion,
    UnwrittenAct,
    WorkingState,
)
from rallynov_graph.desk.session.shown_state import SessionViews, shown_differences
from rallynov_graph.desk.words import message
from rallynov_graph.desk_site import access
from rallynov_graph.desk_site.offered import Offered
from rallynov_graph.site.web import messages
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import WebApp, load_assets

blueprint: Final = Blueprint("desk", __name__)
_LONGEST_TYPED: Final = 2000
_LONGEST_ID: Final = 100
_TOO_LONG: Final = 413
_MOST_READ: Final = 64 << 20
EXTENSION: Final = "desk"
LOOPBACK: Final = "127.0.0.1"
LARGEST: Final = 1 << 20
"""How many bytes an act may have."""
_LANGUAGE: Final = "lang"


def language() -> str:
    given = request.args.get(_LANGUAGE, current_app.config.get("DESK_LANGUAGE", DEFAULT_LANGUAGE))
    return given if given in LANGUAGES else DEFAULT_LANGUAGE


def words() -> Messages:
    return messages.load()[language()]


def answer(content: Any, status: int = 200) -> Response:
    """Return data as JSON that is never cached."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, mimetype="application/json")


def said(key: str) -> str:
    """Return an error as JSON in that language."""
    return message(f"request.{key}")[language()]


def open_documents() -> Mapping[str, SessionViews]:
    return cast(Mapping[str, SessionViews], current_app.extensions[EXTENSION])


def _views(slug: str) -> SessionViews:
    found = open_documents().get(slug)
    if found is None:
        raise NotFound
    return found


def _session(slug: str) -> ReadingSession:
    return _views(slug).session


@blueprint.get("/")
def documents() -> BaseResponse | str:
    """Respond with the open documents, or with the only one."""
    views = open_documents()
    if len(views) == 1:
        return redirect(f"/{next(iter(views))}")
    return _page("desk/documents.html", sessions=[it.session for it in views.values()])


@blueprint.get("/<slug>")
def desk(slug: str) -> str:
    """Respond with the page of a document."""
    session = _session(slug)
    return _page("desk/desk.html", session=session, slug=slug)


@blueprint.get("/<slug>/text")
def text(slug: str) -> Response:
    """Respond with the text, with contact details masked."""
    return Response(_session(slug).document.shown, mimetype="text/plain")


@blueprint.get("/<slug>/state")
def state(slug: str) -> Response:
    session = _session(slug)
    current = session.current()
    if request.if_none_match.contains_weak(_tag(session, current)):
        found = Response(status=304)
    else:
        found = answer(_views(slug).whole(current, language()))
    found.set_etag(_tag(session, current))
    return found


@blueprint.get("/<slug>/differences")
def differences(slug: str) -> Response:
    """Respond with the differences between two readers, to a reader who asks for them."""
    try:
        return answer(shown_differences(_session(slug).document, language()))
    except RallynovError as error:
        more = f" {error}" if language() == "en" else ""
        return answer({"error": said("not two") + more}, 409)


@blueprint.get("/<slug>/properties")
def properties(slug: str) -> Response:
    """Respond with the properties of a thing, and why others are not allowed."""
    return answer(_offered(slug).properties(_typed("subject"), _typed("class")))


@blueprint.get("/<slug>/things")
def things(slug: str) -> Response:
    """Respond with things by the typed part of their names, and with those that can be created."""
    return answer(_offered(slug).things(_typed("q"), _typed("property")))


@blueprint.get("/<slug>/forms")
def forms(slug: str) -> Response:
    return answer(_offered(slug).forms())


@blueprint.get("/<slug>/facts")
def facts(slug: str) -> Response:
    """Respond with facts of all documents that match the typed text."""
    return answer(_offered(slug).facts(_typed("q"), _typed("about").split()))


@blueprint.get("/<slug>/reasons")
def reasons(slug: str) -> Response:
    return answer(_offered(slug).reasons(_typed("q")))


def _offered(slug: str) -> Offered:
    return Offered(_session(slug), language())


def _typed(name: str) -> str:
    """Return the typed text up to a limit that no name exceeds."""
    return request.args.get(name, "")[:_LONGEST_TYPED]


@blueprint.post("/<slug>/acts")
def acts(slug: str) -> Response:
    """Save an action, and respond with what it changed."""
    session, views = _session(slug), _views(slug)
    asked = _asked()
    if asked is None:
        return answer({"error": said("unreadable")}, 400)
    version = str(asked.get("version", ""))
    try:
        current = session.do(version, asked["do"], str(asked.get("id", ""))[:_LONGEST_ID])
    except StaleVersion:
        now = views.whole(session.current(), language())
        return answer({"error": said("stale"), "state": now}, 409)
    except ActRefused as error:
        return answer({"error": error.reasons[language()], "field": error.field}, 422)
    except UnwrittenAct as error:
        return answer({"error": error.reasons[language()]}, 507 if error.is_full else 500)
    found = answer(views.after(version, current, language()))
    found.set_etag(_tag(session, current))
    return found


def _asked() -> dict[str, Any] | None:
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    is_act = isinstance(found, dict) and isinstance(found.get("do"), dict)
    return cast(dict[str, Any], found) if is_act else None


def _read_to_the_end() -> None:
    """Read an oversized body: a browser that is still sending would not read the response."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, _MOST_READ)
    while left > 0 and (piece := stream.read(min(left, 1 << 16))):
        left -= len(piece)


def _tag(session: ReadingSession, current: WorkingState) -> str:
    others = "-".join(it.version for it in session.document.state_of_files())
    checks = "" if current.checked.is_current else "-checking"
    return f"{current.version}-{language()}-{others}{checks}"


def _page(template: str, **variables: object) -> str:
    secrets = cast(access.DeskAccess, current_app.extensions[access.EXTENSION])
    built = load_assets()
    return render_template(
        template,
        t=words(),
        language=language(),
        csrf=secrets.csrf,
        asset=built.path,
        certainties=CERTAINTIES,
        **variables,
    )


@blueprint.app_errorhandler(SourceError)
def file_fault(error: SourceError) -> Response:
    """Respond with a sentence about a faulty file of the document; nothing was done."""
    return answer({"error": error.text(language())}, 409)


@blueprint.app_errorhandler(HTTPException)
def http_fault(error: HTTPException) -> Response:
    status = error.code or 500
    if status == _TOO_LONG:
        _read_to_the_end()
    sentence = words().or_else("desk.error_" + str(status), error.description or "")
    if request.path.endswith(("/acts", "/state")) or isinstance(error, Forbidden):
        return answer({"error": sentence}, status)
    return Response(sentence, status, mimetype="text/plain")


def create_desk(
    sessions: Iterable[ReadingSession], secrets: access.DeskAccess, language: str
) -> Flask:
    """Return the WSGI application of the desk for the open documents."""
    app = WebApp()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.config["DESK_LANGUAGE"] = language
    app.extensions[EXTENSION] = {it.document.folder.slug: SessionViews(it) for it in sessions}
    app.extensions[access.EXTENSION] = secrets
    access.guard(app, secrets)
    app.register_blueprint(blueprint)
    return app


class _QuietHandler(WSGIRequestHandler):
    """Keeps the browser's connection open, and does not log requests."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing, because addresses contain the token."""


def serve(app: Flask, port: int, tell: Callable[[str], object]) -> None:
    """Serve until interrupted; print the address once it answers."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise RallynovError(
            f"Port {port} is taken or not allowed: name another with --port, or 0 for a free one.",
        ) from error
    with listener:
        port = listener.getsockname()[1]
        handler, number = _QuietHandler, listener.fileno()
        server = make_server(LOOPBACK, port, app, threaded=True, request_handler=handler, fd=number)
    server.daemon_threads = True  # type: ignore[attr-defined]
    tell(f"http://{LOOPBACK}:{port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
