"""The page of a thing: what it begins with, that nothing is lost, awkward things."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal

import standin
from places import ROOT
from rallynov_graph.base.cache import memory
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.links.organisations_and_themes import evidence_index
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import statements, statements_about
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.thing.theme_strength import MOST_BLOCKS
from rallynov_graph.site.thing.views import summary_of
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"


def view(app: Flask, certainty: str = CERTAINTIES[-1]) -> GraphView:
    return GraphView(app.extensions["site"].graph, Addresses(certainty=certainty))


def things(app: Flask, *kinds: str) -> list[str]:
    """The IRIs of the things of some kinds."""
    queries = view(app).queries
    found = (queries.rows("things_of_kind", prefix=Literal(f"{ID}{kind}/")) for kind in kinds)
    return [row[0].value for rows in found for row in rows.rows]  # type: ignore[union-attr]


def described(app: Flask, iri: str, certainty: str = CERTAINTIES[-1]) -> ThingPage:
    page = thing_page(view(app, certainty), iri, certainty=certainty)
    assert page is not None
    return page


def strengths(page: Page) -> str:
    """The themes of a page with how their clues are told."""
    (found,) = [e.text for e in page.all("ul") if e["class"] == "strengths"]
    return found.replace("\u202f", " ")


def headings(page: Page) -> list[str]:
    return [e.text for e in page.all("h2") if "main" in e.inside]


def fact_values(page: Page) -> list[Element]:
    """The values of facts, without what stands beside them."""
    return [e for e in page.all("span") if e["class"] == "value"]


def test_a_statement_that_a_page_keeps_weighs_no_more_than_it_says(app: Flask) -> None:
    iri = ID + MUTUALITE
    found = statements(view(app), statements_about(view(app), [iri])[iri])
    assert found
    assert max(memory(None, it) for it in found) < 50_000


def test_an_organisation_begins_with_its_themes_people_and_innovations(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}?certainty=inferred")
    crumbs = [e for e in page.all("li") if e.inside[-2:] == ("nav", "ol")]
    assert [e.text for e in crumbs] == [
        "Explorer",
        "Organisations",
    ]
    links = [e["href"] for e in page.all("a") if e.inside[-3:] == ("nav", "ol", "li")]
    assert "/list/organisation?certainty=inferred" in links
    page = read(client, f"/page/{MUTUALITE}")
    assert headings(page) == [
        *("Thèmes", "Personnes", "Innovations"),
        *("Ce que diraient d’autres lectures", "Autour", "4 questions ouvertes"),
        *("Noms et sources", "Ailleurs", "Dans le rallye"),
    ]
    acts = [
        e.text for e in page.all("a") if e.inside[-2:] == ("ul", "li") and "details" not in e.inside
    ]
    assert {"Comparer à…", "Relier à…", "Réseau autour"} <= {*acts}
    (menu,) = [e for e in page.all("details") if e["class"] == "export"]
    formats = ("CSV", "JSON", "Turtle", "N-Triples", "JSON-LD", "TriG")
    assert all(name in menu.text for name in formats)
    (box,) = [e for e in page.all("aside") if e["class"] == "open"]
    assert "De quel échelon est" in box.text and "D’un autre échelon" in box.text
    assert "Qui porte Mamhique" in box.text
    ways = [e["href"] for e in page.all("a") if "aside" in e.inside]
    assert len(ways) == 4 and all(href.startswith("/doubts") for href in ways)


def test_themes_stand_with_a_block_a_clue(client: FlaskClient) -> None:
    # The carnet: the stage and both testimonies are on social innovation; access to care, care of
    # children and ageing come from two projects of which it is open who carries them.
    page = read(client, f"/page/{MUTUALITE}")
    kinds = [e["class"] for e in page.all("span") if e["class"].startswith("block ")]
    text = strengths(page)
    assert text.startswith("Innovation et performance : 3 indices déduits Innovation sociale")
    assert "Solidarité et santé : 2 indices incertains Accès aux soins" in text
    assert kinds[:3] == ["block block-inferred"] * 3
    assert "block block-tentative" in kinds and "block block-explicit" not in kinds
    legend = next(e.text for e in page.all("p") if "clue-legend" in e["class"])
    assert legend.startswith("un indice déduit un indice incertain")
    english = strengths(read(client, f"/page/{MUTUALITE}?lang=en"))
    assert "3 inferred clues" in english and "2 uncertain clues" in english
    stage, person = (read(client, f"/page/{it}") for it in ("stage/dole", "person/pierre-arnaud"))
    assert "Intérêt général : 1 indice explicite" in strengths(stage)
    assert "Innovation et performance : 1 indice explicite" in strengths(person)
    assert "Emploi et compétences : 1 indice déduit" in strengths(person)


def test_a_theme_that_nothing_addresses_says_so(client: FlaskClient) -> None:
    for theme, says_so in (("transparence", True), ("formation", False)):
        page = read(client, f"/page/theme/{theme}")
        assert ("rien n’aborde ce thème" in page.text) is says_so, theme
        assert "masqués" not in page.text, "there is nothing less sure to admit"
    sure = read(client, "/page/theme/capital-humain?certainty=explicit")
    assert "rien n’aborde ce thème" in sure.text and "moins sûrs masqués" in sure.text


def test_names_are_those_of_the_language_of_the_page(client: FlaskClient) -> None:
    for path in (
        "/page/graph/carnet-2-a-venir",
        "/page/participation/carnet-2-maucler",
        "/questions/what_was_said_before",
    ):
        page = read(client, path)
        assert [e.text for e in page.all("span", lang="en") if "main" in e.inside] == [], path
        assert "Carnet no. 2" not in page.text and "a witness" not in page.text
        english = read(client, f"{path}?lang=en").text
        assert "Carnet no. 2" in english or "a witness" in english, path


def test_the_clues_of_an_organisation_are_those_of_the_matrix(app: Flask) -> None:
    for certainty in CERTAINTIES:
        seen = view(app, certainty)
        matrix = evidence_index(seen, certainty)
        for iri in things(app, "organisation"):
            page = described(app, iri, certainty)
            shown = {
                it.theme.iri: sorted(it.clues)
                for it in summary_of(seen, load()["fr"], page, certainty).themes
            }
            assert shown == {
                theme: sorted(CERTAINTIES[rank] for rank in clues.values())
                for (organisation, theme), clues in matrix.within.items()
                if organisation == iri and theme in matrix.themes
            }


def test_what_certainty_hides_is_counted(app: Flask) -> None:
    def count(page: ThingPage) -> int:
        groups = [*(fact for group in page.groups for fact in group.facts), *page.other_sources]
        return sum(len(fact.values) + fact.more for fact in groups)

    for certainty in CERTAINTIES[:-1]:
        for iri in things(app, "organisation", "innovation"):
            every, shown = described(app, iri), described(app, iri, certainty)
            assert shown.hidden == count(every) - count(shown), iri
        hidden = described(app, ID + MUTUALITE, certainty).hidden
        page = read(app.test_client(), f"/page/{MUTUALITE}?certainty={certainty}")
        assert hidden > 1 and f"{hidden} faits moins sûrs masqués" in page.text


def test_no_fact_is_lost(app: Flask) -> None:
    client = app.test_client()
    for iri in things(app, *FIRST_KINDS, "rally", "group")[::3]:
        if "/theme/" in iri or "/document/" in iri:
            continue  # their pages show some facts in another way
        page = read(client, "/page/" + iri.removeprefix(ID))
        shown = sorted(e.text for e in fact_values(page))
        facts = [fact for group in described(app, iri).groups for fact in group.facts]
        assert len(shown) == sum(len(fact.values) for fact in facts), iri
        names = {e.text for e in page.all("dt")}
        assert all(any(name.startswith(fact.label.value) for name in names) for fact in facts), iri


LABELS = {
    "long": "é" * 500,
    "leftward": "مؤسسة التعاون",
    "blank": "   ",
    "markup": "<script>alert(1)</script> & « co »",
    "nameless": None,
}
MANY = 20_000 // 2 + 1
"""Each is mentioned by its set and by the default graph: more than ``mentions.rq`` orders."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A release with organisations that are hard to show, each of which carries innovations."""
    folder = tmp_path_factory.mktemp("hostile")
    sources = standin.make(folder / "sources")
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    facts = "".join(f"{fact} .\n" for fact in hostile_facts())
    own = f"<{ID}assertion-set/hostile>"
    text = f"{prefixes}{own} {{ {own} a rn:AssertionSet ; rn:certainty rn:explicit . {facts} }}"
    (sources.data / "hostile.trig").write_text(text, "utf-8")
    release = build(folder / "out", data=sources.data, ontology=ROOT / "ontology", checked=False)
    return create_app(EmbeddedStore.of_release(release), release).test_client()


