"""The reconciliation service, held against what its specification (0.2) asks of each answer."""

from __future__ import annotations

import csv
import importlib
import json
import sys
from typing import Any
from urllib.parse import quote

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
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

BENCH = ROOT / "bench"

# What the specification asks, in our words.

STRING = {"type": "string", "minLength": 1}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": STRING, "name": STRING}}
ADDRESS = {"type": "string", "pattern": "^http://localhost"}
SUGGESTING = {
    "type": "object",
    "required": ["service_url", "service_path"],
    "properties": {
        "service_url": ADDRESS,
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    },
}
TEMPLATE = {"type": "string", "pattern": r"\{\{id\}\}"}
SETTING = {
    "type": "object",
    "required": ["name", "label", "type"],
    "properties": {
        "type": {"enum": ["number", "text", "checkbox", "select"]},
        "choices": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "value"],
                "properties": {"name": STRING, "value": {"type": "string"}},
            },
        },
    },
    "if": {"properties": {"type": {"const": "select"}}},
    "then": {"required": ["choices"]},
}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": STRING, "contains": {"const": "0.2"}},
        "name": STRING,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "documentation": ADDRESS,
        "logo": ADDRESS,
        "serviceVersion": STRING,
        "batchSize": {"type": "integer", "minimum": 1},
        "defaultTypes": {"type": "array", "items": NAMED, "uniqueItems": True},
        "view": {"type": "object", "required": ["url"], "properties": {"url": TEMPLATE}},
        "preview": {
            "type": "object",
            "required": ["url", "width", "height"],
            "properties": {
                "url": TEMPLATE,
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
        },
        "suggest": {
            "type": "object",
            "properties": dict.fromkeys(("entity", "property", "type"), SUGGESTING),
        },
        "extend": {
            "type": "object",
            "properties": {
                "propose_properties": SUGGESTING,
                "property_settings": {"type": "array", "items": SETTING},
            },
        },
    },
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score", "match", "type"],
    "properties": {
        "id": STRING,
        "name": STRING,
        "description": STRING,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": {"type": "array", "items": NAMED},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "value"],
                "properties": {"id": STRING, "value": {"type": ["number", "boolean"]}},
            },
        },
    },
    "additionalProperties": False,
}
BATCH_OF_RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
SUGGESTIONS = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": {**NAMED, "properties": {"notable": {"type": "array", "items": NAMED}}},
        }
    },
}
TIME = r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$"
CELL = {
    "oneOf": [
        {"required": [name], "properties": {name: of, **more}, "additionalProperties": False}
        for name, of, more in (
            ("id", STRING, {"name": STRING}),
            ("str", {"type": "string"}, {}),
            ("int", {"type": "integer"}, {}),
            ("float", {"type": "number"}, {}),
            ("date", {"type": "string", "pattern": TIME}, {}),
        )
    ]
}
EXTENSION = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": {**NAMED, "properties": {"type": NAMED}}},
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": CELL},
            },
        },
    },
}
PROPOSALS = {
    "type": "object",
    "required": ["properties", "type"],
    "properties": {"type": STRING, "properties": {"type": "array", "items": NAMED}},
}


def valid(answer: Any, schema: dict[str, Any]) -> Any:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(answer)
    return answer


def batch(client: FlaskClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = valid(answer.json, BATCH_OF_RESULTS)
    return {name: one["result"] for name, one in found.items()}


def one(client: FlaskClient, text: str = "", **more: Any) -> list[dict[str, Any]]:
    return batch(client, q=({"query": text} if text else {}) | more)["q"]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in found]


def matched(found: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in found if candidate["match"]]


def extend(client: FlaskClient, things: list[str], *properties: Any) -> dict[str, Any]:
    asked = [p if isinstance(p, dict) else {"id": p} for p in properties]
    sent = json.dumps({"ids": things, "properties": asked})
    answer = client.post("/reconcile", data={"extend": sent})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = valid(answer.json, EXTENSION)
    return found


