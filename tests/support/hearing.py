"""What a screen reader would say of a page: a simulated one, in the real browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route

from browsing import FOLDER, intercepted

READER = FOLDER / "node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js"
_SERVED = "/simulated-screen-reader.js"
"""Served from the site's own address: its policy lets no other script in."""
_MOST = 600
"""So many phrases of a part of a page are listened to."""

_PATIENCE = 15_000
"""So many milliseconds are waited for a phrase."""


class Reader:
    """A screen reader that simulates what the specifications ask for; it does not follow
    ``aria-activedescendant``: for that, see ``active``."""

    def __init__(self, page: Page) -> None:
        def serve(route: Route) -> None:
            route.fulfill(path=READER, content_type="text/javascript")

        self.page = page
        intercepted(page, f"**{_SERVED}", serve)
        page.evaluate(
            """async (address) => {
              window.reader = (await import(address)).virtual;
              await window.reader.start({ container: document.body });
            }""",
            _SERVED,
        )
        page.unroute(f"**{_SERVED}", serve)  # a page that is looked through keeps no files
        self.forget()

    def forget(self) -> None:
        """Leave what was said until now aside."""
        self.page.evaluate("reader.clearSpokenPhraseLog()")

    def said(self) -> list[str]:
        """Return what was said since the last time, and leave it aside."""
        found: list[str] = self.page.evaluate("reader.spokenPhraseLog()")
        self.forget()
        return found

    def hears(self, *phrases: str) -> None:
        """Wait until phrases that begin so were said, whatever was said between them."""
        heard = self.page.evaluate(
            """async ([phrases, patience]) => {
              const until = performance.now() + patience;
              for (;;) {
                const said = await reader.spokenPhraseLog();
                if (phrases.every((it) => said.some((one) => one.startsWith(it)))) return true;
                if (performance.now() > until) return false;
                await new Promise((soon) => setTimeout(soon, 50));
              }
            }""",
            [phrases, _PATIENCE],
        )
        said = self.said()
        assert heard, f"{phrases} were not said, but {said}"

    def read(self, selector: str) -> list[str]:
        """Return what is said of a part of the page, read from its beginning to its end."""
        found: list[str] = self.page.evaluate(
            """async ([selector, most]) => {
              await reader.stop();
              await reader.start({ container: document.querySelector(selector) });
              const first = await reader.lastSpokenPhrase();
              const said = [first];
              while (said.length < most && said.at(-1) !== `end of ${first}`) {
                await reader.next();
                said.push(await reader.lastSpokenPhrase());
              }
              await reader.stop();
              await reader.start({ container: document.body });
              await reader.clearSpokenPhraseLog();
              return said;
            }""",
            [selector, _MOST],
        )
        return found


def active(page: Page) -> dict[str, Any]:
    """Return what Chromium tells assistive software to be active in what has the focus."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    focused = [node for node in nodes if _told(node, "focused")][-1]
    active = _told(focused, "activedescendant")
    wanted = active["relatedNodes"][0]["backendDOMNodeId"] if active else None
    of = next((n for n in nodes if wanted and n.get("backendDOMNodeId") == wanted), focused)
    return {
        "role": of["role"]["value"],
        "name": of["name"]["value"],
        "in": focused["role"]["value"],
    }


def _told(node: dict[str, Any], name: str) -> Any:
    return next((p["value"] for p in node.get("properties", ()) if p["name"] == name), None)
