"""RDF/XML: one description a subject, written while the triples come.

The engine's own writer uses names and characters that XML forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports import xml_writer

_STRING: Final = PREFIXES["xsd"] + "string"
_RDF: Final = PREFIXES["rdf"]
_NOT_PROPERTIES: Final = frozenset(
    _RDF + name
    for name in (
        *("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""The names that RDF/XML does not read as properties."""


def write(triples: Iterable[Triple], prefixes: Mapping[str, str], file: IO[bytes]) -> None:
    """Write triples, those of a subject together; raise UnwritableError for what XML cannot say."""
    known = {iri: prefix for prefix, iri in sorted(prefixes.items())} | {_RDF: "rdf"}
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF')
    for iri, prefix in sorted(known.items(), key=lambda item: item[1]):
        file.write(f"\n    xmlns:{prefix}={xml_writer.quoted(iri)}".encode())
    file.write(b">\n")
    subject: Term | None = None
    for triple in triples:
        if triple.subject != subject:
            if subject is not None:
                file.write(b"  </rdf:Description>\n")
            subject = triple.subject
            file.write(f"  <rdf:Description{_node('about', subject)}>\n".encode())
        file.write(f"    {_property(triple, known)}\n".encode())
    if subject is not None:
        file.write(b"  </rdf:Description>\n")
    file.write(b"</rdf:RDF>\n")


def _property(triple: Triple, known: Mapping[str, str]) -> str:
    iri = triple.predicate.value
    parts = xml_writer.split_iri(iri)
    if parts is None or iri in _NOT_PROPERTIES:
        raise UnwritableError(
            f"RDF/XML has no name for the property <{iri}>: take another format, such as ttl."
        )
    namespace, local = parts
    prefix = known.get(namespace)
    declared = "" if prefix else f" xmlns:p={xml_writer.quoted(namespace)}"
    tag = f"{prefix or 'p'}:{local}"
    value = triple.object
    if not isinstance(value, Literal):
        return f"<{tag}{declared}{_node('resource', value)}/>"
    if not xml_writer.is_writable(value.value) or value.direction is not None:
        raise UnwritableError(
            f"RDF/XML cannot hold the value of <{iri}> of {triple.subject}: "
            "take another format, such as ttl."
        )
    return f"<{tag}{declared}{_kind(value)}>{xml_writer.escaped(value.value)}</{tag}>"


def _kind(value: Literal) -> str:
    if value.language:
        return f" xml:lang={xml_writer.quoted(value.language)}"
    if value.datatype.value == _STRING:
        return ""
    return f" rdf:datatype={xml_writer.quoted(value.datatype.value)}"


def _node(name: str, term: Term) -> str:
    if isinstance(term, BlankNode):
        return f" rdf:nodeID={xml_writer.quoted(term.value)}"
    if not isinstance(term, NamedNode):
        raise UnwritableError(f"RDF/XML cannot hold the statement {term}: take nq or trig.")
    return f" rdf:{name}={xml_writer.quoted(term.value)}"
