"""The statements of a reading, and the reading of statements that somebody wrote as TriG.

A selection and an entry's kind imply passages, selectors, names and classes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.acts import KINDS, DocumentText, TextSelection
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


_KIND_OF: Final = {kind.iri: name for name, kind in KINDS.items() if kind.iri}
Digest = Callable[[tuple[int, int]], str]
"""Returns the digest of the words at a place, the empty string if they are not known."""
_IN_BRACKETS: Final = re.compile(r".* \((.+)\)")


@dataclass(frozen=True)
class TrigFile:
    """A file of a document: its name without the suffix, the remark at its head, its statements."""

    name: str
    head: str
    quads: Sequence[Quad]


@dataclass
class _Content:
    """The content of files, by graph."""

    curated: dict[Key, dict[str, list[Value]]] = field(default_factory=dict)
    facts: dict[str, dict[str, dict[str, list[Value]]]] = field(default_factory=dict)
    """By set and subject."""
    graphs: dict[str, TrigFile] = field(default_factory=dict)
    """The file of each graph that is not a set."""


def reading_from(
    files: Iterable[TrigFile],
    text: DocumentText,
    reader: str,
    digest: Digest,
    graphs: Sequence[str] = (),
) -> DocumentReading:
    """Return the reading that says what files of a document say, no more and no less.

    Graphs that were known before are given in their order. The text's short names are those that
    the passages have.
    """
    content = _content_of(files)
    spans = dict(_spans(content.curated))
    text = replace(text, called=_called(content, spans))
    slug = text.document.rpartition("/")[2]
    selections = {
        address: _selection(address, slug, span, digest) for address, span in spans.items()
    }
    entries: dict[Key, Entry] = {}
    known = [graph for graph in graphs if graph in content.graphs]
    for graph in dict.fromkeys((*known, *_ordered(content, spans))):
        file = content.graphs[graph]
        entries[graph, graph] = Entry("graph", graph, graph, file=file.name, head=file.head)
    for key, said in content.curated.items():
        entry = _entry(key, said, selections, content.facts)
        entries[key] = replace(entries[key], says=entry.says) if key in entries else entry
    main = next(iter(entries.values())).address if entries else ""
    reading = DocumentReading(text, reader, entries, main_graph=main)
    return _reconciled(_placed(reading, content, selections), content)


def unsaid(reading: DocumentReading, files: Iterable[TrigFile]) -> list[Quad]:
    """Return the statements of files that a reading has not."""
    said = set(quads_of(reading))
    return [quad for file in files for quad in file.quads if quad not in said]


def quads_of(reading: DocumentReading) -> Iterator[Quad]:
    """Yield the statements that a reading comes to."""
    found = statements(reading)
    for blocks in (found.curated, found.facts):
        for key, said in blocks.items():
            yield from quads_in(key, said)


def quads_in(key: Key, said: Said) -> Iterator[Quad]:
    """Yield the statements of a graph about a thing."""
    graph, subject = map(NamedNode, key)
    for name, values in said.items():
        for value in values:
            yield Quad(subject, NamedNode(name), value, graph)


def _content_of(files: Iterable[TrigFile]) -> _Content:
    files = list(files)
    every = [quad for file in files for quad in file.quads]
    sets = {
        quad.subject
        for quad in every
        if quad.predicate.value == TYPE and quad.object == NamedNode(KINDS["set"].iri)
    }
    found = _Content()
    for file in files:
        for quad in file.quads:
            graph, node, value = quad.graph_name, quad.subject, quad.object
            if not isinstance(graph, NamedNode) or not isinstance(node, NamedNode):
                continue
            if not isinstance(value, NamedNode | Literal):
                continue
            subject, name = node.value, quad.predicate.value
            if graph in sets:
                said = found.facts.setdefault(graph.value, {}).setdefault(subject, {})
            else:
                found.graphs.setdefault(graph.value, file)
                said = found.curated.setdefault((graph.value, subject), {})
            values = said.setdefault(name, [])
            if value not in values:
                values.append(value)
    return found


def _entry(
    key: Key,
    said: Mapping[str, Sequence[Value]],
    selections: Mapping[str, TextSelection],
    facts: Mapping[str, Mapping[str, Mapping[str, Sequence[Value]]]],
) -> Entry:
    graph, address = key
    kinds = (_KIND_OF.get(it.value, "") for it in said.get(TYPE, ()))
    kind = next((it for it in kinds if _fits(it, key)), "thing")
    words: tuple[TextSelection, ...] = ()
    if kind == "part" and address in selections:
        words = (selections[address],)
    elif kind in ("set", "question"):
        named = [it.value for it in said.get(PASSAGE, ())]
        if all(it in selections for it in named):
            words = tuple(selections[it] for it in named)
    own = facts.get(address, {}) if kind == "set" else {}
    return Entry(
        kind if kind != "passage" else "thing",
        address,
        graph,
        words,
        {LABEL: tuple(said[LABEL])} if kind in ("term", "part", "set") and LABEL in said else {},
        {s: {p: tuple(values) for p, values in it.items()} for s, it in own.items()},
    )


def _fits(kind: str, key: Key) -> bool:
    """Return whether something can be of a kind by its address; a graph describes itself."""
    graph, address = key
    if kind == "graph":
        return graph == address
    return bool(kind) and address.startswith(f"{ID}{KINDS[kind].address}")


def _spans(
    curated: Mapping[Key, Mapping[str, Sequence[Value]]],
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the passages and parts with their positions."""
    by_address = {address: said for (_, address), said in curated.items()}
    for address, said in by_address.items():
        selectors = said.get(f"{OA}hasSelector", ())
        ends = by_address.get(selectors[0].value, {}) if len(selectors) == 1 else {}
        numbers = [
            value.value
            for name in ("start", "end")
            for value in ends.get(OA + name, ())
            if value.value.isdigit()
        ]
        if len(numbers) == 2 and int(numbers[0]) < int(numbers[1]):
            yield address, (int(numbers[0]), int(numbers[1]))


