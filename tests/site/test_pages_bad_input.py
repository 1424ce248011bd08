"""What people and robots send by mistake or on purpose: the right status, a page that helps."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/page/stage/nowhere", 404),
        ("/page/planet/mars", 404),
        ("/page/stage/../../etc/passwd", 404),
        ("/page/stage/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
        ("/page/stage/vesoul%00", 400),
        ("/page/stage/a b", 400),
        ("/list/planet", 404),
        ("/list/stage?page=2", 404),
        ("/list/stage?page=0", 400),
        ("/list/stage?page=-1", 400),
        ("/list/stage?page=one", 400),
        ("/list/stage?page=99999999999999999999999", 400),
        ("/list/stage?page=%D9%A1", 400),
        ("/list?class=no%20iri", 400),
        ("/list?class=https://example.org/None", 404),
        ("/?lang=de", 400),
        ("/?lang=", 400),
        ("/questions/nowhere", 404),
        ("/questions/stages?colour=blue", 404),
        ("/questions/stages?certainty=perhaps", 400),
        ("/questions/innovations_on_theme?theme=nowhere", 400),
        ("/questions/stages.docx", 404),
        ("/questions/stages.csv?certainty=perhaps", 400),
        ("/resource", 404),
        ("/resource?iri=", 404),
        ("/resource?iri=relative", 400),
        ("/resource?iri=https://example.org/nowhere", 404),
        ("/data/stage/nowhere.ttl", 404),
        ("/id/stage/nowhere", 404),
        ("/ontology.docx", 404),
        ("/report.docx", 404),
        ("/static/../../pyproject.toml", 404),
    ],
)
def test_what_is_not_there_gets_its_status_and_a_page_in_the_sites_dress(
    client: FlaskClient, address: str, status: int
) -> None:
    page = read(client, address, status)
    assert faults(page, "fr") == []
    assert any(link["href"] == "/" for link in page.all("a"))


def test_where_nothing_is_the_lists_to_start_from_are_linked(client: FlaskClient) -> None:
    for address, lists in (("/nowhere", 11), ("/questions/nowhere", 11), ("/page/stage/none", 11)):
        page = read(client, address, 404)
        main = {a["href"] for a in page.all("a") if "main" in a.inside}
        linked = {href for href in main if href.startswith("/list/")}
        assert "partez d’une liste" in page.text and len(linked) == lists, address
        assert all(client.get(href).status_code == 200 for href in linked)


def test_an_unknown_thing_is_met_with_near_names(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/mutualite-francaise-franche-comtee", 404)
    near = [e["href"] for e in page.all("a")]
    assert "/page/organisation/mutualite-francaise-franche-comte" in near


def test_a_thing_under_the_wrong_kind_is_found_under_the_right_one(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/bruno-herry?lang=en", 404)
    assert "/page/person/bruno-herry?lang=en" in [e["href"] for e in page.all("a")]


@pytest.mark.parametrize(
    "path", ["/page/{}", "/id/{}", "/data/{}.ttl", "/data/{}", "/linkset/page/{}"]
)
def test_what_was_withdrawn_is_gone_and_unnamed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    iri = f"{ID}person/someone"
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, asked: asked == iri)
    page = read(client, path.format("person/someone"), 410)
    assert faults(page, "fr") == []
    assert "someone" not in page.text


def test_unknown_lists_and_questions_are_met_with_near_names(client: FlaskClient) -> None:
    lists = [e["href"] for e in read(client, "/list/organization", 404).all("a")]
    questions = [e["href"] for e in read(client, "/questions/stage", 404).all("a")]
    assert "/list/organisation" in lists
    assert "/questions/stages" in questions


@pytest.mark.parametrize(
    ("address", "french", "english"),
    [
        ("/list/organization", "Organisations", "Organisations"),
        ("/list/innovations", "Innovations", "Innovations"),
        ("/list/stages", "Étapes", "Stages"),
        (
            "/questions/stage",
            "Quelles sont les étapes, avec leur statut, où et quand ?",
            "Which are the stages, with their status, where and when?",
        ),
        ("/page/theme/gouvernanse", "Gouvernance", "Governance"),
        ("/id/innovation/teletravaill", "Télétravail", "Telework"),
        ("/data/theme/gouvernanse.ttl", "Gouvernance", "Governance"),
    ],
)
def test_what_is_near_is_named_as_readers_know_it(
    client: FlaskClient, address: str, french: str, english: str
) -> None:
    for asked, label in ((address, french), (f"{address}?lang=en", english)):
        page = read(client, asked, 404)
        near = [e.text.replace("\N{NARROW NO-BREAK SPACE}", " ") for e in page.all("a")]
        assert label in near
        assert not [text for text in near if "/" in text or "_" in text]


@pytest.mark.parametrize(
    "address",
    [
        "/?lang={}",
        "/list/{}",
        "/list/stage?page={}",
        "/list?class={}",
        "/list?class=https://example.org/{}",
        "/page/stage/{}",
        "/page/{}/x",
        "/id/stage/{}",
        "/data/stage/{}",
        "/data/stage/{}.ttl",
        "/resource?iri={}",
        "/resource?iri=https://example.org/{}",
        "/questions/{}",
        "/questions/stages?certainty={}",
        "/questions/innovations_on_theme?theme={}",
        "/questions/stages?{}=1",
        "/questions/stages.csv?certainty={}",
        "/sparql?query={}",
        "/nowhere?{}={}",
        "/{}",
    ],
)
def test_markup_in_an_address_is_never_markup_in_a_page(client: FlaskClient, address: str) -> None:
    answer = client.get(address.replace("{}", quote(MARKUP, safe="")))
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text and "<img" not in answer.text
    assert faults(Page(answer.text), "fr") == []


@pytest.mark.parametrize(
    "address",
    [
        "/page/stage/{}",
        "/list/{}",
        "/list?class=https://example.org/{}",
        "/resource?iri=https://example.org/{}",
        "/questions/{}",
        "/questions/innovations_on_theme?theme={}",
        "/questions/stages?certainty={}",
        "/list/stage?page=1{}",
        "/?lang={}",
    ],
)
def test_a_very_long_value_is_refused_shortly(client: FlaskClient, address: str) -> None:
    answer = client.get(address.replace("{}", "a" * 50_000))
    assert answer.status_code in (400, 404)
    page = Page(answer.text)
    assert faults(page, "fr") == []
    assert len(page.text) < 60_000


def test_a_wrong_parameter_says_what_is_wrong_beside_its_field(client: FlaskClient) -> None:
    page = read(client, "/questions/innovations_on_theme?theme=gouvernanse", 400)
    (field,) = page.all("input", id="f-theme")
    assert field["aria-invalid"] == "true" and field["value"] == "gouvernanse"
    assert "Rien ne porte ce nom" in page.text
    assert page.all("a", href="/page/theme/gouvernance")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_only_read(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/list/stage")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_bug_is_shown_as_one_without_its_insides(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(store, release)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("rallynov_graph.site.home.routes.home_page", broken)
    app.logger.disabled = True
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert faults(Page(answer.text), "fr") == []


@pytest.mark.parametrize("address", ["/page/person/herry", "/page/person/herri", "/id/x/herry"])
def test_a_surname_finds_the_person(client: FlaskClient, address: str) -> None:
    page = read(client, address, 404)
    assert page.all("a", href="/page/person/bruno-herry")[0].text == "Bruno Herry"
