"""A release: the same bytes anywhere, whole or not at all, and never silently wrong."""

import json
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

pytestmark = pytest.mark.usefixtures("uncounted")

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


def test_a_release_is_named_by_its_id(tmp_path, standins):
    release = built(tmp_path / "out", standins)
    assert release.path.name == release.id[:16]
    assert releases.identity(release.data, release.ontology)[0] == release.id


def test_the_manifest_says_what_is_in_it(tmp_path, standins):
    manifest = built(tmp_path / "out", standins).manifest
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


def test_files_that_are_no_sources_are_not_named_as_such(tmp_path, standins):
    first = built(tmp_path / "one", standins)
    for name in ("notes.md", "stages.trig~", ".hidden"):
        (standins.data / name).write_text("x", "utf-8")
    assert built(tmp_path / "two", standins).manifest == first.manifest


def test_the_data_are_sorted_and_said_once(tmp_path, standins):
    release = built(tmp_path / "out", standins)
    for path in (release.data, release.ontology):
        lines = path.read_bytes().splitlines()
        assert lines == sorted(set(lines))


def test_two_builds_anywhere_are_equal_byte_for_byte(tmp_path, standins):
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
    assert len(standin.hashes(folders[0])) == 9


def test_the_order_of_the_sources_does_not_matter(tmp_path, standins):
    first = built(tmp_path / "one", standins)
    text = standins.stages.read_text("utf-8")
    standins.stages.rename(standins.data / "other.trig").write_text(f"\n# moved\n{text}", "utf-8")
    assert built(tmp_path / "two", standins).id == first.id


def test_a_manifest_holds_no_path_of_the_machine(tmp_path, standins):
    release = built(tmp_path / "out", standins)
    for path in release.path.rglob("*.*"):
        assert str(tmp_path) not in path.read_text("utf-8")


def test_data_that_break_a_rule_are_not_released(tmp_path, standins):
    standins.forget_a_name()
    with pytest.raises(ValidationFailed) as error:
        built(tmp_path / "out", standins)
    (finding,) = error.value.report.results
    assert (finding.source_file, finding.line) == ("data/carnets/1/stages.trig", 8)
    assert not (tmp_path / "out").exists()


def test_warnings_are_released_and_kept_in_the_report(tmp_path, standins):
    text = standins.stages.read_text("utf-8").replace("schema:location :here", "schema:about :x")
    standins.stages.write_text(text, "utf-8")
    release = built(tmp_path / "out", standins)
    assert release.manifest.findings["Warning"] == 2
    report = from_json(release.report_json.read_text("utf-8"))
    assert [finding.line for finding in report.results] == [7, 8]
    assert "sh:Warning" in release.report_turtle.read_text("utf-8")


@pytest.mark.parametrize(
    ("addition", "told"),
    [
        (":g { [] rdfs:label 'nameless' }", "blank node"),
        (":g { <#here> rdfs:label 'relative' }", "relative IRI"),
        (":g { :a no:such :b }", "declare it"),
        (":lone rdfs:label 'said by nobody' .", "in no graph"),
    ],
)
def test_what_cannot_be_released_is_said(tmp_path, standins, addition, told):
    with standins.stages.open("a", encoding="utf-8") as file:
        file.write(addition)
    with pytest.raises(SourceError, match=told) as error:
        built(tmp_path / "out", standins)
    assert "stages.trig" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [("dcterms:issued", "dcterms:created"), ("owl:versionInfo", "dcterms:identifier")],
)
def test_a_dataset_that_does_not_say_what_it_is_is_refused(tmp_path, standins, old, new):
    path = standins.data / "dataset.trig"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SourceError, match="exactly one"):
        built(tmp_path / "out", standins)


def test_without_data_nothing_is_built(tmp_path, standins):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SourceError, match="no RDF file"):
        build(tmp_path / "out", data=empty, ontology=standins.ontology)


def test_the_latest_release_is_the_one_built_last(tmp_path, standins):
    out = tmp_path / "out"
    first = built(out, standins)
    standins.change()
    second = built(out, standins)
    assert releases.load(out) == second
    assert releases.load(first.path) == first
    assert visible(out) == sorted(["LATEST", first.path.name, second.path.name])


