"""Words that pages for readers no longer have, since others say the same more plainly."""

from __future__ import annotations

import re
from typing import Final

from reading_pages import Page

OLD: Final = {
    "fr": re.compile(
        r"\bsignes? \d|en suspens|pourquoi\s?\?|\blecture possible\b|\bdits seulement\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\bcharacters? \d|(?<![-/:#\w])tentative|\bwhy\?|\bpossible reading\b|\bsaid only\b",
        re.IGNORECASE,
    ),
}
"""A name of the vocabulary, as in ``rn:tentative``, is none of them."""
OF_MACHINES: Final = ("/list/selector", "/page/selector/", "/page/graph/")
"""Pages of what only programs count: there a position is told in characters."""


def old_words(page: Page, address: str, language: str) -> list[str]:
    """Return the old words of a page in its own language."""
    if address.startswith(OF_MACHINES):
        return []
    words = "\n".join(text for text, told in page.spoken if told == language)
    return OLD[language].findall(" ".join(words.split()))
