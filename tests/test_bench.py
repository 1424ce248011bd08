"""The benchmarks start, and measure graphs that are made up as a real one is."""

import csv
import importlib
import json
import re
import shutil
import subprocess
import sys

import pytest

from places import ROOT
from rallynov_graph.base.namespaces import RN, SHAPES
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation import report

BENCH = ROOT / "bench"
STARTED = """\
import contextlib, io, pathlib, runpy, sys
sys.path.insert(0, sys.argv[1])
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    if "argparse" in file.read_text("utf-8"):
        sys.argv = [str(file), "--help"]
        told = io.StringIO()
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(told):
            runpy.run_path(str(file), run_name="__main__")
        assert told.getvalue().startswith("usage: "), file
        print(file.stem)
"""


def module(name):
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


def test_each_measurement_starts():
    """Nothing else runs them: a module that was moved would only be missed by who measures."""
    command = [sys.executable, "-c", STARTED, str(BENCH)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.split()) > 10


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory) -> Release:
    """Two carnets: organisations of the first come back in the second."""
    folder = tmp_path_factory.mktemp("synthetic")
    return build(folder / "out", data=module("generate").write(6000, folder, 1))


def test_what_is_synthetic_is_found_at_fault_by_no_rule_and_answers_an_analyst(synthetic):
    """It is built checked; no warning is about a thing of its own, but for its names in a row."""
    (folder,) = synthetic.path.glob("derived-*")
    found = report.from_json((folder / "report.json").read_text("utf-8"))
    alike = f"{SHAPES}check-things_are_not_alike"
    assert {f.shape for f in found.results if "/bench-" in str(f.focus)} <= {alike}
    assert {more.rule for more in found.more} <= {alike}
    store = EmbeddedStore.of_release(synthetic)
    few = {"people_by_name", "names_with_a_word"}  # two carnets
    asked = module("service").others()
    assert {name for name, query in asked.items() if not store.select(query).rows} <= few


def test_what_is_measured_of_a_release_is_still_there(synthetic):
    for measure in ("load", "why", "facets", "pages"):
        command = [sys.executable, BENCH / "measure.py", measure, synthetic.path, "memory"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout)


def test_a_corpus_builds_through_the_gate_and_its_people_come_back(tmp_path):
    """What a document announces, the next one reports; whoever is named twice is one thing."""
    corpus = module("generate_corpus").write(3, tmp_path / "corpus", 1, decided=True)
    data = build(tmp_path / "out", data=corpus).data.read_text("utf-8")
    assert "/id/standing/bench-3-annonce-1-etape-superseded-by-" in data
    with (corpus.parent / "truth.csv").open(encoding="utf-8", newline="") as file:
        of_entity = {}
        for address, entity in csv.reader(file):
            of_entity.setdefault(entity, []).append(address)
    later = [address for addresses in of_entity.values() for address in addresses[1:]]
    assert later
    for address in later:
        assert f"/id/{address}> <http://purl.org/dc/terms/isReplacedBy>" in data
    assert not re.search(rf"/id/{later[0]}> <{RN}nameAsPrinted>", data)

    undecided = tmp_path / "undecided"
    shutil.copytree(corpus, undecided / "data", ignore=shutil.ignore_patterns("identities.nq"))
    shutil.copy(corpus.parent / "truth.csv", undecided)
    found = module("measure").proposals(str(undecided))
    assert found["things"] < found["addresses"] and found["pairs"] > 10
    assert 0.9 < found["precision"] <= 1 and 0.9 < found["recall"] <= 1
