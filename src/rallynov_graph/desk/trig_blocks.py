"""A reading as TriG: files that people read and git compares, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, kind_of_iri
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.implied import LABEL, OA, Said, Statements, statements
from rallynov_graph.desk.short_terms import TYPE, XSD, Value

_INDENT: Final = "    "
_WIDTH: Final = 110
"""How long a line with several values may be."""
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_SHORT_KINDS: Final = {"assertion-set": "set"}
"""The prefixes of kinds that data files call otherwise than the address."""
_FIRST: Final = (TYPE, LABEL)
_FIRST_OF_BOOKKEEPING: Final = (
    *_FIRST,
    f"{OA}hasSource",
    f"{PREFIXES['dcterms']}isPartOf",
    f"{OA}hasSelector",
    *(f"{PREFIXES['rn']}{name}" for name in ("passage", "certainty", "reason", "voice")),
)
"""The order of properties; the others follow as they were said."""
_TOGETHER: Final = (f"{OA}start", f"{OA}end")
"""Two properties that stand on one line."""
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]*")
_LAST: Final = 1 << 60


def files_of(reading: DocumentReading) -> dict[str, str]:
    """Return the text of each file of a document, by the file's name without its suffix."""
    found = statements(reading)
    files: dict[str, list[str]] = {}
    for graph in _graphs(reading, found):
        files.setdefault(_file(reading, graph), []).append(graph)
    return {
        name: _FileText(reading, found, graphs).text() for name, graphs in sorted(files.items())
    }


def _graphs(reading: DocumentReading, found: Statements) -> list[str]:
    return [
        *dict.fromkeys((*(it.address for it in reading.graphs), *(g for g, _ in found.curated)))
    ]


def _file(reading: DocumentReading, graph: str) -> str:
    entry = reading.entries.get((graph, graph))
    return (entry.file if entry else "") or reading.slug


class _FileText:
    """A file: its remark, the prefixes that it uses, its graphs."""

    def __init__(self, reading: DocumentReading, found: Statements, graphs: Sequence[str]) -> None:
        self._reading, self._found, self._graphs = reading, found, graphs
        self._used: set[str] = set()
        self._facts: dict[str, list[tuple[str, Said]]] = {}
        for (named, subject), said in found.facts.items():
            self._facts.setdefault(named, []).append((subject, said))

    def text(self) -> str:
        """Return the whole file."""
        bodies = [body for graph in self._graphs for body in self._of_graph(graph)]
        heads = (self._reading.entries.get((graph, graph)) for graph in self._graphs)
        head = next((it.head for it in heads if it and it.head), "")
        every = PREFIXES | {_prefix(kind): f"{ID}{kind}/" for kind in self._kinds()}
        prefixes = "".join(
            f"@prefix {name}: <{every[name]}> .\n"
            for name in sorted(self._used, key=lambda it: (it not in PREFIXES, it))
        )
        return f"{head}{prefixes}\n" + "\n".join(bodies)

    def _kinds(self) -> Iterator[str]:
        names = {prefix: kind for kind, prefix in _SHORT_KINDS.items()}
        yield from (names.get(it, it) for it in self._used if it not in PREFIXES)

    def _of_graph(self, graph: str) -> Iterator[str]:
        sets = sorted(
            (it for it in self._reading.of_kind("set") if it.graph == graph), key=_place_in_text
        )
        blocks = _in_order(self._reading, self._found, graph, sets)
        yield self._graph(graph, [(s, self._found.curated[graph, s]) for s in blocks])
        for entry in sets:
            if facts := self._facts.get(entry.address):
                yield self._graph(entry.address, facts, "\n")

    def _graph(self, graph: str, blocks: Sequence[tuple[str, Said]], between: str = "\n\n") -> str:
        written = f"GRAPH {self._iri(graph)} {{\n"
        for number, (subject, said) in enumerate(blocks):
            is_joined = kind_of_iri(subject) in ("selector", "reading")
            separator = "" if number == 0 else "\n" if is_joined else between
            written += separator + self._block(subject, said)
        return f"{written}\n}}\n"

    def _block(self, subject: str, said: Said) -> str:
        is_bookkeeping = kind_of_iri(subject) in ("passage", "part", "assertion-set")
        first = _FIRST_OF_BOOKKEEPING if is_bookkeeping else _FIRST
        names = sorted(said, key=lambda it: first.index(it) if it in first else len(first))
        rows = [f"{self._property(it)} {self._objects(said[it])}" for it in names]
        if all(it in said for it in _TOGETHER):
            start, end = (rows[names.index(it)] for it in _TOGETHER)
            rows = [it for it in rows if it not in (start, end)] + [f"{start} ; {end}"]
        body = f" ;\n{_INDENT * 2}".join(rows)
        return f"{_INDENT}{self._iri(subject)} {body} ."

    def _objects(self, values: Iterable[Value]) -> str:
        written = [self._term(it) for it in values]
        line = ", ".join(written)
        return line if len(line) <= _WIDTH else f",\n{_INDENT * 3}".join(written)

    def _property(self, iri: str) -> str:
        return "a" if iri == TYPE else self._iri(iri)

    def _term(self, value: Value) -> str:
        if isinstance(value, NamedNode):
            return self._iri(value.value)
        datatype = value.datatype.value
        if datatype == f"{XSD}integer" and _NUMBER.fullmatch(value.value):
            return value.value
        text = str(Literal(value.value))
        if value.language:
            return f"{text}@{value.language}"
        return text if datatype == f"{XSD}string" else f"{text}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        kind = kind_of_iri(iri)
        if kind:
            names = {_prefix(kind): f"{ID}{kind}/"}
        else:
            names = {name: space for name, space in PREFIXES.items() if iri.startswith(space)}
        for name, space in sorted(names.items(), key=lambda it: -len(it[1])):
            if _LOCAL.fullmatch(iri[len(space) :]):
                self._used.add(name)
                return f"{name}:{iri[len(space) :]}"
        return str(NamedNode(iri))


