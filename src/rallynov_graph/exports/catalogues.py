"""Descriptions of the dataset for programs: VoID, DCAT 3 (DCAT-AP 3), and examples of queries."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries, readable
from rallynov_graph.rdf.formats import GRAPHS, Format, w3c_iri
from rallynov_graph.release.attribution import VOID, Origin

DCAT: Final = "http://www.w3.org/ns/dcat#"
SPDX: Final = "http://spdx.org/rdf/terms#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
EXAMPLES: Final = "https://purl.expasy.org/sparql-examples/ontology#"
CATALOGUE_PREFIXES: Final = {**PREFIXES, "void": VOID, "dcat": DCAT, "spdx": SPDX}
DOCUMENT_PREFIXES: Final[Mapping[str, str]] = {
    **{name: PREFIXES[name] for name in ("owl", "rdfs", "schema", "sh", "xsd")},
    "spex": EXAMPLES,
    "void": VOID,
    "void-ext": VOID_EXT,
}
LINKS: Final = "void_links_of_classes"
"""The query for the links of classes, whose answer is kept."""
_ALL_PREFIXES: Final = {**CATALOGUE_PREFIXES, **DOCUMENT_PREFIXES}

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
_COPIED: Final = ("title", "description", "creator", "license", "issued", "language")
"""The properties of the dataset that are copied from its own description."""
_DOCUMENTS: Final = ("foaf:homepage", "foaf:page", "dcat:landingPage")
_MEDIA: Final = ("dcat:mediaType", "dcat:packageFormat", "dcat:compressFormat")
_RANGES: Final = {
    **dict.fromkeys(_DOCUMENTS, "foaf:Document"),
    **dict.fromkeys(_MEDIA, "dcterms:MediaType"),
    "dcterms:accessRights": "dcterms:RightsStatement",
    "dcterms:conformsTo": "dcterms:Standard",
    "dcterms:format": "dcterms:MediaTypeOrExtent",
    "dcterms:language": "dcterms:LinguisticSystem",
    "dcterms:license": "dcterms:LicenseDocument",
    "dcterms:spatial": "dcterms:Location",
    "dcat:theme": "skos:Concept",
    "spdx:algorithm": "spdx:ChecksumAlgorithm",
}
"""The class that DCAT-AP wants to read of each value of a property."""
_FILE_TYPES: Final = "http://publications.europa.eu/resource/authority/file-type/"
_FILE_TYPE: Final = {
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/trig": "RDF_TRIG",
    "application/ld+json": "JSON_LD",
    "application/rdf+xml": "RDF_XML",
    "application/gexf+xml": "XML",
    "application/graphml+xml": "XML",
    "text/turtle": "RDF_TURTLE",
    _ZIP: "ZIP",
}
"""The formats of files that the Publications Office of the European Union has a term for."""

_QUERIES: Final = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "DESCRIBE": ("sh:SPARQLDescribeExecutable", "spex:describe"),
}
"""The class of a query by its form, and the property that has its text."""

Statistics = Mapping[str, Any]
"""The counts of the default graph, as ``statistics`` returns them: rows by topic."""


@dataclass(frozen=True)
class Agent:
    """A creator or publisher, with IRI and names."""

    iri: str
    names: tuple[tuple[str, str], ...]
    """By language."""


@dataclass(frozen=True)
class DumpFile:
    """The dataset as a file."""

    address: str
    name: str
    """A name that identifies it among the files."""
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
    """The data that catalogues get about the dataset."""

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
        for name in names:
            prop = PREFIXES["dcterms"] + name
            yield from described(thing, {f"dcterms:{name}": self.origin.values(prop)})

    def agents(self, thing: str) -> Iterator[Triple]:
        yield from described(thing, {"dcterms:publisher": self.publisher.iri})
        for agent in (self.publisher, *self.creators):
            names = [
                Literal(name, language=tag) if tag else Literal(name) for tag, name in agent.names
            ]
            yield from described(agent.iri, {"foaf:name": names}, "foaf:Agent")


def statistics(queries: PageQueries, space: str) -> Statistics:
    """Return counts; ``space`` is the namespace of entities.

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

    answers = zip(texts, queries.select_all([*texts.values()]), strict=True)
    return {name: [[*map(_plain, row)] for row in answer.rows] for name, answer in answers}


def _plain(term: Term | None) -> str | int:
    """Return a count as a number, anything else as a text."""
    if isinstance(term, Literal) and term.datatype.value.endswith("integer"):
        return int(term.value)
    return str(getattr(term, "value", ""))


