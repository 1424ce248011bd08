"""The matrix of organisations and themes, and the page that says why a link holds."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from rallynov_graph.app import create_app
from rallynov_graph.engines.embedded import EmbeddedStore
from rallynov_graph.namespaces import ID, RN
from rallynov_graph.releases.release import Release
from reading_pages import Page, read

MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def client(store: EmbeddedStore, release: Release) -> FlaskClient:
    app = create_app(store, release)
    app.testing = True
    return app.test_client()


def matrix(client: FlaskClient, **query: str) -> Page:
    return read(client, f"/links?{urlencode(query)}")


def row(page: Page, organisation: str) -> str:
    """The cells of an organisation's row, as text."""
    return next(r.text for r in page.all("tr") if r.text.startswith(organisation))


def why(client: FlaskClient, subject: str, prop: str, value: str, lang: str = "fr") -> str:
    query = urlencode({"subject": subject, "property": prop, "object": value, "lang": lang})
    return f"/why?{query}"


def test_the_matrix_counts_the_evidence_of_each_link(client: FlaskClient) -> None:
    assert row(matrix(client), "Legeni").split()[:3] == ["Legeni", "2", "—"]


def test_only_what_is_said_outright_is_less(client: FlaskClient) -> None:
    every, said = matrix(client), matrix(client, certainty="explicit")
    assert len(said.all("tr")) < len(every.all("tr"))
    assert "déduit" not in " ".join(r.text for r in said.all("tr"))


def test_rows_stand_by_name_when_asked(client: FlaskClient) -> None:
    names = [r.text.split()[0] for r in matrix(client, sort="name").all("tr")[1:]]
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("query", [{"certainty": MARKUP}, {"sort": "x" * 5000}, {"sort": "size'"}])
def test_an_order_that_is_not_known_is_a_bad_request(
    client: FlaskClient, query: dict[str, str]
) -> None:
    answer = client.get("/links", query_string=query)
    assert answer.status_code == 400
    assert MARKUP not in answer.text


def test_each_cell_opens_the_reasons_of_its_link(client: FlaskClient) -> None:
    addresses = {a["href"] for a in matrix(client).all("a") if a["href"].startswith("/why?")}
    assert len(addresses) > 30
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_link_is_told_down_to_its_passages(client: FlaskClient) -> None:
    asked = why(client, f"{ID}organisation/legeni", f"{RN}linkedToTheme", f"{ID}theme/gouvernance")
    text = client.get(asked).text
    assert text.count('class="way"') == 2, "through an innovation, and through a testimony"
    assert "/page/passage/carnet-2-1641-1836" in text
    assert "Les trois noms qui suivent" in text, "the curators' reason"


def test_a_fact_of_the_carnet_needs_no_rule(client: FlaskClient) -> None:
    asked = why(client, f"{ID}rally/rallynov", f"{RN}partner", f"{ID}organisation/rifc", "en")
    page = read(client, asked)
    assert 'class="way"' not in client.get(asked).text
    assert any("said" in item.text for item in page.all("li"))


def test_what_the_graph_does_not_hold_is_not_found(client: FlaskClient) -> None:
    asked = why(client, f"{ID}organisation/legeni", f"{RN}linkedToTheme", f"{ID}theme/ecologie")
    answer = client.get(asked)
    assert answer.status_code == 404
    assert "Le graphe ne dit pas cela" in answer.text


@pytest.mark.parametrize("subject", ["", MARKUP, "x" * 5000, "no iri"])
def test_a_name_that_is_no_iri_is_a_bad_request(client: FlaskClient, subject: str) -> None:
    asked = why(client, subject, f"{RN}partner", f"{ID}organisation/rifc")
    answer = client.get(asked)
    assert answer.status_code == 400
    assert MARKUP not in answer.text


def test_another_graph_has_neither(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert foreign.get("/links").status_code == 404
    assert foreign.get(why(foreign, "http://a/b", "http://a/c", "http://a/d")).status_code == 404
