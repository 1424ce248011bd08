"""What an act brings or heals is told with it, in plain words, at its fact, with a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import endless_rules
from decided import rallynov
from desks import Desk, desk, fact, proposal, small_desk
from small_programme import TEXT, SmallProgramme
from waiting import eventually

OF_TEXT = {"printed_form_is_printed", "words_are_ours", "passage_holds_whole_words"}
RN = "https://w3id.org/rallynov/ontology#"
LENDS = "prête des outils entre voisins"


def of_rule(findings: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    return [it for it in findings if it["rule"] == rule]


def checked(window: Desk) -> dict[str, Any]:
    """Return the state once the data were read."""
    assert eventually(lambda: not window.state()["checking"], 120)
    return window.state()


def test_an_act_tells_what_it_brings_and_heals(window: Desk) -> None:
    begun = checked(window)
    assert of_rule(begun["findings"], "part_gives_facts_or_says_why")
    start = TEXT.index(LENDS)
    stated: dict[str, Any] = {
        "words": [[start, start + len(LENDS)]],
        "subject": {"new": "Prêt d’outils", "class": f"{RN}Innovation"},
        "property": f"{RN}nature",
        "object": "nature/pratique",
        "certainty": "tentative",
        "reason": {"fr": "Une habitude est lue comme une pratique."},
    }
    status, said = window.checked_act("state", **stated)
    assert status == 200
    assert of_rule(said["healed"], "part_gives_facts_or_says_why")
    (missing,) = of_rule(said["brought"], "InnovationShape-description-given")
    assert missing["severity"] == "warning"
    assert missing["text"] == "Cette innovation n’a pas de résumé."
    assert missing["subject"]["label"] == "Prêt d’outils"
    assert missing["remedy"]["label"] == "Dire « résumé »"
    (question,) = of_rule(said["brought"], "tentative_set_has_its_question")
    assert question["fact"] == fact(window.state(), "type")["id"]
    assert question["remedy"]["do"]["act"] == "question"

    summary = {**missing["remedy"]["do"], "object": {"text": "Un prêt.", "lang": "fr"}}
    status, said = window.checked_act(**{"name": summary.pop("act"), **summary})
    assert (status, said["brought"]) == (200, [])
    assert of_rule(said["healed"], "InnovationShape-description-given")
    described = fact(window.state(), "description")
    assert (described["words"], described["set"]) == ([], None)

    window.language = "en"
    nowhere = of_rule(window.state()["findings"], "link_leads_somewhere")
    assert len(nowhere) == 1, "the same of every set is told once"
    assert nowhere[0]["remedy"]["label"] == "Describe it"


def test_a_rule_that_takes_too_long_leaves_the_desk_as_it_is(tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    with desk(small.root, small.slug, slug=small.slug, before=endless_rules.put_in) as window:
        assert checked(window)["unchecked"] == (
            "La règle endless ne peut pas servir : elle a duré plus de 0.5 secondes."
        )
        person = proposal(window.state(), "person")
        window.done("accept", proposal=person["id"])
        assert window.state()["unchecked"]


def test_the_document_itself_is_described_from_its_words(window: Desk) -> None:
    person = proposal(checked(window), "person")
    body = {
        "version": window.state()["version"],
        "do": {"act": "accept", "proposal": person["id"]},
    }
    path = f"/{window.slug}/acts?lang=fr"
    done = window.ask("POST", path, body, Origin=window.origin, X_Desk=window.csrf)
    path = f"/{window.slug}/state?lang=fr"
    again = window.ask("GET", path, If_None_Match=done.headers["etag"])
    assert (done.status, again.status, again.body) == (200, 304, b""), "the page knows the state"
    window.version = json.loads(done.text)["version"]
    (nowhere,) = of_rule(window.state()["findings"], "link_leads_somewhere")
    document = nowhere["remedy"]["do"]["subject"]
    number = TEXT.index("1")
    status, said = window.checked_act(
        "state",
        words=[[number, number + 1]],
        subject=document,
        property="schema:issueNumber",
        object={"value": "1"},
    )
    assert status == 200 and of_rule(said["healed"], "link_leads_somewhere")
    assert fact(window.state(), "type", of="lettre-1")["value"]["label"] == "document"
    assert window.ask("GET", path, If_None_Match=done.headers["etag"]).status == 200


def test_the_text_says_the_same_at_the_desk_and_when_data_are_validated(
    small: SmallProgramme, window: Desk
) -> None:
    checked(window)
    start = TEXT.index("tient un stand")
    said: dict[str, Any] = {"words": [[start, start + len("tient un stand")]]}
    new = {"new": "Luc Essart", "class": "foaf:Person"}
    wrong = {"property": "rn:nameAsPrinted", "object": {"value": "Luc Essard"}}
    status, brought = window.checked_act("state", **said, subject=new, **wrong)
    assert status == 200
    (misprinted,) = of_rule(brought["brought"], "printed_form_is_printed")
    person = fact(window.state(), "nameAsPrinted")["subject"]["address"]
    copied = {"text": TEXT[TEXT.index("Anne") :].replace("\n", " "), "lang": "fr"}
    window.act("state", subject=person, property="dcterms:description", object=copied)
    start = TEXT.index("outils")
    cut: dict[str, Any] = {"words": [[start, start + 4]], "subject": person}
    window.act("state", **cut, property="rn:role", object="role/presente")
    window.done("write")

    window.language = "en"
    told = [it for it in window.state()["findings"] if it["rule"] in OF_TEXT]
    assert {it["rule"] for it in told} == OF_TEXT
    reported = rallynov("validate", small.root, "--source", small.text, "--format", "json")
    of_files = {
        it["messages"]["en"]
        for it in json.loads(reported.out)["results"]
        if it["shape"].partition("check-")[2] in OF_TEXT
    }
    assert {it["text"] for it in told} == of_files

    right = {**wrong, "object": {"value": "Luc Essart"}}
    start = TEXT.index("Luc Essart")
    whole = {"words": [[start, start + len("Luc Essart")]], "subject": person}
    status, healed = window.checked_act("change", fact=misprinted["fact"], **whole, **right)
    assert of_rule(healed["healed"], "printed_form_is_printed")
