"""Every kind of page in a real browser: no barrier that axe finds, nothing lost, on paper too."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, expect

from browsing import AXE, HEIGHT, WIDE, Visit, visiting
from claims import short
from looks import BY_COLOUR, LOOKS, WIDTHS
from made_up_carnet import TEXT, serving_document
from servers import Server

MFFC = "organisation/mutualite-francaise-franche-comte"
LINK = short(MFFC, "linkedToTheme", "theme/articulation-des-temps-de-vie")
PAGES = (
    *("/", "/list/stage", "/list/innovation?means=means/bus&certainty=inferred"),
    *("/page/stage/mfq-franche-comte", "/page/organisation/legeni", "/page/innovation/mamhique"),
    *("/page/standing/carnet-2-autre-dates-lip-alternative", "/list/organisation?view=matrix"),
    *("/list/stage?view=map", "/list/stage?view=timeline"),
    "/between?from=organisation/legeni&to=organisation/indibat",
    "/between?from=télétravail&to=theme/confiance",
    f"/compare?a=organisation/legeni&b={MFFC}",
    *(LINK, "/doubts?touches=stage/pole-des-microtechniques"),
    *("/questions", "/search?q=gouvrenance"),
    *("/report", "/ontology", "/ontology/Stage", "/ontology/carriedBy", "/changes", "/downloads"),
    *("/about", "/api", "/accessibility", "/docs?q=certitude", "/docs/entering"),
    *("/list/organisation?view=matrix&certainty=perhaps", "/page/stage/nowhere"),
)
FINISHED_BY_PICTURES = (
    *("/network", "/network?centre=organisation/legeni&steps=2&sort=name"),
    "/questions/themes_of_organisation",
    "/builder?kind=rn:Stage&1=dcterms:subject&1.how=optional"
    "&2=schema:startDate&2.from=x&3=rn:carriedBy&3.1=rdfs:label",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+%3Fc+%7D+LIMIT+9",
    "/sparql?query=SELECT+nothing",
)
"""The pages whose scripts leave something to the next picture."""
WITH_TEXT = (LINK, "/search?q=innovations")
"""Those that say more where the text of the carnet is given."""
MAGNIFIED: ViewportSize = {"width": WIDE // 2, "height": HEIGHT // 2}
"""What is left at 200 per cent of a window of 1280 pixels, each as large as four on the screen."""
CUT_OFF = """() => [...document.querySelectorAll("header *, main *, footer *")].filter(element => {
    const scrolled = ".scroll, .road-view, .unseen, svg, details:not([open])";
    if (element.closest(scrolled) || element.clientWidth < 3) return false;
    const style = getComputedStyle(element);
    const hides = [style.overflowX, style.overflowY].some(o => o === "hidden" || o === "clip");
    const more = element.scrollWidth > element.clientWidth + 2
        || element.scrollHeight > element.clientHeight + 2;
    return hides && more;
}).map(element => element.outerHTML.slice(0, 120))"""
UNFOLD = """() => document.querySelectorAll("main details:not([name])")
    .forEach((details) => { details.open = true; })"""
FOLDED = """() => [...document.querySelectorAll("main details")].filter((details) =>
    details.querySelector("summary").checkVisibility()
    && !details.querySelector(":scope > :not(summary)").checkVisibility())
    .map((details) => details.outerHTML.slice(0, 120))"""
"""What is folded on the screen and of which nothing is printed but its heading."""
LESS_SEEN = (
    *("/builder", "/carnet/carnet-2?page=3", "/list", "/list/person"),
    *("/list/passage", "/list/question", "/list/theme", "/ontology/Rally", "/releases"),
    *("/shapes", "/list/organisation?view=matrix&open=theme/solidarite-et-sante", "/search"),
    "/list/stage?view=timeline&certainty=explicit",
)
"""Pages of kinds beside PAGES in which overlaps are looked for, beside one thing of each kind."""


def found_in(visit: Visit, address: str) -> list[str]:
    """Return what is wrong with a page: folded as it comes in French, unfolded in English.

    One load serves all looks of a language: what only colours or width change needs no other.
    """
    found = []
    for language, looks in LOOKS.items():
        visit.look(*looks[0][:2])
        visit.open(f"{address}{'&' if '?' in address else '?'}lang={language}")
        if language == "en":
            visit.page.evaluate(UNFOLD)
        for width, scheme, rules in looks:
            visit.look(width, scheme)
            seen = f"{language} {width} {scheme}"
            found += [f"{seen}: {barrier}" for barrier in visit.barriers(*rules)]
            if visit.overflows():
                found.append(f"{seen}: the page is wider than the window")
        found += [f"{language} {pair}" for pair in visit.overlaps(*WIDTHS)]
        visit.page.set_viewport_size(MAGNIFIED)
        seen = f"{language} at 200 per cent"
        found += [f"{seen}: cut off: {cut}" for cut in visit.page.evaluate(CUT_OFF)]
        if visit.overflows():
            found.append(f"{seen}: the page is wider than the window")
    return found + visit.faults()


@pytest.fixture(scope="module")
def still(still_browser: Browser, server: Server) -> Iterator[Visit]:
    """Visits pages that no script finishes from one picture to the next, axe in each of them.

    The browser compiles what is there from the first once; what is sent to a page, anew for each.
    """
    expected = ("status of 400", "status of 404")
    with visiting(still_browser, server.address, expected=expected, device_scale_factor=2) as visit:
        visit.page.add_init_script(path=AXE)
        yield visit


def test_no_page_has_a_barrier_loses_anything_or_asks_somebody_else(
    still: Visit, browser: Browser, server: Server, subtests: pytest.Subtests
) -> None:
    expected = ("status of 400",)
    with visiting(browser, server.address, expected=expected, device_scale_factor=2) as drawn:
        drawn.page.add_init_script(path=AXE)
        drawn.is_drawn = True
        for visit, addresses in ((still, PAGES), (drawn, FINISHED_BY_PICTURES)):
            for address in addresses:
                with subtests.test(address):
                    assert found_in(visit, address) == []


def test_nor_does_one_with_the_words_of_a_document(
    still_browser: Browser, with_text: Server, essay: str, subtests: pytest.Subtests
) -> None:
    for site, pages in ((essay, ("/carnet/essai",)), (with_text.address, WITH_TEXT)):
        with visiting(still_browser, site) as visit:
            visit.page.add_init_script(path=AXE)
            for address in pages:
                with subtests.test(address):
                    assert found_in(visit, address) == []
    with visiting(still_browser, with_text.address) as visit:
        visit.open("/carnet/carnet-2")
        assert visit.overlaps(*WIDTHS) == []


def test_what_is_a_barrier_cut_off_or_over_a_text_is_seen(still: Visit) -> None:
    """What stays while the page is scrolled too, and what is drawn."""
    still.look(WIDE, "light")
    page = still.open("/about")
    page.evaluate(
        """() => {
            const p = document.querySelector("main .page p");
            Object.assign(p.style, { color: "#ccc", height: "4px", overflow: "hidden" });
            p.textContent = "grey on white";
        }"""
    )
    assert any("grey on white" in barrier for barrier in still.barriers(*BY_COLOUR))
    assert any("grey on white" in cut for cut in page.evaluate(CUT_OFF))
    page = still.open("/list/stage?view=map")
    page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll("main svg text.name");
            first.after(second);
            for (const name of ["x", "y", "text-anchor"])
                second.setAttribute(name, first.getAttribute(name));
            const { style } = document.querySelector("main h1");
            Object.assign(style, { position: "sticky", top: "50vh" });
        }"""
    )
    pairs = still.overlaps(WIDE)
    assert any("“Belfort”" in pair for pair in pairs), "of the drawing"
    assert any("“9 étapes”" in pair for pair in pairs), "of what stays"
    page.evaluate(
        """() => Object.assign(document.querySelector("main h1").style, {
            background: "rgb(255, 255, 255)", zIndex: 2,
        })"""
    )
    pairs = still.overlaps(WIDE)
    assert pairs and not any("“9 étapes”" in pair for pair in pairs), "nothing is read through"


