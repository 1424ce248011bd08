"""The SPARQL of a question that a reader builds: one query, as a person would write it.

Whatever a reader wrote stands in it as a term that the engine's own library wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, STANDING, admitted
from rallynov_graph.base.namespaces import MERGED, PREFIXES, RN, in_prefixes
from rallynov_graph.site.query.builder.built_question import (
    OPTIONAL,
    SHOWN,
    WITHOUT,
    BuiltQuestion,
    Condition,
)
from rallynov_graph.site.query.builder.steps import NUMBER, THING, ClassOfThings, Kinds

_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")
_UNSEEN: Final = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would end a comment, or be read as something else before comments are."""

NOTE: Final = "  # "
_WIDTH: Final = 80
_LABEL: Final = PREFIXES["rdfs"] + "label"

Terms = Mapping[str, NamedNode]
"""The things that the texts of readers mean."""


IsWide = Callable[[str], bool]
"""Returns whether other terms may lie within a term."""
Path = tuple[Condition, ...]
Lines = tuple[list[str], list[str]]
"""What has to be so, and what may be so."""


@dataclass(frozen=True)
class QueryWords:
    """What makes a query readable: the sentence that it says, and what things are called."""

    sentence: str = ""
    language: str = ""
    """In which the names of things are asked for; they are not where it is empty."""
    called: Callable[[str], str] = lambda iri: ""


@dataclass(frozen=True)
class AnswerColumn:
    """A variable of the answer, and the conditions that lead to it; none for the things asked."""

    variable: str
    path: Path = ()

    @property
    def is_thing(self) -> bool:
        """Whether it holds things, which have names."""
        return not self.path or self.path[-1].step.holds == THING


@dataclass(frozen=True)
class BuiltQuery:
    """A question in SPARQL: its answer, and how many things are in it."""

    text: str
    count: str
    columns: tuple[AnswerColumn, ...]


def query_of(
    built: BuiltQuestion,
    kinds: Kinds,
    terms: Terms,
    words: QueryWords | None = None,
    is_wide: IsWide = lambda iri: False,
) -> BuiltQuery:
    """Return the query of a question, with the names of things where its words are known.

    What lies within a wide term counts as well.
    """
    words = words or QueryWords()
    writer = ConditionWriter(kinds, terms, built.certainty, words, is_wide)
    thing = writer.variable(built.kind.iri)
    writer.columns.append(AnswerColumn(thing))
    of_kind = writer.of_kind(thing, built.kind)
    firm, loose = writer.conditions(thing, built.conditions, ())
    firm = [*of_kind, *firm]
    names = writer.names(0)
    pairs = [
        (f"?{variable}", f"?{variable}_label") if variable in writer.named else (f"?{variable}",)
        for variable in (column.variable for column in writer.columns)
    ]
    variables = " ".join(name for pair in pairs for name in pair)
    order = " ".join(name for pair in pairs for name in reversed(pair))
    things = f"(COUNT(DISTINCT ?{thing}) AS ?things)"
    prefixes = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted(writer.prefixes))
    sentence = f"{_wrapped('#', comment(words.sentence), '# ')}\n" if words.sentence else ""
    return BuiltQuery(
        f"{sentence}{prefixes}\n{_wrapped('SELECT DISTINCT', variables)} WHERE {{\n"
        f"{indented([*firm, *loose, *names])}\n}}\n"
        f"{_wrapped('ORDER BY', order)}\n",
        f"{prefixes}\nSELECT {things} WHERE {{\n{indented(firm)}\n}}\n",
        tuple(writer.columns),
    )


def grouped_query(
    writer: ConditionWriter, thing: str, variables: Sequence[str], lines: Sequence[str]
) -> str:
    """Return the query that counts things by the values of some variables, most things first."""
    prefixes = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted(writer.prefixes))
    by = " ".join(f"?{variable}" for variable in variables)
    return (
        f"{prefixes}\nSELECT {by} (COUNT(DISTINCT ?{thing}) AS ?things) WHERE {{\n"
        f"{indented(lines)}\n}}\nGROUP BY {by}\nORDER BY DESC(?things) {by}\n"
    )


