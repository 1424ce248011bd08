"""A shapes graph by node and parameter, before anything is made of it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

SH: Final = PREFIXES["sh"]
_RDF: Final = PREFIXES["rdf"]
_FIRST, _REST, _NIL = (NamedNode(f"{_RDF}{name}") for name in ("first", "rest", "nil"))
_TYPE: Final = f"{_RDF}type"
_CLASS: Final = NamedNode(f"{PREFIXES['rdfs']}Class")
_SUBCLASS: Final = f"{PREFIXES['rdfs']}subClassOf"
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
_LEADING: Final = ("property", "node", "not", "qualifiedValueShape")
"""What leads from a shape to another one."""

Node = NamedNode | BlankNode
T = TypeVar("T", NamedNode, BlankNode, Literal)


class NotCovered(Exception):
    """Something that the quick validator leaves to pySHACL; the text names it."""


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
        """Return what is said of a node, by property."""
        return self._objects.get(node, {})

    def values(self, node: Term, name: str) -> list[Term]:
        """Return what a node has for a term of SHACL."""
        return self.described(node).get(SH + name, [])

    def having(self, name: str) -> Mapping[Term, list[Node]]:
        """Return the nodes that have something for a term of SHACL, by what they have."""
        return self._subjects.get(SH + name, {})

    def types(self, node: Term) -> list[Term]:
        """Return the classes of a node."""
        return self.described(node).get(_TYPE, [])

    def of_class(self, name: str) -> list[Node]:
        """Return the nodes of a class: a term of SHACL, or an IRI."""
        return self._subjects.get(_TYPE, {}).get(NamedNode(name if ":" in name else SH + name), [])

    def predicates(self) -> Iterable[str]:
        """Return the properties of the graph."""
        return self._subjects.keys()

    def members(self, head: Term) -> tuple[Term, ...]:
        """Return the members of a list, at least one; raise NotCovered where it is ill-formed."""
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
        """Whether a node is a part of a list, and nothing else."""
        return set(self.described(node)) == {_FIRST.value, _REST.value}

    def siblings(self, node: Node, own: Term) -> list[Term]:
        """Return the other qualified value shapes of the shapes that a property shape is in."""
        others = {
            qualified: None
            for parent in self.having("property").get(node, [])
            for other in self.values(parent, "property")
            for qualified in self.values(other, "qualifiedValueShape")
            if qualified != own
        }
        return [*others]

    def targeted(self) -> list[Node]:
        """Return the shapes that are about something by themselves, in a fixed order."""
        found = {
            node for name in _TARGETS for nodes in self.having(name).values() for node in nodes
        }
        found |= {node for node in self._shapes() if self.is_class(node)}
        return sorted(found, key=str)

    def is_class(self, node: Node) -> bool:
        """Whether a node is a class: a shape that is one is about its instances."""
        kinds = {_CLASS, *self._subjects.get(_SUBCLASS, {}).get(_CLASS, [])}
        return not kinds.isdisjoint(self.types(node))

    def name(self, node: Node) -> str | None:
        """Return the IRI of a node, or of the nearest named one that it is part of."""
        nodes, visited = [node], {node}
        for current in nodes:
            if isinstance(current, NamedNode):
                return current.value
            parents = sorted(self._parents.get(current, ()), key=str)
            nodes += [parent for parent in parents if parent not in visited]
            visited |= {*parents}
        return None

    def circle(self) -> list[Node]:
        """Return shapes that lead to one another in a circle; an empty list if there is none."""
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
        """Return the properties that constraint components of the user's own are asked by."""
        return {
            path.value
            for parameter in self.having("parameter")
            for path in self.values(parameter, "path")
            if isinstance(path, NamedNode)
        }

    def shapes(self) -> list[Node]:
        """Return all shapes, also those that others lead to, in a fixed order."""
        found = self._shapes() | {*self.targeted()}
        waiting = [*found]
        while waiting:
            following = {*self._uses(waiting.pop())} - found
            found |= following
            waiting += following
        return sorted(found, key=str)

    def parameters(self, node: Term) -> set[str]:
        """Return the terms of SHACL that a node has something for."""
        return {p.removeprefix(SH) for p in self.described(node) if p.startswith(SH)}

    def _uses(self, node: Node) -> list[Node]:
        """Return the shapes that a shape leads to."""
        found = [value for name in _LEADING for value in self.values(node, name)]
        for name in ("and", "or", "xone"):
            for head in self.values(node, name):
                with suppress(NotCovered):
                    found += self.members(head)
        return [value for value in found if isinstance(value, Node)]

    def _shapes(self) -> set[Node]:
        """Return the nodes that are shapes by their class, by what they say or are used for."""
        types = self._subjects.get(_TYPE, {})
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


def every(values: Iterable[Term], kind: type[T]) -> tuple[T, ...]:
    """Return values that are all of a kind of term; raise NotCovered."""
    return tuple(_checked(value, kind) for value in values)


def only(values: Sequence[Term], kind: type[T]) -> T:
    """Return the one value there is, of a kind of term; raise NotCovered."""
    return _checked(_single(values), kind)


def single_node(values: Sequence[Term]) -> Node:
    """Return the one value there is, an IRI or a blank node; raise NotCovered."""
    return nodes([_single(values)])[0]


def nodes(values: Iterable[Term]) -> tuple[Node, ...]:
    """Return values that are all IRIs or blank nodes; raise NotCovered."""
    return tuple(v if isinstance(v, BlankNode) else _checked(v, NamedNode) for v in values)


def _single(values: Sequence[Term]) -> Term:
    if len(values) != 1:
        raise NotCovered(f"{len(values)} values where one is asked")
    return values[0]


def _checked(value: Term, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise NotCovered(f"{value}, which cannot stand there")
    return value
