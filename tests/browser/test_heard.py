"""What is heard of pages, in both languages: by a simulated screen reader, and as Chromium tells.

The simulation follows focus, live regions and the order of reading, by the specifications. Which
proposal is active (``aria-activedescendant``) is asked of Chromium's own accessibility tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import WIDE, Visit, somebody_at, visiting
from hearing import Reader, active
from rallynov_graph.questions.catalogue import load
from servers import Server

EDITOR = ".cm-content"
LANGUAGES = pytest.mark.parametrize("fr", [True, False], ids=["fr", "en"])
STAGES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
SELECT ?s ?o { ?s a rn:Stage ; schema:startDate ?o }
"""
MANY = "SELECT ?s ?o { ?s ?p ?q . ?o a <https://w3id.org/rallynov/ontology#Stage> } LIMIT 20000"


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    with visiting(browser, server.address, viewport={"width": WIDE, "height": 900}) as visit:
        yield visit
        assert visit.complaints == []


def opened(visit: Visit, path: str, fr: bool, there: str = "main") -> tuple[Page, Reader]:
    """Open a page in a language; return it and what listens to it."""
    somebody_at(visit.page)
    page = visit.open(path if fr else f"{path}{'&' if '?' in path else '?'}lang=en")
    page.locator(there).first.wait_for()
    return page, Reader(page)


def write(page: Page, query: str) -> None:
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def press(page: Page, selector: str, key: str = "Enter") -> None:
    page.locator(selector).first.press(key)


@LANGUAGES
def test_the_editor_says_what_it_is_what_it_proposes_and_what_is_wrong(
    visit: Visit, fr: bool
) -> None:
    page, reader = opened(visit, "/sparql", fr, EDITOR)
    page.locator(EDITOR).focus()
    reader.hears("textbox, Requête" if fr else "textbox, Query")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?s a rn:Stage ; ")
    page.keyboard.type("rn:")
    reader.hears("polite: 10 propositions. Les" if fr else "polite: 10 suggestions. The arrows")
    options = page.locator("[role=option]")
    first, then = (active(page), page.keyboard.press("ArrowDown"), active(page))[::2]
    assert first["role"] == then["role"] == "option"
    assert first["in"] == "textbox", "the focus stays in the text"
    said = (
        r"rn:status ?, statut · 9 usages ?\. Tenue" if fr else r"rn:status ?, status · 9 uses ?\. "
    )
    assert re.match(said, first["name"]) and then["name"].startswith("rn:dateAsPrinted")
    numbers = "all => all.map(it => [it.ariaPosInSet, it.ariaSetSize, it.ariaSelected])"
    told = options.evaluate_all(numbers)
    assert [place for place, _, _ in told] == [str(n + 1) for n in range(len(told))]
    assert {size for _, size, _ in told} == {"10"}
    assert [place for place, _, selected in told if selected == "true"] == ["2"]
    page.keyboard.press("Escape")
    reader.hears(
        "polite: La requête n’est pas comprise. Il manque"
        if fr
        else "polite: The query is not understood. Something is missing"
    )
    write(page, "SELCT * { ?s ?p ?o }")
    reader.hears(
        "polite: La requête n’est pas comprise. On n’attendait pas"
        if fr
        else "polite: The query is not understood. “?s ?p ?o }” was not expected here."
    )
    assert page.locator(EDITOR).get_attribute("aria-invalid") == "true"
    page.keyboard.press("Alt+Enter")
    reader.hears("polite: L’erreur est corrigée." if fr else "polite: The mistake is mended.")
    page.keyboard.press("Tab")
    reader.hears("Au clavier" if fr else "By keyboard")


@LANGUAGES
def test_an_answer_says_its_rows_their_order_and_what_narrows_them(visit: Visit, fr: bool) -> None:
    page, reader = opened(visit, "/sparql", fr, EDITOR)
    write(page, STAGES)
    page.keyboard.press("Control+Enter")
    reader.hears("polite: La requête" if fr else "polite: The query is", "polite: 6 ")
    page.locator("th .sorts", has_text="s").focus()
    reader.hears("button, s")
    page.keyboard.press("Enter")
    reader.hears("polite: Trié par s, par ordre croissant" if fr else "polite: Sorted by s, asc")
    page.keyboard.press("Enter")
    reader.hears("polite: Trié par s, par ordre décroissant" if fr else "polite: Sorted by s, desc")
    page.get_by_role("link", name="Vesoul").first.wait_for()
    table = reader.read("[data-answer] table")
    name, count = ("Réponse", "row count 7") if fr else ("Answer", "row count 7")
    assert table[0] == f"table, {name}, {count}"
    assert "columnheader, s, sorted in descending order" in table and "columnheader, o" in table
    assert ("button, Ligne 1" if fr else "button, Row 1") in table
    assert ("link, Étape de Vesoul" if fr else "link, Vesoul stage") in table
    press(page, "th .sorts >> nth=0")
    reader.hears("polite: Sans tri" if fr else "polite: Not sorted")

    page.locator("#rows-having").focus()
    reader.hears("searchbox, Lignes contenant" if fr else "searchbox, Rows containing")
    page.keyboard.type("dole")
    reader.hears("polite: 1 ligne montrée sur 6." if fr else "polite: 1 row of 6 shown.")
    press(page, "[data-part=all]")
    reader.hears("polite: Toutes les lignes" if fr else "polite: All rows are shown: 6.")
    press(page, "[data-part=facets] summary")
    box = page.get_by_label(re.compile("Étape de Dole" if fr else "Dole stage"))
    box.focus()
    reader.hears(
        "checkbox, Étape de Dole 1 ligne, not checked"
        if fr
        else "checkbox, Dole stage 1 row, not checked"
    )
    box.press("Space")
    reader.hears("polite: 1 ligne montrée sur 6." if fr else "polite: 1 row of 6 shown.")
    press(page, "[data-part=all]")
    press(page, "details:has(> [data-part=columns]) summary")
    press(page, "[data-part=columns] button:enabled")
    reader.hears("polite: s : colonne 2 sur 2." if fr else "polite: s: column 2 of 2.")
    press(page, "[data-tab=chart]")
    reader.hears("polite: Dans le temps" if fr else "polite: In time")
    place = reader.read("[data-chart=place]")
    assert place[1].startswith("image, Dans le temps" if fr else "image, In time")
    assert len(place) == 3, "what is written in the drawing is in its table"
    drawn = reader.read("[data-chart=table]")
    assert "columnheader, s" in drawn and any(it.startswith("rowheader") for it in drawn)
    press(page, "[data-tab=table]")
    press(page, "[data-part=table] td button")
    reader.hears("heading, Ligne 1, level 3" if fr else "heading, Row 1, level 3")


