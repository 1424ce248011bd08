"""What is heard of pages: by a simulated screen reader, and as Chromium tells.

The simulation follows focus, live regions and the order of reading, by the specifications. Which
proposal is active (``aria-activedescendant``) is asked of Chromium's own accessibility tree.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from browsing import Visit
from hearing import Reader, active

EDITOR = ".cm-content"
STAGES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
SELECT ?s ?o { ?s a rn:Stage ; schema:startDate ?o }
"""
MANY = "SELECT ?s ?o { ?s ?p ?q . ?o a <https://w3id.org/rallynov/ontology#Stage> } LIMIT 20000"


def opened(visit: Visit, path: str, there: str = "main") -> tuple[Page, Reader]:
    """Open a page; return it and what listens to it."""
    page = visit.open(path)
    page.locator(there).first.wait_for()
    return page, Reader(page)


def run(page: Page, query: str) -> None:
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)
    page.keyboard.press("Control+Enter")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    page.locator(selector).first.press(key)


def test_the_editor_says_what_it_is_what_it_proposes_and_what_is_wrong(visit: Visit) -> None:
    page, reader = opened(visit, "/sparql", EDITOR)
    page.locator(EDITOR).focus()
    reader.hears("textbox, Requête")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?s a rn:Stage ; ")
    page.keyboard.type("rn:")
    reader.hears("polite: 11 propositions. Les")
    first, then = (active(page), page.keyboard.press("ArrowDown"), active(page))[::2]
    assert first["role"] == then["role"] == "option"
    assert first["in"] == "textbox", "the focus stays in the text"
    assert re.match(r"rn:status ?, statut · 9 usages ?\. Tenue", first["name"])
    assert then["name"].startswith("rn:dateAsPrinted")
    told = page.locator("[role=option]").evaluate_all(
        "all => all.map(it => [it.ariaPosInSet, it.ariaSetSize, it.ariaSelected])"
    )
    assert [place for place, _, _ in told] == [str(n + 1) for n in range(len(told))]
    assert {size for _, size, _ in told} == {"11"}
    assert [place for place, _, selected in told if selected == "true"] == ["2"]
    page.keyboard.press("Escape")
    reader.hears("polite: La requête n’est pas comprise. Il manque")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELCT * { ?s ?p ?o }")
    reader.hears("polite: La requête n’est pas comprise. « ")
    page.keyboard.press("Alt+Enter")
    reader.hears("polite: L’erreur est corrigée.")
    page.keyboard.press("Tab")
    reader.hears("button, Exécuter")


