"""Graphs that others made, files of packages of PyPI and npm: all that needs no ontology of ours
works on them, and what needs it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store as Oxigraph

from browsing import packages
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, read
from site_walk import Walk

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SCHEMA = "http://schema.org/"
RICO = "https://www.ica.org/standards/RiC/ontology#"
QUDT = "http://qudt.org/vocab/discipline/"
TBBT = "http://localhost:8080/data/person/"
MOST = 30
"""How many pages of each graph are read, from its first page on."""


@dataclass(frozen=True)
class Graph:
    """A file of a package, and what is known to be in it."""

    package: str
    file: str
    of_class: str
    thing: str
    name: str
    written: str
    """The name as somebody may write it who looks for it."""
    other: str
    """Something that the thing is linked to by one step or more."""

    @property
    def path(self) -> Path:
        """Where the file is: in a Python package, else in one of npm."""
        if self.package == "pyshacl":
            return Path(str(files("pyshacl"))) / "assets" / self.file
        return packages() / self.package / self.file


GRAPHS = [
    Graph(
        *("pyshacl", "schema.ttl", RDFS + "Class"),
        *(SCHEMA + "Person", "Person", "PERSON", SCHEMA + "Place"),
    ),
    Graph(
        *("@vocabulary/rico", "rico.nq", OWL + "Class"),
        *(RICO + "Agent", "Agent", "AGENT", RICO + "Person"),
    ),
    Graph(
        *("@vocabulary/discipline", "discipline.nq", "http://qudt.org/schema/qudt/Discipline"),
        *(QUDT + "Physics", "Physics", "phisics", QUDT + "Science"),
    ),
    Graph(
        *("tbbt-ld", "dist/tbbt.nq", SCHEMA + "Person"),
        *(TBBT + "sheldon-cooper", "sheldon-cooper", "sheldn cooper", TBBT + "mary-cooper"),
    ),
]
"""A vocabulary in RDF Schema, an ontology in OWL, a thesaurus in SKOS, and nine persons."""


@pytest.fixture(scope="module", params=GRAPHS, ids=lambda graph: graph.package)
def graph(request: pytest.FixtureRequest) -> Graph:
    found: Graph = request.param
    return found


@pytest.fixture(scope="module")
def oracle(graph: Graph) -> Oxigraph:
    """The same file, without anything of ours."""
    store = Oxigraph()
    store.load(path=graph.path)
    return store


@pytest.fixture(scope="module")
def client(graph: Graph) -> FlaskClient:
    app = create_app(EmbeddedStore.of_files([graph.path]).pages())
    app.testing = True
    return app.test_client()


def at(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def asked(oracle: Oxigraph, query: str) -> Any:
    """What all graphs of the file together answer."""
    return oracle.query(query, use_default_graph_as_union=True)


def number(oracle: Oxigraph, pattern: str) -> int:
    """How many things a pattern finds."""
    found = asked(oracle, f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}")
    return int(next(iter(found))["n"].value)


def total(page: Page) -> int:
    """How many things a list says that it has."""
    (found,) = re.findall(r"^[\d\s,]+", page.one("h1").text)
    return int(re.sub(r"\D", "", found))


def test_a_class_is_counted_and_narrowed_by_facets_whose_counts_are_true(
    client: FlaskClient, oracle: Oxigraph, graph: Graph
) -> None:
    of_class = at("/list", **{"class": graph.of_class})
    home, page = read(client, "/"), read(client, of_class)
    (name,) = [a.text for a in home.all("a") if a["href"] == of_class]
    (row,) = [r.text for r in home.all("tr") if r.text.startswith(f"{name} ")]
    direct = number(oracle, f"?s a <{graph.of_class}>")
    assert re.sub(r"\D", "", row.removeprefix(name)) == str(direct)
    things = f"?s a/<{RDFS}subClassOf>* <{graph.of_class}> FILTER (isIRI(?s))"
    assert total(page) == number(oracle, things)
    boxes = page.all("input", type="checkbox")
    assert boxes
    for box in boxes[:3]:
        chosen = {"class": graph.of_class, box["name"]: box["value"]}
        has = f"?s <{box['name']}> ?v FILTER (STR(?v) = '{box['value']}')"
        expected = number(oracle, f"{things} {has}")
        assert total(read(client, at("/list", **chosen))) == expected > 0


def test_a_thing_is_found_and_shows_its_facts_both_ways(
    client: FlaskClient, oracle: Oxigraph, graph: Graph
) -> None:
    found = read(client, at("/search", q=graph.written, lang="en"))
    address = at("/resource", iri=graph.thing, lang="en")
    assert any(a["href"] == address for a in found.all("a"))
    page = read(client, address)
    assert faults(page, "en") == []
    assert page.one("h1").text == graph.name
    forth = f"<{graph.thing}> ?p ?s FILTER (isIRI(?s))"
    back = f"?s ?p <{graph.thing}> FILTER (isIRI(?s))"
    shown = {unquote(a["href"]) for a in page.all("a")}
    for pattern in (forth, back):
        things = [r["s"].value for r in asked(oracle, f"SELECT ?s WHERE {{ {pattern} }}")]
        assert any(thing in address for thing in things for address in shown), pattern


def test_it_is_drawn_as_a_network_whole_and_around_a_thing(
    client: FlaskClient, graph: Graph
) -> None:
    whole = read(client, "/network")
    around = read(client, at("/network", centre=graph.thing))
    for page in (whole, around):
        assert faults(page, "fr") == []
        assert len(page.all("circle")) + len(page.all("rect")) > 2
        assert len(page.all("tr")) > 2
    assert graph.name in around.one("h1").text
    kinds = [e.text for e in around.all("td") if e["class"] != "number"]
    assert any(kinds), "a class without a name is called by its address"
    names = [row.text.partition(" ")[0] for row in around.all("tr")]
    assert graph.name.partition(" ")[0] in names


def test_two_things_are_connected_and_compared_by_name_or_address(
    client: FlaskClient, oracle: Oxigraph, graph: Graph
) -> None:
    page = read(client, at("/between", **{"from": graph.name, "to": graph.other}))
    assert faults(page, "fr") == []
    chains = [e for e in page.all("ol") if e["class"] == "chain"]
    assert chains and all(chain.text.startswith(graph.name) for chain in chains)
    compared = read(client, at("/compare", a=graph.thing, b=graph.other))
    assert faults(compared, "fr") == []
    assert compared.all("table")
    rows = client.get(at("/between.csv", **{"from": graph.thing, "to": graph.other})).text
    for line in rows.splitlines()[1:]:
        _, _, one, _, prop, other, *_ = line.split(",")
        assert asked(oracle, f"ASK {{ <{one}> <{prop}> <{other}> }}"), line


def test_of_terms_what_bears_the_name_comes_before_those_that_only_tell_of_it() -> None:
    client = create_app(EmbeddedStore.of_files([GRAPHS[0].path]).pages()).test_client()
    page = read(client, at("/search", q="person"))
    terms = page.one("section", **{"aria-labelledby": "terms"}).text.split("Person", 1)
    assert terms[0].strip() == "Termes du vocabulaire" and "description" in terms[1]


def test_a_class_whose_things_have_no_address_says_so() -> None:
    file = files("pyshacl") / "assets" / "dash.ttl"
    client = create_app(EmbeddedStore.of_files([file]).pages()).test_client()  # type: ignore[list-item]
    page = read(client, at("/list", **{"class": SH + "SPARQLSelectValidator"}))
    assert faults(page, "fr") == []
    assert "n’ont pas d’adresse" in page.text
    assert client.get(at("/list", **{"class": SH + "Nothing"})).status_code == 404


OURS = (
    *("/why", "/doubts", "/questions", "/carnet"),
    *("/ontology", "/shapes", "/report", "/changes", "/cite/list.bib"),
    *("/ontology/Stage", "/context.jsonld"),
)


def test_what_needs_our_ontology_is_absent_and_says_so(client: FlaskClient) -> None:
    for path in OURS:
        for lang, words in (("fr", "n’existe que pour le graphe"), ("en", "only for the Rally")):
            page = read(client, f"{path}?lang={lang}", 404)
            assert words in page.text, path
            assert faults(page, lang) == [], path


def test_its_pages_are_whole_and_lead_somewhere(client: FlaskClient) -> None:
    assert Walk(client, "fr", most=MOST).faults("/") == []
