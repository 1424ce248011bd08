"""The validation report in words: how many findings of each severity, and each one."""

from __future__ import annotations

from dataclasses import dataclass

from rallynov_graph.labels import Text
from rallynov_graph.namespaces import in_prefixes
from rallynov_graph.validating.report import Report
from rallynov_graph.views.nodes import Lens, Node


@dataclass(frozen=True)
class Found:
    """A finding as a page shows it."""

    thing: Node
    message: Text
    rule: str
    place: str
    line: int | None


@dataclass(frozen=True)
class Severity:
    """The findings of one severity."""

    name: str
    findings: tuple[Found, ...]


@dataclass(frozen=True)
class ReportPage:
    """Whether the data conform, and what was found, the worst first."""

    conforms: bool
    severities: tuple[Severity, ...]


def report_page(lens: Lens, report: Report) -> ReportPage:
    """Return the page of a report."""
    nodes = lens.nodes(finding.focus for finding in report.results)
    found: dict[str, list[Found]] = {severity: [] for severity in report.counts}
    for finding in report.results:
        language = lens.language if lens.language in finding.messages else ""
        message = finding.message(lens.language)
        found[finding.severity].append(
            Found(
                nodes[finding.focus],
                lens.text(Text(message, language)),
                in_prefixes(finding.shape) if finding.shape else "",
                finding.source_file or "",
                finding.line,
            )
        )
    return ReportPage(
        report.conforms, tuple(Severity(name, tuple(told)) for name, told in found.items())
    )
