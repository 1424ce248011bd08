"""The words of a query, and what only looks like them."""

import subprocess
import sys

from rallynov_graph.rdf.tokens import (
    calls_out,
    columns_of,
    is_update,
    undeclared_prefixes,
)

CALLS = [
    "ASK { SERVICE <https://example.org/> {} }",
    "ASK{sErViCe SILENT<https://example.org/>{}}",
    r"ASK { \u0053ERVICE <https://example.org/> {} }",
    r"ASK { S\U00000045RVICE ?x {} }",
    "ASK { ?s ?p 1SERVICE<https://example.org/>{} }",
    "ASK { ?s ?p trueSERVICE<https://example.org/>{} }",
    "ASK { ?s ?p 'x'SERVICE<https://example.org/>{} }",
    "ASK { # service\nSERVICE<https://example.org/>{} }",
    "ASK { FILTER(?a<5)SERVICE<https://example.org/>{} }",
    r"ASK { ?s ?p '\\'SERVICE<https://example.org/>{} }",
    r"""ASK { ?s ?p "\u0022"SERVICE<https://example.org/>{} ?s ?p "\u0022" }""",
    "ASK { SERVICESILENT<https://example.org/>{} }",
    # An unclosed string, up to the end for us, is a mistake and the rest a call for a server.
    'ASK { ?s ?p """x SERVICE <https://example.org/> {} }',
    "ASK { ?s ?p '''x\n SERVICE <https://example.org/> {} }",
    "ASK { ?s ?p 'x\nSERVICE <https://example.org/> {} }",
    'ASK { ?s ?p "x\rSERVICE <https://example.org/> {} }',
    # What seems to be an IRI may be a comparison, and what follows another thing.
    *(
        f"ASK {{ VALUES (?a ?b) {{(1 2)}} {hidden} }}"
        for hidden in (
            "FILTER(?a<?b)#>'''\n SERVICE <https://example.org/> {} #'''\n",
            'FILTER(?a<?b)#>"""\n SERVICE <https://example.org/> {} #"""\n',
            "FILTER(?a<?b&&'a>'='a>') SERVICE <https://example.org/> {} #'\n",
            'FILTER(?a<?b)#>"\\\n SERVICE <https://example.org/> {} #"\n',
            "FILTER(?a<?b)#> ex:a\\\nSERVICE <https://example.org/> {}\n",
            "FILTER(?a <ex:b)#>'''\n SERVICE <https://example.org/> {} #'''\n",
            "FILTER(exists{}<?b)#>'''\n SERVICE <https://example.org/> {} #'''\n",
            "<<?a<p>?b#>'''\n >> ?p ?o . SERVICE <https://example.org/> {} #'''\n",
        )
    ),
    r"""ASK { BIND("\u0022" AS ?t) BIND(<urn:\u0041'''> AS ?z) SERVICE <https://example.org/> {} """
    r"""BIND(<urn:'''> AS ?y) BIND("\u0022" AS ?x) }""",
]
NO_CALLS = [
    "ASK { ?s ?p 'SERVICE' }",
    "ASK { ?SERVICE ?p $service }",
    "PREFIX service: <https://example.org/service#> ASK { ?s service:SERVICE ?o }",
    "ASK { ?s <https://example.org/SERVICE#service> ?o } # SERVICE",
    "ASK { ?s ?p 'x'@service, _:service }",
    "ASK { ?s ?p '''a ' SERVICE '' ''' }",
    r"ASK { ?s ?p 'a\' SERVICE' }",
    r"ASK { ?s ex:a\-SERVICE ?o }",
    "ASK { ?s ex:a%20SERVICE ?o }",
    "ASK { ?s ex:a.SERVICE ?o }",
    "ASK { ?s <https://example.org/#p> '''a\n service''' }",
    "ASK { VALUES (?s ?p) { (<https://example.org/#s> <https://example.org/#p>) } # service\n }",
    "ASK { ?s ?p ?o FILTER(?p = <https://example.org/#p> || ?o = '''a\n service''') }",
    "ASK { FILTER(?p IN (<https://example.org/#p>, <https://example.org/#q>)) } # '''\n# service",
]
HOSTILE = [
    "(?a<#>",
    "(?a<#>\n",
    "(?a<#>'''",
    "<<a#>",
    '\\"',
    "a.",
    "a:a.",
    '"""a',
    "''' a''",
    "<",
    "<a",
    "@a-",
    "1e",
    "ex-",
    "'a",
    "'''",
    "\\",
]


def test_a_call_is_seen_however_it_is_spelled() -> None:
    for query in CALLS:
        assert calls_out(query)


def test_what_only_looks_like_a_call_is_let_through() -> None:
    for query in NO_CALLS:
        assert not calls_out(query)


READ = """\
import sys
from rallynov_graph.rdf.tokens import calls_out
for piece in sys.argv[1:]:
    calls_out(piece * (500_000 // len(piece)) + " service")
"""


def test_reading_takes_time_in_proportion_to_the_length() -> None:
    """Half a second each; in proportion to the square of the length it would take many minutes."""
    subprocess.run([sys.executable, "-c", READ, *HOSTILE], check=True, timeout=120)


def test_an_update_is_told_from_a_query() -> None:
    assert is_update("PREFIX a: <https://example.org/insert>\n# select\nINSERT DATA {}")
    assert is_update("load <https://example.org/>")
    assert not is_update("SELECT ?delete { ?delete ?p 'INSERT' }")
    assert not is_update("nonsense")


def test_a_prefix_that_is_used_and_not_declared_is_found() -> None:
    query = "PREFIX a: <https://example.org/> ASK { a:b ex:c _:d }"
    assert undeclared_prefixes(query) == {"ex": query.index("ex:")}


COLUMNS = [
    ("SELECT ?a $b { ?a ?b ?c }", ("a", "b")),
    ("PREFIX x: <urn:x> SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) FROM x:g {}", ("a", "n")),
    ("SELECT (IF(?a, (?b), ?c) AS ?d) (COUNT(*) AS ?n) WHERE { SELECT ?x {} }", ("d", "n")),
    ("# SELECT ?no\nselect reduced ?a where {}", ("a",)),
    ("SELECT * { ?a ?b ?c }", None),
    ("ASK { ?a ?b ?c }", None),
    ("SELECT ?a", None),
]


def test_the_columns_of_a_query() -> None:
    for query, columns in COLUMNS:
        assert columns_of(query) == columns
