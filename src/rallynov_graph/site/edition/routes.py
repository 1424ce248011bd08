"""The files that scripts of an edition answer from: what the engine is made of, and its data."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, jsonify, make_response
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import web_dir
from rallynov_graph.base.standings import STANDING
from rallynov_graph.matching.words import SMALL
from rallynov_graph.release.release import Release
from rallynov_graph.search.names_and_texts import LATER, NO_NAMES
from rallynov_graph.site.edition import engine_files
from rallynov_graph.site.edition.engine_files import MOST_QUADS, WORKER, PackedFile
from rallynov_graph.site.model.drawing.points import points_of
from rallynov_graph.site.model.told_names import kinds_of, names_of
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import site, view

blueprint = Blueprint("edition", __name__)

MOST_SEARCHED: Final = 60_000
"""A browser searches so many things at most: their texts are some 25 MB."""
SECONDS: Final = 30
"""How long a query may take in a browser."""
_SHORT: Final = 8


@blueprint.get("/engine/engine.json")
def engine() -> Response:
    """Serve which files the engine is made of; of a release that is too large, that it has none."""
    release = _release()
    quads = engine_files.quads_of(release)
    if quads > MOST_QUADS:
        too_large = {"quads": quads, "most": MOST_QUADS}
        return jsonify(release=release.id, too_large=too_large, **_indexes())
    address = view().addresses.file
    data = _packed(release)
    program = engine_files.program(site().assets, web_dir() / "static")
    return jsonify(
        release=release.id,
        worker=address(site().assets.path(WORKER)),
        wasm={
            "address": address(program.path),
            "bytes": program.bytes,
            "sha256": program.sha256,
            "packed": {"address": address(program.packed_path), "bytes": program.packed_bytes},
        },
        data={
            "address": address(f"/engine/data-{release.id[:_SHORT]}.quads.zst"),
            "bytes": len(data.content),
            "sha256": data.sha256,
        },
        apart=STANDING,
        seconds=SECONDS,
        **_indexes(),
    )


@blueprint.get("/engine/data-<start>.quads.zst")
def data(start: str) -> Response:
    """Serve the release as the engine loads it."""
    release = _release()
    if start != release.id[:_SHORT] or engine_files.quads_of(release) > MOST_QUADS:
        raise Missing
    response = make_response(_packed(release).content)
    response.content_type = "application/zstd"
    return response


@blueprint.get("/engine/names.json")
def names() -> Response:
    """Serve what all things of the graph are called, where their pages are, and their points."""
    things = [
        term
        for (term,) in view().queries.rows("iris_mentioned").rows
        if isinstance(term, NamedNode)
    ]
    return jsonify(
        names=names_of(view(), things),
        points=points_of(view(), things),
        kinds=kinds_of(view(), (thing.iri for thing in site().finder.things())),
    )


@blueprint.get("/engine/search.json")
def search() -> Response:
    """Serve what is searched: each thing with its kind and its texts, in the order of finding."""
    if _is_too_much_to_search():
        raise Missing
    return jsonify(
        things=[
            [thing.iri, thing.kind, [[it.role, it.language, it.value] for it in thing.texts]]
            for thing in site().finder.things()
        ],
        small=sorted(SMALL),
        no_names=NO_NAMES,
        later=sorted(LATER),
    )


def _indexes() -> dict[str, object]:
    """Return where the prepared files are, by language and certainty."""
    addresses = view().addresses
    return {
        "search": "" if _is_too_much_to_search() else addresses.file("/engine/search.json"),
        "terms": RN,
        "things": ID,
        "names": {
            language: {
                certainty: replace(addresses, language=language, certainty=certainty).path(
                    "/engine/names.json"
                )
                for certainty in CERTAINTIES
            }
            for language in LANGUAGES
        },
    }


def _is_too_much_to_search() -> bool:
    return sum((site().finder.kinds() or {}).values()) > MOST_SEARCHED


def _packed(release: Release) -> PackedFile:
    return engine_files.packed_dataset(release.data, release.ontology)


def _release() -> Release:
    release = site().release
    if release is None:
        raise Missing
    return release
