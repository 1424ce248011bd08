"""The reading of a shapes graph: what is done by the readers that there are, and what is left.

What is not written as SHACL's syntax rules say is left too.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from rallynov_graph.validation.quick.shapes import RDF, RDFS, SH, TYPE, Constraint, Node, Shape
from rallynov_graph.validation.quick.triples import (
    Alternatives,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Term,
    named_around,
)
from rallynov_graph.validation.quick.triples import Sequence as PathSequence

_FIRST, _REST, _NIL = (NamedNode(f"{RDF}{name}") for name in ("first", "rest", "nil"))
_CLASS: Final = NamedNode(f"{RDFS}Class")
_SUBCLASS: Final = f"{RDFS}subClassOf"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_INTEGER, _STRING, _BOOLEAN = (
    NamedNode(f"{_XSD}{name}") for name in ("integer", "string", "boolean")
)
TRUE: Final = Literal("true", datatype=_BOOLEAN)
_FALSE: Final = Literal("false", datatype=_BOOLEAN)
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
_LEADING: Final = ("property", "node", "not", "qualifiedValueShape")
"""What leads from a shape to another one."""
_SIGNS: Final = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_DESCRIPTION: Final = frozenset(
    [
        *("path", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
        *("severity", "message", "deactivated"),
        *("name", "description", "order", "group", "defaultValue"),
    ]
)
"""What a shape has beside its constraints."""
_CHANGING: Final = ("rule", "entailment")
"""What changes the data before they are checked against any shape."""

T = TypeVar("T", NamedNode, BlankNode, Literal)


class NotCovered(Exception):
    """A feature that this validator does not implement; the text names it."""


class ShapeGraph:
    """The triples of a shapes graph, by subject and by object."""

    def __init__(self, shapes: Iterable[Quad | Triple]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = {}
        self._subjects: dict[str, dict[Term, list[Node]]] = {}
        self._parents: dict[Term, set[Node]] = {}
        for subject, predicate, value in dict.fromkeys(
            (s.subject, s.predicate.value, s.object) for s in shapes
        ):
            if isinstance(subject, Triple):
                continue
            self._objects.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._subjects.setdefault(predicate, {}).setdefault(value, []).append(subject)
            if isinstance(value, BlankNode):
                self._parents.setdefault(value, set()).add(subject)

    def described(self, node: Term) -> Mapping[str, list[Term]]:
        return self._objects.get(node, {})

    def values(self, node: Term, name: str) -> list[Term]:
        return self.described(node).get(SH + name, [])

    def having(self, name: str) -> Mapping[Term, list[Node]]:
        """Return the nodes that have a SHACL property, by its value."""
        return self._subjects.get(SH + name, {})

    def types(self, node: Term) -> list[Term]:
        return self.described(node).get(TYPE.value, [])

    def of_class(self, name: str) -> list[Node]:
        """Return the nodes of a class: a term of SHACL, or an IRI."""
        return self._subjects.get(TYPE.value, {}).get(
            NamedNode(name if ":" in name else SH + name), []
        )

    def predicates(self) -> Iterable[str]:
        return self._subjects.keys()

    def members(self, head: Term) -> tuple[Term, ...]:
        """Return the members of a list, at least one; raise NotCovered if it is ill-formed."""
        found: list[Term] = []
        visited = set[Term]()
        while head != _NIL or not found:
            first, rest = (self.described(head).get(p.value, []) for p in (_FIRST, _REST))
            if len(first) != 1 or len(rest) != 1 or head in visited:
                raise NotCovered("a list that is not well-formed")
            visited.add(head)
            found.append(first[0])
            head = rest[0]
        return tuple(found)

    def is_list(self, node: Term) -> bool:
        """Whether a node is only a part of a list."""
        return set(self.described(node)) == {_FIRST.value, _REST.value}

    def siblings(self, node: Node, own: Term) -> list[Term]:
        """Return the other qualified value shapes of the shapes that contain a property shape."""
        others = {
            qualified: None
            for parent in self.having("property").get(node, [])
            for other in self.values(parent, "property")
            for qualified in self.values(other, "qualifiedValueShape")
            if qualified != own
        }
        return [*others]

    def targeted(self) -> list[Node]:
        """Return the shapes that have targets, in a fixed order."""
        found = {
            node for name in _TARGETS for nodes in self.having(name).values() for node in nodes
        }
        found |= {node for node in self._shapes() if self.is_class(node)}
        return sorted(found, key=str)

    def is_class(self, node: Node) -> bool:
        """Whether a node is a class: a shape that is also a class targets its instances."""
        kinds = {_CLASS, *self._subjects.get(_SUBCLASS, {}).get(_CLASS, [])}
        return not kinds.isdisjoint(self.types(node))

    def name(self, node: Node) -> str | None:
        """Return the IRI of a node, or of the nearest named node that contains it."""
        return named_around(node, lambda it: self._parents.get(it, ()))

    def circle(self) -> list[Node]:
        """Return shapes that refer to each other in a circle; an empty list if none do."""
        finished = set[Node]()
        for start in self.shapes():
            way = [start]
            steps = [iter(self._uses(start))]
            while steps:
                following = next(steps[-1], None)
                if following is None:
                    steps.pop()
                    finished.add(way.pop())
                elif following in way:
                    return way[way.index(following) :]
                elif following not in finished:
                    way.append(following)
                    steps.append(iter(self._uses(following)))
        return []

    def custom_parameters(self) -> set[str]:
        return {
            path.value
            for parameter in self.having("parameter")
            for path in self.values(parameter, "path")
            if isinstance(path, NamedNode)
        }

    def shapes(self) -> list[Node]:
        """Return all shapes, including those that others refer to, in a fixed order."""
        found = self._shapes() | {*self.targeted()}
        waiting = [*found]
        while waiting:
            following = {*self._uses(waiting.pop())} - found
            found |= following
            waiting += following
        return sorted(found, key=str)

    def parameters(self, node: Term) -> set[str]:
        return {p.removeprefix(SH) for p in self.described(node) if p.startswith(SH)}

    def _uses(self, node: Node) -> list[Node]:
        found = [value for name in _LEADING for value in self.values(node, name)]
        for name in ("and", "or", "xone"):
            for head in self.values(node, name):
                with suppress(NotCovered):
                    found += self.members(head)
        return [value for value in found if isinstance(value, Node)]

    def _shapes(self) -> set[Node]:
        """Return the nodes that are shapes by their class, their properties or their use."""
        types = self._subjects.get(TYPE.value, {})
        found = {
            node
            for name in ("NodeShape", "PropertyShape")
            for node in types.get(NamedNode(SH + name), [])
        }
        for name in ("property", "node"):
            found |= {node for nodes in self.having(name).values() for node in nodes}
        for name in _LEADING:
            found |= {value for value in self.having(name) if isinstance(value, Node)}
        return found


@dataclass(frozen=True)
class ShapeParameter:
    """A shape's values of a parameter, and its context."""

    node: Node
    values: list[Term]
    graph: ShapeGraph
    shape_of: Callable[[Term], Shape]
    """Returns the shape of a node; raises NotCovered."""
    path: Path | None

    def beside(self, name: str) -> list[Term]:
        """Return the shape's values of another parameter."""
        return self.graph.values(self.node, name)


