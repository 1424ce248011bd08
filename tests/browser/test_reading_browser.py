"""Readers' ways through pages in a real browser: from a menu to the words, in few clicks."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rispy
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from browsing import HEIGHT, PHONE, WIDE, Visit, intercepted, visiting
from claims import short
from made_up_carnet import TEXT, serving_document
from places import ROOT
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release
from reader_tasks import TASKS, Reader, what_is_uncertain
from servers import Server

DOCS = ROOT / "docs"
LARGE: ViewportSize = {"width": WIDE, "height": HEIGHT}
TELEPHONE: ViewportSize = {"width": PHONE, "height": 844}
MUTUALITE = "organisation/mutualite-francaise-franche-comte"
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")


def bottom(page: Page, selector: str) -> float:
    """Where something ends, counted from the top of the first screen."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


# What readers come for

BOUNDS = {
    "who is linked to health, in which words": (3, 1),
    "who spoke for the Pôle": (3, 1),
    "what is uncertain": (1, 1),
    "an organisation's themes": (2, 2),
    "a link's citation for Zotero": (6, 2),
}
"""The clicks and screens that a task may take; on a telephone, one click more opens the menu."""
PARTS = ("who is linked to health, in which words", "what is uncertain")
"""These are done on the way of another one."""


def test_each_task_is_done_in_few_clicks_without_much_scrolling_or_by_keyboard(
    browser: Browser, with_text: Server, subtests: pytest.Subtests
) -> None:
    for language, size, by_keyboard in (
        ("fr", LARGE, False),
        ("en", TELEPHONE, False),
        ("fr", LARGE, True),
    ):
        for name, task in TASKS.items():
            if by_keyboard and name in PARTS:
                continue
            with (
                subtests.test(name, width=size["width"], by_keyboard=by_keyboard),
                visiting(browser, with_text.address, viewport=size) as visit,
            ):
                reader = Reader(visit.open(f"/?lang={language}"), language, by_keyboard)
                task(reader)
                clicks, screens = BOUNDS[name]
                assert by_keyboard or reader.clicks <= clicks + (size is TELEPHONE)
                assert by_keyboard or reader.screens <= screens


STEPS = {
    "fr": (
        ("searchbox", "Quelles innovations abordent la solidarité et la santé ?"),
        ("button", "Chercher"),
        ("link", "Toute la réponse"),
        ("row", "Colocation pour personnes âgées.*déduit"),
    ),
    "en": (
        ("searchbox", "Which innovations address solidarity and health?"),
        ("button", "Search"),
        ("link", "The whole answer"),
        ("row", "Shared housing for older people.*inferred"),
    ),
}


def go(page: Page, role: Any, name: str) -> int:
    """Do a step; return how many clicks it is."""
    if role == "searchbox":
        page.locator("#find-box").fill(name)
        return 0
    if role == "row":
        page.get_by_role("row", name=re.compile(name)).locator("a.evidence").first.click()
    else:
        page.locator("main").get_by_role(role, name=name, exact=True).first.click()
    return 1


def test_a_newcomer_reaches_a_passage_by_the_tutorial_in_three_clicks(
    browser: Browser, server: Server, subtests: pytest.Subtests
) -> None:
    for language, file, printed in (
        ("fr", "tutorial.fr.md", "carnet de route n"),
        ("en", "tutorial.md", "logbook no. 2"),
    ):
        told = (DOCS / file).read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
        steps = STEPS[language]
        assert all(f"*{name}*" in told for role, name in steps if role != "row")
        with subtests.test(language), visiting(browser, server.address) as visit:
            page = visit.open(f"/?lang={language}")
            assert sum(go(page, *step) for step in steps) <= 3
            expect(page.locator(".drawer")).to_contain_text(printed)


