"""What the page of a thing begins with, and in which order its facts follow; none is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.model.facts import Fact
from rallynov_graph.site.model.layout import IDENTITY
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, known_to, touching_thing
from rallynov_graph.site.model.thing_description import Group, ThingPage
from rallynov_graph.site.thing.sentence_clauses import sentence_of
from rallynov_graph.site.thing.sentences import Sentence
from rallynov_graph.site.thing.theme_strength import (
    LINKED,
    LINKED_TO_LARGER,
    SUBJECT,
    ThemeStrength,
    theme_strengths,
)
from rallynov_graph.site.web.messages import Messages

_SECTIONS: Final = {
    "people": "person",
    "innovations": "innovation",
    "organisations": "organisation",
}
"""The kinds of things that have a section of their own, by its name, in their order."""
_FROM: Final = frozenset({"rally", "who", "themes"})
"""The groups whose facts go to those sections."""
_ASIDE: Final = frozenset({RN + "atSameStageAs"})
"""What says little about a thing: it stays among the other facts."""
_OF_THEMES: Final = frozenset({SUBJECT, LINKED, LINKED_TO_LARGER})


@dataclass(frozen=True)
class SummarySection:
    """Facts that a page shows first: those about things of one kind."""

    key: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class QuestionBeside:
    """An open question that touches a thing."""

    mark: OpenQuestionMark
    readings: tuple[Node, ...] = ()
    """Where it is asked about the thing itself."""


@dataclass(frozen=True)
class ThingSummary:
    """The parts of a thing's page, in their order."""

    sentence: Sentence | None = None
    themes: tuple[ThemeStrength, ...] = ()
    theme_facts: tuple[Fact, ...] = ()
    """The links to themes, each with its evidence."""
    sections: tuple[SummarySection, ...] = ()
    names: tuple[Fact, ...] = ()
    others: tuple[Group, ...] = ()
    questions: tuple[QuestionBeside, ...] = ()

    @property
    def strokes(self) -> tuple[str, ...]:
        """The certainties that the clues of its themes have, the surest first."""
        used = {how for theme in self.themes for how in theme.clues}
        return tuple(how for how in CERTAINTIES if how in used)


def summary_of(view: GraphView, words: Messages, thing: ThingPage, certainty: str) -> ThingSummary:
    """Return the parts of a thing's page; in somebody else's graph all facts stand as they are."""
    if view.foreign:
        return ThingSummary(others=thing.groups)
    sentence, themes, questions = view.queries.once(
        "beginning of page",
        (view.addresses, thing.iri),
        lambda: _beginning(view, words, thing, certainty),
    )
    facts = [fact for group in thing.groups for fact in group.facts]
    own = thing.node.shape if thing.kind != "person" else ""
    sections = tuple(
        SummarySection(key, found)
        for key, kind in _SECTIONS.items()
        if kind != own and (found := tuple(_about(thing.groups, kind)))
    )
    linking = tuple(it for it in facts if it.path in _OF_THEMES and not it.backwards)
    theme_facts = linking if themes else ()
    names = next((it.facts for it in thing.groups if _is_identity(it)), ())
    moved = {id(fact) for section in sections for fact in section.facts}
    moved |= {id(fact) for fact in (*theme_facts, *names)}
    others = tuple(_without(thing.groups, moved))
    return ThingSummary(sentence, themes, theme_facts, sections, names, others, questions)


def _beginning(
    view: GraphView, words: Messages, thing: ThingPage, certainty: str
) -> tuple[Sentence | None, tuple[ThemeStrength, ...], tuple[QuestionBeside, ...]]:
    """Return what the page begins with, and what stands beside it."""
    facts = [fact for group in thing.groups for fact in group.facts]
    return (
        sentence_of(view, words, thing),
        theme_strengths(view, thing.iri, facts, certainty),
        tuple(_questions(view, thing.iri)),
    )


def _questions(view: GraphView, iri: str) -> Iterable[QuestionBeside]:
    """Yield the open questions that touch a thing, those about the thing itself first."""
    for mark in touching_thing(view, iri):
        about = known_to(view).records[mark.node.iri].readings if mark.is_about else ()
        nodes = view.nodes(about)
        yield QuestionBeside(mark, tuple(nodes[reading] for reading in about))


def _is_identity(group: Group) -> bool:
    return group.key == IDENTITY.rpartition("#")[2]


def _about(groups: Iterable[Group], kind: str) -> Iterable[Fact]:
    """Yield the facts all of whose values are things of a kind."""
    for group in groups:
        for fact in group.facts if group.key in _FROM else ():
            if fact.path not in _ASIDE and all(it.node.shape == kind for it in fact.values):
                yield fact


def _without(groups: Iterable[Group], moved: set[int]) -> Iterable[Group]:
    for group in groups:
        kept = tuple(fact for fact in group.facts if id(fact) not in moved)
        if kept:
            yield replace(group, facts=kept)