Reader = Callable[[ShapeParameter], Iterable[Constraint]]
"""Reads the values of a parameter into constraints; raises NotCovered."""


@dataclass(frozen=True)
class Reading:
    """The shapes that have targets, and those that could not be read."""

    shapes: tuple[Shape, ...]
    left: Mapping[Node, str]
    """The other ones, each with what keeps it from being read."""
    graph: ShapeGraph


def read(
    shapes: Iterable[Quad | Triple],
    readers: Mapping[str, Reader],
    companions: Mapping[str, str],
) -> Reading:
    """Return the shapes of a graph, as far as readers exist for all their parameters.

    Companions are parameters that only have a meaning beside another one, and are read with it.
    """
    graph = ShapeGraph(shapes)
    changing = next((f"sh:{name}" for name in _CHANGING if graph.having(name)), None)
    reader = _Reader(graph, readers, companions)
    found: list[Shape] = []
    left: dict[Node, str] = {}
    for node in graph.targeted():
        try:
            if changing:
                raise NotCovered(changing)
            found.append(reader.shape(node))
        except NotCovered as reason:
            left[node] = str(reason)
    return Reading(tuple(found), left, graph)


class _Reader:
    """Reads each shape of a graph once, with the shapes that it refers to."""

    def __init__(
        self, graph: ShapeGraph, readers: Mapping[str, Reader], companions: Mapping[str, str]
    ) -> None:
        self._graph, self._readers, self._companions = graph, readers, companions
        self._covered = _DESCRIPTION | readers.keys() | companions.keys()
        self._custom = graph.custom_parameters()
        self._shapes: dict[Node, Shape] = {}
        self._being_read: set[Node] = set()

    def shape(self, node: Term) -> Shape:
        """Return the shape of a node; raise NotCovered."""
        if not isinstance(node, Node) or not self._graph.described(node):
            raise NotCovered(f"{node}, which is not described")
        if node in self._shapes:
            return self._shapes[node]
        if node in self._being_read:
            raise NotCovered("a shape that calls itself")
        self._being_read.add(node)
        try:
            self._shapes[node] = shape = self._read(node)
        finally:
            self._being_read.remove(node)
        return shape

    def _read(self, node: Node) -> Shape:
        graph = self._graph
        names = self._parameters(node)
        path_node, path = self._path_of(node)
        classes = nodes(graph.values(node, "targetClass"))
        constraints = [
            constraint
            for name in names
            for constraint in self._readers[name](
                ShapeParameter(node, graph.values(node, name), graph, self.shape, path)
            )
        ]
        deactivated = graph.values(node, "deactivated")
        return Shape(
            node=node,
            iri=graph.name(node),
            severity=self._severity(node),
            messages=self._messages(node),
            path=path,
            path_node=path_node,
            deactivated=bool(deactivated) and truth(deactivated),
            constraints=tuple(constraints),
            target_nodes=tuple(graph.values(node, "targetNode")),
            target_classes=(*classes, node) if graph.is_class(node) else classes,
            target_subjects_of=every(graph.values(node, "targetSubjectsOf"), NamedNode),
            target_objects_of=every(graph.values(node, "targetObjectsOf"), NamedNode),
        )

    def _parameters(self, node: Node) -> list[str]:
        """Return the parameters of a node that become constraints; raise NotCovered."""
        described = self._graph.described(node)
        names = self._graph.parameters(node)
        if others := sorted(names - self._covered):
            raise NotCovered(f"sh:{others[0]}")
        if custom := sorted(self._custom & described.keys()):
            raise NotCovered(f"a component of its own, by {custom[0]}")
        wanted = self._companions
        if alone := sorted(n for n in names & wanted.keys() if wanted[n] not in names):
            raise NotCovered(f"sh:{alone[0]} without sh:{wanted[alone[0]]}")
        return sorted(names & self._readers.keys())

    def _path_of(self, node: Node) -> tuple[Node | None, Path | None]:
        types, found = self._graph.types(node), self._graph.values(node, "path")
        if NamedNode(f"{SH}NodeShape") in types and found:
            raise NotCovered("a node shape with a path")
        if not found:
            if NamedNode(f"{SH}PropertyShape") in types:
                raise NotCovered("a property shape without a path")
            return None, None
        path_node = single_node(found)
        return path_node, self._path(path_node, frozenset())

    def _path(self, node: Term, around: frozenset[Term]) -> Path:
        if isinstance(node, NamedNode):
            return Predicate(node)
        if not isinstance(node, BlankNode) or node in around:
            raise NotCovered("a path that is not well-formed")
        around |= {node}
        if self._graph.is_list(node):
            steps = tuple(self._path(step, around) for step in self._graph.members(node))
            if len(steps) > 1:
                return PathSequence(steps)
        described = [*self._graph.described(node).items()]
        if len(described) == 1 and len(described[0][1]) == 1:
            (predicate, (inner,)) = described[0]
            return self._special_path(predicate.removeprefix(SH), inner, around)
        raise NotCovered("a path that is not well-formed")

    def _special_path(self, name: str, inner: Term, around: frozenset[Term]) -> Path:
        if name == "alternativePath":
            choices = tuple(self._path(choice, around) for choice in self._graph.members(inner))
            if len(choices) > 1:
                return Alternatives(choices)
        elif name == "inversePath" and isinstance(inner, NamedNode):
            return Inverse(inner)
        elif name in _SIGNS:
            return Repeated(self._path(inner, around), _SIGNS[name])
        raise NotCovered(f"a path by {name} of this form")

    def _severity(self, node: Node) -> str:
        found = self._graph.values(node, "severity")
        return only(found, NamedNode).value.removeprefix(SH) if found else "Violation"

    def _messages(self, node: Node) -> dict[str, str]:
        found = every(self._graph.values(node, "message"), Literal)
        return {text.language or "": text.value for text in sorted(found, key=str)}


