"""What rules find at the desk is mended there: each finding has an act that heals it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from desks import Desk, desk, fact, small_desk
from small_programme import TEXT
from waiting import eventually

LENDS = "L'Atelier du Lac prête des outils entre voisins"
OPENS = "ouvre l'étape de Nantua"
CONCEPT = "skos:Concept"


def words(of: str) -> list[list[int]]:
    return [[TEXT.index(of), TEXT.index(of) + len(of)]]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    small = small_desk(tmp_path_factory.mktemp("remedies"))
    with desk(small.root, small.slug, slug=small.slug) as running:
        assert eventually(lambda: not running.state()["checking"], 120)
        yield running


def found(window: Desk, rule: str) -> list[dict[str, Any]]:
    return [it for it in window.state()["findings"] if it["rule"] == rule]


def mended(window: Desk, finding: dict[str, Any], **more: Any) -> None:
    """Do what mends a finding, with what only its reader knows, and see it healed."""
    asked = {**finding["remedy"]["do"], **more}
    name = asked.pop("act")
    if name == "state":
        path = f"/{window.slug}/properties?subject={asked['subject']}".replace("#", "%23")
        offered = window.ask("GET", path).text
        assert asked["property"] in offered
    status, said = window.checked_act(name, **asked)
    assert status == 200, said
    assert finding["id"] in [it["id"] for it in said["healed"]], said


def stated(window: Desk, of: str, subject: object, name: str, value: object, **more: Any) -> Any:
    asked = {"words": words(of), "subject": subject, "property": name, "object": value, **more}
    status, said = window.checked_act("state", **asked)
    assert status == 200, said
    return said


def new(label: str, kind: str) -> dict[str, str]:
    return {"new": label, "class": kind}


def test_a_part_says_why_it_gives_no_fact_or_gives_one(window: Desk) -> None:
    (bare,) = found(window, "part_gives_facts_or_says_why")
    mended(window, bare, object={"text": "Un sommaire.", "lang": "fr"})
    stated(window, "Anne Orvault", new("Anne Orvault", "foaf:Person"), "rdf:type", "foaf:Person")
    (both,) = found(window, "part_gives_facts_or_says_why")
    assert both["remedy"]["do"]["act"] == "drop"
    mended(window, both)


def test_a_document_is_named_where_its_name_is_missing(window: Desk) -> None:
    document = f"https://w3id.org/rallynov/id/document/{window.slug}"
    stated(window, "1", document, "schema:issueNumber", {"value": "1"})
    (nameless,) = found(window, "DocumentShape-label")
    mended(window, nameless, label={"fr": "Lettre n° 1"})


def test_a_name_has_a_language_where_its_kind_has_no_proper_ones(window: Desk) -> None:
    party = new("voisins", "org:Organization")
    stated(window, "voisins", party, "rdf:type", "org:Organization")
    address = fact(window.state(), "type", of="voisins")["subject"]["address"]
    stated(window, "voisins", address, "rdf:type", "rn:UnnamedParty")
    assert found(window, "name_speaks_its_languages") == []
    unnamed = next(
        it for it in window.state()["facts"] if "UnnamedParty" in it["value"].get("address", "")
    )
    assert window.act("drop", fact=unnamed["id"])[0] == 200
    assert found(window, "name_speaks_its_languages") == []


def test_facts_that_nothing_links_stand_apart(window: Desk) -> None:
    for label in ("Prêt d’outils", "Atelier ouvert"):
        stated(window, LENDS, new(label, "rn:Innovation"), "rn:nature", "nature/pratique")
    assert found(window, "facts_of_a_set_belong_together") == []
    lent = fact(window.state(), "nature", of="Prêt")
    third = new("Troc", "rn:Innovation")
    stated(window, LENDS, third, "rn:nature", "nature/pratique", set=lent["set"])
    untied = found(window, "facts_of_a_set_belong_together")
    assert {it["remedy"]["do"]["act"] for it in untied} == {"apart"}, "one of both is enough"
    mended(window, untied[0])
    assert found(window, "facts_of_a_set_belong_together") == []
    sets = {fact(window.state(), "nature", of=it)["set"] for it in ("Troc", "Prêt")}
    assert len(sets) == 2
    assert window.act("apart", set="x", subject="y")[0] == 422


def test_a_term_goes_into_the_list_of_the_others(window: Desk) -> None:
    event = new("Étape de Nantua", "schema:Event")
    stated(window, OPENS, event, "dcterms:audience", new("voisins du lac", CONCEPT))
    (first,) = found(window, "ConceptShape-inScheme")
    assert "object" not in first["remedy"]["do"]
    address = fact(window.state(), "audience")["subject"]["address"]
    stated(window, OPENS, address, "dcterms:audience", new("élus", CONCEPT))
    offered = json.loads(window.ask("GET", f"/{window.slug}/things?property=skos:inScheme").text)
    assert {it["kind"] for it in offered["things"] if it["allowed"]} == {"scheme"}
    mended(window, first, object="scheme/beneficiaires")
    (second,) = found(window, "ConceptShape-inScheme")
    assert second["remedy"]["label"] == "Mettre dans « Bénéficiaires »"
    mended(window, second)
    stated(window, OPENS, address, "dcterms:audience", new("écoliers", CONCEPT))
    assert found(window, "ConceptShape-inScheme") == []
    faults = [it for it in window.state()["findings"] if it["severity"] == "violation"]
    assert [it for it in faults if it["remedy"] is None] == []


def test_a_summary_is_the_curators_whatever_words_are_selected(window: Desk) -> None:
    stated(window, LENDS, new("Prêt", "rn:Innovation"), "rn:nature", "nature/pratique")
    lent = fact(window.state(), "nature", of="Prêt")["subject"]["address"]
    missing = next(
        it
        for it in found(window, "InnovationShape-description-given")
        if it["subject"]["address"] == lent
    )
    assert missing["remedy"]["do"]["words"] == []
    mended(window, missing, words=words(LENDS), object={"text": "Un prêt.", "lang": "fr"})
    summary = {"text": "Un lieu.", "lang": "fr"}
    told = stated(window, OPENS, new("Accueil", "rn:Innovation"), "dcterms:description", summary)
    assert not [it for it in told["brought"] if it["rule"] == "fact_is_in_its_graph"]
    welcomed = fact(window.state(), "type", of="Accueil")
    assert welcomed["words"] == words(OPENS), "the words say of what kind the new thing is"


def test_the_printed_role_of_a_member_stands_with_the_role_held(window: Desk) -> None:
    member = new("Luc Essart au Lac", "org:Membership")
    body, luc = new("Lac", "org:Organization"), new("Luc Essart", "foaf:Person")
    stated(window, "Luc Essart tient un stand", member, "org:organization", body)
    address = fact(window.state(), "organization")["subject"]["address"]
    stated(window, "Luc Essart tient un stand", address, "org:member", luc)
    printed = {"text": "tient un stand", "lang": "fr"}
    stated(window, "Luc Essart tient un stand", address, "rn:roleAsPrinted", printed)
    (lacking,) = found(window, "fact_stands_with_what_it_needs")
    assert lacking["remedy"]["do"]["property"].endswith("org#role")
    assert "org:role" in lacking["text"]
    there = {"words": words("Luc Essart tient un stand")}
    mended(window, lacking, object=new("exposant", CONCEPT), **there)
    rules = {it["rule"] for it in window.state()["findings"] if it["severity"] == "violation"}
    assert not rules & {"fact_stands_with_what_it_needs", "property_fits_its_class"}
