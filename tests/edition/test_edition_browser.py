"""An edition in a browser, from servers that know nothing: read, narrowed, queried, kept."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as BrowserPage

import edition_pages
from browsing import PHONE, visiting
from rallynov_graph.edition.addresses import SiteAddress
from reading_pages import Page, inside
from small_edition import BASE, SmallEdition
from waiting import eventually

THING = SiteAddress("/resource", (("iri", "https://example.org/one"),), "en").file
Pairs = tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def small(edition: SmallEdition) -> Iterator[str]:
    """The address of the small edition as `python -m http.server` serves it."""
    with edition_pages.served(edition.folder) as address:
        yield address


# Reading


def test_pages_have_no_barriers_and_are_read_with_scripts_off(
    browser: Browser, small: str, address: str
) -> None:
    """Those whose forms are answered in the browser are looked at where they are answered."""
    of_all = ("index.html", "doubts.en.html", "absent/choices.html", THING)
    telling = ("sparql", "api.en", "releases", "changes.en", "absent/offline")
    for place, files in ((small, of_all), (address, [f"{name}.html" for name in telling])):
        with visiting(browser, place) as visit:
            visit.look(PHONE, "dark")
            for file in files:
                visit.open(f"/{file}")
                assert visit.barriers() == [], file
                assert not visit.overflows(), file
    with visiting(browser, small, java_script_enabled=False) as visit:
        page = visit.open(f"/{THING}")
        expect(page.locator("main h1")).to_be_visible()
        page.click("a.brand")
        expect(page).to_have_url(f"{small}/index.en.html")
    with visiting(browser, address) as visit:
        page = visit.open("/carnet/carnet-2.en.html#p-1471-1637")
        expect(page).to_have_url(f"{address}/carnet/carnet-2.page-2.en.html#p-1471-1637")
    with visiting(browser, address, java_script_enabled=False) as visit:
        for path in ("doubts", "network", "search", "sparql", "questions/things_on_theme"):
            page = visit.open(f"/{path}.html")
            expect(page.locator("main noscript p").first).to_be_visible()
        page = visit.open("/list/innovation.html")
        expect(page.locator("main noscript p").first).to_contain_text("JavaScript")
        expect(page.locator("[data-listed] tbody tr").first).to_be_visible()


def test_a_reader_keeps_language_and_certainty_and_takes_evidence_and_citations(
    browser: Browser, small: str
) -> None:
    with visiting(browser, small) as visit:
        page = visit.open("/index.html")
        page.click("a.other-language")
        expect(page).to_have_url(f"{small}/index.en.html")
        page = visit.open("/index.explicit.en.html")
        page.click("nav.sections a[href^='doubts']")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page = visit.open("/index.explicit.en.html")
        page.click(".hidden-facts a")
        expect(page).to_have_url(f"{small}/index.en.html")
        page = visit.open("/doubts.html")
        page.click(".acts summary")
        page.click("details.cite-forms summary")
        with page.expect_download() as begun:
            page.click("#cite-forms a[download$='.bib']")
        written = begun.value.path().read_text("utf-8")
        assert f"{{{BASE}doubts.html}}" in written and written.startswith("@")
        page = visit.open(f"/{THING}")
        link = page.locator("a.evidence[data-evidence]").first
        note = link.get_attribute("href")
        link.click()
        drawer = page.locator(".drawer .note")
        expect(drawer.get_by_role("heading").first).not_to_be_empty()
        whole = drawer.get_by_role("link", name="Full note")
        expect(whole).to_have_attribute("href", f"{small}/{note}")
        assert visit.barriers() == []


# Forms that are answered in the browser

WAY = {"from": "organisation/bge-franche-comte", "to": "organisation/pole-des-microtechniques"}


def test_doubts_ways_and_names_are_those_of_a_server(
    browser: Browser, address: str, site: Flask
) -> None:
    client = site.test_client()
    with visiting(browser, address) as visit:
        page = visit.open("/doubts.html")
        menu = page.get_by_label("Questions qui touchent")
        thing = menu.locator("option").nth(1).get_attribute("value") or ""
        menu.select_option(thing)
        page.get_by_role("button", name="Choisir").click()
        told = Page(client.get("/doubts", query_string={"touches": thing}).text)
        expect(page.locator("h1")).to_have_text(" ".join(told.one("h1").text.split()))
        shown = page.locator(".doubt:visible").evaluate_all("them => them.map(it => it.id)")
        assert sorted(shown) == sorted(it["id"] for it in told.all("article", **{"class": "doubt"}))
        assert visit.barriers() == []

        data: Any = client.get("/network.json", query_string=WAY).json
        names = [data["things"][number]["name"] for number in data["way"]]
        assert len(names) > 2
        page = visit.open("/network.html")
        for name, value in WAY.items():
            page.locator(f"#f-{name}").select_option(value)
        page.get_by_role("button", name="Montrer le chemin").click()
        steps = page.locator("[data-chain] > li")
        expect(steps).to_have_count(len(names))
        assert steps.locator("[data-thing]").all_text_contents() == names
        expect(steps.locator("[data-note] a")).to_have_count(len(names) - 1)
        assert visit.barriers() == []

        page = visit.open("/search.en.html?q=gouvernance")
        said = page.get_by_role("status").first
        expect(said).to_contain_text("things found")
        link = page.locator("[data-found]").get_by_role("link", name="Governance", exact=True)
        expect(link).to_have_attribute("href", f"{address}/page/theme/gouvernance.en.html")
        assert visit.barriers() == []
        page.goto(f"{address}/search.en.html?q=gouvernence")
        expect(said).to_contain_text("gouvernance")
        expect(page.locator("[data-found] a").first).to_be_visible()
        page.locator("main input[name=q]").focus()
        page.locator("main input[role=combobox]").fill("vesou")
        expect(page.locator(".suggest__option").first).to_contain_text("Vesoul")
        page.locator("main input[role=combobox]").fill("who speaks of governance")
        suggested = page.locator(".suggest__option").last
        expect(suggested).to_contain_text("Governance")
        expect(suggested).to_contain_text("question")


# Lists

INNOVATIONS = "/list/innovation"
VALUES = """boxes => boxes.filter(it => !it.closest("label").hidden)
  .map(it => [it.name, it.value, it.checked])"""


def told(site: Flask, pairs: Pairs, path: str = INNOVATIONS) -> Page:
    """Return the page that a server has of a list under these choices, in English."""
    asked = urlencode([*pairs, ("lang", "en")])
    return Page(site.test_client().get(f"{path}?{asked}").text)


def bare(texts: Iterable[str]) -> list[str]:
    """Return texts without white space, which pages lay out otherwise than browsers read it."""
    return ["".join(text.split()) for text in texts]


def assert_is_as_told(page: BrowserPage, expected: Page) -> None:
    """Assert that a page in the browser shows what a server's shows, its choices included."""
    choices = {
        (it["name"], it["value"], "checked" in it.attributes)
        for it in expected.all("input", type="checkbox")
    }
    expect(page.locator("form.filters input:checked")).to_have_count(sum(it[2] for it in choices))
    expect(page.locator("[data-explore]")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("h1")).to_have_text(expected.one("h1").text)
    rows = page.locator("[data-listed] tbody tr").all_inner_texts()
    assert bare(rows) == bare(it.text for it in expected.all("tr") if "tbody" in it.inside)
    filters = expected.all("nav", **{"class": "certainty-filter"})
    totals = page.locator(".certainty-filter b:visible").all_text_contents()
    assert totals == [it.text for of in filters for it in inside(expected, of, "b")]
    around = page.locator(":is(.list-foot, .nothing) :is(p, li)").all_inner_texts()
    told = [it for of in ("list-foot", "nothing") for it in expected.all("div", **{"class": of})]
    said = (it.text for of in told for it in inside(expected, of) if it.tag in ("p", "li"))
    assert bare(around) == bare(it for it in said if not it.endswith("in the network"))
    boxes = page.locator("form.filters input").evaluate_all(VALUES)
    assert {(*it,) for it in boxes} == choices


