"""In a real browser, an edition answers queries by itself, and says what to do where it cannot."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, Route, expect

from browsing import intercepted, visiting

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EXAMPLE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENGINE = "**/engine/engine.json"


def ask(page: Page, query: str) -> None:
    """Ask a query in the workbench."""
    if not page.locator(".cm-content").count():
        page.locator("#query").focus()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.get_by_role("button", name="Exécuter").click()


def test_the_workbench_answers_by_itself(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        page = visit.open("/sparql.html?query=ASK%20{%20%3Fs%20%3Fp%20%3Fo%20}")
        answer = page.locator("[data-answer]")
        expect(answer.get_by_text("Oui.")).to_be_visible()
        with page.expect_download() as saving:
            answer.get_by_role("link", name="XML").click()
        assert "<boolean>true</boolean>" in saving.value.path().read_text()
        ask(page, "SELECT ?x { ?x foo:bar 1 }")
        expect(answer.locator(".fault")).to_contain_text("Le préfixe foo: n’est pas déclaré")
        ask(page, ENDLESS)
        answer.get_by_role("button", name="Arrêter").click()
        expect(answer).to_contain_text("La requête est arrêtée")
        ask(page, f"CONSTRUCT {{ ?s a ?o }} {{ ?s a ?o }} LIMIT 3 # {'(' * 400}")
        expect(answer.locator(".fault")).to_contain_text("trop de mémoire")
        ask(page, "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 3")
        expect(answer).to_contain_text("3 triplets")
        with page.expect_download() as saving:
            answer.get_by_role("link", name="Turtle").click()
        assert saving.value.path().read_text().count(" a ") + 1 >= 3
        packed = [it for it in asked if it.endswith(".wasm.zst")]
        assert len(packed) == 1, "a worker that is started again gets nothing again"
        assert visit.complaints == []


def test_a_query_that_does_not_end_is_ended(browser: Browser, address: str) -> None:
    def soon(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "seconds": 0.2})

    with visiting(browser, address) as visit:
        visit.page.route(ENGINE, soon)
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        expect(page.locator("[data-format]")).to_be_visible()
        expect(page.locator(".cm-content")).to_have_count(0)
        ask(page, ENDLESS)
        fault = page.locator("[data-answer] .fault")
        expect(fault).to_contain_text("La requête prend trop de temps")


def test_the_editor_comes_after_the_first_answer_of_who_writes_nothing(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address, locale="fr-FR") as visit:  # a window with an empty cache
        scripts: list[str] = []
        visit.page.on("request", lambda it: scripts.append(it.url.rpartition("/")[2]))
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        expect(page.locator("[data-format]")).to_be_visible()
        assert page.locator("#query").is_editable()
        page.get_by_role("button", name="Exécuter").click()
        expect(page.locator("[data-answer] [data-part=status]")).to_contain_text("ligne")
        expect(page.locator(".cm-content")).to_contain_text("SELECT")
        engine = next(place for place, it in enumerate(scripts) if it.endswith(".wasm.zst"))
        assert scripts.index("terms.json") > engine, "the terms are for the editor"
        assert visit.complaints == []


def test_a_question_is_asked_with_any_value_on_its_page(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/questions/innovations_on_theme.inferred.html")
        page.get_by_label("Thème", exact=True).select_option("theme/gouvernance")
        page.get_by_role("button", name="Demander").click()
        answer = page.locator("[data-answer]")
        expect(answer.get_by_role("status")).to_have_text("1 ligne")
        link = answer.get_by_role("link", name="Gouvernance sans chef de production")
        expect(link).to_have_attribute(
            "href", re.compile(r"/page/innovation/[a-z-]+\.inferred\.html$")
        )
        assert "theme=theme%2Fgouvernance" in page.url
        assert visit.barriers() == []
        assert visit.complaints == []


def test_what_hinders_the_engine_is_said_with_what_to_do(browser: Browser, address: str) -> None:
    """Each hindrance is real to the browser: a file that is missing or damaged, no WebAssembly."""

    def damaged(route: Route) -> None:
        route.fulfill(body=b"x" * 1000, content_type="application/zstd")

    def too_large(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "too_large": {"quads": 1000000, "most": 300000}})

    with visiting(browser, address, locale="fr-FR") as visit:  # a window with an empty cache
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        fault = page.locator("[data-answer] .fault")
        for pattern, handler, sentence in (
            (ENGINE, too_large, "Téléchargez-les"),
            ("**/*.wasm.zst", lambda route: route.fulfill(status=404), "à cette édition : static/"),
            ("**/*.wasm.zst", lambda route: route.abort(), "Vérifiez la connexion"),
            ("**/*.quads.zst", damaged, "n’est pas celui qui a été publié"),  # keeps the engine
        ):
            intercepted(page, pattern, handler)
            ask(page, EXAMPLE)
            expect(fault).to_contain_text(sentence)
            page.unroute(pattern)
            page.reload()
            page.mouse.move(9, 9)
        page.evaluate("delete window.WebAssembly")
        ask(page, EXAMPLE)
        expect(fault).to_contain_text("trop ancien")
