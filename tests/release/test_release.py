"""A release: the same bytes anywhere, whole or not at all, and never silently wrong."""

import os
import resource
import subprocess
import sys

import pytest

import standin
from killing import ended_by, killed_at
from rallynov_graph.base.errors import ReleaseError, SourceError, ValidationFailed
from rallynov_graph.base.resources import rules_dir
from rallynov_graph.release import building
from rallynov_graph.release import release as releases
from rallynov_graph.release.building import build
from rallynov_graph.validation.report import from_json

BUILD = """
import sys
from pathlib import Path
from rallynov_graph.release.building import build
print(build(Path(sys.argv[1]), data=Path(sys.argv[2]), ontology=Path(sys.argv[3])).path)
"""


def built(out, sources):
    return build(out, data=sources.data, ontology=sources.ontology)


def visible(out):
    return sorted(path.name for path in out.iterdir() if not path.name.startswith("."))


def another_shape(sources):
    with (sources.ontology / "shapes.ttl").open("a", encoding="utf-8") as shapes:
        shapes.write("# another shape\n")


def test_the_manifest_says_what_is_in_a_release_that_is_named_by_its_id(small, tmp_path):
    assert small.path.name == small.id[:16]
    assert releases.identity(small.data, small.ontology)[0] == small.id
    manifest = small.manifest
    assert manifest.title == {"fr": "Essai", "en": "Trial"}
    assert (manifest.version, manifest.issued) == ("1.2.3", "2026-01-31")
    assert manifest.ontology_version == "9.9.9"
    assert manifest.counts == {"quads": 27, "graphs": 3, "triples": 26, "ontology": 20}
    assert manifest.findings == {"Violation": 0, "Warning": 0, "Info": 0}
    assert [source.path for source in manifest.sources] == [
        "data/carnets/1/stages.trig",
        "data/dataset.trig",
        "ontology/context.jsonld",
        "ontology/rallynov.ttl",
        "ontology/shapes.ttl",
        *(f"checks/{path.name}" for path in sorted(building.checks_dir().glob("*.rq"))),
        *(f"rules/{path.name}" for path in sorted(rules_dir().glob("*.rq"))),
    ]
    for path in (small.data, small.ontology):
        lines = path.read_bytes().splitlines()
        assert lines == sorted(set(lines)), "sorted and said once"
    for path in small.path.rglob("*.*"):
        assert str(tmp_path.parent) not in path.read_text("utf-8"), "no path of the machine"


def test_what_is_no_source_and_the_order_of_sources_do_not_matter(tmp_path, standins):
    first = built(tmp_path / "one", standins)
    for name in ("notes.md", "stages.trig~", ".hidden"):
        (standins.data / name).write_text("x", "utf-8")
    assert built(tmp_path / "two", standins).manifest == first.manifest
    text = standins.stages.read_text("utf-8")
    standins.stages.rename(standins.data / "other.trig").write_text(f"\n# moved\n{text}", "utf-8")
    assert built(tmp_path / "two", standins).id == first.id


def test_two_builds_anywhere_are_equal_byte_for_byte(tmp_path):
    folders = []
    for number, surroundings in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C.UTF-8", "LANG": "fr_FR"},
        )
    ):
        here = tmp_path / "deep" / "er" if number else tmp_path / "flat"
        here.mkdir(parents=True)
        sources = standin.make(here / "sources")
        subprocess.run(
            [sys.executable, "-c", BUILD, "out", sources.data, sources.ontology],
            cwd=here,
            env=os.environ | surroundings,
            check=True,
        )
        folders.append(here / "out")
    assert standin.hashes(folders[0]) == standin.hashes(folders[1])
    assert len(standin.hashes(folders[0])) == 10


def test_data_that_break_a_rule_are_not_released(tmp_path, standins):
    standins.forget_a_name()
    with pytest.raises(ValidationFailed) as error:
        built(tmp_path / "out", standins)
    (finding,) = error.value.report.results
    assert (finding.source_file, finding.line) == ("data/carnets/1/stages.trig", 8)
    assert not (tmp_path / "out").exists()


def test_warnings_are_released_and_kept_in_the_report(tmp_path, standins):
    text = standins.stages.read_text("utf-8").replace("schema:areaServed :here", "schema:about :x")
    standins.stages.write_text(text, "utf-8")
    release = built(tmp_path / "out", standins)
    assert release.manifest.findings["Warning"] == 2
    report = from_json(release.report_json.read_text("utf-8"))
    assert [finding.line for finding in report.results] == [7, 8]
    assert "sh:Warning" in release.report_turtle.read_text("utf-8")


CANNOT_BE_RELEASED = [
    ("stages", ":said {", ":g { [] rdfs:label 'nameless' } :said {", "blank node"),
    ("stages", ":said {", ":g { <#here> rdfs:label 'relative' } :said {", "relative IRI"),
    ("stages", ":said {", ":g { :a no:such :b } :said {", "declare it"),
    ("stages", ":said {", ":lone rdfs:label 'said by nobody' . :said {", "in no graph"),
    ("dataset", "dcterms:issued", "dcterms:created", "exactly one"),
    ("dataset", "owl:versionInfo", "dcterms:identifier", "exactly one"),
]


