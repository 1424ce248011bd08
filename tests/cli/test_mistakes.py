"""Mistakes as a documentalist makes them, one each: each is told once, at its line, in words."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carnet_99 import TEXT, carnet
from conftest import Ran
from rallynov_graph.base.resources import data_dir

PHONE = " ".join(("01", "99", "00", "12", "34"))
WORDS = {"PHONE": PHONE, "SENTENCE": TEXT.splitlines()[1]}
MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))
KNOWN = {
    "check-innovation_says_what_for",
    "check-organisation_has_a_kind",
    "InnovationShape-beneficiary-given",
}
"""What is told of the carnet as it is on the page."""


def mistaken(mistake: dict[str, Any]) -> tuple[str, int]:
    """Return the carnet with a mistake, and the line at which it is told."""
    text = carnet()
    for right, wrong in mistake["written"]:
        assert right in text, right
        text = text.replace(right, filled(wrong))
    return text, line_of(text, filled(mistake["line"]))


def filled(text: str) -> str:
    for word, instead in WORDS.items():
        text = text.replace(word, instead)
    return text


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.fixture
def file(rallynov: Callable[..., Ran]) -> Path:
    """The place of one carnet in a data folder of the lists, with the carnet's text beside it."""
    shutil.copytree(data_dir() / "curation", "data/curation")
    dataset = (data_dir() / "dataset.trig").read_text("utf-8").replace("carnet-2", "carnet-99")
    Path("data/dataset.trig").write_text(dataset, "utf-8")
    file = Path("data/carnets/carnet-99/atelier.trig")
    file.parent.mkdir(parents=True)
    file.with_name("serie.trig").write_text(MISTAKES["series"], "utf-8")
    Path("carnet-99.txt").write_text(TEXT, "utf-8")
    return file


def test_a_mistake_is_told_once_at_its_line_in_both_languages(
    file: Path, rallynov: Callable[..., Ran]
) -> None:
    for mistake in MISTAKES["told"]:
        name, severity = mistake["name"], mistake.get("severity", "Violation")
        text, line = mistaken(mistake)
        file.write_text(text, "utf-8")
        ran = rallynov("validate", "--format", "json", "--source", "carnet-99.txt", file)
        assert ran.err == "", name
        results = json.loads(ran.out)["results"]
        told = [it for it in results if it["shape"].rpartition("#")[2] not in KNOWN]
        assert len(told) == 1, (name, told)
        assert mistake["fr"] in told[0]["messages"]["fr"], name
        assert mistake["en"] in told[0]["messages"]["en"], name
        assert (told[0]["file"], told[0]["line"]) == (str(file), line), name
        assert told[0]["severity"] == severity, name
        assert ran.status == (severity == "Violation"), name


def test_what_cannot_be_read_is_told_where_it_is_mended(
    file: Path, rallynov: Callable[..., Ran]
) -> None:
    for mistake in MISTAKES["unreadable"]:
        text, line = mistaken(mistake)
        file.write_text(text, "utf-8")
        for language, word in (("fr", "ligne"), ("en", "line")):
            ran = rallynov("validate", "--lang", language, file)
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
            assert ran.err.startswith(f"rallynov: {file}, {word} {line}, ")
            assert mistake[language] in ran.err


def test_two_titles_of_a_stage_are_told_in_the_file_that_is_asked_about(
    rallynov: Callable[..., Ran],
) -> None:
    shutil.copytree(data_dir(), "data")
    file = Path("data/carnets/carnet-2/etape-bge.trig")
    text = file.read_text("utf-8")
    title = next(line for line in text.splitlines() if "dcterms:title" in line)
    twice = title.replace('"@fr', '"@fr, "Un autre titre"@fr', 1)
    text = text.replace(title, twice)
    file.write_text(text, "utf-8")
    ran = rallynov("validate", "--lang", "fr", file)
    assert ran.status == 1
    assert ran.out.count("Infraction : ") == 1
    assert f"Infraction : {file}, ligne {line_of(text, twice)} : " in ran.out
    assert "« titre » attend une valeur" in ran.out
