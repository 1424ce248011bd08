"""How pages are looked at in the browser: languages, widths, colours, rules."""

from typing import Literal

from browsing import NARROW, PHONE, WIDE

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


WIDTHS = (WIDE, PHONE, NARROW)
"""In windows so wide no text may lie over another."""
