"""The catalogue's pages: its questions by group, and one question with its answer as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import TECHNICAL, Catalogue, Parameter, Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rules.open_questions import touching
from rallynov_graph.site.model.answer_evidence import evidence_of_rows
from rallynov_graph.site.model.as_printed import printed_in, rows_in_carnet_language
from rallynov_graph.site.model.bad_parameter import BadParameter, IsWithdrawn, bad_parameter
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import options

MOST_OPTIONS: Final = 400
"""How many things a select box offers; where there are more, a name is typed."""
MOST_ROWS: Final = 1000
"""How many rows a page shows; the downloads have all."""
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
PARAMETER_KINDS: Final = {"large": "theme", "narrower": "theme", "broader": "theme"}
"""The kinds of things that parameters of these names take; others are named by their kind."""


def _never_withdrawn(_iri: str) -> bool:
    """Return False: of this graph it is not known what was withdrawn."""
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
    """A value that a parameter can have, and whether it has it."""

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
    bad_parameter: BadParameter | None = None
    choices: tuple[Node, ...] = ()
    """Things that a wrong value may mean, each with the address that uses it instead."""


@dataclass(frozen=True)
class AnswerTable:
    """An answer: its columns by their variables, its rows of nodes, how many rows it has."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Node | None, ...], ...]
    total: int
    evidence: tuple[str | None, ...] = ()
    """The address of the evidence of each row, where its fact is known."""


@dataclass(frozen=True)
class QuestionPage:
    """A question, its form, and its answer unless a parameter is wrong."""

    name: str
    text: str
    about: str
    group: str
    fields: tuple[Field, ...]
    table: AnswerTable | None
    verdict: bool | None
    query: str
    parameter_texts: tuple[tuple[str, str], ...]
    bad_parameters: tuple[BadParameter, ...] = ()
    """The parameters with wrong values; without any there is an answer."""
    open_questions: tuple[Node, ...] = ()
    """The open questions that touch the answer."""
    chosen: tuple[Node, ...] = ()
    """The things and texts that it is asked of."""

    @property
    def title(self) -> str:
        """The question, with what it is asked of."""
        return with_values(self.text, (node.text for node in self.chosen))


def with_values(title: str, values: Iterable[str]) -> str:
    """Return a title that names the chosen values, if there are any."""
    return " — ".join(filter(None, (title, ", ".join(values))))


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
    texts: Mapping[str, str],
    is_withdrawn: IsWithdrawn = _never_withdrawn,
) -> QuestionPage:
    """Return a question with its answer, or with the parameters that have wrong values."""
    values, errors = read_values(view, question, texts, is_withdrawn)
    form = _Form(view, question, texts, values, errors)
    fields = tuple(
        form.field(parameter)
        for parameter in question.parameters
        if parameter.name != parameters.LANGUAGE
    )
    query = question.bind(values)
    table, verdict = None, None
    open_nodes: tuple[Node, ...] = ()
    if not errors:
        if question.form == "ASK":
            verdict = view.store.ask(query)
        else:
            things = [p for p in question.parameters if p.type == "iri"]
            same = [p.name for p in things if p.name in values or not p.is_open]
            answer = view.store.select(query)
            evidence = evidence_of_rows(view, question.text, answer, MOST_ROWS)
            table = table_of(view, question.text, answer, omitted=same)
            table = replace(table, evidence=evidence)
            open_nodes = open_questions(view, question, values, answer)
    return QuestionPage(
        question.name,
        summary(question, view.language),
        typeset(question.about.get(view.language) or question.about.get("", ""), view.language),
        question.group,
        fields,
        table,
        verdict,
        readable(query),
        tuple((f.name, texts[f.name]) for f in fields if texts.get(f.name)),
        tuple(errors.values()),
        open_nodes,
        chosen_values(view, question, values),
    )


def chosen_values(
    view: GraphView, question: Question, values: Mapping[str, Term]
) -> tuple[Node, ...]:
    """Return what a question is asked of, its language and certainty left out."""
    asked = [
        (it, values[it.name])
        for it in question.parameters
        if it.name in values and it.name != parameters.LANGUAGE and it.type != "certainty"
    ]
    nodes = view.nodes(term for _, term in asked)
    return tuple(
        Node(it.choices[term.value][view.language])
        if it.choices and isinstance(term, Literal)
        else nodes[term]
        for it, term in asked
    )


def open_questions(
    view: GraphView, question: Question, values: Mapping[str, Term], answer: Solutions
) -> tuple[Node, ...]:
    """Return the open questions that touch an answer."""
    questions = touching(view.queries, question, values, answer)
    return tuple(view.nodes(questions).values())


