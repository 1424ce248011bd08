"""The report of a validation: findings with messages and places, as text, JSON and RDF."""

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from rallynov_graph.base.errors import in_french
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term, parsed_term
from rallynov_graph.rdf import canonical
from rallynov_graph.rdf.locations import Location, StatementLine, locate, statement_lines, value_of
from rallynov_graph.validation.quick import results

if TYPE_CHECKING:
    from rdflib import Graph

VIOLATION: Final = "Violation"
WARNING: Final = "Warning"
INFO: Final = "Info"
SEVERITIES: Final = (VIOLATION, WARNING, INFO)
WORDS: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text("utf-8")
)
"""What is said, by a name of it and by language."""
A_RULE: Final = 100
"""How many findings of a rule are kept; the report says how many more there are."""
_LONGEST: Final = 200
"""How many characters of a value a report for people shows."""
_IRI: Final = re.compile(r"<([^<>\s]+)>")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_SELECTOR: Final = f"{PREFIXES['oa']}hasSelector"
_END: Final = f"{PREFIXES['oa']}end"
_AT_MOST: Final = f"{PREFIXES['sh']}MaxCountConstraintComponent"


@dataclass(frozen=True)
class Finding(results.Finding):
    """A place where data break a shape or a check, with its file and line.

    The component of a check is SPARQLConstraintComponent, as in W3C reports.
    """

    source_file: str | None = None
    line: int | None = None
    place: Term | None = field(default=None, compare=False, repr=False)
    """A value that leads to the line, and is never shown."""
    concluded: bool = field(default=False, compare=False, repr=False)
    """Whether it is about a statement that is in no file: a rule concluded it."""

    @property
    def fails(self) -> bool:
        return self.severity not in (WARNING, INFO)

    @property
    def source_shape(self) -> str | None:
        """The IRI of the shape that has the constraint; None if it has no name."""
        if self.source is None:
            return self.shape
        return self.source.value if isinstance(self.source, NamedNode) else None

    @property
    def described(self) -> str | None:
        """The IRI that locates the finding: that of the thing, or of what it is part of."""
        return self.focus.value if isinstance(self.focus, NamedNode) else self.within

    def message(self, language: str) -> str:
        """Return the message in a language, or in another one if it has none."""
        for wanted in (language, "en", "fr", ""):
            if wanted in self.messages:
                message = self.messages[wanted]
                return message if wanted == "fr" or language != "fr" else in_french(message)
        return next(iter(self.messages.values()), "")

    def text(self, language: str = "en") -> str:
        """Return the finding as readable lines: place, thing, message, value."""
        location = self.source_file or ""
        if self.line is not None:
            location += _said("line", language, self.line)
        thing = _short(self.focus, language)
        if self.within:
            thing = _said("in", language, thing, _short(NamedNode(self.within), language))
        severity = WORDS.get(self.severity, {}).get(language, self.severity)
        colon = " :" if language == "fr" else ":"
        lines = [f"{colon} ".join(filter(None, (severity, location, thing)))]
        if message := self.message(language):
            lines.append(f"    {message}")
        if self.path:
            lines.append("    " + _said("property", language, shortened(self.path)))
        if self.value is not None:
            lines.append("    " + _said("value", language, _short(self.value, language)))
        if self.shape:
            lines.append("    " + _said("rule", language, in_prefixes(self.shape)))
        return "\n".join(lines)


@dataclass(frozen=True)
class More:
    """The number of findings of a rule that a report leaves out."""

    severity: str
    rule: str
    number: int


@dataclass(frozen=True)
class Report:
    """The findings of a validation, in a fixed order, with a limited number for each rule."""

    results: tuple[Finding, ...]
    draw: "Callable[[Report], Graph] | None" = field(default=None, compare=False, repr=False)
    """Returns the report as the W3C defines it; None for a report read from JSON."""
    more: tuple[More, ...] = ()

    @property
    def graph(self) -> "Graph | None":
        """The W3C validation report; None for a report read from JSON."""
        return self.draw(self) if self.draw is not None else None

    @property
    def conforms(self) -> bool:
        """Whether nothing fails; warnings and remarks do not count."""
        return not any(finding.fails for finding in self.results)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(finding.severity for finding in self.results)
        for more in self.more:
            found[more.severity] += more.number
        return {severity: found[severity] for severity in dict.fromkeys((*SEVERITIES, *found))}

    def located(self, files: Iterable[tuple[str, Path]]) -> "Report":
        """Return the report with the file and line of the statement that each finding is about.

        The report uses the given name of each file.
        """
        found = placed(self.results, {path: name for name, path in files})
        return replace(self, results=tuple(sorted(found, key=_order)))

    def folded(self) -> "Report":
        """Return the report with one finding for each mistake, without those that follow from
        others.
        """
        from rallynov_graph.validation import mistakes  # it knows reports

        return replace(self, results=tuple(mistakes.folded(self.results)))

    def text(self, language: str = "en") -> str:
        """Return the findings, the worst first, and a last line that sums them up."""
        paragraphs = [finding.text(language) for finding in self.results]
        left_out = [
            _said("more", language, more.number, in_prefixes(more.rule)) for more in self.more
        ]
        return "\n\n".join([*paragraphs, *left_out, self.summary(language)])

    def summary(self, language: str = "en") -> str:
        """Return one sentence: whether the data conform, and the number of findings."""
        single = (0, 1) if language == "fr" else (1,)
        counted = ", ".join(
            f"{number} {WORDS.get(severity, {}).get(language, in_prefixes(severity)).lower()}"
            f"{'' if number in single else 's'}"
            for severity, number in self.counts.items()
        )
        return _said("conform" if self.conforms else "do not conform", language, counted)

    def json(self) -> str:
        """Return the report as JSON; the same findings give the same bytes."""
        content: dict[str, Any] = {
            "conforms": self.conforms,
            "counts": self.counts,
            "results": [_as_json(finding) for finding in self.results],
        }
        if self.more:
            content["more"] = [asdict(more) for more in self.more]
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def turtle(self) -> bytes:
        """Return the W3C report in Turtle, sorted, with blank nodes named by their content."""
        assert self.graph is not None  # the graph of a report read from JSON is beside it
        triples = self.graph.serialize(format="nt", encoding="utf-8")
        dataset = Dataset(parse(triples, format=RdfFormat.N_TRIPLES))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return canonical.turtle((quad.triple for quad in dataset), PREFIXES)


