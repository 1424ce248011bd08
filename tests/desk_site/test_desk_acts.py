"""Acts beside stating facts: names, parts, questions, quotations, identity, writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desks import Desk, desk, fact, proposal, small_desk
from rallynov_graph.base.namespaces import ID
from small_programme import SmallProgramme

RN = "https://w3id.org/rallynov/ontology#"
ISSUED = {
    "subject": "document/lettre-1",
    "property": "schema:issueNumber",
    "object": {"value": "1"},
}
TEXT = (
    "Lettre n° 1 - mars 2014\n\nL'Atelier du Lac prête des outils entre voisins.\n"
    "« On répare ensemble », dit Anne Orvault, membre de l'Atelier du Lac.\n"
    "L'étape de Nantua a lieu le 3 ou le 4 avril 2014.\n"
)


def place(words: str) -> list[list[int]]:
    start = TEXT.index(words)
    return [[start, start + len(words)]]


def thing(state: dict[str, Any], label: str) -> dict[str, Any]:
    return next(it for it in state["things"] if it["label"] == label)


def test_names_parts_and_questions(small: SmallProgramme, window: Desk) -> None:
    begun = window.done(
        "state",
        words=place("L'étape de Nantua a lieu le 3"),
        subject={"new": "Étape de Nantua", "class": f"{RN}Stage"},
        property="schema:startDate",
        object={"value": "2014-04-03"},
        certainty="tentative",
        reason={"fr": "La lettre hésite."},
    )
    stage = thing(begun, "Étape de Nantua")["address"]
    later = window.done(
        "state",
        words=place("L'étape de Nantua a lieu le 3"),
        subject=stage,
        property="schema:startDate",
        object={"value": "2014-04-04"},
        certainty="tentative",
        reason={"fr": "La lettre hésite."},
    )
    dates = [it for it in later["facts"] if it["property"]["label"] == "date"]
    assert len({it["set"] for it in dates}) == 1, "words and certainty are the same"
    asked = {
        "label": {"fr": "Quel jour est l’étape de Nantua ?"},
        "readings": [
            {"label": {"fr": "le 3"}, "facts": [dates[0]["id"]], "taken": True},
            {"label": {"fr": "le 4"}, "facts": [dates[1]["id"]]},
        ],
    }
    opened = window.done("question", **asked)
    (question,) = opened["questions"]
    assert [it["taken"] for it in question["readings"]] == [True, False]
    dates = [it for it in opened["facts"] if it["property"]["label"] == "date"]
    assert {it["question"] for it in dates} == {question["address"]}
    assert len({it["set"] for it in dates}) == 2, "each reading has a set of its own"
    status, said = window.act("question", label={"fr": "?"}, readings=asked["readings"][:1])
    assert (status, said["field"]) == (422, "readings")
    alone = next(it for it in dates if it["value"]["text"] == "2014-04-04")
    status, said = window.act("drop", fact=alone["id"])
    assert status == 422 and "question ouverte" in said["error"]

    named = window.done("name", thing=stage, label={"fr": "L’étape de Nantua", "en": "Nantua"})
    assert thing(named, "L’étape de Nantua")
    document = f"{ID}document/{window.slug}"
    window.done("state", words=place("Lettre n° 1"), **ISSUED)
    named = window.done("name", thing=document, label={"fr": "Lettre une", "en": "Letter one"})
    about = {
        it["subject"]["label"] for it in named["facts"] if it["subject"]["address"] == document
    }
    assert about == {"Lettre une"}, "its facts call it so too"
    status, said = window.act("name", thing="nature/pratique", label={"fr": "x"})
    assert (status, said["field"]) == (422, "thing")

    parted = window.done("part", words=place("Lettre n° 1 - mars 2014"), label={"fr": "titre"})
    assert {it["label"] for it in parted["parts"]} == {"tout le document", "titre"}
    without = window.done(
        "drop", part=next(it for it in parted["parts"] if it["label"] == "titre")["address"]
    )
    assert len(without["parts"]) == 1
    assert window.done("drop", question=question["address"])["questions"] == []
    assert window.done("undo")["questions"] == without["questions"]


def test_a_quotation_knows_its_speaker_and_a_membership_its_body(window: Desk) -> None:
    window.done(
        "state",
        words=place("On répare ensemble"),
        subject={"new": "Réparation", "class": f"{RN}Innovation"},
        property=f"{RN}nature",
        object="nature/pratique",
    )
    begun = window.state()
    quotation = proposal(begun, "quotation")
    assert quotation["about"]["label"] == "Réparation", "shown before it is accepted"
    said = window.done("accept", proposal=quotation["id"])
    assert fact(said, "mode")["value"]["label"] == "cité"
    assert fact(said, "role")["value"]["label"] == "témoin"
    assert fact(said, "about")["value"]["label"] == "Réparation"
    speaker = fact(said, "participant")
    assert speaker["value"]["label"] == "Anne Orvault"
    assert speaker["words"] == [[quotation["start"], quotation["end"]]]
    assert fact(said, "quotedSegment")["value"]["address"].endswith(
        f"-{quotation['start']}-{quotation['end']}"
    )
    relation = proposal(begun, "relation")
    joined = window.done("accept", proposal=relation["id"])
    assert fact(joined, "member")["value"]["label"] == "Anne Orvault"
    assert "Atelier du Lac" in fact(joined, "organization")["value"]["label"]
    changed = window.done(
        "change",
        fact=speaker["id"],
        words=speaker["words"],
        subject=speaker["subject"]["address"],
        property=speaker["property"]["iri"],
        object=speaker["value"]["address"],
        voice=speaker["value"]["address"],
    )
    assert fact(changed, "participant")["voices"][0]["label"] == "Anne Orvault"


def test_two_people_say_it_of_a_name_that_a_line_breaks(tmp_path: Path) -> None:
    text = (
        "Lettre n° 1 - mars 2014\n\nLa coopé-\nrative Tramelor a reçu 40 visiteurs, selon "
        "Anne Orvault et Paul Riva.\n"
        "Anne Orvault explique : « on répare ensemble » et « on recommence demain ».\n"
    )
    small = small_desk(tmp_path, text)
    with desk(small.root, small.slug, slug=small.slug) as window:
        start, end = text.index("coopé"), text.index(" a reçu")
        name = "coopérative Tramelor"
        people = [{"new": it, "class": "foaf:Person"} for it in ("Anne Orvault", "Paul Riva")]
        said = window.done(
            "state",
            words=[[start, text.index(".\nAnne")]],
            subject={"new": name, "class": "org:Organization"},
            property="rn:nameAsPrinted",
            object={"value": name},
            voice=people,
        )
        told = fact(said, "nameAsPrinted")
        assert [it["label"] for it in told["voices"]] == ["Anne Orvault", "Paul Riva"]
        changed = window.done(
            "change",
            fact=told["id"],
            words=[[start, end]],
            subject=told["subject"]["address"],
            property="rn:nameAsPrinted",
            object={"value": name},
            voice=[it["address"] for it in told["voices"]],
        )
        assert fact(changed, "nameAsPrinted")["voices"] == told["voices"]
        status, answer = window.act("state", **ISSUED, words=[[0, 9]], voice=["person/nowhere"])
        assert (status, answer["field"]) == (422, "voice")

        for words in ("on répare", "on recommence"):
            asked = next(
                it["id"]
                for it in window.state()["proposals"]
                if it["kind"] == "quotation" and it["label"].startswith(words)
            )
            spoken = window.done("accept", proposal=asked)
        segments = [it for it in spoken["facts"] if it["property"]["iri"] == f"{RN}quotedSegment"]
        assert len(segments) == 2 and len({it["set"] for it in segments}) == 1
        assert len({it["subject"]["address"] for it in segments}) == 1, "she goes on"
        findings = window.state()["findings"]
        assert not [it for it in findings if "printed_form" in it["rule"]]


def test_between_two_bearers_of_a_name_the_new_one_comes_first(
    small: SmallProgramme, window: Desk
) -> None:
    known = {"new": "Anne Orvault", "class": "foaf:Person"}
    printed = {"property": f"{RN}nameAsPrinted", "object": {"value": "Anne Orvault"}}
    (small.root / "texts" / "lettre-2.txt").write_text(f"{TEXT}.", "utf-8")
    window.done("state", words=place("Anne Orvault"), subject=known, **printed)
    window.done("write")
    with desk(small.root, "lettre-2", slug="lettre-2") as later:
        before = proposal(later.state(), "person", "Anne Orvault")
        assert before["bearers"] == [] and before["candidates"][0]["iri"]
        made = later.done("state", words=place("Anne Orvault"), subject=known, **printed)
        own = thing(made, "Anne Orvault")["address"]
        named = proposal(made, "person", "Anne Orvault")
        assert named["bearers"] == [own, before["candidates"][0]["iri"]]
        quoted = later.done("accept", proposal=proposal(made, "quotation")["id"])
        assert fact(quoted, "participant")["value"]["address"] == own


def test_one_of_several_pieces_is_what_was_said(window: Desk) -> None:
    pieces = [*place("On répare ensemble"), *place("Anne Orvault")]
    asked = {"words": pieces, "subject": {"new": "ce que dit Anne", "class": f"{RN}Testimony"}}
    about = {**asked, "property": f"{RN}quotedSegment"}
    said = window.done("state", **about, object={"words": pieces[1:]})
    start, end = pieces[1]
    assert fact(said, "quotedSegment")["value"]["address"].endswith(f"-{start}-{end}")
    for wrong in (place("membre"), pieces, [], [["a", 2]], "words"):
        status, answer = window.act("state", **about, object={"words": wrong})
        assert (status, answer["field"]) == (422, "object")
    status, answer = window.act(
        "state", **{**asked, "property": "rn:inEvent"}, object={"words": pieces[1:]}
    )
    assert (status, answer["field"]) == (422, "object")


def test_same_as_is_decided_with_its_evidence_and_written(
    small: SmallProgramme, window: Desk
) -> None:
    workshop = place("L'Atelier du Lac prête des outils")
    made = window.done(
        "state",
        words=workshop,
        subject={"new": "Prêt d’outils", "class": f"{RN}Innovation"},
        property=f"{RN}nature",
        object="nature/pratique",
    )
    loan = thing(made, "Prêt d’outils")["address"]
    other = window.done(
        "state",
        words=place("prête des outils entre voisins"),
        subject={"new": "Prêt entre voisins", "class": f"{RN}Innovation"},
        property=f"{RN}nature",
        object="nature/pratique",
    )
    asked = {"thing": thing(other, "Prêt entre voisins")["address"], "other": loan}
    status, said = window.act("identity", **asked, decision="same")
    assert (status, said["field"]) == (422, "reason")
    reason = {"fr": "La lettre parle du même prêt.", "en": "The letter speaks of one loan."}
    status, said = window.act("identity", **asked, decision="different", reason=reason)
    assert status == 200, said
    (file,) = (small.root / "data" / "identity").glob("*.trig")
    assert "rn:different" in file.read_text("utf-8")
    assert f"set:{small.slug}-" in file.read_text("utf-8"), "its evidence is what the words say"
    status, said = window.act("write")
    assert (status, said["written"]) == (200, [{"file": "lettre-1.trig", "fate": "written"}])
    trig = small.folder.trig_file(small.slug)
    assert "innovation:pret-entre-voisins" in trig.read_text("utf-8")
    trig.write_text(f"{trig.read_text('utf-8')}# by hand\n", "utf-8")
    window.version = window.state()["version"]
    window.act("drop", fact=fact(window.state(), "nature")["id"])
    status, said = window.act("write")
    assert status == 422 and "modifié à la main" in said["error"]
