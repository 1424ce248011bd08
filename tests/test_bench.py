"""The synthetic graphs of the benchmark: the same each time, and like the real ones."""

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
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.validation import report

BENCH = ROOT / "bench"


def module(name):
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


PROGRAMS = sorted(p.name for p in BENCH.glob("*.py") if "argparse" in p.read_text("utf-8"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_measurement_starts(program):
    """Nothing else runs them: a module that was moved would only be missed by who measures."""
    command = [sys.executable, str(BENCH / program), "--help"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("usage: "), ran.stderr


@pytest.fixture(scope="module")
def generate():
    return module("generate")


@pytest.fixture(scope="module")
def synthetic(generate, tmp_path_factory) -> Release:
    """Two carnets: organisations of the first come back in the second."""
    folder = tmp_path_factory.mktemp("synthetic")
    return build(folder / "out", data=generate.write(6000, folder, 1))


def test_the_same_seed_gives_the_same_bytes(generate):
    ones, others = ("".join(generate.lines(3000, seed)) for seed in (1, 1))
    assert ones == others
    assert "".join(generate.lines(3000, 2)) != ones


def test_what_is_synthetic_is_found_at_fault_by_no_rule(synthetic):
    """It is built checked; no warning is about a thing of its own, but for its names in a row."""
    (folder,) = synthetic.path.glob("derived-*")
    found = report.from_json((folder / "report.json").read_text("utf-8"))
    alike = f"{SHAPES}check-things_are_not_alike"
    assert {f.shape for f in found.results if "/bench-" in str(f.focus)} <= {alike}
    assert {more.rule for more in found.more} <= {alike}


def test_the_questions_find_what_is_synthetic(synthetic, store):
    larger = EmbeddedStore.of_release(synthetic)
    for name in ("organisations_and_themes", "stages", "testimonies"):
        query = load()[name].bind()
        assert len(larger.select(query)) > len(store.select(query)) + 10


@pytest.mark.parametrize("measure", ["load", "why", "facets", "pages"])
def test_what_is_measured_of_a_release_is_still_there(synthetic, measure):
    command = [sys.executable, BENCH / "measure.py", measure, synthetic.path, "memory"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)


@pytest.fixture(scope="module")
def answers():
    return module("answers")


def test_answers_are_compared_whatever_their_order_and_spelling(answers):
    def table(*values):
        cells = [{"n": {"type": "literal", **value}} for value in values]
        told = {"head": {"vars": ["n"]}, "results": {"bindings": cells}}
        return answers.rows(json.dumps(told).encode())

    xsd = "http://www.w3.org/2001/XMLSchema#"
    one, decimal, two = (
        {"value": value, "datatype": xsd + kind}
        for value, kind in (("1", "integer"), ("1.0", "decimal"), ("2", "integer"))
    )
    assert table(one, two) == table(two, decimal)
    assert table(one, two) != table(one, two, two)
    assert table(one) != table({"value": "1"})
    assert table({"value": "a", "xml:lang": "FR"}) == table({"value": "a", "xml:lang": "fr"})
    graph = answers.triples(b"_:a <urn:p> _:b . _:b <urn:q> 1 .")
    assert graph == answers.triples(b"_:x <urn:q> 1 . _:y <urn:p> _:x .")
    assert graph != answers.triples(b"_:x <urn:q> 1 . _:y <urn:p> _:y .")


@pytest.fixture(scope="module")
def service():
    return module("service")


def test_each_question_of_an_analyst_finds_something(service, synthetic):
    store = EmbeddedStore.of_release(synthetic)
    asked = service.others()
    assert len(asked) == 22
    few = {"people_by_name", "names_with_a_word"}  # two carnets
    assert {name for name, query in asked.items() if not store.select(query).rows} <= few


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Three documents in which people and organisations come back, and who is who is decided."""
    return module("generate_corpus").write(3, tmp_path_factory.mktemp("corpus"), 1, decided=True)


def test_a_corpus_is_the_same_each_time(corpus, tmp_path):
    again = module("generate_corpus").write(3, tmp_path, 1, decided=True)
    for name in ("carnets/bench-3.nq", "identities.nq"):
        assert (again / name).read_bytes() == (corpus / name).read_bytes()


def test_a_corpus_builds_through_the_gate_and_its_people_come_back(corpus, tmp_path):
    """What a document announces, the next one reports; whoever is named twice is one thing."""
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


def test_proposals_are_compared_with_the_truth(corpus, tmp_path):
    """Of pairs that are one in truth, those count as found that right pairs connect."""
    data = tmp_path / "data"
    shutil.copytree(corpus, data)
    (data / "identities.nq").unlink()
    shutil.copy(corpus.parent / "truth.csv", tmp_path)
    found = module("measure").proposals(str(tmp_path))
    assert found["things"] < found["addresses"] and found["pairs"] > 10
    assert 0.9 < found["precision"] <= 1 and 0.9 < found["recall"] <= 1
    nobody = (tmp_path / "truth.csv").read_text("utf-8").splitlines()
    alone = "\n".join(f"{line.partition(',')[0]},{n}" for n, line in enumerate(nobody))
    (tmp_path / "truth.csv").write_text(alone, "utf-8")
    found = module("measure").proposals(str(tmp_path))
    assert found["precision"] == 0 and found["recall"] is None
