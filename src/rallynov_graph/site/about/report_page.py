"""The validation report in words: the findings, and the rules of each shape and check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import SHAPES, in_prefixes
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.shapes import MOST, RuleWords, Shape, rules_in_words, term_nodes
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.report import Finding, Report

MOST_FINDINGS: Final = 500
"""How many findings of a severity a page shows; the files have all."""
_VARIABLE: Final = re.compile(r"\{[?$]\w+\}")


@dataclass(frozen=True)
class ReportedFinding:
    """A finding as a page shows it."""

    thing: Node
    message: Text
    rule: str
    href: str
    """The address of the rule's description; the empty string where it is not ours."""
    source_file: str
    line: int | None


@dataclass(frozen=True)
class Severity:
    """The findings of one severity, by rule."""

    name: str
    total: int
    findings: tuple[ReportedFinding, ...]


@dataclass(frozen=True)
class CheckedShape:
    """A shape, the number of things that it was checked against, and of its findings."""

    name: str
    """Its IRI, in our prefixes."""
    node: Node
    """The class whose things were checked."""
    checked_things: int
    has_more: bool
    """Whether more things were checked than were counted."""
    rules: tuple[RuleWords, ...]
    finding_count: int


@dataclass(frozen=True)
class CheckRun:
    """A check over graphs; without a message where its text is that of another version."""

    name: str
    severity: str
    message: Text | None
    finding_count: int
    query: str = ""


@dataclass(frozen=True)
class ReportPage:
    """Whether the data conform, the findings, the worst first, and the rules."""

    is_checked: bool
    """Whether there is a report at all: a release may be made unchecked."""
    conforms: bool
    severities: tuple[Severity, ...]
    shapes: tuple[CheckedShape, ...]
    checks: tuple[CheckRun, ...]

    @property
    def rules(self) -> int:
        """The number of rules in the shapes."""
        return sum(len(shape.rules) for shape in self.shapes)


HEADER: Final = ("severity", "rule", "focus", "path", "value", "message", "file", "line")
"""The columns of a file of findings."""


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
    view: GraphView,
    report: Report | None,
    shapes: Sequence[Shape],
    checks: Mapping[str, Check | None],
    class_counts: dict[str, int],
) -> ReportPage:
    """Return the page of a report, or of a release that was not checked and has none.

    ``checks`` has the checks that were run, by name; one whose text is of another version is None.
    The number of things of each class is kept in ``class_counts`` for the next request.
    """
    results = report.results if report else ()
    totals = report.counts if report else {}
    found: dict[str, list[Finding]] = {severity: [] for severity in totals}
    for finding in sorted(results, key=lambda f: f.shape or ""):
        found[finding.severity].append(finding)
    finding_counts = Counter(finding.shape for finding in results)
    for more in report.more if report else ():
        finding_counts[more.rule] += more.number
    rule_addresses = _rule_addresses(view, shapes, checks)
    return ReportPage(
        report is not None,
        report is not None and report.conforms,
        tuple(
            Severity(
                name,
                totals[name],
                tuple(_reported_findings(view, findings[:MOST_FINDINGS], rule_addresses)),
            )
            for name, findings in found.items()
        ),
        tuple(_shapes(view, shapes, finding_counts, class_counts)),
        tuple(_checks(view, checks, finding_counts)),
    )


def _rule_addresses(
    view: GraphView, shapes: Iterable[Shape], checks: Iterable[str]
) -> dict[str, str]:
    """Return the addresses of shapes, rules and checks: on the page of a class, or on this one."""
    addresses = {_check_iri(name): f"#check-{name}" for name in checks}
    for shape in shapes:
        page = view.addresses.term(shape.target)
        addresses[shape.iri] = f"{page}#shape"
        addresses |= {rule.iri: f"{page}#{rule.name}" for rule in shape.rules}
    return addresses


def _reported_findings(
    view: GraphView, findings: Sequence[Finding], rule_addresses: Mapping[str, str]
) -> Iterable[ReportedFinding]:
    nodes = view.nodes(finding.focus for finding in findings)
    for finding in findings:
        language = view.language if view.language in finding.messages else ""
        yield ReportedFinding(
            nodes[finding.focus],
            view.text(Text(finding.message(view.language), language)),
            in_prefixes(finding.shape) if finding.shape else "",
            rule_addresses.get(finding.shape or "", ""),
            finding.source_file or "",
            finding.line,
        )


def _shapes(
    view: GraphView,
    shapes: Sequence[Shape],
    finding_counts: Mapping[str | None, int],
    class_counts: dict[str, int],
) -> Iterable[CheckedShape]:
    nodes = term_nodes(view, (NamedNode(shape.target) for shape in shapes))
    rules = iter(rules_in_words(view, ((shape, rule) for shape in shapes for rule in shape.rules)))
    for shape in shapes:
        things = _class_count(view, shape.target, class_counts)
        finding_count = sum(
            finding_counts.get(iri, 0) for iri in {shape.iri, *(rule.iri for rule in shape.rules)}
        )
        yield CheckedShape(
            in_prefixes(shape.iri),
            nodes[NamedNode(shape.target)],
            min(things, MOST),
            things > MOST,
            tuple(next(rules) for _ in shape.rules),
            finding_count,
        )


def _class_count(view: GraphView, target: str, class_counts: dict[str, int]) -> int:
    """Return the number of things of a class or of a subclass."""
    if target not in class_counts:
        subclasses = sorted(
            c for c, superclasses in view.graph.superclasses.items() if target in superclasses
        )
        classes = [NamedNode(iri) for iri in (target, *subclasses)]
        ((number,),) = view.queries.rows("things_counted", **{"class": classes}).rows
        class_counts[target] = int(number.value) if isinstance(number, Literal) else 0
    return class_counts[target]


def _checks(
    view: GraphView, checks: Mapping[str, Check | None], finding_counts: Mapping[str | None, int]
) -> Iterable[CheckRun]:
    for name, check in sorted(checks.items()):
        texts = check.messages.items() if check else ()
        message = view.best(Text(_VARIABLE.sub("…", text), language) for language, text in texts)
        severity = check.severity if check else ""
        query = readable(check.query) if check else ""
        yield CheckRun(name, severity, message, finding_counts.get(_check_iri(name), 0), query)


def _check_iri(name: str) -> str:
    return f"{SHAPES}check-{name}"
