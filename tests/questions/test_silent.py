"""Three kinds of nothing: a condition leaves nothing, a document is silent, a question is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from conftest import Ran
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.rules.open_questions import required_properties
from rallynov_graph.rules.silences import silences
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

MFQ = "stage/mfq-franche-comte"
"""No hour is printed of it; its place and day are an open question."""
ASKED = [
    (f"subject={MFQ}&property=rn:startTime", "silent"),
    (f"subject={MFQ}&property=rn:timeAsPrinted", "silent"),
    (f"subject={MFQ}&property=schema:location", "open"),
    ("subject=stage/vesoul&property=rn:statusReason", "unrecorded"),
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


@pytest.mark.parametrize(("asked", "reason"), ASKED)
def test_the_page_and_the_api_say_which_nothing_it_is(
    client: FlaskClient, asked: str, reason: str
) -> None:
    empty = client.get(f"/api/questions/evidence_of_fact?{asked}").json["empty"]
    assert (empty["reason"], bool(empty["silences"])) == (reason, reason == "silent")
    page = read(client, f"/questions/evidence_of_fact?{asked}").text
    assert empty["text"].replace("\u202f", " ") in page.replace("\u202f", " ")
    assert ("lu pour cela le 2 décembre 2026" in page) == (reason == "silent")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_command_says_it_beside_the_answer(
    rallynov: Callable[..., Ran], release: Release, lang: str
) -> None:
    asked = ("--release", str(release.path), "--lang", lang, "--param", f"subject={MFQ}")
    done = rallynov("query", "evidence_of_fact", *asked, "--param", "property=rn:startTime")
    said = {"fr": "lu pour cela le 2 décembre 2026", "en": "read for it on 2 December 2026"}
    assert said[lang] in " ".join(done.err.split())
    assert "2026" not in rallynov("query", "evidence_of_fact", *asked).err


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
