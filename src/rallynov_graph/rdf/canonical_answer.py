"""The canonical answer to a query: the same bytes for every format and every server.

``docs/citing.md`` defines it. Two answers are the same if their SHA-256 is.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final, cast

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.rdf.tokens import decoded, outside_braces

MOST: Final = 100_000
"""How many rows or triples a canonical answer may have."""
LONGEST: Final = 32 << 20
"""How many bytes it may have."""
MOST_ALIKE: Final = 6
"""The maximum number of blank nodes that only differ by other blank nodes: the time grows with its
factorial."""

_XSD: Final = PREFIXES["xsd"]
_WHOLE: Final = frozenset(
    _XSD + name
    for name in (
        *("integer", "byte", "short", "int", "long", "unsignedByte", "unsignedShort"),
        *("unsignedInt", "unsignedLong", "positiveInteger", "negativeInteger"),
        *("nonPositiveInteger", "nonNegativeInteger"),
    )
)
_INTEGER: Final = re.compile(r"[+-]?\d+")
_DECIMAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DOUBLE: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN")
_TIME: Final = re.compile(r"(.*?\d\d:\d\d:\d\d)(?:(\.\d*?)0*)?(Z|[+-]\d\d:\d\d)?")
_TIMED: Final = frozenset(_XSD + name for name in ("dateTime", "dateTimeStamp", "time"))


class CanonicalFormFailure(StrEnum):
    """Why an answer has no canonical form."""

    LARGE = "large"
    NAMELESS = "nameless"
    """A table has blank nodes, which each engine names in its own way."""
    ALIKE = "alike"
    """A graph has too many blank nodes that differ by each other alone."""


_REASONS: Final = {
    CanonicalFormFailure.LARGE: f"it is larger than {MOST:,} rows or triples, "
    f"or than {LONGEST >> 20} MiB",
    CanonicalFormFailure.NAMELESS: "its rows have blank nodes, which each engine names as it likes",
    CanonicalFormFailure.ALIKE: f"more than {MOST_ALIKE} of its blank nodes "
    "differ by each other alone",
}


class NoCanonicalAnswer(RallynovError):
    """An answer has no canonical form, and therefore no SHA-256; carries the reason."""

    def __init__(self, failure: CanonicalFormFailure) -> None:
        super().__init__(f"The answer has no SHA-256: {_REASONS[failure]}.")
        self.reason = failure


def sha256(query: str, answer: bool | Solutions | Iterable[Triple]) -> str:
    """Return the SHA-256 of the canonical answer to a query; raise NoCanonicalAnswer."""
    return hashlib.sha256(canonical(query, answer)).hexdigest()


def canonical(query: str, answer: bool | Solutions | Iterable[Triple]) -> bytes:
    """Return the canonical answer to a query; raise NoCanonicalAnswer if there is none."""
    if isinstance(answer, bool):
        return b"true\n" if answer else b"false\n"
    if isinstance(answer, Solutions):
        return _bounded("".join(f"{line}\n" for line in _table(answer, is_ordered(query))).encode())
    return _bounded(_graph(answer))


def is_ordered(query: str) -> bool:
    """Whether the rows of a query's answer are ordered: it has ORDER BY outside braces."""
    return any(token.word == "ORDER" for token in outside_braces(decoded(query)))


def _table(solutions: Solutions, ordered: bool) -> list[str]:
    """Return the lines of a table: its variables by name, then its rows."""
    if len(solutions) > MOST:
        raise NoCanonicalAnswer(CanonicalFormFailure.LARGE)
    order = sorted(range(len(solutions.variables)), key=solutions.variables.__getitem__)
    rows = ["\t".join(_cell(row[column]) for column in order) for row in solutions.rows]
    head = "\t".join(f"?{solutions.variables[column]}" for column in order)
    return [head, *(rows if ordered else sorted(rows))]


def _cell(term: Term | None) -> str:
    if term is None:
        return ""
    if _is_nameless(term):
        raise NoCanonicalAnswer(CanonicalFormFailure.NAMELESS)
    return str(_normal(term))


