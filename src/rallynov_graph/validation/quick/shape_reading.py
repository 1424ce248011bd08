"""The reading of shapes: what the quick validator does itself, and what it leaves.

What is not written as SHACL's syntax rules say is left too: pySHACL then says what is wrong with
it, or what it makes of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import sparql_constraints
from rallynov_graph.validation.quick.component_parameters import (
    COMPANIONS,
    READERS,
    Reader,
    ShapeParameter,
    truth,
)
from rallynov_graph.validation.quick.paths import Alternatives, Inverse, Path, Predicate, Repeated
from rallynov_graph.validation.quick.paths import Sequence as PathSequence
from rallynov_graph.validation.quick.shape_graph import (
    SH,
    Node,
    NotCovered,
    ShapeGraph,
    every,
    nodes,
    only,
    single_node,
)
from rallynov_graph.validation.quick.shapes import Shape, Targets
from rallynov_graph.validation.report import VIOLATION

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
"""What changes the data before they are held to any shape."""


@dataclass(frozen=True)
class Reading:
    """The shapes that are about something by themselves."""

    shapes: tuple[Shape, ...]
    left: Mapping[Node, str]
    """Those that pySHACL must do, each with what keeps it from being read here."""
    graph: ShapeGraph


def read(shapes: Iterable[Quad | Triple], *, with_queries: bool = False) -> Reading:
    """Return the shapes of a graph that can be used; ``sh:sparql`` is left unless it is wanted."""
    graph = ShapeGraph(shapes)
    changing = next((f"sh:{name}" for name in _CHANGING if graph.having(name)), None)
    reader = _Reader(graph, READERS | ({"sparql": sparql_constraints.read} if with_queries else {}))
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
    """Reads each shape of a graph once, with the shapes that it leads to."""

    def __init__(self, graph: ShapeGraph, readers: Mapping[str, Reader]) -> None:
        self._graph, self._readers = graph, readers
        self._covered = _DESCRIPTION | readers.keys() | COMPANIONS.keys()
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
            targets=self._targets(node),
            path=path,
            path_node=path_node,
            deactivated=bool(deactivated) and truth(deactivated),
            constraints=tuple(constraints),
        )

    def _parameters(self, node: Node) -> list[str]:
        """Return the parameters of a node that are read into constraints; raise NotCovered."""
        described = self._graph.described(node)
        names = self._graph.parameters(node)
        if others := sorted(names - self._covered):
            raise NotCovered(f"sh:{others[0]}")
        if custom := sorted(self._custom & described.keys()):
            raise NotCovered(f"a component of its own, by {custom[0]}")
        if alone := sorted(n for n in names & COMPANIONS.keys() if COMPANIONS[n] not in names):
            raise NotCovered(f"sh:{alone[0]} without sh:{COMPANIONS[alone[0]]}")
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

    def _targets(self, node: Node) -> Targets:
        graph = self._graph
        classes = nodes(graph.values(node, "targetClass"))
        return Targets(
            nodes=tuple(graph.values(node, "targetNode")),
            classes=(*classes, node) if graph.is_class(node) else classes,
            subjects_of=every(graph.values(node, "targetSubjectsOf"), NamedNode),
            objects_of=every(graph.values(node, "targetObjectsOf"), NamedNode),
        )

    def _severity(self, node: Node) -> str:
        found = self._graph.values(node, "severity")
        return only(found, NamedNode).value.removeprefix(SH) if found else VIOLATION

    def _messages(self, node: Node) -> dict[str, str]:
        found = every(self._graph.values(node, "message"), Literal)
        return {text.language or "": text.value for text in sorted(found, key=str)}
