"""The pages about the site: what the carnet reports beside what is counted, and for programs."""

from flask.testing import FlaskClient

from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, read


def row(page: Page, measure: str) -> list[str]:
    """The cells of a measure."""
    cells = [e for e in page.elements if e.tag in ("th", "td") and "tbody" in e.inside]
    (at,) = [place for place, e in enumerate(cells) if e.text == measure]
    following = [e.tag for e in cells[at + 1 :]] + ["th"]
    return [e.text for e in cells[at + 1 : at + 1 + following.index("th")]]


FIGURES = {
    "étapes tenues": ("4", ["1", "4", "4"], "0", ""),
    "innovations présentées": ("12", ["0", "10", "13"], "−1", "les douze innovations ?"),
    "témoins": ("18", ["17", "17", "17"], "+1", "Qui sont les dix-huit témoins ?"),
}
"""The carnet's lead gives the figures; the counts are those of the tested question."""


def test_a_figure_stands_beside_what_is_counted_at_each_certainty(client: FlaskClient) -> None:
    page = read(client, "/about")
    for measure, (reported, counted, difference, question) in FIGURES.items():
        said, *numbers, differs, left_open = row(page, measure)
        assert said.startswith(f"{reported} en date de juin 2013") and "passage" in said
        assert numbers == counted
        assert differs == difference and left_open.endswith(question)
    said, note, left_open = row(page, "personnes embarquées")
    assert said.startswith("200") and "ne permet pas de vérifier" in note
    assert left_open == "Que compte « 200 personnes embarquées » ?"


def test_each_address_of_the_page_for_programs_answers(client: FlaskClient) -> None:
    page = read(client, "/api")
    table = page.one("table")
    named = [a["href"] for a in page.all("a") if table.start <= a.start < (table.end or 0)]
    assert len(named) == 8
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        is_shared = answer.headers.get("Access-Control-Allow-Origin") == "*"
        assert is_shared or address.startswith("/sparql"), address
    assert [line for line in page.one("pre").text.split("curl") if line.strip()]


def test_another_graph_names_only_what_it_has(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert read(foreign, "/about").all("table") == []
    page = read(foreign, "/api")
    assert "/api/questions" not in page.text and "/api/search" in page.text
