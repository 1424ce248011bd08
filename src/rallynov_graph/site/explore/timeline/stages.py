"""The stages of a list as events, and the event that ends the rally beside all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.model.drawing.events import END, LEGEND, Event, events_of
from rallynov_graph.site.web.feature import ListedThings

KIND: Final = "stage"
MOST: Final = 400
"""How many stages of a list are placed and dated: the first by name."""


@dataclass(frozen=True)
class Stages:
    """The events that the map and the timeline of a list show."""

    events: tuple[Event, ...]
    left: int
    """How many stages of the list were not looked at."""
    has_end: bool
    """Whether the event that ends the rally stands after all its stages, though it is none."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the events, in the order of a legend."""
        found = {event.state for event in self.events}
        return tuple(state for state in LEGEND if state in found)


def stages_of(listed: ListedThings) -> Stages:
    """Return the stages of a list, and what ends the rally where no choice narrows them."""
    view, choices = listed.view, listed.selection.choices
    some, least = [*listed.things[:MOST]], NamedNode(RN + choices.certainty)
    end: tuple[Event, ...] = ()
    if not choices.chosen:
        found = (thing for thing, *_ in view.queries.rows("events_in_time", certainty=least).rows)
        others = [thing.value for thing in found if isinstance(thing, NamedNode)]
        events = events_of(view, [iri for iri in others if iri not in {*listed.things}], least)
        end = tuple(event for event in events if event.state == END)
    left = len(listed.things) - len(some)
    return Stages((*events_of(view, some, least), *end), left, bool(end))
