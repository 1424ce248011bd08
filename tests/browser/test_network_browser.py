"""The network in a real browser: names side by side, what is lit, the keyboard, ways, files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import HEIGHT, PHONE, WIDE, Visit, visiting
from reader_tasks import Reader, network_for_gephi
from servers import Server

DRAWING = ".is-live svg.network"
KEYS = "[data-keys]"
CARD = "[data-picked]"
TOLD = "[data-focus]"
NAMES = "[data-network-table] tbody a"
LEGENI = "/network?centre=organisation/legeni&steps=1"
WRITTEN = """() => [...document.querySelectorAll("svg.network > text")]
    .filter((it) => it.getClientRects().length)
    .map((it) => {
        const { x, y, width, height } = it.getBoundingClientRect();
        const room = it.ownerSVGElement.getBoundingClientRect();
        const [left, top, most] = [x - room.x, y - room.y, room.width];
        return [it.textContent, left, top + height * .2, left + width, top + height * .8, most];
    })"""
"""The names that are shown, with their boxes; lines of letters have some room above and below."""
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))"
"""Waits for the next picture."""
REST = 140
"""After so many milliseconds without a movement names are placed anew."""
Written = list[tuple[str, float, float, float, float, float | None]]


def network(visit: Visit, address: str = "/network") -> Page:
    """Open a network; return the page once its drawing can be moved."""
    page = visit.open(address)
    page.locator(DRAWING).wait_for()
    page.locator(DRAWING).scroll_into_view_if_needed()
    return page


def over_each_other(written: Written) -> list[tuple[str, str]]:
    return [
        (a[0], b[0])
        for a, b in combinations(written, 2)
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]


def settled(page: Page) -> Written:
    """Return the names that are shown once nothing moves any more."""
    page.evaluate("() => document.fonts.ready.then(() => null)")
    before: Written = []
    while True:
        page.wait_for_timeout(2 * REST)
        found: Written = json.loads(page.evaluate(f"JSON.stringify(({WRITTEN})())"))
        if found == before:
            return found
        before = found


def seen(page: Page) -> tuple[float, float, float]:
    """Return how large the drawing is, and where its corner is in the window."""
    page.evaluate(DRAWN)
    drawing = page.locator(DRAWING)
    left, top, width, _ = map(float, (drawing.get_attribute("viewBox") or "").split())
    box = drawing.bounding_box()
    assert box
    scale = box["width"] / width
    return scale, -left * scale, -top * scale


def data(page: Page) -> dict[str, Any]:
    address = page.locator("[data-network]").get_attribute("data-network")
    read = "address => fetch(address).then(it => it.text())"
    found: dict[str, Any] = json.loads(page.evaluate(read, address))
    return found


def on_screen(page: Page, thing: dict[str, Any]) -> dict[str, Any]:
    scale, left, top = seen(page)
    return {"x": thing["x"] * scale + left, "y": thing["y"] * scale + top}


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_no_name_is_over_another_or_cut_off_and_more_have_room_when_one_is_near(
    visit: Visit, width: int
) -> None:
    visit.look(width, "light")
    page = visit.open("/network")
    page.locator(DRAWING).wait_for()
    box = page.locator(DRAWING).bounding_box()
    assert box and box["y"] < HEIGHT * 0.8, "the drawing begins on the first screen"
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


def test_where_the_data_cannot_be_had_the_drawing_of_the_server_stays(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address, expected=("status of 503",)) as visit:
        visit.page.route("**/network.json*", lambda route: route.fulfill(status=503))
        for width in (WIDE, PHONE):
            visit.look(width, "dark")
            page = visit.open("/network?same_stage=yes")
            page.evaluate("() => document.fonts.ready.then(() => null)")
            written: Written = json.loads(page.evaluate(f"JSON.stringify(({WRITTEN})())"))
            assert len(written) > 80
            assert over_each_other(written) == []
            assert page.locator(DRAWING).count() == 0
            assert not visit.overflows()
    with visiting(browser, server.address, java_script_enabled=False) as visit:
        visit.look(WIDE, "light")
        box = visit.open("/network").locator("svg.network").bounding_box()
        assert box and box["y"] < HEIGHT * 0.8, "on the first screen"


def test_buttons_the_wheel_and_the_hand_move_the_drawing_which_is_saved(visit: Visit) -> None:
    page = network(visit)
    whole = seen(page)
    larger, smaller, everything = (
        page.get_by_role("button", name=name) for name in ("Agrandir", "Réduire", "Tout voir")
    )
    for _ in range(6):
        larger.press("Enter")
    assert seen(page)[0] > whole[0]
    for _ in range(8):
        smaller.press("Enter")
    assert seen(page)[0] < whole[0]
    everything.press("Space")
    assert seen(page) == pytest.approx(whole)
    scale, left, top = whole
    box = page.locator(DRAWING).bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + 200
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 30, steps=4)
    page.mouse.up()
    assert seen(page) == pytest.approx((scale, left + 60, top + 30), abs=1)
    page.mouse.wheel(0, -200)
    assert seen(page)[0] == pytest.approx(scale), "the wheel magnifies with Control alone"
    was = page.locator(DRAWING).get_attribute("viewBox")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    expect(page.locator(DRAWING)).not_to_have_attribute("viewBox", was or "")
    page.keyboard.up("Control")
    assert seen(page)[0] > scale
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


def test_what_is_pointed_at_or_in_focus_is_lit_shown_and_led_to(visit: Visit) -> None:
    page = network(visit)
    shown, told = data(page), page.locator(TOLD)
    names = [it["name"] for it in shown["things"]]
    legeni = names.index("Legeni")
    ends = [{it["one"], it["other"]} for it in shown["links"]]
    beside = {names[n][:20] for n in {legeni}.union(*(it for it in ends if legeni in it))}
    groups = {it["name"][:6] for it in shown["groups"]}
    page.locator(DRAWING).hover(position=on_screen(page, shown["things"][legeni]))  # type: ignore[arg-type]
    expect(page.locator(f"{DRAWING}.is-over")).to_be_visible()
    lit = {name[:20].rstrip("…") for name, *_ in settled(page) if name[:6] not in groups}
    assert "Legeni" in lit and all(any(it.startswith(n) for it in beside) for n in lit)
    page.mouse.move(1, 1)
    expect(page.locator(f"{DRAWING}.is-over")).to_have_count(0)
    assert len(settled(page)) > 40
    page.locator("[data-network-table] thead a").last.focus()
    for number in range(2):
        page.keyboard.press("Tab")
        name = page.locator(NAMES).nth(number)
        expect(name).to_be_focused()
        expect(told.get_by_role("link")).to_have_text(name.inner_text())
    page = network(visit, LEGENI)
    (here,) = [thing for thing in data(page)["things"] if thing["here"]]
    page.locator(DRAWING).click(position=on_screen(page, here))  # type: ignore[arg-type]
    expect(told).to_contain_text(f"{here['degree']} choses liées")
    told.get_by_role("link", name="Legeni").click()
    page.wait_for_url("**/page/organisation/legeni")


def test_what_is_out_of_sight_comes_into_it(visit: Visit) -> None:
    page = network(visit)
    for _ in range(5):
        page.get_by_role("button", name="Agrandir").click()
    things = data(page)["things"]
    far = min(range(len(things)), key=lambda n: things[n]["x"])
    page.locator(NAMES).nth(far).focus()
    at, size = on_screen(page, things[far]), page.locator(DRAWING).bounding_box()
    assert size and 0 < at["x"] < size["width"] and 0 < at["y"] < size["height"]


def test_by_keyboard_one_goes_from_a_thing_to_its_neighbours_picks_and_finds_a_way(
    visit: Visit,
) -> None:
    page = network(visit, "/network?from=organisation/legeni")
    card, told = page.locator(CARD), page.locator(f"{TOLD} a")
    heading: Callable[[], Any] = lambda: expect(card.get_by_role("heading"))  # noqa: E731
    heading().to_have_text("Legeni")
    shown = data(page)
    names = [it["name"] for it in shown["things"]]
    linked = {frozenset((names[it["one"]], names[it["other"]])) for it in shown["links"]}
    page.locator(KEYS).focus()
    before = after = "Legeni"
    for key in ("ArrowUp", "ArrowLeft", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        after = told.inner_text()
        assert after == before or frozenset((before, after)) in linked
        if after not in (before, "Legeni"):
            break
        before = after
    assert after != "Legeni"
    page.keyboard.press("Enter")
    heading().to_have_text(after)
    expect(card.get_by_role("link", name="preuve").first).to_have_attribute(
        "href", re.compile("^/r/")
    )
    assert "from=" in page.url and "legeni" not in page.url
    visit.look(PHONE, "dark")
    assert visit.barriers() == []
    assert not visit.overflows()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "from=" not in page.url
    visit.look(WIDE, "light")
    page = network(visit, "/network?from=person/karine-le-goff")
    page.get_by_role("button", name="Chemin vers…").click()
    expect(page.locator(KEYS)).to_be_focused()
    page.locator(NAMES, has_text="Indibat").focus()
    page.locator(KEYS).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**to=organisation*")
    way = page.locator(".network-way .chain > li")
    expect(way.first).to_contain_text("Karine Le Goff")
    expect(way.last).to_contain_text("Indibat")
    page.locator(DRAWING).wait_for()
    written = [name for name, *_ in settled(page)]
    assert written.count("Indibat") == written.count("Karine Le Goff") == 1
    page.emulate_media(media="print")
    expect(page.locator("svg.network")).to_be_visible()


def test_the_file_for_gephi_is_two_clicks_away_and_had_by_keyboard(visit: Visit) -> None:
    by_mouse = Reader(visit.open("/network"), "fr")
    network_for_gephi(by_mouse)
    assert by_mouse.clicks == 2
    network_for_gephi(Reader(visit.open("/network?kind=theme"), "fr", by_keyboard=True))
