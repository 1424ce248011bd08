"""Huge and hostile data and shapes: a clear error, or an answer, in bounded time and memory."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import Ran

HEAD = """\
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    HEAD + ":Shape a sh:NodeShape ; sh:targetClass :Thing ; "
    'sh:property [ sh:path :size ; sh:datatype xsd:integer ; sh:message "A size."@en ] .'
)
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e.org/"'
MEGABYTE = 1 << 20
MEASURED = """\
import re, resource, sys
from pathlib import Path
from rallynov_graph.cli.main import main
try:
    main(sys.argv[1:])
finally:
    status = Path("/proc/self/status").read_text()
    own = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1])
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    Path("peak").write_text(str(max(own, of_children)))
"""
"""The command line, which leaves behind how much memory it had at most, or a process of its own."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status, what it said, and its memory at most."""

    status: int
    out: str
    err: str
    peak: int


Validate = Callable[..., Ended]
Rallynov = Callable[..., Ran]


@pytest.fixture
def validate(tmp_path: Path) -> Validate:
    """Run ``rallynov validate`` in a process of its own, in the test's folder."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")

    def run(*arguments: str, shapes: str = "shapes.ttl") -> Ended:
        command = [sys.executable, "-c", MEASURED, "validate", "--shapes", shapes, *arguments]
        ended = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )
        peak = int((tmp_path / "peak").read_text()) * 1024
        return Ended(ended.returncode, ended.stdout, ended.stderr, peak)

    return run


def refused(ended: Ended, told: str) -> None:
    assert ended.status == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1, "one sentence, and no traceback"


def test_entities_that_swell_do_not_fill_memory(tmp_path: Path, validate: Validate) -> None:
    levels = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    text = f'<!DOCTYPE r [<!ENTITY a "{"x" * 1000}">{levels}]>{XML}>'
    (tmp_path / "bomb.rdf").write_text(
        f'{text}<rdf:Description rdf:about="https://e.org/a"><e:p>&j;</e:p></rdf:Description>'
        "</rdf:RDF>",
        "utf-8",
    )
    ended = validate("bomb.rdf")
    refused(ended, "bomb.rdf, line 1")
    assert ended.peak < 150 * MEGABYTE


def test_triple_terms_within_triple_terms_do_not_fill_memory(
    tmp_path: Path, validate: Validate
) -> None:
    deep = "<<( <e:s> <e:p> " * 5000 + "1" + " )>>" * 5000
    (tmp_path / "deep.ttl").write_text(f"<e:a> <e:p> {deep} .", "utf-8")
    ended = validate("deep.ttl")
    refused(ended, "deep.ttl: triple terms in it are nested more than 10 levels deep")
    assert ended.peak < 150 * MEGABYTE


def around(name: str, value: str) -> str:
    return {
        "a.ttl": f'{HEAD}:a a :Thing ; :size "{value}" .',
        "a.nt": f'<https://e.org/a> <https://e.org/p> "{value}" .\n',
        "a.rdf": f'{XML}><rdf:Description rdf:about="https://e.org/a"><e:p>{value}</e:p>'
        "</rdf:Description></rdf:RDF>",
        "a.jsonld": f'{{"@id": "https://e.org/a", "https://e.org/p": "{value}"}}',
    }[name]


def test_a_huge_value_is_refused(tmp_path: Path, validate: Validate, rallynov: Rallynov) -> None:
    told = "a value or an element in it is longer than 16 MiB"
    for name in ("a.nt", "a.rdf", "a.jsonld"):
        (tmp_path / name).write_text(around(name, "x" * 20 * MEGABYTE), "utf-8")
        ran = rallynov("validate", tmp_path / name)
        assert (ran.status, told in ran.err, ran.err.count("\n")) == (2, True, 1)
    (tmp_path / "a.ttl").write_text(around("a.ttl", "x" * 100 * MEGABYTE), "utf-8")
    ended = validate("a.ttl")
    refused(ended, f"a.ttl: {told}")
    assert ended.peak < 500 * MEGABYTE


def test_a_long_value_is_found_and_told_shortly(tmp_path: Path, validate: Validate) -> None:
    (tmp_path / "a.ttl").write_text(around("a.ttl", "x" * 15_000_000), "utf-8")
    ended = validate("a.ttl")
    assert ended.status == 1
    assert "Violation: a.ttl, line 4: <https://example.org/a>" in ended.out
    assert "(15000000 characters)" in ended.out
    assert len(ended.out) < 1000
    assert ended.peak < 500 * MEGABYTE


def test_hundreds_of_thousands_of_namespaces_are_read(tmp_path: Path, validate: Validate) -> None:
    names = "".join(f"@prefix p{i}: <e:{i}/> .\n" for i in range(300_000))
    (tmp_path / "a.ttl").write_text(f"{HEAD}{names}:a a :Thing ; :size 1 .\n", "utf-8")
    ended = validate("a.ttl")
    assert (ended.status, ended.err) == (0, "")
    assert ended.peak < 400 * MEGABYTE


NOT_DONE = "The check was not finished after 1 seconds: the shapes may loop"
BITES = "loop.ttl, line 4: the shape https://example.org/Shape cannot be used: List contains"
LOOPS = {
    "a class above itself, and shapes of shapes without end": (
        ":Thing <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Thing ."
        ":Shape sh:and ( :A0 :A0 :A0 :A0 ) . "
        + " ".join(f":A{i} sh:and ( {f':A{i + 1} ' * 4} ) ." for i in range(11))
        + " :A11 sh:nodeKind sh:IRI .",
        "",
    ),
    "a list that bites its tail": (
        ":Shape sh:or _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> :Shape ; "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .",
        BITES,
    ),
    "a pattern that never stops looking": (
        ':Shape sh:property [ sh:path :name ; sh:pattern "^(a+)+$" ] .',
        NOT_DONE,
    ),
    "a query over everything": (
        ':Shape sh:sparql [ sh:message "x" ; sh:select "SELECT $this WHERE { '
        + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9))
        + f" FILTER (CONCAT({', '.join(f'STR(?a{i})' for i in range(9))}) = '') }}"
        + '" ] .',
        NOT_DONE,
    ),
}


@pytest.mark.parametrize(("loop", "fault"), LOOPS.values(), ids=LOOPS)
def test_shapes_that_loop_come_to_an_end(
    loop: str, fault: str, tmp_path: Path, validate: Validate
) -> None:
    """It ends by itself with the right answer, or one sentence says why not."""
    shapes = f"{HEAD}:Shape a sh:NodeShape ; sh:targetClass :Thing . {loop}"
    (tmp_path / "loop.ttl").write_text(shapes, "utf-8")
    things = " ".join(f":a{i} a :Thing ; :next :a{(i + 1) % 9} ." for i in range(9))
    (tmp_path / "a.ttl").write_text(f'{HEAD}{things} :a0 :name "{"a" * 40}!" .', "utf-8")
    ended = validate("--timeout", "1" if fault == NOT_DONE else "100", "a.ttl", shapes="loop.ttl")
    assert ended.peak < 300 * MEGABYTE
    if fault:
        refused(ended, fault)
    else:
        assert (ended.status, ended.err) == (0, "")
        assert "The data conform: " in ended.out


def test_data_full_of_faults_have_a_report_that_one_can_read(
    tmp_path: Path, validate: Validate
) -> None:
    """``bench/shacl_validators.py --faults`` does the same with a million."""
    number = 5_000
    with (tmp_path / "many.ttl").open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(f':t{n} a :Thing ; :size "small" .\n' for n in range(number))
    ended = validate("many.ttl")
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.count("Violation: ") == 100
    assert f"… and {number - 100} more for this rule: https://example.org/Shape" in ended.out
    assert f"do not conform: {number} violations" in ended.out
    assert ended.peak < 200 * MEGABYTE


KILLED = """\
import os, signal, sys
from rallynov_graph.cli.main import main
from rallynov_graph.validation import graph_checks
graph_checks._findings = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
main(sys.argv[1:])
"""
"""The command line, killed when the shapes are done and the first check begins."""


def test_a_killed_run_passes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text(f"{HEAD} :g {{ :a a :Thing }}", "utf-8")
    for arguments in (("validate", "a.trig"), ("build", "--out", "out")):
        command = [sys.executable, "-c", KILLED, *arguments]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")
    left = {path.name for path in (tmp_path / "out").glob("[!.]*")}
    assert not left, "a release is there that was never held to the rules to the end"
