"""Each way to ask names each link that rules conclude, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from typing import Final
from urllib.parse import urlencode

import pytest
from flask import Flask
from pyoxigraph import NamedNode

from asking import answering
from places import TESTS
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes, short_iri
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.rules.rulebook import shipped
from rallynov_graph.site.application import create_app
from rallynov_graph.site.assistants.tool_call import ToolCall
from rallynov_graph.site.assistants.tools import called
from rallynov_graph.site.web.reader import set_view, site, view
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

OF_THEMES: Final = (PREFIXES["skos"], f"{RN}under", f"{RN}linkedToLargerTheme")
"""The order of the thesaurus, which lists have as their facet of larger themes."""
LINKS: Final = sorted(
    iri
    for iri in {str(it.head.predicate).strip("<>") for it in shipped()}
    if not iri.startswith(OF_THEMES)
)
NOT_DRAWN: Final = {
    *(f"{PREFIXES['org']}holds", f"{RN}liesIn", f"{RN}inDepartement", f"{RN}correctedBy")
}
"""They lead to offices, places and documents, of which the network draws none."""

ADA, ZOE = f"<{ID}person/ada>", f"<{ID}person/zoe>"
HELD: Final = "stage/mfq-franche-comte"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped data, and what makes rules conclude the links that these do not use."""
    folder = tmp_path_factory.mktemp("links")
    shutil.copytree(data_dir(), folder / "data")
    shutil.copy(TESTS / "site/concluded_links.trig", folder / "data" / "curation")
    return build(folder / "out", data=folder / "data", checked=False)


@pytest.fixture(scope="module")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(release)


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    return answering(create_app(store, release), store)


def test_there_are_as_many_links_as_rules_conclude() -> None:
    assert len(LINKS) == 18


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("link", LINKS, ids=in_prefixes)
def test_each_way_to_ask_names_a_concluded_link(
    app: Flask, store: EmbeddedStore, link: str, language: str
) -> None:
    (ends, *_) = store.select(f"SELECT ?s ?o {{ ?s <{link}> ?o }} ORDER BY ?s ?o").rows
    subject, value = (it.value for it in ends if isinstance(it, NamedNode))
    with app.test_request_context("/"):
        set_view(language)
        name, other_way = view().node(link).text, other_name(store, link, language)
        claim = {"subject": subject, "relation": name, "object": value}
        turned = {"subject": value, "relation": other_way, "object": subject}
        for asked in (claim, turned):
            told = json.loads(called("check_claim", ToolCall(site(), view(), asked)).text)
            assert told["verdict"] in ("holds", "open"), told
        query = f"SELECT ?s ?o {{ ?s {in_prefixes(link)} ?o }}"
        told = json.loads(called("sparql", ToolCall(site(), view(), {"query": query})).text)
        assert told["rows"][0]["evidence"]
    client = app.test_client()
    listed = [
        (kind, it)
        for kind in KINDS.values()
        for it in (*kind.facets, *kind.columns)
        if link in (it.path.property, it.path.last())
    ]
    assert listed, "no list"
    built = read(
        client, f"/builder?{urlencode({'kind': class_of(store, subject), 'lang': language})}"
    )
    offered = [it.text for it in built.all("button")]
    assert any(it.startswith((name, other_way)) for it in offered), offered
    drawn = {"centre": short_iri(subject), "same_stage": "yes", "most": "2000", "lang": language}
    if link not in NOT_DRAWN:
        assert name in unescape(client.get(f"/network?{urlencode(drawn)}").text)


def test_an_absence_or_a_denial_never_makes_a_participation(
    app: Flask, store: EmbeddedStore
) -> None:
    for link in ("tookPartIn", "spokeAt", "testifiedAt", "atSameStageAs"):
        assert not store.ask(f"ASK {{ VALUES ?who {{ {ADA} {ZOE} }} ?who <{RN}{link}> ?it }}")
    with app.test_request_context("/"):
        set_view("fr")
        for who in ("person/ada", "person/zoe"):
            claim = {"subject": who, "relation": "a pris part à", "object": HELD}
            told = json.loads(called("check_claim", ToolCall(site(), view(), claim)).text)
            assert told["verdict"] == "contradicted", told


def test_what_is_replaced_is_dated_and_an_office_is_said_once(app: Flask) -> None:
    client = app.test_client()
    known = read(client, "/page/person/zoe").text
    assert "est ou a été membre de Legeni en septembre 2013" in known
    ada = read(client, "/page/person/ada").text
    assert "Legeni en" not in ada
    assert re.search(r"Legeni [^0-9]{0,40}, ouverture", ada)
    with app.test_request_context("/"):
        set_view("en")
        for who, relation, verdict in (
            ("person/ada", "member of", "holds"),
            ("person/zoe", "member of", "open"),
            ("person/zoe", "was a member of", "holds"),
            ("person/zoe", "is or was a member of", "holds"),
        ):
            claim = {"subject": who, "relation": relation, "object": "organisation/legeni"}
            told = json.loads(called("check_claim", ToolCall(site(), view(), claim)).text)
            assert told["verdict"] == verdict, (who, relation)
    office = read(client, "/page/person/stephane-fratacci").one("main").text
    assert "occupe la fonction préfet de région" in office and "occupe préfet" not in office


def other_name(store: EmbeddedStore, link: str, language: str) -> str:
    asked = f'SELECT ?n {{ <{link}> <{RN}inverseLabel> ?n FILTER (LANG(?n) = "{language}") }}'
    (row,) = store.select(asked).rows
    return str(getattr(row[0], "value", ""))


def class_of(store: EmbeddedStore, iri: str) -> str:
    """Return the class of a thing that has a list of its own."""
    kind = KINDS[short_iri(iri).partition("/")[0]]
    return in_prefixes(kind.class_iri or kind.broad_class)
