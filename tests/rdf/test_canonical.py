"""Statements are written sorted and each once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Triple, parse

import strategies
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf.canonical import tally, write_sorted, written


@given(st.lists(strategies.quads, max_size=12))
def test_statements_are_written_sorted_and_each_once(found: list[Quad]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.nq")
        write_sorted([*found, *found[:5]], RdfFormat.N_QUADS, path)
        assert path.read_text("utf-8").split("\n")[:-1] == sorted({f"{it} ." for it in found})
        counted = tally(path)
    told = ({*found}, {it.triple for it in found}, {it.graph_name for it in found})
    assert (counted.quads, counted.triples, counted.graphs) == tuple(map(len, told))


@given(st.lists(strategies.triples, max_size=12))
def test_triples_are_read_back_from_turtle_and_n_triples(found: list[Triple]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "ontology.nt")
        write_sorted(found, RdfFormat.N_TRIPLES, path)
        assert {it.triple for it in parse(path=path)} == {*found}
    turtle = written(found, RdfFormat.TURTLE, PREFIXES)
    assert {it.triple for it in parse(turtle, format=RdfFormat.TURTLE)} == {*found}


def test_nothing_is_an_empty_file(tmp_path: Path) -> None:
    write_sorted([], RdfFormat.N_QUADS, tmp_path / "data.nq")
    assert (tmp_path / "data.nq").read_bytes() == b""
