"""How like names are to one another, as a person would say."""

from __future__ import annotations

import tomllib

import pytest

from places import TESTS
from rallynov_graph.matching.near_names import likeness, word_likeness
from rallynov_graph.matching.words import initials, name_words, short_forms
from rallynov_graph.site.reconciliation.candidates import LEAST, MATCH

CASES = tomllib.loads((TESTS / "matching" / "cases.toml").read_text("utf-8"))


def like(one: str, other: str) -> float:
    there, back = (name_words(text) for text in (one, other))
    assert likeness(there, back) == pytest.approx(likeness(back, there))
    return likeness(there, back)


def test_the_same_name_written_otherwise_matches_and_another_or_half_a_name_does_not() -> None:
    names = CASES["names"]
    assert [pair for pair in names["one"] if like(*pair) != 1.0] == []
    assert [pair for pair in names["near_enough"] if not MATCH <= like(*pair) < 1.0] == []
    assert [pair for pair in names["others"] if like(*pair) >= MATCH] == []


def test_an_acronym_may_be_the_name_and_a_stranger_is_nothing_like_it() -> None:
    assert like("CPLD", "Coopérative de Production des Laboratoires Dentaires") > LEAST
    assert like("Dijon", "Besançon") == 0.0
    assert like("", "Besançon") == 0.0


def test_a_slip_tells_less_in_a_long_word_and_more_where_a_word_begins() -> None:
    assert word_likeness("technologique", "technologiqe") > word_likeness("vesoul", "vesou")
    assert word_likeness("belfort", "belfors") > word_likeness("belfort", "melfort") > 0
    assert word_likeness("jura", "lure") == 0.0
    assert word_likeness("2013", "2012") == 0.0


def test_initials_pass_over_small_words_or_not() -> None:
    words = ["chambre", "regionale", "de", "l", "economie", "sociale", "et", "solidaire"]
    assert initials(words) == ("cress", "crdleses")
    assert initials(["cress"]) == ()
    assert short_forms(["le", "goff"]) == ("lg", "legoff")
    assert short_forms(["a"] * 30) == ()


def test_very_long_names_are_compared_in_no_time_worth_a_word() -> None:
    long = [f"mot{chr(97 + n % 26)}{chr(97 + n // 26)}x" for n in range(400)]
    assert 0 < likeness(long, [*reversed(long)]) < 1
