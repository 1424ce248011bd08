"""What is not passed on to another's server, however it is spelled."""

import subprocess
import sys

import pytest

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.sparql.query_guard import calls_other_functions, refuse_invalid

CALLED = "http_get('http://127.0.0.1/')"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT (bif:{CALLED} AS ?x) {{}}",
        f"SELECT (BIF:{CALLED} AS ?x) {{}}",
        f"PREFIX bif: <http://example.org/> SELECT (bif:{CALLED} AS ?x) {{}}",
        "SELECT (<bif:http_get>('x') AS ?x) {}",
        "SELECT (<http://www.openlinksw.com/schemas/bif#http_get>('x') AS ?x) {}",
        r"PREFIX x: <http://www.openlinksw.com/schemas/b> SELECT (x:if\#http_get('x') AS ?x) {}",
        r"PREFIX x: <http://www.open> SELECT (x:linksw.com\/schemas\/bif\#f('x') AS ?x) {}",
        r"SELECT (\u0062if:http_get('x') AS ?x) {}",
        "BASE <http://www.openlinksw.com/schemas/> SELECT (<bif#http_get>('x') AS ?x) {}",
        f"ASK {{ VALUES (?a ?b) {{(1 2)}} FILTER(?a<?b)#>'''\n FILTER(bif:{CALLED}) }} #'''",
        "PREFIX s: <sql:> SELECT (s:f('x') AS ?x) {}",
        "SELECT (<java:java.lang.System.exit>(0) AS ?x) {}",
        "PREFIX j: <java:java.lang.> ASK { FILTER j:System.exit(0) }",
        "ASK { ?s <java:org.example.Property> ?o }",
        "PREFIX xsd: <java:> ASK { BIND(xsd:integer(1) AS ?x) }",
        "PREFIX ex: <http://example.org/bif#> SELECT (ex:f('x') AS ?x) { ?s a ex:sql }",
        "PREFIX ex: <http://example.org/> SELECT * { ?s ?p ?o } ORDER BY ?s ex:f(?o)",
        "PREFIX ex: <http://example.org/> SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING ex:f(?o)",
        "PREFIX ex: <http://example.org/> SELECT (AGG ex:f(?o) AS ?x) { ?s ?p ?o }",
        "ASK { FILTER CALL('java:java.lang.System.exit', 0) }",
        "PREFIX list: <http://jena.apache.org/ARQ/list#> ASK { ?s list:member ?o }",
        "".join(f"PREFIX x: <http://example.org/{n}> " for n in range(9)) + "ASK { x:a x:b x:c }",
    ],
)
def test_a_function_that_is_not_of_sparql_is_found(query: str) -> None:
    assert calls_other_functions(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'bif:http_get openlinksw' } # sql:f",
        f"PREFIX x: <{PREFIXES['xsd']}> SELECT (x:integer('1') AS ?x) {{ FILTER x:boolean(1) }}",
        f"SELECT * {{ ?s ?p ?o }} ORDER BY <{PREFIXES['xsd']}date>(?o) desc(lcase(?s))",
        "PREFIX ex: <http://example.org/> ASK { ?s ex:list (1 2) ; a (3) ; ex:a/ex:b (ex:c ex:d) }",
        "SELECT (COUNT(DISTINCT (?o)) AS ?n) { VALUES (?s) {(1)} FILTER(?o IN (1) && bound(?s)) }",
        "PREFIX x: <http://example.org/> PREFIX x: <http://example.org/more/> ASK { x:a x:b 1 }",
    ],
)
def test_what_only_looks_so_is_let_through(query: str) -> None:
    assert not calls_other_functions(query)


@pytest.mark.parametrize(
    "query",
    ["DEFINE get:soft 'soft' SELECT * {}", "hello SELECT * {}", "", "CREATEX", "{ ASK {} }"],
)
def test_what_does_not_begin_as_a_query_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        refuse_invalid(query)


@pytest.mark.parametrize(
    "query",
    [
        "ask {}",
        "PREFIX select: <http://example.org/> # insert\nBASE <http://example.org/drop>\nASK {}",
        'VERSION "1.2" SELECT * {}',
        "PREFIX : <http://example.org/> DESCRIBE :a",
    ],
)
def test_what_begins_as_a_query_is_one(query: str) -> None:
    refuse_invalid(query)


def test_a_prefix_that_is_not_declared_is_told_with_its_place() -> None:
    with pytest.raises(QueryError) as told:
        refuse_invalid("ASK {\n ?s é:p ?o }")
    assert (told.value.line, told.value.column) == (2, 5)


READ = """\
import sys
from rallynov_graph.sparql.query_guard import calls_other_functions
before, often, after = sys.argv[1:]
calls_other_functions(before * 20_000 + "ASK { " + often * 20_000 + after)
"""


@pytest.mark.parametrize(
    ("before", "often"),
    [("PREFIX x: <http://example.org/>\n", "x:a x:b x:c . "), ("", "<http://example.org/a> " * 3)],
)
def test_long_queries_are_read_to_their_end(before: str, often: str) -> None:
    """Within a second or two; each name held against each declaration would take hours."""
    subprocess.run([sys.executable, "-c", READ, before, often, "}"], check=True, timeout=60)
