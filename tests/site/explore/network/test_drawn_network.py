"""How a network is drawn: communities on grounds, names side by side, ways, the file for Gephi."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from itertools import combinations
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import networkx
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.certainty import SUREST, surest
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.exports.networks import AT_SAME_STAGE, STROKES, gexf, network
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.drawing.network_layout import grouped_layout, size
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

EX = "https://example.org/"
HOSTILE = "<script>alert(1)</script>&\"'\u202eevil"
ARABIC = "شبكة الابتكار الاجتماعي"
MOST_OFFERED = 2000


def data(client: FlaskClient, **query: str) -> dict[str, Any]:
    found: dict[str, Any] | None = client.get("/network.json", query_string=query).json
    assert found is not None
    return found


def texts(page: Page) -> list[Element]:
    return [e for e in page.all("text") if "svg" in e.inside]


Drawn = tuple[int, tuple[tuple[int, int], ...]]


def graphs(count: int) -> st.SearchStrategy[Drawn]:
    """So many things with any links between them."""
    ends = st.integers(0, max(0, count - 1))
    pairs = st.tuples(ends, ends).filter(lambda pair: pair[0] < pair[1])
    edges = st.lists(pairs, unique=True, max_size=4 * count) if count > 1 else st.just([])
    return edges.map(lambda them: (count, tuple(them)))


# Communities


def test_what_belongs_together_is_drawn_together(client: FlaskClient) -> None:
    # The carnet: at the stage of BGE Franche-Comté, the Le Goffs presented the governance of
    # Legeni without a production manager.
    shown = data(client)
    group_of = {it["name"]: it["group"] for it in shown["things"]}
    bge = group_of["Étape BGE Franche-Comté"]
    together = ("Legeni", "Karine Le Goff", "Pierre-Yves Le Goff", "Louis Martin")
    assert [group_of[name] for name in together] == [bge] * 4
    assert shown["groups"][bge]["name"] == "Étape BGE Franche-Comté"
    assert group_of["Étape de la Mutualité Française Franche-Comté"] != bge
    # A community has the name of its best linked stage or theme.
    things = shown["things"]
    assert len(shown["groups"]) > 3
    for number, group in enumerate(shown["groups"]):
        own = {n for n, it in enumerate(things) if it["group"] == number}
        assert len(own) == group["things"] >= 3
        within = [link for link in shown["links"] if {link["one"], link["other"]} <= own]
        degrees = Counter(end for link in within for end in (link["one"], link["other"]))
        naming = [n for n in own if things[n]["shape"] in ("stage", "theme")]
        best = max(degrees[n] for n in naming)
        assert group["name"] in {things[n]["name"] for n in naming if degrees[n] == best}


def test_no_ground_is_over_another(client: FlaskClient) -> None:
    shown = data(client, same_stage="yes")
    boxes = [[*zip(*group["ground"], strict=True)] for group in shown["groups"]]
    for (ax, ay), (bx, by) in combinations(boxes, 2):
        apart = (
            min(max(ax), max(bx)) - max(min(ax), min(bx)),
            min(max(ay), max(by)) - max(min(ay), min(by)),
        )
        assert min(apart) < -36, "each reaches 18 pixels beyond its things"


@given(st.integers(0, 60).flatmap(graphs))
@settings(max_examples=20)
def test_a_layout_is_the_same_each_time_and_keeps_things_apart(drawn: Drawn) -> None:
    count, edges = drawn
    layout = grouped_layout(count, edges)
    assert grouped_layout(count, edges) == layout
    assert sorted(n for group in layout.groups for n in group) == [*range(count)]
    width, height = size(count)
    assert all(0 < x < width and 0 < y < height for x, y in layout.places)
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 20 for a, b in combinations(layout.places, 2))


# Links


def test_computed_links_of_the_same_stage_are_off_at_first_and_counted(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    query = f"SELECT ?a ?b {{ ?a <{RN}atSameStageAs> ?b FILTER(STR(?a) < STR(?b)) }}"
    pairs = {*store.select(query).rows}
    page = read(client, "/network")
    asked = [a["href"] for a in page.all("a") if "same_stage=yes" in a["href"]]
    assert len(asked) == 1 and len(pairs) == 55 and "55 liens calculés" in page.text
    shown, more = data(client), data(client, same_stage="yes")
    assert len(more["links"]) - len(shown["links"]) == shown["same_stage"] == 55
    assert not any("même étape" in it["label"] for it in shown["links"])
    back = read(client, asked[0])
    assert "55 liens calculés" in back.text and faults(back, "fr") == []
    assert [a["href"] for a in back.all("a") if a.text == "Ne plus les dessiner"] == ["/network"]


def test_around_a_person_nobody_is_reached_over_the_same_stage_alone(client: FlaskClient) -> None:
    # The carnet: Louis Martin took part in the stage of Karine Le Goff; nothing else links them.
    centre = "person/karine-le-goff"
    assert "Louis Martin" not in {it["name"] for it in data(client, centre=centre)["things"]}
    more = data(client, centre=centre, same_stage="yes")
    assert "Louis Martin" in {it["name"] for it in more["things"]}


def test_a_line_is_as_sure_as_the_weakest_fact_that_it_follows_from(client: FlaskClient) -> None:
    shown = data(client)
    computed = [it for it in shown["links"] if it["computed"]]
    assert {it["certainty"] for it in computed} == {"explicit", "inferred", "tentative"}
    assert all(it["evidence"].startswith("/r/") for it in computed)
    page = read(client, "/network")
    classes = {e["class"].split()[1] for e in page.all("path") if e["class"].startswith("line ")}
    assert classes == {"line-explicit", "line-inferred", "line-tentative"}


# What is picked, and the way to another


def test_what_is_picked_says_what_it_is_linked_to_with_evidence(client: FlaskClient) -> None:
    # The carnet: Karine Le Goff speaks for Legeni.
    page = read(client, "/network?from=organisation/legeni")
    assert faults(page, "fr") == []
    (card,) = page.all("aside", **{"class": "picked"})
    assert "Legeni" in card.text and "parle au nom de Karine Le Goff" in card.text
    notes = [a for a in page.all("a", **{"class": "evidence"}) if "aside" in a.inside]
    assert len(notes) == 6 and all(a["href"].startswith("/r/") for a in notes)


def test_the_way_between_two_things_is_told_step_by_step(client: FlaskClient) -> None:
    # The carnet: both Le Goffs speak for Legeni, and for nobody else.
    ends = "from=person/karine-le-goff&to=organisation/legeni"
    assert faults(read(client, f"/network?{ends}&lang=en"), "en") == []
    page = read(client, f"/network?{ends}")
    assert faults(page, "fr") == []
    chain = [a.text for a in page.all("a") if "ol" in a.inside and a["href"].startswith("/page/")]
    assert chain == ["Karine Le Goff", "Legeni"]
    notes = [a for a in page.all("a", **{"class": "evidence"}) if "ol" in a.inside]
    assert notes and all(a["href"].startswith("/r/") for a in notes)
    assert [e for e in page.all("path") if "on-way" in e["class"]]
    chosen = [e["value"] for e in page.all("option") if "selected" in e.attributes]
    assert {"person/karine-le-goff", "organisation/legeni"} <= {*chosen}
    whole = urlencode({"from": "person/karine-le-goff", "to": "organisation/legeni"})
    assert [a for a in page.all("a") if a["href"].startswith(f"/between?{whole}")]
    shown = data(client, **{"from": "person/karine-le-goff", "to": "organisation/legeni"})
    assert [shown["things"][n]["name"] for n in shown["way"]] == chain
    few = "kind=person&kind=organisation"
    for query, sentence in (
        ("from=organisation/legeni&to=organisation/legeni", "deux fois le même élément"),
        ("from=organisation/legeni&to=place/besancon", "n’est pas dessiné ici"),
        (f"{few}&from=organisation/legeni&to=organisation/indibat", "Aucun"),
    ):
        page = read(client, f"/network?{query}")
        assert faults(page, "fr") == [] and sentence in page.text
        assert not [e for e in page.all("path") if "on-way" in e["class"]]


def test_what_the_address_asks_wrongly_is_told(client: FlaskClient) -> None:
    asked: list[tuple[dict[str, str], int]] = [
        ({"same_stage": "perhaps"}, 400),
        ({"kind": HOSTILE}, 400),
        ({"steps": "9"}, 400),
        ({"sort": "size"}, 400),
        ({"most": "301"}, 400),
        ({"to": "x" * 5000}, 400),
        ({"from": "no such name"}, 404),
        ({"from": "organisation/legeni", "to": "stage/nowhere"}, 404),
        ({"centre": HOSTILE}, 404),
        ({"view": "hologram", "colour": HOSTILE}, 200),
    ]
    for query, status in asked:
        for suffix in ("", ".json", ".gexf", ".svg", ".csv"):
            answer = client.get(f"/network{suffix}", query_string=query)
            assert answer.status_code == status, (query, suffix)
            assert HOSTILE not in answer.text


# Files


def test_the_file_for_gephi_is_as_the_page_and_a_part_of_that_of_the_release(
    client: FlaskClient, release: Release
) -> None:
    (way,) = [a for a in read(client, "/network").all("a") if "network.gexf" in a["href"]]
    assert "details" in way.inside and "Gephi" in way.text, "a menu, then the file"
    answer = client.get(way["href"])
    assert answer.mimetype == "application/gexf+xml"
    shown = data(client)
    page = networkx.read_gexf(BytesIO(answer.data))
    file = networkx.read_gexf(BytesIO(gexf(network(release))))
    assert len(page.nodes) == len(shown["things"]) and len(page.edges) == len(shown["links"])
    for thing in shown["things"]:
        node, other = page.nodes[thing["iri"]], file.nodes[thing["iri"]]
        colour = bytes(node["viz"]["color"][part] for part in "rgb").hex()
        assert f"#{colour}" == KINDS[thing["shape"]].colours["light"]
        place = node["viz"]["position"]
        assert (place["x"], place["y"]) == (thing["x"], -thing["y"])
        group = None
        if thing["group"] is not None:
            group = f"{thing['group'] + 1}. {shown['groups'][thing['group']]['name']}"
        assert node.get("group") == other.get("group") == group
        assert (node["kind"], node["viz"]["color"]) == (other["kind"], other["viz"]["color"])
    shapes = ElementTree.fromstring(answer.data).iter("{http://gexf.net/1.3/viz}shape")
    assert {shape.get("value") for shape in shapes} >= {*STROKES.values()}
    found: dict[frozenset[str], list[dict[str, str]]] = {}
    for one, other, link in file.edges(data=True):
        if link["property"] != AT_SAME_STAGE:
            found.setdefault(frozenset((one, other)), []).append(link)
    for one, other, line in page.edges(data=True):
        links = found.pop(frozenset((one, other)))
        assert line["computed"] == min(link["computed"] for link in links)
        # What the curators' thesaurus says has no certainty of its own: it is drawn as said.
        sure = surest(link["certainty"] for link in links if "certainty" in link)
        assert line["certainty"] == sure or (sure is None and line["certainty"] == SUREST)
    assert found == {}


# However many things, whatever they are called


def made_up(things: int, *names: str) -> FlaskClient:
    """A site of so many things, each linked to its first of ten, and these to the next such one."""

    def quad(subject: int, prop: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(f"{EX}{subject}"), NamedNode(prop), value, DefaultGraph())

    quads = [quad(n, TYPE, NamedNode(f"{EX}Thing")) for n in range(things)]
    for n in range(things):
        for other in {n // 10 * 10, (n // 10 * 10 + 10) % things if n % 10 == 0 else n} - {n}:
            quads.append(quad(n, f"{EX}near", NamedNode(f"{EX}{other}")))
    quads += [quad(n, PREFIXES["rdfs"] + "label", Literal(name)) for n, name in enumerate(names)]
    return create_app(EmbeddedStore.of_quads(quads).pages()).test_client()


def test_few_things_are_all_drawn_and_one_has_nothing_to_be_linked_to(
    client: FlaskClient,
) -> None:
    page = read(made_up(20), "/network")
    assert faults(page, "fr") == []
    assert len([a for a in page.all("a") if "svg" in a.inside]) == 20
    assert "laissée" not in page.text
    one = made_up(1)
    page = read(one, "/network")
    assert faults(page, "fr") == []
    assert "1 élément choisi n’est lié à aucun autre" in page.text
    alone = read(one, f"/network?centre={EX}0")
    assert faults(alone, "fr") == [] and "1 élément, 0 lien" in alone.text
    page = read(made_up(0), "/network")
    assert faults(page, "fr") == [] and "Rien à dessiner" in page.text
    page = read(client, "/network?kind=person")
    assert faults(page, "fr") == []
    assert re.search("Les 28 éléments choisis ne sont pas liés entre eux", page.text)


def test_of_very_many_things_the_best_linked_are_drawn_and_the_others_counted() -> None:
    client = made_up(3_000)
    page = read(client, "/network")
    assert len([a for a in page.all("a") if "svg" in a.inside]) <= 300
    assert re.search(r"2\s?700 éléments .* laissés de côté", page.text)
    assert "choisissez moins de types" in page.text
    shown = data(client, most=str(MOST_OFFERED))
    assert 1900 < len(shown["things"]) <= MOST_OFFERED


def test_names_are_cut_and_stay_text() -> None:
    long = "Très long " * 50
    client = made_up(6, HOSTILE, long, ARABIC, "   ", "\n\tdeux\nlignes")
    page = read(client, "/network")
    assert faults(page, "fr") == []
    written = [e.text for e in texts(page)]
    assert all(len(text) <= 26 for text in written if not text.startswith("<script"))
    assert any(text.endswith("…") and text.startswith("Très long") for text in written)
    assert ARABIC in written and "<script>alert(1)</script>" not in client.get("/network").text
    for path in ("/network.svg", "/network.gexf"):
        assert b"<script" not in client.get(path).data
