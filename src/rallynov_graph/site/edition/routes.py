"""The files that scripts of an edition answer from: what the engine is made of, and its data."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, jsonify, make_response
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, STANDING
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import web_dir
from rallynov_graph.matching.words import SMALL
from rallynov_graph.release.release import Release
from rallynov_graph.search.index import LATER, NO_NAMES
from rallynov_graph.site.edition import engine_files
from rallynov_graph.site.edition.engine_files import MOST_QUADS, WORKER, PackedFile
from rallynov_graph.site.model.drawing.points import points_of
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.selection.list_queries import Selection, source_of_kind
from rallynov_graph.site.model.told_names import kinds_of, names_of
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import site, view
from rallynov_graph.site.web.site import BUILT

blueprint = Blueprint("edition", __name__)

MOST_SEARCHED: Final = 60_000
"""A browser searches so many things at most: their texts are some 25 MB."""
SECONDS: Final = 30
"""How long a query may take in a browser."""
_SHORT: Final = 8
_KEPT: Final = (
    *("/", "/about", "/questions", "/sparql", "/search", "/doubts", "/network", "/carnet"),
    *("/accessibility", "/absent/choices", "/absent/offline"),
)
"""The pages that a reader's copy begins with, beside the lists."""
_JSON: Final = ("/engine/names.json", "/terms.json", "/questions.json", "/network.json")
"""What scripts of these pages ask for, in each language."""


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
            "address": address(_data_of(release)),
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


@blueprint.get("/engine/offline.json")
def offline() -> Response:
    """Serve which files a reader's copy begins with: what all pages need, and the pages to begin.

    Pages that are read later come beside them.
    """
    languages = [replace(view().addresses, language=it, certainty=LEAST_SURE) for it in LANGUAGES]
    pages = [its.path(path) for its in languages for path in (*_KEPT, *_lists())]
    address = view().addresses.file
    built = sorted(it.name for it in (web_dir() / "static" / BUILT).iterdir() if _is_kept(it.name))
    files = [address(f"/static/{BUILT}/{name}") for name in built]
    files += [address(path) for path in ("/static/logo.svg", "/engine/engine.json")]
    files += [its.path(path) for its in languages for path in (*_JSON, *_indexes_of_lists())]
    release = _release()
    if engine_files.quads_of(release) <= MOST_QUADS:
        files.append(address(_data_of(release)))
    if not _is_too_much_to_search():
        files.append(address("/engine/search.json"))
    return jsonify(release=release.id, files=[*pages, *files])


@blueprint.get("/offline.js")
def offline_worker() -> Response:
    """Serve what answers from a copy: it answers for the folder that it lies in."""
    name = site().assets.files["offline.js"]
    response = make_response((web_dir() / "static" / BUILT / name).read_bytes())
    response.content_type = "text/javascript; charset=utf-8"
    return response


def _lists() -> list[str]:
    return [f"/list/{kind}" for kind in listed_kinds(view().queries)]


def _indexes_of_lists() -> list[str]:
    """Return what the lists are narrowed by that are narrowed in the browser."""
    queries = view().queries
    kinds = listed_kinds(queries)
    narrowed = (k for k in kinds if Selection(queries, source_of_kind(k)).is_narrowed_in_browser())
    return [f"/list/{kind}.facets.json" for kind in narrowed]


def _is_kept(name: str) -> bool:
    """Return whether a built file is one that pages of an edition need."""
    if name.startswith(("desk", "builder", "offline-")):
        return False
    return name.endswith((".js", ".css", ".woff2", ".wasm.zst"))


def _data_of(release: Release) -> str:
    return f"/engine/data-{release.id[:_SHORT]}.quads.zst"


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
