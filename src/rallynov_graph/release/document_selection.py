"""What of some data belongs to a few of their documents, or to one, as lines of N-Quads.

Their own are the assertion sets in which they speak, or whose passages all lie in their texts, and
the open questions whose passages do. What gave way lies in its set again. All that curators and
other sources say belongs to them, but for three things: what describes things of which other
documents alone speak; graphs that curators wrote for other documents; decisions that need one of
their sets, or a thing that they alone name. Of those graphs, they have what describes a thing that
they name and nobody else describes.

The data are sorted, so that all that is said of one thing follows each other. They are read a few
times; in memory is what the documents have, beside the names of graphs and documents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Quad, RdfFormat

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, short_iri
from rallynov_graph.base.standings import is_current_line
from rallynov_graph.rdf.canonical import QuadsOfFile, write_sorted
from rallynov_graph.release.named_documents import NamedDocument, document_named, documents_of
from rallynov_graph.rules.provenance import INTERPRETATIONS, OF_RULES
from rallynov_graph.standing.dated_documents import Document as DatedDocument
from rallynov_graph.standing.standing_graphs import DESCRIPTIONS as OF_STANDING


def _term(iri: str) -> bytes:
    return f"<{iri}>".encode()


_FORMAT_OF: Final = _term(f"{PREFIXES['dcterms']}isFormatOf")
_SOURCE: Final = _term(f"{PREFIXES['oa']}hasSource")
_SELECTOR: Final = _term(f"{PREFIXES['oa']}hasSelector")
_START: Final = _term(f"{PREFIXES['oa']}start")
_TYPE: Final = _term(f"{PREFIXES['rdf']}type")
_VOICE, _PASSAGE = _term(f"{RN}voice"), _term(f"{RN}passage")
_STANDING_OF: Final = _term(f"{RN}standingOf")
_OF_SET, _IN_FAVOUR = _term(f"{RN}ofSet"), _term(f"{RN}inFavourOf")
_KEPT, _OTHER = _term(f"{RN}kept"), _term(f"{RN}other")
_TAKEN, _ALTERNATIVE = _term(f"{RN}takenIn"), _term(f"{RN}alternativeIn")
_READING: Final = _term(f"{RN}Reading")
_EVIDENCE: Final = _term(f"{RN}evidence")
_LABEL: Final = _term(f"{PREFIXES['rdfs']}label")
_WRITTEN: Final = (_term(f"{RN}CurationGraph"), _term(f"{RN}OutsideGraph"))
_WORKED_OUT: Final = frozenset(
    _term(graph.value) for graph in (OF_RULES, INTERPRETATIONS, OF_STANDING)
)
_INFERENCE: Final = f"<{ID}inference/".encode()
_OF_PLACES: Final = frozenset((_FORMAT_OF, _SOURCE, _START, _VOICE, _PASSAGE))
"""What is said of texts, places in them, and sets: each belongs to a document."""


class Line(NamedTuple):
    """A statement as the data have it."""

    subject: bytes
    predicate: bytes
    value: bytes
    graph: bytes

    def written(self) -> bytes:
        """Return it as a line of N-Quads."""
        return b"%b %b %b %b .\n" % self


@dataclass
class DocumentSelection:
    """What belongs to some documents; iterated, it yields the lines of their data."""

    data: Path
    documents: frozenset[bytes]
    """Their IRIs as lines have them."""
    other_documents: set[bytes] = field(default_factory=set)
    graphs: set[bytes] = field(default_factory=set)
    """The graphs that curators wrote, and those of other sources."""
    of_others: set[bytes] = field(default_factory=set)
    """Those of them that were written for other documents."""
    moved: dict[bytes, bytes] = field(default_factory=dict)
    """The set of each graph of statements that are not current."""
    own: set[bytes] = field(default_factory=set)
    """The documents' sets and open questions."""
    named: set[bytes] = field(default_factory=set)
    """All that their sets name, and what describes these sets."""
    borrowed: set[Line] = field(default_factory=set)
    """The statements by which others alone say of which class a thing is that they name."""

    @classmethod
    def of(cls, data: Path, documents: Iterable[str]) -> DocumentSelection:
        """Return what belongs to some documents in canonical, sorted N-Quads."""
        found = cls(data, frozenset(map(_term, documents)))
        found._find_graphs()
        texts: set[bytes] = set()
        for line in found._lines(_FORMAT_OF):
            if line.value in found.documents:
                texts.add(line.subject)
            else:
                found.other_documents.add(line.value)
        places = {line.subject for line in found._lines(_SOURCE) if line.value in texts}
        found._find_own(places)
        found._find_graphs_of_others({*found.documents, *texts, *places, *found.own})
        found.named |= {*found.documents, *texts, *places, *found.own}
        found._name_what_is_stated({*texts, *places, *found.own})
        found._name_what_others_describe()
        found._borrow_classes()
        return found

    def __iter__(self) -> Iterator[bytes]:
        waiting: dict[bytes, list[Line]] = defaultdict(list)
        lending: set[bytes] = set()
        for subject, lines in self._by_subject():
            if subject in self.of_others:
                waiting[subject].extend(lines)
                continue
            for line in self._chosen(subject, [*lines]):
                lending.add(line.graph)
                yield line.written()
        for graph in lending.intersection(waiting):
            yield from (line.written() for line in waiting[graph])

    def write(self, path: Path) -> None:
        """Write the lines into a file."""
        with path.open("wb") as file:
            file.writelines(self)

    def _chosen(self, subject: bytes, lines: list[Line]) -> Iterator[Line]:
        """Yield what is said of a thing, with what gave way in its set again."""
        written, elsewhere, is_of_others = [], [], False
        for line in lines:
            graph = self.moved.get(line.graph, line.graph)
            if graph in self.own or line in self.borrowed:
                yield line._replace(graph=graph)
            elif graph in self.of_others:
                elsewhere.append(line)
            elif graph in self.graphs:
                written.append(line)
                is_of_others |= line.predicate in _OF_PLACES or line.value == _READING
            elif not _is_worked_out(graph):
                is_of_others = True
        if subject in self.named or not (is_of_others or self._decides_elsewhere(written)):
            yield from filter(self._is_of_view, written)
        if subject in self.named and not _are_named(written):
            yield from filter(self._is_of_view, elsewhere)

    def _is_of_view(self, line: Line) -> bool:
        if line.predicate in (_TAKEN, _ALTERNATIVE):
            return line.value in self.own
        return line.subject in self.named or line.value not in self.other_documents

    def _decides_elsewhere(self, lines: Iterable[Line]) -> bool:
        """Return whether a decision needs the set of another document, or a thing of its own."""
        return any(
            (line.predicate in (_OF_SET, _IN_FAVOUR) and line.value not in self.own)
            or (line.predicate in (_KEPT, _OTHER) and line.value not in self.named)
            for line in lines
        )

    def _find_graphs(self) -> None:
        for line in self._lines(_STANDING_OF, *_WRITTEN):
            if line.predicate == _STANDING_OF:
                self.moved[line.subject] = line.value
            elif line.value in _WRITTEN and line.predicate == _TYPE:
                self.graphs.add(line.subject)
        self.graphs -= _WORKED_OUT

    def _find_own(self, places: Set[bytes]) -> None:
        for subject, lines in self._by_subject(_VOICE, _PASSAGE):
            said = [*lines]
            passages = [line.value for line in said if line.predicate == _PASSAGE]
            speaks = any(it.predicate == _VOICE and it.value in self.documents for it in said)
            if speaks or (passages and places >= {*passages}):
                self.own.add(subject)

    def _find_graphs_of_others(self, own: Set[bytes]) -> None:
        """Find the graphs that describe texts, sets and grounds of other documents alone."""
        ours: set[bytes] = set()
        for line in self._lines(_FORMAT_OF, _SOURCE, _VOICE, _PASSAGE, _EVIDENCE):
            if line.graph in self.graphs:
                about = line.value if line.predicate == _EVIDENCE else line.subject
                (ours if about in own else self.of_others).add(line.graph)
        self.of_others -= ours

    def _name_what_is_stated(self, things: Set[bytes]) -> None:
        """Name what own sets state, and what describes texts, places, sets and questions."""
        for line in self._lines():
            is_own = self.moved.get(line.graph, line.graph) in self.own
            if is_own:
                self.named.add(line.subject)
            is_said = is_own or (line.subject in things and line.graph in self.graphs)
            if is_said and line.value.startswith(b"<"):
                self.named.add(line.value)

    def _name_what_others_describe(self) -> None:
        """Name what a named thing is described by where curators did so for others alone."""
        while True:
            before = len(self.named)
            for subject, lines in self._by_subject():
                if subject not in self.named:
                    continue
                written = [line for line in lines if line.graph in self.graphs]
                elsewhere = [line for line in written if line.graph in self.of_others]
                if elsewhere and not _are_named(it for it in written if it not in elsewhere):
                    self.named |= {it.value for it in elsewhere if it.value.startswith(b"<")}
            if len(self.named) == before:
                return

    def _borrow_classes(self) -> None:
        """Find the classes of named things that only others state, and what describes why."""
        for subject, lines in self._by_subject(_TYPE):
            if subject not in self.named:
                continue
            typed = [it for it in lines if it.predicate == _TYPE and not _is_worked_out(it.graph)]
            graphs = {self.moved.get(line.graph, line.graph) for line in typed}
            if not (graphs & self.own or graphs & self.graphs):
                self.borrowed |= {line for line in typed if is_current_line(line.graph)}
        described = {line.graph for line in self.borrowed}
        for follow in ((_PASSAGE,), (_SOURCE, _SELECTOR)):
            self.named |= described
            described = {it.value for it in self._lines(*follow) if it.subject in described}
        self.named |= described

    def _by_subject(self, *having: bytes) -> Iterator[tuple[bytes, Iterator[Line]]]:
        return groupby(self._lines(*having), lambda line: line.subject)

    def _lines(self, *having: bytes) -> Iterator[Line]:
        """Yield the statements in order; with terms, those alone that have one of them."""
        with self.data.open("rb") as lines:
            for line in lines:
                if not having or any(term in line for term in having):
                    subject, predicate, rest = line.split(b" ", 2)
                    end = rest.rindex(b" <")
                    yield Line(subject, predicate, rest[:end], rest[end + 1 : -3])


