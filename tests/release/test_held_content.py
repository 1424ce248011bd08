"""Curated data that a process holds: rules, shapes and checks of a change."""

import random

import pytest
from pyoxigraph import Quad

import shacl_cases
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.held_content import HeldContent


@pytest.fixture(scope="module")
def held():
    return HeldContent(data_dir(), ontology_dir())


def asserted():
    return sorted(building.read(data_dir(), ontology_dir()).data, key=str)


def test_the_data_as_they_are_have_the_report_of_a_build(held):
    content = building.completed(building.read(data_dir(), ontology_dir()))
    wanted = building.check((), content.data, content.ontology, ontology_dir())
    assert {f.shape for f in held.report().results} == {f.shape for f in wanted.results}
    assert held.report().counts == wanted.counts


def test_a_change_is_told_as_a_whole_validation_finds_it_and_taken_back(held, tmp_path):
    rng, before = random.Random(3), held.report()
    quads = asserted()
    gone = set(rng.sample(quads, 10))
    odd = {
        Quad(q.subject, q.predicate, shacl_cases.odd_term(rng, [q.object]), q.graph_name)
        for q in sorted(gone, key=str)
    }
    first = held.change(gone, odd)
    content = building.Content(
        (), sorted((set(quads) - gone) | odd, key=str), held._ontology, ontology_dir(), frozenset()
    )
    whole = building.check((), building.completed(content).data, content.ontology, ontology_dir())
    assert held.report().counts == whole.counts
    assert first.brought
    held.change(odd, gone)
    assert held.report() == before


def test_a_graph_takes_the_place_of_the_one_of_its_name(held):
    file = next(path for path in sources.files_under(data_dir()) if path.stem == "etape-bge")
    quads = list(sources.quads([file]))
    assert held.replace_graphs(quads) == held.change((), ())
    kept = [quad for quad in quads if not quad.predicate.value.endswith("#label")]
    assert held.replace_graphs(kept).brought
    assert held.replace_graphs(quads).healed