def test_no_text_lies_over_another_on_other_kinds_of_pages(
    still: Visit, still_browser: Browser, server: Server, data_server: Server, tmp_path: Path
) -> None:
    sitemap = server.ask("GET", "/sitemap.xml").text
    things = re.findall(r"<loc>[^<]*(/page/([^/<]+)/[^<?]+)</loc>", sitemap)
    one_each = {kind: path for path, kind in things}
    assert len(one_each) > 10
    of_anyone = ("/", "/list", "/sparql", "/builder", "/network", "/between")
    long = TEXT + " Encore un mot." * 200
    with ExitStack() as open_visits:
        others = open_visits.enter_context(visiting(still_browser, data_server.address))
        site = open_visits.enter_context(serving_document(long, tmp_path))
        document = open_visits.enter_context(visiting(still_browser, site))
        still.look(WIDE, "light")
        found = [
            f"{path} {pair}"
            for visit, paths in ((still, (*LESS_SEEN, *one_each.values())), (others, of_anyone))
            for path in paths
            if visit.open(path)
            for pair in visit.overlaps(*WIDTHS)
        ]
        # The text stays beside its facts while they are scrolled through a low window.
        page = document.open("/carnet/essai")
        assert document.overlaps(*WIDTHS) == []
        assert document.overlaps(WIDE, height=300) == []
        part = page.locator(".part").first
        beside = part.locator("> .words").bounding_box()
        over = part.locator("> div:last-child").bounding_box()
        assert beside and over and beside["x"] + beside["width"] <= over["x"]
        assert beside["y"] == over["y"]
    assert found == []


