"""What one sentence states of two names in so many words; nothing that has to be concluded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Party, Proposal, Why
from rallynov_graph.desk.proposing.proposers import announced_events, dates, innovations
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

NEEDS_NAMES: Final = True
_OF: Final = r"(?:de la|de l['’]|de|du|des|d['’]|chez|à la|à l['’]|à|au|aux)"
_KIND: Final = r"(?:(?:la |le |l['’]|les )?(?:[a-zà-ÿ][\w’'-]*\s+){0,3})?"
_ROLE: Final = re.compile(
    rf"\s*,\s*(?:\d+ ans\s*,\s*)?(?:(?:le|la|l['’]|un|une|son|sa|leur|devenue?)"
    rf"\s*)*([^\W\d_][\w’'-]*)([^,;:.!?«»()]{{0,60}}?)\b{_OF}\s*{_KIND}[«“\"]?\s*"
)
_DIRECT: Final = re.compile(rf"\s*,?\s*{_OF}\s*{_KIND}[«“\"]?\s*")
_BRACKETED: Final = re.compile(r"\s*,\s*")
_FORMER: Final = re.compile(
    r"\b(?:ancien|ancienne|ex|autrefois|auparavant|jadis|naguère|quitté|quitte|futur|future|candidate?)\b",
    re.IGNORECASE,
)
_HEADS: Final = re.compile(
    rf"\s+(?:dirige|préside|gère|conduit|pilote)\s+{_KIND}(?:la |le |l['’]|les )?[«“\"]?\s*"
)
_FOUNDS: Final = re.compile(
    rf"\s+(?:a|ont)\s+(?:co)?(?:fondé|créé)\s+{_KIND}(?:la |le |l['’]|les )?[«“\"]?\s*"
)
_BY: Final = rf"\s+par\s+{_KIND}(?:la |le |l['’]|les )?[«“\"]?\s*"
_CARRIED: Final = re.compile(rf"\s*[»”\"]?\s*,?\s*(?:est |sont |un \w+ )?portée?s?{_BY}")
_PUBLISHED: Final = re.compile(rf"\s+est\s+(?:publiée?|éditée?){_BY}")
_ITEM: Final = 220
_AFTER: Final = 400
"""What somebody is a member of is named in so many characters, where a sentence has no end."""
_BEFORE: Final = 80
"""« X et Y de Z »: X stands so near before Y."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the relations that stand in one sentence or one item of an agenda."""
    yield from _belonging(reading)
    yield from _deeds(reading)
    yield from _carried(reading)
    yield from _places_of_events(reading)


def _party(reading: Reading, name: Proposal) -> Party:
    label = name.label or " ".join(reading.text[name.start : name.end].split())
    return Party(name.start, name.end, label, name.candidates)


def _relation(
    reading: Reading, subject: Proposal, prop: str, value: Proposal, why: Why
) -> Proposal:
    return Proposal(
        "relation",
        min(subject.start, value.start),
        max(subject.end, value.end),
        why,
        subject=_party(reading, subject),
        property=prop,
        object=_party(reading, value),
    )


def _next_organisation(reading: Reading, person: Proposal) -> Proposal | None:
    """Return the organisation that is named next in the sentence, with no other name before it."""
    last = min(reading.sentence(person.start)[1], person.end + _AFTER)
    following = [it for it in reading.names_in(person.end, last) if it.start >= person.end]
    return following[0] if following and following[0].kind == "organisation" else None


def _belonging(reading: Reading) -> Iterator[Proposal]:
    """Yield who is what in which organisation: « X, gérante de Y », « X du Y », « (X, Y) »."""
    for person in reading.names:
        if person.kind != "person" or (body := _next_organisation(reading, person)) is None:
            continue
        between = reading.text[person.end : body.start]
        if reading.is_blanked(person.end, body.start):
            continue
        if _FORMER.search(between) or _FORMER.search(
            reading.text[max(0, person.start - 40) : person.start]
        ):
            continue
        why = _why_belonging(reading, person, body, between)
        if why is not None:
            for one in (*_joined(reading, person), person):
                yield _relation(reading, one, "org:memberOf", body, why)


def _why_belonging(reading: Reading, person: Proposal, body: Proposal, between: str) -> Why | None:
    role = _ROLE.fullmatch(between)
    if role is not None and folded(role[1]) in words("roles"):
        said = " ".join(f"{role[1]}{role[2]}".split())
        return Why(f"« {said} » le dit", f"“{said}” says so")
    if _DIRECT.fullmatch(between) and _is_whole(reading, person):
        said = " ".join(between.strip(" ,").split())
        return Why(f"« {said} » les lie", f"“{said}” links them")
    opened = reading.text[max(0, person.start - 2) : person.start].strip() == "("
    if opened and _BRACKETED.fullmatch(between) and reading.text[body.end : body.end + 1] == ")":
        return Why("nommés ensemble entre parenthèses", "named together in brackets")
    return None


def _is_whole(reading: Reading, person: Proposal) -> bool:
    return len(reading.text[person.start : person.end].split()) > 1


def _joined(reading: Reading, person: Proposal) -> list[Proposal]:
    """Return who else is named at once before: « X et Y de Z »."""
    return [
        it
        for it in reading.names_in(max(0, person.start - _BEFORE), person.start, "person")
        if reading.text[it.end : person.start].strip() in ("et", "&")
    ]


def _deeds(reading: Reading) -> Iterator[Proposal]:
    for person in reading.names:
        if person.kind != "person" or (body := _next_organisation(reading, person)) is None:
            continue
        between = reading.text[person.end : body.start]
        if _HEADS.fullmatch(between):
            yield _relation(
                reading, person, "org:headOf", body, Why("le verbe le dit", "the verb says so")
            )
        elif _FOUNDS.fullmatch(between):
            for one in (*_joined(reading, person), person):
                why = Why("« a fondé » le dit", "the verb says so")
                yield _relation(reading, body, "schema:founder", one, why)


def _carried(reading: Reading) -> Iterator[Proposal]:
    """Yield what an organisation carries or publishes."""
    things = reading.once(innovations.propose)
    for thing in things:
        last = reading.sentence(thing.start)[1]
        bodies = reading.names_in(thing.end, last, "organisation", "person")[:1]
        for body in bodies:
            if body.kind == "organisation" and _CARRIED.fullmatch(
                reading.text[thing.end : body.start]
            ):
                yield _relation(
                    reading,
                    thing,
                    "rn:carriedBy",
                    body,
                    Why("« porté par » le dit", "“porté par” says so"),
                )


def _places_of_events(reading: Reading) -> Iterator[Proposal]:
    """Yield where an event of an agenda takes place: its item names one event and one place."""
    days = reading.once(dates.propose)
    found = reading.once(announced_events.propose)
    for event in found:
        first, last = reading.paragraph(event.start)
        if last - first > _ITEM:
            first, last = reading.line(event.start)
        if last - first > _ITEM:
            continue
        own = {(it.start, it.end): it for it in found if first <= it.start < last}
        bodies = reading.names_in(first, last, "organisation")
        places = [
            it
            for it in reading.names_in(first, last, "place")
            if not any(body.holds(it) for body in bodies)
        ]
        names = {it.candidates[0].label for it in places if it.candidates}
        if (
            len(own) == 1
            and len(places) == 1
            and len(names) == 1
            and any(first <= it.start < last for it in days)
        ):
            why = Why(
                "seul lieu nommé avec cet événement et sa date",
                "the one place named with this event and its date",
            )
            yield _relation(reading, event, "schema:location", places[0], why)
