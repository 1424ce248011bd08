"""The network in a real browser: names side by side, what is lit, the keyboard, ways, paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import PHONE, WIDE, Visit, visiting
from reader_tasks import Reader, network_for_gephi
from servers import Server

CANVAS = "canvas"
KEYS = "[data-keys]"
CARD = "[data-picked]"
TOLD = "[data-focus] a"

WRITTEN = """
    window.written = [];
    const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...room) {
        if (this.canvas.isConnected) window.written = [];
        return clearRect.apply(this, room);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const wide = this.measureText(text).width;
        const high = Number(this.font.match(/(\\d+)px/)[1]);
        window.written.push([text, x - wide / 2, y, x + wide / 2, y + high]);
        return fillText.call(this, text, x, y);
    };
"""
"""Keeps the names that were written since the drawing was last wiped, with their boxes."""

SERVED = """() => [...document.querySelectorAll("svg.network text")].map((it) => {
    const { x, y, width, height } = it.getBBox();
    return [it.textContent, x, y + 3, x + width, y + height - 3];
})"""
"""The names of the drawing of the server; lines of letters have some room above and below."""

DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))"
"""Waits for the next picture, before which a canvas that changes draws itself."""
Written = list[tuple[str, float, float, float, float]]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    with visiting(browser, server.address, viewport={"width": WIDE, "height": 900}) as visit:
        yield visit
        assert [said for said in visit.complaints if "status of 503" not in said] == []


def over_each_other(written: Written) -> list[tuple[str, str]]:
    return [
        (a[0], b[0])
        for a, b in combinations(written, 2)
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]


def settled(page: Page) -> Written:
    """Return the names on the canvas once nothing moves any more."""
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.evaluate(DRAWN)
    expect(page.locator(f"{CANVAS}.is-moving")).to_have_count(0)
    found: Written = json.loads(page.evaluate("JSON.stringify(window.written)"))
    return found


def data(page: Page) -> dict[str, Any]:
    address = page.locator("[data-network]").get_attribute("data-network")
    found: dict[str, Any] = json.loads(
        page.evaluate("address => fetch(address).then(it => it.text())", address)
    )
    return found


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_no_name_is_over_another_and_more_have_room_when_one_is_near(
    visit: Visit, width: int
) -> None:
    visit.look(width, "light")
    visit.page.add_init_script(WRITTEN)
    page = visit.open("/network")
    page.locator(CANVAS).wait_for()
    written = settled(page)
    assert len(written) > (40 if width == WIDE else 12)
    assert over_each_other(written) == []
    page.get_by_role("button", name="Tout voir").click()
    whole = settled(page)
    assert over_each_other(whole) == []
    for _ in range(3):
        page.get_by_role("button", name="Agrandir").click()
    near = settled(page)
    assert over_each_other(near) == []
    assert {name for name, *_ in near} - {name for name, *_ in whole}
    assert not visit.overflows()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_no_name_of_the_servers_drawing_is_over_another(visit: Visit, width: int) -> None:
    visit.look(width, "dark")
    visit.page.route("**/network.json*", lambda route: route.fulfill(status=503))
    page = visit.open("/network?same_stage=yes")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    written: Written = json.loads(page.evaluate(f"JSON.stringify(({SERVED})())"))
    assert len(written) > 80
    assert over_each_other(written) == []
    assert not visit.overflows()


def test_what_the_pointer_is_over_is_lit_with_its_neighbours(visit: Visit) -> None:
    visit.page.add_init_script(WRITTEN)
    page = visit.open("/network")
    page.locator(CANVAS).wait_for()
    page.locator(CANVAS).scroll_into_view_if_needed()
    shown = data(page)
    (legeni,) = [n for n, it in enumerate(shown["things"]) if it["name"] == "Legeni"]
    beside = {legeni}
    for link in shown["links"]:
        if legeni in (link["one"], link["other"]):
            beside |= {link["one"], link["other"]}
    view = (page.locator(CANVAS).get_attribute("data-view") or "").split()
    scale, left, top = map(float, view)
    box = page.locator(CANVAS).bounding_box()
    assert box
    at = shown["things"][legeni]
    page.mouse.move(box["x"] + at["x"] * scale + left, box["y"] + at["y"] * scale + top)
    names = {shown["things"][n]["name"][:20] for n in beside}
    groups = {it["name"][:6] for it in shown["groups"]}
    expect(page.locator(f"{CANVAS}.is-over")).to_be_visible()
    lit = {name[:20].rstrip("…") for name, *_ in settled(page) if name[:6] not in groups}
    assert "Legeni" in lit and all(any(it.startswith(n) for it in names) for n in lit)
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] - 2)
    expect(page.locator(f"{CANVAS}.is-over")).to_have_count(0)
    assert len(settled(page)) > 40


def test_by_keyboard_one_goes_from_a_thing_to_its_neighbours_picks_and_finds_a_way(
    visit: Visit,
) -> None:
    page = visit.open("/network?from=organisation/legeni")
    page.locator(CANVAS).wait_for()
    card = page.locator(CARD)
    expect(card.get_by_role("heading")).to_have_text("Legeni")
    shown = data(page)
    names = [it["name"] for it in shown["things"]]
    linked = {frozenset((names[it["one"]], names[it["other"]])) for it in shown["links"]}
    page.locator(KEYS).focus()
    told = page.locator(TOLD)
    before = "Legeni"
    for key in ("ArrowUp", "ArrowLeft", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        after = told.inner_text()
        assert after == before or frozenset((before, after)) in linked
        if after not in (before, "Legeni"):
            break
        before = after
    assert after != "Legeni"
    page.keyboard.press("Enter")
    expect(card.get_by_role("heading")).to_have_text(after)
    expect(card.get_by_role("link", name="preuve").first).to_have_attribute(
        "href", re.compile("^/r/")
    )
    assert "from=" in page.url and "legeni" not in page.url
    for width, scheme in ((WIDE, "dark"), (PHONE, "light")):
        visit.look(width, scheme)  # type: ignore[arg-type]
        assert visit.barriers() == []
        assert not visit.overflows()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "from=" not in page.url


def test_a_way_is_found_by_picking_its_two_ends(visit: Visit) -> None:
    visit.page.add_init_script(WRITTEN)
    page = visit.open("/network?from=person/karine-le-goff")
    page.locator(CANVAS).wait_for()
    page.get_by_role("button", name="Chemin vers…").click()
    expect(page.locator(KEYS)).to_be_focused()
    page.locator("[data-network-table] tbody a", has_text="Indibat").focus()
    page.locator(KEYS).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**to=organisation*")
    way = page.locator(".network-way .chain > li")
    expect(way.first).to_contain_text("Karine Le Goff")
    expect(way.last).to_contain_text("Indibat")
    page.locator(CANVAS).wait_for()
    names = [name for name, *_ in settled(page)]
    assert names.count("Indibat") == names.count("Karine Le Goff") == 1
    page.emulate_media(media="print")
    expect(page.locator("svg.network")).to_be_visible()
    expect(page.locator(CANVAS)).to_be_hidden()


def test_the_file_for_gephi_is_two_clicks_away_and_had_by_keyboard(visit: Visit) -> None:
    by_mouse = Reader(visit.open("/network"), "fr")
    network_for_gephi(by_mouse)
    assert by_mouse.clicks == 2
    network_for_gephi(
        Reader(visit.open("/network?kind=innovation&kind=theme"), "fr", by_keyboard=True)
    )
