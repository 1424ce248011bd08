"""The JSON of the API: questions, answers as plain values, results of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.catalogue import Catalogue, Question
from rallynov_graph.search.results import Hit, SearchAnswer
from rallynov_graph.site.model.catalogue_answers import default_text, summary
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.plain_values import Value, plain


@dataclass(frozen=True)
class ParameterData:
    """What a question can be asked with; without a value it has its default, empty for any.

    A thing is of one of these classes or lists of concepts, where any are named.
    """

    name: str
    type: str
    of: tuple[str, ...]
    default: str
    example: str
    optional: bool
    choices: tuple[str, ...]
    """The words that a choice takes; none for any other type."""


@dataclass(frozen=True)
class QuestionData:
    """A question of the catalogue, and where it is answered."""

    name: str
    text: str
    about: str
    group: str
    parameters: tuple[ParameterData, ...]
    answer: str


@dataclass(frozen=True)
class QuestionsData:
    """A page of the questions."""

    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    questions: tuple[QuestionData, ...]


@dataclass(frozen=True)
class LeftOpenData:
    """An open question that touches an answer: by another reading that would be different."""

    iri: str
    text: str
    address: str | None


@dataclass(frozen=True)
class AnswerData:
    """A page of the answer of a question: each row with a value, or null, for each column.

    What was taken are the things that it was asked with, null where with any.
    """

    question: str
    text: str
    given: dict[str, str]
    taken: dict[str, str | None]
    left_open: tuple[LeftOpenData, ...]
    columns: tuple[str, ...]
    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    rows: tuple[dict[str, Value], ...]


@dataclass(frozen=True)
class ReasonData:
    """A text in which something was found, and which words of it."""

    role: str
    language: str
    text: str
    marked: tuple[str, ...]


@dataclass(frozen=True)
class FoundData:
    """A thing that was found, where its page is, and why it was found."""

    iri: str
    kind: str
    label: str
    address: str | None
    because: tuple[ReasonData, ...]


@dataclass(frozen=True)
class TakenData:
    """How a word was taken that is nowhere: as others, or left out."""

    word: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class SearchData:
    """A page of what was found. There is more than the total where the words are very common."""

    query: str
    taken: tuple[TakenData, ...]
    some_words_only: bool
    more: bool
    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    results: tuple[FoundData, ...]


def question_data(question: Question, language: str, answer: str) -> QuestionData:
    """Return a question with its parameters."""
    return QuestionData(
        question.name,
        summary(question, language),
        question.about.get(language) or question.about.get("", ""),
        question.group,
        tuple(
            ParameterData(
                parameter.name,
                parameter.type,
                tuple(term.value for term in parameter.of),
                default_text(parameter.default),
                parameter.example,
                parameter.is_open,
                tuple(parameter.choices),
            )
            for parameter in question.parameters
        ),
        answer,
    )


def tables(catalogue: Catalogue) -> tuple[Question, ...]:
    """Return the questions whose answers are tables."""
    return tuple(question for question in catalogue.values() if question.form == "SELECT")


def plain_rows(found: Solutions, start: int, stop: int) -> tuple[dict[str, Value], ...]:
    """Return some rows of an answer as plain values."""
    return tuple(
        dict(zip(found.variables, map(plain, row), strict=True)) for row in found.rows[start:stop]
    )


def left_open_data(nodes: Sequence[Node]) -> tuple[LeftOpenData, ...]:
    """Return open questions as the API has them."""
    return tuple(LeftOpenData(node.iri, node.text, node.href) for node in nodes)


def found_data(view: GraphView, hits: Sequence[Hit]) -> tuple[FoundData, ...]:
    """Return the hits of a search, with the reasons."""
    nodes = view.nodes(NamedNode(hit.iri) for hit in hits)
    return tuple(_result(hit, nodes[NamedNode(hit.iri)]) for hit in hits)


def taken_data(answer: SearchAnswer) -> tuple[TakenData, ...]:
    """Return the words that were corrected or left out."""
    return tuple(TakenData(word.word, word.spellings) for word in answer.corrections)


def _result(hit: Hit, node: Node) -> FoundData:
    reasons = (
        ReasonData(
            reason.role,
            reason.language,
            reason.text,
            tuple(piece.text for piece in reason.pieces if piece.marked),
        )
        for reason in hit.reasons
    )
    return FoundData(hit.iri, hit.kind, node.text, node.href, tuple(reasons))
