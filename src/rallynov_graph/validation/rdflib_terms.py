"""Terms and graphs of rdflib, which pySHACL reads, made of ours and back."""

import logging
import warnings
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.terms import Term

_STRING: Final = URIRef("http://www.w3.org/2001/XMLSchema#string")

# rdflib logs, or warns of, each value that its datatype does not allow; the shapes judge that.
warnings.filterwarnings("ignore", "Parsing weird boolean")
logging.getLogger("rdflib.term").disabled = True


def as_graph(quads: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return the triples of all graphs together for rdflib, literals as they were written."""
    graph = Graph()
    for quad in quads:
        graph.add((as_node(quad.subject), as_node(quad.predicate), as_node(quad.object)))
    return graph


def as_node(term: Term) -> Node:
    """Return a term for rdflib, a literal as it was written; raise RallynovError."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            return as_literal(term)
    raise RallynovError(f"SHACL checking does not read triple terms (RDF 1.2): {term}")


def as_literal(literal: ox.Literal) -> Literal:
    """Return a literal for rdflib, as it was written."""
    if literal.language:
        return Literal(literal.value, lang=literal.language)
    datatype = URIRef(literal.datatype.value)
    return Literal(
        literal.value, datatype=None if datatype == _STRING else datatype, normalize=False
    )


def as_term(node: Node) -> Term:
    """Return a term of rdflib as ours."""
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _STRING)))
    return ox.BlankNode(str(node))
