"""Telephone numbers, e-mail addresses and links: told where they are, never what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Proposal, Why

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\(a\)| arobase )\s?"
    r"[\w-]+(?:(?:\.| point )[\w-]+)+"
)
_LINK: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>»«,;()]*[^\s<>»«,;().]")
_SPACE: Final = r"[ .\-/\xa0\u202f]?"
_TELEPHONE: Final = re.compile(
    rf"(?<![\d,])(?:(?:\+|00){_SPACE}\d{{2,3}}{_SPACE}(?:\(0\){_SPACE})?\d|0{_SPACE}?\d|\(0\d\))"
    rf"(?:{_SPACE}\d{{2}}){{4}}(?!\d)"
    rf"|(?<![\d,])0{_SPACE}8\d{{2}}(?:{_SPACE}\d{{3}}){{2}}(?!\d)|"
    rf"\b3\d(?:[ \xa0]?\d\d)(?=\s*\(appel)"
)
_KINDS: Final = (
    (
        _EMAIL,
        Why(
            "adresse électronique : masquée, jamais conservée", "e-mail address: masked, never kept"
        ),
    ),
    (
        _TELEPHONE,
        Why(
            "numéro de téléphone : masqué, jamais conservé", "telephone number: masked, never kept"
        ),
    ),
)


def contact_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where contacts and links stand: nothing else is read in them."""
    patterns = (_EMAIL, _TELEPHONE, _LINK)
    return tuple(sorted({it.span() for pattern in patterns for it in pattern.finditer(text)}))


def details(text: str) -> Iterator[tuple[int, int]]:
    """Yield where telephone numbers and e-mail addresses stand."""
    for pattern, _ in _KINDS:
        yield from (it.span() for it in pattern.finditer(text))


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the telephone numbers and e-mail addresses."""
    for pattern, why in _KINDS:
        for found in pattern.finditer(reading.text):
            yield Proposal("contact", *found.span(), why)
