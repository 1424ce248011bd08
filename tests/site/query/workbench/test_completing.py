"""What the editor of queries is told: terms with their use, names of things."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.sparql.embedded import EmbeddedStore


def terms(client: FlaskClient, asked: str = "") -> dict[str, dict[str, Any]]:
    answer = client.get(f"/terms.json?{asked}")
    assert answer.status_code == 200 and answer.headers["ETag"]
    return {term["name"]: term for term in answer.get_json()["terms"]}


def count(store: EmbeddedStore, pattern: str) -> int:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    [[number]] = store.select(f"{prefixes}SELECT (COUNT(*) AS ?n) {{ {pattern} }}").rows
    return int(getattr(number, "value", -1))


def test_each_term_says_what_it_is_called_means_and_how_often_it_serves(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    french, english = terms(client), terms(client, "lang=en")["rn:Stage"]
    stage, carried = french["rn:Stage"], french["rn:carriedBy"]
    assert (stage["kind"], stage["label"], stage["also"]) == ("class", "étape", ["stage"])
    assert (english["label"], english["also"]) == ("stage", ["étape"])
    assert stage["definition"] and english["definition"] not in ("", stage["definition"])
    assert stage["uses"] == count(store, "?s a rn:Stage")
    assert (carried["kind"], carried["uses"]) == ("property", count(store, "?s rn:carriedBy ?o"))
    unused = [name for name, term in french.items() if term["uses"] == 0]
    assert all(count(store, f"{{ ?s a {name} }} UNION {{ ?s {name} ?o }}") == 0 for name in unused)
    assert len({name for name in french if name.startswith("rn:")}) > 80
    of_stages = terms(client, f"of={quote(RN + 'Stage')}")
    assert all(count(store, f"?s a rn:Stage ; <{it['iri']}> ?o") for it in of_stages.values())
    assert "schema:startDate" in of_stages and "rn:sha256" not in of_stages
    uses = [term["uses"] for term in of_stages.values()]
    assert uses == sorted(uses, reverse=True)
    assert terms(client, "of=urn:nothing") == {}


def test_names_and_points_are_those_of_the_things_that_are_asked_for(client: FlaskClient) -> None:
    legeni = f"{ID}organisation/legeni"
    answer = client.get(f"/names.json?lang=en&iri={quote(legeni)}&iri=javascript:alert(1)")
    told = answer.get_json()["names"]
    assert told[legeni]["label"] == "Legeni"
    assert told[legeni]["address"] == "/page/organisation/legeni?lang=en"
    assert told["javascript:alert(1)"]["address"] is None
    stage, place, person = f"{ID}stage/dole", f"{ID}place/dole", f"{ID}person/bruno-herry"
    asked = "&".join(f"iri={quote(it)}" for it in (stage, place, person))
    dole = [47.09225, 5.48966]
    points = client.get(f"/points.json?{asked}").get_json()
    assert points == {"points": {stage: [dole], place: [dole]}}, "its own or that of its place"
    assert client.get("/names.json").get_json() == {"names": {}}
    assert client.get("/points.json").get_json() == {"points": {}}


def test_what_is_no_iri_and_too_many_are_refused(client: FlaskClient) -> None:
    for asked in (
        "/names.json?iri=not+an+iri",
        "/names.json?iri=",
        "/names.json?" + "&".join(f"iri=urn:{n}" for n in range(101)),
        "/points.json?iri=not+an+iri",
        "/terms.json?of=%3Cscript%3E",
        "/terms.json?" + "&".join(f"of=urn:{n}" for n in range(21)),
    ):
        answer = client.get(asked, headers={"Accept": "application/json"})
        assert answer.status_code == 400 and "script" not in answer.text, asked
