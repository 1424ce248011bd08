"""A fact belongs to a reading of an open question, by the form that states or changes it."""

from __future__ import annotations

from typing import Any

from desks import Desk, fact, proposal
from small_programme import TEXT, SmallProgramme
from waiting import eventually

PLACE = [[TEXT.index("l'étape de Nantua"), TEXT.index(" le 3 avril 2014")]]


def test_a_fact_goes_into_a_reading_and_out_of_it(window: Desk) -> None:
    event = {"new": "Étape de Nantua", "class": "schema:Event"}
    said: dict[str, Any] = {"words": PLACE, "subject": event, "property": "schema:startDate"}
    first = window.done("state", **said, object={"value": "2014-04-03"})
    address = fact(first, "startDate")["subject"]["address"]
    said = {**said, "subject": address}
    second = window.done("state", **said, object={"value": "2014-04-04"})
    one, other = [it["id"] for it in second["facts"] if it["property"]["iri"].endswith("startDate")]
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
    assert (status, said_of["error"]) == (422, "C’est déjà enregistré ainsi.")
    assert fact(window.state(), "startDate"), "what is changed to itself is not lost"
    status, said_of = window.act(
        "state", subject=address, property="rn:quotedSegment", object="words"
    )
    assert (status, said_of["field"]) == (422, "words")

    person = proposal(window.state(), "person", "Luc Essart")
    accepted = window.done("accept", proposal=person["id"], reading=taken)
    assert fact(accepted, "type", "Luc Essart")["question"] == question["address"]
    assert proposal(accepted, "person", "Luc Essart")["status"] == "changed"


def test_a_question_may_have_readings_without_facts(small: SmallProgramme, window: Desk) -> None:
    person = proposal(window.state(), "person", "Luc Essart")
    named = window.done("accept", proposal=person["id"])
    words = [[person["start"], person["end"]]]
    luc = fact(named, "nameAsPrinted")["subject"]["address"]
    document = named["things"][0]["address"]
    asked = {"label": {"fr": "Luc Essart est-il membre ?"}, "words": words}
    asked["readings"] = [{"label": {"fr": "Oui."}}, {"label": {"fr": "Non."}, "facts": []}]
    refusals: list[tuple[dict[str, Any], str]] = [
        ({}, "Dites de quoi parle la question"),
        ({"about": []}, "Dites de quoi parle la question"),
        ({"about": luc}, "50 éléments"),
        ({"about": [luc] * 51}, "50 éléments"),
        ({"about": [7]}, "Ce champ est vide."),
        ({"about": ["Personne"]}, "Rien ne s’appelle"),
        ({"about": ["nature/pratique"]}, "n’est pas ce que"),
    ]
    for about, sentence in refusals:
        status, said = window.act("question", **asked, **about)
        assert (status, said["field"]) == (422, "about") and sentence in said["error"], about
    status, said = window.act("question", **{**asked, "words": []}, about=[luc])
    assert (status, said["field"]) == (422, "words")

    opened = window.done("question", **asked, about=[luc, document, luc])
    (question,) = opened["questions"]
    assert [it["address"] for it in question["about"]] == [luc, document]
    assert question["words"] == words
    assert [it["sets"] for it in question["readings"]] == [[], []]
    assert eventually(lambda: not window.state()["checking"], 120)
    shapes = {it["rule"] for it in window.state()["findings"]}
    assert not [it for it in shapes if it.startswith(("OpenQuestion", "Reading"))], shapes

    # A fact that is one of its readings later adds what it is about, and takes nothing away.
    said_of = {"words": PLACE, "subject": {"new": "Étape de Nantua", "class": "schema:Event"}}
    said_of |= {"property": "schema:startDate", "object": {"value": "2014-04-03"}}
    reading = question["readings"][0]["address"]
    (later,) = window.done("state", **said_of, reading=reading)["questions"]
    assert [it["label"] for it in later["about"]] == [
        "Luc Essart",
        "lettre-1",
        "Étape de Nantua",
    ]
    window.done("undo")
    written = small.written()
    assert "a rn:OpenQuestion" in written and "schema:about person:luc-essart" in written
    window.version = window.state()["version"]
    assert window.done("drop", question=question["address"])["questions"] == []
