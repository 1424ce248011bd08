"""Figures of one document beside what that document says, whatever another one says."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from expected import expected, seen_through
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES
from rallynov_graph.base.resources import data_dir
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.standing.settling import settled

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
SECOND = f"""{HEAD}
<graph/invented> {{
    <graph/invented> a rn:CurationGraph ; rdfs:label "Un autre carnet" .
    <assertion-set/invented> a rn:AssertionSet ; rdfs:label "un autre carnet" ;
        rn:certainty rn:explicit ; rn:passage <passage/invented> ; rn:voice <document/invented> .
    <passage/invented> a rn:Passage ; oa:hasSource <extraction/invented> .
    <extraction/invented> dcterms:isFormatOf <document/invented> .
}}
<assertion-set/invented> {{
    <document/invented> a schema:PublicationIssue .
    <figure/invented> a rn:ReportedFigure ; rn:figureOf <rally/rallynov> ;
        rn:measure <measure/innovations-presentees> ; rdf:value 20 ; rdfs:label "chiffre" .
    <stage/invented> a rn:Stage ; rn:status <status/tenue> .
    <innovation/invented-1> rn:presentedAt <stage/invented> .
    <innovation/invented-2> rn:presentedAt <stage/invented> .
    <testimony/invented> a rn:Testimony ; rn:participant <person/invented> .
}}
"""
CATALOGUE = load()
QUESTION = CATALOGUE["reported_and_counted"]


def beside(release: Release, more: str) -> EmbeddedStore:
    """The shipped data with what another document says, and perhaps a curator of both."""
    terms = sources.quads([release.ontology])
    ontology = (Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY)) for q in terms)
    second = parse(more, format=RdfFormat.TRIG)
    return EmbeddedStore.of_quads([*sources.quads([release.data]), *ontology, *second]).pages()


def test_what_another_document_says_is_not_counted_beside_a_figure(release: Release) -> None:
    answer = beside(release, SECOND).select(QUESTION.bind())
    columns, rows = expected("reported_and_counted")
    figures = seen_through(answer, ["figure", "reported", "counted", "as_of"])
    assert figures["figure/invented", "20", "2", ""] == 1
    everything = seen_through(answer, columns)
    assert rows <= everything and everything.total() == rows.total() + 1


def test_a_figure_as_of_a_date_is_compared_with_all_that_was_said_by_then(release: Release) -> None:
    cumulated = SECOND.replace(
        "rdf:value 20 ;", 'rdf:value 20 ; rn:asOf "2013-11"^^xsd:gYearMonth ;'
    )
    dated = '<document/invented> dcterms:issued "2013-11"^^xsd:gYearMonth'
    cumulated = cumulated.replace(
        "<document/invented> a schema", f"{dated} . <document/invented> a schema"
    )
    answer = beside(release, cumulated).select(QUESTION.bind())
    figures = seen_through(answer, ["figure", "reported", "counted", "as_of"])
    assert figures["figure/invented", "20", "15", "2013-11"] == 1
    assert figures["figure/carnet-2-innovations", "12", "13", "2013-06"] == 1


NAMESAKE = f"""{HEAD}
<graph/invented> {{
    <graph/invented> a rn:CurationGraph ; rdfs:label "Un autre carnet" .
    <assertion-set/invented> a rn:AssertionSet ; rdfs:label "un autre carnet" ;
        rn:certainty rn:explicit ; rn:voice <document/invented> .
}}
<assertion-set/invented> {{
    <person/bruno-herry-2> a foaf:Person ; rn:nameAsPrinted "Bruno Herry" .
}}
"""
LEFT_OPEN = """
<graph/identity-invented> {
    <graph/identity-invented> a rn:CurationGraph ; rdfs:label "Deux porteurs d’un nom" .
    <decision/invented> a rn:IdentityDecision ; rdfs:label "Bruno Herry" ; rn:identity rn:open ;
        rn:kept <person/bruno-herry> ; rn:other <person/bruno-herry-2> ;
        rn:evidence <assertion-set/invented> .
}
"""


def test_two_of_one_name_are_told_whether_somebody_left_it_open_or_nobody_looked(
    release: Release,
) -> None:
    columns = ["printed", "one", "other", "conclusion", "how"]
    pair = ("Bruno Herry", "person/bruno-herry", "person/bruno-herry-2")
    namesakes, decisions = CATALOGUE["namesakes"].bind(), CATALOGUE["identity_decisions"].bind()
    unseen = beside(release, NAMESAKE)
    assert seen_through(unseen.select(namesakes), columns) == {(*pair, "", "rn:explicit"): 1}
    assert len(unseen.select(decisions)) == 0
    left = beside(release, NAMESAKE + LEFT_OPEN)
    assert seen_through(left.select(namesakes), columns) == {(*pair, "rn:open", "rn:explicit"): 1}
    assert seen_through(left.select(decisions), ["conclusion", "other"]) == {
        ("rn:open", pair[2]): 1
    }


def of_document(name: str, issued: str, status: str, day: str) -> str:
    """Return TriG of a document that gives a stage a status and a day."""
    stated = f'<stage/when> rn:status <status/{status}> ; schema:startDate "{day}"^^xsd:date .'
    return document(name, issued, f"<stage/when> a rn:Stage . {stated}")


def document(name: str, issued: str, stated: str) -> str:
    """Return TriG of a document of one series that states something."""
    return f"""
