"""Open questions: how one is asked, and which of its readings a fact belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.session.asked import ActRefused, AskedReading, Question
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of
from rallynov_graph.desk.short_terms import LABEL, Value

TAKEN: Final = f"{RN}takenIn"
ALTERNATIVE: Final = f"{RN}alternativeIn"
_WAYS: Final = (TAKEN, ALTERNATIVE)
ABOUT: Final = f"{PREFIXES['schema']}about"
_UNSETTLES: Final = f"{RN}unsettles"


class QuestionReadings:
    """The readings of the open questions of a document whose facts change."""

    def __init__(self, stating: Stating) -> None:
        self._stating = stating
        self._others = _things_beside_facts(stating.reading())

    def reading_of(self, fact: StatedFact) -> str:
        """Return the reading that states the set of a fact; the empty string if there is none."""
        of_set = (it for it in self._readings if fact.entry.address in sets_of(it))
        return next((it.address for it in of_set), "")

    def take_in(self, wanted: str | None, fact: StatedFact) -> None:
        """Move a fact to a reading, or out of all readings if that is empty.

        Nothing changes for None. Raises ActRefused.
        """
        if wanted is None or wanted == self.reading_of(fact):
            return
        reading = next((it for it in self._readings if it.address == wanted), None)
        if wanted and reading is None:
            raise ActRefused("no reading", "reading")
        if fact.entry.kind != "set":
            raise ActRefused("no reading of it", "reading")
        address = self._stating.apart([fact])
        self._leave(address)
        if reading is not None:
            way = TAKEN if reading.says.get(TAKEN) else ALTERNATIVE
            sets = (*reading.says.get(way, ()), NamedNode(address))
            self._stating.add(replace(reading, says={**reading.says, way: sets}))
        self._describe()

    def forget_sets(self) -> None:
        """Have no reading name a set that is not there any more."""
        there = {it.address for it in self._stating.reading().of_kind("set")}
        for reading in self._readings:
            for address in {*sets_of(reading)} - there:
                self._leave(address)
        self._describe()

    @property
    def _readings(self) -> list[Entry]:
        return [*self._stating.reading().of_kind("reading")]

    def _leave(self, address: str) -> None:
        for reading in self._readings:
            if address in sets_of(reading):
                left = {
                    name: tuple(it for it in values if name not in _WAYS or it.value != address)
                    for name, values in reading.says.items()
                }
                says = {name: values for name, values in left.items() if values}
                self._stating.add(replace(reading, says=says))

    def _describe(self) -> None:
        """Have each question say what the facts of its readings are about."""
        now = self._stating.reading()
        for question in now.of_kind("question"):
            facts = facts_of_question(now, question)
            says = about(facts, self._others.get(question.address, ()))
            if facts:
                kept = {k: v for k, v in question.says.items() if k not in (ABOUT, _UNSETTLES)}
                self._stating.add(replace(question, says={**kept, **says}))


def ask(asked: Question, reading: DocumentReading, stating: Stating) -> None:
    """Leave open which of several readings is right: by their facts, or as curators say it.

    Without facts the words that leave it open are needed, and the things that it is about.
    """
    labels = stating.literals(asked.label)
    every = {it.id: it for e in reading.of_kind("set") for it in facts_of(e)}
    ids = [it for one in asked.readings for it in one.facts]
    if not {*ids} <= every.keys():
        raise ActRefused("one fact gone", "readings")
    stated = [every[it] for it in ids]
    if len({*ids}) < len(ids):
        raise ActRefused("two readings", "readings")
    things = [stating.value_of(ABOUT, it, "about").value for it in asked.about]
    if not stated and not things:
        raise ActRefused("about nothing", "about")
    spans = asked.words or tuple(dict.fromkeys(w.span for it in stated for w in it.entry.words))
    if not spans and not stated:
        raise ActRefused("no words", "words")
    address = stating.free("question", labels[0].value)
    says: dict[str, tuple[Value, ...]] = {LABEL: labels, **about(stated, things)}
    words = tuple(stating.text.selection(*it) for it in spans)
    stating.add(Entry("question", address, reading.first_graph, words, says))
    for number, one in enumerate(asked.readings, 1):
        name = f"{ID}reading/{address.rpartition('/')[2]}-{number}"
        facts = [every[it] for it in one.facts]
        says = {LABEL: stating.literals(one.label), **_of_sets(one, facts, stating)}
        stating.add(Entry("reading", name, reading.first_graph, (), says))


def _of_sets(
    asked: AskedReading, facts: Sequence[StatedFact], stating: Stating
) -> dict[str, tuple[Value, ...]]:
    """Return a reading's statements about the sets of its facts, without other questions' sets."""
    by_set: dict[str, list[StatedFact]] = {}
    for it in facts:
        by_set.setdefault(it.entry.address, []).append(it)
    sets = tuple(NamedNode(stating.apart(it)) for it in by_set.values())
    return {TAKEN if asked.taken else ALTERNATIVE: sets} if sets else {}


def sets_of(reading: Entry) -> list[str]:
    """Return the sets that a reading takes or does not."""
    return [it.value for name in _WAYS for it in reading.says.get(name, ())]


def facts_of_question(now: DocumentReading, question: Entry) -> list[StatedFact]:
    sets = {address for it in readings_of(now, question) for address in sets_of(it)}
    return [fact for it in now.of_kind("set") if it.address in sets for fact in facts_of(it)]


def about(facts: Iterable[StatedFact], others: Iterable[str] = ()) -> dict[str, tuple[Value, ...]]:
    """Return what a question about these facts is about: their things and their common property.

    The reader can add other things.
    """
    every = [*facts]
    things = dict.fromkeys((*others, *(it.subject for it in every)))
    if not things:
        return {}
    says: dict[str, tuple[Value, ...]] = {ABOUT: tuple(map(NamedNode, things))}
    names = {it.name for it in every}
    if len(names) == 1:
        says[_UNSETTLES] = (NamedNode(names.pop()),)
    return says


def _things_beside_facts(now: DocumentReading) -> dict[str, list[str]]:
    """Return by question the things that it is about, and that are not those of its facts."""
    found = {}
    for question in now.of_kind("question"):
        of_facts = {it.subject for it in facts_of_question(now, question)}
        things = (it.value for it in question.says.get(ABOUT, ()))
        found[question.address] = [it for it in things if it not in of_facts]
    return found


def readings_of(reading: DocumentReading, question: Entry) -> list[Entry]:
    """Return the readings of a question: those that it names, or that are numbered after it."""
    named = {it.value for it in question.says.get(f"{RN}reading", ())}
    begins = f"{ID}reading/{question.address.rpartition('/')[2]}-"
    return [
        it
        for it in reading.of_kind("reading")
        if it.address in named or (not named and it.address.startswith(begins))
    ]
