"""The page of a thing: what it begins with, that nothing is lost, awkward things."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

import standin
from places import ROOT
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.questions.lookups import MOST_SORTED
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.links.organisations_and_themes import evidence_index
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.thing.summary import summary_of
from rallynov_graph.site.thing.theme_strength import MOST_BLOCKS
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
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


def strengths(page: Page) -> list[tuple[str, int, str]]:
    """The themes of a page with the number of their blocks, and how their clues are told."""
    names = [e for e in page.all("span") if e["class"] == "strength-name"]
    blocks = [e for e in page.all("span") if e["class"] == "blocks"]
    counts = [
        e for e in page.all("span") if e["class"] == "unseen" and e.inside[-2:] == ("li", "span")
    ]
    drawn = [
        sum(
            1
            for e in page.all("span")
            if e["class"].startswith("block ") and b.start <= e.start < (b.end or 0)
        )
        for b in blocks
    ]
    assert len(names) == len(blocks)
    return [
        (name.text, n, count.text) for name, n, count in zip(names, drawn, counts, strict=False)
    ]


def headings(page: Page) -> list[str]:
    return [e.text for e in page.all("h2") if "main" in e.inside]


def fact_values(page: Page) -> list[Element]:
    """The values of facts, without what stands beside them."""
    return [e for e in page.all("span") if e["class"] == "value"]


def test_an_organisation_begins_with_its_themes_people_and_innovations(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}")
    assert headings(page) == [
        *("Thèmes", "Personnes", "Innovations"),
        *("Ce que diraient d’autres lectures", "Autour", "4 questions ouvertes"),
        *("Noms et sources", "Ailleurs", "Dans le rallye", "Citer"),
    ]
    english = read(client, f"/page/{MUTUALITE}?lang=en")
    assert headings(english)[:3] == ["Themes", "People", "Innovations"]


def test_a_theme_that_nothing_addresses_says_so(client: FlaskClient) -> None:
    for theme, says_so in (
        ("transparence", True),
        ("formation", False),
        ("emploi-et-competences", False),
    ):
        page = read(client, f"/page/theme/{theme}")
        assert ("rien n’aborde ce thème" in page.text) is says_so, theme
        assert "moins certain" not in page.text, "there is nothing less sure to admit"
    sure = read(client, "/page/theme/capital-humain?certainty=explicit")
    assert "rien n’aborde ce thème" in sure.text and "ce qui est moins certain" in sure.text


def test_the_name_of_a_page_elsewhere_is_read_without_escapes(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/pole-des-microtechniques")
    away = {a.text for a in page.all("a") if "wikipedia.org" in a["href"]}
    assert away == {"Pôle_des_microtechniques"}


@pytest.mark.parametrize(
    "path",
    ["/page/graph/carnet-2-a-venir", "/page/participation/carnet-2-maucler"]
    + [f"/questions/{name}" for name in ("readings_not_taken", "what_was_said_before")],
)
def test_names_are_those_of_the_language_of_the_page(client: FlaskClient, path: str) -> None:
    page = read(client, path)
    assert "nom" in [e.text for e in page.all("td") + page.all("th")]
    assert [e.text for e in page.all("span", lang="en") if "main" in e.inside] == []
    assert "Carnet no. 2" not in page.text and "a witness" not in page.text
    english = read(client, f"{path}?lang=en").text
    assert "Carnet no. 2" in english or "a witness" in english


def test_a_crumb_leads_to_the_list_of_its_kind(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}?certainty=inferred")
    crumbs = [e for e in page.all("li") if e.inside[-2:] == ("nav", "ol")]
    assert [e.text for e in crumbs] == [
        "Explorer",
        "Organisations",
        "Mutualité Française Franche-Comté",
    ]
    links = [e["href"] for e in page.all("a") if e.inside[-3:] == ("nav", "ol", "li")]
    assert "/list/organisation?certainty=inferred" in links


def test_themes_stand_with_a_block_a_clue(client: FlaskClient) -> None:
    # The carnet: the stage and both testimonies are on social innovation; access to care, care of
    # children and ageing come from two projects of which it is open who carries them.
    page = read(client, f"/page/{MUTUALITE}")
    kinds = [e["class"] for e in page.all("span") if e["class"].startswith("block ")]
    text = next(e.text for e in page.all("ul") if e["class"] == "strengths")
    assert text.startswith("Innovation et performance : 3 indices déduits Innovation sociale")
    assert "Solidarité et santé : 2 indices incertains Accès aux soins" in text.replace(
        "\u202f", " "
    )
    assert kinds[:3] == ["block block-inferred"] * 3
    assert "block block-tentative" in kinds and "block block-explicit" not in kinds
    legend = next(e.text for e in page.all("p") if "clue-legend" in e["class"])
    assert legend.startswith("un indice déduit un indice incertain")
    english = next(
        e.text
        for e in read(client, f"/page/{MUTUALITE}?lang=en").all("ul")
        if e["class"] == "strengths"
    )
    assert "3 inferred clues" in english and "2 uncertain clues" in english


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_the_clues_of_an_organisation_are_those_of_the_matrix(app: Flask, certainty: str) -> None:
    seen = view(app, certainty)
    matrix = evidence_index(seen, certainty)
    large = {*matrix.themes}
    for iri in things(app, "organisation"):
        page = thing_page(seen, iri, certainty=certainty)
        assert page is not None
        shown = {
            it.theme.iri: sorted(it.clues)
            for it in summary_of(seen, load()["fr"], page, certainty).themes
        }
        assert shown == {
            theme: sorted(CERTAINTIES[rank] for rank in clues.values())
            for (organisation, theme), clues in matrix.within.items()
            if organisation == iri and theme in large
        }


def test_a_stage_and_a_person_have_their_themes_too(client: FlaskClient) -> None:
    stage = next(
        e.text for e in read(client, "/page/stage/dole").all("ul") if e["class"] == "strengths"
    )
    assert "Intérêt général : 1 indice explicite" in stage.replace("\u202f", " ")
    person = read(client, "/page/person/bruno-herry")
    (told,) = [e.text for e in person.all("ul") if e["class"] == "strengths"]
    assert "Innovation et performance : 1 indice" in told


def test_each_theme_leads_to_the_evidence_of_the_link(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}")
    ways = [
        e for e in page.all("a") if e["class"] == "evidence" and e.inside[-2:] == ("li", "span")
    ]
    assert len(ways) == 8
    assert all(client.get(e["href"]).status_code == 200 for e in ways)


def test_no_fact_is_lost(app: Flask) -> None:
    client = app.test_client()
    for iri in things(app, *FIRST_KINDS, "rally", "group"):
        if "/theme/" in iri or "/document/" in iri:
            continue  # their pages show some facts in another way
        page = read(client, "/page/" + iri.removeprefix(ID))
        shown = sorted(e.text for e in fact_values(page))
        facts = [fact for group in described(app, iri).groups for fact in group.facts]
        assert len(shown) == sum(len(fact.values) for fact in facts), iri
        names = {e.text for e in page.all("dt")}
        assert all(any(name.startswith(fact.label.value) for name in names) for fact in facts), iri


@pytest.mark.parametrize("certainty", CERTAINTIES[:-1])
def test_what_the_dial_hides_is_counted(app: Flask, certainty: str) -> None:
    client = app.test_client()

    def count(page: ThingPage) -> int:
        groups = [*(fact for group in page.groups for fact in group.facts), *page.other_sources]
        return sum(len(fact.values) + fact.more for fact in groups)

    for iri in things(app, "organisation", "person", "innovation", "stage"):
        every, shown = described(app, iri), described(app, iri, certainty)
        assert shown.hidden == count(every) - count(shown), iri
    page = read(client, f"/page/{MUTUALITE}?certainty={certainty}")
    hidden = described(app, ID + MUTUALITE, certainty).hidden
    assert hidden > 1 and f"{hidden} faits de moins" in page.text
    assert "faits de moins" not in read(client, f"/page/{MUTUALITE}").text


def test_one_menu_has_everything_that_the_page_is_had_as(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}")
    menus = [e for e in page.all("details") if e["class"] == "export"]
    assert len(menus) == 1
    links = {
        e.text: e["href"]
        for e in page.all("a")
        if "details" in e.inside and e.inside[-2:] == ("ul", "li")
    }
    assert {"CSV", "JSON", "Turtle", "N-Triples", "JSON-LD", "TriG"} <= {*links}
    assert {"BibTeX", "RIS"} <= {*links}
    assert all(client.get(links[name]).status_code == 200 for name in ("CSV", "Turtle", "BibTeX"))
    acts = [
        e.text for e in page.all("a") if e.inside[-2:] == ("ul", "li") and "details" not in e.inside
    ]
    assert {"Citer", "Comparer à…", "Relier à…", "Réseau autour"} <= {*acts}
    (cite,) = [e for e in page.elements if e["id"] == "cite"]
    assert cite.inside[-1] == "section"


def test_open_questions_that_touch_it_stand_beside_it(client: FlaskClient) -> None:
    page = read(client, f"/page/{MUTUALITE}")
    (box,) = [e for e in page.all("aside") if e["class"] == "open"]
    assert "De quel échelon est" in box.text and "D’un autre échelon" in box.text
    assert "Qui porte Mamhique" in box.text
    ways = [e["href"] for e in page.all("a") if "aside" in e.inside]
    assert len(ways) == 4 and all(href.startswith("/doubts") for href in ways)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A release with organisations that are hard to show, each of which carries innovations."""
    folder = tmp_path_factory.mktemp("hostile")
    sources = standin.make(folder / "sources")
    text = serialize(hostile_quads(), format=RdfFormat.TRIG)
    assert text is not None
    (sources.data / "hostile.trig").write_bytes(text)
    release = build(folder / "out", data=sources.data, ontology=ROOT / "ontology", checked=False)
    return app_of(release).test_client()


