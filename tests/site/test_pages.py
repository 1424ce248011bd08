"""What the pages say of the shipped graph."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from claims import short
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
CARRIAGE = short("innovation/mamhique", "carriedBy", MUTUALITE)
THEME = short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
ON_THEME = "/questions/things_on_theme"
WORDS = {
    "/page/person/bruno-herry": ("témoigne", "Étape de la Mutualité", "au nom de"),
    "/page/stage/mutualite-francaise-franche-comte": ("Bruno Herry", "Pierre Alixant", "clôt"),
    "/page/passage/carnet-2-843-904": ("financement (carnet n° 2)", "Direccte"),
    "/page/assertion-set/carnet-2-mamhique-porteur": ("Mamhique", "incertain"),
    "/page/assertion-set/carnet-2-mamhique-porteur?lang=en": ("uncertain", "illustrates"),
    "/page/group/concurrents": ("groupe",),
    "/page/theme/cooperation-et-partenariat": ("groupe de termes", "Mise en relation"),
    "/page/theme/cooperation": ("Coopération et partenariat",),
    "/report": ("Les données n’enfreignent aucune règle.",),
    "/about": ("CC BY 4.0", "aucun audit indépendant", "pas encore enregistrée"),
    f"{ON_THEME}?theme=vie au travail": ("Mamhique",),
    CARRIAGE: ("le carnet le dit proposé par des entreprises",),
    THEME: ("Gouvernance sans chef de production",),
}
"""Pages, and words of each."""


def rows(page: Page) -> list[str]:
    """Return the rows of the page's tables as text."""
    return [row.text for row in page.all("tr")]


def labels(page: Page, label: str) -> list[str]:
    """Return the facts of a thing's page that begin with a label, as text."""
    rows = [e.text for e in page.elements if e["class"] == "fact"]
    return [text for text in rows if text.startswith(f"{label} ")]


def hrefs(page: Page) -> set[str]:
    return {a["href"] for a in page.all("a")}


def test_pages_say_what_the_carnet_says(client: FlaskClient, subtests: pytest.Subtests) -> None:
    for address, words in WORDS.items():
        with subtests.test(address):
            text = read(client, address).text
            assert [it for it in words if it not in text] == []


def test_lists_tell_what_their_kind_is_known_by(client: FlaskClient) -> None:
    header, first, *others = rows(read(client, "/list/stage"))
    assert header == "Étape Date Période ou bornes Statut Lieu"
    assert "8 avril 2013" in first and "Besançon" in first and len(others) == 8
    (witness,) = [row for row in rows(read(client, "/list/person")) if "Bruno Herry" in row]
    assert "témoin" in witness and "Mutualité" in witness
    large = [it for it in read(client, "/list/theme").all("li") if it.inside.count("ul") == 1]
    (participation,) = [e for e in large if e.text.startswith("Gouvernance et participation")]
    assert "Transparence" in participation.text, "themes are a tree"
    organisations, groups = read(client, "/list/organisation"), read(client, "/list/group")
    for name in ("des concurrents", "13 laboratoires", "les entreprises microtechniques"):
        assert name in groups.text and name not in organisations.one("table").text
    assert client.get("/page/organisation/concurrents").status_code == 410


def test_a_fact_shows_how_sure_it_is_and_leads_to_its_evidence(client: FlaskClient) -> None:
    page = read(client, "/page/innovation/mamhique")
    (provided,), (carried,) = labels(page, "proposée par"), labels(page, "portée par")
    assert "explicite" in provided and "incertain" in carried
    assert CARRIAGE in {e["href"] for e in page.all("a") if e["class"] == "evidence"}
    assert any(it.startswith("/carnet/carnet-2") for it in hrefs(read(client, CARRIAGE)))
    legeni = read(client, "/page/organisation/legeni")
    (linked,) = [it for it in labels(legeni, "liée au thème") if "plus large" not in it]
    assert "Gouvernance explicite preuve Travail en équipe déduit preuve" in linked
    assert THEME in hrefs(legeni)
    assert len(labels(legeni, "porte")) == 1, "what is only read the other way is shown once"
    assert len(labels(read(client, "/page/person/karine-le-goff"), "à la même étape que")) == 1


