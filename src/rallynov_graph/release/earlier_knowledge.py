"""The data as they were known when one of their documents had appeared, or of one document alone.

The other documents are left out whole: what only they state, their texts and questions, and what
curators wrote and decided for them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.rdf.canonical import QuadsOfFile, write_sorted
from rallynov_graph.release.document_selection import DocumentSelection
from rallynov_graph.release.named_documents import NamedDocument, document_named, documents_of
from rallynov_graph.standing.dated_documents import Document as DatedDocument

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
