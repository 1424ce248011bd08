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

from rallynov_graph.base.certainty import CERTAINTIES, admitted
from rallynov_graph.base.namespaces import MERGED, PREFIXES, RN, in_prefixes
from rallynov_graph.site.query.builder.built_question import (
    OPTIONAL,
    SHOWN,
    WITHOUT,
    Built,
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
    built: Built, kinds: Kinds, terms: Terms, told: QueryWords | None = None
) -> BuiltQuery:
    """Return the query of a question, with the names of things where its words are known."""
    told = told or QueryWords()
    writer = _ConditionWriter(kinds, terms, built.certainty, told)
    thing = writer.variable(built.kind.iri)
    writer.columns.append(AnswerColumn(thing))
    of_kind = writer.of_kind(thing, built.kind)
    firm, loose = writer.conditions(thing, built.conditions, ())
    firm = [*of_kind, *firm]
    names = writer.names(0)
    pairs = [
        (f"?{it}", f"?{it}_label") if it in writer.named else (f"?{it}",)
        for it in (column.variable for column in writer.columns)
    ]
    variables = " ".join(name for pair in pairs for name in pair)
    order = " ".join(name for pair in pairs for name in reversed(pair))
    things = f"(COUNT(DISTINCT ?{thing}) AS ?things)"
    prefixes = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted(writer.prefixes))
    said = f"{_wrapped('#', comment(told.sentence), '# ')}\n" if told.sentence else ""
    return BuiltQuery(
        f"{said}{prefixes}\n{_wrapped('SELECT DISTINCT', variables)} WHERE {{\n"
        f"{_indented([*firm, *loose, *names])}\n}}\n"
        f"{_wrapped('ORDER BY', order)}\n",
        f"{prefixes}\nSELECT {things} WHERE {{\n{_indented(firm)}\n}}\n",
        tuple(writer.columns),
    )


def comment(text: str) -> str:
    """Return a text as it may stand in a comment: on one line, with nothing that escapes it."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _wrapped(start: str, words: str, indent: str = "  ") -> str:
    """Return words on as many lines as they take."""
    return fill(f"{start} {words}", _WIDTH, subsequent_indent=indent, break_long_words=False)


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


def _grouped(keyword: str, lines: Sequence[str]) -> list[str]:
    """Return lines as a group of their own."""
    (only, *others) = lines
    if not others and NOTE not in only:
        return [f"{keyword} {{ {only} }}"]
    return [f"{keyword} {{", *(f"  {line}" for line in lines), "}"]


class _ConditionWriter:
    """Writes conditions as lines of SPARQL, and takes note of the variables and prefixes used."""

    def __init__(self, kinds: Kinds, terms: Terms, certainty: str, told: QueryWords) -> None:
        self.kinds, self.terms, self.told = kinds, terms, told
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
        below = self.kinds.below.get(kind.iri)
        if not below:
            return self.sure(f"?{thing} a {self.iri(kind.iri)}")
        own = self.variable("class")
        classes = " ".join(self.iri(iri) for iri in (kind.iri, *below))
        return [f"VALUES ?{own} {{ {classes} }}", *self.sure(f"?{thing} a ?{own}")]

    def sure(self, pattern: str, note: str = "") -> list[str]:
        """Return a pattern that is to be said at least so surely as is wanted."""
        note = f"{NOTE}{note}" if note else ""
        if len(self.certainties) == len(CERTAINTIES):
            return [f"{pattern} .{note}"]
        graph, how = self.variable("graph"), self.variable("how")
        admitted = ", ".join(self.iri(RN + certainty) for certainty in self.certainties)
        return [
            f"GRAPH ?{graph} {{ {pattern} }}{note}",
            f"OPTIONAL {{ ?{graph} {self.iri(RN + 'certainty')} ?{how} }}",
            f"FILTER (?{graph} != <{MERGED}> && (!BOUND(?{how}) || ?{how} IN ({admitted})))",
        ]

    def names(self, start: int) -> list[str]:
        """Return the lines that ask for the names of the columns from one on, once each.

        What may be unbound has its name asked for where it may be bound: anywhere else that would
        be the name of anything.
        """
        language = Literal(self.told.language)
        wanted = [c.variable for c in self.columns[start:] if c.is_thing and self.told.language]
        new = [variable for variable in wanted if variable not in self.named]
        self.named += new
        return [
            f"OPTIONAL {{ ?{it} {self.iri(_LABEL)} ?{it}_label "
            f'FILTER (LANG(?{it}_label) IN ("", {language})) }}'
            for it in new
        ]

    def conditions(self, thing: str, all_of: Sequence[Condition], path: Path) -> Lines:
        """Return what has to be so or must not, and what may be so."""
        firm: list[str] = []
        loose: list[str] = []
        for it in all_of:
            start = len(self.columns)
            if it.how == WITHOUT:
                kept, self.columns = self.columns, []
                held, _ = self._held(thing, it, path)
                self.columns = kept
                firm += _grouped("FILTER NOT EXISTS", held)
                continue
            held, may = self._held(thing, it, path)
            if it.how == OPTIONAL:
                loose += _grouped("OPTIONAL", [*held, *may, *self.names(start)])
            else:
                firm += held
                loose += may
        return firm, loose

    def _held(self, thing: str, it: Condition, path: Path) -> Lines:
        """Return the lines of a condition, and what may be so of its value."""
        means = [self.terms[text] for text in it.values]
        names = ", ".join(filter(None, (comment(self.told.called(m.value)) for m in means)))
        if len(means) == 1 and not it.conditions and it.how != OPTIONAL:
            return self.sure(self._pattern(thing, it, self.iri(means[0].value)), names), []
        value = self.variable(it.kind.iri if it.kind and it.step.backwards else it.step.path)
        lines = self.sure(self._pattern(thing, it, f"?{value}"))
        if means:
            listed = " ".join(self.iri(m.value) for m in means)
            lines.append(f"VALUES ?{value} {{ {listed} }}" + (f"{NOTE}{names}" if names else ""))
        if it.kind and it.step.classes != (it.kind.iri,):
            lines += self.of_kind(value, it.kind)
        lines += [f"FILTER ({test})" for test in _tests(it, f"?{value}")]
        here = (*path, it)
        if it.how in (SHOWN, OPTIONAL):
            self.columns.append(AnswerColumn(value, here))
        firm, loose = self.conditions(value, it.conditions, here)
        return [*lines, *firm], loose

    def _pattern(self, thing: str, it: Condition, value: str) -> str:
        ends = (f"?{thing}", value)
        one, other = reversed(ends) if it.step.backwards else ends
        return f"{one} {self.iri(it.step.path)} {other}"


def _tests(it: Condition, value: str) -> Iterator[str]:
    """Yield what a value is to be, as SPARQL tests it.

    Days and times are compared as they are written, so that a year goes with a month or a day.
    """
    least, most = it.bound(it.least), it.bound(it.most)
    if it.step.holds == NUMBER:
        yield from (f"{value} {sign} {end}" for sign, end in ((">=", least), ("<=", most)) if end)
    else:
        if least:
            yield f"STR({value}) >= {Literal(least)}"
        if most:
            yield f"SUBSTR(STR({value}), 1, {len(most)}) <= {Literal(most)}"
    if it.text:
        yield f"CONTAINS(LCASE(STR({value})), {Literal(it.text.lower())})"
