"""The dial of the header: how sure a fact must be that the site shows it, and what goes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.site.model.links.organisations_and_themes import numbers_of_links
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress


@dataclass(frozen=True)
class DialStep:
    """A position of the dial: it admits facts of its certainty and surer ones."""

    certainty: str
    href: str
    """The address of the same page at this position."""
    is_admitted: bool
    """Whether facts of its certainty are shown."""
    is_current: bool


@dataclass(frozen=True)
class Dial:
    """The dial as a page shows it, with how many links of organisations to themes are shown."""

    steps: tuple[DialStep, ...]
    shown: int
    every: int

    @property
    def fewer(self) -> int:
        """How many links are not shown."""
        return self.every - self.shown


def dial_of(at: RequestContext, address: RequestedAddress) -> Dial:
    """Return the dial of the page of an address."""
    chosen = CERTAINTIES.index(at.addresses.certainty)
    steps = tuple(
        DialStep(
            certainty,
            address.at_certainty(at.addresses, certainty),
            place <= chosen,
            place == chosen,
        )
        for place, certainty in enumerate(CERTAINTIES)
    )
    numbers: Mapping[str, int] = numbers_of_links(at.view)
    return Dial(steps, numbers[at.addresses.certainty], numbers[LEAST_SURE])
