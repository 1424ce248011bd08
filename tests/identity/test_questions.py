"""The questions about decisions, answered on data that have one of each kind."""

import pytest
from flask import Flask
from pyoxigraph import NamedNode

from expected import short
from rallynov_graph.base.errors import AmbiguousNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from told_otherwise import KEPT, MERGED, PARTS, SPLIT

SPEAKING = (("2", "alixant"), ("3", "alixant-humain"), ("3", "alixant-themes"))
"""The sets that speak of Pierre Alixant, the last two by his voice, each with its new address."""


@pytest.fixture(scope="module")
def store(told_otherwise: Flask) -> EmbeddedStore:
    return told_otherwise.extensions["site"].graph.queries.store


def answer(store, name, *columns):
    rows = store.select(load()[name].bind({}))
    return [tuple(short(row[column]) for column in columns) for row in rows]


def test_who_decided_what_when_why_and_on_what(store):
    asked = "decision", "conclusion", "kept", "other", "agent", "day", "reason", "evidence"
    bge, mfq = "organisation/bge-franche-comte", "organisation/mfq-franche-comte"
    beaune, mollier = "person/thierry-beaune", "person/pascal-mollier"
    decided = {
        "different-organisation-bge-franche-comte-mfq-franche-comte": ("different", bge, mfq),
        "open-person-thierry-beaune-pascal-mollier": ("open", beaune, mollier),
        "same-person-bruno-herry-b-herry": ("same", KEPT, MERGED),
        "split-person-pierre-alixant": ("split", "", SPLIT),
    }
    grounds = ("agent/curateurs", "2026-11-28T00:00:00Z")
    assert answer(store, "identity_decisions", *asked) == [
        (
            *(f"decision/{slug}", f"rn:{kind}", kept, other, *grounds),
            *(f"Raison de {kind}.", "assertion-set/carnet-2-herry"),
        )
        for slug, (kind, kept, other) in decided.items()
    ]


def test_which_addresses_gave_way_and_which_graphs_speak_of_what(store):
    same, split = "decision/same-person-bruno-herry-b-herry", "decision/split-person-pierre-alixant"
    rows = answer(store, "addresses_that_gave_way", "former", "now", "decision", "graph")
    assert rows == [
        (MERGED, KEPT, same, ""),
        *(
            (SPLIT, f"{SPLIT}-{number}", split, f"assertion-set/carnet-2-{name}")
            for number, name in SPEAKING
        ),
    ]
    voices = """SELECT ?set ?voice WHERE { VALUES ?set {
      <https://w3id.org/rallynov/id/assertion-set/carnet-2-alixant-humain>
    } ?set <https://w3id.org/rallynov/ontology#voice> ?voice } ORDER BY ?set ?voice"""
    assert [short(row["voice"]) for row in store.select(voices)] == [PARTS[1]]


def test_a_former_address_means_what_took_its_place(store):
    kept = NamedNode(ID + KEPT)
    assert thing_names.thing(MERGED, store) == kept
    assert thing_names.at_iri(ID + MERGED, store) == kept
    with pytest.raises(AmbiguousNameError, match=r"person/pierre-alixant-2 .*-3"):
        thing_names.thing(SPLIT, store)
