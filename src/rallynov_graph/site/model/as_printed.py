"""Words as a carnet prints them: which properties say them, and the language that they are in.

A form as printed is plain text in the data, without a word of its language: whoever copies it need
not judge what a name or a date is written in. On a page it is words of the carnet's language.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from functools import lru_cache
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.rdf.tokens import named_iris
from rallynov_graph.search.names_and_texts import EXPANSION, PRINTED
from rallynov_graph.search.results import Reason
from rallynov_graph.site.model.nodes import GraphView

PROPERTIES: Final = frozenset(
    RN + name
    for name in (
        *("asPrinted", "nameAsPrinted", "roleAsPrinted", "dateAsPrinted", "timeAsPrinted"),
        "expansion",
    )
)
"""What says a form as printed. An acronym is one too, but of no language, as proper names are."""
OF_CARNETS: Final = "fr"
_PLAIN: Final = NamedNode(PREFIXES["xsd"] + "string")
_SAME: Final = frozenset({"LCASE", "UCASE", "STR", "SAMPLE", "MIN", "MAX"})
"""What makes of words other words of the same language, or the same."""
_ROLES: Final = frozenset({PRINTED, EXPANSION})
_KEPT: Final = 512
"""How many queries' variables are kept."""
_SHORT: Final = 8192
"""A longer query is a visitor's, and not kept."""

Held = TypeVar("Held", Term, Term | None)


def worded(view: GraphView, path: str, term: Term) -> Term:
    """Return a value of a property: what is printed as words of the carnet's language."""
    return _spoken(term) if path in PROPERTIES and not view.foreign else term


def worded_rows(view: GraphView, found: Solutions, printed: Collection[str]) -> Solutions:
    """Return solutions, the words of variables that have forms as printed in their language."""
    places = {place for place, name in enumerate(found.variables) if name in printed}
    if view.foreign or not places:
        return found
    rows = (
        tuple([_spoken(term) if place in places else term for place, term in enumerate(row)])
        for row in found.rows
    )
    return Solutions(found.variables, tuple(rows))


def language_of(reason: Reason) -> str:
    """Return the language of a text that was found, that of the carnet where it is printed so."""
    return reason.language or (OF_CARNETS if reason.role in _ROLES else "")


def printed_in(query: str) -> frozenset[str]:
    """Return the variables, without their signs, for which a query finds forms as printed.

    That is those that follow a property of such, and others that are bound to the same words.
    """
    return _printed_in(query) if len(query) <= _SHORT else _printed_in.__wrapped__(query)


@lru_cache(maxsize=_KEPT)
def _printed_in(query: str) -> frozenset[str]:
    found: set[str] = set()
    before: deque[str] = deque([""] * 5, maxlen=5)
    for token, iri in named_iris(query):
        if token.kind == "variable" and (before[-1] in PROPERTIES or _is_bound(before, found)):
            found.add(token.text[1:])
        before.append(iri or token.text)
    return frozenset(found)


def _is_bound(before: deque[str], printed: set[str]) -> bool:
    """Tell whether what stands before a variable binds it to words as printed."""
    function, opened, variable, closed, word = before
    if word.upper() != "AS":
        return False
    if closed != ")":
        return closed[1:] in printed
    return opened == "(" and function.upper() in _SAME and variable[1:] in printed


def _spoken(term: Held) -> Held | Literal:
    """Return plain text as words of the carnet's language, anything else as it is."""
    if isinstance(term, Literal) and term.datatype == _PLAIN:
        return Literal(term.value, language=OF_CARNETS)
    return term
