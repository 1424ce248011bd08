"""Pages about the site: the release, reported figures and counts, the report, and more.

The validation report is shown in words: the findings, and the rules of each shape and check.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph import __version__
from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, SHAPES, in_prefixes, short_iri
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import TURTLE
from rallynov_graph.release.checking import checks_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.addresses import CERTAINTY
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.shapes import MOST_COUNTED, Shape, rules_in_words, term_nodes
from rallynov_graph.site.model.statement import Evidence, judged, stated_with
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import site, view, whole_address, words
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Finding, Report

blueprint = Blueprint("about", __name__)

_REPORTED: Final = "reported_and_counted"
"""The question that compares the carnet's figures with the graph's counts."""
MOST_FINDINGS: Final = 500
"""How many findings of a severity a page shows; the files have all."""
HEADER: Final = ("severity", "rule", "focus", "path", "value", "message", "file", "line")
"""The columns of a file of findings."""
_VARIABLE: Final = re.compile(r"\{[?$]\w+\}")
_VALUE: Final = PREFIXES["rdf"] + "value"


@blueprint.get("/about")
def about() -> str:
    """Show the licence, the release, what holds for personal data, and the software."""
    kinds = [
        (words()[f"kind.{kind}"], view().addresses.path(f"/list/{kind}"))
        for kind in listed_kinds(view().queries)
    ]
    release = site().release
    has_reported = not site().foreign and _REPORTED in site().catalogue
    return page(
        "about/about.html",
        software=__version__,
        kinds=kinds,
        issued=day(release.manifest.issued, view().language) if release else "",
        reported=_reported_figures(view()) if has_reported else (),
        query=readable(site().catalogue.question(_REPORTED).bind()) if has_reported else "",
        reconcile=whole_address(view().addresses.path("/reconcile", [(CERTAINTY, LEAST_SURE)])),
        profile=view().queries.profile.label if site().graph.has_evidence else {},
    )


@dataclass(frozen=True)
class ReportedFigure:
    """A figure of the whole rally."""

    figure: Node
    measure: Node
    value: Node
    evidence: tuple[Evidence, ...]
    as_of: tuple[Node, ...]
    """The date of the figure, with its certainty."""
    counted: tuple[int, ...] | None
    """The count from its own document at each certainty, the strictest first; None if there is no
    count."""
    open_questions: tuple[Node, ...] = ()

    @property
    def difference(self) -> int | None:
        """The reported number minus the number in the graph; None if either is unknown."""
        value = self.value.text
        return int(value) - self.counted[-1] if self.counted and value.isdigit() else None


def _reported_figures(graph: GraphView) -> list[ReportedFigure]:
    question = site().catalogue.question(_REPORTED)
    answers = [
        graph.queries.cached(question.bind({"certainty": NamedNode(RN + certainty)}))
        for certainty in CERTAINTIES
    ]
    counts = [_counts(rows) for rows in answers]
    dates = {row["figure"]: row["as_of"] for row in answers[-1] if row["as_of"] is not None}
    figures = graph.queries.rows("figures").rows
    questions: dict[Term | None, dict[Term, None]] = {}
    for question_left, about, *_ in graph.queries.rows("left_open").rows:
        if question_left and about:
            questions.setdefault(about, {})[question_left] = None
    nodes = graph.nodes(chain(*figures, *questions.values(), dates.values()))
    evidence = _evidence(graph, [figure for figure, *_ in figures])
    return [
        ReportedFigure(
            nodes[figure],
            nodes[measure],
            nodes[value],
            evidence.get(figure, ()),
            (nodes[dates[figure]],) if figure in dates else (),
            tuple(counts_at_certainty.get(figure, 0) for counts_at_certainty in counts)
            if figure in counts[-1]
            else None,
            tuple(nodes[it] for it in questions.get(figure, ())),
        )
        for figure, measure, value in figures
        if figure is not None and measure is not None and value is not None
    ]


def _counts(rows: Iterable[Row]) -> Mapping[Term | None, int]:
    """Return the graph's count beside each figure."""
    return {
        row["figure"]: int(count.value)
        for row in rows
        if isinstance(count := row["counted"], Literal)
    }


