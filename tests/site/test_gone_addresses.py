"""Addresses that the site had once lead to others, or say in a sentence that they are gone."""

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.kinds import KINDS
from reading_pages import read

PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("former", "status", "now"),
    [
        ("/only/carnet-2/", 301, "/"),
        ("/only/carnet-2", 301, "/"),
        ("/only/carnet-2/list/stage?status=status/tenue&lang=en", 301,
         "/list/stage?status=status%2Ftenue&lang=en"),
        ("/only/carnet-9/page/stage/vesoul?certainty=explicit", 301,
         "/page/stage/vesoul?certainty=explicit"),
        ("/list/stage?document=carnet-2&view=map", 303, "/list/stage?view=map"),
        ("/?document=all", 303, "/"),
    ],
)  # fmt: skip
def test_a_page_of_one_document_leads_to_that_of_all(
    client: FlaskClient, former: str, status: int, now: str
) -> None:
    answer = client.get(former, headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (status, now)


@pytest.mark.parametrize(
    ("former", "now", "accept"),
    [
        ("/only/carnet-2/questions/stages.csv", "/questions/stages.csv", "text/html"),
        ("/only/carnet-2/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D", "*/*"),
        ("/only/carnet-2/api/questions/stages", "/api/questions/stages", "application/json"),
        ("/list/stage.csv?document=2", "/list/stage.csv", "text/csv"),
    ],
)
def test_data_of_all_do_not_pass_for_those_of_one(
    client: FlaskClient, former: str, now: str, accept: str
) -> None:
    answer = client.get(former, headers={"Accept": accept})
    assert answer.status_code == 410
    assert "--only" in answer.text
    assert accept == "text/csv" or now in answer.text
    assert client.post("/only/carnet-2/sparql", data={"query": "ASK {}"}).status_code == 410


def test_a_question_of_a_document_keeps_it(client: FlaskClient) -> None:
    address = "/questions/new_in_document?document=document/carnet-2"
    assert client.get(address, headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/questions/innovations_by_need?need=need/se-deplacer&lang=en&certainty=explicit",
         "/questions/innovations_by_concept?concept=need%2Fse-deplacer&lang=en&certainty=explicit"
         "&aspect=rn%3Aneed"),
        ("/questions/innovations_by_means.csv",
         "/questions/innovations_by_concept.csv?aspect=rn%3Ameans"),
        ("/questions/agenda?certainty=explicit",
         "/questions/stages?certainty=explicit&only=events"),
        ("/api/questions/innovations_by_need?size=5",
         "/api/questions/innovations_by_concept?size=5&aspect=rn%3Aneed"),
    ],
)  # fmt: skip
def test_a_former_question_leads_to_the_one_that_answers_it(
    client: FlaskClient, former: str, now: str
) -> None:
    answer = client.get(former)
    assert (answer.status_code, answer.headers["Location"]) == (301, now)
    assert client.get(now).status_code == 200


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/list/innovation?view=chart&by=theme&need=need/se-deplacer&certainty=inferred&lang=en",
         "/list/innovation?need=need%2Fse-deplacer&certainty=inferred&lang=en"),
        ("/list/person?view=network&same_stage=yes&from=person/bruno-herry", "/list/person"),
        ("/list/place?view=map", "/list/place"),
        ("/list/event?view=timeline&page=1", "/list/event"),
        ("/list/theme?view=map", "/list/theme"),
        ("/list/stage?view=matrix&sort=similarity", "/list/stage"),
        ("/list/organisation?view=matrix&by=kind", "/list/organisation"),
        ("/list/organisation?view=matrix&by=theme&sort=name",
         "/list/organisation?view=matrix&sort=name"),
        ("/list/innovation.csv?view=matrix&by=theme", "/list/innovation.csv"),
        ("/list/innovation.svg?view=chart", "/list/innovation"),
        ("/list/organisation.gexf?view=network", "/list/organisation"),
        ("/list?class=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson&view=chart",
         "/list?class=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson"),
    ],
)  # fmt: skip
def test_a_view_that_a_kind_has_no_more_leads_to_its_table(
    client: FlaskClient, former: str, now: str
) -> None:
    answer = client.get(former, headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (301, now)
    assert client.get(now, headers=PAGE).status_code == 200


def test_a_value_of_a_small_list_leads_to_the_list_that_it_narrows(client: FlaskClient) -> None:
    narrowing = {kind.name: kind.narrows for kind in KINDS.values() if kind.narrows}
    values = read(client, "/list/status").all("a") + read(client, "/list/beneficiary").all("a")
    assert {it["href"] for it in values} >= {"/page/status/annulee", "/page/beneficiary/enfants"}
    for kind, narrows in narrowing.items():
        rows = client.get(f"/list/{kind}.json").get_json()
        slugs = [row["thing"].rpartition("/")[2] for row in rows]
        asked = f"{narrows.facet}={kind}%2F"
        led = [client.get(f"/page/{kind}/{slug}?certainty=explicit&lang=en") for slug in slugs]
        for slug, answer in zip(slugs, led, strict=True):
            if answer.status_code == 200:
                assert slug in ("annulee", "reportee"), "which no stage is"
                continue
            now = f"/list/{narrows.kind}?{asked}{slug}&certainty=explicit&lang=en"
            assert (answer.status_code, answer.headers["Location"]) == (301, now)
            assert client.get(f"/list/{narrows.kind}?{asked}{slug}").status_code == 200


def test_its_data_stay_where_they_were(client: FlaskClient) -> None:
    thing = "beneficiary/enfants"
    led = client.get(f"/id/{thing}", headers=PAGE)
    assert (led.status_code, led.headers["Location"]) == (303, f"/page/{thing}")
    assert client.get(f"/data/{thing}.ttl").status_code == 200
    led = client.get(f"/id/{thing}", headers={"Accept": "text/turtle"})
    assert (led.status_code, led.headers["Location"]) == (303, f"/data/{thing}.ttl")
    assert client.get("/page/beneficiary/nobody", headers=PAGE).status_code == 404
    assert client.get("/page/theme/gouvernance", headers=PAGE).status_code == 200


@pytest.mark.parametrize("address", ["/stages.ics?certainty=explicit", "/downloads/stages.ics"])
def test_the_calendar_is_gone_and_says_where_the_dates_are(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address, headers={"Accept": "text/calendar, text/html"})
    assert answer.status_code == 410
    assert "calendrier" in answer.text and "/list/stage?view=timeline" in answer.text
    assert "Cette adresse n’existe plus" in client.get(address, headers=PAGE).text
    assert client.get(address, headers={"Accept": "text/plain"}).text.startswith("Le calendrier")
