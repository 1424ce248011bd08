"""The three questions that the home page begins with, each with a part of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import certainty_of, surest
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue, Parameter, Question
from rallynov_graph.site.model.catalogue_answers import summary
from rallynov_graph.site.model.nodes import GraphView, Node

MOST: Final = 3
"""So many things of each answer are shown."""


@dataclass(frozen=True)
class _Choice:
    """A question, and the columns of its answer that the home page shows."""

    name: str
    parameter: str
    """The parameter that takes its example; empty where the question is asked of everything."""
    thing: str
    detail: str = ""
    how: str = "how"
    """The column that says how surely the thing answers; empty where it is no statement."""


_CHOICES: Final = (
    _Choice("themes_of_organisation", "large", "organisation"),
    _Choice("participants_of_stage", "stage", "participant", "role"),
    _Choice("open_questions", "", "question", how=""),
)


@dataclass(frozen=True)
class SampleRow:
    """A thing of an answer, how surely it is one, and what it is there."""

    thing: Node
    certainty: str
    details: tuple[Node, ...]


@dataclass(frozen=True)
class Sample:
    """A question, what it is asked of, and the first things of its answer."""

    text: str
    href: str
    subject: Node | None
    """What it is asked of; None where it is asked of everything."""
    rows: tuple[SampleRow, ...]
    more: int
    """How many things of the answer are not shown."""


def samples(view: GraphView, catalogue: Catalogue, certainty: str) -> Iterator[Sample]:
    """Yield the questions that the catalogue has, with answers that are at least so certain."""
    for choice in _CHOICES:
        if choice.name in catalogue:
            yield _sample(view, catalogue[choice.name], choice, certainty)


def _sample(view: GraphView, question: Question, choice: _Choice, certainty: str) -> Sample:
    subject = _example(question, choice.parameter)
    values: dict[str, Term] = {
        "certainty": NamedNode(RN + certainty),
        "language": Literal(view.language),
    }
    if subject is not None:
        values[choice.parameter] = subject
    found: dict[Term, list[Mapping[str, Term | None]]] = {}
    for row in view.queries.saved(choice.name, question.bind(values)):
        thing = row[choice.thing]
        if thing is not None:
            seen = {name: row[name] for name in _columns(choice)}
            if seen not in found.setdefault(thing, []):
                found[thing].append(seen)
    # Those for which there is most come first; the answer's own order settles the rest.
    ordered = sorted(found, key=lambda thing: -len(found[thing]))
    shown = ordered[:MOST]
    details = [row[choice.detail] for thing in shown for row in found[thing] if choice.detail]
    nodes = view.nodes([*shown, *details, *([subject] if subject else [])])

    def row_of(thing: Term) -> SampleRow:
        admitted = [certainty_of(_iri(row[choice.how])) for row in found[thing] if choice.how]
        named = (row[choice.detail] for row in found[thing] if choice.detail)
        return SampleRow(
            nodes[thing],
            surest(it for it in admitted if it) or "",
            tuple(dict.fromkeys(nodes[term] for term in named if term is not None)),
        )

    given = [(choice.parameter, view.addresses.short_or_iri(_iri(subject)))] if subject else []
    return Sample(
        summary(question, view.language),
        view.addresses.question(question.name, given),
        nodes[subject] if subject else None,
        tuple(map(row_of, shown)),
        len(ordered) - len(shown),
    )


def _columns(choice: _Choice) -> tuple[str, ...]:
    return tuple(name for name in (choice.how, choice.detail) if name)


def _example(question: Question, name: str) -> NamedNode | None:
    """Return the example of a parameter, None for a question that is asked of everything."""
    if not name:
        return None
    parameter: Parameter = question.parameter(name)
    return NamedNode(ID + parameter.example)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
