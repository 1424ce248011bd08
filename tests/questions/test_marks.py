"""A row is no surer than the least sure of the facts that it prints, or rests on.

Worked out without the certainties of the queries: the graphs that are less sure are taken out of
the data, and a row that is marked as sure as what stays must still be there, cell by cell.
"""

from __future__ import annotations

import random

import pytest
from pyoxigraph import NamedNode, Quad

from expected import RANKS
from rallynov_graph.base.namespaces import ONTOLOGY, RN
from rallynov_graph.questions.catalogue import Catalogue, Question, load
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

CATALOGUE: Catalogue = load()
BY_CERTAINTY = "facts_by_certainty"
"""It counts the facts of each certainty: its rows have one, and are not as sure as it."""
MARKED = [
    q
    for q in CATALOGUE.values()
    if "?how" in q.text.partition("WHERE")[0] and q.name != BY_CERTAINTY
]
COUNTS = {
    # They count, too, what is less sure than the row: the counts go with the certainty asked for.
    "testimonies": {"segments"},
    "lists_of_words": {"elsewhere"},
    "organisations_and_larger_themes": {"themes"},
    "printed_themes": set(),
    "what_rules_conclude": set(),
}
SURE = ("explicit", "inferred", "tentative")
RANK = {RN + name.removeprefix("rn:"): rank for name, rank in RANKS.items()}


def shuffled(release: Release, seed: int | None) -> list[Quad]:
    """The data as they are, or each assertion set as sure as chance has it."""
    quads, chance = list(sources.quads([release.data])), random.Random(seed)
    if seed is None:
        return quads
    sets = {q.subject for q in quads if q.object == NamedNode(f"{RN}AssertionSet")}
    return [
        Quad(q.subject, q.predicate, NamedNode(chance.choice(sorted(RANK))), q.graph_name)
        if q.subject in sets and q.predicate.value == f"{RN}certainty"
        else q
        for q in quads
    ]


def as_sure_as(release: Release, quads: list[Quad], least: str) -> EmbeddedStore:
    """The data without the graphs that are less sure."""
    weak = {
        q.subject
        for q in quads
        if q.predicate.value == f"{RN}certainty"
        and RANK.get(getattr(q.object, "value", ""), 0) > RANKS[f"rn:{least}"]
    }
    terms = [
        Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
        for q in sources.quads([release.ontology])
    ]
    kept = [q for q in quads if q.graph_name not in weak]
    return EmbeddedStore.of_quads([*kept, *terms]).pages()


@pytest.fixture(scope="module", params=[None, 2, 3, 5], ids=["as they are", "2", "3", "5"])
def stores(release: Release, request: pytest.FixtureRequest) -> dict[str, EmbeddedStore]:
    """All data, and those of them that are sure enough: the shipped, and by chance less sure."""
    quads = shuffled(release, request.param)
    return {least: as_sure_as(release, quads, least) for least in SURE}


@pytest.mark.parametrize("least", ["explicit", "inferred"])
@pytest.mark.parametrize("question", MARKED, ids=lambda q: q.name)
def test_no_row_is_surer_than_what_it_says(
    stores: dict[str, EmbeddedStore], question: Question, least: str
) -> None:
    everything = {p.name: None for p in question.parameters if p.is_open}
    query = question.bind(everything)
    full, stays = stores["tentative"].select(query), stores[least].select(query)
    how = full.variables.index("how")
    counts = [full.variables.index(name) for name in COUNTS.get(question.name, ())]

    def cells(row: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(None if place in counts else cell for place, cell in enumerate(row))

    marked = {
        cells(row)
        for row in full.rows
        if RANK.get(getattr(row[how], "value", ""), 0) <= RANKS[f"rn:{least}"]
    }
    assert sorted(map(str, marked - {*map(cells, stays.rows)})) == []
