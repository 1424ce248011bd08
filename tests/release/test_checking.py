"""``rallynov check``: a release is what it says, or it is said what it is not."""

import json
from pathlib import Path

import pytest

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.release.building import build

pytestmark = pytest.mark.usefixtures("uncounted")


@pytest.fixture
def small(tmp_path, standins):
    return build(tmp_path / "out", data=standins.data, ontology=standins.ontology)


def test_a_right_release_ends_with_0(rallynov, release):
    ran = rallynov("check", release.path)
    assert (ran.status, ran.err) == (0, "")
    assert "every file is what the manifest says" in ran.out
    assert "The data conform" in ran.out


def test_a_release_whose_data_break_a_shape_ends_with_1(rallynov, tmp_path, standins):
    standins.forget_a_name()
    made = build(tmp_path / "out", data=standins.data, ontology=standins.ontology, checked=False)
    ran = rallynov("check", made.path)
    assert ran.status == 1
    assert "Violation: data.nq, line " in ran.out


def damage(release):
    release.data.write_bytes(release.data.read_bytes().replace(b"/two>", b"/too>"))


def newer(release):
    change(release, format=99)


def miscount(release):
    change(release, counts={**release.manifest.counts, "triples": 1})


def change(release, **fields):
    path = release.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | fields), "utf-8")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (damage, "data.nq is not what the manifest says"),
        (newer, "a newer version of rallynov made this release"),
        (miscount, "counts other data"),
        (lambda release: release.shapes.unlink(), "shapes.ttl is missing"),
    ],
)
def test_a_release_that_is_not_what_it_says_ends_with_2(rallynov, small, harm, told):
    harm(small)
    ran = rallynov("check", small.path)
    assert ran.status == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_each_release_of_a_folder_is_checked_and_the_damaged_one_is_named(
    rallynov, small, standins
):
    out = small.path.parent
    standins.forget_a_name()
    newer = build(out, data=standins.data, ontology=standins.ontology, checked=False)
    ran = rallynov("check", out)
    assert ran.status == 1
    assert f"{small.path}: every file is what" in ran.out
    assert f"{newer.path}: every file is what" in ran.out
    damage(small)
    ran = rallynov("check", out)
    assert ran.status == 2
    assert f"{small.path}: data.nq is not what the manifest says" in ran.err
    assert f"{out}: 1 of 2 releases are not what they say: {small.path.name}." in ran.err
    assert f"{newer.path}: every file is what" in ran.out
    ran = rallynov("check", out, "--lang", "fr")
    assert f"{small.path} : data.nq n’est pas ce que dit le manifeste" in ran.err
    (small.path / "manifest.json").unlink()
    ran = rallynov("check", out, "--lang", "fr")
    assert ran.status == 2
    assert f"{small.path} n’a pas de manifest.json" in ran.err
    assert f"annoncent : {small.path.name}." in ran.err


def test_a_folder_of_releases_says_which_is_the_latest(rallynov, small):
    (small.path.parent / "LATEST").unlink()
    ran = rallynov("check", small.path.parent)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "LATEST is missing" in ran.err


def test_a_release_without_shapes_cannot_be_checked(rallynov, tmp_path, standins):
    (standins.ontology / "shapes.ttl").unlink()
    made = build(tmp_path / "out", data=standins.data, ontology=standins.ontology, checked=False)
    ran = rallynov("check", made.path)
    assert ran.status == 2
    assert "no shapes" in ran.err


def test_a_file_is_no_release_and_is_not_said_to_be_absent(rallynov, tmp_path):
    (tmp_path / "empty.ttl").touch()
    ran = rallynov("check", tmp_path / "empty.ttl")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith(
        "empty.ttl is a file, not a folder: name a release folder, or run rallynov build.\n"
    )


def test_a_release_that_may_not_be_read_is_said(rallynov, release, monkeypatch):
    def denied(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    ran = rallynov("check", release.path)
    assert (ran.status, ran.out) == (2, "")
    assert "Permission denied; change its permissions, or name another" in ran.err


def test_what_is_no_release_is_said(tmp_path):
    from rallynov_graph.release.checking import intact

    with pytest.raises(ReleaseError, match="rallynov build"):
        intact(tmp_path)
