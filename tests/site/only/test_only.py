"""Pages of one document alone: how one gets there and back, and what they say of themselves."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import two_letters
from rallynov_graph.base.namespaces import ID
from rallynov_graph.http.protocol import VIEW
from rallynov_graph.questions.catalogue import Catalogue, load, parse
from rallynov_graph.release import building, withdrawals
from rallynov_graph.release.document_view import view_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

COMPARING = parse(
    "compared",
    "#+ summary_fr: Que comparer ?\n#+ summary_en: What to compare?\n#+ group: documents\n"
    "#+ documents: several\nSELECT ?s WHERE { ?s a ?kind } ORDER BY ?s LIMIT 1",
)
PREFIX = "/only/sentier-1"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("letters")
    data = two_letters.beside_carnet(folder / "data")
    return building.build(folder / "releases", data=data, checked=False)


@pytest.fixture(scope="module")
def questions() -> Catalogue:
    return Catalogue({**load(), "compared": COMPARING})


@pytest.fixture(scope="module")
def whole(letters: Release, questions: Catalogue) -> FlaskClient:
    return client_of(create_app(EmbeddedStore.of_release(letters), letters, catalogue=questions))


@pytest.fixture(scope="module")
def alone(
    letters: Release, questions: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> FlaskClient:
    folder = tmp_path_factory.mktemp("view")
    view = view_of(letters, f"{ID}document/sentier-1", folder)
    store = EmbeddedStore.of_release(view)
    return client_of(create_app(store, view, catalogue=questions, place=PREFIX))


def client_of(app: Flask) -> FlaskClient:
    app.testing = True
    return app.test_client()


def seen(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """Return a page of the view, as its server asks for it."""
    return client.get(path, headers=headers, environ_overrides={"SCRIPT_NAME": PREFIX})


def plain(text: str) -> str:
    """Return a text with spaces alone, which French makes narrow or unbreakable."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


def as_json(client: FlaskClient, path: str) -> tuple[int, dict[str, Any]]:
    response = client.get(path, headers={"Accept": "application/json"})
    return response.status_code, json.loads(response.data)


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/questions/stages?document=sentier-1", "/only/sentier-1/questions/stages"),
        (
            "/questions/stages.csv?certainty=explicit&document=1&lang=en",
            "/only/sentier-1/questions/stages.csv?certainty=explicit&lang=en",
        ),
        ("/api/questions/stages?document=document/sentier-2",
         "/only/sentier-2/api/questions/stages"),
        ("/list/organisation?theme=theme/emploi&page=2&document=carnet-2",
         "/only/carnet-2/list/organisation?theme=theme%2Femploi"),
        ("/network?document=sentier-2", "/only/sentier-2/network"),
        (f"/timeline.json?document={ID}document/sentier-2", "/only/sentier-2/timeline.json"),
        ("/list/stage?document=all&lang=en", "/list/stage?lang=en"),
        ("/list/stage?document=", "/list/stage"),
    ],
)  # fmt: skip
def test_a_document_in_an_address_leads_to_its_view(
    whole: FlaskClient, asked: str, leads_to: str
) -> None:
    response = whole.get(asked)
    assert (response.status_code, response.headers["Location"]) == (303, leads_to)


def test_from_a_view_an_address_leads_to_another_and_to_the_whole(alone: FlaskClient) -> None:
    for value, root in (("sentier-2", "/only/sentier-2"), ("all", ""), ("sentier-1", PREFIX)):
        response = seen(alone, f"/list/stage?document={value}&certainty=inferred")
        assert response.status_code == 303
        assert response.headers["Location"] == f"{root}/list/stage?certainty=inferred"
    other = seen(alone, "/only/carnet-2/list/stage?lang=en")
    assert (other.status_code, other.headers["Location"]) == (
        303,
        "/only/carnet-2/list/stage?lang=en",
    )


