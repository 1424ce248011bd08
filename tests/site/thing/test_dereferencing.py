"""An IRI of the release leads to what is said of it, the same in every format."""

from __future__ import annotations

from itertools import cycle

import pytest
from flask.testing import FlaskClient
from pyoxigraph import (
    CanonicalizationAlgorithm,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)

from rallynov_graph.base.namespaces import BASE, ID, PREFIXES, RN, SHAPES
from rallynov_graph.rdf.formats import GRAPHS, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from rallynov_graph.release.release import Release
from thing_documents import DOCUMENT, iris, quads


def followed(client: FlaskClient, address: str, form: Format) -> bytes:
    """What is at the address that leads on to a format."""
    led = client.get(address, headers={"Accept": form.media_type})
    assert led.status_code == 303, (address, form.name, led.status_code)
    answer = client.get(led.headers["Location"], headers={"Accept": form.media_type})
    assert answer.status_code == 200, (led.headers["Location"], answer.status_code)
    assert answer.content_type == form.content_type
    return answer.data


def test_every_term_of_ours_has_a_document_in_every_format(
    client: FlaskClient, release: Release
) -> None:
    ontology = {q.triple for q in parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES)}
    wrong = []
    for iri, form in zip(iris(release, RN), cycle(GRAPHS), strict=False):
        expected = {t for t in ontology if t.subject == NamedNode(iri)}
        answer = client.get(
            f"/ontology/{iri.removeprefix(RN)}", headers={"Accept": form.media_type}
        )
        assert answer.status_code == 200, iri
        told = {quad.triple for quad in quads(answer.data, form)}
        if not expected or {t for t in told if t.subject == NamedNode(iri)} != expected:
            wrong.append((iri, form.name))
    assert wrong == []


@pytest.mark.parametrize("path", ["/ontology", "/shapes"])
def test_a_vocabulary_says_the_same_in_every_format(client: FlaskClient, path: str) -> None:
    said = []
    for form in GRAPHS:
        answer = client.get(path, headers={"Accept": form.media_type})
        assert answer.headers["Content-Location"] == f"{path}{form.suffix}"
        assert answer.data == client.get(f"{path}{form.suffix}").data
        dataset = quads(answer.data, form)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        said.append({quad.triple for quad in dataset})
    assert len(said[0]) > 500
    assert all(told == said[0] for told in said)


def test_every_shape_is_found_on_the_page_and_as_data(client: FlaskClient) -> None:
    page = client.get("/shapes", headers={"Accept": "text/html"}).text
    told = quads(client.get("/shapes.nt").data, N_TRIPLES)
    said: dict[str, set[Triple]] = {}
    for quad in told:
        said.setdefault(str(quad.subject)[1:-1], set()).add(quad.triple)
    names = sorted(iri for iri in said if iri.startswith(SHAPES))
    assert len(names) > 100
    for iri, form in zip(names, cycle(GRAPHS), strict=False):
        name = iri.removeprefix(SHAPES)
        assert f'id="{name}"' in page, name
        answer = client.get(f"/shapes/{name}{form.suffix}")
        assert answer.status_code == 200
        found = {q for q in quads(answer.data, form) if q.subject == NamedNode(iri)}
        assert len(found) == len(said[iri]) + 1, "and where it is defined"


def test_every_name_of_the_context_is_explained(client: FlaskClient) -> None:
    answer = client.get("/context", headers={"Accept": "application/ld+json"})
    page = client.get("/context", headers={"Accept": "text/html"}).text
    assert answer.json is not None
    names = [name for name in answer.json["@context"] if not name.startswith("@")]
    assert len(names) > 100
    assert [name for name in names if f'id="{name}"' not in page] == []


def test_a_version_of_the_ontology_leads_to_it_as_long_as_it_is_of_that(
    client: FlaskClient, release: Release
) -> None:
    version = release.manifest.ontology_version
    assert client.get(f"/ontology/{version}").headers["Location"] == "/ontology"
    assert client.get(f"/ontology/{version}.ttl").headers["Location"] == "/ontology.ttl"
    assert client.get("/ontology/99.0.0").status_code == 404


def test_the_document_is_neither_the_thing_nor_its_page(
    client: FlaskClient, release: Release
) -> None:
    thing = NamedNode(f"{ID}stage/vesoul")
    told = quads(client.get("/data/stage/vesoul.ttl").data, TURTLE)
    document = NamedNode(f"{DOCUMENT}/stage/vesoul")
    said = {q.predicate.value: q.object for q in told.quads_for_subject(document)}
    assert said[PREFIXES["foaf"] + "primaryTopic"] == thing
    assert said["http://rdfs.org/ns/void#inDataset"] == NamedNode(f"{BASE}dataset")
    assert said[PREFIXES["dcterms"] + "license"].value.startswith("https://creativecommons.org/")
    assert said[PREFIXES["dcterms"] + "source"] == NamedNode(f"{ID}document/carnet-2")
    assert said[PREFIXES["dcterms"] + "issued"].value == release.manifest.issued
    assert said[PREFIXES["schema"] + "version"].value == release.id[:16]
    licence = NamedNode(PREFIXES["dcterms"] + "license")
    assert {q.subject for q in told.quads_for_predicate(licence)} == {document}
    page = [q for q in told if "/page/" in str(q.triple)]
    assert page == []


