"""The catalogue's pages: its questions by group, and one question with its answer as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.base.typography import typeset
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Catalogue, Parameter, Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rules.left_open import touching
from rallynov_graph.site.model.as_printed import printed_in, worded_rows
from rallynov_graph.site.model.bad_parameter import IsWithdrawn, Wrong, wrong
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import options

MOST_OPTIONS: Final = 400
"""How many things a select box offers; where there are more, a name is typed."""
MOST_ROWS: Final = 1000
"""How many rows a page shows; the downloads have all."""
LONGEST_VALUE: Final = 2000
"""How many characters the value of a parameter may have."""
_GROUPS: Final = ("rally", "stages", "people", "organisations", "innovations", "themes", "evidence")
_LABEL: Final = "_label"
KINDS: Final = {"large": "theme", "narrower": "theme", "broader": "theme"}
"""Of which kind a thing is that a parameter of another name stands for."""


def _never(_iri: str) -> bool:
    """Say that no thing was withdrawn, as of a graph of which that is not known."""
    return False


@dataclass(frozen=True)
class ListedQuestion:
    """A question of the catalogue as its list shows it."""

    name: str
    text: str
    href: str


@dataclass(frozen=True)
class QuestionsPage:
    """The questions by group, groups in the order of interest."""

    groups: tuple[tuple[str, tuple[ListedQuestion, ...]], ...]


@dataclass(frozen=True)
class ParameterOption:
    """A value that a parameter can be given, and whether it has it."""

    value: str
    text: str
    language: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it: options to choose from, or a text to write."""

    name: str
    type: str
    value: str
    options: tuple[ParameterOption, ...]
    optional: bool
    wrong: Wrong | None = None
    choices: tuple[Node, ...] = ()
    """What may be meant by a value that is not taken, each with the address that asks for it."""