def _selection(address: str, slug: str, span: tuple[int, int], digest: Digest) -> TextSelection:
    start, end = span
    common = f"{ID}passage/{slug}-"
    name = address.removeprefix(common) if address.startswith(common) else f"<{address}>"
    is_part = address.startswith(f"{ID}part/")
    return TextSelection(
        start, end, digest(span), "" if is_part or name == f"{start}-{end}" else name
    )


def _called(content: _Content, spans: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """Return the document's name in the brackets of passages, by language."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, address), said in content.curated.items():
        if address not in spans or address.startswith(f"{ID}part/"):
            continue
        for label in said.get(LABEL, ()):
            found = _IN_BRACKETS.fullmatch(label.value)
            if found and isinstance(label, Literal) and label.language:
                counted[label.language][found[1]] += 1
    return {code: names.most_common(1)[0][0] for code, names in sorted(counted.items())}


def _ordered(content: _Content, spans: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return the graphs ordered so that a passage is described in the first one that uses it."""
    home = {address: graph for graph, address in content.curated if address in spans}
    before: dict[str, set[str]] = {graph: set() for graph in content.graphs}
    for graph, passage in _uses(content):
        if passage in home and home[passage] != graph:
            before[graph].add(home[passage])
    try:
        return [*TopologicalSorter(before).static_order()]
    except CycleError:
        return [*content.graphs]


def _uses(content: _Content) -> Iterator[tuple[str, str]]:
    for (graph, address), said in content.curated.items():
        for one in (said, *content.facts.get(address, {}).values()):
            for values in one.values():
                yield from ((graph, it.value) for it in values if isinstance(it, NamedNode))


def _placed(
    reading: DocumentReading, content: _Content, selections: Mapping[str, TextSelection]
) -> DocumentReading:
    """Return a reading that says where passages are described, if that is not implied."""
    implied = statements(reading).curated
    entries = dict(reading.entries)
    for key, said in content.curated.items():
        words = selections.get(key[1])
        is_passage = NamedNode(KINDS["passage"].iri) in said.get(TYPE, ())
        if is_passage and words is not None and (words.name or key not in implied):
            entries[key] = Entry("passage", key[1], key[0], (replace(words, name=""),))
    return replace(reading, entries=entries)


def _reconciled(reading: DocumentReading, content: _Content) -> DocumentReading:
    """Return a reading that says itself what files say otherwise than is implied, or more."""
    entries = {
        key: replace(entry, says={k: v for k, v in entry.says.items() if _names(entry, k)})
        for key, entry in reading.entries.items()
    }
    implied = statements(replace(reading, entries=dict(entries))).curated
    for key in dict.fromkeys((*content.curated, *implied)):
        actual: Said = {name: tuple(it) for name, it in content.curated.get(key, {}).items()}
        differing = _differing(implied.get(key, {}), actual)
        entry = entries.get(key) or Entry("thing", key[1], key[0])
        if differing:
            entries[key] = replace(entry, says={**entry.says, **differing})
    kept = {key: it for key, it in entries.items() if it.kind != "thing" or it.says}
    return replace(reading, entries=kept)


def _names(entry: Entry, name: str) -> bool:
    """Whether names implied for other entries depend on an entry."""
    return entry.kind in ("term", "part", "set") and name == LABEL


def _differing(implied: Mapping[str, tuple[Value, ...]], actual: Said) -> Said:
    found: Said = {}
    for name, values in actual.items():
        there = implied.get(name, ())
        if set(values) != set(there):
            found[name] = values
    return found | {name: () for name in implied if name not in actual}
