"""Asking in a real browser: names proposed, the workbench, ready-made and built questions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

from playwright.sync_api import Browser, Locator, Page, Route, expect

from browsing import HEIGHT, NARROW, WIDE, Visit, intercepted, somebody_at, visiting
from hearing import Reader as Listener
from rallynov_graph.questions.catalogue import load
from reader_tasks import Reader, chart_saved_and_cited
from servers import Server

XSD = "http://www.w3.org/2001/XMLSchema#"
MARKUP = "<img src=x onerror=alert(1)> & co"
BOX = "#find-box"
OPTIONS = "[role=option]"
EDITOR = ".cm-content"
QUERY = "#query"
FAULT = "#query-fault"
STATUS = "[data-part=status]"
SPOKEN = "[data-spoken]"
SHOWN = "[data-part=shown]"
ROWS = "[data-part=table] tbody tr:not(.spacer)"
TABS = ".tabs button"
PREFIXES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""
STAGES = f"{PREFIXES}SELECT ?s ?o {{ ?s a rn:Stage ; schema:startDate ?o }}\n"
MANY = "SELECT ?s ?o { ?s ?p ?q . ?o a <https://w3id.org/rallynov/ontology#Stage> } LIMIT 20000"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))"
"""Waits for the next picture."""


def written(page: Page, text: str, box: str = BOX) -> Locator:
    """Write into a box at one go; return the suggestions once they are there.

    Letter by letter, those of the first letters might still be there where a machine is slow.
    """
    page.locator(box).click()
    page.keyboard.insert_text(text)
    options = page.locator(f"{box}__listbox {OPTIONS}")
    options.first.wait_for()
    return options


class Held:
    """Requests that get no answer until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.routes: list[Route] = []
        self.open = False
        hold = intercepted if page.url != "about:blank" else Page.route
        hold(page, pattern, self._came)

    def _came(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.routes.append(route)

    def go(self) -> None:
        self.open = True
        for route in self.routes:
            route.continue_()


# Names that are proposed


def test_names_are_proposed_and_taken_by_keyboard_or_mouse(visit: Visit) -> None:
    page, box = visit.open("/"), visit.page.locator(BOX)
    options = written(page, "mamh")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("mamh")
    expect(box).to_have_attribute("aria-expanded", "false")
    written(page, "i")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/innovation/mamhique")
    written(page, "mamh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mamh")
    expect(box).to_have_value("mamh")
    assert page.locator(OPTIONS).count() == 0
    page = visit.open("/list/stage?lang=en")
    named = written(page, "inno").count()
    heard = page.locator(".find [role=status]").filter(has_text=f"{named} suggestions.")
    heard.first.wait_for(state="attached")
    visit.look(NARROW, "dark")
    assert visit.barriers() == [] and not visit.overflows()
    visit.look(WIDE, "light")
    box.clear()
    expect(written(page, "mamh").first).to_contain_text("Mamhique")
    options.first.click()
    page.wait_for_url("**/page/innovation/mamhique?lang=en")
    for address, first, second in (("/compare", "a", "b"), ("/between", "from", "to")):
        page = visit.open(address)
        for name, text in ((first, "legen"), (second, "indib")):
            written(page, text, f"#f-{name}")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        expect(page.locator(f"#f-{first}")).to_have_value("organisation/legeni")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}?{first}=organisation%2Flegeni&{second}=*indibat*")
        expect(page.locator("h1")).to_contain_text("Legeni")
    visit.expected = ("status of 404",)
    field = visit.open("/compare?a=nowhere").locator("#f-a")
    field.focus()
    expect(field).to_have_value("nowhere")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert page.locator(OPTIONS).count() == 0


def test_names_that_come_late_or_not_at_all_take_nothing_from_who_writes(visit: Visit) -> None:
    scripts = Held(visit.page, "**/static/built/*.js")
    page, box = visit.page, visit.page.locator(BOX)
    page.goto(visit.site, wait_until="commit")
    box.focus()
    page.keyboard.type("mam")
    scripts.go()
    page.locator(".suggests").wait_for()
    expect(box).to_have_value("mam")
    page.keyboard.type("h")
    expect(box).to_have_value("mamh")
    name = page.locator(OPTIONS).first.locator(".suggest-name").inner_text()
    # Who is in the list keeps it.
    late = Held(page, "**/suggest.json*")
    with page.expect_request("**/suggest.json*"):
        page.keyboard.insert_text("i")
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTIONS).first).to_be_focused()
    with page.expect_response("**/suggest.json*"):
        late.go()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    # Who has gone on gets none.
    late.open = False
    late.routes.clear()
    box.click()
    with page.expect_request("**/suggest.json*"):
        page.keyboard.insert_text("mam")
    page.keyboard.press("Tab")
    with page.expect_response("**/suggest.json*") as answer:
        late.go()
    answer.value.finished()
    page.evaluate(DRAWN)
    assert page.locator(OPTIONS).count() == 0
    visit.expected = ("ERR_FAILED",)
    intercepted(page, "**/suggest.json*", lambda route: route.abort())
    box.fill("mamh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mamh")


# The editor


def workbench(visit: Visit, query: str = "", address: str = "/sparql") -> Page:
    """Open the workbench; return the page once a query, if any, is written in the editor."""
    page = visit.open(address)
    page.locator(EDITOR).click()
    if query:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(query)
    return page


def instead_of(page: Page, query: str) -> None:
    """Write another query in the place of what is in the editor."""
    page.locator(EDITOR).focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def answered(visit: Visit, query: str, address: str = "/sparql") -> Page:
    """Run a query by keyboard; return the page once the answer has a status."""
    page = workbench(visit, query, address)
    page.keyboard.press("Control+Enter")
    page.locator("[data-part=told]:not([hidden])").wait_for()
    return page


