"""What the fields of the desk offer: properties from the shapes, things by name, reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from decided import shipped
from desks import Desk, desk, fact, proposal, small_desk
from small_programme import TEXT

RN = "https://w3id.org/rallynov/ontology#"
WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    small = small_desk(Path(tmp_path_factory.mktemp("offered")))
    with desk(small.root, small.slug, slug=small.slug) as running:
        yield running


def offered(window: Desk, what: str, **asked: str) -> Any:
    answer = window.ask("GET", f"/{window.slug}/{what}?{urlencode(asked)}")
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def test_shapes_say_what_may_be_said_of_a_thing_and_why_not(window: Desk) -> None:
    found = {it["name"]: it for it in offered(window, "properties", **{"class": f"{RN}Innovation"})}
    carried, role = found["rn:carriedBy"], found["rn:role"]
    assert carried["allowed"] and carried["label"] == "portée par" and carried["definition"]
    assert [it["label"] for it in carried["accepts"]] == ["organisation", "personne"]
    assert not role["allowed"] and role["because"] == "Cela s’applique à : participation."
    assert not {"rn:carries", "rdfs:label", "rn:certainty"} & {*found}, "concluded, or not facts"
    names = [*found]
    assert names.index("rn:carriedBy") < names.index("rn:role"), "what is not allowed comes last"
    stage = offered(window, "properties", **{"class": f"{RN}Stage", "lang": "en"})
    assert stage[0]["demanded"] and not [it for it in stage[:2] if not it["demanded"]]
    english = next(it for it in stage if it["name"] == "rn:role")
    assert english["because"] == "This applies to: participation."


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_two_properties_of_a_list_are_called_alike(window: Desk, lang: str) -> None:
    for name in ("", "https://schema.org/PublicationIssue", f"{RN}Stage"):
        labels = [it["label"] for it in offered(window, "properties", lang=lang, **{"class": name})]
        assert len(labels) == len({*labels}), name
        assert ("numéro (document)" in labels) == (lang == "fr")


def test_things_are_those_of_the_document_first_with_what_may_be_new(window: Desk) -> None:
    person = proposal(window.state(), "person", "Anne Orvault")
    window.done("accept", proposal=person["id"])
    found = offered(window, "things", q="orv", property=f"{RN}participant")
    assert [(it["label"], it["own"], it["allowed"]) for it in found["things"]] == [
        ("Anne Orvault", True, True)
    ]
    (org,) = [it for it in found["new"] if it["label"] == "organisation"]
    assert org["demands"] == ["nom imprimé"]
    wrong = offered(window, "things", q="ORVAULT", property=f"{RN}suppliedBy")["things"][0]
    assert not wrong["allowed"] and wrong["because"] == "« fournie par » attend : organisation."
    assert offered(window, "things", q="prat", property=f"{RN}nature")["things"][0]["allowed"]
    other = offered(window, "things", q="prat", property=f"{RN}means", lang="en")["things"][0]
    assert other["because"].startswith("“means” expects a term of the list")


def test_the_document_properties_and_terms_of_lists_are_at_hand(window: Desk) -> None:
    document = window.state()["things"][0]
    assert document["kindLabel"] == "document" and window.state()["document"]["languages"]
    assert document["address"] in {it["address"] for it in offered(window, "things")["things"]}
    issue = offered(window, "properties", subject=document["address"])
    assert next(it for it in issue if it["name"] == "schema:issueNumber")["allowed"]
    fixed = offered(window, "things", q="lieu", property=f"{RN}toBeFixed")
    assert fixed["things"][0]["address"] == "https://schema.org/location"
    unknown = offered(window, "things", q="lieu", property=f"{RN}statedUnknown")
    assert fixed["things"][0] in unknown["things"], "a property, or a measure"
    assert [it["kind"] for it in unknown["new"]] == ["measure"]
    classes = {it["class"]: it for it in offered(window, "things")["new"]}
    assert {f"{RN}Rally", f"{RN}UnnamedParty"} <= {*classes}
    assert classes[f"{RN}Rally"]["languages"] == []
    word = "outils"
    start = TEXT.index(word)
    status, said = window.act(
        "state",
        words=[[start, start + len(word)]],
        subject={"new": "Prêt d’outils", "class": "rn:Innovation"},
        property="dcterms:subject",
        object={"new": "outillage", "class": "skos:Concept"},
    )
    assert status == 200
    theme = said["made"]["things"][-1]
    assert theme.endswith("/theme/outillage")
    stated = fact(window.state(), "subject")
    assert (stated["id"], stated["value"]["address"]) == (said["made"]["fact"], theme)
    again = offered(window, "things", q="outillage", property="dcterms:subject")["things"]
    assert again[0]["allowed"], "it is in the list"
    of_terms = {it["name"] for it in offered(window, "properties", subject=theme) if it["allowed"]}
    assert {"skos:definition", "skos:inScheme"} <= of_terms
    lists = offered(window, "things", q="nature", property="skos:inScheme")["things"]
    assert lists[0]["address"].endswith("/scheme/natures") and lists[0]["allowed"]
    assert not [it for it in offered(window, "things", q="nature")["things"] if it in lists]
    french = "http://publications.europa.eu/resource/authority/language/FRA"
    text = {"text": "Ce qui sert à faire.", "lang": "fr"}
    assert window.act("state", subject=theme, property="skos:definition", object=text)[0] == 200
    status, said = window.act(
        "state",
        words=[[start, start + len(word)]],
        subject=document["address"],
        property="dcterms:language",
        object=french,
    )
    assert status == 200, said
    number = {"words": [[TEXT.index("1"), TEXT.index("1") + 1]], "object": {"value": "1"}}
    issue = {"subject": document["address"], "property": "schema:issueNumber"}
    assert window.act("state", **number, **issue)[0] == 200
    others = offered(window, "properties", subject=document["address"])
    again = next(it for it in others if it["name"] == "schema:issueNumber")
    assert again["allowed"] and again["because"].endswith("une autre est une seconde lecture.")
    assert others.index(again) > max(n for n, it in enumerate(others) if not it["because"])
    for _ in range(4):
        window.done("undo")


def test_reasons_said_before_are_at_hand(window: Desk) -> None:
    start = TEXT.index(WORKSHOP)
    window.done(
        "state",
        words=[[start, start + len(WORKSHOP)]],
        subject={"new": "Prêt", "class": "rn:Innovation"},
        property="rn:nature",
        object="nature/pratique",
        certainty="inferred",
        reason={"fr": "Prêter est lu comme une pratique."},
    )
    assert offered(window, "reasons", q="prêter")[0] == {
        "reason": {"fr": "Prêter est lu comme une pratique."},
        "own": True,
        "uses": 1,
    }
    assert offered(window, "reasons", q="nulle part") == []


def test_what_an_untaken_reading_alone_names_is_not_offered(tmp_path: Path) -> None:
    shipped(tmp_path)
    text = tmp_path / "lettre-9.txt"
    said_there = "La Mutualité prête une salle.\nL'association Réseau Innovation FC a dit oui.\n"
    text.write_text(f"Lettre n° 9\n\n{said_there}", "utf-8")
    with desk(tmp_path, text, slug="lettre-9") as window:
        found = offered(window, "things", q="mutualite")["things"]
        names = {it["address"].partition("/id/")[2] for it in found}
        assert "organisation/mutualite-francaise-franche-comte" in names
        assert "organisation/mutualite" not in names
        # Of a known body, a proposal says what it is called here.
        known = proposal(window.state(), "organisation", "Réseau Innovation FC")
        assert known["candidates"][0]["iri"].endswith("/rifc")
        said = window.done("accept", proposal=known["id"])
        assert fact(said, "nameAsPrinted")["value"]["text"] == "Réseau Innovation FC"
