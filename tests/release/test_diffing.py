"""What changed between two releases, as text, as JSON and as an RDF Patch."""

import json
import shutil

import pytest
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, ONTOLOGY, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import diffing
from rallynov_graph.release.building import build

MFQ = "carnets/carnet-2/etape-mfq.trig"


@pytest.fixture(scope="module")
def after(tmp_path_factory):
    """The shipped data: a name changed, a fact less certain, a fact said once more, a new term."""
    folder = tmp_path_factory.mktemp("after")
    shutil.copytree(data_dir(), folder / "data")
    shutil.copytree(data_dir().parent / "ontology", folder / "ontology")
    path = folder / "data" / "carnets/carnet-2/etape-bge.trig"
    text = path.read_text("utf-8")
    text = text.replace('rdfs:label "Conseil régional"', 'rdfs:label "Le conseil régional"')
    begin = text.index("set:carnet-2-bge a rn:AssertionSet")
    described = text[begin : text.index(" .\n", begin)]
    weaker = described.replace("rn:explicit", "rn:tentative").replace(
        "rn:voice", 'rn:reason "Essai."@fr, "Trial."@en ;\n        rn:voice'
    )
    text = text.replace(described, weaker)
    again = "GRAPH set:carnet-2-bge-nom-court {\n"
    fact = "    organisation:bge-franche-comte a org:Organization .\n"
    assert again in text
    path.write_text(text.replace(again, again + fact), "utf-8")
    with (folder / "ontology" / "alignments.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n<{RN}Stage> <https://example.org/like> <https://example.org/Leg> .\n")
    return build(folder / "out", data=folder / "data", ontology=folder / "ontology", checked=False)


@pytest.fixture(scope="module")
def difference(release, after):
    return diffing.between(release, after)


def said(fact):
    return str(fact.subject), str(fact.object)


def test_a_release_does_not_differ_from_itself(release):
    assert diffing.between(release, release).is_empty
    assert b"".join(diffing.patch(release, release)).count(b"\n") == 4


def test_facts_added_and_removed_are_named(difference):
    region = f"<{ID}organisation/conseil-regional>"
    assert (region, '"Le conseil régional"') in [said(fact) for fact in difference.added]
    assert (region, '"Conseil régional"') in [said(fact) for fact in difference.removed]


def test_a_fact_with_other_evidence_is_changed(difference):
    thing = NamedNode(f"{ID}organisation/bge-franche-comte")
    changes = {str(c.object): c for c in difference.changed if c.subject == thing}
    name = changes['"BGE Franche-Comté"']
    assert [e.certainty for e in name.before if e.graph.endswith("/carnet-2-bge")] == [
        f"{RN}explicit"
    ]
    assert [e.certainty for e in name.after if e.graph.endswith("/carnet-2-bge")] == [
        f"{RN}tentative"
    ]
    kind = changes["<http://www.w3.org/ns/org#Organization>"]
    assert len(kind.after) == len(kind.before) + 1
    assert all(
        e.passages and e.voice == f"{ID}document/carnet-2" for e in name.after if e.certainty
    )


def test_the_ontology_is_compared_too(difference):
    assert [str(t.object) for t in difference.ontology_added] == ["<https://example.org/Leg>"]
    assert not difference.ontology_removed


def dataset(release):
    graph = NamedNode(ONTOLOGY)
    quads = {str(quad) + " ." for quad in sources.quads([release.data])}
    return quads | {f"{quad.triple} {graph} ." for quad in sources.quads([release.ontology])}


def test_the_patch_makes_the_one_release_the_other(release, after):
    lines = b"".join(diffing.patch(release, after)).decode().splitlines()
    assert lines[:3] == [f'H id "{after.id}" .', f'H prev "{release.id}" .', "TX ."]
    assert lines[-1] == "TC ."
    patched = dataset(release)
    for line in lines[3:-1]:
        sign, _, row = line.partition(" ")
        if sign == "D":
            patched.remove(row)
        else:
            assert sign == "A" and row not in patched
            patched.add(row)
    assert patched == dataset(after)


def test_the_command_writes_text_json_and_a_patch(rallynov, release, after):
    text = rallynov("diff", release.path, after.path)
    assert text.status == 0
    assert '+ organisation/conseil-regional rdfs:label "Le conseil régional"' in text.out
    assert "in the ontology, 1 added, 0 removed." in text.out
    assert "    before: explicit, assertion-set/carnet-2-bge, by document/carnet-2: " in text.out
    assert "    after:  tentative, assertion-set/carnet-2-bge, by document/carnet-2: " in text.out
    told = json.loads(rallynov("diff", release.path, after.path, "--format", "json").out)
    assert told["after"]["id"] == after.id
    assert {"subject", "predicate", "object", "evidence"} == set(told["added"][0])
    patch = rallynov("diff", release.path, after.path, "--format", "patch")
    assert patch.out == b"".join(diffing.patch(release, after)).decode()


def test_what_is_no_release_is_said(rallynov, release, tmp_path):
    assert rallynov("diff", release.path, tmp_path / "nowhere").status == 2
