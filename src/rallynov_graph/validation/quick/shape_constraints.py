"""Constraints that hold values to other shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rallynov_graph.validation.quick.constraints import Fault, OfEachValue, Values
from rallynov_graph.validation.quick.triple_index import NOTHING, Numbers

if TYPE_CHECKING:
    from rallynov_graph.validation.quick.evaluation import Evaluation
    from rallynov_graph.validation.quick.shapes import Shape


@dataclass(frozen=True)
class Property(OfEachValue):
    """``sh:property``: a value is as a property shape asks; its faults are those of that shape."""

    component: ClassVar[str] = "PropertyConstraintComponent"
    shape: "Shape"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break the shape."""
        return evaluation.unfit(self.shape, values)


@dataclass(frozen=True)
class Node(OfEachValue):
    """``sh:node``: a value is as a node shape asks."""

    component: ClassVar[str] = "NodeConstraintComponent"
    shape: "Shape"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break the shape."""
        return evaluation.unfit(self.shape, values)


@dataclass(frozen=True)
class Not(OfEachValue):
    """``sh:not``: a value is not as a shape asks."""

    component: ClassVar[str] = "NotConstraintComponent"
    shape: "Shape"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that do not break the shape."""
        return values - evaluation.unfit(self.shape, values)


@dataclass(frozen=True)
class And(OfEachValue):
    """``sh:and``: a value is as all of some shapes ask."""

    component: ClassVar[str] = "AndConstraintComponent"
    shapes: "tuple[Shape, ...]"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break any of the shapes."""
        return NOTHING.union(*(evaluation.unfit(shape, values) for shape in self.shapes))


@dataclass(frozen=True)
class Or(OfEachValue):
    """``sh:or``: a value is as one of some shapes asks."""

    component: ClassVar[str] = "OrConstraintComponent"
    shapes: "tuple[Shape, ...]"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break each of the shapes."""
        for shape in self.shapes:
            values = evaluation.unfit(shape, values)
        return values


@dataclass(frozen=True)
class Xone(OfEachValue):
    """``sh:xone``: a value is as exactly one of some shapes asks."""

    component: ClassVar[str] = "XoneConstraintComponent"
    shapes: "tuple[Shape, ...]"

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break all of the shapes, or that fit several."""
        once: Numbers = NOTHING
        several: Numbers = NOTHING
        for shape in self.shapes:
            fitting = values - evaluation.unfit(shape, values)
            several |= once & fitting
            once |= fitting
        return values - (once - several)


class _Qualified:
    """So many values are as a shape asks, and not as any of its siblings does."""

    shape: "Shape"
    siblings: "tuple[Shape, ...]"

    def counted(self, values: Values, evaluation: "Evaluation") -> Iterator[tuple[int, int]]:
        """Yield each focus node with the number of such values."""
        every = NOTHING.union(*values.values())
        fitting = every - evaluation.unfit(self.shape, every)
        for sibling in self.siblings:
            fitting &= evaluation.unfit(sibling, fitting)
        return ((focus, len(found & fitting)) for focus, found in values.items())


@dataclass(frozen=True)
class QualifiedMinCount(_Qualified):
    """``sh:qualifiedMinCount``."""

    component: ClassVar[str] = "QualifiedMinCountConstraintComponent"
    shape: "Shape"
    siblings: "tuple[Shape, ...]"
    least: int

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each focus node with fewer such values."""
        return (Fault(f) for f, number in self.counted(values, evaluation) if number < self.least)


@dataclass(frozen=True)
class QualifiedMaxCount(_Qualified):
    """``sh:qualifiedMaxCount``."""

    component: ClassVar[str] = "QualifiedMaxCountConstraintComponent"
    shape: "Shape"
    siblings: "tuple[Shape, ...]"
    most: int

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each focus node with more such values."""
        return (Fault(f) for f, number in self.counted(values, evaluation) if number > self.most)
