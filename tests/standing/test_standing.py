"""What is current, and what gave way, on small made-up documents."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.errors import SourceError, in_french
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.standing.periods import Period, Timeline
from rallynov_graph.standing.settling import settled

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
PAST = "rn:status <status/annoncee>"


def document(name: str, issued: str, number: str = "", series: str = "s") -> str:
    numbered = f'; schema:issueNumber "{number}" ; dcterms:isPartOf <series/{series}>'
    return (
        f'<assertion-set/doc-{name}> {{ <document/{name}> dcterms:issued "{issued}" '
        f"{numbered if number else ''} . }}"
    )


def said(name: str, facts: str, sure: str = "explicit", by: str = "", of: str = "<stage/e>") -> str:
    """A set of the document, or the speaker, whose name its own begins with."""
    voice = by or f"<document/{name.partition('-')[0]}>"
    return (
        f"<graph/c> {{ <assertion-set/{name}> a rn:AssertionSet ; rn:certainty rn:{sure} ; "
        f"rn:voice {voice} . }} <assertion-set/{name}> {{ {of} {facts} . }}"
    )


def quads(*parts: str) -> list[Quad]:
    return [*parse(HEAD + "\n".join(parts), format=RdfFormat.TRIG)]


ONE, TWO, THREE = (
    document("1", "2013-03", "1"),
    document("2", "2013-05", "2"),
    document("3", "2013-09", "3"),
)


def gone(*parts: str) -> set[tuple[str, str, str]]:
    """What is not current: the property, the value and the graph."""
    found = settled(quads(*parts))
    return {
        (
            in_prefixes(q.predicate.value),
            short(q.object),
            q.graph_name.value.removeprefix(f"{ID}standing/"),
        )  # type: ignore[union-attr]
        for q in found
        if str(q.graph_name).startswith(f"<{ID}standing/")
    }


def short(term: object) -> str:
    return str(getattr(term, "value", term)).removeprefix(ID)


def test_an_announcement_gives_way_to_what_a_later_document_reports() -> None:
    assert gone(
        *(ONE, TWO),
        said("1-a", f'{PAST} ; dcterms:title "A" ; schema:location <place/a> ; rn:number 3'),
        said("2-b", 'rn:status <status/tenue> ; dcterms:title "B" ; schema:location <place/b>'),
    ) == {
        ("rn:status", "status/annoncee", "1-a-superseded-by-2-b"),
        ("dcterms:title", "A", "1-a-superseded-by-2-b"),
        ("schema:location", "place/a", "1-a-superseded-by-2-b"),
    }


def test_a_date_gives_way_with_its_printed_form_its_inferred_part_and_its_hours() -> None:
    printed = 'rn:dateAsPrinted "10/04" ; rn:startTime "14:00:00" ; rn:timeAsPrinted "14 h"'
    assert gone(
        *(ONE, TWO),
        said("1-a", f"{PAST} ; {printed}"),
        said(
            "1-day", 'schema:startDate "2013-04-10" ; rn:inferredPart <date-part/annee>', "inferred"
        ),
        said("2-b", 'schema:startDate "2013-04-17"', "inferred"),
    ) == {
        ("rn:dateAsPrinted", "10/04", "1-a-superseded-by-2-b"),
        ("rn:startTime", "14:00:00", "1-a-superseded-by-2-b"),
        ("rn:timeAsPrinted", "14 h", "1-a-superseded-by-2-b"),
        ("schema:startDate", "2013-04-10", "1-day-superseded-by-2-b"),
        ("rn:inferredPart", "date-part/annee", "1-day-superseded-by-2-b"),
    }


DAY = 'schema:startDate "2013-04-10"'
SAME_OR_LESS = {
    "the same title": ('dcterms:title "A"', 'dcterms:title "A"', "explicit"),
    "a less sure title": ('dcterms:title "A"', 'dcterms:title "B"', "inferred"),
    "the same day, printed otherwise": (
        f'{DAY} ; rn:dateAsPrinted "10/4"',
        f'{DAY} ; rn:dateAsPrinted "10 avril"',
        "explicit",
    ),
    "hours alone": (f'{DAY} ; rn:startTime "14:00:00"', 'rn:startTime "15:00:00"', "explicit"),
    "the end of what begins the same day": (
        DAY,
        f'{DAY} ; schema:endDate "2013-04-11"',
        "explicit",
    ),
    "the same day in EDTF": (DAY, 'rn:edtfDate "2013-04-10"', "explicit"),
    "a number": ("rn:number 1", "rn:number 2", "explicit"),
    "a place beside the one announced": (
        "schema:location <place/a>",
        "schema:location <place/a>, <place/b>",
        "explicit",
    ),
}


OTHER_DATES = {
    "a day": (DAY, 'schema:startDate "2013-05-01"'),
    "an hour of the same day": (
        f'{DAY} ; rn:startTime "14:00:00"',
        f'{DAY} ; rn:startTime "15:00:00"',
    ),
    "a day instead of a month": ('rn:edtfDate "2013-04"', DAY),
    "a day instead of what is only printed": ('rn:dateAsPrinted "au printemps"', DAY),
    "another end": (f'{DAY} ; schema:endDate "2013-04-11"', f'{DAY} ; schema:endDate "2013-04-12"'),
}


def test_a_date_gives_way_to_another_one_and_nothing_to_what_is_the_same_or_less() -> None:
    for name, (first, second) in OTHER_DATES.items():
        left = gone(ONE, TWO, said("1-a", f"{PAST} ; {first}"), said("2-b", second))
        assert {graph for _, _, graph in left} == {"1-a-superseded-by-2-b"}, name
    for name, (first, second, sure) in SAME_OR_LESS.items():
        announced = said("1-a", f"{PAST} ; {first}")
        assert gone(ONE, TWO, announced, said("2-b", second, sure)) == set(), name


NOT_LATER = {
    "an earlier one": (TWO, document("1", "2013-06")),
    "one of the same month": (document("1", "2013-05"), TWO),
    "one of the same month and another series": (document("1", "2013-05", "1", "t"), TWO),
    "one of that year": (document("1", "2013"), TWO),
    "one without a date": (ONE, ""),
}


def test_only_what_a_document_announces_gives_way_to_a_later_one() -> None:
    announced, other = said("1-a", f'{PAST} ; dcterms:title "A"'), said("2-b", 'dcterms:title "B"')
    for name, documents in NOT_LATER.items():
        assert gone(*documents, announced, other) == set(), name
    numbered = document("1", "2013-05", "9"), document("2", "2013-05", "n° 10")
    later = {("dcterms:title", "A", "1-a-superseded-by-2-b")}
    assert gone(*numbered, announced, other) == later, "numbers of one series"
    held = said("1-a", 'rn:status <status/tenue> ; dcterms:title "A"')
    by_speaker = said("1-a", f'{PAST} ; dcterms:title "A"', by="<person/p>")
    assert gone(ONE, TWO, held, other) == gone(ONE, TWO, by_speaker, other) == set()
    assert gone(ONE, TWO, announced, said("2-b", 'dcterms:title "B"', by="<person/p>")) == set()


CONTACT = """<graph/c> {{ <assertion-set/{0}-{1}> a rn:AssertionSet ; rn:certainty rn:{2} ;
    rn:voice <document/{0}> }} <assertion-set/{0}-{1}> {{ <participation/{0}-{1}>
    rn:inEvent <stage/e> ;
    rn:participant <person/{1}> ; rn:role <role/contact> . }}"""


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("a", "b", {"a"}),
        ("a b", "b c", {"a"}),
        ("a", "a", set()),
        ("a", "", set()),
        ("a", "tentative b", set()),
    ],
)
def test_contacts_give_way_to_those_whom_a_later_document_names(
    first: str, second: str, left: set[str]
) -> None:
    *sure, people = second.split("tentative ")
    named = [CONTACT.format(1, it, "explicit") for it in first.split()]
    named += [CONTACT.format(2, it, "tentative" if sure else "explicit") for it in people.split()]
    found = gone(ONE, TWO, said("1-s", PAST), *named)
    links = {("rn:inEvent", f"1-{it}-superseded-by-2-b") for it in left}
    assert {(prop, graph) for prop, _, graph in found} == links
    held = said("1-s", "rn:status <status/tenue>")
    assert gone(ONE, TWO, held, *named) == set()


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ("rn:status <status/annulee>", {"rn:status", "rn:toBeFixed"}),
        (
            "rn:status <status/annulee> ; rn:toBeFixed schema:startDate, schema:location",
            {"rn:status"},
        ),
        (
            'rn:status <status/tenue> ; schema:startDate "2013-07-01"',
            {"rn:status", "rn:toBeFixed", "schema:startDate"},
        ),
    ],
)
def test_what_was_to_be_fixed_is_no_longer_where_it_is_cancelled_or_known(
    later: str, left: set[str]
) -> None:
    for to_come in ("annoncee", "reportee"):
        first = f"rn:status <status/{to_come}> ; {DAY} ; rn:toBeFixed schema:startDate"
        found = gone(ONE, TWO, said("1-a", first), said("2-a", later))
        assert {prop for prop, _, _ in found} == left, to_come


def test_what_was_put_off_gives_way_to_what_came_about() -> None:
    days = [f'{PAST} ; schema:startDate "2013-0{n}-01"' for n in (4, 6)]
    held = 'rn:status <status/tenue> ; schema:startDate "2013-07-01"'
    left = gone(ONE, TWO, THREE, *(said(f"{n}-a", d) for n, d in enumerate((*days, held), 1)))
    assert {graph for _, _, graph in left} == {"1-a-superseded-by-3-a", "2-a-superseded-by-3-a"}


def test_what_came_about_after_all_agrees_with_the_first_announcement() -> None:
    first, second = (
        f'{PAST} ; schema:startDate "2013-04-01"',
        f'{PAST} ; schema:startDate "2013-06-01"',
    )
    held = 'rn:status <status/tenue> ; schema:startDate "2013-04-01"'
    left = gone(ONE, TWO, THREE, said("1-a", first), said("2-a", second), said("3-a", held))
    assert {(prop, graph) for prop, _, graph in left if prop != "rn:status"} == {
        ("schema:startDate", "2-a-superseded-by-3-a")
    }


READINGS = """<graph/c> {
    <question/q> a rn:OpenQuestion ; rn:reading <reading/1>, <reading/2> .
    <reading/1> rn:takenIn <assertion-set/1-a> .
    <reading/2> rn:alternativeIn <assertion-set/1-b> .
}"""


def test_a_reading_that_is_not_taken_is_an_alternative() -> None:
    facts = said("1-a", "rn:number 1"), said("1-b", "rn:number 2 ; rn:role <role/r>", "tentative")
    assert gone(ONE, READINGS, *facts) == {
        ("rn:number", "2", "1-b-alternative"),
        ("rn:role", "role/r", "1-b-alternative"),
    }
    taken, *rest = facts
    assert gone(ONE, READINGS.replace("1-a", "1-b"), taken, *rest) == set(), "taken by another"


def test_an_alternative_takes_nobody_s_place() -> None:
    facts = said("1-a", f'{PAST} ; dcterms:title "A"'), said("2-b", 'dcterms:title "B"')
    alternative = READINGS.replace("1-b", "2-b")
    assert gone(ONE, TWO, alternative, *facts) == {("dcterms:title", "B", "2-b-alternative")}


def decision(name: str, text: str) -> str:
    return f"<graph/d> {{ <decision/{name}> a rn:StandingDecision ; {text} . }}"


def about(name: str, of: str, standing: str, *, by: str = "", more: str = "") -> str:
    favour = f"; rn:inFavourOf <assertion-set/{by}>" if by else ""
    return decision(
        name, f"rn:ofSet <assertion-set/{of}> ; rn:standing rn:{standing} {favour}{more}"
    )


FACTS = (
    said("1-a", 'rn:status <status/tenue> ; dcterms:title "A" ; rn:number 1'),
    said("2-b", 'dcterms:title "B" ; rn:number 2'),
)


def test_curators_decide_what_gives_way() -> None:
    more = "; rn:onSubject <stage/e> ; rn:onProperty dcterms:title"
    for standing in ("superseded", "retracted"):
        all_of_it = gone(ONE, TWO, *FACTS, about("d", "1-a", standing, by="2-b"))
        assert {prop for prop, _, _ in all_of_it} == {"rn:status", "dcterms:title", "rn:number"}
        assert gone(ONE, TWO, *FACTS, about("d", "1-a", standing, by="2-b", more=more)) == {
            ("dcterms:title", "A", f"1-a-{standing}-by-2-b")
        }


def test_a_decision_prevails() -> None:
    announced = said("1-a", f'{PAST} ; dcterms:title "A"')
    title = "; rn:onProperty dcterms:title"
    kept = about("d", "1-a", "current", more=title)
    assert gone(ONE, TWO, announced, FACTS[1], kept) == set()
    other = about("d", "2-b", "alternative", more=title)
    assert gone(ONE, TWO, announced, FACTS[1], other) == {("dcterms:title", "B", "2-b-alternative")}
    readings = READINGS.replace("1-b", "2-b")
    stays = about("d", "2-b", "current", more="; rn:onProperty rn:number")
    assert gone(ONE, TWO, *FACTS, readings, stays) == {("dcterms:title", "B", "2-b-alternative")}


BAD = {
    "no such set": (
        about("d", "9-z", "alternative"),
        "no assertion set assertion-set/9-z states anything",
    ),
    "no such property": (
        about("d", "1-a", "alternative", more="; rn:onProperty schema:location"),
        "assertion-set/1-a states no schema:location",
    ),
    "not of that thing": (
        about("d", "1-a", "alternative", more="; rn:onSubject <stage/z>"),
        "assertion-set/1-a states nothing of stage/z",
    ),
    "nothing takes its place": (about("d", "1-a", "superseded"), "rn:inFavourOf is missing"),
    "nothing there takes its place": (
        about("d", "1-a", "superseded", by="9-z"),
        "no assertion set",
    ),
    "no standing": (decision("d", "rn:ofSet <assertion-set/1-a>"), "rn:standing is missing"),
    "no standing that there is": (about("d", "1-a", "explicit"), "rn:explicit is not a standing"),
    "no set": (decision("d", "rn:standing rn:current"), "rn:ofSet is missing"),
    "two sets": (
        decision("d", "rn:ofSet <assertion-set/1-a>, <assertion-set/2-b> ; rn:standing rn:current"),
        "rn:ofSet has 2 values",
    ),
    "two decisions": (
        about("d", "1-a", "alternative") + about("e", "1-a", "superseded", by="2-b"),
        "it contradicts decision/d",
    ),
    "taken back before it was said": (about("d", "2-b", "retracted", by="1-a"), "is not later"),
    "superseded by what is older": (about("d", "2-b", "superseded", by="1-a"), "is older than"),
    "in favour of itself": (about("d", "1-a", "superseded", by="1-a"), "go in a circle"),
}


def assert_french(error: SourceError) -> None:
    told, reason = in_french(error.reason), error.reason.partition(": ")[2]
    assert "ne peut pas être appliquée : " in told and reason not in told


def test_what_cannot_be_decided_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    for bad, words in BAD.values():
        text = HEAD + "\n".join((ONE, TWO, *FACTS, bad))
        file.write_text(text, "utf-8")
        with pytest.raises(SourceError) as raised:
            settled([*parse(text, format=RdfFormat.TRIG)], [file])
        assert words in raised.value.reason
        assert_french(raised.value)
        assert raised.value.path == str(file)
        line = text.splitlines()[(raised.value.line or 0) - 1]
        assert "a rn:StandingDecision" in line
    other = document("2", "2013-05", "2", "t")
    with pytest.raises(SourceError, match="only its own source takes a statement back"):
        settled(quads(ONE, other, *FACTS, about("d", "1-a", "retracted", by="2-b")))


def test_decisions_that_go_in_a_circle_are_found_however_long_it_is() -> None:
    facts = [document(n, "2013-05") for n in "123"] + [
        said(f"{n}-a", f'dcterms:title "{n}"') for n in "123"
    ]
    circle = [
        about(f"d{n}", f"{n}-a", "superseded", by=f"{other}-a") for n, other in ("12", "23", "31")
    ]
    with pytest.raises(
        SourceError, match=r"1-a by .*2-a by .*3-a|2-a by .*3-a by .*1-a|3-a by .*1-a"
    ):
        settled(quads(*facts, *circle))
    line = [*circle[:2]]
    assert {graph for _, _, graph in gone(*facts, *line)} == {
        "1-a-superseded-by-2-a",
        "2-a-superseded-by-3-a",
    }


def test_a_statement_is_current_from_document_to_document() -> None:
    """What gave way to the second one is what came about by the third."""
    told = (PAST + ' ; dcterms:title "A"', PAST + ' ; dcterms:title "B"', 'dcterms:title "A"')
    made = [said(f"{number}-a", facts) for number, facts in enumerate(told, 1)]
    readings = said("2-r", "rn:number 4") + "<graph/c> { <reading/r> rn:alternativeIn "
    readings += "<assertion-set/2-r> }"
    store = EmbeddedStore.of_quads(settled(quads(ONE, TWO, THREE, *made, readings))).pages()
    title, number = NamedNode(f"{PREFIXES['dcterms']}title"), NamedNode(f"{RN}number")
    facts = [Triple(NamedNode(f"{ID}stage/e"), title, Literal(it)) for it in "AB"]
    facts.append(Triple(NamedNode(f"{ID}stage/e"), number, Literal(4)))
    timeline = Timeline(store, facts)
    one, two, three = (f"{ID}document/{number}" for number in "123")
    assert [timeline.periods(timeline.current_at(fact)) for fact in facts] == [
        (Period("2013-03", one, "2013-05", two), Period("2013-09", three)),
        (Period("2013-05", two, "2013-09", three),),
        (),
    ]


def test_of_two_documents_of_one_month_the_one_that_says_it_is_named() -> None:
    said_once = said("2-a", 'dcterms:title "B"'), said("1-a", 'dcterms:title "A"')
    documents = document("1", "2013-05"), document("2", "2013-05")
    store = EmbeddedStore.of_quads(quads(*documents, *said_once)).pages()
    title = NamedNode(f"{PREFIXES['dcterms']}title")
    facts = [Triple(NamedNode(f"{ID}stage/e"), title, Literal(it)) for it in "AB"]
    timeline = Timeline(store, facts)
    assert [timeline.periods(timeline.current_at(fact)) for fact in facts] == [
        (Period("2013-05", f"{ID}document/{number}"),) for number in "12"
    ]


def test_each_graph_is_described_with_why() -> None:
    found = [*settled(quads(ONE, TWO, *FACTS, about("d", "1-a", "superseded", by="2-b")))]
    graph = NamedNode(f"{ID}standing/1-a-superseded-by-2-b")
    described = {
        in_prefixes(q.predicate.value): in_prefixes(short(q.object))
        for q in found
        if q.subject == graph
    }
    assert {q.graph_name for q in found if q.subject == graph} == {NamedNode(f"{ID}graph/standing")}
    del described["rdfs:label"]
    assert described == {
        "rdf:type": "rn:StandingGraph",
        "rn:standing": "rn:superseded",
        "rn:standingOf": "assertion-set/1-a",
        "rn:replacedBy": "assertion-set/2-b",
        "rn:decidedBy": "decision/d",
    }
    labels = {
        q.object.language for q in found if q.subject == graph and "label" in str(q.predicate)
    }  # type: ignore[union-attr]
    assert labels == {"fr", "en"}


def test_the_order_of_the_data_changes_nothing_and_what_is_settled_stays_so() -> None:
    held = quads(
        *(ONE, TWO, READINGS.replace("1-b", "2-c"), *FACTS),
        said("1-z", f'{PAST} ; dcterms:title "Z"', of="<stage/f>"),
        *(said(f"2-{n}", f'dcterms:title "{n}"', of="<stage/f>") for n in "cxy"),
        about("d", "1-a", "retracted", by="2-b"),
    )
    current = quads(ONE, *FACTS)
    assert settled(current) is current, "where all is current, they are passed on as they are"
    one = {*settled(held)}
    assert one != {*held}
    assert {*settled(held[::-1])} == one
    assert {*settled([*one])} == one
