"""How a claim is cited: what is claimed, how surely, who says so and where, at which address."""

from __future__ import annotations

import json
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import Literal

from claims import short, short_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")
PARTNER = short("rally/rallynov", "partner", "organisation/rifc")


def line(page: Page) -> str:
    (found,) = {p.text for p in page.all("p") if p["data-citation"] == "line"}
    return found


CITED = [
    (
        PARTNER,
        "Rally’nov a pour partenaire RIFC",
        "explicite ; carnet de route n° 2, « partenaires »",
    ),
    (
        BALANCE,
        "Mutualité Française Franche-Comté relève du thème Articulation des temps de vie",
        "lien calculé, incertain ; carnet de route n° 2, "
        "« titres des étapes Mutualité et Pôle », « annonce des trois projets », « Mamhique »",
    ),
    (
        f"{BALANCE}?lang=en",
        "Mutualité Française Franche-Comté is linked to the theme Work–life balance",
        "computed link, uncertain; logbook no. 2, "
        "“headings of the Mutualité and Pôle stages”, "
        "“introduction of the three projects”, “Mamhique”",
    ),
]
"""Claims, the sentence that cites each, how sure it is and where it is said."""


def test_the_citation_of_a_claim_says_how_sure_it_is_and_where_it_is_said_by_whom(
    client: FlaskClient, release: Release, store: EmbeddedStore
) -> None:
    for address, claim, grounds in CITED:
        path, _, query = address.partition("?")
        page = read(client, address)
        assert faults(page, "en" if query else "fr") == []
        shown = line(page)
        assert f" {f'“{claim}”' if query else f'« {claim} »'} ({grounds}). " in shown
        assert release.id[:16] in shown and f" http://localhost{address}. " in shown
        for suffix in ("bib", "ris"):
            text = client.get(f"/cite{path}.{suffix}?{query}").text
            assert grounds in " ".join(text.split()) and claim in text
        (item,) = json.loads(client.get(f"/cite{path}.json?{query}").text)
        assert " ".join(item["note"].split()).startswith(f"{grounds}. CC BY 4.0")
    (row,) = store.select(
        f"""SELECT ?s ?p ?o ?name WHERE {{
          ?set <{RN}voice> ?voice ; <{RN}certainty> <{RN}explicit> .
          ?voice a <{PREFIXES["foaf"]}Person> ; <{PREFIXES["rdfs"]}label> ?name .
          GRAPH ?set {{ ?s ?p ?o FILTER (?p = <{RN}means>) }} }} ORDER BY ?s ?p ?o LIMIT 1"""
    )
    spoken = short_of(f"{row['s']} {row['p']} {row['o']}")
    assert isinstance(row["name"], Literal)
    assert f" ; paroles de {row['name'].value} ; carnet" in line(read(client, spoken))


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
