"""A release as RDF: the same facts in every format, the same bytes each time, of any size."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.exports import rdfxml
from rallynov_graph.exports.statement_rows import (
    kinds,
    lines_of_triples,
    quads_by_graph,
    triples,
    with_progress,
)
from rallynov_graph.rdf import canonical, compact, formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_WITHOUT_SHORT_FORM: Final = ("id",)
"""Its local names would have a slash; a prefix for each kind of thing is easier to read."""
_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
_AT_ONCE: Final = 1 << 20
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_THESAURUS_CLASSES: Final = frozenset(
    NamedNode(prefixed)
    for prefixed in (
        PREFIXES["skos"] + "Concept",
        PREFIXES["skos"] + "Collection",
        PREFIXES["skos"] + "ConceptScheme",
        PREFIXES["schema"] + "Dataset",
    )
)
"""The classes of the things in the thesaurus; the dataset has its licence and its makers."""


def write(
    release: Release, form: Format, file: IO[bytes], progress: Progress | None = None
) -> None:
    """Write the data of a release into a file.

    Formats that carry graphs keep them, with those of what is not current; the others hold each
    distinct current triple once. Raises UnwritableError where a format has no way to write a
    statement.
    """
    if form is formats.N_QUADS:
        _copy(release, file, progress)
    elif form is formats.N_TRIPLES:
        lines = lines_of_triples(release)
        file.writelines(with_progress(lines, release.manifest.counts["triples"], progress))
    elif form is formats.JSON_LD:
        compact.write(quads_by_graph(release, progress), compact.Context.of(release.context), file)
    elif form is formats.RDF_XML:
        rdfxml.write(triples(release, progress), _our_prefixes(), file)
    elif form is formats.TRIG:
        quads = quads_by_graph(release, progress)
        canonical.write(quads, RdfFormat.TRIG, prefixes(release), file)
    else:
        canonical.write(triples(release, progress), RdfFormat.TURTLE, prefixes(release), file)


def write_thesaurus(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the concepts, their schemes, and the description of the dataset as Turtle."""
    wanted = {
        t.subject
        for t in triples(release)
        if t.predicate == _TYPE and t.object in _THESAURUS_CLASSES
    }
    chosen = (t for t in triples(release, progress) if t.subject in wanted)
    canonical.write(chosen, RdfFormat.TURTLE, prefixes(release), file)


def prefixes(release: Release) -> dict[str, str]:
    """Return our prefixes, and one for each kind of thing that is described."""
    found = (kind for kind in kinds(release) if _PREFIX.fullmatch(kind))
    return {kind: f"{ID}{kind}/" for kind in found} | _our_prefixes()


def _our_prefixes() -> dict[str, str]:
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in _WITHOUT_SHORT_FORM}


def _copy(release: Release, file: IO[bytes], progress: Progress | None) -> None:
    total = release.data.stat().st_size
    with release.data.open("rb") as data:
        while piece := data.read(_AT_ONCE):
            file.write(piece)
            if progress is not None:
                progress(data.tell(), total)
