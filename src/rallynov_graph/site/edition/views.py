"""The replacements for services in an edition: a SPARQL engine in the reader's browser.

A server has none of them. Scripts answer from these files: the engine's program, the graph as
data, and the search index. Pages say what an edition lacks.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from flask import Blueprint, Flask, Response, jsonify
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, STANDING
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import web_dir
from rallynov_graph.matching.words import ASKING
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.search.index import LATER, NO_NAMES
from rallynov_graph.site.model.asked import ways_to_ask
from rallynov_graph.site.model.browser_engine import (
    MOST_QUADS,
    PROGRAM,
    packed_dataset,
    quads_of,
)
from rallynov_graph.site.model.catalogue_answers import summary
from rallynov_graph.site.model.drawing.place_map import points_of
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.selection import Selection, source_of_kind
from rallynov_graph.site.model.told_names import kinds_of, names_of
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.feature import register_for_edition
from rallynov_graph.site.web.frame import EDITION, IS_OFFERED, page
from rallynov_graph.site.web.page_files import sent
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.site import BUILT, Site

blueprint = Blueprint("edition", __name__)

MOST_SEARCHED: Final = 60_000
"""The maximum number of things that a browser searches: their texts are some 25 MB."""
SECONDS: Final = 30
"""The time limit of a query in a browser."""
_WORKER: Final = "engine.js"
_SHORT: Final = 8
_KEPT: Final = (
    *("/", "/about", "/questions", "/sparql", "/search", "/doubts", "/network", "/carnet"),
    *("/accessibility", "/absent/choices", "/absent/offline"),
)
"""The pages that a reader's copy begins with, beside the lists."""
_OF_OURS: Final = frozenset({"/questions", "/doubts", "/carnet", "/questions.json"})
"""Those of them that somebody else's graph does not have."""
_JSON: Final = ("/engine/names.json", "/terms.json", "/questions.json", "/network.json")
"""The data that scripts of these pages request, in each language."""


def register(app: Flask, is_offered: Callable[[str], bool] = bool) -> None:
    """Have the pages of an application answer in the browser what they else ask a service.

    They offer those files alone whose addresses ``is_offered`` takes.
    """
    app.jinja_env.globals[EDITION] = True
    app.jinja_env.globals[IS_OFFERED] = is_offered
    app.register_blueprint(blueprint)
    register_for_edition(app)


@blueprint.get("/absent/<kind>")
def absent(kind: str) -> str:
    """Show why something is missing, and what to use instead; raise Missing for existing things."""
    if f"absent.{kind}.title" not in words():
        raise Missing
    return page("absent/absent.html", kind=kind)


@blueprint.get("/engine/engine.json")
def engine() -> Response:
    """Serve which files the engine is made of; of a release that is too large, that it has none."""
    quads = _quads()
    if quads > MOST_QUADS:
        too_large = {"quads": quads, "most": MOST_QUADS}
        return jsonify(release=id_of_data(site()), too_large=too_large, **_indexes())
    address, assets = view().addresses.file, site().assets
    packed, data_hash = packed_dataset(site().graph.queries, site().release)
    program, packed_program = (assets.read(f"{PROGRAM}{suffix}") for suffix in ("", ".zst"))
    return jsonify(
        release=id_of_data(site()),
        worker=address(assets.path(_WORKER)),
        wasm={
            "address": address(assets.path(PROGRAM)),
            "bytes": len(program),
            "sha256": hashlib.sha256(program).hexdigest(),
            "packed": {
                "address": address(assets.path(f"{PROGRAM}.zst")),
                "bytes": len(packed_program),
            },
        },
        data={"address": address(_data()), "bytes": len(packed), "sha256": data_hash},
        apart=STANDING,
        seconds=SECONDS,
        **_indexes(),
    )


@blueprint.get("/engine/data-<start>.quads.zst")
def data(start: str) -> Response:
    """Serve the graph as the engine loads it."""
    if start != id_of_data(site())[:_SHORT] or _quads() > MOST_QUADS:
        raise Missing
    return sent(packed_dataset(site().graph.queries, site().release)[0], "application/zstd")


def id_of_data(this_site: Site) -> str:
    """Return the id of the release of a site, else the hash of its data."""
    release = this_site.release
    return release.id if release else packed_dataset(this_site.graph.queries, None)[1]


def _quads() -> int:
    return quads_of(site().graph.queries, site().release)


def _data() -> str:
    return f"/engine/data-{id_of_data(site())[:_SHORT]}.quads.zst"


