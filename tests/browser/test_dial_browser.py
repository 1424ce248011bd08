"""The dial of certainty by keyboard: one choice, moved by the arrow keys, which keeps the focus."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browsing import WIDE, visiting
from rallynov_graph.release.release import Release
from servers import Server, serving


@pytest.fixture(scope="module")
def site(release: Release) -> Iterator[Server]:
    """A server of the shipped data."""
    with serving("--release", str(release.path)) as server:
        yield server


def test_arrow_keys_move_the_certainty_and_the_focus_stays_on_it(
    browser: Browser, site: Server
) -> None:
    with visiting(browser, site.address, viewport={"width": WIDE, "height": 800}) as visit:
        page = visit.open("/list/stage")
        group = page.get_by_role("radiogroup", name="Certitude")
        chosen = group.get_by_role("radio", checked=True)
        expect(chosen).to_have_count(1)
        expect(group.locator("[tabindex='0']")).to_have_count(1)
        chosen.focus()
        chosen.press("ArrowRight")  # there is no position after the last
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**/list/stage?certainty=inferred")
        expect(chosen).to_be_focused()
        expect(chosen).to_contain_text("déduit")
        expect(chosen).to_have_accessible_description(
            re.compile(r"–\s\d+\sliens? organisation-thème")
        )
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**/list/stage?certainty=explicit")
        expect(chosen).to_be_focused()
        page.keyboard.press("Tab")
        expect(chosen).not_to_be_focused()
        page.reload()
        expect(chosen).not_to_be_focused()


def test_without_a_script_the_dial_is_three_links(browser: Browser, site: Server) -> None:
    with visiting(browser, site.address, java_script_enabled=False) as visit:
        page = visit.open("/list/stage")
        dial = page.get_by_role("navigation", name="Certitude")
        expect(dial.get_by_role("link")).to_have_count(3)
        dial.get_by_role("link").first.click()
        page.wait_for_url("**/list/stage?certainty=explicit")
        expect(dial.locator("[aria-current]")).to_contain_text("explicite")
