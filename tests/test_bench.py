"""The synthetic graphs of the benchmark: the same each time, and like the real ones."""

import csv
import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from behind import behind, truth
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


def test_each_fact_has_its_set_with_passage_certainty_and_voice(generate):
    quads = list(parse("".join(generate.lines(3000, 1)), format=RdfFormat.N_QUADS))
    graphs = {q.graph_name for q in quads if "assertion-set" in q.graph_name.value}
    assert len(graphs) > 100
    for predicate in ("passage", "certainty", "voice"):
        said = {q.subject for q in quads if q.predicate == NamedNode(RN + predicate)}
        assert graphs <= said


def test_an_organisation_that_comes_back_is_named_again(generate):
    quads = parse("".join(generate.lines(6000, 1)), format=RdfFormat.N_QUADS)
    printed = NamedNode(f"{RN}nameAsPrinted")
    named = [q.subject for q in quads if q.predicate == printed and "/organisation/" in str(q)]
    assert len(set(named)) < len(named)


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


def test_steps_of_a_corpus_that_was_made_are_measured_one_by_one(synthetic, tmp_path):
    """What was measured before stays in the table, and the corpus as it is."""
    made, out = tmp_path / "made", tmp_path / "results"
    made.mkdir()
    (made / "d2").symlink_to(synthetic.path.parents[1])
    before = sorted(synthetic.path.rglob("*"))
    command = [sys.executable, str(BENCH / "corpus.py"), "--documents", "2", "--made", str(made)]
    for step in ("load", "size"):
        ran = [*command, "--steps", step, "--out", str(out)]
        subprocess.run(ran, cwd=ROOT, check=True, capture_output=True)
    told = (out / "results.md").read_text("utf-8")
    assert re.search(r"\| load \| [\d.]+ ms \|", told)
    assert "| validate | not measured |" in told
    assert sorted(synthetic.path.rglob("*")) == before


@pytest.fixture(scope="module")
def client():
    return module("load")


@pytest.fixture(scope="module")
def drawing():
    return module("drawing")


@pytest.mark.parametrize("program", ["wrk", None])
def test_a_rate_counts_what_was_answered(client, data_server, program, monkeypatch):
    if program and not shutil.which(program):
        pytest.skip("wrk is not installed; ours is used instead")
    monkeypatch.setattr(client.shutil, "which", lambda name: program)
    asked = ["ASK { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o }"]
    found = client.rate(data_server.endpoint, asked, seconds=1, connections=2)
    assert found.requests > 10
    assert found.failed == 0
    assert 0 < found.p50 <= found.p99
    assert client.rate(data_server.endpoint, ["nonsense"], seconds=1, connections=2).failed > 0


@pytest.mark.parametrize("program", ["wrk", None])
def test_queries_are_posted_too(client, data_server, program, monkeypatch):
    if program and not shutil.which(program):
        pytest.skip("wrk is not installed; ours is used instead")
    monkeypatch.setattr(client.shutil, "which", lambda name: program)
    how = {"seconds": 1, "connections": 2, "post": True}
    found = client.rate(data_server.endpoint, ["ASK { ?s ?p ?o }"], **how)
    assert found.requests > 10
    assert found.failed == 0
    assert client.rate(data_server.endpoint, ["nonsense"], **how).failed > 0


@pytest.mark.parametrize("program", ["wrk", None])
def test_a_request_has_the_headers_of_a_proxy(client, program, monkeypatch):
    if program and not shutil.which(program):
        pytest.skip("wrk is not installed; ours is used instead")
    monkeypatch.setattr(client.shutil, "which", lambda name: program)
    said = {"X-Forwarded-For": "192.0.2.7"}
    with behind() as server:
        client.rate(server.url, ["ASK {}"], seconds=1, connections=2, post=True, headers=said)
    assert server.last["x-forwarded-for"] == "192.0.2.7"
    assert server.last["accept"] == client.JSON


def test_two_servers_change_places_each_time(service):
    """What comes first may find the machine busier, or itself less warm, than what comes second."""
    assert service._turns(3) == [(0, 1), (1, 0), (0, 1)]


@pytest.fixture(scope="module")
def answers():
    return module("answers")


