"""What a key alone accepts of a place or an event: no fact stands alone, none is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from decided import lines_of
from desks import Desk, desk, proposal, small_desk
from small_programme import SmallProgramme

TEXT = (
    "Lettre n° 1 - mars 2014\n\nLa rencontre annuelle est annoncée à Besançon et à Trévole.\n"
    "Elle a lieu le 3 avril 2014.\n"
)
BESANCON = "https://w3id.org/rallynov/id/place/besancon"


@pytest.fixture
def small(tmp_path: Path) -> SmallProgramme:
    return small_desk(tmp_path, TEXT)


@pytest.fixture
def window(small: SmallProgramme) -> Iterator[Desk]:
    with desk(small.root, small.slug, slug=small.slug) as running:
        yield running


def test_a_known_place_is_accepted_and_nothing_is_stated_of_it(
    small: SmallProgramme, window: Desk
) -> None:
    place = proposal(window.state(), "place", "Besançon")
    assert place["candidates"][0]["iri"] == BESANCON
    accepted = window.done("accept", proposal=place["id"])
    assert proposal(accepted, "place", "Besançon")["status"] == "accepted"
    assert accepted["facts"] == [] and accepted["undo"] == "Besançon"
    assert BESANCON in {it["address"] for it in accepted["things"]}, "it is at hand for facts"
    assert '{"thing":"place/besancon","from":"' in lines_of(small.folder)[-1]
    status, said = window.act("name", thing=BESANCON, label={"fr": "Vesontio"})
    assert (status, said["field"]) == (422, "thing"), "its name is another file's"

    undone = window.done("undo")
    assert proposal(undone, "place", "Besançon")["status"] == "waiting"
    assert BESANCON not in {it["address"] for it in undone["things"]}
    chosen = window.done("accept", proposal=place["id"], subject="place/vesoul")
    assert proposal(chosen, "place", "Besançon")["status"] == "changed"
    status, said = window.act("accept", proposal=place["id"], subject="place/nowhere")
    assert (status, said["field"]) == (422, "subject")
    assert "besancon" not in small.written()
