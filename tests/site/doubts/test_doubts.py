"""What stays open: by what depends on it, with its readings, its words and what hangs on it."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from made_up_carnet import TEXT, document, store_of
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.release.document_texts import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Element, Page, anchor, faults, read

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


def inside(page: Page, outer: Element, tag: str) -> list[Element]:
    """The elements of a tag within another, in order."""
    end = outer.end if outer.end is not None else len(outer.texts)
    return [it for it in page.all(tag) if outer.start <= it.start and (it.end or end) <= end]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_questions_stand_under_what_depends_on_them(client: FlaskClient, lang: str) -> None:
    page = read(client, f"/doubts?lang={lang}")
    assert faults(page, lang) == []
    found = {
        section["aria-labelledby"]: {named(it) for it in inside(page, section, "article")}
        for section in page.all("section")
    }
    assert {key: found.get(key) for key in CONSEQUENCES} == CONSEQUENCES
    assert page.one("h1").text.startswith("30 questions")


def test_each_bar_is_as_long_as_its_group_has_questions(client: FlaskClient) -> None:
    page = read(client, "/doubts")
    bars = [int(rect["width"]) for rect in page.all("rect") if rect["height"] == "1"]
    assert bars == [len(CONSEQUENCES[key]) for key in ("count", "links", "road", "words")]
    assert {svg["viewbox"] for svg in page.all("svg") if svg["viewbox"].endswith(" 1")} == {
        "0 0 11 1"
    }
    groups = ["#count", "#links", "#road", "#words"]
    assert [a["href"] for a in page.all("a") if a["href"] in groups] == groups
    narrowed = read(client, f"/doubts?touches={POLE}")
    assert "#road" not in [a["href"] for a in narrowed.all("a")], "there is nothing to go to"


def test_a_question_has_its_readings_the_preferred_one_with_its_reason(
    client: FlaskClient,
) -> None:
    page = read(client, "/doubts")
    mamhique = doubt(page, "porteur-mamhique")
    (readings,) = [it for it in inside(page, mamhique, "ul") if it["class"] == "readings"]
    first, *others = inside(page, readings, "li")
    assert first["class"] == "preferred"
    assert first.text.startswith("La Mutualité le porte. lecture retenue")
    assert "incertain" in first.text and "preuve" in first.text
    assert [it["class"] for it in others] == ["", ""]
    assert others[0].text.startswith("Des entreprises, qui le proposent à leurs salariés.")


def test_a_question_that_nobody_answers_has_no_preferred_reading(client: FlaskClient) -> None:
    page = read(client, "/doubts")
    pole = doubt(page, "temoins-du-pole")
    assert not [it for it in inside(page, pole, "li") if it["class"] == "preferred"]
    assert "Le graphe n’en retient aucun fait." in pole.text
    assert "12 questions n’ont pas de lecture retenue" in page.text


def test_a_question_names_the_things_it_touches_with_their_signs(client: FlaskClient) -> None:
    page = read(client, "/doubts")
    pole = doubt(page, "temoins-du-pole")
    (things,) = [it for it in inside(page, pole, "ul") if it["class"] == "things small"]
    signs = [it["class"] for it in inside(page, things, "span") if "shape" in it["class"]]
    assert signs == ["shape shape-organisation", *["shape shape-person"] * 3]
    links = [a["href"] for a in inside(page, pole, "a")]
    assert f"/page/{POLE}" in links and "/page/person/jose-monteiro" in links


def test_what_hangs_on_a_question_is_counted_and_shown(client: FlaskClient) -> None:
    """By another reading Mamhique is not the Mutualité's; nor are then its themes."""
    page = read(client, "/doubts")
    mamhique = doubt(page, "porteur-mamhique")
    assert "1 fait en dépend" in mamhique.text
    number = re.search(r"(\d+) liens calculés tomberaient", mamhique.text)
    assert number is not None
    links = [it.text for it in inside(page, mamhique, "li") if "calculé" in it.text]
    assert len(links) == int(number[1])
    for theme in ("Articulation des temps de vie", "Accueil des enfants"):
        assert any("liée au thème" in it and theme.casefold() in it.casefold() for it in links)
    assert not any("porte Mamhique" in it for it in links), "the converse says nothing more"


def test_no_fact_hangs_on_a_question_where_all_are_said_in_so_many_words(
    client: FlaskClient,
) -> None:
    page = read(client, "/doubts")
    assert "Le graphe n’en retient aucun fait." in doubt(page, "portee-des-paroles").text