def read_values(
    view: GraphView,
    question: Question,
    texts: Mapping[str, str],
    is_withdrawn: IsWithdrawn = _never_withdrawn,
) -> tuple[dict[str, Term], dict[str, BadParameter]]:
    """Return the terms that the parameters' texts mean, and the parameters whose texts mean none.

    Raises UnknownNameError for a name that is no parameter's.
    """
    values: dict[str, Term] = {}
    bad_parameters: dict[str, BadParameter] = {}
    for parameter in question.parameters:
        if parameter.name == parameters.LANGUAGE:
            values[parameter.name] = Literal(view.language)
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
            bad_parameters[name] = bad_parameter(view, parameter, error, text, is_withdrawn)
        else:
            if value is not None:
                values[name] = value
    return values, bad_parameters


def table_of(
    view: GraphView,
    query: str,
    answer: Solutions,
    all_columns: bool = False,
    omitted: Sequence[str] = (),
) -> AnswerTable:
    """Return the answer to a query as a table.

    Unless ``all_columns``, the columns of names beside their things are left out, and those
    ``omitted`` since they are the same in each row.
    """
    first = Solutions(answer.variables, answer.rows[:MOST_ROWS])
    worded = rows_in_carnet_language(view, first, printed_in(query))
    variables = worded.variables
    repeated = {v for v in variables if v.removesuffix(_LABEL) in {*variables} - {v}} | {*omitted}
    places = [place for place, name in enumerate(variables) if all_columns or name not in repeated]
    rows_shown = worded.rows
    nodes = view.nodes(row[place] for row in rows_shown for place in places)
    rows = tuple(
        tuple(None if (term := row[place]) is None else nodes[term] for place in places)
        for row in rows_shown
    )
    return AnswerTable(tuple(variables[place] for place in places), rows, len(answer.rows))


def summary(question: Question, language: str) -> str:
    """Return a question in words, in this language where it has them."""
    text = question.summary.get(language) or next(iter(question.summary.values()), question.name)
    return typeset(text, language)


@dataclass(frozen=True)
class _Form:
    """The parameters of a question as its form shows them."""

    view: GraphView
    question: Question
    texts: Mapping[str, str]
    values: Mapping[str, Term]
    errors: Mapping[str, BadParameter]

    def field(self, parameter: Parameter) -> Field:
        """Return a parameter with its value; a thing is written as its short address."""
        name, error = parameter.name, self.errors.get(parameter.name)
        value = self.texts.get(name, "") or default_text(parameter.default)
        term = self.values.get(name)
        if parameter.type == "iri" and isinstance(term, NamedNode):
            value = short_iri(term.value)
        elif parameter.type == "choice" and isinstance(term, Literal):
            value = term.value
        return Field(
            name,
            parameter.type,
            value,
            _options(self.view, parameter, value)
            if not error or parameter.type in ("certainty", "choice")
            else (),
            parameter.is_open,
            error,
            self._choices(name, error) if error else (),
        )

    def _choices(self, name: str, error: BadParameter) -> tuple[Node, ...]:
        path = f"/questions/{self.question.name}"
        other_texts = [
            (other_name, text) for other_name, text in self.texts.items() if other_name != name
        ]
        return tuple(
            replace(
                node,
                href=self.view.addresses.path(path, [*other_texts, (name, short_iri(node.iri))]),
                external=False,
            )
            for node in error.near
            if node.iri
        )


def _options(view: GraphView, parameter: Parameter, value: str) -> tuple[ParameterOption, ...]:
    if parameter.type == "certainty":
        chosen = value.removeprefix("rn:").removeprefix(RN)
        return tuple(ParameterOption(c, c, "", c == chosen) for c in CERTAINTIES)
    if parameter.type == "choice":
        chosen = value if value in parameter.choices else default_text(parameter.default)
        return tuple(
            ParameterOption(word, labels[view.language], "", word == chosen)
            for word, labels in parameter.choices.items()
        )
    known = {short_iri(node.iri): node for node in options(view, parameter.of, MOST_OPTIONS)}
    if value and value not in known:
        return ()
    return tuple(
        ParameterOption(name, node.text, node.language, name == value)
        for name, node in known.items()
    )


def default_text(default: str) -> str:
    """Return a parameter's default value as a person would write it."""
    if default == "UNDEF":
        return ""
    if default.startswith("<"):
        iri = default.strip("<>")
        return short_iri(iri)
    return default.strip('"').removeprefix("rn:") if default.startswith(("rn:", '"')) else default
