"""The addresses of the desk."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.wrappers import Response as BaseResponse

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState
from rallynov_graph.desk.session.refused_acts import ActRefused, StaleVersion, UnwrittenAct
from rallynov_graph.desk.session.session_views import SessionViews
from rallynov_graph.desk.session.shown_differences import shown_differences, state_of_files
from rallynov_graph.desk.words import message
from rallynov_graph.desk_site import access
from rallynov_graph.desk_site.desk_answers import answer, fault, language, words
from rallynov_graph.desk_site.offered_things import OfferedThings
from rallynov_graph.desk_site.open_documents import open_documents
from rallynov_graph.site.web.site import load_assets

blueprint: Final = Blueprint("desk", __name__)
_LONGEST_TYPED: Final = 2000
_LONGEST_ID: Final = 100
_TOO_LONG: Final = 413
_MOST_READ: Final = 64 << 20


def _session(slug: str) -> ReadingSession:
    found = open_documents().sessions.get(slug)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/")
def documents() -> BaseResponse | str:
    """Answer with the documents that are open; with the one alone."""
    sessions = open_documents().sessions
    if len(sessions) == 1:
        return redirect(f"/{next(iter(sessions))}")
    return _page("desk/documents.html", sessions=[*sessions.values()])


@blueprint.get("/<slug>")
def desk(slug: str) -> str:
    """Answer with the page of a document."""
    session = _session(slug)
    return _page("desk/desk.html", session=session, slug=slug)


@blueprint.get("/<slug>/text")
def text(slug: str) -> Response:
    """Answer with the text, whose contacts are masked."""
    return Response(_session(slug).document.shown, mimetype="text/plain")


@blueprint.get("/<slug>/state")
def state(slug: str) -> Response:
    """Answer with the whole state."""
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
    """Answer with what two readers state otherwise; only a reader who asks sees the other one."""
    try:
        return answer(shown_differences(_session(slug).document, language()))
    except RallynovError as error:
        return fault(
            409, message("request.not two") | {"en": f"{message('request.not two')['en']} {error}"}
        )


@blueprint.get("/<slug>/properties")
def properties(slug: str) -> Response:
    """Answer with what may be said of a thing, and what may not with the reason."""
    offered = _offered(slug)
    return answer(offered.properties(_typed("subject"), _typed("class")))


@blueprint.get("/<slug>/things")
def things(slug: str) -> Response:
    """Answer with things by what was typed of their name, and what may be made new."""
    return answer(_offered(slug).things(_typed("q"), _typed("property")))


@blueprint.get("/<slug>/reasons")
def reasons(slug: str) -> Response:
    """Answer with reasons that were given before."""
    return answer(_offered(slug).reasons(_typed("q")))


def _offered(slug: str) -> OfferedThings:
    return OfferedThings(_session(slug), open_documents().properties[slug], language())


def _typed(name: str) -> str:
    """Return what was typed; nothing has a name that is longer."""
    return request.args.get(name, "")[:_LONGEST_TYPED]


@blueprint.post("/<slug>/acts")
def acts(slug: str) -> Response:
    """Answer with what changed by an act, which is written down then."""
    session = _session(slug)
    asked = _asked()
    if asked is None:
        return fault(400, message("request.unreadable"))
    version = str(asked.get("version", ""))
    try:
        current = session.do(version, asked["do"], str(asked.get("id", ""))[:_LONGEST_ID])
    except StaleVersion:
        return fault(
            409, message("request.stale"), state=_views(slug).whole(session.current(), language())
        )
    except ActRefused as error:
        return fault(422, error.reasons, field=error.field)
    except UnwrittenAct as error:
        return fault(507 if error.is_full else 500, error.reasons)
    found = answer(_views(slug).after(version, current, language()))
    found.set_etag(_tag(session, current))
    return found


def _views(slug: str) -> SessionViews:
    return open_documents().views[slug]


def _asked() -> dict[str, Any] | None:
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    is_act = isinstance(found, dict) and isinstance(found.get("do"), dict)
    return cast(dict[str, Any], found) if is_act else None


def _read_to_the_end() -> None:
    """Read what is too long: a browser that is still sending would not read the answer."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, _MOST_READ)
    while left > 0 and (piece := stream.read(min(left, 1 << 16))):
        left -= len(piece)


def _tag(session: ReadingSession, current: WorkingState) -> str:
    others = "-".join(it.version for it in state_of_files(session.document))
    checks = "" if current.checked.is_ready else "-checking"
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
    """Answer with what is wrong with a file of the document, in a sentence; nothing was done."""
    return answer({"error": error.text(language())}, 409)


@blueprint.app_errorhandler(HTTPException)
def http_fault(error: HTTPException) -> Response:
    """Answer with a sentence."""
    status = error.code or 500
    if status == _TOO_LONG:
        _read_to_the_end()
    sentence = words().or_else("desk.error_" + str(status), error.description or "")
    if request.path.endswith(("/acts", "/state")) or isinstance(error, Forbidden):
        return answer({"error": sentence}, status)
    return Response(sentence, status, mimetype="text/plain")
