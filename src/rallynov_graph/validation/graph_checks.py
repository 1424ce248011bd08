"""Checks that concern graphs, which SHACL does not see: one SELECT a file, one finding a row.

The header of a check has ``#+ severity:`` (Violation by default), ``#+ message_fr:`` and ``#+
message_en:``; a message may contain a variable of the row as ``{?value}``. The row's ``?focus`` is
the thing; ``?path`` and ``?value`` are optional. So is ``?place``: the value whose line locates the
finding when the report must not show that value.

In a check the default graph is the union of all current graphs, without the shapes; the ontology
and the shapes are each in a graph of their own. A check may call the ``DATE_FUNCTIONS``, which
cover all of EDTF.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import FUNCTIONS, PREFIXES, SHAPES, SHAPES_GRAPH, short_iri
from rallynov_graph.base.resources import query_text
from rallynov_graph.base.terms import Term, TermFunctions
from rallynov_graph.sparql.embedded import EmbeddedStore, StoreQuery
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Finding

_HEADER: Final = re.compile(r"^#\+[ \t]*(\w+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\{[?$](\w+)\}")
_Days = tuple[date | None, date | None]
_DATE: Final = NamedNode(f"{PREFIXES['xsd']}date")


@dataclass(frozen=True)
class Check:
    """A query; each of its rows is a fault."""

    name: str
    query: str
    severity: str
    messages: Mapping[str, str] = field(hash=False)

    @property
    def iri(self) -> str:
        return f"{SHAPES}check-{self.name}"


FurtherCheck = Callable[[Iterable[Quad | Triple]], Iterable[Finding]]
"""A check written in Python, where SPARQL is not enough: returns its findings in statements."""


def read(files: Iterable[Path]) -> list[Check]:
    """Read checks from files; raise QueryError if one has no messages."""
    return [_check(file) for file in sorted(files)]


def run(
    checks: Sequence[Check], quads: Iterable[Quad], shapes: Iterable[Quad] = ()
) -> list[Finding]:
    return list(findings(checks, filled(quads, shapes))) if checks else []


def filled(
    quads: Iterable[Quad], shapes: Iterable[Quad] = (), *, background: Iterable[Quad] = ()
) -> EmbeddedStore:
    """Return a store as checks read it: its default graph is everything except the shapes."""
    graph = NamedNode(SHAPES_GRAPH)
    of_shapes = (Quad(quad.subject, quad.predicate, quad.object, graph) for quad in shapes)
    return EmbeddedStore.of_all(quads, of_shapes, further=background)


def findings(checks: Iterable[Check], store: EmbeddedStore) -> Iterator[Finding]:
    return (finding for check in checks for finding in _findings(check, store))


def _check(file: Path) -> Check:
    query = query_text(file)
    header = dict(_HEADER.findall(query))
    messages = {
        lang: header[f"message_{lang}"] for lang in LANGUAGES if f"message_{lang}" in header
    }
    if len(messages) < 2:
        raise QueryError(f"{file.name}: a check needs the lines #+ message_fr: and #+ message_en:.")
    severity = header.get("severity", report.VIOLATION)
    if severity not in report.SEVERITIES:
        raise QueryError(f"{file.name}: its severity is one of {', '.join(report.SEVERITIES)}.")
    return Check(file.stem, query, severity, messages)


def _findings(check: Check, store: EmbeddedStore) -> Iterator[Finding]:
    try:
        for row in store.rows(StoreQuery(check.query, functions=DATE_FUNCTIONS)):
            yield _finding(check, row)
    except QueryError as error:
        raise QueryError(f"The check {check.name} cannot be run: {error}") from error


def _finding(check: Check, row: Mapping[str, Term | None]) -> Finding:
    focus, path = row.get("focus"), row.get("path")
    if focus is None:
        raise QueryError("it leaves ?focus unbound in a row.")
    return Finding(
        severity=check.severity,
        shape=check.iri,
        focus=focus,
        path=path.value if isinstance(path, NamedNode) else None,
        value=row.get("value"),
        messages={lang: _filled(text, row) for lang, text in check.messages.items()},
        place=row.get("place"),
    )


def _filled(message: str, row: Mapping[str, Term | None]) -> str:
    def text_of_variable(match: re.Match[str]) -> str:
        term = row.get(match[1])
        if isinstance(term, NamedNode):
            return short_iri(term.value)
        return term.value if isinstance(term, Literal) else match[0] if term is None else str(term)

    return _VARIABLE.sub(text_of_variable, message)


def _is_edtf(value: Term) -> Term:
    """Return whether a literal is a date in EDTF that does not end before it begins."""
    days = _days(value.value) if isinstance(value, Literal) else None
    return Literal(days is not None and not (days[0] and days[1] and days[0] > days[1]))


def _first_day(value: Term) -> Term | None:
    """Return the first day of a date; None if it is open or not a date."""
    return _end(value, 0)


def _last_day(value: Term) -> Term | None:
    """Return the last day of a date; None if it is open or not a date."""
    return _end(value, 1)


DATE_FUNCTIONS: Final[TermFunctions] = {
    NamedNode(f"{FUNCTIONS}isEdtf"): _is_edtf,
    NamedNode(f"{FUNCTIONS}firstDay"): _first_day,
    NamedNode(f"{FUNCTIONS}lastDay"): _last_day,
}
"""The functions by their names in SPARQL. A year, a month or a day of XSD is a date in EDTF too."""


def _end(value: Term, which: int) -> Term | None:
    days = _days(value.value) if isinstance(value, Literal) else None
    day = days[which] if days else None
    return Literal(day.isoformat(), datatype=_DATE) if day else None


@lru_cache(maxsize=10_000)
def _days(text: str) -> _Days | None:
    """Return the first and the last day; None if it is not an EDTF date."""
    from edtf import parse_edtf  # data without such a date do without it
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        found = parse_edtf(text)
        return _day(found.lower_strict()), _day(found.upper_strict())
    except (EDTFParseException, ValueError):
        return None


def _day(end: object) -> date | None:
    """Return the day of an interval's end; None if it is open or outside the calendar's years."""
    if not isinstance(end, tuple) or not 1 <= end[0] <= date.max.year:
        return None
    return date(*end[:3])
