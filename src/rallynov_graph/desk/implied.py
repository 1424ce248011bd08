"""Statements implied by a selection and an entry's kind: passages, selectors, names, classes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.acts import KINDS, TextSelection
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key
from rallynov_graph.desk.short_terms import CERTAINTY, LABEL, PREFERRED, TYPE, VOICE, XSD, Value
from rallynov_graph.desk.words import message

PASSAGE: Final = f"{RN}passage"
OA: Final = PREFIXES["oa"]
_FORMAT_OF: Final = f"{PREFIXES['dcterms']}isFormatOf"
_PART_OF: Final = f"{PREFIXES['dcterms']}isPartOf"

Said = dict[str, tuple[Value, ...]]


@dataclass
class Statements:
    """All that a reading comes to: what graphs say of things, and what sets state."""

    curated: dict[Key, Said] = field(default_factory=dict)
    facts: dict[tuple[str, str], Said] = field(default_factory=dict)
    """By set and subject."""
    positions: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The start and end positions of a set, a part or a passage."""


def statements(reading: DocumentReading, *, numbered: bool = True) -> Statements:
    """Return the statements of a reading; explicit ones come before implied ones.

    Without numbers, the names of passages contain positions, so that no passage renames another.
    """
    found = _Implied(reading, numbered=numbered).statements()
    for key, entry in reading.entries.items():
        said = found.curated.setdefault(key, {})
        for name, values in entry.says.items():
            if values:
                said[name] = values
            else:
                said.pop(name, None)
    found.curated = {key: said for key, said in found.curated.items() if said}
    return found


