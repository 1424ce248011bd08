"""``rallynov ask``: a question in words is answered where it is clearly meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from rallynov_graph.release.release import Release

Ask = Callable[..., Any]


@pytest.fixture
def ask(rallynov: Callable[..., Any], release: Release) -> Ask:
    def run(text: str, *options: str) -> Any:
        return rallynov("ask", text, "--release", release.path, *options)

    return run


def test_an_answer_of_one_row_is_a_sentence_with_its_certainty(ask: Ask) -> None:
    for text, language, said in (
        ("who handed over to MFQ", "en", "handed over to MFQ Franche-Comté. (inferred)\n"),
        ("qui finance le rallye ?", "fr", "est financeur de Rally’nov. (incertain)\n"),
    ):
        ran = ask(text, "--lang", language)
        assert ran.status == 0 and ran.out.endswith(said), text
        assert "rallynov query" in ran.err


def test_a_file_has_the_rows_that_name_what_is_mentioned(ask: Ask) -> None:
    ran = ask("qui est Bruno Herry", "--format", "csv", "--lang", "fr")
    [row] = csv.DictReader(io.StringIO(ran.out))
    assert ran.status == 0 and row["who_label"] == "Bruno Herry"


def test_a_name_leads_to_the_thing_first(ask: Ask) -> None:
    ran = ask("legenni", "--lang", "fr")
    _, first, *others = ran.err.splitlines()
    assert (ran.status, first) == (1, "Legeni (organisation/legeni)")
    assert any("rallynov query" in it for it in others)


@pytest.mark.parametrize("text", ["", "?", "qui", "x" * 5000, "\x07 a", "как дела"])
def test_what_is_not_understood_is_a_sentence(ask: Ask, text: str) -> None:
    ran = ask(text)
    assert (ran.status, ran.out) == (1, "") and "Traceback" not in ran.err and ran.err.strip()