def every(values: Iterable[Term], kind: type[T]) -> tuple[T, ...]:
    """Return values if all are of a kind of term; raise NotCovered."""
    return tuple(_checked(value, kind) for value in values)


def only(values: Sequence[Term], kind: type[T]) -> T:
    """Return the only value, of a kind of term; raise NotCovered."""
    if len(values) != 1:
        raise NotCovered(f"{len(values)} values where one is asked")
    return _checked(values[0], kind)


def nodes(values: Iterable[Term]) -> tuple[Node, ...]:
    """Return values if all are IRIs or blank nodes; raise NotCovered."""
    return tuple(v if isinstance(v, BlankNode) else _checked(v, NamedNode) for v in values)


def single_node(values: Sequence[Term]) -> Node:
    """Return the only value, an IRI or a blank node; raise NotCovered."""
    if len(values) == 1 and isinstance(values[0], BlankNode):
        return values[0]
    return only(values, NamedNode)


def _checked(value: Term, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise NotCovered(f"{value}, which cannot stand there")
    return value


def number(values: Sequence[Term]) -> int:
    """Return the only value, a number of zero or more; raise NotCovered."""
    literal = only(values, Literal)
    if literal.datatype != _INTEGER or not re.fullmatch(r"[0-9]+", literal.value):
        raise NotCovered(f"{literal} as a number")
    return int(literal.value)


def truth(values: Sequence[Term]) -> bool:
    """Return the only value, a boolean; raise NotCovered."""
    literal = only(values, Literal)
    if literal not in (TRUE, _FALSE):
        raise NotCovered(f"{literal} as true or false")
    return literal == TRUE


def text(value: Term) -> str:
    """Return the text of a literal without a language; raise NotCovered."""
    if not isinstance(value, Literal) or value.datatype != _STRING:
        raise NotCovered(f"{value} as text")
    return value.value
