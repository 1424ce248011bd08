"""Acts beside stating facts: naming, parts, open questions, and what is described no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID
from rallynov_graph.desk.acts import KINDS
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.session.asked_acts import ActReader, Asked, Texts, address
from rallynov_graph.desk.session.question_readings import (
    ABOUT,
    ALTERNATIVE,
    TAKEN,
    about,
    readings_of,
)
from rallynov_graph.desk.session.refused_acts import ActRefused
from rallynov_graph.desk.session.stated_facts import LABEL, StatedFact, facts_of, speaks_of
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.short_terms import Value, slug_of
from rallynov_graph.desk.words import message

_MOST_READINGS: Final = 20
_MOST_THINGS: Final = 50
_NAMABLE: Final = ("thing", "term", "part", "question", "reading")


class FurtherActs:
    """Takes such acts into a reading that changes; raises ActRefused."""

    def __init__(self, reading: DocumentReading, stating: Stating, reader: ActReader) -> None:
        self._reading, self._stating, self._reader = reading, stating, reader
        self._graph = reading.first_graph

    def name(self, asked: Asked) -> None:
        """Give a thing of this document its names, by language."""
        thing = address(asked, "thing")
        texts = self._reader.texts(asked, "label")
        entry = next((it for it in self._reading.entries.values() if it.address == thing), None)
        if thing == self._reading.text.document:
            entry = entry or Entry("thing", thing, self._graph)
        elif entry is not None and not entry.says:
            entry = None  # a thing of another file, whose name was only accepted here
        if entry is None or entry.kind not in _NAMABLE:
            raise ActRefused(message("act.named elsewhere"), "thing")
        labels = self._stating.named(thing, texts)
        self._stating.add(_saying(entry, {LABEL: labels}))

    def part(self, asked: Asked) -> None:
        """Make a part of the document from the words of one selection."""
        spans = self._reader.words(asked)
        texts = self._reader.texts(asked, "label")
        if len(spans) != 1:
            raise ActRefused(message("act.one piece"), "words")
        labels = self._stating.literals(texts)
        entry = Entry(
            "part",
            self._free("part", labels[0].value),
            self._graph,
            (self._stating.selection(spans[0]),),
            {LABEL: labels},
        )
        if any(it.words == entry.words for it in self._reading.of_kind("part")):
            raise ActRefused(message("act.part already"), "words")
        self._stating.add(entry)

    def question(self, asked: Asked) -> None:
        """Leave open which of several readings is right: by their facts, or as curators say it.

        Without facts the words that leave it open are needed, and the things that it is about.
        """
        texts = self._reader.texts(asked, "label")
        readings = asked.get("readings")
        if not isinstance(readings, list) or not 2 <= len(readings) <= _MOST_READINGS:
            raise ActRefused(message("act.one reading"), "readings")
        labels = self._stating.literals(texts)
        question = self._free("question", labels[0].value)
        facts = [self._facts_of(it) for it in readings]
        self._refuse_shared(facts)
        stated = [it for one in facts for it in one]
        things = self._about(asked)
        if not stated and not things:
            raise ActRefused(message("act.about nothing"), "about")
        spans = (
            tuple(dict.fromkeys(w.span for it in stated for w in it.entry.words))
            if stated and not asked.get("words")
            else self._reader.words(asked)
        )
        says: dict[str, tuple[Value, ...]] = {LABEL: labels, **about(stated, things)}
        words = tuple(map(self._stating.selection, spans))
        self._stating.add(Entry("question", question, self._graph, words, says))
        slug = question.rpartition("/")[2]
        for number, (reading, of_reading) in enumerate(zip(readings, facts, strict=True), 1):
            self._add_reading(f"{ID}reading/{slug}-{number}", reading, of_reading)

    def apart(self, asked: Asked) -> None:
        """Give what a set says of one of its things a set of its own."""
        wanted, subject = address(asked, "set"), address(asked, "subject")
        entry = next((it for it in self._reading.of_kind("set") if it.address == wanted), None)
        facts = [it for it in facts_of(entry) if it.subject == subject] if entry else []
        if not facts:
            raise ActRefused(message("act.no facts"), "set")
        self._stating.apart(facts)

    def leave_out(self, kind: str, wanted: str) -> None:
        """Take a question, a part or a thing out that nothing else needs."""
        entry = next(
            (
                it
                for it in self._reading.entries.values()
                if it.address == wanted and it.kind in _LEFT_OUT[kind]
            ),
            None,
        )
        if entry is None:
            raise ActRefused(message("act.gone"), kind)
        if kind == "thing" and any(
            it.address != wanted and speaks_of(it, wanted) for it in self._reading.entries.values()
        ):
            raise ActRefused(message("act.still spoken of"), kind)
        if kind == "part" and len(self._reading.of_kind("part")) == 1:
            raise ActRefused(message("act.last part"), kind)
        self._stating.leave_out(entry.key)
        if kind == "question":
            for it in readings_of(self._reading, entry):
                self._stating.leave_out(it.key)

    def _add_reading(self, reading: str, asked: Any, facts: Sequence[StatedFact]) -> None:
        labels = self._stating.literals(self._label_of(asked))
        says: dict[str, tuple[Value, ...]] = {LABEL: labels}
        if facts:
            sets = tuple(NamedNode(it) for it in self._sets_of(facts))
            says[TAKEN if asked.get("taken") is True else ALTERNATIVE] = sets
        self._stating.add(Entry("reading", reading, self._graph, (), says))

    def _sets_of(self, facts: Sequence[StatedFact]) -> list[str]:
        """Return sets that state these facts and no others of the question."""
        by_set: dict[str, list[StatedFact]] = {}
        for it in facts:
            by_set.setdefault(it.entry.address, []).append(it)
        return [self._stating.apart(it) for it in by_set.values()]

    def _label_of(self, asked: Any) -> Texts:
        if not isinstance(asked, Mapping):
            raise ActRefused(message("act.unnamed reading"), "readings")
        return self._reader.texts(asked, "label", of="readings")

    def _facts_of(self, asked: Any) -> list[StatedFact]:
        self._label_of(asked)
        wanted = asked.get("facts") or []
        if not isinstance(wanted, list):
            raise ActRefused(message("act.no facts"), "readings")
        every = {it.id: it for e in self._reading.of_kind("set") for it in facts_of(e)}
        if [it for it in wanted if not isinstance(it, str) or it not in every]:
            raise ActRefused(message("act.one fact gone"), "readings")
        return [every[it] for it in dict.fromkeys(wanted)]

    def _about(self, asked: Asked) -> list[str]:
        """Return the things that a question is said to be about."""
        given = asked.get("about") or []
        if not isinstance(given, list) or len(given) > _MOST_THINGS:
            raise ActRefused(message("act.too many things", most=_MOST_THINGS), "about")
        things = (address({"about": it}, "about") for it in given)
        try:
            return [self._stating.value_of(ABOUT, it).value for it in things]
        except ActRefused as refused:
            refused.field = "about"
            raise

    def _refuse_shared(self, facts: Sequence[Sequence[StatedFact]]) -> None:
        seen: set[str] = set()
        for one in facts:
            ids = {it.id for it in one}
            if ids & seen:
                raise ActRefused(message("act.two readings"), "readings")
            seen |= ids

    def _free(self, kind: str, name: str) -> str:
        slug = f"{self._reading.slug}-{slug_of(name)[:60].strip('-') or 'sans-nom'}"
        there = {it.address for it in self._reading.entries.values()}
        found, number = f"{ID}{KINDS[kind].address}/{slug}", 1
        while found in there:
            number += 1
            found = f"{ID}{KINDS[kind].address}/{slug}-{number}"
        return found


_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("question",),
    "part": ("part",),
    "thing": ("thing", "term"),
}


def _saying(entry: Entry, says: Mapping[str, tuple[Value, ...]]) -> Entry:
    return Entry(
        entry.kind,
        entry.address,
        entry.graph,
        entry.words,
        {**entry.says, **says},
        entry.facts,
        entry.file,
        entry.head,
    )