def test_a_figure_in_question_stands_beside_what_is_counted(client: FlaskClient) -> None:
    told = read(client, "/doubts")
    assert "12 selon le carnet, 13 dans le graphe" in doubt(told, "douze-innovations").text
    assert "18 selon le carnet" in doubt(told, "dix-huit-temoins").text


def test_without_the_text_a_question_says_where_its_words_are(client: FlaskClient) -> None:
    page = read(client, "/doubts")
    mamhique = doubt(page, "porteur-mamhique")
    assert "Les mots en question : 2 passages" in mamhique.text
    assert "/page/passage/carnet-2-3442-3718" in [a["href"] for a in inside(page, mamhique, "a")]
    assert not page.all("blockquote")


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


def test_the_page_shows_all_whatever_the_reader_admits(client: FlaskClient) -> None:
    every, explicit = (read(client, f"/doubts{asked}") for asked in ("", "?certainty=explicit"))
    assert len(every.all("article")) == len(explicit.all("article")) == 30
    assert doubt(every, "eps-adomis").text == doubt(explicit, "eps-adomis").text
    (link,) = [a for a in explicit.all("a") if a.text.startswith("EPS et Adomis")]
    assert link["href"].endswith("?certainty=explicit")


@pytest.mark.parametrize(
    ("thing", "questions"),
    [
        (POLE, {"temoins-du-pole", "troisieme-etape", "porteurs-des-etapes"}),
        ("person/jose-monteiro", {"temoins-du-pole"}),
        ("stage/dole", {"contacts"}),
        (f"{ID}innovation/mamhique", {"porteur-mamhique", "titres-deplaces"}),
        ("organisation/legeni", set()),
    ],
)
def test_it_is_narrowed_to_what_touches_a_thing(
    client: FlaskClient, thing: str, questions: set[str]
) -> None:
    page = read(client, f"/doubts?touches={thing}")
    assert {named(it) for it in page.all("article")} == questions
    assert not questions or page.one("h1").text.startswith(str(len(questions)))
    rows = csv.DictReader(StringIO(client.get(f"/doubts.csv?touches={thing}").text))
    assert {row["question"].removeprefix(f"{ID}question/carnet-2-") for row in rows} == questions


def test_the_menu_names_stages_people_and_organisations(client: FlaskClient) -> None:
    page = read(client, f"/doubts?touches={POLE}")
    values = [it["value"] for it in page.all("option")]
    assert values[0] == "" and {it.partition("/")[0] for it in values[1:]} == {
        *("stage", "person", "organisation"),
    }
    (chosen,) = [it for it in page.all("option") if "selected" in it.attributes]
    assert chosen["value"] == POLE and chosen.text == "Pôle des microtechniques (3)"
    assert [it["label"] for it in page.all("optgroup")] == ["Étapes", "Personnes", "Organisations"]
    assert page.one("select")["name"] == "touches" and page.all("button")


def test_a_thing_that_is_not_there_is_refused(client: FlaskClient) -> None:
    things = ("nowhere/x", "x", "<x>", "http://[", "a" * 500, "javascript:1")
    for path, thing in product(("/doubts", "/doubts.json"), things):
        response = client.get(path, query_string={"touches": thing})
        assert (response.status_code, "touches" in response.text) == (400, True), (path, thing)


@pytest.mark.parametrize("asked", ["page=9", "page=2"])
def test_there_are_no_more_pages_than_facts(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/doubts?{asked}").status_code == 404


def test_tentative_facts_outside_any_question_stand_there(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    page = read(client, "/doubts")
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/open-questions", "/doubts"),
        ("/open-questions?lang=en", "/doubts?lang=en"),
        ("/open-questions.csv", "/doubts.csv"),
        ("/open-questions.json?lang=en", "/doubts.json?lang=en"),
        ("/open-questions.ttl", "/doubts.ttl"),
        ("/open-questions?certainty=explicit&lang=en", "/doubts?certainty=explicit&lang=en"),
    ],
)
def test_its_old_addresses_lead_there_for_good(client: FlaskClient, old: str, new: str) -> None:
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_its_files_have_what_they_had(client: FlaskClient) -> None:
    rows = [*csv.DictReader(StringIO(client.get("/doubts.csv").text))]
    assert [*rows[0]] == ["question", "about", "reading", "taken", "passage"]
    assert len({row["question"] for row in rows}) == 30
    told = json.loads(client.get("/doubts.json").text)
    assert told["head"]["vars"] == ["question", "about", "reading", "taken", "passage"]
    assert "rn:unsettles" in client.get("/doubts.ttl").text
    assert client.get("/doubts.docx").status_code == 404


