"""What two readings differ in, decided: acts on top of the first reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.desk.acts import Act, Settled
from rallynov_graph.desk.decisions_file import SETTLED, Decisions
from rallynov_graph.desk.document_folder import CurrentReading, DocumentFolder, settled_reading
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key, changes, reading_of
from rallynov_graph.desk.extraction.extracted import Remark
from rallynov_graph.desk.reading_comparison import (
    QUESTION,
    Comparison,
    ReadingDifference,
    StatedValue,
    compared,
    moved_value,
)
from rallynov_graph.desk.short_terms import Value
from rallynov_graph.desk.words import message
from rallynov_graph.matching.near_names import near

BOTH = "both"
"""What is taken where both readings are right."""


@dataclass(frozen=True)
class TwoReadings:
    """Two readings of a document, and what was settled between them."""

    folder: DocumentFolder
    first: Decisions
    second: Decisions
    settled: CurrentReading
    comparison: Comparison

    @property
    def open(self) -> tuple[ReadingDifference, ...]:
        """The differences that nobody decided yet."""
        return tuple(
            it for it in self.comparison.differences if it.key not in self.settled.reading.settled
        )

    def settle(self, taken: Mapping[str, str], at: str) -> int:
        """Return how many differences were settled: whose reading is taken, by their ids.

        Raises UnknownNameError for a difference or reader that there is not; nothing is settled.
        """
        by_id = {it.id: it for it in self.comparison.differences}
        names = (self.first.name, self.second.name, BOTH)
        for identifier, name in taken.items():
            if identifier not in by_id:
                told = Remark(**message("unknown.difference", name=identifier))
                raise _unknown(told, identifier, [*by_id])
            if name not in names:
                told = Remark(**message("unknown.reading", name=name))
                raise _unknown(told, name, [*names])
        for identifier, name in taken.items():
            self._settle(by_id[identifier], name, at)
        return len(taken)

    def _settle(self, difference: ReadingDifference, name: str, at: str) -> None:
        current = two_readings(self.folder, self.first.name, self.second.name).settled
        acts: list[Act] = []
        if name != self.first.name:
            second = reading_of(self.second.opening, self.second.acts)
            change = _Change(current.reading, second, self.comparison.same)
            acts = changes(current.reading, change.after(difference, keeps_first=name == BOTH))
        current.add([*acts, Settled(difference.key, name)], at)


def two_readings(folder: DocumentFolder, *names: str) -> TwoReadings:
    """Return two readings of a document, those named or the only ones; raise UnknownNameError."""
    found = {it.name: it for it in folder.decisions()}
    readers = [name for name in found if name != SETTLED]
    for name in names:
        if name not in readers:
            told = Remark(**message("unknown.reader", name=name, slug=folder.slug))
            raise _unknown(told, name, readers)
    chosen = names or tuple(readers)
    if len(chosen) != 2:
        raise UnknownNameError(
            f"{folder.slug} was read by {', '.join(readers) or 'nobody'}: two readings are "
            "compared; name two readers where there are more.",
            french=f"{folder.slug} a été lu par {', '.join(readers) or 'personne'} : on compare "
            "deux lectures ; nommez deux lecteurs s’il y en a plus.",
        )
    settling = found.get(SETTLED)
    if settling is not None and tuple(settling.opening.settles) != chosen:
        chosen = settling.opening.settles if {*settling.opening.settles} == {*chosen} else chosen
    first, second = (found[name] for name in chosen)
    settled = settled_reading(folder, first, second, settling)
    comparison = compared(
        reading_of(first.opening, first.acts), reading_of(second.opening, second.acts)
    )
    return TwoReadings(folder, first, second, settled, comparison)


class _Change:
    """The settled reading with what the second one says."""

    def __init__(
        self, settled: DocumentReading, second: DocumentReading, same: Mapping[str, str]
    ) -> None:
        self._settled, self._second, self._same = settled, second, same
        self._entries: dict[Key, Entry] = dict(settled.entries)

    def after(self, difference: ReadingDifference, *, keeps_first: bool) -> DocumentReading:
        """Return the reading with a difference settled."""
        if difference.prop == QUESTION:
            self._take_question(difference, keeps_first=keeps_first)
        else:
            if not keeps_first:
                self._take_out(difference)
            there = {it.value for it in difference.first} if keeps_first else set()
            for stated in difference.second:
                if stated.value not in there:
                    self._put_in(difference, stated)
        return replace(self._settled, entries=self._entries)

    def _take_out(self, difference: ReadingDifference) -> None:
        for key, entry in list(self._entries.items()):
            said = entry.facts.get(difference.subject, {})
            if entry.kind != "set" or difference.prop not in said:
                continue
            left = {name: it for name, it in said.items() if name != difference.prop}
            facts = {**entry.facts, difference.subject: left}
            facts = {subject: it for subject, it in facts.items() if it}
            if facts:
                self._entries[key] = replace(entry, facts=facts)
            else:
                del self._entries[key]

    def _put_in(self, difference: ReadingDifference, stated: StatedValue) -> None:
        source = next(it for it in self._second.of_kind("set") if it.address == stated.set)
        key = self._set_like(source)
        entry = self._entries.get(key) or replace(
            source, graph=key[0], address=key[1], facts={}, says=dict(self._moved(source.says))
        )
        said = dict(entry.facts.get(difference.subject, {}))
        there = said.get(difference.prop, ())
        said[difference.prop] = tuple(dict.fromkeys((*there, stated.value)))
        self._entries[key] = replace(entry, facts={**entry.facts, difference.subject: said})
        for address in (difference.subject, getattr(stated.value, "value", "")):
            self._describe(address)

    def _set_like(self, source: Entry) -> Key:
        """Return where facts of a set of the second reading go: a set that says all alike."""
        graph, number, address = self._settled.first_graph, 1, source.address
        while (there := self._entries.get((graph, address))) is not None:
            is_alike = {it.span for it in there.words} == {it.span for it in source.words}
            if is_alike and dict(there.says) == dict(self._moved(source.says)):
                break
            number += 1
            address = f"{source.address}-{number}"
        return graph, address

    def _describe(self, address: str) -> None:
        """Describe a thing that only the second reading has as that reading does."""
        if any(it.address == address for it in self._entries.values()):
            return
        for entry in self._second.entries.values():
            if entry.address == address and entry.kind in ("thing", "term"):
                key = self._settled.first_graph, address
                says = dict(self._moved(entry.says))
                self._entries[key] = replace(entry, graph=key[0], says=says)

    def _take_question(self, difference: ReadingDifference, *, keeps_first: bool) -> None:
        if difference.first and not keeps_first:
            self._drop_question(difference.subject)
        for entry in self._second.entries.values() if difference.second else ():
            question = difference.second[0].set.rpartition("/")[2]
            is_reading = entry.address.startswith(f"{ID}reading/{question}-")
            if entry.address == difference.second[0].set or is_reading:
                key = self._settled.first_graph, entry.address
                says = dict(self._moved(entry.says))
                self._entries.setdefault(key, replace(entry, graph=key[0], says=says))

    def _drop_question(self, address: str) -> None:
        slug = address.rpartition("/")[2]
        for key, entry in list(self._entries.items()):
            is_reading = entry.kind == "reading" and entry.address.startswith(
                f"{ID}reading/{slug}-"
            )
            if entry.address == address or is_reading:
                del self._entries[key]

    def _moved(
        self, says: Mapping[str, tuple[Value, ...]]
    ) -> Iterator[tuple[str, tuple[Value, ...]]]:
        for name, values in says.items():
            yield name, tuple(moved_value(it, self._same) for it in values)


def _unknown(reason: Remark, name: str, known: list[str]) -> UnknownNameError:
    found = near(name, known, 1)
    hint = f"did you mean {found[0]}?" if found else f"there is {', '.join(known) or 'none'}."
    indice = f"serait-ce {found[0]} ?" if found else f"il y a {', '.join(known) or 'rien'}."
    french = f"{reason.fr} : {indice}"
    return UnknownNameError(f"{reason.en}: {hint}", found, french=french)
