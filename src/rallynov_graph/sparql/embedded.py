"""The embedded store: Oxigraph over a release or over any RDF files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)
from pyoxigraph import Store as Oxigraph

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Row, Solutions, TermFunctions
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import position_at, undeclared_prefixes
from rallynov_graph.sparql import filling

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

ENGINE_ERRORS: Final = (ValueError, OSError, RuntimeError)
"""The exceptions of the engine for a valid query that it cannot answer."""
EXCERPT: Final = 40
"""How many characters of a faulty query an error repeats."""
ROOM: Final = 64 << 20
"""How much memory the answers that are kept may take, in bytes."""
_AT: Final = re.compile(r"^error at (\d+):(\d+): expected (?:one of )?(.*)$", re.DOTALL)
_REIFIES: Final = NamedNode(PREFIXES["rdf"] + "reifies")
_SENTENCE: Final = re.compile(r"(?:^|, )([A-Za-z]+(?: (?:[A-Za-z]+|\*)){2,})(?=,|$)")

Answer = QuerySolutions | QueryBoolean | QueryTriples


class StoreQuery(NamedTuple):
    """A query; graphs that override FROM, one kind empty if the other is given; functions.

    With ``documents``, it only sees the content of these documents.
    """

    query: str
    base: str | None = None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    functions: TermFunctions | None = None
    documents: tuple[str, ...] = ()


class EmbeddedStore:
    """An RDF dataset that answers SPARQL 1.1; it is filled once."""

    def __init__(
        self,
        oxigraph: Oxigraph,
        *,
        complete: bool = False,
        folder: Path | None = None,
    ) -> None:
        """Wrap a filled store; ``complete`` means that its default graph has every triple."""
        self._oxigraph = oxigraph
        self._pages: EmbeddedStore | None = self if complete else None
        self._folder = folder
        self.at: Callable[[tuple[str, ...]], EmbeddedStore] | None = None
        """Returns the store of what was known from some documents; None if it is not offered."""

    @classmethod
    def of_release(cls, release: Release) -> EmbeddedStore:
        """Return the store of a release, in memory.

        Its ontology is a named graph beside those of the data; its default graph holds each
        distinct current triple once.
        """
        return cls.of_frozen(release.data, release.ontology)

    @classmethod
    def of_frozen(cls, data: Path, ontology: Path) -> EmbeddedStore:
        return cls(filling.of_release(data, ontology), complete=True)

    @classmethod
    def on_disk(cls, folder: Path) -> EmbeddedStore:
        """Return the store that ``write`` put into a folder, read only; raise OSError."""
        return cls(Oxigraph.read_only(str(folder)), complete=True, folder=folder)

    @staticmethod
    def write(release: Release, folder: Path) -> None:
        """Write the store of a release into a folder, optimised for reading; raise OSError."""
        filling.write(release, folder)

    @classmethod
    def of_files(cls, paths: Sequence[Path]) -> EmbeddedStore:
        """Return the store of RDF files: their dataset unchanged, each quad in its graph.

        Raises SourceError for a file that cannot be read.
        """
        from rallynov_graph.rdf import sources

        return cls.of_quads(sources.quads(paths))

    @classmethod
    def of_quads(cls, quads: Iterable[Quad]) -> EmbeddedStore:
        """Return the store of a dataset, each quad in its graph; each reifier gets an IRI."""
        oxigraph = Oxigraph()
        oxigraph.bulk_extend(quads)
        _name_reifiers(oxigraph)
        return cls(oxigraph)

    @classmethod
    def of_all(
        cls,
        quads: Iterable[Quad],
        only_in_named_graphs: Iterable[Quad] = (),
        *,
        further: Iterable[Quad] = (),
    ) -> EmbeddedStore:
        """Return a store whose default graph has each current triple of a dataset once.

        ``further`` quads are few, and a part of it. The quads of ``only_in_named_graphs`` are left
        out of the default graph, too.
        """
        oxigraph = filling.of_all(quads, further)
        oxigraph.bulk_extend(only_in_named_graphs)
        return cls(oxigraph)

    @classmethod
    def of_named_graphs(cls, quads: Iterable[Quad]) -> EmbeddedStore:
        """Return the store of a dataset without blank nodes or statements outside named graphs.

        Its default graph has each current triple once.
        """
        return cls(filling.of_named_graphs(quads), complete=True)

    def pages(self) -> EmbeddedStore:
        """Return the same data with every triple once in the default graph, for pages.

        It is this store itself if its default graph is complete.
        """
        if self._pages is None:
            merged = Oxigraph()
            if self._lacks_in_default_graph():
                merged.bulk_extend(iter(self._oxigraph))
                self._pages = EmbeddedStore(
                    filling.with_all_in_default_graph(merged), complete=True
                )
            else:
                self._pages = self
        return self._pages

    def descriptors(self) -> frozenset[int]:
        """Return the descriptors of the engine's files; none for a store in memory."""
        if self._folder is None:
            return frozenset()
        files = {_identity(path.stat()) for path in self._folder.iterdir()}
        return frozenset(fd for fd in _open_descriptors() if _identity(os.fstat(fd)) in files)

    def graphs(self) -> frozenset[str]:
        """Return the names of the named graphs, without blank nodes."""
        return frozenset(g.value for g in self._oxigraph.named_graphs() if isinstance(g, NamedNode))

    def default_size(self) -> int:
        """Return the number of triples in the default graph."""
        [[count]] = self.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
        return int(getattr(count, "value", 0))

    def __len__(self) -> int:
        """Return the number of quads, including the default graph's."""
        return len(self._oxigraph)

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError."""
        found = self._solutions(query)
        try:
            rows = tuple(tuple(solution) for solution in found)
        except ENGINE_ERRORS as error:
            raise engine_error(error) from error
        return Solutions(tuple(variable.value for variable in found.variables), rows)

    def rows(self, query: str | StoreQuery) -> Iterator[Row]:
        """Yield the solutions of a SELECT as they are found; raise QueryError."""
        found = self._solutions(query)
        names = [v.value for v in found.variables]
        try:
            for solution in found:
                yield dict(zip(names, solution, strict=True))
        except ENGINE_ERRORS as error:
            raise engine_error(error) from error

    def default_graph(self) -> Iterator[Quad]:
        """Yield the statements of the default graph."""
        return self._oxigraph.quads_for_pattern(None, None, None, DefaultGraph())

    def _solutions(self, query: str | StoreQuery) -> QuerySolutions:
        found = self.answer(StoreQuery(query) if isinstance(query, str) else query)
        if not isinstance(found, QuerySolutions):
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        return found

    def ask(self, query: str) -> bool:
        """Return the result of an ASK; raise QueryError for any other form."""
        found = self.answer(StoreQuery(query))
        if not isinstance(found, QueryBoolean):
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError for any other form."""
        found = self.answer(StoreQuery(query))
        if not isinstance(found, QueryTriples):
            raise QueryError("This query is neither a CONSTRUCT nor a DESCRIBE: it has no triples.")
        return iter(found)

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        answer = self.answer(StoreQuery(query))
        known_formats = formats.GRAPHS if isinstance(answer, QueryTriples) else formats.RESULTS
        form = formats.by_media_type(media_type, known_formats)
        if form is None:
            names = ", ".join(f.media_type for f in known_formats)
            raise UnknownNameError(f"This answer is not given as {media_type!r}, but as {names}.")
        return serialized(answer, form)

    def answer(self, request: StoreQuery) -> Answer:
        """Return the engine's answer, not serialised; raise QueryError, with line and column."""
        if request.documents and self.at is not None:
            return self.at(request.documents).answer(request._replace(documents=()))
        default, named = request.default_graphs, request.named_graphs
        exact = default is not None or named is not None
        try:
            return self._oxigraph.query(
                request.query,
                base_iri=request.base,
                default_graph=[*_nodes(default)] if exact else None,
                named_graphs=[*_nodes(named)] if exact else None,
                custom_functions=request.functions,
            )
        except SyntaxError as error:
            raise syntax_error(str(error), request.query) from error
        except ENGINE_ERRORS as error:
            raise engine_error(error) from error

    def quads(
        self, subject: NamedNode | None = None, graph: NamedNode | DefaultGraph | None = None
    ) -> Iterator[Quad]:
        """Yield the quads about a thing, and of a graph; None is a wildcard."""
        return self._oxigraph.quads_for_pattern(subject, None, None, graph)

    def _lacks_in_default_graph(self) -> bool:
        return any(
            Quad(*quad.triple) not in self._oxigraph
            for quad in self._oxigraph
            if quad.graph_name != DefaultGraph() and is_current(quad.graph_name)
        )


