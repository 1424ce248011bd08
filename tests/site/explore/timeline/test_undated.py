"""Stages whose day is not printed: where pages and files show the dates that they lie between."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from reading_pages import faults, read

STAGES = ("mfq-franche-comte", "mutualite-francaise-franche-comte", "pole-des-microtechniques")
BETWEEN = {
    "fr": "entre le 8 avril et le 30 juin 2013",
    "en": "between 8 April and 30 June 2013",
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("address", "times"),
    [
        ("/list/stage?view=table", len(STAGES)),
        ("/list/stage?view=timeline", len(STAGES)),
        (f"/page/stage/{STAGES[0]}", 1),
    ],
)
def test_a_page_says_in_words_between_which_dates(
    client: FlaskClient, address: str, times: int, language: str
) -> None:
    page = read(client, f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert faults(page, language) == []
    assert page.text.count(BETWEEN[language]) >= times


def test_a_file_has_them_as_the_data_do(client: FlaskClient) -> None:
    answer = client.get("/list/stage.csv?view=timeline").text
    rows = {row["thing"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(answer))}
    assert {rows[slug]["bounds"] for slug in STAGES} == {"[2013-04-08..2013-06-30]"}
    assert (rows["vesoul"]["date"], rows["vesoul"]["bounds"]) == ("2013-06-11", "")
    assert "[2013-04-08..2013-06-30]" in client.get("/questions/stages_without_a_day.csv").text
