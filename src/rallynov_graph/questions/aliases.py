"""Names that questions had once: which question each is now, with which values and columns."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

_SELECT: Final = re.compile(r"^SELECT (DISTINCT )?(.*) WHERE \{$", re.MULTILINE)
_GROUP_BY: Final = re.compile(r"^GROUP BY (.*)$", re.MULTILINE)
_ORDER_BY: Final = re.compile(r"^ORDER BY (.*)$", re.MULTILINE)
_OPTIONAL: Final = re.compile(
    r"^  OPTIONAL \{\n    SELECT DISTINCT (.*) WHERE \{\n(?:   .*\n)*  \}\n", re.MULTILINE
)
"""A statement that a row may have, asked in a SELECT of its own, and what that gives."""
_STATEMENT: Final = re.compile(r"^    SELECT DISTINCT (.*) WHERE", re.MULTILINE)
"""What a statement gives that is asked in a SELECT of its own."""
_LISTS: Final = {"columns", "required"}
_END: Final = re.compile(r"^\}$", re.MULTILINE)
_FACTS: Final = re.compile(r"GRAPH \?\w+ \{[^{}]*\}")
_VARIABLE: Final = re.compile(r"\?(\w+)")
_ITEM: Final = re.compile(
    r"\?\w+|[A-Z]*(?: ?)\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)"
)
"""A variable or an expression in parentheses, as SELECT, GROUP BY and ORDER BY list them."""


@dataclass(frozen=True)
class Alias:
    """A former question: the one that answers it now, and how that gives the rows it had."""

    question: str
    columns: tuple[str, ...]
    """The columns that it had, in their order."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What it asks the question with, as a person writes it."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Its columns and parameters that have another name now, each with that name."""
    required: tuple[str, ...] = ()
    """The columns that may be empty now and had a value in each of its rows."""
    counts: Mapping[str, str] = field(default_factory=dict)
    """Its columns that count, each with the column whose different values it counts."""

    def parameters(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return parameters of its address as those of the question's address."""
        return {self.renamed.get(name, name): text for name, text in given.items()} | {
            **self.values
        }

    def text(self, text: str, values: Mapping[str, NamedNode | Literal]) -> str:
        """Return the file of its question, bound to these values, as the file that it was.

        Rows that its columns do not tell apart are one, which is as sure as the surest of them.
        What a row may have, and it did not show, is not asked: nor is a row less sure by it.
        The patterns of facts have the values themselves, so that each row has its evidence.
        """
        kept = {self.renamed.get(name, name): name for name in self.columns}
        text = _OPTIONAL.sub(lambda it: it[0] if _is_shown(it[1], kept, text) else "", text)
        for name in self.required:
            text = _END.sub(f"  FILTER (BOUND(?{self.renamed.get(name, name)}))\n}}", text, 1)
        text = _SELECT.sub(
            lambda it: f"SELECT {it[1] or ''}{_columns(it[2], kept, self.counts)} WHERE {{", text, 1
        )
        computed = re.findall(r"AS \?(\w+)\)", text)
        text = _GROUP_BY.sub(lambda it: f"GROUP BY {_with_all(it[1], kept, computed)}", text)
        text = _ORDER_BY.sub(lambda it: f"ORDER BY {_with_all(it[1], kept, computed)}", text)
        for name, value in values.items():
            text = _FACTS.sub(lambda it: re.sub(rf"\?{name}\b", str(value), it[0]), text)  # noqa: B023
            text = re.sub(rf"^#\+ param: {name} .*\n", "", text, flags=re.MULTILINE)
        for old, new in self.renamed.items():
            text = re.sub(rf"(\?|^#\+ param: ){new}\b", rf"\g<1>{old}", text, flags=re.MULTILINE)
        return text


def load(file: Path) -> dict[str, Alias]:
    """Return the former questions of a file by their names; none where there is no file."""
    if not file.is_file():
        return {}
    tables = tomllib.loads(file.read_text("utf-8"))
    return {
        name: Alias(**table | {it: tuple(table[it].split()) for it in _LISTS & {*table}})
        for name, table in tables.items()
    }


def _is_shown(listed: str, kept: Mapping[str, str], text: str) -> bool:
    """Return whether what a statement gives, and none of every row does, is among the columns."""
    _, *given = _VARIABLE.findall(listed)
    of_every_row = " ".join(_STATEMENT.findall(_OPTIONAL.sub("", text)))
    given = [name for name in given if name not in _VARIABLE.findall(of_every_row)]
    of = dict(re.findall(r"\(MIN\(\?(\w+)\) AS \?(\w+)\)", text))
    return any(of.get(name, name) in kept for name in given)


def _columns(listed: str, kept: Mapping[str, str], counts: Mapping[str, str]) -> str:
    """Return the columns that are kept, in the order of the names they had.

    One that the question only asks with, and does not show, is among them as a variable.
    """
    items = {_VARIABLE.findall(item)[-1]: item for item in _ITEM.findall(listed)}
    items |= {name: f"(COUNT(DISTINCT ?{of}) AS ?{name})" for name, of in counts.items()}
    return " ".join(items.get(name, f"?{name}") for name in kept)


def _with_all(listed: str, kept: Mapping[str, str], computed: Collection[str]) -> str:
    """Return what rows are grouped or ordered by: what is listed and kept, then the rest."""
    items = [it for it in _ITEM.findall(listed) if {*_VARIABLE.findall(it)} <= {*kept}]
    rest = (f"?{name}" for name in kept if name not in computed)
    return " ".join(dict.fromkeys((*items, *rest)))
