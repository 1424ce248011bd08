"""What the pages say of the shipped graph."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from claims import short
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.validation import report
from reading_pages import Page, read

NARROW = "\N{NARROW NO-BREAK SPACE}"


def rows(page: Page) -> list[str]:
    """Return the rows of the page's tables as text."""
    return [row.text for row in page.all("tr")]


def labels(page: Page, label: str) -> list[str]:
    """Return the facts of a thing's page that begin with a label, as text."""
    rows = [e.text for e in page.elements if e["class"] == "fact"]
    return [text for text in rows if text.startswith(f"{label} ")]


def test_a_list_of_stages_tells_their_state_date_and_place(client: FlaskClient) -> None:
    page = read(client, "/list/stage")
    header, first, *_ = rows(page)
    assert header.split() == [
        "Nom",
        "N°",
        "Statut",
        "Date",
        "Période",
        "ou",
        "bornes",
        "Lieu",
        "Portée",
        "par",
    ]
    assert "8 avril 2013" in first and "Besançon" in first
    assert len(rows(page)) == 1 + 9


def test_a_list_of_people_tells_their_role(client: FlaskClient) -> None:
    (row,) = [row for row in rows(read(client, "/list/person")) if "Bruno Herry" in row]
    assert "témoigne" in row and "Mutualité" in row


def test_themes_are_a_tree(client: FlaskClient) -> None:
    page = read(client, "/list/theme")
    large = [e for e in page.all("li") if e.inside.count("ul") == 1 and "nav" not in e.inside]
    (participation,) = [e for e in large if e.text.startswith("Gouvernance et participation")]
    assert "Transparence" in participation.text


def test_a_fact_shows_how_sure_it_is_and_leads_to_its_passage_and_reason(
    client: FlaskClient,
) -> None:
    page = read(client, "/page/innovation/mamhique")
    (provided,), (carried,) = labels(page, "proposée par"), labels(page, "portée par")
    assert "explicite" in provided and "incertain" in carried
    leads = {e["href"] for e in page.all("a") if e["class"] == "evidence"}
    mutualite = "organisation/mutualite-francaise-franche-comte"
    carriage = short("innovation/mamhique", "carriedBy", mutualite)
    assert carriage in leads
    note = read(client, carriage)
    assert any(e["href"].startswith("/carnet/carnet-2") for e in note.all("a"))
    assert "le carnet le dit proposé par des entreprises" in note.text


