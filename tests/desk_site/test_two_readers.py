"""A second reader does not see the first one; then each difference is settled on the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from desks import desk, proposal, small_desk
from small_programme import TEXT

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
PLACE = [[TEXT.index(WORKSHOP), TEXT.index(WORKSHOP) + len(WORKSHOP)]]


def stated(kind: str) -> dict[str, Any]:
    return {
        "words": PLACE,
        "subject": {"new": "Prêt d’outils", "class": "rn:Innovation"},
        "property": "rn:nature",
        "object": f"nature/{kind}",
    }


def test_two_readers_and_what_settles_them(tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    with desk(small.root, small.slug, slug=small.slug) as first:
        person = proposal(first.state(), "person")
        first.done("accept", proposal=person["id"])
        first.done("state", **stated("pratique"))
        assert first.act("write")[0] == 200, "the files hold what the first one decided"
        alone = first.ask("GET", f"/{small.slug}/differences")
        assert alone.status == 409 and "--reader" in json.loads(alone.text)["error"]

        with desk(small.root, small.slug, "--reader", "agent/anne", slug=small.slug) as second:
            begun = second.state()
            assert (begun["facts"], len(begun["things"]), begun["undo"]) == ([], 1, None)
            assert begun["document"]["reader"] == "agent/anne"
            assert proposal(begun, "person")["status"] == "waiting"
            assert proposal(begun, "person")["candidates"][0]["iri"] == ""
            things = json.loads(second.ask("GET", f"/{small.slug}/things?q=outils").text)
            assert things["things"] == []
            second.done("state", **stated("projet"))
            assert second.state()["reader2"]["readers"] == ["anne", "curateurs"]

            told = json.loads(second.ask("GET", f"/{small.slug}/differences").text)
            differing = [it for it in told["differences"] if it["property"]["label"] == "nature"]
            assert told["open"] == len(told["differences"]) == 2 + len(differing)
            (nature,) = differing
            sides = {nature[it][0]["value"]["label"] for it in ("first", "second")}
            assert sides == {"pratique", "projet"}
            assert nature["first"][0]["quotations"] == [WORKSHOP]
            status, said = second.act("write")
            assert status == 422 and "départagées" in said["error"]
            status, said = second.act("settle", difference="000000", take="both")
            assert status == 422 and said["error"].startswith("Rien n’a été départagé")
            for it in told["differences"]:
                taken = "anne" if it["property"]["label"] == "nature" else "curateurs"
                assert second.act("settle", difference=it["id"], take=taken)[0] == 200
            assert second.state()["reader2"]["open"] == 0
            assert second.act("write")[0] == 200
    text = small.folder.trig_file(small.slug).read_text("utf-8")
    assert "nature:projet" in text and "nature:pratique" not in text
    assert "person:anne-orvault" in text
