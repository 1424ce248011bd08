"""What every view offers: the query behind it, its data, how it is cited."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results

from claims import short
from rallynov_graph.base.languages import within_quotes
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

NOTE = short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
TWO = "organisation/legeni", "organisation/indibat"
ALL = frozenset({"query", "rows", "rdf", "cite"})
VIEWS = (
    *("/network", "/network?kind=stage&kind=theme&certainty=inferred", "/search?q=besancon"),
    *("/list/stage", f"/list?class={RN.replace('#', '%23')}Stage", "/list/theme"),
    *("/page/stage/vesoul", "/page/theme/innovation", "/page/passage/carnet-2-843-904"),
    *("/page/assertion-set/carnet-2-mamhique", "/resource?iri=https://schema.org/Event"),
    "/list/organisation?view=matrix&open=theme/ecologie",
    *(f"/between?from={TWO[0]}&to={TWO[1]}", f"/compare?a={TWO[0]}&b={TWO[1]}"),
    *("/list/stage?view=timeline", "/list/stage?view=map", "/carnet/carnet-2", "/doubts"),
    *("/ontology/Stage", "/ontology/carriedBy"),
    *("/ontology/term?iri=http://purl.org/dc/terms/subject", "/questions/stages", NOTE),
    *("/report", "/ontology"),
)
WITHOUT = {"/questions/stages": {"rdf"}}
"""What a view lacks, on purpose."""
LEADING = {
    *(
        "home.home",
        "questions.catalogue",
        "about.about",
        "about.accessibility",
        "about.for_programs",
    ),
    *("carnet.carnets", "carnet.passage", "docs.contents", "docs.document"),
    *("vocabulary.shapes", "vocabulary.shape", "vocabulary.context", "sparql.sparql"),
    *("evidence.long_note", "releases.release_list", "releases.release_page"),
    *("downloads.downloads", "lists.explore"),
}
"""The pages that lead to views or to files, and the workbench, which has its own offers."""
ELSEWHERE = {"builder.builder", "changes.changes"}
"""The pages whose offers another module asks for: nothing here answers visitors, and this release
has no earlier one."""
FILES = {"downloads.file", "downloads.sums", "lists.links_of_class", "lists.links_of_kind"}
NO_PAGES = {
    *("api", "assistants", "citing", "completing"),
    *("data", "discovery", "reconcile", "signposting"),
}
"""The concerns that give data and show no page."""
RDF = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}
CONTENT = {"csv": "text/csv", "json": "json", **dict.fromkeys(RDF, "")}


def offered(page: Page) -> set[str]:
    """What a page offers."""
    links = [a["href"] for a in page.all("a")]
    suffixes = {suffix for _, suffix in files(page)}
    found = {"query"} if any(href.startswith("/sparql?query=") for href in links) else set()
    found |= {"rows"} if {"csv", "json"} <= suffixes else set()
    found |= {"rdf"} if "ttl" in suffixes else set()
    return found | ({"cite"} if page.all("section", **{"class": "cite"}) else set())


def menu(page: Page) -> list[Element]:
    """The links in the one menu for everything that a page is had as."""
    (found,) = page.all("details", **{"class": "export"})
    after = page.elements[page.elements.index(found) :]
    return [e for e in after if e.tag == "a" and e.start < (found.end or 0)]


def files_of(href: str) -> str:
    """The suffix of a file that holds what a page shows, empty for any other address."""
    path = urlsplit(href).path
    suffix = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    return "" if path.startswith("/cite") or suffix not in CONTENT else suffix


def files(page: Page) -> Iterator[tuple[str, str]]:
    for a in page.all("a"):
        if suffix := files_of(a["href"]):
            yield a["href"], suffix


def test_every_page_of_the_site_is_asked_what_it_offers(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {
        rule.endpoint
        for rule in rules
        if "." not in rule.rule
        and "." in rule.endpoint
        and rule.endpoint.partition(".")[0] not in NO_PAGES
    }
    addresses = app.url_map.bind("")
    asked = {addresses.match(urlsplit(address).path)[0] for address in VIEWS}
    assert pages - FILES == asked | LEADING | ELSEWHERE


def test_a_view_offers_what_it_can(
    client: FlaskClient, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    for address in VIEWS:
        page, offers = read(client, address), ALL - WITHOUT.get(address, set())
        for language, it in (("fr", page), ("en", read(client, in_english(address)))):
            with subtests.test("what it offers", address=address, language=language):
                assert offered(it) == offers
                assert faults(it, language) == []
        with subtests.test("its files and data are in one menu", address=address):
            rows = {e["href"] for e in page.all("a") if "ul" in e.inside and "nav" not in e.inside}
            apart = rows & {href for href, _ in files(page)} - {a["href"] for a in menu(page)}
            assert len(menu(page)) >= len(offers & {"rows", "rdf"}) and not apart
        for href, suffix in files(page):
            with subtests.test("a file can be read", href=href):
                hold_file(client, href, suffix, more_than=int(address != "/report"))
        with subtests.test("its queries run", address=address):
            for query in queries(page)[:3]:
                if "CONSTRUCT" in query:
                    store.serialize(query, "text/turtle")
                else:
                    answer = store.serialize(query, "application/sparql-results+json")
                    parse_query_results(answer, format=QueryResultsFormat.JSON)
        with subtests.test("the files of its citation say what it says", address=address):
            hold_citation(client, page)


def in_english(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang=en"


def queries(page: Page) -> list[str]:
    links = [urlsplit(a["href"]) for a in page.all("a")]
    asked = [parse_qs(link.query) for link in links if link.path == "/sparql"]
    return [parameters["query"][0] for parameters in asked if "query" in parameters]


def hold_file(client: FlaskClient, href: str, suffix: str, more_than: int) -> None:
    answer = client.get(href)
    assert answer.status_code == 200
    if suffix in RDF:
        assert [*parse(answer.data, format=RDF[suffix])]
    elif suffix == "csv":
        assert len([*csv.reader(StringIO(answer.text))]) > more_than
    else:
        assert json.loads(answer.data)


def hold_citation(client: FlaskClient, page: Page) -> None:
    told = page.one("section", **{"class": "cite"})
    (line,) = {p.text for p in page.all("p") if p["data-citation"] == "line"}
    assert line.endswith("Licence CC BY 4.0."), "whole without a script, and without a day"
    # Beside the citation, and on the page of a thing in the menu of all its files.
    (bib,) = {a["href"] for a in page.all("a") if a.text == "BibTeX"}
    (csl,) = {a["href"] for a in page.all("a") if a.text == "CSL-JSON"}
    assert " ".join(client.get(bib).text.split()) in told.text
    (item,) = json.loads(client.get(csl).text)
    quoted = within_quotes(item["title"], "fr")
    assert " ".join(quoted.split()) in line and item["URL"] in line
    (span,) = [e for e in page.all("span") if e["class"] == "Z3988"]
    assert parse_qs(span["title"])["rft_id"] == [item["URL"]], "as Zotero finds it in the page"
    (ris,) = {a["href"] for a in page.all("a") if a.text == "RIS"}
    answer = client.get(ris)
    assert answer.mimetype == "application/x-research-info-systems"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{item["id"]}.ris"'
    assert f"UR  - {item['URL']}\r\n" in answer.text
    assert client.get(item["URL"].removeprefix("http://localhost")).status_code == 200


def test_a_citation_holds_nothing_that_the_page_does_not_ask_for(client: FlaskClient) -> None:
    page = read(client, "/list/theme?certainty=explicit&utm=x")
    (csl,) = {a["href"] for a in page.all("a") if a.text == "CSL-JSON"}
    (item,) = json.loads(client.get(csl).text)
    assert item["URL"] == "http://localhost/list/theme?certainty=explicit"


def test_a_view_shows_what_is_as_sure_as_the_reader_wants(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    every, said = (read(client, f"/page/stage/vesoul{it}") for it in ("", "?certainty=explicit"))
    less_sure = {"#bars-inferred", "#bars-tentative"}
    assert less_sure & {e["href"] for e in every.all("use") if "dd" in e.inside}
    assert not less_sure & {e["href"] for e in said.all("use") if "dd" in e.inside}
    assert len(said.all("dd")) < len(every.all("dd"))
    assert said.one("p", **{"class": "hidden-facts"})
    query = f"SELECT ?set WHERE {{ ?set <{RN}certainty> <{RN}tentative> ; a <{RN}AssertionSet> }}"
    path = "/page/" + str(next(iter(store.select(query)))["set"])[1:-1].removeprefix(ID)
    assert read(client, path).all("caption")
    assert not read(client, f"{path}?certainty=inferred").all("caption")
    doubts = [read(client, f"/doubts{it}") for it in ("", "?certainty=explicit")]
    assert len({len(page.all("article")) for page in doubts}) == 1, "a question stays open"
    preferred = [len(page.all("li", **{"class": "preferred"})) for page in doubts]
    assert preferred[0] == preferred[1] > 10


def test_the_road_shows_what_is_as_sure_as_the_reader_wants(client: FlaskClient) -> None:
    every, said = read(client, "/"), read(client, "/?certainty=explicit")
    roads = [[e for e in p.all("li") if e["class"].startswith("stop ")] for p in (every, said)]
    assert len(roads[0]) > len(roads[1]) > 0
    assert "déduit" in "".join(stop.text for stop in roads[0])
    assert "déduit" not in "".join(stop.text for stop in roads[1])


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return [*csv.DictReader(StringIO(client.get(address).text))]


def triples(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """Both ends of each triple of a file."""
    found = parse(client.get(address).data, format=RdfFormat.TURTLE)
    return [(str(it.subject)[1:-1], str(it.object)[1:-1]) for it in found]


def test_what_a_view_draws_comes_as_rows_and_as_statements(client: FlaskClient) -> None:
    asked = "kind=innovation&kind=organisation&certainty=explicit"
    ends = {frozenset(it) for it in triples(client, f"/network.ttl?{asked}")}
    rows = table(client, f"/network.csv?{asked}")
    assert ends == {frozenset((row["one"], row["other"])) for row in rows}
    asked, legeni = "q=legeni&kind=organisation", f"{ID}organisation/legeni"
    found = table(client, f"/search.csv?{asked}")
    assert {row["thing"] for row in found} == {legeni} and "name" in {r["role"] for r in found}
    assert legeni in dict(triples(client, f"/search.ttl?{asked}"))
    asked = f"from={TWO[0]}&to={TWO[1]}"
    rows = table(client, f"/between.csv?{asked}")
    assert {ID + TWO[0], ID + TWO[1]} <= {row[it] for row in rows for it in ("subject", "object")}
    assert {*dict(triples(client, f"/between.ttl?{asked}"))} == {row["subject"] for row in rows}
    asked = "a=theme/teletravail&b=theme/vie-au-travail&certainty=explicit"
    rows = table(client, f"/compare.csv?{asked}")
    shared = [row for row in rows if row["shared"] == "true"]
    assert shared and len(shared) % 2 == 0, "each is said of both"
    assert {row["certainty"] for row in rows} <= {"explicit", "curation", ""}


def test_the_use_of_a_term_is_counted_by_certainty(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    cases = product(
        (("carriedBy", f"?s <{RN}carriedBy> ?o"), ("Innovation", f"?s a <{RN}Innovation>")),
        (("explicit", ("inferred", "tentative")), ("inferred", ("tentative",))),
    )
    for (term, pattern), (certainty, weaker) in cases:
        refused = " ".join(f"<{RN}{how}>" for how in weaker)
        query = f"""SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o {{
            GRAPH ?g {{ {pattern} }} FILTER NOT EXISTS {{
              VALUES ?how {{ {refused} }} ?g <{RN}certainty> ?how }}
            FILTER NOT EXISTS {{ ?g <{RN}standing> ?past }} }} }}"""
        (row,) = store.select(query)
        page = read(client, f"/ontology/{term}?certainty={certainty}")
        expected = int(row["n"].value)  # type: ignore[union-attr]
        assert any(p.text.partition(" ")[0] == str(expected) for p in page.all("p"))
        (uses,) = {href for href, suffix in files(page) if suffix == "csv"}
        assert f"certainty={certainty}" in uses
        rows = client.get(uses).text.splitlines()[1:]
        assert len({row.partition(",")[0] for row in rows}) <= expected


def test_a_file_of_themes_counts_and_names_as_the_page_does(client: FlaskClient) -> None:
    counts = [
        sum(int(row["things"]) for row in table(client, f"/list/theme.csv?certainty={it}"))
        for it in ("explicit", "inferred", "tentative")
    ]
    assert 0 < counts[0] < counts[1] < counts[2]
    english = table(client, "/list/theme.csv?lang=en")
    row = next(it for it in english if it["label"] == "Access to care")
    assert row["broader_label"] == "Solidarity and health"
    named = {it["label"] for it in client.get("/list/theme.json").json or ()}
    assert named and named <= {a.text for a in read(client, "/list/theme").all("a")}


def test_another_graph_offers_its_queries_and_data_alone() -> None:
    from pyoxigraph import Quad

    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    quads = [
        Quad(NamedNode("urn:a"), label, value) for value in (Literal("a thing"), NamedNode("urn:b"))
    ]
    things = (NamedNode(f"urn:{name}") for name in "ab")
    quads += [Quad(thing, NamedNode(TYPE), NamedNode("urn:Class")) for thing in things]
    foreign = create_app(EmbeddedStore.of_quads(quads)).test_client()
    assert offered(read(foreign, "/resource?iri=urn:a")) == {"query", "rows", "rdf"}
    for path in ("/list?class=urn:Class", "/", "/network", "/search?q=thing"):
        assert offered(read(foreign, path)) == {"query", "rows", "rdf"}, path
    assert foreign.get("/cite/resource.bib?iri=urn:a").status_code == 404
