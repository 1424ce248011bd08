"""A release, or a graph of files, as the SPARQL engine in a browser reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import zstandard
from pyoxigraph import DefaultGraph, Quad, Triple

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST_QUADS: Final = 300_000
"""A larger release has no engine in the browser: a telephone has no memory for it."""
PROGRAM: Final = "oxigraph.wasm"
"""The name of the built file that the engine is."""
_LEVEL: Final = 19
"""The compression level of the data."""


def quads_of(queries: PageQueries, release: Release | None) -> int:
    """Return how many quads the engine would hold: those of the default graph are among them."""
    if release is not None:
        return release.manifest.counts["quads"] + release.manifest.counts["triples"]
    return queries.once("quads", None, lambda: sum(1 for _ in _quads(queries)))


def packed_dataset(queries: PageQueries, release: Release | None) -> tuple[bytes, str]:
    """Return the dataset, packed by zstd, and the SHA-256 of what it is unpacked."""

    def packed() -> tuple[bytes, str]:
        content = _of_store(queries) if release is None else dataset(release.data, release.ontology)
        compressor = zstandard.ZstdCompressor(_LEVEL)
        return compressor.compress(content), hashlib.sha256(content).hexdigest()

    return queries.once("packed dataset", None, packed)


def dataset(data: Path, ontology: Path) -> bytes:
    """Return a release with its ontology as a worker reads it, a third smaller than N-Quads packed.

    A graph is named in a line of its own, after an at sign; a statement leaves out the subject, or
    the subject and the property, that it shares with the one before, a tab for each.
    """
    ontology_graph = f"<{ONTOLOGY}>".encode()
    quads = [_parts(line) for line in data.read_bytes().splitlines()]
    quads += [
        (ontology_graph, *line.removesuffix(b" .").split(b" ", 2))
        for line in ontology.read_bytes().splitlines()
    ]
    return _written(quads)


def _of_store(queries: PageQueries) -> bytes:
    """Return the same of files, whose default graph has each triple of the named ones, too."""
    quads_of_default: dict[bool, list[Quad]] = {True: [], False: []}
    for quad in _quads(queries):
        quads_of_default[quad.graph_name == DefaultGraph()].append(quad)
    named = {quad.triple for quad in quads_of_default[False]}
    parts = [("", *it.triple) for it in quads_of_default[True] if it.triple not in named]
    parts += [(str(it.graph_name), *it.triple) for it in quads_of_default[False]]
    return _written([tuple(str(term).encode() for term in it) for it in parts])


def _quads(queries: PageQueries) -> Iterator[Quad]:
    """Yield what this engine reads: statements about statements it does not."""
    assert isinstance(queries.store, EmbeddedStore)
    return (it for it in queries.store.quads() if not isinstance(it.object, Triple))


def _written(quads: Sequence[tuple[bytes, ...]]) -> bytes:
    lines = []
    before: tuple[bytes, ...] = (b"",) * 4
    for quad in sorted(quads):
        graph, subject, prop, value = quad
        if graph != before[0]:
            lines.append(b"@" + graph)
        if quad[:3] == before[:3]:
            lines.append(b"\t\t" + value)
        elif quad[:2] == before[:2]:
            lines.append(b"\t" + prop + b" " + value)
        else:
            lines.append(subject + b" " + prop + b" " + value)
        before = quad
    return b"".join(line + b"\n" for line in lines)


def _parts(line: bytes) -> tuple[bytes, ...]:
    """Return a line of N-Quads as its graph, subject, property and value."""
    said, _, graph = line.removesuffix(b" .").rpartition(b" ")
    return graph, *said.split(b" ", 2)
