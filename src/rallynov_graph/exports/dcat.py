"""The description of the dataset for catalogues of data: VoID, and DCAT 3 by DCAT-AP 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.exports.data_documents import VOID, A, Origin
from rallynov_graph.exports.void import Statistics
from rallynov_graph.rdf.formats import GRAPHS, Format, w3c_iri

DCAT: Final = "http://www.w3.org/ns/dcat#"
SPDX: Final = "http://spdx.org/rdf/terms#"
CATALOGUE_PREFIXES: Final = {**PREFIXES, "void": VOID, "dcat": DCAT, "spdx": SPDX}

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_ZIP: Final = "application/zip"
_UNREGISTERED: Final = frozenset(
    {
        *("application/gexf+xml", "application/graphml+xml"),
        *("application/x-bibtex", "application/x-research-info-systems"),
    }
)
"""Media types that the IANA does not have: nothing is at their addresses."""
_OF_THE_PAGES: Final = (
    "http://publications.europa.eu/resource/authority/language/FRA",
    "http://publications.europa.eu/resource/authority/language/ENG",
)
_SOCIETY: Final = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
_PUBLIC: Final = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_NOT_A_NAME: Final = re.compile(r"[^A-Za-z0-9]+")
_COPIED: Final = ("title", "description", "creator", "license", "issued", "source", "language")
"""The properties of the dataset that are copied from its own description."""

_dcterms = partial(str.__add__, PREFIXES["dcterms"])
_foaf = partial(str.__add__, PREFIXES["foaf"])
_void = partial(str.__add__, VOID)
_dcat = partial(str.__add__, DCAT)


@dataclass(frozen=True)
class Agent:
    """A maker or publisher, by IRI and names."""

    iri: str
    names: tuple[tuple[str, str], ...]
    """By language."""


@dataclass(frozen=True)
class DumpFile:
    """The dataset as a file."""

    address: str
    name: str
    """What distinguishes it from the other files."""
    form: Format
    packing: str = ""
    """The media type of its compression; the empty string without."""
    bytes: int | None = None
    """None while it is not known; so is its hash."""
    sha256: str | None = None
    is_rdf: bool = True
    """Whether it is the whole dataset as RDF."""

    @property
    def label(self) -> str:
        """The name of its format and compression."""
        compression = self.packing.partition("/")[2]
        return f"{self.form.label}, {compression}" if compression else self.form.label


@dataclass(frozen=True)
class SiteAddresses:
    """The absolute addresses of the site that catalogues name."""

    home: str
    void: str
    catalogue: str
    sparql: str


@dataclass(frozen=True)
class DatasetDescription:
    """Everything that catalogues of data are given about the dataset."""

    origin: Origin
    addresses: SiteAddresses
    publisher: Agent
    creators: tuple[Agent, ...]
    dumps: tuple[DumpFile, ...]
    ontology: str
    shapes: str


def void(description: DatasetDescription, statistics: Statistics, space: str) -> Iterator[Triple]:
    """Yield the VoID description of the dataset, whose things are in the namespace ``space``."""
    document, dataset = description.addresses.void, description.origin.dataset
    yield _link(document, A.value, _void("DatasetDescription"))
    yield _link(document, _foaf("primaryTopic"), dataset)
    yield _link(document, PREFIXES["rdfs"] + "seeAlso", description.addresses.catalogue)
    yield from _copied(document, description.origin, ("title", "creator", "license", "issued"))
    yield _link(dataset, A.value, _void("Dataset"))
    yield from _copied(dataset, description.origin, _COPIED)
    yield from _agents(dataset, description)
    yield _link(dataset, _foaf("homepage"), description.addresses.home)
    yield _link(dataset, _void("sparqlEndpoint"), description.addresses.sparql)
    yield _text(dataset, _void("uriSpace"), space)
    for dump in description.dumps:
        if dump.is_rdf:
            yield _link(dataset, _void("dataDump"), dump.address)
    for form in GRAPHS:
        yield _link(dataset, _void("feature"), w3c_iri(form))
    for iri in statistics.examples:
        yield _link(dataset, _void("exampleResource"), iri)
    for namespace in _vocabularies(statistics, space):
        yield _link(dataset, _void("vocabulary"), namespace)
    yield from _counts(dataset, statistics)
    yield from _partitions(document, dataset, statistics)
    yield from _linksets(document, dataset, statistics)


def _counts(dataset: str, statistics: Statistics) -> Iterator[Triple]:
    counts = {
        "triples": statistics.triples,
        "entities": statistics.entities,
        "classes": len(statistics.classes),
        "properties": len(statistics.properties),
        "distinctSubjects": statistics.subjects,
        "distinctObjects": statistics.objects,
        "documents": statistics.entities,
    }
    return (_number(dataset, _void(name), count) for name, count in counts.items())


def _partitions(document: str, dataset: str, statistics: Statistics) -> Iterator[Triple]:
    for part in statistics.classes:
        partition = f"{document}#class-{_name(part.iri)}"
        yield _link(dataset, _void("classPartition"), partition)
        yield _link(partition, _void("class"), part.iri)
        yield _number(partition, _void("entities"), part.count)
    for part in statistics.properties:
        partition = f"{document}#property-{_name(part.iri)}"
        yield _link(dataset, _void("propertyPartition"), partition)
        yield _link(partition, _void("property"), part.iri)
        yield _number(partition, _void("triples"), part.count)
        yield _number(partition, _void("distinctSubjects"), part.subjects)
        yield _number(partition, _void("distinctObjects"), part.objects)


def _linksets(document: str, dataset: str, statistics: Statistics) -> Iterator[Triple]:
    for link in statistics.links:
        linkset = f"{document}#links-{_name(link.property)}-{_name(link.site)}"
        target = f"{document}#site-{_name(link.site)}"
        yield _link(dataset, _void("subset"), linkset)
        yield _link(linkset, A.value, _void("Linkset"))
        yield _link(linkset, _void("linkPredicate"), link.property)
        yield _link(linkset, _void("subjectsTarget"), dataset)
        yield _link(linkset, _void("objectsTarget"), target)
        yield _number(linkset, _void("triples"), link.count)
        yield _link(target, A.value, _void("Dataset"))
        yield _text(target, _void("uriSpace"), link.site)


def dcat(description: DatasetDescription) -> Iterator[Triple]:
    """Yield the DCAT catalogue of the dataset and its service."""
    catalogue, dataset = description.addresses.catalogue, description.origin.dataset
    service = description.addresses.sparql
    yield _link(catalogue, A.value, _dcat("Catalog"))
    yield from _copied(catalogue, description.origin, ("title", "description", "license", "issued"))
    yield from _agents(catalogue, description)
    yield _link(catalogue, _foaf("homepage"), description.addresses.home)
    yield _link(catalogue, _dcat("dataset"), dataset)
    yield _link(catalogue, _dcat("service"), service)
    yield from (_link(catalogue, _dcterms("language"), iri) for iri in _OF_THE_PAGES)
    yield _link(dataset, A.value, _dcat("Dataset"))
    yield from _copied(dataset, description.origin, _COPIED)
    yield from _agents(dataset, description)
    yield _link(dataset, _dcat("landingPage"), description.addresses.home)
    yield _link(dataset, _foaf("page"), description.addresses.void)
    yield _link(dataset, _dcat("theme"), _SOCIETY)
    yield _link(dataset, _dcterms("accessRights"), _PUBLIC)
    yield _link(dataset, _dcterms("conformsTo"), description.ontology)
    yield _link(dataset, _dcterms("conformsTo"), description.shapes)
    for version in description.origin.values(PREFIXES["owl"] + "versionInfo"):
        yield Triple(NamedNode(dataset), NamedNode(_dcat("version")), version)
    if description.origin.release:
        yield _text(dataset, _dcterms("identifier"), description.origin.release)
    yield from _service(description, service)
    for dump in description.dumps:
        yield from _distribution(description, dump)


def _service(description: DatasetDescription, service: str) -> Iterator[Triple]:
    dataset, access = description.origin.dataset, f"{description.addresses.catalogue}#sparql"
    yield _link(service, A.value, _dcat("DataService"))
    yield Triple(
        NamedNode(service), NamedNode(_dcterms("title")), Literal("Service SPARQL", language="fr")
    )
    yield Triple(
        NamedNode(service), NamedNode(_dcterms("title")), Literal("SPARQL service", language="en")
    )
    yield _link(service, _dcat("endpointURL"), service)
    yield _link(service, _dcat("endpointDescription"), service)
    yield _link(service, _dcat("servesDataset"), dataset)
    yield _link(service, _dcterms("conformsTo"), _PROTOCOL)
    yield from _copied(service, description.origin, ("license",))
    yield from _agents(service, description)
    yield _link(dataset, _dcat("distribution"), access)
    yield _link(access, A.value, _dcat("Distribution"))
    yield _link(access, _dcat("accessURL"), service)
    yield _link(access, _dcat("accessService"), service)
    yield from _copied(access, description.origin, ("title", "license", "issued"))


def _distribution(description: DatasetDescription, dump: DumpFile) -> Iterator[Triple]:
    distribution = f"{description.addresses.catalogue}#{dump.name}"
    yield _link(description.origin.dataset, _dcat("distribution"), distribution)
    yield _link(distribution, A.value, _dcat("Distribution"))
    yield from _titles(distribution, description.origin, dump.label)
    yield from _copied(distribution, description.origin, ("license", "issued"))
    yield _link(distribution, _dcat("accessURL"), dump.address)
    yield _link(distribution, _dcat("downloadURL"), dump.address)
    if dump.form.media_type not in _UNREGISTERED:
        yield _link(distribution, _dcat("mediaType"), _MEDIA_TYPES + dump.form.media_type)
    if dump.form.media_type == _ZIP:
        yield _link(distribution, _dcat("packageFormat"), _MEDIA_TYPES + _ZIP)
    if dump.packing:
        yield _link(distribution, _dcat("compressFormat"), _MEDIA_TYPES + dump.packing)
    if dump.bytes is not None:
        yield _number(distribution, _dcat("byteSize"), dump.bytes, "nonNegativeInteger")
    if dump.sha256:
        yield from _checksum(distribution, dump.sha256)


def _titles(thing: str, origin: Origin, label: str) -> Iterator[Triple]:
    """Yield the titles of the dataset, each with the label of a distribution."""
    for title in origin.values(_dcterms("title")):
        if isinstance(title, Literal):
            labelled = Literal(f"{title.value} ({label})", language=title.language)
            yield Triple(NamedNode(thing), NamedNode(_dcterms("title")), labelled)


def _checksum(thing: str, sha256: str) -> Iterator[Triple]:
    checksum = f"{thing}-sha256"
    yield _link(thing, SPDX + "checksum", checksum)
    yield _link(checksum, A.value, SPDX + "Checksum")
    yield _link(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    value = Literal(sha256, datatype=NamedNode(PREFIXES["xsd"] + "hexBinary"))
    yield Triple(NamedNode(checksum), NamedNode(SPDX + "checksumValue"), value)


def _agents(thing: str, description: DatasetDescription) -> Iterator[Triple]:
    """Yield the publisher of a thing, and the names of the publisher and creators."""
    yield _link(thing, _dcterms("publisher"), description.publisher.iri)
    for agent in (description.publisher, *description.creators):
        yield _link(agent.iri, A.value, _foaf("Agent"))
        for language, name in agent.names:
            text = Literal(name, language=language) if language else Literal(name)
            yield Triple(NamedNode(agent.iri), NamedNode(_foaf("name")), text)


def _copied(thing: str, origin: Origin, names: Iterable[str]) -> Iterator[Triple]:
    for name in names:
        for value in origin.values(_dcterms(name)):
            yield Triple(NamedNode(thing), NamedNode(_dcterms(name)), value)


def _vocabularies(statistics: Statistics, space: str) -> list[str]:
    """Return the namespaces of the used classes and properties."""
    used = {part.iri for part in (*statistics.classes, *statistics.properties)}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return sorted(namespace for namespace in namespaces if namespace and namespace != space)


def _name(iri: str) -> str:
    """Return an IRI as the end of an address."""
    return _NOT_A_NAME.sub("-", in_prefixes(iri).partition("://")[2] or in_prefixes(iri)).strip("-")


def _link(subject: str, prop: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(prop), NamedNode(value))


def _text(subject: str, prop: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(prop), Literal(value))


def _number(subject: str, prop: str, value: int, kind: str = "integer") -> Triple:
    literal = Literal(str(value), datatype=NamedNode(PREFIXES["xsd"] + kind))
    return Triple(NamedNode(subject), NamedNode(prop), literal)
