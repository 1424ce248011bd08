"""The page and the data of each class and property: names, definition, use, shape, questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, redirect
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.kinds import LISTED_CLASSES
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import LABEL, PREF_LABEL, TYPE, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.rdf.tokens import named_iris
from rallynov_graph.site.model.catalogue_answers import summary
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection import (
    ANY_CERTAINTY,
    Choices,
    Selection,
    Source,
    source_of_kind,
)
from rallynov_graph.site.model.shapes import MOST_COUNTED, Shape, rules_in_words, term_nodes
from rallynov_graph.site.model.statement import StatedTriple, Statement, statements
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, near_paths, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import (
    BY_SUFFIX,
    format_of_suffix,
    graph_response,
    page_or_data,
)
from rallynov_graph.site.web.params import IriParams, Sure, iri_node, params
from rallynov_graph.site.web.reader import Files, absolute, site, view
from rallynov_graph.site.web.signposting import links_of_files, set_links

blueprint = Blueprint("terms", __name__)

_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_OWL: Final = PREFIXES["owl"]
_RDFS: Final = PREFIXES["rdfs"]
_SCHEMA: Final = PREFIXES["schema"]
_VERSION_IRI: Final = _OWL + "versionIRI"
_PROPERTIES: Final = frozenset(
    f"{_OWL}{kind}" for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_FORWARD: Final = {
    _RDFS + "subClassOf": "above",
    _RDFS + "subPropertyOf": "wider",
    _SCHEMA + "domainIncludes": "from",
    _SCHEMA + "rangeIncludes": "to",
    _OWL + "inverseOf": "inverse_of",
    PREFIXES["skos"] + "closeMatch": "match",
    _RDFS + "seeAlso": "near",
    _OWL + "disjointWith": "disjoint",
}
_BACKWARD: Final = {
    _RDFS + "subClassOf": "below",
    _RDFS + "subPropertyOf": "narrower",
    _SCHEMA + "domainIncludes": "starting",
    _SCHEMA + "rangeIncludes": "ending",
    _OWL + "inverseOf": "inverse_of",
    _OWL + "disjointWith": "disjoint",
}
_DEFINITION: Final = PREFIXES["skos"] + "definition"
_NOTE: Final = PREFIXES["skos"] + "editorialNote"
_INVERSE: Final = RN + "inverseLabel"
_READ: Final = (*_FORWARD, TYPE, LABEL, PREF_LABEL, _DEFINITION, _NOTE, _INVERSE)

_Values = Mapping[str, Sequence[Term]]
"""What the ontology says of a term, by property."""


@blueprint.get("/ontology/<name>")
def own_term(name: str) -> AnyResponse:
    """Serve the page of one of our terms, or its data if the header or a suffix asks for a format.

    The address of the ontology's version redirects to the ontology.
    """
    local, dot, suffix = name.rpartition(".")
    form = BY_SUFFIX.get(f".{suffix}") if dot else None
    if _is_version(local if form else name):
        return redirect(view().addresses.path(f"/ontology{form.suffix if form else ''}"), 303)
    if not dot:
        return _negotiated(f"{RN}{name}")
    return _file(f"{RN}{local}", suffix)


@blueprint.get("/ontology/term")
def reused_term() -> AnyResponse:
    """Serve the page of a term of another vocabulary; redirect a term of ours to its own page."""
    iri = params(IriParams).iri
    if iri.startswith(RN):
        return redirect(view().addresses.term(iri), 302)
    return _negotiated(iri)


@blueprint.get("/ontology/term.<suffix>")
def reused_term_data(suffix: str) -> Response:
    """Serve the data of a term of another vocabulary, or its uses as rows."""
    return _file(params(IriParams).iri, suffix)


def _is_version(name: str) -> bool:
    query = view().queries.text("term_described", thing=NamedNode(ONTOLOGY))
    version = NamedNode(f"{ONTOLOGY}/{name}") if _VERSION.fullmatch(name) else None
    statements = site().store.construct(query) if version else ()
    return any(t.predicate.value == _VERSION_IRI and t.object == version for t in statements)


def _negotiated(iri: str) -> Response:
    require_own_graph()
    files = _files(iri)
    return page_or_data(files, lambda form: _described(iri, form), lambda: _page(iri, files))


def _file(iri: str, suffix: str) -> Response:
    """Return the description of a term as RDF, or its uses in the data as rows."""
    if suffix not in page_files.ROWS:
        form = format_of_suffix(suffix)
        set_links(links_of_files(_files(iri)))
        return _described(iri, form)
    values = _values(iri)
    kind = _kind(view(), iri, values, site().shapes)
    use = _use_of(view(), NamedNode(iri), kind, params(Sure).certainty)
    if use is None:
        raise Missing
    return page_files.of_query(use["query"], suffix, iri.rpartition("#")[2] or "term")


def _described(iri: str, form: Format) -> Response:
    """Return the description of a term as RDF; raise Missing if there is none."""
    require_own_graph()
    queries = view().queries
    triples = set(queries.store.construct(queries.text("term_described", thing=iri_node(iri))))
    if not triples:
        raise Missing(_near(iri))
    document = absolute(view().addresses.document_of_term(iri))
    return graph_response([*triples, *site().origin.of(document, iri, from_data=False)], form)


def _files(iri: str) -> Files:
    return tuple((form, _address(iri, form.suffix)) for form in GRAPHS)


def _address(iri: str, suffix: str, least: str = "") -> str:
    """Return the address of a file about a term."""
    addresses = view().addresses
    if iri.startswith(RN):
        name = iri.removeprefix(RN)
        return addresses.file(f"/ontology/{name}{suffix}", [("certainty", least)])
    return addresses.file(f"/ontology/term{suffix}", [("iri", iri), ("certainty", least)])


def _near(iri: str) -> tuple[Node, ...]:
    """Return our terms with names near the name of this one."""
    terms = {str(term)[1:-1] for term, *_ in view().queries.rows("terms").rows}
    own = (term for term in terms if term.startswith(RN))
    known = {term.removeprefix(RN): view().addresses.term(term) for term in own}
    return near_paths(iri.removeprefix(RN), known)


def _page(iri: str, files: Files) -> str:
    """Show a term; its use in the data counts facts of the certainty or of a surer one."""
    values, graph, shapes, least = _values(iri), view(), site().shapes, params(Sure).certainty
    node, term = graph.node(iri), NamedNode(iri)
    own_shapes = [shape for shape in shapes if shape.target == iri]
    rules = [(shape, rule) for shape in own_shapes for rule in shape.rules]
    rules += [(shape, rule) for shape in shapes for rule in shape.rules if rule.path == iri]
    kind = _kind(graph, iri, values, shapes)
    path = graph.addresses.term(iri).partition("?")[0].removeprefix(graph.addresses.root)
    return page(
        "ontology/term.html",
        iri=iri,
        short=in_prefixes(iri),
        kind=kind,
        node=node,
        names=[*dict.fromkeys((*_texts(values, LABEL), *_texts(values, PREF_LABEL)))],
        definitions=_texts(values, _DEFINITION),
        inverses=_texts(values, _INVERSE),
        notes=_texts(values, _NOTE),
        related=[*_related(graph, term, values)],
        use=_use_of(graph, term, kind, least),
        query=readable(graph.queries.text("term_described", thing=term)),
        is_of_class=bool(own_shapes),
        rules=rules_in_words(graph, rules),
        questions=[*_questions_with(graph, site().catalogue, iri)],
        defined_by=_defined_by(graph, iri),
        is_ours=iri.startswith(RN),
        data=files,
        rows=[(suffix, _address(iri, f".{suffix}", least)) for suffix in page_files.ROWS],
        cite=cited(f"{node.text} ({in_prefixes(iri)})", path, "iri", "certainty"),
    )


def _values(iri: str) -> _Values:
    """Return the ontology's statements about a term; raise Missing if there are none."""
    require_own_graph()
    term, queries = iri_node(iri), view().queries
    params(Sure)  # an unknown certainty is an error before a term is
    if not queries.ask("term_is_described", thing=term):
        raise Missing(_near(iri))
    found: dict[str, list[Term]] = {}
    for _, prop, value in queries.rows("values", thing=term, property=map(NamedNode, _READ)).rows:
        assert isinstance(prop, NamedNode) and value is not None
        found.setdefault(prop.value, []).append(value)
    return found


