"""How the dataset is found: VoID, DCAT, the whole as a file, the map of the site, robots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Lock
from typing import Final

from flask import Blueprint, Response, make_response, render_template, send_file
from pyoxigraph import Literal, Triple

from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ONTOLOGY, SHAPES_GRAPH
from rallynov_graph.exports.dcat import (
    CATALOGUE_PREFIXES,
    DatasetDescription,
    SiteAddresses,
    dcat,
    void,
)
from rallynov_graph.exports.void import Statistics
from rallynov_graph.rdf.formats import GRAPHS, N_QUADS, Format
from rallynov_graph.site.model.ordering import ordered
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.feature import disallowed_paths, sitemap_paths
from rallynov_graph.site.web.publisher import creators, dumps, publisher
from rallynov_graph.site.web.rdf_answers import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import absolute, site, view
from rallynov_graph.site.web.request_context import Files
from rallynov_graph.site.web.signposting import links_of_dump, links_of_files, set_links

blueprint = Blueprint("discovery", __name__)

VOID_PATH: Final = "/.well-known/void"
CATALOGUE_PATH: Final = "/catalog"
MOST_IN_MAP: Final = 20_000
"""How many things one map of the site has; a map has 50,000 addresses at most, each twice."""
_LOCK: Final = Lock()


@blueprint.get(VOID_PATH)
def well_known() -> Response:
    """Give the VoID description of the dataset, in the format of the header."""
    return _negotiated("/void", _void)


@blueprint.get("/void.<suffix>")
def void_file(suffix: str) -> Response:
    """Give the VoID description of the dataset, in the format of the suffix."""
    _only_of_rallynov()
    return _void(format_of_suffix(suffix, _files("/void")))


@blueprint.get(CATALOGUE_PATH)
def catalogue() -> Response:
    """Give the catalogue that the dataset is in, in the format of the header."""
    return _negotiated(CATALOGUE_PATH, _dcat)


@blueprint.get(f"{CATALOGUE_PATH}.<suffix>")
def catalogue_file(suffix: str) -> Response:
    """Give the catalogue that the dataset is in, in the format of the suffix."""
    _only_of_rallynov()
    return _dcat(format_of_suffix(suffix, _files(CATALOGUE_PATH)))


@blueprint.get("/dataset.nq")
def dataset() -> Response:
    """Give the data of the release as they lie in it."""
    release = site().release
    if release is None:
        raise Missing(release_only=True)
    set_links(links_of_dump())
    response = send_file(
        release.data.absolute(),  # Flask takes a relative one for its own
        N_QUADS.media_type,
        download_name="rallynov.nq",
        conditional=False,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Give the map of the site, or the list of its parts where it is too long for one file."""
    parts = -(-len(_things()) // MOST_IN_MAP)
    if parts <= 1:
        return _sitemap_part(0)
    address = view().addresses.file
    shown = [absolute(address(f"/sitemap-{number}.xml")) for number in range(1, parts + 1)]
    return _xml(render_template("discovery/sitemaps.xml", parts=shown, issued=_issued()))


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    """Give a part of the map of the site."""
    if not 1 <= number <= -(-len(_things()) // MOST_IN_MAP):
        raise Missing
    return _sitemap_part(number - 1)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell robots to leave queries alone, and everything else to read."""
    root = view().addresses.root
    lines = [
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in disallowed_paths()),
        "",
        f"Sitemap: {absolute(view().addresses.file('/sitemap.xml'))}",
    ]
    response = make_response("\n".join(lines) + "\n")
    response.content_type = "text/plain; charset=utf-8"
    return response


def dataset_description() -> DatasetDescription:
    """Return what is told of the dataset to those who look for data."""
    file = view().addresses.file
    places = SiteAddresses(
        *(absolute(file(path)) for path in ("/", VOID_PATH, CATALOGUE_PATH, "/sparql"))
    )
    return DatasetDescription(
        site().origin, places, publisher(), creators(), dumps(), ONTOLOGY, SHAPES_GRAPH
    )


def _negotiated(path: str, make: Callable[[Format], Response]) -> Response:
    _only_of_rallynov()
    files = _files(path)
    form = negotiated_format(files, page=False)
    return negotiated(make(form), form, files)


def _files(path: str) -> Files:
    return tuple((form, view().addresses.file(f"{path}{form.suffix}")) for form in GRAPHS)


def _void(form: Format) -> Response:
    set_links(links_of_files(_files("/void")))
    space = f"{site().base}id/"
    return _description(void(dataset_description(), _statistics(space), space), form)


def _dcat(form: Format) -> Response:
    set_links(links_of_files(_files(CATALOGUE_PATH)))
    return _description(dcat(dataset_description()), form)


def _description(triples: Iterator[Triple], form: Format) -> Response:
    return graph_response(triples, form, CATALOGUE_PREFIXES)


def _statistics(space: str) -> Statistics:
    """Return what is counted of the graph; that is done once, whoever asks meanwhile."""
    queries = site().graph.queries
    with _LOCK:
        if not site().stamp:
            return Statistics.of(queries, space)
        return queries.once("statistics", space, lambda: Statistics.saved(queries, space))


def _only_of_rallynov() -> None:
    if site().foreign or not site().origin.dataset:
        raise Missing(rallynov_only=True)


def _things() -> tuple[str, ...]:
    """Return the things that have a page for people; a contact alone is not offered to robots."""
    if site().foreign:
        return ()
    queries = view().queries
    hidden = {str(getattr(p, "value", "")) for (p,) in queries.rows("only_contacts").rows}
    return tuple(
        iri
        for kind in FIRST_KINDS
        for iri in ordered(view(), _query_of_kind(kind))
        if iri not in hidden
    )


def _query_of_kind(kind: str) -> str:
    prefix = Literal(f"{site().base}id/{kind}/")
    return view().queries.text("things_of_kind", prefix=prefix)


def _sitemap_part(number: int) -> Response:
    things = _things()[number * MOST_IN_MAP : (number + 1) * MOST_IN_MAP]
    paths = [] if number else [*(("/",) if site().foreign else sitemap_paths(site()))]
    paths += [f"/page/{short}" for iri in things if (short := view().addresses.short(iri))]
    french, english = (replace(view().addresses, language=code) for code in LANGUAGES)
    pages = [(absolute(french.path(path)), absolute(english.path(path))) for path in paths]
    return _xml(render_template("discovery/sitemap.xml", pages=pages, issued=_issued()))


def _issued() -> str:
    release = site().release
    return release.manifest.issued if release else ""


def _xml(text: str) -> Response:
    response = make_response(text)
    response.content_type = "application/xml; charset=utf-8"
    return response
