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
from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import statements, statements_about
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
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


def opened(page: Page) -> list[Element]:
    """What stands in the main part, not in one that is folded."""
    return [e for e in page.elements if "main" in e.inside and "details" not in e.inside]


def rows(page: Page, tag: str) -> list[str]:
    """The facts that stand open in rows of a tag, as text."""
    found = [e for e in opened(page) if e["class"] == "said" and e.tag == tag]
    return [e.text.replace(" ", " ") for e in found]


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
    assert [e.text for e in opened(page) if e.tag == "h2"][:6] == [
        *("Ce que l’on sait", "Ce que l’on ne sait pas", "Thèmes, avec les mots qui les disent"),
        *("Personnes", "Innovations", "Par document et par date"),
    ]
    (menu,) = [e for e in page.all("details") if e["class"] == "export"]
    formats = ("CSV", "JSON", "Turtle", "N-Triples", "JSON-LD", "TriG")
    assert all(name in menu.text for name in formats)
    (unknown,) = [e.text for e in page.all("section") if e["class"] == "unknown"]
    assert "De quel échelon est" in unknown and "Mamhique" in unknown
    assert "Question ouverte, 3 lectures" in unknown and "Aucun identifiant" not in unknown
    ways = [e["href"] for e in page.all("a") if e["href"].startswith("/doubts#")]
    assert len(ways) == 4
    fields = {e["name"] for e in page.all("input", value=MUTUALITE)}
    assert fields == {"a", "from"}, "what it is compared with, or connected to, is asked there"
    (indibat,) = read(client, "/page/organisation/indibat").all("section", **{"class": "unknown"})
    assert "type d’organisation Rien n’est relevé." in indibat.text
    assert "Ailleurs Aucun identifiant vérifié." in indibat.text


def test_themes_stand_with_the_words_that_say_them_and_who_says_them(client: FlaskClient) -> None:
    # The carnet: the stage and both testimonies are on social innovation; access to care, care of
    # children and ageing come from two projects of which it is open who carries them.
    themes = rows(read(client, f"/page/{MUTUALITE}"), "tr")
    assert len(themes) == 6 and all("déduit" in it for it in themes), "the surest first"
    (social,) = [it for it in themes if it.startswith("Innovation sociale dans Innovation")]
    assert "« innovation sociale »" in social and "Bruno Herry" in social
    english = rows(read(client, "/page/organisation/indibat?lang=en"), "tr")
    assert any(it.startswith("Training in ") and "“formation”" in it for it in english)
    stage, person = (read(client, f"/page/{it}") for it in ("stage/dole", "person/pierre-arnaud"))
    assert any("Intérêt général" in it and "explicite" in it for it in rows(stage, "tr"))
    assert any("Capital humain" in it and "déduit" in it for it in rows(person, "tr"))


def test_a_theme_that_nothing_addresses_says_so(client: FlaskClient) -> None:
    for theme, says_so in (("transparence", True), ("formation", False)):
        page = read(client, f"/page/theme/{theme}")
        assert ("Rien dans le graphe n’aborde ce thème" in page.text) is says_so, theme
        assert "masqués" not in page.text, "there is nothing less sure to admit"
    sure = read(client, "/page/theme/capital-humain?certainty=explicit")
    assert (
        "Rien dans le graphe n’aborde ce thème" in sure.text and "moins sûrs masqués" in sure.text
    )


def test_names_are_those_of_the_language_of_the_page(client: FlaskClient) -> None:
    for path in (
        "/page/graph/carnet-2-a-venir",
        "/page/participation/carnet-2-maucler",
        "/questions/what_was_said_before",
    ):
        page = read(client, path)
        assert [e.text for e in page.all("span", lang="en") if "main" in e.inside] == [], path
        assert "Logbook no. 2" not in page.text and "a witness" not in page.text
        english = read(client, f"{path}?lang=en").text
        assert "Logbook no. 2" in english or "a witness" in english, path


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


@pytest.mark.parametrize("data", ["app", "told_otherwise"])
def test_a_page_has_few_links_a_mark_for_each_fact_nothing_empty_and_loses_no_fact(
    data: str, request: pytest.FixtureRequest
) -> None:
    app: Flask = request.getfixturevalue(data)
    client = app.test_client()
    others = things(app, *(kind for kind in KINDS if kind not in FIRST_KINDS))[::25]
    for iri in (ID + MUTUALITE, *things(app, *FIRST_KINDS)[::3], *others):
        answer = client.get("/page/" + iri.removeprefix(ID))
        if answer.status_code == 301:
            continue  # a value leads to the list that it narrows
        page = Page(answer.text)
        shown = opened(page)
        assert sum(e.tag == "a" for e in shown) <= 60, iri
        assert all(e.text for e in shown if e.tag in ("h2", "dd", "section", "summary")), iri
        ranks: dict[tuple[str, ...], list[int]] = {}
        for row in (e for e in shown if e["class"] in ("said", "sentence")):
            within = [e for e in shown if row.start <= e.start and (e.end or 0) <= (row.end or 0)]
            values = sum(e.tag == "dd" for e in within) // 2 or 1  # Each has its mark beside it.
            marks = [e.text for e in within if "evidence" in e["class"]]
            assert marks == ["preuve"] * values, (iri, row.text)
            surest = "".join(row.text.partition("preuve")[:2])
            ranks.setdefault((row.tag, *row.inside), []).append(rank_told(surest))
        for (tag, *_), found in ranks.items():
            assert tag in ("p", "li") or found == sorted(found), iri
        facts = [fact for group in described(app, iri).groups for fact in group.facts]
        facts = [it for it in facts if not (it.backwards and it.path in OF_DECISIONS)]
        if iri.removeprefix(ID).partition("/")[0] in SHOWN_OTHERWISE:
            continue
        assert len(fact_values(page)) == sum(len(fact.values) for fact in facts), iri
        names = {e.text for e in page.all("dt")}
        assert all(any(name.startswith(fact.label.value) for name in names) for fact in facts), iri


OF_DECISIONS = {
    *(RN + it for it in ("kept", "other", "toThing")),
    PREFIXES["dcterms"] + "isReplacedBy",
}
SHOWN_OTHERWISE = ("theme", "document", "passage", "extraction", "assertion-set", "part")
"""The kinds whose pages show some facts in another way."""


def rank_told(text: str) -> int:
    """The place of the certainty that a row tells; what curators and other sources say is sure."""
    ranks = enumerate(("déduit", "incertain"), 1)
    return next((rank for rank, word in ranks if f"{word} preuve" in text), 0)


def test_each_document_says_when_it_speaks_of_a_thing_and_what_it_alone_says(
    told_otherwise: Flask,
) -> None:
    stops = rows(read(told_otherwise.test_client(), "/page/stage/sentier-gue"), "li")
    first, second = (it for it in stops if it.partition(" ")[0] and "Lettre du Sentier" in it)
    assert "n° 1" in first and "statut : annoncée (remplacé ou non retenu)" in first
    assert "n° 2" in second and "statut : tenue" in second and "non retenu" not in second


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
            if n < 20:
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
    assert len(fact_values(pages["full"])) < 200