def assert_is_cited_and_saved_as_told(page: BrowserPage, site: Flask, pairs: Pairs) -> None:
    """Assert that the citation and the files are those of the narrowed list."""
    title = told(site, pairs).one("bdi").text
    line = page.locator("[data-citation=line]").text_content() or ""
    assert title in line and urlencode(pairs) in line
    for form in page.locator("#cite-forms a").all():
        written = unquote(form.get_attribute("href") or "").partition(",")[2]
        assert told(site, pairs).one("h1").text in written and urlencode(pairs) in written
    for suffix in ("csv", "json"):
        with page.expect_download() as coming:
            page.locator(f"details.export a[href$='.{suffix}']:not([href^=data])").first.evaluate(
                "it => it.click()"
            )
        ours = Path(coming.value.path()).read_text("utf-8")
        asked = urlencode([*pairs, ("lang", "en")])
        theirs = site.test_client().get(f"{INNOVATIONS}.{suffix}?{asked}").text
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


def apart(site: Flask) -> Iterator[Pairs]:
    """Yield pairs of choices that few innovations make both of."""
    boxes = told(site, ()).all("input", type="checkbox")
    values = {of: [it["value"] for it in boxes if it["name"] == of] for of in ("stage", "carrier")}
    for stage, carrier in product(*values.values()):
        yield (("stage", stage), ("carrier", carrier))


