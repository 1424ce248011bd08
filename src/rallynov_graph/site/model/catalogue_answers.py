"""The questions of the catalogue as a site shows them, what they are asked with, their answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import (
    AmbiguousNameError,
    RallynovError,
    UnknownNameError,
    WrongKindError,
)
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.claims.row_evidence import HOW
from rallynov_graph.questions import parameters, thing_names
from rallynov_graph.questions.catalogue import TECHNICAL, Catalogue, Parameter, Question
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.site.model.answer_evidence import evidence_of_rows
from rallynov_graph.site.model.as_printed import printed_in, rows_in_carnet_language
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.empty_answer import (
    AskedCondition,
    EmptyAnswer,
    empty_answer,
    shown_silences,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import marks_of

MOST_ROWS: Final = 1000
"""How many rows a page shows; the downloads have all."""
FIRST_ROWS: Final = 8
"""How many rows of an answer are shown above what a search finds."""
LONGEST_VALUE: Final = 2000
"""How many characters the value of a parameter may have."""
_GROUPS: Final = (
    "rally",
    "stages",
    "people",
    "organisations",
    "innovations",
    "themes",
    "documents",
    "evidence",
    TECHNICAL,
)
_LABEL: Final = "_label"
IsWithdrawn = Callable[[str], bool]
"""Returns whether the thing of an IRI was withdrawn."""


@dataclass(frozen=True)
class ListedQuestion:
    """A question of the catalogue as its list shows it."""

    name: str
    text: str
    href: str


@dataclass(frozen=True)
class AnswerTable:
    """An answer: its columns by their variables, its rows of nodes, how many rows it has."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Node | None, ...], ...]
    total: int

    def beside(
        self, columns: Sequence[str], rows: Sequence[tuple[Node | None, ...]]
    ) -> AnswerTable:
        """Return the table with additional columns, unchanged if these have no rows."""
        if not rows:
            return self
        wider = tuple(own + more for own, more in zip(self.rows, rows, strict=True))
        return AnswerTable((*self.columns, *columns), wider, self.total)


def questions_by_group(
    view: GraphView, catalogue: Catalogue
) -> tuple[tuple[str, tuple[ListedQuestion, ...]], ...]:
    """Return the questions of each group, groups in the order of interest."""

    def place(group: str) -> tuple[int, str]:
        return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS)), group

    def listed(it: Question) -> ListedQuestion:
        return ListedQuestion(it.name, summary(it, view.language), view.addresses.question(it.name))

    grouped = catalogue.groups()
    return tuple((group, (*map(listed, grouped[group]),)) for group in sorted(grouped, key=place))


def summary(question: Question, language: str) -> str:
    """Return a question in words, in this language if it has them."""
    text = question.summary.get(language) or next(iter(question.summary.values()), question.name)
    return typeset(text, language)


def most_answered(view: GraphView, question: Question, parameter: str) -> NamedNode | None:
    """Return the thing that most rows have, else the example of a parameter; None without any."""
    bound: dict[str, Term | None] = {parameter: None}
    if any(it.name == parameters.LANGUAGE for it in question.parameters):
        bound[parameters.LANGUAGE] = Literal(view.language)
    rows = view.queries.cached(question.bind(bound))
    if parameter not in rows.variables:
        return thing_names.as_iri(question.parameter(parameter).example)
    found = Counter(it for row in rows if isinstance(it := row[parameter], NamedNode))
    return max(found, key=lambda it: (found[it], it.value), default=None)


def with_values(title: str, values: Iterable[str]) -> str:
    """Return a title that names the chosen values, if there are any."""
    return " — ".join(filter(None, (title, ", ".join(values))))


def default_text(parameter: Parameter) -> str:
    """Return a parameter's default value as a person would write it."""
    default = parameter.default
    if default == "UNDEF":
        return ""
    if default.startswith("<"):
        return short_iri(default.strip("<>"))
    return default.removeprefix("rn:") if parameter.type == "certainty" else default.strip('"')


def read_values(
    view: GraphView, question: Question, texts: Mapping[str, str], is_withdrawn: IsWithdrawn
) -> tuple[dict[str, Term], dict[str, BadParameter]]:
    """Return the terms that the parameters' texts mean, and the parameters whose texts mean none.

    Raises UnknownNameError for a name that is not a parameter's.
    """
    values: dict[str, Term] = {
        it.name: Literal(view.language)
        for it in question.parameters
        if it.name == parameters.LANGUAGE
    }
    bad_parameters: dict[str, BadParameter] = {}
    for name, text in texts.items():
        parameter = question.parameter(name)
        if not text.strip():
            continue
        if len(text) > LONGEST_VALUE:
            bad_parameters[name] = BadParameter(name, "long")
            continue
        try:
            value = parameters.value(parameter, text, view.store)
        except RallynovError as error:
            bad_parameters[name] = _bad_parameter(view, parameter, error, text, is_withdrawn)
        else:
            if value is not None:
                values[name] = value
    return values, bad_parameters