def test_each_picture_of_the_tutorial_shows_what_the_site_shows(
    browser: Browser, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import tutorial_pictures as tutorial

    recorded = json.loads(tutorial.WORDS.read_text("utf-8"))
    shots = tutorial.shots()
    assert {it.name for it in tutorial.PICTURES.glob("*.webp")} == {*recorded} == {*shots}
    page = tutorial.still_page(browser)
    stale = []
    with tutorial.others() as sites:
        sites["rally"] = server.address
        for name, shot in shots.items():
            if shot.site in sites:
                page.goto(sites[shot.site] + shot.path)
                if tutorial.words(page, shot) != recorded[name]:
                    stale.append(name)
    page.context.close()
    del sys.modules["tutorial_pictures"]
    assert stale == [], "`make pictures` makes them anew"


# A thing, and the evidence of a link


def test_a_telephone_shows_the_sentences_of_a_thing_with_their_evidence_first(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address, viewport=TELEPHONE) as visit:
        page = visit.open(f"/page/{MUTUALITE}?lang=en")
        assert page.evaluate("scrollY") == 0
        expect(page.locator(".themes .said a.evidence").first).to_be_visible()
        for thing in (MUTUALITE, "stage/dole", "person/bruno-herry", "innovation/mamhique"):
            page = visit.open(f"/page/{thing}")
            for sentence in page.locator(".sentence a.evidence").all():
                box = sentence.bounding_box()
                assert box and box["y"] + box["height"] < TELEPHONE["height"], thing


def test_the_menu_opens_by_key_and_closes_by_escape_and_a_press_elsewhere(
    browser: Browser, server: Server
) -> None:
    for width, query, (export, cite) in (
        (PHONE, "", ("Exporter", "Citer")),
        (WIDE, "?lang=en", ("Export", "Cite")),
    ):
        size: ViewportSize = {"width": width, "height": HEIGHT}
        with visiting(browser, server.address, viewport=size) as visit:
            page = visit.open(f"/page/{MUTUALITE}{query}")
            summary = page.locator("details.export > summary")
            expect(summary).to_have_text(export)
            summary.focus()
            page.keyboard.press("Enter")
            turtle = page.get_by_role("link", name="Turtle", exact=True)
            expect(turtle).to_be_visible()
            assert visit.barriers() == []
            page.keyboard.press("Tab")
            page.keyboard.press("Escape")
            expect(turtle).to_be_hidden()
            expect(summary).to_be_focused()
            summary.click()
            expect(turtle).to_be_visible()
            page.locator("h1").click()
            expect(turtle).to_be_hidden()
            summary.click()
            page.locator("summary", has_text=cite).first.click()
            expect(turtle).to_be_hidden()
            expect(page.locator(".cite-line")).to_be_in_viewport()


def way(page: Page) -> Locator:
    """The link of a page to the evidence of a claim; the page of a thing folds some of them."""
    page.evaluate("document.querySelectorAll('details.fold').forEach((it) => (it.open = true))")
    return page.locator(f"a[data-evidence][href^='{BALANCE}']").first


BOXES = """JSON.stringify([...document.querySelectorAll('main :not(svg *)')]
    .filter(it => it.checkVisibility())
    .map(it => it.getBoundingClientRect()).filter(it => it.width)
    .map(it => [it.x, it.y + scrollY, it.width, it.height].map(it => it.toFixed(2))))"""


def test_evidence_lies_over_the_page_which_stays_and_has_the_focus_back(
    browser: Browser, server: Server, subtests: pytest.Subtests
) -> None:
    """The way to the evidence of the third fact ends where its row does."""
    with visiting(browser, server.address) as visit:
        for width in (320, PHONE, 600, 900, 1024, WIDE):
            for fact in (0, 2) if width in (PHONE, WIDE) else (0,):
                with subtests.test(width=width, fact=fact):
                    visit.look(width, "light")
                    opens_and_closes(visit, width, fact)


OPEN_WORDS = """link => {
    const { content, left, width } = getComputedStyle(link, "::after");
    const start = link.getBoundingClientRect();
    if (content === "none") return true;
    const end = start.left + parseFloat(left) + parseFloat(width);
    return parseFloat(left) >= 0 && end <= link.closest(".is-lit").getBoundingClientRect().right;
}"""
"""Whether what an open link says begins where the link does, and ends before its row."""


def opens_and_closes(visit: Visit, width: int, fact: int) -> None:
    """Have evidence opened and closed by keyboard, then by mouse."""
    page = visit.open("/page/organisation/indibat")
    link, drawer = page.locator("a.evidence").nth(fact), page.locator(".drawer")
    link.scroll_into_view_if_needed()
    before, scrolled = page.evaluate(BOXES), page.evaluate("scrollY")
    for closes in ("Escape", "Fermer"):
        if closes == "Escape":
            link.focus()
            page.keyboard.press("Enter")
        else:
            link.click()
        claim = drawer.get_by_role("heading").first
        expect(drawer.locator("> [role=status]")).to_have_text(
            f"preuve ouverte : {claim.inner_text()}"
        )
        expect(drawer.locator(":focus")).to_have_text(re.compile("Fermer"))
        expect(link).to_have_attribute("aria-expanded", "true")
        expect(link).to_have_attribute("data-open", "preuve ouverte")
        assert link.evaluate(OPEN_WORDS), "no word beside is covered"
        box, words = drawer.bounding_box(), drawer.locator(".note-words").bounding_box()
        row = page.locator(".is-lit").bounding_box()
        assert box and words and row
        assert box["width"] == (536 if width >= 992 else width)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert words["y"] < box["y"] + 200
        if width < 992:
            assert box["height"] == round(0.8 * HEIGHT) and 0 <= row["y"] < box["y"]
        assert page.evaluate(BOXES) == before
        assert not visit.overflows()
        if closes == "Escape":
            assert width not in (PHONE, WIDE) or visit.barriers() == []
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="Fermer").click()
        expect(drawer).to_have_count(0)
        expect(link).to_be_focused()
        assert link.get_attribute("aria-expanded") is None
        assert page.evaluate("scrollY") == scrolled
    assert page.evaluate(BOXES) == before
    assert page.url.endswith("indibat"), "nobody was led away"


