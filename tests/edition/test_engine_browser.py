"""In a real browser, an edition answers queries by itself, and says what to do where it cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Response
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.serving import make_server

from browsing import visiting
from rallynov_graph.release.release import Release
from rallynov_graph.site import edition
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.headers import POLICY
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EXAMPLE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENGINE = "**/engine/engine.json"


@pytest.fixture(scope="module")
def address(store: EmbeddedStore, release: Release) -> Iterator[str]:
    """The site as an edition is made from it, on a server that answers nothing else."""
    app = create_app(store.pages(), release)
    edition.register(app)

    @app.after_request
    def allow_engine(response: Response) -> Response:
        policy = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
        response.headers["Content-Security-Policy"] = policy
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def ask(page: Page, query: str) -> None:
    """Ask a query in the workbench."""
    editor = page.locator(".cm-content")
    editor.focus()
    editor.fill(query)
    page.get_by_role("button", name="Exécuter").click()


def test_the_workbench_answers_by_itself(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        page = visit.open("/sparql?query=ASK%20{%20%3Fs%20%3Fp%20%3Fo%20}")
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
        assert not [it for it in asked if "/sparql?" in it.removeprefix(f"{address}/sparql?query")]
        packed = [it for it in asked if it.endswith(".zst")]
        assert len(packed) == 1, "a worker that is started again gets nothing again"
        assert visit.complaints == []


def test_a_query_that_does_not_end_is_ended(browser: Browser, address: str) -> None:
    def soon(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "seconds": 0.2})

    with visiting(browser, address) as visit:
        visit.page.route(ENGINE, soon)
        page = visit.open("/sparql")
        page.mouse.move(9, 9)
        ask(page, ENDLESS)
        fault = page.locator("[data-answer] .fault")
        expect(fault).to_contain_text("La requête prend trop de temps")


def test_a_question_is_asked_with_any_value_on_its_page(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/questions/innovations_on_theme?certainty=inferred")
        page.get_by_label("Thème").select_option("theme/gouvernance")
        page.get_by_role("button", name="Demander").click()
        answer = page.locator("[data-answer]")
        expect(answer.get_by_role("status")).to_have_text("1 ligne")
        link = answer.get_by_role("link", name="Gouvernance sans chef de production")
        assert "certainty=inferred" in (link.get_attribute("href") or "")
        assert "theme=theme%2Fgouvernance" in page.url
        assert visit.barriers() == []
        assert visit.complaints == []


def test_what_hinders_the_engine_is_said_with_what_to_do(browser: Browser, address: str) -> None:
    """Each hindrance is real to the browser: a file that is missing or damaged, no WebAssembly."""

    def damaged(route: Route) -> None:
        route.fulfill(body=b"x" * 1000, content_type="application/gzip")

    def too_large(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "too_large": {"quads": 1000000, "most": 300000}})

    with visiting(browser, address) as visit:
        page = visit.open("/sparql")
        page.mouse.move(9, 9)
        fault = page.locator("[data-answer] .fault")
        for pattern, handler, sentence in (
            (ENGINE, too_large, "Téléchargez-les"),
            ("**/*.nq.gz", damaged, "n’est pas celui qui a été publié"),
            ("**/*.zst", lambda route: route.fulfill(status=404), "manque à cette édition"),
            ("**/*.zst", lambda route: route.abort(), "Vérifiez la connexion"),
        ):
            page.route(pattern, handler)
            ask(page, EXAMPLE)
            expect(fault).to_contain_text(sentence)
            page.unroute(pattern)
            page.reload()
            page.mouse.move(9, 9)
        page.evaluate("delete window.WebAssembly")
        ask(page, EXAMPLE)
        expect(fault).to_contain_text("trop ancien")
