"""The holding of data to shapes: which focus nodes break which constraint."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.validation.quick import paths
from rallynov_graph.validation.quick.constraints import Constraint, Fault, Values
from rallynov_graph.validation.quick.prebinding import PreboundStore
from rallynov_graph.validation.quick.shape_constraints import Property
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.triple_index import NOTHING, Numbers, TripleIndex

_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_SUBCLASS: Final = NamedNode(f"{PREFIXES['rdfs']}subClassOf")


@dataclass(frozen=True, slots=True)
class Result:
    """A fault, with the shape and the constraint that it breaks."""

    shape: Shape
    constraint: Constraint
    fault: Fault


class Evaluation:
    """Holds the triples of an index to shapes; asked again after a change, it reads the change."""

    def __init__(self, index: TripleIndex) -> None:
        self.index = index

    @cached_property
    def prebound_store(self) -> PreboundStore:
        """The triples as the engine has them; a change that follows is not in it."""
        return PreboundStore(self.index.triples())

    def targets(self, shape: Shape) -> Numbers:
        """Return the nodes that a shape is about by itself."""
        targets, index = shape.targets, self.index
        return NOTHING.union(
            map(index.number, targets.nodes),
            *map(self.instances, targets.classes),
            *(self.objects(iri) for iri in targets.subjects_of),
            *(self.subjects(iri) for iri in targets.objects_of),
        )

    def targeted(self, shape: Shape, nodes: Numbers) -> Numbers:
        """Return those of some nodes that a shape is about by itself."""
        targets, index = shape.targets, self.index
        found = nodes & index.known(targets.nodes)
        for iri in targets.classes:
            found |= self.of_class(iri, nodes)
        for predicate in targets.subjects_of:
            found |= nodes & self.objects(predicate).keys()
        for predicate in targets.objects_of:
            found |= nodes & self.subjects(predicate).keys()
        return found

    def results(self, shape: Shape, focus_nodes: Numbers) -> Iterator[Result]:
        """Yield the results of a shape at focus nodes, those of its property shapes included."""
        if shape.deactivated or not focus_nodes:
            return
        properties = [one for one in shape.constraints if isinstance(one, Property)]
        others = [one for one in shape.constraints if not isinstance(one, Property)]
        if shape.path is None:
            for constraint in properties:
                yield from self.results(constraint.shape, focus_nodes)
            properties = []
        if properties or others:
            values = self.values(shape, focus_nodes)
            for constraint in properties:
                yield from self._of_property(constraint.shape, values)
            for other in others:
                for fault in other.faults(values, self):
                    yield Result(shape, other, fault)

    def unfit(self, shape: Shape, nodes: Numbers) -> Numbers:
        """Return the nodes that do not conform to a shape."""
        if shape.deactivated or not nodes:
            return NOTHING
        values = self.values(shape, nodes)
        return {
            fault.focus
            for constraint in shape.constraints
            for fault in constraint.faults(values, self)
        }

    def values(self, shape: Shape, focus_nodes: Numbers) -> Values:
        """Return the values of focus nodes along a shape's path; without one, the nodes."""
        if shape.path is None:
            return {focus: {focus} for focus in focus_nodes}
        follow = paths.step(shape.path, self.index)
        return {focus: follow(focus) for focus in focus_nodes}

    def objects(self, predicate: NamedNode) -> Mapping[int, Numbers]:
        """Return the objects of a property by subject."""
        return self.index.objects_by_subject(self.index.number(predicate))

    def subjects(self, predicate: NamedNode) -> Mapping[int, Numbers]:
        """Return the subjects of a property by object."""
        return self.index.subjects_by_object(self.index.number(predicate))

    def instances(self, iri: NamedNode | BlankNode) -> Numbers:
        """Return the instances of a class, and of those below it."""
        instances = self.subjects(_TYPE)
        return NOTHING.union(*(instances.get(one, NOTHING) for one in self._down_from(iri)))

    def of_class(self, iri: NamedNode | BlankNode, nodes: Numbers) -> Numbers:
        """Return those of some nodes that are instances of a class, or of one below it."""
        classes, types = self._down_from(iri), self.objects(_TYPE)
        return {node for node in nodes if not classes.isdisjoint(types.get(node, NOTHING))}

    def _down_from(self, iri: NamedNode | BlankNode) -> Numbers:
        """Return a class and those below it."""
        below = self.subjects(_SUBCLASS)
        waiting, classes = [self.index.number(iri)], set[int]()
        while waiting:
            current = waiting.pop()
            if current not in classes:
                classes.add(current)
                waiting += below.get(current, NOTHING)
        return classes

    def _of_property(self, shape: Shape, values: Values) -> Iterator[Result]:
        """Yield the results of a property shape at values: one each time that a value is had."""
        if unfit := self.unfit(shape, NOTHING.union(*values.values())):
            for found in values.values():
                for value in found & unfit:
                    yield from self.results(shape, {value})