def test_one_evidence_is_open_at_a_time_and_says_which_words_are_printed(
    browser: Browser, server: Server
) -> None:
    loaded = """performance.getEntriesByType('resource').map(it => it.name)
        .filter(it => it.endsWith('.js')).length"""
    with visiting(
        browser, server.address, viewport=LARGE, expected=("Failed to load resource",)
    ) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        page.mouse.move(1, 1)  # brings the combobox of the search
        page.locator(".suggests").first.wait_for()
        before = page.evaluate(loaded)
        ways, shown = page.locator("main a.evidence:visible"), page.locator(".drawer")
        claim = shown.get_by_role("heading").first
        ways.nth(0).click()
        claim.wait_for()
        # Its script comes with the first click, and then the one that opens a reader's own file.
        page.wait_for_function(f"{loaded} === {before + 2}")
        first = claim.inner_text()
        ways.nth(1).click()
        expect(claim).not_to_have_text(first)
        expect(shown).to_have_count(1)
        expect(page.locator("[data-open]")).to_have_count(1)
        # A link of the chain leads on in the same drawer.
        page.locator(".chain a.evidence").first.click()
        expect(shown.locator(".chain a.evidence")).to_have_count(0)
        ways.nth(1).click()
        expect(shown).to_have_count(0)
        # Without the text of the carnet its printed words are there, and where they stand.
        way(page).click()
        expect(shown.locator("mark")).to_have_text("horaires atypiques")
        expect(shown).to_contain_text("La phrase entière manque ici")
        assert shown.locator(".note-words a[href*='/carnet/carnet-2']").count()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown.get_by_role("button", name="Copier la citation").click()
        expect(shown.get_by_text("Citation copiée.")).to_be_visible()
        assert BALANCE in page.evaluate("navigator.clipboard.readText()")
        page.keyboard.press("Escape")
        with page.context.expect_page() as other:
            way(page).click(modifiers=["Control"])
        other.value.wait_for_url(f"**{BALANCE}")
        assert shown.count() == 0
        visit.open(f"/page/{MUTUALITE}")
        intercepted(page, "**/r/**", lambda route: route.abort())
        way(page).click()
        expect(shown.locator("a")).to_have_text("Ouvrir la note de preuve")
        expect(shown.locator(".drawer-content")).to_contain_text("n’a pas pu être chargée")


