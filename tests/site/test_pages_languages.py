"""Names that are there in one language only are marked with it wherever a page shows them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.typography import typeset
from rallynov_graph.questions.labels import LABEL
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model import as_printed
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page
from tongues import mistaken, printed, said_only

BY_DEFAULT = DefaultGraph()


@pytest.fixture(scope="module")
def said(store: EmbeddedStore) -> dict[str, frozenset[str]]:
    """What the graph says in one language alone."""
    return said_only(store)


def test_forms_as_printed_are_those_that_the_ontology_has(store: EmbeddedStore) -> None:
    assert printed(store) == as_printed.PROPERTIES


PRINTED = [
    ("/page/stage/dole", "5/09/13"),
    ("/page/theme/innovation-et-performance", "innovations sociales"),
    ("/page/passage/carnet-2-2599-2798", "performance économique"),
    ("/page/occurrence/carnet-2-129", "innovations sociales"),
    ("/page/question/carnet-2-originale-gouvernance", "Originale gouvernance"),
    ("/list/event", "28 novembre 2013"),
    (f"/list?class={RN.replace('#', '%23')}Stage", "17 h / 20 h"),
    ("/search?q=reseau+innov", "Réseau"),
    ("/search?q=orig", "gouvernance"),
    ("/compare?a=stage/dole&b=stage/vesoul", "17 h / 20 h"),
    ("/compare?a=occurrence/carnet-2-129&b=occurrence/carnet-2-53", "innovations sociales"),
    ("/between?from=occurrence/carnet-2-129&to=theme/innovation", "innovations sociales"),
    ("/network?centre=occurrence/carnet-2-129", "innovations sociales"),
    ("/list/stage?view=timeline", "8 avril"),
    ("/carnet/carnet-2", "juin 2013"),
    ("/doubts", "La vie à pleine dents, longtemps"),
    ("/questions/rally_partners", "Réseau Innovation Franche-Comté"),
    ("/questions/printed_themes", "capital humain"),
    ("/ontology/timeAsPrinted", "17 h / 20 h"),
]


def test_words_of_the_carnet_are_marked_as_french_on_english_pages(
    client: FlaskClient, said: dict[str, frozenset[str]], subtests: pytest.Subtests
) -> None:
    """The crawl reads other pages; here a page that does not mark them is one that is told."""
    for path, words in PRINTED:
        with subtests.test(path):
            hold_marked(client, said, path, words)


def hold_marked(
    client: FlaskClient, said: dict[str, frozenset[str]], path: str, words: str
) -> None:
    html = client.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
    marked = {text.strip(" «»—\n\u202f") for text, told in Page(html).spoken if told == "fr"}
    assert typeset(words, "fr") in marked
    assert mistaken(Page(html), said) == set()
    unmarked = Page(html.replace(' lang="fr"', ""))
    assert "fr" in {told for _, told in Page(html).spoken}
    assert path.startswith("/search") or mistaken(unmarked, said)


def test_words_of_the_other_language_are_told_where_a_page_does_not_mark_them(
    said: dict[str, frozenset[str]],
) -> None:
    broken = """<html lang="en"><p>Is « Originale gouvernance » a title? <b>5/09/13</b>
        <i lang="fr">Dole stage</i> <i lang="fr">capital humain</i> <i title="capital humain"></i>
        </p><code>capital humain</code></html>"""
    assert mistaken(Page(broken), said) == {
        ("Originale gouvernance", "en"),
        ("5/09/13", "en"),
        ("Dole stage", "fr"),
        ("capital humain", "en"),
    }


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


def test_forms_as_printed_are_found_among_the_variables_of_a_query() -> None:
    query = f"""PREFIX rn: <{RN}> PREFIX skos: <{PREFIXES["skos"]}>
        SELECT (LCASE(?word) AS ?low) ?word ?name (?word AS ?same) ?sure (STRLEN(?word) AS ?n) {{
            ?x rn:asPrinted ?word ; skos:prefLabel|<{RN}nameAsPrinted> ?name ; rn:certainty ?sure }}
        GROUP BY ?word"""
    assert as_printed.printed_in(query) == {"word", "name", "low", "same"}
    bound = query.replace("SELECT", "SELECT *").replace("(LCASE", "").partition("{")[2]
    assert as_printed.printed_in(
        f"PREFIX rn: <{RN}> SELECT * {{ {bound.replace('GROUP BY ?word', '')} "
    ) == {"word", "name"}
    later = f"SELECT * {{ ?x <{RN}asPrinted> ?word BIND (LCASE(?word) AS ?low) BIND (?low AS ?b) }}"
    assert as_printed.printed_in(later) == {"word", "low", "b"}
    assert as_printed.printed_in("SELECT ?word { ?s ?p ?word }") == set()


def test_the_title_of_a_page_is_in_the_language_of_the_name(client: FlaskClient) -> None:
    page = Page(client.get("/page/assertion-set/carnet-2-bge-portee?lang=en").text)
    assert (page.all("title")[0]["lang"], page.one("h1")["lang"]) == ("fr", "fr")
    assert not Page(client.get("/page/theme/gouvernance?lang=en").text).all("title")[0]["lang"]
