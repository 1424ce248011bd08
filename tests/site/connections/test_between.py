"""What connects two things: all shortest chains of links, and how far was looked."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from claims import short
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.release.search_file import SearchIndexFile
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model import thing_choice
from rallynov_graph.site.model.links.hubs import BUSY
from rallynov_graph.site.model.links.shortest_paths import Connections, PathSearch
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
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


def test_all_shortest_connections_are_found_in_either_direction_of_their_links() -> None:
    store = graph(
        "a p b1", "c p b1", "a p b2", "b2 p c", "c q b3", "b3 q a", "a p x", "x p y", "y p c"
    )
    told = found(store, "a", "c")
    assert paths(told) == ["a b1 c", "a b2 c", "a b3 c"]
    assert (told.total, told.steps, told.is_complete) == (3, 2, True)


def test_what_stands_side_by_side_multiplies() -> None:
    store = graph(
        *(f"a p b{n}" for n in range(4)),
        *(f"b{n} p c" for n in range(4)),
        *(f"c p d{n}" for n in range(10)),
        *(f"d{n} p e" for n in range(10)),
    )
    told = found(store, "a", "e")
    assert (told.total, told.steps, len(told.paths)) == (40, 4, 25)
    assert len({*told.paths}) == 25


def test_no_connection_is_looked_for_beyond_six_steps() -> None:
    chain = [f"n{n} p n{n + 1}" for n in range(7)]
    assert paths(found(graph(*chain), "n0", "n6")) == ["n0 n1 n2 n3 n4 n5 n6"]
    told = found(graph(*chain), "n0", "n7")
    assert (told.total, told.steps, told.is_exhausted) == (0, 6, False)


def test_where_nothing_more_can_be_reached_the_search_ends() -> None:
    told = found(graph("a p b", "c p d"), "a", "c")
    assert (told.total, told.is_exhausted) == (0, True)


def test_a_thing_with_too_many_links_is_no_step_but_may_be_an_end() -> None:
    spokes = [f"s{n} p hub" for n in range(BUSY)]
    store = graph(*spokes, "a p hub", "b p hub", "a p x", "x p y", "y p b")
    told = found(store, "a", "b")
    assert paths(told) == ["a x y b"]
    assert [(a.iri, a.reason, a.links) for a in told.avoided] == [(EX + "hub", "busy", BUSY + 2)]
    assert paths(found(store, "a", "hub")) == ["a hub"]
    assert paths(found(store, "x", "hub")) == ["x a hub"]


def test_classes_and_terms_that_sort_are_not_passed_through() -> None:
    sort = NamedNode(PREFIXES["dcterms"] + "type")
    more = [Quad(NamedNode(EX + n), sort, NamedNode(EX + "kind"), DefaultGraph()) for n in "ab"]
    more += [
        Quad(NamedNode(EX + n), NamedNode(TYPE), NamedNode(EX + "C"), DefaultGraph()) for n in "ab"
    ]
    told = found(graph("a p C", "b p C", more=more), "a", "b")
    assert told.total == 0
    sorting = {(EX + "C", "class"), (EX + "kind", "sorting")}
    assert {(a.iri, a.reason) for a in told.avoided} == sorting


def test_classes_are_passed_through_where_a_class_is_an_end() -> None:
    classes = [
        Quad(
            NamedNode(EX + name),
            NamedNode(TYPE),
            NamedNode(PREFIXES["rdfs"] + "Class"),
            DefaultGraph(),
        )
        for name in "CDE"
    ]
    store = graph("C p D", "E p D", "a p D", "b p D", more=classes)
    assert paths(found(store, "C", "E")) == ["C D E"]
    assert paths(found(store, "a", "E")) == ["a D E"]
    assert found(store, "a", "b").total == 0


def test_a_rally_connects_everything_and_so_nothing() -> None:
    rally = Quad(NamedNode(EX + "r"), NamedNode(TYPE), NamedNode(RN + "Rally"), DefaultGraph())
    assert found(graph("a p r", "b p r", more=[rally]), "a", "b").total == 0


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
    alone = [item.text for item in page.all("li") if item.text.endswith("a term that sorts things")]
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


def test_a_concluded_link_leads_to_its_reasons(client: FlaskClient) -> None:
    page = read(client, between("organisation/legeni", "theme/gouvernance"))
    (note,) = {a["href"] for a in page.all("a") if a["href"].startswith("/r/")}
    assert note == short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
    assert client.get(note).status_code == 200
    assert "1 plus court chemin" in page.text


def test_less_is_found_where_only_what_is_said_counts(client: FlaskClient) -> None:
    both = "person/bruno-herry", "organisation/mutualite-francaise-franche-comte"
    assert "1 pas" in read(client, between(*both)).text, "he speaks for it: inferred"
    said = read(client, between(*both, certainty="explicit"))
    assert "déduit" not in "".join(e.text for e in said.all("ol"))


def test_no_connection_says_how_far_was_looked(client: FlaskClient) -> None:
    page = read(client, between("role/presente", "theme/confiance", certainty="explicit"))
    assert "Aucun chemin" in page.text


@pytest.mark.parametrize("name", ["Indibat", "indibat", " INDIBAT ", f"{ID}organisation/indibat"])
def test_a_thing_is_known_by_name_or_address(client: FlaskClient, name: str) -> None:
    page = read(client, between("organisation/legeni", name))
    assert page.one("h1").text == "De Legeni à Indibat"


def test_an_accent_may_be_left_out(client: FlaskClient) -> None:
    assert "Écologie" in read(client, between("organisation/legeni", "ecologie")).one("h1").text


def test_among_very_many_names_one_is_found_as_it_is_written(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thing_choice, "FEW", 0)
    assert read(client, between("Indibat", "Écologie")).one("h1").text == "De Indibat à Écologie"
    page = read(client, between("indib", "Écologie"), 404)
    assert "Indibat" in page.text and "Noms proches" in page.text
    assert read(client, between("INDIBAT", "ecologie")).one("h1").text == "De Indibat à Écologie"
    slip = read(client, between("Indibta", "Écologie"), 404)
    assert "/between?from=organisation%2Findibat&to=" in str([a["href"] for a in slip.all("a")])
    near = read(client, between("télétravail", "Écologie"))
    kinds = {a["href"].partition("%2F")[0] for a in near.all("a") if "/between?from" in a["href"]}
    assert "/between?from=theme" in kinds and "/between?from=assertion-set" not in kinds


def test_among_very_many_names_parts_are_found_while_there_is_no_index(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thing_choice, "FEW", 0)
    monkeypatch.setattr(SearchIndexFile, "index", lambda _: None)
    without = create_app(store, release).test_client()
    page = read(without, between("indib", "Écologie"), 404)
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
    assert "Indibat" in page.text and "Nothing is called" in page.text


@pytest.mark.parametrize("address", ["organisation/nowhere", f"{ID}theme/none", "http://a/b c"])
def test_an_unknown_thing_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(between(address, "theme/confiance")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"from": MARKUP, "to": MARKUP},
        {"from": '"><img src=x>', "to": "theme/confiance"},
        {"from": '" } DROP ALL #\n\\', "to": "\0"},
    ],
)
def test_markup_is_never_repeated_as_markup(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/between", query_string=query)
    assert answer.status_code == 404
    assert MARKUP not in answer.text and "<img" not in answer.text


@pytest.mark.parametrize("query", [{"from": "x" * 5000}, {"certainty": MARKUP}, {"lang": "xx"}])
def test_what_cannot_be_meant_is_a_bad_request(client: FlaskClient, query: dict[str, str]) -> None:
    assert client.get("/between", query_string=query).status_code == 400


def test_a_thing_and_itself_are_not_connected(client: FlaskClient) -> None:
    page = read(client, between("theme/confiance", "theme/confiance"))
    assert "deux fois la même chose" in page.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_things_the_page_asks_for_them(client: FlaskClient, language: str) -> None:
    page = read(client, f"/between?lang={language}")
    assert faults(page, language) == []
    assert [e["name"] for e in page.all("input", type="text")] == ["from", "to"]


def test_another_graph_is_connected_by_its_links_alone() -> None:
    label = NamedNode(PREFIXES["rdfs"] + "label")
    named = [Quad(NamedNode(EX + "a"), label, Literal("Ada"), NamedNode(EX + "g"))]
    foreign = create_app(graph("a knows b", "c knows b", more=named)).test_client()
    page = read(foreign, between("Ada", EX + "c", certainty="explicit"))
    assert faults(page, "fr") == []
    (chain,) = [e.text for e in page.all("ol") if e["class"] == "chain"]
    assert [word for word in chain.split() if word in ("Ada", "knows", "b", "c")] == [
        *("Ada", "knows", "b", "knows", "c")
    ]
    assert not any(a["href"].startswith("/why") for a in page.all("a"))
