"""A release as the SPARQL engine in a browser reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import zstandard

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release

MOST_QUADS: Final = 300_000
"""A larger release has no engine in the browser: a telephone has no memory for it."""
PROGRAM: Final = "oxigraph.wasm"
"""The name of the built file that the engine is."""
_LEVEL: Final = 19
"""The compression level of the data."""


def quads_of(release: Release) -> int:
    """Return how many quads the engine would hold: those of the default graph are among them."""
    return release.manifest.counts["quads"] + release.manifest.counts["triples"]


def packed_dataset(queries: PageQueries, release: Release) -> tuple[bytes, str]:
    """Return the dataset of a release, packed by zstd, and the SHA-256 of what it is unpacked."""

    def packed() -> tuple[bytes, str]:
        content = dataset(release.data, release.ontology)
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
