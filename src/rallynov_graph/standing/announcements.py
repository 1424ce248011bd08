"""Announced facts, superseded when a later document says otherwise about the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base import kinds
from rallynov_graph.base.certainty import SUPERSEDED
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.identity.decisions import iri_of
from rallynov_graph.standing.dated_documents import Sources
from rallynov_graph.standing.standing_graphs import Move

_SCHEMA: Final = PREFIXES["schema"]

STATUS: Final = f"{RN}status"
ANNOUNCED: Final = frozenset(NamedNode(it.status) for it in (kinds.ANNOUNCED, kinds.POSTPONED))
"""The statuses of an event that is to come, by a document."""
CANCELLED: Final = NamedNode(kinds.CANCELLED.status)
CONTACT: Final = "contact"
"""The group of all that says who answers questions about an event."""
UNFIXED: Final = "to be fixed"
"""The group of what is to be fixed, and gives way where an event is cancelled, too."""
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


_IN_EVENT: Final = f"{RN}inEvent"
_PARTICIPANT: Final = f"{RN}participant"
_IS_CONTACT: Final = (f"{RN}role", NamedNode(f"{ID}role/contact"))


def is_announcement(quad: Quad) -> bool:
    return quad.predicate.value == STATUS and quad.object in ANNOUNCED


def _cancels(quad: Quad) -> bool:
    return quad.predicate.value == STATUS and quad.object == CANCELLED


def is_contact(quad: Quad) -> bool:
    """Whether a statement says that its subject, a participation, is that of a contact."""
    return (quad.predicate.value, quad.object) == _IS_CONTACT


def group_in_announcements(quad: Quad) -> str | None:
    """Return the group of statements that are superseded together with one about an event.

    "To be confirmed" belongs to the statement that it qualifies.
    """
    prop = quad.predicate.value
    if prop == TO_BE_FIXED and isinstance(quad.object, NamedNode):
        prop = quad.object.value
    return GROUPS.get(prop)


def group_of(prop: str) -> str:
    """Return the group of a property; a property without a group is a group of its own."""
    return GROUPS.get(prop, prop)


def superseded(statements: Iterable[Quad], sources: Sources, kept: Set[Quad]) -> dict[Quad, Move]:
    """Return the superseded statements of announced events, with their replacements.

    The given statements are those that may be current; only statements of documents count.
    Explicitly kept statements stay current, and so do those made with them. A former contact of an
    event remains somebody's contact: only the link to the event is superseded.
    """
    announced: set[tuple[object, str]] = set()
    made: dict[tuple[object, str], dict[str, list[Quad]]] = defaultdict(lambda: defaultdict(list))
    statements = [*statements]
    contacts = {quad.subject for quad in statements if is_contact(quad)}
    events = {quad.subject: quad.object for quad in statements if quad.predicate.value == _IN_EVENT}
    for quad in statements:
        document = sources.document_of(iri_of(quad.graph_name))
        of_contact = quad.subject in contacts and quad.subject in events
        group = CONTACT if of_contact else group_in_announcements(quad)
        if document is None or group is None:
            continue
        event: object = events[quad.subject] if of_contact else quad.subject
        made[event, group][document].append(quad)
        if is_announcement(quad):
            announced.add((event, document))
        if quad.predicate.value == TO_BE_FIXED or _cancels(quad):
            made[event, UNFIXED][document].append(quad)
    moves: dict[Quad, Move] = {}
    for (event, group), by_document in made.items():
        announcing = {document for document in by_document if (event, document) in announced}
        claims = {
            document: _claims(document, group, quads, sources)
            for document, quads in by_document.items()
        }
        for claim, place in _given_way(claims, announcing, kept):
            moved = claim.statements
            if group == CONTACT:
                moved = tuple(it for it in moved if it.predicate.value == _IN_EVENT)
            moves |= dict.fromkeys(moved, Move(SUPERSEDED, place))
    return moves


@dataclass(frozen=True)
class _Claim:
    """A document's value for a group of properties of an event; all its dates form one value."""

    document: str
    group: str
    statements: tuple[Quad, ...]
    sources: Sources

    @cached_property
    def values(self) -> Mapping[str, frozenset[object]]:
        found: dict[str, set[object]] = defaultdict(set)
        for quad in self.statements:
            found[quad.predicate.value].add(quad.object)
        return {prop: frozenset(objects) for prop, objects in found.items()}

    @cached_property
    def surest(self) -> tuple[int, str]:
        """Its best rank, 0 for the surest, and the set that gives it."""
        compared = [q for q in self.statements if q.predicate.value in CALENDAR]
        return min(
            (self.sources.rank(name), name)
            for name in (iri_of(quad.graph_name) for quad in compared or self.statements)
        )

    def is_another_than(self, other: _Claim) -> bool:
        if self.group == UNFIXED:
            return TO_BE_FIXED in self.values and TO_BE_FIXED not in other.values
        if self.group == CONTACT:
            return self.values[_PARTICIPANT] != other.values[_PARTICIPANT]
        if self.group != DATE:
            return self.values != other.values
        dates, other_dates = self._dates, other._dates
        if dates and not other_dates:
            return False
        both = [p for p in COMPARED if p in self.values and p in other.values]
        if any(self.values[prop].isdisjoint(other.values[prop]) for prop in both):
            return True
        return bool(other_dates) and dates.isdisjoint(other_dates)

    def is_later_than(self, other: _Claim) -> bool:
        documents = self.sources.documents
        return documents[self.document].is_later_than(documents[other.document])

    @property
    def _dates(self) -> set[str]:
        found = [v for prop in CALENDAR for v in self.values.get(prop, ())]
        return {getattr(value, "value", str(value)) for value in found}


def _claims(
    document: str, group: str, quads: Sequence[Quad], sources: Sources
) -> tuple[_Claim, ...]:
    if group in (DATE, UNFIXED):
        return (_Claim(document, group, tuple(quads), sources),)
    people = {quad.subject: quad.object for quad in quads if quad.predicate.value == _PARTICIPANT}
    by_value: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        if group != CONTACT:
            by_value[quad.object].append(quad)
        elif quad.subject in people:
            by_value[people[quad.subject]].append(quad)
    return tuple(_Claim(document, group, tuple(same), sources) for same in by_value.values())


def _given_way(
    claims: Mapping[str, tuple[_Claim, ...]], announcing: Set[str], kept: Set[Quad]
) -> Iterator[tuple[_Claim, str]]:
    """Yield the superseded claims, with the set that replaces each.

    The latest documents come first: a superseded claim does not replace another one, and the first
    announcement may turn out to be right.
    """
    still: list[tuple[_Claim, ...]] = []
    for _, made in sorted(claims.items(), key=_when, reverse=True):
        later = [
            it for it in still if made[0].document in announcing and it[0].is_later_than(made[0])
        ]
        staying = []
        for claim in made:
            takers = (_place_taken(claim, others) for others in later)
            place = next(filter(None, takers), None)
            if place is None or not kept.isdisjoint(claim.statements):
                staying.append(claim)
            else:
                yield claim, place
        if staying:
            still.append(tuple(staying))


def _when(item: tuple[str, tuple[_Claim, ...]]) -> tuple[object, ...]:
    name, (claim, *_) = item
    return *claim.sources.documents[name].order, name


def _place_taken(claim: _Claim, others: tuple[_Claim, ...]) -> str | None:
    """Return the set of a document's claims that replaces an earlier one, if any does."""
    if not all(claim.is_another_than(other) for other in others):
        return None
    rank, name = min(other.surest for other in others)
    return name if rank <= claim.surest[0] else None