def test_a_reader_narrows_a_list_and_its_address_says_how(
    browser: Browser, address: str, site: Flask
) -> None:
    at = f"{address}{INNOVATIONS}.en.html"
    with visiting(browser, address) as visit:
        page = visit.open(f"{INNOVATIONS}.en.html")
        assert_is_as_told(page, told(site, ()))
        pairs: Pairs = ()
        for facet in ("larger", "stage"):
            if pairs:
                page.locator("details.filter[open] > summary").press("Escape")
            page.locator(f"details.filter[data-kept={facet}] > summary").press("Enter")
            one = page.locator(f"form.filters input[name={facet}]:visible").first
            value = one.get_attribute("value") or ""
            pairs += ((facet, value),)
            one.press("Space")
            assert_is_as_told(page, told(site, pairs))
            expect(page.locator("form.filters :focus")).to_have_value(value)
            expect(page.locator("[data-said]")).to_contain_text("innovation")
        assert page.url == f"{at}?{urlencode(pairs)}"
        for link in ("a.other-language", ".certainty-filter li:first-child a"):
            href = page.locator(link).get_attribute("href") or ""
            assert href.endswith(f".html?{urlencode(pairs)}")
        assert visit.barriers() == []
        assert_is_cited_and_saved_as_told(page, site, pairs)
        page.locator("a.chip").first.click()
        assert_is_as_told(page, told(site, pairs[1:]))
        page.go_back()
        assert_is_as_told(page, told(site, pairs))
        page.goto(f"{at}?{urlencode([*pairs, ('theme', 'x')])}")
        expect(page.locator("[data-note]")).to_contain_text("theme=x")
        assert_is_as_told(page, told(site, pairs))
        page.get_by_role("link", name="Clear all").click()
        assert_is_as_told(page, told(site, ()))
        empty = next(it for it in apart(site) if told(site, it).all("div", **{"class": "nothing"}))
        page.goto(f"{at}?{urlencode(empty)}")
        assert_is_as_told(page, told(site, empty))
        assert visit.barriers() == []
        page.locator(".nothing .ways-on a").first.click()
        assert_is_as_told(page, told(site, tuple(it for it in empty if it[0] in page.url)))