def difference_text(
    brought: Sequence[Finding], healed: Sequence[Finding], language: str = "en"
) -> str:
    """Return the problems that a change causes and solves, as readable lines."""
    parts = []
    for name, findings in (("brought", brought), ("healed", healed)):
        parts.append(_said(name, language, len(findings)))
        parts += [finding.text(language) for finding in findings]
    return "\n\n".join(parts)


def difference_json(brought: Sequence[Finding], healed: Sequence[Finding]) -> str:
    """Return the problems that a change causes and solves, as JSON."""
    content = {
        "brought": [_as_json(finding) for finding in brought],
        "healed": [_as_json(finding) for finding in healed],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> Report:
    """Read a report that ``Report.json`` wrote."""
    content = json.loads(text)
    more = tuple(More(**one) for one in content.get("more", ()))
    return Report(tuple(map(_from_json, content["results"])), more=more)


def of(
    findings: Iterable[Finding],
    draw: "Callable[[Report], Graph] | None" = None,
    more: tuple[More, ...] = (),
) -> Report:
    """Make a report of findings, in their fixed order."""
    return Report(tuple(sorted(findings, key=_order)), draw, more)


def identity(finding: Finding) -> tuple[object, ...]:
    """Return what distinguishes a finding from others, whatever its message suggests."""
    where = finding.focus, finding.path, finding.value, finding.component
    return finding.shape, finding.severity, *where


def without(findings: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are not among others, as a difference of multisets."""
    spare = Counter(map(identity, others))
    left = []
    for finding in findings:
        key = identity(finding)
        spare[key] -= 1
        if spare[key] < 0:
            left.append(finding)
    return left


def first_of_each_rule(
    findings: Iterable[Finding], things: frozenset[str] = frozenset()
) -> tuple[list[Finding], tuple[More, ...]]:
    """Return the first findings of each rule in a fixed order, and the number of the others.

    Findings about the given things (as N-Triples) come first.
    """
    numbers = Counter[tuple[str, str]]()
    by_rule: dict[tuple[str, str], list[tuple[tuple[str, ...], Finding]]] = defaultdict(list)
    for it in findings:
        focus, value = str(it.focus), "" if it.value is None else str(it.value)
        key = ("" if focus in things else "other", focus, it.path or "", value, it.component)
        rule = it.severity, it.shape or ""
        numbers[rule] += 1
        by_rule[rule].append((key, it))
        if len(by_rule[rule]) >= 2 * A_RULE:
            _shorten(by_rule[rule])
    for found in by_rule.values():
        _shorten(found)
    more = (
        More(*rule, number - A_RULE) for rule, number in sorted(numbers.items()) if number > A_RULE
    )
    return [it for found in by_rule.values() for _, it in found], tuple(more)


def _shorten(found: list[tuple[tuple[str, ...], Finding]]) -> None:
    found.sort(key=lambda one: one[0])
    del found[A_RULE:]


def drawn(report: Report, shapes: Iterable[Quad | Triple]) -> "Graph":
    """Return a report as the W3C defines it, in pySHACL's form."""
    from rdflib import RDFS
    from rdflib import Literal as RdflibLiteral

    from rallynov_graph.validation.quick.rdflib_graphs import as_graph, report_graph

    graph, whole = report_graph(report.results, as_graph(shapes))
    for more in report.more:
        for language in LANGUAGES:
            text = _said("more_unwritten", language, more.number, more.rule)
            graph.add((whole, RDFS.comment, RdflibLiteral(text, lang=language)))
    return graph


def _order(finding: Finding) -> tuple[object, ...]:
    worst_first = ("", VIOLATION, WARNING, INFO)
    rank = worst_first.index(finding.severity) if finding.severity in worst_first else 0
    return (
        rank,
        finding.source_file or "",
        finding.line or 0,
        str(finding.focus),
        finding.shape or "",
        finding.path or "",
        str(finding.value),
        sorted(finding.messages.items()),
    )


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "shape": finding.shape,
        "sourceShape": finding.source_shape,
        "component": finding.component,
        "focus": str(finding.focus),
        "path": finding.path,
        "value": None if finding.value is None else str(finding.value),
        "messages": dict(sorted(finding.messages.items())),
        "file": finding.source_file,
        "line": finding.line,
        **({"within": finding.within} if finding.within else {}),
    }


def _from_json(result: Mapping[str, Any]) -> Finding:
    component, shape = result.get("component", results.SPARQL), result.get("sourceShape")
    of_check = "component" not in result or (component, shape) == (results.SPARQL, result["shape"])
    return Finding(
        severity=result["severity"],
        shape=result["shape"],
        focus=parsed_term(result["focus"]),
        path=result["path"],
        value=None if result["value"] is None else parsed_term(result["value"]),
        messages=result["messages"],
        source_file=result["file"],
        line=result["line"],
        within=result.get("within"),
        component=component,
        source=None if of_check else BlankNode() if shape is None else NamedNode(shape),
    )


def _said(name: str, language: str, *values: object) -> str:
    return WORDS[name][language].format(*values)


def _short(term: Term, language: str) -> str:
    if isinstance(term, NamedNode):
        short = in_prefixes(term.value)
        return f"<{short}>" if short == term.value else short
    if isinstance(term, Literal) and len(term.value) > _LONGEST:
        start = str(Literal(term.value[:_LONGEST]))[:-1]
        return _said("cut", language, start, len(term.value))
    return str(term)


def shortened(written: str) -> str:
    """Return an IRI, or a path or value in SPARQL syntax, with well-known prefixes."""
    if "<" not in written:
        return in_prefixes(written)
    return _IRI.sub(lambda m: m[0] if (short := in_prefixes(m[1])) == m[1] else short, written)


def placed(findings: Iterable[Finding], files: Mapping[Path, str]) -> list[Finding]:
    """Return findings with the file and line of the statement that each is about.

    A missing value is located at the line that states the thing's kind. A finding about a statement
    that a rule concluded, and which is in no file, is marked so.
    """
    found = list(findings)
    subjects = {iri for finding in found if (iri := finding.described)}
    subjects |= {iri for finding in found if (iri := _selector(finding))}
    if not subjects:
        return found
    stated = statement_lines(files, subjects)
    described = locate(files, subjects - stated.keys())
    return [_placed(finding, stated, described, files) for finding in found]


def _placed(
    finding: Finding,
    stated: Mapping[str, Sequence[StatementLine]],
    described: Mapping[str, Location],
    files: Mapping[Path, str],
) -> Finding:
    iri = finding.described
    if iri is None:
        return finding
    place = _of_selector(finding, stated) or _at_fault(finding, stated.get(iri, ()))
    concluded = place is None and _is_concluded(finding, stated.get(iri, ()))
    found = place or _kind(stated.get(iri, ())) or described.get(iri)
    if found is None:
        return replace(finding, concluded=concluded)
    return replace(finding, source_file=files[found.path], line=found.line, concluded=concluded)


def _at_fault(finding: Finding, own: Sequence[StatementLine]) -> StatementLine | None:
    """Return the statement that a finding is about; None if it is in no file."""
    value = value_of(finding.value if finding.place is None else finding.place)
    graph = getattr(finding.value, "value", None)
    of_path = [line for line in own if line.predicate == finding.path]
    exact = [line for line in of_path if line.value == value]
    within = [line for line in of_path or own if graph is not None and line.graph == graph]
    if exact or within:
        return (exact or within)[0]
    if finding.value is not None or not of_path:
        return None
    in_first_file = [line for line in of_path if line.path == of_path[0].path]
    return in_first_file[-1 if finding.component == _AT_MOST else 0]


def _is_concluded(finding: Finding, own: Sequence[StatementLine]) -> bool:
    """Whether a finding is about a concluded statement of a thing that files describe."""
    is_property = finding.path is not None and "<" not in finding.path and "^" not in finding.path
    return is_property and finding.value is not None and bool(own)


def _kind(own: Sequence[StatementLine]) -> StatementLine | None:
    """Return where the thing's kind is stated, or any statement about it."""
    return next((line for line in own if line.predicate == _TYPE), own[0] if own else None)


def _selector(finding: Finding) -> str | None:
    """Return the IRI of the positions that a finding is about."""
    is_one = finding.path == _SELECTOR and isinstance(finding.value, NamedNode)
    return getattr(finding.value, "value", None) if is_one else None


def _of_selector(
    finding: Finding, stated: Mapping[str, Sequence[StatementLine]]
) -> StatementLine | None:
    """Return the lines of the positions that a finding is about."""
    own = stated.get(_selector(finding) or "", ())
    return next((line for line in own if line.predicate == _END), None)