def _prefix(kind: str) -> str:
    return _SHORT_KINDS.get(kind, kind)


def _place_in_text(entry: Entry) -> tuple[object, ...]:
    """Return where a set stands: by its first words, the longer ones first, then by its name."""
    start, end = entry.words[0].span if entry.words else (_LAST, _LAST)
    return start, -end, entry.address


def _in_order(
    reading: DocumentReading, found: Statements, graph: str, sets: Iterable[Entry]
) -> list[str]:
    """Return the things that a graph describes, in the order in which one reads of them."""
    here = {subject: None for within, subject in found.curated if within == graph}
    text = reading.text
    ordered: dict[str, None] = dict.fromkeys((graph, text.document, text.extraction))
    of_kind = _by_kind(here)
    for part in sorted(of_kind.get("part", ()), key=lambda it: _position(found, it)):
        _with_selector(found, graph, part, ordered)
    told: dict[str, None] = {}
    for entry in sets:
        told |= dict.fromkeys((*entry.facts, entry.address))
    apart = {*told, *_later(of_kind)}
    ordered |= dict.fromkeys(it for it in here if it not in apart)
    ordered |= told
    for question in of_kind.get("question", ()):
        readings = found.curated[graph, question].get(f"{PREFIXES['rn']}reading", ())
        ordered |= dict.fromkeys((question, *(it.value for it in readings)))
    ordered |= dict.fromkeys(of_kind.get("reading", ()))
    passages = sorted(of_kind.get("passage", ()), key=lambda it: _position(found, it))
    for passage in passages:
        ordered.pop(passage, None)
        _with_selector(found, graph, passage, ordered)
    ordered |= dict.fromkeys(here)
    return [it for it in ordered if it in here]


def _by_kind(things: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for thing in things:
        found.setdefault(kind_of_iri(thing), []).append(thing)
    return found


def _later(of_kind: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for kind in ("passage", "selector", "question", "reading"):
        yield from of_kind.get(kind, ())


def _position(found: Statements, address: str) -> tuple[int, int, str]:
    start, end = found.positions.get(address, (_LAST, _LAST))
    return start, -end, address


def _with_selector(found: Statements, graph: str, thing: str, ordered: dict[str, None]) -> None:
    selectors = found.curated[graph, thing].get(f"{OA}hasSelector", ())
    ordered |= dict.fromkeys((thing, *(it.value for it in selectors)))
