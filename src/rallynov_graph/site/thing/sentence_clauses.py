"""The clauses in the sentences of each kind, in order; other kinds have no sentences."""

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
_STATES: Final = ("tenue", "annoncee", "annulee", "reportee")
"""The statuses with words of their own in a sentence; others are called as the list calls them."""
_CHANGED: Final = ("annulee", "reportee")
"""Those whose day and place are what was planned, not what is."""
_ROLES: Final = ("ouvre", "presente", "temoigne", "clot", "assiste", "protagoniste", "contact")
"""The roles that a sentence says, in this order."""


def sentences_of(view: GraphView, words: Messages, thing: ThingPage) -> tuple[Sentence, ...]:
    """Return the sentences of a thing; none if the graph says too little.

    There are none in a foreign graph, or for a thing without a name.
    """
    write = KINDS_SAID.get(thing.kind)
    if write is None or view.foreign or not thing.is_named:
        return ()
    writer = SentenceWriter(view, words, thing)
    return writer.sentences() if write(writer) else ()


def _organisation(writer: SentenceWriter) -> bool:
    writer.head(writer.named((_ORG + "classification", False)))
    stages = writer.say("stages", writer.named(*_CARRIES, kinds=("stage",)))
    key = "innovations_too" if stages else "innovations"
    carries = writer.say(key, writer.named(*_CARRIES, kinds=("innovation",))) or stages
    spoken_for = writer.named(_SPOKEN_FOR)
    if carries:
        writer.say_next("spoken_for_too", spoken_for)
        return True
    return (
        writer.say("spoken_for", spoken_for)
        or writer.say("partner", writer.named(_PARTNER_OF))
        or writer.say("supplies", writer.named((RN + "suppliedBy", True)))
        or writer.say("funds", writer.named((RN + "funds", False)))
        or writer.say("members", writer.named((_ORG + "memberOf", True)))
        or writer.say("posts", writer.named((_ORG + "postIn", True)))
        or writer.say("recalled", writer.named((_SCHEMA + "about", True), kinds=("event",)))
    )


def _stage(writer: SentenceWriter) -> bool:
    writer.say("head")
    state = next(iter(writer.named((RN + "status", False)).known), None)
    slug = state.node.iri.rpartition("/")[2] if state else ""
    key = slug if slug in _STATES else "status"
    if slug in _CHANGED and (writer.named(_START).known or writer.named(_LOCATION).known):
        key = f"{slug}_planned"
    added = [
        state is not None and writer.say(key, given=state, value=state),
        _date(writer, _START) or _bounds(writer),
        writer.say("place", writer.named(_LOCATION)),
        writer.say("carrier", writer.named((RN + "carriedBy", False))),
    ]
    if any(added):
        return (
            writer.say_next("innovations", writer.named((RN + "presentedAt", True)))
            or writer.say_next("themes", writer.named(_SUBJECT))
            or True
        )
    return False


def _date(writer: SentenceWriter, path: Path) -> bool:
    """Add a date as it is written: of a day, a month or a year alone."""
    dates = writer.named(path)
    if dates.count != 1:
        return False
    text = dates.known[0].node.text
    form = "day" if text[:1].isdigit() and " " in text else "month"
    if form == "month" and text[:1] in "ao":
        form = "month_elided"
    return writer.say("year" if text.isdigit() else form, value=dates.known[0])


def _person(writer: SentenceWriter) -> bool:
    writer.write(writer.thing.node.text)
    orgs, deeds = writer.named(_SPEAKS_FOR), [*_deeds(writer)]
    if not deeds:
        members = writer.named((_ORG + "memberOf", False))
        return writer.say("speaks_for", orgs) or writer.say("member", members)
    writer.say("office", writer.named((_ORG + "heldBy", True))) or writer.say("for", orgs)
    writer.write(" ")
    writer.joined(deeds)
    return True


def _deeds(writer: SentenceWriter) -> Iterator[Parts]:
    """Yield a person's roles at events, one clause for each role."""
    done: dict[str, dict[str, Named]] = {}
    for value in writer.values(_PARTICIPANT_IN):
        events = sorted(_detail(value, _IN_EVENT), key=lambda event: event.rank)
        for role in _detail(value, _ROLE):
            slug = role.node.iri.rpartition("/")[2]
            for event in events[:1]:
                deed = Named(event.node, (value, *role.facts, *event.facts))
                known = done.setdefault(slug, {})
                if event.node.iri not in known or deed.rank < known[event.node.iri].rank:
                    known[event.node.iri] = deed
    for slug in _ROLES:
        events_of_role = tuple(done.get(slug, {}).values())
        clause = writer.clause(f"role_{slug}", SeveralNamed(events_of_role, len(events_of_role)))
        if clause is not None:
            yield clause


def _detail(value: FactValue, path: str) -> Iterator[Named]:
    for it in (it for values in value.details for it in values):
        if it.stated.path == path:
            yield Named(it.value, (it,))


def _innovation(writer: SentenceWriter) -> bool:
    writer.say("head")
    added = [
        writer.say("stages", writer.named((RN + "presentedAt", False))),
        writer.say("beneficiaries", writer.named((RN + "beneficiary", False))),
    ]
    carrier = writer.named((RN + "carriedBy", False))
    return writer.say_next("carrier", carrier) if any(added) else writer.say("carried", carrier)


