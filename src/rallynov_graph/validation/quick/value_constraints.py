"""Constraints on each value by itself: its kind, class, datatype, text and bounds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import literals
from rallynov_graph.validation.quick.constraints import OfEachValue
from rallynov_graph.validation.quick.triple_index import Numbers

if TYPE_CHECKING:
    from rallynov_graph.validation.quick.evaluation import Evaluation

_KINDS: Final = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}
NODE_KINDS: Final = frozenset(_KINDS)


class _Test(OfEachValue):
    """A constraint that a term passes or not, whatever is said about it."""

    def passes(self, term: Term) -> bool:
        """Whether a term is as the constraint asks."""
        raise NotImplementedError

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that do not pass."""
        terms, passes = evaluation.index.terms, self.passes
        return {value for value in values if not passes(terms[value])}


@dataclass(frozen=True)
class Class(OfEachValue):
    """``sh:class``: a value is an instance of a class, or of one below it."""

    component: ClassVar[str] = "ClassConstraintComponent"
    iri: NamedNode | BlankNode

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that are no instances; literals never are."""
        return values - evaluation.of_class(self.iri, values)


@dataclass(frozen=True)
class In(OfEachValue):
    """``sh:in``: a value is one of a list."""

    component: ClassVar[str] = "InConstraintComponent"
    terms: tuple[Term, ...]

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that are not in the list."""
        return values - evaluation.index.known(self.terms)


@dataclass(frozen=True)
class NodeKind(_Test):
    """``sh:nodeKind``: a value is an IRI, a blank node, a literal, or one of two of them."""

    component: ClassVar[str] = "NodeKindConstraintComponent"
    kind: str

    def passes(self, term: Term) -> bool:
        """Whether a term is of the kind."""
        return isinstance(term, _KINDS[self.kind])


@dataclass(frozen=True)
class Datatype(_Test):
    """``sh:datatype``: a value is a literal of a datatype, and written as that allows."""

    component: ClassVar[str] = "DatatypeConstraintComponent"
    iri: NamedNode

    def passes(self, term: Term) -> bool:
        """Whether a term is a literal of the datatype."""
        return isinstance(term, Literal) and literals.has_datatype(term, self.iri)


@dataclass(frozen=True)
class MinLength(_Test):
    """``sh:minLength``: a value's text has so many characters; blank nodes have no text."""

    component: ClassVar[str] = "MinLengthConstraintComponent"
    least: int

    def passes(self, term: Term) -> bool:
        """Whether a term's text is long enough."""
        return self.least == 0 or (_has_text(term) and len(term.value) >= self.least)


@dataclass(frozen=True)
class MaxLength(_Test):
    """``sh:maxLength``: a value's text has no more characters; blank nodes have no text."""

    component: ClassVar[str] = "MaxLengthConstraintComponent"
    most: int

    def passes(self, term: Term) -> bool:
        """Whether a term's text is short enough."""
        return _has_text(term) and len(term.value) <= self.most


@dataclass(frozen=True)
class Pattern(_Test):
    """``sh:pattern``: a regular expression is found in a value's text."""

    component: ClassVar[str] = "PatternConstraintComponent"
    expression: re.Pattern[str]

    def passes(self, term: Term) -> bool:
        """Whether the expression is found in a term's text."""
        return _has_text(term) and self.expression.search(term.value) is not None


@dataclass(frozen=True)
class LanguageIn(_Test):
    """``sh:languageIn``: a value has one of the languages, in lower case; ``*`` is any."""

    component: ClassVar[str] = "LanguageInConstraintComponent"
    languages: tuple[str, ...]

    def passes(self, term: Term) -> bool:
        """Whether a term has a language of the list, or one that begins with it."""
        language = term.language if isinstance(term, Literal) else None
        if not language:
            return False
        accepted = {"*", language.lower(), language.partition("-")[0].lower()}
        return not accepted.isdisjoint(self.languages)


class _Bound(_Test):
    """A constraint that compares a literal with another one."""

    bound: Literal
    holds: ClassVar[Callable[[int], bool]]
    """Whether an order (below zero, zero, above zero) is as the constraint asks."""

    def passes(self, term: Term) -> bool:
        """Whether a term can be compared with the bound, and lies on the right side."""
        order = literals.order(term, self.bound) if isinstance(term, Literal) else None
        return order is not None and type(self).holds(order)


@dataclass(frozen=True)
class MinInclusive(_Bound):
    """``sh:minInclusive``."""

    component: ClassVar[str] = "MinInclusiveConstraintComponent"
    holds: ClassVar[Callable[[int], bool]] = staticmethod(lambda order: order >= 0)
    bound: Literal


@dataclass(frozen=True)
class MinExclusive(_Bound):
    """``sh:minExclusive``."""

    component: ClassVar[str] = "MinExclusiveConstraintComponent"
    holds: ClassVar[Callable[[int], bool]] = staticmethod(lambda order: order > 0)
    bound: Literal


@dataclass(frozen=True)
class MaxInclusive(_Bound):
    """``sh:maxInclusive``."""

    component: ClassVar[str] = "MaxInclusiveConstraintComponent"
    holds: ClassVar[Callable[[int], bool]] = staticmethod(lambda order: order <= 0)
    bound: Literal


@dataclass(frozen=True)
class MaxExclusive(_Bound):
    """``sh:maxExclusive``."""

    component: ClassVar[str] = "MaxExclusiveConstraintComponent"
    holds: ClassVar[Callable[[int], bool]] = staticmethod(lambda order: order < 0)
    bound: Literal


def _has_text(term: Term) -> TypeGuard[NamedNode | Literal]:
    return isinstance(term, (NamedNode, Literal))
