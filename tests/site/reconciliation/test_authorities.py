"""A name to reconcile may be the address or the identifier of a record of an authority file."""

import json

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Q171545", "place/belfort"),
        ("http://www.wikidata.org/entity/Q37776", "place/besancon"),
        ("https://www.wikidata.org/wiki/Q37776", "place/besancon"),
        ("https://sws.geonames.org/3021263/", "place/dole"),
        ("geonames:3021263", "place/dole"),
    ],
)
def test_a_record_finds_the_thing_that_is_linked_to_it(
    client: FlaskClient, text: str, thing: str
) -> None:
    queries = json.dumps({"q": {"query": text}})
    found = client.get("/reconcile", query_string={"queries": queries}).json
    assert [(it["id"], it["match"]) for it in found["q"]["result"]] == [(thing, True)]


def test_a_record_of_nothing_finds_nothing(client: FlaskClient) -> None:
    queries = json.dumps({"q": {"query": "http://www.wikidata.org/entity/Q1"}})
    found = client.get("/reconcile", query_string={"queries": queries}).json
    assert found["q"]["result"] == []
