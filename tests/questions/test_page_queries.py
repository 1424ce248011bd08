"""The queries of the pages: plain SPARQL files, in a total order, blind to a fact said twice."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as Oxigraph

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import page_queries_dirs
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.questions.page_queries import PageQueries, readable
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

QUERIES = load(*page_queries_dirs())
SOMETHING = {
    "thing": f"{ID}innovation/mamhique",
    "other": f"{ID}organisation/mutualite-francaise-franche-comte",
    "class": f"{RN}Innovation",
    "of": f"{RN}Innovation",
    "person": f"{ID}person/bruno-herry",
    "passage": f"{ID}passage/carnet-2-843-904",
    "document": f"{ID}document/carnet-2",
    "question": f"{ID}question/carnet-2-porteur-mamhique",
    "theme": f"{ID}theme/gouvernance-et-participation",
    "property": f"{RN}carriedBy",
    "part": f"{ID}part/carnet-2-mamhique",
    "graph": f"{ID}assertion-set/carnet-2-mamhique",
    "set": f"{ID}assertion-set/carnet-2-mamhique-porteur",
    "certainty": f"{RN}tentative",
    "further": f"{RN}role",
    "record": "http://www.wikidata.org/entity/Q37776",
    "value": f"{ID}organisation/entreprises-proposant-mamhique",
}


def bound(question: Question) -> str:
    """Return a query about something that is there."""
    given: dict[str, NamedNode | Literal | None] = {
        p.name: Literal(ID) if p.type == "string" else NamedNode(SOMETHING[p.name])
        for p in question.parameters
    }
    return question.bind(given)


@pytest.fixture(scope="module")
def twice(release: Release, store: EmbeddedStore) -> EmbeddedStore:
    """The store with each graph of facts there a second time, under another name."""
    quads = [*oxigraph_of(release)]
    again = [
        Quad(q.subject, q.predicate, q.object, NamedNode(f"{q.graph_name.value}-again"))
        for q in quads
        if isinstance(q.graph_name, NamedNode)
    ]
    ontology = store.construct(
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/rallynov/ontology> { ?s ?p ?o } }"
    )
    named = NamedNode("https://w3id.org/rallynov/ontology")
    terms = [Quad(t.subject, t.predicate, t.object, named) for t in ontology]
    return EmbeddedStore.of_quads([*quads, *again, *terms]).pages()


def oxigraph_of(release: Release) -> Oxigraph:
    from pyoxigraph import RdfFormat

    oxigraph = Oxigraph()
    oxigraph.load(path=str(release.data), format=RdfFormat.N_QUADS)
    return oxigraph


def test_every_query_says_what_it_asks_names_its_columns_and_has_a_total_order(
    store: EmbeddedStore, twice: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    for question in QUERIES.values():
        with subtests.test(question.name):
            assert {*question.summary} == {"fr", "en"}
            assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", question.text)
            if question.form != "SELECT":
                continue
            ordered = question.text.rpartition("ORDER BY")[2]
            free = {*re.findall(r"AS \?(\w+)\)", question.text)}
            free |= {p.name for p in question.parameters}
            answer = store.select(bound(question))
            assert {name for name in answer.variables if f"?{name}" not in ordered} <= free
            if "GRAPH" not in question.text:
                # A fact that stands in two graphs is answered once.
                assert twice.select(bound(question)) == answer


def test_several_terms_can_be_asked_about_at_once(store: EmbeddedStore) -> None:
    queries = PageQueries(store)
    things = [NamedNode(f"{ID}{name}") for name in ("innovation/mamhique", "stage/vesoul")]
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    found = queries.rows("values", thing=things, property=label)
    assert {row[0] for row in found.rows} == {*things}


def test_about_nothing_nothing_is_asked(store: EmbeddedStore) -> None:
    assert PageQueries(store).rows("values", thing=[], property=[]).rows == ()


def test_an_unknown_query_or_parameter_is_a_fault(store: EmbeddedStore) -> None:
    queries = PageQueries(store)
    with pytest.raises(UnknownNameError):
        queries.rows("nothing")
    with pytest.raises(UnknownNameError):
        queries.rows("statements", planet=NamedNode("urn:mars"))


def test_a_term_cannot_break_out_of_its_query(store: EmbeddedStore) -> None:
    queries = PageQueries(store)
    text = queries.text("things_of_kind", prefix=Literal('" } DROP ALL #\n'))
    assert '"\\" } DROP ALL #\\n"' in text
    with pytest.raises(ValueError, match="IRI"):
        NamedNode("urn:x> } ?s ?p ?o #")


def test_a_query_is_shown_without_the_header_of_its_file(store: EmbeddedStore) -> None:
    shown = readable(PageQueries(store).text("statements"))
    assert "#+" not in shown
    assert readable("#+ group: x\n# A remark.\nASK {}") == "# A remark.\nASK {}\n"
    assert shown.startswith("SELECT")
