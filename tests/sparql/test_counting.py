"""Counts on columns: the engine's own, or left to it."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter as Counts
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode, QuerySolutions
from pyoxigraph import Store as Oxigraph

from copies import copied
from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.questions import catalogue
from rallynov_graph.rdf.tokens import tokens
from rallynov_graph.release import column_files, store_location
from rallynov_graph.release.release import Release
from rallynov_graph.release.store_location import StoreKind
from rallynov_graph.server import preparing
from rallynov_graph.sparql.columns import answering, joins
from rallynov_graph.sparql.columns.answering import ColumnCounter
from rallynov_graph.sparql.columns.column_store import Columns
from rallynov_graph.sparql.columns.count_queries import read
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery
from servers import serving

INNER: Final = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"
PROLOGUE: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
COUNTING: Final = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "select (count(*) as ?n) where { ?s ?p ?o . }",
    "SELECT (COUNT(DISTINCT ?s) AS ?things) (COUNT(?s) AS ?all) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p",
    "SELECT DISTINCT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?n",
    "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class",
    "SELECT (COUNT(*) AS ?n) ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY DESC(?n) ?g LIMIT 7",
    "SELECT ?p (COUNT(*) AS ?n) { GRAPH rn: { ?s ?p ?o } } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/rallynov/ontology> { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:nothing ?o }",
    "SELECT ?o (COUNT(*) AS ?n) { ?s rn:nothing ?o } GROUP BY ?o",
    "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) { ?s rdf:type rn:Stage ; rn:host ?o . } GROUP BY ?o",
    "SELECT $o (COUNT($s) AS $n) { $s a rn:Stage , ?c ; a ?o } GROUP BY ?o ORDER BY ?o OFFSET 3",
    "SELECT ?k (COUNT(DISTINCT ?o) AS ?n) { ?v rn:carriedBy ?o . ?v a ?k } GROUP BY ?k",
    "SELECT ?h (COUNT(*) AS ?n) { GRAPH ?g { ?v a ?o } ?g rn:certainty ?h } GROUP BY ?h",
    "SELECT ?h (COUNT(*) AS ?n) { ?g rn:certainty ?h . GRAPH ?g { ?v a ?o . } . } GROUP BY ?h",
    "SELECT ?a (COUNT(DISTINCT ?b) AS ?n) { ?x dcterms:subject ?a , ?b } GROUP BY ?a # with\n",
    "SELECT ?t ?k (COUNT(*) AS ?n) { ?x dcterms:subject ?t ; a ?k ; a ?o } GROUP BY ?t ?k",
    "SELECT ?l (COUNT(*) AS ?n) { ?x a ?t . ?t rdfs:label ?l } GROUP BY ?l ORDER BY ?l LIMIT 5",
    "SELECT ?d (COUNT(*) AS ?n) { ?x schema:startDate ?d } GROUP BY ?d ORDER BY ?d",
    "SELECT ?p (COUNT(*) AS ?n) { VALUES ?p { rdfs:label rn:b rn:host } ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c . VALUES ?c { rn:Stage } VALUES ?s { rn:Stage } ?s ?p ?o }",
    "SELECT ?h (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } OPTIONAL { ?g rn:certainty ?h . "
    "rn:inferred rn:admits ?h } FILTER (BOUND(?h)) } GROUP BY ?h",
    "SELECT (COUNT(*) AS ?n) { OPTIONAL { ?s a ?c } FILTER (BOUND(?c)) ?s rdfs:label ?l }",
    "SELECT (COUNT(*) AS ?n) { VALUES ?c { rn:Stage } VALUES ?c { rn:Rally } ?s a ?c }",
    "SELECT (COUNT(*) AS ?n) { VALUES ?p { rdf:type rn:host } ?s ?p ?o VALUES ?p { rdf:type } }",
    f"SELECT * {{ {{ {INNER} }} }}",
    f"SELECT * {{ {{ {INNER} }} FILTER EXISTS {{ ?c rdfs:label ?l }} }}",
    f"SELECT ?l ?n {{ ?c rdfs:label ?l . {{ {INNER} }} FILTER (LANG(?l) = 'fr') }} ORDER BY ?l",
    f"SELECT ?c ?n {{ {{ {INNER} ORDER BY ?c LIMIT 3 }} {{ SELECT ?c {{ ?c a ?k }} }} }}",
    "SELECT ?c ?n ?m { { " + INNER + " } { " + INNER.replace("?n", "?m") + " LIMIT 90 } }",
)
OTHERS: Final = (
    "SELECT ?s { ?s ?p ?o }",
    "ASK { ?s rn:count ?o }",
    "SELECT (COUNT(*) AS ?n) { }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER (?s != ?o) }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o OPTIONAL { ?o ?q ?r } }",
    "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) { VALUES ?s { rn:a rn:a } ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { VALUES ?s { UNDEF } ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { VALUES (?s ?p) { (rn:a rn:b) } ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { VALUES ?t { rn:a } ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s rn:host ?o } }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s rn:host ?o } FILTER (!BOUND(?o)) }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s rn:host ?o } FILTER (BOUND(?s)) }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s rn:host ?o } FILTER (BOUND(?o)) ?x a ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s rn:host ?o } FILTER (BOUND(?x)) }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c FILTER (BOUND(?c)) }",
    f"SELECT * {{ GRAPH ?g {{ {{ {INNER} }} }} }}",
    f"SELECT * {{ ?s ?p ?o OPTIONAL {{ {INNER} }} }}",
    f"SELECT * {{ FILTER EXISTS {{ {{ {INNER} }} }} ?c ?p ?o }}",
    f"SELECT * FROM <http://example.org/> {{ {{ {INNER} }} }}",
    f"SELECT * \\u0046ROM <http://example.org/> {{ {{ {INNER} }} }}",
    f"ASK {{ {{ {INNER} }} }}",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a/rn:b ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a+ ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ^rn:a ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s !rn:a ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a|rn:b ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a [] }",
    "SELECT (COUNT(*) AS ?n) { _:s rn:a ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a ( 1 2 ) }",
    "SELECT (COUNT(*) AS ?n) { ?s rn:a 1 }",
    'SELECT (COUNT(*) AS ?n) { ?s rn:a "text"@fr }',
    "SELECT (COUNT(*) AS ?n) { ?s rn:a true }",
    "SELECT (COUNT(*) AS ?n) FROM <http://example.org/> { ?s ?p ?o }",
    "BASE <http://example.org/> SELECT (COUNT(*) AS ?n) { ?s <p> ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s <p> ?o }",
    "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?sum) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(?o + 1) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) + 1 AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 1)",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (STR(?p) AS ?q)",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } ORDER BY STR(?n)",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } VALUES ?s { rn:a }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p \\u003fo }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?é ?x }",
    "SELECT (COUNT(*) AS ?s) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { SERVICE <http://example.org/> { ?s ?p ?o } }",
)
"""Valid, but not counted here."""
WRONG: Final = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o ?x ?y ?z }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . . }",
    "SELECT (COUNT(*) AS ?n) { ?s nowhere:p ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) (COUNT(?s) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*)) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s A ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT -1",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } ORDER BY",
    "PREFIX a: <http://[> SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
)


@pytest.fixture(scope="module")
def counter(release: Release) -> ColumnCounter:
    return ColumnCounter(column_files.columns_of(release))


def solutions(store: EmbeddedStore, query: str) -> list[tuple[object, ...]]:
    found = store.answer(StoreQuery(query))
    assert isinstance(found, QuerySolutions)
    return [tuple(map(str, found.variables)), *map(tuple, found)]


def same(store: EmbeddedStore, query: str, rewritten: str) -> bool:
    plain, fast = solutions(store, query), solutions(store, rewritten)
    if "ORDER" not in query:
        plain, fast = (sorted(rows, key=str) for rows in (plain, fast))
    return plain == fast


@pytest.mark.parametrize("query", COUNTING)
def test_counts_are_the_engine_s(store: EmbeddedStore, counter: ColumnCounter, query: str) -> None:
    rewritten = counter.rewritten(PROLOGUE + query)
    assert rewritten is not None
    assert same(store, PROLOGUE + query, rewritten)


@pytest.mark.parametrize("certainty", ["explicit", "inferred", "tentative"])
def test_the_matrix_is_counted_and_is_the_engine_s(
    store: EmbeddedStore, counter: ColumnCounter, certainty: str
) -> None:
    query = catalogue.load()["organisations_and_themes"].bind(
        {"certainty": NamedNode(f"{PREFIXES['rn']}{certainty}")}
    )
    rewritten = counter.rewritten(query)
    assert rewritten is not None
    assert same(store, query, rewritten)


@pytest.mark.parametrize("query", OTHERS)
def test_other_queries_are_the_engine_s(query: str) -> None:
    assert read(PROLOGUE + query) == ()


def test_a_query_that_takes_long_to_read_is_the_engine_s() -> None:
    assert read(PROLOGUE + COUNTING[0]) != ()
    assert read(f"{PROLOGUE}{COUNTING[0]} #{'x' * 100_000}") == ()


@pytest.mark.parametrize("query", WRONG)
def test_what_is_no_query_is_left_to_the_engine(store: EmbeddedStore, query: str) -> None:
    assert read(PROLOGUE + query) == ()
    with pytest.raises(QueryError):
        store.answer(StoreQuery(PROLOGUE + query))


def varied(queries: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """Yield queries in which a token or two are left out, added or replaced."""
    read_apart = [[token.text for token in tokens(query)] for query in queries]
    known = sorted({text for texts in read_apart for text in texts})
    while True:
        texts = list(chance.choice(read_apart))
        for _ in range(chance.choice((1, 1, 2))):
            place = chance.randrange(len(texts))
            new = [chance.choice(known)]
            match chance.randrange(3):
                case 0:
                    del texts[place]
                case 1:
                    texts[place:place] = new
                case _:
                    texts[place : place + 1] = new
        yield " ".join(texts)


def test_whatever_is_understood_is_valid_and_means_the_same(
    store: EmbeddedStore, counter: ColumnCounter
) -> None:
    fast = EmbeddedStore(store._oxigraph, counter=counter)
    understood = 0
    for query in islice(varied(COUNTING, random.Random(5)), 4000):
        # Without an order: what has the same rank comes in any.
        plain, _, rest = query.partition(" ORDER BY")
        asked = PROLOGUE + (query if "}" in rest else plain)
        parts = read(asked)
        if parts and not re.search("LIMIT|OFFSET", asked):
            understood += 1
            found = outcome(store, asked)
            assert outcome(fast, asked) == found, query
            assert isinstance(found, list) or parts[0].start > 0, query
    assert understood > 150


def outcome(store: EmbeddedStore, query: str) -> list[tuple[object, ...]] | str:
    """Return what an answer has in any order, or what is told instead."""
    try:
        return sorted(solutions(store, query), key=str)
    except QueryError as error:
        return str(error)


def joined(store: EmbeddedStore, chance: random.Random) -> Iterator[str]:
    """Yield queries over up to three patterns that are made of statements of the store."""
    quads = [q for q in store.quads() if isinstance(q.graph_name, NamedNode)]
    often = Counts(quad.predicate for quad in quads)
    rare = [quad for quad in quads if often[quad.predicate] < 500]
    while True:
        patterns, names = [], []
        for quad in chance.sample(rare, chance.randint(1, 3)):
            parts = [str(quad.subject), str(quad.predicate), str(quad.object)]
            for place, often_variable in ((0, 0.95), (1, 0.1), (2, 0.8)):
                if chance.random() < often_variable or parts[place].startswith('"'):
                    parts[place] = chance.choice([*names, *"abcde"]) if names else "a"
                    names.append(parts[place])
                    parts[place] = f"?{parts[place]}"
            pattern = " ".join(parts)
            if chance.random() < 0.3:
                pattern = f"GRAPH {chance.choice(('?g', str(quad.graph_name)))} {{ {pattern} }}"
                names += ["g"] if "?g" in pattern else []
            patterns.append(pattern)
        if names:
            groups = " ".join(f"?{name}" for name in chance.sample(sorted({*names}), 1))
            by = chance.choice((f"GROUP BY {groups}", ""))
            counts = f"(COUNT(*) AS ?n) (COUNT(DISTINCT ?{chance.choice(names)}) AS ?m)"
            yield f"SELECT {groups if by else ''} {counts} {{ {' . '.join(patterns)} }} {by}"


def test_joins_of_any_kind_have_as_many_matches(
    store: EmbeddedStore, counter: ColumnCounter
) -> None:
    asked = islice(joined(store, random.Random(6)), 200)
    rewritten = {query: counter.rewritten(query) for query in asked}
    found = {query: other for query, other in rewritten.items() if other is not None}
    assert len(found) > 100
    assert [query for query, other in found.items() if not same(store, query, other)] == []


LINES: Final = """\
<u:a> <u:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> <u:g> .
<u:b> <u:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <u:g> .
<u:b> <u:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <u:h> .
<u:b> <u:q> "deux \\\\ trois"@fr <u:h> .
_:c <u:r> <u:b> _:g .
"""


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?o (COUNT(*) AS ?n) { ?s <u:p> ?o } GROUP BY ?o", [("1", "2")]),
        ("SELECT ?o (COUNT(*) AS ?n) { GRAPH ?g { ?s <u:p> ?o } } GROUP BY ?o", [("1", "3")]),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s ?p ?o } }", [("3",)]),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s <u:r> ?o } GROUP BY ?s", None),
        ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s <u:r> ?o } } GROUP BY ?g", None),
        ("SELECT ?o (COUNT(*) AS ?n) { ?s <u:q> ?o } GROUP BY ?o", None),
        ("SELECT (COUNT(*) AS ?n) { ?s <u:p> ?o . ?t <u:r> ?v }", None),
    ],
    ids=["one number", "in each graph", "once", "blank", "blank graph", "backslash", "apart"],
)
def test_terms_are_those_of_the_engine(query: str, rows: list[tuple[str, ...]] | None) -> None:
    store = EmbeddedStore(Oxigraph())
    rewritten = ColumnCounter(Columns.of_lines(LINES.encode().splitlines(keepends=True))).rewritten(
        query
    )
    assert (rewritten is None) is (rows is None)
    if rewritten is not None:
        _, *found = solutions(store, rewritten)
        assert [tuple(getattr(term, "value", "") for term in row) for row in found] == rows


def test_a_table_nearly_as_long_as_what_it_counts_is_left_to_the_engine(
    counter: ColumnCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine counts sooner than it reads a table of nearly as many groups."""
    monkeypatch.setattr(answering, "SHORT", 10)
    short = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
    long = "SELECT ?set (COUNT(?passage) AS ?n) { ?set rn:passage ?passage } GROUP BY ?set"
    assert counter.rewritten(PROLOGUE + short) is not None
    assert counter.rewritten(PROLOGUE + long) is None


