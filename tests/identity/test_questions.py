"""The questions about decisions, answered on data that have some."""

from itertools import chain

import pytest
from pyoxigraph import NamedNode

from expected import short
from identities import decide, graphs_of, read, with_second_naming
from rallynov_graph.base.errors import AmbiguousNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

pytestmark = pytest.mark.usefixtures("uncounted")

SPEAKING = (("a", "alixant"), ("b", "alixant-humain"), ("b", "alixant-themes"))
"""The sets that speak of Pierre Alixant, the last two by his voice, each with its new slug."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The shipped data with a merge and a split: nobody's but this test's."""
    data = with_second_naming(tmp_path_factory.mktemp("asked"))
    decide(data, "same", "person/bruno-herry", "person/b-herry")
    first, *rest = graphs_of(data, "person/pierre-alixant")
    decide(data, "split", "", "person/pierre-alixant", pierre_a=(first,), pierre_b=tuple(rest))
    return data


@pytest.fixture(scope="module")
def store(folder):
    return EmbeddedStore.of_all(chain(read(folder).decided(), building.ontology_of(ontology_dir())))


def answer(store, name, *columns):
    rows = store.select(load()[name].bind({}))
    return [tuple(short(row[column]) for column in columns) for row in rows]


def test_who_decided_what_when_why_and_on_what(store):
    asked = "decision", "conclusion", "kept", "other", "agent", "day", "reason", "evidence"
    common = ("agent/curateurs", "2026-11-28T00:00:00Z")
    evidence = "assertion-set/carnet-2-herry"
    assert answer(store, "identity_decisions", *asked) == [
        (
            *("decision/same-person-bruno-herry-b-herry", "rn:same"),
            *("person/bruno-herry", "person/b-herry", *common, "Raison de same.", evidence),
        ),
        (
            *("decision/split-person-pierre-alixant", "rn:split"),
            *("", "person/pierre-alixant", *common, "Raison de split.", evidence),
        ),
    ]


def test_which_addresses_gave_way_and_which_graphs_speak_of_what(store, folder):
    same, split = "decision/same-person-bruno-herry-b-herry", "decision/split-person-pierre-alixant"
    rows = answer(store, "addresses_that_gave_way", "former", "now", "decision", "graph")
    assert rows == [
        ("person/b-herry", "person/bruno-herry", same, ""),
        *(
            (
                "person/pierre-alixant",
                f"person/pierre-{slug}",
                split,
                f"assertion-set/carnet-2-{it}",
            )
            for slug, it in SPEAKING
        ),
    ]
    voices = """SELECT ?set ?voice WHERE { VALUES ?set {
      <https://w3id.org/rallynov/id/assertion-set/carnet-2-alixant-humain>
    } ?set <https://w3id.org/rallynov/ontology#voice> ?voice } ORDER BY ?set ?voice"""
    assert [short(row["voice"]) for row in store.select(voices)] == ["person/pierre-b"]


def test_a_former_address_means_what_took_its_place(store):
    kept = NamedNode(f"{ID}person/bruno-herry")
    assert thing_names.thing("person/b-herry", store) == kept
    assert thing_names.things(f"{ID}person/b-herry", store) == [kept]
    with pytest.raises(AmbiguousNameError, match=r"person/pierre-a .*person/pierre-b"):
        thing_names.thing("person/pierre-alixant", store)
