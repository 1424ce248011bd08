"""The ready-made questions as the workbench is told them, and each as a query of one's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from rallynov_graph.questions.catalogue import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read

THINGS = "/questions/things_on_theme.rq"


def told(client: FlaskClient, language: str) -> dict[str, Any]:
    answer = client.get(f"/questions.json?lang={language}")
    assert answer.status_code == 200 and answer.headers["ETag"]
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize(
    ("path", "reason", "numbers"),
    [
        (
            "/list/innovation?larger=theme/solidarite-et-sante&carrier=organisation/indibat",
            "Rien ne remplit toutes les conditions",
            ["13", "3", "0", "3", "2"],
        ),
        (
            "/questions/themes_of_organisation?organisation=indibat&large=theme/solidarite-et-sante",
            "Rien ne remplit toutes les conditions",
            ["46", "5", "0", "6", "5"],
        ),
        ("/questions/who_runs_what?organisation=direccte", "Pas relevé", ["19", "0", "19"]),
        ("/questions/themes_of_organisation?large=theme/transparence", "Pas relevé", None),
        ("/search?q=zorglub", "Pas relevé", []),
    ],
)
def test_an_empty_answer_says_where_its_conditions_end_and_what_is_found_without_each(
    client: FlaskClient, path: str, reason: str, numbers: list[str] | None
) -> None:
    page = read(client, path)
    assert page.one("p", **{"class": "nothing-why"}).text == reason
    buttons = [it for it in page.all("a") if it["class"].startswith("button")]
    found = [re.findall(r"\d+", it.text)[-1] for it in buttons]
    rungs = [it.text for it in page.all("b") if "ol" in it.inside]
    assert numbers is None or [*rungs, *found] == numbers
    for number, button in zip(found, buttons, strict=True):
        without = read(client, button["href"])
        assert any(
            it.text.startswith(f"{number} ") for it in (*without.all("h1"), *without.all("p"))
        )


@pytest.mark.parametrize(
    ("question", "empty"), [("who_was_what_when", "bounds"), ("reported_figures", "unit")]
)
def test_a_page_leaves_out_columns_without_a_value_and_files_keep_them(
    client: FlaskClient, question: str, empty: str
) -> None:
    page = read(client, f"/questions/{question}")
    heads = [it.text for it in page.all("th") if it["scope"] == "col"]
    cells = [it.text for it in page.all("td")]
    assert all(any(cells[place :: len(heads)]) for place in range(len(heads)))
    assert empty in client.get(f"/questions/{question}.csv").text.splitlines()[0].split(",")


def test_every_question_is_there_with_its_words_in_both_languages(client: FlaskClient) -> None:
    found = {it["name"]: it for it in told(client, "en")["questions"]}
    assert {*found} == {*load()}
    for name, question in load().items():
        assert found[name]["text"] == question.summary["en"]
        assert question.summary["fr"] in found[name]["other"]
        asked = [p.name for p in question.parameters if p.name != "language"]
        assert [p["name"] for p in found[name]["parameters"]] == asked


def test_technical_questions_come_last_and_are_folded(client: FlaskClient) -> None:
    shown, folded = client.get("/questions").text.split('<details class="fold">', 1)
    assert "/questions/graph_kinds" in folded.rpartition("<details")[2]
    assert "/questions/graph_kinds" not in shown and "/questions/stages" in shown
    groups = [it["group"] for it in told(client, "fr")["questions"]]
    assert groups[0] == "rally" and groups[-1] == "technical"


def test_twelve_everyday_questions_say_how_many_rows_answer_them(client: FlaskClient) -> None:
    for language in ("fr", "en"):
        page = read(client, f"/questions?lang={language}")
        assert faults(page, language) == []
        lines = [a for a in page.all("a") if "li" in a.inside and "form" not in a.inside]
        asked = [a for a in lines if re.match(r"[1-9]\d* (?:lignes?|rows?) —", a.text)]
        assert len(asked) == 12
        (href,) = [a["href"] for a in asked if "who_runs_what" in a["href"]]
        number = re.match(r"\d+", next(a.text for a in asked if a["href"] == href))
        assert (
            number
            and f"{number[0]} "
            in read(client, href).one("section", **{"aria-labelledby": "answer"}).text
        )


def test_questions_are_filtered_by_their_words_in_any_form(client: FlaskClient) -> None:
    page = read(client, "/questions?q=financeur")
    assert [a["href"] for a in page.all("a") if "details" in a.inside] == [
        "/questions/partners_and_funders"
    ]
    assert "Aucune question" in read(client, "/questions?q=xyzzy").text


def test_groups_and_parameters_have_names_in_the_readers_language(client: FlaskClient) -> None:
    french, english = told(client, "fr"), told(client, "en")
    assert french["groups"]["stages"] == "Les étapes" and english["groups"]["stages"] == "Stages"
    assert (french["parameters"]["theme"], english["parameters"]["theme"]) == ("Thème", "Theme")
    assert french["parameters"].keys() == english["parameters"].keys()
    (theme,) = [
        parameter
        for question in english["questions"]
        for parameter in question["parameters"]
        if (question["name"], parameter["name"]) == ("things_on_theme", "theme")
    ]
    assert theme["value"].startswith("theme/") and theme["optional"]
    assert (theme["type"], theme["kind"]) == ("iri", "theme")
    (stages,) = [it for it in french["questions"] if it["name"] == "stages"]
    (only,) = [it for it in stages["parameters"] if it["type"] == "choice"]
    assert only["value"] == "stages" and ["closing", "ce qui clôt le rallye"] in only["choices"]


def test_a_choice_is_a_select_box_in_the_readers_language(client: FlaskClient) -> None:
    for language, chosen in (("fr", "ce qui clôt le rallye"), ("en", "what closes the rally")):
        page = read(client, f"/questions/stages?only=closing&lang={language}")
        (option,) = [it for it in page.all("option") if "selected" in it.attributes]
        assert (option["value"], option.text) == ("closing", chosen)
        assert page.one("h1").text.endswith(f"— {chosen}")
    address = "/api/questions/stages"
    (only,) = [
        it
        for it in client.get("/api/openapi.json").json["paths"][address]["get"]["parameters"]
        if it["name"] == "only"
    ]
    assert only["schema"]["default"] == "stages" and "closing" in only["schema"]["enum"]
    assert client.get(f"{address}?only=closing").json["total"] == 1


def test_a_question_is_a_query_with_its_values_in_place(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    given = "theme=gouvernance&certainty=explicit"
    answer = client.get(f"{THINGS}?{given}&lang=en")
    assert answer.mimetype == "application/sparql-query"
    first, *_ = answer.text.splitlines()
    assert first == f"# {load()['things_on_theme'].summary['en']}"
    assert "VALUES ?certainty { rn:explicit }" in answer.text
    assert "VALUES ?theme { <https://w3id.org/rallynov/id/theme/gouvernance> }" in answer.text
    assert 'VALUES ?language { "en" }' in answer.text and "#+" not in answer.text
    csv = client.get(f"/questions/things_on_theme.csv?{given}&lang=en")
    assert store.serialize(answer.text, "text/csv") == csv.data


def test_the_files_of_a_question_are_there_wherever_the_dial_stands(client: FlaskClient) -> None:
    for name in ("addresses_that_gave_way", "stages"):
        page = read(client, f"/questions/{name}?certainty=explicit")
        links = [it["href"] for it in page.all("a") if f"/{name}.csv" in it["href"]]
        assert links and {client.get(it).status_code for it in links} == {200}


def test_names_are_suggested_of_one_kind(client: FlaskClient) -> None:
    every = client.get("/suggest.json?q=gouvernance").get_json()["suggestions"]
    themes = client.get("/suggest.json?q=gouvernance&kind=theme").get_json()["suggestions"]
    assert {it["kind"] for it in themes} == {"theme"} != {it["kind"] for it in every}
    assert client.get("/suggest.json?q=gouvernance&kind=colour").status_code == 400