def hostile_facts() -> Iterator[str]:
    for name, label in (*LABELS.items(), ("full", "Full")):
        organisation = f"<{ID}organisation/{name}>"
        yield f"{organisation} a org:Organization"
        if label is not None:
            yield f"{organisation} rdfs:label {json.dumps(label)}"
        for n in range(MANY if name == "full" else 5):
            innovation = f"<{ID}innovation/{name}-{n}>"
            yield f"{innovation} a rn:Innovation ; rn:carriedBy {organisation}"
            if n < 2 * MOST_BLOCKS:
                yield f"{innovation} dcterms:subject <{ID}theme/{name}>"
            if label is not None and name != "full":
                yield f"{innovation} rdfs:label {json.dumps(f'{label}{n}')}"


def test_awkward_things_have_a_whole_page(hostile: FlaskClient) -> None:
    pages = {}
    for name in (*LABELS, "full"):
        for language in ("en", "fr"):
            answer = hostile.get(f"/page/organisation/{name}?lang={language}")
            assert answer.status_code == 200 and "<script>alert" not in answer.text
            pages[name] = page = Page(answer.text)
            assert faults(page, language) == []
            assert all(e.text or e["aria-label"] for e in page.all("a") if "h2" not in e.inside)
    told = {
        name: [e.text for e in it.all("p", **{"class": "sentence"})] for name, it in pages.items()
    }
    assert told["nameless"] == told["blank"] == []
    assert pages["long"].one("h1").text == LABELS["long"]
    assert told["long"][0].startswith("Organisation qui porte cinq innovations, dont «")
    assert len(told["long"][0]) < 400, "a long name is cut in a sentence"
    names = [e.text for e in pages["leftward"].all("bdi") if e.inside[-1] == "p"]
    assert names == ["مؤسسة التعاون", "مؤسسة التعاون0", "مؤسسة التعاون1"], "the first is cited"
    assert "innovations, dont" in told["full"][0]
    of_theme = strengths(pages["full"])
    assert f"{2 * MOST_BLOCKS} indices explicites" in of_theme and f"+ {MOST_BLOCKS}" in of_theme
    assert len(fact_values(pages["full"])) < 200
