"""Who publishes the dataset of the site, who made it, and the files that it is had as."""

from __future__ import annotations

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.dcat import Agent, DumpFile
from rallynov_graph.exports.dump_files import OfferedDump
from rallynov_graph.exports.dumps import RDF
from rallynov_graph.exports.packing import MEDIA_TYPES
from rallynov_graph.rdf.formats import N_QUADS
from rallynov_graph.release.release import DATA
from rallynov_graph.site.web.reader import absolute, site, view

_CREATOR = PREFIXES["dcterms"] + "creator"


def creators() -> tuple[Agent, ...]:
    """Return who made the dataset, as it says."""
    makers = [v.value for v in site().origin.values(_CREATOR) if isinstance(v, NamedNode)]
    described = view().described(makers)
    return tuple(
        Agent(iri, tuple(sorted((name.language, name.value) for name in described[iri].names)))
        for iri in makers
    )


def publisher() -> Agent:
    """Return who publishes the dataset: whom the operator names, else who made it."""
    told, makers = site().publication, creators()
    if told.publisher or not makers:
        at = absolute(view().addresses.file("/"))
        return Agent(told.publisher_page or f"{at}#publisher", (("", told.publisher or at),))
    return makers[0]


def whole() -> tuple[DumpFile, ...]:
    """Return the file of the data of the release as they lie in it."""
    release = site().release
    if release is None:
        return ()
    [file] = [f for f in release.manifest.files if f.path == DATA]
    address = absolute(view().addresses.file("/dataset.nq"))
    return (DumpFile(address, "nq", N_QUADS, bytes=file.bytes, sha256=file.sha256),)


def dumps() -> tuple[DumpFile, ...]:
    """Return every file that the dataset can be had as; sizes only once the files are made."""
    return (*whole(), *map(_dump, offered()))


def offered() -> tuple[OfferedDump, ...]:
    """Return the files of the page of downloads, as far as they are known."""
    release = site().release
    return () if release is None else dump_files.offers(release, release.path)


def _dump(offer: OfferedDump) -> DumpFile:
    return DumpFile(
        absolute(view().addresses.file(f"/downloads/{offer.file}")),
        offer.file,
        offer.dump.form,
        MEDIA_TYPES.get(offer.packing, ""),
        offer.bytes,
        offer.sha256,
        offer.dump.group == RDF,
    )
