"""The dataset as catalogues of data list it: VoID, and DCAT 3 as DCAT-AP 3 wants it."""

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
from rallynov_graph.rdf.formats import GRAPHS, Format

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
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_WRITTEN: Final = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nq": "N-Quads",
}
_LANGUAGES: Final = (
    "http://publications.europa.eu/resource/authority/language/FRA",
    "http://publications.europa.eu/resource/authority/language/ENG",
)
_SOCIETY: Final = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
_PUBLIC: Final = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_NOT_A_NAME: Final = re.compile(r"[^A-Za-z0-9]+")
_COPIED: Final = ("title", "description", "creator", "license", "issued", "source")
"""What the dataset says of itself and is said of it again."""

_dcterms = partial(str.__add__, PREFIXES["dcterms"])
_foaf = partial(str.__add__, PREFIXES["foaf"])
_void = partial(str.__add__, VOID)
_dcat = partial(str.__add__, DCAT)


@dataclass(frozen=True)
class Agent:
    """Who made or publishes something; without an IRI, one is made in the document."""

    iri: str
    names: tuple[tuple[str, str], ...]
    """By language."""


@dataclass(frozen=True)
class Dump:
    """The dataset as a file."""

    address: str
    name: str
    """What tells it from the others."""
    form: Format
    packing: str = ""
    """The media type of its compression; the empty string without."""
    bytes: int | None = None
    """None while it is not known, as its hash."""
    sha256: str | None = None
    is_rdf: bool = True
    """Whether it is the whole dataset as RDF."""

    @property
    def label(self) -> str:
        """What its format is called."""
        how = self.packing.partition("/")[2]
        return f"{self.form.label}, {how}" if how else self.form.label


@dataclass(frozen=True)
class Places:
    """The addresses of the site that catalogues name, whole."""

    home: str
    void: str
    catalogue: str
    sparql: str


@dataclass(frozen=True)
class DatasetDescription:
    """Everything that is told of the dataset to those who look for data."""

    origin: Origin
    places: Places
    publisher: Agent
    creators: tuple[Agent, ...]
    dumps: tuple[Dump, ...]
    ontology: str
    shapes: str


def void(listed: DatasetDescription, counted: Statistics, space: str) -> Iterator[Triple]:
    """Yield the VoID description of the dataset, whose things lie in a namespace."""
    document, dataset = listed.places.void, listed.origin.dataset
    yield _link(document, A.value, _void("DatasetDescription"))
    yield _link(document, _foaf("primaryTopic"), dataset)
    yield _link(document, PREFIXES["rdfs"] + "seeAlso", listed.places.catalogue)
    yield from _said(document, listed.origin, ("title", "creator", "license", "issued"))
    yield _link(dataset, A.value, _void("Dataset"))
    yield from _said(dataset, listed.origin, _COPIED)
    yield from _agents(dataset, listed)
    yield _link(dataset, _foaf("homepage"), listed.places.home)
    yield _link(dataset, _void("sparqlEndpoint"), listed.places.sparql)
    yield _text(dataset, _void("uriSpace"), space)
    for dump in listed.dumps:
        if dump.is_rdf:
            yield _link(dataset, _void("dataDump"), dump.address)
    for form in GRAPHS:
        yield _link(dataset, _void("feature"), _FORMATS + _WRITTEN[form.name])
    for iri in counted.examples:
        yield _link(dataset, _void("exampleResource"), iri)
    for namespace in _vocabularies(counted, space):
        yield _link(dataset, _void("vocabulary"), namespace)
    yield from _counts(dataset, counted)
    yield from _partitions(document, dataset, counted)
    yield from _linksets(document, dataset, counted)


def _counts(dataset: str, counted: Statistics) -> Iterator[Triple]:
    told = {
        "triples": counted.triples,
        "entities": counted.entities,
        "classes": len(counted.classes),
        "properties": len(counted.properties),
        "distinctSubjects": counted.subjects,
        "distinctObjects": counted.objects,
        "documents": counted.entities,
    }
    return (_number(dataset, _void(name), count) for name, count in told.items())


def _partitions(document: str, dataset: str, counted: Statistics) -> Iterator[Triple]:
    for part in counted.classes:
        this = f"{document}#class-{_name(part.iri)}"
        yield _link(dataset, _void("classPartition"), this)
        yield _link(this, _void("class"), part.iri)
        yield _number(this, _void("entities"), part.count)
    for part in counted.properties:
        this = f"{document}#property-{_name(part.iri)}"
        yield _link(dataset, _void("propertyPartition"), this)
        yield _link(this, _void("property"), part.iri)
        yield _number(this, _void("triples"), part.count)
        yield _number(this, _void("distinctSubjects"), part.subjects)
        yield _number(this, _void("distinctObjects"), part.objects)


def _linksets(document: str, dataset: str, counted: Statistics) -> Iterator[Triple]:
    for leading in counted.links:
        this = f"{document}#links-{_name(leading.property)}-{_name(leading.site)}"
        there = f"{document}#site-{_name(leading.site)}"
        yield _link(dataset, _void("subset"), this)
        yield _link(this, A.value, _void("Linkset"))
        yield _link(this, _void("linkPredicate"), leading.property)
        yield _link(this, _void("subjectsTarget"), dataset)
        yield _link(this, _void("objectsTarget"), there)
        yield _number(this, _void("triples"), leading.count)
        yield _link(there, A.value, _void("Dataset"))
        yield _text(there, _void("uriSpace"), leading.site)


