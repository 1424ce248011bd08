"""Decisions about identity, as a visitor meets them: addresses that lead on, and who decided."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from rdflib import Graph, URIRef

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import id_of_claim
from reading_pages import faults, read
from told_otherwise import KEPT, MERGED, PARTS, SPLIT

FORMS = ("ttl", "nt", "rdf", "jsonld", "trig", "nq", "csv", "json")


@pytest.fixture
def app(told_otherwise: Flask) -> Flask:
    """The site of the shipped data with a decision of each kind."""
    return told_otherwise


def test_a_merged_address_leads_to_the_kept_one_for_good(client: FlaskClient) -> None:
    for path, to in (
        (f"/id/{MERGED}", f"/id/{KEPT}"),
        (f"/page/{MERGED}?lang=en", f"/page/{KEPT}?lang=en"),
        (f"/page/{MERGED}?certainty=explicit", f"/page/{KEPT}?certainty=explicit"),
        (f"/data/{MERGED}", f"/data/{KEPT}"),
        (f"/data?iri={ID}{MERGED}", f"/data?iri={ID}{KEPT}"),
        *((f"/data/{MERGED}.{form}", f"/data/{KEPT}.{form}") for form in FORMS),
    ):
        answer = client.get(path)
        assert answer.status_code == 301, path
        assert answer.headers["Location"].replace("%3A", ":").replace("%2F", "/") == to
        assert client.get(answer.headers["Location"], follow_redirects=True).status_code == 200


def test_a_split_address_answers_with_the_choice(client: FlaskClient) -> None:
    for path in (f"/id/{SPLIT}", f"/page/{SPLIT}", *(f"/data/{SPLIT}.{it}" for it in FORMS)):
        answer = client.get(path, headers={"Accept": "text/turtle, application/ld+json"})
        assert (answer.status_code, answer.mimetype) == (300, "application/problem+json"), path
        wanted = [path.replace(SPLIT, part) for part in PARTS]
        assert [choice["href"] for choice in answer.json["near"]] == wanted
        for address in wanted:
            assert client.get(address, follow_redirects=True).status_code == 200
    for query, words in (("", "plusieurs éléments"), ("?lang=en", "several things")):
        page = read(client, f"/page/{SPLIT}{query}", 300, Accept="text/html")
        assert faults(page, "en" if query else "fr") == []
        assert {f"/page/{part}{query}" for part in PARTS} <= {a["href"] for a in page.all("a")}
        assert all(f"Pierre Alixant ({part})" in page.text for part in PARTS)
        assert words in page.one("h1").text


def claim(thing: str, prop: str, value: str) -> str:
    return f"/r/{id_of_claim(NamedNode(ID + thing), NamedNode(RN + prop), NamedNode(ID + value))}"


def test_a_claim_of_a_merged_thing_leads_on(client: FlaskClient) -> None:
    former = claim("participation/second-herry", "participant", MERGED)
    now = claim("participation/second-herry", "participant", KEPT)
    answer = client.get(former)
    assert (answer.status_code, answer.headers["Location"]) == (301, now)
    assert client.get(now).status_code == 200


def test_the_page_of_a_thing_says_what_was_decided_by_whom_and_when(client: FlaskClient) -> None:
    for thing, *said in (
        (KEPT, "L’adresse person/b-herry désigne le même élément et mène ici", "Raison de same."),
        ("organisation/bge-franche-comte", "Ce n’est pas le même élément que MFQ Franche-Comté"),
        ("organisation/mfq-franche-comte", "Ce n’est pas le même élément que BGE Franche-Comté"),
        ("person/thierry-beaune", "peut-être le même élément que Pascal Mollier"),
        ("person/pascal-mollier", "peut-être le même élément que Thierry Beaune"),
        (PARTS[0], "L’adresse person/pierre-alixant désignait plusieurs éléments"),
    ):
        page = read(client, f"/page/{thing}")
        assert faults(page, "fr") == []
        for text in (*said, "28 novembre 2026", "Décidé par"):
            assert text in " ".join(page.text.split()), thing
        assert "isReplacedBy" not in page.text and "a pris la place" not in page.text
        (address,) = {a["href"] for a in page.all("a") if "/page/decision/" in a["href"]}
        decision = read(client, address)
        assert faults(decision, "fr") == []
        assert "28 novembre 2026" in decision.text
        assert f"rallynov identity undo {address.rpartition('/')[2]}" in decision.text
        english = read(client, f"/page/{thing}?lang=en")
        assert faults(english, "en") == [] and "Decided by" in english.text


def test_a_thing_without_a_decision_says_nothing_of_it(client: FlaskClient) -> None:
    assert 'id="identity"' not in client.get("/page/stage/vesoul").text


def test_the_data_of_the_kept_thing_have_both_namings(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get(f"/data/{KEPT}.ttl").text, format="turtle")
    names = {str(name) for name in graph.objects(URIRef(ID + KEPT), URIRef(RN + "nameAsPrinted"))}
    assert {"Bruno Herry", "B. Herry"} <= names


def test_the_search_and_reconciliation_find_the_kept_thing_by_the_other_name(
    client: FlaskClient,
) -> None:
    assert f"/page/{KEPT}" in client.get("/search?q=B.+Herry").text
    query = '{"q0": {"query": "B. Herry"}}'
    found = client.get("/reconcile", query_string={"queries": query}).json["q0"]["result"]
    assert [it["id"] for it in found if it["match"]] == [KEPT]
    assert MERGED not in {it["id"] for it in found}
    query = f'{{"q0": {{"query": "{MERGED}"}}}}'
    found = client.get("/reconcile", query_string={"queries": query}).json["q0"]["result"]
    assert [(it["id"], it["match"]) for it in found] == [(KEPT, True)]


def test_a_record_of_an_authority_file_is_shown_by_its_name(client: FlaskClient) -> None:
    page = read(client, "/page/place/belfort")
    assert {"GeoNames 3033791", "Wikidata Q171545"} <= {link.text for link in page.all("a")}


def test_where_a_thing_is_asked_for_a_former_address_means_what_took_its_place(
    client: FlaskClient,
) -> None:
    page = read(client, f"/compare?a={MERGED}&b=person/sabrina-boudailler")
    assert {"Bruno Herry", "Sabrina Boudailler"} <= {link.text.strip() for link in page.all("a")}
    page = read(client, f"/compare?a={SPLIT}&b=person/sabrina-boudailler")
    assert all(part in page.text or f"a={part}" in str(page.all("a")) for part in PARTS)
    found = client.get(
        f"/api/questions/participants_of_stage?only=events&participant={MERGED}"
    ).text
    assert "mutualite-francaise-franche-comte" in found
