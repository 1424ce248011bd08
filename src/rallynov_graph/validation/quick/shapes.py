"""Shapes, their constraints, and how data are checked against them.

The results are those of pySHACL, also where SHACL leaves a choice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.validation.quick.triples import (
    NOTHING,
    Numbers,
    Path,
    Term,
    TripleIndex,
    step,
)

SH: Final = "http://www.w3.org/ns/shacl#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
TYPE: Final = NamedNode(f"{RDF}type")
_SUBCLASS: Final = NamedNode(f"{RDFS}subClassOf")

Node = NamedNode | BlankNode
Values = Mapping[int, Numbers]
"""The values of each focus node along the path of a shape; a node shape's value is the node."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """A focus node whose values break a constraint, and the value at fault."""

    focus: int
    value: int | None = None
    predicate: int | None = None
    """The property at fault where it is not the path of the shape."""
    row: Mapping[str, Term] | None = field(default=None, compare=False)
    """The solution of a query that tells the fault."""


@dataclass(frozen=True, eq=False)
class Constraint:
    """A requirement of a shape on the values of its focus nodes."""

    name: str
    """That of its SHACL component, which is followed there by ``ConstraintComponent``."""
    faults: "Callable[[Values, Evaluation], Iterable[Fault]]" = field(repr=False)
    """Returns the faults at focus nodes with these values."""
    parameter: object = None
    """What messages name."""
    shapes: "tuple[Shape, ...]" = ()
    """The shapes that values are checked against."""
    node: Node | None = None
    """A constraint that is a node of its own, such as that of ``sh:sparql``."""
    messages: Mapping[str, str] = field(default_factory=dict)
    """Its own, by language; ``{?name}`` stands for a value of the fault's row."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape, with the shapes that it refers to."""

    node: Node
    """What it is called in the shapes graph."""
    iri: str | None
    """Its IRI, or that of the nearest named shape around it."""
    severity: str
    """``Violation``, ``Warning``, ``Info``, or the IRI of a severity of the user's own."""
    messages: Mapping[str, str]
    """By language tag, ``""`` for none."""
    path: Path | None
    path_node: Node | None
    deactivated: bool
    constraints: tuple[Constraint, ...] = field(repr=False)
    target_nodes: tuple[Term, ...] = ()
    target_classes: tuple[Node, ...] = ()
    target_subjects_of: tuple[NamedNode, ...] = ()
    target_objects_of: tuple[NamedNode, ...] = ()


Result = tuple[Shape, Constraint, Fault]


class Evaluation:
    """Checks shapes on the current triples of an index."""

    def __init__(self, index: TripleIndex) -> None:
        self.index = index
        self._made: dict[object, Any] = {}

    def made_once(self, make: Callable[[TripleIndex], T]) -> T:
        """Return the result of a function on the index, computed once for all constraints."""
        if make not in self._made:
            self._made[make] = make(self.index)
        made: T = self._made[make]
        return made

    def results(self, shape: Shape) -> Iterator[Result]:
        index = self.index
        targets = NOTHING.union(
            map(index.number, shape.target_nodes),
            *map(self._instances, shape.target_classes),
            *(self.objects(iri) for iri in shape.target_subjects_of),
            *(self.subjects(iri) for iri in shape.target_objects_of),
        )
        return self._results(shape, targets)

    def unfit(self, shape: Shape, nodes: Numbers) -> Numbers:
        """Return the nodes that do not conform to a shape."""
        if shape.deactivated or not nodes:
            return NOTHING
        values = self._values(shape, nodes)
        return {
            fault.focus
            for constraint in shape.constraints
            for fault in constraint.faults(values, self)
        }

    def objects(self, predicate: NamedNode) -> Mapping[int, Numbers]:
        return self.index.objects_by_subject(self.index.number(predicate))

    def subjects(self, predicate: NamedNode) -> Mapping[int, Numbers]:
        return self.index.subjects_by_object(self.index.number(predicate))

    def of_class(self, iri: Node, nodes: Numbers) -> Numbers:
        """Return which of these nodes are instances of a class or of a subclass."""
        classes, types = self._down_from(iri), self.objects(TYPE)
        return {node for node in nodes if not classes.isdisjoint(types.get(node, NOTHING))}

    def _instances(self, iri: Node) -> Numbers:
        instances = self.subjects(TYPE)
        return NOTHING.union(*(instances.get(one, NOTHING) for one in self._down_from(iri)))

    def _down_from(self, iri: Node) -> Numbers:
        below = self.subjects(_SUBCLASS)
        waiting, classes = [self.index.number(iri)], set[int]()
        while waiting:
            current = waiting.pop()
            if current not in classes:
                classes.add(current)
                waiting += below.get(current, NOTHING)
        return classes

    def _values(self, shape: Shape, focus_nodes: Numbers) -> Values:
        if shape.path is None:
            return {focus: {focus} for focus in focus_nodes}
        follow = step(shape.path, self.index)
        return {focus: follow(focus) for focus in focus_nodes}

    def _results(self, shape: Shape, focus_nodes: Numbers) -> Iterator[Result]:
        """Yield the results of a shape at focus nodes, including those of its property shapes."""
        if shape.deactivated or not focus_nodes:
            return
        properties = [one for one in shape.constraints if one.name == "Property"]
        others = [one for one in shape.constraints if one.name != "Property"]
        if shape.path is None:
            for constraint in properties:
                yield from self._results(constraint.shapes[0], focus_nodes)
            properties = []
        if properties or others:
            values = self._values(shape, focus_nodes)
            for constraint in properties:
                yield from self._of_property(constraint.shapes[0], values)
            for other in others:
                for fault in other.faults(values, self):
                    yield shape, other, fault

    def _of_property(self, shape: Shape, values: Values) -> Iterator[Result]:
        if unfit := self.unfit(shape, NOTHING.union(*values.values())):
            for found in values.values():
                for value in found & unfit:
                    yield from self._results(shape, {value})
