"""Shapes as the quick validator has them: targets, path, constraints, severity, messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick.constraints import Constraint
from rallynov_graph.validation.quick.paths import Path


@dataclass(frozen=True)
class Targets:
    """What a shape is about by itself."""

    nodes: tuple[Term, ...] = ()
    classes: tuple[NamedNode | BlankNode, ...] = ()
    subjects_of: tuple[NamedNode, ...] = ()
    objects_of: tuple[NamedNode, ...] = ()


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape, with those that it leads to."""

    node: NamedNode | BlankNode
    """What it is called in the shapes graph."""
    iri: str | None
    """Its IRI, or that of the nearest named shape around it."""
    severity: str
    """As ``Finding`` has it."""
    messages: Mapping[str, str]
    targets: Targets
    path: Path | None
    path_node: NamedNode | BlankNode | None
    deactivated: bool
    constraints: tuple[Constraint, ...] = field(repr=False)
