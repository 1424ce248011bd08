"""What is wrong with a parameter of an address: which one it is, and which values are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import (
    AmbiguousNameError,
    RallynovError,
    UnknownNameError,
    WrongKindError,
)
from rallynov_graph.questions import parameters, thing_names
from rallynov_graph.questions.catalogue import Parameter
from rallynov_graph.site.model.nodes import GraphView, Node

IsWithdrawn = Callable[[str], bool]
"""Tells whether the thing of an IRI was withdrawn."""


@dataclass(frozen=True)
class Wrong:
    """A parameter that has a value which it does not take. The value itself is not repeated."""

    parameter: str
    key: str
    """Which words say what is right, under ``wrong``."""
    near: tuple[Node, ...] = ()
    """What may have been meant."""
    right: tuple[Node, ...] = ()
    """All that it takes, where that is a short list."""


def wrong(
    view: GraphView,
    parameter: Parameter,
    error: RallynovError,
    text: str,
    is_withdrawn: IsWithdrawn,
) -> Wrong:
    """Return what is wrong with the text that is given for a question's parameter."""
    name = parameter.name
    if parameter.type != "iri":
        return Wrong(name, name if name == parameters.LANGUAGE else parameter.type)
    if isinstance(error, AmbiguousNameError):
        things = [thing_names.as_iri(bearer) for bearer in error.bearers]
        nodes = view.nodes(thing for thing in things if thing is not None)
        return Wrong(name, "ambiguous", tuple(nodes.values()))
    if not isinstance(error, UnknownNameError):
        return Wrong(name, "iri")
    iri = thing_names.as_iri(text.strip())
    if iri is not None and is_withdrawn(iri.value):
        return Wrong(name, "withdrawn")
    near = (thing_names.as_iri(text) or text for text in error.near)
    terms = [*near]
    nodes = view.nodes(term for term in terms if isinstance(term, NamedNode))
    shown = (nodes[t] if isinstance(t, NamedNode) else Node(t) for t in terms)
    key = "of_another_kind" if isinstance(error, WrongKindError) else "thing"
    return Wrong(name, key, tuple(shown))