@LANGUAGES
def test_of_many_rows_those_in_sight_are_said(visit: Visit, fr: bool) -> None:
    page, reader = opened(visit, "/sparql", fr, EDITOR)
    write(page, MANY)
    page.keyboard.press("Control+Enter")
    reader.hears("polite: 20" if fr else "polite: 20,000 rows")
    rows = page.locator("[data-part=table]")
    rows.focus()
    reader.hears("group, Réponse" if fr else "group, Answer")
    assert rows.locator("table").get_attribute("aria-rowcount") == "20001"
    page.keyboard.press("PageDown")
    reader.hears("polite: Les lignes " if fr else "polite: Rows ")
    assert rows.locator("[aria-rowindex='30']").count() == 1


@LANGUAGES
def test_queries_and_ready_made_questions_say_where_one_is(visit: Visit, fr: bool) -> None:
    page, reader = opened(visit, "/sparql", fr, EDITOR)
    press(page, "[data-tab-part=add]")
    reader.hears("polite: Requête 2 sur 2 : " if fr else "polite: Query 2 of 2: Empty query.")
    press(page, "[data-tab-part=close]")
    reader.hears("polite: Requête 1 sur 1 : " if fr else "polite: Query 1 of 1: SELECT")
    press(page, "[data-tab-part=reopen]")
    reader.hears("polite: Requête 2 sur 2 : " if fr else "polite: Query 2 of 2: ")
    expect(page.locator(".tabs button[aria-current]")).to_be_focused()
    tabs = reader.read("nav:has(> .tabs)")
    assert tabs[0] == f"navigation, {'Mes requêtes' if fr else 'My queries'}"
    assert "listitem, level 1, position 2, set size 2" in tabs
    assert any(it.endswith("current item") for it in tabs)

    press(page, "[data-ready=open]")
    reader.hears(
        f"dialog, {'Questions toutes prêtes' if fr else 'Ready-made questions'}",
        "searchbox, ",
        f"polite: {len(load())} questions",
    )
    page.keyboard.type("étapes thème" if fr else "stages theme")
    expect(page.locator("[data-ready=found] button")).not_to_have_count(len(load()))
    which = "Quelles étapes abordent ce thème" if fr else "Which stages address this theme"
    page.get_by_role("button", name=which).press("Enter")
    reader.hears(f"heading, {which}")
    field = page.locator("[data-ready=fields] input").first
    field.fill("")
    field.focus()
    reader.hears("combobox, Thème" if fr else "combobox, Theme")
    page.keyboard.type("gouv")
    reader.hears("polite: 2 noms proposés." if fr else "polite: 2 names suggested.")
    page.keyboard.press("ArrowDown")
    reader.hears("option, Gouvernance" if fr else "option, Governance")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    reader.hears("button, Questions" if fr else "button, Ready-made questions")


@LANGUAGES
def test_a_question_that_is_built_says_what_it_asks_and_finds(visit: Visit, fr: bool) -> None:
    page, reader = opened(visit, "/builder?kind=rn:Stage", fr)
    carried = page.locator("button[value='rn:carriedBy']")
    carried.focus()
    reader.hears("button, portée par 4 étapes" if fr else "button, run by 4 stages")
    carried.press("Enter")
    page.wait_for_url("**1=rn*")
    reader = Reader(page)
    form = reader.read("main form")
    assert ("group, portée par" if fr else "group, run by") in form
    page.locator("[name='1.is']").first.check()
    reader.hears("polite: Chaque étape" if fr else "polite: Each stage that is run by “BGE")


@LANGUAGES
def test_names_are_proposed_links_have_headings_and_a_drawing_a_table(
    visit: Visit, fr: bool
) -> None:
    page, reader = opened(visit, "/", fr)
    page.locator("#find-box").focus()
    reader.hears("combobox, ")
    page.keyboard.type("mamh")
    reader.hears("polite: 3 noms proposés." if fr else "polite: 3 names suggested.")
    page.keyboard.press("ArrowDown")
    reader.hears("option, Mamhique")

    page, reader = opened(visit, "/list/organisation?view=matrix", fr)
    matrix = reader.read("table")
    assert matrix[0] == f"table, {'Organisations et thèmes' if fr else 'Organisations and themes'}"
    heads = ["columnheader, ", "rowheader, Mutualité Française Franche-Comté", "link, 3 — "]
    assert all(any(it.startswith(head) for it in matrix) for head in heads)

    page, reader = opened(visit, "/network?centre=organisation/legeni", fr, "canvas")
    drawing = page.locator("canvas")
    assert drawing.get_attribute("role") == "img" and drawing.get_attribute("aria-label")
    page.locator("[data-network-table] tbody a").first.focus()
    reader.hears("link, Legeni", "polite: Legeni")
