"""The place to explore in a real browser: live choices, an address a state, keys, a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import HEIGHT, PHONE, WIDE, visiting
from rallynov_graph.release.release import Release
from servers import Server, serving

INNOVATIONS = "/list/innovation"
MFQ = "stage=stage%2Fmfq-franche-comte"


@pytest.fixture(scope="module")
def site(release: Release) -> Iterator[Server]:
    """A server of the shipped data."""
    with serving("--release", str(release.path)) as server:
        yield server


def focused(page: Page) -> str:
    """Return the name and value of what has the focus."""
    return str(page.evaluate("`${document.activeElement.name}=${document.activeElement.value}`"))


def test_a_choice_applies_at_once_has_its_address_and_is_said(
    browser: Browser, site: Server
) -> None:
    with visiting(browser, site.address, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        page = visit.open(INNOVATIONS)
        heading, said = page.locator("h1"), page.locator("[data-said]")
        box = page.locator('input[name="stage"][value="stage/mfq-franche-comte"]')
        expect(page.get_by_role("button", name="Appliquer")).to_be_hidden()
        box.focus()
        page.keyboard.press("Space")
        expect(heading).to_have_text("4 innovations")
        expect(said).to_have_text("4 innovations")
        assert page.url.endswith(f"{INNOVATIONS}?{MFQ}")
        assert focused(page) == "stage=stage/mfq-franche-comte", "the reader stays where she was"
        expect(page.locator(".dial-step").first).to_have_attribute(
            "href", f"{INNOVATIONS}?{MFQ}&certainty=explicit"
        )
        page.locator('details[data-kept="need"] > summary').click()
        page.locator('details[data-kept="need"] input').first.click()
        expect(heading).not_to_have_text("4 innovations")
        expect(page.locator('fieldset input[name="need"]:checked')).to_be_visible()
        page.go_back()
        expect(heading).to_have_text("4 innovations")
        page.go_back()
        expect(heading).to_have_text("13 innovations")
        assert visit.complaints == []


def test_the_matrix_by_likeness_at_explicit_by_clicks_and_by_keys(
    browser: Browser, site: Server
) -> None:
    with visiting(browser, site.address, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        wanted = "/list/organisation?view=matrix&certainty=explicit&sort=similarity"
        page = visit.open("/list/organisation")
        page.get_by_role("link", name="Matrice").click()
        expect(page.locator("table.matrix")).to_be_visible()
        page.locator(".dial-step").first.click()
        page.get_by_label("Ordre").select_option("similarity")
        expect(page).to_have_url(f"{site.address}{wanted}")
        rows = page.locator("table.matrix tbody th").all_text_contents()

        page = visit.open("/list/organisation")
        page.get_by_role("link", name="Matrice").focus()
        page.keyboard.press("Enter")
        expect(page.locator("table.matrix")).to_be_visible()
        assert page.url.endswith("?view=matrix"), "a table's order by name is nobody's choice"
        page.locator(".dial-step").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".dial-step").first).to_have_attribute("aria-checked", "true")
        page.get_by_label("Ordre").focus()
        page.keyboard.press("End")
        expect(page).to_have_url(f"{site.address}{wanted}")
        assert focused(page) == "sort=similarity"
        assert page.locator("table.matrix tbody th").all_text_contents() == rows


def test_filters_are_a_sheet_on_a_telephone_that_stays_open_while_one_chooses(
    browser: Browser, site: Server
) -> None:
    with visiting(browser, site.address, viewport={"width": PHONE, "height": 844}) as visit:
        page = visit.open(INNOVATIONS)
        box = page.locator('input[name="stage"]').first
        expect(box).to_be_hidden()
        page.get_by_role("button", name="Filtres").click()
        box.click()
        expect(page.locator("h1")).to_have_text("4 innovations")
        expect(page.locator('input[name="stage"]').first).to_be_visible()
        page.get_by_role("button", name="Voir le résultat").click()
        expect(page.locator('input[name="stage"]').first).to_be_hidden()
        assert not visit.overflows()


def test_without_scripts_a_button_applies(browser: Browser, site: Server) -> None:
    with visiting(
        browser, site.address, viewport={"width": WIDE, "height": HEIGHT}, java_script_enabled=False
    ) as visit:
        page = visit.open(INNOVATIONS)
        page.locator('input[name="stage"]').first.click()
        page.locator(".narrowing").get_by_role("button", name="Appliquer").click()
        expect(page.locator("h1")).to_have_text("4 innovations")