def _evidence(
    graph: GraphView, figures: Iterable[Term | None]
) -> Mapping[Term, tuple[Evidence, ...]]:
    """Return the evidence of each figure, the surest first."""
    iris = (figure.value for figure in figures if isinstance(figure, NamedNode))
    given = stated_with(graph, thing=iris, property=[_VALUE])
    return {it.subject: evidence for it, evidence in judged(graph, given).items()}


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
    """Return the short name of the thing of a kind's class with the most facts.

    It is empty if there is none, or if that thing has an address of another site.
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
    release = served_release()
    shown = _report_page(view(), _report(release), site().shapes, release)
    return page("about/report.html", cite=cited(words()["nav.report"], "/report"), **shown)


@blueprint.get("/report.<suffix>")
def validation_file(suffix: str) -> Response:
    """Serve the report as the release has it, or its findings as rows."""
    release = served_release()
    if suffix not in ("csv", "json", "ttl"):
        raise Missing
    findings = _report(release)
    if suffix == "csv" and findings is not None:
        return page_files.of_rows(HEADER, _rows(findings, view().language), suffix, "report")
    path = release.report_json if suffix == "json" else release.report_turtle
    if not path.is_file():
        raise Missing
    content_type = "application/json" if suffix == "json" else TURTLE.content_type
    return page_files.sent(path.read_bytes(), content_type)


def _report(release: Release) -> Report | None:
    """Return the report of a release, None if it was not checked."""
    if not release.report_json.is_file():
        return None
    return report.from_json(release.report_json.read_text("utf-8"))


def _rows(report: Report, language: str) -> Iterator[tuple[str | int, ...]]:
    for finding in report.results:
        focus, value = (
            str(getattr(term, "value", term or "")) for term in (finding.focus, finding.value)
        )
        columns = (
            finding.severity,
            finding.shape or "",
            focus,
            finding.path or "",
            value,
            finding.message(language),
        )
        yield (*columns, finding.source_file or "", finding.line or "")


def _report_page(
    view: GraphView, report: Report | None, shapes: Sequence[Shape], release: Release
) -> Mapping[str, Any]:
    """Return the page's view of a report, or of an unchecked release without one."""
    results = report.results if report else ()
    totals = report.counts if report else {}
    found: dict[str, list[Finding]] = {severity: [] for severity in totals}
    for finding in sorted(results, key=lambda f: f.shape or ""):
        found[finding.severity].append(finding)
    finding_counts = Counter(finding.shape for finding in results)
    for more in report.more if report else ():
        finding_counts[more.rule] += more.number
    checks = checks_of(release)
    rule_addresses = {_check_iri(name): f"#check-{name}" for name in checks}
    for shape in shapes:
        page = view.addresses.term(shape.target)
        rule_addresses[shape.iri] = f"{page}#shape"
        rule_addresses |= {rule.iri: f"{page}#{rule.name}" for rule in shape.rules}
    return {
        "is_checked": report is not None,
        "conforms": report is not None and report.conforms,
        "severities": [
            {
                "name": name,
                "total": totals[name],
                "findings": [*_findings(view, findings[:MOST_FINDINGS], rule_addresses)],
            }
            for name, findings in found.items()
        ],
        "shapes": [*_shapes(view, shapes, finding_counts)],
        "rules": sum(len(shape.rules) for shape in shapes),
        "checks": [
            {
                "name": name,
                # Without a message, its text is that of another version.
                "message": view.best(
                    Text(_VARIABLE.sub("…", text), language)
                    for language, text in (check.messages.items() if check else ())
                ),
                "severity": check.severity if check else "",
                "query": readable(check.query) if check else "",
                "finding_count": finding_counts[_check_iri(name)],
            }
            for name, check in sorted(checks.items())
        ],
    }


def _findings(
    view: GraphView, findings: Sequence[Finding], rule_addresses: Mapping[str, str]
) -> Iterable[Mapping[str, object]]:
    nodes = view.nodes(finding.focus for finding in findings)
    for finding in findings:
        language = view.language if view.language in finding.messages else ""
        yield {
            "thing": nodes[finding.focus],
            "message": view.text(Text(finding.message(view.language), language)),
            "rule": in_prefixes(finding.shape) if finding.shape else "",
            "href": rule_addresses.get(finding.shape or "", ""),
            "source_file": finding.source_file or "",
            "line": finding.line,
        }


def _shapes(
    view: GraphView, shapes: Sequence[Shape], finding_counts: Counter[str | None]
) -> Iterable[Mapping[str, object]]:
    nodes = term_nodes(view, (NamedNode(shape.target) for shape in shapes))
    rules = iter(rules_in_words(view, ((shape, rule) for shape in shapes for rule in shape.rules)))
    for shape in shapes:
        things = _class_count(view, shape.target)
        yield {
            "name": in_prefixes(shape.iri),
            "node": nodes[NamedNode(shape.target)],
            "checked_things": min(things, MOST_COUNTED),
            "has_more": things > MOST_COUNTED,
            "rules": [next(rules) for _ in shape.rules],
            "finding_count": sum(
                finding_counts[iri] for iri in {shape.iri, *(rule.iri for rule in shape.rules)}
            ),
        }


def _class_count(view: GraphView, target: str) -> int:
    """Return the number of things of a class or of a subclass."""
    superclasses = view.graph.superclasses.items()
    subclasses = sorted(it for it, above in superclasses if target in above)
    classes = [NamedNode(iri) for iri in (target, *subclasses)]
    query = view.queries.text("things_counted", **{"class": classes})
    ((number,),) = view.graph.queries.cached(query).rows
    return int(number.value) if isinstance(number, Literal) else 0


def _check_iri(name: str) -> str:
    return f"{SHAPES}check-{name}"
