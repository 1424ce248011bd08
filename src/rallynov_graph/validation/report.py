"""The report of a validation: findings with their messages and places, as text and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term, parsed_term
from rallynov_graph.validation import cascades, placing

if TYPE_CHECKING:
    from rdflib import Graph

VIOLATION: Final = "Violation"
WARNING: Final = "Warning"
INFO: Final = "Info"
SEVERITIES: Final = (VIOLATION, WARNING, INFO)

_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "line": ", line {}",
        "in": "{}, part of {}",
        "property": "property: {}",
        "value": "value: {}",
        "rule": "rule: {}",
        "cut": '{}…" ({} characters)',
        "conform": "The data conform: {}.",
        "do not conform": "The data do not conform: {}.",
        "more": "… and {} more by this rule: {}",
        "brought": "The change brings: {}.",
        "healed": "The change heals: {}.",
    },
    "fr": {
        "Violation": "Faute",
        "Warning": "Avertissement",
        "Info": "Remarque",
        "line": ", ligne {}",
        "in": "{}, partie de {}",
        "property": "propriété : {}",
        "value": "valeur : {}",
        "rule": "règle : {}",
        "cut": '{}…" ({} caractères)',
        "conform": "Les données sont conformes : {}.",
        "do not conform": "Les données ne sont pas conformes : {}.",
        "more": "… et {} de plus par cette règle : {}",
        "brought": "Le changement apporte : {}.",
        "healed": "Le changement guérit : {}.",
    },
}
_OF_CHECKS: Final = f"{PREFIXES['sh']}SPARQLConstraintComponent"
_LONGEST: Final = 200
"""How many characters of a value a report for people shows."""
_IRI: Final = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True)
class Source:
    """What of SHACL a finding comes from, in terms of the shapes graph."""

    shape: Term
    component: str
    """The IRI of the constraint component."""
    path: Term | None = None
    constraint: Term | None = None
    """The constraint of a query."""


@dataclass(frozen=True)
class Finding:
    """One place where the data break a shape or a check."""

    severity: str
    """``Violation``, ``Warning``, ``Info``, or the IRI of a severity of the user's own."""
    shape: str | None
    """The IRI of the shape, of the nearest named one around it, or of the check."""
    focus: Term
    path: str | None = None
    """The IRI of a property; a longer path as SPARQL writes it."""
    value: Term | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    """By language tag, ``""`` for none."""
    source_file: str | None = None
    line: int | None = None
    within: str | None = None
    """The IRI of the nearest named thing that a nameless focus is part of."""
    source: Source | None = field(default=None, compare=False, repr=False)
    """None for a finding of a check."""
    place: Term | None = field(default=None, compare=False, repr=False)
    """A value that leads to the line, and is never shown."""
    concluded: bool = field(default=False, compare=False, repr=False)
    """Whether it is about a statement that is in no file: a rule concluded it."""

    @property
    def fails(self) -> bool:
        """Whether it keeps the data from being released."""
        return self.severity not in (WARNING, INFO)

    @property
    def component(self) -> str:
        """The IRI of the constraint component; checks count as SPARQL's, like in W3C reports."""
        return self.source.component if self.source else _OF_CHECKS

    @property
    def source_shape(self) -> str | None:
        """The IRI of the shape that has the constraint; None where it has no name."""
        if self.source is None:
            return self.shape
        return self.source.shape.value if isinstance(self.source.shape, NamedNode) else None

    @property
    def described(self) -> str | None:
        """The IRI by which the finding is located: the thing's, or that of what it is part of."""
        return self.focus.value if isinstance(self.focus, NamedNode) else self.within

    def message(self, language: str) -> str:
        """Return the message in a language, else in another one."""
        for wanted in (language, "en", "fr", ""):
            if wanted in self.messages:
                return self.messages[wanted]
        return next(iter(self.messages.values()), "")

    def text(self, language: str = "en") -> str:
        """Return the finding as lines for people: place, thing, message, value."""
        words = _WORDS[language]
        location = self.source_file or ""
        if self.line is not None:
            location += words["line"].format(self.line)
        thing = _short(self.focus, language)
        if self.within:
            thing = words["in"].format(thing, _short(NamedNode(self.within), language))
        severity = words.get(self.severity, self.severity)
        colon = " :" if language == "fr" else ":"
        lines = [f"{colon} ".join(filter(None, (severity, location, thing)))]
        if message := self.message(language):
            lines.append(f"    {message}")
        if self.path:
            lines.append("    " + words["property"].format(shortened(self.path)))
        if self.value is not None:
            lines.append("    " + words["value"].format(_short(self.value, language)))
        if self.shape:
            lines.append("    " + words["rule"].format(in_prefixes(self.shape)))
        return "\n".join(lines)