def app_of(release: Release) -> Flask:
    return create_app(EmbeddedStore.of_release(release), release)


LABELS = {
    "long": "é" * 500,
    "leftward": "مؤسسة التعاون",
    "blank": "   ",
    "markup": "<script>alert(1)</script> & « co »",
    "nameless": None,
}
MANY = MOST_SORTED // 2 + 1
"""Each is mentioned by its set and by the default graph: more than are put in order."""


def hostile_quads() -> list[Quad]:
    own = NamedNode(ID + "assertion-set/hostile")
    made = [(own, PREFIXES["rdf"] + "type", NamedNode(RN + "AssertionSet"))]
    made.append((own, RN + "certainty", NamedNode(RN + "explicit")))
    for name, label in LABELS.items():
        organisation = NamedNode(f"{ID}organisation/{name}")
        made.append(
            (organisation, PREFIXES["rdf"] + "type", NamedNode(PREFIXES["org"] + "Organization"))
        )
        for number in range(5):
            innovation = NamedNode(f"{ID}innovation/{name}-{number}")
            made.append((innovation, PREFIXES["rdf"] + "type", NamedNode(RN + "Innovation")))
            made.append((innovation, RN + "carriedBy", organisation))
            made.append(
                (innovation, PREFIXES["dcterms"] + "subject", NamedNode(f"{ID}theme/{name}"))
            )
            if label is not None:
                made.append((innovation, PREFIXES["rdfs"] + "label", Literal(f"{label}{number}")))
        if label is not None:
            made.append((organisation, PREFIXES["rdfs"] + "label", Literal(label)))
    full = NamedNode(f"{ID}organisation/full")
    made.append((full, PREFIXES["rdf"] + "type", NamedNode(PREFIXES["org"] + "Organization")))
    made.append((full, PREFIXES["rdfs"] + "label", Literal("Full")))
    theme = NamedNode(f"{ID}theme/one")
    for number in range(MANY):
        innovation = NamedNode(f"{ID}innovation/{number}")
        made.append((innovation, RN + "carriedBy", full))
        if number < 2 * MOST_BLOCKS:
            made.append((innovation, PREFIXES["dcterms"] + "subject", theme))
    return [Quad(s, NamedNode(p), o, own) for s, p, o in made]


