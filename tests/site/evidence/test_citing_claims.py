"""How a claim is cited: what is claimed, how surely, who says so and where, at which address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal

from claims import short
from rallynov_graph.release.document_texts import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")
PARTNER = short("rally/rallynov", "partner", "organisation/rifc")


def line(page: Page) -> str:
    (found,) = [p.text for p in page.all("p") if p["data-citation"] == "line"]
    return found


@pytest.mark.parametrize(
    ("address", "language", "claim", "grounds"),
    [
        (
            PARTNER,
            "fr",
            "Rally’nov a pour partenaire RIFC",
            "explicite ; carnet de route n° 2, « partenaires »",
        ),
        (
            BALANCE,
            "fr",
            "Mutualité Française Franche-Comté relève du thème Articulation des temps de vie",
            "lien calculé, incertain ; carnet de route n° 2, "
            "« titres des étapes Mutualité et Pôle », « annonce des trois projets », « Mamhique »",
        ),
        (
            BALANCE,
            "en",
            "Mutualité Française Franche-Comté is linked to the theme Work–life balance",
            "computed link, uncertain; carnet de route no. 2, "
            "“headings of the Mutualité and Pôle stages”, "
            "“introduction of the three projects”, “Mamhique”",
        ),
    ],
)
def test_the_citation_of_a_claim_says_how_sure_it_is_and_where_it_is_said(
    client: FlaskClient, release: Release, address: str, language: str, claim: str, grounds: str
) -> None:
    query = "" if language == "fr" else "?lang=en"
    page = read(client, f"{address}{query}")
    assert faults(page, language) == []
    quoted = f"« {claim} »" if language == "fr" else f"“{claim}”"
    shown = line(page)
    assert f" {quoted} ({grounds}). " in shown
    assert release.id[:16] in shown and f" http://localhost{address}{query}. " in shown
    files = {suffix: client.get(f"/cite{address}.{suffix}{query}") for suffix in ("bib", "ris")}
    for answer in files.values():
        assert grounds in " ".join(answer.text.split()) and claim in answer.text
    (item,) = json.loads(client.get(f"/cite{address}.json{query}").text)
    assert " ".join(item["note"].split()).startswith(f"{grounds}. CC BY 4.0")


def test_the_voice_of_a_claim_is_cited(client: FlaskClient, store: EmbeddedStore) -> None:
    (row,) = store.select(
        """PREFIX rn: <https://w3id.org/rallynov/ontology#>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?s ?p ?o ?name WHERE {
          ?set rn:voice ?voice ; rn:certainty rn:explicit .
          ?voice a foaf:Person ; <http://www.w3.org/2000/01/rdf-schema#label> ?name .
          GRAPH ?set { ?s ?p ?o FILTER (?p = rn:means) }
        } ORDER BY ?s ?p ?o LIMIT 1"""
    )
    asked = {"subject": row["s"], "property": row["p"], "object": row["o"]}
    claim = {name: str(term)[1:-1] for name, term in asked.items()}
    address = client.get("/why", query_string=claim).headers["Location"]
    assert isinstance(row["name"], Literal)
    assert f" ; paroles de {row['name'].value} ; carnet" in line(read(client, address))


def test_the_text_of_the_document_changes_nothing_in_a_citation(
    client: FlaskClient,
    store: EmbeddedStore,
    release: Release,
    source_text: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_bytes(source_text.encode())
    texts = loaded(store, [SourceFile.read(path)])
    reader = create_app(store.pages(), release, texts=texts).test_client()
    assert "<blockquote" in reader.get(BALANCE).text
    assert line(read(reader, BALANCE)) == line(read(client, BALANCE))
    for suffix in ("bib", "ris", "json"):
        at = f"/cite{BALANCE}.{suffix}"
        assert reader.get(at).data == client.get(at).data
