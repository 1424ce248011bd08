"""The synthetic graphs of the benchmark: the same each time, and like the real ones."""

import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from rallynov_graph.engines.embedded import EmbeddedStore
from rallynov_graph.namespaces import RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.releases.building import build
from rallynov_graph.releases.release import Release

BENCH = Path(__file__).parents[1] / "bench"


@pytest.fixture(scope="module")
def generate():
    sys.path.insert(0, str(BENCH))
    try:
        import generate

        return generate
    finally:
        sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def synthetic(generate, tmp_path_factory) -> Release:
    folder = tmp_path_factory.mktemp("synthetic")
    return build(folder / "out", data=generate.write(3000, folder, 1), checked=False)


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


def test_the_questions_find_what_is_synthetic(synthetic, store):
    larger = EmbeddedStore.of_release(synthetic)
    for name in ("organisations_and_themes", "stages", "testimonies"):
        query = load()[name].bind()
        assert len(larger.select(query)) > len(store.select(query)) + 10
