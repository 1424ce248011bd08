"""A release as RDF: the same facts in every format, reproducible, at any size."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import IO, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from rallynov_graph.base.certainty import is_current_line
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.statement_rows import (
    kinds,
    lines_of_triples,
    quads_by_graph,
    triples,
    with_progress,
)
from rallynov_graph.rdf import canonical, compact, formats
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that XML 1.0 has no way to write."""
_START: Final = (
    r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;"}
)
_IN_ATTRIBUTE: Final = {**_ESCAPES, ord("\n"): "&#10;"}
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
_WITHOUT_SHORT_FORM: Final = ("id",)
"""Its local names would have a slash; a prefix for each kind of thing is easier to read."""
_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
_REIFIES: Final = f" <{PREFIXES['rdf']}reifies> <<( ".encode()
_AT_ONCE: Final = 1 << 20
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_CONCEPT, _BROADER, _IN_SCHEME, _TOP_OF, _HAS_TOP = (
    NamedNode(PREFIXES["skos"] + name)
    for name in ("Concept", "broader", "inScheme", "topConceptOf", "hasTopConcept")
)
_THESAURUS_CLASSES: Final = frozenset(
    NamedNode(prefixed)
    for prefixed in (
        PREFIXES["skos"] + "Concept",
        PREFIXES["skos"] + "Collection",
        PREFIXES["skos"] + "ConceptScheme",
        PREFIXES["schema"] + "Dataset",
    )
)
"""The classes of the things in the thesaurus; the dataset has its licence and its makers."""


def write(
    release: Release, form: Format, file: IO[bytes], progress: Progress | None = None
) -> None:
    """Write the data of a release into a file.

    Formats with graphs keep them, including those that are not current; the others contain each
    distinct current triple once. Raises UnwritableError if a format cannot express a statement.
    """
    if form is formats.N_QUADS:
        _copy(release, file, progress)
    elif form is formats.N_TRIPLES:
        lines = lines_of_triples(release)
        file.writelines(with_progress(lines, release.manifest.counts["triples"], progress))
    elif form is formats.JSON_LD:
        compact.write(quads_by_graph(release, progress), compact.Context.of(release.context), file)
    elif form is formats.RDF_XML:
        write_rdf_xml(triples(release, progress), _our_prefixes(), file)
    elif form is formats.TRIG:
        quads = quads_by_graph(release, progress)
        canonical.write(quads, RdfFormat.TRIG, prefixes(release), file)
    else:
        canonical.write(triples(release, progress), RdfFormat.TURTLE, prefixes(release), file)