def test_another_graph_has_no_doubts(tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text("<https://e.org/a> <https://e.org/b> <https://e.org/c> .")
    client = create_app(EmbeddedStore.of_files([path]).pages()).test_client()
    assert client.get("/doubts").status_code == 404
    assert client.get("/doubts.csv").status_code == 404


HOSTILE = "<script>alert(1)</script> \u202e" + "é" * 500


@pytest.fixture
def odd(tmp_path: Path) -> FlaskClient:
    """A made-up document with questions that say little, much, or something hostile."""
    more = f"""
    <{ID}graph/questions> a rn:CurationGraph .
    <{ID}question/bare> a rn:OpenQuestion .
    <{ID}question/hostile> a rn:OpenQuestion ; rdfs:label {json.dumps(HOSTILE)}@fr ;
        schema:about <{ID}organisation/x>, [] ; rn:unsettles rn:carriedBy, <https://e.org/else> ;
        rn:passage <{ID}passage/essai-numero>, <{ID}passage/nowhere> ;
        rn:reading <{ID}reading/a>, <{ID}reading/b> .
    <{ID}reading/a> a rn:Reading ; rdfs:label {json.dumps(HOSTILE)}@fr ; rn:takenIn :odd .
    <{ID}question/without-readings> a rn:OpenQuestion ; rdfs:label "Rien ?"@fr, "Nothing?"@en .
    :odd a rn:AssertionSet ; rn:certainty rn:tentative ; rn:passage <{ID}passage/essai-numero> ;
        rn:reason {json.dumps(HOSTILE)}@fr .
    :odd {{ <{ID}organisation/x> rn:carriedBy <{ID}organisation/y> ; rdfs:label "x" .
        [] rn:carriedBy <{ID}organisation/x> . }}
    """
    store = store_of(document() + more, tmp_path)
    path = tmp_path / "essai.txt"
    path.write_bytes(TEXT.encode())
    texts = loaded(store, [SourceFile.read(path)])
    return create_app(store, of_server=True, texts=texts).test_client()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_questions_that_say_little_or_something_hostile_are_shown_as_they_are(
    odd: FlaskClient, lang: str
) -> None:
    page = read(odd, f"/doubts?lang={lang}")
    assert faults(page, lang) == []
    assert len(page.all("article")) == 3
    assert "<script>alert" not in odd.get(f"/doubts?lang={lang}").text
    assert HOSTILE[:30] in page.text
    assert "01 99" not in page.text and "[…]" in page.text
    assert odd.get("/doubts.csv").status_code == 200


def test_of_many_questions_the_page_shows_some_and_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.doubts.page.MOST_ON_PAGE", 4)
    page = read(client, "/doubts")
    assert len(page.all("article")) == 4
    assert "26 questions de plus" in page.text and page.one("h1").text.startswith("30")
    bars = [int(rect["width"]) for rect in page.all("rect") if rect["height"] == "1"]
    assert sum(bars) == 30, "the bars are of all questions"
    assert "lecture retenue, avec sa raison" in page.text
    assert "n’ont pas de lecture retenue" not in page.text, "that is not known of all"


def test_of_many_things_the_menu_names_those_most_in_question(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.doubts.page.MOST_CHOICES", 2)
    page = read(client, f"/doubts?touches={POLE}")
    values = [it["value"] for it in page.all("option")]
    assert len(values) == 4 and values[-1] == POLE
    assert "stage/pole-des-microtechniques" in values, "six questions touch it"


def test_many_tentative_facts_come_in_pages(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("page", "tentative_facts"):
        monkeypatch.setattr(f"rallynov_graph.site.doubts.{module}.ON_A_PAGE", 5)
    shown: list[str] = []
    address: str | None = "/doubts"
    while address:
        page = read(client, address)
        section = page.one("section", **{"aria-labelledby": "uncertain"})
        shown += [it.text for it in inside(page, section, "li")]
        following = [a["href"] for a in page.all("a") if a["rel"] == "next"]
        address = following[0] if following else None
        assert address is None or anchor(address) == "uncertain"
    assert len(shown) == len(read_all(client))


def read_all(client: FlaskClient) -> list[Element]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("page", "tentative_facts"):
            patch.setattr(f"rallynov_graph.site.doubts.{module}.ON_A_PAGE", 500)
        page = read(client, "/doubts")
        return inside(page, page.one("section", **{"aria-labelledby": "uncertain"}), "li")


def test_links_that_are_too_many_to_be_counted_are_not_said_to_be_none(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.rules.dependents.MOST", 3)
    page = read(create_app(store.pages(), release).test_client(), "/doubts")
    assert "ils ne sont pas comptés ici" in page.text
    assert "calculés tomberaient" not in page.text
