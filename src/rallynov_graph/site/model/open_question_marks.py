"""The open questions about a thing, a fact, a passage or a document: marks for every page.

They are read once for all languages and kept in the process.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules.justifications import Justifications
from rallynov_graph.rules.open_questions import OpenQuestions, touching
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import position_of
from rallynov_graph.site.model.printed_text import Position

DOUBTS_PATH: Final = "/doubts"
"""The page of the open questions."""
MOST_ON_PAGE: Final = 200
"""How many questions that page shows; where there are more, a mark leads to the question itself."""
CONSEQUENCES: Final = ("count", "links", "road", "words")
"""The things that may depend on a question, in the order of pages."""
_BY_PLACE: Final = ("count", "road", "links", "words")
"""The same in the order of ``what_depends_on_questions.rq``."""
_SORT: Final = "open questions"


@dataclass(frozen=True)
class OpenQuestionMark:
    """An open question that touches something, and its address."""

    node: Node
    """The question; its address is that of its own page."""
    href: str
    """Its address on the page of doubts, with its readings and their consequences."""


def touching_thing(view: GraphView, iri: str) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch a thing, those about the thing itself first."""
    return touching_things(view, [iri]).get(iri, ())


def touching_things(
    view: GraphView, iris: Iterable[str]
) -> dict[str, tuple[OpenQuestionMark, ...]]:
    """Return the open questions that touch each of these things; the others are left out."""
    by_thing = known_to(view).by_thing
    found = {iri: by_thing[iri] for iri in iris if iri in by_thing}
    marks = marks_of(view, {question for questions in found.values() for question in questions})
    return {
        iri: tuple(marks[it] for it in sorted(of, key=lambda it: not of[it]))
        for iri, of in found.items()
    }


def touching_any(
    view: GraphView, things: Iterable[str] = (), facts: Iterable[Triple] = ()
) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch some of these things or facts, by their IRIs."""
    known = known_to(view)
    found = {question for iri in things for question in known.by_thing.get(iri, ())}
    found |= {question for fact in facts for question in known.by_fact.get(fact, ())}
    return tuple(marks_of(view, sorted(found)).values())


def touching_answer(
    view: GraphView, question: Question, values: Mapping[str, Term], found: Solutions
) -> tuple[OpenQuestionMark, ...]:
    if view.foreign:
        return ()
    touched = touching(view.queries, question, values, found)
    return tuple(marks_of(view, (node.value for node in touched)).values())


def touching_fact(view: GraphView, fact: Triple) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch a fact: by another of their readings it may not hold.

    They leave it unsettled, or some fact from which rules conclude it.
    """
    questions = known_to(view).by_fact.get(fact, ())
    return tuple(marks_of(view, questions).values())


def in_text(view: GraphView, text: str) -> tuple[tuple[Position, OpenQuestionMark], ...]:
    """Return the open questions about words of a text, with the positions of these words."""
    words = _words(view.queries).get(text, ()) if known_to(view).records else ()
    marks = marks_of(view, (question for _, question in words))
    return tuple((where, marks[question]) for where, question in words)


def known_to(view: GraphView) -> OpenQuestions:
    """Return the open questions of a graph; none of another graph than ours."""
    return _NONE if view.foreign else OpenQuestions.read(view.queries)


def consequences(view: GraphView) -> Mapping[str, str]:
    """Return the facts and answers that depend on each open question, by its IRI."""
    return {
        question.value: _BY_PLACE[int(place.value) - 1]
        for question, place in view.queries.rows("what_depends_on_questions").rows
        if isinstance(question, NamedNode) and isinstance(place, Literal)
    }


def anchor(iri: str) -> str:
    """Return the name by which the page of doubts links to a question."""
    return iri.rstrip("/").rpartition("/")[2]


def marks_of(view: GraphView, questions: Iterable[str]) -> dict[str, OpenQuestionMark]:
    """Return questions as marks, by their IRIs: on the page of doubts while that shows all."""
    too_many = len(known_to(view).records) > MOST_ON_PAGE
    nodes = view.nodes(NamedNode(iri) for iri in questions)
    return {
        node.iri: OpenQuestionMark(
            node,
            (node.href or "")
            if too_many
            else view.addresses.path(DOUBTS_PATH, anchor=anchor(node.iri)),
        )
        for node in nodes.values()
    }


def _words(queries: PageQueries) -> Mapping[str, tuple[tuple[Position, str], ...]]:
    """Return the words that questions are asked of, by their text; read once."""
    return queries.once(_SORT, "words", lambda: _read_words(queries))


def _read_words(queries: PageQueries) -> Mapping[str, tuple[tuple[Position, str], ...]]:
    found: dict[str, list[tuple[Position, str]]] = {}
    for text, start, end, question in queries.rows("words_in_question").rows:
        if isinstance(text, NamedNode) and isinstance(question, NamedNode):
            where = position_of(start, end)
            found.setdefault(text.value, []).append((where, question.value))
    return {text: tuple(words) for text, words in found.items()}


_NONE: Final = OpenQuestions({}, Justifications())
