"""Errors outside /sparql as programs want them: JSON or a sentence; a page only to browsers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def asked(client: FlaskClient, address: str, accept: str) -> TestResponse:
    """Return an error, having checked what each error carries."""
    answer = client.get(address, headers={"Accept": accept})
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/ld+json",
        "text/turtle",
        "application/rdf+xml, */*;q=0.1",
        "application/n-quads",
        "application/problem+json",
        "application/sparql-results+json",
        "text/turtle, text/html;q=0.5",
    ],
)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/id/stage/nowhere", 404),
        ("/data/stage/nowhere.ttl", 404),
        ("/list/stage?page=0", 400),
        ("/questions/stages?certainty=perhaps", 400),
        ("/questions/stages.csv?certainty=perhaps", 400),
        ("/resource?iri=nowhere", 400),
        ("/between?from=nothing+of+the+sort&to=organisation/legeni", 404),
        ("/compare?a=organisation/legeni&b=nothing+of+the+sort", 404),
        ("/network?centre=nothing+of+the+sort", 404),
    ],
)
def test_who_asks_for_data_gets_a_problem(
    client: FlaskClient, address: str, status: int, accept: str
) -> None:
    answer = asked(client, address, accept)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = answer.get_json()
    assert told["type"] == "about:blank"
    assert told["title"] == {400: "Bad Request", 404: "Not Found"}[status]
    assert told["status"] == status and told["detail"].endswith(".")


@pytest.mark.parametrize("accept", [BROWSER, "*/*", "", "text/html", "image/png"])
def test_a_browser_gets_a_page(client: FlaskClient, accept: str) -> None:
    assert asked(client, "/nowhere", accept).mimetype == "text/html"


def test_who_asks_for_text_gets_a_sentence(client: FlaskClient) -> None:
    answer = asked(client, "/list/stage?page=x&lang=en", "text/plain")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "page: Pages are counted from 1, in digits.\n"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_near_names_are_an_array(client: FlaskClient) -> None:
    told = asked(client, "/id/person/bruno-hery", "application/json").get_json()
    assert {
        "label": "Bruno Herry",
        "href": "/page/person/bruno-herry",
        "iri": f"{ID}person/bruno-herry",
    } in told["near"]
    assert asked(client, "/nowhere", "application/json").get_json()["near"] == []


@pytest.mark.parametrize("address", ["/between", "/between.csv", "/compare.json"])
def test_what_a_name_may_mean_is_told_to_programs(client: FlaskClient, address: str) -> None:
    names = "from=legenie&to=vesoul&a=legenie&b=vesoul"
    told = asked(client, f"{address}?{names}", "application/json").get_json()
    assert "Legeni" in [near["label"] for near in told["near"]]


def test_a_wrong_parameter_is_told_with_what_is_right(client: FlaskClient) -> None:
    told = asked(
        client, "/list/organisation?view=matrix&certainty=<b>&lang=en", "application/json"
    ).get_json()
    (parameter,) = told["parameters"]
    assert parameter == {
        "parameter": "certainty",
        "detail": "The possible values are explicit, inferred, tentative.",
        "right": ["explicit", "inferred", "tentative"],
    }
    assert "<b>" not in told["detail"]


def test_several_bearers_of_a_name_are_told_with_their_addresses(client: FlaskClient) -> None:
    address = "/questions/questions_about?thing=Passeport+professionnel&lang=en"
    told = asked(client, address, "application/json").get_json()
    assert "Professional passport (innovation/passeport-professionnel)" in told["detail"]
    iris = [near["iri"] for near in told["parameters"][0]["near"]]
    assert iris == [f"{ID}innovation/passeport-professionnel", f"{ID}means/passeport"]


def test_what_was_withdrawn_is_gone_for_programs_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, iri: iri == f"{ID}person/someone")
    answer = asked(client, "/id/person/someone", "application/ld+json")
    assert (answer.status_code, answer.get_json()["status"]) == (410, 410)


def test_a_format_that_is_not_there_is_told_with_those_that_are(client: FlaskClient) -> None:
    answer = asked(client, "/id/stage/vesoul", "application/sparql-results+json")
    assert answer.status_code == 406
    assert "text/turtle" in [form["type"] for form in answer.get_json()["formats"]]


def test_a_link_that_does_not_hold_is_missing_for_programs(client: FlaskClient) -> None:
    link = f"/why?subject={ID}organisation/legeni&property={ID}x&object={ID}theme/mutualite"
    assert asked(client, link, "application/json").get_json()["status"] == 404
    assert asked(client, link, BROWSER).mimetype == "text/html"


def test_a_method_that_is_not_possible_says_which_are(client: FlaskClient) -> None:
    answer = client.post("/list/stage", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
