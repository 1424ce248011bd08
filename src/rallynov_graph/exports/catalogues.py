"""The description of the dataset for catalogues of data: VoID, and DCAT 3 by DCAT-AP 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.data_documents import VOID, Origin
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

Statistics = Mapping[str, Any]
"""The counts of the default graph, as ``statistics`` returns them: rows by what they count."""


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
class DatasetDescription:
    """Everything that catalogues of data are given about the dataset."""

    origin: Origin
    home: str
    """The absolute address of the home page; those of two documents and the service follow."""
    void: str
    catalogue: str
    sparql: str
    publisher: Agent
    creators: tuple[Agent, ...]
    dumps: tuple[DumpFile, ...]
    ontology: str
    shapes: str

    def copied(self, thing: str, *names: str) -> Iterator[Triple]:
        """Yield properties of a thing that are those of the dataset."""
        for name in names:
            prop = PREFIXES["dcterms"] + name
            yield from _thing(thing, {f"dcterms:{name}": self.origin.values(prop)})

    def agents(self, thing: str) -> Iterator[Triple]:
        """Yield the publisher of a thing, and the names of the publisher and creators."""
        yield from _thing(thing, {"dcterms:publisher": self.publisher.iri})
        for agent in (self.publisher, *self.creators):
            names = [
                Literal(name, language=tag) if tag else Literal(name) for tag, name in agent.names
            ]
            yield from _thing(agent.iri, {"foaf:name": names}, "foaf:Agent")


def statistics(queries: PageQueries, space: str) -> Statistics:
    """Return the counts, where possible from beside the release; ``space`` has the entities.

    They are the ``totals`` of subjects and objects; the number of ``entities``, and ``examples``;
    ``classes`` with the number of their things; ``properties`` with those of their uses, subjects
    and objects; and ``links`` to other sites by property and site.
    """
    prefix = Literal(space)
    texts = {
        "totals": queries.text("void_totals"),
        "entities": queries.text("things_in_space", prefix=prefix),
        "examples": queries.text("examples_in_space", prefix=prefix),
        "classes": queries.text("void_classes"),
        "properties": queries.text("void_properties"),
        "links": queries.text("void_links", prefix=prefix),
    }

    def counted() -> Statistics:
        answers = zip(texts, queries.select_all([*texts.values()]), strict=True)
        return {name: [[*map(_plain, row)] for row in answer.rows] for name, answer in answers}

    def read(saved: Any) -> Statistics:
        return {name: saved[name] for name in texts}

    key = "\n".join(texts.values())
    return queries.result_cache.get("void", key, counted, dict, read)


def _plain(term: Term | None) -> str | int:
    """Return a count as a number, anything else as a text."""
    if isinstance(term, Literal) and term.datatype.value.endswith("integer"):
        return int(term.value)
    return str(getattr(term, "value", ""))


def void(description: DatasetDescription, counts: Statistics, space: str) -> Iterator[Triple]:
    """Yield the VoID description of the dataset, whose things are in the namespace ``space``."""
    document, dataset = description.void, description.origin.dataset
    [[subjects, objects]], [[entities]] = counts["totals"], counts["entities"]
    yield from _thing(
        document,
        {"foaf:primaryTopic": dataset, "rdfs:seeAlso": description.catalogue},
        "void:DatasetDescription",
    )
    yield from description.copied(document, "title", "creator", "license", "issued")
    yield from description.copied(dataset, *_COPIED)
    yield from description.agents(dataset)
    yield from _thing(
        dataset,
        {
            "foaf:homepage": description.home,
            "void:sparqlEndpoint": description.sparql,
            "void:uriSpace": Literal(space),
            "void:dataDump": [dump.address for dump in description.dumps if dump.is_rdf],
            "void:feature": map(w3c_iri, GRAPHS),
            "void:exampleResource": [iri for (iri,) in counts["examples"]],
            "void:vocabulary": _vocabularies(counts, space),
            "void:triples": sum(uses for _, uses, *_ in counts["properties"]),
            "void:entities": entities,
            "void:classes": len(counts["classes"]),
            "void:properties": len(counts["properties"]),
            "void:distinctSubjects": subjects,
            "void:distinctObjects": objects,
            "void:documents": entities,
        },
        "void:Dataset",
    )
    for iri, number in counts["classes"]:
        part = f"{document}#class-{_name(iri)}"
        yield from _thing(dataset, {"void:classPartition": part})
        yield from _thing(part, {"void:class": iri, "void:entities": number})
    for iri, uses, of_subjects, of_objects in counts["properties"]:
        part = f"{document}#property-{_name(iri)}"
        yield from _thing(dataset, {"void:propertyPartition": part})
        numbers = {"void:distinctSubjects": of_subjects, "void:distinctObjects": of_objects}
        yield from _thing(part, {"void:property": iri, "void:triples": uses, **numbers})
    for prop, site, number in counts["links"]:
        linkset = f"{document}#links-{_name(prop)}-{_name(site)}"
        target = f"{document}#site-{_name(site)}"
        yield from _thing(dataset, {"void:subset": linkset})
        yield from _thing(
            linkset,
            {
                "void:linkPredicate": prop,
                "void:subjectsTarget": dataset,
                "void:objectsTarget": target,
                "void:triples": number,
            },
            "void:Linkset",
        )
        yield from _thing(target, {"void:uriSpace": Literal(site)}, "void:Dataset")


def dcat(description: DatasetDescription) -> Iterator[Triple]:
    """Yield the DCAT catalogue of the dataset and its service."""
    catalogue, dataset = description.catalogue, description.origin.dataset
    service, access = description.sparql, f"{catalogue}#sparql"
    release = description.origin.release
    yield from description.copied(catalogue, "title", "description", "license", "issued")
    yield from description.agents(catalogue)
    yield from _thing(
        catalogue,
        {
            "foaf:homepage": description.home,
            "dcat:dataset": dataset,
            "dcat:service": service,
            "dcterms:language": _OF_THE_PAGES,
        },
        "dcat:Catalog",
    )
    yield from description.copied(dataset, *_COPIED)
    yield from description.agents(dataset)
    yield from _thing(
        dataset,
        {
            "dcat:landingPage": description.home,
            "foaf:page": description.void,
            "dcat:theme": _SOCIETY,
            "dcterms:accessRights": _PUBLIC,
            "dcterms:conformsTo": (description.ontology, description.shapes),
            "dcat:version": description.origin.values(PREFIXES["owl"] + "versionInfo"),
            "dcterms:identifier": Literal(release) if release else (),
            "dcat:distribution": access,
        },
        "dcat:Dataset",
    )
    titles = Literal("Service SPARQL", language="fr"), Literal("SPARQL service", language="en")
    yield from _thing(
        service,
        {
            "dcterms:title": titles,
            "dcat:endpointURL": service,
            "dcat:endpointDescription": service,
            "dcat:servesDataset": dataset,
            "dcterms:conformsTo": _PROTOCOL,
        },
        "dcat:DataService",
    )
    yield from description.copied(service, "license")
    yield from description.agents(service)
    yield from _thing(
        access, {"dcat:accessURL": service, "dcat:accessService": service}, "dcat:Distribution"
    )
    yield from description.copied(access, "title", "license", "issued")
    for dump in description.dumps:
        yield from _distribution(description, dump)


def _distribution(description: DatasetDescription, dump: DumpFile) -> Iterator[Triple]:
    this, media_type = f"{description.catalogue}#{dump.name}", dump.form.media_type
    checksum = f"{this}-sha256"
    titles = [
        Literal(f"{title.value} ({dump.label})", language=title.language)
        for title in description.origin.values(PREFIXES["dcterms"] + "title")
        if isinstance(title, Literal)
    ]
    size = () if dump.bytes is None else _typed(dump.bytes, "nonNegativeInteger")
    yield from _thing(description.origin.dataset, {"dcat:distribution": this})
    yield from description.copied(this, "license", "issued")
    yield from _thing(
        this,
        {
            "dcterms:title": titles,
            "dcat:accessURL": dump.address,
            "dcat:downloadURL": dump.address,
            "dcat:mediaType": () if media_type in _UNREGISTERED else _MEDIA_TYPES + media_type,
            "dcat:packageFormat": _MEDIA_TYPES + _ZIP if media_type == _ZIP else (),
            "dcat:compressFormat": _MEDIA_TYPES + dump.packing if dump.packing else (),
            "dcat:byteSize": size,
            "spdx:checksum": checksum if dump.sha256 else (),
        },
        "dcat:Distribution",
    )
    if dump.sha256:
        values: dict[str, Value] = {
            "spdx:algorithm": SPDX + "checksumAlgorithm_sha256",
            "spdx:checksumValue": _typed(dump.sha256, "hexBinary"),
        }
        yield from _thing(checksum, values, "spdx:Checksum")


def _vocabularies(counts: Statistics, space: str) -> list[str]:
    """Return the namespaces of the used classes and properties."""
    used = {iri for iri, *_ in (*counts["classes"], *counts["properties"])}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return sorted(namespace for namespace in namespaces if namespace and namespace != space)


def _name(iri: str) -> str:
    """Return an IRI as the end of an address."""
    return _NOT_A_NAME.sub("-", in_prefixes(iri).partition("://")[2] or in_prefixes(iri)).strip("-")


Value = str | int | Term


def _thing(
    iri: str, values: Mapping[str, Value | Iterable[Value]], class_name: str = ""
) -> Iterator[Triple]:
    """Yield statements about a thing, by the prefixed names of their properties.

    A text is the IRI of a thing; a property may have several values, or none.
    """
    named = {"rdf:type": _full(class_name)} if class_name else {}
    for prop, found in {**named, **values}.items():
        for value in (found,) if isinstance(found, str | int | Term) else found:
            term = NamedNode(value) if isinstance(value, str) else value
            term = _typed(term, "integer") if isinstance(term, int) else term
            yield Triple(NamedNode(iri), NamedNode(_full(prop)), term)


def _full(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return CATALOGUE_PREFIXES[prefix] + name


def _typed(value: str | int, datatype: str) -> Literal:
    return Literal(str(value), datatype=NamedNode(PREFIXES["xsd"] + datatype))
