"""A parameter of an address with a wrong value: which it is, and which values are allowed."""

from dataclasses import dataclass
from typing import Final

from rallynov_graph.site.model.nodes import Node

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


@dataclass(frozen=True)
class BadParameter:
    """A parameter with a wrong value; the value itself is not repeated."""

    parameter: str
    key: str
    """The key of the message about allowed values, under ``wrong``."""
    near: tuple[Node, ...] = ()
    """Values that the reader may have meant."""
    allowed: tuple[Node, ...] = ()
    """All allowed values, if the list is short."""
    refused: tuple[tuple[str, str], ...] = ()
    """The parameters to remove for a valid address; without any, the parameter itself."""

    @property
    def is_dispensable(self) -> bool:
        """Whether the page can be had without the value."""
        return self.key in _DISPENSABLE
