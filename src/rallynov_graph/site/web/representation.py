"""What an address of the site has, before the headers that all answers have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, g, make_response

from rallynov_graph.exports.citation_formats import Citation
from rallynov_graph.http.links import Link
from rallynov_graph.site.web.signposting import set_links

PAGE: str = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Representation:
    """A page or a document of data, whoever asks for it."""

    content_type: str
    body: bytes
    links: tuple[Link, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that only some answers have."""
    citation: Citation | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is a page, and not data."""
        return self.content_type == PAGE

    def flask_response(self) -> Response:
        """Return it as the answer of a route, whose links and citation are set for the request."""
        set_links(self.links)
        g.citation = self.citation
        response = make_response(self.body)
        response.content_type = self.content_type
        response.headers.update(self.headers)
        return response
