"""Constraints on all values of a focus node together: how many, which, and beside which others."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import literals
from rallynov_graph.validation.quick.constraints import Fault, Values
from rallynov_graph.validation.quick.triple_index import NOTHING

if TYPE_CHECKING:
    from rallynov_graph.validation.quick.evaluation import Evaluation

_TYPE = NamedNode(f"{PREFIXES['rdf']}type")
_RESOURCE = NamedNode(f"{PREFIXES['rdfs']}Resource")


@dataclass(frozen=True)
class MinCount:
    """``sh:minCount``: there are so many values."""

    component: ClassVar[str] = "MinCountConstraintComponent"
    least: int

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each focus node that has fewer values."""
        return (Fault(focus) for focus, found in values.items() if len(found) < self.least)


@dataclass(frozen=True)
class MaxCount:
    """``sh:maxCount``: there are no more values."""

    component: ClassVar[str] = "MaxCountConstraintComponent"
    most: int

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each focus node that has more values."""
        return (Fault(focus) for focus, found in values.items() if len(found) > self.most)


@dataclass(frozen=True)
class HasValue:
    """``sh:hasValue``: a term is among the values."""

    component: ClassVar[str] = "HasValueConstraintComponent"
    term: Term

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each focus node that has other values only."""
        wanted = evaluation.index.known([self.term])
        return (Fault(focus) for focus, found in values.items() if found.isdisjoint(wanted))


@dataclass(frozen=True)
class UniqueLang:
    """``sh:uniqueLang``: no two values have the same language."""

    component: ClassVar[str] = "UniqueLangConstraintComponent"

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each language that values of a focus node share."""
        terms = evaluation.index.terms
        for focus, found in values.items():
            if len(found) > 1:
                for times in _languages(terms[value] for value in found).values():
                    if times > 1:
                        yield Fault(focus)


@dataclass(frozen=True)
class Equals:
    """``sh:equals``: the values are those of another property."""

    component: ClassVar[str] = "EqualsConstraintComponent"
    other: NamedNode

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each value that only one of the two has."""
        others = evaluation.objects(self.other)
        for focus, found in values.items():
            for value in found ^ others.get(focus, NOTHING):
                yield Fault(focus, value)


@dataclass(frozen=True)
class Disjoint:
    """``sh:disjoint``: no value is one of another property."""

    component: ClassVar[str] = "DisjointConstraintComponent"
    other: NamedNode

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each value that both have."""
        others = evaluation.objects(self.other)
        for focus, found in values.items():
            for value in found & others.get(focus, NOTHING):
                yield Fault(focus, value)


class _Before:
    """Each value comes before each one of another property."""

    other: NamedNode
    or_equal: ClassVar[bool]

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each pair that is not in this order, or cannot be compared."""
        others, terms = evaluation.objects(self.other), evaluation.index.terms
        for focus, found in values.items():
            for value in found:
                for other in others.get(focus, NOTHING):
                    if not _is_before(terms[value], terms[other], or_equal=self.or_equal):
                        yield Fault(focus, value)


@dataclass(frozen=True)
class LessThan(_Before):
    """``sh:lessThan``."""

    component: ClassVar[str] = "LessThanConstraintComponent"
    or_equal: ClassVar[bool] = False
    other: NamedNode


@dataclass(frozen=True)
class LessThanOrEquals(_Before):
    """``sh:lessThanOrEquals``."""

    component: ClassVar[str] = "LessThanOrEqualsConstraintComponent"
    or_equal: ClassVar[bool] = True
    other: NamedNode


@dataclass(frozen=True)
class Closed:
    """``sh:closed``: a value has no properties but those of the shape."""

    component: ClassVar[str] = "ClosedConstraintComponent"
    allowed: tuple[NamedNode, ...]

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each statement with another property."""
        allowed = evaluation.index.known(self.allowed)
        ignored = evaluation.index.number(_TYPE), evaluation.index.number(_RESOURCE)
        for focus, found in values.items():
            for value in found:
                for predicate, objects in evaluation.index.statements_about(value):
                    if predicate not in allowed:
                        for other in objects:
                            if (predicate, other) != ignored:
                                yield Fault(focus, other, predicate)


def _languages(terms: Iterator[Term]) -> Counter[str]:
    return Counter(
        term.language.lower() for term in terms if isinstance(term, Literal) and term.language
    )


def _is_before(value: Term, other: Term, *, or_equal: bool) -> bool:
    if isinstance(value, (BlankNode, Triple)) or isinstance(other, (BlankNode, Triple)):
        return False
    return literals.is_below(value, other, or_equal=or_equal)
