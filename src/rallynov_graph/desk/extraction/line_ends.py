"""Words that a line end cuts in two, joined again; compounds keep their hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SOFT: Final = "\xad"
_CUT: Final = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")
_NEXT: Final = re.compile(r"([^\W\d_]+)")
_COMPOUND: Final = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_BEFORE: Final = frozenset(
    (
        *("arrière", "après", "au", "aussi", "auto", "avant", "beau", "belle", "bien", "celle"),
        *("celles", "celui", "ceux", "chef", "ci", "co", "contre", "court", "demi", "dit", "eco"),
        *("éco", "elle", "elles", "est", "eux", "ex", "grand", "grande", "haut", "haute", "inter"),
        *("là", "lui", "maître", "mi", "micro", "mieux", "moi", "multi", "nord", "non", "nous"),
        *("ouest", "par", "petit", "petite", "peut", "porte", "post", "pré", "presque", "pro"),
        *("quasi", "quelques", "rendez", "savoir", "semi", "soi", "sous", "sud", "sur", "tiers"),
        *("toi", "tout", "très", "vice", "vis", "vivre", "vous"),
    )
)
"""First parts of French compounds, which are words or prefixes of their own."""
_AFTER: Final = frozenset(
    (
        *("ce", "ci", "dire", "elle", "elles", "en", "faire", "il", "ils", "je", "là", "la", "le"),
        *("les", "leur", "lui", "même", "mêmes", "moi", "nous", "on", "pouvoir", "t", "toi", "tu"),
        *("vous", "y", "être"),
    )
)
"""Second parts of them, or what French hangs on a verb."""


@dataclass(frozen=True)
class WrittenWords:
    """The words and the compounds of a document, as it writes them elsewhere."""

    words: frozenset[str]
    compounds: frozenset[str]

    @classmethod
    def of(cls, text: str) -> WrittenWords:
        """Return those of a text."""
        plain = text.casefold()
        return cls(frozenset(_WORD.findall(plain)), frozenset(_COMPOUND.findall(plain)))


def joined(lines: Iterable[str], written: WrittenWords) -> list[str]:
    """Return lines in which no word is cut: its end stands with its beginning.

    A compound keeps its hyphen: where the document has it elsewhere, where the next line begins
    with a capital, and where its parts are those of French compounds. Soft hyphens are left out.
    """
    left = [*lines]
    for number in range(len(left) - 1):
        cut, following = _CUT.search(left[number]), _NEXT.match(left[number + 1].lstrip())
        if cut is None or following is None:
            continue
        soft = left[number].endswith(SOFT)
        hyphen = "" if soft or _is_one_word(cut[1], following[1], written) else "-"
        tail = re.match(r"\S+", left[number + 1].lstrip())
        assert tail is not None
        left[number] = f"{left[number][:-1]}{hyphen}{tail[0]}"
        left[number + 1] = left[number + 1].lstrip()[len(tail[0]) :].lstrip()
    return [line.replace(SOFT, "") for line in left if line.strip(f" {SOFT}")]


def _is_one_word(first: str, second: str, written: WrittenWords) -> bool:
    before, after = first.casefold(), second.casefold()
    if f"{before}{after}" in written.words:
        return True
    if f"{before}-{after}" in written.compounds or not second[0].islower():
        return False
    return before not in _BEFORE and after not in _AFTER
