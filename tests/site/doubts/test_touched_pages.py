"""Every page and every answer that an open question touches says so."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from reading_pages import Page, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"


def marks(page: Page) -> dict[str, str]:
    """The marks of open questions on a page, by their addresses."""
    return {unquote(a["href"]): a.text for a in page.all("a") if "open-mark" in a["class"]}


def related(client: FlaskClient, address: str) -> set[str]:
    """The open questions that the header of a file names."""
    response = client.get(address)
    assert response.status_code == 200
    links = [link for link in response.headers.getlist("Link") if 'rel="related"' in link]
    return {link.partition("/question/carnet-2-")[2].partition(">")[0] for link in links}


def test_a_thing_in_a_list_leads_to_the_questions_that_touch_it(client: FlaskClient) -> None:
    found = marks(read(client, "/list/organisation"))
    assert found[f"/doubts?touches={MUTUALITE}"].startswith("4 questions ouvertes")
    assert found["/doubts#carnet-2-passeport-de-qui"].startswith("question ouverte")
    assert not any("legeni" in href for href in found)


def test_a_mark_keeps_language_and_certainty(client: FlaskClient) -> None:
    found = marks(read(client, "/list/organisation?certainty=inferred&lang=en"))
    assert f"/doubts?touches={MUTUALITE}&certainty=inferred&lang=en" in found
    (text,) = [text for href, text in found.items() if MUTUALITE in href]
    assert text.startswith("4 open questions")


def test_a_theme_in_the_tree_leads_to_its_questions(client: FlaskClient) -> None:
    assert "/doubts?touches=theme/innovation-technologique" in marks(read(client, "/list/theme"))


@pytest.mark.parametrize("suffix", ["csv", "json", "ttl"])
def test_the_file_of_a_list_names_them_in_its_header(client: FlaskClient, suffix: str) -> None:
    found = related(client, f"/list/organisation.{suffix}")
    assert {"quelle-mutualite", "temoins-du-pole", "passeport-de-qui"} <= found
    assert "periode-lip" not in found


def test_a_list_that_none_touches_names_none(client: FlaskClient) -> None:
    assert not marks(read(client, "/list/agent"))
    assert related(client, "/list/agent.csv") == set()


def test_the_matrix_lists_the_questions_that_touch_its_links(client: FlaskClient) -> None:
    page = read(client, "/list/organisation?view=matrix")
    aside = page.one("aside", **{"class": "open"})
    assert "Qui porte Mamhique" in aside.text and "Au nom de qui parlent" in aside.text
    assert "Que couvre" not in aside.text


def test_links_said_in_so_many_words_hang_on_no_reading(client: FlaskClient) -> None:
    aside = read(client, "/list/organisation?view=matrix&certainty=explicit").one(
        "aside", **{"class": "open"}
    )
    assert "Qui porte Mamhique" not in aside.text
    assert "Au nom de qui parlent" in aside.text, "by another reading there are more"


@pytest.mark.parametrize("suffix", ["csv", "json", "ttl", "gexf"])
def test_the_files_of_the_matrix_name_them(client: FlaskClient, suffix: str) -> None:
    found = related(client, f"/links.{suffix}")
    assert {"porteur-mamhique", "temoins-du-pole"} <= found and "periode-lip" not in found


@pytest.mark.parametrize(
    ("question", "touched"),
    [
        ("organisations_and_themes", "porteur-mamhique"),
        (f"themes_of_organisation?organisation={MUTUALITE}", "porteur-dents"),
        ("who_met_whom", "presence-ginsbourger"),
    ],
)
def test_an_answer_is_touched_through_what_rules_conclude(
    client: FlaskClient, question: str, touched: str
) -> None:
    name, _, asked = question.partition("?")
    links = [a["href"] for a in read(client, f"/questions/{question}").all("a")]
    assert f"/page/question/carnet-2-{touched}" in links
    assert touched in related(client, f"/questions/{name}.csv?{asked}")


@pytest.mark.parametrize(
    ("page", "suffix", "touched", "untouched"),
    [
        (f"/compare?a={MUTUALITE}&b=organisation/legeni", "csv", "quelle-mutualite", "contacts"),
        (
            f"/between?from={MUTUALITE}&to=theme/accueil-des-enfants",
            "csv",
            "porteur-mamhique",
            "periode-lip",
        ),
        (f"/network?centre={MUTUALITE}", "csv", "porteur-dents", "mots-en-gras"),
        (f"/network?centre={MUTUALITE}", "ttl", "porteur-mamhique", "mots-en-gras"),
    ],
)
def test_other_views_and_their_files_say_so_too(
    client: FlaskClient, page: str, suffix: str, touched: str, untouched: str
) -> None:
    path, question_mark, asked = page.partition("?")
    aside = read(client, page).one("aside", **{"class": "open"})
    assert re.match(r"Une question ouverte|\d+ questions ouvertes", aside.text)
    found = related(client, f"{path}.{suffix}{question_mark}{asked}")
    assert touched in found and untouched not in found


@pytest.mark.parametrize("way", ["timeline", "map"])
def test_an_event_in_time_and_on_a_map_says_which_touch_it(client: FlaskClient, way: str) -> None:
    page = read(client, f"/list/stage?view={way}")
    marks = [a["href"] for a in page.all("a") if "open-mark" in a["class"]]
    assert "/doubts?touches=stage%2Fmfq-franche-comte" in marks
    found = related(client, f"/list/stage.ttl?view={way}")
    assert "rang-bge-mfq" in found and "mots-en-gras" not in found


def test_what_none_touches_says_nothing(client: FlaskClient) -> None:
    page = read(client, "/compare?a=organisation/legeni&b=organisation/cress")
    assert not page.all("aside", **{"class": "open"})


def test_of_many_questions_a_page_names_the_first_and_leads_to_the_others(
    client: FlaskClient,
) -> None:
    aside = read(client, "/network").one("aside", **{"class": "open"})
    page = read(client, "/network")
    links = [a for a in page.all("a") if a["href"].startswith("/doubts")]
    named = [a for a in links if "#" in a["href"]]
    assert len(named) == 8 and "11 questions ouvertes" in aside.text
    assert "et 3 autres" in aside.text
    assert "/doubts" in [a["href"] for a in links]
