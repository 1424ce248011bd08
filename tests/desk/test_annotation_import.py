"""Annotations of Hypothesis and Recogito become facts; what states none is told, and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from small_programme import TEXT, SmallProgramme

ASTRAL = f"𝄞 {TEXT}"
"""One sign that browsers count twice stands before all others."""


@pytest.fixture
def small(tmp_path: Path) -> SmallProgramme:
    return SmallProgramme.made(tmp_path, ASTRAL)


def selectors(words: str, *, utf16: bool = True) -> list[dict[str, Any]]:
    """The selectors of some words, as a browser counts them."""
    start = ASTRAL.index(words) + (1 if utf16 else 0)
    quote = {"type": "TextQuoteSelector", "exact": words, "prefix": "", "suffix": ""}
    return [
        {"type": "RangeSelector", "startContainer": "/p[1]"},
        {"type": "TextPositionSelector", "start": start, "end": start + len(words)},
        quote,
    ]


def hypothesis(*annotations: dict[str, Any]) -> dict[str, Any]:
    """An export of Hypothesis."""
    return {
        "export_date": "2026-11-28T00:00:00.000Z",
        "client_version": "1.1",
        "annotations": [*annotations],
    }


def note(words: str, text: str = "", *tags: str) -> dict[str, Any]:
    """An annotation of Hypothesis."""
    target = [{"source": "https://example.org/", "selector": selectors(words)}]
    return {"id": words, "user": "acct:a@example.org", "text": text, "tags": [*tags]} | {
        "target": target
    }


def recogito(identifier: str, words: str, *bodies: dict[str, str]) -> dict[str, Any]:
    """An annotation of Recogito."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "id": f"#{identifier}",
        "body": [{"type": "TextualBody", **body} for body in bodies],
        "target": {"selector": selectors(words)[1:]},
    }


def taken_in(small: SmallProgramme, content: object) -> tuple[int, str]:
    path = small.root / "annotations.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    said = small.take_in(path)
    return said.status, said.out + said.err


def test_a_tag_says_the_kind_and_a_comment_a_fact(small: SmallProgramme) -> None:
    status, out = taken_in(
        small,
        hypothesis(
            note("L'Atelier du Lac", "", "organisation"),
            note("Anne Orvault", "Anne Orvault | schema:jobTitle | animatrice@fr", "person"),
        ),
    )
    assert status == 0, out
    text = small.written()
    start = ASTRAL.index("Anne Orvault")
    assert f"passage:lettre-1-{start}-{start + 12}" in text, "in code points"
    assert 'person:anne-orvault a foaf:Person ;\n        rn:nameAsPrinted "Anne Orvault"' in text
    assert 'schema:jobTitle "animatrice"@fr' in text
    assert "organisation:l-atelier-du-lac a org:Organization" in text


def test_a_relation_of_two_annotations_is_a_fact_of_both(small: SmallProgramme) -> None:
    stand = "un stand"
    status, out = taken_in(
        small,
        [
            recogito("a", stand, {"purpose": "classifying", "value": "innovation"}),
            recogito("b", "L'Atelier du Lac", {"purpose": "tagging", "value": "organisation"}),
            {
                "type": "Annotation",
                "motivation": "linking",
                "body": [{"type": "TextualBody", "purpose": "tagging", "value": "carriedBy"}],
                "target": [{"id": "#a"}, {"id": "#b"}],
            },
        ],
    )
    assert status == 0, out
    text = small.written()
    assert "innovation:un-stand rn:carriedBy organisation:l-atelier-du-lac" in text


def test_what_states_no_fact_is_told_with_its_number(small: SmallProgramme) -> None:
    proposal = {
        "type": "Annotation",
        "body": {"kind": "person", "candidates": [], "proposer": "names", "why": ""},
        "target": {"selector": selectors("Luc Essart", utf16=False)[1]},
    }
    status, out = taken_in(
        small,
        [
            note("Luc Essart", "who is he?"),
            proposal,
            note("Nantua", "yes", "person") | {"references": ["x"]},
            note("Nantua") | {"target": []},
            note("Anne Orvault", "Anne Orvault | frequents | Nantua", "person"),
            3,
        ],
    )
    assert status == 1
    for number, reason in (
        (1, "states no fact"),
        (2, "is a proposal"),
        (3, "is a reply"),
        (4, "selects no words"),
        (5, "“frequents” is no property"),
        (6, "states no fact"),
    ):
        assert f"annotation {number}: " in out
        assert reason in out
    assert "person:anne-orvault" in small.written()


def test_words_that_moved_are_found_by_what_stands_around(small: SmallProgramme) -> None:
    moved = note("Atelier du Lac", "", "organisation")
    quote = {
        "type": "TextQuoteSelector",
        "exact": "Atelier du Lac",
        "prefix": "Anne Orvault, de l’",
        "suffix": ", ouvre",
    }
    moved["target"] = [{"selector": [{**selectors("Lac")[1], "start": 1, "end": 4}, quote]}]
    assert taken_in(small, hypothesis(moved))[0] == 0
    start = ASTRAL.rindex("Atelier du Lac")
    assert f"passage:lettre-1-{start}-{start + 14}" in small.written()


def test_what_are_no_annotations_is_refused(small: SmallProgramme) -> None:
    path = small.root / "annotations.json"
    for content, reason in (
        ("{", "it is no JSON"),
        ('{"a": 1}', "there are no annotations in it"),
        ("[" * 100_000, "nested too deeply"),
        ("", "it is empty"),
    ):
        path.write_text(content, "utf-8")
        said = small.take_in(path)
        assert (said.status, reason in said.err) == (2, True), said.err
