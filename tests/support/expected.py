"""The expected answers of the catalogue.

tests/queries/<document>/<name>.csv has some of the question's columns; its rows are the whole
answer from that document alone, seen through them, written from its text by readers who ran no
query. <name>.explicit.csv and <name>.inferred.csv are the answers at that certainty, where they
are not simply the rows that are as sure.
"""

import csv
from collections import Counter

from pyoxigraph import NamedNode

from places import TESTS
from rallynov_graph.base.namespaces import ID, in_prefixes
from rallynov_graph.base.terms import Solutions, Term

EXPECTED = TESTS / "queries"
SHIPPED = "carnet-2"
"""The document of the shipped data, as its address ends."""
RANKS = {"rn:explicit": 1, "rn:inferred": 2, "rn:tentative": 3}
Rows = Counter[tuple[str, ...]]


def short(term: Term | None) -> str:
    """A term as the expected answers write it."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix(ID) if term.value.startswith(ID) else in_prefixes(term.value)
    return "" if term is None else str(getattr(term, "value", term))


def seen_through(solutions: Solutions, columns: list[str]) -> Rows:
    return Counter(tuple(short(row[column]) for column in columns) for row in solutions)


def expected(name: str, document: str = SHIPPED) -> tuple[list[str], Rows]:
    with (EXPECTED / document / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return columns, Counter(tuple(row) for row in rows)


def as_sure_as(name: str, least: str, document: str = SHIPPED) -> tuple[list[str], Rows]:
    """The answer to a question when only what is as sure counts.

    It has a file of its own where it is not simply the rows that are as sure.
    """
    if (EXPECTED / document / f"{name}.{least}.csv").exists():
        return expected(f"{name}.{least}", document)
    columns, rows = expected(name, document)
    how, rank = columns.index("how"), RANKS[f"rn:{least}"]
    return columns, Counter({row: n for row, n in rows.items() if RANKS[row[how]] <= rank})
