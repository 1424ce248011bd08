"""Each kind of entry of a list, and the question of the catalogue that answers it.

A kind is a section, a field of its entries, or a predicate. What a question should answer is worked
out from the list alone, by the rows of ``ANSWERED``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from inventory import (
    CERTAINTY,
    DIRECT,
    OFFICES,
    OWN_PARTS,
    PARTS,
    SOUGHT,
    STATUS,
    Entry,
    Inventory,
    plain,
    when,
)
from rallynov_graph.base.namespaces import ID

Rows = Iterable[tuple[str, ...]]
RowsOf = Callable[[Inventory, Any], Rows]


_NO_FIELD: Final = ("_span", "_quote", "_quotes", "_certainty", "mentions")


class View(NamedTuple):
    """A question with its values, and the columns that a kind is seen through."""

    question: str
    columns: str
    values: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    """Whether the document adds to the answer what its list has, and nothing else."""


class Asked(NamedTuple):
    view: View
    rows: RowsOf


def kinds(it: Inventory) -> Iterator[tuple[str, Any]]:
    """Yield each kind of a list with the entry that has it, which may be a whole section."""
    for section, found in it.entries.items():
        name = "programme" if section == "rally" else section
        if section == "meta" or section.endswith(("_count", "_counts")):
            continue
        if isinstance(found, list):
            for one in found:
                yield from _of_entry(it, name, one)
        elif name == "identity":
            lists = ((key, value) for key, value in found.items() if isinstance(value, list))
            yield from ((f"identity.{key}", one) for key, value in lists for one in value)
        else:
            fields = ((key, value) for key, value in found.items() if not key.endswith(_NO_FIELD))
            yield from ((f"{name}.{key}{_state(value)}", found) for key, value in fields)


def _state(field: Any) -> str:
    if not isinstance(field, dict):
        return ""
    null = ".null" if field.get("value", field.get("id", "")) is None else ""
    return ".absent" if field.get("certainty") == "absent" else null


def _of_entry(it: Inventory, section: str, one: Any) -> Iterator[tuple[str, Any]]:
    if section == "relations":
        predicate, subject = one["predicate"], one["subject"].partition("-")[0]
        kind = f"relations.{predicate}"
        if one.get("modality") in ("hedged", "denied"):
            kind += f".{one['modality']}"
        elif predicate in ("partner", "part_of", "place") and subject in ("stage", "inn", "org"):
            kind += f".{subject}"
        elif predicate == "affiliation" and one["subject"] not in it.testimonies:
            kind += ".office"
        yield kind, one
        return
    yield section, one
    fields = one.items() if isinstance(one, dict) else ()
    yield from ((f"{section}.{k}{_state(v)}", one) for k, v in fields if isinstance(v, dict))


def sure(*certainties: str) -> str:
    """Return the least of the certainties of a list, as the project names it."""
    ranks = ("explicit", "inferred", "tentative")
    return "rn:" + max((CERTAINTY.get(it, "tentative") for it in certainties), key=ranks.index)


def _both(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["subject"]), it.now(one["object"])


def _sure_both(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["subject"]), it.now(one["object"]), sure(one["certainty"])


def _direct(it: Inventory, one: Entry) -> Rows:
    property_ = DIRECT[one["predicate"]]
    yield it.now(one["subject"]), property_, it.now(one["object"]), sure(one["certainty"])


def _run(it: Inventory, one: Entry) -> Rows:
    """Who runs something, no surer than it is something."""
    subject = next((i for i in it.entries["innovations"] if i["id"] == one["subject"]), one)
    how = sure(one["certainty"], subject["certainty"])
    yield it.now(one["subject"]), DIRECT[one["predicate"]], it.now(one["object"]), how


def _followed(it: Inventory, one: Entry) -> Rows:
    """Whom a person succeeded, with the seat that this person has since."""
    seats = {r["subject"]: r["id"] for r in it.entries["relations"] if r["predicate"] in SEATS[:1]}
    yield it.now(one["succeeds"]["id"]), f"membership/{it.slug}-{seats[one['id']]}"


def _located(subject: Callable[[Inventory, Entry], str]) -> RowsOf:
    def rows(it: Inventory, one: Entry) -> Rows:
        yield subject(it, one), "schema:location", it.now(one["object"]), sure(one["certainty"])

    return rows


def _part(it: Inventory, one: Entry) -> Rows:
    if one["predicate"] in OWN_PARTS and not one["subject"].startswith("event"):
        role = it.word("role", OWN_PARTS[one["predicate"]])
        yield it.now(one["object"]), it.now(one["subject"]), role
    else:
        event = "event-launch" if one["predicate"] == "launched_by" else one["subject"]
        yield it.now(event), it.now(one["object"]), it.word("role", PARTS[one["predicate"]])


def _supports(property_: str) -> RowsOf:
    def rows(it: Inventory, one: Entry) -> Rows:
        yield property_, it.now(one["object"]), it.now(one["subject"]), sure(one["certainty"])

    return rows


def _succeeds(it: Inventory, one: Entry) -> Rows:
    """Who succeeded whom, no surer than the seats of both."""
    ends = {one["subject"], one["object"]}
    seats = [r for r in it.entries["relations"] if r["subject"] in ends and r["predicate"] in SEATS]
    how = sure(one["certainty"], *(seat["certainty"] for seat in seats))
    yield it.now(one["subject"]), "rn:succeeded", it.now(one["object"]), how


def _body(it: Inventory, one: Entry) -> Rows:
    if "body" in one:
        yield it.now(one["id"]), it.now(one["body"]), it.word("role", "se réunit")


def _coordination(it: Inventory, one: Entry) -> Rows:
    who, role, within = next(iter(_coordinates(it, one)))
    yield within, who, role


def _office(it: Inventory, one: Entry) -> Rows:
    node = f"{'membership' if one['predicate'] in OFFICES else 'post'}/{it.slug}-{one['id']}"
    yield it.now(one["subject"]), node, it.now(one["object"]), sure(one["certainty"])


def _former_role(it: Inventory, one: Entry) -> Rows:
    """An office that the one of this document follows."""
    found = (r for r in it.entries["relations"] if r["subject"] == one["id"])
    post = next(r["id"] for r in found if r["predicate"] == "affiliation")
    yield it.now(one["id"]), f"post/{it.slug}-{post}"


def _coordinates(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["subject"]), it.word("role", OWN_PARTS["coordinates"]), it.now(one["object"])


def _title(it: Inventory, one: Entry) -> Rows:
    if it.has_title(one) or it.has_office(one):
        title = plain(one["role_or_title"]["quote"])
        yield it.now(one["id"]), it.office(one) if it.has_office(one) else title


def _visited(it: Inventory, one: Entry) -> Rows:
    both = (*it.entries["stages"], *it.entries["events"])
    off = {one["id"] for one in both if one.get("status", "").startswith("cancelled")}
    if one["subject"] not in off:
        yield it.now(one["object"]), it.now(one["subject"])


def _figure(it: Inventory, one: Entry) -> Rows:
    of = it.now(it.scope(one))
    yield it.things[one["id"]], plain(one["quote"]), it.value(one), of


def _statement(it: Inventory, one: Entry) -> Rows:
    for person in one["speakers"]:
        told = [quoted["inner"][0] for quoted in one.get("quoted_segments", ())]
        mention = it.person(person)["mention"][0]
        for start in told or [mention, one["segment"]["span"][0]]:
            yield it.now(person), f"testimony/{it.slug}-{one['id']}", str(start), one["topic_fr"]


def _word(it: Inventory, one: Entry) -> Rows:
    for key, words in one.items():
        for term in words["terms"] if isinstance(words, dict) else ():
            yield f"list/{it.slug}-{key.replace('_', '-')}", it.printed(term)


def _theme(it: Inventory, one: Entry) -> Rows:
    for term in it.terms():
        yield it.printed(term).lower(), it.word("theme", term["label"])


def _other_theme(it: Inventory, one: Entry) -> Rows:
    if one["relation"] == "closeMatch":  # what is only related is not a theme of the word
        printed = (it.printed(term).lower() for term in it.terms() if term["label"] == one["here"])
        yield next(printed), it.printed_theme(one["carnet2_label"])


def _identity(it: Inventory, one: Entry) -> Rows:
    if not one["this"].startswith(("fig-", "pl-")) or it.now(one["this"]) != it.things[one["this"]]:
        told = it.entries["identity"]
        conclusion = next(name for name in ("same", "different", "open") if one in told[name])
        yield f"rn:{conclusion}", it.beside(one["carnet2"]), it.things[one["this"]]


def _contradiction(it: Inventory, one: Entry) -> Rows:
    theirs = it.beside(one["carnet2"])
    if "property" in one:
        yield it.now(one["this"]), one["property"], "", ""
        return
    figures = theirs, it.things[one["this"]]
    measure = it.said_beside(theirs, "measure").value.removeprefix(ID)
    mine = next(figure for figure in it.entries["figures"] if figure["id"] == one["this"])
    yield it.now(it.scope(mine)), measure, *figures


def _counted(it: Inventory, one: Entry) -> Rows:
    """What is counted up to this document: what the shipped data have, and what it adds."""
    mine = {
        "fig-stages": sum(s["status"] == "held" for s in it.entries["stages"]),
        "fig-innovations": len(it.entries["innovations"]),
        "fig-witnesses": len({p for s in it.entries["statements"] for p in s["speakers"]}),
    }
    if one["this"] in mine:
        before = it.counted_before[it.beside(one["carnet2"])]
        yield it.things[one["this"]], str(mine[one["this"]] + before)


def _names(it: Inventory, one: Entry) -> Rows:
    yield from ((it.now(one["id"]), plain(quote)) for quote in one["mentions_quotes"])


def _allusion(it: Inventory, one: Entry) -> Rows:
    """What a document says of an earlier one: that it is the same, or that somebody was there."""
    if one["this"].startswith("fig-"):
        yield it.things[one["this"]], it.said_beside(it.beside(one["carnet2"]), "asOf").value


def _thing(it: Inventory, one: Entry) -> Rows:
    yield (it.now(one["id"]),)


def _date(it: Inventory, one: Entry) -> Rows:
    rivals = it.entries.get("identity", {}).get("contradictions", ())
    if one["id"] not in {rival["this"] for rival in rivals if rival.get("taken") == "earlier"}:
        yield it.now(one["id"]), when(one["date"])


def _document(it: Inventory, one: Entry) -> Rows:
    series = it.word("series", one["title"]["value"])
    yield f"document/{it.slug}", series, one["number"]["value"], one["date"]["value"]


def _status(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["id"]), f"status/{STATUS[one['status'].split()[0]]}"


def _place(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["id"]), it.now(one.get("venue", one["place"])["id"])


def _said(*values: str) -> RowsOf:
    """Return what gives one row, of a thing and values that stand in the pattern of an entry."""

    def rows(it: Inventory, one: Entry) -> Rows:
        yield it.now(one["id"]), *(value.format(it=it, **one) for value in values)

    return rows


def _field(key: str, of: str = "value") -> RowsOf:
    def rows(it: Inventory, one: Entry) -> Rows:
        yield it.now(one["id"]), plain(str(one[key][of]))

    return rows


def _concept(kind: str, key: str) -> RowsOf:
    def rows(it: Inventory, one: Entry) -> Rows:
        how = sure(one[key]["certainty"])
        yield f"rn:{kind}", it.word(kind, one[key]["value"]), it.now(one["id"]), how

    return rows


def _kind(it: Inventory, one: Entry) -> Rows:
    concept = it.word("organisation-kind", one["kind"]["value"])
    how = sure(one["kind"]["certainty"])
    before = it.certainty_beside(it.now(one["id"]), "classification", concept)
    yield it.now(one["id"]), concept, min(how, before or how)


def _area(it: Inventory, one: Entry) -> Rows:
    yield it.now(one["id"]), "schema:areaServed", it.area, sure(one["area"]["certainty"])


def _audience(it: Inventory, one: Entry) -> Rows:
    told = one["audience"]
    concept = it.word("audience", told["value"])
    yield it.now(one["id"]), "dcterms:audience", concept, sure(told["certainty"])


def _silent(field: str) -> RowsOf:
    def rows(it: Inventory, one: Entry) -> Rows:
        thing = it.now("doc" if one is it.entries["document"] else one["id"])
        yield thing, SOUGHT[field].split()[1], f"document/{it.slug}"

    return rows


def _not_measured(it: Inventory, one: Entry) -> Rows:
    measure = it.word("measure", one["not_measured"]["value"])
    yield it.now(one["id"]), measure, f"document/{it.slug}"


def _asked_open(section: str) -> RowsOf:
    return lambda it, one: [(f"question/{it.slug}-{section}-{one['id']}",)]


def _agreement(it: Inventory, one: Entry) -> Rows:
    yield from (("event/convention", it.now(one[of]), "role/signe") for of in ("subject", "object"))


def stages(columns: str, only: str = "") -> View:
    return View("stages", f"stage {columns}", (("only", only),) if only else (), whole=not only)


RUNS: Final = View("who_runs_what", "thing part organisation how")
PARTICIPANTS: Final = View("participants_of_stage", "stage participant role", (("only", "events"),))
PARTNERS: Final = View("partners_and_funders", "link organisation supported how")
OFFICE_HOLDERS: Final = View("who_was_what_when", "who office organisation how")
SEATS: Final = ("member_of", "former_member_of")
DIRECT_LINKS: Final = View("direct_links", "subject link object how", whole=False)
LINKS: Final = View("links_between", "subject property object how", whole=False)
IDENTITY: Final = View("identity_decisions", "conclusion kept other")
OPEN: Final = View("open_questions", "question")
DOCUMENT: Final = View("document_and_imprint", "document series number month")
CONCEPTS: Final = View("innovations_by_concept", "aspect concept innovation how")
BEFORE: Final = View("what_was_said_before", "thing property value", whole=False)
DATES: Final = View("dates_as_printed", "thing start", whole=False)
THEMES: Final = View("printed_themes", "printed theme")
ROLES_OF_PEOPLE: Final = View("people_and_roles", "person printed")
SILENT: Final = View("where_documents_are_silent", "thing property document", whole=False)
WORDS: Final = View("lists_of_words", "list printed")


def _relations(predicates: str, view: View, rows: RowsOf) -> dict[str, Asked]:
    return {f"relations.{it}": Asked(view, rows) for it in predicates.split()}


ANSWERED: Final[dict[str, Asked]] = {
    **dict.fromkeys(
        ("document.title", "document.number", "document.date"), Asked(DOCUMENT, _document)
    ),
    "programme.area": Asked(LINKS, _area),
    "figures": Asked(View("reported_figures", "figure printed value of"), _figure),
    "organisations": Asked(View("names_of_organisations", "organisation printed"), _names),
    "organisations.kind": Asked(View("organisations", "organisation kind how"), _kind),
    "unnamed_organisations": Asked(View("unnamed_organisations", "organisation"), _thing),
    "persons": Asked(View("people_and_roles", "person"), _thing),
    "persons.former_role": Asked(
        View("who_was_what_when", "who followed_by", whole=False), _former_role
    ),
    "persons.succeeds": Asked(View("who_was_what_when", "who followed_by", whole=False), _followed),
    "persons.role_or_title": Asked(ROLES_OF_PEOPLE, _title),
    "stages": Asked(stages("status"), _status),
    "stages.date": Asked(stages("date"), _date),
    "stages.time": Asked(stages("printed_time"), _field("time", "printed")),
    "stages.place": Asked(stages("place"), _place),
    "stages.title": Asked(
        View("stage_titles_and_themes", "stage title", whole=False), _field("title")
    ),
    "stages.ordinal": Asked(stages("number"), _field("ordinal")),
    "stages.cause": Asked(stages("reason"), _field("cause", "quote")),
    "stages.new_date.null": Asked(
        stages("to_be_fixed", "off_or_to_be_fixed"), _said("schema:startDate")
    ),
    "stages.earlier_place": Asked(
        BEFORE,
        lambda it, one: [
            (it.now(one["id"]), "schema:location", it.now(one["earlier_place"]["id"]))
        ],
    ),
    "events.earlier_date": Asked(BEFORE, _said("schema:startDate", "{earlier_date[value]}")),
    "events.cause": Asked(stages("reason", "events"), _field("cause", "quote")),
    "stages.earlier_date": Asked(BEFORE, _said("schema:startDate", "{earlier_date[value]}")),
    "events": Asked(stages("", "events"), _thing),
    "events.date": Asked(stages("date", "events"), _date),
    "events.place": Asked(stages("place", "events"), _place),
    "events.place.null": Asked(
        stages("to_be_fixed", "off_or_to_be_fixed"), _said("schema:location")
    ),
    "events.time": Asked(stages("printed_time", "events"), _field("time", "printed")),
    "events.call": Asked(
        stages("end", "events"),
        lambda it, one: [(f"event/appel-{it.slug}", one["call"]["deadline"])],
    ),
    "events.audience": Asked(LINKS, _audience),
    "relays": Asked(View("relays", "relay printed"), _said("{quote}")),
    "innovations": Asked(View("innovations", "innovation"), _thing),
    "innovations.born": Asked(
        DATES, lambda it, one: [(f"event/naissance-{one['id']}", one["born"]["value"])]
    ),
    "innovations.not_measured": Asked(SILENT, _not_measured),
    "innovations.beneficiaries": Asked(CONCEPTS, _concept("beneficiary", "beneficiaries")),
    "innovations.social_need": Asked(CONCEPTS, _concept("need", "social_need")),
    **_relations("from", View("relays", "relay from"), _both),
    **_relations("to", View("relays", "relay to"), _both),
    **_relations("presented_by", View("innovations", "innovation presenter"), _both),
    **_relations("stage", View("innovations", "innovation stage"), _both),
    **_relations("host carried_by born_of promoted_by signed_by partner.inn", RUNS, _run),
    **_relations("launched_by supported_by attended_by stand_of contact", PARTICIPANTS, _part),
    **_relations("awarded_to awarded_by speaker quoted_source", PARTICIPANTS, _part),
    **_relations("partner.stage part_of.org", PARTICIPANTS, _part),
    **_relations(
        "coordinates", View("people_and_roles", "person role within", whole=False), _coordinates
    ),
    **_relations("agreement_with", PARTICIPANTS, _agreement),
    **_relations("partner", PARTNERS, _supports("rn:partner")),
    **_relations("funder", PARTNERS, _supports("schema:funder")),
    **_relations("affiliation", View("who_speaks_for_whom", "person organisation how"), _sure_both),
    **_relations(" ".join((*OFFICES, "affiliation.office")), OFFICE_HOLDERS, _office),
    **_relations("place place.stage", View("places_visited", "place event", whole=False), _visited),
    **_relations("publisher editor editorial_by extends_to", LINKS, _direct),
    **_relations("venue part_of place.org", LINKS, _direct),
    **_relations("place_of_launch", LINKS, _located(lambda it, one: it.now("event-launch"))),
    **_relations("place.inn", LINKS, _located(lambda it, one: it.now(one["subject"]))),
    **_relations("tested_at", LINKS, _located(lambda it, one: f"event/essai-{one['subject']}")),
    **_relations("succeeds", DIRECT_LINKS, _succeeds),
    **_relations("partner.hedged", OPEN, _asked_open("relations")),
    "relations.partner.denied": Asked(View("what_is_denied", "thing property value how"), _direct),
    "statements": Asked(View("testimonies_and_words", "person testimony start said"), _statement),
    **dict.fromkeys(("themes.word_cloud", "themes.themes_of_the_half_year"), Asked(WORDS, _word)),
    "themes.themes_of_the_year": Asked(WORDS, _word),
    "themes.named_in_the_text": Asked(THEMES, _theme),
    "ambiguities": Asked(OPEN, _asked_open("ambiguities")),
    "identity.same": Asked(IDENTITY, _identity),
    "identity.different": Asked(IDENTITY, _identity),
    "identity.open": Asked(IDENTITY, _identity),
    "identity.contradictions": Asked(
        View("contradictions_between_documents", "thing property figure other_figure"),
        _contradiction,
    ),
    "identity.updates_not_contradictions": Asked(
        View("reported_and_counted", "figure counted", whole=False), _counted
    ),
    "identity.allusions": Asked(View("reported_figures", "figure as_of", whole=False), _allusion),
    "identity.themes_under_other_words": Asked(THEMES, _other_theme),
    **{f"{field}.absent": Asked(SILENT, _silent(field)) for field in SOUGHT},
}
"""The question of each kind, and the rows that an entry has in its answer."""
ALSO: Final = {
    "unnamed_organisations": Asked(
        ANSWERED["organisations"].view, lambda it, one: [(it.now(one["id"]), plain(one["quote"]))]
    ),
    "events": Asked(PARTICIPANTS, _body),
    "relations.coordinates": Asked(PARTICIPANTS, _coordination),
}
"""What is in the answer to the question of another kind, too."""
_SAID_AGAIN: Final = """
document.id document.editor document.editorial_signed_by document.publisher events.is_a_stage
innovations.extension innovations.organisation innovations.partner_possible places
innovations.place innovations.promoted_by innovations.signed_by innovations.test
organisations.place persons.former_member_of persons.former_organisation persons.founder_of
persons.member_of persons.organisation statements.segment stages.funder
stages.host stages.stand stages.venue programme.closing programme.funder programme.funders
programme.id programme.launched programme.launched_by programme.names programme.partners
programme.year programme.kind document.earlier_issue identity.against relays_not_stated
not_stated
"""
SAID_AGAIN: Final = frozenset(_SAID_AGAIN.split())
"""What another kind says, too; what is not stated is asked as a claim."""
_NO_FACT: Final = """
document.headline document.subtitle document.section_headings document.kind document.language
document.fiction_notice document.written_between document.illustrator_or_other_credit
innovations.description innovations.expansion programme.description programme.resumed
personal_data.phones personal_data.emails stage_order_as_printed_in_the_agenda
other_quoted_strings stages.announced_title.absent
"""
NO_FACT: Final = frozenset(_NO_FACT.split())
"""What the project does not hold as a fact, or only as a text of the curators."""
