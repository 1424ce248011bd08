"""The glossary is the same in both languages, and what is written keeps to its words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from places import ROOT
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.resources import ontology_dir, page_files

PAGES: Final = {"en": ROOT / "docs" / "glossary.md", "fr": ROOT / "docs" / "glossary.fr.md"}
UNUSED: Final = {"en": "## Words that we do not use", "fr": "## Les mots que nous n’employons pas"}
ROW: Final = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+) \|$", re.MULTILINE)
CODE: Final = re.compile(r"^```.*?^```$|`[^`]*`|\]\([^)]*\)|https?://\S+", re.DOTALL | re.MULTILINE)
NOT_HELD: Final = ("CHANGELOG.md", "mutations.md")
"""What tells a history, or what others named."""


def unused(language: str) -> dict[str, str]:
    """Return the words that are not used, each with what is said instead."""
    table = PAGES[language].read_text("utf-8").partition(UNUSED[language])[2]
    rows = re.findall(r"^\| (`.+`) \| (.+?) \|$", table, re.MULTILINE)
    return {word: instead for words, instead in rows for word in re.findall("`(.+?)`", words)}


@cache
def written(language: str) -> dict[str, str]:
    """Return what readers see in a language, by where it is written: documents, pages, messages."""
    found = {}
    folders = (ROOT, *(ROOT / "docs" / name for name in ("", "how-to", "explanation")))
    for path in (it for folder in folders for it in folder.glob("*.md")):
        if (".fr" in path.suffixes) == (language == "fr") and path.name not in NOT_HELD:
            text = path.read_text("utf-8").partition(UNUSED[language])[0]
            text = ROW.sub(r"\1: \3", text) if path == PAGES[language] else text
            found[str(path.relative_to(ROOT))] = CODE.sub("", text)
    for path in page_files():
        if path.name == f"words.{language}.toml":
            found[str(path)] = "\n".join(values(tomllib.loads(path.read_text("utf-8"))))
    shapes = (ontology_dir() / "shapes.ttl").read_text("utf-8")
    found["messages of shapes"] = "\n".join(re.findall(rf'"([^"]*)"@{language}\b', shapes))
    return found


def values(table: dict[str, object]) -> Iterator[str]:
    for value in table.values():
        if isinstance(value, dict):
            yield from values(value)
        else:
            yield CODE.sub("", str(value))


def uses(word: str, text: str) -> list[str]:
    """Return where a word stands in a text, in the singular or plural."""
    pattern = rf"(?<![\w/.-])(?:{re.escape(word)}(?:e?s)?)(?![\w/-]|\.\w)"
    return [
        text[max(0, it.start() - 30) : it.end() + 20] for it in re.finditer(pattern, text, re.I)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_keeps_to_the_words_of_the_glossary(language: str) -> None:
    words = unused(language)
    assert len(words) > 10 and not {*words} & {*words.values()}
    found = {
        f"{place}: {instead!r} instead of {word!r}: …{it}…"
        for place, text in written(language).items()
        for word, instead in words.items()
        for it in uses(word, text)
    }
    assert found == set()
    assert uses("dump", "Two Dumps of it") and not uses("dump", "dumping, dumps.py, a/dump")


def test_both_glossaries_have_the_same_words() -> None:
    english, french = (ROW.findall(PAGES[code].read_text("utf-8")) for code in ("en", "fr"))
    assert [word for word, _, _ in english] == [other for _, other, _ in french]
    assert [other for _, other, _ in english] == [word for word, _, _ in french]
    assert len(english) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_of_the_ontology_are_called_as_there(language: str) -> None:
    ontology = (ontology_dir() / "rallynov.ttl").read_text("utf-8")
    for words, _, meaning in ROW.findall(PAGES[language].read_text("utf-8")):
        for term in re.findall(r"`rn:(\w+)`", meaning):
            block = re.search(rf"^rn:{term} .*?\.$", ontology, re.DOTALL | re.MULTILINE)
            assert block, term
            labels = re.findall(rf'rdfs:label [^;]*?"([^"]+)"@{language}', block[0])
            assert labels and any(labels[0].split()[0][:4] in it for it in words.split(", ")), term


def test_each_document_that_is_held_to_it_is_there() -> None:
    assert len(written("fr")) > 15 and len(written("en")) > 25
    assert all(Path(PAGES[code]).is_file() for code in LANGUAGES)