@pytest.mark.parametrize("name", [*LABELS, "full"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_awkward_things_have_a_whole_page(hostile: FlaskClient, name: str, language: str) -> None:
    answer = hostile.get(f"/page/organisation/{name}{'?lang=en' if language == 'en' else ''}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    page = Page(answer.text)
    assert faults(page, language) == []
    assert all(e.text or e["aria-label"] for e in page.all("a") if "h2" not in e.inside), name


def test_a_long_name_is_cut_in_a_sentence_and_whole_above_it(hostile: FlaskClient) -> None:
    page = read(hostile, "/page/organisation/long")
    (told,) = page.all("p", **{"class": "sentence"})
    assert page.one("h1").text == LABELS["long"]
    assert (
        told.text.startswith("Organisation qui porte cinq innovations, dont «")
        and len(told.text) < 400
    )


def test_names_from_right_to_left_stand_apart(hostile: FlaskClient) -> None:
    page = read(hostile, "/page/organisation/leftward")
    names = [e.text for e in page.all("bdi") if e.inside[-1] == "p"]
    assert names == ["مؤسسة التعاون0", "مؤسسة التعاون1", "مؤسسة التعاون"], "the last is cited"


def test_what_has_no_name_has_no_sentence(hostile: FlaskClient) -> None:
    for name in ("nameless", "blank"):
        page = read(hostile, f"/page/organisation/{name}")
        assert page.all("p", **{"class": "sentence"}) == []


def test_of_very_many_facts_all_are_counted_and_some_are_shown(hostile: FlaskClient) -> None:
    page = read(hostile, "/page/organisation/full")
    (told,) = page.all("p", **{"class": "sentence"})
    assert "innovations, dont" in told.text
    (of_theme,) = [e.text for e in page.all("ul") if e["class"] == "strengths"]
    assert f"{2 * MOST_BLOCKS} indices explicites" in of_theme and f"+ {MOST_BLOCKS}" in of_theme
    assert len(fact_values(page)) < 200
