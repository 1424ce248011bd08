"""How a page is cited: the same release, the same address, whoever reads it and whenever."""

from __future__ import annotations

import json

from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.exports.citations import (
    CREATORS,
    CREATORS_BY_LANGUAGE,
    LICENCE,
    TITLES,
    Citation,
)
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from reading_pages import read

STAGE = "/page/stage/bge-franche-comte"


def block(client: FlaskClient, address: str) -> str:
    return read(client, address).one("section", **{"class": "cite"}).text


def test_a_thing_says_how_it_is_cited(client: FlaskClient, release: Release) -> None:
    for language, asked in (("fr", ""), ("en", "?lang=en")):
        told = block(client, f"{STAGE}{asked}")
        assert told.startswith(f"{CREATORS_BY_LANGUAGE[language]}.")
        assert "BGE Franche-Comté" in told and TITLES[language] in told and LICENCE in told
        assert release.id[:16] in told and f"http://localhost{STAGE}{asked}." in told


def test_the_file_of_citation_of_the_whole_says_the_same() -> None:
    whole = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'\ntitle: "{TITLES["en"]}"\n' in whole and f'\n  - name: "{CREATORS}"\n' in whole
    assert "CC-BY-4.0" in whole


def test_bibtex_and_csl_say_the_same_of_a_page(client: FlaskClient, release: Release) -> None:
    bib, csl = (client.get(f"/cite{STAGE}.{form}") for form in ("bib", "json"))
    assert bib.mimetype == "application/x-bibtex"
    assert csl.mimetype == "application/vnd.citationstyles.csl+json"
    (item,) = json.loads(csl.text)
    year, month, day = map(int, release.manifest.issued.split("-"))
    assert item["issued"] == {"date-parts": [[year, month, day]]}
    assert item["version"] == release.id[:16]
    assert item["author"] == [{"literal": CREATORS_BY_LANGUAGE["fr"]}]
    assert f"url = {{{item['URL']}}}" in bib.text and f"{{{item['id']}," in bib.text
    assert "accessed" not in item and "urldate" not in bib.text


def test_a_page_is_cited_with_its_values_and_its_name(client: FlaskClient) -> None:
    asked = "/questions/stages?certainty=explicit&lang=en"
    told = block(client, asked)
    assert f"http://localhost{asked}" in told and load()["stages"].summary["en"] in told
    (item,) = json.loads(client.get(f"/cite{asked.replace('?', '.json?')}").text)
    assert (item["URL"], item["language"]) == (f"http://localhost{asked}", "en")
    of_others = block(client, "/resource?iri=https://schema.org/Event")
    assert "http://localhost/resource?iri=https%3A%2F%2Fschema.org%2FEvent" in of_others
    below = client.get("/ontology/Stage", environ_overrides={"SCRIPT_NAME": "/below"}).text
    assert "http://localhost/below/ontology/Stage" in below
    assert "/below/below" not in below and "/cite/below" not in below


def test_without_a_release_neither_id_nor_date_is_said() -> None:
    citation = Citation("x", "https://e.org/", "en")
    written = citation.written("bib")
    assert "version" not in written and "year" not in written
    (item,) = json.loads(citation.written("json"))
    assert "version" not in item and "issued" not in item
