"""The client asks real servers: ours, one that is not ours, and one that behaves badly."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from behind import EMPTY, Said, behind, table, truth
from conftest import Ran
from rallynov_graph.base.errors import EndpointError, QueryError, RallynovError
from rallynov_graph.client import Graph
from rallynov_graph.release.release import Release
from servers import Server


def test_our_server_and_the_release_give_the_same_rows_and_evidence(
    server: Server, release: Release
) -> None:
    served, local = Graph.at(server.address), Graph.of_release(release.path, site=server.address)
    for name in ("themes_by_departement", "counts"):
        asked, read = served.ask(name), local.ask(name)
        assert (asked.rows, asked.sha256) == (read.rows, read.sha256)
        assert [it and (it.address, it.passages, it.reasons) for it in asked.evidence] == [
            it and (it.address, it.passages, it.reasons) for it in read.evidence
        ]
    assert f"{server.endpoint}?query=" in served.query("SELECT ?s { ?s ?p 1 }").citation()
    found = served.ask("themes_by_departement").evidence[0]
    assert found and server.ask("GET", found.address.removeprefix(server.address)).status == 200


def test_a_citation_of_an_answer_is_verified(
    release: Release, rallynov: Callable[..., Ran]
) -> None:
    for form in ("txt", "bib", "ris", "json"):
        answer = Graph.of_release(release.path, language="en").ask("stages", certainty="explicit")
        Path(f"answer.{form}").write_text(answer.citation(form), "utf-8")
        ran = rallynov("cite", "verify", f"answer.{form}", "--release", release.path)
        assert (ran.status, ran.out.partition("\n")[0]) == (0, f"same: {answer.title}")
        assert answer.sha256 in ran.out and release.id[:16] in ran.out


def test_a_foreign_graph_answers_sparql_and_not_our_questions(data_server: Server) -> None:
    graph = Graph.at(data_server.endpoint)
    answer = graph.query("SELECT ?a ?b { GRAPH ?g { ?a <https://example.org/likes> ?b } }")
    assert answer[0]["b"] == "https://example.org/b" and answer.evidence == ()
    with pytest.raises(QueryError, match=r"holds another graph.*query\(\)"):
        graph.ask("stages")
    with pytest.raises(RallynovError, match="authors and licence are not known here"):
        answer.citation()
    assert len(answer.sha256) == 64


def test_an_endpoint_beside_no_site_has_addresses_of_the_site_that_is_named() -> None:
    for address, site, shown in (
        ("http://example.org/query", "", ""),
        ("http://example.org/query", "https://example.org/graph/", "https://example.org/graph"),
        ("http://example.org/graph/sparql", "", "http://example.org/graph"),
        ("http://example.org/", "", "http://example.org"),
    ):
        assert Graph.at(address, site=site).site == shown


def test_a_server_that_gives_few_rows_at_a_time_is_asked_until_it_has_no_more() -> None:
    def answer(query: str) -> Said:
        found = re.search(r"LIMIT (\d+) OFFSET (\d+)", query)
        if found is None:
            return truth(False)
        return table("n", n=found[2]) if int(found[2]) < 3 else Said(EMPTY)

    with behind(answer) as server:
        rows = Graph.at(server.url).query("SELECT ?n { ?s ?p ?n } ORDER BY ?n", page=100)
        assert [row["n"] for row in rows] == ["0", "1", "2"]


def test_a_page_of_our_site_and_no_server_at_all_are_told(server: Server) -> None:
    with pytest.raises(EndpointError, match="does not accept what is sent there"):
        Graph.at(f"{server.address}/questions").query("SELECT ?s {}")
    with pytest.raises(EndpointError, match="is it running"):
        Graph.at("http://127.0.0.1:9").query("SELECT ?s {}")
