"""The site in a real browser: no barrier that axe finds, nothing from elsewhere, by keyboard."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from browsing import AXE, HEIGHT, NARROW, WIDE, Visit, visiting
from claims import short
from looks import BY_COLOUR, LOOKS, WIDTHS
from made_up_carnet import TEXT, serving_document
from rallynov_graph.release.release import Release
from servers import Server, serving

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
    "an agent": "/page/agent/curateurs",
    "a reading not taken": "/page/standing/carnet-2-autre-dates-lip-alternative",
    "matrix": "/list/organisation?view=matrix",
    "map of a list": "/list/stage?view=map",
    "timeline of a list": "/list/stage?view=timeline",
    "between": "/between?from=organisation/legeni&to=organisation/indibat",
    "a name of several": "/between?from=télétravail&to=theme/confiance",
    "compare": "/compare?a=organisation/legeni&b=organisation/mutualite-francaise-franche-comte",
    "network": "/network",
    "network around": "/network?centre=organisation/legeni&steps=2&sort=name",
    "evidence note": short("organisation/legeni", "linkedToTheme", "theme/gouvernance"),
    "carnet": "/carnet/carnet-2",
    "doubts": "/doubts",
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
    "for programs": "/api",
    "accessibility": "/accessibility",
    "documents": "/docs?q=certitude",
    "a document": "/docs/entering",
    "an unknown value": "/list/organisation?view=matrix&certainty=perhaps",
    "nothing there": "/page/stage/nowhere",
}
FINISHED_BY_PICTURES = ("network", "network around", "question", "a question built", "SPARQL")
FINISHED_BY_PICTURES += ("an error in SPARQL",)
"""The pages whose scripts leave something to the next picture."""
LANGUAGES = {"fr": "", "en": "lang=en"}
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

TABS_OUT_OF_SIGHT = """() => [...document.querySelectorAll(".section-tabs:not(.ways)")]
    .some((tabs) => tabs.scrollWidth > tabs.clientWidth + 1)"""

FOLDED = """() => [...document.querySelectorAll("main details")].filter((details) =>
    details.querySelector("summary").checkVisibility()
    && !details.querySelector(":scope > :not(summary)").checkVisibility())
    .map((details) => details.outerHTML.slice(0, 120))"""
"""What is folded on the screen and of which nothing is printed but its heading."""
PRINTED = (
    "/",
    *("/list/organisation", "/list/organisation?view=matrix", "/network"),
    *("/list/stage?view=map", "/list/stage?view=timeline"),
    "/page/organisation/mutualite-francaise-franche-comte",
    "/doubts",
)

LESS_SEEN = ("/builder", "/builder?kind=rn:Stage", "/carnet/carnet-2?theme=theme/confiance")
LESS_SEEN += ("/list", "/list/person", "/list/passage", "/list/question", "/list/document")
LESS_SEEN += ("/ontology/Rally", "/releases", "/shapes", "/page/document/carnet-2")
LESS_SEEN += (
    "/list/organisation?view=matrix&open=theme/solidarite-et-sante",
    "/list/stage?view=timeline&certainty=explicit",
)
"""Pages of kinds beside PAGES in which overlaps are looked for, beside one thing of each kind."""


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
            if visit.page.evaluate(TABS_OUT_OF_SIGHT):
                found.append(f"{seen}: a tab of the section is out of sight")
        found += [f"{language} {pair}" for pair in visit.overlaps(*WIDTHS)]
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


def test_texts_over_each_other_are_seen(visit: Visit) -> None:
    """Those that stay while the page is scrolled too, and those of a drawing."""
    visit.look(WIDE, "light")
    page = visit.open("/list/stage?view=map")
    assert visit.overlaps(WIDE) == []
    page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll("main svg text.name");
            first.after(second);
            for (const name of ["x", "y", "text-anchor"])
                second.setAttribute(name, first.getAttribute(name));
            const { style } = document.querySelector(".explored-head");
            Object.assign(style, { position: "sticky", top: "50vh" });
        }"""
    )
    pairs = visit.overlaps(WIDE)
    assert any("“Belfort”" in pair for pair in pairs), "of the drawing"
    assert any("“9 étapes”" in pair for pair in pairs), "of what stays"
    page.evaluate(
        """() => Object.assign(document.querySelector(".explored-head").style, {
            background: "rgb(255, 255, 255)", zIndex: 2,
        })"""
    )
    pairs = visit.overlaps(WIDE)
    assert pairs and not any("“9 étapes”" in pair for pair in pairs), "nothing is read through"