def test_what_is_too_much_is_left_to_the_engine(
    counter: ColumnCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s ?q ?r }"
    assert counter.rewritten(join) is not None
    with monkeypatch.context() as patch:
        patch.setattr(joins, "MOST", 1000)
        assert counter.rewritten(join) is None
    groups = "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s"
    monkeypatch.setattr(answering, "MOST", 10)
    assert counter.rewritten(groups) is None


@pytest.fixture
def large(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """The shipped release, for one that is large."""
    monkeypatch.setattr(column_files, "FROM", 1)
    made = copied(release, tmp_path / release.path.name)
    column_files.write_beside_release(made)
    return made


def test_a_prepared_release_counts_on_its_columns(large: Release, store: EmbeddedStore) -> None:
    before = {
        path.name: path.stat().st_mtime_ns for path in column_files.folder_of(large).iterdir()
    }
    column_files.write_beside_release(large)
    after = {path.name: path.stat().st_mtime_ns for path in column_files.folder_of(large).iterdir()}
    assert before == after
    query = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
    fast = store_location.of_release(large)
    assert fast.answer(StoreQuery(query)) is not None
    assert solutions(fast, query) == solutions(store, query)
    graph = ("https://w3id.org/rallynov/ontology",)
    narrowed = StoreQuery(query, default_graphs=graph)
    assert [*map(tuple, rows_of(fast, narrowed))] == [*map(tuple, rows_of(store, narrowed))]


def rows_of(store: EmbeddedStore, asked: StoreQuery) -> QuerySolutions:
    found = store.answer(asked)
    assert isinstance(found, QuerySolutions)
    return found


@pytest.mark.parametrize("file", ["terms.txt", "triples.npy", "sha256"])
def test_damaged_columns_are_not_counted_on(
    large: Release, caplog: pytest.LogCaptureFixture, file: str
) -> None:
    path = column_files.folder_of(large) / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert column_files.counter_of(large) is None
    assert "rallynov prepare makes it again" in caplog.text
    column_files.write_beside_release(large)
    assert column_files.counter_of(large) is not None


def test_no_columns_are_made_where_the_engine_is_quick_or_memory_is_short(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not column_files.is_large(release)
    monkeypatch.setattr(column_files, "FROM", 1)
    made = copied(release, tmp_path / release.path.name)
    preparing.prepare(made, StoreKind.DISK)
    assert not column_files.folder_of(made).exists()


def test_a_process_that_can_open_no_file_counts_on_the_columns(
    large: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The columns are those of other quads, by which one sees what was counted on."""
    shutil.rmtree(column_files.folder_of(large))
    monkeypatch.setattr(column_files, "_lines", lambda _: LINES.encode().splitlines(keepends=True))
    column_files.write_beside_release(large)
    query = "SELECT ?s (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o . ?s ?q ?r } GROUP BY ?s ORDER BY ?s"
    with serving("--release", str(large.path)) as server:
        assert server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text == "n\r\n4\r\n"
        assert server.query(query.replace("?s ?q", "?s <u:p>"), "text/csv").text == (
            "s,n\r\nu:a,1\r\nu:b,2\r\n"
        )
