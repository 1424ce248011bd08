"""Likely mends of queries that are no SPARQL: each is one that the engine reads."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.site.query.mending import LONGEST, mends
from rallynov_graph.site.query.query_faults import Fault

SKOS = f"PREFIX skos: <{PREFIXES['skos']}>"
RDFS = f"PREFIX rdfs: <{PREFIXES['rdfs']}>"


def is_read(query: str) -> bool:
    try:
        Store().query(query)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    ("key", "query", "about", "mended"),
    [
        (
            "prefix",
            "# mine\nASK { ?s a skos:Concept ; rdfs:label ?l }",
            f"{SKOS} {RDFS}",
            f"# mine\n{SKOS}\n{RDFS}\nASK {{ ?s a skos:Concept ; rdfs:label ?l }}",
        ),
        (
            "prefix",
            "ASK { ?s a skos:Concept",
            f"{SKOS}, }}",
            f"{SKOS}\nASK {{ ?s a skos:Concept\n}}",
        ),
        ("prefix", "ASK { ?s a skoss:A }", "skos:", f"{SKOS}\nASK {{ ?s a skos:A }}"),
        ("prefix", "PREFIX mine: <urn:>\nASK { ?s a mines:A }", "mine:", None),
        (
            "unexpected",
            "SELCT ?s WHRE { ?s ?p ?o }",
            "SELECT, WHERE",
            "SELECT ?s WHERE { ?s ?p ?o }",
        ),
        ("unexpected", "SELECT ?s { ?s ?p ?o FILTR(lnag(?o) = '') }", "FILTER, LANG", None),
        ("end", "SELCT ?s { ?s ?p ?o", "SELECT, }", "SELECT ?s { ?s ?p ?o\n}"),
        (
            "unexpected",
            "SELCT ?s WHRE { ?s a skos:Concept",
            "SELECT, WHERE, }",
            f"{SKOS}\nSELECT ?s WHERE {{ ?s a skos:Concept\n}}",
        ),
        (
            "prefix",
            "SELECT ?s { ?s a skos:Concept FILTR(?s != 1) }",
            "FILTER",
            f"{SKOS}\nSELECT ?s {{ ?s a skos:Concept FILTER(?s != 1) }}",
        ),
        ("end", "ASK { ?s rdfs:label ?o", "}", f"{RDFS}\nASK {{ ?s rdfs:label ?o\n}}"),
        ("end", "ASK { { ?s ?p ?o", "} }", "ASK { { ?s ?p ?o\n}}"),
        ("end", "ASK { ?s ?p '}' FILTER(?s != 1 }", ")", "ASK { ?s ?p '}' FILTER(?s != 1 ) }"),
        ("unexpected", "ASK { ?s ?p ?o } }", "}", "ASK { ?s ?p ?o }"),
        ("unexpected", "ASK { ?s ?p ?o ?a ?b ?c }", ".", "ASK { ?s ?p ?o . ?a ?b ?c }"),
        (
            "ungrouped",
            "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } LIMIT 3",
            "?s",
            "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }\nGROUP BY ?s LIMIT 3",
        ),
        (
            "ungrouped",
            "SELECT ?s ?p (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p",
            "?s",
            "SELECT ?s ?p (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p",
        ),
    ],
)
def test_the_first_mend_that_the_engine_reads_is_what_was_meant(
    key: str, query: str, about: str, mended: str | None
) -> None:
    assert not is_read(query)
    mend = next(it for it in mends(query, Fault(key), len(query) - 6) if is_read(it.query))
    assert mend.about == about
    assert mended is None or mend.query == mended


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("FORM", "FROM"),
        ("LENGTH(?o)", "STRLEN"),
        ("LOWER(?o)", "LCASE"),
        ("SUBSTRING(?o, 1)", "SUBSTR"),
        ("MINUTE(?o)", "MINUTES"),
        ("MEDIAN(?o)", None),
        ("ISNULL(?o)", None),
        ("DATE(?o)", None),
    ],
)
def test_a_word_is_one_of_sparql_where_it_is_near_and_else_none(
    written: str, meant: str | None
) -> None:
    query = f"ASK {written} <urn:a> {{ ?s ?p ?o }}"
    if "(" in written:
        query = f"SELECT ({written} AS ?x) {{ ?s ?p ?o }}"
    read = [it.about for it in mends(query, Fault("unexpected"), 12) if is_read(it.query)]
    assert not is_read(query) and read[:1] == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("rdsf", "rdfs"),
        ("foa", "foaf"),
        ("dc", "dcterms"),
        ("dct", "dcterms"),
        ("sdo", "schema"),
        ("geo", None),
        ("ex", None),
        ("s", None),
    ],
)
def test_a_prefix_is_a_known_one_where_it_is_near_and_else_none(
    written: str, meant: str | None
) -> None:
    query = f"ASK {{ ?s {written}:title ?o }}"
    read = [it.about for it in mends(query, Fault("prefix"), 0) if is_read(it.query)]
    assert read == ([f"{meant}:"] if meant else [])


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("prefix", "ASK { ?s a qqzzy:Concept }"),
        ("unexpected", "ASK { ?s ?p ?o } xyzzyqq ("),
        ("end", "ASK { ?s ?p 'no end"),
        ("end", "ASK { \\u007B ?s ?p ?o"),
        ("end", "ASK {" + " " * LONGEST),
        ("ungrouped", "SELECT (COUNT(*) AS ?n) ("),
        ("ungrouped", "ASK"),
        ("iri", "ASK { ?s ?p <not an iri> }"),
        ("end", "{" * 3000),
        ("unexpected", ")" * 3000),
    ],
)
def test_where_nothing_is_meant_that_is_known_no_mend_is_read(key: str, query: str) -> None:
    assert not any(is_read(mend.query) for mend in mends(query, Fault(key), 3))


def test_what_is_wrong_in_an_unknown_way_has_no_mend() -> None:
    assert [*mends("ASK {", None, 3)] == []
