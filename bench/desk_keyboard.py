"""A reader at the desk who has a keyboard alone: what is pressed is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Page

from rallynov_graph.matching.words import folded

Span = tuple[int, int]
_WORD: Final = re.compile(r"[^\W_]+(?:[-.@/•][^\W_]+)*(?:[’'](?=[^\W\d_]))?")
_PLAIN: Final = str.maketrans("’‘\n\u00a0\u202f", "''   ")
_FIELD: Final = """id => {
  const list = document.getElementById(`${id}-list`);
  return [!list.hidden, document.getElementById(id).value];
}"""
"""Tells whether the list of a field is open, and what the field has."""
_LINES: Final = """([id, written]) => new Promise((go, fail) => {
  const list = document.getElementById(`${id}-list`);
  const look = () => {
    if (list.dataset.for !== written) return;
    watch.disconnect();
    clearTimeout(late);
    go([[...list.children].map(it => [
      it.querySelector(".option-label").textContent, it.classList.contains("is-new"),
      it.getAttribute("aria-disabled") === "true",
      it.querySelector(".option-note")?.textContent ?? ""]),
      [...list.children].findIndex(it => it.getAttribute("aria-selected") === "true")]);
  };
  const watch = new MutationObserver(look);
  const late = setTimeout(() => fail(new Error(`${id} has no list for ${written}`)), 120000);
  watch.observe(list, {attributes: true, attributeFilter: ["data-for"]});
  look();
})"""
"""Waits for the list that a field has for what was written; tells its lines and the active one."""
_STATED: Final = """() => new Promise(go => {
  const form = document.querySelector("[data-desk=factForm]");
  const look = () => {
    if (document.body.hasAttribute("data-busy") || form.hasAttribute("aria-busy")) return;
    watch.disconnect();
    go(form.hidden);
  };
  const watch = new MutationObserver(look);
  for (const it of [document.body, form]) watch.observe(it, {attributes: true});
  look();
})"""
"""Waits until the desk has answered; tells whether the form is closed."""
_FEW: Final = 3
"""So many arrows are quicker than to write on."""


TIMES: Final = """
window.keyTimes = [];
const keys = [];
addEventListener("keydown", ({timeStamp, key, target}) => {
  const form = target.closest("form, dialog")?.dataset?.desk ?? "";
  keys.push([timeStamp, `${key} in ${target.id || target.name || form || target.localName}`]);
}, true);
new PerformanceObserver(list => {
  for (const it of list.getEntries())
    if (/^(key|input|before)/.test(it.name)) {
      const pressed = keys.findLast(([at]) => at <= it.startTime + 1)?.[1] ?? "";
      window.keyTimes.push([it.processingEnd - it.processingStart, `${it.name}, ${pressed}`]);
    }
}).observe({type: "event", durationThreshold: 16, buffered: true});
"""
"""Has a page note how long it works on each key that takes longer than a frame, and where."""


@dataclass(frozen=True)
class Line:
    """A line of the list under a field."""

    label: str
    is_new: bool
    is_disabled: bool
    note: str = ""


def plain(text: str) -> str:
    """Return a text so that each of its signs stays in its place and is easily written."""
    return "".join(_plain(sign) for sign in text.translate(_PLAIN))


def _plain(sign: str) -> str:
    found = folded(sign) if sign != " " else sign
    return found if len(found) == 1 else sign


@dataclass
class DeskKeyboard:
    """A reader at the page of a document, with the number of keys pressed."""

    page: Page
    text: str
    keys: int = 0
    position: int = 0
    """Where the last piece ends."""
    selected: tuple[Span, ...] = ()
    words: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plain = plain(self.text)
        self.words = [(it.start(), it.end()) for it in _WORD.finditer(self.text)]
        self._starts = {start: place for place, (start, _) in enumerate(self.words)}

    @classmethod
    def at(cls, page: Page) -> DeskKeyboard:
        """Return someone who has the text as the page has it, contacts masked."""
        return cls(page, page.request.get(f"{_place(page)}/text").text())

    def press(self, *keys: str) -> None:
        """Press keys, each once; what is held counts as well."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1 + key.count("+")

    def write(self, text: str) -> None:
        """Write a text, a key a sign."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def select(self, *spans: Span) -> None:
        """Select words by their beginning; no key is pressed if they are selected already."""
        if spans == self.selected:
            return
        for number, span in enumerate(spans):
            if number:
                self.press("Space")
            self._select(span)
        self.selected = spans

    def clear(self) -> None:
        """Select nothing."""
        self.press("Escape")
        self.selected, self.position = (), 0

    def _select(self, span: Span) -> None:
        first, last = self._among(span)
        ways = [self._way(first, end, last) for end in range(first, min(first + 4, last + 1))]
        written, again, left = min(ways, key=lambda it: len(it[0]) + it[1] + 2 * it[2])
        to_last = self._to_last(first, last)
        self.press("/")
        if to_last and len(to_last) + 2 < 2 * left:
            written, left = f"{self._way(first, first, first)[0]}..{to_last}", 0
        self.write(written)
        self.press(*["ArrowDown"] * again, "Enter", *["Shift+ArrowRight"] * left)
        # Characters after the last word, such as a bracket, are taken one by one.
        signs = max(0, span[1] - self.words[last][1]) if span[0] == self.words[first][0] else 0
        self.press(*["Alt+ArrowRight"] * signs)
        self.position = self.words[last][1] + signs

    def _among(self, span: Span) -> tuple[int, int]:
        start, end = span
        inside = [n for n, word in enumerate(self.words) if word[0] < end and word[1] > start]
        return inside[0], inside[-1]

    def _way(self, first: int, end: int, last: int) -> tuple[str, int, int]:
        """Return the typed text, the number of continuations, and the number of words missing
        then.
        """
        start, stop = self.words[first][0], self.words[end][1]
        low = self.words[end][0] - start + 1
        ways = []
        for length in range(low, stop - start + 1):
            written = self.plain[start : start + length].rstrip()
            ways.append((written, self._before(written, start), last - end))
        return min(ways, key=lambda it: len(it[0]) + it[1])

    def _before(self, written: str, start: int) -> int:
        """Return how many other places are found from here before the right one."""
        number, at = 0, self._next(written, self.position)
        while at != start:
            number, at = number + 1, self._next(written, at + 1)
        return number

    def _to_last(self, first: int, last: int) -> str:
        if last == first or self._way(first, first, first)[1]:
            return ""
        start, stop = self.words[last]
        for length in range(1, stop - start + 1):
            found = self.plain[start : start + length]
            if self._following(found, self.words[first][1]) == start:
                return found
        return ""

    def _next(self, written: str, position: int) -> int:
        found = self._following(written, position)
        return found if found >= 0 else self._following(written, 0)

    def _following(self, written: str, position: int) -> int:
        at = self.plain.find(written, position)
        while at >= 0 and at not in self._starts:
            at = self.plain.find(written, at + 1)
        return at

    def lines(self, field_id: str, written: str) -> tuple[list[Line], int]:
        """Return the suggestions under a field for a typed text, and which is active."""
        found, active = self.page.evaluate(_LINES, [field_id, written])
        return [Line(*it) for it in found], active

    def choose(self, field_id: str, fits: Callable[[Line], bool], written: str) -> bool:
        """Type a text until the right suggestion is near; choose it."""
        is_open, value = self.page.evaluate(_FIELD, field_id)
        has_value = value and not is_open
        if has_value and not written:
            self.press("Backspace")
            has_value = False
        for length in range(1 if has_value else 0, len(written) + 1):
            if length:
                self.write(written[length - 1])
            lines, active = self.lines(field_id, written[:length])
            place = next((n for n, it in enumerate(lines) if not it.is_disabled and fits(it)), -1)
            by = place - active
            if place >= 0 and (by <= _FEW or length == len(written)):
                self.press(*["ArrowDown" if by > 0 else "ArrowUp"] * abs(by), "Enter")
                return True
        return False

    def settled(self) -> None:
        """Wait until the desk has answered all requests: several acts may be pending."""
        self.stated()

    def stated(self) -> bool:
        """Return whether the form of a fact is closed, once the desk has answered."""
        return bool(self.page.evaluate(_STATED))

    def slowest(self) -> list[tuple[float, str]]:
        """Return for how many milliseconds the page worked on keys, and which; slowest first."""
        every = self.page.evaluate("window.keyTimes ?? []")
        return sorted(((float(took), str(what)) for took, what in every), reverse=True)

    def state(self) -> dict[str, Any]:
        """Return the state of the desk."""
        return dict(self.page.request.get(f"{_place(self.page)}/state?lang=fr").json())


def _place(page: Page) -> str:
    """Return the address of the document at the desk."""
    slug = page.evaluate("document.body.dataset.slug")
    return f"{page.url.split('/' + slug)[0]}/{slug}"
