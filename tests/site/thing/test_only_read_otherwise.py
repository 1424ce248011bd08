"""A thing that only a reading names that is not taken: its page says so, and nothing lists it."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from reading_pages import DATA, read

EPS = "organisation/eps"


def test_its_page_says_that_it_exists_by_a_reading_with_its_question_and_evidence(
    client: FlaskClient,
) -> None:
    french = "N’existe que selon une lecture non retenue"
    for asked, says_so, heading in (
        ("", french, "Ce que diraient d’autres lectures"),
        ("?certainty=explicit", french, "Ce que diraient d’autres lectures"),
        (
            "?lang=en",
            "It exists only in a rejected reading",
            "What other readings would say",
        ),
    ):
        page = read(client, f"/page/{EPS}{asked}")
        assert [e.text for e in page.all("h1")] == ["EPS"]
        assert any(e.text.startswith(says_so) for e in page.all("p"))
        links = {e["href"].partition("?")[0] for e in page.all("a")}
        assert {
            "/page/question/carnet-2-eps-adomis",
            "/page/assertion-set/carnet-2-autre-eps-adomis",
            "/page/testimony/carnet-2-arnaud",
        } <= links
        assert "/compare" not in links
        headings = [e.text for e in page.all("h2") if "main" in e.inside]
        assert headings[0] == heading and not {"Autour", "Ailleurs"} & {*headings}


def test_search_engines_pass_over_it_and_no_list_has_it(client: FlaskClient) -> None:
    assert client.get(f"/page/{EPS}").headers["X-Robots-Tag"] == "noindex"
    page = read(client, f"/page/{EPS}")
    assert [e["content"] for e in page.all("meta") if e["name"] == "robots"] == ["noindex"]
    assert page.all("script", type=DATA) == []
    for listing in ("/list/organisation", "/list/organisation?page=2", "/sitemap.xml"):
        text = client.get(listing).get_data(as_text=True)
        assert re.search(rf"/page/{EPS}[\"?<]", text) is None, listing


def test_its_data_have_what_the_reading_says_where_a_format_has_graphs(client: FlaskClient) -> None:
    led = client.get(f"/id/{EPS}", headers={"Accept": "application/trig"})
    assert (led.status_code, led.headers["Location"]) == (303, f"/data/{EPS}.trig")
    graphs = client.get(f"/data/{EPS}.trig").get_data(as_text=True)
    assert "carnet-2-autre-eps-adomis" in graphs
    assert re.search(r'rdfs:label "EPS"', graphs)
    triples = client.get(f"/data/{EPS}.ttl")
    assert triples.status_code == 200
    assert "foaf:primaryTopic" in triples.text and "rdfs:label" not in triples.text
    rows = client.get(f"/data/{EPS}.csv").get_data(as_text=True)
    assert "nameAsPrinted,EPS" in rows
    assert client.get(f"/linkset/page/{EPS}").status_code == 200
