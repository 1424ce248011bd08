"""The home page."""

from flask import Blueprint, Response

from rallynov_graph.base.languages import day
from rallynov_graph.http.links import Link
from rallynov_graph.site.home.page import ForeignHomePage, HomePage, foreign_home_page, home_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import (
    links_of_first_page,
    nquads_dump,
    set_links,
    set_structured_data_of_first_page,
)
from rallynov_graph.site.web.url_parameters import certainty

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    """Show what the graph holds."""
    if site().foreign:
        return page("home/foreign_home.html", page=foreign_home_page(view()))
    found = home_page(view(), site().catalogue, certainty(), site().source_documents)
    items = (Link("item", dump.address, dump.form.media_type) for dump in nquads_dump())
    set_links(links_of_first_page(items).links)
    set_structured_data_of_first_page()
    release = site().release
    issued = day(release.manifest.issued, view().language) if release else ""
    cite = cited(words()["home.title"], "/", "certainty")
    return page(
        "home/home.html", page=found, issued=issued, cite=cite, documents=site().source_documents
    )


@blueprint.get("/home.<suffix>")
def home_file(suffix: str) -> Response:
    """Serve the stages as rows, or their facts as RDF; of another graph, its classes."""
    found: HomePage | ForeignHomePage
    if site().foreign:
        found = foreign_home_page(view())
        shown = [it.node.iri for it in found.classes]
    else:
        found = home_page(view(), site().catalogue, certainty(), site().source_documents)
        shown = [it.node.iri for it in found.road]
    if suffix not in page_files.ROWS:
        return page_files.of_things(shown, suffix, "home")
    if not found.query:
        raise Missing
    return page_files.of_query(found.query, suffix, "home")
