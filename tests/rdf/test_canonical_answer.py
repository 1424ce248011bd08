"""The canonical answer: the same whatever the format and the engine, another where it differs."""

from __future__ import annotations

import hashlib

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from rdflib import Dataset

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.rdf import canonical_answer
from rallynov_graph.rdf.canonical_answer import (
    CanonicalFormFailure,
    NoCanonicalAnswer,
    canonical,
    sha256,
)
from rallynov_graph.rdf.formats import RESULTS_JSON, RESULTS_TSV, RESULTS_XML
from rallynov_graph.sparql.embedded import EmbeddedStore

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

DATA = """\
@prefix : <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :p "é\\t\\"x\\"\\n", "x"@FR, 007, 1.50, 1.5e3, true ;
   :at "2024-05-31T10:00:00.500+00:00"^^xsd:dateTime .
:b :p :a, [ :p :c ] ; :q "2024-05-31"^^xsd:date .
"""
TABLE = "SELECT ?s ?o ?none { ?s ?p ?o FILTER (!isBlank(?o) && !isBlank(?s)) }"
A, B = NamedNode("urn:a"), NamedNode("urn:b")
P = NamedNode("urn:p")


def table(*rows: tuple[object, ...], names: tuple[str, ...] = ("a", "b")) -> Solutions:
    return Solutions(names, rows)  # type: ignore[arg-type]


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind))


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.of_quads(parse(DATA, format=RdfFormat.TURTLE))


def test_it_is_written_as_the_documentation_says() -> None:
    rows = table((B, Literal("x\ty")), (A, None), (B, Literal("x\ty")))
    assert canonical("SELECT ?b ?a {}", Solutions(("b", "a"), rows.rows)) == (
        b'?a\t?b\n\t<urn:a>\n"x\\ty"\t<urn:b>\n"x\\ty"\t<urn:b>\n'
    )
    assert canonical("ASK {}", True) == b"true\n"
    graph = [Triple(A, P, BlankNode("x")), Triple(A, P, B), Triple(A, P, B)]
    assert (
        canonical("CONSTRUCT", graph) == b"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> _:c14n0 .\n"
    )
    assert sha256("ASK {}", False) == hashlib.sha256(b"false\n").hexdigest()


def test_it_does_not_depend_on_the_format(store: EmbeddedStore) -> None:
    direct = sha256(TABLE, store.select(TABLE))
    for form in (RESULTS_JSON, RESULTS_XML, RESULTS_TSV):
        found = parse_query_results(store.serialize(TABLE, form.media_type), format=form.results)
        assert isinstance(found, QuerySolutions)
        variables = tuple(variable.value for variable in found.variables)
        assert sha256(TABLE, Solutions(variables, tuple(map(tuple, found)))) == direct, form.name


def test_it_does_not_depend_on_the_engine(store: EmbeddedStore) -> None:
    other = Dataset(default_union=True)
    other.parse(data=DATA, format="turtle")
    told = other.query(TABLE).serialize(format="json")
    found = parse_query_results(told, format=RESULTS_JSON.results)
    assert isinstance(found, QuerySolutions)
    variables = tuple(variable.value for variable in found.variables)
    theirs = canonical(TABLE, Solutions(variables, tuple(map(tuple, found))))
    assert theirs == canonical(TABLE, store.select(TABLE))
    assert theirs.count(b"\n") == 10 and b'"7"^^' in theirs and b'"x"@fr' in theirs
    whole = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    graph = other.query(whole).graph
    assert graph is not None
    triples = parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    ours = canonical(whole, store.construct(whole))
    assert canonical(whole, (quad.triple for quad in triples)) == ours


VALUES = [
    (typed("007", "integer"), typed("+7", "int"), True),
    (typed("-0", "integer"), typed("0", "integer"), True),
    (typed("1.50", "decimal"), typed("01.5", "decimal"), True),
    (typed("1500", "double"), typed("1.5E3", "double"), True),
    (typed("0", "double"), typed("-0.0", "double"), False),
    (typed("1", "boolean"), typed("true", "boolean"), True),
    (typed("10:00:00.0Z", "time"), typed("10:00:00+00:00", "time"), True),
    (typed("10:00:00Z", "time"), typed("11:00:00+01:00", "time"), False),
    (Literal("x", language="fr"), Literal("x"), False),
    (typed("7", "integer"), typed("7", "decimal"), False),
    (typed("seven", "integer"), typed("Seven", "integer"), False),
    (NamedNode("urn:é"), NamedNode("urn:%C3%A9"), False),
    (Triple(A, P, typed("01", "integer")), Triple(A, P, typed("1", "integer")), True),
]


def test_values_that_mean_the_same_are_the_same() -> None:
    for one, other, same in VALUES:
        first, second = (canonical("", table((term,), names=("a",))) for term in (one, other))
        assert (first == second) is same


ORDERED = [
    ("SELECT ?a ?b {} ORDER BY ?a", True),
    ("PREFIX order: <urn:> SELECT ?order { ?order order:by 'ORDER BY' } # ORDER BY", False),
    ("SELECT ?a ?b { SELECT ?a ?b {} ORDER BY ?a LIMIT 2 }", False),
    ("SELECT ?a ?b { { SELECT * {} ORDER BY ?a } } \\u006frder by ?a", True),
]


def test_rows_have_an_order_only_where_the_query_gives_one() -> None:
    for query, ordered in ORDERED:
        rows = [(A, B), (B, A)]
        once, twice = canonical(query, table((A, B))), canonical(query, table((A, B), (A, B)))
        same = canonical(query, table(*rows)) == canonical(query, table(*rows[::-1]))
        assert same is not ordered
        assert once != twice


def test_a_graph_is_the_same_whatever_its_nodes_are_called_and_in_whatever_order() -> None:
    def ring(*names: str) -> list[Triple]:
        nodes = [BlankNode(name) for name in names]
        return [Triple(node, P, nodes[place - 1]) for place, node in enumerate(nodes)]

    one = canonical("CONSTRUCT", ring("x", "y", "z"))
    assert one == canonical("CONSTRUCT", ring("n2", "n0", "n1")[::-1])
    assert one != canonical("CONSTRUCT", ring("x", "y", "z")[:2])


def test_why_an_answer_has_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def why(answer: object) -> CanonicalFormFailure:
        with pytest.raises(NoCanonicalAnswer) as refused:
            canonical("", answer)  # type: ignore[arg-type]
        assert "no SHA-256: " in str(refused.value)
        return refused.value.reason

    assert why(table((A, BlankNode()))) is CanonicalFormFailure.NAMELESS
    assert why(table((A, Triple(A, P, Triple(A, P, BlankNode()))))) is CanonicalFormFailure.NAMELESS
    nodes = [BlankNode(str(n)) for n in range(20)]
    assert (
        why([Triple(a, P, b) for a in nodes for b in nodes if a != b]) is CanonicalFormFailure.ALIKE
    )
    lone = [Triple(A, P, node) for node in nodes] + [Triple(node, P, A) for node in nodes]
    assert canonical("", lone).count(b"\n") == 40
    monkeypatch.setattr(canonical_answer, "MOST", 2)
    assert why(table(*[(A, B)] * 3)) is CanonicalFormFailure.LARGE
    assert why([Triple(A, P, Literal(n)) for n in range(3)]) is CanonicalFormFailure.LARGE
    monkeypatch.setattr(canonical_answer, "LONGEST", 10)
    assert why(table((A, B))) is CanonicalFormFailure.LARGE
    assert why([Triple(A, P, B)]) is CanonicalFormFailure.LARGE
