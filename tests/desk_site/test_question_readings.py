"""A fact belongs to a reading of an open question, by the form that states or changes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desks import desk, fact, small_desk
from small_programme import TEXT

PLACE = [[TEXT.index("l'étape de Nantua"), TEXT.index(" le 3 avril 2014")]]


def test_a_fact_goes_into_a_reading_and_out_of_it(tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    with desk(small.root, small.slug, slug=small.slug) as window:
        event = {"new": "Étape de Nantua", "class": "schema:Event"}
        said: dict[str, Any] = {"words": PLACE, "subject": event, "property": "schema:startDate"}
        first = window.done("state", **said, object={"value": "2014-04-03"})
        address = fact(first, "startDate")["subject"]["address"]
        said = {**said, "subject": address}
        second = window.done("state", **said, object={"value": "2014-04-04"})
        one, other = [
            it["id"] for it in second["facts"] if it["property"]["iri"].endswith("startDate")
        ]
        readings = [
            {"label": {"fr": "le 3"}, "facts": [one], "taken": True},
            {"label": {"fr": "le 4"}, "facts": [other]},
        ]
        asked = window.done("question", label={"fr": "Quel jour ?"}, readings=readings)
        (question,) = asked["questions"]
        taken, alternative = (it["address"] for it in question["readings"])

        third = window.done("state", **said, object={"value": "2014-04-05"}, reading=alternative)
        new = next(it for it in third["facts"] if it["value"].get("text") == "2014-04-05")
        assert new["question"] == question["address"]
        (after,) = third["questions"]
        assert new["set"] in after["readings"][1]["sets"]
        named = next(it for it in third["facts"] if it["property"]["iri"].endswith("#type"))
        assert named["question"] is None, "what it is, is in no question"

        # Changed without a word of it, it stays where it is, with no set that is gone.
        changed = {**said, "object": {"value": "2014-04-06"}}
        moved = window.done("change", fact=new["id"], **changed)
        sets = {it["set"] for it in moved["facts"]}
        assert {s for it in moved["questions"][0]["readings"] for s in it["sets"]} <= sets
        new = next(it for it in moved["facts"] if it["value"].get("text") == "2014-04-06")
        assert new["set"] in moved["questions"][0]["readings"][1]["sets"]
        # The same fact in the other reading, and in none.
        other_way = window.done("change", fact=new["id"], **changed, reading=taken)
        new = next(it for it in other_way["facts"] if it["value"].get("text") == "2014-04-06")
        one, two = other_way["questions"][0]["readings"]
        assert new["set"] in one["sets"] and new["set"] not in two["sets"]
        free = window.done("change", fact=new["id"], **changed, reading="")
        new = next(it for it in free["facts"] if it["value"].get("text") == "2014-04-06")
        assert new["question"] is None

        status, said_of = window.act("change", fact=new["id"], **changed, reading="reading/none")
        assert (status, said_of["field"]) == (422, "reading")
        status, said_of = window.act("change", fact=new["id"], **changed)
        assert (status, said_of["error"]) == (422, "C’est déjà noté ainsi.")
        assert fact(window.state(), "startDate"), "what is changed to itself is not lost"
        status, said_of = window.act(
            "state", subject=address, property="rn:quotedSegment", object="words"
        )
        assert (status, said_of["field"]) == (422, "words")
