"""Addresses that the site had once lead to others, or say in a sentence that they are gone."""

from flask.testing import FlaskClient

from rallynov_graph.base.kinds import KINDS
from reading_pages import read

PAGE = {"Accept": "text/html"}


LEADS = {
    "/only/carnet-2/": "/",
    "/only/carnet-2": "/",
    "/docs/questions": "/questions",
    "/docs/rules?lang=en": "/docs/explanation/evidence?lang=en",
    "/links?sort=similarity&lang=en": "/list/organisation?view=matrix&sort=similarity&lang=en",
    "/when-and-where.csv?certainty=explicit": "/list/stage.csv?view=timeline&certainty=explicit",
    "/home.csv?certainty=explicit": "/list/stage.csv?certainty=explicit",
    "/only/carnet-2/list/stage?status=status/tenue&lang=en": (
        "/list/stage?status=status%2Ftenue&lang=en"
    ),
    "/only/carnet-9/page/stage/vesoul?certainty=explicit": "/page/stage/vesoul?certainty=explicit",
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
    "/list/innovation?view=chart&by=theme&need=need/se-deplacer&certainty=inferred&lang=en": (
        "/list/innovation?need=need%2Fse-deplacer&certainty=inferred&lang=en"
    ),
    "/list/person?view=network&same_stage=yes&from=person/bruno-herry": "/list/person",
    "/list/place?view=map": "/list/place",
    "/list/event?view=timeline&page=1": "/list/event",
    "/list/theme?view=map": "/list/theme",
    "/list/stage?view=matrix&sort=similarity": "/list/stage",
    "/list/organisation?view=matrix&by=kind": "/list/organisation",
    "/list/organisation?view=matrix&by=theme&sort=name": "/list/organisation?view=matrix&sort=name",
    "/list/innovation.csv?view=matrix&by=theme": "/list/innovation.csv",
    "/list/innovation.svg?view=chart": "/list/innovation",
    "/list/organisation.gexf?view=network": "/list/organisation",
    "/list?class=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson&view=chart": (
        "/list?class=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson"
    ),
}
"""Former addresses of pages, and those that took their place for good."""


def test_a_former_address_leads_to_what_took_its_place(client: FlaskClient) -> None:
    for former, now in LEADS.items():
        answer = client.get(former, headers=PAGE)
        assert (answer.status_code, answer.headers.get("Location")) == (301, now), former
        assert client.get(now).status_code == 200, now
    for former, now in (
        ("/list/stage?document=carnet-2&view=map", "/list/stage?view=map"),
        ("/?document=all", "/"),
    ):
        answer = client.get(former, headers=PAGE)
        assert (answer.status_code, answer.headers["Location"]) == (303, now), former
    address = "/questions/new_in_document?document=document/carnet-2"
    assert client.get(address, headers=PAGE).status_code == 200, "which is asked of a document"


def test_data_of_all_do_not_pass_for_those_of_one(client: FlaskClient) -> None:
    for former, now, accept in (
        ("/only/carnet-2/questions/stages.csv", "/questions/stages.csv", "text/html"),
        ("/only/carnet-2/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D", "*/*"),
        ("/only/carnet-2/api/questions/stages", "/api/questions/stages", "application/json"),
        ("/list/stage.csv?document=2", "/list/stage.csv", "text/csv"),
    ):
        answer = client.get(former, headers={"Accept": accept})
        assert answer.status_code == 410
        assert "--only" in answer.text
        assert accept == "text/csv" or now in answer.text
    assert client.post("/only/carnet-2/sparql", data={"query": "ASK {}"}).status_code == 410


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


def test_the_calendar_is_gone_and_says_where_the_dates_are(client: FlaskClient) -> None:
    for address in ("/stages.ics?certainty=explicit", "/downloads/stages.ics"):
        answer = client.get(address, headers={"Accept": "text/calendar, text/html"})
        assert answer.status_code == 410
        assert "calendrier" in answer.text and "/list/stage?view=timeline" in answer.text
        assert "Cette adresse n’existe plus" in client.get(address, headers=PAGE).text
        plain = client.get(address, headers={"Accept": "text/plain"})
        assert plain.text.startswith("Le calendrier")
