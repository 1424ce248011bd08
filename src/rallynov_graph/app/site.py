"""What the site knows for all its readers: the graph, its release, its words, its queries."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from rallynov_graph import __version__
from rallynov_graph import catalogue as catalogues
from rallynov_graph.app.messages import Messages, load
from rallynov_graph.catalogue import Catalogue
from rallynov_graph.labels import Labels, Text
from rallynov_graph.namespaces import BASE
from rallynov_graph.page_queries import PageQueries
from rallynov_graph.resources import queries_dir, web_dir
from rallynov_graph.store import Store
from rallynov_graph.views.layout import Layout, read
from rallynov_graph.views.nodes import Graph

if TYPE_CHECKING:
    from rallynov_graph.release import Release


@dataclass(frozen=True)
class Site:
    """One graph and everything that its pages are made with."""

    graph: Graph
    release: Release | None
    catalogue: Catalogue
    messages: dict[str, Messages]
    base: str
    stamp: str
    """Changes whenever a page may change: with the release, the software or its files."""

    @classmethod
    def of(
        cls,
        store: Store,
        release: Release | None,
        base: str = BASE,
        catalogue: Catalogue | None = None,
    ) -> Site:
        """Return the site of a store."""
        queries = PageQueries(store)
        shapes = b"" if release is None else release.shapes.read_bytes()
        return cls(
            Graph(
                queries,
                Labels(queries),
                _layout(queries, shapes),
                _pairs(queries, "superclasses"),
                _pairs(queries, "converses"),
            ),
            release,
            catalogues.load() if catalogue is None else catalogue,
            load(),
            base,
            _stamp(release),
        )

    @property
    def foreign(self) -> bool:
        """Whether the graph is somebody else's, of which only classes and links are known."""
        return self.release is None

    @property
    def store(self) -> Store:
        """The store that answers."""
        return self.graph.queries.store


def _layout(queries: PageQueries, shapes: bytes) -> Layout:
    backwards: dict[str, list[Text]] = {}
    for prop, label in queries.rows("inverse_labels").rows:
        if isinstance(prop, NamedNode) and isinstance(label, Literal):
            text = Text(label.value, label.language or "")
            backwards.setdefault(prop.value, []).append(text)
    return read(shapes, {prop: tuple(texts) for prop, texts in backwards.items()})


def _pairs(queries: PageQueries, name: str) -> dict[str, tuple[str, ...]]:
    """Return what a query of two columns pairs each IRI of the first with."""
    found: dict[str, list[str]] = {}
    for first, second in queries.rows(name).rows:
        if isinstance(first, NamedNode) and isinstance(second, NamedNode):
            found.setdefault(first.value, []).append(second.value)
    return {first: tuple(seconds) for first, seconds in found.items()}


def _stamp(release: Release | None) -> str:
    """Return a hash of everything that a page is made from, of another graph one of its own."""
    if release is None:
        return secrets.token_hex(8)
    digest = hashlib.sha256(f"{release.id} {release.manifest.derived} {__version__}".encode())
    for folder in (web_dir(), queries_dir()):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
