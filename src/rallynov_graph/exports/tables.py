"""A release as tables: one for each kind of thing, one of all facts with evidence, a dictionary.

The data decide which columns exist, the shapes their order, the JSON-LD context their names, the
ontology their meanings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import CURRENT
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.statement_rows import kind_of, quads, triples
from rallynov_graph.questions.labels import LABEL, TYPE
from rallynov_graph.rdf.compact import Context
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

OTHER: Final = "other"
"""The table of the described things outside our namespace."""
FACTS: Final = "facts"
DICTIONARY: Final = "dictionary"
DICTIONARY_COLUMNS: Final = (
    *("table", "column", "property", "label_fr", "label_en", "definition_fr", "definition_en"),
    *("language", "datatype", "separator", "values"),
)
_RESERVED: Final = (FACTS, DICTIONARY)
_CERTAINTY: Final = RN + "certainty"
_PASSAGE: Final = RN + "passage"
_STANDING: Final = RN + "standing"
_STANDING_OF: Final = RN + "standingOf"
_SH: Final = PREFIXES["sh"]
_LAST: Final = (1e9, 1e9)
_SEPARATORS: Final = "|;¦‖" + "".join(map(chr, range(0xE000, 0xE100)))
"""The separators of several values in a cell: the first that is in none of the values is used."""
_SEPARATOR: Final = re.compile(f"[{_SEPARATORS}]")

_XSD: Final = PREFIXES["xsd"]
_USUAL_FORMS: Final = {
    "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    "decimal": re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"),
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
    "gYear": re.compile(r"[0-9]{4}"),
    "gYearMonth": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"),
}
"""The forms that all readers of tables read as the same value."""
_DEFINITION: Final = PREFIXES["skos"] + "definition"

_Name = TypeVar("_Name")
Cell = str | None
Key = tuple[str, str, bool]
"""A property, the language of its values, and whether they are things."""


@dataclass(frozen=True)
class ExportColumn:
    """A column: the values of a property in one language, or those that are things."""

    name: str
    property: str = ""
    """The empty string for columns without a property: the thing itself, the parts of a fact."""
    language: str = ""
    is_link: bool = False
    datatype: str = ""
    """The local name of the XSD type that all its values have, else the empty string."""
    separator: str = ""
    """The separator of values if a thing has several, else the empty string."""
    values: int = 0


@dataclass(frozen=True)
class ExportTable:
    """A table; ``of_class`` is the class of most of its things."""

    name: str
    columns: tuple[ExportColumn, ...]
    of_class: str = ""
    keys: tuple[Key, ...] = ()
    """The key of each column but the first."""


@dataclass(frozen=True)
class TablePlan:
    """The tables of a release by the kind of thing, and the evidence of each graph."""

    tables: dict[str, ExportTable]
    evidence: dict[str, tuple[str, tuple[str, ...]]]
    """The certainty and the passages of each graph that has any."""
    passages: str
    """The separator of several passages of a fact."""
    standings: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The standing and the set of each graph that is not current."""

    @property
    def facts(self) -> ExportTable:
        """The table of all facts, with a row for each graph that states one."""
        value = "value", "datatype", "language"
        names = ("subject", "property", *value, "graph", "certainty", "standing")
        links = ("subject", "property", "graph")
        columns = [ExportColumn(name, is_link=name in links) for name in names]
        passages = ExportColumn("passages", is_link=True, separator=self.passages)
        return ExportTable(FACTS, (*columns, passages))

    @property
    def dictionary(self) -> ExportTable:
        return ExportTable(DICTIONARY, tuple(ExportColumn(name) for name in DICTIONARY_COLUMNS))


@dataclass
class _ColumnValues:
    values: int = 0
    several: bool = False
    marks: set[str] = field(default_factory=set)
    datatype: str | None = None