def _kind(graph: GraphView, iri: str, values: _Values, shapes: Sequence[Shape]) -> str:
    """Return the kind of a term; that of a reused term follows from its use."""
    types = {term.value for term in values.get(TYPE, ()) if isinstance(term, NamedNode)}
    if types:
        is_property = bool(types & _PROPERTIES)
        return "class" if _OWL + "Class" in types else "property" if is_property else "other"
    superclasses = {it for higher in graph.graph.superclasses.values() for it in higher}
    if iri in superclasses or any(shape.target == iri for shape in shapes):
        return "class"
    if any(rule.path == iri for shape in shapes for rule in shape.rules):
        return "property"
    if graph.queries.rows("examples_of_property", property=NamedNode(iri)).rows:
        return "property"
    instances = graph.queries.rows("examples_of_class", **{"class": NamedNode(iri)}).rows
    return "class" if instances else "other"


def _texts(values: _Values, key: str) -> list[Text]:
    """Return the texts of a property in French, then in English, then in other languages."""
    literals = (value for value in values.get(key, ()) if isinstance(value, Literal))
    found = (Text(typeset(it.value, it.language or ""), it.language or "") for it in literals)
    return sorted(found, key=lambda it: (it.language != "fr", it.language, it.value))


def _related(
    graph: GraphView, term: NamedNode, values: _Values
) -> Iterator[tuple[str, Sequence[Node]]]:
    """Yield the terms to which the ontology relates a term, by relation."""
    by_relation: dict[str, list[Term]] = {}
    for prop, name in _FORWARD.items():
        by_relation.setdefault(name, []).extend(values.get(prop, ()))
    for relation, other in graph.queries.rows("term_links", thing=term).rows:
        assert isinstance(relation, NamedNode) and other is not None
        by_relation.setdefault(_BACKWARD[relation.value], []).append(other)
    linked = (it for terms in by_relation.values() for it in terms if isinstance(it, NamedNode))
    nodes = term_nodes(graph, linked)
    for name, terms in by_relation.items():
        shown = [nodes[it] for it in dict.fromkeys(terms) if it in nodes]
        if shown:
            yield name, shown


