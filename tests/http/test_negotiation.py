"""Which format an Accept header asks for."""

import pytest

from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf import formats

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV ; Q=0.5", "csv"),
        ("text/*", "csv"),
        ("text/*;q=0.5, application/sparql-results+xml;q=0.6", "xml"),
        ("application/json", "json"),
        ("application/xml", "xml"),
        ("*/*, text/tab-separated-values", "tsv"),
        ("*/*, application/sparql-results+json;q=0", "xml"),
        ("application/sparql-results+json;q=0.2, text/csv;q=0.3", "csv"),
        ("application/sparql-results+xml,application/sparql-results+json", "json"),
        ("text/csv;q=nonsense, text/tab-separated-values;q=0.1", "tsv"),
        (FIREFOX, "xml"),
        ('text/csv;profile="a,b";q=0.1, text/tab-separated-values;q=0.2', "tsv"),
        ("application/sparql-results+json;q=0, application/json, text/csv;q=0.1", "csv"),
        ("application/json;q=0, application/sparql-results+json;q=0.1", "json"),
        ("application/json;q=0, */*", "json"),
        ("a/b, " * 6000 + "text/csv", "csv"),
    ],
)
def test_a_table_is_written_as_the_header_wants_it(accept: str | None, name: str) -> None:
    form = best(accept, formats.RESULTS)
    assert form is not None
    assert form.name == name


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "nonsense", ";;,,", "text/turtle"])
def test_none_is_found_where_none_is_wanted(accept: str) -> None:
    assert best(accept, formats.RESULTS) is None


@pytest.mark.parametrize("weight", ["nan", "inf", "-inf", "-1", "1e9", "1.5", "1_0", "zz"])
def test_a_weight_that_is_none_is_the_least_one(weight: str) -> None:
    for accept, name in (
        ("text/csv;q={}", "csv"),
        ("*/*;q={}", "json"),
        ("text/csv;q={}, text/tab-separated-values;q=0.01", "tsv"),
        ("text/tab-separated-values;q=0.01, text/csv;q={}", "tsv"),
        ("text/csv;q={}, text/tab-separated-values;q=0", "csv"),
        ("application/json;q={}, text/csv", "csv"),
        ("text/csv, */*;q={}", "csv"),
    ):
        form = best(accept.format(weight), formats.RESULTS)
        assert form is not None and form.name == name, accept


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json;q=0, application/json",
        "application/json, application/sparql-results+json;q=0.0",
    ],
)
def test_another_name_does_not_bring_back_what_is_refused(accept: str) -> None:
    assert best(accept, (formats.RESULTS_JSON,)) is None


def test_a_browser_wants_a_page_and_a_program_does_not() -> None:
    assert best(FIREFOX, (formats.TURTLE, HTML)) is HTML
    assert best("*/*", (formats.TURTLE, HTML)) is formats.TURTLE
    assert best("application/xhtml+xml", (formats.TURTLE, HTML)) is HTML
