"""Pages with several documents: states that change, figures and names of each, nothing mixed up."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

import two_letters
from rallynov_graph.base.kinds import STATES
from rallynov_graph.base.namespaces import ID
from rallynov_graph.cli import stores
from rallynov_graph.cli.main import main
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.assistants.tool_call import ToolCall
from rallynov_graph.site.assistants.tools import called
from rallynov_graph.site.web.html import Html
from rallynov_graph.site.web.messages import load
from rallynov_graph.site.web.reader import set_view, site, view
from rallynov_graph.site.web.site import SourceDocument
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, read


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site of the carnet with two letters beside it."""
    folder = tmp_path_factory.mktemp("plans")
    data = two_letters.beside_carnet(folder / "data", "lettre-1", "changed-plans")
    release = build(folder / "out", data=data, checked=False)
    return create_app(EmbeddedStore.of_release(release), release)


def plain(text: str) -> str:
    """Return a text with no other space than the common one, each alone."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def stop(client: FlaskClient, stage: str, language: str = "fr") -> Element:
    """The stop of the road that leads to a stage."""
    items = read(client, f"/?lang={language}").all("li")
    (found,) = (it for it in items if "stop" in it["class"].split() and stage in it.text)
    return found


def test_each_status_of_the_list_is_a_state_called_as_the_list_calls_it(
    client: FlaskClient,
) -> None:
    names = {
        (row["thing"], language, row["label"])
        for language in load()
        for row in json.loads(client.get(f"/list/status.json?lang={language}").data)
    }
    assert names == {
        (state.status, language, words[f"state.{state.name}"])
        for state in STATES
        for language, words in load().items()
    }


@pytest.mark.parametrize(
    ("language", "postponed", "cancelled", "reason", "open_date"),
    [
        ("fr", "reportée", "annulée", "la rivière déborde", "date à fixer"),
        ("en", "postponed", "cancelled", "the river is in flood", "date to be fixed"),
    ],
)
def test_a_changed_plan_is_drawn_and_called_what_it_is(
    client: FlaskClient, language: str, postponed: str, cancelled: str, reason: str, open_date: str
) -> None:
    timeline = read(client, f"/list/stage?view=timeline&lang={language}")
    legend = " ".join(it.text for it in timeline.all("ul") if "inline-list" in it["class"])
    assert postponed in legend and cancelled in legend
    strokes = [it["d"] for it in timeline.all("path", **{"class": "sign sign-stroke"})]
    assert len({re.sub(r"[\d.-]+", "", d) for d in strokes}) == 2, "a sign of its own for each"
    crossed, moved = stop(client, "Pont", language), stop(client, "Bac", language)
    assert crossed["class"] == "stop stop-cancelled" and cancelled in crossed.text
    assert reason in crossed.text
    assert not ("rivière" in crossed.text and "river " in crossed.text), "in one language"
    assert moved["class"] == "stop stop-postponed" and open_date in plain(moved.text)


def test_a_changed_plan_is_told_as_one_on_its_page_and_to_search_engines(
    client: FlaskClient,
) -> None:
    for stage, sentence, status in (
        ("moulin", "reportée, prévue le 18 septembre 2013 à Vesoul", "EventRescheduled"),
        ("bac", "reportée, prévue le 27 avril 2013 à Champagnole", "EventPostponed"),
        ("pont", "annulée, prévue le 6 juin 2013 à Belfort", "EventCancelled"),
        ("gue", "tenue le 10 avril 2013 à Dole", ""),
    ):
        page = client.get(f"/page/stage/sentier-{stage}").get_data(as_text=True)
        assert f"Étape {sentence}" in plain(re.sub("<[^>]+>", "", page)), stage
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        (event,) = (it for it in json.loads(data)["@graph"] if it["@type"] == "Event")
        expected = {"@id": f"https://schema.org/{status}"} if status else None
        assert event.get("eventStatus") == expected, stage


def test_every_page_names_the_documents_that_it_is_made_from_or_counts_them(
    client: FlaskClient,
) -> None:
    pages = {"/": 200, "/list/stage": 200, "/page/stage/vesoul": 200, "/no-such-page": 404}
    for language, named, ours in (
        ("fr", "Lettre du Sentier n° 2, mai 2013", "carnet de route n"),
        ("en", "Sentier letter no. 2, May 2013", "logbook no"),
    ):
        for path, status in pages.items():
            text = plain(read(client, f"{path}?lang={language}", status).one("footer").text)
            assert named in text and "2013 · " in text.partition(ours)[2], path
    documents = [SourceDocument(f"{ID}document/{n}", (), f"2013-0{n}") for n in range(1, 6)]
    html = {language: Html(words) for language, words in load().items()}
    assert html["fr"].sources(documents) == "5 documents, janvier 2013 – mai 2013"
    assert html["en"].sources(documents[:4]) == "4 documents, January 2013 – April 2013"


def test_the_logbooks_are_a_list_in_the_order_of_time_and_each_says_its_place(
    client: FlaskClient,
) -> None:
    page = read(client, "/carnet")
    listed = [it["href"] for it in page.all("a") if it["href"].startswith("/carnet/")]
    assert listed == ["/carnet/sentier-1", "/carnet/sentier-2", "/carnet/carnet-2"]
    current = {it.text for it in page.all("a", **{"href": "/carnet"}) if it["aria-current"]}
    assert "Les carnets" in current
    assert "Document 2 sur 3" in read(client, "/carnet/sentier-2").text


def test_which_part_of_a_date_is_inferred_is_said_of_the_document_that_does_not_print_it(
    client: FlaskClient,
) -> None:
    rows = [plain(it.text) for it in read(client, "/list/stage?view=timeline").all("li")]
    (vesoul,) = (row for row in rows if row.startswith("11 juin 2013"))
    assert "Partie déduite : année (Lettre du Sentier n° 2), siècle (carnet de route" in vesoul
    (belfort,) = (row for row in rows if row.startswith("26 septembre 2013"))
    assert "Partie déduite" not in belfort, "the letter prints it whole"
    (dole,) = (row for row in rows if row.startswith("5 septembre 2013"))
    assert "Partie déduite : siècle" in dole


def test_a_page_and_its_files_say_what_was_known_at_a_moment_and_their_links_stay_there(
    app: Flask,
) -> None:
    client, gue = app.test_client(), "/page/stage/sentier-gue"
    for address, status in (("", "tenue"), ("as_of=2013-04", "annoncée"), ("as_of=2013", "tenue")):
        answer = client.get(f"/api/questions/stages?{address}").json
        (row,) = (it for it in answer["rows"] if it["stage"].endswith("/sentier-gue"))
        assert row["status_label"] == status
    before = read(client, f"{gue}?as_of=2013-04&lang=en")
    links = [it["href"] for it in before.all("a") if it["href"].startswith("/page/")]
    assert [it for it in links if "as_of=2013-04" not in it] == [f"{gue}?lang=en"], "the reset"
    assert "What was known: April 2013" in plain(before.text)
    assert "No later document was read" not in plain(before.text)
    assert (
        read(client, "/list/stage?in_document=sentier-1").text != read(client, "/list/stage").text
    )
    with app.test_request_context("/"):
        set_view("en")
        for moment, total in (({}, 14), ({"as_of": "2013-04"}, 5)):
            told = called("ask", ToolCall(site(), view(), {"question": "stages", **moment}))
            assert json.loads(told.text)["total"] == total
    tags = {client.get(f"{gue}{query}").headers["ETag"] for query in ("", "?as_of=2013-04")}
    assert len(tags) == 2


def test_a_citation_of_a_moment_says_it_and_its_links_give_the_same_again(app: Flask) -> None:
    client = app.test_client()
    for moment, said in (
        ("as_of=2013-04", "Ce qui était connu : avril 2013"),
        (
            "in_document=sentier-1",
            "Ce que dit un seul document : Lettre du Sentier n° 1",
        ),
    ):
        for path in ("/page/stage/sentier-gue", "/list/stage", "/questions/stages"):
            cited = client.get(f"/cite{path}.ris?{moment}").get_data(as_text=True)
            assert said in plain(cited) and f"{path}?{moment}" in cited, path
        rows = client.get(f"/api/questions/stages?evidence=yes&{moment}").json["rows"]
        assert rows and all(it["evidence"].endswith(f"?{moment}") for it in rows)
        links = [it["evidence"].removeprefix("http://localhost") for it in rows]
        links += [
            it["href"]
            for it in read(client, f"/page/stage/sentier-gue?{moment}").all("a")
            if it["href"].startswith("/r/")
        ]
        for link in dict.fromkeys(links):
            assert moment in link and client.get(link).status_code == 200, link
        assert said in plain(rows[0]["citation"])
        with app.test_request_context("/"):
            set_view("fr")
            asked = {"subject": "Gué", "relation": "statut", "object": "annoncée"}
            call = {**asked, **dict([moment.split("=")])}
            told = json.loads(called("check_claim", ToolCall(site(), view(), call)).text)
            assert moment in told["citation"]["address"] and said in plain(told["citation"]["text"])


def test_a_row_has_the_documents_that_say_it_and_when_the_first_appeared(app: Flask) -> None:
    client = app.test_client()
    rows = client.get("/api/questions/stages?evidence=yes").json["rows"]
    said = {it["stage"].rpartition("/")[2]: (it["documents"], it["known_from"]) for it in rows}
    assert said["sentier-lavoir"] == ("document/sentier-1", "2013-03")
    letters = "document/sentier-1 document/sentier-2"
    assert said["sentier-gue"] == (letters, "2013-05"), "the second says that it was held"
    plainly = client.get("/api/questions/stages").json
    assert plainly["columns"][-2:] == ["documents", "known_from"]
    assert {it["stage"].rpartition("/")[2]: it["documents"] for it in plainly["rows"]} == {
        stage: documents for stage, (documents, _) in said.items()
    }
    with app.test_request_context("/"):
        set_view("en")
        told = json.loads(called("ask", ToolCall(site(), view(), {"question": "stages"})).text)
        assert {it["known_from"] for it in told["rows"]} >= {"March 2013", "May 2013"}
    page = read(client, "/questions/stages")
    assert [it.text for it in page.all("th")][-2:] == ["Dit dans", "Connu depuis"]
    assert "mars 2013" in plain(page.text)


def test_what_several_documents_name_is_told_from_what_one_alone_names(app: Flask) -> None:
    address = "/api/questions/first_and_last_mention?size=200&only="
    every, several, one = (
        app.test_client().get(address + it).json["rows"] for it in ("all", "several", "one")
    )
    assert several == [it for it in every if it["first_document"] != it["last_document"]]
    assert one == [it for it in every if it["first_document"] == it["last_document"]]
    assert several and one


def test_a_list_of_events_says_which_of_them_took_place_and_where(app: Flask) -> None:
    (row,) = (
        it.text for it in read(app.test_client(), "/list/event").all("tr") if "Clôture" in it.text
    )
    assert "annoncée" in row and "Besançon" in row


def test_files_and_the_command_have_the_rows_and_columns_of_the_api(
    app: Flask, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "run_in_child", lambda answer: answer())
    client, folder = app.test_client(), app.extensions["site"].release.path
    for name in ("stages", "occurrences_of_theme", "printed_themes"):
        said = client.get(f"/api/questions/{name}.csv").text
        assert (",documents,known_from" in said) == (name != "printed_themes")
        with pytest.raises(SystemExit):
            main(["query", name, "--release", str(folder), "--format", "csv"])
        printed = capfdbinary.readouterr().out.decode()
        rows = [*csv.DictReader(StringIO(said))]
        for text in (printed, client.get(f"/questions/{name}.csv").text):
            assert [*csv.DictReader(StringIO(text))] == rows
        file = client.get(f"/questions/{name}.xml").data
        found = parse_query_results(file, format=QueryResultsFormat.XML)
        assert isinstance(found, QuerySolutions)
        assert [it.value for it in found.variables] == [*rows[0]]
        assert len([*found]) == len(rows)


def test_a_list_says_in_which_documents_each_thing_is_when_and_how_often(app: Flask) -> None:
    several = app.test_client()
    rows = {it["thing"].rpartition("/")[2]: it for it in several.get("/list/stage.json").json}
    letters = "document/sentier-1 document/sentier-2"
    gue = rows["sentier-gue"]
    assert (gue["documents"], gue["known_from"], gue["last_said"]) == (
        letters,
        "2013-03",
        "2013-05",
    )
    assert rows["vesoul"]["passages"] > rows["sentier-lavoir"]["passages"] > 0
    header = several.get("/list/stage.csv").text.partition("\n")[0]
    assert ",documents,known_from,last_said,passages," in header
    page = read(several, "/list/stage")
    assert [it.text for it in page.all("th", scope="col")][-1] == "Dit dans"
    (row,) = (it.text for it in page.all("tr") if "Étape du Gué" in it.text)
    assert "Lettre du Sentier n° 1" in plain(row) and "Lettre du Sentier n° 2" in plain(row)
    alone = {it["thing"] for it in several.get("/list/stage.json?in_document=sentier-1").json}
    assert alone == {it["thing"] for it in rows.values() if "sentier-1" in it["documents"]}
