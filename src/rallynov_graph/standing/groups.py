"""The properties of an event that stand or give way together."""

from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base import event_states
from rallynov_graph.base.namespaces import PREFIXES, RN

_SCHEMA: Final = PREFIXES["schema"]

STATUS: Final = f"{RN}status"
ANNOUNCED: Final = event_states.ANNOUNCED.status
"""The status of an event that a document announces."""
DATE: Final = "date"
"""The group of all that says when."""
CALENDAR: Final = (f"{_SCHEMA}startDate", f"{_SCHEMA}endDate", f"{RN}edtfDate")
"""What dates an event; without one of them, a document does not date it."""
COMPARED: Final = (*CALENDAR, f"{RN}startTime", f"{RN}endTime")
"""The properties by which one date is another than a second; the others only go with them."""

_OF_DATE: Final = (
    *COMPARED,
    *(f"{RN}{name}" for name in ("dateAsPrinted", "inferredPart", "timeAsPrinted")),
)
GROUPS: Final[dict[str, str]] = {
    STATUS: "status",
    f"{PREFIXES['dcterms']}title": "title",
    f"{_SCHEMA}location": "place",
    **dict.fromkeys(_OF_DATE, DATE),
}
"""The group of each property that an announcement gives way in."""

TO_BE_FIXED: Final = f"{RN}toBeFixed"
"""Says of a property that a document does not know its value yet."""


def group_in_announcements(quad: Quad) -> str | None:
    """Return the group that a statement stands or gives way with where an event is announced.

    That something is to be fixed belongs to what it is said of.
    """
    prop = quad.predicate.value
    if prop == TO_BE_FIXED and isinstance(quad.object, NamedNode):
        prop = quad.object.value
    return GROUPS.get(prop)


def group_of(prop: str) -> str:
    """Return the group of a property; one in no group is a group by itself."""
    return GROUPS.get(prop, prop)
