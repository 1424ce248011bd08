"""The layout of queries: even, and never another meaning. Terms that are written nearly right."""

from __future__ import annotations

import re

import pytest
from rdflib.plugins.sparql.parser import parseQuery

from places import ROOT
from rallynov_graph.rdf.tokens import tokens
from running_node import node

WORKBENCH = (ROOT / "web/query/workbench").as_uri()
TRICKY = [
    "ASK{}",
    "select * where{?s a <urn:b>;<urn:p>'x'@fr,[<urn:q> ?y;a ?r],(1 2).?s <urn:a>/^<urn:b>+ ?z}",
    "SELECT * { ?s ?p '#no { comment' } # a { comment\n# another",
    "SELECT * {\n# } one\n?s ?p ?o # ) two\n; ?q '''a\n  b''' . # three\n\n\n# four\n}",
    "SELECT (COUNT(*)AS ?n){FILTER(?a<?b &&?c>-1||!(?d=?e)&&?f IN(1,\n2))?a ?b ?c}",
    "SELECT * FROM <urn:a> FROM NAMED <urn:b>{VALUES(?a ?b){(1 UNDEF)(<urn:c> 'd'^^<urn:e>)}}",
    "SELECT *{{SELECT ?a{?a ?b ?c}LIMIT 3 OFFSET 1}UNION{?a ?b []}MINUS{?a ?b()}GRAPH ?g{?a ?b 1}}",
    "SELECT ?a (GROUP_CONCAT(?b;separator=', ')AS ?c){?a ?d ?b}GROUP BY ?a HAVING(COUNT(?b)>1)",
    "CONSTRUCT{?s ?p ?o.?o ?p ?s}WHERE{?s ?p ?o FILTER NOT EXISTS{?o ?p ?s}BIND(1+2*-3 AS ?n)}",
    "DESCRIBE <urn:a>",
    "SELECT * { ?s ?p ?o } ORDER BY DESC(?s) ?p LIMIT 1 VALUES ?s { <urn:a> <urn:b> }",
    "SELECT * { ?s !(<urn:a>|^<urn:b>)* ?o . ?s (<urn:a>/<urn:b>)? ?o }",
]
LAID_OUT = """\
SELECT * WHERE {
  ?s a <urn:b> ;
    <urn:p> 'x'@fr, [ <urn:q> ?y ; a ?r ] .
  OPTIONAL { ?s ?p ?o . ?o ?p ?s } # why
  { ?a ?b ?c } UNION { ?c ?b ?a }
  FILTER(?o > 3)

  # Then
  GRAPH ?g { ?s <urn:a>/^<urn:b>+ ?o }
}
LIMIT 3"""
WRONG = ["SELECT * { ?s ?p }", "SELECT", "{" * 500, "ASK { ?s <<( ?a ?b ?c )>> ?o }"]


@pytest.fixture(scope="module")
def laid_out() -> dict[str, list[str | None]]:
    """Each query, laid out once and twice."""
    files = (path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.rq")))
    queries = [query for query in files if "<<(" not in query]  # of RDF 1.2
    bare = [re.sub(r"(?m)^#\+.*$", "", query) for query in queries]
    flat = [" ".join(query.split()) for query in bare[::5] if "# " not in query]
    messy = (
        LAID_OUT.replace("\n", " ").replace("# why", "# why\n").replace("# Then", "\n\n# Then\n")
    )
    script = f"""
      import {{ formatted }} from "{WORKBENCH}/formatting.ts";
      const both = (query) => {{
        const once = formatted(query);
        return [once, once && formatted(once)];
      }};
      console.log(JSON.stringify(Object.fromEntries(given.map((query) => [query, both(query)]))));
    """
    made: dict[str, list[str | None]] = node(script, [*queries, *flat, *TRICKY, *WRONG, messy])
    return made


def words(query: str) -> list[tuple[str, str]]:
    """Return the tokens of a query as the service reads them: what they are makes its meaning."""
    return [(token.kind, token.text) for token in tokens(query)]


def meaning(query: str) -> str:
    """Return a query as rdflib reads it; nameless nodes by their order."""
    names: dict[str, str] = {}
    read = repr(parseQuery(query))
    return re.sub(r"N[0-9a-f]{32}", lambda n: names.setdefault(n[0], f"N{len(names)}"), read)


def comments(query: str) -> list[str]:
    return [line.strip() for line in re.findall(r"(?m)(?:^|\s)(#[^{}\n]*)$", query)]


def test_a_query_means_the_same_in_its_layout_and_keeps_its_comments(
    laid_out: dict[str, list[str | None]],
) -> None:
    read = {query: once for query, (once, _) in laid_out.items() if query not in WRONG}
    assert len(read) > 200
    for query, once in read.items():
        assert once is not None, query
        assert "".join(once.split()) == "".join(query.split())
        assert comments(once) == comments(query)
        assert words(once) == words(query), query
    for query in TRICKY:
        assert meaning(read[query] or "") == meaning(query), query


def test_a_layout_is_even_and_what_has_a_mistake_is_left_as_it_is(
    laid_out: dict[str, list[str | None]],
) -> None:
    assert {query for query, (once, twice) in laid_out.items() if once != twice} == set()
    assert [*laid_out.values()][-1][0] == LAID_OUT
    assert [laid_out[query][0] for query in WRONG] == [None] * len(WRONG)
