"""One catalogue, several stores: a query that works on one only is a defect."""

from collections import Counter
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.client import Graph
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Catalogue, Question, load
from rallynov_graph.questions.datasets import queries_about
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.rules.left_open import touching
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.sparql.remote.remote_store import RemoteStore
from rallynov_graph.sparql.store import Store

pytestmark = pytest.mark.usefixtures("uncounted")

CATALOGUE: Catalogue = load()
NOT_ORDERED = {("links_between", "one"), ("links_between", "other")}
"""Texts in several languages are ordered as each engine likes: SPARQL leaves that open."""


def other_values(question: Question) -> list[tuple[str, Term | None]]:
    """Return values that the question is asked with beside those it has at rest."""
    found: list[tuple[str, Term | None]] = []
    for parameter in question.parameters:
        if parameter.type == "certainty":
            found += [(parameter.name, NamedNode(RN + name)) for name in ("explicit", "inferred")]
        elif parameter.name == "language":
            found.append(("language", Literal("en")))
        elif parameter.type == "iri":
            found.append((parameter.name, None))
    return found


@cache
def page_queries(store: Store) -> PageQueries:
    """The queries of pages on a store: as in a server, open questions are read from it once."""
    return PageQueries(store)


def test_another_store_gives_the_same_answers(
    elsewhere: RemoteStore, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    """Whatever is asked for, and with the same that is left open."""
    for question in CATALOGUE.values():
        with subtests.test(question.name):
            answer = store.select(question.bind())
            assert elsewhere.select(question.bind()) == answer
            there = touching(page_queries(elsewhere), question, {}, answer)
            assert there == touching(page_queries(store), question, {}, answer)
        for name, value in other_values(question):
            with subtests.test(question.name, name=name, value=value):
                query = question.bind({name: value})
                ours, theirs = store.select(query), elsewhere.select(query)
                if (question.name, name) in NOT_ORDERED:
                    assert Counter(theirs.rows) == Counter(ours.rows)
                else:
                    assert theirs == ours


@pytest.mark.parametrize(
    ("question", "name", "text"),
    [
        ("participants_of_stage", "stage", "Dole"),
        ("participants_of_stage", "stage", "place/dole"),
        ("participants_of_stage", "stage", "stage/dole"),
        ("carried_by_organisation", "organisation", "la Mutualité"),
        ("carried_by_organisation", "organisation", "RIFC"),
        ("events_of_person", "person", "le goff"),
        ("stages_on_theme", "theme", "sociétale"),
    ],
)
def test_another_store_knows_what_is_meant(
    elsewhere: RemoteStore, store: EmbeddedStore, question: str, name: str, text: str
) -> None:
    def meant(by: Store) -> object:
        try:
            return parameters.value(CATALOGUE.question(question).parameter(name), text, by)
        except UnknownNameError as error:
            return str(error)

    assert meant(elsewhere) == meant(store)


def everything(store: Store) -> set[object]:
    """Return all triples, property by property: Virtuoso gives 10,000 rows of an answer at most."""
    properties = store.select("SELECT DISTINCT ?p { ?s ?p ?o }").rows
    return {
        (row[0], prop, row[1])
        for (prop,) in properties
        for row in store.select(f"SELECT ?s ?o {{ ?s {prop} ?o }}").rows
    }


def test_another_store_has_each_triple_once_in_its_default_graph(
    elsewhere: RemoteStore, store: EmbeddedStore
) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert elsewhere.select(count) == store.select(count)
    assert everything(elsewhere) == everything(store)


def test_another_store_has_the_same_sums_of_a_large_graph(
    elsewhere: RemoteStore, store: EmbeddedStore
) -> None:
    """By these ``load`` compares a graph that is too large to be read back."""
    for graph in ("thesaurus", "interpretations"):
        sums = [
            queries_about(asked).rows("sums", graph=NamedNode(f"{ID}graph/{graph}")).rows
            for asked in (elsewhere, store)
        ]
        values = [
            {tuple(getattr(term, "value", "") for term in row) for row in one} for one in sums
        ]
        assert values[0] == values[1] and values[1]


def test_another_store_tells_where_each_fact_comes_from(
    elsewhere: RemoteStore, store: EmbeddedStore
) -> None:
    query = f"""SELECT ?g (COUNT(*) AS ?n) {{ ?g <{RN}certainty> ?c GRAPH ?g {{ ?s ?p ?o }} }}
    GROUP BY ?g ORDER BY ?g"""
    assert elsewhere.select(query) == store.select(query)


def test_an_answer_is_written_here_whatever_the_server_can_write(
    elsewhere: RemoteStore, store: EmbeddedStore
) -> None:
    stages = f"SELECT ?s ?l {{ ?s a <{RN}Stage> ; <{RN}number> ?l }} ORDER BY ?l ?s"
    for media_type in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        assert elsewhere.serialize(stages, media_type) == store.serialize(stages, media_type)


def test_the_client_finds_the_same_rows_and_evidence(
    elsewhere: RemoteStore, release: Release
) -> None:
    theirs, ours = Graph.at(elsewhere.url), Graph.of_release(release.path)
    for name in ("themes_by_departement", "stage_carriers"):
        asked, read = theirs.ask(name), ours.ask(name)
        assert (asked.rows, asked.sha256) == (read.rows, read.sha256)
        assert [it and (it.claim, it.passages) for it in asked.evidence] == [
            it and (it.claim, it.passages) for it in read.evidence
        ]
