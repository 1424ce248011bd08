"""What lets programs find the dataset: VoID, DCAT, the file of it all, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from flask import Blueprint, Response, make_response, render_template, send_file
from pyoxigraph import Literal, Triple

from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ONTOLOGY, SHAPES_GRAPH
from rallynov_graph.exports.catalogues import (
    CATALOGUE_PREFIXES,
    DatasetDescription,
    Statistics,
    dcat,
    statistics,
    void,
)
from rallynov_graph.rdf.formats import GRAPHS, N_QUADS, Format
from rallynov_graph.release.attribution import attribution
from rallynov_graph.site.model.ordering import ordered
from rallynov_graph.site.web.error_pages import Missing, not_of_this_graph, served_release
from rallynov_graph.site.web.feature import disallowed_paths, sitemap_paths
from rallynov_graph.site.web.page_files import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import Files, absolute, site, view
from rallynov_graph.site.web.signposting import (
    creators,
    dumps,
    links_of_dump,
    links_of_files,
    publisher,
    set_links,
)

blueprint = Blueprint("discovery", __name__)

VOID_PATH: Final = "/.well-known/void"
CATALOGUE_PATH: Final = "/catalog"
MOST_THINGS: Final = 20_000
"""How many things a part of the sitemap has; it may have 50,000 addresses, two for a thing."""
_WITHOUT_END: Final = ("/compare?", "/between?", "/*?try=", "/*&")
"""The addresses of which there are as many as pairs of things, or of settings."""
_TOLD_FOR: Final = timedelta(days=180)
"""How long security.txt may be taken for true after it was read."""
_LOCK: Final = Lock()


@blueprint.get(VOID_PATH)
def well_known() -> Response:
    """Serve the VoID description of the dataset in the format of the Accept header."""
    return _negotiated("/void", _void)


@blueprint.get("/void.<suffix>")
def void_file(suffix: str) -> Response:
    """Serve the VoID description of the dataset in the format of the suffix."""
    _require_described_dataset()
    return _void(format_of_suffix(suffix, _files("/void")))


@blueprint.get(CATALOGUE_PATH)
def catalogue() -> Response:
    """Serve the DCAT catalogue of the dataset in the format of the Accept header."""
    return _negotiated(CATALOGUE_PATH, _dcat)


@blueprint.get(f"{CATALOGUE_PATH}.<suffix>")
def catalogue_file(suffix: str) -> Response:
    """Serve the DCAT catalogue of the dataset in the format of the suffix."""
    _require_described_dataset()
    return _dcat(format_of_suffix(suffix, _files(CATALOGUE_PATH)))


@blueprint.get("/dataset.nq")
def dataset() -> Response:
    """Serve the data of the release as the release has them."""
    release = served_release()
    set_links(links_of_dump())
    response = send_file(
        release.data.absolute(),  # Flask takes a relative one for its own
        N_QUADS.media_type,
        download_name=f"{attribution().name}.nq",
        conditional=False,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Serve the sitemap, or the list of its parts where it is too long for one file."""
    part_count = -(-len(_things()) // MOST_THINGS)
    if part_count <= 1:
        return _sitemap_part(0)
    address = view().addresses.file
    part_addresses = [
        absolute(address(f"/sitemap-{number}.xml")) for number in range(1, part_count + 1)
    ]
    return _xml(render_template("discovery/sitemaps.xml", parts=part_addresses, issued=_issued()))


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    """Serve a part of the sitemap."""
    if not 1 <= number <= -(-len(_things()) // MOST_THINGS):
        raise Missing
    return _sitemap_part(number - 1)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Serve robots.txt, which disallows what would run queries and allows the rest.

    What is worked out anew for each pair of things or settings has no end.
    """
    root = view().addresses.root
    lines = [
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in (*disallowed_paths(), *_WITHOUT_END)),
        "",
        f"Sitemap: {absolute(view().addresses.file('/sitemap.xml'))}",
    ]
    response = make_response("\n".join(lines) + "\n")
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Serve whom to tell of a weakness of the site; raise Missing where the operator says not."""
    contact = site().publication.contact
    if not contact:
        raise Missing
    until = (datetime.now(UTC) + _TOLD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {until}",
        "Preferred-Languages: fr, en",
        f"Canonical: {absolute(view().addresses.file('/.well-known/security.txt'))}",
    ]
    response = make_response("\n".join(lines) + "\n")
    response.content_type = "text/plain; charset=utf-8"
    return response


def dataset_description() -> DatasetDescription:
    """Return the description of the dataset, from which VoID and DCAT are made."""
    file = view().addresses.file
    return DatasetDescription(
        site().origin,
        absolute(file("/")),
        absolute(file(VOID_PATH)),
        absolute(file(CATALOGUE_PATH)),
        absolute(file("/sparql")),
        publisher(),
        creators(),
        dumps(),
        ONTOLOGY,
        SHAPES_GRAPH,
    )


def _negotiated(path: str, response_in: Callable[[Format], Response]) -> Response:
    _require_described_dataset()
    files = _files(path)
    form = negotiated_format(files, page=False)
    return negotiated(response_in(form), form, files)


def _files(path: str) -> Files:
    return tuple((form, view().addresses.file(f"{path}{form.suffix}")) for form in GRAPHS)


def _void(form: Format) -> Response:
    set_links(links_of_files(_files("/void")))
    id_prefix = f"{site().base}id/"
    return _description(void(dataset_description(), _statistics(id_prefix), id_prefix), form)


def _dcat(form: Format) -> Response:
    set_links(links_of_files(_files(CATALOGUE_PATH)))
    return _description(dcat(dataset_description()), form)


def _description(triples: Iterator[Triple], form: Format) -> Response:
    return graph_response(triples, form, CATALOGUE_PREFIXES)


def _statistics(id_prefix: str) -> Statistics:
    """Return the counts of the graph; requests at the same time wait for one computation."""
    queries = site().graph.queries
    with _LOCK:
        if not site().stamp:
            return statistics(queries, id_prefix)
        return queries.once("statistics", id_prefix, lambda: statistics(queries, id_prefix))


def _require_described_dataset() -> None:
    if site().foreign or not site().origin.dataset:
        raise not_of_this_graph()


def _things() -> tuple[str, ...]:
    """Return the things that have a page; one that is only a contact person is left out."""
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
    things = _things()[number * MOST_THINGS : (number + 1) * MOST_THINGS]
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