def test_rows_are_got_from_their_pages_and_a_damaged_index_is_said(
    browser: Browser, address: str, some_pages: Path, site: Flask
) -> None:
    path = "/list/passage"
    index = json.loads((some_pages / f"{path[1:]}.facets.en.json").read_bytes())
    (facet,) = index["facets"]
    keys = [it["key"] for it in facet["values"] if max(map(sum, it["rows"])) >= index["page"]]
    pairs = tuple((facet["name"], key) for key in (keys[0], keys[-1]))
    expected = told(site, pairs, path)
    damaged = some_pages / "list/innovation.facets.explicit.en.json"
    whole = damaged.read_bytes()
    with visiting(browser, address) as visit:
        page = visit.open(f"{path}.page-2.en.html?{urlencode(pairs)}")
        expect(page).to_have_url(f"{address}{path}.en.html?{urlencode(pairs)}")
        expect(page.locator("h1")).to_have_text(expected.one("h1").text)
        rows = page.locator("[data-listed] tbody tr").all_inner_texts()
        assert bare(rows) == bare(it.text for it in expected.all("tr") if "tbody" in it.inside)
        try:
            damaged.write_bytes(whole.replace(b'"id":"', b'"id":"0'))
            page = visit.open(f"{INNOVATIONS}.explicit.en.html")
            expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
            expect(page.locator("[data-listed] tbody tr").first).to_be_visible()
        finally:
            damaged.write_bytes(whole)


# Queries

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EXAMPLE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENGINE = "engine/engine.json"
FAULT = "[data-answer] .fault"
EDITOR = ".cm-content"


def ask(page: BrowserPage, query: str) -> None:
    """Ask a query in the workbench."""
    if not page.locator(EDITOR).count():
        page.locator("#query").focus()
    page.locator(EDITOR).focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.get_by_role("button", name="Exécuter").click()


