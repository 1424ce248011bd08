"""The network as GEXF and GraphML: read back by networkx as what the graph says."""

import io
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import awkward as awkward_data
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.exports.networks import REPLACEMENT, network, write_gexf, write_graphml
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

if TYPE_CHECKING:
    import networkx

WRITERS = {"gexf": write_gexf, "graphml": write_graphml}
GEXF = "{http://gexf.net/1.3}"
OURS = f"^{ID}({'|'.join(DRAWN)})/"
LINKS = f"""
SELECT ?a ?p ?b (COUNT(DISTINCT ?g) AS ?n) WHERE {{
  GRAPH ?g {{ ?a ?p ?b }}
  FILTER (!CONTAINS(STR(?g), "/id/standing/"))
  FILTER (REGEX(STR(?a), "{OURS}") && REGEX(STR(?b), "{OURS}"))
}}
GROUP BY ?a ?p ?b ORDER BY ?a ?p ?b
"""


def read_back(file: io.BytesIO, name: str) -> "networkx.MultiDiGraph":
    import networkx

    readers = {"gexf": networkx.read_gexf, "graphml": networkx.read_graphml}
    file.seek(0)
    return readers[name](file)


@pytest.fixture(scope="module")
def shipped(release: Release) -> "networkx.MultiDiGraph":
    return network(release)


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_read_back_is_what_the_graph_says(
    shipped: "networkx.MultiDiGraph", release: Release, store: EmbeddedStore, name: str
) -> None:
    file = io.BytesIO()
    WRITERS[name](shipped, file)
    told = read_back(file, name)
    head = file.getvalue().partition(b"<node ")[0].decode()
    assert release.manifest.licence in (head if name == "gexf" else told.graph["licence"])
    assert release.manifest.licence

    asked = [[getattr(term, "value", "") for term in row] for row in store.select(LINKS).rows]
    edges = told.edges(data=True)
    assert len(edges) == len(asked) > 100
    found = {(a, data["property"], b): data["weight"] for a, b, data in edges}
    assert found == {(a, p, b): float(n) for a, p, b, n in asked}
    assert {it.get("certainty") for *_, it in edges} >= {"explicit", "inferred", "tentative"}
    (link,) = told.get_edge_data(f"{ID}stage/vesoul", f"{ID}theme/innovation").values()
    assert link["certainty"] == "explicit"
    assert link[{"gexf": "start", "graphml": "date"}[name]] == "2013-06-11"

    vesoul = told.nodes[f"{ID}stage/vesoul"]
    assert (vesoul["kind"], vesoul["label"]) == ("stage", "Étape de Vesoul")
    assert vesoul["label_en"] == "Vesoul stage"
    assert {data["kind"] for _, data in told.nodes(data=True)} == {*DRAWN}


def test_the_surest_of_several_certainties_counts(tmp_path: Path) -> None:
    a, b = (NamedNode(awkward_data.thing(name)) for name in "ab")
    sets = [NamedNode(f"{ID}assertion-set/{how}") for how in ("tentative", "explicit", "inferred")]
    link, certainty = NamedNode(f"{RN}met"), NamedNode(f"{RN}certainty")
    found = [Quad(a, link, b, graph) for graph in sets]
    found += [Quad(g, certainty, NamedNode(RN + g.value.rpartition("/")[2]), g) for g in sets]
    found.append(Quad(b, NamedNode(awkward_data.LABEL), Literal("B"), sets[0]))
    ((*_, edge),) = network(awkward_data.release_of(tmp_path, found)).edges(data=True)
    assert (edge["weight"], edge["certainty"]) == (3, "explicit")


@pytest.mark.parametrize("name", WRITERS)
def test_awkward_names_come_back_and_what_xml_has_not_is_counted(
    forbidden: Release, name: str
) -> None:
    found = network(forbidden)
    file = io.BytesIO()
    replaced = WRITERS[name](found, file)
    told = read_back(file, name)
    for key, label in awkward_data.WRITABLE.items():
        assert told.nodes[awkward_data.thing(key)].get("label_fr", "") == label, key
    assert told.nodes[awkward_data.thing("control")]["label_fr"] == f"a{REPLACEMENT}b{REPLACEMENT}c"
    of_a_label = sum(label.count("\x01") for label in awkward_data.FORBIDDEN.values())
    assert replaced == file.getvalue().decode().count(REPLACEMENT) > of_a_label


def test_gexf_is_what_gephi_reads(shipped: "networkx.MultiDiGraph") -> None:
    file = io.BytesIO()
    write_gexf(shipped, file)
    root = ElementTree.fromstring(file.getvalue())
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
    (graph,) = root.iter(f"{GEXF}graph")
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    assert graph.get("defaultedgetype") == "directed"
    declared = {
        (of.get("class"), it.get("id"))
        for of in root.iter(f"{GEXF}attributes")
        for it in of.iter(f"{GEXF}attribute")
    }
    for kind in ("node", "edge"):
        for element in root.iter(f"{GEXF}{kind}"):
            assert element.get("id") and element.get("label")
            used = {(kind, value.get("for")) for value in element.iter(f"{GEXF}attvalue")}
            assert used <= declared
    ids = [edge.get("id") for edge in root.iter(f"{GEXF}edge")]
    assert len({*ids}) == len(ids)
