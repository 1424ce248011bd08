"""The evidence of statements on a server that somebody else fills."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import virtuoso
from engines import oxigraph, started_virtuoso
from others_evidence import EX, PREFIXES, WRITTEN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore


def _written(term: Term) -> str:
    return f"<<( {' '.join(map(str, term))} )>>" if isinstance(term, Triple) else str(term)


def walked(filled: Server, asked: Server, name: str) -> None:
    """Fill a server with a sample, and walk from a thing to its note on the pages over it."""
    quads = [*parse(PREFIXES + WRITTEN[name], RdfFormat.TRIG)]
    graphs = {it.graph_name if isinstance(it.graph_name, NamedNode) else "" for it in quads}
    said = "".join(
        f"GRAPH {it.graph_name if isinstance(it.graph_name, NamedNode) else '<urn:theirs>'} "
        f"{{ {it.subject} {it.predicate} {_written(it.object)} }}\n"
        for it in quads
    )
    filled.update(f"INSERT DATA {{ {said} }}")
    try:
        client = create_app(
            RemoteStore(asked, dataset=of_server(asked)), of_server=True
        ).test_client()
        page = client.get(f"/resource?iri={EX}ladybird&lang=en").text
        address = next(it for it in re.findall(r'href="(/why[^"]*)"', page) if "eats" in it)
        assert "Field book of 2013" in client.get(html.unescape(address)).text
        for way, said in (("matrix", "eats"), ("timeline", "30 April 2013")):
            listed = client.get(f"/list?class={EX}Beetle&view={way}&lang=en").text
            address = re.findall(r'href="(/why[^"]*)"', listed[listed.index("data-listed") :])[0]
            assert said in client.get(html.unescape(address)).text
        path = {"from": f"{EX}ladybird", "to": f"{EX}field-book"}
        assert "field-book" not in client.get("/between.csv", query_string=path).text
    finally:
        for graph in graphs:
            filled.update(f"CLEAR SILENT GRAPH {graph or '<urn:theirs>'}")


@pytest.mark.parametrize("name", WRITTEN)
def test_oxigraph_has_the_notes(name: str) -> None:
    with oxigraph("--union-default-graph") as server:
        walked(server, server, name)


@pytest.fixture(scope="module")
def their_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Virtuoso without our release: pages take a server that has one for ours."""
    yield from started_virtuoso(tmp_path_factory)


@pytest.mark.parametrize("name", [it for it in WRITTEN if it != "rdf12"])
def test_virtuoso_has_the_notes_of_all_but_rdf_1_2(name: str, their_virtuoso: str) -> None:
    walked(virtuoso.filled(their_virtuoso), virtuoso.asked(their_virtuoso), name)