def test_building_again_changes_nothing(tmp_path, standins):
    out = tmp_path / "out"
    built(out, standins)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("[!.]*")}
    built(out, standins)
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("[!.]*")}


def test_other_shapes_renew_the_report_and_not_the_data(tmp_path, standins):
    out = tmp_path / "out"
    first = built(out, standins)
    data = first.data.stat().st_mtime_ns
    with (standins.ontology / "shapes.ttl").open("a", encoding="utf-8") as shapes:
        shapes.write("# another shape\n")
    second = built(out, standins)
    assert second.path == first.path
    assert second.shapes.read_text("utf-8").endswith("# another shape\n")
    assert second.data.stat().st_mtime_ns == data
    assert second.manifest == built(tmp_path / "fresh", standins).manifest


def test_who_loaded_a_release_can_read_its_report_after_it_was_renewed(tmp_path, standins):
    first = built(tmp_path / "out", standins)
    with (standins.ontology / "shapes.ttl").open("a", encoding="utf-8") as shapes:
        shapes.write("# another shape\n")
    built(tmp_path / "out", standins)
    assert from_json(first.report_json.read_text("utf-8")).conforms


def test_a_damaged_release_is_made_whole_by_building_again(tmp_path, standins):
    release = built(tmp_path / "out", standins)
    release.data.write_text("damaged", "utf-8")
    assert releases.load(built(tmp_path / "out", standins).path)
    assert visible(tmp_path / "out") == sorted(["LATEST", release.path.name])


@pytest.mark.parametrize("name", ["data.nq", "ontology.nt", "report.json", "shapes.ttl"])
def test_a_changed_byte_is_noticed(tmp_path, standins, name):
    release = built(tmp_path / "out", standins)
    (path,) = release.path.rglob(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match=f"{name} is not what the manifest says"):
        releases.load(release.path)


def test_a_missing_file_is_noticed(tmp_path, standins):
    release = built(tmp_path / "out", standins)
    release.ontology.unlink()
    with pytest.raises(ReleaseError, match=r"ontology\.nt is missing"):
        releases.load(release.path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": 99}, "newer version"),
        ({"id": "0" * 64}, "not that of its data"),
        ({"files": None}, "not a manifest"),
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path, standins, changes, told):
    path = built(tmp_path / "out", standins).path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    with pytest.raises(ReleaseError, match=told):
        releases.load(path.parent)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\xff"])
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, "latin-1")
    with pytest.raises(ReleaseError, match="not a manifest"):
        releases.load(tmp_path)


def test_a_folder_without_a_release_is_said(tmp_path):
    with pytest.raises(ReleaseError, match="does not exist"):
        releases.load(tmp_path / "nowhere")
    with pytest.raises(ReleaseError, match="rallynov build"):
        releases.load(tmp_path)


@pytest.mark.parametrize("name", ["../out", "", "gone", "/etc"])
def test_a_wrong_word_about_the_latest_is_not_believed(tmp_path, name):
    (tmp_path / "LATEST").write_text(name, "utf-8")
    assert releases.latest(tmp_path) is None


def test_the_current_release_is_built_once_and_again_when_a_source_changes(tmp_path, shipped):
    out = tmp_path / "out"
    first = building.current(out)
    assert building.up_to_date(out) == first
    shipped.change()
    assert building.up_to_date(out) is None
    assert building.current(out).id != first.id


@pytest.mark.parametrize("what", ["data", "shapes"])
def test_a_kill_at_any_moment_leaves_the_old_release_intact(tmp_path, standins, what):
    out = tmp_path / "out"
    old = built(out, standins)
    if what == "data":
        standins.change()
    else:
        with (standins.ontology / "shapes.ttl").open("a", encoding="utf-8") as shapes:
            shapes.write("# another shape\n")
    new = built(tmp_path / "elsewhere", standins)
    for number in range(1, 200):

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


def test_a_folder_that_cannot_be_written_is_said(tmp_path, standins):
    (tmp_path / "out").write_text("a file stands here", "utf-8")
    with pytest.raises(ReleaseError, match="cannot be written"):
        built(tmp_path / "out", standins)


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


def test_the_shipped_data_conform(release):
    report = from_json(release.report_json.read_text("utf-8"))
    assert report.conforms
    assert release.manifest.counts["triples"] > 1000
