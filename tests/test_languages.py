"""Names that are there in one language only are marked with it wherever a page shows them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal

from rallynov_graph.engines.embedded import EmbeddedStore
from rallynov_graph.namespaces import ID, RN
from rallynov_graph.typography import typeset
from reading_pages import VOID, Page

NAMES = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?label WHERE {{
  ?set a <{RN}AssertionSet> ; rdfs:label ?label .
  FILTER NOT EXISTS {{
    ?other rdfs:label ?name .
    FILTER (STR(?name) = STR(?label) && LANG(?name) != "fr")
  }}
}}
ORDER BY ?label
"""


class Spoken(HTMLParser):
    """A page's texts, each with the language that it is marked with."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._languages = [""]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        language = told.get("lang") or self._languages[-1]
        for name in ("aria-label", "title", "alt"):
            self.texts.append((told.get(name) or "", language))
        if tag not in VOID:
            self._languages.append(language)

    def handle_endtag(self, tag: str) -> None:
        self._languages.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((re.sub(r"[ \n]+", " ", data).strip(" "), self._languages[-1]))


@pytest.fixture(scope="module")
def french(store: EmbeddedStore) -> frozenset[str]:
    """What assertion sets are called, where nothing else is called so in no language or another."""
    labels = (row["label"] for row in store.select(NAMES))
    return frozenset(typeset(v.value, "fr") for v in labels if isinstance(v, Literal))


@pytest.mark.parametrize(
    "path",
    [
        "/page/organisation/legeni",
        "/page/organisation/bge-franche-comte",
        "/page/stage/bge-franche-comte",
        "/page/innovation/mamhique",
        "/page/person/bruno-herry",
        "/page/passage/carnet-2-945-962",
        "/page/document/carnet-2",
        "/page/assertion-set/carnet-2-bge-portee",
        "/page/theme/gouvernance",
        f"/why?subject={ID}stage/bge-franche-comte&property={RN.replace('#', '%23')}carriedBy"
        f"&object={ID}organisation/bge-franche-comte",
        "/questions/evidence_of_fact",
        "/open-questions",
        "/carnet/carnet-2",
        "/list/assertion-set",
    ],
)
def test_assertion_sets_are_marked_as_french_on_english_pages(
    client: FlaskClient, french: frozenset[str], path: str
) -> None:
    sign = "&" if "?" in path else "?"
    answer = client.get(f"{path}{sign}lang=en")
    assert answer.status_code == 200
    texts = Spoken(answer.text).texts
    marked = {text.strip(" —,") for text, language in texts if language == "fr"}
    others = {text.strip(" —,") for text, language in texts if language != "fr"}
    assert marked & french or path.startswith("/questions")
    assert not others & french


def test_printed_words_of_a_thing_are_marked_as_french_on_english_pages(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    """A literal as printed has no language; the carnet that it is printed in has one."""
    stage = f"<{ID}stage/dole>"
    words = f"{{ {stage} ?p ?words }} UNION {{ {stage} ?p ?o . ?o <{RN}asPrinted> ?words }}"
    asked = f"SELECT ?p ?words {{ {words} FILTER (STRENDS(STR(?p), 'AsPrinted')) }}"
    printed = {row["words"].value for row in store.select(asked)}  # type: ignore[union-attr]
    assert len(printed) > 1
    for language in ("en", "fr"):
        texts = Spoken(client.get(f"/page/stage/dole?lang={language}").text).texts
        spoken = {text: told for text, told in texts if text in printed}
        assert {*spoken.values()} == {"fr"}, spoken


def test_the_title_of_a_page_is_in_the_language_of_the_name(client: FlaskClient) -> None:
    page = Page(client.get("/page/assertion-set/carnet-2-bge-portee?lang=en").text)
    assert (page.all("title")[0]["lang"], page.one("h1")["lang"]) == ("fr", "fr")
    assert not Page(client.get("/page/theme/gouvernance?lang=en").text).all("title")[0]["lang"]


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/about", "/links", "/when-and-where", "/open-questions", "/report", "/downloads"),
        *("/questions/stages", "/questions/open_questions", "/questions/counts"),
        *("/ontology", "/ontology/Stage", "/ontology/voice", "/ontology/CurationGraph"),
        *("/search?q=gouvernance", "/list/innovation", "/carnet/carnet-2"),
    ],
)
def test_french_is_set_with_the_spaces_that_it_wants(client: FlaskClient, address: str) -> None:
    spoken = Spoken(re.sub("(?s)<code.*?</code>", "", client.get(address).text))
    loose = re.compile(r"[ \N{NO-BREAK SPACE}]([?!;»%]|:(?=\s|$))|«[ \N{NO-BREAK SPACE}]")
    found = [text for text, language in spoken.texts if language == "fr" and loose.search(text)]
    assert found == []
