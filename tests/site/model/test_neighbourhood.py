"""The drawing of a thing among its neighbours: nothing that the facts beside it do not say."""

from __future__ import annotations

from itertools import pairwise

from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.drawing.names import text_width
from rallynov_graph.site.model.drawing.neighbourhood import (
    MOST,
    WIDTH,
)
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

EX = "https://example.org/"


def drawn(page: Page) -> list[Element]:
    """The things around the one that is drawn, as links."""
    return [e for e in page.all("a") if "svg" in e.inside]


def lines(page: Page) -> list[str]:
    return [e["class"] for e in page.all("path") if e["class"].startswith("line ")]


def star(names: list[str]) -> FlaskClient:
    """A foreign graph where one thing knows each of these."""
    label = NamedNode(PREFIXES["rdfs"] + "label")
    quads = []
    for number, name in enumerate(names):
        other = NamedNode(f"{EX}{number}")
        quads.append(Quad(NamedNode(EX + "me"), NamedNode(EX + "knows"), other, DefaultGraph()))
        quads.append(Quad(other, label, Literal(name), DefaultGraph()))
    return create_app(EmbeddedStore.of_quads(quads).pages()).test_client()


def test_each_neighbour_is_named_and_leads_to_its_page(client: FlaskClient) -> None:
    # The carnet: Karine and Pierre-Yves Le Goff speak for Legeni, whose innovation is a
    # governance without a production manager.
    page = read(client, "/page/organisation/legeni")
    assert faults(page, "fr") == []
    found = {e["href"]: e.text for e in drawn(page)}
    assert {
        "/page/person/karine-le-goff",
        "/page/person/pierre-yves-le-goff",
        "/page/innovation/gouvernance-sans-chef-de-production",
        "/page/theme/gouvernance",
    } <= {*found}
    assert all(client.get(address).status_code == 200 for address in found)
    assert len(lines(page)) == len(found)


def test_how_sure_a_link_is_shows_in_its_line_and_its_words(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/legeni?lang=en")
    (carried,) = [e for e in drawn(page) if e["href"].startswith("/page/innovation/")]
    assert "(inferred)" in carried.text
    # What a rule concludes is drawn as sure as what it concludes from: three strokes, no fourth.
    assert {*lines(page)} == {"line line-explicit", "line line-inferred"}
    assert all("lang=en" in e["href"] for e in drawn(page))


def test_two_links_to_a_thing_are_drawn_as_sure_as_the_surer() -> None:
    innovation, organisation = (f"<{ID}{it}>" for it in ("innovation/a", "organisation/b"))
    sets = (("one", "carriedBy", "tentative"), ("two", "providedBy", "explicit"))
    text = "".join(
        f"<{ID}assertion-set/{name}> {{ {innovation} <{RN}{prop}> {organisation} }}\n"
        f"<{ID}assertion-set/{name}> <{RN}certainty> <{RN}{certainty}> .\n"
        for name, prop, certainty in sets
    )
    quads = parse(text, format=RdfFormat.TRIG)
    client = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    assert lines(read(client, "/page/innovation/a")) == ["line line-explicit"]


def test_of_many_neighbours_some_are_drawn_and_the_others_counted() -> None:
    names = ["<script>alert(1)</script>", *(f"Friend {n}" for n in range(1, 40))]
    page = read(star(names), f"/resource?iri={EX}me")
    assert faults(page, "fr") == []
    assert len(drawn(page)) == MOST
    assert f"{40 - MOST} éléments liés ne sont pas dessinés" in page.text


def test_the_surest_of_each_kind_are_drawn_and_only_what_the_facts_say(client: FlaskClient) -> None:
    # The carnet: the Mutualité's staff bicycles are its own; who carries Mamhique stays open, and
    # with it the themes that only Mamhique leads to.
    page = read(client, "/page/organisation/mutualite-francaise-franche-comte")
    found = [e["href"] for e in drawn(page)]
    innovations = [href for href in found if "/innovation/" in href]
    assert innovations[0] == "/page/innovation/velo-electrique"
    assert "/page/theme/accueil-des-enfants" not in found
    assert any("/person/" in href for href in found) and any("/stage/" in href for href in found)
    listed = {e["href"] for e in page.all("a") if "svg" not in e.inside and "dl" in e.inside}
    assert len(found) == MOST and {*found} <= listed
    assert drawn(read(client, "/page/passage/carnet-2-843-904")) == []


def test_names_stand_apart_and_long_ones_are_cut() -> None:
    page = read(star([f"{'Long name ' * 9}{n}" for n in range(24)]), f"/resource?iri={EX}me")
    texts = [e for e in page.all("text") if "a" in e.inside]
    assert len(texts) == MOST and all(e.text.endswith("…") for e in texts)
    lines = [e for e in page.all("tspan") if "a" in e.inside]
    assert len(lines) == 2 * MOST, "a name has two lines"
    assert all(int(e["x"]) + text_width(e.text, 13) <= WIDTH for e in lines)
    heights = [int(e["y"]) for e in lines]
    assert all(below - above >= 13 for above, below in pairwise(heights))
