"""The catalogue as the workbench lists it: every question with its words and its parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Catalogue, Parameter, Question
from rallynov_graph.site.model.catalogue_answers import (
    PARAMETER_KINDS,
    default_text,
    questions_page,
    summary,
)
from rallynov_graph.site.model.nodes import GraphView


@dataclass(frozen=True)
class ReadyParameter:
    """What a question is asked with, and its value at rest or an example, as a person writes it."""

    name: str
    type: str
    value: str
    optional: bool
    kind: str
    """The kind of thing that it is, where the search knows that kind."""
    choices: tuple[tuple[str, str], ...] = ()
    """The words that a choice takes, each with its label."""


@dataclass(frozen=True)
class ReadyMade:
    """A question that is ready to be asked."""

    name: str
    group: str
    text: str
    about: str
    other: tuple[str, ...]
    """Its words in the other languages."""
    address: str
    parameters: tuple[ReadyParameter, ...]


def ready_made(view: GraphView, catalogue: Catalogue, kinds: Collection[str]) -> list[ReadyMade]:
    """Return all questions, by group in the order of interest."""
    groups = questions_page(view, catalogue).groups
    return [
        _ready(view, catalogue[listed.name], listed.href, kinds)
        for _, questions in groups
        for listed in questions
    ]


def _ready(view: GraphView, question: Question, address: str, kinds: Collection[str]) -> ReadyMade:
    words = (question.summary, question.about)
    other_texts = [
        text for texts in words for language, text in texts.items() if language != view.language
    ]
    return ReadyMade(
        question.name,
        question.group,
        summary(question, view.language),
        question.about.get(view.language) or question.about.get("", ""),
        tuple(other_texts),
        address,
        tuple(
            _parameter(parameter, kinds, view.language)
            for parameter in question.parameters
            if parameter.name != parameters.LANGUAGE
        ),
    )


def _parameter(parameter: Parameter, kinds: Collection[str], language: str) -> ReadyParameter:
    kind = PARAMETER_KINDS.get(parameter.name, parameter.name)
    return ReadyParameter(
        parameter.name,
        parameter.type,
        default_text(parameter.default) or parameter.example,
        parameter.is_open,
        kind if kind in kinds else "",
        tuple((word, labels[language]) for word, labels in parameter.choices.items()),
    )
