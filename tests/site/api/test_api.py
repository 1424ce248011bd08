"""Questions and search for programs: JSON and CSV, page by page, as OpenAPI describes them."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from pyoxigraph import BlankNode, Literal, NamedNode
from referencing import Registry, Resource
from werkzeug.test import TestResponse

from places import ROOT
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.claims.row_evidence import COLUMNS
from rallynov_graph.client import Graph
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.site.api import views
from rallynov_graph.site.api.openapi import EVIDENCE
from rallynov_graph.site.api.views import PAGING
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.plain_values import plain
from rallynov_graph.sparql.embedded import EmbeddedStore

QUESTIONS = [it for it in load().values() if it.form == "SELECT"]


@pytest.fixture(scope="module")
def described(site: Flask) -> dict[str, Any]:
    told = site.test_client().get("/api/openapi.json").json
    return dict(told)


def valid(described: dict[str, Any], path: str, answer: TestResponse) -> Any:
    """Return an answer after it was held against what is said of its address and status."""
    content = described["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
    asked = content[answer.content_type.partition(";")[0]]["schema"]
    whole = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    )
    registry = Registry().with_resource("urn:api", whole)
    reference = {"$ref": f"urn:api{asked['$ref']}"}
    told = json.loads(answer.text)
    Draft202012Validator(reference, registry=registry).validate(told)
    return told


# The description


def test_the_description_is_openapi_and_names_each_parameter(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    assert {"title", "version"} <= {*described["info"]}
    operations = {path: it["get"] for path, it in described["paths"].items()}
    expected = {
        f"/api/questions/{question.name}": [
            *(p.name for p in question.parameters),
            *(EVIDENCE, *PAGING, "as_of", "in_document", "lang"),
        ]
        for question in QUESTIONS
    }
    assert len(expected) > 30
    assert {*operations} == {"/api/questions", "/api/search", *expected}
    assert len({it["operationId"] for it in operations.values()}) == len(operations)
    for path, operation in operations.items():
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == expected.get(path, names) and len(names) == len({*names})
        for parameter in operation["parameters"]:
            assert parameter["in"] == "query"
            Draft202012Validator.check_schema(parameter["schema"])
            if "default" in parameter["schema"]:
                Draft202012Validator(parameter["schema"]).validate(parameter["schema"]["default"])
        assert all(answer["description"] for answer in operation["responses"].values())
    schemas = described["components"]["schemas"]
    for it in schemas.values():
        Draft202012Validator.check_schema(it)
    assert {*re.findall(r"#/components/schemas/(\w+)", json.dumps(described))} == {*schemas}
    values = schemas["AnswerData"]["properties"]["rows"]["items"]["additionalProperties"]
    assert {*values["type"]} == {"string", "integer", "number", "boolean", "null"}


# Answers


def test_each_question_answers_as_described(
    client: FlaskClient,
    described: dict[str, Any],
    store: EmbeddedStore,
    subtests: pytest.Subtests,
) -> None:
    for question in QUESTIONS:
        path = f"/api/questions/{question.name}"
        with subtests.test(path):
            answer = client.get(path, query_string={"size": 3})
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            told = valid(described, path, answer)
            whole = store.select(question.bind())
            assert (told["total"], told["columns"]) == (len(whole), [*whole.variables])
            assert told["rows"] == [
                {variable: plain(term) for variable, term in row.items()} for row in [*whole][:3]
            ]
            given = described["paths"][path]["get"]["parameters"]
            named = {
                it["name"]: it["schema"]["default"] for it in given if "default" in it["schema"]
            }
            assert client.get(path, query_string=named).status_code == 200


def test_the_pages_of_an_answer_are_the_whole_answer(client: FlaskClient) -> None:
    whole = client.get("/api/questions/stages").json
    assert (whole["previous"], whole["next"]) == (None, None)
    rows, at, last = [], "/api/questions/stages?size=4&certainty=tentative&lang=en", None
    while at:
        answer = client.get(at)
        told = answer.json
        assert told["previous"] == last or told["page"] <= 2
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(told["next"])
        rows += told["rows"]
        last, at = at, told["next"]
    assert len(rows) == whole["total"] == 9
    assert [row["stage"] for row in rows] == [row["stage"] for row in whole["rows"]]
    assert rows[0]["stage_label"] != whole["rows"][0]["stage_label"]
    assert client.get("/api/questions/stages?page=99").json["rows"] == []  # type: ignore[index]


def test_parameters_are_those_of_pages_and_commands(client: FlaskClient) -> None:
    asked = {"organisation": "organisation/legeni", "certainty": "explicit"}
    few = client.get("/api/questions/themes_of_organisation", query_string=asked).json
    many = client.get(
        "/api/questions/themes_of_organisation",
        query_string={**asked, "organisation": "Legeni", "certainty": "tentative"},
    ).json
    assert few["given"] == asked
    assert few["total"] < many["total"]


def test_csv_is_whole_unless_a_page_is_asked_for(client: FlaskClient) -> None:
    plainly = json.loads(client.get("/api/questions/stages.json").text)["rows"]
    for path, accept in (("/stages.csv", "*/*"), ("/stages", "text/csv")):
        asked, headers = f"/api/questions{path}", {"Accept": accept}
        answer = client.get(asked, headers=headers)
        assert answer.content_type == "text/csv; charset=utf-8"
        table = [*csv.DictReader(io.StringIO(answer.text))]
        assert table == [
            {k: "" if v is None else str(v) for k, v in row.items()} for row in plainly
        ]
        paged = client.get(asked, query_string={"size": 2, "page": 2}, headers=headers)
        assert [*csv.DictReader(io.StringIO(paged.text))] == table[2:4]
        assert 'rel="prev"' in paged.headers["Link"]


def test_each_row_has_its_evidence_where_that_is_wanted(
    client: FlaskClient, described: dict[str, Any], release: Release
) -> None:
    path, asked = "/api/questions/themes_of_organisation", "organisation=Legeni&evidence=yes"
    told = valid(described, path, client.get(f"{path}?{asked}&size=2&page=1&lang=en"))
    assert told["columns"][-7:] == ["how", *COLUMNS]
    assert told["given"] == {"organisation": "Legeni"} and "evidence=yes" in told["next"]
    _, said = told["rows"]
    assert (said["certainty"], said["passages"]) == ("explicit", "passage/carnet-2-1641-1836")
    assert said["citation"].endswith(f"CC BY 4.0. {said['evidence']}")
    assert client.get(said["evidence"]).status_code == 200
    table = [*csv.DictReader(io.StringIO(client.get(f"{path}.csv?{asked}&lang=en").text))]
    assert [{name: str(it[name]) for name in it} for it in told["rows"]] == table[:2]
    whole = Graph.of_release(release.path, language="en", site="http://localhost").frame(
        "themes_of_organisation", organisation="Legeni"
    )
    names = [*COLUMNS]
    assert whole[names].astype(str).to_dict("records") == [{n: r[n] for n in names} for r in table]


def test_evidence_that_is_not_there_or_is_wanted_otherwise(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = client.get("/api/questions/counts?evidence=yes").json
    assert counts is not None and "evidence" not in counts["columns"]
    unknown = client.get("/api/questions/open_questions?evidence=yes&size=1").json
    assert unknown is not None and unknown["rows"][0]["evidence"] is None
    refused = client.get("/api/questions/stages?evidence=no")
    assert refused.status_code == 400
    assert refused.json["parameters"][0]["right"] == ["yes"]  # type: ignore[index]
    monkeypatch.setattr(views, "MOST_WITH_EVIDENCE", 8)
    many = client.get("/api/questions/stages.csv?evidence=yes&lang=en")
    assert many.status_code == 400 and "page by page" in many.text
    assert client.get("/api/questions/stages.csv?evidence=yes&size=8").status_code == 200


def test_each_parameter_that_a_question_has_not_is_named(client: FlaskClient) -> None:
    asked = {"size": 2, "limit": 3, "certainty": "explicit", "colour": "blue"}
    answer = client.get("/api/questions/stages", query_string=asked)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    told = answer.json["parameters"]  # type: ignore[index]
    assert [it["parameter"] for it in told] == ["limit", "colour"]
    assert told[0]["right"] == ["certainty", "language", "only"]


def test_a_value_is_what_it_says() -> None:
    def of(text: str, datatype: str) -> object:
        return plain(Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype)))

    assert plain(NamedNode(f"{ID}stage/dole")) == f"{ID}stage/dole"
    assert plain(Literal("Étape", language="fr")) == "Étape"
    assert plain(None) is None
    assert str(plain(BlankNode("b"))) == "_:b"
    assert (of("3", "integer"), of("0.5", "decimal"), of("true", "boolean")) == (3, 0.5, True)
    assert of("2013-09-05", "date") == "2013-09-05"
    assert of("9" * 40, "integer") == "9" * 40
    assert of("three", "integer") == "three"
    assert of("INF", "double") == "INF"
    assert of("maybe", "boolean") == "maybe"


def test_the_questions_are_listed_page_by_page(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    told = valid(described, "/api/questions", client.get("/api/questions?size=20&page=2&lang=en"))
    assert told["total"] == len(QUESTIONS)
    assert [q["name"] for q in told["questions"]] == [q.name for q in QUESTIONS[20:40]]
    for question in told["questions"][:3]:
        assert client.get(question["answer"]).status_code == 200


def test_the_search_is_answered_page_by_page(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    whole = valid(described, "/api/search", client.get("/api/search?q=innovation"))
    assert whole["results"][0]["label"] == "Innovation"
    paged = valid(described, "/api/search", client.get("/api/search?q=innovation&size=2&page=2"))
    assert paged["results"] == whole["results"][2:4]
    kind = valid(described, "/api/search", client.get("/api/search?q=dole&kind=place"))
    assert [found["iri"] for found in kind["results"]] == [f"{ID}place/dole"]
    slip = valid(described, "/api/search", client.get("/api/search?q=besonson"))
    assert slip["taken"][0]["word"] == "besonson"


WRONG = {
    "stages?page=x": 400,
    "stages?size=³": 400,
    "stages?nothing=1": 404,
    "stages.xml": 404,
    "things_on_theme?theme=nothing-of-the-sort": 400,
    f"things_on_theme?theme={'x' * 3000}": 400,
    "stagez": 404,
}


def test_what_is_wrong_is_a_problem_whoever_asks(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    for path, status in WRONG.items():
        name = "things_on_theme" if path.startswith("things") else "stages"
        for accept in ("*/*", "text/html, */*;q=0.1", "application/json"):
            answer = client.get(f"/api/questions/{path}", headers={"Accept": accept})
            assert answer.status_code == status, path
            assert answer.content_type == "application/problem+json"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert valid(described, f"/api/questions/{name}", answer)["status"] == status
    refused = client.get("/api/questions/stages", headers={"Accept": "image/png"})
    forms = valid(described, "/api/questions/stages", refused)["formats"]
    assert (refused.status_code, len(forms)) == (406, 2)
    assert [client.get(form["href"]).mimetype for form in forms] == [it["type"] for it in forms]


def test_what_is_declared_is_what_is_taken(client: FlaskClient, described: dict[str, Any]) -> None:
    path = "/api/questions/stages"
    for parameter in described["paths"][path]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        bounds = (schema.get("minimum", 1) - 1, schema.get("maximum", 10**6) + 1)
        wrong = ("no such word",) if "enum" in schema else bounds if "minimum" in schema else ()
        for value in wrong:
            refused = client.get(path, query_string={name: value})
            told = refused.json["parameters"]  # type: ignore[index]
            assert (refused.status_code, [it["parameter"] for it in told]) == (400, [name])
        listed = schema.get("enum") or schema.get("examples") or ("fr",)
        right = schema.get("default", listed[0])
        assert client.get(path, query_string={name: right}).status_code == 200
    several = client.get(path, query_string={"page": 0, "size": 0}).json
    assert [it["parameter"] for it in several["parameters"]] == ["page", "size"]  # type: ignore[index]


def test_somebody_else_s_graph_has_no_questions_but_is_searched(store: EmbeddedStore) -> None:
    client = create_app(store.pages()).test_client()
    assert client.get("/api/questions").status_code == 404
    assert client.get("/api/questions/stages").status_code == 404
    told = client.get("/api/openapi.json").json
    assert [*told["paths"]] == ["/api/search"]
    found = client.get("/api/search?q=rifc").json
    assert found["results"][0]["iri"] == f"{ID}organisation/rifc"


def test_each_address_of_the_document_answers(client: FlaskClient) -> None:
    lines = re.findall(r"^curl (.+)$", (ROOT / "docs" / "api.md").read_text("utf-8"), re.MULTILINE)
    assert len(lines) > 10
    for line in lines:
        address, *sent = shlex.split(line)
        assert address.startswith("http://127.0.0.1:8000/")
        path = address.removeprefix("http://127.0.0.1:8000")
        if "--json" in sent:
            answer = client.post(path, json=json.loads(sent[1]))
        elif sent:
            answer = client.post(path, data=dict([sent[1].split("=", 1)]))
        else:
            answer = client.get(path)
        assert answer.status_code == 200, line
        found = ("stage/dole", "organisation/rifc", "place/besancon")
        assert not sent or any(thing in answer.text for thing in found)
