"""Three kinds of nothing: a condition leaves nothing, a document is silent, a question is open."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

import trial
from conftest import Ran
from listed import Listed
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.attribution import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.rules.open_questions import required_properties
from rallynov_graph.rules.silences import silences
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

MFQ = "stage/mfq-franche-comte"
"""No hour is printed of it; its place and day are an open question."""
FACT = "evidence_of_fact"
ASKED = [
    (FACT, f"subject={MFQ}&property=rn:startTime", "silent"),
    (FACT, f"subject={MFQ}&property=rn:timeAsPrinted", "silent"),
    (FACT, f"subject={MFQ}&property=schema:location", "open"),
    (FACT, "subject=stage/vesoul&property=rn:statusReason", "unrecorded"),
    ("things_on_theme", "kind=innovations&theme=theme/formation&certainty=explicit", "conditions"),
]
HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("rn", "schema"))
OWN = [
    (f"SELECT * {{ <{ID}{MFQ}> rn:startTime ?hour }}", "silent"),
    ("SELECT * { ?s a rn:Stage ; schema:location ?p FILTER (?p = <urn:x>) }", "conditions"),
    ("SELECT * { ?s rn:nothing ?p }", "unrecorded"),
]


@pytest.mark.parametrize(
    ("thing", "silent"),
    [
        (MFQ, {"dateAsPrinted", "startTime", "endTime", "timeAsPrinted"}),
        ("stage/vesoul", set()),
        ("funding/direccte", {"figureOf"}),
        ("organisation/indibat", set()),
    ],
)
def test_a_document_is_silent_where_it_was_read(
    store: EmbeddedStore, thing: str, silent: set[str]
) -> None:
    found = silences(PageQueries(store), [NamedNode(ID + thing)])
    assert {it.property.value.rpartition("#")[2] for it in found} == silent


@pytest.fixture(scope="module")
def client(store: EmbeddedStore, release: Release) -> FlaskClient:
    site = create_app(store.pages(), release, publication=Publication(has_mcp=True))
    return site.test_client()


def told(client: FlaskClient, tool: str, **arguments: object) -> Mapping[str, Any]:
    """Return what an assistant is told of an empty answer."""
    call = {"name": tool, "arguments": arguments | {"language": "fr"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    (content,) = client.post("/mcp", json=message, headers=headers).json["result"]["content"]
    empty: Mapping[str, Any] = json.loads(content["text"])["empty"]
    return empty


@pytest.mark.parametrize(("question", "asked", "reason"), ASKED)
def test_every_way_in_says_which_nothing_it_is(
    client: FlaskClient,
    rallynov: Callable[..., Ran],
    release: Release,
    question: str,
    asked: str,
    reason: str,
) -> None:
    values = dict(parse_qsl(asked))
    empty = client.get(f"/api/questions/{question}?{asked}").json["empty"]
    assert (empty["reason"], bool(empty["silences"])) == (reason, reason == "silent")
    said = told(client, "ask", question=question, parameters=values)
    assert (said["reason"], said["text"]) == (reason, empty["text"])
    page = read(client, f"/questions/{question}?{asked}").text
    given = [part for pair in values.items() for part in ("--param", "=".join(pair))]
    err = rallynov("query", question, "--release", str(release.path), "--lang", "fr", *given).err
    for text in (" ".join(it.split()) for it in (page, err)):
        assert " ".join(empty["text"].split()) in text
        assert ("lu pour cela le 2 décembre 2026" in text) == (reason == "silent")


@pytest.mark.parametrize(("query", "reason"), OWN)
def test_ones_own_query_says_it_too(
    client: FlaskClient,
    rallynov: Callable[..., Ran],
    release: Release,
    tmp_path: Path,
    query: str,
    reason: str,
) -> None:
    said = told(client, "sparql", query=query)
    assert said["reason"] == reason and bool(said.get("silences")) == (reason == "silent")
    file = tmp_path / "own.rq"
    file.write_text(HEAD + query, "utf-8")
    err = rallynov("query", str(file), "--release", str(release.path), "--lang", "fr").err
    assert " ".join(said["text"].split()) in " ".join(err.split())


@pytest.fixture(scope="module")
def estran(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site of the invented newsletter, which was read for who runs each workshop."""
    listed = Listed(trial.FIRST, tmp_path_factory.mktemp("estran"))
    return create_app(listed.store.pages(), listed.release).test_client()


def test_a_list_under_several_filters_names_what_was_read_and_is_silent(
    estran: FlaskClient,
) -> None:
    """The workshop at Redon is announced, and nobody is said to run it."""
    page = read(estran, "/list/stage?status=status/annoncee&carrier=organisation/bezhinou").text
    assert "Étape de Redon, portée par : rien dans L'Estran, n° 7" in " ".join(page.split())


def test_a_certainty_is_not_named_as_a_thing(estran: FlaskClient) -> None:
    assert (
        "Rien n’est explicite." in read(estran, "/questions/printed_themes?certainty=explicit").text
    )


def test_a_thing_says_what_the_document_does_not(client: FlaskClient) -> None:
    """Where nobody declared what was read for, nothing is recorded: that is no silence."""
    page = read(client, f"/page/{MFQ}").text
    assert "date imprimée, fin, début, horaire imprimé Le carnet ne le dit pas." in page
    assert "département Rien n’est relevé." in page
    assert "ne le dit pas" not in read(client, "/page/stage/vesoul").text


def test_what_is_optional_in_a_query_is_not_why_it_is_empty() -> None:
    query = "PREFIX a: <a:> SELECT * { ?s a:b ?o OPTIONAL { ?s a:c ?o { ?s a:d ?o } } ?s a:e ?o }"
    assert required_properties(query) >= {"a:b", "a:e"}
    assert not required_properties(query) & {"a:c", "a:d"}
