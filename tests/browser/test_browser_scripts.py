"""What scripts add to pages, in a real browser: suggestions, a moving network, the workbench."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from browsing import NARROW, WIDE, Visit, intercepted, somebody_at, visiting
from reader_tasks import Reader, chart_saved_and_cited
from servers import Server

XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
MARKUP = "<img src=x onerror=alert(1)> & co"
BOX = "#find-box"
OPTIONS = "[role=option]"
CANVAS = "canvas"
TABLE = "[data-network-table]"


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    with visiting(browser, server.address, viewport={"width": WIDE, "height": 900}) as visit:
        somebody_at(visit.page)
        yield visit
        assert [said for said in visit.complaints if "status of 404" not in said] == []


def written(page: Page, text: str, box: str = BOX) -> Locator:
    """Write into a box at one go; return the suggestions once they are there.

    Letter by letter, those of the first letters might still be there where a machine is slow.
    """
    page.locator(box).click()
    page.keyboard.insert_text(text)
    options = page.locator(f"{box}__listbox {OPTIONS}")
    options.first.wait_for()
    return options


# Suggestions


def barriers_in_both_looks(visit: Visit) -> list[object]:
    """Return what is a barrier, or too wide, on a telephone in the dark and on a large screen."""
    found: list[object] = []
    for width, scheme in ((NARROW, "dark"), (WIDE, "light")):
        visit.look(width, scheme)  # type: ignore[arg-type]
        found += [*visit.barriers(), *(["too wide"] * visit.overflows())]
    return found


def test_a_suggestion_is_opened_by_keyboard(visit: Visit) -> None:
    page = visit.open("/")
    options = written(page, "mamh")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/innovation/mamhique")


def test_letters_written_before_the_combobox_comes_stay(visit: Visit) -> None:
    page = visit.open("/")
    held: list[Route] = []
    are_held = [True]

    def hold(route: Route) -> None:
        if are_held[0]:
            held.append(route)
        else:
            route.continue_()

    page.route("**/static/built/*.js", hold)
    page.locator(BOX).focus()
    page.keyboard.type("mam")
    are_held[0] = False
    for route in held:
        route.continue_()
    page.locator(".suggests").wait_for()
    page.keyboard.type("h")
    expect(page.locator(BOX)).to_have_value("mamh")
    page.locator(OPTIONS).first.wait_for()


def test_a_suggestion_is_opened_by_mouse_and_keeps_the_language(visit: Visit) -> None:
    page = visit.open("/list/stage?lang=en")
    written(page, "mamh").first.click()
    page.wait_for_url("**/page/innovation/mamhique?lang=en")


def test_enter_searches_for_what_was_written_though_names_are_suggested(visit: Visit) -> None:
    page = visit.open("/")
    written(page, "mamh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mamh")
    assert page.locator(BOX).input_value() == "mamh"
    assert page.locator(OPTIONS).count() == 0


def test_escape_puts_suggestions_away_and_keeps_the_text(visit: Visit) -> None:
    page = visit.open("/")
    options = written(page, "mamh")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    assert page.locator(BOX).input_value() == "mamh"
    assert page.locator(BOX).get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize(("address", "names"), [("/compare", "ab"), ("/between", ("from", "to"))])
def test_two_things_are_named_by_keyboard(visit: Visit, address: str, names: Any) -> None:
    page = visit.open(address)
    for name, text in zip(names, ("legen", "indib"), strict=True):
        written(page, text, f"#f-{name}")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert page.locator(f"#f-{names[0]}").input_value() == "organisation/legeni"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}?{names[0]}=organisation%2Flegeni&{names[1]}=*indibat*")
    assert "Legeni" in page.locator("h1").inner_text()


def test_what_was_asked_before_stays_in_the_field_and_suggests_nothing(visit: Visit) -> None:
    page = visit.open("/compare?a=nowhere")
    field = page.locator("#f-a")
    field.focus()
    assert field.input_value() == "nowhere"
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("maxlength") == "400"
    assert page.locator(OPTIONS).count() == 0


def test_how_many_are_suggested_is_said_in_the_language(visit: Visit) -> None:
    page = visit.open("/?lang=en")
    written(page, "inno")
    heard = page.locator(".find [role=status]").filter(has_text="10 names suggested.")
    heard.first.wait_for(state="attached")
    assert barriers_in_both_looks(visit) == []


def test_names_are_text_whatever_they_hold(visit: Visit) -> None:
    told = {"label": MARKUP, "found": MARKUP, "language": "", "of_kind": MARKUP, "shape": ""}
    told |= {"address": "/about", "short": MARKUP}

    def answer(route: Route) -> None:
        route.fulfill(json={"suggestions": [told]})

    visit.page.route("**/suggest.json*", answer)
    option = written(visit.open("/"), "a").first
    assert option.inner_text() == f"{MARKUP} {MARKUP}"


def test_who_is_in_the_list_keeps_it_when_an_answer_comes_late(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = visit.open("/")
    name = written(page, "mam").first.locator(".suggest-name").inner_text()
    intercepted(page, "**/suggest.json*", hold)
    with page.expect_request("**/suggest.json*"):
        page.keyboard.insert_text("h")
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTIONS).first).to_be_focused()
    with page.expect_response("**/suggest.json*"):
        held[0].continue_()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_who_has_gone_on_gets_no_list(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = visit.open("/")
    intercepted(page, "**/suggest.json*", hold)
    page.locator(BOX).click()
    with page.expect_request("**/suggest.json*"):
        page.keyboard.insert_text("mam")
    page.keyboard.press("Tab")
    expect(page.locator(BOX)).not_to_be_focused()
    with page.expect_response("**/suggest.json*") as answer:
        held[0].continue_()
    answer.value.finished()
    page.evaluate(DRAWN)
    assert page.locator(OPTIONS).count() == 0


def test_without_suggestions_the_search_still_works(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        somebody_at(visit.page)
        visit.page.route("**/suggest.json*", lambda route: route.abort())
        page = visit.open("/")
        page.locator(BOX).fill("mamh")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=mamh")


# The network


def network(visit: Visit, address: str = "/network") -> Page:
    """Open a network; return the page once its canvas is there."""
    page = visit.open(address)
    page.locator(CANVAS).wait_for()
    return page


DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))"
"""Waits for the next picture, before which a canvas that changes draws itself."""


def seen(page: Page) -> tuple[float, float, float]:
    """Return how large the drawing is, and where its corner is on the canvas."""
    page.evaluate(DRAWN)
    scale, left, top = (page.locator(CANVAS).get_attribute("data-view") or "").split()
    return float(scale), float(left), float(top)


def data(page: Page) -> dict[str, Any]:
    address = page.locator("[data-network]").get_attribute("data-network")
    found: dict[str, Any] = json.loads(
        page.evaluate("address => fetch(address).then(it => it.text())", address)
    )
    return found


def on_screen(page: Page, thing: dict[str, Any]) -> dict[str, float]:
    scale, left, top = seen(page)
    return {"x": thing["x"] * scale + left, "y": thing["y"] * scale + top}


def test_buttons_magnify_and_show_everything_again(visit: Visit) -> None:
    page = network(visit)
    whole = seen(page)
    page.get_by_role("button", name="Agrandir").focus()
    page.keyboard.press("Enter")
    assert seen(page)[0] > whole[0]
    page.get_by_role("button", name="Réduire").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    assert seen(page)[0] < whole[0]
    page.get_by_role("button", name="Tout voir").focus()
    page.keyboard.press("Space")
    assert seen(page) == whole


def test_a_drawing_says_where_it_leaves_dashes_out(visit: Visit) -> None:
    def many(route: Route) -> None:
        told = route.fetch().json()
        told["links"] *= 1 + 1500 // len(told["links"])
        route.fulfill(json=told)

    visit.page.route("**/network.json*", many)
    page = network(visit)
    said = page.locator("[data-undashed]")
    expect(said).to_be_visible()
    for _ in range(6):
        page.get_by_role("button", name="Agrandir").click()
    expect(said).to_be_hidden()


def test_dragging_moves_and_the_wheel_magnifies_with_control_alone(visit: Visit) -> None:
    page = network(visit)
    page.locator(CANVAS).scroll_into_view_if_needed()
    box = page.locator(CANVAS).bounding_box()
    assert box
    scale, left, top = seen(page)
    middle = box["x"] + box["width"] / 2, box["y"] + 200
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 30, steps=4)
    page.mouse.up()
    assert seen(page) == pytest.approx((scale, left + 60, top + 30), abs=1)
    page.mouse.wheel(0, -200)
    assert seen(page)[0] == scale
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.wait_for_function(
        "scale => document.querySelector('canvas').dataset.view.split(' ')[0] > scale", arg=scale
    )
    page.keyboard.up("Control")


def test_a_click_shows_a_thing_and_leads_to_it(visit: Visit) -> None:
    page = network(visit, "/network?centre=organisation/legeni&steps=1")
    (here,) = [thing for thing in data(page)["things"] if thing["here"]]
    page.locator(CANVAS).click(position=on_screen(page, here))
    told = page.locator("[data-focus]")
    link = told.get_by_role("link")
    assert link.inner_text() == "Legeni"
    assert f"{here['degree']} choses liées" in told.inner_text()
    link.click()
    page.wait_for_url("**/page/organisation/legeni")


def test_the_name_that_has_the_focus_in_the_table_is_shown(visit: Visit) -> None:
    page = network(visit)
    names = page.locator(f"{TABLE} tbody a")
    page.locator(f"{TABLE} thead a").last.focus()
    page.keyboard.press("Tab")
    expect(names.first).to_be_focused()
    told = page.locator(".in-focus").get_by_role("link")
    assert told.inner_text() == names.first.inner_text()
    page.keyboard.press("Tab")
    assert told.inner_text() == names.nth(1).inner_text()
    assert barriers_in_both_looks(visit) == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_what_is_out_of_sight_comes_into_it_gliding_where_that_is_wanted(
    browser: Browser, server: Server, motion: Any
) -> None:
    with visiting(browser, server.address, media={"reduced_motion": motion}) as visit:
        somebody_at(visit.page)
        page = network(visit)
        for _ in range(5):
            page.get_by_role("button", name="Agrandir").click()
        things = data(page)["things"]
        far = min(range(len(things)), key=lambda n: things[n]["x"])
        moved = page.evaluate(
            """async number => {
              // Time goes by pictures, however long the machine takes for one.
              let now = performance.now();
              performance.now = () => now;
              window.requestAnimationFrame = (draw) => setTimeout(() => draw((now += 16)));
              const canvas = document.querySelector("canvas");
              const seen = new Set([canvas.dataset.view]);
              document.querySelectorAll("[data-network-table] tbody th a")[number].focus();
              for (let frames = 0; frames < 30; frames++) {
                await new Promise(requestAnimationFrame);
                seen.add(canvas.dataset.view);
              }
              return seen.size - 1;
            }""",
            far,
        )
        assert moved == 1 if motion == "reduce" else moved > 2
        at, size = on_screen(page, things[far]), page.locator(CANVAS).bounding_box()
        assert size and 0 < at["x"] < size["width"] and 0 < at["y"] < size["height"]


def test_the_drawing_is_saved_as_a_picture_and_as_svg(visit: Visit, tmp_path: Path) -> None:
    page = network(visit, "/network?centre=organisation/legeni")
    shown = data(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    picture = Path(saved.value.path()).read_bytes()
    assert saved.value.suggested_filename == "rallynov.png"
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert (wide, high) == (2 * shown["width"], 2 * shown["height"])
    with page.expect_download() as saved:
        page.locator("summary", has_text="Exporter").click()
        page.get_by_role("link", name="SVG").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"<svg ")


def test_the_servers_drawing_stays_where_the_data_cannot_be_had(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        somebody_at(visit.page)
        visit.page.route("**/network.json*", lambda route: route.fulfill(status=503))
        page = visit.open("/network")
        page.wait_for_load_state("networkidle")
        assert page.locator("svg.network").is_visible()
        assert page.locator(CANVAS).count() == 0


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, False), (NARROW, True)])
def test_the_drawing_begins_on_the_first_screen(
    browser: Browser, server: Server, width: int, scripts: bool
) -> None:
    size: ViewportSize = {"width": width, "height": 900}
    with visiting(browser, server.address, viewport=size, java_script_enabled=scripts) as visit:
        somebody_at(visit.page)
        page = visit.open("/network")
        drawn = page.locator(CANVAS if scripts else "svg.network")
        drawn.wait_for()
        box = drawn.bounding_box()
        assert box and box["y"] < 900 * 0.8


# The workbench

EDITOR = ".cm-content"
FAULT = "#query-fault"


def workbench(visit: Visit, query: str = "", address: str = "/sparql") -> Page:
    """Open the workbench; return the page once a query, if any, is written in the editor."""
    page = visit.open(address)
    page.locator(EDITOR).click()
    if query:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(query)
    return page


def test_what_was_written_before_the_editor_came_stays(browser: Browser, server: Server) -> None:
    written_as_it_comes = """new MutationObserver((_, observer) => {
      const query = document.querySelector("#query");
      if (query) { query.value = "ASK {}"; observer.disconnect(); }
    }).observe(document, { childList: true, subtree: true })"""
    with visiting(browser, server.address) as visit:
        visit.page.add_init_script(written_as_it_comes)
        page = visit.open("/sparql?query=SELECT+*+{?s+a+?c}+LIMIT+9")
        assert page.locator("main td").count() >= 18, "the server's own answer"
        page.keyboard.press("Shift")
        expect(page.locator(EDITOR)).to_have_text("ASK {}")
        page.locator(EDITOR).press("Control+Enter")
        expect(page.locator(STATUS)).to_contain_text("Oui")
        assert visit.complaints == []


def test_a_mistake_is_told_in_words_and_shown_where_it_stands(visit: Visit) -> None:
    page = workbench(visit, "SELECT ?s {\n ?s <urn:p> '\U0001f600' ; ex:q ?o }")
    told, editor = page.locator(FAULT), page.locator(EDITOR)
    expect(told).to_contain_text("Le préfixe ex: n’est pas déclaré. Ligne 2, colonne 19.")
    assert barriers_in_both_looks(visit) == []
    assert page.locator(".in-fault").inner_text() == "ex:q"
    assert editor.get_attribute("aria-invalid") == "true"
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(told.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.insert_text("rdf")
    expect(told).to_contain_text("Le préfixe rdf: n’est pas déclaré.")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?s WHERE { ?s ?p }")
    expect(told).to_contain_text("avant la fin")
    assert page.locator(".in-fault").inner_text() == "}"
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("ASK { SERVICE <urn:x> { ?s ?p ?o } }")
    expect(told).to_contain_text("Ligne 1, colonne 7.")
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK {}")
    expect(told).to_be_hidden()
    assert editor.get_attribute("aria-invalid") is None
    page.keyboard.press("Control+/")
    assert page.locator("#query").input_value() == "# ASK {}"


def test_a_mistake_waits_until_its_word_is_finished(visit: Visit) -> None:
    visit.page.clock.install()
    page = workbench(visit, "ASK { ?s rdfs:label")
    checked: list[str] = []
    page.on("request", lambda it: checked.append(it.url) if it.url.endswith("/check") else None)
    page.clock.run_for(1000)
    assert checked == [] and page.locator(FAULT).is_hidden()
    page.keyboard.type(" ")
    page.clock.run_for(1000)
    expect(page.locator(FAULT)).to_contain_text("avant la fin")


PROPOSED = "[role=option]"
"""A term that the editor proposes."""
NOT_OLD = ".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)"
"""What is proposed for what is written now, not for what was before."""


def proposed(page: Page, text: str) -> list[str]:
    """Write into the editor at one go; return the terms that it then proposes."""
    page.keyboard.insert_text(text)
    page.locator(f"{NOT_OLD} {PROPOSED} .proposed").first.wait_for()
    page.wait_for_timeout(150)  # what opens under the hands of somebody who writes takes no key
    return page.locator(f"{PROPOSED} .cm-completionLabel").all_inner_texts()


def test_terms_that_fit_the_place_are_proposed_and_their_prefixes_declared(visit: Visit) -> None:
    page = workbench(visit, "SELECT * WHERE { ")
    first = page.locator(PROPOSED).first
    assert proposed(page, "?s a etape")[0] == "rn:Stage"
    assert "étape · " in first.inner_text() and "usages" in first.inner_text()
    page.keyboard.press("Enter")
    assert {*proposed(page, " ; date")} == {"schema:startDate", "rn:dateAsPrinted", "rn:edtfDate"}
    page.keyboard.press("ArrowDown")
    expect(page.locator(PROPOSED).nth(1)).to_have_attribute("aria-selected", "true")
    assert visit.barriers() == []
    page.keyboard.press("Enter")
    assert "<https://w3id.org/rallynov/id/organisation/legeni>" in proposed(
        page, " ?d . ?o ?p legen"
    )
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    page.keyboard.type(" ; org:x skos:")
    page.keyboard.press("Control+Home")
    assert proposed(page, "PREFIX fo") == ["foaf:"]
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value(re.compile("^PREFIX foaf: <http[^>]+>PREFIX"))
    for _ in range(2):
        page.keyboard.press("Control+z")
    written = page.locator("#query").input_value()
    declared = [line for line in written.splitlines() if line.startswith("PREFIX")]
    assert sorted(line.split()[1] for line in declared) == ["org:", "rn:", "skos:"]
    assert written.endswith("?s a rn:Stage ; rn:dateAsPrinted ?d . ?o ?p legen ; org:x skos:")


def test_the_editor_works_where_nothing_else_answers(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        somebody_at(visit.page)
        for address in ("**/terms.json*", "**/sparql/check*", "**/suggest.json*"):
            visit.page.route(address, lambda route: route.abort())
        page = workbench(visit)
        page.keyboard.press("Control+a")
        page.keyboard.type("ASK { ?s ?p legeni: }")
        page.wait_for_timeout(600)
        assert page.locator(FAULT).is_hidden()
        assert page.locator("#query").input_value() == "ASK { ?s ?p legeni: }"


# Answers

STATUS = "[data-part=status]"
ROWS = "[data-part=table] tbody tr:not(.spacer)"
STAGES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
SELECT ?s ?o { ?s a rn:Stage ; schema:startDate ?o }
"""
MANY = "SELECT ?s ?o { ?s ?p ?q . ?o a <https://w3id.org/rallynov/ontology#Stage> } LIMIT 20000"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


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

    if visit.page.url == "about:blank":
        visit.page.route("**/sparql", answering)
    else:
        intercepted(visit.page, "**/sparql", answering)


