"""A document that is open for a reader: its text, what the reader decided, what the data know."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES, kind_of_iri
from rallynov_graph.desk.decisions_file import SETTLED, SUFFIX, decided_before, files_of
from rallynov_graph.desk.document_folder import TRIG, folder_of
from rallynov_graph.desk.document_reading import Entry
from rallynov_graph.desk.importing import DocumentBeingRead, Wanted
from rallynov_graph.desk.proposing.known_names import KnownNames, known_from
from rallynov_graph.desk.proposing.proposers.contact_details import details
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.sets_of_facts import StatedFact
from rallynov_graph.desk.short_terms import LABEL, PREFERRED, TYPE, VOICE, slug_of
from rallynov_graph.desk.terms import (
    IN_SCHEME,
    MEASURE,
    STATED_UNKNOWN,
    TOP,
    Named,
    Terms,
    texts_in,
)
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import refusal
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import sources
from rallynov_graph.release import building

MASK: Final = "•"
_DIGITS: Final = 8
KIND: Final = f"{PREFIXES['dcterms']}type"
_UNTAKEN: Final = f"{PREFIXES['rn']}alternativeIn"


@dataclass(frozen=True)
class FileState:
    """A file of decisions as it was when it was read; its time does not count."""

    size: int = 0
    digest: str = ""

    @classmethod
    def of(cls, path: Path) -> FileState:
        """Return the state of a file; it is empty if the file does not exist."""
        try:
            found = path.stat()
            return cls(found.st_size, _digest_of(path, found.st_size, found.st_mtime_ns))
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise SourceError.unread(path, error) from error

    @property
    def version(self) -> str:
        """A few characters that identify the state."""
        return f"{self.size:x}-{self.digest}"


@lru_cache(maxsize=64)
def _digest_of(path: Path, _size: int, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]


class ReadDocument(DocumentBeingRead):
    """A document that a reader has open; what is known excludes its own folder.

    So a second reader does not see the first one's decisions.
    """

    @property
    def file(self) -> Path:
        return self.folder.file_of(self.reader)

    def readers(self) -> list[str]:
        names = [it.name.removesuffix(SUFFIX) for it in files_of(self.folder.path)]
        return [name for name in names if name != SETTLED]

    def state_of_files(self) -> tuple[FileState, ...]:
        """Return a value that changes with every decision or resolution."""
        return tuple(map(FileState.of, files_of(self.folder.path)))

    @cached_property
    def quoted(self) -> QuotedText:
        return QuotedText(self.words)

    @cached_property
    def shown(self) -> str:
        """The text as the page shows it: contacts are masked, so that positions stay."""
        signs = [*self.words]
        for start, end in details(self.words):
            signs[start:end] = MASK * (end - start)
        return "".join(signs)

    @cached_property
    def signs_before(self) -> Sequence[int]:
        """The number of characters that are not spaces before each position."""
        return [*accumulate((not it.isspace() for it in self.words), initial=0)]

    @cached_property
    def other_quads(self) -> tuple[Quad, ...]:
        """The data without the files of this document."""
        own = {*self.own_files}
        files = tuple(path for _, path in building.files_of(self.data) if path not in own)
        return tuple(sources.quads(files, relative_iris=False)) if files else ()

    @cached_property
    def taken_quads(self) -> tuple[Quad, ...]:
        """The same without rejected readings of open questions."""
        untaken = {it.object for it in self.other_quads if it.predicate.value == _UNTAKEN}
        return tuple(it for it in self.other_quads if it.graph_name not in untaken)

    @cached_property
    def other_facts(self) -> tuple[StatedFact, ...]:
        """The facts in the sets of other documents, without kinds."""
        voices = {it.subject: it.object for it in self.other_quads if it.predicate.value == VOICE}
        sets = {
            it: Entry("set", str(it)[1:-1], "", says={VOICE: (voice,)})  # type: ignore[dict-item]
            for it, voice in voices.items()
        }
        return tuple(
            StatedFact(sets[it.graph_name], str(it.subject)[1:-1], it.predicate.value, it.object)  # type: ignore[arg-type,index]
            for it in self.other_quads
            if it.graph_name in sets and it.predicate.value != TYPE
        )

    @property
    def own_files(self) -> list[Path]:
        return sorted(self.folder.path.glob(f"*{TRIG}"))

    @cached_property
    def terms(self) -> Terms:
        return Terms.load()

    @cached_property
    def known_names(self) -> KnownNames:
        """The things of other documents, for proposals, and what was decided of those."""
        decided = decided_before(self.data, besides=self.folder.slug)
        return replace(known_from(self.taken_quads), decided=decided)

    @cached_property
    def other_things(self) -> Things:
        return Things.of_quads(self.other_quads)

    @cached_property
    def taken_things(self) -> Things:
        """The same, without what only readings that were not taken say."""
        is_same = len(self.taken_quads) == len(self.other_quads)
        return self.other_things if is_same else Things.of_quads(self.taken_quads)

    @cached_property
    def other_labels(self) -> Named:
        """The names of things and terms, by address and language."""
        return {**texts_in(self.other_quads, LABEL, PREFERRED), **self.terms.labels}

    def kind_of_terms(self, scheme: str) -> str:
        """Return the common beginning of a list's addresses; empty if there is none."""
        found = (it for it, lists in self.taken_things.schemes.items() if scheme in lists)
        return next(map(kind_of_iri, found), "")

    def list_of_values(self, name: str, entries: Iterable[Entry]) -> str:
        """Return the list that the shapes name for a property, else that of its other values.

        It is the empty string if neither determines a list.
        """
        if found := self.terms.lists.get(MEASURE if name == STATED_UNKNOWN else name):
            return found
        every = [*entries]
        own = {it.address: it.says[IN_SCHEME] for it in every if IN_SCHEME in it.says}
        values = {it.value.value for e in every for it in e.stated() if it.property == name}
        values |= {str(it.object)[1:-1] for it in self.other_quads if it.predicate.value == name}
        lists: set[str] = set()
        for address in values:
            lists |= {it.value for it in own.get(address, ())}
            lists |= self.taken_things.schemes.get(address, set())
        if not lists and name == KIND:  # of places, before the first one
            kinds = self.taken_things.schemes.items()
            lists = {it for one, those in kinds if kind_of_iri(one) == "place-kind" for it in those}
        return lists.pop() if len(lists) == 1 else ""

    @cached_property
    def lists_with_tops(self) -> frozenset[str]:
        """The lists whose terms are top ones, or below one."""
        tops = (it for it in self.other_quads if it.predicate.value == TOP)
        return frozenset(str(getattr(it.object, "value", "")) for it in tops)

    @cached_property
    def uses(self) -> Counter[str]:
        return Counter(quad.predicate.value for quad in self.other_quads)


def opened(wanted: Wanted, path: Path) -> ReadDocument:
    """Return a document of the data with its text; raise SourceError with what is missing.

    The text of a document that nobody has read yet is the one whose file has its name.
    """
    document = wanted.document or ""
    if document and not wanted.texts_called(document) and not _is_read(wanted):
        names = {slug_of(Path(it.path).stem) for it in wanted.every_text}
        nearest = ", ".join(near(document, names, 3))
        raise refusal(document, "near document" if nearest else "unread document", near=nearest)
    return ReadDocument.found(wanted, path)


def _is_read(wanted: Wanted) -> bool:
    folder = folder_of(wanted.data, wanted.document or "")
    return bool(folder.decisions()) or any(folder.path.glob(f"*{TRIG}"))
