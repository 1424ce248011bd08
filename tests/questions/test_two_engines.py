"""Every question has the same answer on rdflib's engine: it is SPARQL, not one engine's dialect."""

from decimal import Decimal

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results
from rdflib import Dataset, Literal, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.paths import Path
from rdflib.plugins.sparql import CUSTOM_EVALS
from rdflib.plugins.sparql.evaluate import _join, evalLazyJoin, evalPart

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf.canonical_answer import sha256

CATALOGUE = load()
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("uncounted"),
]


def graphs_looked_up(ctx, part):
    """``GRAPH ?g``: only the graphs that hold one of the pattern's triples are tried.

    rdflib tries each graph of the dataset for each solution.
    """
    if part.name != "Graph" or part.p.name != "BGP":
        raise NotImplementedError
    if not isinstance(part.term, Variable) or ctx[part.term] is not None:
        raise NotImplementedError
    plain = [t for t in part.p.triples if not any(isinstance(node, Path) for node in t)]
    if not plain:
        raise NotImplementedError
    narrowest = min(plain, key=lambda triple: sum(ctx[node] is None for node in triple))
    return in_graphs_of(narrowest, ctx, part)


def in_graphs_of(triple, ctx, part):
    pattern = tuple(ctx[node] for node in triple)
    graphs = {graph for *_, graph in ctx.dataset.quads((*pattern, None)) if graph is not None}
    ctx, before = ctx.clone(), ctx.graph
    for graph in sorted(graphs):
        inside = ctx.pushGraph(ctx.dataset.get_context(graph)).push()
        for solution in _join(evalPart(inside, part.p), [{part.term: graph}]):
            solution.ctx.graph = before
            yield solution


def joined_in_turn(ctx, part):
    """A join with a plain pattern: the pattern is looked up for each solution.

    rdflib makes all solutions of both sides where an OPTIONAL stands before, and compares them.
    """
    second = part.p2 if part.name == "Join" else None
    if second is None or "BGP" not in (second.name, second.name == "Graph" and second.p.name):
        raise NotImplementedError
    return evalLazyJoin(ctx, part)


@pytest.fixture(scope="module", autouse=True)
def _quicker():
    """Without these two steps, of the same meaning, rdflib takes hours."""
    CUSTOM_EVALS["graphs"], CUSTOM_EVALS["joins"] = graphs_looked_up, joined_in_turn
    yield
    del CUSTOM_EVALS["graphs"], CUSTOM_EVALS["joins"]


@pytest.fixture(scope="module")
def other(release):
    """The release as rdflib reads it; its default graph is all graphs together."""
    dataset = Dataset(default_union=True)
    dataset.parse(release.data, format="nquads")
    dataset.graph(URIRef(ONTOLOGY)).parse(release.ontology, format="nt11")
    return dataset


def written(term):
    """A term so that both engines write it alike: numbers by value, plain text as it is."""
    if term is None:
        return None
    if isinstance(term, URIRef):
        return f"<{term}>"
    if term.datatype in (XSD.integer, XSD.decimal):
        return str(Decimal(str(term)).normalize())
    return str(term), term.language, str(term.datatype or XSD.string)


def ours(term):
    if term is None:
        return None
    if not hasattr(term, "datatype"):
        return f"<{term.value}>"
    kind = None if term.language else URIRef(term.datatype.value)
    plain = Literal(term.value, lang=term.language, datatype=kind, normalize=False)
    if term.language:
        return term.value, term.language, str(XSD.string)
    return written(plain)


def as_it_is_sent(found):
    """An answer of rdflib as somebody who asks it over HTTP gets it."""
    sent = parse_query_results(found.serialize(format="json"), format=QueryResultsFormat.JSON)
    return Solutions(tuple(v.value for v in sent.variables), tuple(map(tuple, sent)))


@pytest.mark.parametrize("question", CATALOGUE.values(), ids=lambda q: q.name)
def test_a_question_has_the_same_answer_on_two_engines(store, other, question):
    query = question.bind()
    mine = store.select(query)
    theirs = other.query(query)
    assert [str(v) for v in theirs.vars] == list(mine.variables)
    found = [tuple(written(row[v]) for v in theirs.vars) for row in theirs]
    expected = [tuple(ours(term) for term in row) for row in mine.rows]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert sha256(query, as_it_is_sent(theirs)) == sha256(query, mine)
