"""Telephone numbers and e-mail addresses are masked: positions stay, what stands there does not."""

from __future__ import annotations

from typing import Final

from rallynov_graph.desk.proposing.proposers.contact_details import details

MASK: Final = "•"


def blanked(text: str) -> str:
    """Return a text with each sign of a contact masked."""
    signs = list(text)
    for start, end in details(text):
        signs[start:end] = MASK * (end - start)
    return "".join(signs)
