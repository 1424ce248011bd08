"""The explanations are the same in both languages, short, and show what runs."""

import re
from pathlib import Path

import pytest

from places import ROOT
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

FOLDER = ROOT / "docs" / "explanation"
NAMES = ("evidence", "graphs", "releases")
LONGEST = 750


def pages(name: str) -> tuple[str, str]:
    english, french = (FOLDER / f"{name}{code}.md" for code in ("", ".fr"))
    return english.read_text("utf-8"), french.read_text("utf-8")


def test_there_are_three_in_both_languages() -> None:
    files = {Path(f"{name}{code}.md") for name in NAMES for code in ("", ".fr")}
    assert {it.relative_to(FOLDER) for it in FOLDER.iterdir()} == files


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_and_are_short(name: str) -> None:
    english, french = pages(name)
    for pattern in (r"^#+", r"^- ", r"^\| ", r"^```\w+"):
        found = [re.findall(pattern, page, re.MULTILINE) for page in (english, french)]
        assert found[0] == found[1], pattern
    assert max(len(english.split()), len(french.split())) <= LONGEST


def test_the_sparql_tells_how_sure_each_innovation_is(store: EmbeddedStore) -> None:
    for page in pages("evidence"):
        [query] = re.findall(r"^```sparql\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
        told = {str(row["how"]).rpartition("#")[2].rstrip(">") for row in store.select(query)}
        assert told == {*CERTAINTIES}


def test_each_certainty_is_explained() -> None:
    for page in pages("evidence"):
        rows = re.findall(r"^\| \*\*\w+\*\* \(`rn:(\w+)`\)", page, re.MULTILINE)
        assert rows == [*CERTAINTIES][:: 1 if CERTAINTIES[0] == "explicit" else -1]
