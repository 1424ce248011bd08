"""What the workbench makes of an answer's rows: narrower queries, texts to take away."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from places import ROOT
from rallynov_graph.matching.words import folded
from running_node import node

MODULES = ROOT / "web/query/workbench"
XSD = "http://www.w3.org/2001/XMLSchema#"
Row = dict[str, Any]
VALUES = (Path(__file__).parent / "values.ttl").read_text("utf-8")
QUERIES: list[str] = tomllib.loads((Path(__file__).parent / "narrowed.toml").read_text("utf-8"))[
    "queries"
]


def module(name: str) -> str:
    return json.dumps((MODULES / name).as_uri())


NARROWED = f"""
import {{ narrowed }} from {module("narrowing.ts")};
const bound = (terms) => terms.map((term) => term ?? undefined);
const made = given.map(([query, columns, chosen]) => {{
  const terms = Object.entries(chosen).map(([name, them]) => [name, bound(them)]);
  return narrowed(query, columns, new Map(terms)) ?? null;
}});
console.log(JSON.stringify(made));
"""


def narrowed(*cases: tuple[str, list[str], dict[str, list[Row | None]]]) -> list[str | None]:
    found: list[str | None] = node(NARROWED, cases)
    return found


@pytest.fixture(scope="module")
def values() -> Store:
    store = Store()
    store.load(VALUES.encode(), RdfFormat.TURTLE)
    store.load(VALUES.encode(), RdfFormat.TURTLE, to_graph=NamedNode("urn:g"))
    return store


def rows_of(store: Store, query: str) -> tuple[list[str], list[Row]]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    told = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")
    return told["head"]["vars"], told["results"]["bindings"]


def choices(columns: list[str], rows: list[Row]) -> list[dict[str, list[Row | None]]]:
    """Each value of each column alone, its first two together, and one of each column."""
    made: list[dict[str, list[Row | None]]] = []
    for column in columns:
        different = [
            json.loads(it) for it in dict.fromkeys(json.dumps(row.get(column)) for row in rows)
        ]
        named = [it for it in different if not it or it["type"] != "bnode"]
        made += [{column: [one]} for one in named] + [{column: named[:2]}]
    return [*made, {column: [rows[0].get(column)] for column in columns}]


def test_the_narrower_query_gives_exactly_the_rows_that_were_chosen(values: Store) -> None:
    cases, expected = [], []
    for query in QUERIES:
        columns, rows = rows_of(values, query)
        assert rows
        for chosen in choices(columns, rows):
            if any(it and it["type"] == "bnode" for them in chosen.values() for it in them):
                continue
            cases.append((query, columns, chosen))
            expected.append(
                [r for r in rows if all(r.get(c) in them for c, them in chosen.items())]
            )
    assert len(cases) > 80
    for (query, columns, chosen), wanted, made in zip(
        cases, expected, narrowed(*cases), strict=True
    ):
        assert made is not None
        found_columns, found = rows_of(values, made)
        assert found_columns == columns
        told = [sorted(map(json.dumps, rows)) for rows in (found, wanted)]
        assert told[0] == told[1], (query, chosen, made)
        if "ORDER BY DESC(?n)" in query or "ORDER BY ?o" in query:
            assert found == wanted and made.count("ORDER BY") == 2
        else:
            assert made.count("ORDER BY") <= 1


def test_what_cannot_be_narrowed_is_not_tried() -> None:
    one: Row = {"type": "literal", "value": "a"}
    refused = narrowed(
        ("ASK { ?s ?p ?o }", ["s"], {"s": [one]}),
        ("CONSTRUCT { ?s ?p ?o } WHERE { SELECT ?s { } }", ["s"], {"s": [one]}),
        ("SELECT ?s { ?s ?p ?o }", ["s"], {"s": [one, {"type": "bnode", "value": "b"}]}),
        ("SELECT ?s { ?s ?p ?o }", ["s"], {"s": [{"type": "triple", "value": {}}]}),
        ("", ["s"], {"s": [one]}),
        ("PREFIX", ["s"], {"s": [one]}),
        ("# SELECT", ["s"], {"s": [one]}),
    )
    assert refused == [None] * 7


SHOWN = f"""
import {{ textOf }} from {module("cells.ts")};
globalThis.document = {{ documentElement: {{ lang: "fr" }} }};
console.log(JSON.stringify(given.map(([value, type]) =>
  textOf({{ type: "literal", value, datatype: "{XSD}" + type }}))));
