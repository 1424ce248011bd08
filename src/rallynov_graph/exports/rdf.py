"""A release as RDF: the same facts in every format, the same bytes each time."""

import shutil
from collections.abc import Iterable
from typing import IO, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.namespaces import ID, PREFIXES
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.canonical import written
from rallynov_graph.rdf.formats import Format
from rallynov_graph.releases.release import Release

_WITHOUT_SHORT_FORM: Final = ("id",)
"""Its local names would hold a slash; a prefix a kind of thing reads better."""


def write(release: Release, form: Format, file: IO[bytes]) -> None:
    """Write the data of a release into a file.

    Formats that carry graphs keep them; the others hold each distinct triple once.
    """
    if form is formats.N_QUADS:
        with release.data.open("rb") as data:
            shutil.copyfileobj(data, file)
        return
    assert form.rdf is not None
    quads = parse(path=release.data, format=RdfFormat.N_QUADS)
    if form.carries_graphs:
        by_graph = sorted((q for q in quads if isinstance(q, Quad)), key=_graph_first)
        file.write(written(by_graph, form.rdf, _prefixes(by_graph)))
    else:
        triples = sorted({quad.triple for quad in quads}, key=str)
        file.write(written(triples, form.rdf, _prefixes(triples)))


def _graph_first(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def _prefixes(statements: Iterable[Quad | Triple]) -> dict[str, str]:
    """Return our prefixes, and one for each kind of thing that is described."""
    kinds = {
        s.subject.value.removeprefix(ID).partition("/")[0]
        for s in statements
        if isinstance(s.subject, NamedNode) and s.subject.value.startswith(ID)
    }
    named = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in _WITHOUT_SHORT_FORM}
    return {f"{kind}": f"{ID}{kind}/" for kind in sorted(kinds) if kind} | named