OUT_OF_MAP = """all => all.map(name => {
    const box = name.getBoundingClientRect();
    const map = name.closest(".place-map").getBoundingClientRect();
    return box.left < map.left - 2 || box.right > map.right + 2 || box.top < map.top - 2;
})"""
ONE_TOWN = "/list/stage?view=map&status=status/tenue"


def test_drawings_are_read_at_every_width(still: Visit) -> None:
    """No letter of a map is smaller than a note."""
    for path in ("/list/stage?view=map", ONE_TOWN):
        page = still.open(path)
        for width in WIDTHS:
            still.look(width, "light")
            sizes = page.locator(".place-map text").evaluate_all(
                "all => all.map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"
            )
            assert sizes and min(sizes) >= 12, (path, width)
            names = page.locator(".place-map .name").evaluate_all(OUT_OF_MAP)
            assert names and not any(names), (path, width)
        shape = "all => all[0].clientHeight / all[0].clientWidth"
        assert (page.locator(".place-map").evaluate_all(shape) < 0.5) == (path == ONE_TOWN)
        assert still.overlaps(*WIDTHS) == [], path


WORDS_ABOVE = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let words = 0;
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (!parentElement.checkVisibility() || parentElement.closest("script, .unseen")) continue;
        range.selectNode(texts.currentNode);
        const { top, height } = range.getBoundingClientRect();
        if (height && top < 800) words += data.split(/\\s+/).filter(Boolean).length;
    }
    return words;
}"""


HEALTH = "/list/innovation?larger=theme/solidarite-et-sante"
THINGS = (f"/page/{MFFC}", "/page/stage/bge-franche-comte?lang=en")


@pytest.mark.parametrize(
    ("path", "links", "words"),
    [
        *((it, 45, 210) for it in ("/", "/?lang=en", HEALTH, f"{HEALTH}&lang=en")),
        *((it, 60, 210) for it in THINGS),
    ],
)
def test_a_page_has_few_links_and_words(visit: Visit, path: str, links: int, words: int) -> None:
    visit.page.set_viewport_size({"width": WIDE, "height": 800})
    page = visit.open(path)
    assert page.locator("main a:visible").count() <= links
    assert 100 < page.evaluate(WORDS_ABOVE) <= words


def test_each_certainty_has_its_bars_in_ink(browser: Browser, server: Server) -> None:
    for media in ({}, {"forced_colors": "active"}, {"media": "print"}):
        with visiting(browser, server.address, media=media) as visit:
            page = visit.open("/list/innovation")
            for name, full in (("explicit", 3), ("inferred", 2), ("tentative", 1)):
                sign = page.locator(f'td .bars:has([href="#bars-{name}"])').first
                image = Image.open(BytesIO(sign.screenshot())).convert("L")
                darkest, _ = image.getextrema()
                row = [image.getpixel((x, image.height * 9 // 10)) for x in range(image.width)]
                filled = [on for on, _ in groupby(it <= darkest + 40 for it in row) if on]
                assert len(filled) == full, (media, name)


def test_a_page_says_the_same_without_scripts(browser: Browser, server: Server) -> None:
    for path in ("/", "/list/stage", f"/page/{MFFC}", "/questions/themes_of_organisation"):
        said = []
        for scripts in (True, False):
            with visiting(browser, server.address, java_script_enabled=scripts) as visit:
                shown = visit.open(path)
                cite = shown.locator(".cite")
                text, citation = (
                    re.sub(r"\s+", " ", it)
                    for it in (shown.inner_text("main"), *cite.all_inner_texts(), "")[:2]
                )
                # Without scripts a button applies; with them a citation is dated and copied.
                said.append(text.replace(citation, "").replace("Appliquer ", ""))
        assert said[0] == said[1], path


def test_the_first_tab_leads_past_the_navigation_and_each_focus_is_seen(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open("/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        assert page.locator(".skip").is_visible()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        for path in ("/", "/page/stage/mfq-franche-comte", "/list/organisation?view=matrix"):
            page = visit.open(path)
            for _ in range(12):
                page.keyboard.press("Tab")
                style, width = page.evaluate(
                    "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])"
                    "(getComputedStyle(document.activeElement))"
                )
                assert style != "none" and width >= 2


PRINTED = (
    *("/", "/list/organisation", "/list/organisation?view=matrix", "/network", "/doubts"),
    *("/list/stage?view=map", "/list/stage?view=timeline", f"/page/{MFFC}"),
)


def test_paper_shows_all_of_a_page_and_nothing_to_press(
    browser: Browser, server: Server, essay: str
) -> None:
    paper: ViewportSize = {"width": 794, "height": 1123}
    pressed = "button, input, select, textarea, .button, .pills, .acts summary, nav"
    with visiting(browser, server.address, viewport=paper, media={"media": "print"}) as visit:
        for path in PRINTED:
            page = visit.open(path)
            assert not visit.overflows(), path
            assert page.locator(pressed).locator("visible=true").count() == 0, path
            assert page.evaluate(FOLDED) == [], path
            assert path == "/" or page.locator(".cite > p").first.is_visible(), "how it is cited"
            assert page.get_by_role("heading", level=1).is_visible()
        page = visit.open("/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+%3Fc+%7D+LIMIT+9")
        for _ in ("as the server sends it", "as the workbench shows it"):
            assert page.locator("main tbody tr").first.is_visible()
            assert page.get_by_text(re.compile("LIMIT 9")).locator("visible=true").count() == 1
            kept = "button:not(:is(th, td) > *), input, select, .pills, nav, summary"
            assert page.locator(kept).locator("visible=true").count() == 0
            assert not visit.overflows()
            page.mouse.move(9, 9)
            page.locator("[data-part=table] tbody tr").first.wait_for()
    for site, path in ((essay, "/carnet/essai"), (server.address, "/carnet/carnet-2")):
        with visiting(browser, site, viewport=paper, media={"media": "print"}) as visit:
            page = visit.open(path)
            assert not visit.overflows(), path
            shown = f"main :is({pressed}, summary)"
            assert page.locator(shown).locator("visible=true").count() == 0
            facts = page.locator(".part-facts > li").evaluate_all(
                "them => them.map(it => it.checkVisibility() && it.clientHeight > 0)"
            )
            assert facts and all(facts), "every fact"


def test_the_system_s_colours_leave_pages_readable(browser: Browser, server: Server) -> None:
    media = {"forced_colors": "active", "color_scheme": "dark", "reduced_motion": "reduce"}
    with visiting(browser, server.address, media=media) as visit:
        page = visit.open("/list/organisation?view=matrix")
        tabs = "all => all.map(it => getComputedStyle(it).borderBottomColor)"
        here = page.locator(".nav a[aria-current]").evaluate_all(tabs)
        others = page.locator(".nav a:not([aria-current])").evaluate_all(tabs)
        assert here and not {*here} & {*others}
        button = page.locator(".find button")
        colours = button.evaluate(
            "it => [getComputedStyle(it).color, getComputedStyle(it).backgroundColor]"
        )
        assert colours[0] != colours[1]
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
