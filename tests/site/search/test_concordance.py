"""The search in the texts of documents: each place of a word, with what was read there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from made_up_carnet import MAIL, PHONE, TEXT, document, store_of
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.documents import NO_TEXTS, SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.search.concordance import LINES
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

MORE = f"{TEXT} Un *métier* : les\nmétiers."
VOICE = f"""
    <{ID}assertion-set/cite> a rn:AssertionSet ; rdfs:label "cite" ; rn:certainty rn:explicit ;
        rn:voice <{ID}person/anne> ; rn:passage <{ID}passage/essai-elan> .
    <{ID}person/anne> a <http://xmlns.com/foaf/0.1/Person> .
    GRAPH <{ID}assertion-set/cite> {{ <{ID}person/anne> rdfs:comment "élan" }}
"""


def site_of(text: str, folder: Path, more: str = "", with_text: bool = True) -> FlaskClient:
    store = store_of(document(text) + more, folder)
    path = folder / "essai.txt"
    path.write_bytes(text.encode())
    texts = loaded(store, [SourceFile.read(path)]) if with_text else NO_TEXTS
    return create_app(store, of_server=True, texts=texts).test_client()


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site of the made-up document, its text given."""
    return site_of(MORE, tmp_path_factory.mktemp("beside"), VOICE)


def section(page: Page) -> Element:
    (found,) = [it for it in page.all("section") if it["aria-labelledby"] == "in-texts"]
    return found


def lines(page: Page) -> list[str]:
    return [it.text for it in page.all("p") if it["class"] == "line"]


def test_each_place_is_a_line_with_the_words_around_it_after_the_things(
    beside: FlaskClient,
) -> None:
    for lang in ("fr", "en"):
        page = read(beside, f"/search?q=METIER&lang={lang}")
        assert faults(page, lang) == []
        first, second = lines(page)
        assert "Un métier : les métiers." in first and "Un métier : les métiers." in second
        assert [it.text for it in page.all("mark")] == ["métier", "métiers"]
    page = read(beside, "/search?q=anne")
    titles = [it.text for it in page.all("h2")]
    assert lines(page) and lines(read(beside, "/search?q=anne&kind=person")) == []
    assert titles == ["Dans les textes"] and page.one("ol", **{"class": "plain ruled results"})
    assert [a["href"] for a in page.all("a") if "dans les textes" in a.text] == ["#in-texts"]


def test_a_line_leads_to_its_place_and_says_who_speaks_and_what_was_read(
    beside: FlaskClient,
) -> None:
    page = read(beside, "/search?q=elan")
    (link,) = [a for a in page.all("a") if a["href"].startswith("/carnet/")]
    address, _, anchor = link["href"].partition("#")
    assert address == "/carnet/essai" and "Essai, un" in link.text
    assert anchor in {it["id"] for it in read(beside, address).elements}
    text = section(page).text
    assert "selon anne" in text.lower() and "élan" in text and "explicite" in text
    assert "pas encore lu" not in text
    asked = ("/search?q=parle", "/search?q=parle&certainty=explicit")
    every, sure = (section(read(beside, it)).text for it in asked)
    assert "présente" in every and "déduit" in every
    assert "présente" not in sure and "1 fait moins sûr" in sure


def test_what_no_passage_covers_is_not_yet_read(tmp_path: Path) -> None:
    client = site_of(f"{TEXT} Plus tard.", tmp_path)
    text = section(read(client, "/search?q=parle")).text
    assert "présente" in text and "pas encore lu" not in text
    text = section(read(client, "/search?q=tard")).text
    assert "pas encore lu" not in text and "Rien que des coordonnées." in text
    unsaid = document(f"{TEXT} Plus tard.").replace("rn:noFactReason", "rdfs:comment")
    store = store_of(unsaid, tmp_path)
    texts = loaded(store, [SourceFile.read(tmp_path / "essai.txt")])
    other = create_app(store, of_server=True, texts=texts).test_client()
    assert "pas encore lu" in section(read(other, "/search?q=tard")).text
    assert "not yet read" in section(read(other, "/search?q=tard&lang=en")).text


def test_words_of_a_text_are_kept_nowhere(beside: FlaskClient) -> None:
    for path in ("/search", "/search/occurrences.csv", "/search/occurrences.json"):
        headers = beside.get(f"{path}?q=metier").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Access-Control-Allow-Origin"] == "http://localhost"
        assert "noindex" in headers["X-Robots-Tag"]


def test_what_is_private_is_neither_found_nor_shown(beside: FlaskClient) -> None:
    for word in (PHONE, PHONE[:5], MAIL.partition("@")[2], "12"):
        assert lines(read(beside, f"/search?q={word}")) == []
    (line,) = lines(read(beside, "/search?q=tel"))
    assert "[…] ou […]" in line and PHONE[-5:] not in line and "example" not in line