def test_what_a_rule_concludes_says_so_and_leads_to_its_reasons(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/legeni")
    (linked,) = [text for text in labels(page, "liée au thème") if "plus large" not in text]
    assert "Gouvernance lien calculé (explicite) lien calculé (déduit) preuve" in linked.replace(
        NARROW, " "
    )
    reasons = short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
    assert reasons in {e["href"] for e in page.all("a")}
    assert "Gouvernance sans chef de production" in read(client, reasons).text


def test_what_a_rule_only_reads_the_other_way_is_shown_once(client: FlaskClient) -> None:
    assert len(labels(read(client, "/page/organisation/legeni"), "porte")) == 1
    assert len(labels(read(client, "/page/person/karine-le-goff"), "à la même étape que")) == 1


def test_a_person_is_shown_with_what_they_did_where_and_for_whom(client: FlaskClient) -> None:
    text = read(client, "/page/person/bruno-herry").text
    assert "témoigne" in text
    assert "Étape de la Mutualité" in text
    assert "au nom de" in text


def test_a_stage_lists_who_took_part_and_in_which_role(client: FlaskClient) -> None:
    text = read(client, "/page/stage/mutualite-francaise-franche-comte").text
    assert "Bruno Herry" in text and "Pierre Alixant" in text and "clôt" in text


def test_a_thing_says_what_the_carnet_leaves_open_about_it(client: FlaskClient) -> None:
    page = read(client, "/page/person/christian-maucler")
    (box,) = [e for e in page.all("aside") if e["class"] == "open"]
    assert box.text.startswith("Une question ouverte")
    assert "Christian Maucler" in box.text


def test_a_place_leads_to_its_identifiers_elsewhere(client: FlaskClient) -> None:
    page = read(client, "/page/place/besancon")
    outside = [e["href"] for e in page.all("a") if "external" in e["rel"]]
    assert "http://www.wikidata.org/entity/Q37776" in outside


def test_a_passage_says_where_it_stands_and_what_it_carries(client: FlaskClient) -> None:
    page = read(client, "/page/passage/carnet-2-843-904")
    assert "financement (carnet n° 2)" in page.text and "843 à" not in page.text
    assert any("Direccte" in row for row in rows(page))


def test_an_assertion_set_gives_its_reason_in_the_language_of_the_page(
    client: FlaskClient,
) -> None:
    french = read(client, "/page/assertion-set/carnet-2-mamhique-porteur").text
    english = read(client, "/page/assertion-set/carnet-2-mamhique-porteur?lang=en").text
    assert "Mamhique" in french and "incertain" in french
    assert "uncertain" in english and "illustrates" in english and "illustre les" not in english


def test_a_theme_shows_the_printed_words_where_they_stand(client: FlaskClient) -> None:
    page = read(client, "/page/theme/gouvernance")
    found = [row for row in rows(page) if "« gouvernance »" in row]
    assert any("gras" in row and "nuage de thèmes, passage" in row for row in found)


def test_the_document_is_shown_part_by_part_in_order(client: FlaskClient) -> None:
    page = read(client, "/page/document/carnet-2")
    parts = [e["href"] for e in page.all("a") if e["href"].startswith("/page/part/")]
    assert parts[0] == "/page/part/carnet-2-bandeau"
    assert len(parts) == len({*parts}) >= 40
    assert any("Un titre de rubrique" in row for row in rows(page))


def test_only_someone_who_is_a_mere_contact_is_kept_from_search_engines(
    client: FlaskClient,
) -> None:
    contact = client.get("/page/person/sabrina-boudailler")
    witness = client.get("/page/person/bruno-herry")
    assert contact.headers["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in contact.data
    assert "X-Robots-Tag" not in witness.headers and b"noindex" not in witness.data


def test_a_question_is_asked_with_its_parameters(client: FlaskClient) -> None:
    all_of_it = read(client, "/questions/innovations_on_theme?theme=theme/solidarite-et-sante")
    said = read(
        client,
        "/questions/innovations_on_theme?theme=theme/solidarite-et-sante&certainty=explicit",
    )
    assert len(rows(said)) < len(rows(all_of_it))
    assert any("Mamhique" in row and "explicite" in row for row in rows(said))
    assert not any("déduit" in row for row in rows(said))
    (chosen,) = [e for e in said.all("option") if "selected" in e.attributes]
    assert chosen["value"] == "theme/solidarite-et-sante"
    assert "<https://w3id.org/rallynov/id/theme/solidarite-et-sante>" in said.one("pre").text


def test_a_parameter_takes_a_name_as_well_as_an_address(client: FlaskClient) -> None:
    by_name = read(client, "/questions/innovations_on_theme?theme=vie au travail")
    assert any("Mamhique" in row for row in rows(by_name))


UNANSWERED = {
    "addresses_that_gave_way",
    "contradictions_between_documents",
    "decisions_on_standing",
    "identity_decisions",
    "namesakes",
    "new_in_document",
    "who_was_what_when",
}
"""What is asked of several documents: carnet 2 alone has no row."""


def test_every_question_has_an_answer_on_its_page_in_both_languages(app: Flask) -> None:
    client = app.test_client()
    for name in app.extensions["site"].catalogue:
        for language in ("", "?lang=en"):
            page = read(client, f"/questions/{name}{language}")
            assert page.all("table") or name in UNANSWERED, name


def test_the_answer_of_a_question_comes_as_a_file(client: FlaskClient) -> None:
    answer = client.get("/questions/stages.csv?certainty=explicit")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[0].startswith("stage,stage_label,number")
    assert client.get("/questions/stages.json").json["head"]["vars"][0] == "stage"


def test_every_column_of_every_question_has_words_in_both_languages(
    app: Flask, store: EmbeddedStore
) -> None:
    site = app.extensions["site"]
    unnamed = {
        variable
        for question in site.catalogue.values()
        if question.form == "SELECT"
        for variable in store.select(question.bind()).variables
        if not variable.endswith("_label") and f"column.{variable}" not in site.messages["fr"]
    }
    assert unnamed == set()


def test_the_report_says_in_words_that_the_data_break_no_rule(client: FlaskClient) -> None:
    assert "Les données n’enfreignent aucune règle." in read(client, "/report").text
    assert client.get("/report.json").json["conforms"] is True


def test_about_says_licence_release_and_what_was_not_checked(
    client: FlaskClient, release: Release
) -> None:
    text = read(client, "/about").text
    assert release.id in text and "CC BY 4.0" in text
    assert "aucun audit indépendant" in text and "pas encore enregistrée" in text


def test_the_ontology_is_readable_and_its_terms_can_be_linked_to(client: FlaskClient) -> None:
    page = read(client, "/ontology")
    (term,) = page.all("div", id="Innovation")
    assert "innovation sociale" in term.text
    assert client.get("/ontology", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    assert b"rn:Innovation" in client.get("/ontology.ttl").data
    assert client.get("/shapes.ttl").mimetype == "text/turtle"
    assert client.get("/context.jsonld").mimetype == "application/ld+json"


def test_french_is_set_with_narrow_spaces_and_english_is_not(client: FlaskClient) -> None:
    french = re.sub(r"<code.*?</code>", "", client.get("/").text, flags=re.DOTALL)
    english = client.get("/?lang=en").text
    assert f"thèmes{NARROW}?" in french and "thèmes ?" not in french
    assert "on which themes?" in english


def test_names_in_another_language_are_marked(client: FlaskClient) -> None:
    page = read(client, "/page/assertion-set/carnet-2-mamhique?lang=en")
    assert page.one("h1")["lang"] == "fr"


TWO_SETS = """\
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix id: <https://w3id.org/rallynov/id/> .
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
    assert number.index("explicite") < number.index("incertain") < number.index("preuve")
    passages = [e["href"] for e in page.all("a") if e["href"].startswith("/page/passage/")]
    assert [href.rpartition("/")[2] for href in passages] == ["p-1-2", "p-3-4", "p-10-11"]


def test_a_finding_of_the_report_leads_to_its_thing_and_names_file_and_line(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = report.Finding(
        severity="Warning",
        shape=f"{RN}SomeShape",
        focus=NamedNode(f"{ID}stage/vesoul"),
        messages={"fr": "Il manque un lieu.", "en": "A place is missing."},
        source_file="carnets/a.trig",
        line=7,
    )
    monkeypatch.setattr(report, "from_json", lambda _: report.of([finding]))
    page = read(client, "/report")
    (row,) = [row for row in rows(page) if "Il manque un lieu." in row]
    assert "carnets/a.trig, ligne 7" in row and "rn:SomeShape" in row
    assert "/page/stage/vesoul" in [e["href"] for e in page.all("a")]


def test_groups_stand_apart_from_organisations(client: FlaskClient) -> None:
    organisations, groups = read(client, "/list/organisation"), read(client, "/list/group")
    names = {"des concurrents", "13 laboratoires", "les entreprises microtechniques"}
    assert all(name in groups.text for name in names)
    assert not any(name in organisations.one("table").text for name in names)
    assert "groupe" in read(client, "/page/group/concurrents").text
    assert client.get("/page/organisation/concurrents").status_code == 410


def test_a_group_of_themes_shows_its_themes(client: FlaskClient) -> None:
    page = read(client, "/page/theme/cooperation-et-partenariat")
    assert "groupe de termes" in page.text and "Mise en relation" in page.text
    assert "Coopération et partenariat" in read(client, "/page/theme/cooperation").text