class _Implied:
    def __init__(self, reading: DocumentReading, *, numbered: bool = True) -> None:
        self._reading, self._found = reading, Statements()
        self._numbered = numbered
        self._languages = reading.text.languages
        self._by_address = {it.address: it for it in reading.entries.values()}
        self._parts = sorted(
            (it for it in reading.of_kind("part") if it.words), key=lambda it: it.words[0].span
        )

    def statements(self) -> Statements:
        for entry in self._reading.entries.values():
            self._imply(entry)
        self._name_sets()
        self._describe_passages()
        return self._found

    def _imply(self, entry: Entry) -> None:
        said: Said = {}
        if iri := KINDS[entry.kind].iri:
            said[TYPE] = (NamedNode(iri),)
        match entry.kind:
            case "graph":
                said[f"{PREFIXES['prov']}wasAttributedTo"] = (NamedNode(self._reading.reader),)
            case "extraction":
                said |= self._extraction()
            case "part":
                self._imply_part(entry, said)
            case "set":
                said |= self._set(entry)
                for subject, facts in entry.facts.items():
                    self._found.facts[entry.address, subject] = dict(facts)
            case "question":
                said |= {**self._passages(entry), **self._readings(entry)}
            case "term" if LABEL in entry.says:
                said[PREFERRED] = entry.says[LABEL]
            case _:
                pass
        if entry.words:
            self._found.positions[entry.address] = entry.words[0].span
        self._found.curated.setdefault(entry.key, {}).update(said)

    def _extraction(self) -> Said:
        text = self._reading.text
        return {
            _FORMAT_OF: (NamedNode(text.document),),
            f"{RN}sha256": (Literal(text.sha256),),
            f"{RN}lengthInCodePoints": (_integer(text.length),),
        }

    def _imply_part(self, entry: Entry, said: Said) -> None:
        selector = f"{ID}selector/{entry.address.rpartition('/')[2]}"
        said[f"{OA}hasSource"] = (NamedNode(self._reading.text.extraction),)
        if entry.words:
            said[f"{OA}hasSelector"] = (NamedNode(selector),)
            self._imply_selector(entry.graph, selector, entry.words[0].span)

    def _imply_selector(self, graph: str, selector: str, span: tuple[int, int]) -> None:
        self._found.positions[selector] = span
        self._found.curated.setdefault((graph, selector), {}).update(
            {
                TYPE: (NamedNode(f"{OA}TextPositionSelector"),),
                LABEL: self._place_in_words(span),
                f"{OA}start": (_integer(span[0]),),
                f"{OA}end": (_integer(span[1]),),
            }
        )

    def _set(self, entry: Entry) -> Said:
        return {
            **self._passages(entry),
            CERTAINTY: (NamedNode(f"{RN}explicit"),),
            VOICE: (NamedNode(self._reading.text.document),),
        }

    def _passages(self, entry: Entry) -> Said:
        passages = tuple(map(self._reading.passage, entry.words))
        return {PASSAGE: passages} if passages else {}

    def _readings(self, entry: Entry) -> Said:
        """Return the readings of a question: they have its name, and a number."""
        name = re.escape(f"{ID}reading/{entry.address.rpartition('/')[2]}-")
        numbered = [
            (int(found[1]), it.address)
            for it in self._reading.of_kind("reading")
            if it.graph == entry.graph and (found := re.fullmatch(rf"{name}(\d+)", it.address))
        ]
        values = tuple(NamedNode(address) for _, address in sorted(numbered))
        return {f"{RN}reading": values} if values else {}

    def _name_sets(self) -> None:
        """Name each set without a name after its first subject, with its place."""
        for entry in self._reading.of_kind("set"):
            if LABEL in entry.says:
                continue
            part = self._part_of(entry.words[0].span) if entry.words else None
            names = self._names(next(iter(entry.facts), entry.address))
            places = self._names(part.address) if part else {}
            self._found.curated[entry.key][LABEL] = self._called(names, places)

    def _names(self, address: str) -> Mapping[str, str]:
        """Return the names of something by language; its address if it has no name."""
        entry = self._by_address.get(address)
        labels = entry.says.get(LABEL, ()) if entry else ()
        otherwise = labels[0].value if labels else address.rpartition("/")[2].replace("-", " ")
        named = {it.language: it.value for it in labels if isinstance(it, Literal)}
        return {code: named.get(code, otherwise) for code in self._languages}

    def _part_of(self, span: tuple[int, int]) -> Entry | None:
        around = (
            it for it in self._parts if it.words[0].start <= span[0] and span[1] <= it.words[0].end
        )
        return min(around, key=lambda it: it.words[0].end - it.words[0].start, default=None)

    def _describe_passages(self) -> None:
        used: dict[str, tuple[str, TextSelection]] = {}
        for graph, words in self._uses():
            used.setdefault(self._reading.passage(words).value, (graph, words))
        explicit = {it.address: it for it in self._reading.of_kind("passage") if it.words}
        used |= {it.address: (it.graph, it.words[0]) for it in explicit.values()}
        numbers: dict[str, int] = defaultdict(int)
        for address, (graph, words) in sorted(
            used.items(), key=lambda it: (it[1][1].start, -it[1][1].end, it[0])
        ):
            part = self._part_of(words.span)
            self._describe_passage(address, graph, words, part, numbers)

    def _describe_passage(
        self,
        address: str,
        graph: str,
        words: TextSelection,
        part: Entry | None,
        numbers: dict[str, int],
    ) -> None:
        selector = f"{ID}selector/{address.rpartition('/')[2]}"
        said = self._found.curated.setdefault((graph, address), {})
        said |= {
            TYPE: (NamedNode(KINDS["passage"].iri),),
            f"{OA}hasSource": (NamedNode(self._reading.text.extraction),),
            f"{OA}hasSelector": (NamedNode(selector),),
        }
        self._found.positions[address] = words.span
        if part is not None:
            said[_PART_OF] = (NamedNode(part.address),)
        if part is not None and self._numbered:
            said[LABEL] = self._passage_label(words, part, numbers)
        else:
            said[LABEL] = self._place_in_words(words.span)
        self._imply_selector(graph, selector, words.span)

    def _passage_label(
        self, words: TextSelection, part: Entry, numbers: dict[str, int]
    ) -> tuple[Literal, ...]:
        names = self._names(part.address)
        if words.span == part.words[0].span:
            labels = names
        else:
            numbers[part.address] += 1
            n = numbers[part.address]
            labels = {
                code: message("label.passage", of=of, n=n).get(code, f"{of}, {n}")
                for code, of in names.items()
            }
        return self._called(labels, self._reading.text.called)

    def _called(self, names: Mapping[str, str], within: Mapping[str, str]) -> tuple[Literal, ...]:
        """Return names in each language, with their context in brackets."""
        return tuple(
            Literal(names[it] + (f" ({within[it]})" if it in within else ""), language=it)
            for it in self._languages
        )

    def _place_in_words(self, span: tuple[int, int]) -> tuple[Literal, ...]:
        start, end = span
        texts = message("label.at", start=start, end=end)
        return tuple(
            Literal(texts.get(code, f"{start}–{end}"), language=code) for code in self._languages
        )

    def _uses(self) -> Iterator[tuple[str, TextSelection]]:
        """Yield the used selections, with the graph of each use."""
        graphs = [it.address for it in self._reading.of_kind("graph")]
        rank = {graph: number for number, graph in enumerate(graphs)}
        pattern = re.compile(rf"{re.escape(ID)}passage/{re.escape(self._reading.slug)}-(\d+)-(\d+)")
        for entry in sorted(
            self._reading.entries.values(), key=lambda it: rank.get(it.graph, len(rank))
        ):
            yield from ((entry.graph, it) for it in entry.words if entry.kind in _WITH_WORDS)
            for it in entry.every():
                is_thing = isinstance(it.value, NamedNode)
                if is_thing and (found := pattern.fullmatch(it.value.value)):
                    yield entry.graph, TextSelection(int(found[1]), int(found[2]))


_WITH_WORDS: Final = ("set", "question")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(f"{XSD}integer"))


def without_implied(reading: DocumentReading) -> DocumentReading:
    """Return a reading that says itself nothing which is implied anyway."""
    implied = _Implied(reading).statements().curated
    entries = {
        key: replace(
            entry,
            says={
                name: values
                for name, values in entry.says.items()
                if name == LABEL
                or set(values) != set(implied.get(key, {}).get(name, ()))
                or not values
            },
        )
        for key, entry in reading.entries.items()
    }
    return replace(reading, entries=entries)