def test_the_document_is_had_by_its_own_address_in_what_is_asked_for(client: FlaskClient) -> None:
    for form in GRAPHS:
        answer = client.get("/data/stage/vesoul", headers={"Accept": form.media_type})
        assert answer.data == client.get(f"/data/stage/vesoul{form.suffix}").data
        assert answer.headers["Vary"] == "Accept"
        assert answer.headers["Content-Location"] == f"/data/stage/vesoul{form.suffix}"
    refused = client.get("/data/stage/vesoul", headers={"Accept": "image/png"})
    assert refused.status_code == 406 and "/data/stage/vesoul.trig" in refused.text


def test_json_ld_is_short_and_reads_without_asking_for_anything(client: FlaskClient) -> None:
    told = client.get("/data/stage/vesoul.jsonld").json
    assert told is not None
    node = next(n for n in told["@graph"] if n["id"] == f"{ID}stage/vesoul")
    assert node["type"] == "rn:Stage"
    assert node["status"] == f"{ID}status/annoncee"
    assert set(told["@context"]) >= {"status", "rn", "id", "type"}
    assert told["@context"]["status"] == {"@id": "rn:status", "@type": "@id"}
    assert "carriedBy" not in told["@context"], "only what is used"


def test_the_dataset_and_things_of_others_are_found_too(client: FlaskClient) -> None:
    dataset = f"{BASE}dataset"
    for form in GRAPHS:
        told = quads(followed(client, "/dataset", form), form)
        assert [*told.quads_for_subject(NamedNode(dataset))]
    assert client.get("/dataset").headers["Location"].startswith("/resource?iri=")
    asked = client.get("/data", query_string={"iri": dataset}, headers={"Accept": "text/turtle"})
    assert asked.status_code == 200
    assert client.get("/data").status_code == 404


def test_data_have_one_date_and_parts_and_are_not_sent_twice(
    client: FlaskClient, release: Release
) -> None:
    address = "/data/stage/vesoul.nt"
    whole = client.get(address)
    assert whole.headers["Last-Modified"] == "Wed, 25 Nov 2026 00:00:00 GMT"
    assert release.manifest.issued == "2026-11-25"
    tag = whole.headers["ETag"]
    assert not tag.startswith("W/"), "parts are put together by it"
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    assert head.headers["Content-Length"] == str(len(whole.data))
    part = client.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"x"'}).status_code == 200
    beyond = client.get(address, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (
        416,
        f"bytes */{len(whole.data)}",
    )
    assert beyond.data == b""
    for wish in ("bytes=0-1,4-5", "lines=1-2", "bytes=b-a", "bytes=5-2"):
        assert client.get(address, headers={"Range": wish}).data == whole.data, wish
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    since = {"If-Modified-Since": whole.headers["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304
    assert client.get("/page/stage/vesoul", headers=since).status_code == 200, "words change too"
    gone = client.get("/data/stage/nowhere.ttl", headers={"If-None-Match": "*"})
    assert gone.status_code == 404


def test_a_header_leads_to_what_is_asked_for_and_is_read_as_far_as_it_can_be(
    client: FlaskClient,
) -> None:
    for accept, form in {
        "text/html": "",
        "*/*": "",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "",
        "": "",
        "text/turtle": ".ttl",
        "TEXT/TURTLE": ".ttl",
        "text/turtle; charset=utf-8; q=1": ".ttl",
        "a/b," * 2000 + "text/turtle": ".ttl",
        "application/ld+json, text/html;q=0.5": ".jsonld",
        "application/trig": ".trig",
        "application/rdf+xml": ".rdf",
    }.items():
        answer = client.get("/id/stage/vesoul?lang=en", headers={"Accept": accept})
        target = f"/data/stage/vesoul{form}" if form else "/page/stage/vesoul?lang=en"
        assert answer.status_code == 303, accept
        assert answer.headers["Location"].partition("?")[0] == target.partition("?")[0]
        assert form or answer.headers["Location"] == target, "the language is kept"
        assert answer.headers["Vary"] == "Accept"
    for accept in ("text/turtle;q=nan", "*/*;q=0.1, text/turtle;q=0", "application/*"):
        assert client.get("/id/stage/vesoul", headers={"Accept": accept}).status_code == 303
    for accept in ("image/png", ",,;;q=,", "text/turtle;q=0", "text/turtle\u00e9"):
        answer = client.get("/id/stage/vesoul", headers={"Accept": accept})
        assert answer.status_code == 406 and "Accept" in answer.headers["Vary"], accept
    assert all(form.media_type in answer.text for form in GRAPHS)


def test_data_may_be_read_by_any_site_and_an_unknown_format_names_the_known_ones(
    client: FlaskClient,
) -> None:
    answer = client.get("/data/stage/vesoul.ttl")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert 'filename="vesoul.ttl"' in answer.headers["Content-Disposition"]
    answer = client.get("/data/stage/vesoul.docx")
    assert answer.status_code == 404 and "/data/stage/vesoul.ttl" in answer.text


def test_a_quad_stands_in_the_graph_that_says_it(client: FlaskClient, release: Release) -> None:
    stated = set(parse(path=str(release.data), format=RdfFormat.N_QUADS))
    told = quads(client.get("/data/stage/vesoul.nq").data, N_QUADS)
    here = {q for q in told if isinstance(q.graph_name, NamedNode)}
    assert here and here <= stated
    about = NamedNode(f"{ID}stage/vesoul")
    assert {q for q in stated if about in (q.subject, q.object)} <= here
    trig = quads(client.get("/data/innovation/mamhique.trig").data, TRIG)
    carried = NamedNode(f"{ID}assertion-set/carnet-2-mamhique-porteur")
    assert len([*trig.quads_for_graph_name(carried)]) == 1
    told = {q.predicate.value for q in trig.quads_for_subject(carried)}
    assert f"{RN}certainty" in told, "who says so is said, too"
