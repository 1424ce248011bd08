"""``rallynov check``: a release is what it says, or it is said what it is not."""

import json
import shutil
from pathlib import Path

import pytest

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.release.building import build
from rallynov_graph.release.release import load

CITED = Path(__file__).parents[1] / "cited" / "carriers.bib"


def test_a_right_release_ends_with_0_and_one_whose_data_break_a_shape_with_1(
    rallynov, release, tmp_path, standins
):
    ran = rallynov("check", release.path)
    assert (ran.status, ran.err) == (0, "")
    assert "every file is what the manifest says" in ran.out
    assert "The data conform" in ran.out
    standins.forget_a_name()
    made = build(tmp_path / "out", data=standins.data, ontology=standins.ontology, checked=False)
    ran = rallynov("check", made.path)
    assert (ran.status, "Violation: data.nq, line " in ran.out) == (1, True)


def damaged(name):
    """Change one byte in the middle of a file of a release."""

    def harm(folder):
        (path,) = folder.rglob(name)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    return harm


def changed(**fields):
    def harm(folder):
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | fields), "utf-8")

    return harm


def written(content):
    return lambda folder: (folder / "manifest.json").write_text(content, "latin-1")


HARMS = [
    *(
        (damaged(name), f"{name} is not what the manifest says")
        for name in ("data.nq", "ontology.nt", "report.json", "shapes.ttl")
    ),
    *(
        (lambda folder, name=name: (folder / name).unlink(), f"{name} is missing")
        for name in ("ontology.nt", "data.nq")
    ),
    (changed(format=99), "a newer version of rallynov made this release"),
    (changed(id="0" * 64), "not that of its data"),
    (changed(files=None), "not a manifest"),
    (changed(counts={"quadz": 27, "graphs": 3, "triples": 1, "ontology": 20}), "not a manifest"),
    *((changed(title=title), "not a manifest") for title in (None, "Essai", {"fr": 1})),
    (changed(derived="derived-00000000"), "not a manifest"),
    (changed(counts={"quads": 27, "graphs": 3, "triples": 1, "ontology": 20}), "counts other data"),
    *((written(content), "not a manifest") for content in ("", "{", "[]", "null", "\xff")),
]


def test_a_release_that_is_not_what_it_says_ends_with_2(rallynov, small, tmp_path):
    for number, (harm, told) in enumerate(HARMS):
        copy = shutil.copytree(small.path, tmp_path / str(number))
        harm(copy)
        ran = rallynov("check", copy)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert told in ran.err
        if told != "counts other data":
            with pytest.raises(ReleaseError, match=told):
                load(copy)


@pytest.mark.parametrize(
    ("harm", "language", "told"),
    [
        (damaged("data.nq"), "en", "build the release again."),
        (changed(counts={}), "fr", "ce n’est pas le manifeste d’une version ; reconstruisez-la."),
        (written("{"), "fr", "reconstruisez-la."),
    ],
)
def test_each_command_says_in_a_sentence_that_a_release_is_damaged(
    rallynov, small, harm, language, told
):
    harm(small.path)
    for command in (
        ("query", "stages", "--release"),
        ("query", "stages", "--store", "disk", "--release"),
        ("why", "a", "b", "c", "--release"),
        ("claim", "a", "b", "c", "--release"),
        ("cite", "verify", CITED, "--release"),
        ("export", "--format", "ttl", "--release"),
        ("export", "--all", "--release"),
        ("diff", small.path),
        ("load", "--endpoint", "http://127.0.0.1:9/sparql", "--release"),
        ("mcp", "--release"),
        ("publish", "site", "--release"),
        ("serve", "--port", "0", "--release"),
        ("serve", "--port", "0", "--earlier", small.path, "--release"),
    ):
        ran = rallynov(*command, small.path, "--lang", language)
        last = ran.err.splitlines()[-1]
        assert ran.status == 2 and last.startswith(f"rallynov: {small.path}"), command
        assert last.endswith(told), command
        assert "Traceback" not in ran.err


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
    latest = (out / "LATEST").read_text("utf-8")
    (out / "LATEST").unlink()
    ran = rallynov("check", out)
    assert (ran.status, "LATEST is missing" in ran.err) == (2, True)
    (out / "LATEST").write_text(latest, "utf-8")
    damaged("data.nq")(small.path)
    ran = rallynov("check", out)
    assert ran.status == 2
    assert f"{small.path}: data.nq is not what the manifest says" in ran.err
    assert f"{out}: 1 of 2 releases are damaged: {small.path.name}." in ran.err
    assert f"{newer.path}: every file is what" in ran.out
    ran = rallynov("check", out, "--lang", "fr")
    assert f"{small.path} : data.nq ne correspond pas au manifeste" in ran.err
    (small.path / "manifest.json").unlink()
    ran = rallynov("check", out, "--lang", "fr")
    assert ran.status == 2
    assert f"{small.path} n’a pas de manifest.json" in ran.err
    assert f"abîmées : {small.path.name}." in ran.err


def test_what_cannot_be_checked_is_said(rallynov, tmp_path, standins, monkeypatch):
    (standins.ontology / "shapes.ttl").unlink()
    made = build(tmp_path / "out", data=standins.data, ontology=standins.ontology, checked=False)
    (tmp_path / "empty.ttl").touch()
    (tmp_path / "nothing").mkdir()
    for path, told in (
        (made.path, "no shapes"),
        (
            tmp_path / "empty.ttl",
            "is a file, not a folder: name a release folder, or run rallynov build.\n",
        ),
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path / "nothing", "rallynov build"),
    ):
        ran = rallynov("check", path)
        assert (ran.status, ran.out if path != made.path else "") == (2, "")
        assert told in ran.err

    def denied(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    ran = rallynov("check", made.path)
    assert (ran.status, ran.out) == (2, "")
    assert "Permission denied; change its permissions, or name another" in ran.err
