"""The SPARQL of a question that a reader builds: one query, as a person would write it.

Whatever a reader wrote is in it as a term that the engine's own library wrote.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from textwrap import fill
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, STANDING, admitted
from rallynov_graph.base.namespaces import MERGED, PREFIXES, RN, in_prefixes
from rallynov_graph.site.query.builder.condition import OPTIONAL, SHOWN, WITHOUT, Condition
from rallynov_graph.site.query.builder.kinds import NUMBER, THING, ClassOfThings, Kinds

_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9]+")
_UNSEEN: Final = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would end a comment, or be read as something else before comments are."""
_NOTE: Final = "  # "
_WIDTH: Final = 80
_LABEL: Final = PREFIXES["rdfs"] + "label"

Path = tuple[Condition, ...]
"""The conditions that lead to a column of the answer; none for the things asked for."""


class ConditionQuery:
    """A question in SPARQL: its answer, how many things are in it, and these by their values."""

    def __init__(
        self,
        question: Condition,
        kinds: Kinds,
        terms: Mapping[str, NamedNode],
        is_wide: Callable[[str], bool] = lambda iri: False,
        language: str = "",
        called: Callable[[str], str] = lambda iri: "",
    ) -> None:
        """Write a question, given the things that the texts of its reader mean.

        Things within a wide term count as well. The names of things are queried in a language, if
        one is given; comments contain the names of values.
        """
        self._kinds, self._terms, self._is_wide = kinds, terms, is_wide
        self._language, self._called = language, called
        self._certainties = admitted(question.certainty)
        self._prefixes: set[str] = set()
        self._used: dict[str, int] = {}
        self._named: list[str] = []
        """The variables whose names are asked for."""
        self.thing = self.variable(question.asked_kind.iri)
        self.columns: list[tuple[str, Path]] = [(self.thing, ())]
        """The variables of the answer, and what leads to each."""
        of_kind = self._of_kind(self.thing, question.asked_kind)
        firm, self._loose = self._conditions(self.thing, question, ())
        self.firm = [*of_kind, *firm]
        """What has to be so."""
        self._names = self._names_from(0)

    def text(self, sentence: str = "") -> str:
        """Return the query of the answer, with a sentence above it."""
        pairs = [
            (f"?{it}", f"?{it}_label") if it in self._named else (f"?{it}",)
            for it, _ in self.columns
        ]
        variables = " ".join(name for pair in pairs for name in pair)
        order = " ".join(name for pair in pairs for name in reversed(pair))
        above = f"{_wrapped('#', _comment(sentence), '# ')}\n" if sentence else ""
        return (
            f"{above}{self._declared}\n{_wrapped('SELECT DISTINCT', variables)} WHERE {{\n"
            f"{_indented([*self.firm, *self._loose, *self._names])}\n}}\n"
            f"{_wrapped('ORDER BY', order)}\n"
        )

    @cached_property
    def count(self) -> str:
        things = f"(COUNT(DISTINCT ?{self.thing}) AS ?things)"
        return f"{self._declared}\nSELECT {things} WHERE {{\n{_indented(self.firm)}\n}}\n"

    def counts(self, variable: str, lines: Sequence[str]) -> str:
        """Return the query that counts the things by the values of a variable, given more lines."""
        by = f"?{variable}"
        return (
            f"{self._declared}\nSELECT {by} (COUNT(DISTINCT ?{self.thing}) AS ?things) WHERE {{\n"
            f"{_indented([*self.firm, *lines])}\n}}\nGROUP BY {by}\nORDER BY DESC(?things) {by}\n"
        )

    @property
    def _declared(self) -> str:
        return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted(self._prefixes))

    def variable(self, iri: str) -> str:
        """Return a unique variable, named after a class or property."""
        local = _UNFIT.sub("_", re.split(r"[#/:]", iri.rstrip("#/"))[-1]).strip("_")
        name = local[:1].lower() + local[1:] if local[:1].isalpha() else "value"
        number = self._used[name] = self._used.get(name, 0) + 1
        return name if number == 1 else f"{name}_{number}"

    def iri(self, iri: str) -> str:
        """Return an IRI with a prefix if that is possible, in full otherwise."""
        prefix, _, local = in_prefixes(iri).partition(":")
        if iri == PREFIXES.get(prefix, "") + local and _LOCAL.fullmatch(local):
            self._prefixes.add(prefix)
            return f"{prefix}:{local}"
        return str(NamedNode(iri))

    def sure(self, pattern: str, note: str = "") -> list[str]:
        """Return a pattern that is to be said at least so surely as is wanted."""
        note = f"{_NOTE}{note}" if note else ""
        if len(self._certainties) == len(CERTAINTIES):
            return [f"{pattern} .{note}"]
        graph, stated = self.variable("graph"), self.variable("how")
        admitted = ", ".join(self.iri(RN + certainty) for certainty in self._certainties)
        return [
            f"GRAPH ?{graph} {{ {pattern} }}{note}",
            f"OPTIONAL {{ ?{graph} {self.iri(RN + 'certainty')} ?{stated} }}",
            f"FILTER (?{graph} != <{MERGED}> && (!BOUND(?{stated}) || ?{stated} IN ({admitted})))",
            f"FILTER (!STRSTARTS(STR(?{graph}), {Literal(STANDING)}))",
        ]

    def _of_kind(self, thing: str, kind: ClassOfThings) -> list[str]:
        """Return the lines by which a thing is of a kind, or of one below it."""
        subclasses = self._kinds.subclasses.get(kind.iri)
        if not subclasses:
            return self.sure(f"?{thing} a {self.iri(kind.iri)}")
        class_variable = self.variable("class")
        classes = " ".join(self.iri(iri) for iri in (kind.iri, *subclasses))
        return [
            f"VALUES ?{class_variable} {{ {classes} }}",
            *self.sure(f"?{thing} a ?{class_variable}"),
        ]

    def _names_from(self, start: int) -> list[str]:
        """Return the lines that query the names of the columns from one on, once each.

        The name of an optional variable is queried where it is bound: anywhere else it would match
        any name.
        """
        things = [it for it, path in self.columns[start:] if not path or _has_things(path[-1])]
        new = [it for it in things if self._language and it not in self._named]
        self._named += new
        return [
            f"OPTIONAL {{ ?{it} {self.iri(_LABEL)} ?{it}_label "
            f'FILTER (LANG(?{it}_label) IN ("", {Literal(self._language)})) }}'
            for it in new
        ]

    def _conditions(self, thing: str, upon: Condition, path: Path) -> tuple[list[str], list[str]]:
        all_required: list[str] = []
        all_optional: list[str] = []
        for condition in upon.conditions:
            start = len(self.columns)
            required, optional = self._condition(thing, condition, path)
            if condition.mode == WITHOUT:
                del self.columns[start:]
                all_required += _grouped("FILTER NOT EXISTS", required)
            elif condition.mode == OPTIONAL:
                names = self._names_from(start)
                all_optional += _grouped("OPTIONAL", [*required, *optional, *names])
            else:
                all_required += required
                all_optional += optional
        return all_required, all_optional

    def _condition(
        self, thing: str, condition: Condition, path: Path
    ) -> tuple[list[str], list[str]]:
        """Return the lines of a condition, and the optional ones of its value."""
        terms = [self._terms[text] for text in condition.values]
        names = ", ".join(filter(None, (_comment(self._called(term.value)) for term in terms)))
        is_wide = not condition.exact and any(self._is_wide(term.value) for term in terms)
        is_plain = len(terms) == 1 and not is_wide
        if is_plain and not condition.conditions and condition.mode != OPTIONAL:
            return self.sure(self._pattern(thing, condition, self.iri(terms[0].value)), names), []
        step, kind = condition.step, condition.kind
        value = self.variable(kind.iri if kind and step.backwards else step.path)
        note = f"{_NOTE}{names}" if names else ""
        lines = self.sure(self._pattern(thing, condition, f"?{value}"))
        if is_wide:
            lines.append(f"{self._within(value, terms)}{note}")
        elif terms:
            listed = " ".join(self.iri(term.value) for term in terms)
            lines.append(f"VALUES ?{value} {{ {listed} }}{note}")
        if condition.narrowed_kind:
            lines += self._of_kind(value, condition.narrowed_kind)
        lines += [f"FILTER ({test})" for test in _tests(condition, f"?{value}")]
        path = (*path, condition)
        if condition.mode in (SHOWN, OPTIONAL):
            self.columns.append((value, path))
        required, optional = self._conditions(value, condition, path)
        return [*lines, *required], optional

    def _within(self, value: str, terms: Sequence[NamedNode]) -> str:
        """Return the line by which a value is one of some terms or is within one."""
        skos = PREFIXES["skos"]
        path = f"({self.iri(skos + 'broader')}|^{self.iri(skos + 'member')})*"
        each = [f"?{value} {path} {self.iri(term.value)}" for term in terms]
        if len(each) == 1:
            return f"{each[0]} ."
        return " UNION ".join(f"{{ {pattern} }}" for pattern in each)

    def _pattern(self, thing: str, condition: Condition, value: str) -> str:
        ends = (f"?{thing}", value)
        subject, target = reversed(ends) if condition.step.backwards else ends
        return f"{subject} {self.iri(condition.step.path)} {target}"


def _has_things(condition: Condition) -> bool:
    return condition.step.holds == THING


def _tests(condition: Condition, value: str) -> Iterator[str]:
    """Yield the SPARQL tests of a value.

    Days and times are compared as text, so that a year matches a month or a day.
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


def _comment(text: str) -> str:
    """Return a text as it may be in a comment: on one line, with nothing that escapes it."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _wrapped(start: str, words: str, indent: str = "  ") -> str:
    """Return words on as many lines as they take."""
    return fill(f"{start} {words}", _WIDTH, subsequent_indent=indent, break_long_words=False)


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


def _grouped(keyword: str, lines: Sequence[str]) -> list[str]:
    (only, *others) = lines
    if not others and _NOTE not in only:
        return [f"{keyword} {{ {only} }}"]
    return [f"{keyword} {{", *(f"  {line}" for line in lines), "}"]
