"""What was cited of a release that an earlier version made still opens, and says the same."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import pytest

from places import TESTS
from reading_pages import Page
from servers import Server, serving

CITED: Final = TESTS / "cited"
NOTES: Final = json.loads((CITED / "notes.json").read_text("utf-8"))
PAGES: Final = {"thing.ris": "Vesoul", "question.bib": "abordent ce thème", "claim.json": "RIFC"}
"""The files that cite a page, each with words of that page's title."""
ANSWERS: Final = ("stages.txt", "carriers.bib", "tentative.json")
"""The files that cite an answer with its SHA-256."""


@pytest.fixture(scope="module")
def old_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the release, as it was made."""
    folder = tmp_path_factory.mktemp("cited")
    with tarfile.open(CITED / "release.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "14ddfe5205565035"


@pytest.fixture(scope="module")
def old_server(old_release: Path) -> Iterator[Server]:
    """The release, served."""
    with serving("--release", str(old_release)) as running:
        yield running


def page(server: Server, path: str) -> Page:
    """Return the page that an address leads to."""
    asked = Request(server.address + path, headers={"Accept": "text/html"})
    with urlopen(asked) as answer:
        return Page(answer.read().decode())


@pytest.mark.parametrize("name", [*PAGES, *ANSWERS])
def test_the_address_of_a_citation_opens(old_server: Server, name: str) -> None:
    text = (CITED / name).read_text("utf-8")
    address = re.search(r"https://graphe\.example\.org(/[^\s\"}#]+)", text)
    assert address
    found = page(old_server, address[1])
    assert PAGES.get(name, "") in found.one("h1").text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_cited_answer_is_the_same(
    rallynov: Callable[..., Any], old_release: Path, name: str
) -> None:
    ran = rallynov("cite", "verify", CITED / name, "--release", old_release)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("same: ")


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note["title"])
def test_an_evidence_note_says_what_it_said(old_server: Server, note: dict[str, Any]) -> None:
    found = page(old_server, note["address"])
    assert found.one("h1").text == note["title"]
    assert note["certainty"] in found.text
    for part in note["parts"]:
        assert part in found.text


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note["title"])
def test_an_evidence_note_is_found_in_the_data_of_today(server: Server, note: Any) -> None:
    assert page(server, note["address"]).one("h1").text == note["title"]


def test_the_files_of_the_release_are_served(old_server: Server) -> None:
    for path, start in {
        "/data/organisation/rifc.ttl": "",
        "/questions/stages.csv?certainty=explicit": "stage,",
        "/sparql?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fs+%3Fp+%3Fo%7D": "",
        "/downloads": "",
    }.items():
        answer = old_server.ask("GET", path)
        assert answer.status == 200 and answer.text.startswith(start), path
