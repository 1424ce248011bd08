"""A thing’s page shows what was said of it and no longer stands; the search finds and marks it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read


@pytest.fixture
def app(told_otherwise: Flask) -> Flask:
    """The site of the carnet with two letters beside it."""
    return told_otherwise


def section(client: FlaskClient, address: str) -> str:
    """The sections of what does not stand, as text; empty where there is none."""
    page = client.get(address).get_data(as_text=True)
    found = re.findall(r'<section class="before".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())


def test_a_stage_held_otherwise_tells_what_was_announced_by_whom_and_what_came_instead(
    client: FlaskClient,
) -> None:
    told = section(client, "/page/stage/sentier-gue")
    assert told.startswith("Ce qui a été dit et n’est plus retenu Dit par Lettre du Sentier n° 1")
    assert "· remplacé par Lettre du Sentier n° 2" in told.replace("\u00a0", " ")
    for row in (
        "titre Réparer ensemble Rapiécer",
        "statut annoncée tenue",
        "lieu Dole Montbéliard",
        "date 10 avril 2013 17 avril 2013",
    ):
        assert row in told.replace("\u00a0", " "), row
    english = section(client, "/page/stage/sentier-gue?lang=en")
    assert english.startswith("Statements no longer retained Said by Sentier letter no. 1")
    page = read(client, "/page/stage/sentier-gue")
    links = {e["href"] for e in page.all("a")}
    assert {"/page/passage/sentier-1-annonce-gue", "/page/passage/sentier-2-gue"} <= links
    assert "Étape du Gué" in section(client, "/page/place/dole")
    assert section(client, "/page/stage/vesoul") == ""
    page = client.get("/page/stage/sentier-pont").get_data(as_text=True)
    called = re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ")
    assert "Étape annulée, prévue le 6 juin 2013" in called


def test_a_reading_that_is_not_taken_leads_to_its_question_and_a_decision_gives_its_reason(
    client: FlaskClient,
) -> None:
    rank = section(client, "/page/stage/sentier-lavoir")
    assert "Ce que diraient d’autres lectures Lecture non retenue : Lettre" in rank
    assert "Lecture non retenue : Lettre du Sentier n° 2" in rank.replace("\u00a0", " ")
    assert "Question ouverte : Quel est le rang" in rank.replace("\u00a0", " ")
    assert "Propriété Valeur numéro 3" in rank
    place = section(client, "/page/stage/sentier-bac").replace("\u00a0", " ")
    assert "Raison : La lettre ne fait que le supposer." in place
    assert "lieu Dole" in place
    sure = section(client, "/page/stage/sentier-bac?certainty=explicit")
    assert "Dole" not in sure
    assert "annoncée" in sure


def test_the_address_of_a_claim_that_gave_way_tells_so(client: FlaskClient) -> None:
    gue, title = NamedNode(f"{ID}stage/sentier-gue"), NamedNode(f"{PREFIXES['dcterms']}title")
    claim = id_of_claim(gue, title, Literal("Réparer ensemble", language="fr"))
    page = client.get(f"/r/{claim}")
    assert page.status_code == 200
    assert "Ce fait n’est pas, ou plus, retenu." in page.text
    assert "titre Réparer ensemble Rapiécer" in section(client, f"/r/{claim}")
    assert "no longer, retained" in client.get(f"/r/{claim}?lang=en").text
    assert client.get(f"/r/{claim}.ttl").status_code == 404
    never = f"/why?subject={gue.value}&property={title.value}&object=%22Jamais%22"
    assert client.get(never, headers={"Accept": "text/html"}).status_code == 404


def test_a_passage_its_set_and_the_graph_of_what_gave_way_have_what_was_said(
    client: FlaskClient,
) -> None:
    for address in ("passage/sentier-1-annonce-gue", "assertion-set/sentier-1-annonce-gue"):
        page = read(client, f"/page/{address}")
        assert {"Réparer ensemble", "Le Sentier"} <= {e.text for e in page.all("td")}, address
        assert any("remplacé par" in e.text for e in page.all("h2")), address
    page = read(client, "/page/standing/sentier-1-annonce-gue-superseded-by-sentier-2-gue")
    assert {"titre", "Réparer ensemble"} <= {e.text for e in page.all("td")}
    links = {e["href"] for e in page.all("a")}
    sets = ("sentier-1-annonce-gue", "sentier-2-gue")
    assert {f"/page/assertion-set/{name}" for name in sets} <= links


def test_the_search_finds_a_former_title_and_marks_it(client: FlaskClient) -> None:
    page = client.get("/search?q=Réparer ensemble").get_data(as_text=True)
    found = re.search(r"<li>.*?/page/stage/sentier-gue.*?</li>", page, re.DOTALL)
    assert found is not None
    assert "nom qui n’est plus retenu" in found[0]
    assert "/page/passage/sentier-1-annonce-gue" in found[0]
    now = client.get("/search?q=Rapiécer").get_data(as_text=True)
    assert "n’est plus retenu" not in now
    asked = json.dumps({"a": {"query": "Réparer ensemble"}})
    reconciled = client.get("/reconcile", query_string={"queries": asked})
    assert not any(
        it["match"] for it in (reconciled.json or {})["a"]["result"] if it["id"].endswith("gue")
    )


def test_the_data_of_a_thing_have_what_gave_way_where_graphs_are_written(
    client: FlaskClient, tmp_path: Path
) -> None:
    file = tmp_path / "gue.trig"
    file.write_bytes(client.get("/data/stage/sentier-gue.trig").data)
    dataset = EmbeddedStore.of_files([file])
    graph = f"{ID}standing/sentier-1-annonce-gue-superseded-by-sentier-2-gue"
    assert graph in dataset.graphs()
    for named in (graph, f"{ID}assertion-set/sentier-1-annonce-gue"):
        assert dataset.ask(f"ASK {{ GRAPH ?g {{ <{named}> ?property ?value }} }}"), named
    turtle = client.get("/data/stage/sentier-gue.ttl").get_data(as_text=True)
    assert "Rapiécer" in turtle
    assert "Réparer ensemble" not in turtle
