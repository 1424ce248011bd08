"""Curated data that a process holds: rules, shapes and checks of a change."""

import os
import random

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

import shacl_cases
import two_letters
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, SHAPES_GRAPH
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.held_content import HeldContent

CASES = int(os.environ.get("RALLYNOV_SHACL_CASES", "4"))
TYPE = NamedNode(f"{PREFIXES['rdf']}type")


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


def test_what_a_change_brings_is_told_in_the_words_of_a_whole_validation(held):
    """A misspelt theme, a term that its list lacks, and a set that nothing describes."""
    file = next(path for path in sources.files_under(data_dir()) if path.stem == "etape-bge")
    quads = list(sources.quads([file]))
    themed = next(q for q in quads if q.object == NamedNode(f"{ID}theme/gouvernance"))
    kind = next(q for q in quads if q.predicate == NamedNode(f"{RN}nature"))
    wrong = {
        Quad(*themed.triple, NamedNode(f"{themed.graph_name.value}s")),
        with_value(themed, "theme/gouvernence"),
        with_value(kind, "nature/coutume"),
    }
    quads_now = {*building.written(data_dir()), *wrong}
    content = building.Content(
        building.files_of(data_dir()), quads_now, held._ontology, ontology_dir(), frozenset()
    )
    whole = building.check(
        content.files, building.completed(content).data, content.ontology, ontology_dir()
    )
    wanted = {(it.shape, it.focus, it.value): it.messages for it in whole.results}
    told = held.told(held.change((), wrong).brought).results
    hinted = [it for it in told if "Vouliez-vous dire" in it.messages["fr"]]
    assert {it.shape.rpartition("-")[2] for it in hinted} == {
        "link_leads_somewhere",
        "graph_has_a_kind",
    }
    assert [it.messages for it in told] == [wanted[it.shape, it.focus, it.value] for it in told]
    held.change(wrong, ())


def with_value(quad, value):
    return Quad(quad.subject, quad.predicate, NamedNode(ID + value), quad.graph_name)


def identity_decision():
    """Return the decision that two people of the carnet are one, in a graph of its own."""
    one = NamedNode(f"{ID}decision/one")
    said = {
        TYPE: f"{RN}IdentityDecision",
        NamedNode(f"{RN}identity"): f"{RN}same",
        NamedNode(f"{RN}kept"): f"{ID}person/francis-ginsbourger",
        NamedNode(f"{RN}other"): f"{ID}person/pascal-mollier",
    }
    return {Quad(one, prop, NamedNode(value), one) for prop, value in said.items()}


def random_change(rng, quads):
    """Return statements of the data to take out, and others mixed of two of theirs to put in."""
    by_property = {}
    for quad in sorted(quads, key=str):
        by_property.setdefault(quad.predicate, []).append(quad)
    properties = sorted(by_property, key=str)
    gone, come = set(), set()
    for _ in range(rng.randrange(1, 8)):
        one, other, third = (rng.choice(by_property[rng.choice(properties)]) for _ in range(3))
        gone.add(other)
        like = rng.choice(by_property[one.predicate])
        graph = rng.choice((one, like, third)).graph_name
        come.add(Quad(one.subject, one.predicate, like.object, graph))
    return gone - come, come


def completed(quads, ontology):
    """Return the statements as a build completes them; None where it refuses them."""
    content = building.Content((), decided(quads), ontology, ontology_dir(), frozenset())
    try:
        return set(building.completed(content).data)
    except SourceError:
        return None


def test_after_random_changes_the_data_are_completed_as_a_build_completes_them(tmp_path):
    """Decisions, standing, rules and who concluded what follow each change, or refuse it."""
    data = two_letters.beside_carnet(tmp_path / "data")
    held, quads = HeldContent(data, ontology_dir()), set(building.written(data))
    aside = {DefaultGraph(), NamedNode(SHAPES_GRAPH), *(q.graph_name for q in held._ontology)}
    rng = random.Random(CASES)
    changes = [(set(), identity_decision()), *(random_change(rng, quads) for _ in range(CASES))]
    for number, (gone, come) in enumerate(changes):
        changed = (quads - gone) | come
        whole = completed(changed, held._ontology)
        if whole is None:
            with pytest.raises(SourceError):
                held.change(gone, come)
        else:
            held.change(gone, come)
            quads = changed
            stored = (q for q in held._held._store.quads() if q.graph_name not in aside)
            assert set(stored) == whole, number
