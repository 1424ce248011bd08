"""Former names of questions, and values of small lists, lead to where they are now."""

from flask.testing import FlaskClient

from rallynov_graph.base.kinds import KINDS
from reading_pages import read

PAGE = {"Accept": "text/html"}


LEADS = {
    "/questions/innovations_by_need?need=need/se-deplacer&lang=en&certainty=explicit": (
        "/questions/innovations_by_concept?concept=need%2Fse-deplacer&lang=en&certainty=explicit"
        "&aspect=rn%3Aneed"
    ),
    "/questions/innovations_by_means.csv": (
        "/questions/innovations_by_concept.csv?aspect=rn%3Ameans"
    ),
    "/questions/agenda?certainty=explicit": "/questions/stages?certainty=explicit&only=events",
    "/api/questions/innovations_by_need?size=5": (
        "/api/questions/innovations_by_concept?size=5&aspect=rn%3Aneed"
    ),
}
"""Former names of questions, and those that took their place for good."""


def test_the_former_name_of_a_question_leads_to_its_present_form(client: FlaskClient) -> None:
    for former, now in LEADS.items():
        answer = client.get(former, headers=PAGE)
        assert (answer.status_code, answer.headers.get("Location")) == (301, now), former
        assert client.get(now).status_code == 200, now


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
