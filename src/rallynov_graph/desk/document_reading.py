"""A reading of a document: what its reader's acts come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.acts import (
    Act,
    DocumentText,
    Dropped,
    FilesSeen,
    Opened,
    Recorded,
    Settled,
    Stated,
    TextSelection,
    counting,
    digest_of,
)
from rallynov_graph.desk.short_terms import CERTAINTY, LABEL, TYPE, XSD, Value
from rallynov_graph.desk.words import message

Values = Mapping[str, tuple[Value, ...]]
"""Values by the address of a property; none takes back what is implied."""
Key = tuple[str, str]
"""The graph that describes something, and its address."""


class Fact(NamedTuple):
    """A statement of a set."""

    subject: str
    property: str
    value: Value


@dataclass(frozen=True)
class Entry:
    """What a graph states about something beyond what its kind implies; of a set, its facts too."""

    kind: str
    address: str
    graph: str
    words: tuple[TextSelection, ...] = ()
    says: Values = field(default_factory=dict)
    facts: Mapping[str, Values] = field(default_factory=dict)
    file: str = ""
    head: str = ""

    @property
    def key(self) -> Key:
        """What identifies it among entries."""
        return self.graph, self.address

    @property
    def certainty(self) -> str:
        values = self.says.get(CERTAINTY, ())
        return values[0].value.removeprefix(RN) if values else CERTAINTIES[0]

    @property
    def set_says(self) -> dict[str, tuple[Value, ...]]:
        """The certainty of a set, its reason, and its voice."""
        return {name: values for name, values in self.says.items() if name != LABEL}

    def stated(self) -> list[Fact]:
        return [
            Fact(subject, name, value)
            for subject, said in self.facts.items()
            for name, values in said.items()
            for value in values
        ]

    def every(self) -> list[Fact]:
        """Return the statements about the entry itself and the facts of its set."""
        own = [Fact(self.address, name, it) for name, values in self.says.items() for it in values]
        return own + self.stated()

    def stating(self, facts: Iterable[Fact]) -> Entry:
        """Return the set with these facts, without duplicates, instead of its own."""
        found: dict[str, dict[str, tuple[Value, ...]]] = {}
        for it in dict.fromkeys(facts):
            said = found.setdefault(it.subject, {})
            said[it.property] = (*said.get(it.property, ()), it.value)
        return replace(self, facts=found)


@dataclass(frozen=True)
class DocumentReading:
    """The statements about a document, in the order in which they were first made."""

    text: DocumentText
    reader: str
    entries: Mapping[Key, Entry] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    """The digest of each file of the data that holds what was decided, by name."""
    settled: Mapping[str, str] = field(default_factory=dict)
    main_graph: str = ""
    """The graph that was described first."""

    @property
    def first_graph(self) -> str:
        """The graph of statements that name no graph."""
        return self.main_graph or f"{ID}graph/{self.slug}"

    @property
    def slug(self) -> str:
        return self.text.document.removeprefix(ID).partition("/")[2]

    def of_kind(self, kind: str) -> list[Entry]:
        return [it for it in self.entries.values() if it.kind == kind]

    def passage(self, words: TextSelection) -> NamedNode:
        if words.name.startswith("<"):
            return NamedNode(words.name[1:-1])
        return NamedNode(f"{ID}passage/{self.slug}-{words.slug}")

    def moved_on(self, acts: Iterable[Act]) -> DocumentReading:
        """Return the reading after some more acts."""
        entries, digests, settled = dict(self.entries), dict(self.digests), dict(self.settled)
        text = self.text
        graph = self.main_graph
        for act in acts:
            match act:
                case Stated():
                    if act.kind == "graph":
                        graph = graph or act.address
                    within = act.graph or (act.address if act.kind == "graph" else graph)
                    within = within or self.first_graph
                    key = within, act.address
                    entries[key] = _changed(entries.get(key), act, within)
                case Dropped():
                    within = act.graph or graph or self.first_graph
                    entries.pop((within, act.address), None)
                case FilesSeen():
                    digests |= act.digests
                case Settled():
                    settled[act.difference] = act.taken
                case Opened():
                    text = act.text
                case _:
                    pass
        known = {name: digest for name, digest in digests.items() if digest}
        return replace(
            self,
            text=text,
            entries=entries,
            digests=known,
            settled=settled,
            main_graph=graph,
        )


def things_in(facts: Iterable[Fact]) -> Iterator[str]:
    """Yield the things that facts speak of, without their kinds."""
    for it in facts:
        yield it.subject
        if it.property != TYPE and isinstance(it.value, NamedNode):
            yield it.value.value


def reading_of(opening: Opened, acts: Sequence[Recorded]) -> DocumentReading:
    """Return the reading that results from acts, without undone ones."""
    begun = DocumentReading(opening.text, opening.reader)
    return begun.moved_on(it.act for it in counting(acts))


def _changed(entry: Entry | None, act: Stated, graph: str) -> Entry:
    old = entry or Entry(act.kind, act.address, graph)
    facts = {subject: dict(said) for subject, said in old.facts.items()}
    for subject, said in act.facts.items():
        facts[subject] = _with(facts.get(subject, {}), said)
    return replace(
        old,
        kind=act.kind,
        words=old.words if act.words is None else act.words,
        says=_with(old.says, act.says),
        facts={subject: said for subject, said in facts.items() if said},
        file=act.file or old.file,
        head=old.head if act.head is None else act.head,
    )


def _with(old: Values, new: Mapping[str, Sequence[Value] | None]) -> dict[str, tuple[Value, ...]]:
    found = dict(old)
    for name, values in new.items():
        if values is None:
            found.pop(name, None)
        else:
            found[name] = tuple(values)
    return found


def changes(old: DocumentReading, new: DocumentReading) -> list[Act]:
    """Return the acts that make one reading the other, as few as there can be."""
    acts: list[Act] = [Opened(new.text, new.reader)] if old.text != new.text else []
    first = old.main_graph or new.first_graph
    for key, entry in sorted(new.entries.items(), key=lambda it: it[1].kind != "graph"):
        before = old.entries.get(key)
        if before is None or before != entry:
            acts.append(_difference(before, entry, first))
    for key, entry in old.entries.items():
        if key not in new.entries:
            acts.append(Dropped(entry.address, "" if entry.graph == first else entry.graph))
    return acts


def _difference(before: Entry | None, entry: Entry, first: str) -> Stated:
    old = before or Entry(entry.kind, entry.address, entry.graph)
    facts = {}
    for subject in dict.fromkeys((*old.facts, *entry.facts)):
        is_there = {**entry.facts}.get(subject, {})
        if differing := _differing(old.facts.get(subject, {}), is_there):
            facts[subject] = differing
    is_within_itself = entry.kind == "graph" and entry.graph == entry.address
    return Stated(
        entry.kind,
        entry.address,
        "" if is_within_itself or entry.graph == first else entry.graph,
        entry.words if entry.words != old.words else None,
        _differing(old.says, entry.says),
        facts,
        entry.file if entry.file != old.file else "",
        entry.head if entry.head != old.head else None,
    )


def _differing(old: Values, new: Values) -> dict[str, tuple[Value, ...] | None]:
    found: dict[str, tuple[Value, ...] | None] = {
        name: values for name, values in new.items() if old.get(name) != values
    }
    return found | {name: None for name in old if name not in new}


def first_acts(reading: DocumentReading, words: str, day: str) -> list[Act]:
    """Return the acts with which the reading of a text begins.

    They are the document's graph, its text, and one part that is the whole of it.
    """
    text, slug = reading.text, reading.slug
    midnight = Literal(f"{day}T00:00:00Z", datatype=NamedNode(f"{XSD}dateTime"))
    start, end = len(words) - len(words.lstrip()), len(words.rstrip())
    of_graph: dict[str, tuple[Value, ...]] = {
        LABEL: tuple(Literal(slug, language=code) for code in text.languages),
        f"{PREFIXES['prov']}generatedAtTime": (midnight,),
    }
    of_text: dict[str, tuple[Value, ...]] = {
        LABEL: _named("text", text, slug),
        f"{RN}method": (NamedNode(f"{ID}method/transcription"),),
    }
    of_part = {LABEL: _named("whole", text, slug)}
    whole = (TextSelection(start, end, digest_of(words[start:end])),)
    return [
        Stated("graph", f"{ID}graph/{slug}", file=slug, says=of_graph),
        Stated("extraction", text.extraction, says=of_text),
        Stated("part", f"{ID}part/{slug}", words=whole, says=of_part),
    ]


def _named(key: str, text: DocumentText, slug: str) -> tuple[Literal, ...]:
    names = message(f"label.{key}", slug=slug)
    return tuple(Literal(names.get(code, names["fr"]), language=code) for code in text.languages)
