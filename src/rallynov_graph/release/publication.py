"""The publisher, lasting address and contact of a site, which only its operator can promise."""

import re
from dataclasses import dataclass

from rallynov_graph.base.errors import ServingError

_BASE = re.compile(r"https?://[^\s/?#<>\"{}|\\^`@]+(?:/[^\s?#<>\"{}|\\^`]*)?", re.IGNORECASE)
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)

_CONTACT = re.compile(r"(?:https://|mailto:|tel:)[^\s<>\"{}|\\^`]+", re.IGNORECASE)


@dataclass(frozen=True)
class Publication:
    """The address that a site is cited by, and its publisher; both are empty unless given."""

    base: str = ""
    """The lasting address of the site, with a slash at its end; empty where none is promised."""
    publisher: str = ""
    publisher_page: str = ""
    """The IRI of the publisher."""
    contact: str = ""
    """The IRI at which the operator hears of a weakness of the site: ``https:``, ``mailto:``."""
    has_mcp: bool = False
    """Whether assistants may ask, by the Model Context Protocol."""

    @classmethod
    def of(
        cls, base: str = "", publisher: str = "", page: str = "", contact: str = ""
    ) -> "Publication":
        """Return the settings that an operator has given; raise ServingError for a wrong one."""
        if base and not _BASE.fullmatch(base):
            raise ServingError(
                f"{base!r} cannot be a lasting address: give one such as "
                "https://data.example.org/rally/, without a question mark or a hash.",
                french=f"{base!r} ne peut pas être une adresse durable : donnez-en une comme "
                "https://data.example.org/rally/, sans point d’interrogation ni croisillon.",
            )
        if page and not _IRI.fullmatch(page):
            raise ServingError(f"{page!r} is no web address of a publisher.")
        if page and not publisher:
            raise ServingError("Name the publisher too: --publisher NAME.")
        if contact and not _CONTACT.fullmatch(contact):
            raise ServingError(
                f"{contact!r} is no address at which somebody is reached: give one that begins "
                "with https:, mailto: or tel:."
            )
        return cls(base and f"{base.rstrip('/')}/", " ".join(publisher.split()), page, contact)


UNPUBLISHED = Publication()
