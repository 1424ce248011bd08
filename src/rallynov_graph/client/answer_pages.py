"""A SELECT asked page by page: where a server gives no answer as long as the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.terms import RowTerms, Solutions
from rallynov_graph.rdf.canonical_answer import is_ordered
from rallynov_graph.rdf.tokens import outside_braces
from rallynov_graph.sparql.store import Store

MOST: Final = 100_000
"""How many rows a page may be asked for."""
_SLICES: Final = ("LIMIT", "OFFSET")


@dataclass(frozen=True)
class PagedQuery:
    """A query without its own LIMIT and OFFSET, which are kept beside it."""

    before: str
    after: str
    """What stands behind the place of LIMIT: VALUES, or nothing."""
    limit: int | None = None
    offset: int = 0

    @classmethod
    def of(cls, query: str) -> PagedQuery:
        """Read a query; raise QueryError for one whose pages would not fit together."""
        if not is_ordered(query):
            raise QueryError(
                "Page by page, only rows that have an order fit together: "
                "end the query with ORDER BY, by what makes each row different."
            )
        slices: dict[str, int] = {}
        cut: list[tuple[int, int]] = []
        end, last = len(query), None
        for token in outside_braces(query):
            if last is not None and token.text.isdigit():
                slices[last.word] = int(token.text)
                cut.append((last.start, token.end))
            last = token if token.word in _SLICES else None
            if token.word == "VALUES":
                end = token.start
        head = query[:end]
        for start, stop in reversed(cut):
            head = head[:start] + head[stop:]
        return cls(head.rstrip(), query[end:], slices.get("LIMIT"), slices.get("OFFSET", 0))

    def page(self, start: int, size: int) -> str:
        """Return the query for so many rows after the first ``start``."""
        return f"{self.before}\nLIMIT {size} OFFSET {self.offset + start}\n{self.after}"


def whole_answer(store: Store, query: str, size: int) -> Solutions:
    """Return all rows of a query, asked for so many at a time.

    A server may give fewer rows than it is asked for: only a page without any is the last.
    """
    if not 0 < size <= MOST:
        raise QueryError(f"A page has 1 to {MOST} rows, not {size}.")
    paged, found, variables = PagedQuery.of(query), list[RowTerms](), tuple[str, ...]()
    while paged.limit is None or len(found) < paged.limit:
        wanted = size if paged.limit is None else min(size, paged.limit - len(found))
        page = store.select(paged.page(len(found), wanted))
        variables = page.variables
        if not page.rows:
            break
        found += page.rows
    return Solutions(variables, tuple(found))
