"""The evidence of statements on a server that somebody else fills."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import virtuoso
from engines import oxigraph, started_virtuoso
from others_evidence import EX, PREFIXES, RANKS, RIVALS, WRITTEN
from rallynov_graph.base.terms import Term
from rallynov_graph.cli.main import cli
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore


def _written(term: Term) -> str:
    return f"<<( {' '.join(map(str, term))} )>>" if isinstance(term, Triple) else str(term)


@contextmanager
def holding(filled: Server, written: str) -> Iterator[None]:
    """Fill a server with a sample until the block ends."""
    quads = [*parse(PREFIXES + written, RdfFormat.TRIG)]
    graphs = {it.graph_name if isinstance(it.graph_name, NamedNode) else "" for it in quads}
    said = "".join(
        f"GRAPH {it.graph_name if isinstance(it.graph_name, NamedNode) else '<urn:theirs>'} "
        f"{{ {it.subject} {it.predicate} {_written(it.object)} }}\n"
        for it in quads
    )
    filled.update(f"INSERT DATA {{ {said} }}")
    try:
        yield
    finally:
        for graph in graphs:
            filled.update(f"CLEAR SILENT GRAPH {graph or '<urn:theirs>'}")


def walked(filled: Server, asked: Server, name: str) -> None:
    """Fill a server with a sample, and walk from a thing to its note on the pages over it."""
    with holding(filled, WRITTEN[name]):
        client = client_of(asked)
        page = client.get(f"/resource?iri={EX}ladybird&lang=en").text
        address = next(it for it in re.findall(r'href="(/why[^"]*)"', page) if "eats" in it)
        assert "Field book of 2013" in client.get(html.unescape(address)).text
        for way, said in (("matrix", "eats"), ("timeline", "30 April 2013")):
            listed = client.get(f"/list?class={EX}Beetle&view={way}&lang=en").text
            address = re.findall(r'href="(/why[^"]*)"', listed[listed.index("data-listed") :])[0]
            assert said in client.get(html.unescape(address)).text
        path = {"from": f"{EX}ladybird", "to": f"{EX}field-book"}
        assert "field-book" not in client.get("/between.csv", query_string=path).text


def client_of(asked: Server) -> FlaskClient:
    store = RemoteStore(asked, dataset=of_server(asked))
    return create_app(store, of_server=True).test_client()


CLAIMS = {
    "ranks": (
        RANKS,
        {("ladybird", "mange", "aphid"): "holds", ("ladybird", "eats", "hay"): "retracted"},
        {"uncertain": 2, "alternative": 1, "retracted": 1},
    ),
    "rivals": (
        RIVALS,
        {("ladybird", "found", "1761"): "holds", ("hopper", "eats", "aphid"): "not stated"},
        {"contradiction": 2, "several values": 4},
    ),
}


def claimed(filled: Server, asked: Server, name: str) -> None:
    """Check claims by their names, and the doubts, of a sample that a server has."""
    written, claims, doubts = CLAIMS[name]
    with holding(filled, written):
        rows = client_of(asked).get("/doubts.json").json
        assert Counter(row["doubt"] for row in rows) == doubts
        for claim, verdict in claims.items():
            options = ["--lang", "en", "--endpoint", asked.url]
            said = CliRunner().invoke(cli, ["claim", *claim, *options]).output
            assert said.startswith(verdict), (claim, said)


@pytest.mark.parametrize("name", WRITTEN)
def test_oxigraph_has_the_notes(name: str) -> None:
    with oxigraph("--union-default-graph") as server:
        walked(server, server, name)


@pytest.mark.parametrize("name", CLAIMS)
def test_oxigraph_tells_doubts_and_claims_by_name(name: str) -> None:
    with oxigraph("--union-default-graph") as server:
        claimed(server, server, name)


@pytest.fixture(scope="module")
def their_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Virtuoso without our release: pages take a server that has one for ours."""
    yield from started_virtuoso(tmp_path_factory)


@pytest.mark.parametrize("name", [it for it in WRITTEN if it != "rdf12"])
def test_virtuoso_has_the_notes_of_all_but_rdf_1_2(name: str, their_virtuoso: str) -> None:
    walked(virtuoso.filled(their_virtuoso), virtuoso.asked(their_virtuoso), name)


@pytest.mark.parametrize("name", CLAIMS)
def test_virtuoso_tells_doubts_and_claims_by_name(name: str, their_virtuoso: str) -> None:
    claimed(virtuoso.filled(their_virtuoso), virtuoso.asked(their_virtuoso), name)