def refused(answer: Any, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = json.loads(answer.text)
    assert told["status"] == status
    return told


# The manifest


@pytest.mark.parametrize(("lang", "name"), [("fr", "Étapes"), ("en", "Stages")])
def test_the_manifest_says_what_there_is_in_the_language(
    client: FlaskClient, lang: str, name: str
) -> None:
    answer = client.get("/reconcile", query_string={"lang": lang})
    told = valid(answer.json, MANIFEST)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"id": "stage", "name": name} in told["defaultTypes"]
    assert told["batchSize"] == BATCH


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_address_of_the_manifest_answers(client: FlaskClient, lang: str) -> None:
    told = client.get("/reconcile", query_string={"lang": lang}).json
    assert told is not None
    thing = quote("innovation/mamhique", safe="")
    for part in ("view", "preview"):
        at = told[part]["url"].replace("{{id}}", thing)
        assert client.get(at, follow_redirects=True).status_code == 200
    known = {"entity": thing, "property": "rn%3AcarriedBy", "type": "stage"}
    for what, suggest in told["suggest"].items():
        at = suggest["service_url"] + suggest["service_path"]
        assert client.get(f"{at}{'&' if '?' in at else '?'}prefix=a").status_code == 200
        flown = suggest["flyout_service_url"] + suggest["flyout_service_path"]
        answer = client.get(flown.replace("${id}", known[what])).json
        assert answer is not None
        assert {*answer} == {"id", "html"}
    for at in (told["documentation"], told["logo"]):
        assert client.get(at).status_code == 200
    assert 'id="programs"' in client.get(told["documentation"]).text


def test_the_manifest_is_right_under_a_path(app: Flask) -> None:
    told = app.test_client().get("/reconcile", base_url="http://localhost/graph").json
    assert told is not None
    suggest = told["suggest"]["entity"]
    assert suggest["service_url"] + suggest["service_path"] == (
        "http://localhost/graph/reconcile/suggest/entity"
    )
    assert told["preview"]["url"] == "http://localhost/graph/reconcile/preview?id={{id}}"


# Queries


@pytest.mark.parametrize("how", ["get", "post"])
def test_a_batch_is_answered_by_get_and_post(client: FlaskClient, how: str) -> None:
    sent = {"queries": json.dumps({"q0": {"query": "RIFC"}, "q1": {"query": "nobody at all"}})}
    answer = (
        client.get("/reconcile", query_string=sent)
        if how == "get"
        else client.post("/reconcile", data=sent)
    )
    found = valid(answer.json, BATCH_OF_RESULTS)
    assert matched(found["q0"]["result"]) == ["organisation/rifc"]
    assert found["q1"] == {"result": []}


def test_old_browsers_are_called_back(client: FlaskClient) -> None:
    answer = client.get("/reconcile?callback=jQuery_1.$found")
    assert answer.content_type.startswith("text/javascript")
    assert answer.text.startswith("/**/jQuery_1.$found({")
    valid(json.loads(answer.text.removeprefix("/**/jQuery_1.$found(").removesuffix(");")), MANIFEST)


def test_the_likeliest_comes_first_and_only_what_is_clear_is_a_match(client: FlaskClient) -> None:
    found = batch(
        client,
        full={"query": "Bruno Herry"},
        name={"query": "Le Goff", "type": "person"},
        twice={"query": "Télétravail"},
        typed={"query": "Télétravail", "type": ["theme"]},
        guessed={"query": "CPLD"},
    )
    for them in found.values():
        scores = [candidate["score"] for candidate in them]
        assert scores == sorted(scores, reverse=True)
        assert len(matched(them)) <= 1
    assert matched(found["full"]) == ["person/bruno-herry"]
    assert {*ids(found["name"])} == {"person/karine-le-goff", "person/pierre-yves-le-goff"}
    assert matched(found["name"]) == []
    assert {"theme/teletravail", "innovation/teletravail"} <= {*ids(found["twice"])}
    assert matched(found["twice"]) == []
    assert matched(found["typed"]) == ["theme/teletravail"]
    assert found["guessed"][0]["id"].startswith("organisation/cooperative-de-production")
    assert matched(found["guessed"]) == []


def test_types_are_demanded_or_wished_for(client: FlaskClient) -> None:
    found = batch(
        client,
        any={"query": "Dole", "type": ["stage", "person"]},
        all={"query": "Dole", "type": ["stage", "place"], "type_strict": "all"},
        should={"query": "Dole", "type": "person", "type_strict": "should"},
        none={"query": "Dole", "type": "dragon"},
    )
    assert ids(found["any"]) == ["stage/dole"]
    assert found["all"] == found["none"] == []
    assert found["should"][0]["id"] == "place/dole"
    assert matched(found["should"]) == []


