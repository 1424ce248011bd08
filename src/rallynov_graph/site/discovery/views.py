"""Descriptions for programs: VoID, DCAT, the dataset file, the sitemap, robots.txt.

SPARQL clients that complete or write queries read the examples: each question with its query, the
prefixes, and the targets of the properties of each class.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from flask import Blueprint, Response, render_template, send_file
from pyoxigraph import Literal

from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.exports.catalogues import (
    CATALOGUE_PREFIXES,
    DOCUMENT_PREFIXES,
    LINKS,
    ExamplesDocument,
    Statistics,
    dcat,
    examples,
    links,
    statistics,
    void,
)
from rallynov_graph.rdf.formats import N_QUADS, Format
from rallynov_graph.release.attribution import attribution
from rallynov_graph.site.model.ordering import ordered
from rallynov_graph.site.web.error_pages import (
    Missing,
    not_of_this_graph,
    served_release,
)
from rallynov_graph.site.web.feature import disallowed_paths, sitemap_paths
from rallynov_graph.site.web.page_files import (
    files_of,
    graph_response,
    page_or_data,
    sent,
)
from rallynov_graph.site.web.reader import absolute, site, view
from rallynov_graph.site.web.signposting import (
    CATALOGUE,
    VOID_PATH,
    dataset_description,
    links_of_dump,
    set_links,
)

blueprint = Blueprint("discovery", __name__)

_EXAMPLES: Final = "/.well-known/sparql-examples"
MOST_THINGS: Final = 20_000
"""How many things a part of the sitemap has; it may have 50,000 addresses, two for a thing."""
_WITHOUT_END: Final = ("/compare?", "/between?", "/*?try=", "/*&")
"""The addresses of which there are as many as pairs of things, or of settings."""
_TOLD_FOR: Final = timedelta(days=180)
"""How long security.txt is valid after it was read."""
_LOCK: Final = Lock()


@blueprint.get(VOID_PATH, defaults={"name": "void"})
@blueprint.get(CATALOGUE, defaults={"name": "catalog"})
@blueprint.get(_EXAMPLES, defaults={"name": "sparql-examples"})
@blueprint.get('/<any(void, catalog, "sparql-examples"):name>.<suffix>')
def description(name: str, suffix: str = "") -> Response:
    """Serve VoID, DCAT or the examples in the format of the suffix, else of the Accept header."""
    written = {"void": _void, "catalog": _dcat, "sparql-examples": _examples}[name]
    if site().foreign or not (site().origin.dataset or written is _examples):
        raise not_of_this_graph()
    return page_or_data(files_of(f"/{name}"), written, suffix=suffix)


def _void(form: Format) -> Response:
    space = f"{site().base}id/"
    found = void(dataset_description(), _statistics(space), space)
    return graph_response(found, form, CATALOGUE_PREFIXES)


def _dcat(form: Format) -> Response:
    return graph_response(dcat(dataset_description()), form, CATALOGUE_PREFIXES)


def _statistics(space: str) -> Statistics:
    """Return the counts of the graph; requests at the same time wait for one computation."""
    queries = site().graph.queries
    with _LOCK:
        if not site().stamp:
            return statistics(queries, space)
        return queries.once("statistics", space, lambda: statistics(queries, space))


def _examples(form: Format) -> Response:
    addresses = (view().addresses.file(path) for path in (_EXAMPLES, "/sparql", "/questions/"))
    document = ExamplesDocument(*map(absolute, addresses))
    found = [
        *examples(document, site().catalogue.values()),
        *links(document, view().cached_rows(LINKS)),
    ]
    return graph_response(found, form, DOCUMENT_PREFIXES)


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
    """Serve the sitemap, or the list of its parts if it is too long for one file."""
    parts = range(1, _part_count() + 1)
    if len(parts) <= 1:
        return _sitemap_part(0)
    addresses = [absolute(view().addresses.file(f"/sitemap-{number}.xml")) for number in parts]
    return _xml("discovery/sitemaps.xml", parts=addresses)


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    if not 1 <= number <= _part_count():
        raise Missing
    return _sitemap_part(number - 1)


def _part_count() -> int:
    return -(-len(_things()) // MOST_THINGS)


def _things() -> tuple[str, ...]:
    """Return the things that have a page; mere contact persons are left out."""
    if site().foreign:
        return ()
    queries = view().queries
    hidden = {str(getattr(p, "value", "")) for (p,) in queries.rows("only_contacts").rows}
    spaces = (Literal(f"{site().base}id/{kind}/") for kind in FIRST_KINDS)
    of_kinds = (queries.text("things_of_kind", prefix=space) for space in spaces)
    return tuple(iri for query in of_kinds for iri in ordered(view(), query) if iri not in hidden)


def _sitemap_part(number: int) -> Response:
    things = _things()[number * MOST_THINGS : (number + 1) * MOST_THINGS]
    paths = [] if number else [*(("/",) if site().foreign else sitemap_paths(site()))]
    paths += [f"/page/{short}" for iri in things if (short := view().addresses.short(iri))]
    french, english = (replace(view().addresses, language=code) for code in LANGUAGES)
    pages = [(absolute(french.path(path)), absolute(english.path(path))) for path in paths]
    return _xml("discovery/sitemap.xml", pages=pages)


def _xml(template: str, **variables: object) -> Response:
    release = site().release
    issued = release.manifest.issued if release else ""
    text = render_template(template, issued=issued, **variables)
    return sent(text, "application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Serve robots.txt, which disallows pages that run queries and allows the rest.

    Pages for every pair of things or combination of settings would never end.
    """
    root = view().addresses.root
    lines = [
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in (*disallowed_paths(), *_WITHOUT_END)),
        "",
        f"Sitemap: {absolute(view().addresses.file('/sitemap.xml'))}",
    ]
    return sent("\n".join(lines) + "\n")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Serve the contact for security reports; raise Missing if the operator gave none."""
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
    return sent("\n".join(lines) + "\n")
