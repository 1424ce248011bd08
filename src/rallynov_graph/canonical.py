"""RDF written the same way each time: sorted, and with its prefixes in a fixed order."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Quad, RdfFormat, Triple, serialize

_TURTLE_PREFIX: Final = b"@prefix "
_XML_ROOT: Final = re.compile(rb"<rdf:RDF((?: xmlns:[^>]*)?)>")
_XML_NAMESPACE: Final = re.compile(rb' xmlns:[^=]+="[^"]*"')


def sorted_lines(statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat) -> bytes:
    """Return statements as canonical N-Quads or N-Triples: sorted lines, each once."""
    written = serialize(statements, format=form) or b""
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return triples as Turtle, by subject."""
    return written(sorted(set(triples), key=str), RdfFormat.TURTLE, prefixes)


def written(
    statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Return statements in the order they come in.

    The engine keeps prefixes in a hash map, so that they come in another order each time.
    """
    whole = serialize(statements, format=form, prefixes=dict(prefixes)) or b""
    if form == RdfFormat.RDF_XML:
        return _XML_ROOT.sub(_sorted_namespaces, whole, count=1)
    end = 0
    while whole.startswith(_TURTLE_PREFIX, end):
        end = whole.index(b"\n", end) + 1
    return b"".join(sorted(whole[:end].splitlines(keepends=True))) + whole[end:]


def _sorted_namespaces(root: re.Match[bytes]) -> bytes:
    return b"<rdf:RDF%s>" % b"".join(sorted(_XML_NAMESPACE.findall(root[1])))
