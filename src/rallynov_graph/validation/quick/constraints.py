"""What a shape asks: constraints, and the faults that they find at the values of focus nodes.

Each kind of constraint is a data class named as its SHACL component is. It finds what pySHACL
finds, also where SHACL leaves room.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick.triple_index import NOTHING, Numbers

if TYPE_CHECKING:
    from rallynov_graph.validation.quick.evaluation import Evaluation

Values = Mapping[int, Numbers]
"""The values of each focus node along the path of a shape; a node shape's value is the node."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A focus node whose values break a constraint, and which value does."""

    focus: int
    value: int | None = None
    predicate: int | None = None
    """The property at fault where it is not the path of the shape."""
    row: Mapping[str, Term] | None = field(default=None, compare=False)
    """The solution of a query that tells the fault."""


class Constraint(Protocol):
    """Finds the faults of one kind."""

    component: ClassVar[str]
    """The local name of its SHACL component, of the faults it finds."""

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield the faults at focus nodes with these values."""
        ...


class OfEachValue:
    """A constraint that looks at one value at a time, whatever thing has it."""

    def failing(self, values: Numbers, evaluation: "Evaluation") -> Numbers:
        """Return the values that break the constraint."""
        raise NotImplementedError

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each value that breaks the constraint."""
        failing = self.failing(NOTHING.union(*values.values()), evaluation)
        if failing:
            for focus, found in values.items():
                for value in found & failing:
                    yield Fault(focus, value)
