"""The statements of a release, one after the other: only a few are in memory at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import ID, kind_of_iri
from rallynov_graph.base.standings import is_current, is_current_line
from rallynov_graph.rdf.canonical import write_sorted_lines
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

LINES_AT_ONCE: Final = 200_000
"""How many lines are sorted in memory; the others wait on disk."""
_BYTES_AT_ONCE: Final = 4 << 20
_ITEMS_BETWEEN_REPORTS: Final = 5_000
_KIND: Final = f"<{ID}".encode()
_Item = TypeVar("_Item")


def quads(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    """Yield the quads of a release in its order: by subject, property, object, then graph."""
    found = parse(path=release.data, format=RdfFormat.N_QUADS, lenient=True)
    return with_progress(cast("Iterator[Quad]", found), release.manifest.counts["quads"], progress)


def current_quads(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    """Yield those quads that are current."""
    return (quad for quad in quads(release, progress) if is_current(quad.graph_name))


def triples(release: Release, progress: Progress | None = None) -> Iterator[Triple]:
    """Yield each distinct triple of a release that is current, by subject."""
    previous = None
    for quad in current_quads(release, progress):
        triple = quad.triple
        if triple != previous:
            yield triple
        previous = triple


def lines_of_triples(release: Release) -> Iterator[bytes]:
    """Yield each distinct triple of a release that is current as a line of N-Triples.

    Each line of its data names a graph, as its last term.
    """
    previous = b""
    with release.data.open("rb") as lines:
        for line in lines:
            triple, graph, _ = line.rsplit(b" ", 2)
            if is_current_line(graph) and triple != previous:
                yield triple + b" .\n"
                previous = triple


def quads_by_graph(release: Release, progress: Progress | None = None) -> Iterator[Quad]:
    """Yield the quads of a release by graph, in each by subject."""
    with tempfile.TemporaryDirectory(prefix="rallynov-export-") as folder:
        by_graph = Path(folder) / "by-graph"
        write_sorted_lines(_graph_first(release.data), by_graph)
        found = with_progress(_parsed(by_graph), release.manifest.counts["quads"], progress)
        yield from found


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
    """Return the kind of a thing of ours, the empty string for any other."""
    return kind_of_iri(term.value) if isinstance(term, NamedNode) else ""


def with_progress(items: Iterable[_Item], total: int, progress: Progress | None) -> Iterator[_Item]:
    """Yield the items, and report at intervals how many are done."""
    if progress is None:
        yield from items
        return
    for number, item in enumerate(items):
        if number % _ITEMS_BETWEEN_REPORTS == 0:
            progress(number, total)
        yield item
    progress(total, total)


def _graph_first(data: Path) -> Iterator[list[bytes]]:
    with data.open("rb") as file:
        part: list[bytes] = []
        for line in file:
            triple, _, graph = line.rpartition(b" <")
            part.append(b"<%s %s .\n" % (graph[: graph.index(b">") + 1], triple))
            if len(part) == LINES_AT_ONCE:
                yield sorted(part)
                part = []
        if part:
            yield sorted(part)


def _parsed(by_graph: Path) -> Iterator[Quad]:
    with by_graph.open("rb") as file:
        while lines := file.readlines(_BYTES_AT_ONCE):
            split = (line[:-3].partition(b" ") for line in lines)
            text = b"".join(b"%s %s .\n" % (triple, graph) for graph, _, triple in split)
            yield from cast("Iterator[Quad]", parse(text, format=RdfFormat.N_QUADS, lenient=True))