@blueprint.get("/engine/names.json")
def names() -> Response:
    """Serve what all things of the graph are called, where their pages are, and their points."""
    rows = view().queries.rows("iris_mentioned").rows
    things = [*dict.fromkeys(term for term, _ in rows if isinstance(term, NamedNode))]
    named = names_of(view(), things)
    if view().foreign:  # a property that is at no end of a statement has no page
        ends = {term for term, is_end in rows if is_end}
        for it in things:
            named[it.value]["address"] = named[it.value]["address"] if it in ends else None
    return jsonify(
        names=named,
        points=points_of(view(), things),
        kinds=kinds_of(
            view(), (thing.iri for thing in site().finder.things()), words()["network.theme"]
        ),
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
        small=sorted(ASKING),
        no_names=NO_NAMES,
        later=sorted(LATER),
    )


@blueprint.get("/engine/asking.json")
def asking() -> Response:
    """Serve how people ask the questions, with their words and addresses."""
    g, plain = view(), site().phrases.plain()
    if g.foreign:
        plain["questions"] = {}
    questions: dict[str, dict[str, object]] = plain["questions"]
    for name, question in questions.items():
        of = site().catalogue[name]
        question |= {
            "text": summary(of, g.language),
            "address": g.addresses.question(name),
            "ways": [*_ways(of, g.language)],
            "labels": {
                it.name: {word: labels[g.language] for word, labels in it.choices.items()}
                for it in of.parameters
                if it.choices
            },
        }
    return jsonify(plain)


def _ways(question: Question, language: str) -> Iterator[tuple[list[str], Mapping[str, str], str]]:
    """Yield the first way to ask a question with each slots and choices."""
    known = []
    for slots, bound, whole in ways_to_ask(question, language):
        if (slots, bound) not in known:
            known.append((slots, bound))
            yield sorted(slots), bound, whole


@blueprint.get("/engine/offline.json")
def offline() -> Response:
    """Serve which files a reader's copy begins with: what all pages need, and the pages to begin.

    Pages that are read later come beside them.
    """
    languages = [replace(view().addresses, language=it, certainty=LEAST_SURE) for it in LANGUAGES]
    named = (view().addresses.short(it.iri) or "" for it in site().source_documents)
    carnets = [it.replace("document", "/carnet", 1) for it in named if it.startswith("document/")]
    begin = (*_there(_KEPT), *_lists(), *carnets)
    pages = [its.path(path) for its in languages for path in begin]
    address = view().addresses.file
    built = sorted(it.name for it in (web_dir() / "static" / BUILT).iterdir() if _is_kept(it.name))
    files = [address(f"/static/{BUILT}/{name}") for name in built]
    files += [address(path) for path in ("/static/logo.svg", "/engine/engine.json")]
    files += [address("/carnet/texts.json")] if not view().foreign else []
    files += [
        its.path(path) for its in languages for path in (*_there(_JSON), *_indexes_of_lists())
    ]
    if _quads() <= MOST_QUADS:
        files.append(address(_data()))
    if not _is_too_much_to_search():
        files.append(address("/engine/search.json"))
    return jsonify(release=id_of_data(site()), files=[*pages, *files])


@blueprint.get("/offline.js")
def offline_worker() -> Response:
    """Serve the script that answers from an offline copy, for the folder that it is in."""
    return sent(site().assets.read("offline.js"), "text/javascript; charset=utf-8")


def _there(paths: Iterable[str]) -> list[str]:
    """Return those of the paths that the graph has."""
    return [it for it in paths if not (view().foreign and it in _OF_OURS)]


def _lists() -> list[str]:
    return [f"/list/{kind}" for kind in listed_kinds(view().queries)]


def _indexes_of_lists() -> list[str]:
    """Return the facet indexes of the lists that are filtered in the browser."""
    queries = view().queries
    kinds = listed_kinds(queries)
    narrowed = (k for k in kinds if Selection(queries, source_of_kind(k)).is_narrowed_in_browser())
    return [f"/list/{kind}.facets.json" for kind in narrowed]


def _is_kept(name: str) -> bool:
    """Whether the pages of an edition need a built file."""
    if name.startswith(("again-", "builder", "desk", "offline-")):
        return False
    return name.endswith((".js", ".css", ".woff2", ".wasm.zst"))


def _indexes() -> dict[str, object]:
    """Return the addresses of the prepared files, by language and certainty."""
    addresses = view().addresses
    return {
        "search": "" if _is_too_much_to_search() else addresses.file("/engine/search.json"),
        "asking": {
            language: replace(addresses, language=language).path("/engine/asking.json")
            for language in LANGUAGES
        },
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
