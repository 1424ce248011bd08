"""The description of the dataset for catalogues of data: VoID, and DCAT 3 by DCAT-AP 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.data_documents import VOID, A, Origin
from rallynov_graph.questions.page_queries import PageQueries
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


@dataclass(frozen=True)
class Partition:
    """A class with the number of its things, or a property with those of its uses."""

    iri: str
    count: int
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class OutgoingLinks:
    """The number of links by a property to things of another site."""

    property: str
    site: str
    count: int


@dataclass(frozen=True)
class Statistics:
    """The counts of the default graph."""

    triples: int
    subjects: int
    objects: int
    entities: int
    """How many things have an address in our namespace."""
    classes: tuple[Partition, ...]
    properties: tuple[Partition, ...]
    links: tuple[OutgoingLinks, ...]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, queries: PageQueries, space: str) -> Statistics:
        """Return the counts; the things of the namespace ``space`` are the entities."""
        found = queries.select_all([*_queries(queries, space)])
        [[subjects, objects]], [[things]], examples, classes, properties, links = (
            answer.rows for answer in found
        )
        used = tuple(_parts(properties))
        return cls(
            sum(part.count for part in used),
            _count(subjects),
            _count(objects),
            _count(things),
            tuple(_parts(classes)),
            used,
            tuple(
                OutgoingLinks(_iri_or_text(prop), _iri_or_text(site), _count(n))
                for prop, site, n in links
            ),
            tuple(_iri_or_text(thing) for (thing,) in examples),
        )

    @classmethod
    def saved(cls, queries: PageQueries, space: str) -> Statistics:
        """Return the counts, which are kept beside the release where that is possible."""
        key = "\n".join(_queries(queries, space))
        return queries.result_cache.get(
            "statistics", key, lambda: cls.of(queries, space), asdict, cls._read
        )

    @classmethod
    def _read(cls, saved: Any) -> Statistics:
        """Return the counts that were saved; raise KeyError, TypeError for anything else."""
        parts: dict[str, Any] = {
            "classes": tuple(Partition(**part) for part in saved["classes"]),
            "properties": tuple(Partition(**part) for part in saved["properties"]),
            "links": tuple(OutgoingLinks(**part) for part in saved["links"]),
            "examples": tuple(saved["examples"]),
        }
        return cls(**{**saved, **parts})


def _queries(queries: PageQueries, space: str) -> Iterator[str]:
    """Yield the queries that count, each whole."""
    prefix = Literal(space)
    yield queries.text("void_totals")
    yield queries.text("things_in_space", prefix=prefix)
    yield queries.text("examples_in_space", prefix=prefix)
    yield queries.text("void_classes")
    yield queries.text("void_properties")
    yield queries.text("void_links", prefix=prefix)


def _parts(rows: Iterable[tuple[Term | None, ...]]) -> Iterator[Partition]:
    return (Partition(_iri_or_text(iri), *map(_count, counts)) for iri, *counts in rows)


def _count(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def _iri_or_text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def void(description: DatasetDescription, statistics: Statistics, space: str) -> Iterator[Triple]:
    """Yield the VoID description of the dataset, whose things are in the namespace ``space``."""
    document, dataset = description.addresses.void, description.origin.dataset
    yield _said(document, A.value, _void("DatasetDescription"))
    yield _said(document, _foaf("primaryTopic"), dataset)
    yield _said(document, PREFIXES["rdfs"] + "seeAlso", description.addresses.catalogue)
    yield from _copied(document, description.origin, ("title", "creator", "license", "issued"))
    yield _said(dataset, A.value, _void("Dataset"))
    yield from _copied(dataset, description.origin, _COPIED)
    yield from _agents(dataset, description)
    yield _said(dataset, _foaf("homepage"), description.addresses.home)
    yield _said(dataset, _void("sparqlEndpoint"), description.addresses.sparql)
    yield _said(dataset, _void("uriSpace"), Literal(space))
    for dump in description.dumps:
        if dump.is_rdf:
            yield _said(dataset, _void("dataDump"), dump.address)
    for form in GRAPHS:
        yield _said(dataset, _void("feature"), w3c_iri(form))
    for iri in statistics.examples:
        yield _said(dataset, _void("exampleResource"), iri)
    for namespace in _vocabularies(statistics, space):
        yield _said(dataset, _void("vocabulary"), namespace)
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
    return (_said(dataset, _void(name), count) for name, count in counts.items())


def _partitions(document: str, dataset: str, statistics: Statistics) -> Iterator[Triple]:
    for part in statistics.classes:
        partition = f"{document}#class-{_name(part.iri)}"
        yield _said(dataset, _void("classPartition"), partition)
        yield _said(partition, _void("class"), part.iri)
        yield _said(partition, _void("entities"), part.count)
    for part in statistics.properties:
        partition = f"{document}#property-{_name(part.iri)}"
        yield _said(dataset, _void("propertyPartition"), partition)
        yield _said(partition, _void("property"), part.iri)
        yield _said(partition, _void("triples"), part.count)
        yield _said(partition, _void("distinctSubjects"), part.subjects)
        yield _said(partition, _void("distinctObjects"), part.objects)


def _linksets(document: str, dataset: str, statistics: Statistics) -> Iterator[Triple]:
    for link in statistics.links:
        linkset = f"{document}#links-{_name(link.property)}-{_name(link.site)}"
        target = f"{document}#site-{_name(link.site)}"
        yield _said(dataset, _void("subset"), linkset)
        yield _said(linkset, A.value, _void("Linkset"))
        yield _said(linkset, _void("linkPredicate"), link.property)
        yield _said(linkset, _void("subjectsTarget"), dataset)
        yield _said(linkset, _void("objectsTarget"), target)
        yield _said(linkset, _void("triples"), link.count)
        yield _said(target, A.value, _void("Dataset"))
        yield _said(target, _void("uriSpace"), Literal(link.site))


def dcat(description: DatasetDescription) -> Iterator[Triple]:
    """Yield the DCAT catalogue of the dataset and its service."""
    catalogue, dataset = description.addresses.catalogue, description.origin.dataset
    service = description.addresses.sparql
    yield _said(catalogue, A.value, _dcat("Catalog"))
    yield from _copied(catalogue, description.origin, ("title", "description", "license", "issued"))
    yield from _agents(catalogue, description)
    yield _said(catalogue, _foaf("homepage"), description.addresses.home)
    yield _said(catalogue, _dcat("dataset"), dataset)
    yield _said(catalogue, _dcat("service"), service)
    yield from (_said(catalogue, _dcterms("language"), iri) for iri in _OF_THE_PAGES)
    yield _said(dataset, A.value, _dcat("Dataset"))
    yield from _copied(dataset, description.origin, _COPIED)
    yield from _agents(dataset, description)
    yield _said(dataset, _dcat("landingPage"), description.addresses.home)
    yield _said(dataset, _foaf("page"), description.addresses.void)
    yield _said(dataset, _dcat("theme"), _SOCIETY)
    yield _said(dataset, _dcterms("accessRights"), _PUBLIC)
    yield _said(dataset, _dcterms("conformsTo"), description.ontology)
    yield _said(dataset, _dcterms("conformsTo"), description.shapes)
    for version in description.origin.values(PREFIXES["owl"] + "versionInfo"):
        yield _said(dataset, _dcat("version"), version)
    if description.origin.release:
        yield _said(dataset, _dcterms("identifier"), Literal(description.origin.release))
    yield from _service(description, service)
    for dump in description.dumps:
        yield from _distribution(description, dump)


def _service(description: DatasetDescription, service: str) -> Iterator[Triple]:
    dataset, access = description.origin.dataset, f"{description.addresses.catalogue}#sparql"
    yield _said(service, A.value, _dcat("DataService"))
    for language, title in (("fr", "Service SPARQL"), ("en", "SPARQL service")):
        yield _said(service, _dcterms("title"), Literal(title, language=language))
    yield _said(service, _dcat("endpointURL"), service)
    yield _said(service, _dcat("endpointDescription"), service)
    yield _said(service, _dcat("servesDataset"), dataset)
    yield _said(service, _dcterms("conformsTo"), _PROTOCOL)
    yield from _copied(service, description.origin, ("license",))
    yield from _agents(service, description)
    yield _said(dataset, _dcat("distribution"), access)
    yield _said(access, A.value, _dcat("Distribution"))
    yield _said(access, _dcat("accessURL"), service)
    yield _said(access, _dcat("accessService"), service)
    yield from _copied(access, description.origin, ("title", "license", "issued"))


def _distribution(description: DatasetDescription, dump: DumpFile) -> Iterator[Triple]:
    distribution = f"{description.addresses.catalogue}#{dump.name}"
    yield _said(description.origin.dataset, _dcat("distribution"), distribution)
    yield _said(distribution, A.value, _dcat("Distribution"))
    yield from _titles(distribution, description.origin, dump.label)
    yield from _copied(distribution, description.origin, ("license", "issued"))
    yield _said(distribution, _dcat("accessURL"), dump.address)
    yield _said(distribution, _dcat("downloadURL"), dump.address)
    if dump.form.media_type not in _UNREGISTERED:
        yield _said(distribution, _dcat("mediaType"), _MEDIA_TYPES + dump.form.media_type)
    if dump.form.media_type == _ZIP:
        yield _said(distribution, _dcat("packageFormat"), _MEDIA_TYPES + _ZIP)
    if dump.packing:
        yield _said(distribution, _dcat("compressFormat"), _MEDIA_TYPES + dump.packing)
    if dump.bytes is not None:
        yield _said(distribution, _dcat("byteSize"), _typed(str(dump.bytes), "nonNegativeInteger"))
    if dump.sha256:
        yield from _checksum(distribution, dump.sha256)


def _titles(thing: str, origin: Origin, label: str) -> Iterator[Triple]:
    """Yield the titles of the dataset, each with the label of a distribution."""
    for title in origin.values(_dcterms("title")):
        if isinstance(title, Literal):
            labelled = Literal(f"{title.value} ({label})", language=title.language)
            yield _said(thing, _dcterms("title"), labelled)


def _checksum(thing: str, sha256: str) -> Iterator[Triple]:
    checksum = f"{thing}-sha256"
    yield _said(thing, SPDX + "checksum", checksum)
    yield _said(checksum, A.value, SPDX + "Checksum")
    yield _said(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    yield _said(checksum, SPDX + "checksumValue", _typed(sha256, "hexBinary"))


def _agents(thing: str, description: DatasetDescription) -> Iterator[Triple]:
    """Yield the publisher of a thing, and the names of the publisher and creators."""
    yield _said(thing, _dcterms("publisher"), description.publisher.iri)
    for agent in (description.publisher, *description.creators):
        yield _said(agent.iri, A.value, _foaf("Agent"))
        for language, name in agent.names:
            text = Literal(name, language=language) if language else Literal(name)
            yield _said(agent.iri, _foaf("name"), text)


def _copied(thing: str, origin: Origin, names: Iterable[str]) -> Iterator[Triple]:
    for name in names:
        for value in origin.values(_dcterms(name)):
            yield _said(thing, _dcterms(name), value)


def _vocabularies(statistics: Statistics, space: str) -> list[str]:
    """Return the namespaces of the used classes and properties."""
    used = {part.iri for part in (*statistics.classes, *statistics.properties)}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return sorted(namespace for namespace in namespaces if namespace and namespace != space)


def _name(iri: str) -> str:
    """Return an IRI as the end of an address."""
    return _NOT_A_NAME.sub("-", in_prefixes(iri).partition("://")[2] or in_prefixes(iri)).strip("-")


def _said(subject: str, prop: str, value: str | int | Term) -> Triple:
    """Return a statement; a text is the IRI of a thing."""
    if isinstance(value, str):
        value = NamedNode(value)
    elif isinstance(value, int):
        value = _typed(str(value), "integer")
    return Triple(NamedNode(subject), NamedNode(prop), value)


def _typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(PREFIXES["xsd"] + datatype))
