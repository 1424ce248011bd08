"""The network: what is drawn, what is left out and said to be; the same as a table and a file."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import pairwise
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.site.explore.network.network import NetworkParams
from rallynov_graph.site.web.params import Params, declared, one_of
from reading_pages import Element, Page, faults, read


def network(client: FlaskClient, *kinds: str, **query: str) -> Page:
    asked = [("kind", kind) for kind in kinds] + [*query.items()]
    return read(client, f"/network?{urlencode(asked)}")


def drawn(page: Page) -> list[Element]:
    return [e for e in page.all("a") if "svg" in e.inside]


def table(page: Page) -> list[tuple[str, int]]:
    """The names of the table with how many things each is linked to, in its order."""
    names = [e.text for e in page.all("th", scope="row")]
    return [*zip(names, (int(e.text) for e in page.all("td", **{"class": "number"})), strict=True)]


def test_a_thing_counts_those_it_is_linked_to(client: FlaskClient) -> None:
    # The carnet: Karine and Pierre-Yves Le Goff of Legeni present their governance without a
    # production manager; both speak for Legeni, which therefore has three links here.
    page = network(client, "person", "organisation", "innovation", centre="organisation/legeni")
    degrees = dict(table(page))
    assert {*degrees} == {
        "Legeni",
        "Karine Le Goff",
        "Pierre-Yves Le Goff",
        "Gouvernance sans chef de production",
    }
    assert degrees["Legeni"] == 3


def test_further_steps_reach_more_and_less_certainty_less(client: FlaskClient) -> None:
    one, two = (network(client, centre="organisation/legeni", steps=s) for s in "12")
    assert len(table(one)) < len(table(two))
    said = network(client, centre="organisation/legeni", steps="2", certainty="explicit")
    assert len(table(said)) < len(table(two))
    assert "(déduit)" not in " ".join(e.text for e in said.all("title"))


def test_only_the_chosen_kinds_are_shown(client: FlaskClient) -> None:
    page = network(client, "organisation", "theme")
    kinds = {e["href"].split("/")[2] for e in drawn(page)}
    assert kinds == {"organisation", "theme"}
    checked = {e["value"] for e in page.all("input", name="kind") if "checked" in e.attributes}
    assert checked == kinds


def test_the_table_is_sorted_as_the_address_says(client: FlaskClient) -> None:
    pages = {it: network(client, "person", "stage", sort=it) for it in ("degree", "name", "kind")}
    for sort, page in pages.items():
        (header,) = [e for e in page.all("th") if e["aria-sort"]]
        assert header.text.split()[0] == {"degree": "Éléments", "name": "Nom", "kind": "Type"}[sort]
        others = [a["href"] for a in page.all("a") if "thead" in a.inside]
        assert len(others) == 2 and all("kind=person" in address for address in others)
    assert all(a >= b for (_, a), (_, b) in pairwise(table(pages["degree"])))
    names = [name for name, _ in table(pages["name"])]
    assert names[:2] == sorted(names)[:2]


def test_the_files_hold_what_the_page_shows(client: FlaskClient) -> None:
    page = network(client, "organisation", "innovation", sort="name")
    assert len(drawn(page)) == len(table(page))
    addresses = [a["href"] for a in page.all("a") if {"tbody", "th"} <= {*a.inside}]
    assert {e["href"] for e in drawn(page)} == {*addresses}
    query = {"kind": ["organisation", "innovation"], "sort": "name"}
    told = client.get("/network.json", query_string=query).json
    assert told and [(it["name"], it["degree"]) for it in told["things"]] == table(page)
    assert [it["address"] for it in told["things"]] == addresses
    rows = [*csv.DictReader(client.get("/network.csv", query_string=query).text.splitlines())]
    lines = [e for e in page.all("path") if e["class"].startswith("line ")]
    assert len(told["links"]) == len(lines) == len(rows)
    assert any(
        {row["one_label"], row["other_label"]} == {"Legeni", "Gouvernance sans chef de production"}
        and row["certainty"] == "inferred"
        for row in rows
    )
    degrees = Counter(end for it in told["links"] for end in (it["one"], it["other"]))
    assert [degrees[number] for number in range(len(told["things"]))] == [
        it["degree"] for it in told["things"]
    ]
    assert {it["certainty"] for it in told["links"]} <= {*CERTAINTIES}
    assert "innovation sociale" in {it["kind"] for it in told["things"]}


def test_the_drawing_as_a_file_needs_no_style(client: FlaskClient) -> None:
    answer = client.get("/network.svg?centre=organisation/legeni")
    assert answer.mimetype == "image/svg+xml"
    assert "attachment" in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "style" not in {name for part in root.iter() for name in part.attrib}
    told = client.get("/network.json?centre=organisation/legeni").json
    names = {it.text for it in root.iter("{http://www.w3.org/2000/svg}title")}
    assert told and {f"{it['name']} ({it['degree']})" for it in told["things"]} <= names
    lines = [it for it in root.iter() if it.attrib.get("fill") == "none"]
    widths = {it.attrib.get("stroke-width", "1") for it in lines}
    assert widths <= {"3", "2", "1"}
    assert not any("stroke-dasharray" in part.attrib for part in root.iter())
    drawn = {it.attrib["id"] for it in root.iter("{http://www.w3.org/2000/svg}symbol")}
    marks = {it.attrib["href"] for it in root.iter("{http://www.w3.org/2000/svg}use")}
    assert marks and marks <= {f"#{it}" for it in drawn}, "the file has what it draws"


def test_what_there_is_no_room_for_is_left_out_and_counted(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewest = {"most": (one_of("5", "100", "300"), "300")}
    monkeypatch.setitem(Params.known, NetworkParams, {**declared(NetworkParams), **fewest})
    page = network(client, centre="theme/innovation-sociale", steps="2", most="5")
    assert len(table(page)) == 5
    assert "laissés de côté" in page.text
    fewer = network(client, most="100")
    assert len(table(fewer)) <= 100 < len(table(network(client)))
    assert "laissés de côté" in fewer.text


def test_a_centre_of_several_names_is_to_be_chosen(client: FlaskClient) -> None:
    page = network(client, "theme", centre="télétravail")
    assert faults(page, "fr") == []
    assert drawn(page) == []
    offered = [a["href"] for a in page.all("a") if "centre=theme%2Fteletravail" in a["href"]]
    assert offered and "kind=theme" in offered[0]
