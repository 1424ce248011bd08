"""A release as it was known when a document had appeared: what appeared later is not in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import two_letters
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release import building
from rallynov_graph.release.release import MANIFEST, Release, latest

MORE = two_letters.Letter(
    3,
    "juillet 2013",
    "2013-07",
    (
        two_letters.Line(
            "gue",
            "Le Gué fut la première étape.",
            "<stage/sentier-gue> a rn:Stage ; rn:number 1 .",
        ),
        two_letters.Line(
            "mai", "Il y eut une fête.", "<event/sentier-fete> a schema:Event ; rn:number 1 ."
        ),
    ),
    '<event/sentier-fete> rdfs:label "Fête du Sentier"@fr, "Sentier feast"@en .',
)
"""A letter that appeared after the carnet."""


def built(folder: Path, letters: Iterable[two_letters.Letter], until: str | None = None) -> Release:
    data = folder / "data"
    if not data.exists():
        two_letters.beside_carnet(data, letters)
    return building.build(folder / "releases", data=data, checked=False, until=until)


def test_it_is_the_release_that_was_built_before_later_documents_came(tmp_path: Path) -> None:
    before = built(tmp_path / "before", (two_letters.FIRST, two_letters.SECOND))
    letters = (two_letters.FIRST, two_letters.SECOND, MORE)
    whole = built(tmp_path / "after", letters)
    known = built(tmp_path / "after", letters, until="carnet-2")
    assert known.data.read_bytes() == before.data.read_bytes()
    assert known.id == before.id != whole.id
    written = json.loads((known.path / MANIFEST).read_text("utf-8"))
    assert written["until"] == known.manifest.until == f"{ID}document/carnet-2"
    assert "until" not in json.loads((whole.path / MANIFEST).read_text("utf-8"))
    assert latest(tmp_path / "after" / "releases") == whole.path
    assert building.up_to_date(known.path) is None
    again = built(tmp_path / "after", letters, until="sentier-3")
    assert (again.id, again.manifest.until) == (whole.id, "")
    for wrong in ("sentier-33", "2"):
        with pytest.raises(UnknownNameError, match="sentier-"):
            built(tmp_path / "after", letters, until=wrong)
