"""Read a parameter's text as the term that it means; give examples.

The files of the catalogue name things of the shipped data. For another programme they are replaced
by the things with the most facts in its graph; a question without such things is left out.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, RN, kind_of_iri
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import (
    DATATYPES,
    Catalogue,
    Parameter,
    Question,
    parse,
    unknown,
)
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store

_IN_WORDS: Final = {
    "explicit": ("dit", "explicite", "said"),
    "inferred": ("deduit",),
    "tentative": ("incertain", "uncertain"),
}
"""The readers' name of each certainty, folded."""
_CERTAINTIES: Final = {
    name: certainty for certainty in CERTAINTIES for name in (certainty, *_IN_WORDS[certainty])
}

LANGUAGE: Final = "language"
"""The parameter that says in which language labels are wanted."""
ANY: Final = ("", "*")
"""The text that means any thing."""


def values(question: Question, texts: Mapping[str, str], store: Store) -> dict[str, Term | None]:
    """Return the terms for the texts of a question's parameters, by name.

    Raises UnknownNameError for an unknown parameter or thing, QueryError for a text that is not of
    the parameter's type.
    """
    return {name: value(question.parameter(name), text, store) for name, text in texts.items()}


def value(parameter: Parameter, text: str, store: Store) -> Term | None:
    """Return the term for the text of a parameter.

    A thing is given by its IRI (in full, prefixed or short, as ``organisation/name``), by one of
    its names in the data, without regard to case, accents or a leading article, or by words that
    only one thing of the parameter's kind has. ``*`` or nothing means any.
    """
    text = text.strip()
    if parameter.type == "iri":
        return None if text in ANY else thing_names.thing(text, store, parameter.of)
    if parameter.type == "certainty":
        return certainty(text)
    if parameter.type == "choice":
        return choice(parameter, text)
    if parameter.name == LANGUAGE:
        return language(text, store)
    if (parameter.type == "integer" and not re.fullmatch(r"[+-]?\d+", text)) or (
        parameter.type == "date" and not _is_date(text)
    ):
        example = "2024-05-31" if parameter.type == "date" else "3"
        raise QueryError(
            f"{parameter.name}: {text!r} is not of the type {parameter.type}, such as {example}."
        )
    return Literal(text, datatype=NamedNode(DATATYPES[parameter.type]))


def bound_things(
    question: Question, values: Mapping[str, Term | None]
) -> dict[str, NamedNode | None]:
    """Return the thing of each parameter of type ``iri``, None for any.

    A parameter without a value has its default.
    """
    return {p.name: _bound_thing(p, values) for p in question.parameters if p.type == "iri"}


def _bound_thing(parameter: Parameter, values: Mapping[str, Term | None]) -> NamedNode | None:
    if parameter.name not in values:
        return None if parameter.is_open else thing_names.as_iri(parameter.default)
    value = values[parameter.name]
    return value if isinstance(value, NamedNode) else None


def certainty(text: str) -> NamedNode:
    """Return the certainty with a French or English name; raise UnknownNameError."""
    name = folded(text.removeprefix(RN).removeprefix("rn:"))
    if name not in _CERTAINTIES:
        raise unknown("certainty", text, [*CERTAINTIES])
    return NamedNode(RN + _CERTAINTIES[name])


def choice(parameter: Parameter, text: str) -> Literal:
    """Return a word of a choice from the word or its label in any language.

    Raises UnknownNameError, with the nearest words by their labels in each language, or all words.
    """
    words = {
        folded(name): word
        for word, labels in parameter.choices.items()
        for name in (word, word.replace("_", " "), *labels.values())
    }
    if folded(text) in words:
        return Literal(words[folded(text)])
    close = dict.fromkeys(words[name] for name in near(text, words)) or parameter.choices
    *others, last = (f"{word} ({' / '.join(parameter.choices[word].values())})" for word in close)
    listed = f"{', '.join(others)} or {last}" if others else last
    raise UnknownNameError(
        f"{parameter.name}: {text!r} is not one of its values; write {listed}.", [*close]
    )


def language(text: str, store: Store) -> Literal:
    """Return a language of the labels; raise UnknownNameError for any other."""
    if text not in LANGUAGES:
        known = thing_names.languages(store)
        if known and text not in known:
            *others, last = known
            listed = f"{', '.join(others)} and {last}" if others else last
            raise UnknownNameError(
                f"The labels are in {listed}: name one of these as the language.", known
            )
    return Literal(text)


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2024-05-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def questions_of_data(catalogue: Catalogue, queries: PageQueries) -> Catalogue:
    """Return the questions with examples from the graph; unchanged for the shipped data."""
    if CURRENT.folder is None:
        return catalogue
    questions = (_of_graph(question, queries) for question in catalogue.values())
    known = {question.name: question for question in questions if question is not None}
    return Catalogue(known, catalogue.aliases)


def with_examples_of(question: Question, store: Store) -> Question:
    """Return a question with examples from a store; unchanged if the store has none."""
    if CURRENT.folder is None:
        return question
    return _of_graph(question, PageQueries(store)) or question


def _of_graph(question: Question, queries: PageQueries) -> Question | None:
    text, taken = question.text, set[str]()
    for parameter in question.parameters:
        ours = _example(parameter)
        if not ours:
            continue
        found = [iri for iri in _candidates(parameter, ours, queries) if iri not in taken]
        if not found:
            return None
        taken.add(found[0])
        text = text.replace(f"<{ours}>", f"<{found[0]}>").replace(
            f"example {ours.removeprefix(ID)}", f"example {found[0].removeprefix(ID)}"
        )
    return question if text == question.text else parse(question.name, text)


def _example(parameter: Parameter) -> str:
    """Return the thing that is a parameter's example or default; empty without one."""
    if parameter.type != "iri":
        return ""
    default = parameter.default.strip("<>")
    return ID + parameter.example if parameter.example else default * default.startswith(ID)


def _candidates(parameter: Parameter, ours: str, queries: PageQueries) -> Iterator[str]:
    kind = kind_of_iri(ours)
    classes = parameter.of or (NamedNode(CLASSES.get(kind, f"{RN}{kind.capitalize()}")),)
    for of in (*classes, NamedNode(f"{RN}Stage")):
        for (thing,) in queries.rows("example_of", of=of).rows:
            if isinstance(thing, NamedNode) and thing.value.startswith(ID):
                yield thing.value
