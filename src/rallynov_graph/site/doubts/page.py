"""What stays open: the questions by what depends on them, then the tentative facts beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.release import Release
from rallynov_graph.rules.open_questions import OpenQuestionRecord
from rallynov_graph.site.doubts.disagreements import Disagreements, disagreements
from rallynov_graph.site.doubts.doubt import Doubt, doubts
from rallynov_graph.site.doubts.kept_trials import Trials, kept_trials
from rallynov_graph.site.doubts.tentative_facts import (
    ON_A_PAGE,
    TentativeFact,
    tentative_facts,
)
from rallynov_graph.site.doubts.tried import TriedReading, effect, tried
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import (
    DOUBTS_PATH,
    MOST_ON_PAGE,
    anchor,
    known_to,
)
from rallynov_graph.site.model.ordering import PageRange, sortable

CONSEQUENCES: Final = ("count", "road", "links", "words")
"""What may depend on a question, in the order of ``what_depends_on_questions.rq``."""
SHOWN: Final = ("count", "links", "road", "words")
"""The same in the order of the page."""
TOUCHABLE: Final = ("stage", "person", "organisation")
"""The kinds of things that the page is narrowed to by its menu."""
MOST_CHOICES: Final = 400
"""How many things the menu names; the page of any other leads to its questions."""
READY: Final = "ready"
LARGE: Final = "large"
REMOTE: Final = "remote"
TOUCHES: Final = "touches"
"""What the address says to have only the questions that touch a thing."""


@dataclass(frozen=True)
class DoubtGroup:
    """The questions on which the same depends, those with the most that hangs on them first."""

    key: str
    doubts: tuple[Doubt, ...]
    in_all: int
    """How many questions it has, shown or not."""


@dataclass(frozen=True)
class TouchedThing:
    """A thing that the page can be narrowed to, and the questions that touch it."""

    node: Node
    short: str
    anchors: tuple[str, ...]
    """Where the page has the questions that touch it."""

    @property
    def questions(self) -> int:
        """How many questions touch it."""
        return len(self.anchors)


@dataclass(frozen=True)
class DoubtsPage:
    """A page of what stays open."""

    groups: tuple[DoubtGroup, ...]
    in_all: int
    """How many open questions there are, whatever the page is narrowed to."""
    touching: Node | None
    """What it is narrowed to."""
    short: str
    menu: tuple[tuple[str, tuple[TouchedThing, ...]], ...]
    has_all_questions: bool
    """Whether the page of all has every question: of very many, it shows the first."""
    facts: tuple[TentativeFact, ...]
    facts_in_all: int
    has_all_facts: bool
    """Whether these are all tentative facts: of very many, the first are gone through."""
    pages: PageRange
    counts_links: bool
    """Whether the computed links that would fall are counted: of very many they are not."""
    with_words: bool
    """Whether it shows words of a document."""
    query: str
    trials: str
    """Whether readings can be tried: ``ready``, ``missing``, ``large``, or ``remote`` where there
    is no release to work them out of."""
    tried: TriedReading | None
    disagreements: Disagreements | None
    """None where the page is narrowed to a thing, or is not the first."""

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """All questions of the page."""
        return tuple(doubt for group in self.groups for doubt in group.doubts)

    @property
    def undecided(self) -> int:
        """How many of its questions have no preferred reading."""
        return sum(not doubt.has_preferred for doubt in self.doubts)

    @property
    def most(self) -> int:
        """How many questions the largest group has; the bars are drawn in proportion."""
        return max((group.in_all for group in self.groups), default=0)


def doubts_page(
    view: GraphView,
    catalogue: Catalogue,
    texts: Mapping[str, str],
    number: int = 1,
    touching: str = "",
    trying: str = "",
    release: Release | None = None,
) -> DoubtsPage | None:
    """Return a page; the first has the questions, all share the tentative facts among them.

    None where there are not so many pages. With a thing, there is only what touches it; with the
    IRI of a reading, what changes if it is tried.
    """
    records = _records(view, touching)
    shown = records[:MOST_ON_PAGE] if number == 1 else []
    short = view.addresses.short_or_iri(touching) if touching else ""
    trials = kept_trials(view, release)
    by_reading = trials.by_reading if trials else {}
    wanted = {reading.value for record in shown for reading in record.readings}
    effects = {
        iri: effect(view, trial, short) for iri, trial in by_reading.items() if iri in wanted
    }
    found = doubts(view, catalogue, texts, shown, effects)
    facts = tentative_facts(view, number, touching)
    count = max(1, -(-facts.in_all // ON_A_PAGE))
    if number > count:
        return None
    return DoubtsPage(
        groups=_groups(view, records, found, touching),
        in_all=len(records),
        touching=view.node(touching) if touching else None,
        short=short,
        menu=_menu(view, touching),
        has_all_questions=len(known_to(view).records) <= MOST_ON_PAGE,
        facts=facts.facts,
        facts_in_all=facts.in_all,
        has_all_facts=facts.is_whole,
        pages=_pages(view, number, count, short),
        counts_links=known_to(view).conclusions.whole,
        with_words=any(passage.words for doubt in found for passage in doubt.passages),
        query=_query(view, records),
        trials=_state(trials),
        tried=tried(view, by_reading[trying], short) if trying in by_reading else None,
        disagreements=disagreements(view, release) if number == 1 and not touching else None,
    )


def _state(trials: Trials | None) -> str:
    if trials is not None:
        return READY if trials.whole else LARGE
    return REMOTE


def is_reading(view: GraphView, iri: str) -> bool:
    """Return whether an IRI is that of a reading of some open question."""
    reading = NamedNode(iri)
    return any(reading in record.readings for record in known_to(view).records.values())


def question_iris(view: GraphView, touching: str = "") -> list[str]:
    """Return the IRIs of the open questions, those that touch a thing alone where one is named."""
    return [record.iri for record in _records(view, touching)]


def rows_query(view: GraphView, touching: str = "") -> str:
    """Return the query behind the files of the page."""
    return _query(view, _records(view, touching))


def is_in_question(view: GraphView, iri: str) -> bool:
    """Return whether some open question touches a thing."""
    return iri in known_to(view).by_thing


def _query(view: GraphView, records: Iterable[OpenQuestionRecord]) -> str:
    """Return the query for questions with their readings, as a reader is shown it."""
    things = [NamedNode(record.iri) for record in records]
    if len(things) == len(known_to(view).records):
        return readable(view.queries.text("open_questions"))
    return readable(view.queries.text("open_questions", question=things))


def _records(view: GraphView, touching: str) -> list[OpenQuestionRecord]:
    known = known_to(view)
    if not touching:
        return [*known.records.values()]
    return [known.records[iri] for iri in known.by_thing.get(touching, ())]


def _groups(
    view: GraphView,
    records: Sequence[OpenQuestionRecord],
    found: Sequence[Doubt],
    touching: str,
) -> tuple[DoubtGroup, ...]:
    places = {
        question.value: CONSEQUENCES[int(place.value) - 1]
        for question, place in view.queries.rows("what_depends_on_questions").rows
        if isinstance(question, NamedNode) and isinstance(place, Literal)
    }

    about = known_to(view).by_thing.get(touching, {})

    def order(doubt: Doubt) -> tuple[bool, int, str]:
        """A question about the thing itself comes before others that touch it."""
        return not about.get(doubt.node.iri, False), -doubt.weight, sortable(doubt.node.text)

    numbers = Counter(places[record.iri] for record in records)
    return tuple(
        DoubtGroup(
            key,
            tuple(sorted((doubt for doubt in found if places[doubt.node.iri] == key), key=order)),
            numbers[key],
        )
        for key in SHOWN
    )


def _menu(view: GraphView, touching: str) -> tuple[tuple[str, tuple[TouchedThing, ...]], ...]:
    """Return the things to choose from by their kinds; of very many, those most in question."""
    by_thing = known_to(view).by_thing
    kinds = {iri: view.addresses.kind(iri) for iri in by_thing}
    touchable = [iri for iri, kind in kinds.items() if kind in TOUCHABLE]
    listed = sorted(touchable, key=lambda iri: -len(by_thing[iri]))[:MOST_CHOICES]
    if touching in by_thing and touching not in listed:
        listed.append(touching)
    nodes = {node.iri: node for node in view.nodes(map(NamedNode, listed)).values()}
    return tuple(
        (
            kind,
            tuple(
                TouchedThing(
                    nodes[iri], view.addresses.short_or_iri(iri), tuple(map(anchor, by_thing[iri]))
                )
                for iri in sorted(listed, key=lambda iri: sortable(nodes[iri].text))
                if kinds[iri] == kind
            ),
        )
        for kind in dict.fromkeys((*TOUCHABLE, *(kinds[iri] for iri in listed)))
    )


def _pages(view: GraphView, number: int, count: int, short: str) -> PageRange:
    def at(page: int) -> str:
        pairs = [(TOUCHES, short), ("page", str(page) if page > 1 else "")]
        return view.addresses.path(DOUBTS_PATH, pairs, "uncertain")

    return PageRange(
        number,
        count,
        at(number - 1) if number > 1 else None,
        at(number + 1) if number < count else None,
    )