def test_a_page_of_a_view_says_so_and_stays_in_it(alone: FlaskClient) -> None:
    page = seen(alone, "/list/stage?certainty=inferred").text
    assert "Vue d’un seul document :" in plain(page)
    assert "<b>Lettre du Sentier n° 1</b>" in plain(page)
    assert '<a href="/list/stage?certainty=inferred">La même page de l’ensemble</a>' in page
    [menu] = re.findall(r'<details class="documents">.*?</details>', page, re.DOTALL)
    assert re.findall(r'<a href="([^"]*)" rel="nofollow"( aria-current="true")?', menu) == [
        ("/list/stage?certainty=inferred", ""),
        (f"{PREFIX}/list/stage?certainty=inferred", ' aria-current="true"'),
        ("/only/sentier-2/list/stage?certainty=inferred", ""),
        ("/only/carnet-2/list/stage?certainty=inferred", ""),
    ]
    rest = page.replace(menu, "").replace('<a href="/list/stage?certainty=inferred">', "")
    own = re.findall(r'(?:href|src|action)="(/[^"]*)"', rest)
    assert own
    assert all(href.startswith(f"{PREFIX}/") for href in own)
    english = plain(seen(alone, "/list/stage?lang=en").text)
    assert "View of one document: <b>Sentier letter no. 1</b>" in english
    assert "Sentier letter no. 2" in english


def test_the_page_of_a_document_leads_to_the_site_from_it_alone(
    whole: FlaskClient, alone: FlaskClient, client: FlaskClient
) -> None:
    link = '<a href="{}" rel="nofollow">Tout le site d’après ce seul document</a>'
    page = whole.get("/page/document/sentier-1").text
    assert link.format(f"{PREFIX}/") in page
    english = whole.get("/page/document/sentier-2?lang=en").text
    assert 'href="/only/sentier-2/?lang=en"' in english
    for own in (
        seen(alone, "/page/document/sentier-1").text,
        client.get("/page/document/carnet-2").text,
        whole.get("/page/organisation/legeni").text,
    ):
        assert "Tout le site d’après" not in own


def test_the_whole_offers_the_documents_where_there_are_several(
    whole: FlaskClient, client: FlaskClient
) -> None:
    page = whole.get("/questions/stages").text
    assert 'href="/only/sentier-2/questions/stages"' in page
    assert "of-document" not in page
    shipped = client.get("/questions/stages").text  # one document: there is nothing to choose
    assert "/only/" not in shipped
    assert "documents" not in re.findall(r'class="([^"]*)"', shipped)


def test_what_is_had_from_a_view_names_its_document(alone: FlaskClient, letters: Release) -> None:
    table = seen(alone, "/questions/stages.csv")
    assert 'filename="stages-sentier-1.csv"' in table.headers["Content-Disposition"]
    assert table.headers["X-Robots-Tag"] == "noindex"
    answer = json.loads(seen(alone, "/api/questions/stages?certainty=inferred").data)
    assert answer["given"] == {"certainty": "inferred", "document": "sentier-1"}
    assert (
        "stages-sentier-1"
        in seen(alone, "/api/questions/stages.csv").headers["Content-Disposition"]
    )
    for suffix in ("bib", "ris", "json"):
        citation = seen(alone, f"/cite/questions/stages.{suffix}").text
        assert "Lettre du Sentier n" in plain(citation), suffix
        assert "/only/sentier-1/questions/stages" in citation
        assert letters.id[:16] in citation  # the release of which it is a view


def test_what_a_view_has_not_leads_to_the_page_of_all(alone: FlaskClient) -> None:
    missing = seen(alone, "/page/organisation/legeni?lang=en", Accept="application/json")
    assert missing.status_code == 404
    assert json.loads(missing.data)["near"][-1] == {
        "label": "The same page of all documents",
        "href": "/page/organisation/legeni?lang=en",
    }
    page = seen(alone, "/page/organisation/legeni")
    assert (page.status_code, 'href="/page/organisation/legeni"' in page.text) == (404, True)


