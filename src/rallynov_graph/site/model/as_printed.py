"""Words as a carnet prints them: which properties hold them, and which language they are in.

A printed form is a plain string in the data, without a language tag, so that its copyist need not
decide in which language a name or a date is. A page marks it with the carnet's language.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.rdf.tokens import named_iris
from rallynov_graph.search.index import EXPANSION, PRINTED
from rallynov_graph.search.results import Reason
from rallynov_graph.site.model.nodes import GraphView

PROPERTIES: Final = frozenset(
    RN + name
    for name in (
        *("asPrinted", "nameAsPrinted", "roleAsPrinted", "dateAsPrinted", "timeAsPrinted"),
        "expansion",
    )
)
"""Properties whose values are printed forms. Acronyms, like proper names, have no language."""
CARNET_LANGUAGE: Final = "fr"
_PLAIN: Final = NamedNode(PREFIXES["xsd"] + "string")
_SAME: Final = frozenset({"LCASE", "UCASE", "STR", "SAMPLE", "MIN", "MAX"})
"""SPARQL functions whose result is in the language of their argument."""
_ROLES: Final = frozenset({PRINTED, EXPANSION})

TermType = TypeVar("TermType", Term, Term | None)
Value = TypeVar("Value")


def in_carnet_language(view: GraphView, path: str, term: Term) -> Term:
    """Return a value of a property; a printed form has the carnet's language."""
    return _with_carnet_language(term) if path in PROPERTIES and not view.foreign else term


def in_page_language(
    view: GraphView, values: Sequence[Value], term_of: Callable[[Value], Term]
) -> list[Value]:
    """Return the values; if one is in the page's language, none in another one."""
    languages = [
        term.language if isinstance(term := term_of(value), Literal) else None for value in values
    ]
    if view.language not in languages:
        return [*values]
    own = (None, view.language)
    return [it for it, language in zip(values, languages, strict=True) if language in own]


def rows_in_carnet_language(
    view: GraphView, found: Solutions, printed: Collection[str]
) -> Solutions:
    """Return solutions; printed forms have the carnet's language.

    These are the texts of some variables, and those that follow their property in a row.
    """
    if view.foreign:
        return found
    places = {place for place, name in enumerate(found.variables) if name in printed}
    rows = (
        tuple(
            [
                _with_carnet_language(term)
                if place in places or getattr(before, "value", "") in PROPERTIES
                else term
                for place, (before, term) in enumerate(pairwise((None, *row)))
            ]
        )
        for row in found.rows
    )
    return Solutions(found.variables, tuple(rows))


def language_of(reason: Reason) -> str:
    """Return the language of a text that was found; that of the carnet for a printed form."""
    return reason.language or (CARNET_LANGUAGE if reason.role in _ROLES else "")


def printed_in(query: str) -> frozenset[str]:
    """Return the names of the variables that hold printed forms in the answers of a query.

    These follow a property of printed forms, or are bound to such a variable's value.
    """
    found: set[str] = set()
    bound: list[tuple[str, str]] = []
    before: deque[str] = deque([""] * 5, maxlen=5)
    for token, iri in named_iris(query):
        if token.kind == "variable":
            if before[-1] in PROPERTIES:
                found.add(token.text[1:])
            bound += [(token.text[1:], source) for source in _sources(before)]
        before.append(iri or token.text)
    return _with_bound(found, bound)


def _sources(before: deque[str]) -> Iterator[str]:
    """Yield the variable whose value the tokens before a variable bind to it."""
    function, opened, variable, closed, word = before
    if word.upper() != "AS":
        return
    if closed != ")":
        yield closed[1:]
    elif opened == "(" and function.upper() in _SAME:
        yield variable[1:]


def _with_bound(found: set[str], bound: Collection[tuple[str, str]]) -> frozenset[str]:
    """Return variables with those bound to one of them; a projection is before its source."""
    while more := {name for name, source in bound if source in found} - found:
        found |= more
    return frozenset(found)


def _with_carnet_language(term: TermType) -> TermType | Literal:
    """Return a plain string with the carnet's language, any other term as it is."""
    if isinstance(term, Literal) and term.datatype == _PLAIN:
        return Literal(term.value, language=CARNET_LANGUAGE)
    return term
