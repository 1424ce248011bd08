"""What people write for a thing, read among the things that the parameter may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from conftest import Ran
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

CATALOGUE: Catalogue = load()
MEANT = [
    ("participants_of_stage", "stage", "Dole", "stage/dole"),
    ("participants_of_stage", "stage", "la Mutualité", "stage/mutualite-francaise-franche-comte"),
    ("participants_of_stage", "stage", "le pole", "stage/pole-des-microtechniques"),
    ("participants_of_stage", "stage", "Dole stage", "stage/dole"),
    ("carried_by_organisation", "organisation", "la Mutualité", "organisation/mutualite-f"),
    ("carried_by_organisation", "organisation", "rifc", "organisation/rifc"),
    ("carried_by_organisation", "organisation", "réseau innovation", "organisation/rifc"),
    ("events_of_person", "person", "dufay", "person/marie-guite-dufay"),
    ("events_of_person", "person", "HERRY", "person/bruno-herry"),
    ("things_on_theme", "theme", "sociétale", "theme/responsabilite-societale"),
    ("innovations_on_theme", "theme", "L’Innovation sociale", "theme/innovation-sociale"),
    ("innovations_by_beneficiary", "beneficiary", "les salariés", "beneficiary/salaries"),
]


@pytest.mark.parametrize(("question", "name", "text", "meant"), MEANT)
def test_a_thing_is_looked_for_among_those_that_are_wanted(
    store: EmbeddedStore, question: str, name: str, text: str, meant: str
) -> None:
    found = parameters.value(CATALOGUE.question(question).parameter(name), text, store)
    assert isinstance(found, NamedNode) and found.value.startswith(ID + meant)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "place/dole",
            "Something of rn:Stage is asked for, .* not: .* stage/dole",
        ),
        ("Besançon", "there are .*stage/vesoul.* Something else is called so: place/besancon"),
        ("stage/nowhere", "No thing is called 'stage/nowhere'"),
        ("Etape du Pole des microtechnics", "did you mean Étape du Pôle des microt"),
    ],
)
def test_what_is_no_such_thing_is_refused_with_what_is_near(
    store: EmbeddedStore, text: str, words: str
) -> None:
    stage = CATALOGUE["participants_of_stage"].parameter("stage")
    with pytest.raises(UnknownNameError, match=words):
        parameters.value(stage, text, store)


def test_words_that_several_have_are_not_guessed(store: EmbeddedStore) -> None:
    person = CATALOGUE.question("events_of_person").parameter("person")
    with pytest.raises(AmbiguousNameError) as raised:
        parameters.value(person, "Le Goff", store)
    assert [*raised.value.bearers] == ["person/karine-le-goff", "person/pierre-yves-le-goff"]


def test_every_thing_has_at_least_one_name_that_finds_it(store: EmbeddedStore) -> None:
    """Each label of each thing that a parameter may be finds it, alone or among others."""
    stages = CATALOGUE["participants_of_stage"].parameter("stage")
    labels = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?s ?l { ?s a rn:Stage ; rdfs:label ?l } ORDER BY ?s ?l"""
    rows = store.select(labels).rows
    assert len(rows) >= 18
    for stage, label in rows:
        assert parameters.value(stages, getattr(label, "value", ""), store) == stage


def test_what_a_header_names_is_there(store: EmbeddedStore) -> None:
    named = {one for q in CATALOGUE.values() for p in q.parameters for one in p.of}
    assert len(named) >= 9
    for one in named:
        assert store.ask(f"ASK {{ {{ {one} a ?c }} UNION {{ ?s a {one} }} }}"), one


def test_a_question_that_can_be_asked_of_all_is(store: EmbeddedStore) -> None:
    rows = [*store.select(CATALOGUE["participants_of_stage"].bind())]
    assert len({row["stage"] for row in rows}) > 1
    for question in CATALOGUE.values():
        for parameter in question.parameters:
            assert parameter.is_open or not parameter.example


def test_the_command_says_what_was_taken(rallynov: Callable[..., Ran], release: Release) -> None:
    asked = ("participants_of_stage", "--release", str(release.path), "--format", "csv")
    done = rallynov("query", *asked, "--param", "stage=Dole")
    assert "stage/dole," in done.out
    assert "stage: Étape de Dole (stage/dole)" in done.err.splitlines()
    by_address = rallynov("query", *asked, "--param", "stage=stage/dole")
    assert by_address.out == done.out
    assert "stage:" not in by_address.err
    at_rest = rallynov("query", "meaning_of_term", "--release", str(release.path))
    assert at_rest.err == "term: portée par (rn:carriedBy), as none was given\n"


