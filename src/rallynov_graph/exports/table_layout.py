"""A release as tables: one a kind of thing, one of all facts with who says them, a dictionary.

Which columns there are, the data say; in which order, the shapes; what they are called, the JSON-LD
context; what they mean, the ontology.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

from pyoxigraph import Literal, RdfFormat, Triple, parse

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.lexical import common
from rallynov_graph.exports.statement_rows import kind_of, triples
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.rdf.compact import Context

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

OTHER: Final = "other"
"""The table of the things that are described, but are not of our namespace."""
FACTS: Final = "facts"
DICTIONARY: Final = "dictionary"
DESCRIBED: Final = (
    *("table", "column", "property", "label_fr", "label_en", "definition_fr", "definition_en"),
    *("language", "datatype", "separator", "values"),
)
"""The columns of the dictionary."""
_TAKEN: Final = (FACTS, DICTIONARY)
_CERTAINTY: Final = RN + "certainty"
_PASSAGE: Final = RN + "passage"
_SH: Final = PREFIXES["sh"]
_LAST: Final = (1e9, 1e9)
_SEPARATORS: Final = "|;¦‖" + "".join(map(chr, range(0xE000, 0xE100)))
"""What stands between several values: the first that is in none of them."""
_SEPARATOR: Final = re.compile(f"[{_SEPARATORS}]")

_Name = TypeVar("_Name")
Cell = str | None
Key = tuple[str, str, bool]
"""A property, the language of its values, and whether they are things."""


@dataclass(frozen=True)
class ExportColumn:
    """A column: the values of a property that are of one language, or are things."""

    name: str
    property: str = ""
    """The empty string for what is no property: the thing itself, the parts of a fact."""
    language: str = ""
    is_link: bool = False
    datatype: str = ""
    """The local name of the XSD type that all its values are valid of, else the empty string."""
    separator: str = ""
    """What stands between values where a thing has several, else the empty string."""
    values: int = 0


@dataclass(frozen=True)
class ExportTable:
    """A table; ``of_class`` is the class that most of its things are of."""

    name: str
    columns: tuple[ExportColumn, ...]
    of_class: str = ""
    keys: tuple[Key, ...] = ()
    """What each column but the first has."""


@dataclass(frozen=True)
class Plan:
    """The tables of a release by the kind of thing, and how surely each graph is said, by whom."""

    tables: dict[str, ExportTable]
    evidence: dict[str, tuple[str, tuple[str, ...]]]
    """The certainty and the passages of each graph that has any."""
    passages: str
    """What stands between several passages of a fact."""

    @property
    def facts(self) -> ExportTable:
        """The table that has each fact as often as a graph states it."""
        names = ("subject", "property", "value", "datatype", "language", "graph", "certainty")
        links = ("subject", "property", "graph")
        columns = [ExportColumn(name, is_link=name in links) for name in names]
        passages = ExportColumn("passages", is_link=True, separator=self.passages)
        return ExportTable(FACTS, (*columns, passages))

    @property
    def dictionary(self) -> ExportTable:
        """The table that says of each column what it means."""
        return ExportTable(DICTIONARY, tuple(ExportColumn(name) for name in DESCRIBED))


@dataclass
class _Seen:
    """What was seen of a column to be."""

    values: int = 0
    several: bool = False
    marks: set[str] = field(default_factory=set)
    datatype: str | None = None


def plan(release: Release) -> Plan:
    """Return the tables that a release has, after going through it once."""
    seen: dict[str, dict[Key, _Seen]] = {}
    classes: dict[str, Counter[str]] = {}
    evidence: dict[str, tuple[str, tuple[str, ...]]] = {}
    for subject, facts in things(triples(release)):
        kind = kind_of(subject) or OTHER
        columns = seen.setdefault(kind, {})
        for key, values in facts.items():
            _take_note(columns.setdefault(key, _Seen()), values)
        types = _texts(facts, TYPE)
        classes.setdefault(kind, Counter()).update(types)
        certainty, passages = _texts(facts, _CERTAINTY), _texts(facts, _PASSAGE)
        if certainty or passages:
            how = ", ".join(text.removeprefix(RN) for text in certainty)
            evidence[text_of(subject)] = how, tuple(passages)
    order, terms = _order(release), Context.of(release.context)
    names = _unique({kind: kind for kind in sorted(seen)}, _TAKEN)
    tables = {
        kind: _table(names[kind], seen[kind], classes[kind], order, terms) for kind in sorted(seen)
    }
    marks = {mark for _, told in evidence.values() for p in told for mark in _marks(p)}
    return Plan(tables, evidence, _separator(marks))


def things(found: Iterable[Triple]) -> Iterator[tuple[Term, dict[Key, list[Term]]]]:
    """Yield each thing with its values by column."""
    for subject, about in groupby(found, lambda triple: triple.subject):
        facts: dict[Key, list[Term]] = {}
        for triple in about:
            value = triple.object
            literal = isinstance(value, Literal)
            language = (value.language or "") if isinstance(value, Literal) else ""
            facts.setdefault((triple.predicate.value, language, not literal), []).append(value)
        yield subject, facts


def _take_note(seen: _Seen, values: list[Term]) -> None:
    seen.values += len(values)
    seen.several |= len(values) > 1
    for value in values:
        seen.marks.update(_marks(text_of(value)))
        if isinstance(value, Literal):
            seen.datatype = common(seen.datatype, value)


def _table(
    name: str,
    seen: dict[Key, _Seen],
    classes: Counter[str],
    order: dict[tuple[str, str], tuple[float, float]],
    terms: Context,
) -> ExportTable:
    def place(key: Key) -> tuple[object, ...]:
        first = min((order.get((of, key[0]), _LAST) for of in classes), default=_LAST)
        language = LANGUAGES.index(key[1]) if key[1] in LANGUAGES else len(key[1])
        return (key[0] != TYPE, first, terms.property(key[0]), bool(key[1]), language, key[1:])

    keys = sorted(seen, key=place)
    both = {(prop, link) for prop, _, link in keys}
    wished = {key: _wished(key, terms, (key[0], False) in both) for key in keys}
    names = _unique(wished, ("iri",))
    columns = [
        ExportColumn(
            names[key],
            *key,
            "" if key[2] else seen[key].datatype or "",
            _separator(seen[key].marks) if seen[key].several else "",
            seen[key].values,
        )
        for key in keys
    ]
    most = min(classes, key=lambda of: (-classes[of], of), default="")
    return ExportTable(name, (ExportColumn("iri", is_link=True), *columns), most, tuple(keys))


def _wished(key: Key, terms: Context, has_literals: bool) -> str:
    """Return what a column would be called if no other one were."""
    prop, language, is_link = key
    ending = language or ("iri" if is_link and has_literals else "")
    return f"{terms.property(prop)}_{ending}" if ending else terms.property(prop)


def _unique(wished: dict[_Name, str], taken: Iterable[str]) -> dict[_Name, str]:
    """Return names of ASCII letters, digits and low lines that differ in more than their case."""
    known = {*taken}
    found = {}
    for key, wish in wished.items():
        plain = re.sub(r"[^a-zA-Z0-9]+", "_", wish).strip("_") or "x"
        name, number = plain, 2
        while name.casefold() in known:
            name, number = f"{plain}_{number}", number + 1
        known.add(name.casefold())
        found[key] = name
    return found


def _order(release: Release) -> dict[tuple[str, str], tuple[float, float]]:
    """Return where the shapes put a property of a class: their group, then their order in it."""
    told: dict[Term, dict[str, list[Term]]] = {}
    for quad in parse(path=release.shapes, format=RdfFormat.TURTLE):
        name = quad.predicate.value.removeprefix(_SH)
        told.setdefault(quad.subject, {}).setdefault(name, []).append(quad.object)

    def number(of: Term) -> float:
        return min((float(text_of(n)) for n in told.get(of, {}).get("order", ())), default=_LAST[0])

    found = {}
    for shape in told.values():
        for node in shape.get("property", ()):
            about = told.get(node, {})
            group = min((number(group) for group in about.get("group", ())), default=_LAST[0])
            for of in shape.get("targetClass", ()):
                for path in about.get("path", ()):
                    found[text_of(of), text_of(path)] = group, number(node)
    return found


def _separator(marks: set[str]) -> str:
    found = next((mark for mark in _SEPARATORS if mark not in marks), None)
    if found is None:
        raise UnwritableError("No mark is left that could stand between several values of a cell.")
    return found


def _marks(text: str) -> list[str]:
    return _SEPARATOR.findall(text)


def _texts(facts: dict[Key, list[Term]], prop: str) -> list[str]:
    return [text_of(value) for value in facts.get((prop, "", True), ())]


def text_of(term: object) -> str:
    """Return the IRI of a thing, the characters of a text."""
    return str(getattr(term, "value", term))