def comment(text: str) -> str:
    """Return a text as it may stand in a comment: on one line, with nothing that escapes it."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _wrapped(start: str, words: str, indent: str = "  ") -> str:
    """Return words on as many lines as they take."""
    return fill(f"{start} {words}", _WIDTH, subsequent_indent=indent, break_long_words=False)


def indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


def _grouped(keyword: str, lines: Sequence[str]) -> list[str]:
    """Return lines as a group of their own."""
    (only, *others) = lines
    if not others and NOTE not in only:
        return [f"{keyword} {{ {only} }}"]
    return [f"{keyword} {{", *(f"  {line}" for line in lines), "}"]


class ConditionWriter:
    """Writes conditions as lines of SPARQL, and takes note of the variables and prefixes used."""

    def __init__(
        self,
        kinds: Kinds,
        terms: Terms,
        certainty: str,
        words: QueryWords,
        is_wide: IsWide = lambda iri: False,
    ) -> None:
        self.kinds, self.terms, self.words = kinds, terms, words
        self.is_wide_term = is_wide
        self.certainties = admitted(certainty)
        self.prefixes: set[str] = set()
        self.columns: list[AnswerColumn] = []
        self.named: list[str] = []
        """The variables whose names are asked for."""
        self._used: dict[str, int] = {}

    def variable(self, iri: str) -> str:
        """Return a variable of its own, called after a class or property."""
        local = _UNFIT.sub("_", re.split(r"[#/:]", iri.rstrip("#/"))[-1]).strip("_")
        name = local[:1].lower() + local[1:] if local[:1].isalpha() else "value"
        number = self._used[name] = self._used.get(name, 0) + 1
        return name if number == 1 else f"{name}_{number}"

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix where that is plain, whole where it is not."""
        prefix, _, local = in_prefixes(iri).partition(":")
        if iri == PREFIXES.get(prefix, "") + local and _LOCAL.fullmatch(local):
            self.prefixes.add(prefix)
            return f"{prefix}:{local}"
        return str(NamedNode(iri))

    def of_kind(self, thing: str, kind: ClassOfThings) -> list[str]:
        """Return the lines by which a thing is of a kind, or of one below it."""
        subclasses = self.kinds.subclasses.get(kind.iri)
        if not subclasses:
            return self.sure(f"?{thing} a {self.iri(kind.iri)}")
        class_variable = self.variable("class")
        classes = " ".join(self.iri(iri) for iri in (kind.iri, *subclasses))
        return [
            f"VALUES ?{class_variable} {{ {classes} }}",
            *self.sure(f"?{thing} a ?{class_variable}"),
        ]

    def sure(self, pattern: str, note: str = "") -> list[str]:
        """Return a pattern that is to be said at least so surely as is wanted."""
        note = f"{NOTE}{note}" if note else ""
        if len(self.certainties) == len(CERTAINTIES):
            return [f"{pattern} .{note}"]
        graph, stated = self.variable("graph"), self.variable("how")
        admitted = ", ".join(self.iri(RN + certainty) for certainty in self.certainties)
        return [
            f"GRAPH ?{graph} {{ {pattern} }}{note}",
            f"OPTIONAL {{ ?{graph} {self.iri(RN + 'certainty')} ?{stated} }}",
            f"FILTER (?{graph} != <{MERGED}> && (!BOUND(?{stated}) || ?{stated} IN ({admitted})))",
            f"FILTER (!STRSTARTS(STR(?{graph}), {Literal(STANDING)}))",
        ]

    def names(self, start: int) -> list[str]:
        """Return the lines that ask for the names of the columns from one on, once each.

        What may be unbound has its name asked for where it may be bound: anywhere else that would
        be the name of anything.
        """
        language = Literal(self.words.language)
        wanted = [
            column.variable
            for column in self.columns[start:]
            if column.is_thing and self.words.language
        ]
        new = [variable for variable in wanted if variable not in self.named]
        self.named += new
        return [
            f"OPTIONAL {{ ?{variable} {self.iri(_LABEL)} ?{variable}_label "
            f'FILTER (LANG(?{variable}_label) IN ("", {language})) }}'
            for variable in new
        ]

    def conditions(self, thing: str, all_of: Sequence[Condition], path: Path) -> Lines:
        """Return what has to be so or must not, and what may be so."""
        all_required: list[str] = []
        all_optional: list[str] = []
        for condition in all_of:
            start = len(self.columns)
            if condition.mode == WITHOUT:
                columns, self.columns = self.columns, []
                required, _ = self._condition(thing, condition, path)
                self.columns = columns
                all_required += _grouped("FILTER NOT EXISTS", required)
                continue
            required, optional = self._condition(thing, condition, path)
            if condition.mode == OPTIONAL:
                all_optional += _grouped("OPTIONAL", [*required, *optional, *self.names(start)])
            else:
                all_required += required
                all_optional += optional
        return all_required, all_optional

    def _condition(self, thing: str, condition: Condition, path: Path) -> Lines:
        """Return the lines of a condition, and what may be so of its value."""
        terms = [self.terms[text] for text in condition.values]
        names = ", ".join(filter(None, (comment(self.words.called(term.value)) for term in terms)))
        is_wide = not condition.exact and any(self.is_wide_term(term.value) for term in terms)
        is_plain = len(terms) == 1 and not is_wide
        if is_plain and not condition.conditions and condition.mode != OPTIONAL:
            return self.sure(self._pattern(thing, condition, self.iri(terms[0].value)), names), []
        value = self.variable(
            condition.kind.iri
            if condition.kind and condition.step.backwards
            else condition.step.path
        )
        lines = self.sure(self._pattern(thing, condition, f"?{value}"))
        if is_wide:
            lines += self._within(value, terms, names)
        elif terms:
            listed = " ".join(self.iri(term.value) for term in terms)
            lines.append(f"VALUES ?{value} {{ {listed} }}" + (f"{NOTE}{names}" if names else ""))
        if condition.kind and condition.step.classes != (condition.kind.iri,):
            lines += self.of_kind(value, condition.kind)
        lines += [f"FILTER ({test})" for test in _tests(condition, f"?{value}")]
        path_to_value = (*path, condition)
        if condition.mode in (SHOWN, OPTIONAL):
            self.columns.append(AnswerColumn(value, path_to_value))
        required, optional = self.conditions(value, condition.conditions, path_to_value)
        return [*lines, *required], optional

    def _within(self, value: str, terms: Sequence[NamedNode], names: str) -> list[str]:
        """Return the lines by which a value is one of some terms or lies within one."""
        skos = PREFIXES["skos"]
        path = f"({self.iri(skos + 'broader')}|^{self.iri(skos + 'member')})*"
        note = f"{NOTE}{names}" if names else ""
        each = [f"?{value} {path} {self.iri(term.value)}" for term in terms]
        if len(each) == 1:
            return [f"{each[0]} .{note}"]
        return [" UNION ".join(f"{{ {pattern} }}" for pattern in each) + note]

    def _pattern(self, thing: str, condition: Condition, value: str) -> str:
        ends = (f"?{thing}", value)
        subject, target = reversed(ends) if condition.step.backwards else ends
        return f"{subject} {self.iri(condition.step.path)} {target}"


def _tests(condition: Condition, value: str) -> Iterator[str]:
    """Yield what a value is to be, as SPARQL tests it.

    Days and times are compared as they are written, so that a year goes with a month or a day.
    """
    least, most = condition.bound(condition.least), condition.bound(condition.most)
    if condition.step.holds == NUMBER:
        yield from (f"{value} {sign} {end}" for sign, end in ((">=", least), ("<=", most)) if end)
    else:
        if least:
            yield f"STR({value}) >= {Literal(least)}"
        if most:
            yield f"SUBSTR(STR({value}), 1, {len(most)}) <= {Literal(most)}"
    if condition.text:
        yield f"CONTAINS(LCASE(STR({value})), {Literal(condition.text.lower())})"
