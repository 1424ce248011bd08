"""The dial of the header: the certainty that shown facts have, and how many links it hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.site.model.links.organisations_and_themes import link_counts
from rallynov_graph.site.model.nodes import GraphView
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
    """The dial as a page shows it, with the numbers of links of organisations to themes."""

    steps: tuple[DialStep, ...]
    shown: int
    total: int

    @property
    def fewer(self) -> int:
        """The number of links that are not shown."""
        return self.total - self.shown


def dial_of(context: RequestContext, address: RequestedAddress) -> Dial:
    """Return the dial of the page of an address."""
    chosen = CERTAINTIES.index(context.addresses.certainty)
    steps = tuple(
        DialStep(
            certainty,
            address.at_certainty(context.addresses, certainty),
            place <= chosen,
            place == chosen,
        )
        for place, certainty in enumerate(CERTAINTIES)
    )
    # Counted once for all visitors: it is nobody's query, and the page of a refusal shows it, too.
    counts: Mapping[str, int] = link_counts(GraphView(context.site.graph, context.addresses))
    return Dial(steps, counts[context.addresses.certainty], counts[LEAST_SURE])