def test_without_the_text_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    alone = site_of(MORE, tmp_path, VOICE, with_text=False)
    answer = alone.get("/search?q=metier")
    page = Page(answer.text)
    assert lines(page) == [] and "métier" not in answer.text
    assert "cherchez les mots dans votre exemplaire" in page.text
    assert "rallynov serve" not in page.text
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert alone.get("/search/occurrences.csv?q=metier").status_code == 404


def test_a_file_has_the_same_lines(beside: FlaskClient) -> None:
    (row,) = csv.DictReader(beside.get("/search/occurrences.csv?q=elan").text.splitlines())
    assert (row["words"], row["start"], row["end"]) == ("Élan", "0", "4")
    assert row["document"] == f"{ID}document/essai" and row["part"] == f"{ID}part/un"
    assert row["voices"] == f"{ID}person/anne" and row["passages"] == f"{ID}passage/essai-elan"
    assert row["sets"] == f"{ID}assertion-set/cite" and row["is_read"] == "true"
    first, second = beside.get("/search/occurrences.json?q=metiers").json or ()
    assert (first["words"], second["words"]) == ("métier", "métiers")
    assert not first["passages"] and first["is_read"], "why nothing was taken is said"
    assert beside.get("/search/occurrences.exe?q=elan").status_code == 404


def test_many_lines_are_shown_page_by_page_and_all_of_a_text_is_text(tmp_path: Path) -> None:
    hostile = " שלום <script>alert(1)</script> \u202e"
    client = site_of(TEXT + hostile + " métier." * (2 * LINES + 1), tmp_path)
    page = read(client, "/search?q=metier")
    assert len(lines(page)) == LINES and f"{2 * LINES + 1} occurrences" in page.text
    (following,) = [a["href"] for a in page.all("a") if a["rel"] == "next"]
    assert following == "/search?q=metier&page=2#in-texts"
    last = read(client, "/search?q=metier&page=3")
    assert len(lines(last)) == 1 and faults(last, "fr") == []
    assert [it["start"] for it in last.all("ol") if it["start"]] == [str(2 * LINES + 1)]
    assert client.get("/search?q=metier&page=4").status_code == 404
    assert client.get("/search?q=metier&page=x").status_code == 400
    page = read(client, "/search?q=שלום")
    (line,) = [it for it in page.all("p") if it["class"] == "line"]
    assert line["dir"] == "auto" and "<script>alert(1)</script>" in line.text
    assert faults(page, "fr") == []


def test_the_search_says_in_one_sentence_what_it_found_or_could_not(beside: FlaskClient) -> None:
    for text, sentence in (
        ("fin metiers", "Chaque ligne contient tous ces mots."),
        ("metier licorne", "n’est pas dans les textes"),
        ("metier", "Aucun élément ne porte ce nom"),
        ("le de", "Ces mots sont trop courants"),
        ("…!?", "ni lettre ni chiffre"),
        ("métier " * 60, "Le texte était très long"),
        ("x" * 400, "Le texte n’a aucun de ces mots"),
        ("שלום \u202e<i>", "Le texte n’a aucun de ces mots"),
        ("\x00métier", "2 occurrences."),
    ):
        response = beside.get("/search", query_string={"q": text})
        page = Page(response.text)
        assert response.status_code == 200 and faults(page, "fr") == []
        assert page.text.count(sentence) == 1, text


def test_every_place_of_a_word_in_the_carnet_is_a_line_with_its_facts(
    store: EmbeddedStore, release: Release, source_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_bytes(source_text.encode())
    texts = loaded(store, [SourceFile.read(path)])
    client = create_app(store.pages(), release, texts=texts).test_client()
    page = read(client, "/search?q=innovations")
    assert faults(page, "fr") == []
    assert len(lines(page)) == source_text.lower().count("innovation")
    rows = client.get("/search/occurrences.json?q=innovation").json or ()
    assert [source_text[row["start"] : row["end"]].lower()[:10] for row in rows] == [
        "innovation"
    ] * len(rows)
    assert all(row["is_read"] for row in rows)
    links = {a["href"] for a in page.all("a") if a["href"].startswith("/carnet/carnet-2")}
    notes = [a for a in page.all("a") if a["class"] == "evidence"]
    assert len(notes) >= len(lines(page)), "each fact leads to its evidence"
    assert client.get(notes[0]["href"]).status_code == 200
    pages = {href.partition("#")[0] for href in links}
    targets = {f"{at}#{it['id']}" for at in pages for it in read(client, at).elements if it["id"]}
    assert links and links <= targets, "each line leads to where it is read"
    english = read(client, "/search?q=innovation&lang=en")
    assert faults(english, "en") == []
    assert {it["lang"] for it in english.all("p") if it["class"] == "line"} == {"fr"}