<graph/{name}> {{
    <graph/{name}> a rn:CurationGraph ; rdfs:label "{name}" .
    <document/{name}> rdfs:label "{name}" . <stage/when> rdfs:label "étape" .
    <assertion-set/{name}> a rn:AssertionSet ; rdfs:label "{name}" ;
        rn:certainty rn:explicit ; rn:passage <passage/{name}> ; rn:voice <document/{name}> .
    <passage/{name}> a rn:Passage ; oa:hasSource <extraction/{name}> .
    <extraction/{name}> dcterms:isFormatOf <document/{name}> .
}}
<assertion-set/{name}> {{
    <document/{name}> a schema:PublicationIssue ; dcterms:issued "{issued}"^^xsd:gYearMonth ;
        dcterms:isPartOf <series/s> .
    {stated}
}}
"""


def test_two_current_values_of_a_property_that_has_one_contradict_each_other(
    release: Release,
) -> None:
    """A release that was not checked may have them."""
    first = of_document("un", "2014-01", "tenue", "2014-01-05")
    second = of_document("deux", "2014-02", "tenue", "2014-01-06")
    columns = ["thing", "property", "value", "document", "standing", "other_value"]
    found = seen_through(
        beside(release, HEAD + first + second).select(
            CATALOGUE["contradictions_between_documents"].bind()
        ),
        columns,
    )
    day = ("stage/when", "schema:startDate", "2014-01-05", "document/un", "rn:current")
    assert [*found.elements()] == [(*day, "2014-01-06")]


FIGURE = """<figure/{0}> a rn:ReportedFigure ; rdfs:label '{0}' ; rdf:value {1} ;
    rn:measure <measure/velos> ; rn:figureOf {2} ."""
HALL = "<place/hall> a schema:Place ; schema:containedInPlace <place/town> ."
RETRACTED = """<graph/decided> {{ <graph/decided> a rn:CurationGraph ; rdfs:label "d" .
    <decision/d> a rn:StandingDecision ; rdfs:label "d" ; rn:ofSet <assertion-set/un> ;
        rn:standing rn:{0} ; rn:onProperty {1} ; rn:onSubject {2} ; rn:reason "r"@fr{3} . }}"""
IN_FAVOUR = " ; rn:inFavourOf <assertion-set/deux>"
PLACE, DAY = "schema:location", "schema:startDate"
ONE, TWO_FIGURES = FIGURE.format("un", 2, "<stage/when>"), FIGURE.format("deux", 3, "<stage/when>")


@pytest.mark.parametrize(
    ("first", "second", "decided", "wanted"),
    [
        (
            f"<stage/when> {PLACE} <place/a> .",
            f"<stage/when> {PLACE} <place/b> .",
            "",
            {("stage/when", "place/a", "contradiction", "place/b")},
        ),
        (
            f"<stage/when> {PLACE} <place/town> .",
            f"<stage/when> {PLACE} <place/hall> . {HALL}",
            "",
            set(),
        ),
        (
            f'<stage/when> {DAY} "2014-01"^^xsd:gYearMonth .',
            f'<stage/when> {DAY} "2014-01-05"^^xsd:date .',
            "",
            set(),
        ),
        (
            "<stage/when> rn:status <status/reportee> .",
            "<stage/when> rn:status <status/tenue> .",
            "",
            set(),
        ),
        (ONE, TWO_FIGURES, "", {("stage/when", "2", "contradiction", "3")}),
        (
            FIGURE.format("un", 2, "<rally/rallynov>"),
            FIGURE.format("deux", 3, "<rally/rallynov>"),
            "",
            set(),
        ),
        (
            ONE,
            TWO_FIGURES,
            RETRACTED.format("retracted", "rdf:value", "<figure/un>", IN_FAVOUR),
            {("figure/un", "2", "erratum", "3")},
        ),
        (
            "<post/p> org:heldBy <person/a> .",
            "<post/p> org:heldBy <person/b> .",
            RETRACTED.format("superseded", "org:heldBy", "<post/p>", IN_FAVOUR),
            set(),
        ),
        (
            "<post/p> org:heldBy <person/a> .",
            "<post/p> rn:role <role/r> .",
            RETRACTED.format("retracted", "org:heldBy", "<post/p>", IN_FAVOUR),
            {("post/p", "person/a", "erratum", "")},
        ),
        (
            f"<stage/when> {PLACE} <place/a>, <place/c> .",
            f"<stage/when> {PLACE} <place/b> .",
            RETRACTED.format("alternative", PLACE, "<stage/when>", ""),
            {
                ("stage/when", "place/a", "contradiction tranchée", "place/b"),
                ("stage/when", "place/c", "contradiction tranchée", "place/b"),
            },
        ),
    ],
)
def test_only_what_cannot_both_be_true_is_a_contradiction(
    first: str, second: str, decided: str, wanted: set[tuple[str, ...]], release: Release
) -> None:
    labels = ("stage/when", "post/p", "measure/velos")
    names = "".join(f"<graph/names> {{ <{it}> rdfs:label '{it}' }}" for it in labels)
    status = "" if "status" in first else "<stage/when> rn:status <status/tenue> . "
    said = "".join(
        document(
            name,
            issued,
            f"<stage/when> a rn:Stage . {status}{stated}",
        )
        for name, issued, stated in (("un", "2014-01", first), ("deux", "2014-02", second))
    )
    quads = parse(HEAD + said + names + decided, format=RdfFormat.TRIG)
    terms = sources.quads([release.ontology])
    ontology = (Quad(*q.triple, NamedNode(ONTOLOGY)) for q in terms)
    store = EmbeddedStore.of_quads([*settled([*quads]), *ontology]).pages()
    answer = store.select(CATALOGUE["contradictions_between_documents"].bind())
    assert {*seen_through(answer, ["thing", "value", "kind", "other_value"])} == wanted


def test_what_is_held_as_it_was_announced_is_told_with_the_document_that_says_so(
    release: Release,
) -> None:
    first = of_document("un", "2014-01", "annoncee", "2014-01-25")
    second = of_document("deux", "2014-02", "tenue", "2014-01-25")
    columns = ["announced_in", "announced_date", "status", "later_document", "date"]
    found = seen_through(
        beside(release, HEAD + first + second).select(CATALOGUE["announced_and_then"].bind()),
        ["event", *columns],
    )
    held = ("document/un", "2014-01-25", "status/tenue", "document/deux", "2014-01-25")
    assert {row[1:] for row in found if row[0] == "stage/when"} == {held}


VENUES = f"""{HEAD}
<graph/invented> {{
    <graph/invented> a rn:CurationGraph ; rdfs:label "Un autre carnet" .
    <assertion-set/invented> a rn:AssertionSet ; rdfs:label "un autre carnet" ;
        rn:certainty rn:explicit ; rn:voice <document/invented> .
    <assertion-set/read> a rn:AssertionSet ; rdfs:label "lu" ;
        rn:certainty rn:inferred ; rn:voice <document/invented> .
    <place/room> rdfs:label "Petite salle" . <place/house> rdfs:label "Maison" .
    <stage/room> rdfs:label "Dans la petite salle" . <stage/off> rdfs:label "Annulée" .
}}
<assertion-set/invented> {{
    <organisation/legeni> schema:location <place/vesoul> .
    <stage/room> a rn:Stage ; rn:status <status/tenue> ; schema:location <place/room> ;
        dcterms:subject <theme/gouvernance> .
    <stage/off> a rn:Stage ; rn:status <status/annulee> ; schema:location <place/house> ;
        rn:startTime "08:00:00"^^xsd:time ; rn:endTime "20:00:00"^^xsd:time ;
        dcterms:subject <theme/gouvernance> .
    <place/room> a schema:Place ; schema:containedInPlace <place/floor> .
    <place/floor> a schema:Place ; schema:containedInPlace <place/house> .
    <place/house> a schema:Place .
}}
<assertion-set/read> {{ <place/house> schema:containedInPlace <place/vesoul> . }}
"""


def test_a_room_is_in_the_departement_of_its_town_and_a_cancelled_stage_visits_none(
    tmp_path: Path,
) -> None:
    shutil.copytree(data_dir(), tmp_path / "data")
    (tmp_path / "data" / "venues.trig").write_text(VENUES, "utf-8")
    release = building.build(tmp_path / "releases", data=tmp_path / "data", checked=False)
    store = EmbeddedStore.of_release(release)
    room = "place/haute-saone", "stage/room", "rn:inferred"
    for name, places in (
        ("departements_visited", ((),)),
        ("places_visited", (("place/room",), ("place/vesoul",))),
        ("themes_by_departement", (("theme/gouvernance",),)),
    ):
        columns, rows = expected(name)
        shown = [it for it in ("place", "theme", "departement", "event", "how") if it in columns]
        found = seen_through(store.select(CATALOGUE.question(name).bind()), shown)
        before = Counter(tuple(row[columns.index(it)] for it in shown) for row in rows.elements())
        assert found - before == {(*place, *room): 1 for place in places}
        assert before - found == {}
    lengths = seen_through(store.select(CATALOGUE["events_by_length"].bind()), ["event"])
    assert lengths and ("stage/off",) not in lengths, "what is cancelled does not last"


ELSEWHERE = """
<graph/elsewhere> {
    <person/other> rdfs:label "Une autre" .
    <assertion-set/elsewhere> a rn:AssertionSet ; rdfs:label "ailleurs" ;
        rn:certainty rn:explicit ; rn:passage <passage/deux> ; rn:voice <document/deux> .
}
<assertion-set/elsewhere> {
    <innovation/teletravail> rn:presentedAt <stage/when> ; rn:presentedBy <person/other> .
    <stage/vesoul> rn:dateAsPrinted "ce printemps" .
    <participation/other> rn:participant <person/other> ; rn:inOffice <post/prefecture-de-region> .
    <post/prefecture-de-region> rn:nameAsPrinted "Préfète" .
}
"""


def test_no_row_joins_what_two_documents_say_of_presenters_dates_and_offices(
    release: Release,
) -> None:
    second = of_document("deux", "2014-02", "tenue", "2014-01-06")
    store = beside(release, HEAD + second + ELSEWHERE)
    rows = seen_through(
        store.select(CATALOGUE["innovations"].bind()), ["innovation", "stage", "presenter"]
    )
    assert {row[1:] for row in rows if row[0] == "innovation/teletravail"} == {
        ("stage/mfq-franche-comte", "person/gerard-pointelin"),
        ("stage/when", "person/other"),
    }
    dates = seen_through(
        store.select(CATALOGUE["dates_as_printed"].bind()), ["thing", "printed", "start"]
    )
    assert {row[1:] for row in dates if row[0] == "stage/vesoul"} == {
        ("11/06/13", "2013-06-11"),
        ("ce printemps", ""),
    }
    offices = seen_through(
        store.select(CATALOGUE["who_was_what_when"].bind()), ["office", "who", "printed"]
    )
    assert {row[1:] for row in offices if row[0] == "post/prefecture-de-region"} == {
        ("person/stephane-fratacci", "Préfet de région"),
        ("person/other", "Préfète"),
    }


def test_a_row_that_joins_what_several_documents_say_says_so(tmp_path: Path) -> None:
    """A row that no document has alone; counts and comparisons have such rows by their nature."""
    data = shutil.copytree(data_dir(), tmp_path / "data")
    held = of_document("deux", "2014-02", "tenue", "2014-01-06")
    held += """<assertion-set/deux> {
        <stage/vesoul> a rn:Stage ; rn:status <status/tenue> ; dcterms:title "Autrement"@fr ;
            rn:carriedBy <organisation/cress> .
    }"""
    (data / "deux.trig").write_text(HEAD + held, "utf-8")

    def asked(only: str | None) -> dict[str, set[tuple[object, ...]]]:
        made = building.build(tmp_path / "releases", data=data, checked=False, only=only)
        store = EmbeddedStore.of_release(made)
        return {name: {*store.select(it.bind()).rows} for name, it in CATALOGUE.items()}

    whole = asked(None)
    alone = [asked(only) for only in ("carnet-2", "deux")]
    joining = {name for name, rows in whole.items() if rows.difference(*(it[name] for it in alone))}
    heads = {name: CATALOGUE[name].text.partition("WHERE")[0] for name in joining}
    telling = ("ocument", "_voice", "(COUNT(")
    assert {"stages", "themes_of_organisation", "stage_titles_and_themes"} <= joining
    assert [it for it, head in heads.items() if not any(word in head for word in telling)] == []


HERRY, OFFICE = "person/bruno-herry", "post/tresorerie-generale-de-la-mutualite"
MUTUALITE = "organisation/mutualite-francaise-franche-comte"


@pytest.mark.parametrize(
    ("issued", "name", "organisation", "is_past"),
    [
        ("2013-09", "président délégué", MUTUALITE, True),
        ("2013-09", "Trésorier général", MUTUALITE, False),
        ("2013-09", "président délégué", "organisation/indibat", False),
        ("2013-06", "président délégué", MUTUALITE, False),
        ("2013", "président délégué", MUTUALITE, False),
    ],
)
def test_an_office_that_a_later_document_follows_by_another_is_dated(
    issued: str, name: str, organisation: str, is_past: bool, release: Release
) -> None:
    """Another office in the same organisation: nobody says that the first one ended."""
    held = f'<post/new> a org:Post ; rn:nameAsPrinted "{name}" ; org:heldBy <{HERRY}> '
    said = document("deux", issued, f"{held} ; org:postIn <{organisation}> .")
    store = beside(release, f'{HEAD}{said} <graph/deux> {{ <post/new> rdfs:label "{name}" }}')
    columns = ["who", "office", "last_said", "followed_by"]
    found = seen_through(store.select(CATALOGUE["who_was_what_when"].bind()), columns)
    past = {(HERRY, OFFICE, "2013-06", "post/new")} if is_past else set()
    assert {row for row in found if row[2]} == past
    page = create_app(store, release).test_client().get(f"/page/{HERRY}").get_data(as_text=True)
    assert ("trésorier général de la Mutualité en juin 2013" in page) is is_past
