"""Which format an Accept header asks for."""

import sys
import tracemalloc
from collections.abc import Callable

import pytest

from rallynov_graph.http import encodings
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf import formats
from rallynov_graph.server import answer_cache, rate_limit
from rallynov_graph.site.model.as_printed import printed_in
from rallynov_graph.site.model.nodes import page_cache
from rallynov_graph.sparql.oxigraph.embedded import StoreQuery

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
    assert encodings.best(f"gzip;q={weight}, zstd;q=0.1".encode()) == "zstd"


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json;q=0, application/json",
        "application/json, application/sparql-results+json;q=0.0",
    ],
)
def test_another_name_does_not_bring_back_what_is_refused(accept: str) -> None:
    assert best(accept, (formats.RESULTS_JSON,)) is None


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called by work."""
    counted = 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def test_a_header_is_read_in_proportion_to_its_length_whatever_is_on_offer() -> None:
    every = (*formats.RESULTS, *formats.GRAPHS, HTML)
    once = calls(lambda: best("x/y," * 4000, every))
    assert calls(lambda: best("x/z," * 8000, every)) < 2.2 * once
    assert once - calls(lambda: best("x/w," * 4000, every[:1])) < 1000


KEPT = page_cache()
SENT: list[Callable[[str], object]] = [
    lambda long: best(f"text/csv, {long}", formats.RESULTS),
    lambda long: encodings.best(f"gzip, {long}".encode()),
    lambda long: answer_cache.tag(b"stamp", StoreQuery("ASK {}", None, (f"urn:{long}",)), None),
    lambda long: answer_cache.tag(b"stamp", StoreQuery("ASK {}", f"http://{long}/"), None),
    lambda long: printed_in(f"SELECT ?{long} {{}}"),
    lambda long: KEPT.keep(("", long), long),
    rate_limit.number,
    rate_limit.network,
]


@pytest.mark.parametrize("read", SENT)
def test_what_visitors_send_is_not_kept(read: Callable[[str], object]) -> None:
    read("warm")
    tracemalloc.start()
    try:
        for number in range(20):
            read(f"{number}{'a' * 32_000}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 200_000, "twenty times 32 kB were sent"


def test_a_browser_wants_a_page_and_a_program_does_not() -> None:
    assert best(FIREFOX, (formats.TURTLE, HTML)) is HTML
    assert best("*/*", (formats.TURTLE, HTML)) is formats.TURTLE
    assert best("application/xhtml+xml", (formats.TURTLE, HTML)) is HTML
