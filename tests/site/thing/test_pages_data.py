"""From a thing's address to its page or data, in every format."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID
from rallynov_graph.rdf.formats import GRAPHS, Format

THING = "innovation/mamhique"


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html", f"/page/{THING}"),
        ("*/*", f"/page/{THING}"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"/page/{THING}"),
        ("text/turtle", f"/data/{THING}.ttl"),
        ("application/ld+json, text/html;q=0.5", f"/data/{THING}.jsonld"),
        ("application/trig", f"/data/{THING}.trig"),
        ("application/rdf+xml", f"/data/{THING}.rdf"),
    ],
)
def test_a_things_address_leads_to_what_is_asked_for(
    client: FlaskClient, accept: str, target: str
) -> None:
    answer = client.get(f"/id/{THING}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert answer.headers["Vary"] == "Accept"


def test_the_language_is_kept_on_the_way(client: FlaskClient) -> None:
    answer = client.get(f"/id/{THING}?lang=en")
    assert answer.headers["Location"] == f"/page/{THING}?lang=en"


def test_what_exists_in_no_format_that_is_asked_for_says_which_ones_there_are(
    client: FlaskClient,
) -> None:
    answer = client.get(f"/id/{THING}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert all(form.media_type in answer.text for form in GRAPHS)


def triples(answer: bytes, form: Format) -> set[tuple[str, str, str]]:
    quads = parse(answer, format=form.rdf or RdfFormat.TURTLE)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def test_every_format_without_graphs_says_the_same(client: FlaskClient) -> None:
    said = {
        form.name: triples(client.get(f"/data/{THING}{form.suffix}").data, form)
        for form in GRAPHS
        if form.name not in ("trig", "nq")
    }
    assert len(said["ttl"]) > 15
    assert [name for name, found in said.items() if found != said["ttl"]] == []


def test_data_speak_of_a_thing_both_ways(client: FlaskClient) -> None:
    form = next(form for form in GRAPHS if form.name == "nt")
    found = triples(client.get("/data/person/bruno-herry.nt").data, form)
    me = f"<{ID}person/bruno-herry>"
    assert any(subject == me for subject, _, _ in found)
    assert any(value == me for _, _, value in found)


def test_formats_with_graphs_add_who_says_so(client: FlaskClient) -> None:
    answer = client.get(f"/data/{THING}.trig")
    dataset = Dataset(parse(answer.data, format=RdfFormat.TRIG))
    carried = NamedNode(f"{ID}assertion-set/carnet-2-mamhique-porteur")
    assert len([*dataset.quads_for_graph_name(carried)]) == 1
    described = [*dataset.quads_for_subject(carried)]
    assert any(q.predicate.value.endswith("#certainty") for q in described)
    assert answer.data == client.get(f"/data/{THING}.trig").data
    assert all(isinstance(quad, Quad) for quad in dataset)


def test_data_may_be_read_by_any_site(client: FlaskClient) -> None:
    answer = client.get(f"/data/{THING}.ttl")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert f'filename="{THING.rpartition("/")[2]}.ttl"' in answer.headers["Content-Disposition"]


def test_an_unknown_suffix_names_the_known_ones(client: FlaskClient) -> None:
    answer = client.get(f"/data/{THING}.docx")
    assert answer.status_code == 404
    assert f"/data/{THING}.ttl" in answer.text
