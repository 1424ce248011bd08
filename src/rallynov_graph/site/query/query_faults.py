"""What is wrong with a query, told apart by what the engine says of it in English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PATTERNS: Final = {
    "iri": r"IRI parsing failed|the prefix (?:https?|urn|mailto): is not declared",
    "prefix": r"the prefix (\S*:) is not declared",
    "end": r"unexpected end of (?:the query|line)",
    "unexpected": r"unexpected \u201c(.*)\u201d",
    "ungrouped": r"The SELECT contains (?:an expression with )?a variable that is unbound",
    "twice": r"Duplicated variable name in SELECT",
    "overrides": r"The SELECT overrides an existing variable",
    "star": r"SELECT \* is not authorized with GROUP BY",
    "function": r"The custom function <(.*)> is not supported",
    "deep": r"The query is nested too deeply",
    "empty": r"The query is empty",
}


@dataclass(frozen=True)
class Fault:
    """A kind of mistake, and what in the query it is about."""

    key: str
    about: str = ""


def fault_of(message: str) -> Fault | None:
    """Return the fault that the engine means by its words, None where that is not known."""
    for key, pattern in _PATTERNS.items():
        if found := re.search(pattern, message):
            return Fault(key, found[1] if found.groups() else "")
    return None
