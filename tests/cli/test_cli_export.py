"""``rallynov export``."""

import gzip
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import standin
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.exports.packing import SUFFIXES
from rallynov_graph.release.building import build

NAMES = [dump.name for dump in DUMPS]


@pytest.fixture
def kept(rallynov, shipped):
    """The release of the stand-in, kept where export looks for it."""
    return build(Path("releases"))


def test_n_quads_are_the_releases_own_bytes(rallynov, kept):
    assert rallynov("export", "--format", "nq").out == kept.data.read_text("utf-8")


def test_every_dump_is_equal_byte_for_byte_whenever_it_is_made(release):
    code = """\
import hashlib, io, sys
from pathlib import Path
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.exports.packing import SUFFIXES, compressed
from rallynov_graph.release.release import load
release = load(Path(sys.argv[1]))
for dump in DUMPS:
    plain = io.BytesIO()
    dump.write(release, plain, None)
    for how in ("", *SUFFIXES):
        file = io.BytesIO()
        with compressed(file, how) as inner:
            inner.write(plain.getvalue())
        print(dump.name, how, hashlib.sha256(file.getvalue()).hexdigest())
"""
    ran = [
        subprocess.run(
            [sys.executable, "-c", code, release.path],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone, epoch in (("1", "UTC", "0"), ("2", "Asia/Tokyo", "1700000000"))
    ]
    assert ran[0] == ran[1]
    assert len(ran[0].splitlines()) == (1 + len(SUFFIXES)) * len(NAMES)


def test_a_file_appears_whole(rallynov, kept):
    ran = rallynov("export", "--format", "nq", "--out", "out.nq")
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert Path("out.nq").read_bytes() == kept.data.read_bytes()
    digest = hashlib.sha256(kept.data.read_bytes()).hexdigest()
    assert Path("out.nq.sha256").read_text("ascii") == f"{digest}  out.nq\n"
    assert Path("out.nq").stat().st_mode & 0o777 == Path("releases/LATEST").stat().st_mode & 0o777


@pytest.mark.parametrize(("how", "suffix"), SUFFIXES.items())
def test_what_is_compressed_is_the_same_within(rallynov, kept, how, suffix):
    rallynov("export", "--format", "nt", "--out", "out.nt")
    rallynov("export", "--format", "nt", "--out", f"out.nt{suffix}")
    rallynov("export", "--format", "nt", "--compress", how, "--out", "named")
    assert Path("named").read_bytes() == Path(f"out.nt{suffix}").read_bytes()
    assert gzip.decompress(Path("named").read_bytes()) == Path("out.nt").read_bytes()


def test_all_downloads_are_made_beside_the_release(rallynov, kept):
    ran = rallynov("export", "--all", "--release", "releases")
    assert (ran.status, ran.err) == (0, "")
    made = [Path(line) for line in ran.out.splitlines()]
    assert all(path.is_file() and path.is_relative_to(kept.path) for path in made)
    assert {path.name for path in made} >= {dump.file for dump in DUMPS}


def test_what_xml_cannot_write_is_said(rallynov, forbidden):
    options = ("--release", forbidden.path, "--out", "out")
    ran = rallynov("export", "--format", "gexf", *options)
    assert ran.status == 0
    assert "characters that GEXF cannot represent were replaced by U+FFFD" in ran.err
    ran = rallynov("export", "--format", "rdfxml", "--release", forbidden.path, "--out", "out.rdf")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "take another format" in ran.err
    assert {path.name for path in Path().iterdir()} == {"out", "out.sha256"}


def test_a_full_disk_behind_standard_output_is_said_in_one_sentence(release):
    for name in ("nq", "csv"):
        command = [Path(sys.executable).with_name("rallynov"), "export", "--format", name]
        with Path("/dev/full").open("wb") as full:
            ran = subprocess.run(
                [*command, "--release", release.path],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert "No space left on device" in ran.stderr


def test_a_failed_export_leaves_the_old_file_and_nothing_half(rallynov, kept, monkeypatch):
    Path("out.ttl").write_text("old", "utf-8")

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rallynov_graph.exports.rdf_dumps.write", full)
    before = sorted(Path().iterdir())
    ran = rallynov("export", "--format", "ttl", "--out", "out.ttl")
    assert ran.status == 2
    assert "out.ttl" in ran.err
    assert "No space left" in ran.err
    assert Path("out.ttl").read_text("utf-8") == "old"
    assert sorted(Path().iterdir()) == before


def test_without_a_release_the_shipped_data_are_built_elsewhere(rallynov, shipped):
    ran = rallynov("export", "--format", "nt")
    assert ran.status == 0
    assert "https://example.org/rally" in ran.out
    assert list(Path().iterdir()) == []


def test_a_release_made_from_other_sources_is_not_taken_for_the_shipped_data(
    rallynov, kept, shipped
):
    shipped.change()
    assert "Toute première" in rallynov("export", "--format", "nt").out


def test_a_release_can_be_named(rallynov, tmp_path):
    sources = standin.make(tmp_path / "other")
    named = build(tmp_path / "out", data=sources.data, ontology=sources.ontology)
    for folder in (named.path, tmp_path / "out"):
        ran = rallynov("export", "--format", "nq", "--release", folder)
        assert ran.out == named.data.read_text("utf-8")


def test_a_pipe_is_written_to_and_not_replaced(rallynov, kept):
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as reader, ThreadPoolExecutor(1) as pool:
        content = pool.submit(reader.read)
        ran = rallynov("export", "--format", "nq", "--out", f"/dev/fd/{writes}")
        os.close(writes)
    assert (ran.status, ran.err) == (0, "")
    assert content.result() == kept.data.read_bytes()


def piped(release, reader, name="nt", **surroundings):
    script = Path(sys.executable).with_name("rallynov")
    line = f"'{script}' export --format {name} --release '{release.path}' | {reader}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reader_that_leaves_ends_the_export_quietly_and_a_slow_one_gets_everything(release):
    for name in ("nt", "jsonld", "csv", "sqlite --compress gzip"):
        ran = piped(release, "head -c 1", name)
        assert (ran.stderr, ran.returncode) == ("", 141), name
    ran = piped(release, "(sleep 0.2; wc -l)", PYTHONUNBUFFERED="1")
    assert int(ran.stdout) == release.manifest.counts["triples"]