@pytest.mark.parametrize("text", ["organisation/rifc", f"{ID}organisation/rifc"])
def test_an_identifier_finds_its_thing(client: FlaskClient, text: str) -> None:
    found = one(client, text)
    assert matched(found) == ["organisation/rifc"]
    assert found[0]["score"] == 100


def test_a_limit_is_kept(client: FlaskClient) -> None:
    assert len(one(client, "innovation")) > 3
    assert len(one(client, "innovation", limit=3)) == 3
    assert len(one(client, "innovation", limit=1.0)) == 1


def test_a_name_of_either_language_is_found_and_told_in_the_reader_s(client: FlaskClient) -> None:
    sent = {"queries": json.dumps({"q": {"query": "gouvernance", "type": "theme"}})}
    for lang, name in (("fr", "Gouvernance"), ("en", "Governance")):
        answer = client.post("/reconcile", query_string={"lang": lang}, data=sent).json
        assert answer is not None
        assert answer["q"]["result"][0]["name"] == name


def test_of_several_names_the_one_of_its_page_is_told(client: FlaskClient) -> None:
    found = {one(client, text)[0]["name"] for text in ("étape de Dole", "stage/dole")}
    assert found == {"Étape de Dole"}
    page = client.get("/page/stage/dole").text
    assert "<h1>Étape de Dole</h1>" in page
    assert "L&#39;innovation sociale" in page, "a name, too"


def test_a_value_of_a_property_tells_namesakes_apart(client: FlaskClient) -> None:
    place = {"pid": "schema:location", "v": {"id": "place/dole"}}
    found = one(client, "étape", type="stage", properties=[place])
    assert found[0]["id"] == "stage/dole"
    assert {f["id"]: f["value"] for f in found[0]["features"]}["schema:location"] == 100
    named = one(client, "étape", type="stage", properties=[{**place, "v": ["Dôle", "Vesoul"]}])
    assert {*ids(named[:2])} == {"stage/dole", "stage/vesoul"}


@pytest.mark.parametrize(
    "condition",
    [
        {"pid": "schema:location", "v": {"id": "place/dole"}},
        {"pid": PREFIXES["schema"] + "location", "v": "Dole"},
        {"pid": "schema:startDate", "v": "2013-09-05"},
    ],
)
def test_a_thing_is_found_by_a_property_alone(
    client: FlaskClient, condition: dict[str, Any]
) -> None:
    assert "stage/dole" in ids(one(client, properties=[condition]))


@pytest.fixture(scope="module")
def bench() -> Any:
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module("reconcile")
    finally:
        sys.path.remove(str(BENCH))


def test_spellings_whose_answers_are_known_are_matched_rightly(bench: Any, app: Flask) -> None:
    found = bench.rightness(app)
    assert found.spellings == 100
    assert found.precision >= 0.98
    assert found.recall >= 0.93
    assert found.first >= found.named - 2


def test_the_right_answers_of_the_spellings_are_things(store: EmbeddedStore) -> None:
    with (BENCH / "spellings.csv").open(encoding="utf-8") as file:
        right = {row["right"] for row in csv.DictReader(file)} - {""}
    assert len(right) > 35
    assert [one for one in right if not store.ask(f"ASK {{ <{ID}{one}> a ?kind }}")] == []


# Suggestions, previews


@pytest.mark.parametrize(
    ("what", "prefix", "first"),
    [
        ("entity", "besan", "place/besancon"),
        ("entity", "organisation/rifc", "organisation/rifc"),
        ("property", "portée par", "rn:carriedBy"),
        ("property", "rn:carriedBy", "rn:carriedBy"),
        ("type", "étape", "stage"),
        ("type", "pers", "person"),
    ],
)
def test_suggestions_begin_as_one_writes(
    client: FlaskClient, what: str, prefix: str, first: str
) -> None:
    answer = client.get(f"/reconcile/suggest/{what}", query_string={"prefix": prefix}).json
    assert valid(answer, SUGGESTIONS)["result"][0]["id"] == first


def test_a_cursor_passes_over_suggestions(client: FlaskClient) -> None:
    whole, rest = (
        client.get("/reconcile/suggest/property", query_string={"prefix": "", **more}).json
        for more in ({}, {"cursor": 4})
    )
    assert whole is not None
    assert rest is not None
    assert whole["result"][4:] == rest["result"][: len(whole["result"]) - 4]


