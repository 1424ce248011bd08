"""The site in a real browser: no barrier that axe finds, nothing from elsewhere, by keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from browsing import AXE, HEIGHT, NARROW, WIDE, Visit, visiting
from rallynov_graph.namespaces import ID, RN
from servers import Server

PAGES = {
    "home": "/",
    "list": "/list/stage",
    "narrowed list": "/list/innovation?means=means/bus&certainty=inferred",
    "large themes": "/list/theme",
    "stage": "/page/stage/mfq-franche-comte",
    "organisation": "/page/organisation/legeni",
    "person": "/page/person/pierre-alixant",
    "innovation": "/page/innovation/mamhique",
    "theme": "/page/theme/innovation-sociale",
    "matrix": "/links",
    "between": "/between?from=organisation/legeni&to=organisation/indibat",
    "a name of several": "/between?from=télétravail&to=theme/confiance",
    "compare": "/compare?a=organisation/legeni&b=organisation/mutualite-francaise-franche-comte",
    "network": "/network",
    "network around": "/network?centre=organisation/legeni&steps=2&sort=name",
    "why": f"/why?subject={ID}organisation/legeni&property={RN.replace('#', '%23')}linkedToTheme"
    f"&object={ID}theme/gouvernance",
    "when and where": "/when-and-where",
    "carnet": "/carnet/carnet-2",
    "open questions": "/open-questions",
    "questions": "/questions",
    "question": "/questions/organisations_and_themes",
    "a question built": "/builder?kind=rn:Stage&1=dcterms:subject&1.how=optional"
    "&2=schema:startDate&2.from=x&3=rn:carriedBy&3.1=rdfs:label",
    "search": "/search",
    "what was found": "/search?q=gouvrenance",
    "nothing found": "/search?q=gouvernancielle",
    "SPARQL": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+%3Fc+%7D+LIMIT+9",
    "an error in SPARQL": "/sparql?query=SELECT+nothing",
    "report": "/report",
    "ontology": "/ontology",
    "class": "/ontology/Stage",
    "property": "/ontology/carriedBy",
    "changes": "/changes",
    "downloads": "/downloads",
    "about": "/about",
    "accessibility": "/accessibility",
    "an unknown value": "/links?certainty=perhaps",
    "nothing there": "/page/stage/nowhere",
}
FINISHED_BY_PICTURES = ("network", "network around", "question", "a question built", "SPARQL")
FINISHED_BY_PICTURES += ("an error in SPARQL",)
"""The pages whose scripts leave something to the next picture."""
LANGUAGES = {"fr": "", "en": "lang=en"}
BY_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules that may find something else in the same page, darker."""
BY_WIDTH = ("target-size", "scrollable-region-focusable")
"""The rules that may find something else in the same page, narrower."""
IN_WORDS = ("document-title", "html-has-lang", "html-lang-valid", "valid-lang", "link-name")
IN_WORDS += ("button-name", "label", "svg-img-alt", "empty-heading", "page-has-heading-one")
"""The rules that may find something else in the same page, in another language."""
LOOKS: dict[str, tuple[tuple[int, Literal["light", "dark"], tuple[str, ...]], ...]] = {
    "fr": ((WIDE, "light", ()), (NARROW, "dark", (*BY_COLOUR, *BY_WIDTH))),
    "en": ((NARROW, "light", (*IN_WORDS, *BY_WIDTH)),),
}
"""How a page is looked at in each language, and by which rules: all, in its first look."""
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


def address(page: str, language: str) -> str:
    """The address of a page in a language."""
    asked = LANGUAGES[language]
    if not asked:
        return PAGES[page]
    return PAGES[page] + ("&" if "?" in PAGES[page] else "?") + asked


@contextmanager
def looking(browser: Browser, server: Server) -> Iterator[Visit]:
    """One visit to many pages, which keeps the site's files as a reader's does, axe in each page.

    The browser compiles what is there from the first once; what is sent to a page, anew for each.
    """
    with visiting(browser, server.address, device_scale_factor=2) as visit:
        visit.page.add_init_script(path=AXE)
        yield visit
        assert visit.complaints == []


@pytest.fixture(scope="module")
def still(still_browser: Browser, server: Server) -> Iterator[Visit]:
    """Visits pages that no script finishes from one picture to the next."""
    with looking(still_browser, server) as visit:
        yield visit


@pytest.fixture(scope="module")
def drawn(browser: Browser, server: Server) -> Iterator[Visit]:
    """Visits the others: the canvas of a network, the rows and the editor of a query."""
    with looking(browser, server) as visit:
        yield visit


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Visit:
    """Looks at the page of the test, or at any that no script finishes."""
    chosen = getattr(request.node, "callspec", None)
    page = chosen.params.get("page") if chosen else None
    visit: Visit = request.getfixturevalue("drawn" if page in FINISHED_BY_PICTURES else "still")
    return visit


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_barrier_loses_nothing_and_asks_nobody_else(visit: Visit, page: str) -> None:
    """One load serves all looks of a language: what only colours or width change needs no other."""
    found = []
    for language, looks in LOOKS.items():
        visit.look(*looks[0][:2])
        visit.open(address(page, language))
        for width, scheme, rules in looks:
            visit.look(width, scheme)
            seen = f"{language} {width} {scheme}"
            found += [f"{seen}: {barrier}" for barrier in visit.barriers(*rules)]
            if visit.overflows():
                found.append(f"{seen}: the page is wider than the window")
        visit.page.set_viewport_size(MAGNIFIED)
        seen = f"{language} at 200 per cent"
        found += [f"{seen}: cut off: {cut}" for cut in visit.page.evaluate(CUT_OFF)]
        if visit.overflows():
            found.append(f"{seen}: the page is wider than the window")
    expected = ("status of 400", "status of 404")
    found += [said for said in visit.complaints if not any(e in said for e in expected)]
    visit.complaints.clear()
    assert found == []


