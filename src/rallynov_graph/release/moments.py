"""What was known at a date: the statements of some documents as they stood, and conclusions.

A moment is a selection of documents: all that had appeared by a date, or a single one. Its store is
made from all quads, in memory; standing and conclusions are computed for these documents, as in a
release of them. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from threading import Lock
from typing import Final, Protocol

from pyoxigraph import DefaultGraph, NamedNode

from rallynov_graph.base.cache import Cache
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ONTOLOGY, short_iri
from rallynov_graph.release.document_selection import DocumentSelection
from rallynov_graph.rules import inference, rulebook
from rallynov_graph.rules.provenance import interpretations
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.store import Store
from rallynov_graph.standing.settling import settled

MOST: Final = 24
"""So many moments of one release are kept in a process, at most."""
ROOM: Final = 3_000_000
"""So many quads they have together, unless one alone has more: 1.5 GB."""
AHEAD: Final = 400_000
"""All moments are made ahead if documents times quads do not exceed this. Otherwise each server
process makes a moment for itself when it is first asked for."""


class Dated(Protocol):
    """A document with its date."""

    @property
    def iri(self) -> str: ...

    @property
    def issued(self) -> str:
        """A day, a month or a year; empty if it is unknown."""
        ...


@dataclass(frozen=True)
class Moment:
    """A reader's selection: what was known by a date, or from one document; empty for all."""

    as_of: str = ""
    in_document: str = ""

    def __bool__(self) -> bool:
        return bool(self.as_of or self.in_document)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        found = (("as_of", self.as_of), ("in_document", self.in_document))
        return tuple(pair for pair in found if pair[1])

    def documents(self, documents: Iterable[Dated]) -> tuple[str, ...]:
        """Return the addresses of the known documents.

        Raises UnknownNameError if there are none. A document with a month or a year as its date is
        known from its beginning; a month or a year as a limit includes all of it.
        """
        if self.as_of and not is_date(self.as_of):
            raise UnknownNameError(
                f"{self.as_of!r} is not a day, month or year, such as 2013-06-15, 2013-06 or 2013."
            )
        every = [*documents]
        known = [it for it in every if not self.as_of or _is_by(it.issued, self.as_of)]
        if not known:
            dates = sorted(it.issued for it in every if it.issued)
            error = f"No document had appeared by {self.as_of}."
            if dates:
                error = (
                    f"No document had appeared by {self.as_of}: the first appeared in {dates[0]}."
                )
            raise UnknownNameError(error, dates[:1], "as_of")
        if not self.in_document:
            return tuple(it.iri for it in known)
        names = [
            it.iri for it in known if self.in_document in (it.iri, short_iri(it.iri), _slug(it))
        ]
        if not names:
            slugs = [_slug(it) for it in known]
            listed = ", ".join(slugs)
            raise UnknownNameError(
                f"{self.in_document!r} is not one of the documents: {listed}.", slugs, "in_document"
            )
        return (names[0],)

    def store_of(self, store: Store, documents: Sequence[Dated]) -> Store:
        """Return the store for the moment, the same store if all documents are known.

        Raises UnknownNameError if there are none.
        """
        known = self.documents(documents)
        if len(known) == len(documents) or not isinstance(store, EmbeddedStore):
            return store
        return _store_of(store, known)


ALL_KNOWN: Final = Moment()


def is_date(text: str) -> bool:
    """Whether a text is a day, a month or a year."""
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return len(text) in (4, 7, 10)


def _slug(document: Dated) -> str:
    return document.iri.rpartition("/")[2]


def _is_by(issued: str, date: str) -> bool:
    """Whether a document had appeared by a date; true if its date is unknown."""
    shared = min(len(issued), len(date))
    return issued[:shared] <= date[:shared]


def size(store: Store) -> int:
    return max(len(store) if isinstance(store, EmbeddedStore) else 0, ROOM // MOST)


def offer(store: EmbeddedStore) -> None:
    """Make a store answer for moments too; each is made when it is first requested.

    One is made at a time: for half a million quads, each takes 13 s of processor, 1 GB of memory.
    """
    made: Cache[tuple[str, ...], EmbeddedStore] = Cache(ROOM, lambda _, it: size(it))
    making = Lock()

    def at(known: tuple[str, ...]) -> EmbeddedStore:
        found = made.get(known)
        if found is None:
            with making:
                found = made.once(known, lambda: _store_of(store, known))
        return found

    store.at = at


def make_ahead(store: EmbeddedStore, documents: Sequence[Dated]) -> None:
    """Make the moments of few documents now, for all processes that are forked from this one."""
    rulebook.shipped()  # a process that answers queries opens no file
    is_small = 1 < len(documents) <= MOST // 2 and len(documents) * len(store) <= AHEAD
    for moment in moments_of(documents) if is_small and store.at else ():
        if len(known := moment.documents(documents)) < len(documents) and store.at:
            store.at(known)


def moments_of(documents: Sequence[Dated]) -> tuple[Moment, ...]:
    """Return the moments at which documents appeared, and each document alone."""
    dates = dict.fromkeys(it.issued for it in documents if it.issued)
    return (*map(Moment, dates), *(Moment(in_document=it.iri) for it in documents))


def _store_of(store: EmbeddedStore, documents: tuple[str, ...]) -> EmbeddedStore:
    terms = [*store.quads(graph=NamedNode(ONTOLOGY))]
    apart = DefaultGraph(), NamedNode(ONTOLOGY)
    quads = [quad for quad in store.quads() if quad.graph_name not in apart]
    known = [*settled([*DocumentSelection(quads, documents).quads()])]
    derived = inference.derive([*known, *terms], rulebook.shipped())
    return EmbeddedStore.of_named_graphs(chain(known, derived, interpretations(known), terms))
