"""The page for programs: every address that it names answers, in both languages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import faults, read


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_address_of_the_page_for_programs_answers(client: FlaskClient, language: str) -> None:
    page = read(client, "/api" + ("?lang=en" if language == "en" else ""))
    assert faults(page, language) == []
    table = page.one("table")
    named = [a["href"] for a in page.all("a") if table.start <= a.start < (table.end or 0)]
    assert len(named) == 8
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address.split("?")[0] != "/sparql":
            assert answer.headers["Access-Control-Allow-Origin"] == "*", address
    assert [line for line in page.one("pre").text.split("curl") if line.strip()]


def test_another_graph_names_only_what_it_has(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    page = read(foreign, "/api")
    assert "/api/questions" not in page.text and "/api/search" in page.text
