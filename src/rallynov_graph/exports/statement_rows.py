"""The statements of a release, one after the other; by graph, they are sorted in memory."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import is_current, is_current_line
from rallynov_graph.base.namespaces import ID, kind_of_iri
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

_LINES_AT_ONCE: Final = 20_000
_ITEMS_BETWEEN_REPORTS: Final = 5_000
_KIND: Final = f"<{ID}".encode()
_Item = TypeVar("_Item")


def quads(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    """Yield the quads of a release in its order: by subject, property, object, then graph."""
    found = parse(path=release.data, format=RdfFormat.N_QUADS, lenient=True)
    return with_progress(cast("Iterator[Quad]", found), release.manifest.counts["quads"], progress)


def current_quads(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    """Yield the current quads."""
    return (quad for quad in quads(release, progress) if is_current(quad.graph_name))


def triples(release: Release, progress: Progress | None = None) -> Iterator[Triple]:
    """Yield each distinct current triple of a release, by subject."""
    previous = None
    for quad in current_quads(release, progress):
        triple = quad.triple
        if triple != previous:
            yield triple
        previous = triple


def lines_of_triples(release: Release) -> Iterator[bytes]:
    """Yield each distinct current triple of a release as a line of N-Triples.

    Each line of the data has a graph as its last term.
    """
    previous = b""
    with release.data.open("rb") as lines:
        for line in lines:
            triple, graph, _ = line.rsplit(b" ", 2)
            if is_current_line(graph) and triple != previous:
                yield triple + b" .\n"
                previous = triple


def quads_by_graph(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    with release.data.open("rb") as file:
        lines = sorted(file, key=lambda line: line[line.rindex(b" <") :])
    parts = (lines[at : at + _LINES_AT_ONCE] for at in range(0, len(lines), _LINES_AT_ONCE))
    found = (
        quad
        for part in parts
        for quad in parse(b"".join(part), format=RdfFormat.N_QUADS, lenient=True)
    )
    return with_progress(found, len(lines), progress)


def kinds(release: Release) -> tuple[str, ...]:
    """Return the kinds of things that a release describes: the first part of their IRIs."""
    found: set[bytes] = set()
    with release.data.open("rb") as lines:
        for line in lines:
            if line.startswith(_KIND):
                kind, slash, _ = line[len(_KIND) : line.index(b">")].partition(b"/")
                if slash:
                    found.add(kind)
    return tuple(sorted(kind.decode() for kind in found))


def kind_of(term: object) -> str:
    """Return the kind of one of our things, the empty string for any other."""
    return kind_of_iri(term.value) if isinstance(term, NamedNode) else ""


def with_progress(items: Iterable[_Item], total: int, progress: Progress | None) -> Iterator[_Item]:
    if progress is None:
        yield from items
        return
    for number, item in enumerate(items):
        if number % _ITEMS_BETWEEN_REPORTS == 0:
            progress(number, total)
        yield item
    progress(total, total)
