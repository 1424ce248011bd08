"""How the SPARQL service describes itself to programs: Service Description 1.1 and VoID.

For a release it also has the questions as examples, and the links of each class: clients that
complete or write queries read them here if the default graph has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from rallynov_graph.base.terms import Solutions
from rallynov_graph.exports.catalogues import (
    DOCUMENT_PREFIXES,
    LINKS,
    ExamplesDocument,
    examples,
    links,
)
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import W3C_FORMATS, Format, w3c_iri
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST_GRAPHS: Final = 5_000
"""More named graphs than this are not listed."""
MOST_COUNTED: Final = 2_000_000
"""More quads than this are not counted: the server would start later."""
MOST_LINKED: Final = 200_000
"""The number of quads above which the links of classes are not described."""
DESCRIBED_AT: Final = ("/.well-known/void", "/catalog", "/.well-known/sparql-examples")
"""The page that describes a release to people who look for data."""

_PATH: Final = "/sparql"
_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_SEE_ALSO: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
_INTEGER: Final = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_DATE: Final = NamedNode("http://www.w3.org/2001/XMLSchema#date")
_A: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT_GRAPH: Final = "default-graph"
_PREFIXES: Final = {
    **DOCUMENT_PREFIXES,
    "sd": _SD,
    "void": _VOID,
    "dcterms": _DCTERMS,
    "formats": W3C_FORMATS,
}


@dataclass(frozen=True, eq=False)
class Service:
    """The description, which is the same at every address of the service."""

    graphs: tuple[str, ...]
    """The named graphs; none if they are too many."""
    triples: int | None
    """How many the default graph has; None if counting takes long."""
    merged: bool = False
    """Whether the default graph has each triple of the named ones."""
    titles: tuple[tuple[str, str], ...] = ()
    """By language."""
    licence: str | None = None
    issued: str | None = None
    version: str | None = None
    questions: tuple[Question, ...] = ()
    """The questions given as examples."""
    links: Solutions = field(default_factory=lambda: Solutions((), ()))
    """The links of classes, from the rows of ``LINKS``."""

    @classmethod
    def of(cls, store: EmbeddedStore, release: "Release | None") -> "Service":
        named = store.graphs()
        listed = tuple(sorted(named)) if len(named) <= MOST_GRAPHS else ()
        triples = store.default_size() if len(store) <= MOST_COUNTED else None
        if release is None:
            return cls(listed, triples)
        manifest = release.manifest
        return cls(
            listed,
            triples,
            True,
            tuple(sorted(manifest.title.items())),
            manifest.licence,
            manifest.issued,
            manifest.version,
            tuple(catalogue.load().values()),
            _links(store),
        )

    def written(self, address: str, form: Format) -> bytes:
        parts = _service(self, address), _dataset(self, address), _examples(self, address)
        triples = [*chain.from_iterable(parts)]
        written = serialize(triples, format=form.rdf, prefixes=_PREFIXES)
        assert written is not None  # that is what it returns when it writes into a file
        return written


def _links(store: EmbeddedStore) -> Solutions:
    """Return the links of classes; none for a large release."""
    return (
        PageQueries(store.pages()).rows(LINKS) if len(store) <= MOST_LINKED else Solutions((), ())
    )


def _service(service: Service, address: str) -> Iterator[Triple]:
    this = NamedNode(address)
    yield Triple(this, _A, _sd("Service"))
    yield Triple(this, _sd("endpoint"), this)
    yield Triple(this, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(this, _sd("supportedLanguage"), _sd("SPARQL10Query"))
    simple = NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield Triple(this, _sd("defaultEntailmentRegime"), simple)
    if service.merged:
        yield Triple(this, _sd("feature"), _sd("UnionDefaultGraph"))
    for form in (*formats.RESULTS, *formats.GRAPHS):
        yield Triple(this, _sd("resultFormat"), NamedNode(w3c_iri(form)))


def _dataset(service: Service, address: str) -> Iterator[Triple]:
    dataset, default = NamedNode(f"{address}#dataset"), NamedNode(f"{address}#{_DEFAULT_GRAPH}")
    yield Triple(NamedNode(address), _sd("defaultDataset"), dataset)
    yield Triple(dataset, _A, _sd("Dataset"))
    yield Triple(dataset, _A, NamedNode(f"{_VOID}Dataset"))
    yield Triple(dataset, NamedNode(f"{_VOID}sparqlEndpoint"), NamedNode(address))
    if service.merged:
        for path in DESCRIBED_AT:
            document = NamedNode(address.removesuffix(_PATH) + path)
            yield Triple(NamedNode(address), _SEE_ALSO, document)
    if service.issued:
        day = Literal(service.issued, datatype=_DATE)
        yield Triple(dataset, NamedNode(f"{_DCTERMS}issued"), day)
    if service.version:
        yield Triple(dataset, NamedNode(f"{_DCTERMS}hasVersion"), Literal(service.version))
    for language, title in service.titles:
        yield Triple(dataset, NamedNode(f"{_DCTERMS}title"), Literal(title, language=language))
    if service.licence:
        yield Triple(dataset, NamedNode(f"{_DCTERMS}license"), NamedNode(service.licence))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _A, _sd("Graph"))
    if service.triples is not None:
        yield Triple(default, NamedNode(f"{_VOID}triples"), _number(service.triples))
    # Every process writes the same bytes: they are sent under one entity tag.
    for number, iri in enumerate(service.graphs):
        named = BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, _A, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(iri))


def _examples(service: Service, address: str) -> Iterator[Triple]:
    if not service.questions:
        return
    questions = f"{address.removesuffix(_PATH)}/questions/"
    document = ExamplesDocument(address, address, questions, _DEFAULT_GRAPH)
    yield from examples(document, service.questions)
    yield from links(document, service.links)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=_INTEGER)