def test_the_command_says_that_an_answer_is_empty_and_what_is_near(
    rallynov: Callable[..., Ran], release: Release
) -> None:
    asked = ("query", "carried_by_organisation", "--release", str(release.path))
    legeni = ("--param", "organisation=organisation/legeni", "--param", "certainty=explicit")
    for form in ("table", "csv", "json", "tsv", "xml"):
        done = rallynov(*asked, *legeni, "--format", form)
        said = done.err.splitlines()
        assert said[0] == "No rows: nothing in the graph answers this."
        assert "Remove “certainty: explicit”: 1 answer" in said
        assert "No row" not in done.out
    lip = rallynov(*asked, "--param", "organisation=LIP")
    assert "Remove “organisation: LIP”: 12 answers" in lip.err


@pytest.mark.parametrize("form", ["table", "csv", "json", "tsv", "xml"])
def test_an_empty_answer_to_a_query_of_ones_own_is_said_too(
    rallynov: Callable[..., Ran],
    release: Release,
    tmp_path: Path,
    form: str,
) -> None:
    none, one = tmp_path / "none.rq", tmp_path / "one.rq"
    none.write_text("SELECT ?s ?o { ?s <urn:nothing> ?o }")
    one.write_text("SELECT ?s { ?s ?p ?o } LIMIT 1")
    asked = ("--release", str(release.path), "--format", form)
    assert rallynov("query", str(none), *asked).err.splitlines() == [
        "No rows: nothing in the graph answers this.",
        "Nothing is recorded for “?s <urn:nothing> ?o”.",
        "?s <urn:nothing> ?o: no answers from here on",
    ]
    assert rallynov("query", str(one), *asked).err == ""
    if form == "table":
        none.write_text("ASK { ?s a ?of ; <urn:nothing> ?o }")
        assert (
            "?s <urn:nothing> ?o: no answers from here on"
            in rallynov("query", str(none), *asked).err
        )


def test_a_page_offers_the_choice(client: FlaskClient) -> None:
    given = "stage=Franche-Comt%C3%A9&certainty=explicit"
    page = read(client, f"/questions/participants_of_stage?{given}", 400)
    links = [link["href"] for link in page.all("a")]
    asked = "/questions/participants_of_stage?certainty=explicit&stage=stage%2Fbge-franche-comte"
    assert asked in links
    read(client, asked)


def test_a_page_shows_the_thing_that_was_taken(client: FlaskClient) -> None:
    page = read(client, "/questions/participants_of_stage?stage=Dole")
    chosen = [option["value"] for option in page.all("option") if "selected" in option.attributes]
    assert chosen == ["stage/dole", "stages"]
    assert "Frédéric Cusco" in page.text


def test_a_page_offers_no_thing_that_it_would_refuse(client: FlaskClient) -> None:
    for question in CATALOGUE.values():
        for parameter in question.parameters:
            if not parameter.of:
                continue
            text = client.get(f"/questions/{question.name}?certainty=explicit").text
            choice = text.partition(f'<select id="f-{parameter.name}"')[2].partition("</select>")[0]
            values = re.findall(r'value="([^"]+)"', choice)
            assert values, (question.name, parameter.name)
            read(client, f"/questions/{question.name}?{parameter.name}={values[-1]}")


def test_a_page_refuses_a_thing_of_another_kind(client: FlaskClient) -> None:
    page = read(client, "/questions/participants_of_stage?stage=place/dole", 400)
    assert "pas du type demandé" in page.text
    assert "/questions/participants_of_stage?stage=stage%2Fdole" in [
        a["href"] for a in page.all("a")
    ]


def test_programs_are_told_what_was_taken_and_what_may_be(client: FlaskClient) -> None:
    address = "/api/questions/participants_of_stage?lang=en&stage="
    any_others = {"participant": None, "role": None}
    told = client.get(f"{address}Dole").json
    assert told["taken"] == {"stage": f"{ID}stage/dole", **any_others} and told["given"] == {
        "stage": "Dole"
    }
    several = client.get(f"{address}Franche-Comté")
    assert several.status_code == 400
    near = [it["iri"] for it in several.json["parameters"][0]["near"]]
    assert f"{ID}stage/bge-franche-comte" in near and len(near) == 3
    other = client.get(f"{address}place/dole")
    assert other.status_code == 400
    assert "not of the kind" in other.json["detail"] and "stage/dole" in other.json["detail"]
    of_all = client.get("/api/questions/participants_of_stage").json
    assert of_all["taken"] == {"stage": None, **any_others}
    assert len({row["stage"] for row in of_all["rows"]}) > 1
