"""Statements are written sorted and each once, however many of them fit in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from rallynov_graph.rdf.canonical import tally, write_sorted

PLACE = "https://example.org/"
COUNTED = NamedNode(f"{PLACE}n")


def fact(number: int, graph: str = "g") -> Quad:
    """Return a statement; the same for the same number and graph."""
    of = NamedNode(f"{PLACE}{number % 3}")
    return Quad(of, COUNTED, Literal(number), NamedNode(PLACE + graph))


FACTS = [fact(n) for n in (5, 1, 1, 4, 2, 5, 3, 1, 5, 2)] + [fact(1, "h"), fact(5)]
"""Some twice within each part and across parts, at any size of these."""


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 100])
def test_a_line_that_falls_in_several_parts_is_written_once(tmp_path: Path, at_once: int) -> None:
    path = tmp_path / "data.nq"
    write_sorted(FACTS, RdfFormat.N_QUADS, path, at_once=at_once)
    lines = path.read_text("utf-8").splitlines()
    assert lines == sorted({f"{it} ." for it in FACTS})
    counted = tally(path)
    assert (counted.quads, counted.triples, counted.graphs) == (6, 5, 2)
    assert [*tmp_path.iterdir()] == [path], "no sorted part is left behind"


@pytest.mark.parametrize("at_once", [1, 4])
def test_the_same_holds_for_triples(tmp_path: Path, at_once: int) -> None:
    path = tmp_path / "ontology.nt"
    write_sorted((it.triple for it in FACTS), RdfFormat.N_TRIPLES, path, at_once=at_once)
    told: set[Triple] = {it.triple for it in FACTS}
    assert path.read_text("utf-8").splitlines() == sorted(f"{it} ." for it in told)


def test_nothing_is_an_empty_file(tmp_path: Path) -> None:
    write_sorted([], RdfFormat.N_QUADS, tmp_path / "data.nq")
    assert (tmp_path / "data.nq").read_bytes() == b""
