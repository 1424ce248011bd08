"""The questions of the catalogue that a typed text may ask, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.matching.words import TextPiece, folded, plain_words, words_in_place
from rallynov_graph.questions.catalogue import Catalogue, Question
from rallynov_graph.release.finder import Finder
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.search.asking import (
    SLOT,
    SYNONYM,
    NamedSpan,
    Phrases,
    Understanding,
    bound_phrase,
    concept,
)
from rallynov_graph.search.index import TERM
from rallynov_graph.search.results import Hit
from rallynov_graph.site.model.catalogue_answers import read_values, summary, with_values
from rallynov_graph.site.model.nodes import GraphView

_ASKS: Final = re.compile(
    r"(?:(?:a|au|de|sur|avec|dans|par|pour|d'|to|in|with|on|for|at) ?)?"
    r"(?:qu|ou\b|combien|comment|pourquoi|wh|how)"
)
"""The beginnings of phrases that end with a question mark."""


@dataclass(frozen=True)
class AskedQuestion:
    name: str
    text: str
    """The question in words, with its values."""
    values: Mapping[str, str]
    """The values of its parameters as a person writes them."""
    address: str
    score: float
    pieces: tuple[TextPiece, ...] = ()
    """The question as a person asks it, with the named things marked."""
    mentions: frozenset[str] = frozenset()
    """The things that it is asked of and that are no values of parameters."""
    left_over: tuple[str, ...] = ()
    """The words that the rows of its answer must have."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return sorted(self.values.items())


@dataclass(frozen=True)
class Asked:
    """The questions that a text may ask; ``is_clear`` if the first one certainly is."""

    questions: tuple[AskedQuestion, ...] = ()
    is_clear: bool = False
    things: tuple[NamedSpan, ...] = ()
    """The things that the text may name, those with most of its words first."""
    asks: bool = False
    """Whether the text likelier asks a question than names a thing."""
    by_rows: tuple[AskedQuestion, ...] = ()
    """Those that are clearly meant if rows of their answer have the words that are left over."""

    def ranked(self, hits: Iterable[Hit]) -> tuple[Hit | AskedQuestion, ...]:
        """Return things and questions in one order, the terms of the ontology last.

        Two of the likelier sort come before one of the other. Of the things, those that the text
        names come first, also by synonyms, then those that only have its words.
        """
        found = {it.iri: it for it in hits}
        named = {
            it.iri: Hit(it.iri, it.kind, ())
            for it in self.things
            if it.iri in found or it.coverage >= SYNONYM
        }
        all_things = (named | found).values()
        things = [it for it in all_things if it.kind != TERM]
        likelier, others = (self.questions, things) if self.asks else (things, self.questions)
        ranked: list[Hit | AskedQuestion] = []
        for place in range(max(len(likelier), len(others))):
            ranked += (*likelier[2 * place : 2 * place + 2], *others[place : place + 1])
        return (*ranked, *(it for it in all_things if it.kind == TERM))


def asked(
    view: GraphView, catalogue: Catalogue, phrases: Phrases, finder: Finder, text: str
) -> Asked:
    meant = phrases.meant(text, finder)
    iris = {
        NamedNode(it)
        for one in (*meant.questions, *meant.by_rows)
        for it in (*one.values.values(), *one.mentions.values())
        if "://" in it
    }
    nodes = view.nodes(iris)
    typed = {plain: run[0] for run in words_in_place(text) for plain in plain_words(run[0])}

    def pieces(question: Question, values: Mapping[str, str]) -> tuple[TextPiece, ...]:
        """Return the first phrase that asks it with these values; nothing without one."""
        named = {it: nodes[NamedNode(value)].text for it, value in values.items() if "://" in value}
        chosen = {it: value for it, value in values.items() if it not in named}
        for slots, bound, whole in ways_to_ask(question, view.language):
            if slots == named.keys() and bound == chosen:
                return tuple(
                    TextPiece(named.get(piece, piece), bool(place % 2))
                    for place, piece in enumerate(SLOT.split(whole))
                    if piece
                )
        return ()

    def shown(it: Understanding) -> AskedQuestion:
        question, values = catalogue[it.question], it.values
        names = []
        for parameter in question.parameters:
            value = values.get(parameter.name, "")
            if value in parameter.choices:
                names.append(parameter.choices[value][view.language])
            elif "://" in value:
                names.append(nodes[NamedNode(value)].text)
        names += [nodes[NamedNode(iri)].text for iri in it.mentions.values()]
        text = with_values(summary(question, view.language), names)
        written = {name: short_iri(value) for name, value in values.items()}
        address = view.addresses.question(question.name, sorted(written.items()))
        return AskedQuestion(
            question.name,
            text,
            written,
            address,
            it.score,
            pieces(question, {**values, **it.mentions}),
            frozenset(it.mentions.values()),
            tuple(typed.get(word, word) for word in it.left_over),
        )

    questions, by_rows = (tuple(map(shown, its)) for its in (meant.questions, meant.by_rows))
    return Asked(questions, meant.is_clear, meant.things, meant.asks, by_rows)


def ways_to_ask(
    question: Question, language: str
) -> Iterator[tuple[frozenset[str], Mapping[str, str], str]]:
    """Yield how people ask a question: the slots, the choices, and the text with its slots."""
    mark = "\N{NO-BREAK SPACE}?" if language == "fr" else "?"
    for written in question.phrases.get(language, ()):
        text, bound = bound_phrase(written)
        whole = f"{text[:1].upper()}{text[1:]}{mark if _ASKS.match(folded(text)) else ''}"
        yield frozenset(SLOT.findall(text)), bound, whole


def settled(view: GraphView, catalogue: Catalogue, meant: Asked) -> Asked:
    """Return what a text means; clear, too, where rows have the words that no phrase has.

    "How many meals does the canteen serve" asks for the figures of the canteen, those of meals.
    """
    if meant.is_clear:
        return meant
    for it in meant.by_rows:
        if (answer := _answer(view, catalogue, it)) and answer.rows.rows:
            before = ", " if it.values or it.mentions else " — "
            named = replace(it, text=it.text + before + ", ".join(it.left_over))
            others = tuple(other for other in meant.questions if other.address != it.address)
            return replace(meant, questions=(named, *others), is_clear=True)
    return meant


def answer_meant(view: GraphView, catalogue: Catalogue, meant: Asked) -> CatalogueAnswer | None:
    """Return the answer of rows to the question that is clearly meant.

    None without one, and where no row names what the question mentions.
    """
    answer = _answer(view, catalogue, meant.questions[0]) if meant.is_clear else None
    return None if answer and answer.mentioned and not answer.rows.rows else answer


def _answer(view: GraphView, catalogue: Catalogue, it: AskedQuestion) -> CatalogueAnswer | None:
    """Return the answer of rows to a question, those with the words that are left over."""
    question = catalogue[it.name]
    values, _ = read_values(view, question, it.values, lambda _: False)
    words = frozenset(concept(folded(word)) for word in it.left_over)
    answer = CatalogueAnswer(question, values, view.queries, it.mentions, words)
    return answer if answer.is_table else None