def _theme(writer: SentenceWriter) -> bool:
    writer.say("head")
    above = writer.named((_SKOS + "broader", False)) or writer.named((_SKOS + "member", True))
    is_below = writer.say("above", above)
    counts = [
        clause
        for kind in ("stage", "innovation", "testimony")
        if (clause := writer.clause(f"{kind}", writer.named(_SUBJECT_OF, kinds=(kind,))))
    ]
    if counts:
        writer.say("addressed")
        writer.joined(counts)
    organisations = writer.named(
        (RN + "linkedToTheme", True), kinds=("organisation",)
    ) or writer.named((RN + "linkedToLargerTheme", True), kinds=("organisation",))
    return (bool(counts) or is_below) and (writer.say_next("organisations", organisations) or True)


def _bounds(writer: SentenceWriter) -> bool:
    """Add the period or the bounds of something without a day."""
    found = writer.named((RN + "edtfDate", False))
    return found.count == 1 and writer.say("bounds", value=found.known[0])


def _place(writer: SentenceWriter) -> bool:
    writer.head(writer.named((_DCTERMS + "type", False)))
    writer.say("within", writer.named((_SCHEMA + "containedInPlace", False)))
    writer.write(",")
    events = writer.named((_SCHEMA + "location", True), (RN + "inDepartement", True))
    return writer.say("events", events) or writer.say(
        "served", writer.named((_SCHEMA + "areaServed", True), kinds=("rally",))
    )


def _event(writer: SentenceWriter) -> bool:
    writer.say("head")
    start, end = writer.named(_START), writer.named(_END)
    period = start.count == end.count == 1 and start.known[0].node.text.isdigit()
    added = [
        writer.say("period", start=start.known[0], end=end.known[0])
        if period
        else _date(writer, _START),
        writer.say("place", writer.named(_LOCATION)),
        writer.say("recalls", writer.named((RN + "recalls", False))),
        writer.say(
            "organisation", writer.named((_SCHEMA + "about", False), kinds=("organisation",))
        ),
        writer.say("relay_from", writer.named((RN + "relayFrom", False))),
        writer.say("relay_to", writer.named((RN + "relayTo", False))),
        writer.say("within", writer.named((_SCHEMA + "superEvent", False))),
    ]
    return any(added) and (writer.say_next("participants", writer.named(_TOOK_PART)) or True)


def _testimony(writer: SentenceWriter) -> bool:
    writer.say("head")
    has_speakers = writer.say("speakers", writer.named((RN + "participant", False)))
    events = writer.named((_IN_EVENT, False))
    stages = writer.named((_IN_EVENT, False), kinds=("stage",))
    writer.say("events", stages or events)
    writer.say("for", writer.named((RN + "onBehalfOf", False)))
    writer.say_next("about", writer.named((_SCHEMA + "about", False)))
    return has_speakers


def _participation(writer: SentenceWriter) -> bool:
    writer.say("head")
    has_people = writer.say("who", writer.named((RN + "participant", False)))
    return writer.say("events", writer.named((_IN_EVENT, False))) and has_people


def _figure(writer: SentenceWriter) -> bool:
    writer.say("head")
    writer.say("of", writer.named((RN + "figureOf", False)))
    value = writer.named((PREFIXES["rdf"] + "value", False))
    measure = writer.named((RN + "measure", False))
    if value.count != 1 or measure.count != 1:
        return False
    several = value.known[0].node.text.isdigit() and value.known[0].node.text not in ("0", "1")
    key, said = "several" if several else "measured", {"value": value.known[0]}
    bound, unit = (writer.named((it, False)) for it in (RN + "bound", _SCHEMA + "unitText"))
    if unit.count == 1:
        key, said["unit"] = "in_unit", unit.known[0]
    if bound.count == 1:
        key, said["bound"] = f"{key}_bounded", bound.known[0]
    return writer.say(key, None, measure=measure.known[0], **said)


def _document(writer: SentenceWriter) -> bool:
    writer.say("head")
    dated = _date(writer, (_DCTERMS + "issued", False)) or _date(
        writer, (_SCHEMA + "datePublished", False)
    )
    number = writer.named((_SCHEMA + "issueNumber", False))
    if number.count == 1:
        writer.say("number", value=number.known[0])
    return writer.say("series", writer.named((_DCTERMS + "isPartOf", False))) or dated


def _rally(writer: SentenceWriter) -> bool:
    writer.say("head")
    writer.say("place", writer.named((_SCHEMA + "areaServed", False)))
    stages = writer.say("stages", writer.named((_SCHEMA + "superEvent", True), kinds=("stage",)))
    writer.say("themes", writer.named(_SUBJECT))
    return writer.say_next("partners", writer.named((RN + "partner", False))) or stages


def _group(writer: SentenceWriter) -> bool:
    writer.say("head")
    return writer.say("provides", writer.named((RN + "providedBy", True))) or writer.say(
        "involved", writer.named((RN + "involves", True))
    )


def _saying(*clauses: tuple[str, Path]) -> Callable[[SentenceWriter], bool]:
    """Return a writer of clauses after the kind of a thing, at least one of which is said."""

    def write(writer: SentenceWriter) -> bool:
        writer.say("head")
        said = [writer.say(key, writer.named(path)) for key, path in clauses]
        return any(said)

    return write


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
    "post": _saying(
        ("organisation", (_ORG + "postIn", False)), ("holders", (_ORG + "heldBy", False))
    ),
    "figure": _figure,
    "document": _document,
    "series": _saying(("documents", (_DCTERMS + "isPartOf", True))),
    "occurrence": _saying(("theme", (RN + "indicates", False))),
    "list": _saying(("words", (RN + "inList", True))),
    "funding": _saying(
        ("funder", (_SCHEMA + "funder", False)), ("item", (_SCHEMA + "fundedItem", False))
    ),
    "rally": _rally,
}
"""Who writes the sentence of the things of a kind: whether it says more than what kind that is."""