class RememberingStore(EmbeddedStore):
    """The data of another store, with a cache of its tables."""

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store._oxigraph, complete=True, folder=store._folder)
        self._kept: Cache[str, Solutions] = Cache(ROOM, memory)

    def select(self, query: str) -> Solutions:
        found = super().select
        return self._kept.once(query, lambda: found(query))


def serialized(answer: Answer, form: Format) -> bytes:
    """Return an answer's bytes as serialised by the engine; raise QueryError if it breaks off."""
    try:
        if isinstance(answer, QueryTriples):
            data = answer.serialize(format=form.rdf)
        else:
            data = answer.serialize(format=form.results)
    except ENGINE_ERRORS as error:
        raise engine_error(error) from error
    assert data is not None  # the engine returns None only when it wrote into a file
    return data


def engine_error(error: Exception) -> QueryError:
    """Return the engine's error for a query that it could not finish."""
    return QueryError(f"The query cannot be answered: {str(error).rstrip('.')}.")


def syntax_error(message: str, query: str) -> QueryError:
    """Return the engine's syntax error as one readable sentence, with its place."""
    place = _AT.match(message)
    if place is None:
        return QueryError(f"The query is not valid SPARQL: {message}")
    line, column = int(place[1]), int(place[2])
    sentences = _SENTENCE.findall(place[3])
    undeclared = undeclared_prefixes(query)
    if undeclared:
        prefix, start = min(undeclared.items(), key=lambda item: item[1])
        line, column = position_at(query, start)
        reason = f"the prefix {prefix}: is not declared"
        if query[start - 1 : start] == "<":
            reason += ", or the IRI has a character that it may not have, such as a space"
    elif sentences:
        reason = "; ".join(sentences)
    else:
        reason = f"unexpected {_excerpt(query, line, column)}"
    text = f"The query is not valid SPARQL: line {line}, column {column}: {reason}."
    return QueryError(text, line, column)


