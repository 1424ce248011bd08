"""A graph to query: by HTTP at an endpoint, or in this process from a release folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.terms import RowTerms, Solutions
from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
from rallynov_graph.client.answer import Answer
from rallynov_graph.http.protocol import NO_CALL, NO_UPDATE
from rallynov_graph.questions import catalogue, parameters
from rallynov_graph.questions.catalogue import Question, unknown
from rallynov_graph.questions.datasets import is_ours, of_server
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries, readable
from rallynov_graph.rdf.canonical_answer import is_ordered
from rallynov_graph.rdf.tokens import calls_out, is_update, outside_braces, tokens
from rallynov_graph.release import release as releases
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.remote_server import TIMEOUT, Server
from rallynov_graph.sparql.remote_store import RemoteStore
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from pandas import DataFrame

ATTEMPTS: Final = 4
"""The number of attempts at an endpoint that is busy or unreachable."""
LONGEST_PAUSE: Final = 60.0
"""The longest pause, in seconds, that an endpoint may ask for (``Retry-After``)."""
LOCAL_SITE: Final = "http://127.0.0.1:8000"
"""The default address of ``rallynov serve``."""
MOST: Final = 100_000
"""How many rows a page may be asked for."""
DEEPEST: Final = 500
"""So many groups the engine reads; at some 2,000 it ends the process, and a notebook with it."""
_OPENS: Final = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}

Given = str | int | date | None
"""The value of a parameter: the name or address of a thing, a number, a day; None means any."""


@dataclass(frozen=True)
class Graph:
    server: Server | None = None
    release: Release | None = None
    language: str = LANGUAGES[0]
    """The language of names and citations."""
    timeout: float = TIMEOUT
    site: str = LOCAL_SITE
    """The site whose pages show the evidence; empty if none is known."""

    @classmethod
    def at(
        cls,
        address: str,
        *,
        language: str = LANGUAGES[0],
        timeout: float = TIMEOUT,
        site: str = "",
    ) -> Graph:
        """Return the graph of any SPARQL endpoint; the address of a site alone means its /sparql.

        ``seconds`` bounds each answer. ``site`` is the address of the pages with evidence, by
        default beside the endpoint. Raises QueryError if it is not a web address; the endpoint is
        first contacted by the first query.
        """
        address = address.strip().rstrip("/") if _is_site(address) else address.strip()
        url = f"{address}/sparql" if _is_site(address) else address
        beside = url.removesuffix("/sparql") if url.endswith("/sparql") else ""
        server = Server(url, attempts=ATTEMPTS, longest_pause=LONGEST_PAUSE)
        return cls(server, None, _known(language), timeout, site.rstrip("/") or beside)

    @classmethod
    def of_release(
        cls, folder: str | Path, *, language: str = LANGUAGES[0], site: str = LOCAL_SITE
    ) -> Graph:
        """Return the graph of a release folder, or of the latest release in a folder of releases.

        Raises ReleaseError if there is none, or if it differs from its manifest.
        """
        release = releases.load(Path(folder))
        return cls(None, release, _known(language), site=site.rstrip("/"))

    @cached_property
    def questions(self) -> Mapping[str, str]:
        """The questions of the catalogue in words, by their names, technical ones last."""
        return {
            name: question.summary.get(self.language, name)
            for name, question in self._catalogue.items()
            if question.form == "SELECT"
        }

    def ask(self, question: str, /, **given: Given) -> Answer:
        """Return the answer to a question of the catalogue, with values for its parameters.

        Raises UnknownNameError, with the nearest names, for an unknown question, parameter or
        thing, and QueryError for a value of the wrong type.
        """
        asked = self._question(question)
        if not self.is_ours:
            assert self.server is not None
            raise QueryError(
                f"{self.server.url} holds another graph: the questions of the catalogue "
                "are about ours. Ask it in SPARQL, by query()."
            )
        values = parameters.values(asked, self._texts(asked, given), self.store)
        query = readable(asked.bind(values))
        return Answer(query, self.store.select(query), self, asked, values)

    def query(self, sparql: str, *, page: int | None = None) -> Answer:
        """Return the answer to your own SELECT; ``page`` is the number of rows in each request.

        Raises QueryError, with the reason, if the answer is not complete.
        """
        self._refuse(sparql)
        if page is None:
            solutions = self.store.select(sparql)
        else:
            solutions = _in_pages(self.store, sparql, page)
        return Answer(sparql, solutions, self)

    def is_true(self, sparql: str) -> bool:
        """Return the result of your own ASK; raise QueryError."""
        self._refuse(sparql)
        return self.store.ask(sparql)

    def frame(self, question: str, /, **given: Given) -> DataFrame:
        """Return the answer to a question of the catalogue, or to a SELECT, as a pandas DataFrame.

        Raises the errors of ``ask`` and ``query``, and RallynovError if pandas is not installed.
        """
        is_sparql = not question.isidentifier()
        return (self.query(question) if is_sparql else self.ask(question, **given)).frame()

    @cached_property
    def store(self) -> Store:
        """The store; raises EndpointError if an endpoint does not answer."""
        if self.server is not None:
            dataset = of_server(self.server, self.timeout)
            return RemoteStore(self.server, dataset=dataset, timeout=self.timeout)
        from rallynov_graph.release import store_location

        assert self.release is not None
        return store_location.of_release(self.release)

    @cached_property
    def _catalogue(self) -> catalogue.Catalogue:
        return catalogue.load()

    @cached_property
    def page_queries(self) -> PageQueries:
        """The queries that find names and evidence."""
        return PageQueries(self.store)

    @cached_property
    def is_ours(self) -> bool:
        """Whether this is a graph of this program."""
        return self.release is not None or is_ours(self.store)

    @cached_property
    def claim_report(self) -> ClaimReport:
        """Reports the evidence of a fact."""
        labels, at = Labels(self.page_queries), (self.language, "", "")
        if self.release is not None:
            at = (self.language, self.release.id, self.release.manifest.issued)
        return ClaimReport(ClaimSource(labels, *at, self.site))

    @property
    def endpoint(self) -> str:
        """The address where a query can be repeated."""
        return f"{self.site}/sparql" if self.server is None else self.server.url

    def _question(self, name: str) -> Question:
        if name not in self.questions and name not in self._catalogue.aliases:
            known = dict.fromkeys(self.questions)
            raise unknown("question", name, known, remedy="Graph.questions lists all")
        return self._catalogue.question(name)

    def _texts(self, question: Question, given: Mapping[str, Given]) -> dict[str, str]:
        """Return the parameters' values as texts; raise UnknownNameError."""
        texts = {name: "" if it is None else str(it) for name, it in given.items()}
        things = [text for name, text in texts.items() if question.parameter(name).type == "iri"]
        if self.release is not None:
            self.release.refuse_withdrawn(things)
        if any(it.name == parameters.LANGUAGE for it in question.parameters):
            texts.setdefault(parameters.LANGUAGE, self.language)
        return texts

    def _refuse(self, sparql: str) -> None:
        """Raise QueryError for an update, and for a local query that calls another server."""
        if is_update(sparql):
            raise QueryError(NO_UPDATE)
        if self.release is None:
            return
        if calls_out(sparql):
            raise QueryError(NO_CALL)
        if _depth(sparql) > DEEPEST:
            raise QueryError("The query is nested too deeply: the engine cannot read it.")


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise unknown("language", language, [*LANGUAGES])
    return language