def instead(visit: Visit, **answer: Any) -> None:
    """Have queries answered so, and pages by the server."""

    def answering(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(**answer)
        else:
            route.continue_()

    hold = Page.route if visit.page.url == "about:blank" else intercepted
    hold(visit.page, "**/sparql", answering)


def test_the_editor_takes_what_was_written_before_and_works_where_nothing_answers(
    visit: Visit,
) -> None:
    visit.page.add_init_script(
        """new MutationObserver((_, observer) => {
          const query = document.querySelector("#query");
          if (query) { query.value = "ASK {}"; observer.disconnect(); }
        }).observe(document, { childList: true, subtree: true })"""
    )
    page = visit.open("/sparql?query=SELECT+*+{?s+a+?c}+LIMIT+9")
    assert page.locator("main td").count() >= 18, "the server's own answer"
    expect(page.locator(EDITOR)).to_have_text("ASK {}")
    page.locator(EDITOR).press("Control+Enter")
    expect(page.locator(STATUS)).to_contain_text("Oui")
    visit.expected = ("ERR_FAILED",)
    for address in ("**/terms.json*", "**/sparql/check*", "**/suggest.json*"):
        intercepted(page, address, lambda route: route.abort())
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    with page.expect_event("requestfailed"):
        page.keyboard.type("ASK { ?s ?p legeni: }")
    expect(page.locator(QUERY)).to_have_value("ASK { ?s ?p legeni: }")
    assert page.locator(FAULT).is_hidden()


def test_a_mistake_is_told_where_it_stands_and_mended(visit: Visit) -> None:
    visit.page.clock.install()
    page = workbench(visit, "ASK { ?s ?p ?o")
    told, editor, query = (page.locator(it) for it in (FAULT, EDITOR, QUERY))
    checked: list[str] = []
    page.on("request", lambda it: checked.append(it.url) if it.url.endswith("/check") else None)
    page.clock.run_for(1000)
    page.keyboard.type(" ")
    page.clock.run_for(1500)
    assert checked == [] and told.is_hidden(), "somebody still writes"
    page.clock.run_for(1000)
    expect(told).to_contain_text("avant la fin")
    page.keyboard.type("?")
    expect(told).to_be_hidden()
    assert page.locator(".in-fault").count() == 0
    page.clock.resume()
    instead_of(page, "SELECT ?s {\n ?s <urn:p> '\U0001f600' ; ex:q ?o }")
    expect(told).to_contain_text("Le préfixe ex: n’est pas déclaré. Ligne 2, colonne 19.")
    visit.look(NARROW, "dark")
    assert visit.barriers() == [] and not visit.overflows()
    visit.look(WIDE, "light")
    assert page.locator(".in-fault").inner_text() == "ex:q"
    expect(editor).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(told.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.insert_text("rdf")
    expect(told).to_contain_text("Le préfixe rdf: n’est pas déclaré.")
    instead_of(page, "ASK { SERVICE <urn:x> { ?s ?p ?o } }")
    expect(told).to_contain_text("Ligne 1, colonne 7.")
    instead_of(page, "ASK {}")
    expect(told).to_be_hidden()
    assert editor.get_attribute("aria-invalid") is None
    page.keyboard.press("Control+/")
    expect(query).to_have_value("# ASK {}")
    # What is mended by a key or a press is one step back.
    instead_of(page, "SELCT ?s WHRE { ?s a rn:Stage")
    mend = page.get_by_role("button", name="Écrire SELECT, WHERE, }")
    expect(mend).to_be_visible()
    page.keyboard.press("Alt+Enter")
    expect(query).to_have_value(re.compile(r"SELECT \?s WHERE \{ \?s a rn:Stage\n\}$"))
    expect(told).to_be_hidden()
    page.keyboard.press("Control+z")
    mend.click()
    expect(query).to_have_value(re.compile(r"WHERE \{ \?s a rn:Stage\n\}$"))
    page.keyboard.press("Shift+Alt+f")
    expect(query).to_have_value(re.compile(r"WHERE \{ \?s a rn:Stage \}$"))
    # A term is explained where it is pointed at, or by a key.
    name, explained = page.locator(".in-name", has_text="rn:Stage"), page.locator(".explained")
    name.click()
    page.mouse.move(5, 5)
    page.keyboard.press("F2")
    expect(explained).to_contain_text("étape · 9 usages")
    expect(page.locator(SPOKEN)).to_contain_text("rencontre du rallye")
    assert visit.barriers() == []
    page.keyboard.press("Escape")
    expect(explained).to_have_count(0)
    with page.expect_popup() as opened:
        page.keyboard.press("Shift+F2")
    opened.value.wait_for_url("**/ontology/Stage")
    opened.value.close()
    name.hover()
    expect(explained.get_by_role("link", name="La page de rn:Stage")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("; rdfs:lable ?l }")
    expect(told).to_contain_text("rdfs:lable n’est pas un terme de ce graphe.")
    page.get_by_role("button", name="Écrire rdfs:label").click()
    page.get_by_role("button", name="Mettre en forme").click()
    expect(query).to_have_value(re.compile(r"  \?s a rn:Stage ;\n    rdfs:label \?l\n\}$"))


NOT_OLD = ".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)"
"""What is proposed for what is written now, not for what was before."""


def proposed(page: Page, text: str) -> list[str]:
    """Write into the editor at one go; return the terms that it then proposes."""
    page.keyboard.insert_text(text)
    page.locator(f"{NOT_OLD} {OPTIONS} .proposed").first.wait_for()
    page.wait_for_timeout(100)  # what opens under the hands of somebody who writes takes no key
    return page.locator(f"{OPTIONS} .cm-completionLabel").all_inner_texts()


def test_properties_are_proposed_as_one_writes_a_prefix_or_a_word(visit: Visit) -> None:
    page = workbench(visit)
    for begun, term in (
        ("SELECT ?s { ?s a rn:Stage ; rn:", "rn:status"),
        ("SELECT ?s { ?s dct", "dcterms:title"),
        ("SELECT ?s { ?s port", "rn:carriedBy"),
    ):
        instead_of(page, " ")
        page.keyboard.type(begun)
        offered = page.locator(f"{NOT_OLD} .cm-completionLabel")
        expect(offered.get_by_text(term, exact=True)).to_be_visible()
        page.keyboard.press("Escape")


def test_terms_that_fit_the_place_are_proposed_and_their_prefixes_declared(visit: Visit) -> None:
    page = workbench(visit, "SELECT * WHERE { ")
    first = page.locator(OPTIONS).first
    assert proposed(page, "?s a etape")[0] == "rn:Stage"
    assert "étape · " in first.inner_text() and "usages" in first.inner_text()
    page.keyboard.press("Enter")
    assert {*proposed(page, " ; date")} == {"schema:startDate", "rn:dateAsPrinted", "rn:edtfDate"}
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTIONS).nth(1)).to_have_attribute("aria-selected", "true")
    assert visit.barriers() == []
    page.keyboard.press("Enter")
    legeni = "<https://w3id.org/rallynov/id/organisation/legeni>"
    assert legeni in proposed(page, " ?d . ?o ?p legen")
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    page.keyboard.type(" ; org:x skos:")
    page.keyboard.press("Control+Home")
    assert proposed(page, "PREFIX fo") == ["foaf:"]
    page.keyboard.press("Enter")
    query = page.locator(QUERY)
    expect(query).to_have_value(re.compile("^PREFIX foaf: <http[^>]+>PREFIX"))
    for _ in range(2):
        page.keyboard.press("Control+z")
    lines = query.input_value().splitlines()
    declared = [line.split()[1] for line in lines if line.startswith("PREFIX")]
    assert sorted(declared) == ["org:", "rn:", "skos:"]
    assert lines[-1].endswith("?s a rn:Stage ; rn:dateAsPrinted ?d . ?o ?p legen ; org:x skos:")


# Answers


def test_an_answer_says_how_many_and_the_last_order_asked_for_is_shown(visit: Visit) -> None:
    late = Held(visit.page, "**/names.json*")
    page = answered(visit, STAGES)
    told = page.locator(STATUS).inner_text()
    assert told.startswith("6 lignes · ") and " s · version " in told
    assert page.locator(SPOKEN).inner_text() == told
    for _ in range(3):
        page.get_by_role("button", name="s", exact=True).press("Enter")
    late.go()
    expect(page.locator(ROWS).filter(has_text="Étape de Belfort")).to_have_count(1)
    expect(page.locator("[aria-sort]")).to_have_count(0)
    expect(page.locator(f"{ROWS} td:first-child")).to_have_text(list("123456"))


def test_words_graphs_refusals_and_what_is_stopped_are_answers_too(visit: Visit) -> None:
    visit.expected = ("Failed to load resource",)
    page = answered(visit, "ASK { ?s ?p ?o }", "/sparql?lang=en")
    assert page.locator(STATUS).inner_text().startswith("Yes. · ")
    for tab, said in (
        ("Chart", "Nothing to show here"),
        ("Provenance", "No provenance"),
        ("Table", "No table"),
    ):
        seen_as(page, tab)
        expect(page.get_by_role("tabpanel")).to_contain_text(said)
    page = answered(visit, "CONSTRUCT { <urn:a> <urn:b> '<b>' } {}")
    assert page.locator(STATUS).inner_text().startswith("1 triplet · ")
    expect(page.locator(f"{ROWS} td")).to_have_text(["1", "a", "b", "<b>"])
    seen_as(page, "Fichiers")
    page.locator("summary", has_text="La réponse brute").click()
    raw = page.locator("[data-part=rawText]")
    expect(raw).to_contain_text('<urn:a> <urn:b> "<b>" .')
    page.get_by_label("Format").select_option("N-Triples")
    page.get_by_label("Format").select_option("JSON-LD")
    expect(raw).to_contain_text('"@id":"urn:a"')
    expect(page.locator("[data-part=files] a").first).to_be_visible()
    instead_of(page, "SELECT ?s { ?s ex:p ?o }")
    page.keyboard.press("Control+Enter")
    fault = page.locator("[data-part=fault]")
    expect(fault).to_contain_text("Le préfixe ex: n’est pas déclaré.")
    expect(fault.locator("[lang=en]")).to_be_hidden()
    instead_of(page, HEAVY)
    page.keyboard.press("Control+Enter")
    stop = page.get_by_role("button", name="Arrêter")
    with page.expect_event("requestfailed") as left:
        stop.press("Enter")
    assert left.value.url == f"{visit.site}/sparql"
    expect(page.locator(STATUS)).to_have_text("La requête est arrêtée.")
    expect(stop).to_be_hidden()
    expect(page.locator("#answer-title")).to_be_focused()
    page.locator(EDITOR).click()
    instead(visit, status=504)
    page.keyboard.press("Control+Enter")
    expect(fault).to_contain_text("La requête prend trop de temps.")
    intercepted(page, "**/sparql", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(fault).to_contain_text("Le service ne répond pas.")
    assert visit.barriers() == []


def test_of_many_rows_only_those_in_sight_are_drawn(visit: Visit) -> None:
    page = answered(visit, MANY, "/sparql?lang=en")
    assert page.locator(STATUS).inner_text().startswith("20,000 rows · ")
    expect(page.locator("[data-answer] table")).to_have_attribute("aria-rowcount", "20001")
    assert page.locator(ROWS).count() < 80
    page.locator("[data-part=table]").scroll_into_view_if_needed()
    page.locator("[data-part=table]").evaluate("it => it.scrollTop = it.scrollHeight")
    last = page.locator(f'{ROWS}[aria-rowindex="20001"]')
    expect(last).to_be_in_viewport()
    expect(last.get_by_role("link").last).to_contain_text("stage")
    assert page.locator(ROWS).count() < 80
    page.get_by_role("button", name="o", exact=True).click()
    expect(page.locator(ROWS).first).to_have_attribute("aria-rowindex", "2")
    page.get_by_label("Rows containing").fill("BELFORT stage")
    expect(page.locator(SHOWN)).to_contain_text(re.compile(r"^[1-9][\d,]+ rows of 20,000"))
    expect(page.locator(ROWS).nth(20)).to_contain_text("Belfort")
    page.get_by_role("button", name="Show all rows").click()
    expect(page.locator(SHOWN)).to_be_empty()
    seen_as(page, "Chart")
    page.locator("[data-chart=place] svg").wait_for()
    visit.look(NARROW, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()


def test_rows_are_narrowed_arranged_and_taken_elsewhere_by_keyboard(
    browser: Browser, server: Server
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    query = STAGES.replace("?s ?o {", "?s ?o ?none {")
    with visiting(browser, server.address, permissions=permissions) as visit:
        somebody_at(visit.page)
        page = answered(visit, query)
        rows, shown = page.locator(ROWS), page.locator(SHOWN)
        column = page.locator(f"{ROWS} td:nth-child(2)")
        column.get_by_text("Étape de Dole").wait_for()
        having = page.get_by_label("Lignes contenant")
        having.fill("ETAPE  d\u2019ici")
        expect(shown).to_have_text("0 ligne montrée sur 6.")
        page.get_by_role("button", name="Montrer toutes les lignes").press("Enter")
        expect(rows).to_have_count(6)
        page.locator("summary", has_text="Affiner par valeurs").press("Enter")
        lists = page.locator(".value-lists fieldset")
        expect(lists).to_have_count(3)
        expect(lists.nth(2)).to_contain_text("sans valeur 6")
        for name in ("Étape de Dole", "Étape de Vesoul"):
            lists.first.get_by_label(name).press("Space")
        expect(shown).to_have_text("2 lignes montrées sur 6.")
        expect(lists.nth(1).locator("label")).to_have_count(2)
        names = column.all_inner_texts()

        page.locator("summary", has_text="Colonnes").press("Enter")
        assert not visit.overflows()
        page.get_by_role("button", name="Avancer la colonne o").press("Enter")
        expect(page.get_by_role("button", name="Reculer la colonne o")).to_be_focused()
        page.get_by_role("checkbox", name="none").press("Space")
        headings = page.locator("[data-part=table] th")
        expect(headings).to_have_text(["Ligne", "o", "s"])
        page.locator("summary", has_text="Colonnes").press("Enter")
        headings.nth(2).drag_to(headings.nth(1))
        expect(headings).to_have_text(["Ligne", "s", "o"])
        assert visit.barriers() == []

        seen_as(page, "Fichiers")
        page.get_by_role("button", name="Copier en TSV").press("Enter")
        expect(page.locator(SPOKEN)).to_have_text("2 lignes copiées en TSV.")
        copied = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert [line.split("\t")[0] for line in copied] == ["s", *names]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", copied[1].split("\t")[1])
        page.get_by_role("button", name="Copier en Markdown").press("Enter")
        expect(page.locator(SPOKEN)).to_have_text("2 lignes copiées en Markdown.")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Pour un tableur").press("Enter")
        assert Path(saved.value.path()).read_text("utf-8-sig").splitlines() == [
            line.replace("\t", ",") for line in copied
        ]

        seen_as(page, "Tableau")
        page.get_by_role("button", name="Écrire ce choix").press("Enter")
        expect(page.locator(EDITOR)).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator(STATUS)).to_contain_text("2 lignes")
        expect(column).to_have_text(names)
        page.keyboard.press("Control+z")
        assert page.locator(QUERY).input_value() == query


CARRIED = f"{PREFIXES}CONSTRUCT {{ ?s rn:carriedBy ?o }} {{ ?s a rn:Stage ; rn:carriedBy ?o }}"
STRANGE = """\
SELECT ?text ?other ?n { VALUES (?text ?other ?n) { ("<img src=x>\u202egnp & co" "=a&b" 2) } }
"""


def seen_as(page: Page, way: str) -> None:
    """See the answer in another of its ways."""
    page.get_by_role("tab", name=way).click()


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as saved:
        page.locator(f"[data-chart={button}]").press("Enter")
    return Path(saved.value.path()).read_bytes()


def written_in(svg: bytes) -> set[str]:
    """Return what is written in a drawing."""
    return {it.text or "" for it in ElementTree.fromstring(svg).iter() if it.tag.endswith("}text")}


def test_rows_are_drawn_when_that_is_asked_for(visit: Visit) -> None:
    page = answered(visit, STAGES)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("tab", name="Table").press("ArrowRight")
    expect(page.get_by_role("tab", name="Graphique")).to_be_focused()
    drawing, told = (
        page.locator("[data-chart=place] svg"),
        page.locator("[data-chart=table] tbody tr"),
    )
    expect(drawing).to_have_attribute("role", "img")
    assert sum("/static/built/chunk-" in url for url in asked) > 0
    kinds = page.get_by_label("Dessin", exact=True).locator("option")
    expect(kinds.first).to_have_text("Dans le temps")
    values = {*kinds.evaluate_all("all => all.map(it => it.value)")}
    assert {"time", "map"} & values == {"time"}, "a map has a tab of its own"
    expect(drawing).to_contain_text("8 avril 2013")
    assert re.search(r"(avr\.|mai|juin|juil\.) 2013", drawing.text_content() or "")
    page.locator("summary", has_text="Les valeurs dessinées").press("Enter")
    expect(told).to_have_count(6)
    seen_as(page, "Carte")
    expect(drawing).to_contain_text("20 km")
    expect(told.filter(has_text="Étape de Dole")).to_contain_text("47,09225")
    assert downloaded(page, "png").startswith(b"\x89PNG")
    seen_as(page, "Table")
    page.locator("#rows-having").fill("dole")
    page.locator("#rows-having").press("Enter")
    seen_as(page, "Graphique")
    expect(told).to_have_count(1)
    expect(drawing.locator(".plot-stop circle")).to_have_count(1)
    assert drawing.locator(".plot-road line").count() == 0, "one day has no length"
    seen_as(page, "Carte")
    expect(page).to_have_url(re.compile(r"&view\.having=dole&view\.drawing=map$"))
    page.goto(page.url)
    expect(drawing).to_contain_text("Étape de Dole5 km")
    visit.look(NARROW, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()

    visit.look(WIDE, "light")
    page = answered(visit, CARRIED)
    seen_as(page, "Réseau")
    page.locator(".is-live svg.network").wait_for()
    page.locator("summary", has_text="Les valeurs dessinées").click()
    page.locator("[data-chart=table] th a").first.focus()
    expect(page.locator(".in-focus")).to_contain_text("1 élément lié")
    written = written_in(downloaded(page, "svg"))
    assert "Mutualité Française Franc…" in written
    assert any(text.startswith("Source : Rally’nov, version ") for text in written)
    assert visit.barriers() == []

    page = answered(visit, STRANGE)
    strange = {"<img src=x> gnp & co", "=a&b"}
    seen_as(page, "Graphique")
    expect(drawing).to_contain_text("<img src=x> gnp & co")
    assert page.locator("[data-part=drawing]").locator("img, style, [style]").count() == 0
    assert strange <= written_in(downloaded(page, "svg"))
    seen_as(page, "Réseau")
    page.locator(".is-live svg.network").wait_for()
    assert strange <= written_in(downloaded(page, "svg"))


BY_THEME = """# Innovations par thème
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rn: <https://w3id.org/rallynov/ontology#>
SELECT ?theme (COUNT(DISTINCT ?innovation) AS ?innovations) {
  ?innovation a rn:Innovation ; dcterms:subject ?theme
} GROUP BY ?theme ORDER BY DESC(?innovations) ?theme"""


ROOM = """() => {
    const seen = (selector, frame) => {
        const around = document.querySelector(frame).getBoundingClientRect();
        return [...document.querySelectorAll(selector)].filter((element) => {
            const { top, bottom } = element.getBoundingClientRect();
            return top >= around.top - 1 && bottom <= Math.min(around.bottom, innerHeight) + 1;
        }).length;
    };
    const scrolls = [...document.querySelectorAll("body *")].filter(
        (it) => it.scrollHeight > it.clientHeight + 1
            && /auto|scroll/.test(getComputedStyle(it).overflowY));
    const within = scrolls.filter(
        (it) => scrolls.some((other) => other !== it && other.contains(it)));
    const broken = [...document.querySelectorAll("[data-part=table] :is(a, bdi)")].filter((it) => {
        const range = document.createRange();
        return [...it.firstChild.data.matchAll(/\\S+/g)].some(({ index, 0: word }) => {
            range.setStart(it.firstChild, index);
            range.setEnd(it.firstChild, index + word.length);
            return range.getClientRects().length > 1 && !word.includes("-");
        });
    });
    const page = document.scrollingElement;
    return {
        lines: seen(".cm-line", ".cm-scroller"),
        rows: seen("[data-part=table] tbody tr", "[data-part=table]"),
        nested: within.length + (page.scrollHeight > innerHeight && scrolls.length),
        broken: broken.map((it) => it.textContent),
    };
}"""
NAMED = """\
SELECT ?thing ?class ?title
WHERE {
  ?thing a ?class .

  OPTIONAL {
    ?thing <http://purl.org/dc/terms/title> ?title
  }

  FILTER (
    STRSTARTS(
      STR(?thing),
      "https://w3id.org/rallynov/id/innovation/"
    )
  )
}
ORDER BY ?thing ?class ?title"""


def test_fourteen_lines_and_eight_rows_are_seen_and_nothing_scrolls_within_what_scrolls(
    visit: Visit,
) -> None:
    visit.page.set_viewport_size({"width": WIDE, "height": 800})
    page = answered(visit, NAMED)
    page.locator(f"{ROWS} a").first.wait_for()
    room = page.evaluate(ROOM)
    assert room["lines"] >= 14 and room["rows"] >= 8, room
    assert room["nested"] == 0 and room["broken"] == []


def test_a_bar_chart_is_drawn_titled_saved_and_cited_on_one_screen(visit: Visit) -> None:
    page = answered(visit, BY_THEME)
    # Editor and answer are on the first screen, side by side.
    panes = [page.locator(f".bench-{name}") for name in ("editor", "answer")]
    boxes = [it for it in (pane.bounding_box() for pane in panes) if it]
    assert all(it["y"] < 300 and it["y"] + it["height"] <= HEIGHT for it in boxes)
    assert [it["x"] for it in boxes] == sorted(it["x"] for it in boxes) and len(boxes) == 2
    starts = page.locator(".brand, .bench-title, .bench-editor").evaluate_all(
        "all => all.map((element) => element.getBoundingClientRect().left)"
    )
    assert len(starts) == 3 and len({*starts}) == 1, "all begin at one line"
    for by_keyboard in (True, False):
        chart_saved_and_cited(Reader(page, "fr", by_keyboard))
        seen_as(page, "Tableau")
    seen_as(page, "Graphique")
    drawing = page.locator("[data-chart=place] svg")
    expect(drawing).to_contain_text("Articulation des temps de vie")
    assert drawing.locator("[aria-hidden]").count() > 0
    written = written_in(downloaded(page, "svg"))
    assert {"Innovations par thème", "Coopération", "2", "1", "0"} <= written
    assert any(text.startswith("Source : Rally’nov, version ") for text in written)
    assert not [text for text in written if re.fullmatch(r"\d,\d", text)]
    title = page.get_by_label("Titre", exact=True).first
    title.fill("Thèmes & <b>innovations</b>")
    title.press("Tab")
    expect(drawing).to_contain_text("Thèmes & <b>innovations</b>")
    seen_as(page, "Fichiers")
    page.locator("summary", has_text="Citer").click()
    expect(page.locator("[data-cite=txt]")).to_contain_text("Innovations par thème")
    # What cannot be seen so says why; what it rests on is told row by row.
    seen_as(page, "Carte")
    expect(page.locator("[data-chart=note]")).to_contain_text("Pas de carte : aucune colonne")
    seen_as(page, "Provenance")
    expect(page.locator("[data-part=origins] li li").first).to_contain_text("preuve")
    expect(page).to_have_url(re.compile("view.drawing=origin"))
    assert visit.barriers() == []
    visit.look(NARROW, "dark")
    assert not visit.overflows()
    tops = [it["y"] for it in (panes[n].bounding_box() for n in (0, 1)) if it]
    assert tops == sorted(tops), "on a telephone: editor, answer"


def test_a_map_says_for_how_many_things_places_were_looked_up(visit: Visit) -> None:
    def placed(route: Route) -> None:
        things = parse_qs(urlsplit(route.request.url).query)["iri"]
        points = {iri: [[47 + n / 100, 6.0]] for n, iri in enumerate(things)}
        route.fulfill(json={"points": points})

    visit.page.route("**/points.json*", placed)
    each = "IRI(CONCAT(STR(?s), '/', ENCODE_FOR_URI(STR(?p))))"
    many = f"SELECT DISTINCT ({each} AS ?place) {{ ?s ?p ?o }} LIMIT 2100"
    page = answered(visit, many, "/sparql?lang=en")
    seen_as(page, "Map")
    expect(page.locator("[data-chart=note]")).to_have_text(
        "Places were looked up for 2,000 of 2,100 things: the rows of the others are not drawn."
    )


def test_whatever_names_and_answers_hold_is_text(visit: Visit) -> None:
    told = {"label": MARKUP, "found": MARKUP, "language": "", "of_kind": MARKUP, "shape": ""}
    told |= {"address": "/about", "short": MARKUP}
    visit.page.route("**/suggest.json*", lambda it: it.fulfill(json={"suggestions": [told]}))
    first = written(visit.open("/"), "a").first.inner_text()
    assert " ".join(first.split()) == f"{MARKUP} {MARKUP}"
    script, back = "javascript:alert(1)", "\u202etxt.exe"
    values = {
        "a": {"type": "uri", "value": script},
        "b": {"type": "uri", "value": "urn:named"},
        "c": {"type": "literal", "value": MARKUP, "xml:lang": "fr"},
        "d": {"type": "literal", "value": back},
        "e": {"type": "literal", "value": "x" * 100_000},
        "f": {"type": "literal", "value": "12345", "datatype": f"{XSD}integer"},
        "g": {"type": "literal", "value": script, "datatype": f"{XSD}anyURI"},
        "<img src=x>": {"type": "bnode", "value": "b0"},
    }
    found = {"head": {"vars": [*values]}, "results": {"bindings": [values]}}
    name = {"label": MARKUP, "language": "", "address": script, "external": True, "shape": ""}
    named = {"names": {"urn:named": name, script: {**name, "address": "//evil.example"}}}
    instead(visit, json=found)
    intercepted(visit.page, "**/names.json*", lambda route: route.fulfill(json=named))
    page = answered(visit, "SELECT * {}")
    cells = page.locator(f"{ROWS} td")
    expect(cells.nth(1)).to_have_text(MARKUP)
    assert page.locator("[data-answer] img").count() == 0
    assert page.locator(f"{ROWS} a").count() == 0
    assert cells.nth(4).locator("bdi").inner_text() == back
    assert len(cells.nth(5).inner_text()) < 2000
    assert cells.nth(6).inner_text() == "12\N{NARROW NO-BREAK SPACE}345"
    page.locator("summary", has_text="Affiner par valeurs").click()
    lists = page.locator(".value-lists fieldset")
    expect(lists).to_have_count(8)
    expect(lists.nth(1)).to_contain_text(MARKUP)
    assert lists.nth(3).locator("bdi").last.inner_text() == back
    assert len(lists.nth(4).inner_text()) < 200
    assert page.locator(".value-lists :is(img, a)").count() == 0
    lists.last.get_by_role("checkbox").check()
    expect(page.locator("[data-part=writeNote]")).to_contain_text(
        "ne peut pas s’écrire dans la requête"
    )
    assert page.locator("[data-part=writeBack]").is_hidden()
    page.locator(f"{ROWS} button").click()
    assert page.locator("[data-part=row] img, [data-part=row] a").count() == 0
    assert script in page.locator("[data-part=row]").inner_text()


# What an address holds


def anew(page: Page, address: str) -> None:
    """Go to an address as from elsewhere."""
    page.goto("about:blank")
    page.goto(address)


def test_an_address_holds_the_query_readable_or_packed(visit: Visit) -> None:
    page, field = answered(visit, "ASK { ?s a <urn:short> }"), visit.page.locator(QUERY)
    asked = r"/sparql\?release=[0-9a-f]{8}&query=ASK\+%7B\+%3Fs\+a\+%3Curn%3Ashort%3E\+%7D"
    expect(page).to_have_url(re.compile(asked + "$"))
    long = "ASK {} # " + "très long " * 400
    instead_of(page, long)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?release=*#q=*")
    assert len(page.url) < 200
    page.go_back()
    expect(field).to_have_value("ASK { ?s a <urn:short> }")
    page.go_forward()
    expect(field).to_have_value(long)
    packed = page.url
    anew(page, packed)
    page.locator("[data-part=told]:not([hidden])").wait_for()
    expect(field).to_have_value(long)
    anew(page, packed[:-20] + "AAAA" + packed[-16:])
    expect(page.locator(STATUS)).to_contain_text("ne contient pas toute la requête")
    expect(field).to_have_value(long)


def test_an_address_holds_the_view_of_the_answer(visit: Visit) -> None:
    page = answered(visit, STAGES)
    heading, shown, sorts = (page.locator(it) for it in ("[aria-sort]", SHOWN, "th .sorts"))
    address = f"{visit.site}/sparql?query={quote(STAGES)}&"
    for _ in range(2):
        sorts.filter(has_text="o").click()
    page.get_by_label("Montrer les IRI").check()
    page.locator("summary", has_text="Affiner par valeurs").click()
    for value in ("stage/belfort", "stage/dole", "5 septembre 2013"):
        page.get_by_label(re.compile(value)).check()
    page.locator("summary", has_text="Colonnes").click()
    page.get_by_label("Avancer la colonne o").press("Enter")
    view = "view.order=o.s&view.sort=-o&view.addresses=on"
    view += "&view.only.s=belfort*dole&view.only.o=2013-09-05"
    expect(page.locator(ROWS)).to_have_count(1)
    held = {*view.split("&")}
    page.wait_for_url(lambda at: held <= {*at.split("&")})
    anew(page, address + view)
    expect(shown).to_have_text("1 ligne montrée sur 6.")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(page.locator(ROWS)).to_contain_text("https://w3id.org/rallynov/id/stage/")
    assert sorts.all_text_contents() == ["o", "s"]
    expect(page.locator(".value-lists input:checked")).to_have_count(3)
    page.locator(EDITOR).click()
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile("view"))
    damaged = "view.sort=-no&view.<b>=x&view.addresses=9&view.order=nope..s"
    damaged += "&view.only.s=*nope*<&view.only.o=&view.only.=x&view.only.x=1"
    anew(page, address + quote(damaged, "=&"))
    expect(page.locator(STATUS)).to_contain_text("6 lignes")
    assert sorts.all_text_contents() == ["s", "o"]
    assert shown.inner_text() == "" and heading.count() == 0
    having, too_long = page.get_by_label("Lignes contenant"), page.locator("[data-view-cut]")
    for text, is_cut in (("é" * 200, True), ("dole", False)):
        having.fill(text)
        having.press("Enter")
        expect(too_long).to_be_visible(visible=is_cut)
    expect(page).to_have_url(re.compile(r"&view\.having=dole$"))

    query = "SELECT ?s ?a ?b { ?s a ?c BIND (STRLEN(STR(?s)) AS ?a) BIND (?a * 2 AS ?b) } LIMIT 9"
    page = answered(visit, query, "/sparql?lang=en")
    seen_as(page, "Chart")
    kind, long = page.get_by_label("Drawing", exact=True), page.get_by_label("Length")
    kind.select_option("bars")
    expect(long).to_have_value("=a")
    long.select_option("=b")
    expect(page).to_have_url(re.compile(r"&view\.drawing=bars\.s\.b$"))
    drawn = page.url
    for text, column in (("bars.s.b", "=b"), ("bars.nope.s..x", "=a")):
        anew(page, drawn.replace("bars.s.b", text))
        page.locator("[data-chart=place] svg").wait_for()
        expect(kind).to_have_value("bars")
        expect(long).to_have_value(column)


def test_an_answer_is_cited_under_a_title_and_verified(
    visit: Visit, tmp_path: Path, rallynov: Callable[..., Any], server: Server
) -> None:
    visit.expected = ("Failed to load resource",)
    page = answered(visit, f"# Étapes\n{STAGES}", "/sparql?lang=en")
    seen_as(page, "Files")
    page.locator("summary", has_text="Cite").press("Enter")
    title, text = page.get_by_label("Title of the query"), page.locator("[data-cite=txt]")
    expect(text).to_contain_text("SHA-256 of the canonical answer: ")
    expect(title).to_have_value("Étapes")
    late: list[Route] = []
    intercepted(page, "**/sparql/cite*", lambda it: it.continue_() if late else late.append(it))
    for name in ("Mine", "<b>All</b>"):
        title.fill(name)
        title.press("Enter")
    expect(text).to_contain_text("“<b>All</b>”")
    with page.expect_response("**/sparql/cite*") as answer:
        late[0].continue_()
    answer.value.finished()
    page.evaluate(DRAWN)
    expect(title).to_have_value("<b>All</b>")
    expect(text).to_contain_text("“<b>All</b>”")
    expect(page.locator("[data-cite=bib]")).to_contain_text("urldate")
    assert visit.barriers() == []
    for form in ("Text", "BibTeX", "RIS", "CSL-JSON"):
        with page.expect_download() as saved:
            page.locator("[data-cite=files]").get_by_role("link", name=form).click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        ran = rallynov("cite", "verify", file, "--endpoint", server.endpoint)
        assert (ran.status, ran.out[:18]) == (0, "same: <b>All</b>\n "), ran.err
    intercepted(page, "**/sparql/cite*", lambda route: route.abort())
    title.fill("Other")
    title.press("Enter")
    expect(page.locator("[data-cite=said]")).to_contain_text("could not be made")


# Questions that are ready

ON_THEME = load()["things_on_theme"].summary["en"]


def test_a_ready_made_question_is_found_and_made_ones_own_by_keyboard(visit: Visit) -> None:
    visit.expected = ("status of 400",)
    asked: list[str] = []
    visit.page.on("request", lambda it: asked.append(it.url))
    page = workbench(visit, "ASK {}", "/sparql?lang=en")
    reader = Listener(page)
    opens = page.get_by_role("button", name="Questions of the catalogue")
    opens.press("Enter")
    count = f"polite: {len(load())} questions"
    reader.hears("dialog, Questions of the catalogue", "searchbox, ", count)
    dialog = page.get_by_role("dialog", name="Questions of the catalogue")
    questions, said = dialog.locator("li button"), dialog.get_by_role("status")
    expect(dialog.get_by_label("Words of the question")).to_be_focused()
    expect(questions).not_to_have_count(0)
    every = questions.count()
    page.keyboard.type("Quelles INNÔVATIONS abordent precis")  # the words of the other language
    expect(questions).to_have_text([ON_THEME])
    expect(said).to_have_text("1 question")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    dialog.get_by_label("Subject").select_option(label="Themes")
    dialog.get_by_label("Asked with").select_option(label="Theme")
    expect(said).to_have_text("2 questions")
    dialog.get_by_label("Subject").select_option(index=0)
    dialog.get_by_label("Asked with").select_option(index=0)
    expect(questions).to_have_count(every)
    assert visit.barriers() == []
    questions.filter(has_text=ON_THEME).press("Enter")
    expect(dialog.get_by_role("heading", level=3)).to_be_focused()
    reader.hears(f"heading, {ON_THEME}")
    dialog.get_by_label("Minimum certainty").select_option("explicit")
    theme = dialog.get_by_role("combobox", name="Theme")
    theme.fill("xyzz")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Theme: Nothing has this name.")
    theme.fill("")
    options = written(page, "gouvernan", "#ready-of-theme")
    reader.hears("combobox, Theme", "polite: 2 suggestions.")
    assert all("theme" in text for text in options.all_inner_texts())
    page.keyboard.press("ArrowDown")
    reader.hears("option, Governance")
    page.keyboard.press("Enter")
    expect(theme).to_have_value("theme/gouvernance")
    visit.look(NARROW, "dark")
    assert visit.barriers() == [] and not visit.overflows()
    dialog.get_by_label("Kind").select_option(label="the innovations")
    dialog.get_by_role("button", name="Use as my query").press("Enter")
    expect(page.locator(EDITOR)).to_be_focused()
    query = page.locator(QUERY).input_value()
    assert query.startswith(f"# {ON_THEME}\n") and 'VALUES ?kind { "innovations" }' in query
    assert "VALUES ?certainty { rn:explicit }" in query
    assert "VALUES ?theme { <https://w3id.org/rallynov/id/theme/gouvernance> }" in query
    expect(page.locator(TABS)).to_have_text(["ASK {}", "Which stages, innovations and testimoni…"])
    opens.press("Enter")
    questions.first.press("Enter")
    dialog.get_by_role("button", name="All questions").press("Enter")
    expect(questions.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(opens).to_be_focused()
    assert sum("/questions.json" in address for address in asked) == 1


# The queries of this browser: what is kept of them is tested in kept.test.mjs


def in_new_tab(page: Page, query: str) -> None:
    page.get_by_role("button", name="Nouvelle", exact=True).click()
    page.locator(EDITOR).click()
    page.keyboard.insert_text(query)


def test_queries_are_kept_in_tabs_closed_and_had_back_and_come_from_files(
    visit: Visit, tmp_path: Path
) -> None:
    page = answered(visit, "# Une\nASK { ?s a <urn:one> }")
    tabs, field = page.locator(TABS), page.locator(QUERY)
    in_new_tab(page, "PREFIX : <urn:> ASK { ?s a :two }")
    expect(tabs).to_have_text(["Une", "ASK { ?s a :two }"])
    page.goto(f"{visit.site}/sparql")
    page.locator(EDITOR).wait_for()
    expect(field).to_have_value("PREFIX : <urn:> ASK { ?s a :two }")
    tabs.first.press("Enter")
    expect(tabs.first).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Fermer", exact=True).first.click()
    expect(tabs).to_have_text(["ASK { ?s a :two }"])
    page.get_by_role("button", name="Rouvrir").click()
    page.locator(EDITOR).click()
    page.keyboard.press("Control+z")
    expect(field).to_have_value(re.compile("urn:one"))
    page.locator("summary", has_text="Requêtes passées").click()
    run = page.locator("[data-tab-part=run] button")
    expect(run).to_have_text(["Une"])
    assert visit.barriers() == []
    page.get_by_role("button", name="Les oublier").click()
    expect(run).to_have_count(0)
    # Another window has the same tabs; what is written in one does not disturb the other.
    other = somebody_at(page.context.new_page())
    other.goto(f"{visit.site}/sparql?query=ASK{{}}")
    other.locator(EDITOR).wait_for()
    expect(tabs).to_have_text(["ASK { ?s a :two }", "Une", "ASK{}"])
    expect(field).to_have_value(re.compile("urn:one"))
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("#")
    expect(other.locator(TABS)).to_have_text(["ASK { ?s a :two }", "Une", "ASK{}"])
    expect(other.locator(QUERY)).to_have_value("ASK{}")
    other.close()
    # What links open takes one tab until it is changed.
    for name in ("one", "two"):
        visit.open(f"/sparql?query=ASK{{<urn:{name}>?p+?o}}")
        page.locator(STATUS).wait_for()
    expect(tabs.last).to_have_text("ASK{<urn:two>?p ?o}")
    file, large = tmp_path / "question.rq", tmp_path / "large.rq"
    file.write_text("#+ summary_fr: Qui\u00a0?\nASK { <urn:é> ?p ?o }\n", "utf-8")
    large.write_bytes(b"#" * (1 << 20) + b"#")
    page.locator("#open-query").set_input_files(file)
    expect(field).to_have_value(file.read_text("utf-8"))
    expect(page.locator(f"{TABS}[aria-current]")).to_have_text("Qui\u00a0?")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Enregistrer").click()
    assert saved.value.suggested_filename == "query.rq"
    assert Path(saved.value.path()).read_bytes() == file.read_bytes()
    page.locator("#open-query").set_input_files(large)
    expect(page.locator("[data-tab-part=unkept]")).to_contain_text("trop long")
    expect(field).to_have_value(file.read_text("utf-8"))


def test_where_nothing_can_be_kept_queries_last_as_long_as_the_page(visit: Visit) -> None:
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden') }})"
    )
    page = answered(visit, "ASK { ?s a <urn:one> }")
    in_new_tab(page, "ASK { ?s a <urn:two> }")
    expect(page.locator("[data-tab-part=unkept]")).to_contain_text("ne garde rien")
    expect(page.locator(TABS).last).to_have_text("ASK { ?s a <urn:two> }")
    page.locator(TABS).first.click()
    expect(page.locator(QUERY)).to_have_value("ASK { ?s a <urn:one> }")


# What explains an answer


def test_an_empty_answer_is_explained_and_a_row_tells_where_it_is_from(visit: Visit) -> None:
    wrong = "SELECT * { ?s a rn:Stage ; schema:location ?w FILTER (?w = <urn:x>) }"
    page = answered(visit, PREFIXES + wrong, "/sparql?lang=en")
    why = page.get_by_role("button", name="Why no results?")
    told, status = page.locator(".explanation"), page.locator(STATUS)
    why.press("Enter")
    expect(told.locator(".breaks")).to_contain_text(
        "FILTER (?w = <urn:x>): no answers from here on"
    )
    visit.look(NARROW, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()
    visit.look(WIDE, "light")
    told.get_by_role("link", name="Remove “FILTER").click()
    expect(status).to_contain_text("6 rows")
    page.locator(f"{ROWS} button").first.click()
    page.get_by_role("button", name="Where does this row come from?").click()
    origin = page.locator(".origin")
    expect(origin.locator("li")).to_have_count(2)
    assert origin.get_by_role("link", name="evidence").first.get_attribute("href")
    assert visit.barriers() == []
    instead_of(page, "ASK { ?s a <urn:none> }")
    page.keyboard.press("Control+Enter")
    intercepted(page, "**/sparql/empty*", lambda route: None)
    why.click()
    page.get_by_role("button", name="Stop").click()
    expect(told).to_contain_text("The explanation was stopped.")


def test_a_slow_query_tells_what_it_costs(visit: Visit) -> None:
    took = {"Server-Timing": "query;dur=1500", "Content-Type": "application/sparql-results+json"}
    found = {"head": {"vars": ["a"]}, "results": {"bindings": []}}
    instead(visit, body=json.dumps(found), headers=took)
    page = answered(visit, "SELECT ?a { ?a ?b 1 . ?c ?d ?e }")
    visit.page.unroute("**/sparql")
    page.get_by_role("button", name="Pourquoi est-ce lent ?").click()
    table = page.locator(".explanation table")
    expect(table.locator("td").last).to_have_text(re.compile(r"^\d\d\s\d{3}$"))
    told = " ".join(page.locator(".explanation").last.inner_text().split())
    assert "Temps pris : 1,5 s. Limite : 20 s." in told
    assert visit.barriers() == []


# Questions that are built

TOLD = "[data-follows=told]"
COUNT = "strong.count"
CELLS = "main td"
EMPLOYEES = "input[value='beneficiary/salaries']"
CHILDREN = "input[value='beneficiary/enfants']"
THEMED = "/builder?kind=org:Organization&1=rn:linkedToTheme"
"""So many themes that one writes a name."""
MOST_KEYS = 60
"""So many keys are enough to build that question, Tabs included; it took 42."""


def presses(page: Page, control: str, key: str) -> int:
    """Press Tab until a control has the focus, then a key; return how many keys that took."""
    for tabs in range(80):
        if page.evaluate("control => document.activeElement.matches(control)", control):
            page.keyboard.press(key)
            return tabs + 1
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by keyboard")


def test_innovations_for_employees_on_employment_are_found_in_five_clicks(visit: Visit) -> None:
    page = visit.open("/builder")
    told = page.locator(TOLD)
    page.get_by_role("link", name="innovation", exact=True).click()
    page.get_by_role("button", name="thème").click()
    page.wait_for_url("**#c-1")
    page.get_by_label("Emploi et compétences").check()
    expect(told).to_contain_text("(ou plus précis)")
    expect(page.locator(COUNT)).to_have_text("4 innovations")
    # Each further condition and each value says what it would leave.
    expect(page.locator("button[value='rn:beneficiary']")).to_contain_text("4")
    expect(page.locator("button[value='rn:providedBy']")).to_contain_text("0")
    page.locator("button[value='rn:beneficiary']").click()
    page.wait_for_url("**#c-2")
    expect(page.locator("label", has=page.locator(CHILDREN))).to_contain_text("0")
    page.locator(EMPLOYEES).check()
    expect(told).to_contain_text("pour bénéficiaire « salariés »")
    expect(page.locator(COUNT)).to_have_text("4 innovations")
    # What empties the answer is named at once, with what would be found otherwise.
    page.locator(EMPLOYEES).uncheck()
    page.locator(CHILDREN).check()
    expect(page.locator(".nothing")).to_contain_text("Retirer « Emploi et compétences »")
    assert visit.barriers() == []
    answer = page.locator(".built-answer")
    assert answer.evaluate("(it) => getComputedStyle(it).overflowY") == "visible"
    page.locator(".nothing .button").last.click()
    expect(page.locator(COUNT)).to_have_text("1 innovation")


def test_the_same_by_keyboard_on_a_narrow_page(visit: Visit) -> None:
    visit.look(NARROW, "light")
    page = visit.open("/builder")
    assert visit.barriers() == []
    assert not visit.overflows()
    keys = presses(page, ".skip", "Enter") + presses(page, "main a[href*=Innovation]", "Enter")
    page.wait_for_url("**?kind=*")
    keys += presses(page, ".skip", "Enter")
    keys += presses(page, "button[value='dcterms:subject']", "Enter")
    page.wait_for_url("**#c-1")
    keys += presses(page, "input[value='theme/emploi-et-competences']", "Space")
    expect(page.locator(COUNT)).to_have_text("4 innovations")
    keys += presses(page, "button[value='rn:beneficiary']", "Enter")
    page.wait_for_url("**#c-2")
    keys += presses(page, EMPLOYEES, "Space")
    expect(page.locator(TOLD)).to_contain_text("pour bénéficiaire « salariés »")
    expect(page.locator(COUNT)).to_have_text("4 innovations")
    assert "1.is=theme%2Femploi-et-competences" in page.url
    assert keys < MOST_KEYS
    presses(page, "#c-2 > details > summary", "Enter")
    assert visit.barriers() == []
    assert not visit.overflows()
    presses(page, "a[href*='/sparql?query=']", "Enter")
    page.wait_for_url("**/sparql?query=*")


def test_a_word_that_is_half_written_is_no_value_until_it_is_sent_or_names_something(
    visit: Visit,
) -> None:
    visit.expected = ("status of 404", "ERR_FAILED")
    page = visit.open(THEMED)
    told, cells, how = page.locator(TOLD), page.locator(CELLS), page.locator("#f-1-how")
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url) if "/builder?" in it.url else None)
    expect(written(page, "gou", "#f-1").first).to_contain_text(re.compile(r"\d organisations?"))
    page.locator("h1").click()
    page.locator("#c-1 > details > summary").click()
    how.select_option("hidden")
    expect(page.locator("main th")).to_have_count(1)
    assert cells.count()
    page.locator("button[value='rn:carries']").click()
    page.wait_for_url("**#c-2")
    expect(told).not_to_contain_text("n’est pas comprise")
    assert cells.count()
    assert asked and not [address for address in asked if "gou" in address]
    # Enter sends it: the page tells that nothing is called so, and answers again without it.
    visit.open(THEMED)
    written(page, "gouv", "#f-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**1.is=gouv*")
    expect(told).to_contain_text("n’est pas comprise")
    assert cells.count() == 0
    if not how.is_visible():
        page.locator("#c-1 > details > summary").click()
    how.select_option("hidden")
    expect(told).not_to_contain_text("n’est pas comprise")
    expect(cells.first).to_be_visible()
    assert "gouv" not in page.url
    page.locator("#f-1-1").fill("Gouvernance")
    expect(told).to_contain_text("Gouvernance")
    assert "1.is=theme%2Fgouvernance" in page.url
    # What is chosen or written in full is answered before one leaves the field.
    for text in ("gouv", "gouvernance"):
        visit.open(THEMED)
        options = written(page, text, "#f-1")
        if text == "gouv":
            options.first.click()
        expect(told).to_contain_text("« Gouvernance »")
        assert "1.is=theme%2Fgouvernance" in page.url
        page.keyboard.press("Backspace")
        page.keyboard.press("Tab")
        expect(told).not_to_contain_text("Gouvernance")
        assert cells.count() > 1
    # An answer that did not come is asked for again.
    visit.open(THEMED)
    page.locator("#c-1 > details > summary").click()
    intercepted(page, "**/builder?*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        how.select_option("hidden")
    page.unroute_all()
    how.focus()
    page.locator("button[name=add]").first.focus()
    expect(page.locator("main th")).to_have_count(1)