def _excerpt(query: str, line: int, column: int) -> str:
    """Return the beginning of the query from a position on, in quotes."""
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    if not rest:
        return "end of line" if line < len(lines) else "end of the query"
    return f"\u201c{rest[:EXCERPT]}\u2026\u201d" if len(rest) > EXCERPT else f"\u201c{rest}\u201d"


def _nodes(iris: tuple[str, ...] | None) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris or ()]
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}") from error


def _name_reifiers(oxigraph: Oxigraph) -> None:
    """Give each reifier that is a blank node an IRI, made from what it reifies: pages need one."""
    unnamed = {
        quad.subject: str(quad.object)
        for quad in oxigraph.quads_for_pattern(None, _REIFIES, None)
        if isinstance(quad.subject, BlankNode)
    }
    said = {it: [*oxigraph.quads_for_pattern(it, None, None)] for it in unnamed}
    texts = {it: sorted(f"{q.predicate} {q.object}" for q in said[it]) for it in unnamed}
    numbers = Counter[str]()
    for node in sorted(unnamed, key=texts.__getitem__):
        triple = unnamed[node]
        numbers[triple] += 1
        iri = NamedNode(uuid5(NAMESPACE_URL, f"{triple} {numbers[triple]}").urn)
        for old in (*said[node], *oxigraph.quads_for_pattern(None, None, node)):
            subject, value = (iri if it == node else it for it in (old.subject, old.object))
            oxigraph.add(Quad(subject, old.predicate, value, old.graph_name))  # type: ignore[arg-type]
            oxigraph.remove(old)


def _open_descriptors() -> Iterator[int]:
    for name in os.listdir("/dev/fd"):
        with suppress(OSError):
            os.fstat(int(name))
            yield int(name)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