def test_an_answer_says_its_rows_their_order_and_what_narrows_them(visit: Visit) -> None:
    page, reader = opened(visit, "/sparql", EDITOR)
    run(page, STAGES)
    reader.hears("polite: La requête", "polite: 6 ")
    things, heading = page.locator("[data-part=table] td:nth-child(2)"), page.locator("[aria-sort]")
    page.locator("th .sorts", has_text="s").focus()
    reader.hears("button, s")
    page.keyboard.press("Enter")
    reader.hears("polite: Trié par s, par ordre croissant")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    names = things.all_inner_texts()
    assert names == sorted(names, key=str.casefold) and "Étape de Belfort" in names
    page.keyboard.press("Enter")
    reader.hears("polite: Trié par s, par ordre décroissant")
    expect(things).to_have_text(names[::-1])
    table = reader.read("[data-answer] table")
    assert table[0] == "table, Réponse, row count 7"
    assert "columnheader, s, sorted in descending order" in table and "columnheader, o" in table
    assert "button, Ligne 1" in table and "link, Étape de Vesoul" in table
    press(page, "th .sorts >> nth=0")
    reader.hears("polite: Sans tri")
    page.locator("#rows-having").focus()
    reader.hears("searchbox, Lignes contenant")
    page.keyboard.type("dole ETAPE")
    reader.hears("polite: 1 ligne montrée sur 6.")
    press(page, "[data-part=all]")
    reader.hears("polite: Toutes les lignes")
    expect(page.locator("#rows-having")).to_be_focused()
    press(page, "[data-part=facets] summary")
    box = page.get_by_label(re.compile("Étape de Dole"))
    box.focus()
    reader.hears("checkbox, Étape de Dole 1 ligne, not checked")
    box.press("Space")
    reader.hears("polite: 1 ligne montrée sur 6.")
    expect(box).to_be_focused()
    press(page, "[data-part=all]")
    press(page, "details:has(> [data-part=columns]) summary")
    press(page, "[data-part=columns] button:enabled")
    reader.hears("polite: s : colonne 2 sur 2.")
    press(page, "[data-tab=chart]")
    reader.hears("polite: Dans le temps")
    place = reader.read("[data-chart=place]")
    assert place[1].startswith("image, Dans le temps")
    assert len(place) == 3, "what is written in the drawing is in its table"
    drawn = reader.read("[data-chart=table]")
    assert "columnheader, s" in drawn and any(it.startswith("rowheader") for it in drawn)
    press(page, "[data-tab=table]")
    row = page.locator("[data-part=table] td button").first
    row.press("Enter")
    reader.hears("heading, Ligne 1, level 3")
    expect(page.locator("#row-title")).to_be_focused()
    told = page.locator("[data-part=row]")
    expect(told).to_contain_text("https://w3id.org/rallynov/id/stage/")
    expect(told).to_contain_text("http://www.w3.org/2001/XMLSchema#date")
    page.locator("[data-part=rowClose]").click()
    expect(row).to_be_focused()
    page.get_by_label("Montrer les IRI").check()
    expect(page.locator("[data-part=table] tbody a")).to_have_count(0)
    run(page, MANY)
    reader.hears("polite: 20")
    rows = page.locator("[data-part=table]")
    rows.focus()
    reader.hears("group, Réponse")
    page.keyboard.press("PageDown")
    reader.hears("polite: Lignes ")
    assert rows.locator("[aria-rowindex='30']").count() == 1


def test_queries_in_tabs_say_where_one_is(visit: Visit) -> None:
    page, reader = opened(visit, "/sparql?lang=en", EDITOR)
    press(page, "[data-tab-part=add]")
    reader.hears("polite: Query 2 of 2: Empty query.")
    press(page, "[data-tab-part=close]")
    reader.hears("polite: Query 1 of 1: SELECT")
    press(page, "[data-tab-part=reopen]")
    reader.hears("polite: Query 2 of 2: ")
    expect(page.locator(".tabs button[aria-current]")).to_be_focused()
    tabs = reader.read("nav:has(> .tabs)")
    assert tabs[0] == "navigation, My queries"
    assert "listitem, level 1, position 2, set size 2" in tabs
    assert any(it.endswith("current item") for it in tabs)


def test_names_links_drawings_and_a_built_question_are_said(visit: Visit) -> None:
    page, reader = opened(visit, "/?lang=en")
    page.locator("#find-box").focus()
    reader.hears("combobox, ")
    page.keyboard.type("mamh")
    expect(options := page.locator("#find-box__listbox [role=option]")).not_to_have_count(0)
    reader.hears(f"polite: {options.count()} suggestions.")
    page.keyboard.press("ArrowDown")
    reader.hears("option, Mamhique")

    page, reader = opened(visit, "/list/organisation?view=matrix")
    matrix = reader.read("table")
    assert matrix[0] == "table, Organisations et thèmes"
    heads = ["columnheader, ", "rowheader, Mutualité Française Franche-Comté", "link, déduit 3"]
    assert all(any(it.startswith(head) for it in matrix) for head in heads)

    live = ".is-live svg.network"
    page, reader = opened(visit, "/network?centre=organisation/legeni&lang=en", live)
    drawing = page.locator("svg.network")
    assert drawing.get_attribute("role") == "group" and drawing.get_attribute("aria-labelledby")
    page.locator("[data-network-table] tbody a").first.focus()
    reader.hears("link, Legeni", "polite: Legeni")

    page, reader = opened(visit, "/builder?kind=rn:Stage")
    carried = page.locator("button[value='rn:carriedBy']")
    carried.focus()
    reader.hears("button, portée par 4 étapes")
    carried.press("Enter")
    page.wait_for_url("**1=rn*")
    reader = Reader(page)
    assert "group, portée par" in reader.read("main form")
    page.locator("[name='1.is']").first.check()
    reader.hears("polite: Chaque étape")
