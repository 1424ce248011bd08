"""The reading desk in a process of its own, and a reader's browser without its window."""

from __future__ import annotations

import http.client
import json
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from forking import Forked
from servers import Answer
from small_programme import SmallProgramme

CHECKED: Final = ("findings", "checking", "rechecking", "unchecked")
"""What a state has of checks, which may be ready at any moment."""
_ADDRESS: Final = re.compile(r"http://\S+\?token=\S+")


@dataclass
class Desk:
    """A running desk, and a window of it on one document."""

    address: str
    process: Forked
    slug: str = ""
    cookie: str = ""
    csrf: str = ""
    version: str = ""
    language: str = "fr"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where it answers, as browsers say it."""
        return "http://" + urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        """The secret in its address."""
        return self.address.partition("token=")[2]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request with the cookie; header names have underscores for hyphens."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request(method, path, content, {**cookie, **self.headers, **named})
            answer = connection.getresponse()
            lower = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, lower, answer.read())
        finally:
            connection.close()

    def window(self, slug: str) -> Desk:
        """Return another window, which has come in by the address with the token."""
        found = Desk(self.address, self.process, slug)
        entered = found.ask("GET", f"/?token={self.token}")
        if entered.status == 403:  # the address was used: the desk prints another one
            found.address = self.address = _printed(self.process)
            entered = found.ask("GET", f"/?token={self.token}")
        assert entered.status == 303, entered
        found.cookie = entered.headers["set-cookie"].partition(";")[0]
        page = found.ask("GET", f"/{slug}")
        assert page.status == 200, page.text
        found.csrf = re.search(r'name="desk-csrf" content="([^"]+)"', page.text)[1]  # type: ignore[index]
        found.version = found.state()["version"]
        return found

    def entry(self) -> str:
        """Return the path by which a browser comes in: an address opens the desk once."""
        visitor = Desk(self.address, self.process)
        path = f"/?token={self.token}"
        if visitor.ask("GET", path).status == 303:  # nobody had used it
            visitor.ask("GET", path)
        self.address = _printed(self.process)
        return f"/?token={self.token}"

    def state(self) -> dict[str, Any]:
        """Return the whole state, with the findings after the last act."""
        while True:
            found = self._unchecked()
            if found["checking"] or not found["rechecking"]:
                return found
            time.sleep(0.05)

    def _unchecked(self) -> dict[str, Any]:
        answer = self.ask("GET", f"/{self.slug}/state?lang={self.language}")
        return dict(json.loads(answer.text))

    def checked_act(self, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Return what an act is answered with, and the findings that it brought and healed."""
        before = self.state()["findings"]
        status, said = self.act(name, **more)
        after = self.state()["findings"]
        ids = [{it["id"] for it in findings} for findings in (before, after)]
        brought = [it for it in after if it["id"] not in ids[0]]
        return status, {
            **said,
            "brought": brought,
            "healed": [it for it in before if it["id"] not in ids[1]],
        }

    def act(self, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Return what an act is answered with; the next one goes on from there."""
        body = {"version": self.version, "do": {"act": name, **more}}
        answer = self.ask(
            "POST",
            f"/{self.slug}/acts?lang={self.language}",
            body,
            Origin=self.origin,
            X_Desk=self.csrf,
        )
        said = json.loads(answer.text)
        self.version = said.get("version", self.version)
        return answer.status, said

    def done(self, name: str, **more: Any) -> dict[str, Any]:
        """Return the state after an act that is done, with the findings of an earlier one.

        A page comes to the same by what changed.
        """
        before = self._unchecked()
        status, said = self.act(name, **more)
        assert status == 200, said
        after = self._unchecked()
        if "changed" in said:
            told = spliced(before, said["changed"])
            assert {k: v for k, v in told.items() if k not in CHECKED} == {
                k: v for k, v in after.items() if k not in CHECKED
            }
        return after


def refused(folder: Path, *arguments: object) -> tuple[int, str]:
    """Return how a desk that cannot be opened ends, and what it says."""
    process = Forked("desk", "--no-browser", str(folder), *map(str, arguments))
    try:
        status = process.wait(60)
    finally:
        process.send_signal(signal.SIGKILL)
    return status, process.communicate()[1]


def spliced(state: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state with what an act changed of it, as the page has it then."""
    found = dict(state)
    for key, value in changed.items():
        if not isinstance(state[key], list):
            found[key] = value
            continue
        found[key] = list(state[key])
        for at, drop, items in value:
            found[key][at : at + drop] = items
    return found


def _printed(process: Forked) -> str:
    said = process.stdout.readline()
    found = _ADDRESS.search(said)
    assert found, f"the desk said {said!r} {process.stderr.read() if not said else ''}"
    return found[0]


@contextmanager
def desk(
    folder: Path, *arguments: object, slug: str = "", before: Callable[[], None] | None = None
) -> Iterator[Desk]:
    """Run ``rallynov desk`` until the block ends; yield a window on a document if one is named.

    ``before``, a function of a module, is called in its process first.
    """
    process = Forked("desk", "--no-browser", str(folder), *map(str, arguments), before=before)
    try:
        running = Desk(_printed(process), process)
        yield running.window(slug) if slug else running
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)


def small_desk(root: Path, text: str = "") -> SmallProgramme:
    """Return a small programme whose text lies where the desk finds it."""
    made = SmallProgramme.made(root, **({"text": text} if text else {}))
    (root / "texts").mkdir()
    made.text.rename(root / "texts" / made.text.name)
    return SmallProgramme(root, root / "texts" / made.text.name)


def proposal(state: Mapping[str, Any], kind: str, label: str = "") -> dict[str, Any]:
    """Return a proposal of a kind."""
    return next(
        dict(it) for it in state["proposals"] if it["kind"] == kind and label in it["label"]
    )


def fact(state: Mapping[str, Any], name: str, of: str = "") -> dict[str, Any]:
    """Return a fact by the last part of its property."""
    return next(
        dict(it)
        for it in state["facts"]
        if re.split("[#/]", it["property"]["iri"])[-1] == name and of in it["subject"]["label"]
    )
