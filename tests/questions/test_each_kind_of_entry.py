"""Each kind of entry of three lists has a question, which answers what the list says and no more.

``estran-7.trig`` was written from the first of them by people who ran no program.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode

import trial
from entry_kinds import ALSO, ANSWERED, LINKS, NO_FACT, SAID_AGAIN, View, kinds
from expected import seen_through
from listed import LISTS, NO_TRIAL, THIRD, Listed, read
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf import sources
from rallynov_graph.sparql.embedded import EmbeddedStore

CATALOGUE = load()
EVERY = (*LISTS, trial.FOLLOW_UP)


class Answers:
    """What a list and the release of its data answer, beside what was answered without it."""

    def __init__(self, listed: Listed, before: EmbeddedStore | None) -> None:
        self.listed, self.before = listed, before
        self.inventory = listed.inventory
        self.found: dict[View, list[set[tuple[str, ...]]]] = {}
        self.by_kind: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.also: dict[View, set[tuple[str, ...]]] = defaultdict(set)
        if before is not None:
            counted = before.select(CATALOGUE["reported_and_counted"].bind())
            for figure, number in seen_through(counted, ["figure", "counted"]):
                self.inventory.counted_before[figure] = int(number)
        for kind, entry in kinds(self.inventory):
            if kind in ANSWERED:
                self.by_kind[kind].update(ANSWERED[kind].rows(self.inventory, entry))
            if kind in ALSO:
                self.also[ALSO[kind].view].update(ALSO[kind].rows(self.inventory, entry))

    def answer(self, view: View) -> set[tuple[str, ...]]:
        return self._rows(view)[0]

    def added(self, view: View) -> set[tuple[str, ...]]:
        """Return what the document adds to an answer; what lacks a second value is left out."""
        now, before = self._rows(view)
        return {row for row in now - before if row[1:2] != ("",)}

    def _rows(self, view: View) -> list[set[tuple[str, ...]]]:
        if view not in self.found:
            stores = [self.listed.store, *([self.before] if self.before else [])]
            asked = [self._asked(store, view) for store in stores]
            self.found[view] = [*asked, set()][:2]
        return self.found[view]

    def _asked(self, store: EmbeddedStore, view: View) -> set[tuple[str, ...]]:
        question, columns = CATALOGUE[view.question], view.columns.split()
        values = {name: Literal(value) for name, value in view.values}
        return {*seen_through(store.select(question.bind(values)), columns)}

    def links(self, rows: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
        """Return the links between the things of rows: their question is asked of two things."""
        question, columns, found = CATALOGUE[LINKS.question], LINKS.columns.split(), set()
        for one, _, other, _ in rows:
            ends = {"one": NamedNode(ID + one), "other": NamedNode(ID + other)}
            found |= {*seen_through(self.listed.store.select(question.bind(ends)), columns)}
        return found


@pytest.fixture(scope="module")
def answers(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    listed = {slug: Listed(slug, tmp_path_factory.mktemp(slug)) for slug in EVERY}
    before = {THIRD: store, trial.FOLLOW_UP: listed[trial.FIRST].store}
    return {slug: Answers(it, before.get(slug)) for slug, it in listed.items()}


def test_a_list_that_is_read_says_what_those_who_read_it_wrote() -> None:
    """Its facts, and the passages, certainties and voices of their sets."""
    read_, written = (
        [*quads]
        for quads in (
            read(trial.FIRST).quads(),
            sources.quads([trial.TRIAL / f"{trial.FIRST}.trig"], relative_iris=False),
        )
    )
    assert trial.facts_of(read_) == trial.facts_of(written)
    kept = {f"{RN}{name}" for name in ("certainty", "passage", "voice", "reason")}
    of_sets = [
        {
            (q.subject, q.predicate, q.object)
            for q in quads
            if q.predicate.value in kept and "/assertion-set/" in str(q.subject)
        }
        for quads in (read_, written)
    ]
    assert of_sets[0] == of_sets[1] and len(of_sets[0]) > 600


def _kinds() -> Iterator[object]:
    for slug in EVERY:
        for kind in dict.fromkeys(kind for kind, _ in kinds(read(slug))):
            if kind not in SAID_AGAIN and kind not in NO_FACT:
                yield pytest.param(slug, kind)
    if THIRD not in LISTS:
        yield NO_TRIAL


@pytest.mark.parametrize(("slug", "kind"), [*_kinds()])
def test_each_kind_has_a_question_that_answers_it(
    answers: dict[str, Answers], slug: str, kind: str
) -> None:
    assert kind in ANSWERED, "a kind without a question"
    view, expected = ANSWERED[kind].view, answers[slug].by_kind[kind]
    found = answers[slug].links(expected) if view is LINKS else answers[slug].answer(view)
    assert sorted(expected - found) == []


def _views() -> Iterator[object]:
    for slug in EVERY:
        named = dict.fromkeys(kind for kind, _ in kinds(read(slug)) if kind in ANSWERED)
        for view in dict.fromkeys(ANSWERED[kind].view for kind in named):
            if view.whole:
                yield pytest.param(slug, view, id=f"{slug}-{view.question}-{view.columns}")
    if THIRD not in LISTS:
        yield NO_TRIAL


@pytest.mark.parametrize(("slug", "view"), [*_views()])
def test_an_answer_adds_what_the_list_says_and_no_more(
    answers: dict[str, Answers], slug: str, view: View
) -> None:
    it = answers[slug]
    of_kinds = (rows for kind, rows in it.by_kind.items() if ANSWERED[kind].view == view)
    assert sorted(it.added(view).difference(it.also[view], *of_kinds)) == []
