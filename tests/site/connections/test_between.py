"""What connects two things: all shortest chains of links, and how far was looked."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

import networkx
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad

from claims import short
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.finder import SearchIndexFile
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.links.shortest_paths import BUSY, Connections, PathSearch
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read

MARKUP = "<script>alert(1)</script>"
EX = "https://example.org/"


def graph(*lines: str, more: Iterable[Quad] = ()) -> EmbeddedStore:
    """A foreign graph: each line is a subject, a property and a value by their last parts."""
    quads = [
        Quad(*(NamedNode(EX + name) for name in line.split()), DefaultGraph())  # type: ignore[arg-type]
        for line in lines
    ]
    return EmbeddedStore.of_quads([*quads, *more]).pages()


def found(store: EmbeddedStore, one: str, other: str, most: int = 25) -> Connections:
    return PathSearch(PageQueries(store)).between(EX + one, EX + other, most)


def paths(told: Connections) -> list[str]:
    return [" ".join(iri.removeprefix(EX) for iri in path) for path in told.paths]


def between(one: str, other: str, **more: str) -> str:
    return f"/between?{urlencode({'from': one, 'to': other, **more})}"


@given(st.lists(st.tuples(*[st.integers(0, 7)] * 2), max_size=14), st.integers(1, 7))
@settings(max_examples=60)
def test_all_shortest_connections_are_found_as_networkx_finds_them(
    links: list[tuple[int, int]], end: int
) -> None:
    """In either direction of the links, and none beyond six steps."""
    told = found(graph(*(f"n{a} p n{b}" for a, b in links)), "n0", f"n{end}")
    drawn = networkx.Graph(links)
    drawn.add_nodes_from((0, end))
    shortest: list[list[int]] = []
    if networkx.has_path(drawn, 0, end):
        shortest = [*networkx.all_shortest_paths(drawn, 0, end)]
    shortest = [path for path in shortest if len(path) <= 7]
    assert sorted(paths(told)) == sorted(" ".join(f"n{n}" for n in path) for path in shortest)
    assert told.total == len(shortest)


def test_of_very_many_some_are_shown_and_the_others_counted_up_to_six_steps() -> None:
    store = graph(
        *(f"a p b{n}" for n in range(4)),
        *(f"b{n} p c" for n in range(4)),
        *(f"c p d{n}" for n in range(10)),
        *(f"d{n} p e" for n in range(10)),
    )
    told = found(store, "a", "e")
    assert (told.total, told.steps, len({*told.paths}), told.is_complete) == (40, 4, 25, True)
    chain = graph(*(f"n{n} p n{n + 1}" for n in range(7)), "x p y")
    assert paths(found(chain, "n0", "n6")) == ["n0 n1 n2 n3 n4 n5 n6"]
    told = found(chain, "n0", "n7")
    assert (told.total, told.steps, told.is_exhausted) == (0, 6, False)
    assert found(chain, "n0", "x").total == 0 and found(chain, "x", "n0").is_exhausted


def typed(names: str, iri: str, prop: str = TYPE) -> list[Quad]:
    value = NamedNode(iri)
    return [Quad(NamedNode(EX + n), NamedNode(prop), value, DefaultGraph()) for n in names]


def test_what_sorts_things_is_not_passed_through_but_where_it_is_an_end() -> None:
    more = typed("ab", f"{EX}kind", PREFIXES["dcterms"] + "type") + typed("ab", f"{EX}C")
    told = found(graph("a p C", "b p C", more=more), "a", "b")
    assert told.total == 0
    sorting = {(EX + "C", "class"), (EX + "kind", "sorting")}
    assert {(a.iri, a.reason) for a in told.avoided} == sorting
    classes = typed("CDE", PREFIXES["rdfs"] + "Class")
    store = graph("C p D", "E p D", "a p D", "b p D", more=classes)
    assert paths(found(store, "C", "E")) == ["C D E"]
    assert paths(found(store, "a", "E")) == ["a D E"]
    assert found(store, "a", "b").total == 0
    assert found(graph("a p r", "b p r", more=typed("r", f"{RN}Rally")), "a", "b").total == 0


def test_a_thing_with_too_many_links_is_no_step_but_may_be_an_end() -> None:
    spokes = [f"s{n} p hub" for n in range(BUSY)]
    store = graph(*spokes, "a p hub", "b p hub", "a p x", "x p y", "y p b")
    told = found(store, "a", "b")
    assert paths(told) == ["a x y b"]
    assert [(a.iri, a.reason, a.links) for a in told.avoided] == [(EX + "hub", "busy", BUSY + 2)]
    assert paths(found(store, "a", "hub")) == ["a hub"]
    assert paths(found(store, "x", "hub")) == ["x a hub"]


def test_things_of_one_name_that_are_not_passed_through_are_told_apart(
    client: FlaskClient,
) -> None:
    # A kind of organisation and a setting of innovations are both called so.
    page = read(client, "/between?from=organisation/legeni&to=organisation/indibat&lang=en")
    told = [item.text for item in page.all("li") if item.text.startswith("company ")]
    assert sorted(it.partition(" — ")[0] for it in told) == [
        "company organisation-kind/entreprise",
        "company setting/entreprise",
    ]
    alone = [
        item.text for item in page.all("li") if item.text.endswith("a term that classifies things")
    ]
    assert [it for it in alone if "/" not in it], "others have their names alone"


def test_a_chain_of_the_carnet_with_its_evidence(client: FlaskClient) -> None:
    # « en présence de Marie-Guite Dufay, Présidente du Conseil régional »: said outright.
    page = read(
        client,
        between("person/marie-guite-dufay", "organisation/conseil-regional", certainty="explicit"),
    )
    assert faults(page, "fr") == []
    (chain,) = [e.text for e in page.all("ol") if e["class"] == "chain"]
    assert chain.startswith("Marie-Guite Dufay ") and chain.endswith(" Conseil régional")
    assert "présidence du Conseil régional" in chain
    assert chain.count("explicite preuve") >= 2
    assert len([a for a in page.all("a") if a["href"].startswith("/r/")]) >= 2


def test_what_a_link_rests_on_is_a_click_away_and_that_there_is_none_is_said(
    client: FlaskClient,
) -> None:
    page = read(client, between("organisation/legeni", "theme/gouvernance"))
    (note,) = {a["href"] for a in page.all("a") if a["href"].startswith("/r/")}
    assert note == short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
    assert "1 plus court chemin" in page.text
    page = read(client, between("role/presente", "theme/confiance", certainty="explicit"))
    assert "Aucun chemin" in page.text
    page = read(client, between("theme/confiance", "theme/confiance"))
    assert "deux fois le même élément" in page.text
    page = read(client, "/between?lang=en")
    assert faults(page, "en") == []
    assert [e["name"] for e in page.all("input", type="text")] == ["from", "to"]


def test_less_is_found_where_only_what_is_said_counts(client: FlaskClient) -> None:
    both = "person/bruno-herry", "organisation/mutualite-francaise-franche-comte"
    assert "1 pas" in read(client, between(*both)).text, "he speaks for it: inferred"
    said = read(client, between(*both, certainty="explicit"))
    assert "déduit" not in "".join(e.text for e in said.all("ol"))


def test_a_thing_is_known_by_name_or_address(client: FlaskClient) -> None:
    for name in ("Indibat", "indibat", " INDIBAT ", f"{ID}organisation/indibat"):
        page = read(client, between("ecologie", name))
        assert page.one("h1").text == "Entre Écologie et Indibat", name
    for name in (
        "organisation/nowhere",
        f"{ID}theme/none",
        "http://a/b c",
        MARKUP,
        '"><img src=x>',
    ):
        answer = client.get(between(name, "theme/confiance"))
        assert answer.status_code == 404, name
        assert MARKUP not in answer.text and "<img" not in answer.text


def test_a_name_is_found_with_or_without_an_index(
    client: FlaskClient, store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    for names in (("Indibat", "Écologie"), ("INDIBAT", "ecologie")):
        assert read(client, between(*names)).one("h1").text == "Entre Indibat et Écologie"
    slip = read(client, between("Indibta", "Écologie"), 404)
    assert "/between?from=organisation%2Findibat&to=" in str([a["href"] for a in slip.all("a")])
    near = read(client, between("télétravail", "Écologie"))
    kinds = {a["href"].partition("%2F")[0] for a in near.all("a") if "/between?from" in a["href"]}
    assert "/between?from=theme" in kinds and "/between?from=assertion-set" not in kinds
    monkeypatch.setattr(SearchIndexFile, "index", lambda _: None)
    without = create_app(store, release).test_client()
    for asked in (client, without):
        page = read(asked, between("indib", "Écologie"), 404)
        assert "Indibat" in page.text and "Noms proches" in page.text
    assert without.get(between("Indibta", "Écologie")).status_code == 404


def test_several_things_of_one_name_are_offered(client: FlaskClient) -> None:
    page = read(client, between("télétravail", "theme/confiance"))
    assert faults(page, "fr") == []
    offered = [a["href"] for a in page.all("a") if a["href"].startswith("/between?from=")]
    assert {*offered} >= {
        between(f"{kind}/teletravail", "theme/confiance") for kind in ("innovation", "theme")
    }
    assert all(client.get(address).status_code == 200 for address in offered)


def test_an_unknown_name_offers_what_is_near(client: FlaskClient) -> None:
    page = read(client, between("Indibatt", "theme/confiance", lang="en"), 404)
    assert faults(page, "en") == []
    assert "Indibat" in page.text and "Nothing has the name" in page.text
