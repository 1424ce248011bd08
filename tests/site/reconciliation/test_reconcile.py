"""The reconciliation service, held against what its specification (0.2) asks of each answer."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, Quad

from places import ROOT
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.site.application import create_app
from rallynov_graph.site.reconciliation.batches import BATCH, MOST_IDS
from rallynov_graph.sparql.embedded import EmbeddedStore

BENCH = ROOT / "bench"
ASKED_OF_ANSWERS = json.loads(Path(__file__).with_name("answers.schema.json").read_text("utf-8"))
"""What the specification asks of each kind of answer."""


def valid(answer: Any, kind: str) -> Any:
    """Return an answer after it was held against what the specification asks of its kind."""
    Draft202012Validator({**ASKED_OF_ANSWERS, "$ref": f"#/$defs/{kind}"}).validate(answer)
    return answer


def batch(client: FlaskClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = valid(answer.json, "results")
    return {name: one["result"] for name, one in found.items()}


def one(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    return batch(client, q=query)["q"]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in found]


def matched(found: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in found if candidate["match"]]


def extend(client: FlaskClient, things: list[str], *properties: Any) -> dict[str, Any]:
    asked = [p if isinstance(p, dict) else {"id": p} for p in properties]
    sent = json.dumps({"ids": things, "properties": asked})
    answer = client.post("/reconcile", data={"extend": sent})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = valid(answer.json, "extension")
    return found


def refused(answer: Any, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = json.loads(answer.text)
    assert told["status"] == status
    return told


def test_each_address_of_the_manifest_answers(client: FlaskClient) -> None:
    known = {"entity": "innovation%2Fmamhique", "property": "rn%3AcarriedBy", "type": "stage"}
    for lang, name in (("fr", "Étapes"), ("en", "Stages")):
        answer = client.get("/reconcile", query_string={"lang": lang})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        told = valid(answer.json, "manifest")
        assert {"id": "stage", "name": name} in told["defaultTypes"]
        assert told["batchSize"] == BATCH
        for part in ("view", "preview"):
            at = told[part]["url"].replace("{{id}}", known["entity"])
            assert client.get(at, follow_redirects=True).status_code == 200
        for what, suggest in told["suggest"].items():
            at = suggest["service_url"] + suggest["service_path"]
            assert client.get(f"{at}{'&' if '?' in at else '?'}prefix=a").status_code == 200
            flown = suggest["flyout_service_url"] + suggest["flyout_service_path"]
            answer = client.get(flown.replace("${id}", known[what]))
            assert {*json.loads(answer.text)} == {"id", "html"}
        assert client.get(told["logo"]).status_code == 200
        assert 'id="programs"' in client.get(told["documentation"]).text


def test_the_manifest_is_right_under_a_path(client: FlaskClient) -> None:
    told = json.loads(client.get("/reconcile", base_url="http://localhost/graph").text)
    suggest = told["suggest"]["entity"]
    assert suggest["service_url"] + suggest["service_path"] == (
        "http://localhost/graph/reconcile/suggest/entity"
    )
    assert told["preview"]["url"] == "http://localhost/graph/reconcile/preview?id={{id}}"


def test_a_batch_is_answered_by_get_and_post(client: FlaskClient) -> None:
    sent = {"queries": json.dumps({"q0": {"query": "RIFC"}, "q1": {"query": "nobody at all"}})}
    for answer in (
        client.get("/reconcile", query_string=sent),
        client.post("/reconcile", data=sent),
    ):
        found = valid(answer.json, "results")
        assert matched(found["q0"]["result"]) == ["organisation/rifc"]
        assert found["q1"] == {"result": []}


AT_DOLE = {"pid": "schema:location", "v": {"id": "place/dole"}}
SURE: list[tuple[dict[str, Any], str]] = [
    ({"query": "Bruno Herry"}, "person/bruno-herry"),
    ({"query": "Télétravail", "type": ["theme"]}, "theme/teletravail"),
    ({"query": "organisation/rifc"}, "organisation/rifc"),
    ({"query": f"{ID}organisation/rifc"}, "organisation/rifc"),
    ({"query": "Q171545"}, "place/belfort"),
    ({"query": "http://www.wikidata.org/entity/Q37776"}, "place/besancon"),
    ({"query": "https://www.wikidata.org/wiki/Q37776"}, "place/besancon"),
    ({"query": "https://sws.geonames.org/3021263/"}, "place/dole"),
    ({"query": "geonames:3021263"}, "place/dole"),
]
"""Queries, and the thing that each surely means by its name, identifier or a record of others."""
UNSURE: list[tuple[dict[str, Any], set[str]]] = [
    (
        {"query": "Le Goff", "type": "person"},
        {"person/karine-le-goff", "person/pierre-yves-le-goff"},
    ),
    (
        {"query": "Télétravail"},
        {f"{kind}/teletravail" for kind in ("theme", "innovation", "means")},
    ),
    ({"query": "Dole", "type": "person", "type_strict": "should"}, {"place/dole"}),
    ({"query": "étape", "type": "stage", "properties": [AT_DOLE]}, {"stage/dole"}),
    (
        {"query": "étape", "type": "stage", "properties": [{**AT_DOLE, "v": "Vesoul"}]},
        {"stage/vesoul"},
    ),
    (
        {"query": "étape", "type": "stage", "properties": [{**AT_DOLE, "v": ["Dôle", "Vesoul"]}]},
        {"stage/dole", "stage/vesoul"},
    ),
    ({"properties": [AT_DOLE]}, {"stage/dole"}),
    ({"properties": [{"pid": PREFIXES["schema"] + "location", "v": "Dole"}]}, {"stage/dole"}),
    ({"properties": [{"pid": "schema:startDate", "v": "2013-09-05"}]}, {"stage/dole"}),
]
"""Queries that may mean several things, and those that come first."""
NOBODY: list[dict[str, Any]] = [
    {"query": "Dole", "type": "dragon"},
    {"query": "Dole", "type": ["stage", "place"], "type_strict": "all"},
    {"query": "http://www.wikidata.org/entity/Q1"},
]


def test_the_likeliest_comes_first_and_only_what_is_clear_is_a_match(client: FlaskClient) -> None:
    for query, thing in SURE:
        found = one(client, **query)
        assert (ids(found)[0], matched(found)) == (thing, [thing]), query
    for query, things in UNSURE:
        found = one(client, **query)
        assert {*ids(found[: len(things)])} == things, query
        assert matched(found) == [] or "properties" in query, query
        scores = [candidate["score"] for candidate in found]
        assert scores == sorted(scores, reverse=True)
    assert [query for query in NOBODY if one(client, **query)] == []
    assert ids(one(client, query="Dole", type=["stage", "person"])) == ["stage/dole"]
    (guessed, *_) = one(client, query="CPLD")
    assert guessed["id"].startswith("organisation/cooperative-de-pro") and not guessed["match"]
    (at_dole, *_) = one(client, query="étape", type="stage", properties=[AT_DOLE])
    assert {"id": "schema:location", "value": 100} in at_dole["features"]
    limited = [len(one(client, query="innovation", limit=it)) for it in (3, 1.0)]
    assert limited == [3, 1] and len(one(client, query="innovation")) > 3


def test_a_name_of_either_language_is_found_and_told_in_the_reader_s(client: FlaskClient) -> None:
    sent = {"queries": json.dumps({"q": {"query": "gouvernance", "type": "theme"}})}
    for lang, name in (("fr", "Gouvernance"), ("en", "Governance")):
        answer = client.post("/reconcile", query_string={"lang": lang}, data=sent).json
        assert answer["q"]["result"][0]["name"] == name


def test_of_several_names_the_one_of_its_page_is_told(client: FlaskClient) -> None:
    found = {one(client, query=text)[0]["name"] for text in ("étape de Dole", "stage/dole")}
    assert found == {"Étape de Dole"}
    page = client.get("/page/stage/dole").text
    assert "<h1>Étape de Dole</h1>" in page
    assert "L&#39;innovation sociale" in page, "a name, too"


def test_spellings_whose_answers_are_known_are_matched_rightly(
    app: Flask, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCH)
    found = importlib.import_module("reconcile").rightness(app)
    assert found.spellings == 100
    assert found.precision >= 0.98
    assert found.recall >= 0.93
    assert found.first >= found.named - 2
    with (BENCH / "spellings.csv").open(encoding="utf-8") as file:
        right = {row["right"] for row in csv.DictReader(file)} - {""}
    assert len(right) > 35
    assert [it for it in right if not store.ask(f"ASK {{ <{ID}{it}> a ?kind }}")] == []


def suggested(client: FlaskClient, what: str, **asked: object) -> list[str]:
    answer = client.get(f"/reconcile/suggest/{what}", query_string=asked)
    return ids(valid(answer.json, "suggestions")["result"])


def test_suggestions_begin_as_one_writes_and_a_cursor_passes_over_some(client: FlaskClient) -> None:
    for what, prefix, first in (
        ("entity", "besan", "place/besancon"),
        ("entity", "organisation/rifc", "organisation/rifc"),
        ("property", "portée par", "rn:carriedBy"),
        ("property", "rn:carriedBy", "rn:carriedBy"),
        ("type", "étape", "stage"),
        ("type", "pers", "person"),
    ):
        assert suggested(client, what, prefix=prefix)[0] == first
    whole = suggested(client, "property", prefix="")
    assert suggested(client, "property", prefix="", cursor=4)[: len(whole) - 4] == whole[4:]


def test_a_preview_may_be_framed_and_is_a_whole_page(client: FlaskClient) -> None:
    answer = client.get("/reconcile/preview?id=innovation/mamhique&lang=en")
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Mamhique" in answer.text
    assert '<html lang="en">' in answer.text
    assert "DENY" in client.get("/").headers["X-Frame-Options"]


def test_values_are_given_as_what_they_are(client: FlaskClient) -> None:
    columns = ["schema:startDate", "schema:location", "rn:carriedBy", "rdfs:label"]
    found = extend(client, ["stage/dole", "organisation/nobody", "innovation/mamhique"], *columns)
    assert [column["id"] for column in found["meta"]] == columns
    assert found["meta"][1]["type"] == {"id": "place", "name": "Lieux"}
    dole = found["rows"]["stage/dole"]
    assert dole["schema:startDate"] == [{"date": "2013-09-05T00:00:00Z"}]
    assert dole["schema:location"] == [{"id": "place/dole", "name": "Dole"}]
    assert {"str": "Étape de Dole"} in dole["rdfs:label"]
    assert {*map(len, found["rows"]["organisation/nobody"].values())} == {0}


def test_a_column_can_ask_for_sure_values_and_for_few(client: FlaskClient) -> None:
    prop = "rn:carriedBy"
    sure = {"id": prop, "settings": {"certainty": "explicit"}}
    thing = "innovation/mamhique"
    assert extend(client, [thing], prop)["rows"][thing][prop] != []
    assert extend(client, [thing], sure)["rows"][thing][prop] == []
    theme, broader = "theme/innovation-sociale", {**sure, "id": "skos:broader"}
    by_curators = extend(client, [theme], broader)["rows"][theme]
    assert by_curators["skos:broader"] != [], "what they say is in no doubt"
    few = {"id": "dcterms:subject", "settings": {"limit": 1}}
    assert len(extend(client, [thing], few)["rows"][thing]["dcterms:subject"]) == 1


def test_properties_are_proposed_by_type(client: FlaskClient) -> None:
    answer = client.get("/reconcile/properties?type=stage").json
    proposed = ids(valid(answer, "proposals")["properties"])
    assert {"schema:location", "dcterms:subject", "rn:status"} <= {*proposed}
    assert "rn:speaksFor" not in proposed
    few = client.get("/reconcile/properties?type=stage&limit=2").json
    assert (ids(few["properties"]), few["limit"]) == (proposed[:2], 2)
    refused(client.get("/reconcile/properties?type=dragon"))


WRONG = {
    "queries": ("", "{", "[" * 100_000, '{"q": ' + "9" * 5000 + "}", "[]"),
    "queries.q": ('{"q": 3}', '{"q": {}}', '{"q": {"query": ""}}'),
    "queries.q.query": ('{"q": {"query": null}}',),
    "queries.q.limit": tuple(
        f'{{"q": {{"query": "a", "limit": {it}}}}}' for it in ("0", '"3"', "NaN", "Infinity")
    ),
    "queries.q.type[0].id": ('{"q": {"query": "a", "type": {"x": 1}}}',),
    "queries.q.type[0]": ('{"q": {"query": "a", "type": [1]}}',),
    "queries.q.type_strict": ('{"q": {"query": "a", "type_strict": "x"}}',),
    "queries.q.properties": ('{"q": {"query": "a", "properties": {}}}',),
    "queries.q.properties[0].pid": (
        '{"q": {"properties": [{"v": "x"}]}}',
        '{"q": {"properties": [{"pid": "a b", "v": "x"}]}}',
    ),
    "queries.q.properties[0].v[0]": ('{"q": {"properties": [{"pid": "rn:x"}]}}',),
    "extend.ids": ("{}",),
    "extend.properties": ('{"ids": [], "properties": {}}',),
    "extend.ids[0]": ('{"ids": [1], "properties": []}',),
    "extend.properties[0].id": ('{"ids": [], "properties": [{"id": "no property"}]}',),
    "extend.properties[0].settings.certainty": (
        '{"ids": [], "properties": [{"id": "rn:x", "settings": {"certainty": "sure"}}]}',
    ),
    "extend.properties[0].settings.limit": (
        '{"ids": [], "properties": [{"id": "rn:x", "settings": {"limit": -1}}]}',
    ),
}
"""Where something is wrong, and what was sent."""


def test_what_is_asked_wrongly_is_told_where_it_is_wrong(client: FlaskClient) -> None:
    for at, text in ((it, text) for it in WRONG for text in WRONG[it]):
        for lang in ("fr", "en"):
            data = {at.partition(".")[0]: text}
            answer = client.post("/reconcile", query_string={"lang": lang}, data=data)
            told = refused(answer)
            assert told["at"] == at and told["detail"].startswith(at)
            assert answer.headers["Content-Language"] == lang
    for path in ("preview", "flyout/entity", "flyout/property", "flyout/type"):
        for identifier in ("", "organisation/nobody", "no such <b>", "x" * 5000):
            refused(client.get(f"/reconcile/{path}", query_string={"id": identifier}), 404)
    refused(client.put("/reconcile"), 405)
    refused(client.post("/reconcile"), 400)
    refused(client.post("/reconcile", json={"queries": {}}), 400)
    options = client.options("/reconcile")
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


def test_too_many_at_once_are_refused_and_told_how_many_are_not(client: FlaskClient) -> None:
    value = {"pid": "rn:carriedBy", "v": ["x"] * 20}
    for queries, most in (
        ({f"q{n}": {"query": "RIFC"} for n in range(10_000)}, BATCH),
        ({"q": {"query": "x" * (5 << 20)}}, BATCH),
        ({f"q{n}": {"properties": [value]} for n in range(30)}, 600),
    ):
        answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
        told = refused(answer, 413)
        assert str(most) in told["detail"]
        assert len(queries) < 10_000 or told["batchSize"] == BATCH
    many = json.dumps({"ids": ["stage/dole"] * (MOST_IDS + 1), "properties": []})
    refused(client.post("/reconcile", data={"extend": many}), 413)


HOSTILE = (
    *("<script>alert(1)</script>", "x" * 100_000, "gouvernance " * 5_000, '" OR 1=1; --'),
    *("{names} : a NEAR(b)", "((((", "\0", "\ud800", "a:\ud800", "½ ﷺ 漢字 עברית"),
    *("<http://[>", "a:b c", "organisation/../x"),
)


def test_whatever_is_asked_has_an_answer(client: FlaskClient) -> None:
    for text in HOSTILE:
        assert matched(one(client, query=text)) == []
        value = {"pid": "rn:carriedBy", "v": [text[:2000], {"id": text[:2000]}]}
        one(client, properties=[value])
        one(client, query="Dole", properties=[value])
        suggested(client, "entity", prefix=text[:2000].encode("utf-8", "replace"))


def test_markup_in_names_is_text_in_previews() -> None:
    thing, label = NamedNode(f"{ID}person/x"), NamedNode(PREFIXES["rdfs"] + "label")
    quads = [
        Quad(thing, label, Text("<script>alert(1)</script>")),
        Quad(thing, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["foaf"] + "Person")),
    ]
    client = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    for path in ("preview", "flyout/entity"):
        answer = client.get(f"/reconcile/{path}", query_string={"id": thing.value})
        text = answer.json["html"] if path != "preview" and answer.json else answer.text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text


def test_somebody_else_s_graph_is_reconciled_by_its_classes(
    store: EmbeddedStore,
) -> None:
    client = create_app(store.pages()).test_client()
    told = valid(client.get("/reconcile").json, "manifest")
    assert "rfc3986" in told["identifierSpace"]
    found = one(client, query="Réseau Innovation Franche-Comté")
    assert matched(found) == [f"{ID}organisation/rifc"]
    rows = extend(client, [f"{ID}stage/dole"], "schema:location")["rows"]
    assert rows[f"{ID}stage/dole"]["schema:location"][0]["id"] == f"{ID}place/dole"


def test_without_an_index_names_are_still_found(store: EmbeddedStore) -> None:
    client = create_app(store.pages(), of_server=True).test_client()
    valid(client.get("/reconcile").json, "manifest")
    assert matched(one(client, query="bruno herry", type="person")) == ["person/bruno-herry"]
    assert suggested(client, "type", prefix="pers")[0] == "person"
