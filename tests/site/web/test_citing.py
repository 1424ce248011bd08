"""How a page is cited: the same release, the same address, whoever reads it and whenever."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.base.namespaces import ID
from rallynov_graph.exports.citation_formats import (
    CREATORS,
    CREATORS_BY_LANGUAGE,
    LICENCE,
    TITLES,
    Citation,
)
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import faults, read


def block(client: FlaskClient, address: str) -> str:
    return read(client, address).one("section", **{"class": "cite"}).text


@pytest.mark.parametrize(("language", "title"), [("fr", "Citer"), ("en", "Cite")])
def test_a_thing_says_how_it_is_cited(
    client: FlaskClient, release: Release, language: str, title: str
) -> None:
    lang = "?lang=en" if language == "en" else ""
    told = block(client, f"/page/stage/bge-franche-comte{lang}")
    assert told.startswith(f"{title} {CREATORS_BY_LANGUAGE[language]}.")
    assert "BGE Franche-Comté" in told and TITLES[language] in told and LICENCE in told
    assert release.id[:16] in told
    assert f"http://localhost/page/stage/bge-franche-comte{lang}." in told
    assert faults(read(client, f"/page/stage/bge-franche-comte{lang}"), language) == []


def test_the_file_of_citation_of_the_whole_says_the_same() -> None:
    whole = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(r'^title: "(.*)"$', whole, re.M)[1] == TITLES["en"]  # type: ignore[index]
    assert re.findall(r'^  - name: "(.*)"$', whole, re.M) == [CREATORS]
    assert "CC-BY-4.0" in whole


def test_bibtex_and_csl_say_the_same_of_a_page(client: FlaskClient, release: Release) -> None:
    bib = client.get("/cite/page/stage/bge-franche-comte.bib")
    assert bib.mimetype == "application/x-bibtex"
    assert " ".join(bib.text.split()) in block(client, "/page/stage/bge-franche-comte")
    csl = client.get("/cite/page/stage/bge-franche-comte.json")
    assert csl.mimetype == "application/vnd.citationstyles.csl+json"
    (item,) = json.loads(csl.text)
    year, month, day = map(int, release.manifest.issued.split("-"))
    assert item["issued"] == {"date-parts": [[year, month, day]]}
    assert item["version"] == release.id[:16]
    assert item["URL"] == "http://localhost/page/stage/bge-franche-comte"
    assert item["author"] == [{"literal": CREATORS_BY_LANGUAGE["fr"]}]
    assert f"url = {{{item['URL']}}}" in bib.text and f"{{{item['id']}," in bib.text
    assert "accessed" not in item and "urldate" not in bib.text


def test_a_question_is_cited_with_its_values_and_nothing_else(client: FlaskClient) -> None:
    told = block(client, "/questions/stages?certainty=explicit&lang=en")
    assert "http://localhost/questions/stages?certainty=explicit&lang=en" in told
    assert load()["stages"].summary["en"] in told
    (item,) = json.loads(client.get("/cite/questions/stages.json?certainty=explicit&lang=en").text)
    assert item["URL"] == "http://localhost/questions/stages?certainty=explicit&lang=en"
    assert item["language"] == "en"


def test_a_thing_of_others_is_cited_with_its_name(client: FlaskClient) -> None:
    iri = "https://schema.org/Event"
    told = block(client, f"/resource?iri={iri}")
    assert "http://localhost/resource?iri=https%3A%2F%2Fschema.org%2FEvent" in told
    assert client.get(f"/cite/resource.bib?iri={iri}").status_code == 200


def test_the_base_of_whoever_runs_the_site_is_in_the_address(release: Release) -> None:
    base = "https://graph.example.org/rally/"
    data = release.data.read_bytes().replace(ID.encode(), f"{base}id/".encode())
    from pyoxigraph import RdfFormat, parse

    moved = EmbeddedStore.of_quads(parse(data, format=RdfFormat.N_QUADS)).pages()
    there = create_app(moved, release, base=base).test_client()
    answer = there.get("/cite/page/stage/bge-franche-comte.bib", base_url="http://10.0.0.1:8000")
    assert "url = {https://graph.example.org/rally/page/stage/bge-franche-comte}" in answer.text


def test_what_latex_reads_as_commands_is_escaped() -> None:
    title = "50 % & #1_a {b} ~c^d \\e $f$\nEt l’été"
    told = Citation(title, "https://e.org/{a}?b=c%20d&e", "fr", "ab" * 32, "2026-05").bibtex()
    line = next(line for line in told.splitlines() if line.startswith("  title"))
    assert line == (
        r"  title = {{50 \% \& \#1\_a \textbraceleft{}b\textbraceright{} \textasciitilde{}c"
        r"\textasciicircum{}d \textbackslash{}e \$f\$ Et l’été}},"
    )
    assert "url = {https://e.org/%7Ba%7D?b=c%20d&e}" in told
    depth = 0
    for character in told:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0, "BibTeX counts braces, whatever stands before them"
    assert "year = {2026}" in told and "month = {5}" in told
    assert re.match(r"@misc\{[a-z0-9-]+,\n", told)


def test_without_a_release_neither_id_nor_date_is_said() -> None:
    citation = Citation("x", "https://e.org/", "en")
    assert "version" not in citation.bibtex() and "year" not in citation.bibtex()
    (item,) = json.loads(citation.csl())
    assert "version" not in item and "issued" not in item


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cite/page/stage/nowhere.bib", 404),
        ("/cite/page/stage/vesoul.docx", 404),
        ("/cite/page/stage/vesoul", 404),
        ("/cite/resource.bib", 404),
        ("/cite/resource.bib?iri=relative", 400),
        ("/cite/resource.bib?iri=https://example.org/nowhere", 404),
        ("/cite/questions/nowhere.bib", 404),
        ("/cite/questions/stages.bib?colour=blue", 404),
        ("/cite/questions/stages.bib?certainty=perhaps", 400),
    ],
)
def test_what_is_not_there_is_not_cited(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_another_graph_is_not_cited_as_ours(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    page = read(foreign, f"/resource?iri={ID}stage/vesoul".replace("resource?iri=" + ID, "page/"))
    assert not page.all("section", **{"class": "cite"}) and not page.all(
        "span", **{"class": "Z3988"}
    )
    assert foreign.get("/cite/page/stage/vesoul.bib").status_code == 404


def test_a_term_is_cited_by_its_one_path_where_the_site_lies_below_another(
    client: FlaskClient,
) -> None:
    told = client.get("/ontology/Stage", environ_overrides={"SCRIPT_NAME": "/below"}).text
    assert "http://localhost/below/ontology/Stage" in told
    assert "/below/below" not in told and "/cite/below" not in told