def test_a_thing_leads_to_what_is_open_elsewhere_and_printed(client: FlaskClient) -> None:
    (box,) = [
        it
        for it in read(client, "/page/person/christian-maucler").all("section")
        if it.text.startswith("Ce que l’on ne sait pas")
    ]
    assert "À quel titre Christian Maucler" in box.text and "Question ouverte" in box.text
    outside = [a for a in read(client, "/page/place/besancon").all("a") if "external" in a["rel"]]
    assert "http://www.wikidata.org/entity/Q37776" in [a["href"] for a in outside]
    found = [it for it in rows(read(client, "/page/theme/gouvernance")) if "« gouvernance »" in it]
    assert any("gras" in row and "nuage de thèmes, passage" in row for row in found)
    document = read(client, "/page/document/carnet-2")
    parts = [e["href"] for e in document.all("a") if e["href"].startswith("/page/part/")]
    assert parts[0] == "/page/part/carnet-2-bandeau" and len(parts) == len({*parts}) >= 40
    assert any("Un titre de rubrique" in row for row in rows(document))


def test_a_question_is_asked_with_its_parameters(client: FlaskClient) -> None:
    asked = f"{ON_THEME}?theme=theme/solidarite-et-sante"
    all_of_it, said = read(client, asked), read(client, f"{asked}&certainty=explicit")
    assert len(rows(said)) < len(rows(all_of_it))
    assert any("Mamhique" in row and "explicite" in row for row in rows(said))
    assert not any("déduit" in row for row in rows(said))
    chosen = [e["value"] for e in said.all("option") if "selected" in e.attributes]
    assert chosen == ["theme/solidarite-et-sante", "all"]
    assert "<https://w3id.org/rallynov/id/theme/solidarite-et-sante>" in said.one("pre").text
    answer = client.get("/questions/stages.csv?certainty=explicit")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[0].startswith("stage,stage_label,number")
    assert client.get("/questions/stages.json").json["head"]["vars"][0] == "stage"


def test_every_column_of_every_question_has_words(app: Flask, store: EmbeddedStore) -> None:
    site = app.extensions["site"]
    for name, question in site.catalogue.items():
        columns = store.select(question.bind()).variables if question.form == "SELECT" else ()
        named = (it for it in columns if not it.endswith("_label"))
        assert [it for it in named if f"column.{it}" not in site.messages["fr"]] == [], name


TWO_SETS = """\
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix stage: <https://w3id.org/rallynov/id/stage/> .
@prefix set: <https://w3id.org/rallynov/id/assertion-set/> .
@prefix passage: <https://w3id.org/rallynov/id/passage/> .
set:one { stage:a rn:number 1 }
set:two { stage:a rn:number 1 }
{
    stage:a a rn:Stage .
    set:one a rn:AssertionSet ; rn:certainty rn:explicit ; rn:passage passage:p-1-2 .
    set:two a rn:AssertionSet ; rn:certainty rn:tentative ;
        rn:passage passage:p-3-4, passage:p-10-11 ;
        rn:reason "Parce que."@fr, "Because."@en .
}
"""


def test_a_fact_in_two_sets_shows_each_piece_of_evidence_the_surest_first() -> None:
    quads = parse(TWO_SETS, format=RdfFormat.TRIG)
    client = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    page = read(client, "/page/stage/a")
    (number,) = [e.text for e in page.all("dd") if e.text.startswith("1 ")]
    assert number.index("explicite") < number.index("preuve")
    address = next(
        e["href"] for e in page.all("a") if "number" in e["href"] and "/why" in e["href"]
    )
    note = read(client, address)
    assert note.text.index("explicite") < note.text.index("incertain")
    passages = [e["href"] for e in note.all("a") if e["href"].startswith("/page/passage/")][:3]
    assert [href.rpartition("/")[2] for href in passages] == ["p-1-2", "p-3-4", "p-10-11"]