def _bad_parameter(
    view: GraphView,
    parameter: Parameter,
    error: RallynovError,
    text: str,
    is_withdrawn: IsWithdrawn,
) -> BadParameter:
    """Return the parameter of a question with what is wrong with its value."""
    name = parameter.name
    if parameter.choices and isinstance(error, UnknownNameError):
        named = {
            word: Node(f"{word} ({labels[view.language]})")
            for word, labels in parameter.choices.items()
        }
        close = error.near if len(error.near) < len(named) else ()
        return BadParameter(name, "one_of", tuple(named[it] for it in close), (*named.values(),))
    if parameter.type != "iri":
        return BadParameter(name, name if name == parameters.LANGUAGE else parameter.type)
    if isinstance(error, AmbiguousNameError):
        things = [thing_names.as_iri(bearer) for bearer in error.bearers]
        nodes = view.nodes(thing for thing in things if thing is not None)
        return BadParameter(name, "ambiguous", tuple(nodes.values()))
    if not isinstance(error, UnknownNameError):
        return BadParameter(name, "iri")
    iri = thing_names.as_iri(text.strip())
    if iri is not None and is_withdrawn(iri.value):
        return BadParameter(name, "withdrawn")
    terms = [thing_names.as_iri(text) or text for text in error.near]
    nodes = view.nodes(term for term in terms if isinstance(term, NamedNode))
    near = (nodes[it] if isinstance(it, NamedNode) else Node(it) for it in terms)
    key = "of_another_kind" if isinstance(error, WrongKindError) else "thing"
    return BadParameter(name, key, tuple(near))


def table_of(
    view: GraphView,
    query: str,
    answer: Solutions,
    all_columns: bool = False,
    omitted: Sequence[str] = (),
) -> AnswerTable:
    """Return the answer to a query as a table.

    Unless ``all_columns``, the columns of names beside their things are left out, those without a
    value in any row, and those ``omitted`` since they are the same in each row.
    """
    first = Solutions(answer.variables, answer.rows[:MOST_ROWS])
    worded = rows_in_carnet_language(view, first, printed_in(query))
    variables = worded.variables
    repeated = {v for v in variables if v.removesuffix(_LABEL) in {*variables} - {v}} | {*omitted}
    values = dict(zip(answer.variables, zip(*answer.rows, strict=True), strict=False))
    repeated |= {name for name, its in values.items() if all(it is None for it in its)}
    places = [place for place, name in enumerate(variables) if all_columns or name not in repeated]
    nodes = view.nodes(row[place] for row in worded.rows for place in places)
    rows = tuple(
        tuple(None if (term := row[place]) is None else nodes[term] for place in places)
        for row in worded.rows
    )
    return AnswerTable(tuple(variables[place] for place in places), rows, len(answer.rows))


_COLUMN: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class AnswerSentence:
    """The only row of an answer in words, how surely it is said, and where its evidence is."""

    pieces: tuple[str | Node, ...]
    sure: Node | None
    evidence: str | None

    @property
    def text(self) -> str:
        """The sentence without links."""
        return "".join(it if isinstance(it, str) else it.text for it in self.pieces)

    @property
    def certainty(self) -> str | None:
        """How surely it is said: explicit, inferred or tentative."""
        return self.sure.iri.removeprefix(RN) if self.sure else None


def sentence(view: GraphView, answer: CatalogueAnswer) -> AnswerSentence | None:
    """Return an answer of one row as a sentence; None where it lacks a value of that."""
    question = answer.question
    said = typeset(question.says.get(view.language, ""), view.language)
    if not said or not answer.is_table or len(answer.rows) != 1:
        return None
    table = table_of(view, question.text, answer.rows)
    row = dict(zip(table.columns, table.rows[0], strict=True))
    pieces = [
        row.get(piece) if place % 2 else piece for place, piece in enumerate(_COLUMN.split(said))
    ]
    found = tuple(it for it in pieces if it is not None)
    if len(found) < len(pieces):
        return None
    evidence = evidence_of_rows(view, question.text, answer.rows, 1)
    return AnswerSentence(tuple(it for it in found if it), row.get(HOW), *evidence or (None,))


def empty_catalogue_answer(
    view: GraphView,
    answer: CatalogueAnswer,
    texts: Mapping[str, str],
    column_name: Callable[[str], str],
) -> EmptyAnswer:
    """Return which of the given values leaves no answer, and what there is without one."""
    asked, values = answer.question, answer.values
    named = {
        it.name: it
        for it in asked.parameters
        if it.name in values and it.name in texts and it.default
    }
    nodes = dict(zip(named, named_values(view, values, named.values()), strict=True))
    conditions = [
        AskedCondition(name, column_name(name), nodes[name], name == "certainty") for name in named
    ]

    def kept(names: Collection[str]) -> list[str]:
        return [name for name in texts if name in names or name not in named]

    def count(names: Collection[str]) -> int:
        left = {name: it for name, it in values.items() if name in names or name not in named}
        return len(view.queries.cached(asked.bind(left)))

    touched = marks_of(view, (it.value for it in answer.left_open))
    return empty_answer(
        conditions,
        count,
        lambda names: view.addresses.question(
            asked.name, [(name, texts[name]) for name in kept(names)]
        ),
        [*touched.values()],
        shown_silences(view, answer.silences),
    )


def named_values(
    view: GraphView, values: Mapping[str, Term | None], parameters: Iterable[Parameter]
) -> list[Node]:
    given = [(it, term) for it in parameters if (term := values.get(it.name)) is not None]
    nodes = view.nodes(term for _, term in given)
    return [
        Node(it.choices[term.value][view.language])
        if it.choices and isinstance(term, Literal)
        else nodes[term]
        for it, term in given
    ]
