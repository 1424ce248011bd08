"""A reading is tried on the page of doubts: what comes, what goes, what is counted."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release import what_if
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.links.organisations_and_themes import link_counts
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, inside, read

READING = "reading/carnet-2-"
POLE = f"{READING}troisieme-etape-2"


def panel(page: Page) -> Element:
    return page.one("section", id="tried")


def effect_of(page: Page, question: str, reading: str) -> Element:
    article = page.one("article", id=f"carnet-2-{question}")
    (found,) = [it for it in inside(page, article, "li") if it.text.startswith(reading)]
    return found


def trial(client: FlaskClient, reading: str) -> list[dict[str, str]]:
    return [*csv.DictReader(StringIO(client.get(f"/doubts.csv?try={READING}{reading}").text))]


def short(iri: str) -> str:
    return iri.removeprefix(ID).replace("#", "/").rpartition("/")[2]


def test_each_other_reading_says_what_it_changes_and_can_be_tried(client: FlaskClient) -> None:
    assert faults(read(client, f"/doubts?lang=en&try={POLE}"), "en") == []
    page = read(client, f"/doubts?try={POLE}")
    assert faults(page, "fr") == []
    eps = effect_of(page, "eps-adomis", "Ce sont deux entreprises.")
    assert "18 → devient 19 organisations" in eps.text
    (link,) = [a for a in inside(page, eps, "a") if a.text.startswith("essayer")]
    assert link["href"] == "/doubts?try=reading%2Fcarnet-2-eps-adomis-2#tried"
    bold = effect_of(page, "mots-en-gras", "C’est un effet")
    assert "aucun fait ne change" in bold.text and "essayer" not in bold.text
    preferred = effect_of(page, "eps-adomis", "Une, au nom double")
    assert "essayer" not in preferred.text
    tried = effect_of(page, "troisieme-etape", "Non, il a pris part")
    assert "essayée" in tried.text and tried["aria-current"] == "true"


def test_the_panel_shows_both_sides_with_their_evidence(client: FlaskClient) -> None:
    """Without a stage of its own for the Pôle, three were held, and the road has no third."""
    page = read(client, f"/doubts?try={POLE}")
    rows = [row.text for row in inside(page, panel(page), "tr")]
    assert [row for row in rows if "Étapes tenues" in row] == ["Étapes tenues 4 3"]
    before, after = inside(page, panel(page), "ol")
    assert "n° 3" in before.text and "n° 3" not in after.text and "n° 4" in after.text
    items = [it for it in inside(page, panel(page), "li") if it["class"]]
    comes, goes = ([it.text for it in items if it["class"] == kind] for kind in ("comes", "goes"))
    assert any("Prêt de personnel" in it and "Mutualité" in it and "preuve" in it for it in comes)
    assert any("Pascal Mollier a pris part à" in it and "calculé" in it for it in comes)
    assert any("Étape du Pôle des microtechniques numéro 3" in it for it in goes)
    reset = [a for a in inside(page, panel(page), "a") if a.text == "Revenir à la lecture retenue"]
    assert [a["href"] for a in reset] == ["/doubts"]
    found: dict[tuple[str, bool], str] = {}
    for it in items:
        if it["class"] in ("comes", "goes", "otherwise"):
            (way, *_) = [a["href"] for a in inside(page, it, "a") if a.text.startswith("preuve")]
            found[it["class"], "calculé" in it.text] = way
    assert len(found) == 6, "of facts and of computed links"
    for kind, way in found.items():
        assert client.get(way).status_code == 200, kind
    asked = f"touches=stage/bge-franche-comte&try={READING}rang-bge-mfq-2&certainty=explicit"
    page = read(client, f"/doubts?{asked}")
    hrefs = [
        a["href"]
        for a in inside(page, panel(page), "a")
        if a.text == "Revenir à la lecture retenue"
    ]
    assert hrefs == ["/doubts?touches=stage%2Fbge-franche-comte&certainty=explicit"]


def test_what_is_no_reading_or_are_two_is_refused(client: FlaskClient) -> None:
    for asked, words in {
        "try=reading/nowhere": "lecture d’une question ouverte",
        "try=organisation/cress": "lecture d’une question ouverte",
        "try=%3Cscript%3E": "lecture d’une question ouverte",
        f"try={POLE}&try={READING}eps-adomis-2": "qu’une lecture à la fois",
        "try=" + "a" * 500: "trop longue",
    }.items():
        assert words in read(client, f"/doubts?{asked}", 400, Accept="text/html").text
        assert client.get(f"/doubts.csv?{asked}").status_code == 400


def test_what_only_a_reading_speaks_of_has_its_name_and_is_nowhere_else(
    client: FlaskClient,
) -> None:
    page = read(client, f"/doubts?try={READING}eps-adomis-2")
    texts = [it.text for it in inside(page, panel(page), "li")]
    assert any("Témoignage de Pierre Arnaud au nom de Adomis" in it for it in texts)
    assert "/page/organisation/adomis" in {e["href"] for e in page.all("a")}
    listed = client.get("/list/organisation.csv").text
    assert "eps-adomis" in listed and "organisation/adomis" not in listed
    found = json.loads(client.get("/api/search?q=Adomis").text)
    assert "organisation/adomis" not in str(found)


# Read from the carnet: with another reading, which numbers are others?
NUMBERS = {
    "troisieme-etape-2": {"held": (4, 3), "stage": (9, 8)},
    "eps-adomis-2": {"organisation": (18, 19)},
    "quelle-mutualite-2": {"organisation": (18, 19)},
    "porteur-mamhique-2": {},
    "rang-bge-mfq-2": {},
}


def test_numbers_are_those_of_the_lists_and_of_the_dial(
    store: EmbeddedStore, release: Release, client: FlaskClient
) -> None:
    view = GraphView(create_app(store.pages(), release).extensions["site"].graph, Addresses())
    found, _ = what_if.read(release.what_if) or ({}, False)
    for reading, numbers in NUMBERS.items():
        told = {it.key: (it.before, it.after) for it in found[f"{ID}{READING}{reading}"].counts}
        links = told.pop("theme_links", None)
        assert told == numbers, reading
        assert links is None or links[0] == 36
    assert link_counts(view)["tentative"] == 36, "as the dial counts them"
    listed = json.loads(client.get("/list/organisation.json").text)
    assert len(listed) == 18, "one of them without a name"


def test_the_files_have_all_that_changes(client: FlaskClient) -> None:
    rows = trial(client, "rang-bge-mfq-2")
    told = {
        (row["change"], short(row["subject"]), short(row["property"]), row["value"]) for row in rows
    }
    assert told == {
        ("comes", "mfq-franche-comte", "number", "1"),
        ("comes", "bge-franche-comte", "number", "2"),
        ("goes", "mfq-franche-comte", "number", "2"),
        ("goes", "bge-franche-comte", "number", "1"),
    }
    (one, *_) = [row for row in rows if row["change"] == "comes"]
    assert short(one["sets"]) == "carnet-2-autre-rang-bge-mfq"
    assert (one["certainty_before"], one["certainty_after"]) == ("", "tentative")
    objects = json.loads(client.get(f"/doubts.json?try={POLE}").text)
    assert {it["change"] for it in objects} == {"comes", "goes", "otherwise"}
    assert any(it["concluded"] for it in objects)
    hrefs = [a["href"] for a in read(client, f"/doubts?try={POLE}").all("a")]
    for suffix in ("csv", "json"):
        assert f"/doubts.{suffix}?try=reading%2Fcarnet-2-troisieme-etape-2" in hrefs
    assert client.get(f"/doubts.ttl?try={POLE}").status_code == 404


def test_the_taken_reading_changes_nothing_and_the_panel_says_so(client: FlaskClient) -> None:
    page = read(client, f"/doubts?try={READING}eps-adomis-1")
    assert "C’est la lecture retenue : rien ne change." in panel(page).text
    silent = read(client, f"/doubts?try={READING}mots-en-gras-1&lang=en")
    assert "nothing changes in the graph" in panel(silent).text
    assert trial(client, "eps-adomis-1") == []


def test_of_too_many_readings_none_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_if, "MOST_READINGS", 10)
    built = build(tmp_path, checked=False)
    store = EmbeddedStore.of_release(built).pages()
    page = read(create_app(store, built).test_client(), "/doubts")
    assert "Trop de lectures" in page.text and "essayer" not in page.text
    built.what_if.unlink()
    page = read(create_app(store, built).test_client(), "/doubts")
    assert "il faut la reconstruire" in page.text and "essayer" not in page.text


def test_a_server_without_a_release_says_that_it_needs_one(store: EmbeddedStore) -> None:
    page = read(create_app(store.pages(), of_server=True).test_client(), "/doubts")
    assert "une version publiée, que ce serveur n’a pas" in page.text
    assert "essayer" not in page.text
