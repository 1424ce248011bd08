"""One catalogue, several stores: a query that works on one only is a defect."""

from collections import Counter
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.client import Graph
from rallynov_graph.questions import parameters, thing_names
from rallynov_graph.questions.catalogue import Catalogue, Question, load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.rules import explanation
from rallynov_graph.rules.open_questions import touching
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_store import RemoteStore
from rallynov_graph.sparql.store import Store

CATALOGUE: Catalogue = load()
NOT_ORDERED = {("links_between", "one"), ("links_between", "other")}
"""Texts in several languages are ordered as each engine likes: SPARQL leaves that open."""


def other_values(question: Question) -> list[tuple[str, Term | None]]:
    """Return values that the question is asked with beside those it has at rest."""
    found: list[tuple[str, Term | None]] = []
    for parameter in question.parameters:
        if parameter.type == "certainty":
            found.append((parameter.name, NamedNode(f"{RN}inferred")))
        elif parameter.name == "language":
            found.append(("language", Literal("en")))
        elif parameter.type == "choice":
            found += [(parameter.name, Literal(word)) for word in parameter.choices]
        elif parameter.type == "iri":
            example = thing_names.as_iri(parameter.example) if parameter.example else None
            found += [(parameter.name, it) for it in dict.fromkeys((None, example))]
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
                if query == question.bind():
                    continue
                ours, theirs = store.select(query), elsewhere.select(query)
                if (question.name, name) in NOT_ORDERED:
                    assert Counter(theirs.rows) == Counter(ours.rows)
                else:
                    assert theirs == ours
    for name in CATALOGUE.aliases:
        with subtests.test(name):
            query = CATALOGUE.question(name).bind()
            assert elsewhere.select(query) == store.select(query)


MEANT = [
    ("participants_of_stage", "stage", "Dole"),
    ("participants_of_stage", "stage", "place/dole"),
    ("carried_by_organisation", "organisation", "la Mutualité"),
    ("carried_by_organisation", "organisation", "RIFC"),
    ("events_of_person", "person", "le goff"),
    ("things_on_theme", "theme", "sociétale"),
]


def test_another_store_holds_the_release_and_knows_what_is_meant(
    elsewhere: RemoteStore, store: EmbeddedStore, release: Release
) -> None:
    def meant(by: Store, question: str, name: str, text: str) -> object:
        try:
            return parameters.value(CATALOGUE.question(question).parameter(name), text, by)
        except UnknownNameError as error:
            return str(error)

    for asked in MEANT:
        assert meant(elsewhere, *asked) == meant(store, *asked), asked

    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert elsewhere.select(count) == store.select(count)
    by_graph = f"""SELECT ?g (COUNT(*) AS ?n) {{ ?g <{RN}certainty> ?c GRAPH ?g {{ ?s ?p ?o }} }}
    GROUP BY ?g ORDER BY ?g"""
    assert elsewhere.select(by_graph) == store.select(by_graph)

    stages = f"SELECT ?s ?l {{ ?s a <{RN}Stage> ; <{RN}number> ?l }} ORDER BY ?l ?s"
    for form in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        assert elsewhere.serialize(stages, form) == store.serialize(stages, form)

    carrier = NamedNode(f"{ID}organisation/legeni")
    [theme] = explanation.values(store, carrier, NamedNode(f"{RN}linkedToTheme"))[:1]
    fact = explanation.explain(store, Triple(carrier, NamedNode(f"{RN}linkedToTheme"), theme))  # type: ignore[arg-type]
    dated = explanation.periods(store, fact)
    assert dated and explanation.periods(elsewhere, fact) == dated

    there, here = Graph.at(elsewhere.url), Graph.of_release(release.path)
    for name in ("themes_by_departement", "stage_carriers"):
        asked, read = there.ask(name), here.ask(name)
        assert (asked.rows, asked.sha256) == (read.rows, read.sha256)
        assert [it and (it.claim, it.passages) for it in asked.evidence] == [
            it and (it.claim, it.passages) for it in read.evidence
        ]
