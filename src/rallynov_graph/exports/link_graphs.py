"""Networks of named things, for the formats of programs that draw and measure networks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LABEL: Final = "label"


@dataclass(frozen=True)
class NodePlace:
    """Where a thing stands in a drawing, in pixels from its left upper corner, and how large."""

    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class NetworkNode:
    """A thing of a network. Its attributes may have other names than another's."""

    id: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Programs that draw give it the colour and the sign of its ``kind``."""
    place: NodePlace | None = None


@dataclass(frozen=True)
class NetworkEdge:
    """A link from one thing to another; two may have several, of different kinds."""

    source: str
    target: str
    kind: str
    weight: int = 1
    day: str = ""
    """The day that it holds for, as 2013-04-08; the empty string without a whole date."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Programs that draw give it the stroke of its ``certainty``."""


@dataclass(frozen=True)
class Network:
    """A network with its description."""

    title: str
    creator: str
    issued: str
    """The date of issue in the data; the empty string where it is not known."""
    nodes: tuple[NetworkNode, ...]
    edges: tuple[NetworkEdge, ...]
    directed: bool = True
    licence: str = ""
    """The address of the licence; the empty string where it is not known."""

    @property
    def is_dated(self) -> bool:
        """Whether any link holds for a day."""
        return any(edge.day for edge in self.edges)


def names(attributed: "tuple[NetworkNode, ...] | tuple[NetworkEdge, ...]") -> tuple[str, ...]:
    """Return the names of all attributes, in their order."""
    return tuple(sorted({name for element in attributed for name in element.attributes}))
