"""The properties of an event that stand or give way together."""

from typing import Final

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


def group_of(prop: str) -> str:
    """Return the group of a property; one in no group is a group by itself."""
    return GROUPS.get(prop, prop)
