"""A parameter of an address with a wrong value: which it is, and which values are allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

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

_DISPENSABLE: Final = frozenset(
    {
        "facet",
        "facet_value",
        "kind",
        "lang",
        "many_values",
        "one_of",
        "one_reading",
        "page",
        "reading",
        "theme",
        "theme_of_document",
        "untried",
        "voice_of_document",
    }
)
"""The keys of those reasons that no page needs a value for."""
IsWithdrawn = Callable[[str], bool]
"""Returns whether the thing of an IRI was withdrawn."""


@dataclass(frozen=True)
class BadParameter:
    """A parameter with a wrong value; the value itself is not repeated."""

    parameter: str
    key: str
    """The key of the words for what is allowed, under ``wrong``."""
    near: tuple[Node, ...] = ()
    """Values that the reader may have meant."""
    allowed: tuple[Node, ...] = ()
    """All values that it takes, where the list is short."""
    refused: tuple[tuple[str, str], ...] = ()
    """What is left out of an address that is right; without any, the parameter."""

    @property
    def is_dispensable(self) -> bool:
        """Whether the page can be had without the value."""
        return self.key in _DISPENSABLE


def bad_parameter(
    view: GraphView,
    parameter: Parameter,
    error: RallynovError,
    text: str,
    is_withdrawn: IsWithdrawn,
) -> BadParameter:
    """Return the parameter of a question with what is wrong with the text of its value."""
    name = parameter.name
    if parameter.choices and isinstance(error, UnknownNameError):
        named = {
            word: Node(f"{word} ({parameter.choices[word][view.language]})")
            for word in parameter.choices
        }
        close = [word for word in error.near if len(error.near) < len(named)]
        return BadParameter(name, "one_of", tuple(named[it] for it in close), tuple(named.values()))
    if parameter.type != "iri":
        return BadParameter(name, name if name == parameters.LANGUAGE else parameter.type)
    if isinstance(error, AmbiguousNameError):
        things = [thing_names.as_iri(bearer) for bearer in error.bearers]
        nodes = view.nodes(thing for thing in things if thing is not None)
        return BadParameter(name, "ambiguous", tuple(nodes.values()))
    if not isinstance(error, UnknownNameError):
        return BadParameter(name, "iri")
    iri = thing_names.as_iri(text.strip())
    if iri is not None and is_withdrawn(iri.value):
        return BadParameter(name, "withdrawn")
    near = (thing_names.as_iri(text) or text for text in error.near)
    terms = [*near]
    nodes = view.nodes(term for term in terms if isinstance(term, NamedNode))
    near_nodes = (nodes[t] if isinstance(t, NamedNode) else Node(t) for t in terms)
    key = "of_another_kind" if isinstance(error, WrongKindError) else "thing"
    return BadParameter(name, key, tuple(near_nodes))