def test_a_barrier_and_what_is_cut_off_are_seen(visit: Visit) -> None:
    visit.look(WIDE, "light")
    page = visit.open("/about")
    page.evaluate(
        """() => {
            const p = document.querySelector("main p");
            Object.assign(p.style, { color: "#ccc", height: "4px", overflow: "hidden" });
            p.textContent = "grey on white";
        }"""
    )
    assert any("grey on white" in barrier for barrier in visit.barriers(*BY_COLOUR))
    assert any("grey on white" in cut for cut in page.evaluate(CUT_OFF))


@pytest.mark.parametrize("page", ["home", "list", "stage", "matrix", "question"])
def test_a_page_says_the_same_without_scripts(browser: Browser, server: Server, page: str) -> None:
    said = []
    for scripts in (True, False):
        with visiting(browser, server.address, java_script_enabled=scripts) as visit:
            said.append(visit.open(PAGES[page]).inner_text("main"))
    assert said[0] == said[1]


def test_the_first_tab_leads_past_the_navigation(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").is_visible()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_a_link_of_the_matrix_is_followed_by_keyboard(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open("/links")
        page.locator("table a").first.focus()
        reached = tabs_until(page.keyboard.press, lambda: focused(page).startswith("/why"))
        assert reached
        page.keyboard.press("Enter")
        page.wait_for_url("**/why*")
        assert page.locator("h1").count() == 1


def tabs_until(press: Callable[[str], None], there: Callable[[], bool], most: int = 200) -> bool:
    """Press Tab until something holds; tell whether it came to that."""
    for _ in range(most):
        if there():
            return True
        press("Tab")
    return False


def focused(page: object) -> str:
    """The address of the link that has the focus, empty where it is none."""
    return str(
        page.evaluate("document.activeElement.getAttribute('href') || ''")  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("page", ["home", "stage", "matrix"])
def test_what_has_the_focus_is_seen(browser: Browser, server: Server, page: str) -> None:
    with visiting(browser, server.address) as visit:
        shown = visit.open(PAGES[page])
        for _ in range(12):
            shown.keyboard.press("Tab")
            outline = shown.evaluate(
                "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])"
                "(getComputedStyle(document.activeElement))"
            )
            assert outline[0] != "none"
            assert outline[1] >= 2


def test_paper_shows_all_of_a_page_and_nothing_to_press(browser: Browser, server: Server) -> None:
    paper: ViewportSize = {"width": 794, "height": 1123}
    with visiting(browser, server.address, viewport=paper, media={"media": "print"}) as visit:
        for path in ("/", "/list/innovation", "/when-and-where"):
            page = visit.open(path)
            assert not visit.overflows(), path
            pressed = "button, input, select, .pills, nav, summary:not(.cite > summary)"
            assert page.locator(pressed).locator("visible=true").count() == 0, path
            assert page.locator(".cite > p").first.is_visible(), "how it is cited"
            assert page.get_by_role("heading", level=1).is_visible()


def test_the_system_s_colours_leave_drawings_and_the_matrix_readable(
    browser: Browser, server: Server
) -> None:
    media = {"forced_colors": "active", "color_scheme": "dark", "reduced_motion": "reduce"}
    with visiting(browser, server.address, media=media) as visit:
        page = visit.open("/links")
        image = "cell => getComputedStyle(cell).backgroundImage"
        hatched = page.locator(".matrix .how-inferred").first.evaluate(image)
        assert "gradient" in hatched, "what is inferred is not told by colour alone"
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


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_each_stroke_of_the_road_stands_beside_its_words(
    browser: Browser, server: Server, width: int
) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(width, "light")
        page = visit.open("/")
        places = page.locator(".road .how-link").evaluate_all(
            """links => links.map(link => {
                const beside = link.nextElementSibling ?? link.previousElementSibling;
                const words = beside.getBoundingClientRect();
                const stroke = link.getBoundingClientRect();
                return stroke.right <= words.left + 1 && words.top < stroke.bottom;
            })"""
        )
    assert len(places) > 10 and all(places)


OUT_OF_SIGHT = """() => {
    const around = document.querySelector(".around");
    const drawn = [...around.querySelectorAll(".mark, text")]
        .filter(it => it.getClientRects().length);
    const [right] = around.querySelectorAll(".here .mark");
    return [right, ...drawn].filter(it => {
        const { left, right, width, height } = it.getBoundingClientRect();
        return !width || left < 0 || right > innerWidth || (it.matches("text") && height < 12);
    }).map(it => it.outerHTML);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thing_and_all_that_is_drawn_around_it_are_in_sight(visit: Visit, language: str) -> None:
    """On a telephone too, where one half of the drawing stands below the other."""
    many = f"/page/organisation/mutualite-francaise-franche-comte?{LANGUAGES[language]}"
    page = visit.open(many)
    for width, halves in ((NARROW, 2), (360, 2), (768, 1), (WIDE, 1)):
        visit.look(width, "light")
        assert page.evaluate(OUT_OF_SIGHT) == []
        tops = page.locator(".halves > svg").evaluate_all(
            "them => them.map(it => Math.round(it.getBoundingClientRect().top))"
        )
        assert len({*tops}) == halves
        assert page.locator(".around .here .mark:visible").count() == halves
