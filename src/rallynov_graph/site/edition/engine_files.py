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
from rallynov_graph.site.web.assets import BUILT, Assets

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
    """Return a release with its ontology as N-Quads, from which a worker makes the default graph.

    Each line names a graph, as its last term.
    """
    named = f" <{ONTOLOGY}> .\n".encode()
    lines = ontology.read_bytes().splitlines()
    return data.read_bytes() + b"".join(line.removesuffix(b" .") + named for line in lines)


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
