"""The documents of a release, how a person names them, and the texts extracted from them.

The operator has the texts; the data only contain positions in them. Texts are kept in memory and
never written.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.errors import AmbiguousNameError, SourceError, UnknownNameError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, short_iri
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded, without_article
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.thing_names import as_iri
from rallynov_graph.sparql.store import Store

_FORMAT_OF: Final = NamedNode(f"{PREFIXES['dcterms']}isFormatOf")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_NUMBER: Final = NamedNode(f"{PREFIXES['schema']}issueNumber")
_ISSUED: Final = NamedNode(f"{PREFIXES['dcterms']}issued")
_SERIES: Final = NamedNode(f"{PREFIXES['dcterms']}isPartOf")
_SAID: Final = (_LABEL, _NUMBER, _ISSUED, _SERIES)


@dataclass(frozen=True)
class NamedDocument:
    """A document with a text in a release."""

    iri: str
    names: tuple[tuple[str, str], ...] = ()
    """Its labels, each after its language; the empty string if it has none."""
    numbers: tuple[str, ...] = ()
    issued: str = ""
    """When it appeared, as the data have it; the empty string if that is not said."""
    series: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of its address, which names it in addresses and commands."""
        return self.iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]

    def name(self, language: str) -> str:
        """Return its label in a language, else in another one, else the last part of its IRI."""
        return dict(reversed(self.names)).get(self.language_of_name(language), self.slug)

    def language_of_name(self, language: str) -> str:
        """Return the language of that label; the empty string if there is no label."""
        names = dict(reversed(self.names))
        return next((it for it in (language, *LANGUAGES, *names) if it in names), "")

    def is_named(self, text: str) -> bool:
        """Whether a text is the last part of its address, its number, or its name."""
        names = {read(name) for _, name in self.names for read in (folded, without_article)}
        return text == self.slug or text in self.numbers or folded(text) in names


def documents_in(data: Path) -> tuple[NamedDocument, ...]:
    """Return the documents with a text in canonical N-Quads, the earliest first."""
    predicates = [str(it).encode() for it in (_FORMAT_OF, *_SAID)]
    with data.open("rb") as lines:
        wanted = b"".join(line for line in lines if any(it in line for it in predicates))
    return documents_of(parse(wanted, format=RdfFormat.N_QUADS))


def documents_of(quads: Iterable[Quad]) -> tuple[NamedDocument, ...]:
    """Return the documents with a text in data, the earliest first."""
    iris: set[str] = set()
    said: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if quad.predicate == _FORMAT_OF and isinstance(quad.object, NamedNode):
            iris.add(quad.object.value)
        elif quad.predicate in _SAID and isinstance(quad.subject, NamedNode):
            said[quad.subject.value].append(quad)
    found = [_document(iri, sorted(said[iri], key=str)) for iri in iris]
    return tuple(sorted(found, key=lambda it: (it.issued, it.iri)))


def document_named(text: str, documents: Sequence[NamedDocument]) -> NamedDocument:
    """Return the document that a text means; raise UnknownNameError, with near names.

    A document is named by its address (in full or short), the last part of it, its number, or its
    name. Raises AmbiguousNameError if several documents have the number or the name.
    """
    wanted = text.strip()
    iri = as_iri(wanted)
    if iri is not None:
        found = [it for it in documents if it.iri == iri.value]
    else:
        found = [it for it in documents if it.slug == wanted] or [
            it for it in documents if it.is_named(wanted)
        ]
    if len(found) > 1:
        bearers = {short_iri(it.iri): it.name("fr") for it in found}
        raise AmbiguousNameError(wanted, bearers, len(found))
    if not found:
        raise _unknown(wanted, documents)
    return found[0]


def _unknown(text: str, documents: Sequence[NamedDocument]) -> UnknownNameError:
    last = text.rstrip(">/").rpartition("/")[2]
    known = {name: it.slug for it in documents for name in (it.slug, *(n for _, n in it.names))}
    slugs = [*dict.fromkeys(known[name] for name in near(last, known))]
    all_slugs = ", ".join(it.slug for it in documents)
    hint = (
        f"did you mean {' or '.join(slugs)}?"
        if slugs
        else f"there are {all_slugs}."
        if documents
        else "there is none."
    )
    return UnknownNameError(f"No document is called {text!r}: {hint}", slugs)


def _document(iri: str, said: Sequence[Quad]) -> NamedDocument:
    def values(prop: NamedNode) -> dict[str, None]:
        terms = (quad.object for quad in said if quad.predicate == prop)
        return {it.value: None for it in terms if isinstance(it, Literal | NamedNode)}

    labels = [quad.object for quad in said if quad.predicate == _LABEL]
    return NamedDocument(
        iri,
        tuple((it.language or "", it.value) for it in labels if isinstance(it, Literal)),
        tuple(values(_NUMBER)),
        min(values(_ISSUED), default=""),
        tuple(values(_SERIES)),
    )


