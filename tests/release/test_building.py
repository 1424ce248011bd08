"""A build of data that outgrow memory: the rules run on disk, and nothing else is different."""

import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

import standin
from made_up_rules import HEADER
from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.whole_files import locked
from rallynov_graph.release import release as releases
from rallynov_graph.release.building import build
from rallynov_graph.release.store_location import DISK_ABOVE
from rallynov_graph.rules import inference, rulebook

ENDLESS = f"""{HEADER}
PREFIX rn: <{RN}>
CONSTRUCT {{ ?new a rn:Rally }} WHERE {{
  ?x a rn:Rally . BIND (IRI(CONCAT(STR(?x), "x")) AS ?new)
}}"""


@pytest.fixture
def on_disk(monkeypatch) -> None:
    """Have whatever is built outgrow memory."""
    monkeypatch.setenv(DISK_ABOVE, "0")


@pytest.fixture
def opened(monkeypatch) -> list[tuple[str, ...]]:
    """Where the rules' stores are; they are filled in many small parts."""
    places: list[tuple[str, ...]] = []
    store = inference.Store

    def watched(*place):
        places.append(place)
        return store(*place)

    monkeypatch.setattr(inference, "Store", watched)
    monkeypatch.setattr(inference, "PART", 300)
    monkeypatch.setattr(inference, "FEW", 100)
    return places


def left_over(out):
    return list(out.glob(".unfinished-*"))


def test_what_is_built_on_disk_is_equal_byte_for_byte(tmp_path, release, on_disk, opened):
    made = build(tmp_path, checked=False)
    [[place]] = opened
    assert place.startswith(str(tmp_path / ".unfinished-"))
    assert made.data.read_bytes() == release.data.read_bytes()
    assert made.id == release.id
    assert not left_over(tmp_path)


FORKING = """
import os, resource, signal, sys
from pathlib import Path
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.rules import inference
from rallynov_graph.release.building import build

out, data, ontology = map(Path, sys.argv[1:])
add = inference._RuleEngine._add

def ended(before):
    child = os.fork()  # the engine's threads are not in a child: only children open a store on disk
    if not child:
        before()
        try:
            build(out, data=data, ontology=ontology, checked=False)
        except ReleaseError as error:
            print(error)
        os._exit(0)
    return os.waitpid(child, 0)[1]

def killed_at(number):
    steps = iter(range(1, 1000))
    def killed(work, quads):
        add(work, quads)
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)
    inference._RuleEngine._add = killed

def full_at(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""


def forking(program, out, sources):
    """Return what is printed by a program that builds in processes of its own."""
    ran = subprocess.run(
        [sys.executable, "-u", "-c", FORKING + program, out, sources.data, sources.ontology],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()


def test_a_kill_while_the_rules_run_leaves_the_old_release_intact(tmp_path, standins, on_disk):
    out = tmp_path / "out"
    old = build(out, data=standins.data, ontology=standins.ontology, checked=False)
    before = standin.hashes(old.path)
    standins.change()
    told = forking(
        """
for number in range(1, 100, 3):
    status = ended(lambda: killed_at(number))
    print(status, (out / "LATEST").read_text().strip(), len([*out.glob(".unfinished-*/rules")]))
    if not os.WIFSIGNALED(status):
        break
""",
        out,
        standins,
    )
    *killed, finished = [line.split() for line in told]
    assert len(killed) > 3
    assert killed == [[str(int(signal.SIGKILL)), old.path.name, "1"]] * len(killed)
    assert finished == ["0", releases.load(out).path.name, "0"]
    assert releases.load(out).id != old.id
    assert standin.hashes(old.path) == before
    assert not left_over(out)


@pytest.mark.parametrize("most", [500, 100_000])
def test_a_disk_that_is_full_for_the_rules_leaves_the_old_release_intact(
    tmp_path, standins, on_disk, most
):
    out = tmp_path / "out"
    old = build(out, data=standins.data, ontology=standins.ontology)
    before = standin.hashes(out)
    told = forking(f"data, ontology = None, None\nended(lambda: full_at({most}))", out, standins)
    full = f"{os.strerror(errno.EFBIG)}; make room, or name one elsewhere."
    assert told == [f"{out}: the release cannot be written: {full}"]
    assert standin.hashes(out) == before
    assert releases.load(out) == old
    assert not left_over(out)


def test_a_rule_that_never_ends_leaves_nothing(tmp_path, on_disk, opened, monkeypatch, capfd):
    monkeypatch.setattr(inference, "MOST", 10)
    monkeypatch.setattr(inference, "MOST_FOR_ONE", 0)
    monkeypatch.setattr(rulebook, "load", lambda: (rulebook.parse("endless", ENDLESS),))
    with pytest.raises(RuleError, match="rule endless"):
        build(tmp_path / "out", checked=False)
    assert opened[0]
    assert not (tmp_path / "out").exists()
    assert capfd.readouterr().err == ""


def test_what_is_still_written_does_not_keep_a_folder_from_being_swept(tmp_path, monkeypatch):
    """The engine's threads go on where a build fails, until its store is given up."""
    left = tmp_path / ".unfinished-x"
    left.mkdir()
    rmdir = os.rmdir

    def written_meanwhile(*args, **named):
        with suppress(FileNotFoundError):
            (left / "late").touch()
        rmdir(*args, **named)

    monkeypatch.setattr(os, "rmdir", written_meanwhile)
    with locked(tmp_path):
        assert not left_over(tmp_path)
