"""What the editor of queries is told: terms with their use, names of things."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore


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
    stage, english = terms(client)["rn:Stage"], terms(client, "lang=en")["rn:Stage"]
    assert (stage["kind"], stage["label"], stage["also"]) == ("class", "étape", ["stage"])
    assert (english["label"], english["also"]) == ("stage", ["étape"])
    assert stage["definition"] and english["definition"] not in ("", stage["definition"])
    assert stage["uses"] == count(store, "?s a rn:Stage")
    carried = terms(client)["rn:carriedBy"]
    assert (carried["kind"], carried["uses"]) == ("property", count(store, "?s rn:carriedBy ?o"))


def test_terms_that_are_never_used_are_told_too(client: FlaskClient, store: EmbeddedStore) -> None:
    unused = [name for name, term in terms(client).items() if term["uses"] == 0]
    defined = {name for name in terms(client) if name.startswith("rn:")}
    assert all(count(store, f"{{ ?s a {name} }} UNION {{ ?s {name} ?o }}") == 0 for name in unused)
    assert len(defined) > 80


def test_of_a_class_only_what_its_things_really_have(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    found = terms(client, f"of={quote(RN + 'Stage')}")
    assert all(count(store, f"?s a rn:Stage ; <{it['iri']}> ?o") for it in found.values())
    assert "schema:startDate" in found and "rn:sha256" not in found
    uses = [term["uses"] for term in found.values()]
    assert uses == sorted(uses, reverse=True)
    assert terms(client, "of=urn:nothing") == {}


def test_names_come_in_the_language_with_the_way_to_the_page(client: FlaskClient) -> None:
    legeni = f"{ID}organisation/legeni"
    answer = client.get(f"/names.json?lang=en&iri={quote(legeni)}&iri=javascript:alert(1)")
    told = answer.get_json()["names"]
    assert (told[legeni]["label"], told[legeni]["address"]) == (
        "Legeni",
        "/page/organisation/legeni?lang=en",
    )
    assert told["javascript:alert(1)"]["address"] is None


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


def test_nothing_asked_for_is_nothing_told(client: FlaskClient) -> None:
    assert client.get("/names.json").get_json() == {"names": {}}
    assert client.get("/points.json").get_json() == {"points": {}}


def test_points_are_those_of_a_thing_or_of_its_place(client: FlaskClient) -> None:
    stage, place, person = f"{ID}stage/dole", f"{ID}place/dole", f"{ID}person/bruno-herry"
    answer = client.get(
        "/points.json?" + "&".join(f"iri={quote(it)}" for it in (stage, place, person))
    )
    dole = [47.09225, 5.48966]
    assert answer.get_json() == {"points": {stage: [dole], place: [dole]}}
