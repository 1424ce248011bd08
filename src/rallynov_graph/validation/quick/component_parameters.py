"""The parameters of SHACL's core components, and the constraints that they are read into.

``READERS`` is the list of what the quick validator does itself. A parameter that it has not, or
that is written otherwise than SHACL's syntax rules say, raises NotCovered: pySHACL then does it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import set_constraints, shape_constraints, value_constraints
from rallynov_graph.validation.quick.constraints import Constraint
from rallynov_graph.validation.quick.paths import Path
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
from rallynov_graph.validation.quick.shapes import Shape

_XSD: Final = PREFIXES["xsd"]
_INTEGER: Final = NamedNode(f"{_XSD}integer")
_STRING: Final = NamedNode(f"{_XSD}string")
_TRUE: Final = Literal("true", datatype=NamedNode(f"{_XSD}boolean"))
_FALSE: Final = Literal("false", datatype=NamedNode(f"{_XSD}boolean"))


class Shapes(Protocol):
    """Gives the shape of a node; raises NotCovered."""

    def __call__(self, node: Term) -> Shape:
        """Return the shape of a node."""
        ...


@dataclass(frozen=True)
class ShapeParameter:
    """What a shape has for a parameter, and what is around it."""

    node: Node
    values: list[Term]
    graph: ShapeGraph
    shape_of: Shapes
    path: Path | None

    def beside(self, name: str) -> list[Term]:
        """Return what the shape has for another parameter."""
        return self.graph.values(self.node, name)

    def in_property_shape(self) -> None:
        """Raise NotCovered where the shape has no path."""
        if not self.beside("path"):
            raise NotCovered("a constraint on values in a node shape")


Reader = Callable[[ShapeParameter], Iterable[Constraint]]


def number(values: Sequence[Term]) -> int:
    """Return the one number of zero or more there is; raise NotCovered."""
    literal = only(values, Literal)
    if literal.datatype != _INTEGER or not re.fullmatch(r"[0-9]+", literal.value):
        raise NotCovered(f"{literal} as a number")
    return int(literal.value)


def truth(values: Sequence[Term]) -> bool:
    """Return the one truth value there is; raise NotCovered."""
    literal = only(values, Literal)
    if literal not in (_TRUE, _FALSE):
        raise NotCovered(f"{literal} as true or false")
    return literal == _TRUE


def text(value: Term) -> str:
    """Return the text of a literal without a language; raise NotCovered."""
    if not isinstance(value, Literal) or value.datatype != _STRING:
        raise NotCovered(f"{value} as text")
    return value.value


def _classes(parameter: ShapeParameter) -> Iterable[Constraint]:
    return map(value_constraints.Class, nodes(parameter.values))


def _datatype(parameter: ShapeParameter) -> Iterable[Constraint]:
    yield value_constraints.Datatype(only(parameter.values, NamedNode))


def _node_kind(parameter: ShapeParameter) -> Iterable[Constraint]:
    kind = only(parameter.values, NamedNode).value.removeprefix(SH)
    if kind not in value_constraints.NODE_KINDS:
        raise NotCovered(f"sh:nodeKind {kind}")
    yield value_constraints.NodeKind(kind)


def _min_count(parameter: ShapeParameter) -> Iterable[Constraint]:
    parameter.in_property_shape()
    yield set_constraints.MinCount(number(parameter.values))


def _max_count(parameter: ShapeParameter) -> Iterable[Constraint]:
    parameter.in_property_shape()
    yield set_constraints.MaxCount(number(parameter.values))


def _bounds(make: Callable[[Literal], Constraint]) -> Reader:
    return lambda parameter: map(make, every(parameter.values, Literal))


def _min_length(parameter: ShapeParameter) -> Iterable[Constraint]:
    yield value_constraints.MinLength(number(parameter.values))


def _max_length(parameter: ShapeParameter) -> Iterable[Constraint]:
    yield value_constraints.MaxLength(number(parameter.values))


def _patterns(parameter: ShapeParameter) -> Iterable[Constraint]:
    flags = parameter.beside("flags")
    letters = text(only(flags, Literal)).lower() if flags else ""
    options = (re.I if "i" in letters else 0) | (re.M if "m" in letters else 0)
    for value in parameter.values:
        try:
            yield value_constraints.Pattern(re.compile(text(value), options))
        except re.error as error:
            raise NotCovered(f"the pattern {value}") from error


def _languages(parameter: ShapeParameter) -> Iterable[Constraint]:
    members = parameter.graph.members(single_node(parameter.values))
    yield value_constraints.LanguageIn(tuple(text(member).lower() for member in members))


def _unique_language(parameter: ShapeParameter) -> Iterable[Constraint]:
    parameter.in_property_shape()
    # SHACL: it asks something where it is ``true``, and only then; "1" is another term.
    if only(parameter.values, Literal) == _TRUE:
        yield set_constraints.UniqueLang()


def _pairs(make: Callable[[NamedNode], Constraint], *, ordered: bool = False) -> Reader:
    def read(parameter: ShapeParameter) -> Iterable[Constraint]:
        if ordered:
            parameter.in_property_shape()
        return map(make, every(parameter.values, NamedNode))

    return read


def _in(parameter: ShapeParameter) -> Iterable[Constraint]:
    yield value_constraints.In(parameter.graph.members(single_node(parameter.values)))


def _has_values(parameter: ShapeParameter) -> Iterable[Constraint]:
    return map(set_constraints.HasValue, parameter.values)


def _closed(parameter: ShapeParameter) -> Iterable[Constraint]:
    closed = truth(parameter.values)
    ignored = [parameter.graph.members(head) for head in parameter.beside("ignoredProperties")]
    named = [parameter.graph.values(shape, "path") for shape in parameter.beside("property")]
    allowed = [t for terms in (*ignored, *named) for t in terms if isinstance(t, NamedNode)]
    if closed:
        yield set_constraints.Closed(tuple(allowed))


def _properties(parameter: ShapeParameter) -> Iterable[Constraint]:
    for shape in map(parameter.shape_of, parameter.values):
        if shape.path is None:
            raise NotCovered("sh:property with a node shape")
        yield shape_constraints.Property(shape)


def _node_shapes(parameter: ShapeParameter) -> Iterable[Constraint]:
    for shape in map(parameter.shape_of, parameter.values):
        if shape.path is not None:
            raise NotCovered("sh:node with a property shape")
        yield shape_constraints.Node(shape)


def _negations(parameter: ShapeParameter) -> Iterable[Constraint]:
    return (shape_constraints.Not(parameter.shape_of(value)) for value in parameter.values)


def _lists(make: Callable[[tuple[Shape, ...]], Constraint]) -> Reader:
    def read(parameter: ShapeParameter) -> Iterable[Constraint]:
        for head in parameter.values:
            yield make(tuple(map(parameter.shape_of, parameter.graph.members(head))))

    return read


def _qualified(parameter: ShapeParameter) -> Iterable[Constraint]:
    parameter.in_property_shape()
    own = single_node(parameter.values)
    least, most = parameter.beside("qualifiedMinCount"), parameter.beside("qualifiedMaxCount")
    disjoint = parameter.beside("qualifiedValueShapesDisjoint")
    others = parameter.graph.siblings(parameter.node, own) if disjoint and truth(disjoint) else []
    shape, siblings = parameter.shape_of(own), tuple(map(parameter.shape_of, others))
    if not least and not most:
        raise NotCovered("sh:qualifiedValueShape without a number")
    if least:
        yield shape_constraints.QualifiedMinCount(shape, siblings, number(least))
    if most:
        yield shape_constraints.QualifiedMaxCount(shape, siblings, number(most))


READERS: Final[dict[str, Reader]] = {
    "class": _classes,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minCount": _min_count,
    "maxCount": _max_count,
    "minInclusive": _bounds(value_constraints.MinInclusive),
    "minExclusive": _bounds(value_constraints.MinExclusive),
    "maxInclusive": _bounds(value_constraints.MaxInclusive),
    "maxExclusive": _bounds(value_constraints.MaxExclusive),
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _patterns,
    "languageIn": _languages,
    "uniqueLang": _unique_language,
    "equals": _pairs(set_constraints.Equals),
    "disjoint": _pairs(set_constraints.Disjoint),
    "lessThan": _pairs(set_constraints.LessThan, ordered=True),
    "lessThanOrEquals": _pairs(set_constraints.LessThanOrEquals, ordered=True),
    "in": _in,
    "hasValue": _has_values,
    "closed": _closed,
    "property": _properties,
    "node": _node_shapes,
    "not": _negations,
    "and": _lists(shape_constraints.And),
    "or": _lists(shape_constraints.Or),
    "xone": _lists(shape_constraints.Xone),
    "qualifiedValueShape": _qualified,
}
"""What reads the values of each parameter into constraints."""
COMPANIONS: Final = {
    "flags": "pattern",
    "ignoredProperties": "closed",
    "qualifiedMinCount": "qualifiedValueShape",
    "qualifiedMaxCount": "qualifiedValueShape",
    "qualifiedValueShapesDisjoint": "qualifiedValueShape",
}
"""The parameters that are read together with another one, and mean nothing without it."""