@dataclass(frozen=True)
class More:
    """How many findings of a rule a report leaves out."""

    severity: str
    rule: str
    number: int


@dataclass(frozen=True)
class Report:
    """The findings of a validation, in a fixed order; of each rule at most as many as one reads."""

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
        """Whether nothing fails; warnings and remarks do not."""
        return not any(finding.fails for finding in self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        found = Counter(finding.severity for finding in self.results)
        for more in self.more:
            found[more.severity] += more.number
        return {severity: found[severity] for severity in dict.fromkeys((*SEVERITIES, *found))}

    def located(self, files: Iterable[tuple[str, Path]]) -> "Report":
        """Return the report with the file and line of the statement that each finding is about.

        Each file is given with its name in the report.
        """
        found = placing.placed(self.results, {path: name for name, path in files})
        return replace(self, results=tuple(sorted(found, key=_order)))

    def folded(self) -> "Report":
        """Return the report with one finding a mistake: what follows from others is left out."""
        return replace(self, results=tuple(cascades.folded(self.results)))

    def text(self, language: str = "en") -> str:
        """Return the findings, the worst first, and a last line that sums them up."""
        paragraphs = [finding.text(language) for finding in self.results]
        left_out = [
            _WORDS[language]["more"].format(more.number, in_prefixes(more.rule))
            for more in self.more
        ]
        return "\n\n".join([*paragraphs, *left_out, self.summary(language)])

    def summary(self, language: str = "en") -> str:
        """Return one sentence: whether the data conform, and how many findings there are."""
        words, single = _WORDS[language], (0, 1) if language == "fr" else (1,)
        counted = ", ".join(
            f"{number} {words.get(severity, in_prefixes(severity)).lower()}"
            f"{'' if number in single else 's'}"
            for severity, number in self.counts.items()
        )
        return words["conform" if self.conforms else "do not conform"].format(counted)

    def json(self) -> str:
        """Return the report as JSON, the same bytes for the same findings."""
        content: dict[str, Any] = {
            "conforms": self.conforms,
            "counts": self.counts,
            "results": [_as_json(finding) for finding in self.results],
        }
        if self.more:
            content["more"] = [asdict(more) for more in self.more]
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def difference_text(
    brought: Sequence[Finding], healed: Sequence[Finding], language: str = "en"
) -> str:
    """Return what a change brings and heals, as lines for people."""
    parts = []
    for name, findings in (("brought", brought), ("healed", healed)):
        parts.append(_WORDS[language][name].format(len(findings)))
        parts += [finding.text(language) for finding in findings]
    return "\n\n".join(parts)


def difference_json(brought: Sequence[Finding], healed: Sequence[Finding]) -> str:
    """Return what a change brings and heals, as JSON."""
    content = {
        "brought": [_as_json(finding) for finding in brought],
        "healed": [_as_json(finding) for finding in healed],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> Report:
    """Return the report that ``Report.json`` wrote."""
    content = json.loads(text)
    more = tuple(More(**one) for one in content.get("more", ()))
    return Report(tuple(map(_from_json, content["results"])), more=more)


def of(
    findings: Iterable[Finding],
    draw: "Callable[[Report], Graph] | None" = None,
    more: tuple[More, ...] = (),
) -> Report:
    """Return a report of findings in their fixed order."""
    return Report(tuple(sorted(findings, key=_order)), draw, more)


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


def _source(result: Mapping[str, Any]) -> Source | None:
    """Return the source of a finding in JSON; None for a check, and in reports that lack it."""
    component, shape = result.get("component"), result.get("sourceShape")
    if component is None or (component, shape) == (_OF_CHECKS, result["shape"]):
        return None
    return Source(BlankNode() if shape is None else NamedNode(shape), component)


def _from_json(result: Mapping[str, Any]) -> Finding:
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
        source=_source(result),
    )


def _short(term: Term, language: str) -> str:
    if isinstance(term, NamedNode):
        short = in_prefixes(term.value)
        return f"<{short}>" if short == term.value else short
    if isinstance(term, Literal) and len(term.value) > _LONGEST:
        start = str(Literal(term.value[:_LONGEST]))[:-1]
        return _WORDS[language]["cut"].format(start, len(term.value))
    return str(term)


def shortened(written: str) -> str:
    """Return an IRI, or a path or value as SPARQL writes it, with prefixes that are well known."""
    if "<" not in written:
        return in_prefixes(written)
    return _IRI.sub(lambda m: m[0] if (short := in_prefixes(m[1])) == m[1] else short, written)