def write_thesaurus(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the concepts, their schemes, and the description of the dataset as Turtle.

    Each scheme names its top concepts: those without a broader concept.
    """
    wanted = {
        t.subject
        for t in triples(release)
        if t.predicate == _TYPE and t.object in _THESAURUS_CLASSES
    }
    chosen = {t for t in triples(release, progress) if t.subject in wanted}
    top = {t.subject for t in chosen if t.object == _CONCEPT}
    top -= {t.subject for t in chosen if t.predicate == _BROADER}
    for it in [t for t in chosen if t.predicate == _IN_SCHEME and t.subject in top]:
        if isinstance(it.object, NamedNode):
            chosen.add(Triple(it.subject, _TOP_OF, it.object))
            chosen.add(Triple(it.object, _HAS_TOP, it.subject))
    canonical.write(sorted(chosen, key=str), RdfFormat.TURTLE, prefixes(release), file)


def prefixes(release: Release) -> dict[str, str]:
    """Return our prefixes, and one for each described kind of thing."""
    found = (kind for kind in kinds(release) if _PREFIX.fullmatch(kind))
    return {kind: f"{ID}{kind}/" for kind in found} | _our_prefixes()


def _our_prefixes() -> dict[str, str]:
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in _WITHOUT_SHORT_FORM}


def _copy(release: Release, file: IO[bytes], progress: Progress | None) -> None:
    total = release.data.stat().st_size
    with release.data.open("rb") as data:
        while piece := data.read(_AT_ONCE):
            file.write(piece)
            if progress is not None:
                progress(data.tell(), total)


def write_rdf_xml(triples: Iterable[Triple], prefixes: Mapping[str, str], file: IO[bytes]) -> None:
    """Write triples, grouped by subject; raise UnwritableError for anything XML cannot express.

    The engine's own writer produces names and characters that XML forbids.
    """
    known = {iri: prefix for prefix, iri in sorted(prefixes.items())} | {_RDF: "rdf"}
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF')
    for iri, prefix in sorted(known.items(), key=lambda item: item[1]):
        file.write(f"\n    xmlns:{prefix}={_quoted(iri)}".encode())
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
    parts = _split_iri(iri)
    if parts is None or iri in _NOT_PROPERTIES:
        raise UnwritableError(
            f"RDF/XML has no name for the property <{iri}>: take another format, such as ttl."
        )
    namespace, local = parts
    prefix = known.get(namespace)
    declared = "" if prefix else f" xmlns:p={_quoted(namespace)}"
    tag = f"{prefix or 'p'}:{local}"
    value = triple.object
    if not isinstance(value, Literal):
        return f"<{tag}{declared}{_node('resource', value)}/>"
    if FORBIDDEN.search(value.value) or value.direction is not None:
        raise UnwritableError(
            f"RDF/XML cannot represent the value of <{iri}> of {triple.subject}: "
            "take another format, such as ttl."
        )
    return f"<{tag}{declared}{_kind_of_literal(value)}>{_escaped(value.value)}</{tag}>"


def _kind_of_literal(value: Literal) -> str:
    if value.language:
        return f" xml:lang={_quoted(value.language)}"
    if value.datatype.value == _STRING:
        return ""
    return f" rdf:datatype={_quoted(value.datatype.value)}"


def _node(name: str, term: Term) -> str:
    if isinstance(term, BlankNode):
        return f" rdf:nodeID={_quoted(term.value)}"
    if not isinstance(term, NamedNode):
        raise UnwritableError(f"RDF/XML cannot represent the statement {term}: take nq or trig.")
    return f" rdf:{name}={_quoted(term.value)}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _quoted(text: str) -> str:
    """Return a text, escaped and quoted for the value of an attribute."""
    return f'"{text.translate(_IN_ATTRIBUTE)}"'


_LOCAL: Final = rf"[{_START}][{_START}\-.0-9\xb7\u0300-\u036f\u203f-\u2040]*\Z"
"""The pattern of a local name at the end of a text."""


def _split_iri(iri: str) -> tuple[str, str] | None:
    """Return the namespace and the longest local name of an IRI; None if there is no valid name."""
    local = re.compile(_LOCAL)  # which keeps it
    start = next(
        (start_of_name for start_of_name in range(1, len(iri)) if local.match(iri, start_of_name)),
        0,
    )
    return (iri[:start], iri[start:]) if start else None


def write_reifiers(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write a release as N-Triples of RDF 1.2, in the order of its data.

    ``<graph> rdf:reifies <<( subject property object )>>`` records which graph states what, without
    named graphs; current triples are asserted as well. So a store of RDF 1.2 has the same default
    graph as ours, and the passages, voices and certainties of graphs become those of reifiers.
    """
    count = release.manifest.counts["triples"]
    file.writelines(with_progress(_reified(statements_of(release.data)), count, progress))


def _reified(statements: Iterable[tuple[bytes, bytes | None]]) -> Iterator[bytes]:
    """Yield the lines of each distinct triple: itself if it is current, then its graphs."""
    for triple, found in groupby(statements, key=itemgetter(0)):
        graphs = [graph for _, graph in found]
        own = [triple + b" .\n"] if any(map(is_current_line, graphs)) else []
        reified = [graph + _REIFIES + triple + b" )>> .\n" for graph in graphs if graph is not None]
        yield b"".join([*own, *reified])
