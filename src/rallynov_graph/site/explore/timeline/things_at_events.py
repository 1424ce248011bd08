"""The things of a list by the events that they belong to, which have places and dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST, rank_of
from rallynov_graph.base.kinds import BACK, DIRECT, THROUGH, ListColumn
from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.model.drawing.events import END, LEGEND, Event, events_of
from rallynov_graph.site.model.evidence import DERIVED
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.cells import CertaintyMark, cells_of_things
from rallynov_graph.site.model.selection.list_queries import Selection, Source

MOST: Final = 400
"""How many things of a list are placed and dated: the first by name."""
_STAGES: Final = "stage"
_EVENTS: Final = (_STAGES, "event")
"""The kinds that are events themselves, and the facets that lead to events."""
_FORMS: Final = (DIRECT, BACK, THROUGH)


@dataclass(frozen=True)
class ThingAt:
    """A thing with how surely it belongs to an event."""

    node: Node
    mark: CertaintyMark


@dataclass(frozen=True)
class EventThings:
    """An event, and the things of the list that belong to it; none where it is one of them."""

    event: Event
    things: tuple[ThingAt, ...]

    @property
    def count(self) -> int:
        """How many things of the list it stands for."""
        return len(self.things) or 1


@dataclass(frozen=True)
class ThingsAtEvents:
    """The events of the things of a list, and the things that belong to none."""

    events: tuple[EventThings, ...]
    without: tuple[Node, ...]
    left: int
    """How many things of the list were not looked at."""
    are_events: bool
    """Whether the things are events themselves."""
    has_end: bool = False
    """Whether the event that ends the rally stands after all its stages, though it is none."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the events that are listed, in the order of a legend."""
        found = {row.event.state for row in self.events if self.are_events}
        return tuple(state for state in LEGEND if state in found)


def lead_to_events(source: Source) -> bool:
    """Return whether the things of a source are events, or belong to some."""
    return source.certain and (source.kind in _EVENTS or _column(source) is not None)


def are_all_stages(selection: Selection) -> bool:
    """Return whether the things are the stages, narrowed by no choice."""
    return selection.source.kind == _STAGES and not selection.choices.chosen


def things_at_events(
    view: GraphView, selection: Selection, things: tuple[str, ...]
) -> ThingsAtEvents:
    """Return the things by their events, in the order of the events' first things."""
    some = things[:MOST]
    source, certainty = selection.source, selection.choices.certainty
    least = NamedNode(RN + certainty)
    left = len(things) - len(some)
    column = None if source.kind in _EVENTS else _column(source)
    if column is None:
        events = events_of(view, [*some], least)
        end = _end(view, selection, things, least)
        rows = tuple(EventThings(event, ()) for event in (*events, *end))
        return ThingsAtEvents(rows, (), left, True, bool(end))
    described = view.described(some)
    by_event: dict[str, list[ThingAt]] = {}
    without = []
    cells = cells_of_things(view, some, (column,), certainty, most=MOST)
    for iri in some:
        node = view.thing(iri, described[iri])
        values = [value for value in cells[iri][0].values if value.node.iri]
        for value in values:
            by_event.setdefault(value.node.iri, []).append(ThingAt(node, value.mark))
        if not values:
            without.append(node)
    events = events_of(view, [*by_event], least)
    found = tuple(EventThings(event, tuple(by_event[event.node.iri])) for event in events)
    return ThingsAtEvents(found, tuple(without), left, False)


def _end(
    view: GraphView, selection: Selection, stages: tuple[str, ...], least: NamedNode
) -> tuple[Event, ...]:
    """Return the event that ends the rally, beside all its stages."""
    if not are_all_stages(selection):
        return ()
    found = (thing for thing, *_ in view.queries.rows("events_in_time", certainty=least).rows)
    others = [thing.value for thing in found if isinstance(thing, NamedNode)]
    events = events_of(view, [iri for iri in others if iri not in {*stages}], least)
    return tuple(event for event in events if event.state == END)


def each_thing(
    event: Event, things: tuple[ThingAt, ...], certainty: str
) -> Iterator[tuple[Node, str]]:
    """Yield each thing, or the event that is one, with how surely it is where the event is."""
    if not things:
        yield event.node, certainty or SUREST
    for thing in things:
        yield thing.node, weaker(certainty, thing.mark.certainty) or SUREST


def weaker(one: str, other: str) -> str:
    """Return the less sure of two certainties; the empty string is the surest."""
    return max(one, other, key=_rank)


def _rank(certainty: str) -> int:
    if certainty == DERIVED:
        return rank_of(LEAST_SURE) - 1
    return rank_of(certainty) if certainty in CERTAINTIES else -1


def _column(source: Source) -> ListColumn | None:
    facets = [f for f in source.facets if f.name in _EVENTS and f.path.form in _FORMS]
    return ListColumn(facets[0].name, facets[0].path) if facets else None
