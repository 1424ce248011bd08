"""An edition as Apache, nginx and Caddy serve it by its own rules, and as Python does without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from edition_servers import WebServer, apache, caddy, nginx, python, serving
from rallynov_graph.edition.deploying import server_files
from rallynov_graph.edition.file_links import POLICY_OF_PAGES
from small_edition import BASE, SmallEdition


@pytest.fixture(scope="module", params=[apache, nginx, caddy])
def server(
    request: pytest.FixtureRequest,
    edition: SmallEdition,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebServer]:
    with serving(request.param, edition, tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.mark.parametrize(
    ("accept", "to"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "page/stage/dole.html"),
        ("*/*", "page/stage/dole.html"),
        ("text/turtle", "data/stage/dole.ttl"),
        ("application/ld+json", "data/stage/dole.jsonld"),
        ("application/rdf+xml", "data/stage/dole.rdf"),
    ],
)
def test_the_name_of_a_thing_leads_to_what_is_asked_for(
    server: WebServer, accept: str, to: str
) -> None:
    status, headers, _ = server.ask("/rally/id/stage/dole", accept)
    assert status == 303 and headers["location"].endswith(f"/rally/{to}")
    assert "Accept" in headers["vary"]


def test_the_name_of_a_document_leads_to_it(server: WebServer) -> None:
    status, headers, _ = server.ask("/rally/data/stage/dole", "application/n-triples")
    assert status == 303 and headers["location"].endswith("/rally/data/stage/dole.nt")
    status, headers, _ = server.ask("/rally/.well-known/void")
    assert status == 303 and headers["location"].endswith("/rally/void.ttl")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/rally/", "index.html"),
        ("/rally/?lang=en", "index.en.html"),
        ("/rally/?certainty=explicit&lang=en", "index.explicit.en.html"),
        ("/rally/doubts", "doubts.html"),
        ("/rally/ontology?lang=en", "ontology.en.html"),
        ("/rally/accessibility?certainty=explicit&lang=en", "accessibility.en.html"),
        ("/rally/questions/stages.html", "questions/stages.html"),
    ],
)
def test_the_addresses_of_a_server_go_on_working(
    server: WebServer, edition: SmallEdition, address: str, file: str
) -> None:
    status, headers, body = server.ask(address)
    assert (status, body) == (200, edition.text(file))
    assert headers["content-type"].lower() == "text/html; charset=utf-8"
    policy = headers["content-security-policy"]
    assert policy == f"{POLICY_OF_PAGES}; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        ("void.ttl", "text/turtle; charset=utf-8"),
        ("dataset.nq", "application/n-quads"),
        ("catalog.jsonld", "application/ld+json"),
    ],
)
def test_a_file_says_what_it_is(server: WebServer, file: str, media_type: str) -> None:
    status, headers, _ = server.ask(f"/rally/{file}")
    assert (status, headers["content-type"].lower()) == (200, media_type)


def test_what_is_not_there_is_not_there(server: WebServer) -> None:
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