def test_no_text_lies_over_another_on_the_other_kinds_of_pages(
    still_browser: Browser, server: Server
) -> None:
    things = re.findall(
        r"<loc>[^<]*(/page/([^/<]+)/[^<?]+)</loc>", server.ask("GET", "/sitemap.xml").text
    )
    one_each = {kind: path for path, kind in things}
    assert len(one_each) > 10
    found = []
    with visiting(still_browser, server.address) as visit:
        for path in (*LESS_SEEN, *one_each.values()):
            visit.look(WIDE, "light")
            visit.open(path)
            found += [f"{path} {pair}" for pair in visit.overlaps(*WIDTHS)]
        assert visit.complaints == []
    assert found == []


OUT_OF_MAP = """all => all.map(name => {
    const box = name.getBoundingClientRect();
    const map = name.closest(".place-map").getBoundingClientRect();
    return box.left < map.left - 2 || box.right > map.right + 2 || box.top < map.top - 2;
})"""


ONE_TOWN = "/list/stage?view=map&status=status/tenue"


@pytest.mark.parametrize("path", ["/", "/list/stage?view=map", ONE_TOWN])
def test_letters_of_maps_are_not_painted_smaller_than_notes_and_none_lies_over_another(
    visit: Visit, path: str
) -> None:
    page = visit.open(path)
    for width in (WIDE, 390, NARROW):
        visit.look(width, "light")
        sizes = page.locator(".place-map text").evaluate_all(
            "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"
        )
        assert sizes and min(sizes) >= 12, width
        assert visit.overlaps(width) == []
        names = page.locator(".place-map .name").evaluate_all(OUT_OF_MAP)
        assert names and not any(names), width
        assert width > 390 or not visit.overflows()
    shape = "all => all[0].clientHeight / all[0].clientWidth"
    assert (page.locator(".place-map").evaluate_all(shape) < 0.5) == (path == ONE_TOWN)


def test_home_has_no_gap_beside_its_matrix(visit: Visit) -> None:
    visit.open("/")
    visit.look(WIDE, "light")
    heights = visit.page.locator(".matrix-and-side > *").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) > 0.7 * max(heights), "no column beside the matrix is left empty"


def test_another_s_graph_has_no_text_over_another(
    still_browser: Browser, data_server: Server
) -> None:
    with visiting(still_browser, data_server.address) as visit:
        for path in ("/", "/list", "/sparql", "/builder", "/network", "/between"):
            visit.open(path)
            assert visit.overlaps(*WIDTHS) == [], path


def test_the_text_of_a_document_stands_beside_its_facts_not_over_them(
    still_browser: Browser, tmp_path: Path
) -> None:
    """In a low window, too, through which the facts are scrolled while the text stays."""
    long = TEXT + " Encore un mot." * 200
    with serving_document(long, tmp_path) as site, visiting(still_browser, site) as visit:
        page = visit.open("/carnet/essai")
        assert visit.overlaps(*WIDTHS) == []
        assert visit.overlaps(WIDE, height=300) == []
        words, facts = page.locator(".edition .row").first.locator("> div").all()
        beside, over = words.bounding_box(), facts.bounding_box()
        assert beside and over and beside["x"] + beside["width"] <= over["x"]
        assert beside["y"] == over["y"]


