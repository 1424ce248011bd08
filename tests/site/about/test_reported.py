"""What the carnet reports of the rally, beside what the graph counts."""

import pytest
from flask.testing import FlaskClient

from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read


def row(page: Page, measure: str) -> list[str]:
    """The cells of a measure."""
    cells = [e for e in page.elements if e.tag in ("th", "td") and "tbody" in e.inside]
    (at,) = [place for place, e in enumerate(cells) if e.text == measure]
    following = [e.tag for e in cells[at + 1 :]] + ["th"]
    return [e.text for e in cells[at + 1 : at + 1 + following.index("th")]]


@pytest.mark.parametrize(
    ("measure", "reported", "counted", "difference", "question"),
    [
        ("étapes tenues", "4", ["1", "4", "4"], "0", ""),
        ("innovations présentées", "12", ["0", "10", "13"], "−1", "les douze innovations ?"),
        ("témoins", "18", ["17", "17", "17"], "+1", "Qui sont les dix-huit témoins ?"),
    ],
)
def test_a_figure_stands_beside_what_is_counted_at_each_certainty(
    client: FlaskClient,
    measure: str,
    reported: str,
    counted: list[str],
    difference: str,
    question: str,
) -> None:
    """The carnet's lead gives the figures; the counts are those of the tested question."""
    said, *numbers, differs, left_open = row(read(client, "/about"), measure)
    assert said.startswith(f"{reported} en date de juin 2013") and "passage" in said
    assert numbers == counted
    assert differs == difference and left_open.endswith(question)


def test_a_figure_that_nothing_counts_says_so(client: FlaskClient) -> None:
    said, note, left_open = row(read(client, "/about"), "personnes embarquées")
    assert said.startswith("200") and "rien pour le vérifier" in note
    assert left_open == "Que compte « 200 personnes embarquées » ?"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_whole(client: FlaskClient, lang: str) -> None:
    assert faults(read(client, f"/about?lang={lang}"), lang) == []


def test_another_graph_has_no_such_figures(store: EmbeddedStore) -> None:
    page = read(create_app(store).test_client(), "/about")
    assert page.all("table") == []