_DIGITS: Final = 12
"""The number of digits of a hash in a sentence."""


@dataclass(frozen=True)
class SourceFile:
    """A file given as the text of a document."""

    path: str
    sha256: str
    content: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """Read the file as it is now; raise SourceError if that fails."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SourceError.unread(path, error) from error
        return cls(str(path), hashlib.sha256(content).hexdigest(), content)

    @property
    def text(self) -> str:
        """Its text; raises SourceError if it is not UTF-8."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(self.path, "it is not text in UTF-8.") from error


@dataclass(frozen=True)
class Extraction:
    """A text of a document as the data describe it: its hash, its length in code points."""

    iri: str
    document: str
    sha256: str
    length: int
    has_parts: bool = True
    """Whether the parts of its document are in it, so that the document is read in it."""


@dataclass(frozen=True)
class LoadedTexts:
    """The given texts, by the IRI of the extraction."""

    of_extractions: Mapping[str, str] = field(default_factory=dict)
    of_documents: Mapping[str, str] = field(default_factory=dict)
    """The text in which each document is read from part to part, by the document's IRI."""

    def __bool__(self) -> bool:
        return bool(self.of_extractions)


NO_TEXTS: Final = LoadedTexts()


def known_to(store: Store, files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that are texts of a store; an earlier state of it may have fewer."""
    source_files = tuple(files)
    known = {it.sha256 for it in extractions(store)} if source_files else set()
    return tuple(file for file in source_files if file.sha256 in known)


def loaded(store: Store, files: Iterable[SourceFile]) -> LoadedTexts:
    """Return the texts in files, each matched with its extraction.

    Raises SourceError for a file that is given twice, and for one that is not exactly a text in
    which positions were counted: the data must record its SHA-256 and its length.
    """
    source_files = tuple(files)
    if not source_files:
        return NO_TEXTS
    _refuse_twice(source_files)
    known = extractions(store)
    found = {
        extraction: file.text
        for file in source_files
        for extraction in matching(file, known, "the data")
    }
    read_in = _read_in(known)
    return LoadedTexts(
        {extraction.iri: text for extraction, text in found.items()},
        {it.document: text for it, text in found.items() if it in read_in},
    )


def matching(file: SourceFile, known: Sequence[Extraction], where: str) -> tuple[Extraction, ...]:
    """Return the extractions with the text of a file: one, unless the data are wrong.

    Raises SourceError, with the available texts, if there is none.
    """
    found = tuple(it for it in known if it.sha256 == file.sha256)
    if not found:
        texts = ", ".join(f"<{it.iri}> ({it.sha256[:_DIGITS]}…)" for it in known)
        raise SourceError(
            file.path,
            f"its SHA-256 is {file.sha256}, and no text of {where} has that; "
            + (f"there is {texts}: give one of them, unchanged." if texts else "there is none."),
        )
    length = len(file.text)
    for extraction in found:
        if extraction.length != length:
            raise SourceError(
                file.path,
                f"it has {length} code points, but {where} say {extraction.length} of "
                f"<{extraction.iri}>, which has this SHA-256: correct rn:lengthInCodePoints.",
            )
    return found


def extractions(store: Store) -> tuple[Extraction, ...]:
    """Return the texts that the data identify, in the order of their documents."""
    return tuple(_extractions(PageQueries(store)))


def _extractions(queries: PageQueries) -> Iterator[Extraction]:
    for extraction, document, sha256, length, parts in queries.rows("extractions").rows:
        assert isinstance(sha256, Literal) and isinstance(length, Literal)
        assert isinstance(parts, Literal)
        if length.value.isdigit():
            yield Extraction(
                getattr(extraction, "value", ""),
                getattr(document, "value", ""),
                sha256.value.lower(),
                int(length.value),
                parts.value != "0",
            )


def _refuse_twice(files: Sequence[SourceFile]) -> None:
    first: dict[str, str] = {}
    for file in files:
        if file.sha256 in first:
            raise SourceError(
                file.path, f"it is the same text as {first[file.sha256]}; give it once."
            )
        first[file.sha256] = file.path


def _read_in(known: Iterable[Extraction]) -> frozenset[Extraction]:
    """Return the extraction to read each document in: the one with its parts, if it has any."""
    best: dict[str, Extraction] = {}
    for it in known:
        if it.document not in best or (it.has_parts and not best[it.document].has_parts):
            best[it.document] = it
    return frozenset(best.values())
