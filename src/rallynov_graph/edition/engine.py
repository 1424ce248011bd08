"""What the SPARQL engine in a reader's browser is made from: its program, and the release as data.

The worker of ``web/edition/`` gets ``engine.json`` first, which names the other files.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.standings import STANDING
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.assets import BUILT, Assets

FOLDER: Final = "engine"
"""The folder of an edition that has these files."""
MANIFEST: Final = "engine.json"
PROGRAM: Final = "oxigraph.wasm"
WORKER: Final = "engine.js"
MOST_QUADS: Final = 300_000
"""A larger release has no engine in the browser: a telephone has no memory for it."""
SECONDS: Final = 30
"""How long a query may take in the browser."""
_GZIP_LEVEL: Final = 9


class EngineFile(NamedTuple):
    """A file by its path in the edition, and what it holds."""

    path: str
    content: bytes


def engine_files(release: Release, assets: Assets, static: Path) -> Iterator[EngineFile]:
    """Yield the files that the engine is made from, but the program, which is a static file.

    A release that is too large for a browser has one file, which says so.
    """
    quads = release.manifest.counts["quads"] + release.manifest.counts["triples"]
    if quads > MOST_QUADS:
        told: dict[str, object] = {"too_large": {"quads": quads, "most": MOST_QUADS}}
    else:
        data = dataset(release)
        packed = EngineFile(f"{FOLDER}/data-{release.id[:8]}.nq.gz", _packed(data))
        yield packed
        told = {
            "worker": f"../static/{BUILT}/{assets.files[WORKER]}",
            "wasm": _program(assets, static),
            "data": {
                "address": packed.path.removeprefix(f"{FOLDER}/"),
                "bytes": len(packed.content),
                "sha256": hashlib.sha256(data).hexdigest(),
            },
            "apart": STANDING,
            "seconds": SECONDS,
        }
    written = json.dumps({"release": release.id} | told, indent=1)
    yield EngineFile(f"{FOLDER}/{MANIFEST}", f"{written}\n".encode())


def dataset(release: Release) -> bytes:
    """Return a release with its ontology as N-Quads, from which a worker makes the default graph.

    Each line names a graph, as its last term.
    """
    named = f" <{ONTOLOGY}> .\n".encode()
    ontology = release.ontology.read_bytes().splitlines()
    return release.data.read_bytes() + b"".join(it.removesuffix(b" .") + named for it in ontology)


def _program(assets: Assets, static: Path) -> dict[str, object]:
    """Return how the program of the engine is told: as it is, and packed."""
    program, packed = (assets.files[f"{PROGRAM}{suffix}"] for suffix in ("", ".gz"))
    content = (static / BUILT / program).read_bytes()
    return {
        "address": f"../static/{BUILT}/{program}",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "packed": {
            "address": f"../static/{BUILT}/{packed}",
            "bytes": (static / BUILT / packed).stat().st_size,
        },
    }


def _packed(content: bytes) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as writer:
        writer.write(content)
    return file.getvalue()