def test_without_scripts_the_evidence_is_a_page_of_the_same_parts(
    browser: Browser, server: Server
) -> None:
    parts = "them => them.map(it => it.innerText).join(' ').replace(/\\s+/g, ' ')"
    shown = []
    for has_scripts in (True, False):
        with visiting(
            browser, server.address, viewport=LARGE, java_script_enabled=has_scripts
        ) as visit:
            page = visit.open("/page/organisation/indibat")
            page.locator("main a.evidence:visible").first.click()
            note = page.locator(".drawer .note" if has_scripts else "main .note")
            note.wait_for()
            shown.append(note.locator("> :not(.kicker, .cite, .open-file)").evaluate_all(parts))
    assert shown[0] == shown[1] != ""


def test_where_the_text_is_given_its_words_are_the_first_of_the_evidence(
    browser: Browser, with_text: Server
) -> None:
    with visiting(browser, with_text.address, viewport=LARGE) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        way(page).click()
        drawer = page.locator(".drawer")
        expect(drawer).to_contain_text("porte Mamhique")
        expect(drawer.locator("blockquote mark")).to_have_text("horaires atypiques")
        # Its words stand in one column where there is room.
        edges = "them => them.map(it => Math.round(it.getBoundingClientRect().left))"
        page = visit.open("/search?q=innovations")
        page.get_by_role("link", name="occurrences dans les textes").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**#in-texts")
        marks = page.locator(".lines mark")
        found = marks.evaluate_all(edges)
        assert len(found) > 5 and len({*found}) == 1
        visit.look(PHONE, "light")
        assert len({*marks.evaluate_all(edges)}) > 1
    with visiting(browser, with_text.address, java_script_enabled=False) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        way(page).click()
        page.wait_for_url(f"**{BALANCE}")
        words = page.locator("main blockquote").first.bounding_box()
        assert words and words["y"] < HEIGHT, "on the first screen"


# A citation

PARTNER = short("rally/rallynov", "partner", "organisation/rifc")
TODAY = date(2026, 3, 1)
LINE, STATUS = (f".acts [data-citation={it}]" for it in ("line", "status"))
CITED: dict[str, Any] = {
    "fr": {
        "claim": "« Rally’nov a pour partenaire RIFC » (explicite ; carnet de route n° 2, "
        "« partenaires »",
        "read": f"Consulté le {day('2026-03-01', 'fr')}.",
        "cite": "Citer",
        "names": ("Copier la citation", "pour Word", "pour Markdown", "pour Zotero"),
    },
    "en": {
        "claim": "“Rally’nov has RIFC as a partner” (explicit; logbook no. 2, “partners”",
        "read": "Accessed 1 March 2026.",
        "cite": "Cite",
        "names": ("Copy the citation", "for Word", "for Markdown", "for Zotero"),
    },
}


def copied(page: Page, form: str = "text/plain") -> str:
    """What the clipboard holds in a form."""
    text: str = page.evaluate(
        """async (form) => {
          const [item] = await navigator.clipboard.read();
          return (await item.getType(form)).text();
        }""",
        form,
    )
    return text


