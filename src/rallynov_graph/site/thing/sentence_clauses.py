"""What the sentence of each kind says, in which order; a kind that is not here has no sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.site.model.facts import FactValue
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.thing_description import ThingPage
from rallynov_graph.site.thing.sentences import (
    Named,
    Parts,
    Path,
    Sentence,
    SentenceWriter,
    SeveralNamed,
    rank_of_all,
)
from rallynov_graph.site.web.messages import Messages

_ORG: Final = PREFIXES["org"]
_SCHEMA: Final = PREFIXES["schema"]
_SKOS: Final = PREFIXES["skos"]
_DCTERMS: Final = PREFIXES["dcterms"]
_CARRIES: Final = ((RN + "carriedBy", True), (RN + "carries", False))
_PARTNER_OF: Final = (RN + "partner", True)
_SPOKEN_FOR: Final = (RN + "speaksFor", True)
_SPEAKS_FOR: Final = (RN + "speaksFor", False)
_PARTICIPANT_IN: Final = (RN + "participant", True)
_TOOK_PART: Final = (RN + "tookPartIn", True)
_SUBJECT: Final = (_DCTERMS + "subject", False)
_SUBJECT_OF: Final = (_DCTERMS + "subject", True)
_LOCATION: Final = (_SCHEMA + "location", False)
_START: Final = (_SCHEMA + "startDate", False)
_END: Final = (_SCHEMA + "endDate", False)
_IN_EVENT: Final = RN + "inEvent"
_ROLE: Final = RN + "role"
_STATES: Final = ("tenue", "annoncee")
_ROLES: Final = ("ouvre", "presente", "temoigne", "clot", "assiste", "protagoniste", "contact")
"""The roles that a sentence says, in this order."""


def sentence_of(view: GraphView, words: Messages, thing: ThingPage) -> Sentence | None:
    """Return the sentence of a thing; None of one that the graph says too little of.

    None too in somebody else's graph, and of a thing without a name.
    """
    write = KINDS_SAID.get(thing.kind)
    if write is None or view.foreign or not thing.is_named:
        return None
    writer = SentenceWriter(view, words, thing)
    return writer.sentence() if write(writer) else None


def _organisation(it: SentenceWriter) -> bool:
    it.head(it.named((_ORG + "classification", False)))
    stages = it.say("stages", it.named(*_CARRIES, kinds=("stage",)))
    key = "innovations_too" if stages else "innovations"
    carries = it.say(key, it.named(*_CARRIES, kinds=("innovation",))) or stages
    spoken_for = it.named(_SPOKEN_FOR)
    said = it.say("spoken_for_too" if carries else "spoken_for", spoken_for)
    if carries or said:
        return True
    return (
        it.say("partner", it.named(_PARTNER_OF))
        or it.say("supplies", it.named((RN + "suppliedBy", True)))
        or it.say("funds", it.named((_SCHEMA + "funder", True)))
        or it.say("posts", it.named((_ORG + "postIn", True)))
        or it.say("recalled", it.named((_SCHEMA + "about", True), kinds=("event",)))
    )


def _stage(it: SentenceWriter) -> bool:
    it.say("head")
    state = next(iter(it.named((RN + "status", False)).them), None)
    slug = state.node.iri.rpartition("/")[2] if state else ""
    said = [
        slug in _STATES and state is not None and it.say(f"{slug}", given=state),
        _date(it, _START) or _bounds(it),
        it.say("place", it.named(_LOCATION)),
        it.say("carrier", it.named((RN + "carriedBy", False))),
        it.say("innovations", it.named((RN + "presentedAt", True))),
    ]
    return said[-1] or it.say("themes", it.named(_SUBJECT)) or any(said)


def _date(it: SentenceWriter, path: Path) -> bool:
    """Add a date as it is written: of a day, a month or a year alone."""
    dates = it.named(path)
    if dates.count != 1:
        return False
    text = dates.them[0].node.text
    form = "day" if text[:1].isdigit() and " " in text else "month"
    if form == "month" and text[:1] in "ao":
        form = "month_elided"
    return it.say("year" if text.isdigit() else form, value=dates.them[0])


def _person(it: SentenceWriter) -> bool:
    it.write(it.thing.node.text)
    orgs, deeds = it.named(_SPEAKS_FOR), [*_deeds(it)]
    if not deeds:
        return it.say("speaks_for", orgs)
    it.say("office", it.named((_ORG + "heldBy", True))) or it.say("for", orgs)
    it.write(" ")
    it.joined(deeds)
    return True


def _deeds(it: SentenceWriter) -> Iterator[Parts]:
    """Yield what somebody did at which events, a clause a role."""
    done: dict[str, dict[str, Named]] = {}
    for value in it.values(_PARTICIPANT_IN):
        events = sorted(_detail(value, _IN_EVENT), key=lambda event: event.rank)
        for role in _detail(value, _ROLE):
            slug = role.node.iri.rpartition("/")[2]
            for event in events[:1]:
                rank = max(rank_of_all(value.evidence), role.rank, event.rank)
                known = done.setdefault(slug, {})
                if event.node.iri not in known or rank < known[event.node.iri].rank:
                    known[event.node.iri] = Named(event.node, rank)
    for slug in _ROLES:
        events_of_role = tuple(done.get(slug, {}).values())
        clause = it.clause(f"role_{slug}", SeveralNamed(events_of_role, len(events_of_role)))
        if clause is not None:
            yield clause


def _detail(value: FactValue, path: str) -> Iterator[Named]:
    for detail in value.details:
        if detail.path == path:
            for node, evidence, *_ in detail.values:
                yield Named(node, rank_of_all(evidence))


def _innovation(it: SentenceWriter) -> bool:
    it.say("head")
    said = [
        it.say("stages", it.named((RN + "presentedAt", False))),
        it.say("carrier", it.named((RN + "carriedBy", False))),
        it.say("beneficiaries", it.named((RN + "beneficiary", False))),
    ]
    return any(said)


def _theme(it: SentenceWriter) -> bool:
    it.say("head")
    above = it.named((_SKOS + "broader", False)) or it.named((_SKOS + "member", True))
    is_below = it.say("above", above)
    counts = [
        clause
        for kind in ("stage", "innovation", "testimony")
        if (clause := it.clause(f"{kind}", it.named(_SUBJECT_OF, kinds=(kind,))))
    ]
    if counts:
        it.say("addressed")
        it.joined(counts)
    organisations = it.named((RN + "linkedToTheme", True), kinds=("organisation",)) or it.named(
        (RN + "linkedToLargerTheme", True), kinds=("organisation",)
    )
    return it.say("organisations", organisations) or bool(counts) or is_below


def _bounds(it: SentenceWriter) -> bool:
    """Add the period, or the bounds, of what has no day of its own."""
    found = it.named((RN + "edtfDate", False))
    return found.count == 1 and it.say("bounds", value=found.them[0])


def _place(it: SentenceWriter) -> bool:
    it.head(it.named((_DCTERMS + "type", False)))
    it.say("within", it.named((_SCHEMA + "containedInPlace", False)))
    it.write(",")
    events = it.named((_SCHEMA + "location", True), (RN + "inDepartement", True))
    return it.say("events", events) or it.say(
        "served", it.named((_SCHEMA + "areaServed", True), kinds=("rally",))
    )


def _event(it: SentenceWriter) -> bool:
    it.say("head")
    start, end = it.named(_START), it.named(_END)
    period = start.count == end.count == 1 and start.them[0].node.text.isdigit()
    said = [
        it.say("period", start=start.them[0], end=end.them[0]) if period else _date(it, _START),
        it.say("place", it.named(_LOCATION)),
        it.say("recalls", it.named((RN + "recalls", False))),
        it.say("organisation", it.named((_SCHEMA + "about", False), kinds=("organisation",))),
        it.say("relay_from", it.named((RN + "relayFrom", False))),
        it.say("relay_to", it.named((RN + "relayTo", False))),
        it.say("within", it.named((_SCHEMA + "superEvent", False))),
        it.say("participants", it.named(_TOOK_PART)),
    ]
    return any(said)


def _testimony(it: SentenceWriter) -> bool:
    it.say("head")
    said = it.say("speakers", it.named((RN + "participant", False)))
    events = it.named((_IN_EVENT, False))
    stages = it.named((_IN_EVENT, False), kinds=("stage",))
    it.say("events", stages or events)
    it.say("for", it.named((RN + "onBehalfOf", False)))
    it.say("about", it.named((_SCHEMA + "about", False)))
    return said


def _participation(it: SentenceWriter) -> bool:
    it.say("head")
    said = it.say("who", it.named((RN + "participant", False)))
    return it.say("events", it.named((_IN_EVENT, False))) and said


def _post(it: SentenceWriter) -> bool:
    it.say("head")
    within = it.say("organisation", it.named((_ORG + "postIn", False)))
    return it.say("holders", it.named((_ORG + "heldBy", False))) or within


def _figure(it: SentenceWriter) -> bool:
    it.say("head")
    it.say("of", it.named((RN + "figureOf", False)))
    value = it.named((PREFIXES["rdf"] + "value", False))
    measure = it.named((RN + "measure", False))
    if value.count != 1 or measure.count != 1:
        return False
    several = value.them[0].node.text.isdigit() and value.them[0].node.text not in ("0", "1")
    return it.say(
        "several" if several else "measured",
        value=value.them[0],
        measure=measure.them[0],
    )


def _document(it: SentenceWriter) -> bool:
    it.say("head")
    dated = _date(it, (_DCTERMS + "issued", False)) or _date(it, (_SCHEMA + "datePublished", False))
    number = it.named((_SCHEMA + "issueNumber", False))
    if number.count == 1:
        it.say("number", value=number.them[0])
    return it.say("series", it.named((_DCTERMS + "isPartOf", False))) or dated


def _series(it: SentenceWriter) -> bool:
    it.say("head")
    return it.say("documents", it.named((_DCTERMS + "isPartOf", True)))


def _rally(it: SentenceWriter) -> bool:
    it.say("head")
    it.say("place", it.named((_SCHEMA + "areaServed", False)))
    stages = it.say("stages", it.named((_SCHEMA + "superEvent", True), kinds=("stage",)))
    it.say("themes", it.named(_SUBJECT))
    return it.say("partners", it.named((RN + "partner", False))) or stages


def _group(it: SentenceWriter) -> bool:
    it.say("head")
    return it.say("provides", it.named((RN + "providedBy", True))) or it.say(
        "involved", it.named((RN + "involves", True))
    )


def _funding(it: SentenceWriter) -> bool:
    it.say("head")
    said = it.say("funder", it.named((_SCHEMA + "funder", False)))
    return it.say("item", it.named((_SCHEMA + "fundedItem", False))) or said


def _occurrence(it: SentenceWriter) -> bool:
    it.say("head")
    return it.say("theme", it.named((RN + "indicates", False)))


def _list(it: SentenceWriter) -> bool:
    it.say("head")
    return it.say("words", it.named((RN + "inList", True)))


KINDS_SAID: Final[dict[str, Callable[[SentenceWriter], bool]]] = {
    "stage": _stage,
    "organisation": _organisation,
    "person": _person,
    "group": _group,
    "innovation": _innovation,
    "testimony": _testimony,
    "participation": _participation,
    "theme": _theme,
    "place": _place,
    "event": _event,
    "post": _post,
    "figure": _figure,
    "document": _document,
    "series": _series,
    "occurrence": _occurrence,
    "list": _list,
    "funding": _funding,
    "rally": _rally,
}
"""Who writes the sentence of the things of a kind: whether it says more than what kind that is."""