def test_a_question_of_several_documents_is_refused_of_one(
    whole: FlaskClient, alone: FlaskClient
) -> None:
    for path in ("/questions/compared", "/questions/compared.csv", "/api/questions/compared"):
        assert whole.get(path).status_code == 200, path
        refused = seen(alone, path, Accept="application/json")
        assert refused.status_code == 400, path
        assert "Cette question compare des documents" in json.loads(refused.data)["detail"]
    page = seen(alone, "/questions/compared?lang=en").text
    assert "This question compares documents: of one alone it has no answer." in page
    assert '<a href="/questions/compared?lang=en">' in page


def test_a_document_that_there_is_not_is_told_with_near_ones(whole: FlaskClient) -> None:
    for path in ("/list/stage?document=sentier-11", "/only/sentier-11/list/stage"):
        status, problem = as_json(whole, path)
        assert status == 404
        assert "Aucun document ne s’appelle ainsi" in problem["detail"]
        hrefs = [it["href"] for it in problem["near"]]
        assert hrefs == ["/only/sentier-1/list/stage", "/only/sentier-2/list/stage"]
        assert whole.get(path).status_code == 404
    status, problem = as_json(whole, "/list/stage?document=xyzzy")
    assert (status, len(problem["parameters"][0]["right"])) == (404, 3)


def test_a_number_of_two_documents_is_told_with_both(whole: FlaskClient) -> None:
    for path in ("/list/stage?document=2&lang=en", "/only/2/list/stage?lang=en"):
        response = whole.get(path)
        assert response.status_code == 400
        assert "Several documents have this number" in response.text
        for slug in ("sentier-2", "carnet-2"):
            assert f'href="/only/{slug}/list/stage?lang=en"' in response.text


def test_a_withdrawn_document_is_gone(
    whole: FlaskClient, letters: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = frozenset({withdrawals.hash_of(f"{ID}document/sentier-7")})
    monkeypatch.setitem(letters.__dict__, "withdrawn", gone)
    for path in ("/list/stage?document=sentier-7", "/only/sentier-7/list/stage"):
        assert whole.get(path).status_code == 410


@pytest.mark.parametrize(
    ("why", "status", "words"),
    [
        ("building", 503, "Cette vue se prépare"),
        ("full", 503, "Trop de vues sont lues à la fois"),
        ("no_memory", 503, "La place manque"),
        ("too_large", 503, "Cette vue est trop grande"),
        ("broken", 503, "La vue n’a pas pu être établie"),
        ("nothing", 404, "Rien n’est énoncé d’après ce seul document"),
        ("", 501, "Les vues ne sont pas servies ici"),
    ],
)
def test_as_long_as_a_view_does_not_answer_the_page_says_why(
    whole: FlaskClient, why: str, status: int, words: str
) -> None:
    told = {VIEW: why}
    page = whole.get("/only/sentier-1/list/stage?certainty=inferred", environ_overrides=told)
    assert (page.status_code, words in page.text) == (status, True)
    assert 'href="/list/stage?certainty=inferred"' in page.text
    assert ("Retry-After" in page.headers) is (status == 503)
    assert ('http-equiv="refresh"' in page.text) is (why == "building")
    assert page.headers["Cache-Control"] == "no-store"
    program = whole.post(
        "/only/sentier-1/sparql", headers={"Accept": "application/json"}, environ_overrides=told
    )
    assert program.status_code == status
    assert json.loads(program.data)["near"][0]["href"] == "/sparql"


def test_robots_are_asked_to_read_the_whole(whole: FlaskClient) -> None:
    assert "Disallow: /only/" in whole.get("/robots.txt").text


def test_a_server_of_others_says_that_a_view_needs_the_release(letters: Release) -> None:
    app = client_of(create_app(EmbeddedStore.of_release(letters), of_server=True))
    status, problem = as_json(app, "/list/stage?document=sentier-1")
    assert status == 400
    assert "s’établit à partir des fichiers d’une publication" in problem["detail"]
    status, problem = as_json(app, "/only/sentier-1/list/stage")
    assert (status, "fichiers d’une publication" in problem["detail"]) == (404, True)
