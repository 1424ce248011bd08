"""What readers use is there in French and in English; what is not says why."""

import re
from pathlib import Path
from typing import Final

import pytest

from places import ROOT
from rallynov_graph.site.docs.listed_documents import NEEDS, documents

DOCS: Final = ROOT / "docs"
IN_ENGLISH_ALONE: Final = {"architecture", "mutations"}
"""Reference for who changes the program, whose code is in English; the rest is for everybody."""


def of_readers() -> list[Path]:
    """Return the documents below ``docs/`` that readers use."""
    folders = (DOCS, DOCS / "how-to", DOCS / "explanation")
    return sorted(it for folder in folders for it in folder.glob("*.md"))


def name(path: Path) -> str:
    return path.relative_to(DOCS).as_posix().removesuffix(".md").removesuffix(".fr")


def test_each_document_has_its_counterpart() -> None:
    languages: dict[str, set[str]] = {}
    for path in of_readers():
        languages.setdefault(name(path), set()).add("fr" if ".fr" in path.suffixes else "en")
    alone = {it for it, told in languages.items() if told != {"fr", "en"}}
    assert alone == IN_ENGLISH_ALONE, "a document has no counterpart, or has one by now"


def test_each_document_is_listed_with_what_it_is_good_for() -> None:
    assert {name(path) for path in of_readers()} == {*documents()}
    for document in documents().values():
        assert document.need in NEEDS
        if document.need not in ("how-to", "explanation"):
            assert {*document.summaries} == {"fr", "en"}, document.name


def test_a_french_document_leads_to_french_ones() -> None:
    wrong = {
        f"{path.name}: {target}"
        for path in of_readers()
        if ".fr" in path.suffixes
        for target, more in re.findall(r"\]\(([^):#]+\.md)\)(.{,14})", path.read_text("utf-8"))
        if not target.endswith(".fr.md")
        and (path.parent / target.replace(".md", ".fr.md")).is_file()
        and name((path.parent / target).resolve()) != name(path)
        and "en anglais" not in more
    }
    assert wrong == set()


OTHERWISE: Final = {"curating"}
"""The French page makes a site of one's own newsletters; how a carnet is written is English."""


@pytest.mark.parametrize(
    "path",
    [it for it in of_readers() if ".fr" in it.suffixes and name(it) not in OTHERWISE],
    ids=name,
)
def test_both_languages_have_the_same_parts(path: Path) -> None:
    both = [it.read_text("utf-8") for it in (path, DOCS / f"{name(path)}.md")]
    fences = [re.findall(r"^```(\w+)$", text, re.MULTILINE) for text in both]
    plain = [re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE) for text in both]
    parts = [re.findall(r"^#+", text, re.MULTILINE) for text in plain]
    assert fences[0] == fences[1] and parts[0] == parts[1]


@pytest.mark.parametrize("document", ["linked-data", "sparql-service"])
def test_what_clients_are_written_by_is_told_alike(document: str) -> None:
    """Addresses, options, formats and code are the same: who changes one page changes both."""
    both = [(DOCS / f"{document}{ending}.md").read_text("utf-8") for ending in ("", ".fr")]
    blocks = [re.findall(r"^```.*?^```$", text, re.DOTALL | re.MULTILINE) for text in both]
    told = [sorted(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)) for text in both]
    assert blocks[0] == blocks[1] and blocks[0]
    assert told[0] == told[1] and len(told[0]) > 50


@pytest.mark.parametrize("path", of_readers(), ids=name)
def test_each_document_has_one_title(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert text.startswith("# ") and len(re.findall(r"^# ", text, re.MULTILINE)) == 1
