"""The publisher, the creators and the files of the site's dataset."""

from __future__ import annotations

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.catalogues import Agent, DumpFile
from rallynov_graph.exports.dumps import RDF
from rallynov_graph.exports.packing import MEDIA_TYPES
from rallynov_graph.rdf.formats import N_QUADS
from rallynov_graph.release.release import DATA
from rallynov_graph.site.web.reader import absolute, site, view

_CREATOR = PREFIXES["dcterms"] + "creator"


def creators() -> tuple[Agent, ...]:
    """Return the creators that the dataset states."""
    makers = [v.value for v in site().origin.values(_CREATOR) if isinstance(v, NamedNode)]
    described = view().described(makers)
    return tuple(
        Agent(iri, tuple(sorted((name.language, name.value) for name in described[iri].names)))
        for iri in makers
    )


def publisher() -> Agent:
    """Return the publisher of the dataset: the operator's setting, else the first creator."""
    publication, makers = site().publication, creators()
    if publication.publisher or not makers:
        address = absolute(view().addresses.file("/"))
        return Agent(
            publication.publisher_page or f"{address}#publisher",
            (("", publication.publisher or address),),
        )
    return makers[0]


def nquads_dump() -> tuple[DumpFile, ...]:
    """Return the release's own file of data; none without a release."""
    release = site().release
    if release is None:
        return ()
    [file] = [f for f in release.manifest.files if f.path == DATA]
    address = absolute(view().addresses.file("/dataset.nq"))
    return (DumpFile(address, "nq", N_QUADS, bytes=file.bytes, sha256=file.sha256),)


def dumps() -> tuple[DumpFile, ...]:
    """Return every file of the dataset; a file has a size once it was made."""
    return (*nquads_dump(), *map(_dump, offered_files()))


def offered_files() -> tuple[dump_files.StoredDump, ...]:
    """Return the files of the page of downloads; none without a release."""
    release = site().release
    return () if release is None else dump_files.offers(release)


def _dump(offer: dump_files.StoredDump) -> DumpFile:
    return DumpFile(
        absolute(view().addresses.file(f"/downloads/{offer.file}")),
        offer.file,
        offer.dump.form,
        MEDIA_TYPES.get(offer.packing, ""),
        offer.bytes or None,
        offer.sha256 or None,
        offer.dump.group == RDF,
    )
