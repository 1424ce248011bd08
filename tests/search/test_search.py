"""Finding things by any of their names: in the index, on the page, for programs."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

import strategies
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import search_queries_dir
from rallynov_graph.matching import slips
from rallynov_graph.matching.words import TextPiece, marked, plain_words, search_words
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release import search_file
from rallynov_graph.release.release import Release
from rallynov_graph.search import index, names_and_texts
from rallynov_graph.search.results import SearchAnswer
from rallynov_graph.search.searching import MOST_FOUND, MOST_WORDS, Index, Scope
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, is_built, read

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
    index.write(path, names_and_texts.all_texts(store), names_and_texts.all_classes(store))
    return Index(path)


def iris(answer: SearchAnswer) -> list[str]:
    return [hit.iri.removeprefix(ID) for hit in answer.hits]


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Réseau Innovation Franche-Comté", ["reseau", "innovation", "franche", "comte"]),
        ("le R.I.F.C. et la C.R.E.S.S", ["le", "rifc", "et", "la", "cress"]),
        ("Cœur, BŒUF", ["coeur", "boeuf"]),
        ("e\u0301te\u0301 ÉTÉ", ["ete", "ete"]),
        ("", []),
        ("?!…", []),
    ],
)
def test_words_are_compared_without_accents_case_and_dots(text: str, expected: list[str]) -> None:
    assert plain_words(text) == expected


def test_an_elided_article_is_no_word_to_search_for() -> None:
    assert search_words("l’économie d'énergie qu’elle") == ("economie", "energie", "elle")
    assert search_words("l'") == ("l",)


def test_the_words_that_were_found_are_marked_where_they_stand() -> None:
    pieces = marked("Le réseau, R.É.S.", lambda word: word in ("reseau", "res"))
    assert pieces == (
        TextPiece("Le "),
        TextPiece("réseau", True),
        TextPiece(", "),
        TextPiece("R.É.S.", True),
    )


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("vesoul", "vesoul", 0),
        ("vesoul", "vesuol", 1),
        ("vesoul", "vesol", 1),
        ("vesoul", "vessoul", 1),
        ("vesoul", "besoul", 1),
        ("innovation", "inovatoin", 2),
        ("abc", "cab", 2),
        ("ab", "ba", 1),
    ],
)
def test_slips_are_counted_as_people_make_them(one: str, other: str, far: int) -> None:
    assert slips.distance(one, other, 2) == slips.distance(other, one, 2) == far
    assert slips.distance(one, "something else", 2) > 2


# The index


@pytest.mark.parametrize(
    "text",
    [
        "RIFC",
        "rifc",
        "R.I.F.C.",
        "réseau innovation Franche-Comté",
        "RESEAU FRANCHE COMTE",
        "rés inn",
    ],
)
def test_an_organisation_is_found_by_its_acronym_and_its_full_name(found: Index, text: str) -> None:
    assert iris(found.find(text, "fr"))[0] == "organisation/rifc"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("legeni", "organisation/legeni"),
        ("Chambre régionale de l'économie sociale", "organisation/cress"),
        ("mamhique", "innovation/mamhique"),
        ("governance", "theme/gouvernance"),
        ("gouvernance", "theme/gouvernance"),
        ("bruno h", "person/bruno-herry"),
    ],
)
def test_what_bears_a_name_in_either_language_comes_first(
    found: Index, text: str, first: str
) -> None:
    assert iris(found.find(text, "fr"))[0] == first


@pytest.mark.parametrize(
    ("text", "word", "taken", "first"),
    [
        ("gouvrenance", "gouvrenance", "gouvernance", "theme/gouvernance"),
        ("réseua innovation", "reseua", "réseau", "organisation/rifc"),
        ("inovatoin franche", "inovatoin", "innovation", "organisation/rifc"),
    ],
)
def test_a_slip_is_forgiven_and_told(
    found: Index, text: str, word: str, taken: str, first: str
) -> None:
    answer = found.find(text, "fr")
    assert iris(answer)[0] == first
    assert [(t.word, t.spellings) for t in answer.corrections] == [(word, (taken,))]


def test_a_short_word_or_a_number_is_taken_as_it_is(found: Index) -> None:
    assert found.find("bgf", "fr").hits == ()
    assert found.find("2914", "fr").hits == ()


def test_definitions_are_found_after_names(found: Index) -> None:
    roles = [hit.reasons[0].role for hit in found.find("organisation", "fr").hits]
    assert {"name", "description"} <= {*roles}
    assert roles[0] == "name"


def test_what_only_tells_where_a_fact_comes_from_is_not_found(found: Index) -> None:
    assert not {*found.kinds()} & names_and_texts.EVIDENCE
    assert found.kinds()["stage"] == 9
    assert found.kinds()["term"] > 50


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


def test_an_answer_has_an_end(found: Index) -> None:
    answer = found.find("e", "fr")
    assert len(answer.hits) <= MOST_FOUND
    assert len(found.find(" ".join(f"mot{n}" for n in range(99))).words) == MOST_WORDS


hostile = st.one_of(st.sampled_from(HOSTILE), strategies.texts)


@given(text=hostile)
def test_nothing_that_is_written_is_more_than_words(found: Index, text: str) -> None:
    assert isinstance(found.find(text, "fr"), SearchAnswer)
    assert isinstance(found.alike(text), tuple)


@pytest.mark.usefixtures("uncounted")
def test_the_index_takes_every_letter_and_digit_as_our_words_do(found: Index) -> None:
    signs = [chr(n) for n in range(0x80, 0x30000) if chr(n).isalnum()]
    for start in range(0, len(signs), MOST_WORDS):
        found.find(" ".join(f"a{sign}b" for sign in signs[start : start + MOST_WORDS]))


def test_the_same_texts_make_the_same_index(store: EmbeddedStore, tmp_path: Path) -> None:
    given = [*names_and_texts.all_texts(store)], [*names_and_texts.all_classes(store)]
    index.write(tmp_path / "one", *given)
    index.write(tmp_path / "two", reversed(given[0]), reversed(given[1]))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_forked_process_reads_the_index_for_itself(found: Index) -> None:
    assert found.find("rifc").hits
    pid = os.fork()
    if not pid:
        os._exit(0 if iris(found.find("rifc")) == ["organisation/rifc"] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


# Where it is


def only(folder: Path) -> Path:
    (made,) = folder.glob("search-*/index.sqlite")
    return made


def test_the_index_lies_beside_its_release_and_is_made_once(
    store: EmbeddedStore, release: Release
) -> None:
    assert search_file.SearchIndexFile(store, release).index() is not None
    before = only(release.path).stat().st_mtime_ns
    assert search_file.SearchIndexFile(store, release).index() is not None
    assert only(release.path).stat().st_mtime_ns == before


def test_a_file_that_is_gone_is_an_error_and_leaves_nothing_to_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: ignored.append(str(error.exc_value)))
    with pytest.raises(sqlite3.OperationalError):
        Index(tmp_path / "gone.sqlite").kinds()
    assert ignored == []


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_damaged_index_is_made_again(store: EmbeddedStore, release: Release, harm: str) -> None:
    search_file.SearchIndexFile(store, release).prepare()
    path = only(release.path)
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:5000] if harm == "cut" else whole[:-9] + b"x" * 9)
    again = search_file.SearchIndexFile(store, release).index()
    assert again is not None and again.find("rifc").hits
    assert only(release.path).read_bytes() == whole


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
    monkeypatch.setattr(search_file, "name", lambda _: "search-nowhere")
    page = read(create_app(store, release).test_client(), "/search?q=rifc")
    assert "Recherche simple" in page.text
    assert "RIFC" in page.text


def test_the_index_of_a_large_graph_is_made_while_others_read(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_file, "SMALL", 10)
    monkeypatch.setattr(search_file, "name", lambda _: "search-large")
    client = create_app(store, release).test_client()
    first = client.get("/search?q=rifc")
    assert "Recherche simple" in first.text and "ETag" not in first.headers
    for _ in range(200):
        answer = client.get("/search?q=rifc")
        if "Recherche simple" not in answer.text:
            break
        time.sleep(0.05)
    assert "ETag" in answer.headers
    assert "RIFC" in Page(answer.text).text


def test_a_graph_without_a_release_leaves_no_folder_behind() -> None:
    made = search_file.SearchIndexFile(EmbeddedStore.of_quads(()))
    found = made.index()
    assert found is not None
    folder = found.path.parent.parent
    assert folder.is_dir()
    made.remove_temporary()
    assert not folder.exists()


def test_what_a_killed_server_left_is_taken_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(search_file.tempfile, "gettempdir", lambda: str(tmp_path))
    left = tmp_path / "rallynov-search-left"
    left.mkdir()
    (left / "held").touch()
    made = search_file.SearchIndexFile(EmbeddedStore.of_quads(()))
    made.prepare()
    assert not left.exists()
    made.remove_temporary()


# The page


def test_the_page_says_why_a_thing_was_found_and_who_says_so(client: FlaskClient) -> None:
    page = read(client, "/search?q=r%C3%A9seau+innovation")
    assert faults(page, "fr") == []
    assert [mark.text for mark in page.all("mark")] == ["Réseau", "Innovation"]
    assert "tel qu’imprimé" in page.text
    assert page.all("a", href="/page/organisation/rifc")
    (link,) = [a for a in page.all("a") if a.text.startswith("passage")]
    assert link["href"].startswith("/page/passage/carnet-2-")


def test_results_stand_by_kind(client: FlaskClient) -> None:
    page = read(client, "/search?q=vesoul")
    headings = [h.text for h in page.all("h2")]
    assert headings[:1] == ["Étapes"]
    assert "Lieux" in headings


def test_the_page_is_english_for_english_readers(client: FlaskClient) -> None:
    page = read(client, "/search?q=governance&lang=en")
    assert faults(page, "en") == []
    assert "Themes" in [h.text for h in page.all("h2")]
    (other,) = page.all("a", hreflang="fr")
    assert other["href"] == "/search?q=governance"
    assert page.one("input", name="lang")["value"] == "en"


def test_a_slip_is_told_on_the_page(client: FlaskClient) -> None:
    page = read(client, "/search?q=gouvrenance")
    assert "gouvrenance" in page.text and "on a cherché : gouvernance" in " ".join(
        page.text.replace("\N{NARROW NO-BREAK SPACE}", " ").split()
    )


def test_nothing_found_says_what_was_understood_and_what_is_near(client: FlaskClient) -> None:
    page = read(client, "/search?q=gouvernancielle")
    assert "Rien de tel" in page.text
    assert [s.text for s in page.all("strong") if "main" in s.inside] == ["gouvernancielle"]
    near = [a for a in page.all("a") if a["href"].startswith("/search?q=gouvernance")]
    assert near


@pytest.mark.parametrize("query", ["", "?q=xyzzy", "?q=legeni&kind=stage"])
def test_where_nothing_is_found_there_is_nothing_to_cite_or_to_export(
    client: FlaskClient, query: str
) -> None:
    page = read(client, f"/search{query}")
    assert faults(page, "fr") == []
    offered = ("/cite/", "/search.csv", "/search.ttl", "#cite")
    assert not [a for a in page.all("a") if any(it in a["href"] for it in offered)]
    assert client.get(f"/cite/search.bib{query}").status_code == 404


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=+%3F!"])
def test_without_a_word_the_page_explains_itself(client: FlaskClient, address: str) -> None:
    page = read(client, address)
    assert faults(page, "fr") == []
    assert "accents" in page.text


@pytest.mark.parametrize("address", ["/", "/list/stage", "/page/stage/vesoul", "/search?lang=en"])
def test_the_box_is_on_every_page(client: FlaskClient, address: str) -> None:
    form = read(client, address).one("form", role="search")
    assert form["action"].partition("?")[0] == "/search"


def test_the_box_is_on_the_page_of_an_error(client: FlaskClient) -> None:
    page = read(client, "/page/stage/nowhere", 404)
    assert page.one("label", **{"for": "find-box"}).text == "Chercher dans le graphe"
    assert page.one("input", id="find-box")["type"] == "search"


def test_what_was_written_stays_in_the_box(client: FlaskClient) -> None:
    page = read(client, f"/search?q={quote(MARKUP)}")
    assert page.one("input", id="find-box")["value"] == MARKUP
    assert all(is_built(script) for script in page.all("script"))


@settings(max_examples=30)
@given(text=hostile)
def test_hostile_words_are_words(site: Flask, text: str) -> None:
    client = site.test_client()
    for path in ("/search", "/search.json", "/suggest.json"):
        answer = client.get(f"{path}?q={quote(text)}")
        assert answer.status_code == 200
        assert MARKUP not in answer.text or answer.mimetype == "application/json"


def test_a_page_of_results_that_is_not_there_is_a_page_of_its_error(client: FlaskClient) -> None:
    for asked, status in (("q=rifc&page=0", 400), ("q=rifc&page=2", 404)):
        assert faults(read(client, f"/search?{asked}", status), "fr") == []


def test_all_of_a_kind_stand_on_pages(client: FlaskClient) -> None:
    first = read(client, "/search?q=c&kind=occurrence")
    assert faults(first, "fr") == []
    assert [it.text for it in first.all("h2")][1:] == ["Citer"]


# For programs


def test_programs_get_the_same_answer(client: FlaskClient) -> None:
    asked_for = client.get("/search?q=rifc", headers={"Accept": "application/json"})
    by_suffix = client.get("/search.json?q=rifc")
    assert asked_for.json == by_suffix.json
    assert "Accept" in asked_for.headers["Vary"]
    (result,) = by_suffix.json["results"]
    assert (result["iri"], result["kind"], result["address"]) == (
        RIFC,
        "organisation",
        "/page/organisation/rifc",
    )
    assert result["because"][0]["marked"] == ["RIFC"]
    assert client.get("/search?q=x", headers={"Accept": "image/png"}).status_code == 406


def test_things_of_one_name_are_told_apart(client: FlaskClient) -> None:
    found = read(client, "/search?q=gouvernance&kind=occurrence")
    alike = [e.text for e in found.all("li") if e.text.startswith("gouvernance")]
    assert len(alike) == len({*alike}) == 3
    assert not read(client, "/search?q=legeni").one("main").text.count("organisation/legeni")


def test_a_name_is_not_suggested_a_second_time_for_its_spaces(client: FlaskClient) -> None:
    given = client.get("/suggest.json?q=originale").json["suggestions"]
    (question,) = [it for it in given if it["kind"] == "question"]
    assert question["found"] == question["label"]
    assert "\N{NARROW NO-BREAK SPACE}" in question["label"]


def test_a_suggestion_names_its_kind_in_words_or_not_at_all(client: FlaskClient) -> None:
    for text in ("porte", "date", "lieu"):
        given = client.get(f"/suggest.json?q={text}").json["suggestions"]
        assert {"term"} <= {it["kind"] for it in given}
        assert not [it for it in given if ":" in it["of_kind"]]


def test_suggestions_are_few_and_lead_somewhere(client: FlaskClient) -> None:
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


@pytest.mark.parametrize("text", ["coeur", "océan", "ocaen", "vapeur", "great eastern", "ship"])
def test_somebody_elses_things_are_found_by_names_and_addresses(
    foreign: FlaskClient, text: str
) -> None:
    page = read(foreign, f"/search?q={quote(text)}")
    assert faults(page, "fr") == []
    assert page.all("mark")


def test_somebody_elses_things_stand_by_class(foreign: FlaskClient) -> None:
    page = read(foreign, "/search?q=coeur&lang=en")
    assert [h.text for h in page.all("h2")] == ["ship"]


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


def test_the_query_of_the_page_finds_the_thing_too(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    page = read(client, "/search?q=legeni")
    (link,) = [a for a in page.all("a") if a["href"].startswith("/sparql?query=")]
    shown = read(client, link["href"]).one("textarea").text
    assert "legeni" in shown and "#+" not in shown


def test_the_queries_of_the_search_are_plain_sparql() -> None:
    import rdflib

    ships = rdflib.Graph().parse(data=SHIPS, format="turtle")
    asked_for = PageQueries(EmbeddedStore.of_quads(()), load(search_queries_dir()))
    named = ships.query(asked_for.text("things_named", word=Literal("coeur")))
    assert [str(row.thing) for row in named] == ["https://example.org/d/a"]
    assert len(ships.query(asked_for.text("texts")).graph) == 4
    assert len(ships.query(asked_for.text("classes_of_things")).graph) == 3