def _is_worked_out(graph: bytes) -> bool:
    return graph in _WORKED_OUT or graph.startswith(_INFERENCE)


def _are_named(lines: Iterable[Line]) -> bool:
    return any(line.predicate == _LABEL for line in lines)


_DIGITS: Final = re.compile(r"\d+")


def known_until(quads: Iterable[Quad], text: str, folder: Path) -> tuple[str, Iterable[Quad]]:
    """Return the quads as they were known when the document that a text names had appeared.

    Before them comes its IRI, empty where no document is later, and nothing is left out. Files in
    the folder hold the quads. Raises UnknownNameError for a document that is not there, or of
    which nobody says when it appeared.
    """
    written, selected = folder / "written.nq", folder / "known.nq"
    write_sorted(quads, RdfFormat.N_QUADS, written)
    documents = documents_of(written)
    last = document_named(text, documents)
    if not last.issued:
        raise UnknownNameError(
            f"Nobody says when {short_iri(last.iri)} appeared, so none is later: give it a "
            "dcterms:issued."
        )
    known = [it.iri for it in documents if not _dated(it).is_later_than(_dated(last))]
    if len(known) == len(documents):
        return "", quads
    DocumentSelection.of(written, known).write(selected)
    return last.iri, QuadsOfFile(selected)


def known_from(quads: Iterable[Quad], text: str, folder: Path) -> tuple[str, Iterable[Quad]]:
    """Return the quads of the one document that a text names, as if it stood alone.

    Before them comes its IRI, empty where there is no other document. Files in the folder hold the
    quads. Raises UnknownNameError for a document that is not there, or that states nothing.
    """
    written, selected = folder / "written.nq", folder / "known.nq"
    write_sorted(quads, RdfFormat.N_QUADS, written)
    documents = documents_of(written)
    document = document_named(text, documents)
    if len(documents) == 1:
        return "", quads
    selection = DocumentSelection.of(written, [document.iri])
    if not selection.own:
        raise UnknownNameError(
            f"Nothing is stated from {short_iri(document.iri)} alone: no assertion set has its "
            "voice, or passages that all lie in it."
        )
    selection.write(selected)
    return document.iri, QuadsOfFile(selected)


def _dated(document: NamedDocument) -> DatedDocument:
    numbers = {int(found[0]) for it in document.numbers if (found := _DIGITS.search(it))}
    issued = {document.issued} if document.issued else set()
    return DatedDocument(issued, numbers, {*document.series})
