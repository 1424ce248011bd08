"""Likely mends of queries that are no SPARQL: each is one that the engine reads."""

from __future__ import annotations

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


MENDED: list[tuple[str, str, str, str | None]] = [
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
]
"""What is wrong, a query, what its mend is about and the mended query."""
NEAR = {
    "FORM": "FROM",
    "LENGTH(?o)": "STRLEN",
    "LOWER(?o)": "LCASE",
    "SUBSTRING(?o, 1)": "SUBSTR",
    "MINUTE(?o)": "MINUTES",
    "MEDIAN(?o)": None,
    "ISNULL(?o)": None,
    "DATE(?o)": None,
    "rdsf:": "rdfs:",
    "foa:": "foaf:",
    "dc:": "dcterms:",
    "dct:": "dcterms:",
    "sdo:": "schema:",
    "geo:": None,
    "ex:": None,
    "s:": None,
}
"""Words and prefixes with those of SPARQL, or ours, that are near."""
UNKNOWN = [
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
]
"""What is wrong, and a query of which nothing is known that was meant."""


def test_the_first_mend_that_the_engine_reads_is_what_was_meant() -> None:
    for key, query, about, mended in MENDED:
        assert not is_read(query)
        mend = next(it for it in mends(query, Fault(key), len(query) - 6) if is_read(it.query))
        assert mend.about == about, query
        assert mended is None or mend.query == mended


def test_a_word_or_prefix_is_a_known_one_where_it_is_near_and_else_none() -> None:
    for written, meant in NEAR.items():
        query = f"ASK {written} <urn:a> {{ ?s ?p ?o }}"
        if "(" in written:
            query = f"SELECT ({written} AS ?x) {{ ?s ?p ?o }}"
        if ":" in written:
            query = f"ASK {{ ?s {written}title ?o }}"
        fault = Fault("prefix" if ":" in written else "unexpected")
        read = [it.about for it in mends(query, fault, 12) if is_read(it.query)]
        assert not is_read(query) and read[:1] == ([meant] if meant else []), written


def test_where_nothing_is_meant_that_is_known_no_mend_is_read() -> None:
    for key, query in UNKNOWN:
        assert not any(is_read(mend.query) for mend in mends(query, Fault(key), 3)), query[:40]
    assert [*mends("ASK {", None, 3)] == []