"""


def test_numbers_and_dates_are_in_the_language_and_lose_nothing() -> None:
    written = {
        ("12345", "integer"): "12\u202f345",
        ("-0012.50", "decimal"): "-12,50",
        ("1.0E6", "double"): "1.0E6",
        ("NaN", "double"): "NaN",
        ("12345678901234567890", "integer"): "12345678901234567890",
        ("0.12345678901234567", "decimal"): "0.12345678901234567",
        ("twelve", "integer"): "twelve",
        ("2026-01-02", "date"): "2 janvier 2026",
        ("2026-02-30", "date"): "2026-02-30",
        ("2026-01", "gYearMonth"): "janvier 2026",
        ("2026-01-02T03:04:05.5Z", "dateTime"): "2 janvier 2026, 03:04:05.5 UTC",
        ("2026-01-02T03:04:05+02:00", "dateTime"): "2 janvier 2026, 03:04:05 +02:00",
        ("yesterday", "dateTime"): "yesterday",
        ("12345", "string"): "12345",
    }
    assert node(SHOWN, [*written]) == [*written.values()]


TAKEN = f"""
import {{ forSpreadsheet, markdown, tsv }} from {module("exporting.ts")};
import {{ fold }} from {module("../../base/folding.ts")};
const {{ columns, rows, texts }} = given;
const bound = rows.map((row) => row.map((term) => term ?? undefined));
const shown = {{ columns, rows: bound, plain: ({{ value }}) => value }};
console.log(JSON.stringify([tsv(shown), markdown(shown), forSpreadsheet(shown), texts.map(fold)]));
"""
FORMULAS = ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx", "\rx", "a=1", "-", "'quoted"]
FORMULAS += ['say "no", then', " x"]
TEXTS = ["Étape  de\nBESANÇON ", "Œuvre d’æ", "Straße ŁÓDŹ", "ΣΊΣΥΦΟΣ", "İzmir", "ﬁn ①", "नमस्ते"]


def test_what_the_table_shows_is_taken_elsewhere_exact_but_for_a_spreadsheet() -> None:
    cells: list[Row | None] = [{"type": "literal", "value": text} for text in FORMULAS]
    cells += [{"type": "literal", "value": "-5", "datatype": XSD + "integer"}, None]
    cells += [{"type": "literal", "value": "-5+cmd", "datatype": XSD + "integer"}]
    cells += [
        {"type": "uri", "value": "javascript:alert(1)"},
        {"type": "uri", "value": "https://x.org/a|b"},
    ]
    given = {"columns": ["=x", "y"], "rows": [[it, None] for it in cells], "texts": TEXTS}
    as_tsv, as_markdown, for_spreadsheet, as_folded = node(TAKEN, given)

    lines = as_tsv.split("\n")
    assert lines[0] == "=x\ty" and lines[1] == "=1+1\t" and lines[5] == " x\t" and lines[-1] == ""
    assert len(lines) == len(cells) + 2

    lines = as_markdown.splitlines()
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)
    assert r"| +cmd\|x |  |" in lines and r"| javascript:alert\(1\) |  |" in lines
    assert r"| [https://x.org/a\|b](<https://x.org/a%7Cb>) |  |" in lines

    assert for_spreadsheet.startswith("\ufeff'=x,y\r\n")
    read = [row[0] for row in csv.reader(io.StringIO(for_spreadsheet[1:], newline=""))]
    escaped = [f"'{text}" for text in FORMULAS[:6]] + ["a=1", "'-", *FORMULAS[8:]]
    assert read[1:] == [*escaped, "-5", "", "'-5+cmd", "javascript:alert(1)", "https://x.org/a|b"]

    assert as_folded == [*map(folded, TEXTS)]


NAMED_TURTLE = f"""
import {{ triplesOf }} from {module("raw.ts")};
import {{ thingsOf, withNames }} from {module("turtle.ts")};
const {{ triples, turtle, names }} = given;
const things = [...thingsOf(turtle).values()].flat();
const named = withNames(turtle, (iri) => names[iri]);
console.log(JSON.stringify([triplesOf(triples), things, named]));
"""
TURTLE = '''@prefix : <https://example.org/> .
PREFIX ex: <https://example.org/#>
:a a ex:b ; :p """two
lines :a of # <text>""" , "one # line"@fr ; ex:q 'x'^^:own .
:b\\~c :p <urn:x> .
'''


def test_a_graph_is_read_as_rows_and_written_with_names() -> None:
    store = Store()
    store.load(VALUES.encode(), RdfFormat.TURTLE)
    store.load(b"<urn:s> <urn:p> <<( <urn:a> <urn:b> _:c )>> .", RdfFormat.N_TRIPLES)
    triples = store.dump(None, RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    hostile = "a\nb # <c> \u2028 . :x :y :z . " + "é" * 100
    given = {
        "triples": triples.decode() + "not a triple\n<urn:a> <urn:b> .\n",
        "turtle": TURTLE,
        "names": {"https://example.org/a": hostile, "urn:x": "X", "https://example.org/b~c": "bc"},
    }
    rows, things, named = node(NAMED_TURTLE, given)

    told = store.query("SELECT ?subject ?predicate ?object { ?subject ?predicate ?object }")
    assert isinstance(told, QuerySolutions)
    expected = json.loads(told.serialize(format=QueryResultsFormat.JSON) or b"")
    as_json = [
        sorted(json.dumps(row, sort_keys=True) for row in them)
        for them in (rows, expected["results"]["bindings"])
    ]
    assert as_json[0] == as_json[1]

    assert {"https://example.org/a", "https://example.org/#b", "https://example.org/own"} <= {
        *things
    }
    assert "\n# bc · X\n:b\\~c :p <urn:x> .\n" in named
    assert "\n# a b # <c>" in named and '"""two\nlines :a of' in named
    graphs = [{*parse(text, RdfFormat.TURTLE)} for text in (TURTLE, named)]
    assert graphs[0] == graphs[1] and len(graphs[0]) == 5


def test_a_graph_is_written_with_the_prefixes_of_its_query() -> None:
    plain = """<urn:a#x> <urn:p/q> "a <urn:a#x> \\" b"^^<urn:a#type> .
<urn:a#x> <urn:a#1> <urn:a#é-b>, <urn:a#a.b>, <urn:a#>, '''<urn:a#x>
'''@en . # <urn:a#x>
"""
    prefixes = [["a", "urn:a#"], ["", "urn:p/"], ["none", "urn:none#"], ["open", ""]]
    script = f"""
import {{ withPrefixes }} from {module("turtle.ts")};
const [texts, prefixes] = given;
console.log(JSON.stringify(texts.map((text) => withPrefixes(text, new Map(prefixes)))));
"""
    declaring = "@prefix a: <urn:other#> . <urn:a#x> <urn:a#x> <urn:a#x> ."
    made, same, empty = node(script, [[plain, declaring, ""], prefixes])
    assert made.startswith("@prefix a: <urn:a#> .\n@prefix : <urn:p/> .\na:x :q ")
    assert "a:x <urn:a#1> a:é-b, <urn:a#a.b>, <urn:a#>, " in made and "^^a:type" in made
    assert "none" not in made
    assert (same, empty) == (declaring, "")
    graphs = [{*parse(text, RdfFormat.TURTLE)} for text in (plain, made)]
    assert graphs[0] == graphs[1] and len(graphs[0]) == 5
