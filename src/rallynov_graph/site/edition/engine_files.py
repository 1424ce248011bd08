"""What the SPARQL engine in a reader's browser is made from: its program, and the release as data.

The worker of ``web/edition/`` is told of both by ``engine.json``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import zstandard

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.site import BUILT, Assets

PROGRAM: Final = "oxigraph.wasm"
WORKER: Final = "engine.js"
MOST_QUADS: Final = 300_000
"""A larger release has no engine in the browser: a telephone has no memory for it."""
_LEVEL: Final = 19


@dataclass(frozen=True)
class PackedFile:
    """A file that is sent packed, and the hash of what it is unpacked."""

    content: bytes
    sha256: str


@dataclass(frozen=True)
class Program:
    """The program of the engine as two built files: as it is, and packed."""

    path: str
    bytes: int
    sha256: str
    packed_path: str
    packed_bytes: int


def quads_of(release: Release) -> int:
    """Return how many quads the engine would hold: those of the default graph are among them."""
    return release.manifest.counts["quads"] + release.manifest.counts["triples"]


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


@lru_cache(2)
def packed_dataset(data: Path, ontology: Path) -> PackedFile:
    """Return the dataset of a release, packed: the same bytes each time."""
    content = dataset(data, ontology)
    packed = zstandard.ZstdCompressor(_LEVEL).compress(content)
    return PackedFile(packed, hashlib.sha256(content).hexdigest())


def program(assets: Assets, static: Path) -> Program:
    """Return the program of the engine, which the build put among the static files."""
    path, packed_path = (assets.path(f"{PROGRAM}{suffix}") for suffix in ("", ".zst"))
    content = (static / BUILT / assets.files[PROGRAM]).read_bytes()
    packed = static / BUILT / assets.files[f"{PROGRAM}.zst"]
    return Program(
        path,
        len(content),
        hashlib.sha256(content).hexdigest(),
        packed_path,
        packed.stat().st_size,
    )
