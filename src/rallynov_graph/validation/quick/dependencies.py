"""Which focus nodes of a shape a changed statement may concern: the other way along its paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.validation.quick import set_constraints, shape_constraints, value_constraints
from rallynov_graph.validation.quick.constraints import Constraint
from rallynov_graph.validation.quick.paths import (
    Alternatives,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
)
from rallynov_graph.validation.quick.shapes import Shape

_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_SUBCLASS: Final = NamedNode(f"{PREFIXES['rdfs']}subClassOf")
SAME: Final = Sequence(())
"""The path that stays where it is."""


@dataclass(frozen=True)
class Dependency:
    """A property that is looked at where a path ends that begins at the focus node."""

    predicate: NamedNode | None
    """None is every property."""
    way: Path
    from_object: bool = False
    """Whether the way ends at the object of the statement, not at its subject."""


def of(shape: Shape) -> frozenset[Dependency]:
    """Return what the results of a shape at a focus node depend on, its targets included."""
    targets = shape.targets
    own = {Dependency(iri, SAME) for iri in targets.subjects_of}
    own |= {Dependency(iri, SAME, from_object=True) for iri in targets.objects_of}
    if targets.classes:
        own.add(Dependency(_TYPE, SAME))
    return frozenset(own | set(_inside(shape, SAME)))


def classes_matter(shape: Shape) -> bool:
    """Whether a statement about classes may change the results anywhere."""
    return bool(shape.targets.classes) or any(
        isinstance(constraint, value_constraints.Class) for constraint in _all(shape)
    )


def is_nested(shape: Shape) -> bool:
    """Whether results of a shape may be about other nodes than its focus nodes."""
    return any(
        isinstance(constraint, shape_constraints.Property)
        and any(
            isinstance(inner, shape_constraints.Property) for inner in constraint.shape.constraints
        )
        for constraint in shape.constraints
    ) or (
        shape.path is not None
        and any(isinstance(c, shape_constraints.Property) for c in shape.constraints)
    )


def inverted(path: Path) -> Path:
    """Return the path that leads back."""
    match path:
        case Predicate(iri):
            return Inverse(iri)
        case Inverse(iri):
            return Predicate(iri)
        case Sequence(steps):
            return Sequence(tuple(inverted(step) for step in reversed(steps)))
        case Alternatives(choices):
            return Alternatives(tuple(inverted(choice) for choice in choices))
        case Repeated(inner, sign):
            return Repeated(inverted(inner), sign)


def _inside(shape: Shape, way: Path) -> Iterator[Dependency]:
    """Yield what a shape depends on whose focus nodes lie at the end of a way."""
    values = way
    if shape.path is not None:
        yield from along(shape.path, way)
        values = Sequence((way, shape.path))
    for constraint in shape.constraints:
        yield from _of_constraint(constraint, way, values)


def _of_constraint(constraint: Constraint, way: Path, values: Path) -> Iterator[Dependency]:
    if isinstance(constraint, value_constraints.Class):
        yield Dependency(_TYPE, values)
    elif isinstance(constraint, set_constraints.Closed):
        yield Dependency(None, values)
    elif (other := getattr(constraint, "other", None)) is not None:
        yield Dependency(other, way)
    for shape in inner_shapes(constraint):
        yield from _inside(shape, values)


def inner_shapes(constraint: Constraint) -> tuple[Shape, ...]:
    """Return the shapes that a constraint holds values to."""
    one = getattr(constraint, "shape", None)
    several = (*getattr(constraint, "shapes", ()), *getattr(constraint, "siblings", ()))
    return several if one is None else (one, *several)


def _all(shape: Shape) -> Iterator[Constraint]:
    for constraint in shape.constraints:
        yield constraint
        for inner in inner_shapes(constraint):
            yield from _all(inner)


def along(path: Path, way: Path) -> Iterator[Dependency]:
    """Yield what following a path from the end of a way depends on."""
    match path:
        case Predicate(iri):
            yield Dependency(iri, way)
        case Inverse(iri):
            yield Dependency(iri, way, from_object=True)
        case Sequence(steps):
            for number, step in enumerate(steps):
                yield from along(step, Sequence((way, *steps[:number])))
        case Alternatives(choices):
            for choice in choices:
                yield from along(choice, way)
        case Repeated(inner, _):
            yield from along(inner, Sequence((way, Repeated(inner, "*"))))
