"""Where an open question touches an answer, every form of the answer says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from conftest import Ran
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.rules.open_questions import OpenQuestions, touching
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

CATALOGUE: Catalogue = load()
POLE = f"{ID}question/carnet-2-temoins-du-pole"
WORDS = "Au nom de qui parlent Nathalie Pepe-Aubry, Pascal Mollier et José Monteiro ?"


def touched(store: EmbeddedStore, name: str, **given: str) -> set[str]:
    """The open questions that touch an answer, without what is the same in all their addresses."""
    question = CATALOGUE.question(name)
    values: Mapping[str, Term] = {
        key: NamedNode(RN + value) if key == "certainty" else NamedNode(ID + value)
        for key, value in given.items()
    }
    found = store.select(question.bind(values))
    open_ones = touching(PageQueries(store), question, values, found)
    return {one.value.removeprefix(f"{ID}question/carnet-2-") for one in open_ones}


@pytest.mark.parametrize("how", ["explicit", "inferred", "tentative"])
def test_a_row_may_be_missing_by_another_reading(store: EmbeddedStore, how: str) -> None:
    """Nobody speaks for the Pôle in the rows; by one reading three people do."""
    rows = store.select(CATALOGUE["who_speaks_for_whom"].bind())
    pole = NamedNode(f"{ID}organisation/pole-des-microtechniques")
    assert all(row["organisation"] != pole for row in rows)
    assert {"temoins-du-pole", "christian-maucler"} <= touched(
        store, "who_speaks_for_whom", certainty=how
    )


def test_a_thing_that_was_asked_for_has_all_its_questions(store: EmbeddedStore) -> None:
    found = touched(store, "participants_of_stage", stage="stage/pole-des-microtechniques")
    assert {"troisieme-etape", "titres-deplaces", "presence-ginsbourger"} <= found
    assert "temoins-du-pole" in found
    assert touched(store, "participants_of_stage", stage="stage/dole") == {"contacts"}


def test_a_thing_in_the_rows_has_those_about_what_was_asked(store: EmbeddedStore) -> None:
    assert touched(store, "partners_and_funders") == {
        "objet-du-financement",
        "conseil-regional",
    }
    funded = touched(store, "carried_by_organisation", organisation="organisation/indibat")
    assert funded == {"passeport-de-qui"}
    stages = touched(store, "stages")
    assert {"rang-bge-mfq", "dates-des-etapes", "troisieme-etape"} <= stages
    assert not touched(store, "closing_event")
    assert "periode-lip" not in stages and "porteurs-des-etapes" not in stages


def test_who_the_witnesses_are_stands_beside_how_many_are_counted(store: EmbeddedStore) -> None:
    """The rows name the questions about their figures, which are not told again beside them."""
    rows = store.select(CATALOGUE["reported_and_counted"].bind())
    named = {row["question"] for row in rows}
    assert NamedNode(f"{ID}question/carnet-2-dix-huit-temoins") in named
    assert touched(store, "reported_and_counted").isdisjoint(
        {"dix-huit-temoins", "douze-innovations"}
    )


def test_what_no_question_is_about_is_touched_by_none(store: EmbeddedStore) -> None:
    assert not touched(store, "document_identity")
    assert not touched(store, "carried_by_organisation", organisation="organisation/legeni")
    assert not touched(store, "innovations_by_setting")
    assert not touched(store, "open_questions")
    assert not touched(store, "questions_about", thing="stage/dole")


def test_another_reading_that_is_settled_touches_nothing_more(release: Release) -> None:
    """It is the data that say so: without the question nothing is said."""
    gone = NamedNode(POLE)
    kept = [q for q in sources.quads([release.data]) if q.subject != gone]
    terms = [
        Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
        for q in sources.quads([release.ontology])
    ]
    store = EmbeddedStore.of_quads([*kept, *terms]).pages()
    assert "temoins-du-pole" not in touched(store, "who_speaks_for_whom")


def test_the_page_says_so(client: FlaskClient) -> None:
    page = read(client, "/questions/who_speaks_for_whom")
    assert "/page/question/carnet-2-temoins-du-pole" in [a["href"] for a in page.all("a")]
    assert "avec une autre lecture" in page.text
    none = read(client, "/questions/document_identity")
    assert "avec une autre lecture" not in none.text


def test_the_api_says_so(client: FlaskClient) -> None:
    told = client.get("/api/questions/who_speaks_for_whom?lang=en&size=1").json
    (pole,) = [it for it in told["left_open"] if it["iri"] == POLE]
    assert pole["text"].startswith("On whose behalf do Nathalie")
    assert pole["address"] == "/page/question/carnet-2-temoins-du-pole?lang=en"
    assert client.get("/api/questions/document_identity").json["left_open"] == []


@pytest.mark.parametrize(
    "address",
    [
        *(f"/questions/who_speaks_for_whom.{form}" for form in ("csv", "tsv", "json", "xml")),
        "/api/questions/who_speaks_for_whom.csv",
    ],
)
def test_a_file_says_so_in_its_head(client: FlaskClient, address: str) -> None:
    links = client.get(address).headers.getlist("Link")
    (pole,) = [link for link in links if "temoins-du-pole" in link]
    assert pole.startswith("<http://localhost/page/question/carnet-2-temoins-du-pole>")
    assert 'rel="related"' in pole and "title*=UTF-8''Au%20nom%20de%20qui" in pole
    nothing = client.get(address.replace("who_speaks_for_whom", "document_identity"))
    assert not any("related" in link for link in nothing.headers.getlist("Link"))


def test_json_results_name_them_in_their_head(client: FlaskClient) -> None:
    told = json.loads(client.get("/questions/who_speaks_for_whom.json").data)
    assert "http://localhost/page/question/carnet-2-temoins-du-pole" in told["head"]["link"]
    assert told["head"]["vars"][0] == "person" and len(told["results"]["bindings"]) >= 10


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_command_says_so_beside_the_answer(
    rallynov: Callable[..., Ran], release: Release, form: str
) -> None:
    asked = ("--release", str(release.path), "--format", form)
    done = rallynov("query", "who_speaks_for_whom", *asked)
    assert f"Left open: {WORDS} (question/carnet-2-temoins-du-pole)" in done.err.splitlines()
    assert "temoins-du-pole" not in done.out
    assert rallynov("query", "document_identity", *asked).err == ""


def test_what_a_question_unsettles_is_what_its_readings_say(store: EmbeddedStore) -> None:
    """A reading that is taken is taken in facts: one of them has a property that is unsettled."""
    ours = (PREFIXES["dcterms"], PREFIXES["schema"], PREFIXES["rdf"], RN)
    for question, through in store.select(
        f"SELECT ?q ?p {{ ?q <{RN}unsettles> ?p }} ORDER BY ?q ?p"
    ).rows:
        assert getattr(through, "value", "").startswith(ours), question
    taken = store.select(
        f"""SELECT DISTINCT ?q ?set {{ ?q <{RN}unsettles> ?any ; <{RN}reading>/<{RN}takenIn> ?set
        FILTER NOT EXISTS {{ ?q <{RN}unsettles> ?p . GRAPH ?set {{ ?s ?p ?o }} }} }}"""
    )
    assert taken.rows == ()
    assert Literal(WORDS, language="fr") in {
        row["l"]
        for row in store.select(
            f"SELECT ?l {{ <{POLE}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
        )
    }


def test_what_depends_on_a_question_is_what_the_page_of_doubts_has(store: EmbeddedStore) -> None:
    """One by SPARQL alone, the other as the open questions are read for pages."""
    read_for_pages = OpenQuestions.read(PageQueries(store)).records
    asked = store.select(CATALOGUE["what_depends_on_question"].bind({}))
    found = {(row["question"], row["subject"], row["property"], row["object"]) for row in asked}
    assert found == {
        (NamedNode(iri), *fact.triple)
        for iri, record in read_for_pages.items()
        for fact in record.doubtful
    }
