"""What one sentence states of two names in so many words; nothing that has to be concluded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, why, words
from rallynov_graph.desk.proposing.proposal import Party, Proposal, Why
from rallynov_graph.desk.proposing.proposers import dates, titles
from rallynov_graph.desk.proposing.reading import Reading
from rallynov_graph.matching.words import folded

NEEDS_NAMES: Final = True
_ITEM: Final = 220
_AFTER: Final = 400
"""What somebody is a member of is named in so many characters, where a sentence has no end."""
_BEFORE: Final = 80
"""« X et Y de Z »: X is so near before Y."""
_FORMERLY: Final = 40


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the relations in one sentence or one item of an agenda."""
    yield from _of_persons(reading)
    yield from _carried(reading)
    yield from _places_of_events(reading)


def _relation(
    reading: Reading, subject: Proposal, prop: str, value: Proposal, told: Why
) -> Proposal:
    return Proposal(
        "relation",
        min(subject.start, value.start),
        max(subject.end, value.end),
        told,
        subject=_party(reading, subject),
        property=prop,
        object=_party(reading, value),
    )


def _party(reading: Reading, name: Proposal) -> Party:
    label = name.label or " ".join(reading.text[name.start : name.end].split())
    return Party(name.start, name.end, label, name.candidates)


def _of_persons(reading: Reading) -> Iterator[Proposal]:
    """Yield who is what in which organisation, heads or founded it: « X, gérante de Y »."""
    for person in (it for it in reading.names if it.kind == "person"):
        # It is named next in the sentence, with no other name before it.
        last = min(reading.sentence(person.start)[1], person.end + _AFTER)
        body = next(iter(reading.names_in(person.end, last)), None)
        if body is None or body.kind != "organisation":
            continue
        between = reading.text[person.end : body.start]
        if told := _why_belonging(reading, person, body, between):
            for one in (*_joined(reading, person), person):
                yield _relation(reading, one, "org:memberOf", body, told)
        if form("heads_body").fullmatch(between):
            yield _relation(reading, person, "org:headOf", body, why("heads_body"))
        elif form("founds_body").fullmatch(between):
            for one in (*_joined(reading, person), person):
                yield _relation(reading, body, "schema:founder", one, why("founds_body"))


def _why_belonging(reading: Reading, person: Proposal, body: Proposal, between: str) -> Why | None:
    before = reading.text[max(0, person.start - _FORMERLY) : person.start]
    is_former = form("former").search(between) or form("former").search(before)
    if is_former or reading.is_blanked(person.end, body.start):
        return None
    role = form("role_in_body").fullmatch(between)
    if role is not None and folded(role[1]) in words("roles"):
        return why("role_in_body", said=" ".join(f"{role[1]}{role[2]}".split()))
    is_whole = len(reading.text[person.start : person.end].split()) > 1
    if is_whole and form("directly_of_body").fullmatch(between):
        return why("directly_of_body", said=" ".join(between.strip(" ,").split()))
    opened = reading.text[max(0, person.start - 2) : person.start].strip() == "("
    if opened and between.strip() == "," and reading.text[body.end : body.end + 1] == ")":
        return why("together_in_brackets")
    return None


def _joined(reading: Reading, person: Proposal) -> list[Proposal]:
    """Return who else is named at once before: « X et Y de Z »."""
    return [
        it
        for it in reading.names_in(max(0, person.start - _BEFORE), person.start, "person")
        if reading.text[it.end : person.start].strip() in ("et", "&")
    ]


def _carried(reading: Reading) -> Iterator[Proposal]:
    """Yield what an organisation carries."""
    for thing in reading.once(titles.innovations):
        last = reading.sentence(thing.start)[1]
        for body in reading.names_in(thing.end, last, "organisation", "person")[:1]:
            between = reading.text[thing.end : body.start]
            if body.kind == "organisation" and form("carried_by_body").fullmatch(between):
                yield _relation(reading, thing, "rn:carriedBy", body, why("carried_by_body"))


def _places_of_events(reading: Reading) -> Iterator[Proposal]:
    """Yield where an event of an agenda takes place: its item names one event and one place."""
    days, events = reading.once(dates.propose), reading.once(titles.events)
    for event in events:
        first, last = reading.paragraph(event.start)
        if last - first > _ITEM:
            first, last = reading.line(event.start)
        if last - first > _ITEM or not any(first <= it.start < last for it in days):
            continue
        own = {(it.start, it.end) for it in events if first <= it.start < last}
        bodies = reading.names_in(first, last, "organisation")
        places = [
            it
            for it in reading.names_in(first, last, "place")
            if not any(body.holds(it) for body in bodies)
        ]
        if len(own) == 1 and len(places) == 1 and places[0].candidates:
            told = why("place_of_event")
            yield _relation(reading, event, "schema:location", places[0], told)
