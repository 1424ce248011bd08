"""RDF lists in anyone's data: their members in order, however the list is made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.facts import MOST_MEMBERS
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, read

DATA = """\
@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:soup :steps ( :wash "peel"@en :boil 3
    [ rdfs:label "serve" ; :with "bread"@en ; :then ( :boil "again" ) ] ) .
:wash rdfs:label "zz first of all" .
:boil rdfs:label "aa then" .
:nested :with [ rdfs:label "a node" ; :order ( :wash :boil ) ] .
:empty :steps () .
:ring :steps _:a . _:a rdf:first "one" ; rdf:rest _:b . _:b rdf:first "two" ; rdf:rest _:a .
:self :steps _:s . _:s rdf:first "alone" ; rdf:rest _:s .
:broken :steps _:x . _:x rdf:first "only" .
:torn :steps _:t . _:t rdf:first "left" ; rdf:rest _:u .
:long :steps ( LONG ) .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    file: Path = tmp_path_factory.mktemp("lists") / "lists.ttl"
    many = " ".join(f'"member {n}"' for n in range(MOST_MEMBERS + 40))
    file.write_text(DATA.replace("LONG", many), "utf-8")
    app = create_app(EmbeddedStore.of_files([file]).pages())
    app.testing = True
    return app.test_client()


def page(client: FlaskClient, name: str, language: str = "en") -> Page:
    iri = quote(f"https://example.org/{name}", safe="")
    found = read(client, f"/resource?iri={iri}&lang={language}")
    assert faults(found, language) == []
    return found


def members(found: Page) -> list[str]:
    return [e.text for e in found.all("li") if "ol" in e.inside and "nav" not in e.inside]


def test_the_members_stand_in_order(client: FlaskClient) -> None:
    found = page(client, "soup")
    assert members(found)[:4] == ["zz first of all", "peel", "aa then", "3"]
    (last,) = members(found)[4:]
    assert last.startswith("serve") and "bread" in last and "goes on" not in found.text
    iri = quote("https://example.org/wash", safe="")
    assert found.all("a", href=f"/resource?iri={iri}&lang=en")
    nested = page(client, "nested").text
    assert 0 < nested.index("zz first of all") < nested.index("aa then")
    for no_whole_list in ("empty", "broken"):
        assert page(client, no_whole_list)


def test_a_list_that_is_long_or_never_ends_is_cut_and_says_so(client: FlaskClient) -> None:
    for name, expected in (
        ("ring", ["one", "two"]),
        ("self", ["alone"]),
        ("torn", ["left"]),
        ("long", [f"member {n}" for n in range(MOST_MEMBERS)]),
    ):
        found = page(client, name)
        assert members(found) == expected
        assert "The list goes on" in found.text
    assert "La liste continue" in page(client, "ring", "fr").text