def test_an_answer_is_a_table_of_names_sorted_and_opened_by_keyboard(visit: Visit) -> None:
    page = answered(visit, STAGES)
    told = page.locator(STATUS).inner_text()
    assert told.startswith("6 lignes · ") and " s · version " in told
    assert page.locator("[data-spoken]").inner_text() == told
    assert page.locator("[data-answer] table").get_attribute("aria-rowcount") == "7"
    by_name = page.get_by_role("button", name="s", exact=True)
    by_name.focus()
    page.keyboard.press("Enter")
    things = page.locator(f"{ROWS} td:nth-child(2)")
    heading = page.locator("[aria-sort]")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    names = things.all_inner_texts()
    assert names == sorted(names, key=str.casefold) and "Étape de Belfort" in names
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert things.all_inner_texts() == names[::-1]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    row = page.locator(f"{ROWS} button").first
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#row-title")).to_be_focused()
    opened = page.locator("[data-part=row]").inner_text()
    assert names[-1] in opened and "https://w3id.org/rallynov/id/stage/" in opened
    assert "http://www.w3.org/2001/XMLSchema#date" in opened
    page.get_by_role("button", name="Fermer", exact=True).click()
    expect(row).to_be_focused()
    page.get_by_label("Montrer les adresses").check()
    assert all(text.startswith("https://") for text in things.all_inner_texts())
    assert page.locator(f"{ROWS} a").count() == 0


