"""The accessibility statement claims what the tests show, and names whom to tell."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

import looks
from browsing import NARROW, PHONE, WIDE
from rallynov_graph.release.attribution import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read


def test_the_widths_and_looks_claimed_are_those_tried_in_the_browser(client: FlaskClient) -> None:
    tried = {
        (language, width, scheme)
        for language, looked in looks.LOOKS.items()
        for width, scheme, _ in looked
    }
    assert tried == {("fr", WIDE, "light"), ("fr", NARROW, "dark"), ("en", NARROW, "light")}
    for language, untried in (("fr", "Ce qui n’a pas été essayé"), ("en", "What was not tried")):
        claimed, _, others = read(client, f"/accessibility?lang={language}").text.partition(untried)
        assert others and {*map(str, looks.WIDTHS)} <= {*re.findall(r"\d+", claimed)}
    assert looks.WIDTHS == (WIDE, PHONE, NARROW)


def test_whom_to_tell_is_named_where_the_operator_is_known(
    release: Release, store: EmbeddedStore
) -> None:
    told = Publication.of("", "An archive", "https://example.org/archive")
    client = create_app(store.pages(), release, publication=told).test_client()
    link = read(client, "/accessibility").one("a", href="https://example.org/archive")
    assert link.text == "An archive"