def test_no_word_of_the_carnet_lies_over_its_facts(
    still_browser: Browser, release: Release, source_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_bytes(source_text.encode())
    with (
        serving("--release", str(release.path), "--source", str(path)) as server,
        visiting(still_browser, server.address) as visit,
    ):
        for page in ("/carnet/carnet-2", PAGES["evidence note"]):
            visit.open(page)
            assert visit.overlaps(*WIDTHS) == [], page


@pytest.mark.parametrize("page", ["home", "list", "stage", "matrix", "question"])
def test_a_page_says_the_same_without_scripts(browser: Browser, server: Server, page: str) -> None:
    said = []
    for scripts in (True, False):
        with visiting(browser, server.address, java_script_enabled=scripts) as visit:
            shown = visit.open(PAGES[page])
            cite = shown.locator(".cite")
            text, citation = (
                re.sub(r"\s+", " ", it)
                for it in (shown.inner_text("main"), *cite.all_inner_texts(), "")[:2]
            )
            # Without scripts a button applies; with them a citation is dated and copied.
            said.append(text.replace(citation, "").replace("Appliquer ", ""))
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
        page = visit.open("/list/organisation?view=matrix")
        page.locator("table a").first.focus()
        reached = tabs_until(page.keyboard.press, lambda: focused(page).startswith("/r/"))
        assert reached
        page.keyboard.press("Enter")
        page.locator(".drawer-claim").wait_for()
        page.locator(".drawer").get_by_role("link", name="Note de preuve").click()
        page.wait_for_url("**/r/*")
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
        for path in PRINTED:
            page = visit.open(path)
            assert not visit.overflows(), path
            pressed = "button, input, select, textarea, .button, .pills, .acts, nav"
            assert page.locator(pressed).locator("visible=true").count() == 0, path
            assert page.evaluate(FOLDED) == [], path
            assert page.locator(".cite > p").first.is_visible(), "how it is cited"
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
        assert visit.complaints == []


def test_the_system_s_colours_leave_drawings_and_the_matrix_readable(
    browser: Browser, server: Server
) -> None:
    media = {"forced_colors": "active", "color_scheme": "dark", "reduced_motion": "reduce"}
    with visiting(browser, server.address, media=media) as visit:
        page = visit.open("/list/organisation?view=matrix")
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


DASHES = """lines => lines.map(line => {
    const [dash, gap] = getComputedStyle(line).strokeDasharray.split(", ").map(parseFloat);
    const kind = line.classList[1].replace("sure-", "");
    return [kind, dash ? Math.ceil(line.getTotalLength() / (dash + gap)) : 1];
})"""
"""Of how many dashes each line of a drawing is."""


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_sign_of_certainty_is_drawn_the_same_everywhere_on_the_home_page(
    browser: Browser, server: Server, width: int
) -> None:
    dashes: dict[str, set[int]] = {}
    with visiting(browser, server.address) as visit:
        visit.look(width, "light")
        page = visit.open("/")
        for kind in ("explicit", "inferred", "tentative"):
            for sign in page.locator(f".how-{kind} > .stroke:visible").all():
                image = Image.open(BytesIO(sign.screenshot())).convert("RGB")
                row = [image.getpixel((x, image.height // 2)) for x in range(image.width)]
                drawn = [min(row) != max(row) and it != max(row) for it in row]
                runs = [on for on, _ in groupby(drawn) if on] if min(row) != max(row) else [True]
                dashes.setdefault(kind, set()).add(len(runs))
        for kind, number in page.locator(".place-map .sure").evaluate_all(DASHES):
            dashes[kind].add(number)
        legend = page.locator(".road-view + p .how").all_inner_texts()
    assert dashes == {"explicit": {1}, "inferred": {3}, "tentative": {2}}
    assert legend == ["déduit", "incertain"], "the legend shows the signs themselves"


OUT_OF_SIGHT = """() => {
    const around = document.querySelector(".around");
    const drawn = [...around.querySelectorAll(".mark, text")]
        .filter(it => it.getClientRects().length);
    const here = around.querySelector(".here .mark");
    return [here, ...drawn].filter(it => {
        const { left, right, width, height } = it.getBoundingClientRect();
        return !width || left < 0 || right > innerWidth || (it.matches("text") && height < 12);
    }).map(it => it.outerHTML);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thing_and_all_that_is_drawn_around_it_are_in_sight(visit: Visit, language: str) -> None:
    """On a telephone too."""
    many = f"/page/organisation/mutualite-francaise-franche-comte?{LANGUAGES[language]}"
    page = visit.open(many)
    for width in (NARROW, 360, 768, WIDE):
        visit.look(width, "light")
        assert page.evaluate(OUT_OF_SIGHT) == []
        assert page.locator(".around .here .mark:visible").count() == 1
