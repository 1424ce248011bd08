"""Relations of two names in a sentence, an agenda item or the block of a stage."""

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, why, words
from rallynov_graph.desk.proposing.proposal import Party, Proposal, Why
from rallynov_graph.desk.proposing.proposers import events, innovations, themes
from rallynov_graph.desk.proposing.reading import Reading
from rallynov_graph.matching.words import folded, unbroken

NEEDS_NAMES: Final = True
_ITEM: Final = 220
_AFTER: Final = 400
"""The number of characters searched for somebody's organisation, if a sentence has no end."""
_BEFORE: Final = 80
"""« X et Y de Z »: X is so near before Y."""
_FORMERLY: Final = 40


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the relations in one sentence, one item of an agenda or the block of a stage."""
    yield from _of_persons(reading)
    yield from _carried(reading)
    yield from _presented(reading)
    yield from _themes_of_stages(reading)
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
    label = name.label or unbroken(reading.text[name.start : name.end])
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
    return None


def _joined(reading: Reading, person: Proposal) -> list[Proposal]:
    """Return who else is named at once before: « X et Y de Z »."""
    return [
        it
        for it in reading.names_in(max(0, person.start - _BEFORE), person.start, "person")
        if reading.text[it.end : person.start].strip() in ("et", "&")
    ]


def _carried(reading: Reading) -> Iterator[Proposal]:
    """Yield the innovations that an organisation runs."""
    for thing in reading.once(innovations.propose):
        last = reading.sentence(thing.start)[1]
        for body in reading.names_in(thing.end, last, "organisation", "person")[:1]:
            between = reading.text[thing.end : body.start]
            if body.kind == "organisation" and form("carried_by_body").fullmatch(between):
                yield _relation(reading, thing, "rn:carriedBy", body, why("carried_by_body"))


def _presented(reading: Reading) -> Iterator[Proposal]:
    """Yield who presents an innovation, as the sentence says, and at which stage, as its block."""
    for thing in reading.once(innovations.propose):
        first, _ = reading.sentence(thing.start)
        verb = form("presents").search(
            reading.text[max(first, thing.start - _BEFORE) : thing.start]
        )
        place = max(first, thing.start - _BEFORE) + verb.start() if verb else first
        named = reading.names_in(first, place, "person", "organisation")
        kind = min((it.kind for it in named), key=("person", "organisation").index, default="")
        for name in (it for it in named if it.kind == kind):
            yield _relation(reading, thing, "rn:presentedBy", name, why("presents"))
        stage = events.stage_of(reading, thing.start)
        if stage is not None:
            yield _relation(reading, thing, "rn:presentedAt", stage, why("in_block_of_stage"))


def _themes_of_stages(reading: Reading) -> Iterator[Proposal]:
    """Yield the themes of a stage, from what its block says that it is about."""
    spoken_of = {(it.start, it.end) for it in reading.once(themes.spoken_of)}
    for theme in reading.once(themes.propose):
        stage = events.stage_of(reading, theme.start)
        if stage is None:
            continue
        is_beside = theme.start < reading.paragraph(stage.start)[1]
        if is_beside or (theme.start, theme.end) in spoken_of:
            yield _relation(reading, stage, "dcterms:subject", theme, why("in_block_of_stage"))


def _places_of_events(reading: Reading) -> Iterator[Proposal]:
    """Yield where an event is: what it is called by, or the town, else the hall, of its item."""
    titled = why("title_of_stage")
    named = [it for it in reading.once(events.propose) if it.why != titled]
    for event in named:
        first, last = reading.paragraph(event.start)
        if last - first > _ITEM:
            first, last = reading.line(event.start)
        if own := reading.names_in(event.start, event.end, "place"):
            yield _relation(reading, event, "schema:location", own[-1], why("named_by_place"))
            continue
        beside = {(it.start, it.end) for it in named if first <= it.start < last}
        bodies = reading.names_in(first, last, "organisation")
        places = [
            it
            for it in reading.names_in(first, last, "place")
            if it.candidates and not any(body.holds(it) for body in bodies)
        ]
        towns = [it for it in places if it.proposer != "venues"] or places
        if len(beside) == 1 and len(towns) == 1:
            told = why("place_of_event")
            yield _relation(reading, event, "schema:location", towns[0], told)
