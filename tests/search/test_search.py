"""Finding things by any of their names: in the index, on the page, for programs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release import finder
from rallynov_graph.release.release import Release
from rallynov_graph.search import index
from rallynov_graph.search.results import SearchAnswer
from rallynov_graph.search.searching import Index, Scope
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, is_built, read

RIFC = f"{ID}organisation/rifc"
MARKUP = "<script>alert(1)</script>"
HOSTILE = [
    '"',
    "'; DROP TABLE thing; --",
    "a OR b AND NOT c NEAR(d e) ^f g* -h {names} : i",
    "\0 \0gouvernance\0",
    MARKUP,
    "x" * 10_000,
    "gouvernance " * 1_000,
    "%00%ff",
    "*",
    "\ud800".encode("utf-8", "replace").decode(),
    "½ ² ﷺ ａ 漢字 עברית हिन्दी e\u0301",
    "".join(map(chr, range(0x10000, 0x10400))),
]


@pytest.fixture(scope="module")
def found(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    index.write(path, index.all_texts(store), index.all_classes(store))
    return Index(path)


def iris(answer: SearchAnswer) -> list[str]:
    return [hit.iri.removeprefix(ID) for hit in answer.hits]


# Words


# The index


SPELLINGS = [
    "RIFC",
    "rifc",
    "R.I.F.C.",
    "réseau innovation Franche-Comté",
    "RESEAU FRANCHE COMTE",
    "rés inn",
]


def test_an_organisation_is_found_by_its_acronym_and_its_full_name(found: Index) -> None:
    for text in SPELLINGS:
        assert iris(found.find(text, "fr"))[0] == "organisation/rifc"


FIRST = [
    ("legeni", "organisation/legeni"),
    ("Chambre régionale de l'économie sociale", "organisation/cress"),
    ("mamhique", "innovation/mamhique"),
    ("governance", "theme/gouvernance"),
    ("gouvernance", "theme/gouvernance"),
    ("bruno h", "person/bruno-herry"),
]


def test_what_bears_a_name_in_either_language_comes_first(found: Index) -> None:
    for text, first in FIRST:
        assert iris(found.find(text, "fr"))[0] == first


SLIPS = [
    ("gouvrenance", "gouvrenance", "gouvernance", "theme/gouvernance"),
    ("réseua innovation", "reseua", "réseau", "organisation/rifc"),
    ("ploe microtechniques", "ploe", "pôle", "organisation/pole-des-microtechniques"),
    ("inovatoin franche", "inovatoin", "innovation", "organisation/rifc"),
]


def test_a_slip_is_forgiven_and_told(found: Index) -> None:
    for text, word, taken, first in SLIPS:
        answer = found.find(text, "fr")
        assert iris(answer)[0] == first
        assert [(t.word, t.spellings) for t in answer.corrections] == [(word, (taken,))]


def test_where_nothing_has_all_words_some_will_do(found: Index) -> None:
    answer = found.find("legeni gouvernance", "fr")
    assert answer.is_partial
    assert {"organisation/legeni", "theme/gouvernance"} <= {*iris(answer)}


def test_a_word_that_is_nowhere_is_told_and_the_others_are_looked_for(found: Index) -> None:
    answer = found.find("legeni xyzzyx", "fr")
    assert iris(answer)[0] == "organisation/legeni"
    assert [(t.word, t.spellings) for t in answer.corrections] == [("xyzzyx", ())]


def test_one_kind_alone_can_be_looked_for(found: Index) -> None:
    answer = found.find("a", "fr", Scope("person", 500))
    assert answer.hits
    assert {hit.kind for hit in answer.hits} == {"person"}
    assert found.find("a", "fr", Scope("no such kind")).hits == ()


hostile = st.one_of(st.sampled_from(HOSTILE), strategies.texts)


@given(text=hostile)
def test_nothing_that_is_written_is_more_than_words(found: Index, text: str) -> None:
    assert isinstance(found.find(text, "fr"), SearchAnswer)
    assert isinstance(found.alike(text), tuple)


def test_the_same_texts_make_the_same_index(store: EmbeddedStore, tmp_path: Path) -> None:
    given = [*index.all_texts(store)], [*index.all_classes(store)]
    index.write(tmp_path / "one", *given)
    index.write(tmp_path / "two", reversed(given[0]), reversed(given[1]))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


# Where it is


def only(folder: Path) -> Path:
    (made,) = folder.glob("search-*/index.sqlite")
    return made


def test_an_index_that_goes_bad_while_it_is_used_is_made_again(
    store: EmbeddedStore, release: Release
) -> None:
    client = create_app(store, release).test_client()
    assert client.get("/search?q=rifc").status_code == 200
    path = only(release.path)
    whole = path.read_bytes()
    path.write_bytes(b"no database" * 1000)
    assert "Gouvernance" in read(client, "/search?q=gouvernance").text
    assert path.read_bytes() == whole


def test_without_a_place_for_an_index_the_graph_is_searched_without(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(index, "write", full)
    monkeypatch.setattr(finder, "name", lambda _: "search-nowhere")
    page = read(create_app(store, release).test_client(), "/search?q=rifc")
    assert "Recherche simple" in page.text
    assert "RIFC" in page.text


# The page


def test_the_page_says_why_a_thing_was_found_and_who_says_so(client: FlaskClient) -> None:
    page = read(client, "/search?q=r%C3%A9seau+innovation")
    assert faults(page, "fr") == []
    assert [mark.text for mark in page.all("mark")] == ["Réseau", "Innovation"]
    assert "tel qu’imprimé" in page.text
    assert page.all("a", href="/page/organisation/rifc")
    (link,) = [a for a in page.all("a") if a.text.startswith("passage")]
    assert link["href"].startswith("/page/passage/carnet-2-")


def test_results_are_one_list_of_things_and_questions_then_the_terms(client: FlaskClient) -> None:
    page = read(client, "/search?q=governance&lang=en")
    assert faults(page, "en") == []
    results = " ".join(page.one("ol", **{"class": "plain ruled results"}).text.split())
    assert results.startswith("Governance theme") and "? — Governance question" in results
    assert next(a["href"] for a in page.all("a") if a.text == "Themes").endswith(
        "kind=theme&lang=en"
    )
    headings = [h.text for h in read(client, "/search?q=theme&lang=en").all("h2")]
    assert headings[:1] == ["Terms of the vocabulary"]
    (query,) = [a["href"] for a in page.all("a") if a["href"].startswith("/sparql?query=")]
    assert "governance" in read(client, query).one("textarea").text


def test_a_slip_is_told_on_the_page(client: FlaskClient) -> None:
    page = read(client, "/search?q=gouvrenance")
    assert "gouvrenance" in page.text and "Cherché à la place : gouvernance" in " ".join(
        page.text.replace("\N{NARROW NO-BREAK SPACE}", " ").split()
    )


def test_nothing_found_says_what_was_understood_and_what_is_near(client: FlaskClient) -> None:
    page = read(client, "/search?q=gouvernancielle")
    assert "gouvernancielle » n’est nulle part dans le graphe" in page.text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    near = [a for a in page.all("a") if a["href"].startswith("/search?q=gouvernance")]
    assert near


def test_where_nothing_is_found_there_is_nothing_to_cite_or_to_export(client: FlaskClient) -> None:
    for query in ("", "?q=xyzzy", "?q=legeni&kind=stage"):
        page = read(client, f"/search{query}")
        assert faults(page, "fr") == []
        offered = ("/cite/", "/search.csv", "/search.ttl")
        assert not [a for a in page.all("a") if any(it in a["href"] for it in offered)]
        assert client.get(f"/cite/search.bib{query}").status_code == 404


def test_what_was_written_stays_in_the_box(client: FlaskClient) -> None:
    page = read(client, f"/search?q={quote(MARKUP)}")
    assert page.one("input", id="find-box")["value"] == MARKUP
    assert all(is_built(script) for script in page.all("script"))
    assert read(client, "/page/stage/nowhere", 404).one("input", id="find-box")["type"] == "search"


@settings(max_examples=30)
@given(text=hostile)
def test_hostile_words_are_words(site: Flask, text: str) -> None:
    client = site.test_client()
    for path in ("/search", "/search.json", "/suggest.json"):
        answer = client.get(f"{path}?q={quote(text)}")
        assert answer.status_code == 200
        assert MARKUP not in answer.text or answer.mimetype == "application/json"


# For programs


def test_programs_get_the_rows_of_the_page(client: FlaskClient) -> None:
    (row,) = client.get("/search.json?q=rifc").json
    assert (row["thing"], row["kind"], row["text"]) == (RIFC, "organisation", "RIFC")


def test_suggestions_are_few_and_lead_somewhere(client: FlaskClient) -> None:
    for text in ("porte", "date", "lieu", "originale"):
        given = client.get(f"/suggest.json?q={text}").json["suggestions"]
        assert given and not [it for it in given if ":" in it["of_kind"]]
    given = client.get("/suggest.json?q=e&lang=en").json
    assert 0 < len(given["suggestions"]) <= 10
    for one in given["suggestions"]:
        assert {"label", "kind", "address"} <= {*one}
    (rifc,) = client.get("/suggest.json?q=reseau+innov").json["suggestions"]
    assert (rifc["label"], rifc["found"]) == ("RIFC", "Réseau Innovation Franche-Comté")


# Other graphs


SHIPS = """\
@prefix ex: <https://example.org/ns#> .
@prefix d: <https://example.org/d/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Ship a rdfs:Class ; rdfs:label "navire"@fr, "ship"@en .
d:a a ex:Ship ; rdfs:label "Cœur de l’océan" ; rdfs:comment "Un vapeur." .
d:GreatEastern a ex:Ship .
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    file = tmp_path_factory.mktemp("foreign") / "ships.ttl"
    file.write_text(SHIPS, "utf-8")
    app = create_app(EmbeddedStore.of_files([file]).pages())
    app.testing = True
    return app.test_client()


def test_somebody_elses_things_are_found_by_names_and_addresses(foreign: FlaskClient) -> None:
    for text in ("coeur", "océan", "ocaen", "vapeur", "great eastern", "ship"):
        page = read(foreign, f"/search?q={quote(text)}")
        assert faults(page, "fr") == []
        assert page.all("mark")


def test_a_server_that_has_no_index_is_searched_plainly_and_that_is_said(
    store: EmbeddedStore,
) -> None:
    client = create_app(store, of_server=True).test_client()
    page = read(client, "/search?q=R%C3%89SEAU+innovation")
    assert faults(page, "fr") == []
    assert "Recherche simple" in page.text
    assert page.all("a", href="/page/organisation/rifc")
    assert client.get("/suggest.json?q=gouv").json["suggestions"]
    for text in HOSTILE:
        assert client.get(f"/search?q={quote(text)}").status_code == 200
