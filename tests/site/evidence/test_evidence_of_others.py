"""The evidence of graphs that others made, by the profile of each: from a list to a citation."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ViewportSize, expect
from pyoxigraph import NamedNode, RdfFormat, parse

from browsing import HEIGHT, WIDE, visiting
from made_up_carnet import serving_site
from others_evidence import ANNOTATED, EX, PREFIXES, RANKS, RIVALS, WRITTEN
from places import ROOT, suite
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID
from rallynov_graph.exports.dumps import by_name
from rallynov_graph.questions import evidence_profile
from rallynov_graph.questions.evidence_profile import ProfileError
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.answer_evidence import evidence_of_facts
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import judged, statements_about
from rallynov_graph.site.web import reader
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read
from servers import serving

FACTS = """
SELECT DISTINCT ?s ?p ?o WHERE {
  GRAPH ?head { ?nanopublication <http://www.nanopub.org/nschema#hasAssertion> ?assertion }
  GRAPH ?assertion { ?s ?p ?o }
  FILTER (isIRI(?s) && !isBlank(?o))
}
ORDER BY ?s ?p ?o LIMIT 60
"""


def client_of(quads: object, profile: str = "") -> FlaskClient:
    store = EmbeddedStore.of_quads(quads)  # type: ignore[arg-type]
    given = evidence_profile.named(profile) if profile else None
    return create_app(store.pages(), profile=given).test_client()


def site_of(client: FlaskClient) -> Site:
    found: Site = client.application.extensions["site"]
    return found


def view(client: FlaskClient) -> GraphView:
    with client.application.test_request_context("/?lang=en"):
        client.application.preprocess_request()
        return reader.view()


def link(text: str, words: str) -> str:
    """Return the first address of a page with these words in it."""
    found = next(it for it in re.findall(r'href="([^"]*)"', text) if words in it)
    return html.unescape(found)


@pytest.mark.parametrize("name", WRITTEN)
def test_from_a_list_to_a_thing_its_evidence_the_note_and_the_citation(name: str) -> None:
    client = client_of(parse(PREFIXES + WRITTEN[name], RdfFormat.TRIG))
    listed = client.get(f"/list?class={EX}Beetle&lang=en").text
    page = client.get(link(listed, "ladybird")).text
    address = next(it for it in re.findall(r'href="(/why[^"]*)"', page) if "eats" in it)
    note = read(client, html.unescape(address))
    assert faults(note, "en") == []
    assert [a.text for a in note.all("a") if a["aria-current"]] == ["Classes"]
    said = note.text
    assert "ladybird — eats: aphid" in said
    assert "Field book of 2013" in said
    assert "Hearsay" not in said
    # A reference of Wikibase names a work, and neither a person nor a day.
    is_signed = name != "wikibase"
    assert ("6 May 2014" in said) == is_signed
    assert ("Museum of Vesoul" in said) == (name == "nanopub")
    cited = client.get(link(client.get(html.unescape(address)).text, "/cite/why.bib")).text
    assert ("author = {{Claire Ecolo}}" in cited) == is_signed
    assert "CC BY" not in cited


@pytest.mark.parametrize("name", WRITTEN)
def test_a_matrix_and_a_timeline_lead_to_the_evidence(name: str) -> None:
    client = client_of(parse(PREFIXES + WRITTEN[name], RdfFormat.TRIG))
    for way, said in (("matrix", "ladybird — eats: aphid"), ("timeline", "30 April 2013")):
        listed = client.get(f"/list?class={EX}Beetle&view={way}&lang=en").text
        note = read(client, link(listed[listed.index("data-listed") :], "/why"))
        assert said in note.text
        assert "Field book of 2013" in note.text


@pytest.mark.parametrize("name", ["nanopub", "rdf12", "rn", "wikibase", "crm", "prov"])
def test_a_shipped_profile_is_sound_and_says_what_each_query_asks(name: str) -> None:
    profile = evidence_profile.load(evidence_profile.shipped(name).folder)
    for query in ("statements", *profile.about_nodes):
        assert {*profile.pages.question(query).summary} == {"fr", "en"}


@pytest.fixture(scope="module")
def ranks() -> FlaskClient:
    return client_of(parse(PREFIXES + RANKS, RdfFormat.TRIG))


@pytest.mark.parametrize(
    ("asked", "beetles"),
    [
        ({}, ["hopper", "ladybird", "weevil"]),
        ({"certainty": "explicit"}, ["hopper", "ladybird", "weevil"]),
        ({"eats": "mite"}, ["hopper", "ladybird", "weevil"]),
        ({"eats": "mite", "certainty": "explicit"}, ["hopper"]),
    ],
)
def test_a_list_is_filtered_by_the_rank_of_statements(
    asked: dict[str, str], beetles: list[str], ranks: FlaskClient
) -> None:
    choices = {"certainty": asked.get("certainty")}
    if prey := asked.get("eats"):
        choices[f"{EX}t1"] = EX + prey
    listed = ranks.get("/list.json", query_string={"class": f"{EX}Beetle", **choices}).json
    assert sorted(row["label"] for row in listed) == beetles
    if prey:
        found = {row["label"]: row[f"{EX}t1"][0]["certainty"] for row in listed}
        assert found == {it: "explicit" if it == "hopper" else "tentative" for it in beetles}


def test_the_matrix_shows_the_surest_evidence_and_hides_what_is_less_sure(
    ranks: FlaskClient,
) -> None:
    asked = {"class": f"{EX}Beetle", "view": "matrix", "sort": "name"}
    cells = {
        certainty: [
            (row["thing_label"], row["value_label"], row["certainty"])
            for row in ranks.get("/list.json", query_string={**asked, "certainty": certainty}).json
        ]
        for certainty in ("explicit", "tentative")
    }
    sure = [("hopper", "mite", "explicit"), ("ladybird", "aphid", "explicit")]
    assert cells["explicit"] == sure
    more = [("ladybird", "mite", "tentative"), ("weevil", "mite", "tentative")]
    assert cells["tentative"] == sorted(sure + more)


LINKED = """
:oak a :Tree ; :near :elm, :pond ; :planted "1890"^^xsd:gYear ; :felled "2013-05"^^xsd:gYearMonth .
:elm a :Tree ; rdfs:label "elm" ; :near :pond ; :planted "before 1900" .
:pond a :Water ; rdfs:label "pond" .
"""


def test_an_address_chooses_what_a_matrix_links_and_what_dates_a_timeline() -> None:
    client = client_of(parse(PREFIXES + LINKED, RdfFormat.TRIG))
    of = {"class": f"{EX}Tree", "view": "matrix", "lang": "en"}
    water = {**of, "link": f"{EX}near {EX}Water"}
    rows = client.get("/list.json", query_string=water).json
    assert {row["value_label"] for row in rows} == {"pond"}
    wrong = read(client, f"/list?class={EX}Tree&view=matrix&lang=en&link={EX}far", status=400)
    assert f"{EX}near {EX}Water" in wrong.text
    of |= {"view": "timeline", "dated_by": f"{EX}planted"}
    days = client.get("/list.json", query_string=of).json
    assert [(row["thing_label"], row["date"]) for row in days] == [
        ("oak", "1890-01-01"),
        ("elm", ""),
    ]
    page = client.get("/list", query_string=of).text
    assert "Without a complete date" in page
    assert "1890" in page


def test_the_certainty_filter_hides_statements_without_a_reference(ranks: FlaskClient) -> None:
    thing = f"/resource?iri={EX}ladybird&lang=en"
    assert "mite uncertain" in read(ranks, thing).text
    sure = read(ranks, f"{thing}&certainty=explicit").text
    assert "aphid explicit" in sure
    assert "mite" not in sure


@pytest.mark.parametrize(("certainty", "is_linked"), [("explicit", False), ("tentative", True)])
def test_things_are_connected_by_links_that_are_sure_enough(
    certainty: str, is_linked: bool, ranks: FlaskClient
) -> None:
    ends = {"from": f"{EX}ladybird", "to": f"{EX}weevil", "certainty": certainty}
    links = ranks.get("/between.csv", query_string=ends).text
    assert (f"{EX}t1,{EX}mite" in links) == is_linked


@pytest.mark.parametrize("name", [*WRITTEN, "ranks"])
def test_no_path_passes_a_node_that_says_statements(name: str) -> None:
    client = client_of(parse(PREFIXES + {**WRITTEN, "ranks": RANKS}[name], RdfFormat.TRIG))
    for certainty in ("", "explicit"):
        ends = {"from": f"{EX}ladybird", "to": f"{EX}aphid", "certainty": certainty}
        assert f"{EX}eats" in client.get("/between.csv", query_string=ends).text or name == "ranks"
        for end, is_linked in (("field-book", False), ("hay", False), ("mite", not certainty)):
            ends["to"] = f"{EX}{end}"
            answer = client.get("/between.csv", query_string=ends)
            is_found = answer.status_code == 200 and end in answer.text
            assert is_found == (is_linked and name == "ranks"), (end, certainty, answer.text)


def test_a_deprecated_statement_is_no_longer_current(ranks: FlaskClient) -> None:
    assert (
        "Statements no longer retained" in read(ranks, f"/resource?iri={EX}ladybird&lang=en").text
    )
    note = read(ranks, f"/why?subject={EX}ladybird&property={EX}t1&object={EX}hay&lang=en").text
    assert "This fact is not, or no longer, retained" in note


def test_a_statement_beside_a_preferred_one_is_another_reading(ranks: FlaskClient) -> None:
    assert "Rejected reading" in read(ranks, f"/resource?iri={EX}hopper&lang=en").text


def test_a_table_is_extended_with_values_that_are_sure_enough(ranks: FlaskClient) -> None:
    sure = {"id": f"{EX}t1", "settings": {"certainty": "explicit"}}
    asked = {"ids": [f"{EX}ladybird", f"{EX}hopper"], "properties": [sure]}
    found = ranks.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]
    prey = {it: [cell["name"] for cell in row[f"{EX}t1"]] for it, row in found.items()}
    assert prey == {f"{EX}ladybird": ["aphid"], f"{EX}hopper": ["mite"]}


def test_the_builder_asks_nothing_of_certainty_which_queries_cannot_know(
    ranks: FlaskClient,
) -> None:
    page = read(ranks, f"/builder?kind={EX}Beetle&lang=en&certainty=explicit").text
    assert "SELECT DISTINCT ?beetle" in page
    assert "rn:certainty" not in page
    assert "are hidden" not in page


def test_the_page_about_the_site_names_the_profile(ranks: FlaskClient) -> None:
    assert "profil : énoncés de Wikibase" in read(ranks, "/about").text


def test_a_property_has_the_name_of_its_entity(ranks: FlaskClient) -> None:
    assert "mange aphid" in read(ranks, f"/resource?iri={EX}ladybird&lang=fr").text


def test_a_reifier_without_an_iri_has_its_note() -> None:
    client = client_of(parse(PREFIXES + ANNOTATED, RdfFormat.TRIG))
    page = client.get(f"/resource?iri={EX}ladybird&lang=en").text
    note = read(client, link(page, "/why")).text
    assert "stated in" in note
    assert "Stated in Field book" in note
    assert "Stated in Letter" in note


def test_json_ld_which_has_no_triple_terms_is_refused() -> None:
    client = client_of(parse(PREFIXES + WRITTEN["rdf12"], RdfFormat.TRIG))
    page = read(client, f"/resource.jsonld?iri={EX}seen", status=406, Accept="text/html")
    links = (a["href"] for a in page.all("a"))
    offered = [it for it in links if "seen" in it and "json" not in it]
    assert [it[10:13] for it in offered] == ["ttl", "nt?", "tri", "nq?"]
    assert {client.get(it).status_code for it in offered} == {200}


def test_a_graph_without_evidence_has_no_notes() -> None:
    client = client_of(parse(f"{PREFIXES} :a :likes :b .", RdfFormat.TRIG))
    assert "/why" not in client.get(f"/resource?iri={EX}a").text
    asked = {"subject": f"{EX}a", "property": f"{EX}likes", "object": f"{EX}b"}
    assert client.get("/why", query_string=asked).status_code == 404


def test_what_the_graph_does_not_say_has_no_note() -> None:
    client = client_of(parse(PREFIXES + WRITTEN["nanopub"], RdfFormat.TRIG))
    asked = {"subject": f"{EX}aphid", "property": f"{EX}eats", "object": f"{EX}ladybird"}
    assert client.get("/why", query_string=asked).status_code == 404


def test_a_row_of_a_query_has_its_evidence() -> None:
    client = client_of(parse(PREFIXES + WRITTEN["nanopub"], RdfFormat.TRIG))
    query = f"SELECT ?prey WHERE {{ <{EX}ladybird> <{EX}eats> ?prey }}"
    store = view(client).store
    (found,) = evidence_of_facts(view(client), query, store.select(query))
    assert [it.partition("?")[0] for it in found] == ["/why"]


def test_each_fact_of_each_published_nanopublication_has_its_note() -> None:
    files = sorted((suite("evidence") / "nanopub").glob("*.trig"))
    store = EmbeddedStore.of_files(files)
    client = create_app(store.pages()).test_client()
    here = view(client)
    facts = store.select(FACTS).rows
    assert len(facts) > len(files)
    for subject, prop, value in facts:
        assert isinstance(subject, NamedNode)
        note = here.note_address(subject.value, getattr(prop, "value", ""), value)  # type: ignore[arg-type]
        assert note is not None
        assert "Stated in" in client.get(note).text, note


def test_a_snapshot_of_opencitations_says_who_states_a_citation() -> None:
    file = suite("evidence") / "prov" / "opencitations.nq"
    client = create_app(EmbeddedStore.of_files([file]).pages()).test_client()
    start = "https://github.com/arcangelo7/time_agnostic/br"
    asked = {"subject": f"{start}/2", "property": "http://purl.org/spar/cito/cites"}
    note = client.get("/why", query_string={**asked, "object": f"{start}/33757", "lang": "en"}).text
    assert f"{start}/2/prov/se/6" in html.unescape(note).replace("%3A", ":").replace("%2F", "/")
    assert "0000-0002-8420-0696" in note


def test_an_annotation_of_the_w3c_is_the_evidence_of_its_triple() -> None:
    file = suite("evidence") / "rdf12" / "turtle12-eval-annotation-12.ttl"
    client = create_app(EmbeddedStore.of_files([file]).pages()).test_client()
    said = statements_about(view(client), ["http://example/s"])["http://example/s"]
    assert [it.graphs for it in said] == [("http://example/i1", "http://example/i2")]


@pytest.mark.parametrize("form", ["nanopub", "rdf12"])
def test_our_own_export_comes_back_with_the_evidence_that_it_had(
    form: str, release: Release, client: FlaskClient
) -> None:
    file = BytesIO()
    by_name(form).write(release, file, None)
    written = RdfFormat.TRIG if form == "nanopub" else RdfFormat.N_TRIPLES
    other = client_of(parse(file.getvalue(), written))
    assert site_of(other).graph.queries.profile.name == form
    ours, theirs = view(client), view(other)
    things = [f"{ID}stage/vesoul", f"{ID}organisation/legeni", f"{ID}person/bruno-herry"]
    before, after = evidence(ours, things), evidence(theirs, things)
    assert before
    assert {it: after[it] for it in before} == before


def evidence(view: GraphView, things: list[str]) -> dict[object, set[object]]:
    """Return what documents say of things, and how surely, where, in whose words and why."""
    stated = (it for them in statements_about(view, things).values() for it in them)
    return {
        it.triple: said
        for it, found in judged(view, stated).items()
        if (
            said := {
                (
                    e.certainty,
                    frozenset(p.iri for p in e.passages),
                    frozenset(v.iri for v in e.said_by),
                    e.reason,
                )
                for e in found
                if e.kind in CERTAINTIES
            }
        )
    }


DOUBTS = {
    "ranks": (
        RANKS,
        "uncertain ladybird t1 mite, uncertain weevil t1 mite, "
        "alternative hopper t1 aphid, retracted ladybird t1 hay",
    ),
    "rivals": (
        RIVALS,
        "contradiction ladybird found 1758, contradiction ladybird found 1761, "
        "several values ladybird eats aphid, several values ladybird eats mite, "
        "several values ladybird length 6, several values ladybird length 8",
    ),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_the_doubts_of_a_graph_are_what_its_profile_tells(name: str, browser: Browser) -> None:
    written, expected = DOUBTS[name]
    client = client_of(parse(PREFIXES + written, RdfFormat.TRIG))
    rows = client.get("/doubts.json").json
    told = [" ".join(row[it] for it in ("doubt", "subject", "property", "value")) for row in rows]
    assert sorted(it.replace(EX, "") for it in told) == sorted(expected.split(", "))
    for lang in ("fr", "en"):
        assert faults(read(client, f"/doubts?lang={lang}"), lang) == []
    with (
        serving_site(client.application) as address,
        visiting(browser, address, viewport=ViewportSize(width=WIDE, height=HEIGHT)) as visit,
    ):
        page = visit.open("/?lang=en")
        page.get_by_role("link", name="Doubts").click()
        assert visit.barriers() == []
        page.get_by_role("main").get_by_role("link", name=re.compile("evidence")).first.click()
        expect(page.get_by_role("dialog")).to_contain_text("ladybird")


LABEL = 'label = { fr = "a", en = "b" }'
GOOD = """#+ param: thing iri
SELECT ?thing ?property ?value ?node WHERE {
  VALUES ?thing { UNDEF }
  GRAPH ?node { ?thing ?property ?value }
}
"""
VOICE = """#+ param: node iri
SELECT ?node ?who WHERE { VALUES ?node { UNDEF } ?node <x:by> ?who }
"""
WRONG = {
    "no label": ({"profile.toml": "rules = true"}, "profile.toml: it needs a label in fr and en."),
    "no text": (
        {"profile.toml": "label = { fr = 1, en = 2 }"},
        "profile.toml, line 1: it needs a label in fr and en.",
    ),
    "unknown key": (
        {"profile.toml": f"{LABEL}\nmarks = []"},
        "profile.toml, line 2: marks is none of its keys label and recognised_by and rules.",
    ),
    "no flag": (
        {"profile.toml": f'{LABEL}\nrules = "yes"'},
        "profile.toml, line 2: rules is neither true nor false.",
    ),
    "no settings": ({"profile.toml": ""}, "it has no profile.toml."),
    "no TOML": ({"profile.toml": "label ="}, "profile.toml: it cannot be read: "),
    "no IRI": (
        {"profile.toml": f'{LABEL}\nrecognised_by = ["a b"]'},
        "profile.toml, line 2: recognised_by is a list of IRIs, not a b.",
    ),
    "no list": (
        {"profile.toml": f"{LABEL}\nrecognised_by = 3"},
        "profile.toml, line 2: recognised_by is a list of IRIs, not 3.",
    ),
    "no statements": ({"statements.rq": ""}, "it has no statements.rq."),
    "no SPARQL": (
        {"statements.rq": GOOD.replace("GRAPH ?node {", "GRAF ?node {")},
        "statements.rq: The query is not valid SPARQL: line 4, column",
    ),
    "no parameter": (
        {"statements.rq": GOOD.removeprefix("#+ param: thing iri")},
        "statements.rq, line 1: its one parameter is declared as #+ param: thing iri.",
    ),
    "other columns": (
        {"statements.rq": GOOD.replace("SELECT ?thing", "SELECT ?other ?thing")},
        "statements.rq, line 2: its columns are ?thing ?property ?value and the node.",
    ),
    "unknown column": (
        {"voice.rq": VOICE},
        "voice.rq, line 2: its columns are ?node, and any of ?voice.",
    ),
    "unknown query": ({"vioce.rq": GOOD}, "vioce.rq: the queries of a profile are statements and"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_profile_names_the_file_and_the_line(case: str, tmp_path: Path) -> None:
    files, message = WRONG[case]
    for name, text in {"profile.toml": LABEL, "statements.rq": GOOD, **files}.items():
        if text:
            (tmp_path / name).write_text(text)
    with pytest.raises(ProfileError) as caught:
        evidence_profile.named(str(tmp_path))
    assert message in str(caught.value)
    said = caught.value.text("fr")
    assert said.startswith("Ce profil n’est pas utilisable : ")
    assert not any(f" {word} " in said.partition(" : ")[2] for word in ("is", "has", "needs"))


BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("language", ["", ".fr"])
def test_the_profile_of_the_how_to_page_works(language: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / f"profiles{language}.md").read_text("utf-8")
    (tmp_path / "my-profile").mkdir()
    for name, text in BLOCK.findall(page):
        (tmp_path / name).write_text(text)
    files = str(tmp_path / "claims.ttl"), "--profile", str(tmp_path / "my-profile")
    with serving("--data", *files, "--workers", "1") as server:
        page = server.ask("GET", f"/resource?iri={EX}vesoul&lang=en").text
        note = server.ask("GET", link(page, "/why")).text
    assert "claim-1" in note
    assert "archive" in note


@pytest.mark.parametrize("name", WRITTEN)
def test_in_a_browser_a_list_leads_to_the_note_and_its_citation(
    name: str, browser: Browser
) -> None:
    site = client_of(parse(PREFIXES + WRITTEN[name], RdfFormat.TRIG)).application
    size = ViewportSize(width=WIDE, height=HEIGHT)
    with serving_site(site) as address, visiting(browser, address, viewport=size) as visit:
        page = visit.open(f"/list?class={EX}Beetle&lang=en")
        page.get_by_role("link", name="ladybird").first.click()
        page.get_by_role("link", name=re.compile("evidence.*aphid")).first.click()
        note = page.get_by_role("dialog")
        expect(note).to_contain_text("Field book of 2013")
        expect(note.locator(".cite-line")).to_contain_text(
            re.compile("“ladybird — eats: aphid” .*stated in ")
        )
        note.get_by_role("link", name="Full note").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("ladybird — eats: aphid")
        assert visit.barriers() == []


@pytest.mark.parametrize("name", [*WRITTEN, "ranks"])
def test_each_page_and_file_of_the_graph_is_there_or_says_why_not(name: str) -> None:
    """Of what pages lead to; what only the Rally’nov graph can have is absent, and says so."""
    client = client_of(parse(PREFIXES + {**WRITTEN, "ranks": RANKS}[name], RdfFormat.TRIG))
    has_doubts = name in ("wikibase", "ranks")
    assert ("/doubts" in client.get("/").text) == has_doubts
    for path in (*(() if has_doubts else ("/doubts",)), "/ontology", "/questions", "/carnet"):
        absent = read(client, f"{path}?lang=en", status=404)
        assert "only for the Rally’nov graph" in absent.text
    seen = ["/?lang=en"]
    for address in seen:
        answer = client.get(address)
        assert answer.status_code in (200, 302, 406), address
        if answer.mimetype == "text/html" and len(seen) < 300:
            found = map(html.unescape, re.findall(r'href="(/[^"#]*)"', answer.text))
            shown = (it for it in found if not it.startswith(("/static/", "/docs")))
            seen += [it for it in dict.fromkeys(shown) if it not in seen]