def test_a_preview_may_be_framed_and_is_a_whole_page(client: FlaskClient) -> None:
    answer = client.get("/reconcile/preview?id=innovation/mamhique&lang=en")
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Mamhique" in answer.text
    assert '<html lang="en">' in answer.text
    assert "DENY" in client.get("/").headers["X-Frame-Options"]


@pytest.mark.parametrize("path", ["preview", "flyout/entity", "flyout/property", "flyout/type"])
@pytest.mark.parametrize("identifier", ["", "organisation/nobody", "no such <b>", "x" * 5000])
def test_what_is_not_there_has_no_preview(client: FlaskClient, path: str, identifier: str) -> None:
    refused(client.get(f"/reconcile/{path}", query_string={"id": identifier}), 404)


# Extending a table


def test_values_are_given_as_what_they_are(client: FlaskClient) -> None:
    found = extend(
        client,
        ["stage/dole", "organisation/nobody", "innovation/mamhique"],
        *("schema:startDate", "schema:location", "rn:carriedBy", "rdfs:label"),
    )
    assert [column["id"] for column in found["meta"]] == [
        *("schema:startDate", "schema:location", "rn:carriedBy", "rdfs:label")
    ]
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
    few = {"id": "dcterms:subject", "settings": {"limit": 1}}
    assert len(extend(client, [thing], few)["rows"][thing]["dcterms:subject"]) == 1


def test_what_the_curators_say_is_in_no_doubt(client: FlaskClient) -> None:
    sure = {"id": "skos:broader", "settings": {"certainty": "explicit"}}
    thing = "theme/innovation-sociale"
    assert extend(client, [thing], sure)["rows"][thing]["skos:broader"] != []


def test_properties_are_proposed_by_type(client: FlaskClient) -> None:
    answer = client.get("/reconcile/properties?type=stage").json
    proposed = ids(valid(answer, PROPOSALS)["properties"])
    assert {"schema:location", "dcterms:subject", "rn:status"} <= {*proposed}
    assert "rn:speaksFor" not in proposed
    few = client.get("/reconcile/properties?type=stage&limit=2").json
    assert few is not None
    assert (ids(few["properties"]), few["limit"]) == (proposed[:2], 2)
    refused(client.get("/reconcile/properties?type=dragon"))


# Bad input


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ("", "queries"),
        ("{", "queries"),
        ("[" * 100_000, "queries"),
        ('{"q": ' + "9" * 5000 + "}", "queries"),
        ("[]", "queries"),
        ('{"q": 3}', "queries.q"),
        ('{"q": {}}', "queries.q"),
        ('{"q": {"query": ""}}', "queries.q"),
        ('{"q": {"query": null}}', "queries.q.query"),
        ('{"q": {"query": "a", "limit": 0}}', "queries.q.limit"),
        ('{"q": {"query": "a", "limit": "3"}}', "queries.q.limit"),
        ('{"q": {"query": "a", "limit": NaN}}', "queries.q.limit"),
        ('{"q": {"query": "a", "limit": Infinity}}', "queries.q.limit"),
        ('{"q": {"query": "a", "type": {"x": 1}}}', "queries.q.type[0].id"),
        ('{"q": {"query": "a", "type": [1]}}', "queries.q.type[0]"),
        ('{"q": {"query": "a", "type_strict": "x"}}', "queries.q.type_strict"),
        ('{"q": {"query": "a", "properties": {}}}', "queries.q.properties"),
        ('{"q": {"properties": [{"v": "x"}]}}', "queries.q.properties[0].pid"),
        ('{"q": {"properties": [{"pid": "a b", "v": "x"}]}}', "queries.q.properties[0].pid"),
        ('{"q": {"properties": [{"pid": "rn:x"}]}}', "queries.q.properties[0].v[0]"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_wrong_batch_is_told_where_it_is_wrong(
    client: FlaskClient, sent: str, at: str, lang: str
) -> None:
    answer = client.post("/reconcile", query_string={"lang": lang}, data={"queries": sent})
    told = refused(answer)
    assert told["at"] == at
    assert told["detail"].startswith(at)
    assert answer.headers["Content-Language"] == lang


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ("{}", "extend.ids"),
        ('{"ids": [], "properties": {}}', "extend.properties"),
        ('{"ids": [1], "properties": []}', "extend.ids[0]"),
        ('{"ids": [], "properties": [{"id": "no property"}]}', "extend.properties[0].id"),
        (
            '{"ids": [], "properties": [{"id": "rn:x", "settings": {"certainty": "sure"}}]}',
            "extend.properties[0].settings.certainty",
        ),
        (
            '{"ids": [], "properties": [{"id": "rn:x", "settings": {"limit": -1}}]}',
            "extend.properties[0].settings.limit",
        ),
    ],
)
def test_a_wrong_extension_is_told_where_it_is_wrong(
    client: FlaskClient, sent: str, at: str
) -> None:
    assert refused(client.post("/reconcile", data={"extend": sent}))["at"] == at


