"""Who gets in at the desk: the browser that was given the address, from a page of its own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from decided import lines_of
from desks import Desk, desk, proposal, small_desk
from other_user import as_another_user, needs_root
from small_programme import SmallProgramme

NUMBER = " ".join(f"{pair:02}" for pair in (1, 99, 0, 12, 34))
"""As a telephone number is printed, of the range that is kept for fiction."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallProgramme:
    text = f"Lettre n° 1\n\nAnne Orvault, boulangère, répond au {NUMBER}.\n"
    return small_desk(Path(tmp_path_factory.mktemp("access")), text)


@pytest.fixture(scope="module")
def window(small: SmallProgramme) -> Iterator[Desk]:
    with desk(small.root, small.slug, slug=small.slug) as running:
        yield running


def test_nobody_gets_in_without_the_token(window: Desk) -> None:
    stranger = Desk(window.address, window.process, window.slug)
    for path in ("/", f"/{window.slug}", f"/{window.slug}/state", f"/{window.slug}/text"):
        answer = stranger.ask("GET", path)
        assert answer.status == 403 and "rallynov desk" in json.loads(answer.text)["error"]
    assert stranger.ask("GET", "/?token=wrong").status == 403
    stranger.cookie = f"{window.cookie.partition('=')[0]}=wrong"
    assert stranger.ask("GET", f"/{window.slug}/state").status == 403
    cookie = stranger.window(window.slug).cookie
    assert cookie == window.cookie and window.token not in cookie
    assert window.ask("GET", f"/?token={window.token}").status == 302, "its browser comes again"


def test_an_address_opens_the_desk_once(small: SmallProgramme) -> None:
    with desk(small.root, small.slug) as running:
        path = f"/?token={running.token}"
        entered = running.ask("GET", path)
        assert (entered.status, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        assert running.ask("GET", path).status == 403
        first = running.token
        running.window(small.slug)
        assert running.token != first, "it prints a new one"
        assert running.ask("GET", path).status == 403


@needs_root
def test_another_user_who_sees_the_address_does_not_get_in(small: SmallProgramme) -> None:
    with desk(small.root, small.slug) as running:
        path = f"/?token={running.token}"
        assert as_another_user(lambda: running.ask("GET", path).status == 403)
        with ExitStack() as opened:  # the same port leads this user to other servers
            port = opened.enter_context(from_port(0, listening(opened))).getsockname()[1]
            for _ in range(7):
                opened.enter_context(from_port(port, listening(opened)))
            assert as_another_user(lambda: status_from(port, running, path) == 403)
        assert running.ask("GET", path).status == 303


def listening(opened: ExitStack) -> tuple[str, int]:
    """Return where a server listens until all that was opened is closed."""
    return opened.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()


def from_port(port: int, address: tuple[str, int]) -> socket.socket:
    """Return a connection to a server from a port, which others may be from too."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    connection.bind(("127.0.0.1", port))
    connection.connect(address)
    return connection


def status_from(port: int, running: Desk, path: str) -> int:
    """Return the status of the answer to a request from a port."""
    place = urlsplit(running.address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
    connection.sock = from_port(port, (place.hostname or "", place.port or 0))
    connection.request("GET", path)
    return connection.getresponse().status


def test_another_host_or_page_is_refused(small: SmallProgramme, window: Desk) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[::1]"):
        assert window.ask("GET", f"/{window.slug}/state", Host=host).status == 403
    wanted = proposal(window.state(), "person")["id"]
    body = {"version": window.version, "do": {"act": "accept", "proposal": wanted}}
    path, own = f"/{window.slug}/acts", {"Origin": window.origin, "X_Desk": window.csrf}
    for changed in (
        {"X_Desk": window.csrf},
        {**own, "Origin": "https://evil.example"},
        {**own, "Origin": "null"},
        {**own, "Origin": window.origin.replace("http", "https")},
        {**own, "X_Desk": "wrong"},
        {"Origin": window.origin},
    ):
        assert window.ask("POST", path, body, **changed).status == 403
    preflight = window.ask("OPTIONS", path, Origin="https://evil.example")
    assert preflight.status == 403 and "access-control-allow-origin" not in preflight.headers
    assert not small.folder.path.exists(), "nothing was done"
    assert window.ask("PUT", path, body, **own).status == 405
    assert window.ask("POST", path, body, **own).status == 200


def test_a_page_can_load_and_send_nothing_elsewhere(window: Desk) -> None:
    for path in (f"/{window.slug}", f"/{window.slug}/state", f"/{window.slug}/text"):
        headers = window.ask("GET", path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "http" not in policy and "unsafe" not in policy and "*" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
    state = window.ask("GET", f"/{window.slug}/state")
    same = window.ask("GET", f"/{window.slug}/state", If_None_Match=state.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    port = urlsplit(window.address).port or 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=10)
    french = window.ask("GET", "/nulle-part?lang=fr")
    english = window.ask("GET", "/nowhere/state?lang=en")
    assert (french.status, english.status) == (404, 404)
    assert "ouvrez-le avec" in french.text
    assert "is not open: open it" in json.loads(english.text)["error"]
    for path in ("/sparql", "/about", "/api", "/id/person/x", "/page/person/x"):
        assert window.ask("GET", path).status == 404, "the desk has no address of the site"


def test_contacts_are_masked_and_never_written(small: SmallProgramme, window: Desk) -> None:
    text = window.ask("GET", f"/{window.slug}/text").text
    assert NUMBER[:5] not in text and len(text) == len(small.text.read_text("utf-8"))
    begun = window.state()
    window.version, contact = begun["version"], proposal(begun, "contact")
    assert text[contact["start"] : contact["end"]] == "•" * (contact["end"] - contact["start"])
    assert window.act("accept", proposal=contact["id"])[0] == 422
    refused = window.done("refuse", proposal=contact["id"])
    assert proposal(refused, "contact")["status"] == "refused"
    status, said = window.act(
        "state",
        words=[[contact["start"], contact["end"]]],
        subject={"new": f"Anne, {NUMBER}", "class": "foaf:Person"},
        property="schema:jobTitle",
        object={"text": "boulangère", "lang": "fr"},
    )
    assert (status, said["field"]) == (422, "subject")
    lines = lines_of(small.folder)
    assert NUMBER[:5] not in "".join(lines)
    assert f'"words":"{contact["start"]}-{contact["end"]}"' in lines[-1], "and has no digest"