def test_the_workbench_answers_by_itself(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        page = visit.open("/sparql.html?query=ASK%20{%20%3Fs%20%3Fp%20%3Fo%20}")
        answer = page.locator("[data-answer]")
        expect(answer.get_by_text("Oui.")).to_be_visible()
        answer.get_by_role("tab", name="Fichiers").click()
        with page.expect_download() as saving:
            answer.get_by_role("link", name="XML").click()
        assert "<boolean>true</boolean>" in saving.value.path().read_text()
        ask(page, "SELECT ?x { ?x foo:bar 1 }")
        expect(answer.locator(".fault")).to_contain_text("Le préfixe foo: n’est pas déclaré")
        ask(page, ENDLESS)
        answer.get_by_role("button", name="Arrêter").click()
        expect(answer).to_contain_text("La requête est arrêtée")
        ask(page, f"CONSTRUCT {{ ?s a ?o }} {{ ?s a ?o }} LIMIT 3 # {'(' * 400}")
        expect(answer.locator(".fault")).to_contain_text("trop de mémoire")
        ask(page, "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 3")
        expect(answer).to_contain_text("3 triplets")
        answer.get_by_role("tab", name="Fichiers").click()
        with page.expect_download() as saving:
            answer.get_by_role("link", name="Turtle").click()
        assert saving.value.path().read_text().count(" a ") + 1 >= 3
        packed = [it for it in asked if it.endswith(".wasm.zst")]
        assert len(packed) == 1, "a worker that is started again gets nothing again"


def test_the_editor_comes_after_the_first_answer_of_who_writes_nothing(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address, locale="fr-FR") as visit:  # a window with an empty cache
        scripts: list[str] = []
        visit.page.on("request", lambda it: scripts.append(it.url.rpartition("/")[2]))
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        expect(page.locator("[data-format]")).to_be_visible()
        expect(page.locator(EDITOR)).to_have_count(0)
        assert page.locator("#query").is_editable()
        page.get_by_role("button", name="Exécuter").click()
        expect(page.locator("[data-answer] [data-part=status]")).to_contain_text("ligne")
        expect(page.locator(EDITOR)).to_contain_text("SELECT")
        engine = next(place for place, it in enumerate(scripts) if it.endswith(".wasm.zst"))
        assert scripts.index("terms.json") > engine, "the terms are for the editor"


def test_a_question_is_asked_with_any_value_on_its_page(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/questions/things_on_theme.inferred.html")
        page.get_by_label("Thème", exact=True).select_option("theme/gouvernance")
        page.get_by_label("Type", exact=True).select_option("innovations")
        page.get_by_role("button", name="Demander").click()
        answer = page.locator("[data-answer]")
        expect(answer.get_by_role("status")).to_have_text("1 ligne")
        link = answer.get_by_role("link", name="Gouvernance sans chef de production")
        expect(link).to_have_attribute(
            "href", re.compile(r"/page/innovation/[a-z-]+\.inferred\.html$")
        )
        assert "theme=theme%2Fgouvernance" in page.url
        expect(page.locator("h1")).to_contain_text(" — Gouvernance")
        expect(page.locator("[data-citation=line]")).to_contain_text(" — Gouvernance")
        expect(page.locator("[data-citation=address]")).to_contain_text("theme=theme%2Fgouvernance")
        page.locator("details.export > summary").click()
        with page.expect_download() as download:
            page.locator("details.export").get_by_role("link", name="CSV", exact=True).click()
        assert len(Path(download.value.path()).read_text("utf-8").splitlines()) == 1 + 1
        query = page.locator(".see-query").first.get_attribute("href") or ""
        assert "theme%2Fgouvernance" in query
        assert visit.barriers() == []


def too_large(folder: Path) -> str:
    told = json.loads((folder / ENGINE).read_text())
    large = {"too_large": {"quads": 1000000, "most": 300000}}
    (folder / ENGINE).write_text(json.dumps(told | large))
    return "Téléchargez-les"


def missing(folder: Path) -> str:
    [program] = folder.glob("static/built/oxigraph-*.wasm.zst")
    program.unlink()
    return "à cette édition : static/"


def damaged(folder: Path) -> str:
    [data] = folder.glob("engine/data-*.zst")
    data.write_bytes(b"x" * 1000)
    return "n’est pas celui qui a été publié"


@pytest.mark.parametrize("harm", [too_large, missing, damaged])
def test_what_hinders_the_engine_is_said_with_what_to_do(
    browser: Browser, some_pages: Path, tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    """Each hindrance is real: the folder lies so in its web space."""
    folder = Path(shutil.copytree(some_pages, tmp_path / "site"))
    sentence = harm(folder)
    with (
        edition_pages.served(folder) as address,
        visiting(browser, address, expected=("status of 404",)) as visit,
    ):
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        ask(page, EXAMPLE)
        expect(page.locator(FAULT)).to_contain_text(sentence)


def test_a_slow_query_an_old_browser_and_a_lost_web_space_are_said(
    browser: Browser, some_pages: Path
) -> None:
    def soon(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "seconds": 0.2})

    web_space = ExitStack()
    address = web_space.enter_context(edition_pages.served(some_pages))
    with web_space, visiting(browser, address, expected=("ERR_CONNECTION",)) as visit:
        visit.page.route(f"**/{ENGINE}", soon)
        page, fault = visit.open("/sparql.html"), visit.page.locator(FAULT)
        page.mouse.move(9, 9)
        ask(page, ENDLESS)
        expect(fault).to_contain_text("La requête prend trop de temps")
        visit.page.unroute(f"**/{ENGINE}")
        visit.open("/sparql.html")
        page.mouse.move(9, 9)
        page.evaluate("delete window.WebAssembly")
        ask(page, EXAMPLE)
        expect(fault).to_contain_text("trop ancien")
        visit.open("/sparql.html")
        page.mouse.move(9, 9)
        page.locator("#query").focus()
        expect(page.locator(EDITOR)).to_be_visible()
        web_space.close()
        ask(page, EXAMPLE)
        expect(fault).to_contain_text("Vérifiez la connexion")


# A copy that is kept

IS_NEW = """caches.match(new URL("absent/offline.html", location.href).href)
    .then(it => it.text()).then(text => text.includes("<h1>Anew"))"""
ASKED = """fetch(
    document.querySelector("meta[name=rallynov-engine]").dataset.offline, {cache: "no-store"}
).then(answer => answer.text())"""
KEPT = "caches.keys().then(names => names.length)"
REGISTERED = "navigator.serviceWorker.getRegistrations().then(them => them.length)"
SLOW = """const has = CacheStorage.prototype.has;
CacheStorage.prototype.has = async function (name) {
    const found = await has.call(this, name);
    window.looks = true;
    await new Promise(done => setTimeout(done, 2000));
    setTimeout(() => { window.opens = true; }, 500);
    return found;
}"""
"""Has a page be slow between looking whether there is a copy and opening it."""
REFUSE = """for (const name of ["caches", "indexedDB", "localStorage", "sessionStorage"])
    Object.defineProperty(window, name,
        { get() { throw new DOMException("", "SecurityError"); } })"""


@pytest.fixture(scope="module")
def folder(some_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some pages of an edition below a path, and those alone to be kept."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(some_pages, folder / "deep", symlinks=True)
    listed = folder / "deep/engine/offline.json"
    told = json.loads(listed.read_text())
    places = {it: Path(os.path.normpath(listed.parent / it)) for it in told["files"]}
    told["files"] = [it for it, place in places.items() if place.is_file()]
    needed = "../about.html", "../sparql.en.html", "../carnet/carnet-2.html", "../carnet/texts.json"
    assert {*needed} <= {*told["files"]}
    listed.write_text(json.dumps(told))
    return folder


def publish_again(edition: Path) -> None:
    """Have the folder hold another edition, with another page of what is not in a copy."""
    listed, page = edition / "engine/offline.json", edition / "absent/offline.html"
    listed.write_text(json.dumps(json.loads(listed.read_text()) | {"release": "another"}))
    page.write_text(page.read_text("utf-8").replace("<h1>", "<h1>Anew: "), "utf-8")


def test_a_copy_is_made_answers_offline_and_is_removed(browser: Browser, folder: Path) -> None:
    with edition_pages.served(folder) as address, visiting(browser, address) as visit:
        page = visit.open("/deep/about.html")
        page.click("#offline summary")
        kept = page.locator("#offline [role=status]")
        expect(kept).to_contain_text("La copie demande environ")
        page.get_by_role("button", name="Garder une copie").click()
        expect(kept).to_contain_text("La copie est faite")
        assert visit.faults() == []
        visit.expected = ("",)  # what cannot be had without a connection is no fault from now on
        question = f"{address}/deep/questions/things_on_theme.html"
        page.goto(question)
        page.context.set_offline(True)
        try:
            page.goto(f"{address}/deep/sparql.html?query=ASK%20{{%20?s%20?p%20?o%20}}")
            expect(page.locator("[data-answer]").get_by_text("Oui.")).to_be_visible()
            page.goto(f"{question}?theme=theme/gouvernance&kind=innovations")
            expect(page.locator("[data-answer] [role=status]")).to_have_text("1 ligne")
            page.goto(f"{address}/deep/page/stage/dole.en.html")
            expect(page.locator("h1")).to_have_text("This page is not in your copy")
        finally:
            page.context.set_offline(False)
        page.goto(f"{address}/deep/search.html", wait_until="networkidle")
        publish_again(folder / "deep")
        page.evaluate(ASKED)  # as by a page that was left before all files had come
        page.goto(f"{address}/deep/search.html")
        assert eventually(lambda: page.evaluate(IS_NEW))
        page.goto(f"{address}/deep/about.html")
        page.click("#offline summary")
        expect(page.get_by_role("button", name="Enlever la copie")).to_be_enabled()
        other = page.context.new_page()  # brings the copy up to date as it is removed
        other.add_init_script(SLOW)
        other.goto(f"{address}/deep/search.html")
        assert eventually(lambda: other.evaluate("window.looks === true"))
        page.get_by_role("button", name="Enlever la copie").click()
        expect(kept).to_contain_text("La copie demande environ")
        assert eventually(lambda: other.evaluate("window.opens === true"))
        assert page.evaluate(KEPT) == page.evaluate(REGISTERED) == 0


def test_a_browser_that_keeps_nothing_says_so(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        visit.page.add_init_script(REFUSE)
        page = visit.open("/about.en.html")
        page.click("#offline summary")
        expect(page.locator("#offline [role=status]")).to_contain_text("refuses to keep anything")
        expect(page.locator("#offline button")).to_be_hidden()
        assert visit.barriers() == []
