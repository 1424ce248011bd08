"""Likely mends of queries that are no SPARQL: each is one that the engine reads."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pyoxigraph import Store

from rallynov_graph.site.query.mending import LONGEST, Fault, mends


def is_read(query: str) -> bool:
    try:
        Store().query(query)
    except SyntaxError:
        return False
    return True


MENDED: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "mends.toml").read_text("utf-8")
)["mend"]
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
    for case in MENDED:
        query = case["query"]
        assert not is_read(query)
        found = mends(query, Fault(case["wrong"]), len(query) - 6)
        mend = next(it for it in found if is_read(it.query))
        assert mend.about == case["about"], query
        assert mend.query == case.get("mended", mend.query)


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
