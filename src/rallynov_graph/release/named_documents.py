"""The documents of a release, and which of them a person means by an address, number or name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, short_iri
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded, without_article
from rallynov_graph.questions.thing_names import as_iri

_FORMAT_OF: Final = f"<{PREFIXES['dcterms']}isFormatOf>".encode()
_LABEL: Final = f"{PREFIXES['rdfs']}label"
_NUMBER: Final = f"{PREFIXES['schema']}issueNumber"
_ISSUED: Final = f"{PREFIXES['dcterms']}issued"
_SERIES: Final = f"{PREFIXES['dcterms']}isPartOf"
_SAID: Final = (_LABEL, _NUMBER, _ISSUED, _SERIES)


@dataclass(frozen=True)
class NamedDocument:
    """A document that has a text in a release."""

    iri: str
    names: tuple[tuple[str, str], ...] = ()
    """Its labels, each after its language; the empty string where it has none."""
    numbers: tuple[str, ...] = ()
    issued: str = ""
    """When it appeared, as the data have it; the empty string where that is not said."""
    series: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of its address, by which it is named in addresses and commands."""
        return self.iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]

    def name(self, language: str) -> str:
        """Return its label in a language, else in another one, else the last part of its IRI."""
        return dict(reversed(self.names)).get(self.language_of_name(language), self.slug)

    def language_of_name(self, language: str) -> str:
        """Return the language of that label; the empty string where it has none."""
        names = dict(reversed(self.names))
        return next((it for it in (language, *LANGUAGES, *names) if it in names), "")

    def is_named(self, text: str) -> bool:
        """Return whether a text is the last part of its address, its number, or its name."""
        names = {read(name) for _, name in self.names for read in (folded, without_article)}
        return text == self.slug or text in self.numbers or folded(text) in names


def documents_of(data: Path) -> tuple[NamedDocument, ...]:
    """Return the documents of canonical N-Quads that have a text, the earliest first."""
    texts = _quads(data, lambda line: _FORMAT_OF in line)
    iris = {quad.object.value for quad in texts if isinstance(quad.object, NamedNode)}
    said: dict[str, dict[str, list[Literal | NamedNode]]] = {iri: {} for iri in iris}
    subjects = tuple(f"<{iri}> ".encode() for iri in iris)
    for quad in _quads(data, lambda line: line.startswith(subjects)):
        if quad.predicate.value in _SAID and isinstance(quad.object, Literal | NamedNode):
            about = said[getattr(quad.subject, "value", "")]
            about.setdefault(quad.predicate.value, []).append(quad.object)
    found = [_document(iri, about) for iri, about in said.items()]
    return tuple(sorted(found, key=lambda it: (it.issued, it.iri)))


def document_named(text: str, documents: Sequence[NamedDocument]) -> NamedDocument:
    """Return the document that a text means; raise UnknownNameError, which has near names.

    It is meant by its address, whole or short, the last part of that, its number, or its name.
    Raises AmbiguousNameError where several documents have the number or the name.
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


def _document(iri: str, about: dict[str, list[Literal | NamedNode]]) -> NamedDocument:
    labels = [it for it in about.get(_LABEL, ()) if isinstance(it, Literal)]
    return NamedDocument(
        iri,
        tuple((it.language or "", it.value) for it in labels),
        tuple(dict.fromkeys(it.value for it in about.get(_NUMBER, ()))),
        min((it.value for it in about.get(_ISSUED, ())), default=""),
        tuple(dict.fromkeys(it.value for it in about.get(_SERIES, ()))),
    )


def _quads(data: Path, is_wanted: Callable[[bytes], bool]) -> Iterator[Quad]:
    with data.open("rb") as lines:
        wanted: Iterable[bytes] = [line for line in lines if is_wanted(line)]
    return iter(parse(b"".join(wanted), format=RdfFormat.N_QUADS))