def _is_nameless(term: Term) -> bool:
    if isinstance(term, Triple):
        return _is_nameless(term.subject) or _is_nameless(term.object)
    return isinstance(term, BlankNode)


def _graph(triples: Iterable[Triple]) -> bytes:
    """Return the sorted lines of a graph's canonical N-Quads, by RDFC-1.0."""
    dataset = Dataset()
    for count, triple in enumerate(triples):
        if count >= MOST:
            raise NoCanonicalAnswer(CanonicalFormFailure.LARGE)
        dataset.add(Quad(*cast(Triple, _normal(triple))))
    if _indistinct_nodes(dataset) > MOST_ALIKE:
        raise NoCanonicalAnswer(CanonicalFormFailure.ALIKE)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))


def _bounded(content: bytes) -> bytes:
    if len(content) > LONGEST:
        raise NoCanonicalAnswer(CanonicalFormFailure.LARGE)
    return content


def _indistinct_nodes(dataset: Dataset) -> int:
    """Return how many blank nodes share triples with others and look like another of these.

    The time of RDFC-1.0 grows with the factorial of their number.
    """
    nodes_of = {quad.triple: set(_blank_nodes(quad.triple)) for quad in dataset}
    linked_nodes = set[BlankNode]().union(
        *(blank_nodes for blank_nodes in nodes_of.values() if len(blank_nodes) > 1)
    )
    triples_around: dict[BlankNode, list[str]] = {node: [] for node in linked_nodes}
    for triple, blank_nodes in nodes_of.items():
        for node in blank_nodes & linked_nodes:
            names = {
                blank_node: BlankNode("a" if blank_node == node else "z")
                for blank_node in blank_nodes
            }
            triples_around[node].append(str(_renamed(triple, names)))
    descriptions = Counter("\n".join(sorted(lines)) for lines in triples_around.values())
    return sum(bearers for bearers in descriptions.values() if bearers > 1)


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from _blank_nodes(term.subject)
        yield from _blank_nodes(term.object)


def _renamed(term: Term, names: dict[BlankNode, BlankNode]) -> Term:
    if isinstance(term, Triple):
        subject, object_ = _renamed(term.subject, names), _renamed(term.object, names)
        return Triple(cast(NamedNode, subject), term.predicate, object_)
    return names[term] if isinstance(term, BlankNode) else term


def _normal(term: Term) -> Term:
    """Return a term with its number, boolean or time in canonical form."""
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _normal(term.object))
    if not isinstance(term, Literal) or not term.datatype.value.startswith(_XSD):
        return term
    kind, text = term.datatype.value, term.value.strip()
    if kind in _WHOLE and _INTEGER.fullmatch(text):
        return Literal(_decimal(text), datatype=NamedNode(_XSD + "integer"))
    if kind == _XSD + "decimal" and _DECIMAL.fullmatch(text):
        return Literal(_decimal(text), datatype=term.datatype)
    if kind in (_XSD + "double", _XSD + "float") and _DOUBLE.fullmatch(text):
        return Literal(_double(float(text)), datatype=term.datatype)
    if kind == _XSD + "boolean" and text in ("1", "0"):
        return Literal("true" if text == "1" else "false", datatype=term.datatype)
    if kind in _TIMED and (found := _TIME.fullmatch(text)):
        return Literal(_time(found), datatype=term.datatype)
    return term


def _decimal(text: str) -> str:
    whole, _, fraction = text.lstrip("+-").partition(".")
    fraction = fraction.rstrip("0")
    number = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return f"-{number}" if text.startswith("-") and number != "0" else number


def _double(value: float) -> str:
    """Return a number in XSD's canonical form: one digit, a point, the exponent."""
    if value in (float("inf"), float("-inf")) or value != value:
        return "NaN" if value != value else "INF" if value > 0 else "-INF"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) - 1 + int(exponent) if significant != "0" else 0
    return f"{'-' if sign else ''}{significant[0]}.{significant[1:] or '0'}E{power}"


def _time(found: re.Match[str]) -> str:
    fraction = found[2] if found[2] and found[2] != "." else ""
    zone = "Z" if found[3] in ("+00:00", "-00:00") else found[3] or ""
    return f"{found[1]}{fraction}{zone}"
