"""A view of a release: what one of its documents says, as if it stood alone.

It is a release of its own kind, in a folder that nobody names as a release: standing, rules and who
concluded are worked out for it alone, and it is held to no lower bound. It is found again by the
release that it is a view of and by its document, not by its own id.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.errors import ReleaseError, UnknownNameError, os_error_text
from rallynov_graph.base.namespaces import ONTOLOGY, short_iri
from rallynov_graph.rdf.canonical import QuadsOfFile, tally, write_sorted
from rallynov_graph.release import building, release
from rallynov_graph.release.named_documents import NamedDocument
from rallynov_graph.release.release import FileHash, Release
from rallynov_graph.release.view_selection import DocumentSelection

_SELECTED: Final = "selected.nq"


def view_of(whole: Release, document: str, folder: Path) -> Release:
    """Return the view of a document, written into an empty folder.

    Raises UnknownNameError where nothing is stated in the document's name, ReleaseError where the
    folder cannot be written.
    """
    selection = DocumentSelection.of(whole.data, [document])
    if not selection.own:
        raise UnknownNameError(
            f"Nothing is stated from {short_iri(document)} alone: no assertion set has its voice, "
            "or passages that all lie in it."
        )
    try:
        return _written(whole, document, selection, folder)
    except OSError as error:
        raise ReleaseError(
            f"{folder}: the view cannot be written: {os_error_text(error)}"
        ) from error


def _written(whole: Release, document: str, selection: DocumentSelection, folder: Path) -> Release:
    selected = folder / _SELECTED
    selection.write(selected)
    content = building.completed(_content(whole, selected))
    data = folder / release.DATA
    write_sorted(content.data, RdfFormat.N_QUADS, data)
    selected.unlink()
    for name in (release.ONTOLOGY, whole.manifest.derived):
        (folder / name).symlink_to((whole.path / name).resolve())
    manifest = _manifest(whole, document, folder).json()
    (folder / release.MANIFEST).write_text(manifest, "utf-8")
    return release.view_in(folder, whole, document)


def _content(whole: Release, selected: Path) -> building.Content:
    ontology = parse(path=str(whole.ontology), format=RdfFormat.N_TRIPLES)
    graph = NamedNode(ONTOLOGY)
    return building.Content(
        (),
        QuadsOfFile(selected),
        Dataset(Quad(q.subject, q.predicate, q.object, graph) for q in ontology),
        whole.path,
        whole.withdrawn,
    )


def _manifest(whole: Release, document: str, folder: Path) -> release.Manifest:
    """Return the manifest of a view: as that of the whole, but for its content and its title."""
    data, ontology = folder / release.DATA, folder / release.ONTOLOGY
    view_id, data_hash = release.identity(data, ontology)
    kept = (file for file in whole.manifest.files if file.path != release.DATA)
    files: tuple[FileHash, ...] = tuple(sorted((data_hash, *kept), key=lambda file: file.path))
    counts = {**asdict(tally(data)), "ontology": whole.manifest.counts["ontology"]}
    named = next((it for it in whole.documents if it.iri == document), NamedDocument(document))
    titles = {
        language: f"{title} — {named.name(language)}"
        for language, title in whole.manifest.title.items()
    }
    return replace(whole.manifest, id=view_id, title=titles, counts=counts, files=files)