def plan_tables(release: Release) -> TablePlan:
    """Return the tables of a release, which is read once."""
    columns_by_kind: dict[str, dict[Key, _ColumnValues]] = {}
    classes: dict[str, Counter[str]] = {}
    evidence: dict[str, tuple[str, tuple[str, ...]]] = {}
    standings: dict[str, tuple[str, str]] = {}
    for subject, facts in things(triples(release)):
        kind = kind_of(subject) or OTHER
        columns = columns_by_kind.setdefault(kind, {})
        for key, values in facts.items():
            _add_values(columns.setdefault(key, _ColumnValues()), values)
        types = _texts(facts, TYPE)
        classes.setdefault(kind, Counter()).update(types)
        certainty, passages = _texts(facts, _CERTAINTY), _texts(facts, _PASSAGE)
        for named_set in _texts(facts, _STANDING_OF):
            standing = ", ".join(_texts(facts, _STANDING)).removeprefix(RN)
            standings[text_of(subject)] = standing, named_set
        if certainty or passages:
            certainty_text = ", ".join(text.removeprefix(RN) for text in certainty)
            evidence[text_of(subject)] = certainty_text, tuple(passages)
    order, terms = _order(release), Context.of(release.context)
    names = _unique({kind: kind for kind in sorted(columns_by_kind)}, _RESERVED)
    tables = {
        kind: _table(names[kind], columns_by_kind[kind], classes[kind], order, terms)
        for kind in sorted(columns_by_kind)
    }
    marks = {
        mark
        for _, passages_of_graph in evidence.values()
        for p in passages_of_graph
        for mark in _marks(p)
    }
    return TablePlan(tables, evidence, _separator(marks), standings)


def things(found: Iterable[Triple]) -> Iterator[tuple[Term, dict[Key, list[Term]]]]:
    """Yield each thing with its values by column."""
    for subject, facts_of_thing in groupby(found, lambda triple: triple.subject):
        facts: dict[Key, list[Term]] = {}
        for triple in facts_of_thing:
            value = triple.object
            literal = isinstance(value, Literal)
            language = (value.language or "") if isinstance(value, Literal) else ""
            facts.setdefault((triple.predicate.value, language, not literal), []).append(value)
        yield subject, facts


def _common_datatype(previous: str | None, value: Literal) -> str:
    """Return the datatype that a value shares with the previous ones, if there are any.

    It is the empty string if they differ, or if a value is not in its usual form.
    """
    name = value.datatype.value.removeprefix(_XSD)
    if previous not in (None, name) or name not in _USUAL_FORMS:
        return ""
    if _USUAL_FORMS[name].fullmatch(value.value) is None or (
        name == "date" and not _is_day(value.value)
    ):
        return ""
    return name


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _add_values(column: _ColumnValues, values: list[Term]) -> None:
    column.values += len(values)
    column.several |= len(values) > 1
    for value in values:
        column.marks.update(_marks(text_of(value)))
        if isinstance(value, Literal):
            column.datatype = _common_datatype(column.datatype, value)


def _table(
    name: str,
    columns_by_key: dict[Key, _ColumnValues],
    classes: Counter[str],
    order: dict[tuple[str, str], tuple[float, float]],
    terms: Context,
) -> ExportTable:
    def sort_key(key: Key) -> tuple[object, ...]:
        first = min((order.get((of, key[0]), _LAST) for of in classes), default=_LAST)
        language = LANGUAGES.index(key[1]) if key[1] in LANGUAGES else len(key[1])
        return (key[0] != TYPE, first, terms.property(key[0]), bool(key[1]), language, key[1:])

    keys = sorted(columns_by_key, key=sort_key)
    with_kind = {(prop, link) for prop, _, link in keys}
    wanted = {key: _wanted_name(key, terms, (key[0], False) in with_kind) for key in keys}
    names = _unique(wanted, ("iri",))
    columns = [
        ExportColumn(
            names[key],
            *key,
            "" if key[2] else columns_by_key[key].datatype or "",
            _separator(columns_by_key[key].marks) if columns_by_key[key].several else "",
            columns_by_key[key].values,
        )
        for key in keys
    ]
    commonest = min(classes, key=lambda of: (-classes[of], of), default="")
    return ExportTable(name, (ExportColumn("iri", is_link=True), *columns), commonest, tuple(keys))


def _wanted_name(key: Key, terms: Context, has_literals: bool) -> str:
    """Return the name of a column unless another one has it."""
    prop, language, is_link = key
    ending = language or ("iri" if is_link and has_literals else "")
    return f"{terms.property(prop)}_{ending}" if ending else terms.property(prop)


def _unique(wanted: dict[_Name, str], reserved: Iterable[str]) -> dict[_Name, str]:
    """Return names of ASCII letters, digits and underscores that differ in more than case."""
    used = {*reserved}
    found = {}
    for key, name_wanted in wanted.items():
        plain = re.sub(r"[^a-zA-Z0-9]+", "_", name_wanted).strip("_") or "x"
        name, number = plain, 2
        while name.casefold() in used:
            name, number = f"{plain}_{number}", number + 1
        used.add(name.casefold())
        found[key] = name
    return found


