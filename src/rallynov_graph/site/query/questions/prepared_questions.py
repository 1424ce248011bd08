"""The answers of the catalogue that are worked out before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.questions.catalogue import Parameter, Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.release.kept_answers import KeptAnswers
from rallynov_graph.site.model.addresses import CERTAINTY
from rallynov_graph.site.model.catalogue_answers import read_values
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.ordering import options

FEW: Final = 12
"""Of a parameter with more values than that, only the default is prepared."""


def prepare(kept: KeptAnswers, view: GraphView, question: Question) -> None:
    """Keep the answers to a question that is asked as most ask it; raise OSError.

    These are those at each certainty and in each language, with each value of one parameter that
    has few, the others as the question has them.
    """
    for query in dict.fromkeys(queries_of(view, question)):
        name = readable(query)
        if not kept.is_prepared(name):
            kept.prepare(name, view.store.serialize(query, RESULTS_JSON.media_type))


def queries_of(view: GraphView, question: Question) -> Iterator[str]:
    """Yield the queries that ask a question so."""
    languages = LANGUAGES if _has(question, LANGUAGE) else LANGUAGES[:1]
    for language in languages:
        own = replace(view, addresses=replace(view.addresses, language=language))
        for texts in _texts(own, question):
            values, wrong = read_values(own, question, texts)
            if not wrong:
                yield question.bind(values)


def _texts(view: GraphView, question: Question) -> Iterator[Mapping[str, str]]:
    certainties = ("", *CERTAINTIES) if _has(question, CERTAINTY) else ("",)
    chosen: list[dict[str, str]] = [{}]
    for parameter in question.parameters:
        if parameter.name not in (LANGUAGE, CERTAINTY):
            chosen += [{parameter.name: value} for value in _few(view, parameter)]
    for certainty in certainties:
        for texts in chosen:
            yield {**texts, **({CERTAINTY: certainty} if certainty else {})}


def _few(view: GraphView, parameter: Parameter) -> tuple[str, ...]:
    if parameter.type != "iri":
        return ()
    found = tuple(short_iri(node.iri) for node in options(view, parameter.of, FEW + 1))
    return found if len(found) <= FEW else ()


def _has(question: Question, name: str) -> bool:
    return any(parameter.name == name for parameter in question.parameters)