@dataclass(frozen=True)
class AnswerTable:
    """An answer: its columns by their variables, its rows of nodes, how many rows it has."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Node | None, ...], ...]
    total: int


@dataclass(frozen=True)
class QuestionPage:
    """A question, its form, and its answer when its parameters can be understood."""

    name: str
    text: str
    about: str
    group: str
    fields: tuple[Field, ...]
    table: AnswerTable | None
    verdict: bool | None
    query: str
    given: tuple[tuple[str, str], ...]
    wrong: tuple[Wrong, ...] = ()
    """What is wrong with the given values; without any there is an answer."""
    left_open: tuple[Node, ...] = ()
    """The open questions that touch the answer."""


def questions_page(view: GraphView, catalogue: Catalogue) -> QuestionsPage:
    """Return the catalogue as a page shows it."""

    def place(group: str) -> tuple[int, str]:
        return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS)), group

    grouped = catalogue.groups()
    return QuestionsPage(
        tuple(
            (
                group,
                tuple(
                    ListedQuestion(
                        q.name, summary(q, view.language), view.addresses.question(q.name)
                    )
                    for q in grouped[group]
                ),
            )
            for group in sorted(grouped, key=place)
        )
    )


def question_page(
    view: GraphView,
    question: Question,
    given: Mapping[str, str],
    is_withdrawn: IsWithdrawn = _never,
) -> QuestionPage:
    """Return a question with its answer; a value that is not understood is said."""
    values, errors = read(view, question, given, is_withdrawn)
    form = _Form(view, question, given, values, errors)
    fields = tuple(
        form.field(parameter)
        for parameter in question.parameters
        if parameter.name != parameters.LANGUAGE
    )
    query = question.bind(values)
    table, verdict = None, None
    touched: tuple[Node, ...] = ()
    if not errors:
        if question.form == "ASK":
            verdict = view.store.ask(query)
        else:
            things = [p for p in question.parameters if p.type == "iri"]
            same = [p.name for p in things if p.name in values or not p.is_open]
            found = view.store.select(query)
            table = table_of(view, question.text, found, apart=same)
            touched = left_open(view, question, values, found)
    return QuestionPage(
        question.name,
        summary(question, view.language),
        typeset(question.about.get(view.language) or question.about.get("", ""), view.language),
        question.group,
        fields,
        table,
        verdict,
        readable(query),
        tuple((f.name, given[f.name]) for f in fields if given.get(f.name)),
        tuple(errors.values()),
        touched,
    )


def left_open(
    view: GraphView, question: Question, values: Mapping[str, Term], found: Solutions
) -> tuple[Node, ...]:
    """Return the open questions that touch an answer."""
    touched = touching(view.queries, question, values, found)
    return tuple(view.nodes(touched).values())


def read(
    view: GraphView,
    question: Question,
    given: Mapping[str, str],
    is_withdrawn: IsWithdrawn = _never,
) -> tuple[dict[str, Term], dict[str, Wrong]]:
    """Return the terms that the given texts mean, and what is wrong with those that mean none.

    Raises UnknownNameError for a name that is no parameter's.
    """
    values: dict[str, Term] = {}
    errors: dict[str, Wrong] = {}
    for parameter in question.parameters:
        if parameter.name == parameters.LANGUAGE:
            values[parameter.name] = Literal(view.language)
    for name, text in given.items():
        parameter = question.parameter(name)
        if not text.strip():
            continue
        if len(text) > LONGEST_VALUE:
            errors[name] = Wrong(name, "long")
            continue
        try:
            found = parameters.value(parameter, text, view.store)
        except RallynovError as error:
            errors[name] = wrong(view, parameter, error, text, is_withdrawn)
        else:
            if found is not None:
                values[name] = found
    return values, errors


def table_of(
    view: GraphView, query: str, answer: Solutions, every: bool = False, apart: Sequence[str] = ()
) -> AnswerTable:
    """Return the answer to a query as a table.

    Names that stand beside their thing, and what is apart (the same in each row), are left out,
    unless every column is wanted.
    """
    first = Solutions(answer.variables, answer.rows[:MOST_ROWS])
    found = worded_rows(view, first, printed_in(query))
    variables = found.variables
    repeated = {v for v in variables if v.removesuffix(_LABEL) in {*variables} - {v}} | {*apart}
    kept = [place for place, name in enumerate(variables) if every or name not in repeated]
    shown = found.rows
    nodes = view.nodes(row[place] for row in shown for place in kept)
    rows = tuple(
        tuple(None if (term := row[place]) is None else nodes[term] for place in kept)
        for row in shown
    )
    return AnswerTable(tuple(variables[place] for place in kept), rows, len(answer.rows))


def summary(question: Question, language: str) -> str:
    """Return a question in words, in a language where it has them in it."""
    text = question.summary.get(language) or next(iter(question.summary.values()), question.name)
    return typeset(text, language)


@dataclass(frozen=True)
class _Form:
    """What a question is asked with, as its form shows it."""

    view: GraphView
    question: Question
    given: Mapping[str, str]
    values: Mapping[str, Term]
    errors: Mapping[str, Wrong]

    def field(self, parameter: Parameter) -> Field:
        """Return a parameter with its value: the address of the thing that a name was taken for."""
        name, error = parameter.name, self.errors.get(parameter.name)
        value = self.given.get(name, "") or written(parameter.default)
        meant = self.values.get(name)
        if parameter.type == "iri" and isinstance(meant, NamedNode):
            value = short_iri(meant.value)
        return Field(
            name,
            parameter.type,
            value,
            _options(self.view, parameter, value)
            if not error or parameter.type == "certainty"
            else (),
            parameter.is_open,
            error,
            self._choices(name, error) if error else (),
        )

    def _choices(self, name: str, error: Wrong) -> tuple[Node, ...]:
        path = f"/questions/{self.question.name}"
        asked = [(other, text) for other, text in self.given.items() if other != name]
        return tuple(
            replace(
                node,
                href=self.view.addresses.path(path, [*asked, (name, short_iri(node.iri))]),
                external=False,
            )
            for node in error.near
            if node.iri
        )


def _options(view: GraphView, parameter: Parameter, value: str) -> tuple[ParameterOption, ...]:
    if parameter.type == "certainty":
        chosen = value.removeprefix("rn:").removeprefix(RN)
        return tuple(ParameterOption(c, c, "", c == chosen) for c in CERTAINTIES)
    known = {short_iri(node.iri): node for node in options(view, parameter.of, MOST_OPTIONS)}
    if value and value not in known:
        return ()
    return tuple(
        ParameterOption(name, node.text, node.language, name == value)
        for name, node in known.items()
    )


def written(default: str) -> str:
    """Return a parameter's value at rest as a person would write it."""
    if default == "UNDEF":
        return ""
    if default.startswith("<"):
        iri = default.strip("<>")
        return short_iri(iri)
    return default.strip('"').removeprefix("rn:") if default.startswith(("rn:", '"')) else default
