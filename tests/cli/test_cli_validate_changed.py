"""What files break or repair in the shipped data: ``rallynov validate --changed``."""

import json
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from identities import DATA
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import data_dir
from rallynov_graph.rdf import sources


def difference(rallynov: Any, *files: Path) -> tuple[int, dict[str, Any]]:
    ran = rallynov("validate", "--changed", "--format", "json", *files)
    return ran.status, json.loads(ran.out)


def stage_file() -> Path:
    return next(path for path in sources.files_under(data_dir()) if path.stem == "etape-bge")


def rules(findings: list[dict[str, Any]]) -> set[str]:
    return {it["shape"].rpartition("-")[2] for it in findings}


def test_files_as_they_are_change_nothing(rallynov: Any) -> None:
    assert difference(rallynov, stage_file()) == (0, {"brought": [], "healed": []})


def test_a_graph_takes_the_place_of_the_one_of_its_name(rallynov: Any, tmp_path: Path) -> None:
    """A name is left out, a theme is misspelt, and a set is one that nothing describes."""
    quads = [*sources.quads([stage_file()])]
    themed = next(q for q in quads if q.object == NamedNode(f"{ID}theme/gouvernance"))
    kept = [q for q in quads if not q.predicate.value.endswith("#label")]
    misspelt = NamedNode(f"{ID}theme/gouvernence")
    kept.append(Quad(themed.subject, themed.predicate, misspelt, themed.graph_name))
    kept.append(Quad(*themed.triple, NamedNode(f"{themed.graph_name.value}s")))
    changed = tmp_path / "changed.nq"
    changed.write_bytes(serialize(kept, format=RdfFormat.N_QUADS) or b"")
    status, found = difference(rallynov, changed)
    assert (status, found["healed"]) == (1, [])
    assert {"link_leads_somewhere", "graph_has_a_kind", "label"} <= rules(found["brought"])
    assert {it["file"] for it in found["brought"]} == {str(changed)}
    hinted = [it for it in found["brought"] if "Vouliez-vous dire" in it["messages"]["fr"]]
    assert rules(hinted) == {"link_leads_somewhere", "graph_has_a_kind"}


def test_a_likely_same_thing_is_told_until_it_is_decided(rallynov: Any) -> None:
    second, same = DATA / "second-naming.trig", DATA / "same.trig"
    status, found = difference(rallynov, second)
    assert status == 0 and "things_are_not_alike" in rules(found["brought"])
    status, found = difference(rallynov, second, same)
    assert "things_are_not_alike" not in rules(found["brought"])


def test_a_decision_that_cannot_be_applied_is_told_with_its_place(
    rallynov: Any, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.trig"
    text = (DATA / "same.trig").read_text("utf-8")
    wrong.write_text(text.replace("rn:kept", "rn:keeps"), "utf-8")
    ran = rallynov("validate", "--changed", wrong)
    assert ran.status == 2
    assert f"{wrong}, line " in ran.err
