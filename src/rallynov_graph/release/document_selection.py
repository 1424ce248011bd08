"""Select the part of data that belongs to some of their documents, or to one.

A document's own sets are those with its voice, or whose passages are all in its text; its own open
questions are those whose passages are. Superseded statements are back in their sets. Everything
from curators and other sources belongs to the documents, with three exceptions: descriptions of
things that only other documents mention; graphs that curators wrote for other documents; decisions
that need another document's set or a thing that only it mentions. From graphs for other documents,
they keep the descriptions of things that they name and that are described nowhere else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, short_iri
from rallynov_graph.release.documents import NamedDocument, document_named, documents_of
from rallynov_graph.rules.provenance import INTERPRETATIONS, OF_RULES
from rallynov_graph.standing.dated_documents import Document as DatedDocument
from rallynov_graph.standing.standing_graphs import DESCRIPTIONS as OF_STANDING

_FORMAT_OF: Final = NamedNode(f"{PREFIXES['dcterms']}isFormatOf")
_SOURCE: Final = NamedNode(f"{PREFIXES['oa']}hasSource")
_SELECTOR: Final = NamedNode(f"{PREFIXES['oa']}hasSelector")
_START: Final = NamedNode(f"{PREFIXES['oa']}start")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_VOICE, _PASSAGE = NamedNode(f"{RN}voice"), NamedNode(f"{RN}passage")
_STANDING_OF: Final = NamedNode(f"{RN}standingOf")
_OF_SET, _IN_FAVOUR = NamedNode(f"{RN}ofSet"), NamedNode(f"{RN}inFavourOf")
_KEPT, _OTHER = NamedNode(f"{RN}kept"), NamedNode(f"{RN}other")
_TAKEN, _ALTERNATIVE = NamedNode(f"{RN}takenIn"), NamedNode(f"{RN}alternativeIn")
_READING: Final = NamedNode(f"{RN}Reading")
_EVIDENCE: Final = NamedNode(f"{RN}evidence")
_WRITTEN: Final = (NamedNode(f"{RN}CurationGraph"), NamedNode(f"{RN}OutsideGraph"))
_WORKED_OUT: Final = frozenset({OF_RULES, INTERPRETATIONS, OF_STANDING})
_OF_PLACES: Final = frozenset((_FORMAT_OF, _SOURCE, _START, _VOICE, _PASSAGE))
"""The properties of texts, places in them, and sets, which belong to a document."""
_DIGITS: Final = re.compile(r"\d+")


def known_until(quads: Iterable[Quad], text: str) -> tuple[str, Iterable[Quad]]:
    """Return the quads known when the document that a text names had appeared.

    They come with its IRI, which is empty if no document is later and nothing is left out. Raises
    UnknownNameError for an unknown document, or one without a date.
    """
    documents = documents_of(quads)
    last = document_named(text, documents)
    if not last.issued:
        raise UnknownNameError(
            f"Nobody says when {short_iri(last.iri)} appeared, so none is later: give it a "
            "dcterms:issued."
        )
    known = [it.iri for it in documents if not _dated(it).is_later_than(_dated(last))]
    if len(known) == len(documents):
        return "", quads
    return last.iri, [*DocumentSelection(quads, known).quads()]


def known_from(quads: Iterable[Quad], text: str) -> tuple[str, Iterable[Quad]]:
    """Return the quads of the one document that a text names, as if it were the only one.

    They come with its IRI, which is empty if there is no other document. Raises UnknownNameError
    for an unknown document, or one that states nothing.
    """
    documents = documents_of(quads)
    document = document_named(text, documents)
    if len(documents) == 1:
        return "", quads
    selection = DocumentSelection(quads, [document.iri])
    if not selection.own:
        raise UnknownNameError(
            f"Nothing is stated from {short_iri(document.iri)} alone: no assertion set has its "
            "voice, or passages that are all in it."
        )
    return document.iri, [*selection.quads()]


def _dated(document: NamedDocument) -> DatedDocument:
    numbers = {int(found[0]) for it in document.numbers if (found := _DIGITS.search(it))}
    issued = {document.issued} if document.issued else set()
    return DatedDocument(issued, numbers, {*document.series})


class DocumentSelection:
    """The part of data that belongs to some documents."""

    def __init__(self, quads: Iterable[Quad], documents: Iterable[str]) -> None:
        """Find what belongs to documents, given by their IRIs."""
        self._about: dict[object, list[Quad]] = defaultdict(list)
        self._by_predicate: dict[NamedNode, list[Quad]] = defaultdict(list)
        for quad in dict.fromkeys(quads):
            self._about[quad.subject].append(quad)
            self._by_predicate[quad.predicate].append(quad)
        given = {NamedNode(iri) for iri in documents}
        texts = {q.subject for q in self._having(_FORMAT_OF) if q.object in given}
        places = {q.subject for q in self._having(_SOURCE) if q.object in texts}
        self._others = {q.object for q in self._having(_FORMAT_OF)} - given
        """The other documents."""
        self._moved: dict[object, object] = {
            q.subject: q.object for q in self._having(_STANDING_OF)
        }
        """The set of each graph of statements that are not current."""
        self._graphs = {q.subject for q in self._having(_TYPE) if q.object in _WRITTEN}
        """The graphs that curators wrote, and those of other sources."""
        self._graphs -= _WORKED_OUT
        self.own = {*self._own(given, places)}
        """The documents' sets and open questions."""
        self._of_others = self._graphs_of_others({*given, *texts, *places, *self.own})
        """The graphs that were written for other documents."""
        self._named = {*given, *texts, *places, *self.own}
        """All that their sets name, and what describes these sets."""
        self._name_what_is_stated({*texts, *places, *self.own})
        self._name_what_others_describe()
        self._borrowed = {*self._borrowed_classes()}
        """The statements by which others alone say of which class a thing is that they name."""
        self._name_reasons({quad.graph_name for quad in self._borrowed})

    def quads(self) -> Iterator[Quad]:
        lending: set[object] = set()
        for subject, quads in self._about.items():
            if subject not in self._of_others:
                for quad in self._chosen(subject, quads):
                    lending.add(quad.graph_name)
                    yield quad
        for graph in lending & self._of_others:
            yield from self._about.get(graph, ())

    def _chosen(self, subject: object, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the statements about a thing, superseded ones back in their sets."""
        written: list[Quad] = []
        elsewhere: list[Quad] = []
        is_of_others = False
        for quad in quads:
            graph = self._set_of(quad)
            if graph in self.own or quad in self._borrowed:
                yield Quad(quad.subject, quad.predicate, quad.object, graph)  # type: ignore[arg-type]
            elif graph in self._of_others:
                elsewhere.append(quad)
            elif graph in self._graphs:
                written.append(quad)
                is_of_others |= quad.predicate in _OF_PLACES or quad.object == _READING
            elif not _is_worked_out(graph):
                is_of_others = True
        if subject in self._named or not (is_of_others or self._decides_elsewhere(written)):
            yield from filter(self._is_of_view, written)
        if subject in self._named and not _are_named(written):
            yield from filter(self._is_of_view, elsewhere)

    def _set_of(self, quad: Quad) -> object:
        return self._moved.get(quad.graph_name, quad.graph_name)

    def _is_of_view(self, quad: Quad) -> bool:
        if quad.predicate in (_TAKEN, _ALTERNATIVE):
            return quad.object in self.own
        return quad.subject in self._named or quad.object not in self._others

    def _decides_elsewhere(self, quads: Iterable[Quad]) -> bool:
        """Whether a decision needs another document's set, or a thing that only it names."""
        return any(
            (quad.predicate in (_OF_SET, _IN_FAVOUR) and quad.object not in self.own)
            or (quad.predicate in (_KEPT, _OTHER) and quad.object not in self._named)
            for quad in quads
        )

    def _own(self, documents: Set[object], places: Set[object]) -> Iterator[object]:
        passages: dict[object, set[object]] = defaultdict(set)
        for quad in self._having(_PASSAGE):
            passages[quad.subject].add(quad.object)
        yield from (quad.subject for quad in self._having(_VOICE) if quad.object in documents)
        yield from (subject for subject, lying in passages.items() if lying <= places)

    def _graphs_of_others(self, own: Set[object]) -> set[object]:
        """Return the graphs that only describe texts, sets and grounds of other documents."""
        ours: set[object] = set()
        others: set[object] = set()
        for quad in self._having(_FORMAT_OF, _SOURCE, _VOICE, _PASSAGE, _EVIDENCE):
            if quad.graph_name in self._graphs:
                about = quad.object if quad.predicate == _EVIDENCE else quad.subject
                (ours if about in own else others).add(quad.graph_name)
        return others - ours

    def _name_what_is_stated(self, things: Set[object]) -> None:
        """Name the things in the own sets, and the descriptions of texts, sets and questions."""
        for quad in chain.from_iterable(self._about.values()):
            is_own = self._set_of(quad) in self.own
            if is_own:
                self._named.add(quad.subject)
            is_said = is_own or (quad.subject in things and quad.graph_name in self._graphs)
            if is_said and isinstance(quad.object, NamedNode):
                self._named.add(quad.object)

    def _name_what_others_describe(self) -> None:
        """Name the descriptions of a named thing that curators only wrote for other documents."""
        pending = [*self._named]
        while pending:
            written = [
                q for q in self._about.get(pending.pop(), ()) if q.graph_name in self._graphs
            ]
            elsewhere = [q for q in written if q.graph_name in self._of_others]
            if elsewhere and not _are_named(q for q in written if q not in elsewhere):
                new = {q.object for q in elsewhere if isinstance(q.object, NamedNode)} - self._named
                self._named |= new
                pending += new

    def _borrowed_classes(self) -> Iterator[Quad]:
        """Yield the classes of named things that only other documents state."""
        known = self.own | self._graphs
        for subject in self._named:
            typed = [
                quad
                for quad in self._about.get(subject, ())
                if quad.predicate == _TYPE and not _is_worked_out(quad.graph_name)
            ]
            if known.isdisjoint(map(self._set_of, typed)):
                yield from (quad for quad in typed if is_current(quad.graph_name))

    def _name_reasons(self, sets: set[object]) -> None:
        for predicates in ((_PASSAGE,), (_SOURCE, _SELECTOR)):
            self._named |= sets
            sets = {q.object for q in self._having(*predicates) if q.subject in sets}
        self._named |= sets

    def _having(self, *predicates: NamedNode) -> Iterator[Quad]:
        return chain.from_iterable(self._by_predicate.get(it, ()) for it in predicates)


def _is_worked_out(graph: object) -> bool:
    return graph in _WORKED_OUT or getattr(graph, "value", "").startswith(f"{ID}inference/")


def _are_named(quads: Iterable[Quad]) -> bool:
    return any(quad.predicate == _LABEL for quad in quads)