def pressed(page: Page, name: str) -> None:
    """Press a button by its key, and wait until the page says what came of it."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(STATUS)).not_to_be_empty()
    expect(button).to_be_focused()


@pytest.mark.parametrize(("language", "width"), [("fr", WIDE), ("en", PHONE)])
def test_the_citation_of_a_link_is_copied_by_keyboard_in_each_form(
    browser: Browser, server: Server, release: Release, language: str, width: int
) -> None:
    told = CITED[language]
    line, word, markdown, zotero = told["names"]
    address = f"{PARTNER}{'' if language == 'fr' else '?lang=en'}"
    with visiting(
        browser,
        server.address,
        viewport={"width": width, "height": HEIGHT},
        expected=("ERR_FAILED",),
        permissions=["clipboard-read", "clipboard-write"],
    ) as visit:
        visit.page.clock.set_fixed_time(f"{TODAY}T12:00:00")
        page = visit.open(address)
        page.locator(".acts summary", has_text=told["cite"]).press("Enter")
        shown = page.locator(LINE).inner_text()
        assert shown.endswith(told["read"]) and told["claim"] in " ".join(shown.split())
        assert release.id[:16] in shown and f"{visit.site}{address}. " in shown
        pressed(page, line)
        assert copied(page) == shown
        pressed(page, word)
        assert copied(page) == shown
        assert f'<a href="{visit.site}{address}">' in copied(page, "text/html")
        pressed(page, markdown)
        assert f"]({visit.site}{address})" in copied(page)
        assert copied(page).endswith(told["read"])
        pressed(page, zotero)
        expect(page.locator(STATUS)).to_contain_text("Zotero")
        (reference,) = rispy.loads(copied(page))
        assert reference["type_of_reference"] == "ELEC", "a web page, to Zotero"
        assert reference["access_date"] == "2026/03/01/"
        assert reference["urls"] == [f"{visit.site}{address}"]
        intercepted(page, "**/cite/**", lambda route: route.abort())
        pressed(page, zotero)
        assert page.evaluate("String(getSelection())").strip() == shown, "to be copied by hand"
    with visiting(browser, server.address, java_script_enabled=False) as visit:
        page = visit.open(PARTNER)
        expect(page.locator("[data-citation=line]:visible")).to_have_count(0)
        page.locator(".acts summary", has_text="Citer").click()
        cite = page.locator(".cite:visible")
        assert cite.locator("[data-citation=line]").inner_text().endswith("Licence CC BY 4.0.")
        expect(cite.get_by_role("button")).to_have_count(0)
        cite.locator("summary").click()
        expect(cite.get_by_role("link", name="RIS", exact=True)).to_be_visible()
        expect(cite.locator("[data-citation=markdown]")).to_be_visible()


# What is open

QUESTION = "Au nom de qui parlent Nathalie Pepe-Aubry, Pascal Mollier et José Monteiro"
READING = "Au nom du Pôle des microtechniques."


def test_what_is_open_is_counted_narrowed_and_tried_by_keyboard(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address, viewport=LARGE) as visit:
        page = visit.open("/questions/who_speaks_for_whom")
        page.locator("main").get_by_role("link", name=QUESTION).click()
        expect(page.get_by_text(READING).first).to_be_visible()
        what_is_uncertain(Reader(page, "fr"))
        counts = page.locator(".consequences li")
        expect(counts.nth(0)).to_have_text("7 Change un décompte", use_inner_text=True)
        expect(counts.nth(3)).to_have_text("4 Change la lecture des mots", use_inner_text=True)
        assert bottom(page, ".consequences li >> nth=3") < HEIGHT, "on the first screen"
        widths = page.locator(".consequences rect").evaluate_all(
            "all => all.map(it => it.getBoundingClientRect().width)"
        )
        numbers = page.locator(".consequences b").all_inner_texts()
        shares = [width / int(number) for width, number in zip(widths, numbers, strict=True)]
        assert max(shares) - min(shares) < 1, "bars are as long as their numbers"
        visit.look(PHONE, "dark")
        page.locator("#touches").focus()
        page.keyboard.press("End")  # the Pôle is the last of the organisations
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**touches=organisation**")
        expect(page.locator("article.doubt")).to_have_count(3)
        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        expect(page.get_by_text(READING, exact=True)).to_be_visible()
        page.locator("article.doubt summary").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("article.doubt details").first).to_have_attribute("open", "")
        page.locator("a.try").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**try=reading**#tried")
        expect(page.locator("#tried")).to_be_in_viewport()
        assert "touches=organisation" in page.url, "still narrowed"
        assert visit.barriers() == [] and not visit.overflows()


# Lists, and down to which certainty

INNOVATIONS = "/list/innovation"
MFQ = "stage=stage%2Fmfq-franche-comte"
BOX = 'input[name="stage"][value="stage/mfq-franche-comte"]'


def test_a_choice_applies_at_once_has_its_address_and_is_said(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address, viewport=LARGE) as visit:
        page = visit.open(INNOVATIONS)
        heading, box = page.locator("h1"), page.locator(BOX)
        stage = page.locator('details[data-kept="stage"] > summary')
        expect(page.get_by_role("button", name="Appliquer")).to_have_count(0)
        stage.press("Enter")
        box.press("Space")
        expect(heading).to_have_text(re.compile("^4 innovations sont présentées à"))
        expect(page.locator("[data-said]")).to_have_text(heading.text_content() or "")
        assert page.url.endswith(f"{INNOVATIONS}?{MFQ}")
        expect(box).to_be_focused()
        assert visit.barriers() == []
        box.press("Escape")
        expect(box).to_be_hidden()
        stage.press("Enter")
        page.locator('details[data-kept="beneficiary"] > summary').press("Enter")
        expect(box).to_be_hidden()
        page.locator('details[data-kept="beneficiary"] input').first.click()
        expect(heading).to_contain_text("et s’adressent au public")
        page.go_back()
        expect(heading).to_have_text(re.compile("^4 innovations sont présentées à"))
        page.locator("a.chip").click()
        expect(heading).to_have_text("13 innovations")
        page.set_viewport_size(TELEPHONE)
        expect(box).to_be_hidden()
        stage.click()
        box.click()
        expect(heading).to_have_text(re.compile("^4 innovations sont présentées à"))
        expect(page.locator("tbody td a.evidence").first).to_be_visible()
        assert not visit.overflows()
    with visiting(browser, server.address, java_script_enabled=False) as visit:
        page = visit.open(INNOVATIONS)
        page.locator('details[data-kept="stage"] > summary').click()
        page.locator(BOX).click()
        page.locator('details[data-kept="stage"]').get_by_role("button", name="Appliquer").click()
        expect(page.locator("h1")).to_have_text(re.compile("^4 innovations sont présentées à"))
        steps = page.get_by_role("navigation", name="Le lien demandé est").get_by_role("link")
        expect(steps).to_have_count(3)
        steps.first.click()
        page.wait_for_url("**certainty=explicit")
        expect(steps.first).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name="tout montrer").click()
        page.wait_for_url(lambda address: "certainty" not in address)


def test_the_matrix_by_likeness_at_explicit_by_clicks_and_by_keys(
    browser: Browser, server: Server
) -> None:
    wanted = "/list/organisation?view=matrix&certainty=explicit&sort=similarity"
    with visiting(browser, server.address, viewport=LARGE) as visit:
        page, rows = visit.open("/list/organisation"), []
        for by_keys in (False, True):
            page = visit.open("/list/organisation")
            matrix = page.get_by_role("link", name="Matrice")
            steps = page.locator(".certainty-filter a")
            order, likeness = (
                page.locator(".list-tools summary"),
                page.get_by_role("button", name="Par ressembl"),
            )
            matrix.press("Enter") if by_keys else matrix.click()
            expect(page.locator("table.matrix")).to_be_visible()
            assert page.url.endswith("?view=matrix"), "a table's order by name is nobody's choice"
            steps.first.press("Enter") if by_keys else steps.first.click()
            expect(steps.first).to_have_attribute("aria-current", "true")
            order.press("Enter") if by_keys else order.click()
            likeness.press("Enter") if by_keys else likeness.click()
            expect(page).to_have_url(f"{server.address}{wanted}")
            rows.append(page.locator("table.matrix tbody th").all_text_contents())
        expect(order).to_be_focused()
        assert rows[0] == rows[1]
        page.locator("table a[href^='/r/']").first.press("Enter")
        page.locator(".drawer").get_by_role("link", name="Note complète").click()
        page.wait_for_url("**/r/*")


# The carnet beside its facts


def too_wide(page: Page) -> list[str]:
    """Return what of the page leaves the window at a side."""
    found: list[str] = page.locator("main *").evaluate_all(
        """them => them.filter(it => {
            const { left, right } = it.getBoundingClientRect();
            return !it.closest(".unseen, .chapters") && (left < -1 || right > innerWidth + 1);
        }).map(it => it.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("scripts", [True, False])
def test_printed_words_lead_to_their_fact_and_the_road_to_the_chapters(
    browser: Browser, server: Server, scripts: bool
) -> None:
    moved = """new Promise(done => {
        let sum = 0;
        new PerformanceObserver(list => {
            for (const it of list.getEntries()) sum += it.value;
            done(sum);
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => setTimeout(() => done(sum)));
    })"""
    ground = "it => getComputedStyle(it).backgroundColor"
    with visiting(browser, server.address, java_script_enabled=scripts) as visit:
        for width in (PHONE, WIDE):
            visit.look(width, "light")
            page = visit.open("/carnet/carnet-2?page=3")
            assert not scripts or page.evaluate(moved) < 0.02
            chip = page.locator(".part a.said-words", has_text="télétravail").first
            chip.click()
            fact = page.locator(f"li:target{chip.get_attribute('href')}")
            others = page.locator(".part-facts > li:not(:target)").first.evaluate(ground)
            assert fact.evaluate(ground) != others
            if width == PHONE:
                page.get_by_text("Chapitre 3 sur 13").click()
            page.locator(".chapters a", has_text="Vesoul").click()
            expect(page.locator("h1")).to_have_text("Étape de Vesoul")
            expect(page.locator(".chapters [aria-current]")).to_have_text("Étape de Vesoul")
            assert too_wide(page) == []
        # The carnet was one page once, and links name its passages.
        visit.open("/carnet/carnet-2#p-1471-1637")
        if scripts:
            expect(page).to_have_url(f"{server.address}/carnet/carnet-2?page=2#p-1471-1637")
        else:
            expect(page.locator("main noscript p").first).to_contain_text("cherchez son chapitre")


def test_what_is_written_from_right_to_left_stays_in_its_place(
    browser: Browser, tmp_path: Path
) -> None:
    text = f"{TEXT}\n\nשלום עולם, זה טקסט.\n\n{'לא' * 300}"
    name = "\u202e" + "שם" * 250
    more = f"""
    <{ID}assertion-set/oui> a rn:AssertionSet ; rn:certainty rn:tentative ;
        rn:passage <{ID}passage/essai-elan> .
    GRAPH <{ID}assertion-set/oui> {{ <{ID}person/paul> rdfs:label "{name}" }}
    """
    with serving_document(text, tmp_path, more) as site, visiting(browser, site) as visit:
        page = visit.open("/carnet/essai")
        direction = "it => getComputedStyle(it).direction"
        for width in (WIDE, PHONE):
            visit.look(width, "light")
            assert too_wide(page) == []
            assert page.locator(".words p", has_text="שלום").evaluate(direction) == "rtl"
            assert page.locator(".words p", has_text="Élan").evaluate(direction) == "ltr"
        assert visit.overlaps(WIDE, PHONE) == []