def _order(release: Release) -> dict[tuple[str, str], tuple[float, float]]:
    """Return by class and property the order of the property's group, and that in the group."""
    shapes: dict[Term, dict[str, list[Term]]] = {}
    for quad in parse(path=release.shapes, format=RdfFormat.TURTLE):
        name = quad.predicate.value.removeprefix(_SH)
        shapes.setdefault(quad.subject, {}).setdefault(name, []).append(quad.object)

    def number(class_node: Term) -> float:
        return min(
            (float(text_of(n)) for n in shapes.get(class_node, {}).get("order", ())),
            default=_LAST[0],
        )

    found = {}
    for shape in shapes.values():
        for node in shape.get("property", ()):
            property_shape = shapes.get(node, {})
            group = min(
                (number(group) for group in property_shape.get("group", ())), default=_LAST[0]
            )
            for class_node in shape.get("targetClass", ()):
                for path in property_shape.get("path", ()):
                    found[text_of(class_node), text_of(path)] = group, number(node)
    return found


def _separator(marks: set[str]) -> str:
    found = next((mark for mark in _SEPARATORS if mark not in marks), None)
    if found is None:
        raise UnwritableError("No character is left to separate several values of a cell.")
    return found


def _marks(text: str) -> list[str]:
    return _SEPARATOR.findall(text)


def _texts(facts: dict[Key, list[Term]], prop: str) -> list[str]:
    return [text_of(value) for value in facts.get((prop, "", True), ())]


def text_of(term: object) -> str:
    """Return the IRI of a thing, the characters of a text."""
    return str(getattr(term, "value", term))


def rows(
    release: Release, plan: TablePlan, progress: Progress | None = None
) -> Iterator[tuple[str, list[Cell]]]:
    """Yield for each thing the kind of its table and its row; a kind's things come together."""
    for subject, facts in things(triples(release, progress)):
        kind = kind_of(subject) or OTHER
        table = plan.tables[kind]
        row: list[Cell] = [text_of(subject)]
        for column, key in zip(table.columns[1:], table.keys, strict=True):
            values = facts.get(key)
            row.append(column.separator.join(map(text_of, values)) if values else None)
        yield kind, row


def facts(
    release: Release, plan: TablePlan, progress: Progress | None = None
) -> Iterator[list[Cell]]:
    """Yield each fact with its graph, certainty, standing and passages.

    A fact that is not current has the certainty and the passages of its set.
    """
    for quad in quads(release, progress):
        value, graph = quad.object, text_of(quad.graph_name)
        standing, named_set = plan.standings.get(graph, (CURRENT, graph))
        certainty, passages = plan.evidence.get(named_set, ("", ()))
        literal = value if isinstance(value, Literal) else None
        yield [
            text_of(quad.subject),
            quad.predicate.value,
            text_of(value),
            literal.datatype.value if literal else None,
            literal.language if literal else None,
            graph,
            certainty or None,
            standing,
            plan.passages.join(passages) or None,
        ]


def dictionary(release: Release, plan: TablePlan) -> Iterator[list[Cell]]:
    """Yield the meaning of each column of the tables of things, in French and English."""
    texts_of_terms = meanings(release)
    for table in plan.tables.values():
        for column in table.columns[1:]:
            texts_of_term = texts_of_terms.get(column.property, {})
            kind = "anyURI" if column.is_link else column.datatype or "string"
            texts = (texts_of_term.get(name) for name in DICTIONARY_COLUMNS[3:7])
            values = column.language or None, kind, column.separator or None, str(column.values)
            yield [table.name, column.name, column.property, *texts, *values]


def meanings(release: Release) -> dict[str, dict[str, str]]:
    """Return the labels and definitions of terms, as ``label_fr`` and so on."""
    found: dict[str, dict[str, str]] = {}
    for quad in parse(path=release.ontology, format=RdfFormat.N_TRIPLES):
        name = {LABEL: "label", _DEFINITION: "definition"}.get(quad.predicate.value)
        if name and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            texts_of_term = found.setdefault(quad.subject.value, {})
            texts_of_term.setdefault(f"{name}_{quad.object.language}", quad.object.value)
    return found
