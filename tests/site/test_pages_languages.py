"""Names that are there in one language only are marked with it wherever a page shows them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.questions.labels import LABEL
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model import as_printed
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page
from tongues import mistaken, printed, said_only

BY_DEFAULT = DefaultGraph()


PRINTED = {
    f"/list?class={RN.replace('#', '%23')}Stage": "17 h / 20 h",
    "/search?q=reseau+innov": "Réseau",
    "/search?q=orig": "gouvernance",
    "/compare?a=occurrence/carnet-2-129&b=occurrence/carnet-2-53": "innovations sociales",
    "/between?from=occurrence/carnet-2-129&to=theme/innovation": "innovations sociales",
    "/network?centre=occurrence/carnet-2-129": "innovations sociales",
    "/list/stage?view=timeline": "8 avril",
    "/carnet/carnet-2": "juin 2013",
    "/questions/printed_themes": "capital humain",
    "/questions/facts_of_passage": "participation financière",
}
"""Pages with words of the carnet, some of which the walk over all pages does not reach."""


def test_words_of_the_carnet_are_marked_as_french_on_english_pages(
    client: FlaskClient, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    said = said_only(store)
    assert printed(store) == as_printed.PROPERTIES
    for path, words in PRINTED.items():
        with subtests.test(path):
            html = client.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
            page, unmarked = Page(html), Page(html.replace(' lang="fr"', ""))
            marked = {text.strip(" «»—\n\u202f") for text, told in page.spoken if told == "fr"}
            assert typeset(words, "fr") in marked
            assert mistaken(page, said) == set()
            assert path.startswith("/search") or mistaken(unmarked, said), "it would be seen"


def test_forms_as_printed_are_found_among_the_variables_of_a_query() -> None:
    prefixes = f"PREFIX rn: <{RN}> PREFIX skos: <{PREFIXES['skos']}>"
    pattern = f"?x rn:asPrinted ?word ; skos:prefLabel|<{RN}nameAsPrinted> ?name ; rn:number ?n"
    for query, variables in (
        ("SELECT (LCASE(?word) AS ?low) ?name (?word AS ?same) (STRLEN(?word) AS ?n) { %s }",
         {"word", "name", "low", "same"}),
        ("SELECT * { %s }", {"word", "name"}),
        ("SELECT * { %s BIND (LCASE(?word) AS ?low) BIND (?low AS ?b) }",
         {"word", "name", "low", "b"}),
        ("SELECT ?word { ?s ?p ?word }", set()),
    ):  # fmt: skip
        assert as_printed.printed_in(f"{prefixes} {query.replace('%s', pattern)}") == variables


def test_in_another_s_graph_guillemets_and_what_is_called_printed_are_of_no_language() -> None:
    thing, other = NamedNode("https://example.org/me"), NamedNode("https://example.org/it")
    quads = [
        Quad(thing, NamedNode(LABEL), Literal("the « Дом » of books", language="en"), BY_DEFAULT),
        Quad(thing, NamedNode(RN + "asPrinted"), Literal("Дом «книги»"), BY_DEFAULT),
        Quad(other, NamedNode(f"{RN}partner"), thing, BY_DEFAULT),
    ]
    foreign = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    for address in ("/resource?iri=https://example.org/me", "/search?q=books"):
        page = Page(foreign.get(f"{address}&lang=en").text)
        assert "of books" in page.text
        assert {told for text, told in page.spoken if "Дом" in text} == {"en"}


def test_a_citation_and_a_suggestion_tell_the_language_of_names(client: FlaskClient) -> None:
    page = Page(client.get("/page/occurrence/carnet-2-129?lang=en").text)
    (cited,) = page.all("p", **{"class": "cite-line breaks"})
    assert "“innovations sociales”" in cited.text
    assert page.spoken.count(("innovations sociales", "fr")) > 1
    (rifc,) = client.get("/suggest.json?q=reseau+innov&lang=en").json["suggestions"]
    assert (rifc["label"], rifc["language"]) == ("RIFC", "")
    assert (rifc["found"], rifc["found_language"]) == ("Réseau Innovation Franche-Comté", "fr")


def test_the_title_of_a_page_is_in_the_language_of_the_name(client: FlaskClient) -> None:
    page = Page(client.get("/page/assertion-set/carnet-2-bge-portee?lang=en").text)
    assert (page.all("title")[0]["lang"], page.one("h1")["lang"]) == ("fr", "fr")
    assert not Page(client.get("/page/theme/gouvernance?lang=en").text).all("title")[0]["lang"]
