"""The site: a graph with its release, words and queries, shared by all requests."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from flask import Flask
from jinja2 import BytecodeCache, Environment, StrictUndefined
from jinja2.bccache import Bucket
from pyoxigraph import Literal, NamedNode, Triple
from werkzeug.http import http_date

from rallynov_graph import __version__
from rallynov_graph.base import kinds
from rallynov_graph.base.cache import Cache
from rallynov_graph.base.errors import AssetsError, UnknownNameError
from rallynov_graph.base.languages import day, typeset
from rallynov_graph.base.namespaces import BASE, ID, PREFIXES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.resources import ontology_dir, package_queries, page_files, web_dir
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.questions import catalogue as catalogues
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.datasets import is_ours
from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.questions.labels import Labels, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries, dates_of_documents
from rallynov_graph.questions.parameters import questions_of_data
from rallynov_graph.rdf.compact import Context
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, RDF_XML, Format
from rallynov_graph.release import moments
from rallynov_graph.release.attribution import UNPUBLISHED, Origin, Publication
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.documents import NO_TEXTS, LoadedTexts, NamedDocument
from rallynov_graph.release.finder import Finder, SearchIndexFile
from rallynov_graph.release.release import CONTEXT, SHAPES, Release
from rallynov_graph.release.release_set import SHORT, EarlierRelease, Version
from rallynov_graph.search.asking import Phrases
from rallynov_graph.search.text_index import TextIndex
from rallynov_graph.site.model.addresses import AS_OF, IN_DOCUMENT, Addresses
from rallynov_graph.site.model.layout import Layout, read
from rallynov_graph.site.model.nodes import Graph, page_cache
from rallynov_graph.site.model.printed_text import index_of
from rallynov_graph.site.model.shapes import Shape
from rallynov_graph.site.model.shapes import read as read_shapes
from rallynov_graph.site.web.messages import Messages, load
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.store import Store

BUILT: Final = "built"
"""The folder of built files, within the static ones."""
MANIFEST: Final = "manifest.json"
"""The file in that folder that maps names to built files; only its own name is fixed."""


@dataclass(frozen=True)
class Assets:
    """The files that were built for the browser; their names hold a hash of the content."""

    files: Mapping[str, str]

    def path(self, name: str) -> str:
        return f"/static/{BUILT}/{self.files[name]}"

    def read(self, name: str) -> bytes:
        return (web_dir() / "static" / BUILT / self.files[name]).read_bytes()

    def holds(self, path: str) -> bool:
        """Return whether a path is of a built file, whose content never changes."""
        folder, _, name = path.rpartition("/")
        return folder == f"/static/{BUILT}" and name != MANIFEST


class _CompiledTemplates(BytecodeCache):
    """The templates that this process has compiled.

    Each language, certainty and moment has an environment of its own: it would compile them anew.
    """

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if compiled := self._compiled.get(bucket.key):
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _CompiledTemplates()


class WebApp(Flask):
    """An application with our templates and static files; an undefined name is an error."""

    def __init__(self) -> None:
        web = web_dir()
        super().__init__(
            "rallynov_graph",
            template_folder=str(web),
            static_folder=str(web / "static"),
            static_url_path="/static",
        )
        self.jinja_env.undefined = StrictUndefined
        self.jinja_env.trim_blocks = self.jinja_env.lstrip_blocks = True
        self.jinja_env.bytecode_cache = _COMPILED


def load_assets(folder: Path | None = None) -> Assets:
    """Return the built files; raise AssetsError if there are none."""
    folder = folder or web_dir() / "static" / BUILT
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Assets(dict(manifest["files"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetsError(
            f"The site's scripts and fonts are not in {folder}: "
            "build them with `make setup`, or `python hatch_build.py`."
        ) from error


@dataclass(frozen=True)
class SourceDocument:
    """A document that passages point into."""

    iri: str
    names: tuple[Text, ...]
    issued: str
    """As the data have it; the empty string if that is not said."""

    def name(self, language: str) -> Text:
        """Return its name for a reader, with a language if that is not the reader's."""
        found = best_text(self.names, language) or Text(last_part(self.iri))
        shown = typeset(found.value, found.language or language)
        return Text(shown, "" if found.language == language else found.language)

    def date(self, language: str) -> str:
        """Return in words when it was issued."""
        return day(self.issued, language) if self.issued else ""


