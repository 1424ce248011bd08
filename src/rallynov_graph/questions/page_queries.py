"""The queries of the pages, bound to the terms a page is about and asked of a store."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import Any, Final, Protocol, TypeVar, cast

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.resources import page_queries_dirs
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions import saved_answers
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.questions.lookups import looked_up
from rallynov_graph.sparql.store import LooksUp, Store

Result = TypeVar("Result")
Given = NamedNode | Literal | Iterable[NamedNode | Literal]
"""One term for a parameter, or several that it takes in turn."""

AT_ONCE: Final = 4
"""How many queries of one page are asked at the same time; the engine lets others work beside."""
AT_ONCE_OF_READER: Final = 2
"""How many where they count as its reader's: two of his pages may work at a time."""
ROOM: Final = 256 << 20
"""How much memory a process has for what it works out of one graph."""


class Keeper(Protocol):
    """Who keeps what was worked out of the graph, longer than a process lasts."""

    trouble: OSError | None
    """Why the last result that could not be written was not; None as long as all could."""

    def get(
        self,
        sort: str,
        asked: str,
        make: Callable[[], Result],
        written: Callable[[Result], object],
        read: Callable[[object], Result],
    ) -> Result:
        """Return what is kept of a sort for what is asked, else what is made."""
        ...

    def has(self, sort: str, asked: str) -> bool:
        """Return whether it is kept, or nothing ever is."""
        ...


class NoKeeper:
    """Keeps nothing."""

    trouble: OSError | None = None

    def get(
        self,
        sort: str,
        asked: str,
        make: Callable[[], Result],
        written: Callable[[Result], object],
        read: Callable[[object], Result],
    ) -> Result:
        """Return what is made."""
        return make()

    def has(self, sort: str, asked: str) -> bool:
        """Tell that nothing ever is."""
        return True


class PageQueries:
    """What pages ask of a store; each query is a file that is plain SPARQL and runs as it is."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue | None = None,
        keeper: Keeper | None = None,
        room: int = ROOM,
    ) -> None:
        self.store = store
        self.keeper: Keeper = keeper or NoKeeper()
        self._catalogue = load(*page_queries_dirs()) if catalogue is None else catalogue
        at_hand = catalogue is None and isinstance(store, LooksUp)
        self._at_hand: LooksUp | None = store if at_hand else None  # type: ignore[assignment]
        self._cache: Cache[tuple[str, Hashable], Any] = Cache(room, memory)
        self._is_of_reader = False

    def through(self, store: Store) -> "PageQueries":
        """Return the same queries asked of another store, that of a reader, which answers alike.

        What is kept, or looked up at hand without a query, is not asked of it.
        """
        same = copy(self)
        same.store, same._is_of_reader = store, True
        return same

    def __contains__(self, name: str) -> bool:
        return name in self._catalogue

    def rows(self, name: str, **given: Given) -> Solutions:
        """Return the solutions of a query for these terms, none where a parameter has no term.

        What is asked about the whole graph is asked once: the graph does not change. What is asked
        of a reader's store is kept while there is room, as the way there is longer.
        """
        if not given:
            return self.once("whole", name, lambda: self.store.select(self.text(name)))
        values = _listed(given)
        if not all(values.values()):
            return Solutions((), ())
        found = None if self._at_hand is None else looked_up(self._at_hand, name, values)
        if found is not None:
            return found
        text = self.text(name, **values)
        return self.kept(text) if self._is_of_reader else self.store.select(text)

    def once(self, sort: str, asked: Hashable, make: Callable[[], Result]) -> Result:
        """Return what is worked out of the graph of a sort for what is asked, kept in the process.

        The graph does not change; what was used longest ago is let go of first.
        """
        return cast(Result, self._cache.once((sort, asked), make))

    def kept(self, text: str) -> Solutions:
        """Return the solutions of a query, asked once and kept while there is room."""
        return self.once("answer", text, lambda: self.store.select(text))

    def lasting(self, sort: str, text: str) -> Solutions:
        """Return the solutions of a query that is dear and asked by many: kept beside the release.

        They are of a sort, of which only so many are kept. In a process they are kept as well.
        """

        def answered() -> Solutions:
            return self.store.select(text)

        return self.once(
            "answer",
            text,
            lambda: self.keeper.get(
                sort, text, answered, saved_answers.written, saved_answers.read
            ),
        )

    def together(self, texts: Sequence[str]) -> list[Solutions]:
        """Return the solutions of several queries, asked side by side."""
        at_once = AT_ONCE_OF_READER if self._is_of_reader else AT_ONCE
        with ThreadPoolExecutor(at_once) as pool:
            return [*pool.map(self.store.select, texts)]

    def ask(self, name: str, **given: Given) -> bool:
        """Return the truth of a query for these terms."""
        return self.store.ask(self.text(name, **given))

    def text(self, name: str, **given: Given) -> str:
        """Return a query as it is asked, its parameters in place."""
        question = self._catalogue.question(name)
        written = {
            block: " ".join(str(term) for term in terms)
            for parameter, terms in _listed(given).items()
            for block in question.parameter(parameter).blocks
        }
        text = question.text
        for start, end in sorted(written, reverse=True):
            text = f"{text[:start]}{written[start, end]}{text[end:]}"
        return text


def readable(query: str) -> str:
    """Return a query without the header lines of its file, as a person is shown it."""
    lines = [line for line in query.splitlines() if not line.startswith("#+")]
    return "\n".join(lines).strip() + "\n"


def _listed(given: Mapping[str, Given]) -> dict[str, list[NamedNode | Literal]]:
    return {
        name: [terms] if isinstance(terms, NamedNode | Literal) else [*terms]
        for name, terms in given.items()
    }
