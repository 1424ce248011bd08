"""An edition as Apache, nginx and Caddy serve it by its own rules, and as Python does without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from edition_servers import WebServer, apache, caddy, nginx, python, serving
from rallynov_graph.edition.deploying import server_files
from rallynov_graph.edition.links import POLICY_OF_PAGES
from small_edition import BASE, SmallEdition

LEADS = (
    ("id/stage/dole", "text/html,application/xhtml+xml,*/*;q=0.8", "page/stage/dole.html"),
    ("id/stage/dole", "*/*", "page/stage/dole.html"),
    ("id/stage/dole", "text/turtle", "data/stage/dole.ttl"),
    ("id/stage/dole", "application/ld+json", "data/stage/dole.jsonld"),
    ("id/stage/dole", "application/rdf+xml", "data/stage/dole.ttl"),
    ("data/stage/dole", "application/n-triples", "data/stage/dole.ttl"),
    (".well-known/void", "*/*", "void.ttl"),
)
"""Where an address leads, by what is asked for."""
HTML = "text/html; charset=utf-8"
FILES = (
    ("", "index.html", HTML),
    ("?lang=en", "index.en.html", HTML),
    ("?certainty=explicit&lang=en", "index.explicit.en.html", HTML),
    ("doubts", "doubts.html", HTML),
    ("ontology?lang=en", "ontology.en.html", HTML),
    ("accessibility?certainty=explicit&lang=en", "accessibility.en.html", HTML),
    ("questions/stages.html", "questions/stages.html", HTML),
    ("void.ttl", "void.ttl", "text/turtle; charset=utf-8"),
    ("dataset.nq", "dataset.nq", "application/n-quads"),
    ("catalog.jsonld", "catalog.jsonld", "application/ld+json"),
)
"""The file that the address of a server has, and what it says it is."""


@pytest.fixture(scope="module", params=[apache, nginx, caddy])
def server(
    request: pytest.FixtureRequest,
    edition: SmallEdition,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebServer]:
    with serving(request.param, edition, tmp_path_factory.mktemp("server")) as served:
        yield served


def test_the_addresses_of_a_server_go_on_working(
    server: WebServer, edition: SmallEdition, subtests: pytest.Subtests
) -> None:
    for address, accept, to in LEADS:
        with subtests.test(address, accept=accept):
            status, headers, _ = server.ask(f"/rally/{address}", accept)
            assert status == 303 and headers["location"].endswith(f"/rally/{to}")
            assert "id/" not in address or "Accept" in headers["vary"]
    for address, file, media_type in FILES:
        with subtests.test(address):
            status, headers, body = server.ask(f"/rally/{address}")
            assert (status, body) == (200, edition.text(file))
            assert headers["content-type"].lower() == media_type
            if media_type == HTML:
                policy = headers["content-security-policy"]
                assert policy == f"{POLICY_OF_PAGES}; frame-ancestors 'none'"
                assert headers["x-content-type-options"] == "nosniff"
    status, _, body = server.ask("/rally/page/stage/nowhere")
    assert status == 404 and 'href="/rally/list/organisation.html"' in body
    assert server.ask("/rally/../")[0] in (400, 403, 404)


def test_a_server_without_rules_serves_it_as_it_lies(edition: SmallEdition, tmp_path: Path) -> None:
    with serving(python, edition, tmp_path) as server:
        for path, file in (("/rally/", "index.html"), ("/rally/doubts.en.html", "doubts.en.html")):
            status, headers, body = server.ask(path)
            assert (status, body) == (200, edition.text(file))
            assert headers["content-type"].startswith("text/html")


def test_rules_of_apache_act_at_any_path_and_those_of_w3id_lead_to_the_base() -> None:
    files = {name: content.decode() for name, content in server_files(BASE)}
    where = [line for line in files[".htaccess"].splitlines() if "/rally" in line]
    assert where == ["ErrorDocument 404 /rally/404.html"]
    assert f"{BASE}data/$1/$2.ttl [R=303,L]" in files["deploy/w3id.htaccess"]
    assert not [name for name, text in files.items() if re.search(r"@[A-Z_]+@", text)]
