"""Annotations of Hypothesis and Recogito become facts; what states none is told, and why."""

from pathlib import Path

import pytest

from places import TESTS
from small_programme import TEXT, SmallProgramme

ASTRAL = f"𝄞 {TEXT}"
"""One sign that browsers count twice stands before all others; ``annotations`` are of it."""


@pytest.fixture
def small(tmp_path: Path) -> SmallProgramme:
    return SmallProgramme.made(tmp_path, ASTRAL)


def taken_in(small: SmallProgramme, name: str) -> tuple[int, str]:
    said = small.take_in(TESTS / "desk" / "annotations" / f"{name}.json")
    return said.status, said.out + said.err


def test_a_tag_says_the_kind_and_a_comment_a_fact(small: SmallProgramme) -> None:
    status, out = taken_in(small, "kinds")
    assert status == 0, out
    text = small.written()
    start = ASTRAL.index("Anne Orvault")
    assert f"passage:lettre-1-{start}-{start + 12}" in text, "in code points"
    assert 'person:anne-orvault a foaf:Person ;\n        rn:nameAsPrinted "Anne Orvault"' in text
    assert 'schema:jobTitle "animatrice"@fr' in text
    assert "organisation:l-atelier-du-lac a org:Organization" in text


def test_a_relation_of_two_annotations_is_a_fact_of_both(small: SmallProgramme) -> None:
    status, out = taken_in(small, "relation")
    assert status == 0, out
    assert "innovation:un-stand rn:carriedBy organisation:l-atelier-du-lac" in small.written()


def test_what_states_no_fact_is_told_with_its_number(small: SmallProgramme) -> None:
    status, out = taken_in(small, "no-facts")
    assert status == 1
    for number, reason in enumerate(
        (
            "states no fact",
            "is a proposal",
            "is a reply",
            "selects no words",
            "“frequents” is not a known property",
            "states no fact",
        ),
        1,
    ):
        assert f"annotation {number}: " in out
        assert reason in out
    assert "person:anne-orvault" in small.written()


def test_words_that_moved_are_found_by_what_stands_around(small: SmallProgramme) -> None:
    assert taken_in(small, "moved")[0] == 0
    start = ASTRAL.rindex("Atelier du Lac")
    assert f"passage:lettre-1-{start}-{start + 14}" in small.written()


def test_what_are_no_annotations_is_refused(small: SmallProgramme) -> None:
    path = small.root / "annotations.json"
    for content, reason in (
        ("{", "it is not JSON"),
        ('{"a": 1}', "there are no annotations in it"),
        ("[" * 100_000, "nested too deeply"),
        ("", "it is empty"),
    ):
        path.write_text(content, "utf-8")
        said = small.take_in(path)
        assert (said.status, reason in said.err) == (2, True), said.err