def void(description: DatasetDescription, counts: Statistics, space: str) -> Iterator[Triple]:
    """Yield the VoID description of the dataset, whose things are in the namespace ``space``."""
    document, dataset = description.void, description.origin.dataset
    [[subjects, objects]], [[entities]] = counts["totals"], counts["entities"]
    yield from described(
        document,
        {"foaf:primaryTopic": dataset, "rdfs:seeAlso": description.catalogue},
        "void:DatasetDescription",
    )
    yield from description.copied(document, "title", "creator", "license", "issued")
    yield from description.copied(dataset, *_COPIED, "source")
    yield from description.agents(dataset)
    yield from described(
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
        yield from described(dataset, {"void:classPartition": part})
        yield from described(part, {"void:class": iri, "void:entities": number})
    for iri, uses, of_subjects, of_objects in counts["properties"]:
        part = f"{document}#property-{_name(iri)}"
        yield from described(dataset, {"void:propertyPartition": part})
        numbers = {"void:distinctSubjects": of_subjects, "void:distinctObjects": of_objects}
        yield from described(part, {"void:property": iri, "void:triples": uses, **numbers})
    for prop, site, number in counts["links"]:
        linkset = f"{document}#links-{_name(prop)}-{_name(site)}"
        target = f"{document}#site-{_name(site)}"
        yield from described(dataset, {"void:subset": linkset})
        yield from described(
            linkset,
            {
                "void:linkPredicate": prop,
                "void:subjectsTarget": dataset,
                "void:objectsTarget": target,
                "void:triples": number,
            },
            "void:Linkset",
        )
        yield from described(target, {"void:uriSpace": Literal(site)}, "void:Dataset")


def dcat(description: DatasetDescription) -> Iterator[Triple]:
    """Yield the DCAT catalogue of the dataset and its service, with the class of each value."""
    ranges = {_full(prop): _full(name) for prop, name in _RANGES.items()}
    typed = set[Triple]()
    for triple in _dcat(description):
        yield triple
        wanted = ranges.get(triple.predicate.value)
        if wanted and isinstance(triple.object, NamedNode):
            typed.add(Triple(triple.object, NamedNode(_full("rdf:type")), NamedNode(wanted)))
    yield from sorted(typed, key=str)


def dcat_of_dataset(description: DatasetDescription) -> Iterator[Triple]:
    dataset, origin = description.origin.dataset, description.origin
    yield from description.agents(dataset)
    period = f"{description.catalogue}#period"
    covered = origin.values(PREFIXES["schema"] + "temporalCoverage")
    yield from described(
        dataset,
        {
            "dcterms:identifier": Literal(origin.release) if origin.release else (),
            "dcat:keyword": origin.values(PREFIXES["schema"] + "keywords"),
            "dcterms:spatial": origin.values(PREFIXES["schema"] + "spatialCoverage"),
            "dcterms:temporal": period if covered else (),
            "dcat:distribution": (
                f"{description.catalogue}#sparql",
                *(f"{description.catalogue}#{dump.name}" for dump in description.dumps),
            ),
        },
        "dcat:Dataset",
    )
    if covered:
        yield from described(
            period, {"dcat:startDate": covered, "dcat:endDate": covered}, "dcterms:PeriodOfTime"
        )


def _dcat(description: DatasetDescription) -> Iterator[Triple]:
    catalogue, dataset = description.catalogue, description.origin.dataset
    service, access = description.sparql, f"{catalogue}#sparql"
    yield from description.copied(catalogue, "title", "description", "license", "issued")
    yield from description.agents(catalogue)
    yield from described(
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
    yield from dcat_of_dataset(description)
    yield from described(
        dataset,
        {
            "prov:wasDerivedFrom": description.origin.values(PREFIXES["dcterms"] + "source"),
            "dcat:landingPage": description.home,
            "foaf:page": description.void,
            "dcat:theme": _SOCIETY,
            "dcterms:accessRights": _PUBLIC,
            "dcterms:conformsTo": (description.ontology, description.shapes),
            "dcat:version": description.origin.values(PREFIXES["owl"] + "versionInfo"),
        },
    )
    society = ("Population et société", "fr"), ("Population and society", "en")
    names = [Literal(name, language=tag) for name, tag in society]
    yield from described(_SOCIETY, {"skos:prefLabel": names})
    titles = Literal("Service SPARQL", language="fr"), Literal("SPARQL service", language="en")
    yield from described(
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
    yield from described(
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
    yield from description.copied(this, "license", "issued")
    yield from described(
        this,
        {
            "dcterms:title": titles,
            "dcat:accessURL": dump.address,
            "dcat:downloadURL": dump.address,
            "dcat:mediaType": () if media_type in _UNREGISTERED else _MEDIA_TYPES + media_type,
            "dcterms:format": (_FILE_TYPES + _FILE_TYPE[media_type])
            if media_type in _FILE_TYPE
            else (),
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
        yield from described(checksum, values, "spdx:Checksum")


@dataclass(frozen=True)
class ExamplesDocument:
    """The address of the document of examples, and of the service that answers its queries.

    It is a graph that no store contains, and a part of the description of the SPARQL service.
    Clients of the SIB look there if the default graph has no examples.
    """

    address: str
    endpoint: str
    questions: str
    """The beginning of a question's address."""
    graph: str = "graph"
    """The part that is the graph whose classes are linked."""

    def part(self, *names: object) -> str:
        return f"{self.address}#{'-'.join(map(str, names))}"


def examples(document: ExamplesDocument, questions: Iterable[Question]) -> Iterator[Triple]:
    """Yield each question as an example of a query, and the prefixes for queries.

    The vocabulary is that of the SIB's SPARQL examples, which is SHACL's.
    """
    prefixes = document.part("prefixes")
    for question in questions:
        if question.form not in _QUERIES:
            continue
        kind, prop = _QUERIES[question.form]
        summary = [Literal(text, language=tag) for tag, text in question.summary.items()]
        yield from described(
            f"{document.questions}{question.name}",
            {
                "rdf:type": _full("sh:SPARQLExecutable"),
                "rdfs:comment": summary,
                prop: Literal(readable(question.text)),
                "sh:prefixes": prefixes,
                "schema:target": document.endpoint,
                "schema:keywords": Literal(question.group) if question.group else (),
            },
        )
        yield from described(f"{document.questions}{question.name}", {}, kind)
    yield from described(prefixes, {}, "owl:Ontology")
    for prefix, namespace in PREFIXES.items():
        declared = document.part("prefix", prefix)
        values = {"sh:prefix": Literal(prefix), "sh:namespace": _typed(namespace, "anyURI")}
        yield from described(prefixes, {"sh:declare": declared})
        yield from described(declared, values)


def links(document: ExamplesDocument, rows: Solutions) -> Iterator[Triple]:
    """Yield the targets of the properties of each class, from the rows of ``LINKS``.

    The vocabulary is VoID, with its extension for datatypes.
    """
    whole = document.part(document.graph)
    yield from described(whole, {"void:sparqlEndpoint": document.endpoint}, "void:Dataset")
    numbers: dict[object, int] = {}
    for name, prop, of, datatype, count in rows.rows:
        if not isinstance(name, NamedNode) or not isinstance(prop, NamedNode):
            continue
        number = numbers.setdefault(name, len(numbers) + 1)
        of_property = numbers.setdefault((name, prop), len(numbers) + 1)
        own = document.part("class", number)
        used = document.part("class", number, "property", of_property)
        yield from described(whole, {"void:classPartition": own})
        yield from described(own, {"void:class": name, "void:propertyPartition": used})
        yield from described(used, {"void:property": prop})
        target = of if isinstance(of, NamedNode) else datatype
        if not isinstance(target, NamedNode):
            continue
        reached_number = numbers.setdefault((name, prop, target), len(numbers) + 1)
        reached = document.part("class", number, "property", of_property, "to", reached_number)
        space, part = ("void", "class") if target is of else ("void-ext", "datatype")
        triples = _typed(getattr(count, "value", "0"), "integer")
        yield from described(used, {f"{space}:{part}Partition": reached})
        yield from described(reached, {f"{space}:{part}": target, "void:triples": triples})


def _vocabularies(counts: Statistics, space: str) -> list[str]:
    """Return the namespaces of the used classes and properties."""
    used = {iri for iri, *_ in (*counts["classes"], *counts["properties"])}
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return sorted(namespace for namespace in namespaces if namespace and namespace != space)


def _name(iri: str) -> str:
    """Return an IRI in the form of the last part of an address."""
    return _NOT_A_NAME.sub("-", in_prefixes(iri).partition("://")[2] or in_prefixes(iri)).strip("-")


Value = str | int | Term


def described(
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
    return _ALL_PREFIXES[prefix] + name


def _typed(value: str | int, datatype: str) -> Literal:
    return Literal(str(value), datatype=NamedNode(PREFIXES["xsd"] + datatype))