def test_too_many_at_once_are_refused_and_told_how_many_are_not(client: FlaskClient) -> None:
    sent = {f"q{n}": {"query": "RIFC"} for n in range(10_000)}
    told = refused(client.post("/reconcile", data={"queries": json.dumps(sent)}), 413)
    assert told["batchSize"] == BATCH
    assert str(BATCH) in told["detail"]
    whole = json.dumps({"q": {"query": "x" * (5 << 20)}})
    assert str(BATCH) in refused(client.post("/reconcile", data={"queries": whole}), 413)["detail"]
    value = {"pid": "rn:carriedBy", "v": ["x"] * 20}
    sent = {f"q{n}": {"properties": [value]} for n in range(30)}
    assert (
        "600"
        in refused(client.post("/reconcile", data={"queries": json.dumps(sent)}), 413)["detail"]
    )
    many = json.dumps({"ids": ["stage/dole"] * (MOST_IDS + 1), "properties": []})
    refused(client.post("/reconcile", data={"extend": many}), 413)


@pytest.mark.parametrize(
    "name", ["alert(1)", "a-b", "1a", "a..b", "a.", "<script>", "a;b", "é", "a\n", "x" * 300]
)
def test_what_is_no_name_of_a_function_is_not_called(client: FlaskClient, name: str) -> None:
    answer = client.get("/reconcile", query_string={"callback": name})
    assert refused(answer)["parameters"][0]["parameter"] == "callback"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "x" * 100_000,
        "gouvernance " * 5_000,
        '" OR 1=1; --',
        "{names} : a NEAR(b)",
        "((((",
        "\0",
        "\ud800",
        "a:\ud800",
        "½ ﷺ 漢字 עברית",
        "<http://[>",
        "a:b c",
        "organisation/../x",
    ],
)
def test_whatever_is_asked_has_an_answer(client: FlaskClient, text: str) -> None:
    assert matched(one(client, text)) == []
    value = {"pid": "rn:carriedBy", "v": [text[:2000], {"id": text[:2000]}]}
    one(client, properties=[value])
    one(client, "Dole", properties=[value])
    prefix = text[:2000].encode("utf-8", "replace")
    valid(
        client.get("/reconcile/suggest/entity", query_string={"prefix": prefix}).json, SUGGESTIONS
    )


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


def test_the_service_only_reads(client: FlaskClient) -> None:
    refused(client.put("/reconcile"), 405)
    refused(client.post("/reconcile"), 400)
    refused(client.post("/reconcile", json={"queries": {}}), 400)
    options = client.options("/reconcile")
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


# Other graphs


def test_somebody_else_s_graph_is_reconciled_by_its_classes(
    store: EmbeddedStore,
) -> None:
    client = create_app(store.pages()).test_client()
    told = valid(client.get("/reconcile").json, MANIFEST)
    assert "rfc3986" in told["identifierSpace"]
    found = one(client, "Réseau Innovation Franche-Comté")
    assert matched(found) == [f"{ID}organisation/rifc"]
    rows = extend(client, [f"{ID}stage/dole"], "schema:location")["rows"]
    assert rows[f"{ID}stage/dole"]["schema:location"][0]["id"] == f"{ID}place/dole"


def test_without_an_index_names_are_still_found(store: EmbeddedStore) -> None:
    client = create_app(store.pages(), of_server=True).test_client()
    valid(client.get("/reconcile").json, MANIFEST)
    assert matched(one(client, "bruno herry", type="person")) == ["person/bruno-herry"]
    answer = client.get("/reconcile/suggest/type?prefix=pers").json
    assert valid(answer, SUGGESTIONS)["result"][0]["id"] == "person"
