"""Make the pictures of docs/desk.md and docs/desk.fr.md from the running desk: ``make pictures``.

An invented newsletter is entered by keyboard, as the page tells, in both languages.
"""

import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / it) for it in ("bench", "tests/support", "tests")]

from desk_keyboard import DeskKeyboard  # noqa: E402

from browsing import launched  # noqa: E402
from decided_trial import at_desk, to_enter_alone  # noqa: E402
from desks import desk  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures" / "desk"
WIDTH, HEIGHT = 1100, 640
_QUALITY: Final = 48
_TERMS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {"kind": "organisation", "property": "porté", "reason": "Présenté par elle, sans plus."},
    "en": {"kind": "organisation", "property": "carri", "reason": "It presents it, no more."},
}


def _proposals(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    hand.press("j", "a", "j", "r", "j", "a")
    hand.settled()


def _words(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    start = hand.text.index("Organisé par la coopérative")
    end = hand.text.index("34 participants") - 1
    hand.select((start, end))


def _name(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    start = hand.text.index("Bezhinou")
    hand.select((start, start + len("Bezhinou")))
    hand.press("n")
    hand.choose("fact-subject", lambda it: it.is_new, "")
    hand.write(words["kind"][:4])
    hand.page.locator(f'#fact-subject-kind-list[data-for="{words["kind"][:4]}"]').wait_for()


def _fact(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    hand.press("Enter")
    hand.stated()
    start = hand.text.index("membre de Bezhinou, a présenté")
    hand.select((start, hand.text.index("un panneau isolant") - 2))
    hand.press("f")
    if hand.page.evaluate("document.getElementById('fact-subject').value") != "Goumon-Plak":
        hand.press("Shift+Tab")
        hand.choose("fact-subject", lambda it: it.label == "Goumon-Plak", "goum")
    hand.write(words["property"])
    hand.page.locator(f'#fact-property-list[data-for="{words["property"]}"]').wait_for()


def _certainty(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    hand.press("Enter")
    hand.choose("fact-object", lambda it: it.label == "Bezhinou", "bez")
    hand.press("3")
    hand.page.locator("[data-fact=reasons][data-ready]").wait_for(state="attached")
    hand.write(words["reason"])


def _rules(hand: DeskKeyboard, words: Mapping[str, str]) -> None:
    hand.press("Control+Enter")
    hand.stated()
    hand.page.locator(".findings .is-warning, .findings .is-violation").first.wait_for()


STEPS: Final[Mapping[str, Callable[[DeskKeyboard, Mapping[str, str]], None]]] = {
    "proposals": _proposals,
    "words": _words,
    "name": _name,
    "fact": _fact,
    "certainty": _certainty,
    "rules": _rules,
}
"""What is pressed before each picture, from the picture before."""


def take(page: Page, path: Path) -> None:
    """Write a picture of the page, as small as it can be read."""
    page.wait_for_timeout(400)  # the delayed effect of a key is visible
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(path, "WEBP", quality=_QUALITY, method=6)


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, launched(playwright) as browser:
        for language, words in _TERMS.items():
            with TemporaryDirectory() as folder:
                it = at_desk(to_enter_alone(Path(folder, "programme")))
                with desk(it.root, it.slug, "--lang", language) as running:
                    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
                    page.goto(running.address)
                    page.locator("body[data-ready]").wait_for()
                    hand = DeskKeyboard(page, it.text.read_bytes().decode())
                    for step, press in STEPS.items():
                        press(hand, words)
                        take(page, PICTURES / f"{step}.{language}.webp")
                    page.close()


if __name__ == "__main__":
    main()