def test_of_orders_asked_for_in_turn_the_last_is_shown(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route("**/names.json*", hold)
    page = answered(visit, STAGES)
    page.get_by_role("button", name="s", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    for route in held:
        route.continue_()
    expect(page.locator(ROWS).filter(has_text="Étape de Belfort")).to_have_count(1)
    expect(page.locator("[aria-sort]")).to_have_count(0)
    expect(page.locator(f"{ROWS} td:first-child")).to_have_text(list("123456"))


def test_words_graphs_and_refusals_are_answers_too(visit: Visit) -> None:
    page = answered(visit, "ASK { ?s ?p ?o }", "/sparql?lang=en")
    assert page.locator(STATUS).inner_text().startswith("Yes. · ")
    page = answered(visit, "CONSTRUCT { <urn:a> <urn:b> '<b>' } {}")
    assert page.locator(STATUS).inner_text().startswith("1 triplet · ")
    expect(page.locator(f"{ROWS} td")).to_have_text(["1", "a", "b", "<b>"])
    page.locator("summary", has_text="La réponse telle quelle").click()
    raw = page.locator("[data-part=rawText]")
    expect(raw).to_contain_text('<urn:a> <urn:b> "<b>" .')
    page.get_by_label("Format").select_option("N-Triples")
    page.get_by_label("Format").select_option("JSON-LD")
    expect(raw).to_contain_text('"@id":"urn:a"')
    assert (
        page.get_by_role("link", name="TriG").count() + page.locator("[data-part=files] a").count()
    )
    workbench(visit, "SELECT ?s { ?s ex:p ?o }")
    page.keyboard.press("Control+Enter")
    fault = page.locator("[data-part=fault]")
    expect(fault).to_contain_text("Le préfixe ex: n’est pas déclaré.")
    expect(fault.locator("[lang=en]")).to_be_hidden()
    instead(visit, status=504)
    page.keyboard.press("Control+Enter")
    expect(fault).to_contain_text("La requête prend trop de temps.")
    intercepted(page, "**/sparql", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(fault).to_contain_text("Le service ne répond pas.")
    assert visit.barriers() == []
    visit.complaints[:] = [it for it in visit.complaints if "Failed to load resource" not in it]


def test_a_query_that_runs_is_stopped(visit: Visit) -> None:
    page = workbench(visit, HEAVY)
    page.keyboard.press("Control+Enter")
    stop = page.get_by_role("button", name="Arrêter")
    stop.focus()
    with page.expect_event("requestfailed") as left:
        page.keyboard.press("Enter")
    assert left.value.url == f"{visit.site}/sparql"
    expect(page.locator(STATUS)).to_have_text("La requête est arrêtée.")
    assert stop.is_hidden()
    expect(page.locator("#answer-title")).to_be_focused()


def test_of_many_rows_only_those_in_sight_are_drawn(visit: Visit) -> None:
    page = answered(visit, MANY, "/sparql?lang=en")
    assert page.locator(STATUS).inner_text().startswith("20,000 rows · ")
    assert page.locator("[data-answer] table").get_attribute("aria-rowcount") == "20001"
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
    expect(page.locator("[data-part=shown]")).to_contain_text(
        re.compile(r"^[1-9][\d,]+ rows of 20,000")
    )
    expect(page.locator(ROWS).nth(20)).to_contain_text("Belfort")
    page.get_by_role("button", name="Show all rows").click()
    expect(page.locator("[data-part=shown]")).to_be_empty()
    for summary in ("Narrow by values", "Columns"):
        page.locator("summary", has_text=summary).click()
    expect(page.locator(".value-lists fieldset")).to_have_count(2)
    seen_as(page, "Chart")
    page.locator("[data-chart=place] svg").wait_for()
    visit.look(NARROW, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()


def test_rows_are_narrowed_arranged_and_taken_elsewhere_by_keyboard(
    browser: Browser, server: Server
) -> None:
    with visiting(
        browser, server.address, permissions=["clipboard-read", "clipboard-write"]
    ) as visit:
        somebody_at(visit.page)
        page = answered(visit, STAGES.replace("?s ?o {", "?s ?o ?none {"))
        rows, shown = page.locator(ROWS), page.locator("[data-part=shown]")
        column = page.locator(f"{ROWS} td:nth-child(2)")
        column.get_by_text("Étape de Dole").wait_for()
        having = page.get_by_label("Lignes contenant")
        having.focus()
        page.keyboard.type("ETAPE  d\u2019ici")
        expect(shown).to_have_text("0 lignes montrées sur 6.")
        page.keyboard.press("Control+a")
        page.keyboard.type("dole ETAPE")
        expect(shown).to_have_text("1 ligne montrée sur 6.")
        expect(rows).to_have_count(1)
        page.get_by_role("button", name="Montrer toutes les lignes").press("Enter")
        expect(rows).to_have_count(6)
        expect(having).to_be_focused()

        page.locator("summary", has_text="Affiner par valeurs").press("Enter")
        lists = page.locator(".value-lists fieldset")
        expect(lists).to_have_count(3)
        expect(lists.nth(2)).to_contain_text("sans valeur 6")
        expect(lists.first).to_contain_text("Étape de Dole 1")
        for name in ("Étape de Dole", "Étape de Vesoul"):
            lists.first.get_by_label(name).press("Space")
            expect(lists.first.get_by_label(name)).to_be_focused()
        expect(shown).to_have_text("2 lignes montrées sur 6.")
        expect(lists.nth(1).locator("label")).to_have_count(2)
        names = column.all_inner_texts()

        page.locator("summary", has_text="Colonnes").press("Enter")
        page.get_by_role("button", name="Avancer la colonne o").press("Enter")
        expect(page.get_by_role("button", name="Reculer la colonne o")).to_be_focused()
        page.get_by_role("checkbox", name="none").press("Space")
        headings = page.locator("[data-part=table] th")
        expect(headings).to_have_text(["Ligne", "o", "s"])
        headings.nth(2).drag_to(headings.nth(1))
        expect(headings).to_have_text(["Ligne", "s", "o"])
        assert visit.barriers() == []

        page.get_by_role("button", name="Copier en TSV").press("Enter")
        expect(page.locator("[data-spoken]")).to_have_text("2 lignes copiées en TSV.")
        copied = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert [line.split("\t")[0] for line in copied] == ["s", *names]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", copied[1].split("\t")[1])
        page.get_by_role("button", name="Copier en Markdown").press("Enter")
        expect(page.locator("[data-spoken]")).to_have_text("2 lignes copiées en Markdown.")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Pour un tableur").press("Enter")
        assert Path(saved.value.path()).read_text("utf-8-sig").splitlines() == [
            line.replace("\t", ",") for line in copied
        ]

        page.get_by_role("button", name="Écrire ce choix").press("Enter")
        expect(page.locator(EDITOR)).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator(STATUS)).to_contain_text("2 lignes")
        expect(column).to_have_text(names)
        page.keyboard.press("Control+z")
        assert page.locator("#query").input_value() == STAGES.replace("?s ?o {", "?s ?o ?none {")
        assert visit.complaints == []


PLACES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
"""
CARRIED = PLACES + "CONSTRUCT { ?s rn:carriedBy ?o } { ?s a rn:Stage ; rn:carriedBy ?o }"
STRANGE = """\
SELECT ?text ?other ?n { VALUES (?text ?other ?n) { ("<img src=x>\u202egnp & co" "=a&b" 2) } }
"""


def seen_as(page: Page, way: str) -> None:
    """See the answer in another of its ways."""
    page.get_by_role("tab", name=way).click()


def values(choice: Locator) -> list[str]:
    """Return the values of the options of a list."""
    found: list[str] = choice.locator("option").evaluate_all("all => all.map(it => it.value)")
    return found


def written_in(svg: bytes) -> set[str]:
    """Return what is written in a drawing."""
    return {it.text or "" for it in ElementTree.fromstring(svg).iter() if it.tag.endswith("}text")}


def test_rows_are_drawn_when_that_is_asked_for(visit: Visit) -> None:
    page = answered(visit, STAGES)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def downloaded(button: str) -> bytes:
        with page.expect_download() as saved:
            page.locator(f"[data-chart={button}]").press("Enter")
        return Path(saved.value.path()).read_bytes()

    page.get_by_role("tab", name="Table").press("ArrowRight")
    expect(page.get_by_role("tab", name="Graphique")).to_be_focused()
    drawing = page.locator("[data-chart=place] svg")
    expect(drawing).to_have_attribute("role", "img")
    assert sum("/static/built/chunk-" in url for url in asked) > 0
    kind = page.get_by_label("Dessin", exact=True)
    assert kind.locator("option").first.inner_text() == "Dans le temps"
    expect(drawing).to_contain_text("8 avril 2013")
    assert re.search(r"(avr\.|mai|juin|juil\.) 2013", drawing.text_content() or "")
    page.locator("summary", has_text="Les valeurs dessinées").press("Enter")
    told = page.locator("[data-chart=table] tbody tr")
    expect(told).to_have_count(6)
    assert {"time", "map"} & set(values(kind)) == {"time"}, "a map has a tab of its own"
    seen_as(page, "Carte")
    expect(drawing).to_contain_text("20 km")
    expect(told.filter(has_text="Étape de Dole")).to_contain_text("47,09225")
    assert downloaded("png").startswith(b"\x89PNG")
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
    page.locator(CANVAS).wait_for()
    page.locator("summary", has_text="Les valeurs dessinées").click()
    page.locator("[data-chart=table] th a").first.focus()
    expect(page.locator(".in-focus")).to_contain_text("liée")
    written = written_in(downloaded("svg"))
    assert "Mutualité Française Franc…" in written
    assert any(text.startswith("Source : Rally’nov, version ") for text in written)
    assert visit.barriers() == []

    page = answered(visit, STRANGE)
    seen_as(page, "Graphique")
    expect(drawing).to_contain_text("<img src=x> gnp & co")
    assert page.locator("[data-part=drawing]").locator("img, style, [style]").count() == 0
    strange = {"<img src=x> gnp & co", "=a&b"}
    assert strange <= written_in(downloaded("svg"))
    seen_as(page, "Réseau")
    page.locator(CANVAS).wait_for()
    assert strange <= written_in(downloaded("svg"))


BY_THEME = """# Innovations par thème
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rn: <https://w3id.org/rallynov/ontology#>
SELECT ?theme (COUNT(DISTINCT ?innovation) AS ?innovations) {
  ?innovation a rn:Innovation ; dcterms:subject ?theme
} GROUP BY ?theme ORDER BY DESC(?innovations) ?theme"""


def test_a_bar_chart_is_drawn_titled_saved_and_cited_on_one_screen(visit: Visit) -> None:
    page = answered(visit, BY_THEME)
    # Questions, editor and answer are on the first screen, side by side.
    panes = [page.locator(f".bench-{name}").bounding_box() for name in PANES]
    assert all(pane and pane["y"] < 300 and pane["y"] + pane["height"] <= 900 for pane in panes)
    left = [pane["x"] for pane in panes if pane]
    assert left == sorted(left)
    starts = page.locator(".brand, .crumbs, .section-tabs, .bench-questions").evaluate_all(
        "all => all.map((element) => element.getBoundingClientRect().left)"
    )
    assert len(starts) == 4 and len({*starts}) == 1, "all begin at one line"
    for by_keyboard in (True, False):
        chart_saved_and_cited(Reader(page, "fr", by_keyboard))
        page.locator("summary", has_text="Citer").click()
        seen_as(page, "Tableau")
    seen_as(page, "Graphique")
    drawing = page.locator("[data-chart=place] svg")
    expect(drawing).to_contain_text("Articulation des temps de vie")
    assert drawing.locator("[aria-hidden]").count() > 0
    with page.expect_download() as saved:
        page.locator("[data-chart=svg]").press("Enter")
    written = written_in(Path(saved.value.path()).read_bytes())
    assert {"Innovations par thème", "Coopération", "2", "1", "0"} <= written
    assert any(text.startswith("Source : Rally’nov, version ") for text in written)
    assert not [text for text in written if re.fullmatch(r"\d,\d", text)]
    page.get_by_label("Titre", exact=True).first.fill("Thèmes & <b>innovations</b>")
    page.get_by_label("Titre", exact=True).first.press("Tab")
    expect(drawing).to_contain_text("Thèmes & <b>innovations</b>")
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
    order = [
        page.locator(f".bench-{name}").bounding_box() for name in ("editor", "answer", "questions")
    ]
    tops = [box["y"] for box in order if box]
    assert tops == sorted(tops), "on a telephone: editor, answer, questions"


PANES = ("questions", "editor", "answer")


def test_an_answer_without_rows_says_so_in_each_tab(visit: Visit) -> None:
    page = answered(visit, "ASK { ?s ?p ?o }", "/sparql?lang=en")
    for way, said in (
        ("Chart", "Nothing to show here"),
        ("Provenance", "No provenance"),
        ("Table", "No table"),
    ):
        seen_as(page, way)
        expect(page.get_by_role("tabpanel")).to_contain_text(said)


def test_an_address_holds_what_is_drawn_of_which_columns(visit: Visit) -> None:
    query = "SELECT ?s ?a ?b { ?s a ?c BIND (STRLEN(STR(?s)) AS ?a) BIND (?a * 2 AS ?b) } LIMIT 9"
    page = answered(visit, query, "/sparql?lang=en")
    seen_as(page, "Chart")
    kind = page.get_by_label("Drawing", exact=True)
    kind.select_option("bars")
    expect(page).to_have_url(re.compile(r"&view\.drawing=bars$"))
    long = page.get_by_label("Length")
    assert long.input_value() == "=a"
    long.select_option("=b")
    expect(page).to_have_url(re.compile(r"&view\.drawing=bars\.s\.b$"))
    address = page.url
    for text, drawn, shown in (("bars.s.b", "bars", "=b"), ("bars.nope.s..x", "bars", "=a")):
        page.goto("about:blank")
        page.goto(address.replace("bars.s.b", text))
        page.locator("[data-chart=place] svg").wait_for()
        assert (kind.input_value(), long.input_value()) == (drawn, shown)


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
    note = page.locator("[data-chart=note]")
    expect(note).to_have_text(
        "Places were looked up for 2,000 of 2,100 things: the rows of the others are not drawn."
    )


def test_whatever_an_answer_holds_is_text(visit: Visit) -> None:
    script, back = "javascript:alert(1)", "\u202etxt.exe"
    values = {
        "a": {"type": "uri", "value": script},
        "b": {"type": "uri", "value": "urn:named"},
        "c": {"type": "literal", "value": MARKUP, "xml:lang": "fr"},
        "d": {"type": "literal", "value": back},
        "e": {"type": "literal", "value": "x" * 1_000_000},
        "f": {"type": "literal", "value": "12345", "datatype": XSD_INTEGER},
        "g": {"type": "literal", "value": script, "datatype": XSD_INTEGER[:-7] + "anyURI"},
        "<img src=x>": {"type": "bnode", "value": "b0"},
    }
    found = {"head": {"vars": [*values]}, "results": {"bindings": [values]}}
    name = {"label": MARKUP, "language": "", "address": script, "external": True, "shape": ""}
    instead(visit, json=found)
    named = {"names": {"urn:named": name, script: {**name, "address": "//evil.example"}}}
    visit.page.route("**/names.json*", lambda route: route.fulfill(json=named))
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
    expect(page.locator("[data-part=writeNote]")).to_contain_text("ne s’écrit pas dans la requête")
    assert page.locator("[data-part=writeBack]").is_hidden()
    page.locator(f"{ROWS} button").click()
    assert page.locator("[data-part=row] img, [data-part=row] a").count() == 0
    assert script in page.locator("[data-part=row]").inner_text()


def test_an_address_holds_the_query_readable_or_packed(visit: Visit) -> None:
    page = answered(visit, "ASK { ?s a <urn:short> }")
    asked = r"/sparql\?release=[0-9a-f]{8}&query=ASK\+%7B\+%3Fs\+a\+%3Curn%3Ashort%3E\+%7D"
    expect(page).to_have_url(re.compile(asked + "$"))
    long = "ASK {} # " + "très long " * 400
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(long)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?release=*#q=*")
    assert len(page.url) < 200
    page.go_back()
    field = page.locator("#query")
    expect(field).to_have_value("ASK { ?s a <urn:short> }")
    page.go_forward()
    expect(field).to_have_value(long)
    packed = page.url
    page.goto("about:blank")
    page.goto(packed)
    page.locator("[data-part=told]:not([hidden])").wait_for()
    assert field.input_value() == long
    for damaged in (packed[:-9], packed + "*", packed[:-20] + "AAAA" + packed[-16:]):
        page.goto("about:blank")
        page.goto(damaged)
        expect(page.locator(STATUS)).to_contain_text("ne contient pas de requête entière")
        assert field.input_value() == long


def test_an_address_holds_the_view_of_the_answer(visit: Visit) -> None:
    page = answered(visit, STAGES)
    for _ in range(2):
        page.locator("th .sorts", has_text="o").click()
    page.get_by_label("Montrer les adresses").check()
    page.get_by_label("Lignes contenant").fill("belfort")
    expect(page.locator(ROWS)).to_have_count(1)
    page.get_by_role("button", name="Montrer toutes").click()
    page.locator("summary", has_text="Colonnes").click()
    page.get_by_label("s", exact=True).uncheck()
    view = "view.sort=-o&view.addresses=on&view.column.s=off"
    expect(page).to_have_url(re.compile(f"&{re.escape(view)}$"))
    shown = page.locator(ROWS).all_text_contents()
    address = f"{visit.site}/sparql?query={quote(STAGES)}&"
    page.goto("about:blank")
    page.goto(address + view)
    heading = page.locator("[aria-sort]")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(page.locator(ROWS)).to_have_text(shown)
    page.locator(EDITOR).click()
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile("view"))
    page.goto("about:blank")
    page.goto(f"{address}view.sort=-no&view.<b>=x&view.addresses=9&view.column.s=")
    expect(page.locator(STATUS)).to_contain_text("6 lignes")
    assert heading.count() == 0


def test_an_address_holds_what_is_chosen_and_the_order_of_columns(visit: Visit) -> None:
    page = answered(visit, STAGES)
    page.locator("summary", has_text="Affiner par valeurs").click()
    page.get_by_label(re.compile("Étape de Belfort")).check()
    page.get_by_label(re.compile("Étape de Dole")).check()
    page.get_by_label(re.compile("5 septembre 2013")).check()
    page.locator("summary", has_text="Colonnes").click()
    page.get_by_label("Avancer la colonne o").press("Enter")
    shown = page.locator("[data-part=shown]")
    expect(page.locator(ROWS)).to_have_count(1)
    view = "view.order=o.s&view.only.s=belfort*dole&view.only.o=2013-09-05"
    expect(page).to_have_url(re.compile(f"&{re.escape(view)}$"))
    page.goto("about:blank")
    address = f"{visit.site}/sparql?query={quote(STAGES)}&"
    page.goto(address + view)
    expect(shown).to_have_text("1 ligne montrée sur 6.")
    assert page.locator("th .sorts").all_text_contents() == ["o", "s"]
    expect(page.locator(".value-lists input:checked")).to_have_count(3)
    page.get_by_role("button", name="Montrer toutes").click()
    expect(page).to_have_url(re.compile(r"&view\.order=o\.s$"))
    page.goto("about:blank")
    damaged = "view.order=nope..s&view.only.s=*nope*<&view.only.o=&view.only.=x&view.only.x=1"
    page.goto(f"{address}{quote(damaged, '=&')}")
    expect(page.locator(STATUS)).to_contain_text("6 lignes")
    assert page.locator("th .sorts").all_text_contents() == ["s", "o"]
    assert shown.inner_text() == ""
    having, cut = page.get_by_label("Lignes contenant"), page.locator("[data-view-cut]")
    expect(cut).to_be_hidden()
    having.fill("é" * 200)
    having.press("Enter")
    expect(cut).to_be_visible()
    expect(page).not_to_have_url(re.compile("view"))
    having.fill("dole")
    having.press("Enter")
    expect(cut).to_be_hidden()
    expect(page).to_have_url(re.compile(r"&view\.having=dole$"))


def test_what_an_address_unfolds_to_has_an_end(visit: Visit) -> None:
    packed = zlib.compress(b" " * 50_000_000, wbits=-15)
    page = visit.open("/sparql#q=" + base64.urlsafe_b64encode(packed).decode().rstrip("="))
    expect(page.locator(STATUS)).to_contain_text("ne contient pas de requête entière")


def test_an_answer_is_cited_under_a_title_and_verified(
    visit: Visit, tmp_path: Path, rallynov: Callable[..., Any], server: Server
) -> None:
    page = answered(visit, f"# Étapes\n{STAGES}", "/sparql?lang=en")
    page.locator("summary", has_text="Cite").focus()
    page.keyboard.press("Enter")
    title, text = page.get_by_label("Title of the query"), page.locator("[data-cite=txt]")
    expect(text).to_contain_text("SHA-256 of the canonical answer: ")
    assert title.input_value() == "Étapes"
    title.fill("<b>All</b>")
    title.press("Enter")
    expect(text).to_contain_text("“<b>All</b>”")
    assert "urldate" in page.locator("[data-cite=bib]").inner_text()
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
    visit.complaints[:] = [it for it in visit.complaints if "Failed to load resource" not in it]


def test_a_title_that_is_changed_while_a_citation_is_made_stays(visit: Visit) -> None:
    page = answered(visit, STAGES, "/sparql?lang=en")
    held: list[Route] = []
    intercepted(page, "**/sparql/cite*", lambda it: it.continue_() if held else held.append(it))
    page.locator("summary", has_text="Cite").press("Enter")
    title, text = page.get_by_label("Title of the query"), page.locator("[data-cite=txt]")
    title.fill("Mine")
    title.press("Enter")
    expect(text).to_contain_text("“Mine”")
    with page.expect_response("**/sparql/cite*") as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect(title).to_have_value("Mine")
    expect(text).to_contain_text("“Mine”")


# Ready-made questions


def test_a_ready_made_question_is_found_and_made_ones_own_by_keyboard(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda it: asked.append(it.url))
    page = workbench(visit, "ASK {}", "/sparql?lang=en")
    opens = page.get_by_role("button", name="Ready-made questions")
    opens.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Ready-made questions")
    questions, count = dialog.locator("li button"), dialog.get_by_role("status")
    expect(dialog.get_by_label("Words of the question")).to_be_focused()
    expect(questions).not_to_have_count(0)
    every = questions.count()
    page.keyboard.type("Quelles INNÔVATIONS abordent precis")  # the words of the other language
    expect(questions).to_have_text(["Which innovations address this theme, or a narrower one?"])
    expect(count).to_have_text("1 question")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    dialog.get_by_label("Subject").select_option(label="Themes")
    dialog.get_by_label("Asked with").select_option(label="Theme")
    expect(count).to_have_text("2 questions")
    dialog.get_by_label("Subject").select_option(index=0)
    dialog.get_by_label("Asked with").select_option(index=0)
    expect(questions).to_have_count(every)
    assert visit.barriers() == []
    questions.filter(has_text="Which innovations address this theme").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", level=3)).to_be_focused()
    dialog.get_by_label("Down to which certainty?").select_option("explicit")
    theme = dialog.get_by_role("combobox", name="Theme")
    theme.fill("xyzz")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Theme: Nothing bears this name.")
    theme.fill("")
    options = written(page, "gouvernan", "#ready-of-theme")
    assert all("theme" in text for text in options.all_inner_texts())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(theme).to_have_value("theme/gouvernance")
    visit.look(NARROW, "dark")
    assert visit.barriers() == [] and not visit.overflows()
    dialog.get_by_role("button", name="Make it mine").focus()
    page.keyboard.press("Enter")
    expect(page.locator(EDITOR)).to_be_focused()
    query = page.locator("#query").input_value()
    assert query.startswith("# Which innovations address this theme, or a narrower one?\n")
    assert "VALUES ?certainty { rn:explicit }" in query
    assert "VALUES ?theme { <https://w3id.org/rallynov/id/theme/gouvernance> }" in query
    expect(page.locator(TABS)).to_have_text(["ASK {}", "Which innovations address this theme, o…"])
    opens.focus()
    page.keyboard.press("Enter")
    questions.first.focus()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="All questions").press("Enter")
    expect(questions.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(opens).to_be_focused()
    assert sum("/questions.json" in address for address in asked) == 1
    visit.complaints[:] = [it for it in visit.complaints if "status of 400" not in it]


# The queries of this browser

TABS = ".tabs button"


def in_new_tab(page: Page, query: str) -> None:
    page.get_by_role("button", name="Nouvelle requête").click()
    page.locator(EDITOR).click()
    page.keyboard.insert_text(query)


def test_queries_are_kept_in_tabs_closed_and_had_back(visit: Visit) -> None:
    page = answered(visit, "# Une\nASK { ?s a <urn:one> }")
    in_new_tab(page, "PREFIX : <urn:> ASK { ?s a :three }")
    expect(page.locator(TABS).last).to_have_text("ASK { ?s a :three }")
    page.get_by_role("button", name="Fermer celle-ci").click()
    in_new_tab(page, "ASK { ?s a <urn:two> }")
    tabs, field = page.locator(TABS), page.locator("#query")
    expect(tabs).to_have_text(["Une", "ASK { ?s a <urn:two> }"])
    page.goto(f"{visit.site}/sparql")
    page.locator(EDITOR).wait_for()
    expect(field).to_have_value("ASK { ?s a <urn:two> }")
    tabs.first.focus()
    page.keyboard.press("Enter")
    expect(tabs.first).to_have_attribute("aria-current", "true")
    expect(tabs.first).to_be_focused()
    assert "urn:one" in field.input_value()
    page.get_by_role("button", name="Fermer celle-ci").click()
    expect(tabs).to_have_text(["ASK { ?s a <urn:two> }"])
    page.get_by_role("button", name="Rouvrir la dernière fermée").click()
    assert "urn:one" in field.input_value()
    page.locator(EDITOR).click()
    page.keyboard.press("Control+z")
    assert "urn:one" in field.input_value()
    page.locator("summary", has_text="Requêtes exécutées").click()
    run = page.locator("[data-tab-part=run] button")
    expect(run).to_have_text(["Une"])
    assert visit.barriers() == []
    page.get_by_role("button", name="Les oublier").click()
    expect(run).to_have_count(0)
    other = somebody_at(page.context.new_page())
    other.goto(f"{visit.site}/sparql?query=ASK{{}}")
    other.locator(EDITOR).wait_for()
    expect(tabs).to_have_text(["ASK { ?s a <urn:two> }", "Une", "ASK{}"])
    assert "urn:one" in field.input_value()
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("#")
    expect(other.locator(TABS)).to_have_text(["ASK { ?s a <urn:two> }", "Une", "ASK{}"])
    expect(other.locator("#query")).to_have_value("ASK{}")
    other.close()
    reopens = page.get_by_role("button", name="Rouvrir la dernière fermée")
    expect(reopens).to_be_hidden()
    page.get_by_role("button", name="Nouvelle requête").evaluate(
        "it => { for (let n = 0; n < 28; n += 1) it.click() }"
    )
    expect(tabs).to_have_count(30)
    reopens.click()
    expect(field).to_have_value("ASK { ?s a <urn:two> }")


def test_what_links_open_takes_one_tab_until_it_is_changed_or_run(visit: Visit) -> None:
    page, tabs = visit.page, visit.page.locator(TABS)
    for name in ("one", "two", "three"):
        visit.open(f"/sparql?query=ASK{{<urn:{name}>?p+?o}}")
        page.locator(STATUS).wait_for()
    expect(tabs).to_have_text(["ASK{<urn:three>?p ?o}"])
    page.locator("[data-question]").first.click()
    expect(page.locator("#query")).to_have_value(re.compile("SELECT"))
    expect(tabs).to_have_count(1)
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("#")
    page.locator("[data-question]").last.click()
    expect(tabs).to_have_count(2)
    visit.open("/sparql?query=ASK{<urn:four>?p+?o}")
    expect(tabs).to_have_count(2)
    expect(tabs.last).to_have_text("ASK{<urn:four>?p ?o}")


def test_the_dial_holds_for_ready_questions_and_changes_no_query(visit: Visit) -> None:
    page = visit.open("/sparql?query=ASK{}&certainty=explicit")
    expect(page.locator("#query")).to_have_value("ASK{}")
    page.locator("#question-filter").fill("innovations abordent theme")
    question = page.locator("[data-question]:visible")
    expect(question).to_have_count(1)
    question.click()
    expect(page.locator("#query")).to_have_value(
        re.compile(r"VALUES \?certainty \{ rn:explicit \}")
    )
    expect(page.locator(STATUS)).to_contain_text("version")
    page.locator(".dial a", has_text="incertain").click()
    page.wait_for_url(lambda address: "certainty=" not in address)
    expect(page.locator("#query")).to_have_value(
        re.compile(r"VALUES \?certainty \{ rn:explicit \}")
    )


def test_queries_come_from_files_and_go_into_them(visit: Visit, tmp_path: Path) -> None:
    page = workbench(visit)
    file = tmp_path / "question.rq"
    file.write_text("#+ summary_fr: Qui\u00a0?\nASK { <urn:é> ?p ?o }\n", "utf-8")
    page.locator("#open-query").set_input_files(file)
    expect(page.locator("#query")).to_have_value(file.read_text("utf-8"))
    expect(page.locator(f"{TABS}[aria-current]")).to_have_text("Qui\u00a0?")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Enregistrer").click()
    assert saved.value.suggested_filename == "query.rq"
    assert Path(saved.value.path()).read_bytes() == file.read_bytes()
    large = tmp_path / "large.rq"
    large.write_bytes(b"#" * (1 << 20) + b"#")
    page.locator("#open-query").set_input_files(large)
    expect(page.locator("[data-tab-part=unkept]")).to_contain_text("trop long")
    assert page.locator("#query").input_value() == file.read_text("utf-8")


@pytest.mark.parametrize(
    "kept",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden') }})",
        "Storage.prototype.setItem = () => { throw new DOMException('full') }",
    ],
)
def test_where_nothing_can_be_kept_queries_last_as_long_as_the_page(
    browser: Browser, server: Server, kept: str
) -> None:
    with visiting(browser, server.address) as visit:
        somebody_at(visit.page)
        visit.page.add_init_script(kept)
        page = answered(visit, "ASK { ?s a <urn:one> }")
        in_new_tab(page, "ASK { ?s a <urn:two> }")
        expect(page.locator("[data-tab-part=unkept]")).to_contain_text("ne garde rien")
        expect(page.locator(TABS).last).to_have_text("ASK { ?s a <urn:two> }")
        page.locator(TABS).first.click()
        expect(page.locator("#query")).to_have_value("ASK { ?s a <urn:one> }")
        assert visit.complaints == []


@pytest.mark.parametrize(
    "kept", ["{", "[1]", '{"tabs": [1, {}], "current": "x", "run": 7}', "null"]
)
def test_what_was_kept_and_damaged_is_forgotten(visit: Visit, kept: str) -> None:
    visit.page.add_init_script(f"localStorage.setItem('rallynov-queries', {json.dumps(kept)})")
    page = workbench(visit)
    assert "GROUP BY" in page.locator("#query").input_value()
    assert page.locator(TABS).count() == 1


# What explains an answer, and helps with a query

PREFIXES = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""


def test_an_empty_answer_is_explained_and_mended_and_a_row_tells_where_it_is_from(
    visit: Visit,
) -> None:
    wrong = "SELECT * { ?s a rn:Stge ; schema:location ?w FILTER (?w != <urn:x>) }"
    page = answered(visit, PREFIXES + wrong, "/sparql?lang=en")
    page.get_by_role("button", name="Nothing found? Why").focus()
    page.keyboard.press("Enter")
    told = page.locator(".explanation")
    expect(told).to_contain_text("?s a rn:Stge . matches nothing, even without the rest.")
    assert "rn:Stage stage · 6 times" in told.inner_text()
    told.get_by_role("button", name="Show in the query").click()
    assert page.evaluate("getSelection().toString()") == "?s a rn:Stge"
    visit.look(NARROW, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()
    visit.look(WIDE, "light")
    told.get_by_role("button", name="Write rn:Stage instead").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value(PREFIXES + wrong.replace("Stge", "Stage"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(STATUS)).to_contain_text("6 rows")
    page.locator(f"{ROWS} button").first.click()
    page.get_by_role("button", name="Where does this row come from?").click()
    facts = page.locator(".origin")
    expect(facts.locator("li")).to_have_count(2)
    assert facts.get_by_role("link", name="evidence").first.get_attribute("href")
    assert visit.barriers() == []
    # A group of themes is addressed by what is in it.
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    theme = "<https://w3id.org/rallynov/id/theme/emploi-et-competences>"
    page.keyboard.insert_text(
        f"{PREFIXES}SELECT * {{ ?s a rn:Innovation ; dcterms:subject {theme} }}"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Nothing found? Why").click()
    expect(told).to_contain_text("With narrower terms there are answers")
    told.get_by_role("button", name="instead").first.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(STATUS)).to_contain_text("5 rows")
    page.locator(EDITOR).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("ASK { ?s a <urn:none> }")
    page.keyboard.press("Control+Enter")
    intercepted(page, "**/sparql", lambda route: None)
    page.get_by_role("button", name="Nothing found? Why").click()
    page.get_by_role("button", name="Stop").click()
    expect(told).to_contain_text("The explanation is stopped.")


def test_a_slow_query_tells_what_it_costs(visit: Visit) -> None:
    took = {"Server-Timing": "query;dur=1500", "Content-Type": "application/sparql-results+json"}
    found = {"head": {"vars": ["a"]}, "results": {"bindings": []}}
    instead(visit, body=json.dumps(found), headers=took)
    page = answered(visit, "SELECT ?a { ?a ?b 1 . ?c ?d ?e }")
    visit.page.unroute("**/sparql")
    page.get_by_role("button", name="Lent ? Pourquoi").click()
    table = page.locator(".explanation table")
    assert int(re.sub(r"\D", "", table.locator("td").last.inner_text())) > 1000
    told = " ".join(page.locator(".explanation").last.inner_text().split())
    assert "Temps pris : 1,5 s. Limite : 20 s." in told
    assert "aucune variable en commun" in told
    assert visit.barriers() == []


def test_a_mistake_is_mended_a_term_explained_and_a_query_laid_out(visit: Visit) -> None:
    page = workbench(visit, "SELCT ?s WHRE { ?s a rn:Stage")
    mend = page.get_by_role("button", name="Écrire SELECT, WHERE, }")
    expect(mend).to_be_visible()
    page.keyboard.press("Alt+Enter")
    query = page.locator("#query")
    expect(query).to_have_value(re.compile(r"SELECT \?s WHERE \{ \?s a rn:Stage\n\}$"))
    expect(page.locator(FAULT)).to_be_hidden()
    page.keyboard.press("Control+z")
    mend.click()
    expect(query).to_have_value(re.compile(r"WHERE \{ \?s a rn:Stage\n\}$"))
    page.keyboard.press("Shift+Alt+f")
    expect(query).to_have_value(re.compile(r"WHERE \{ \?s a rn:Stage \}$"))
    name = page.locator(".in-name", has_text="rn:Stage")
    name.click()
    page.mouse.move(5, 5)
    page.keyboard.press("F2")
    explained = page.locator(".explained")
    expect(explained).to_contain_text("étape · 9 usages")
    assert "rencontre du rallye" in page.locator("[data-spoken]").inner_text()
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
    expect(page.locator(FAULT)).to_contain_text("rdfs:lable n’est pas un terme d’ici.")
    page.get_by_role("button", name="Écrire rdfs:label").click()
    page.get_by_role("button", name="Mettre en forme").click()
    expect(query).to_have_value(re.compile(r"  \?s a rn:Stage ;\n    rdfs:label \?l\n\}$"))


WRITTEN = """
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const half = this.measureText(text).width / 2;
        const wide = this.canvas.width / this.getTransform().a;
        window.written.push([text, x - half, x + half, wide]);
        return write.call(this, text, x, y);
    };
"""


@pytest.mark.parametrize("width", [360, WIDE])
def test_no_name_in_the_network_is_cut_off_at_its_edge(
    browser: Browser, server: Server, width: int
) -> None:
    with visiting(browser, server.address) as visit:
        somebody_at(visit.page)
        visit.look(width, "light")
        visit.page.add_init_script(WRITTEN)
        page = visit.open("/network")
        with page.expect_download():
            page.get_by_role("button", name="PNG").click()
        written = page.evaluate("window.written")
    assert len(written) > 40
    assert [name for name, left, right, wide in written if left < 0 or right > wide] == []
