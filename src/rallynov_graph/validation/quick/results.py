"""Findings: the results of shapes with their terms and messages."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, TypeVar

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.validation.quick.shapes import SH, Result, Shape
from rallynov_graph.validation.quick.triples import (
    Predicate,
    Term,
    TripleIndex,
    in_sparql,
    named_around,
)

SPARQL: Final = f"{SH}SPARQLConstraintComponent"
_TEXTS: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("messages.toml").read_text("utf-8")
)
"""What is said of a constraint, by its name and language."""
_LONGEST: Final = 10
"""How many members of a list are named."""


@dataclass(frozen=True)
class Finding:
    """A place where data break a shape."""

    severity: str
    """``Violation``, ``Warning``, ``Info``, or the IRI of a severity of the user's own."""
    shape: str | None
    """The IRI of the shape, or of the nearest named one around it."""
    focus: Term
    path: str | None = None
    """The IRI of a property; a longer path as SPARQL writes it."""
    value: Term | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    """By language tag, ``""`` for none."""
    within: str | None = None
    """The IRI of the nearest named thing that a nameless focus is part of."""
    component: str = field(default=SPARQL, compare=False, repr=False)
    """The IRI of the constraint component."""
    source: Term | None = field(default=None, compare=False, repr=False)
    """The shape in the shapes graph; None if no shape made it."""
    path_node: Term | None = field(default=None, compare=False, repr=False)
    """The path in the shapes graph."""
    constraint: Term | None = field(default=None, compare=False, repr=False)
    """The constraint of a query in the shapes graph."""


F = TypeVar("F", bound=Finding)


class Findings(Generic[F]):
    """Turns results into findings: replaces numbers by terms and adds messages."""

    def __init__(
        self, index: TripleIndex, kind: type[F], shortened: Callable[[str], str] = str
    ) -> None:
        """Make findings of a class; their messages show IRIs in a shortened form."""
        self._index, self._kind, self._shortened = index, kind, shortened

    def made(self, result: Result) -> F:
        shape, constraint, fault = result
        focus = self._index.terms[fault.focus]
        return self._kind(
            severity=shape.severity,
            shape=shape.iri,
            focus=focus,
            path=self._path(result),
            value=None if fault.value is None else self._index.terms[fault.value],
            messages=self._messages(result),
            within=named_around(focus, self._around) if isinstance(focus, BlankNode) else None,
            component=f"{SH}{constraint.name}ConstraintComponent",
            source=shape.node,
            path_node=None if fault.predicate is not None else shape.path_node,
            constraint=constraint.node,
        )

    def _path(self, result: Result) -> str | None:
        shape, _, fault = result
        if fault.predicate is not None:
            term = self._index.terms[fault.predicate]
            return term.value if isinstance(term, NamedNode) else None
        path = shape.path
        if isinstance(path, Predicate):
            return path.iri.value
        return None if path is None else in_sparql(path)

    def _messages(self, result: Result) -> Mapping[str, str]:
        """Return the messages of a query or of a shape, else those of the component."""
        shape, constraint, fault = result
        if own := constraint.messages or shape.messages:
            row = fault.row
            return {lang: _filled(text, row) for lang, text in own.items()} if row else own
        words = "" if constraint.parameter is None else self._written(constraint.parameter)
        texts = _TEXTS[constraint.name].items()
        return {language: text.format(words) for language, text in texts}

    def _written(self, parameter: object) -> str:
        match parameter:
            case tuple():
                more = ", …" if len(parameter) > _LONGEST else ""
                return ", ".join(map(self._written, parameter[:_LONGEST])) + more
            case Shape():
                return self._shortened(parameter.iri) if parameter.iri else str(parameter.node)
            case NamedNode():
                return self._shortened(parameter.value)
        return str(parameter)

    @cached_property
    def _parents(self) -> Mapping[int, Collection[int]]:
        return self._index.blank_node_parents()

    def _around(self, node: Term) -> Iterable[Term]:
        (number,) = self._index.known([node])
        return (self._index.terms[parent] for parent in self._parents.get(number, ()))


def _filled(message: str, row: Mapping[str, Term]) -> str:
    """Return a message with the values of a solution filled in; IRIs are not shortened."""

    def value(found: re.Match[str]) -> str:
        term = row.get(found[1])
        return found[0] if term is None else getattr(term, "value", str(term))

    return re.sub(r"\{[?$](\w+)\}", value, message)
