"""What stays open: by what depends on it, with its readings, its words and what hangs on it."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from made_up_carnet import TEXT, document, store_of
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, anchor, faults, inside, read

POLE = "organisation/pole-des-microtechniques"
# Read from the carnet, question by question: on what would it tell if another reading were taken?
CONSEQUENCES = {
    "count": {
        *("troisieme-etape", "dix-huit-temoins", "douze-innovations", "deux-cents-personnes"),
        *("eps-adomis", "quelle-mutualite", "cinquante-velos"),
    },
    "links": {
        *("christian-maucler", "conseil-regional", "contacts", "objet-du-financement"),
        *("temoins-du-pole", "teletravail-ou", "passeport-de-qui", "porteur-mamhique"),
        *("porteur-dents", "treize-laboratoires", "porteurs-des-etapes"),
    },
    "road": {
        *("rang-bge-mfq", "titres-deplaces", "dates-des-etapes", "periode-lip", "etape-lip"),
        *("presence-ginsbourger", "vocabulaire-de-qui", "etape-des-temoins-invites"),
    },
    "words": {"originale-gouvernance", "nuage-paires", "mots-en-gras", "portee-des-paroles"},
}


def named(doubt: Element) -> str:
    return doubt["id"].removeprefix("carnet-2-")


def doubt(page: Page, name: str) -> Element:
    return page.one("article", id=f"carnet-2-{name}")


@pytest.fixture(scope="module")
def doubts(site: Flask) -> Page:
    return read(site.test_client(), "/doubts")


def test_the_questions_stand_under_what_depends_on_them(doubts: Page) -> None:
    found = {
        section["aria-labelledby"]: {named(it) for it in inside(doubts, section, "article")}
        for section in doubts.all("section")
    }
    assert {key: found.get(key) for key in CONSEQUENCES} == CONSEQUENCES
    assert doubts.one("h1").text.startswith("30 questions")
    bars = [int(rect["width"]) for rect in doubts.all("rect") if rect["height"] == "1"]
    assert bars == [len(CONSEQUENCES[key]) for key in ("count", "links", "road", "words")]
    frames = {svg["viewbox"] for svg in doubts.all("svg") if svg["viewbox"].endswith(" 1")}
    assert frames == {"0 0 11 1"}
    groups = ["#count", "#links", "#road", "#words"]
    assert [a["href"] for a in doubts.all("a") if a["href"] in groups] == groups


def test_a_question_has_its_readings_with_what_hangs_on_it(doubts: Page) -> None:
    """By another reading Mamhique is not the Mutualité's; nor are then its themes."""
    mamhique = doubt(doubts, "porteur-mamhique")
    (readings,) = [it for it in inside(doubts, mamhique, "ul") if it["class"] == "readings"]
    first, *others = inside(doubts, readings, "li")
    assert first["class"] == "preferred"
    assert first.text.startswith("La Mutualité le porte. lecture retenue")
    assert "incertain" in first.text and "preuve" in first.text
    assert [it["class"] for it in others] == ["", ""]
    assert others[0].text.startswith("Des entreprises, qui le proposent à leurs salariés.")
    assert "1 fait en dépend" in mamhique.text
    number = re.search(r"(\d+) liens calculés tomberaient", mamhique.text)
    assert number is not None
    *_, concluded = (it for it in inside(doubts, mamhique, "ul") if it["class"] == "plain ruled")
    links = [it.text for it in inside(doubts, concluded, "li")]
    assert len(links) == int(number[1])
    for theme in ("Articulation des temps de vie", "Accueil des enfants"):
        assert any("liée au thème" in it and theme.casefold() in it.casefold() for it in links)
    assert not any("porte Mamhique" in it for it in links), "the converse says nothing more"
    assert "Les mots en question : 2 passages" in mamhique.text
    ways = [a["href"] for a in inside(doubts, mamhique, "a")]
    assert "/page/passage/carnet-2-3442-3718" in ways and not doubts.all("blockquote")


