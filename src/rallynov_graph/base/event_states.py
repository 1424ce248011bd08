"""The states of an event of the rally, by their status, and what schema.org says."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from rallynov_graph.base.namespaces import ID, PREFIXES


@dataclass(frozen=True)
class EventState:
    """A state that the data give to an event by its status."""

    name: str
    """That of its sign and of its words."""
    status: str
    """The concept of the list of statuses."""
    schema: str = ""
    """The schema:eventStatus; empty where none fits: schema.org tells what changed, not what was
    announced or held."""


HELD: Final = EventState("held", ID + "status/tenue")
ANNOUNCED: Final = EventState("announced", ID + "status/annoncee")
POSTPONED: Final = EventState(
    "postponed", ID + "status/reportee", schema=f"{PREFIXES['schema']}EventPostponed"
)
CANCELLED: Final = EventState(
    "cancelled",
    ID + "status/annulee",
    schema=f"{PREFIXES['schema']}EventCancelled",
)
STATES: Final = (HELD, ANNOUNCED, POSTPONED, CANCELLED)
"""In the order of a legend; where sources differ, the first of an event's counts."""


def state_of(statuses: Container[str]) -> EventState | None:
    """Return the state of an event with these statuses; None where they are none of ours."""
    return next((state for state in STATES if state.status in statuses), None)
