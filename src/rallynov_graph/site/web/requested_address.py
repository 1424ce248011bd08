"""The requested address, and the addresses of the same page in another language or certainty."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE, Addresses

_PAGE_NUMBER = "page"


@dataclass(frozen=True)
class RequestedAddress:
    """The requested address of a page, without the path of the site."""

    path: str
    query: str = ""

    def in_language(self, addresses: Addresses, language: str) -> str:
        """Return the address of the same page in a language."""
        return self._written(addresses, LANGUAGE, "" if language == DEFAULT_LANGUAGE else language)

    def at_certainty(self, addresses: Addresses, certainty: str) -> str:
        """Return the address of the same page with facts of at least this certainty.

        It has no page number, since the list may have fewer pages then.
        """
        value = "" if certainty == LEAST_SURE else certainty
        return self._written(addresses, CERTAINTY, value, _PAGE_NUMBER)

    def without(self, addresses: Addresses, *refused: tuple[str, str] | str) -> str:
        """Return the address of the same page without some parameters, or some values of them.

        It has no page number: the list may have another length.
        """
        kept = [
            pair
            for pair in parse_qsl(self.query, keep_blank_values=True)
            if pair not in refused and pair[0] not in (*refused, _PAGE_NUMBER)
        ]
        return RequestedAddress(self.path, urlencode(kept))._written(addresses, "", "")

    def _written(self, addresses: Addresses, name: str, value: str, *without: str) -> str:
        """Return the address with another value of a parameter, the language at its end."""
        pairs = parse_qsl(self.query, keep_blank_values=True) if self.query else []
        kept = [pair for pair in pairs if pair[0] not in (name, *without)]
        kept += [(name, value)] if value else []
        kept.sort(key=lambda pair: (pair[0] == CERTAINTY) + 2 * (pair[0] == LANGUAGE))
        return addresses.file(self.path) + (f"?{urlencode(kept)}" if kept else "")