def test_a_question_says_what_the_graph_does_not_hold_and_names_what_it_touches(
    doubts: Page,
) -> None:
    pole = doubt(doubts, "temoins-du-pole")
    assert not [it for it in inside(doubts, pole, "li") if it["class"] == "preferred"]
    for name in ("temoins-du-pole", "portee-des-paroles"):
        assert "Aucun fait du graphe n’en dépend." in doubt(doubts, name).text
    assert "12 questions n’ont pas de lecture retenue" in doubts.text
    (things,) = [it for it in inside(doubts, pole, "ul") if it["class"] == "things small"]
    signs = [it["class"] for it in inside(doubts, things, "span") if "shape" in it["class"]]
    assert signs == ["shape shape-organisation", *["shape shape-person"] * 3]
    links = [a["href"] for a in inside(doubts, pole, "a")]
    assert f"/page/{POLE}" in links and "/page/person/jose-monteiro" in links
    innovations, witnesses = (doubt(doubts, it) for it in ("douze-innovations", "dix-huit-temoins"))
    assert "12 selon le carnet, 13 dans le graphe" in innovations.text
    assert "18 selon le carnet" in witnesses.text


def test_with_the_text_the_page_quotes_and_is_not_kept(
    store: EmbeddedStore, release: Release, source_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_text(source_text, "utf-8")
    texts = loaded(store, [SourceFile.read(path)])
    client = create_app(store.pages(), release, texts=texts).test_client()
    response = client.get("/doubts")
    assert response.headers["Cache-Control"] == "no-store"
    page = Page(response.text)
    (first, *_) = inside(page, doubt(page, "originale-gouvernance"), "blockquote")
    assert first.text == " ".join(source_text[977:998].split())
    english = Page(client.get("/doubts?lang=en").text)
    assert {it["lang"] for it in english.all("blockquote")} == {"fr"}
    contacts = doubt(page, "contacts")
    assert not re.search(r"(\d\d[ .]){4}\d\d", contacts.text)
    kept = client.get("/doubts?touches=stage/bge-franche-comte&page=1&lang=en")
    assert kept.headers["Cache-Control"] == "no-store"
    assert client.get("/doubts.csv").headers["Cache-Control"] != "no-store"


def test_the_page_shows_all_whatever_the_reader_admits(client: FlaskClient, doubts: Page) -> None:
    explicit = read(client, "/doubts?certainty=explicit")
    assert len(doubts.all("article")) == len(explicit.all("article")) == 30
    assert doubt(doubts, "eps-adomis").text == doubt(explicit, "eps-adomis").text
    (link,) = [a for a in explicit.all("a") if a.text.startswith("EPS et Adomis")]
    assert link["href"].endswith("?certainty=explicit")


def test_it_is_narrowed_to_what_touches_a_thing(client: FlaskClient) -> None:
    for thing, questions in {
        "person/jose-monteiro": {"temoins-du-pole"},
        "stage/dole": {"contacts"},
        f"{ID}innovation/mamhique": {"porteur-mamhique", "titres-deplaces"},
        "organisation/legeni": set(),
        POLE: {"temoins-du-pole", "troisieme-etape", "porteurs-des-etapes"},
    }.items():
        page = read(client, f"/doubts?touches={thing}")
        assert {named(it) for it in page.all("article")} == questions
        assert not questions or page.one("h1").text.startswith(str(len(questions)))
        rows = csv.DictReader(StringIO(client.get(f"/doubts.csv?touches={thing}").text))
        told = {row["question"].removeprefix(f"{ID}question/carnet-2-") for row in rows}
        assert told == questions
    assert "#road" not in [a["href"] for a in page.all("a")], "there is nothing to go to"
    values = [it["value"] for it in page.all("option")]
    kinds = {it.partition("/")[0] for it in values[1:]}
    assert values[0] == "" and kinds == {"stage", "person", "organisation"}
    (chosen,) = [it for it in page.all("option") if "selected" in it.attributes]
    assert chosen["value"] == POLE and chosen.text == "Pôle des microtechniques (3)"
    assert [it["label"] for it in page.all("optgroup")] == ["Étapes", "Personnes", "Organisations"]
    assert page.one("select")["name"] == "touches" and page.all("button")


def test_what_is_not_there_is_refused(client: FlaskClient) -> None:
    things = ("nowhere/x", "x", "<x>", "http://[", "a" * 500, "javascript:1")
    for path, thing in product(("/doubts", "/doubts.json"), things):
        response = client.get(path, query_string={"touches": thing})
        assert (response.status_code, "touches" in response.text) == (400, True), (path, thing)
    assert client.get("/doubts?page=2").status_code == 404


def test_tentative_facts_outside_any_question_stand_there(
    doubts: Page, store: EmbeddedStore
) -> None:
    page = doubts
    section = page.one("section", **{"aria-labelledby": "uncertain"})
    told = inside(page, section, "li")
    assert any("Télétravail" in it.text and "incertain" in it.text for it in told)
    assert all("passage" in it.text or "pourquoi" in it.text for it in told)
    assert not any("Mamhique portée par" in it.text for it in told)
    every = store.select(
        f"SELECT DISTINCT ?s ?p ?o {{ ?g a <{RN}AssertionSet> ; <{RN}certainty> <{RN}tentative> "
        "GRAPH ?g { ?s ?p ?o } }"
    )
    in_question = sum(
        "incertain" in it.text and "calculé" not in it.text
        for article in page.all("article")
        for it in inside(page, article, "li")
        if it["class"] != "preferred"
    )
    assert len(told) + in_question >= len(every.rows), "no tentative fact is left out"


def test_questions_that_say_little_or_something_hostile_are_shown_as_they_are(
    tmp_path: Path,
) -> None:
    hostile = "<script>alert(1)</script> \u202e" + "é" * 500
    odd = (Path(__file__).parent / "odd.trig").read_text("utf-8")
    store = store_of(document() + odd.replace('"HOSTILE"', json.dumps(hostile)), tmp_path)
    path = tmp_path / "essai.txt"
    path.write_bytes(TEXT.encode())
    texts = loaded(store, [SourceFile.read(path)])
    client = create_app(store, of_server=True, texts=texts).test_client()
    for lang in ("fr", "en"):
        answer = client.get(f"/doubts?lang={lang}")
        page = Page(answer.text)
        assert faults(page, lang) == []
        assert len(page.all("article")) == 3
        assert "<script>alert" not in answer.text and hostile[:30] in page.text
        assert "01 99" not in page.text and "[…]" in page.text
    assert client.get("/doubts.csv").status_code == 200


def test_of_many_questions_and_things_the_page_shows_some_and_says_so(
    client: FlaskClient, doubts: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(page: Page) -> list[str]:
        section = page.one("section", **{"aria-labelledby": "uncertain"})
        return [it.text for it in inside(page, section, "li")]

    monkeypatch.setattr("rallynov_graph.site.doubts.views.MOST_ON_PAGE", 4)
    monkeypatch.setattr("rallynov_graph.site.doubts.views.MOST_CHOICES", 2)
    monkeypatch.setattr("rallynov_graph.site.doubts.views.ON_A_PAGE", 5)
    page = read(client, "/doubts")
    assert len(page.all("article")) == 4
    assert "26 autres questions" in page.text and page.one("h1").text.startswith("30")
    bars = [int(rect["width"]) for rect in page.all("rect") if rect["height"] == "1"]
    assert sum(bars) == 30, "the bars are of all questions"
    assert "lecture retenue, avec sa raison" in page.text
    assert "n’ont pas de lecture retenue" not in page.text, "that is not known of all"
    values = [it["value"] for it in read(client, f"/doubts?touches={POLE}").all("option")]
    assert len(values) == 4 and values[-1] == POLE
    assert "stage/pole-des-microtechniques" in values, "six questions touch it"
    shown = told(page)
    while following := [a["href"] for a in page.all("a") if a["rel"] == "next"]:
        assert anchor(following[0]) == "uncertain"
        page = read(client, following[0])
        shown += told(page)
    assert shown == told(doubts)


def test_links_that_are_too_many_to_be_counted_are_not_said_to_be_none(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.rules.justifications.MOST", 3)
    page = read(create_app(store.pages(), release).test_client(), "/doubts")
    assert "ils ne sont pas comptés ici" in page.text
    assert "calculés tomberaient" not in page.text
