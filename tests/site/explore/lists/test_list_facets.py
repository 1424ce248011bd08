"""Lists narrowed by facets: what is chosen, what is counted, how sure it is, in every order."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_store import RemoteStore
from reading_pages import Element, Page, faults, inside, read
from servers import Server

HEALTH, MFQ = "larger=theme/solidarite-et-sante", "stage=stage/mfq-franche-comte"
LABELS = ["La vie à pleine dents, longtemps", "Mamhique", "Colocation pour personnes âgées"]
SPACES = {0x00A0: " ", 0x202F: " "}


def names(page: Page) -> list[str]:
    """Return the things of a list."""
    return [e.text for e in page.all("th", scope="row")] or [
        e.text for e in page.all("li") if "facts-column" in e["class"] or e.inside[-1] == "ul"
    ]


def total(page: Page) -> int:
    """Return how many things a list says it has in its title."""
    return int(page.one("h1").text.split()[0])


def boxes(page: Page, facet: str) -> dict[str, int]:
    """Return the values of a facet that the form offers, and how many things have each."""
    labels = [e for e in page.all("label") if e["class"] == "choice"]
    inputs = page.all("input", type="checkbox")
    assert len(labels) == len(inputs)
    return {
        box["value"]: int(label.text.split()[-2])
        for label, box in zip(labels, inputs, strict=True)
        if box["name"] == facet
    }


def pills(page: Page) -> list[Element]:
    return [e for e in page.all("a") if e.text.startswith(("Retirer", "Remove"))]


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(client: FlaskClient) -> None:
    page = read(client, "/list/stage")
    assert boxes(page, "status") == {"status/annoncee": 5, "status/tenue": 4}
    held = read(client, "/list/stage?status=status/tenue")
    assert total(held) == 4 and "Vesoul" not in held.one("table").text
    assert boxes(held, "date") == {}, "one value tells no stage from another"
    bus, bike = "means=means/bus", "means=means/velo-electrique"
    assert total(read(client, f"/list/innovation?{bus}")) == 1
    both = read(client, f"/list/innovation?{bus}&{bike}")
    assert total(both) == 2
    narrowed = read(client, f"/list/innovation?{bus}&{bike}&need=need/se-deplacer")
    assert total(narrowed) == 1
    assert narrowed.one("th", scope="row").text.startswith("Vélo électrique")


def test_large_themes_are_those_of_the_question_and_others_are_taken_from_an_address(
    client: FlaskClient,
) -> None:
    answer = json.loads(client.get("/questions/large_themes.json").text)["results"]["bindings"]
    large = {
        row["theme"]["value"].removeprefix(ID) for row in answer if row["things"]["value"] != "0"
    }
    kinds = [it.name for it in KINDS.values() if "larger" in {facet.name for facet in it.facets}]
    offered = {kind: {*boxes(read(client, f"/list/{kind}"), "larger")} for kind in kinds}
    assert set().union(*offered.values()) == large and len(large) == 9
    small = [
        client.get(f"/list/innovation.csv?{of}=theme/vieillissement").text
        for of in ("larger", "theme")
    ]
    assert {it.partition(",")[0] for it in small[0].splitlines()} == {
        it.partition(",")[0] for it in small[1].splitlines()
    }
    both = read(client, f"/list/innovation?{HEALTH}&theme=theme/vieillissement")
    heads = [it.text for it in both.all("th", scope="col")]
    assert heads.count("Le lien avec le thème") == 1, "choices on one path make one column"
    within = read(client, "/list/innovation?larger=theme/ecologie")
    assert total(within) == 1 and "Écologie" in pills(within)[0].text
    assert "Les curateurs rangent un thème dans un thème plus large" in within.text


TITLES = {
    "/list/organisation": ("18 organisations", "18 organisations"),
    "/list/innovation?larger=theme/solidarite-et-sante": (
        "3 innovations abordent « Solidarité et santé »",
        "3 innovations address “Solidarity and health”",
    ),
    "/list/innovation?larger=theme/solidarite-et-sante&carrier=organisation/ages-et-vie": (
        "1 innovation aborde « Solidarité et santé » et est portée par Agés et Vie",
        "1 innovation addresses “Solidarity and health” and is run by Agés et Vie",
    ),
    "/list/innovation?stage=stage/bge-franche-comte": (
        "3 innovations sont présentées à l’étape BGE Franche-Comté",
        "3 innovations are presented at the BGE Franche-Comté stage",
    ),
    "/list/person?organisation=organisation/indibat": (
        "1 personne parle au nom d’Indibat",
        "1 person speaks on behalf of Indibat",
    ),
    "/list/stage?date=2013-04-08": (
        "1 étape est datée du 8 avril 2013",
        "1 stage is dated 8 April 2013",
    ),
    "/list/organisation?larger=theme/solidarite-et-sante&event=stage/mfq-franche-comte": (
        "0 organisation est liée à « Solidarité et santé » et "
        "a pris part à l’étape MFQ Franche-Comté",
        "0 organisations are linked to “Solidarity and health” and "
        "took part at the MFQ Franche-Comté stage",
    ),
    f"/list?class={quote(RN + 'Innovation', safe='')}": (
        "13 éléments de la classe « innovation sociale »",
        "13 things of the class “social innovation”",
    ),
}
"""What lists are called in French and in English."""


def test_a_title_is_the_result_in_words_and_the_citation_has_it(
    client: FlaskClient, subtests: pytest.Subtests
) -> None:
    for address, titles in TITLES.items():
        for language, title in zip(("fr", "en"), titles, strict=True):
            with subtests.test(address, language=language):
                mark = "&" if "?" in address else "?"
                page = read(client, f"{address}{mark}lang={language}")
                assert page.one("h1").text.translate(SPACES) == title
                assert page.one("title").text.translate(SPACES).startswith(title)
                path, _, asked = address.partition("?")
                cited = client.get(f"/cite{path}.json?{asked}&lang={language}").json
                assert cited[0]["title"].translate(SPACES) == title
                assert unquote(asked) in unquote(cited[0]["URL"])


def test_a_long_title_is_cut_where_a_filter_ends_and_counts_the_rest(client: FlaskClient) -> None:
    values = boxes(read(client, "/list/innovation"), "need")
    needs = "&".join(f"need={it}" for it in values)
    title = read(client, f"/list/innovation?{needs}").one("h1").text
    assert f"ou {len(values) - 2} autres" in title
    asked = (
        f"{needs}&{MFQ}&larger=theme/solidarite-et-sante&means=means/bus&theme=theme/gouvernance"
    )
    title = read(client, f"/list/innovation?{asked}").one("h1").text
    assert "… (et " in title and "autres filtres)" in title and len(title) < 150
    question = "/questions/themes_of_organisation?large=theme/emploi-et-competences"
    assert "et par quoi ? — Emploi et compétences" in read(client, question).one("bdi").text


def test_each_choice_can_be_taken_back_and_all_at_once(client: FlaskClient) -> None:
    page = read(client, "/list/person?role=role/temoigne&role=role/contact&sort=links")
    first, second = pills(page)
    assert first["href"] == ("/list/person?role=role%2Fcontact&sort=links")
    assert second["href"] == "/list/person?role=role%2Ftemoigne&sort=links"
    (clear,) = [e for e in page.all("a") if e.text == "Tout effacer"]
    assert clear["href"] == "/list/person?sort=links"
    chosen = [e["value"] for e in page.all("input", name="role") if "checked" in e.attributes]
    assert {*chosen} == {"role/temoigne", "role/contact"}


def test_the_address_is_the_whole_state_in_both_languages(client: FlaskClient) -> None:
    address = "/list/stage?status=status/tenue&certainty=inferred&sort=name&lang=en"
    page = read(client, address)
    assert faults(page, "en") == []
    assert "Held" in pills(page)[0].text or "held" in pills(page)[0].text
    kept = {e["name"]: e["value"] for e in page.all("input", type="hidden")}
    assert kept == {"lang": "en", "certainty": "inferred", "sort": "name"}
    assert "By name" in [e.text for e in page.all("summary")]
    (other,) = page.all("a", hreflang="fr")
    assert parse_qs(urlsplit(other["href"]).query)["status"] == ["status/tenue"]


def test_only_what_is_said_outright_is_listed_when_that_is_asked(client: FlaskClient) -> None:
    every, said = read(client, "/list/stage"), read(client, "/list/stage?certainty=explicit")
    assert "déduit" in every.one("table").text
    assert total(said) == 6 and "déduit" not in said.one("table").text
    nav = every.one("nav", **{"class": "certainty-filter"})
    assert [e.text for e in inside(every, nav, "b")] == ["6", "9", "9"]


def test_what_is_asked_comes_after_the_name_the_surest_first_and_the_file_has_the_same(
    client: FlaskClient,
) -> None:
    page = read(client, f"/list/innovation?{HEALTH}")
    heads = [e.text for e in page.all("th", scope="col")]
    assert heads[:2] == ["Innovation", "Le lien avec le thème"] and len(heads) == 4
    told = names(page)
    assert told[0].startswith("La vie à pleine dents") and told[-1].startswith("Colocation")
    first = page.all("td")[0]
    assert "Accès aux soins" in first.text and "imprimé « accès aux soins »" in first.text
    assert "question ouverte : 2 lectures" in page.one("table").text.translate(SPACES)
    by_name = read(client, f"/list/innovation?{HEALTH}&sort=name")
    assert [*map(str.split, names(by_name))] == sorted(map(str.split, told))
    for suffix in ("csv", "json"):
        pattern = rf"/list/innovation\.{suffix}\?"
        (link,) = {e["href"] for e in page.all("a") if re.match(pattern, e["href"])}
        answer = client.get(link)
        rows = answer.json or [*csv.DictReader(io.StringIO(answer.text))]
        assert [row["label"] for row in rows] == LABELS
        assert f"innovation-solidarite-et-sante.{suffix}" in answer.headers["Content-Disposition"]
        assert "larger" in rows[0], "the column that is asked about"
    others = read(client, "/list/innovation?larger=theme/solidarite-et-sante").text
    assert "10 innovations ne remplissent pas ces conditions" in others
    assert "2 organisations sont liées à « Solidarité et santé »" in others.translate(SPACES)


def test_the_query_that_is_shown_finds_the_rows_that_are_shown(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    address = "/list/innovation?theme=theme/gouvernance&theme=theme/deplacements&certainty=inferred"
    page = read(client, address)
    (query,) = [e["href"] for e in page.all("a") if e.text == "Voir la requête"]
    text = parse_qs(urlsplit(query).query)["query"][0]
    found = {row["thing"] for row in store.select(text)}
    assert len(found) == total(page) == len(page.all("th", scope="row")) > 0
    (download,) = [e["href"] for e in page.all("a") if e.text == "CSV (tableur)"]
    answer = client.get(download)
    rows = [*csv.DictReader(io.StringIO(answer.get_data(as_text=True)))]
    assert answer.mimetype == "text/csv"
    assert {row["thing"] for row in rows} == {node.value for node in found}  # type: ignore[union-attr]


def test_a_server_of_others_gives_the_same_lists(client: FlaskClient, server: Server) -> None:
    theirs = create_app(RemoteStore(server.endpoint), of_server=True).test_client()
    for address in (
        "/list/stage?status=status/tenue&certainty=inferred",
        "/list/person?role=role/temoigne&sort=links",
        "/list/innovation?larger=theme/gouvernance-et-participation&lang=en",
    ):
        here, there = (
            page.text.replace(page.one("section", **{"class": "cite"}).text, "")
            for page in (read(client, address), read(theirs, address))
        )
        assert there == here, "but for how they are cited: the server's release is not known"


def test_near_values_are_offered_as_readers_know_them(client: FlaskClient) -> None:
    for language, name in (("fr", "Gouvernance"), ("en", "Governance")):
        page = read(client, f"/list/innovation?theme=theme/gouvernanse&lang={language}", 400)
        assert name in [e.text for e in page.all("a")]
    wrong = read(client, "/list/innovation?themes=theme/gouvernance", 400)
    assert "theme" in [e.text for e in wrong.all("a")]
    dated = read(client, "/list/stage?date=2013-06-12", 400)
    near = [e.text for e in dated.all("a") if e["href"] == "/list/stage?date=2013-06-11"]
    assert near == ["2013-06-11", "11 juin 2013"], "as the address has it, and as readers know it"


def test_a_list_is_sorted_by_what_it_is_asked_for(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    by_number = names(read(client, "/list/stage"))
    by_name = names(read(client, "/list/stage?sort=name"))
    assert by_number[0].startswith("Étape BGE") and by_number[4].startswith("Étape de Vesoul")
    assert by_name[1].startswith("Étape de Belfort"), "by its name, not by its title"
    assert by_name[2].startswith("Étape de Champagnole")
    dates = names(read(client, "/list/stage?sort=date"))
    assert dates[1].startswith("Étape de Vesoul"), "8 April, then 11 June 2013"
    figures = names(read(client, "/list/figure"))
    assert figures[0].startswith("3 ") and figures[-1].startswith("200 "), "by size, not by letters"
    linked = read(client, "/list/organisation?sort=links")
    heads = [e["href"] for e in linked.all("a") if e.inside[-1] == "th"]
    things = [href.removeprefix("/page/") for href in heads if href.startswith("/page/")]
    numbers = [links(store, thing) for thing in things]
    assert len(numbers) == 18 and numbers == sorted(numbers, reverse=True)


def links(store: EmbeddedStore, thing: str) -> int:
    """How many links a thing has, either way."""
    node, is_a = f"<{ID}{thing}>", f"<{PREFIXES['rdf']}type>"
    query = f"""SELECT DISTINCT ?s ?p ?o {{
      {{ {node} ?p ?o FILTER (ISIRI(?o) && ?p != {is_a}) }} UNION {{ ?s ?p {node} }} }}"""
    return len(store.select(query).rows)
