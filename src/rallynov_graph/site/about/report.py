"""The validation report in words: the findings, and the rules of each shape and check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import SHAPES, in_prefixes
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.checking import checks_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.shapes import MOST_COUNTED, Shape, rules_in_words, term_nodes
from rallynov_graph.validation.report import Finding, Report

MOST_FINDINGS: Final = 500
"""How many findings of a severity a page shows; the files have all."""
HEADER: Final = ("severity", "rule", "focus", "path", "value", "message", "file", "line")
"""The columns of a file of findings."""
_VARIABLE: Final = re.compile(r"\{[?$]\w+\}")


def rows(report: Report, language: str) -> Iterator[tuple[str | int, ...]]:
    """Yield the findings of a report under the header."""
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


def report_page(
    view: GraphView, report: Report | None, shapes: Sequence[Shape], release: Release
) -> Mapping[str, Any]:
    """Return what the page shows of a report, or of a release that was not checked and has none."""
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
