"""What the site says of itself: the release, its accessibility and the report."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response
from pyoxigraph import NamedNode

from rallynov_graph import __version__
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.rdf.formats import TURTLE
from rallynov_graph.release.checking import checks_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.about.report_page import HEADER, report_page, rows
from rallynov_graph.site.about.reported_figures import reported_figures
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.json_answers import whole_address
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Report

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> str:
    """Show the licence, the release, what holds for personal data, and the software."""
    kinds = [
        (words()[f"kind.{kind}"], view().addresses.path(f"/list/{kind}"))
        for kind in listed_kinds(view().queries)
    ]
    release = site().release
    issued = day(release.manifest.issued, view().language) if release else ""
    reported = None if site().foreign else reported_figures(view(), site().catalogue)
    return page(
        "about/about.html",
        software=__version__,
        kinds=kinds,
        issued=issued,
        reported=reported,
        reconcile=whole_address(view().addresses.path("/reconcile")),
    )


@blueprint.get("/api")
def for_programs() -> str:
    """Show by which addresses programs get what the site has."""
    addresses = view().addresses
    kinds = listed_kinds(view().queries)
    return page(
        "about/api.html",
        listed=kinds[0] if kinds else "",
        example=next(filter(None, map(_example, kinds)), ""),
        whole=lambda path, query=(): whole_address(addresses.file(path, query)),
        has_questions=bool(site().catalogue) and not site().foreign,
    )


def _example(kind: str) -> str:
    """Return the short name of the thing of a kind's class that the graph speaks of most.

    It is empty where there is none, or where that thing has an address of somebody else.
    """
    of_class = [NamedNode(iri) for iri in [KINDS[kind].class_iri] if iri]
    rows = view().queries.rows("example_of", of=of_class).rows
    things = (thing.value for (thing,) in rows if isinstance(thing, NamedNode))
    return next((short_iri(thing) for thing in things if thing.startswith(ID)), "")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement: what was tested, what was not, and the contact."""
    return page("about/accessibility.html", publication=site().publication)


@blueprint.get("/report")
def validation() -> str:
    """Show the validation report in words."""
    release = served_release()
    class_counts = current_app.extensions.setdefault("class_counts", {})
    report_shown = report_page(
        view(), _report(release), site().shapes, checks_of(release), class_counts
    )
    return page(
        "about/report.html", page=report_shown, cite=cited(words()["nav.report"], "/report")
    )


@blueprint.get("/report.<suffix>")
def validation_file(suffix: str) -> Response:
    """Serve the report as the release has it, or its findings as rows."""
    release = served_release()
    if suffix not in ("csv", "json", "ttl"):
        raise Missing
    findings = _report(release)
    if suffix == "csv" and findings is not None:
        return page_files.of_rows(HEADER, rows(findings, view().language), suffix, "report")
    path = release.report_json if suffix == "json" else release.report_turtle
    if not path.is_file():
        raise Missing
    response = make_response(path.read_bytes())
    response.content_type = "application/json" if suffix == "json" else TURTLE.content_type
    return response


def _report(release: Release) -> Report | None:
    """Return the report of a release, None where it was made unchecked."""
    if not release.report_json.is_file():
        return None
    return report.from_json(release.report_json.read_text("utf-8"))