def test_no_text_is_sent_twice(client, answers):
    with behind() as server:
        seen = []
        server.answer = seen.append
        for _ in range(3):
            client.latency(server.url, "ASK {}", 5)
            answers.of(server.url, "ASK {}", 5)
    assert len(seen) == len(set(seen)) == 6


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


def test_what_is_answered_otherwise_is_never_reached(service, client, drawing):
    with behind(lambda _: truth(True)) as one, behind(lambda _: truth(False)) as other:
        plan = service.Plan(1, 1, 5, 0)
        [same] = service.latencies(one.url, one.url, plan, "Virtuoso", {"a": "ASK {}"}, 1)
        [differs] = service.latencies(one.url, other.url, plan, "Virtuoso", {"a": "ASK {}"}, 1)
    assert (same.wrong, same.is_reached) == (False, True)
    assert (differs.wrong, differs.is_reached) == (True, False)
    assert service.WRONG in differs.note


def test_each_question_of_an_analyst_finds_something(service, synthetic):
    store = EmbeddedStore.of_release(synthetic)
    asked = service.others()
    assert len(asked) == 22
    few = {"people_by_name", "names_with_a_word"}  # two carnets
    assert {name for name, query in asked.items() if not store.select(query).rows} <= few


def test_aims_are_written_once(service):
    """What the decision tells is what the bench reads, row by row."""
    page = (BENCH.parent / "docs/decisions/0008-the-service-beside-its-peers.md").read_text("utf-8")
    told = {
        cells[1]: cells[3]
        for cells in (re.split(r" *\| *", line) for line in page.splitlines())
        if len(cells) > 4 and re.fullmatch(r"[≤≥] [\d.]+", cells[3])
    }
    aimed = tomllib.loads((BENCH / "aims.toml").read_text("utf-8"))
    known = {
        name
        if peer == service.OURS
        else f"{name}, {peer}": f"{'≤' if isinstance(aim, dict) else '≥'} "
        f"{aim['most'] if isinstance(aim, dict) else aim:g}"
        for peer, aims in aimed.items()
        for name, aim in aims.items()
    }
    assert told.items() <= known.items()
    assert {name for name in known if name.endswith(service.MEMORY)} <= told.keys()
    source = (BENCH / "service.py").read_text("utf-8")
    for name in {name for aims in aimed.values() for name in aims} - {*service.heavy()}:
        stem = name.replace("22", "{len(compared)}").removeprefix("data").removeprefix("page of")
        assert stem.strip() in source or name in source, f"no row is called {name!r}"


def test_a_query_that_is_not_finished_has_no_latency(client, data_server):
    endless = (
        "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(20)) + "}"
    )
    assert client.latency(data_server.endpoint, endless, 0.3) is None
    assert client.latency(data_server.endpoint, "ASK {}", 5) < 5


def test_the_table_says_what_was_reached_and_the_chart_is_svg(drawing):
    rows = [
        drawing.Row("a <b>", "latency", 5, 4.0, "1 s", "4 s"),
        drawing.Row("c", "latency", 20, 25.0, bound=True),
        drawing.Row("d", "ms", 0.3, 0.2, less=True),
        drawing.Row("e", "latency", 5, None),
    ]
    told = drawing.table({1000: rows})
    assert "| a <b> | latency | ≥ 5 | 4.00 | no |" in told
    assert "| > 25.00 | yes |" in told
    assert "| d | ms | ≤ 0.3 | 0.20 | yes |" in told
    assert "not finished | no" in told
    assert ElementTree.fromstring(drawing.chart({1000: rows})).tag.endswith("svg")


def test_the_workbenchs_figures_say_which_aims_are_missed():
    figure = module("workbench").Figure
    found = [figure.of("keys", "ms", 100, range(1, 101)), figure.of("rows", "s", 1, [0.5, 1.25])]
    assert [(it.middle, it.p95, it.is_met) for it in found] == [
        (50.5, 96, True),
        (0.875, 1.25, False),
    ]
    told = module("workbench").table(found, 3.14).splitlines()
    assert told[2] == "| keys | 50.5 ms | 96 ms | 100 ms |"
    assert told[3] == "| rows | 0.875 s | 1.25 s | 1 s (missed) |"
    assert told[5].endswith("a load average of 3.1.")


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