@dataclass(frozen=True)
class Site:
    """A graph and everything that its pages are made from."""

    graph: Graph
    release: Release | None
    catalogue: Catalogue
    messages: dict[str, Messages]
    assets: Assets
    base: str
    is_ours: bool
    """Whether the graph is Rally'nov's, though its release may not be at hand."""
    finder: Finder
    """The search for things in the graph."""
    stamp: str
    """A hash that changes whenever a page may: with the release, the software or its files."""
    texts: LoadedTexts = NO_TEXTS
    """The texts of documents that were loaded."""
    earlier: tuple[EarlierRelease, ...] = ()
    """The releases that the page of changes compares this one with."""
    publication: Publication = UNPUBLISHED
    versions: tuple[Version, ...] = ()
    """The releases that are served together, this one too, the newest first; none where alone."""
    claims: ClaimIndex | None = field(default=None, compare=False)
    """Which claim an id names; None if no release is at hand."""
    known_from: tuple[str, ...] = ()
    """The documents of a moment; empty if all that is known counts."""

    template_cache: Cache[Addresses, Environment] = field(default_factory=page_cache, compare=False)
    """The templates with their globals, by the addresses of a language and path."""
    moments: Cache[tuple[str, ...], Site] = field(
        default_factory=lambda: Cache(moments.ROOM, lambda _, it: moments.size(it.store)),
        compare=False,
    )
    """This site as it was when some documents were known."""

    @classmethod
    def of(
        cls,
        store: Store,
        release: Release | None,
        base: str = BASE,
        catalogue: Catalogue | None = None,
        of_server: bool = False,
        texts: LoadedTexts = NO_TEXTS,
        earlier: Sequence[EarlierRelease] = (),
        publication: Publication = UNPUBLISHED,
        versions: Sequence[Version] = (),
        profile: Profile | None = None,
    ) -> Site:
        """Return the site of a store; the data of another server may change meanwhile."""
        if base != BASE and not publication.base:
            publication = replace(publication, base=base)
        ours = release is not None or (of_server and is_ours(store))
        if ours and profile is None:
            queries = PageQueries(store)
        else:
            queries = PageQueries.of_others(store, profile)
        shapes = shapes_of(release).read_bytes() if ours else b""
        labels = Labels(queries)
        searchable = None if of_server else SearchIndexFile(store, release)
        claims = None if release is None or of_server else ClaimIndex(release)
        graph = Graph(
            queries,
            labels,
            _layout(queries, shapes),
            _pairs(queries, "superclasses"),
            _pairs(queries, "converses"),
            claims is not None,
            queries.has_profile,
        )
        if ours and isinstance(store, EmbeddedStore):
            moments.offer(store)
        return cls(
            graph,
            release,
            questions_of_data(catalogues.load() if catalogue is None else catalogue, queries),
            dict(load()),
            load_assets(),
            base,
            ours,
            Finder.of(store, labels, searchable),
            ""
            if of_server
            else _hash_of_sources(graph, release, texts, earlier, publication, versions),
            texts,
            tuple(earlier),
            publication,
            tuple(versions),
            claims,
        )

    @property
    def foreign(self) -> bool:
        """Whether the graph is not Rally'nov's; its pages use only classes, names and links."""
        return not self.is_ours

    def has_withdrawn(self, iri: str) -> bool:
        releases = [*(version.release for version in self.versions), self.release]
        return any(release is not None and release.has_withdrawn(iri) for release in releases)

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases.of(self.catalogue, self.graph.queries)

    @property
    def place(self) -> str:
        """The path that this is under as an earlier release; empty for the site."""
        return next((v.place for v in self.versions if v.release == self.release), "")

    @property
    def documents(self) -> tuple[NamedDocument, ...]:
        """The documents that have a text, the earliest first; none without a release."""
        return self.release.documents if self.release else ()

    @cached_property
    def origin(self) -> Origin:
        """The dataset that each document of data belongs to."""
        rows = self.graph.queries.rows("said_of_dataset").rows if self.is_ours else ()
        statements = tuple(
            (prop.value, value)
            for dataset, prop, value in rows
            if isinstance(prop, NamedNode) and value is not None and dataset == rows[0][0]
        )
        dataset = rows[0][0] if rows else None
        return Origin(
            dataset.value if isinstance(dataset, NamedNode) else "",
            tuple(sorted(statements, key=lambda statement: (statement[0], str(statement[1])))),
            self.release.id[:SHORT] if self.release else "",
        )

    @cached_property
    def source_documents(self) -> tuple[SourceDocument, ...]:
        """The documents that the graph speaks from, the earliest first."""
        return _source_documents(self.graph.queries, self.graph.labels) if self.is_ours else ()

    @cached_property
    def last_modified(self) -> str:
        """The date of the data, as an HTTP header; empty if there is none.

        The clock is never used.
        """
        issued = self.release.manifest.issued if self.release else ""
        for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
            with suppress(ValueError):
                return http_date(datetime.strptime(issued, form).replace(tzinfo=UTC))
        return ""

    @cached_property
    def text_index(self) -> TextIndex | None:
        """The index of the words in the documents' texts; None if no text was loaded.

        It is in memory, and takes about three times as much as the texts.
        """
        return index_of(self.texts.of_documents) if self.texts.of_documents else None

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that the graph is validated with; none for another graph than ours."""
        return read_shapes(shapes_of(self.release).read_bytes()) if self.is_ours else ()

    @cached_property
    def context(self) -> Context | None:
        """The JSON-LD context; None for another graph than ours."""
        return Context.read(context_of(self.release).read_bytes()) if self.is_ours else None

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """The formats of its data: two of them have no statements about statements."""
        reifies = NamedNode(f"{PREFIXES['rdf']}reifies")
        if self.is_ours or not self.graph.queries.ask("uses", property=reifies):
            return GRAPHS
        return tuple(form for form in GRAPHS if form not in (JSON_LD, RDF_XML))

    def at(self, documents: tuple[str, ...]) -> Site:
        """Return the site of what was known from some of its documents, itself for all of them.

        Raises UnknownNameError if the data are on another server.
        """
        if len(documents) == len(self.source_documents):
            return self
        return self.moments.once(documents, lambda: self._at(documents))

    def _at(self, documents: tuple[str, ...]) -> Site:
        if not isinstance(self.store, EmbeddedStore) or self.store.at is None:
            raise UnknownNameError("What was known earlier cannot be computed on another server.")
        queries = PageQueries(self.store.at(documents))
        labels, whole = Labels(queries), self.graph
        graph = replace(whole, queries=queries, labels=labels)
        stamp = hashlib.sha256(f"{self.stamp} {documents}".encode()).hexdigest()[:16]
        return replace(
            self,
            graph=graph,
            finder=Finder.of(queries.store, labels, None),
            known_from=documents,
            stamp=stamp,
            template_cache=page_cache(),
            moments=Cache(1),
        )

    def claims_of(self, claim_id: str) -> tuple[Triple, ...]:
        """Return the claims of an id, also what follows at this moment only."""
        found = self.claims.find_all(claim_id) if self.claims is not None else ()
        then = self._concluded_then.get(claim_id) if not found else None
        return found or ((then,) if then is not None else ())

    @cached_property
    def _concluded_then(self) -> dict[str, Triple]:
        """The claims of a moment, by id; the index only has the present ones."""
        if not self.known_from or not isinstance(self.store, EmbeddedStore):
            return {}
        return {
            id_of_claim(*quad.triple): quad.triple
            for quad in self.store.quads()
            if isinstance(quad.graph_name, NamedNode)
            and quad.graph_name.value.startswith(f"{ID}inference/")
        }

    def moment_in_words(self, addresses: Addresses) -> str:
        """Return the moment of an address in words; empty for everything that is known."""
        given, t = dict(addresses.moment), self.messages[addresses.language]
        as_of, asked = given.get(AS_OF, ""), given.get(IN_DOCUMENT, "").rpartition("/")[2]
        named = (it for it in self.source_documents if it.iri.endswith(f"/{asked}"))
        document = next((it.name(addresses.language).value for it in named), asked)
        shown = [t("moment.as_of", date=day(as_of, addresses.language))] if as_of else []
        shown += [t("moment.in_document", document=document)] if asked else []
        return " · ".join(shown)

    @property
    def store(self) -> Store:
        return self.graph.queries.store


def shapes_of(release: Release | None) -> Path:
    """Return the file of the shapes of a release, or of the software without one."""
    return ontology_dir() / SHAPES if release is None else release.shapes


def context_of(release: Release | None) -> Path:
    """Return the file of the JSON-LD context of a release, or of the software without one."""
    return ontology_dir() / CONTEXT if release is None else release.context


def _source_documents(queries: PageQueries, labels: Labels) -> tuple[SourceDocument, ...]:
    """Return the documents of a store, the earliest first."""
    issued = dates_of_documents(queries)
    described = labels.of([*issued])
    return tuple(SourceDocument(iri, described[iri].names, date) for iri, date in issued.items())


def _layout(queries: PageQueries, shapes: bytes) -> Layout:
    backwards: dict[str, list[Text]] = {}
    for prop, label in queries.rows("inverse_labels").rows:
        if isinstance(prop, NamedNode) and isinstance(label, Literal):
            text = Text(in_neutral_words(label.value), label.language or "")
            backwards.setdefault(prop.value, []).append(text)
    return read(shapes, {prop: tuple(texts) for prop, texts in backwards.items()})


def _pairs(queries: PageQueries, name: str) -> dict[str, tuple[str, ...]]:
    """Return the IRIs in the second column of a query by those in the first."""
    found: dict[str, list[str]] = {}
    for first, second in queries.rows(name).rows:
        if isinstance(first, NamedNode) and isinstance(second, NamedNode):
            found.setdefault(first.value, []).append(second.value)
    return {first: tuple(seconds) for first, seconds in found.items()}


def _hash_of_sources(
    graph: Graph,
    release: Release | None,
    texts: LoadedTexts,
    earlier: Sequence[EarlierRelease],
    publication: Publication,
    versions: Sequence[Version],
) -> str:
    """Return a hash of everything that a page is made from; a random one without a release."""
    if release is None:
        return secrets.token_hex(8)
    other_ids = [other.release.id for other in earlier] + [version.id for version in versions]
    names = " ".join([*sorted(texts.of_extractions), *other_ids, str(graph.has_claim_ids)])
    content = f"{release.manifest.id} {release.manifest.only} {release.manifest.derived}"
    identity = f"{content} {__version__} {publication} {names}"
    digest = hashlib.sha256(identity.encode())
    static = sorted((web_dir() / "static").rglob("*"))
    for path in (*static, *page_files(), kinds.FILE, *package_queries()):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
