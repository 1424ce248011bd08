"""The queries of the pages, bound to the terms that a page is about, and run on a store."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import cache
from typing import Any, Final, TypeVar, cast

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.derived_files import ResultCache
from rallynov_graph.base.resources import page_queries_dirs
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions import saved_answers
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.questions.lookups import looked_up
from rallynov_graph.sparql.store import PatternStore, Store

Result = TypeVar("Result")
ParameterTerms = NamedNode | Literal | Iterable[NamedNode | Literal]
"""One term for a parameter, or several that it takes in turn."""

AT_ONCE: Final = 4
"""How many queries of one page are run at the same time; the engine releases the GIL."""
AT_ONCE_OF_READER: Final = 2
"""How many where they count as the reader's own: two pages of one reader may work at a time."""
ROOM: Final = 256 << 20
"""How much memory a process has for the results of one graph, in bytes."""
REMEMBERED: Final = 1 << 14
"""So many answers are remembered where that is asked for."""


@cache
def _of_pages() -> Catalogue:
    """Return the queries of all pages, read once: they come with the software."""
    return load(*page_queries_dirs())


class PageQueries:
    """The queries of pages on a store; each is a file that is plain SPARQL and runs as it is."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue | None = None,
        result_cache: ResultCache | None = None,
        room: int = ROOM,
    ) -> None:
        self.store = store
        self.result_cache = result_cache or ResultCache()
        self._catalogue = _of_pages() if catalogue is None else catalogue
        can_look_up = catalogue is None and isinstance(store, PatternStore)
        self._lookup_store: PatternStore | None = store if can_look_up else None  # type: ignore[assignment]
        self._cache: Cache[tuple[str, Hashable], Any] = Cache(room, memory)
        self._is_of_reader = False
        self._remembered: Callable[[Any, Callable[[], Any]], Any] = _computed

    def of_reader(self, store: Store) -> "PageQueries":
        """Return the same queries on the store of a reader, which has the same data.

        Results that are kept, and look-ups that need no query, do not go there.
        """
        same = copy(self)
        same.store, same._is_of_reader = store, True
        return same

    def __contains__(self, name: str) -> bool:
        return name in self._catalogue

    def rows(self, name: str, **parameters: ParameterTerms) -> Solutions:
        """Return the solutions of a query for these terms, none where a parameter has no term.

        A query without parameters is run once: the graph does not change. What a reader's store
        answers is kept while there is room, as it costs more.
        """
        if not parameters:
            return self.once("whole", name, lambda: self.store.select(self.text(name)))
        values = _listed(parameters)
        if not all(values.values()):
            return Solutions((), ())
        key = name, *((it, tuple(terms)) for it, terms in values.items())
        return self.remembered(("rows", key), lambda: self._found(name, values))

    def _found(self, name: str, values: Mapping[str, list[NamedNode | Literal]]) -> Solutions:
        found = None if self._lookup_store is None else looked_up(self._lookup_store, name, values)
        if found is not None:
            return found
        text = self.text(name, **values)
        return self.cached(text) if self._is_of_reader else self.store.select(text)

    def remember(self) -> None:
        """Keep what is asked from now on, while there is room: all pages are made, once each."""
        self._remembered = Cache[Any, Any](REMEMBERED).once

    def remembered(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Return a result, computed anew each time unless answers are remembered."""
        return cast(Result, self._remembered(key, compute))

    def once(self, category: str, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Return the result of a category for a key, computed once and kept in the process.

        The graph does not change; the result that was used longest ago is dropped first.
        """
        return cast(Result, self._cache.once((category, key), compute))

    def cached(self, query: str) -> Solutions:
        """Return the solutions of a query, run once and kept in the process while there is room."""
        return self.once("answer", query, lambda: self.store.select(query))

    def saved(self, category: str, query: str) -> Solutions:
        """Return the solutions of a costly query that many need, kept beside the release.

        A bounded number of each category is kept there. They are kept in the process as well.
        """

        def compute() -> Solutions:
            return self.store.select(query)

        return self.once(
            "answer",
            query,
            lambda: self.result_cache.get(
                category, query, compute, saved_answers.encoded, saved_answers.decoded
            ),
        )

    def select_all(self, texts: Sequence[str]) -> list[Solutions]:
        """Return the solutions of several queries, run side by side."""
        at_once = AT_ONCE_OF_READER if self._is_of_reader else AT_ONCE
        with ThreadPoolExecutor(at_once) as pool:
            return [*pool.map(self.store.select, texts)]

    def ask(self, name: str, **parameters: ParameterTerms) -> bool:
        """Return the truth of a query for these terms."""
        values = _listed(parameters)
        key = name, *((it, tuple(terms)) for it, terms in values.items())
        return self.remembered(("ask", key), lambda: self.store.ask(self.text(name, **values)))

    def text(self, name: str, **parameters: ParameterTerms) -> str:
        """Return a query with its parameters in place."""
        question = self._catalogue.question(name)
        written = {
            block: " ".join(str(term) for term in terms)
            for parameter, terms in _listed(parameters).items()
            for block in question.parameter(parameter).blocks
        }
        text = question.text
        for start, end in sorted(written, reverse=True):
            text = f"{text[:start]}{written[start, end]}{text[end:]}"
        return text


def _computed(_key: object, compute: Callable[[], Result]) -> Result:
    return compute()


def readable(query: str) -> str:
    """Return a query without the header lines of its file, to be shown to people."""
    lines = [line for line in query.splitlines() if not line.startswith("#+")]
    return "\n".join(lines).strip() + "\n"


def _listed(parameters: Mapping[str, ParameterTerms]) -> dict[str, list[NamedNode | Literal]]:
    return {
        name: [terms] if isinstance(terms, NamedNode | Literal) else [*terms]
        for name, terms in parameters.items()
    }
