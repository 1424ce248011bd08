"""Finds telephone numbers and e-mail addresses in a text, to show it without them."""

import re
from typing import Final

BLANK: Final = "[…]"
"""The text that replaces each of them."""

_GAP: Final = r"[\s.\-/\u00a0\u202f]{0,2}"
_FRENCH: Final = (
    rf"(?:\+\d\d|00\d\d|0){_GAP}(?:\(0\){_GAP})?[1-9](?:{_GAP}\d\d){{4}}"  # 0A BC DE FG HI
)
_INTERNATIONAL: Final = rf"\+\d(?:{_GAP}[()]?\d[()]?){{7,13}}"
_IN_THREES: Final = r"0[89]\d\d[\s.\-\u00a0\u202f]?\d{3}[\s.\-\u00a0\u202f]?\d{3}"
_E_MAIL: Final = (
    r"[\w.%+\-]+(?:[ ]?[@＠][ ]?|[ ]?[(\[](?:at|arobase)[)\]][ ]?)[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,}"
)
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])[./\-](?:0[1-9]|1[0-2])[./\-](?:19|20)\d\d(?!\d)"
_PRIVATE: Final = re.compile(
    rf"(?<![\w+])(?!{_DAY})(?:{_FRENCH}|{_INTERNATIONAL}|{_IN_THREES})(?!\d)|{_E_MAIL}",
    re.IGNORECASE,
)


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the first character of each and the one after its last."""
    return tuple(found.span() for found in _PRIVATE.finditer(text))