def dcat(listed: DatasetDescription) -> Iterator[Triple]:
    """Yield the catalogue that the dataset and its service are in."""
    catalogue, dataset = listed.places.catalogue, listed.origin.dataset
    service = listed.places.sparql
    yield _link(catalogue, A.value, _dcat("Catalog"))
    yield from _said(catalogue, listed.origin, ("title", "description", "license", "issued"))
    yield from _agents(catalogue, listed)
    yield _link(catalogue, _foaf("homepage"), listed.places.home)
    yield _link(catalogue, _dcat("dataset"), dataset)
    yield _link(catalogue, _dcat("service"), service)
    yield from (_link(catalogue, _dcterms("language"), iri) for iri in _LANGUAGES)
    yield _link(dataset, A.value, _dcat("Dataset"))
    yield from _said(dataset, listed.origin, _COPIED)
    yield from _agents(dataset, listed)
    yield _link(dataset, _dcat("landingPage"), listed.places.home)
    yield _link(dataset, _foaf("page"), listed.places.void)
    yield _link(dataset, _dcat("theme"), _SOCIETY)
    yield _link(dataset, _dcterms("accessRights"), _PUBLIC)
    yield _link(dataset, _dcterms("conformsTo"), listed.ontology)
    yield _link(dataset, _dcterms("conformsTo"), listed.shapes)
    yield from (_link(dataset, _dcterms("language"), iri) for iri in _LANGUAGES)
    for version in listed.origin.values(PREFIXES["owl"] + "versionInfo"):
        yield Triple(NamedNode(dataset), NamedNode(_dcat("version")), version)
    if listed.origin.release:
        yield _text(dataset, _dcterms("identifier"), listed.origin.release)
    yield from _service(listed, service)
    for dump in listed.dumps:
        yield from _distribution(listed, dump)


def _service(listed: DatasetDescription, service: str) -> Iterator[Triple]:
    dataset, access = listed.origin.dataset, f"{listed.places.catalogue}#sparql"
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
    yield from _said(service, listed.origin, ("license",))
    yield from _agents(service, listed)
    yield _link(dataset, _dcat("distribution"), access)
    yield _link(access, A.value, _dcat("Distribution"))
    yield _link(access, _dcat("accessURL"), service)
    yield _link(access, _dcat("accessService"), service)
    yield from _said(access, listed.origin, ("title", "license", "issued"))


def _distribution(listed: DatasetDescription, dump: Dump) -> Iterator[Triple]:
    this = f"{listed.places.catalogue}#{dump.name}"
    yield _link(listed.origin.dataset, _dcat("distribution"), this)
    yield _link(this, A.value, _dcat("Distribution"))
    yield from _titles(this, listed.origin, dump.label)
    yield from _said(this, listed.origin, ("license", "issued"))
    yield _link(this, _dcat("accessURL"), dump.address)
    yield _link(this, _dcat("downloadURL"), dump.address)
    if dump.form.media_type not in _UNREGISTERED:
        yield _link(this, _dcat("mediaType"), _MEDIA_TYPES + dump.form.media_type)
    if dump.form.media_type == _ZIP:
        yield _link(this, _dcat("packageFormat"), _MEDIA_TYPES + _ZIP)
    if dump.packing:
        yield _link(this, _dcat("compressFormat"), _MEDIA_TYPES + dump.packing)
    if dump.bytes is not None:
        yield _number(this, _dcat("byteSize"), dump.bytes, "nonNegativeInteger")
    if dump.sha256:
        yield from _checksum(this, dump.sha256)


def _titles(thing: str, origin: Origin, label: str) -> Iterator[Triple]:
    """Yield the titles of the dataset with what tells this part of it from the others."""
    for title in origin.values(_dcterms("title")):
        if isinstance(title, Literal):
            told = Literal(f"{title.value} ({label})", language=title.language)
            yield Triple(NamedNode(thing), NamedNode(_dcterms("title")), told)


def _checksum(thing: str, sha256: str) -> Iterator[Triple]:
    this = f"{thing}-sha256"
    yield _link(thing, SPDX + "checksum", this)
    yield _link(this, A.value, SPDX + "Checksum")
    yield _link(this, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    value = Literal(sha256, datatype=NamedNode(PREFIXES["xsd"] + "hexBinary"))
    yield Triple(NamedNode(this), NamedNode(SPDX + "checksumValue"), value)


def _agents(thing: str, listed: DatasetDescription) -> Iterator[Triple]:
    """Yield who publishes a thing, and what everybody named here is called."""
    yield _link(thing, _dcterms("publisher"), listed.publisher.iri)
    for agent in (listed.publisher, *listed.creators):
        yield _link(agent.iri, A.value, _foaf("Agent"))
        for language, name in agent.names:
            text = Literal(name, language=language) if language else Literal(name)
            yield Triple(NamedNode(agent.iri), NamedNode(_foaf("name")), text)


def _said(thing: str, origin: Origin, names: Iterable[str]) -> Iterator[Triple]:
    for name in names:
        for value in origin.values(_dcterms(name)):
            yield Triple(NamedNode(thing), NamedNode(_dcterms(name)), value)


def _vocabularies(counted: Statistics, space: str) -> list[str]:
    """Return the namespaces of the classes and properties that are used."""
    used = {part.iri for part in (*counted.classes, *counted.properties)}
    cut = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return sorted(namespace for namespace in cut if namespace and namespace != space)


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