def _defined_by(graph: GraphView, iri: str) -> Node | None:
    """Return the definition of a term: our ontology, or its own address on the web."""
    if iri.startswith(RN):
        return Node(ONTOLOGY, href=graph.addresses.path("/ontology"))
    address = graph.addresses.outside(iri)
    return None if address is None else Node(iri, href=address.href, external=True)


def _questions_with(graph: GraphView, catalogue: Catalogue, iri: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the words of each question whose query names a term, by name.

    The default values of its parameters name none.
    """

    def named() -> Mapping[str, frozenset[str]]:
        found = {}
        for question in catalogue.values():
            text = question.text
            for start, end in sorted(
                (b for p in question.parameters for b in p.blocks), reverse=True
            ):
                text = text[:start] + text[end:]
            found[question.name] = frozenset(it for _, it in named_iris(text) if it)
        return found

    terms = graph.graph.queries.once("terms of questions", None, named)
    for question in catalogue.values():
        if iri in terms[question.name]:
            yield graph.addresses.question(question.name), summary(question, graph.language)


def _use_of(graph: GraphView, term: NamedNode, kind: str, least: str) -> Mapping[str, Any] | None:
    """Return how often a class or a property is used, a few of its uses, and the query for them.

    Uses are of at least this certainty. Other terms have None.
    """
    queries = graph.queries
    of_certainty = {} if least == ANY_CERTAINTY else {"certainty": NamedNode(RN + least)}
    suffix = "_said" if of_certainty else ""
    if kind == "class":
        above = graph.graph.superclasses.items()
        subclasses = sorted(it for it, higher in above if term.value in higher)
        classes = {"class": [term, *map(NamedNode, subclasses)]}
        counted = queries.rows(f"things_counted{suffix}", **classes, **of_certainty)
        text = queries.text(f"examples_of_class{suffix}", **classes, **of_certainty)
        query = queries.text("things_of_class", **{"class": term})
        if suffix:
            query = Selection(queries, Source(of_class=term.value), Choices(least)).things()
    elif kind == "property":
        counted = queries.rows(f"uses_counted{suffix}", property=term, **of_certainty)
        text = queries.text(f"examples_of_property{suffix}", property=term, **of_certainty)
        query = queries.text(f"values_of_property{suffix}", property=term, **of_certainty)
    else:
        return None
    (number,) = (int(n.value) for (n,) in counted.rows if isinstance(n, Literal))
    is_listed = kind == "class" and number > 0
    return {
        "count": min(number, MOST_COUNTED),
        "more": number > MOST_COUNTED,
        "examples": _examples(graph, graph.store.select(text).rows, kind),
        "all": _list_of_class(graph, term.value, number, least) if is_listed else None,
        "query": readable(query),
    }


def _list_of_class(graph: GraphView, of_class: str, number: int, least: str) -> str:
    """Return the address of the list of a class with a number of things.

    If a kind has the same number, it is the list of the kind, so that no list has two addresses.
    All things of a kind are of its class.
    """
    asked = ("certainty", least if least != ANY_CERTAINTY else "")
    kind = LISTED_CLASSES.get(of_class)
    if kind is not None and not graph.foreign and number <= MOST_COUNTED:
        of_kind = Selection(graph.queries, source_of_kind(kind), Choices(least))
        if of_kind.total() == number:
            return graph.addresses.path(f"/list/{kind}", [asked])
    return graph.addresses.path("/list", [("class", of_class), asked])


def _examples(
    graph: GraphView, rows: Iterable[tuple[Term | None, ...]], kind: str
) -> list[Statement]:
    """Return the facts of some rows, each with the graphs that state it."""
    graphs_by_fact: dict[tuple[Term, str, Term], list[str]] = {}
    for row in rows:
        thing, source = row[0], row[-1]
        prop, value = (TYPE, row[1]) if kind == "class" else (str(row[1])[1:-1], row[2])
        assert thing is not None and value is not None
        graphs = graphs_by_fact.setdefault((thing, prop, value), [])
        if isinstance(source, NamedNode) and source.value != ONTOLOGY:
            graphs.append(source.value)
    return statements(graph, (StatedTriple(*it, tuple(of)) for it, of in graphs_by_fact.items()))