def _depth(sparql: str) -> int:
    """Return the greatest depth of braces and brackets in a query."""
    opened = (_OPENS.get(token.text, 0) for token in tokens(sparql) if token.kind == "sign")
    return max(accumulate(opened), default=0)


def _is_site(address: str) -> bool:
    """Whether an address consists of a host only."""
    return urlsplit(address.strip()).path in ("", "/") and "?" not in address


def _in_pages(store: Store, query: str, size: int) -> Solutions:
    """Return all rows of a query, fetched page by page.

    A server may give fewer rows than requested: only an empty page is the last.
    """
    if not 0 < size <= MOST:
        raise QueryError(f"A page has 1 to {MOST} rows, not {size}.")
    before, after, slices = _sliced(query)
    limit, start = slices.get("LIMIT"), slices.get("OFFSET", 0)
    found, variables = list[RowTerms](), tuple[str, ...]()
    while limit is None or len(found) < limit:
        wanted = size if limit is None else min(size, limit - len(found))
        page = store.select(f"{before}\nLIMIT {wanted} OFFSET {start + len(found)}\n{after}")
        variables = page.variables
        if not page.rows:
            break
        found += page.rows
    return Solutions(variables, tuple(found))


def _sliced(query: str) -> tuple[str, str, dict[str, int]]:
    """Return the text before and after the place of LIMIT, and the query's LIMIT and OFFSET.

    Raises QueryError for a query that cannot be divided into pages.
    """
    if not is_ordered(query):
        raise QueryError(
            "Pages need a total order: end the query with an ORDER BY that distinguishes all rows."
        )
    slices: dict[str, int] = {}
    cut: list[tuple[int, int]] = []
    end, last = len(query), None
    for token in outside_braces(query):
        if last is not None and token.text.isdigit():
            slices[last.word] = int(token.text)
            cut.append((last.start, token.end))
        last = token if token.word in ("LIMIT", "OFFSET") else None
        if token.word == "VALUES":
            end = token.start
    head = query[:end]
    for start, stop in reversed(cut):
        head = head[:start] + head[stop:]
    return head.rstrip(), query[end:], slices
