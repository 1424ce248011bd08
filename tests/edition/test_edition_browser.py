"""An edition in a browser, from a server that knows nothing: read, followed, without barriers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browsing import PHONE, visiting
from edition_servers import python, serving
from small_edition import BASE, SmallEdition


@pytest.fixture(scope="module")
def site(edition: SmallEdition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the edition as `python -m http.server` serves it."""
    with serving(python, edition, tmp_path_factory.mktemp("browsed")) as server:
        yield f"http://127.0.0.1:{server.port}"


def things(edition: SmallEdition) -> list[str]:
    """Return the pages of things in English."""
    return sorted(it.name for it in edition.folder.glob("resource.iri-*.en.html"))


def test_pages_have_no_barriers_and_ask_no_other_host(
    browser: Browser, site: str, edition: SmallEdition
) -> None:
    sample = ("index.html", "doubts.en.html", "absent/choices.html", things(edition)[0])
    with visiting(browser, site) as visit:
        for file in sample:
            visit.open(f"/rally/{file}")
            assert visit.barriers() == [], file
            visit.look(PHONE, "dark")
            assert not visit.overflows(), file
        assert visit.complaints == []


def test_pages_that_tell_of_the_edition_have_no_barriers(browser: Browser, address: str) -> None:
    """Those whose forms are answered in the browser are looked at where they are answered."""
    pages = (
        "sparql.html",
        "api.en.html",
        "releases.html",
        "changes.en.html",
        "absent/offline.html",
    )
    with visiting(browser, address) as visit:
        for file in pages:
            visit.look(PHONE, "dark")
            visit.open(f"/{file}")
            assert visit.barriers() == [], file
            assert not visit.overflows(), file
        assert visit.complaints == []


def test_a_reader_goes_from_page_to_page_and_keeps_language_and_certainty(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as visit:
        page = visit.open("/rally/index.html")
        page.click("a.other-language")
        expect(page).to_have_url(f"{site}/rally/index.en.html")
        page.click("nav.dial a.how-explicit")
        expect(page).to_have_url(f"{site}/rally/index.explicit.en.html")
        page.click("nav.sections a[href^='doubts']")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("h1")).to_be_visible()
        explicit = page.get_by_role("radio", name="explicit")
        expect(page.locator(".dial-effect")).to_have_text(
            "This page says the same at each certainty."
        )
        expect(explicit).to_be_checked()
        page.click("a.brand")
        expect(page).to_have_url(f"{site}/rally/index.explicit.en.html")
        page.click("nav.dial a.how-tentative")
        expect(page).to_have_url(f"{site}/rally/index.en.html")
        page.go_back()
        expect(page).to_have_url(f"{site}/rally/index.explicit.en.html")
        assert visit.complaints == []


def test_the_citation_of_a_page_is_downloaded_without_a_file_of_its_own(
    browser: Browser, site: str
) -> None:
    with visiting(browser, site) as visit:
        page = visit.open("/rally/doubts.html")
        page.click("details.cite-forms summary")
        with page.expect_download() as begun:
            page.click("#cite-forms a[download$='.bib']")
        written = begun.value.path().read_text("utf-8")
        assert f"{{{BASE}doubts.html}}" in written and written.startswith("@")
        assert visit.complaints == []


def test_the_evidence_of_a_link_opens_beside_it_without_a_server(
    browser: Browser, site: str, edition: SmallEdition
) -> None:
    [file] = [it for it in things(edition) if "example.org_one-" in it and ".explicit" not in it]
    with visiting(browser, site) as visit:
        page = visit.open(f"/rally/{file}")
        link = page.locator("a.evidence[data-evidence]").first
        note = link.get_attribute("href")
        link.click()
        drawer = page.locator(".drawer-content")
        expect(drawer.locator(".drawer-claim")).not_to_be_empty()
        expect(drawer.locator(".drawer-ways a")).to_have_attribute("href", f"{site}/rally/{note}")
        assert visit.barriers() == []
        assert visit.complaints == []


def test_all_is_read_with_scripts_off(browser: Browser, site: str, edition: SmallEdition) -> None:
    with visiting(browser, site, java_script_enabled=False) as visit:
        page = visit.open(f"/rally/{things(edition)[0]}")
        expect(page.locator("main h1")).to_be_visible()
        page.click("a.brand")
        expect(page).to_have_url(f"{site}/rally/index.en.html")
        assert visit.complaints == []