def test_what_cannot_be_released_is_said(tmp_path, standins):
    for name, old, new, told in CANNOT_BE_RELEASED:
        file = standins.stages if name == "stages" else standins.data / "dataset.trig"
        text = file.read_text("utf-8")
        file.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(SourceError, match=told) as error:
            built(tmp_path / "out", standins)
        assert name == "dataset" or "stages.trig" in str(error.value)
        file.write_text(text, "utf-8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no RDF file"):
        build(tmp_path / "out", data=tmp_path / "empty", ontology=standins.ontology)
    (tmp_path / "file").write_text("a file stands here", "utf-8")
    with pytest.raises(ReleaseError, match="cannot be written"):
        built(tmp_path / "file", standins)


def test_the_latest_release_is_the_one_built_last_and_is_not_built_again(tmp_path, standins):
    out = tmp_path / "out"
    first = built(out, standins)
    standins.change()
    second = built(out, standins)
    assert releases.load(out) == second
    assert releases.load(first.path) == first
    assert visible(out) == sorted(["LATEST", first.path.name, second.path.name])
    before = {path: path.stat().st_mtime_ns for path in out.rglob("[!.]*")}
    built(out, standins)
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("[!.]*")}
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / releases.MANIFEST).write_text("{}")
    for name in ("../elsewhere", str(tmp_path / "elsewhere"), "", "gone", f"{first.path.name}/x"):
        (out / releases.LATEST).write_text(name)
        assert releases.latest(out) is None, "a wrong word is not believed"


def test_a_statement_that_moves_between_data_and_ontology_makes_another_release(tmp_path):
    def identified(data, ontology):
        (tmp_path / "data").write_text(data)
        (tmp_path / "ontology").write_text(ontology)
        return releases.identity(tmp_path / "data", tmp_path / "ontology")[0]

    assert identified("a\nb\n", "c\n") != identified("a\n", "b\nc\n")


def test_other_shapes_renew_the_report_and_not_the_data(tmp_path, standins):
    out = tmp_path / "out"
    first = built(out, standins)
    data = first.data.stat().st_mtime_ns
    another_shape(standins)
    second = built(out, standins)
    assert second.path == first.path
    assert second.shapes.read_text("utf-8").endswith("# another shape\n")
    assert second.data.stat().st_mtime_ns == data
    assert second.manifest == built(tmp_path / "fresh", standins).manifest
    assert from_json(first.report_json.read_text("utf-8")).conforms, "who loaded it reads on"
    second.data.write_text("damaged", "utf-8")
    assert releases.load(built(out, standins).path), "made whole by building again"
    assert visible(out) == sorted(["LATEST", second.path.name])


def test_the_current_release_is_built_once_and_again_when_a_source_changes(tmp_path, shipped):
    out = tmp_path / "out"
    first = building.current(out)
    assert building.up_to_date(out) == first
    shipped.change()
    assert building.up_to_date(out) is None
    assert building.current(out).id != first.id


@pytest.mark.parametrize(("change", "every"), [(standin.StandIn.change, 1), (another_shape, 4)])
def test_a_kill_at_any_moment_leaves_the_old_release_intact(tmp_path, standins, change, every):
    out = tmp_path / "out"
    old = built(out, standins)
    change(standins)
    new = built(tmp_path / "elsewhere", standins)
    for number in range(1, 200, every):

        def work(at=number):
            killed_at(at, out)
            built(out, standins)

        ended = ended_by(work)
        assert releases.load(old.path).id == old.id
        assert releases.load(out).manifest in (old.manifest, new.manifest)
        if not os.WIFSIGNALED(ended):
            break
    assert number > 10
    assert releases.load(out).manifest == new.manifest
    assert not list(out.glob(".unfinished-*"))


def test_a_full_disk_leaves_the_old_release_intact(tmp_path, standins):
    out = tmp_path / "out"
    old = built(out, standins)
    before = standin.hashes(out)
    standins.change()

    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        with pytest.raises(ReleaseError, match="cannot be written"):
            built(out, standins)

    assert ended_by(work) == 0
    assert standin.hashes(out) == before
    assert releases.load(out) == old


def test_builds_at_once_all_succeed(tmp_path, standins):
    out = tmp_path / "out"
    others = [standins]
    for number in range(3):
        other = standin.make(tmp_path / f"sources-{number}")
        other.stages.write_text(standin.STAGES.replace("Première", f"{number + 2}e"), "utf-8")
        others.append(other)
    children = []
    for sources in others:
        child = os.fork()
        if not child:
            try:
                built(out, sources)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children)
    found = [path for path in out.iterdir() if path.is_dir()]
    assert len(found) == len(others)
    assert all(releases.load(path) for path in [*found, out])
