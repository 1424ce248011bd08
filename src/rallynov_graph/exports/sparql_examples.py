"""The catalogue's questions as programs read examples of queries, with what the graph links.

The words are those of the SPARQL examples of the SIB: SHACL's for queries and prefixes; and those
of VoID, with its extension for datatypes, for what the properties of each class lead to. They are a
graph of its own that no store holds: a document, and a part of what the SPARQL service says of
itself. There the clients of the SIB look where the default graph has no examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import readable

VOID: Final = "http://rdfs.org/ns/void#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
EXAMPLES: Final = "https://purl.expasy.org/sparql-examples/ontology#"
DOCUMENT_PREFIXES: Final[Mapping[str, str]] = {
    **{name: PREFIXES[name] for name in ("owl", "rdfs", "schema", "sh", "xsd")},
    "spex": EXAMPLES,
    "void": VOID,
    "void-ext": VOID_EXT,
}
LINKS: Final = "void_links_of_classes"
"""The query for what classes link; its answer is kept."""
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_COMMENT: Final = NamedNode(f"{PREFIXES['rdfs']}comment")
_SH: Final = PREFIXES["sh"]
_ANY_URI: Final = NamedNode(f"{PREFIXES['xsd']}anyURI")
_INTEGER: Final = NamedNode(f"{PREFIXES['xsd']}integer")
_QUERIES: Final = {
    "SELECT": ("SPARQLSelectExecutable", f"{_SH}select"),
    "ASK": ("SPARQLAskExecutable", f"{_SH}ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", f"{_SH}construct"),
    "DESCRIBE": ("SPARQLDescribeExecutable", f"{EXAMPLES}describe"),
}
"""The class of a query by its form, and the property that has its text."""


@dataclass(frozen=True)
class ExamplesDocument:
    """Where the document is, and the service that answers its queries."""

    address: str
    endpoint: str
    questions: str
    """What the address of a question begins with."""
    graph: str = "graph"
    """The part that is the graph whose classes are linked."""

    def part(self, name: str) -> NamedNode:
        """Return the name of a part of the document."""
        return NamedNode(f"{self.address}#{name}")


def examples(document: ExamplesDocument, questions: Iterable[Question]) -> Iterator[Triple]:
    """Yield each question as an example of a query, and the prefixes that queries may use."""
    prefixes, endpoint = document.part("prefixes"), NamedNode(document.endpoint)
    for question in questions:
        if question.form not in _QUERIES:
            continue
        this = NamedNode(f"{document.questions}{question.name}")
        kind, prop = _QUERIES[question.form]
        yield Triple(this, _TYPE, NamedNode(f"{_SH}SPARQLExecutable"))
        yield Triple(this, _TYPE, NamedNode(_SH + kind))
        for language, text in question.summary.items():
            yield Triple(this, _COMMENT, Literal(text, language=language))
        yield Triple(this, NamedNode(prop), Literal(readable(question.text)))
        yield Triple(this, NamedNode(f"{_SH}prefixes"), prefixes)
        yield Triple(this, NamedNode(f"{PREFIXES['schema']}target"), endpoint)
        if question.group:
            keywords = NamedNode(f"{PREFIXES['schema']}keywords")
            yield Triple(this, keywords, Literal(question.group))
    yield Triple(prefixes, _TYPE, NamedNode(f"{PREFIXES['owl']}Ontology"))
    for prefix, namespace in PREFIXES.items():
        declared = document.part(f"prefix-{prefix}")
        yield Triple(prefixes, NamedNode(f"{_SH}declare"), declared)
        yield Triple(declared, NamedNode(f"{_SH}prefix"), Literal(prefix))
        value = Literal(namespace, datatype=_ANY_URI)
        yield Triple(declared, NamedNode(f"{_SH}namespace"), value)


def links(document: ExamplesDocument, rows: Solutions) -> Iterator[Triple]:
    """Yield what the properties of each class lead to, of the rows of ``void_links_of_classes``."""
    whole = document.part(document.graph)
    yield Triple(whole, _TYPE, _void("Dataset"))
    yield Triple(whole, _void("sparqlEndpoint"), NamedNode(document.endpoint))
    numbers: dict[object, int] = {}
    for name, prop, of, datatype, count in rows.rows:
        if not isinstance(name, NamedNode) or not isinstance(prop, NamedNode):
            continue
        own = document.part(f"class-{numbers.setdefault(name, len(numbers) + 1)}")
        yield Triple(whole, _void("classPartition"), own)
        yield Triple(own, _void("class"), name)
        used = document.part(
            f"{own.value.rpartition('#')[2]}-property-"
            f"{numbers.setdefault((name, prop), len(numbers) + 1)}"
        )
        yield Triple(own, _void("propertyPartition"), used)
        yield Triple(used, _void("property"), prop)
        triples = Literal(getattr(count, "value", "0"), datatype=_INTEGER)
        target = of if isinstance(of, NamedNode) else datatype
        if not isinstance(target, NamedNode):
            continue
        is_class = target is of
        reached = document.part(
            f"{used.value.rpartition('#')[2]}-to-"
            f"{numbers.setdefault((name, prop, target), len(numbers) + 1)}"
        )
        space, part = (VOID, "class") if is_class else (VOID_EXT, "datatype")
        yield Triple(used, NamedNode(f"{space}{part}Partition"), reached)
        yield Triple(reached, NamedNode(space + part), target)
        yield Triple(reached, _void("triples"), triples)


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)
