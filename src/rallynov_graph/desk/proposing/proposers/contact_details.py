"""Telephone numbers, e-mail addresses and links: their places, never their content."""

from collections.abc import Iterator

from rallynov_graph.desk.proposing.cues import form, why
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import Reading, Span


def contact_spans(text: str) -> tuple[Span, ...]:
    """Return where contacts and links are: nothing else is read in them."""
    return tuple(sorted({*details(text), *(it.span() for it in form("link").finditer(text))}))


def details(text: str) -> Iterator[Span]:
    """Yield where telephone numbers and e-mail addresses are."""
    for kind in ("email", "telephone"):
        yield from (it.span() for it in form(kind).finditer(text))


def is_contact(text: str) -> bool:
    """Return whether a text has a telephone number or an e-mail address in it."""
    return any(details(text))


def propose(reading: Reading) -> Iterator[Proposal]:
    for kind in ("email", "telephone"):
        for found in form(kind).finditer(reading.text):
            yield Proposal("contact", *found.span(), why(kind))
