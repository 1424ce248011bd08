"""Questions built without SPARQL: what can be asked, the query, the sentence, the page."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib.resources import files
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from asking import answering
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.http.protocol import ASK, Refused
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.shapes import read as shapes_of
from rallynov_graph.site.query.builder.condition import Pair, from_args
from rallynov_graph.site.query.builder.kinds import Kinds, kinds_of
from rallynov_graph.site.query.builder.query import ConditionQuery
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults
from reading_pages import read as page_at

DECLARED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
MORE = f"""
<{RN}StageShape2> a sh:NodeShape ; sh:targetClass rn:Stage ; sh:property
  [ sh:path rn:weather ; sh:class schema:Place ; sh:maxCount 1 ] ,
  [ sh:path [ sh:inversePath rn:advertises ] ; sh:class foaf:Person ] ,
  [ sh:path rn:score ; sh:datatype xsd:decimal ] .
"""
SCHEMA, SKOS = PREFIXES["schema"], PREFIXES["skos"]


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site of the shipped data, with somebody who answers visitors."""
    return answering(create_app(store, release), store)


@pytest.fixture(scope="module")
def above(app: Flask) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = app.extensions["site"].graph.superclasses
    return found


@pytest.fixture(scope="module")
def kinds(release: Release, above: dict[str, tuple[str, ...]]) -> Kinds:
    return kinds_of(shapes_of(release.shapes.read_bytes()), above)


QUESTIONS: dict[str, list[dict[str, str]]] = tomllib.loads(
    (Path(__file__).parent / "questions.toml").read_text("utf-8")
)


class Addresses(dict[str, NamedNode]):
    """Takes each text for a short address."""

    def __missing__(self, text: str) -> NamedNode:
        return NamedNode(ID + text)


def query(
    kinds: Kinds, address: str, language: str = "", called: Callable[[str], str] = lambda iri: ""
) -> ConditionQuery:
    found = from_args(kinds, parse_qsl(address))
    assert found is not None
    return ConditionQuery(found[0], kinds, Addresses(), language=language, called=called)


def first(store: EmbeddedStore, text: str) -> set[str]:
    """The first column of an answer."""
    return {str(row[0]) for row in store.select(text).rows}


# What can be asked


def test_a_new_property_appears_by_itself(
    release: Release, above: dict[str, tuple[str, ...]], store: EmbeddedStore
) -> None:
    kinds = kinds_of(shapes_of(release.shapes.read_bytes() + MORE.encode()), above)
    app = create_app(store.pages(), release)
    app.extensions["site"].graph.queries.once("kinds", None, lambda: kinds)
    for kind, properties in {
        "rn:Stage": {"rn:weather", "^rn:advertises", "rn:score"},
        "schema:Place": {"^rn:weather"},
        "foaf:Person": {"rn:advertises"},
    }.items():
        assert properties <= {*offered(page_at(app.test_client(), f"/builder?kind={kind}"))}


def test_what_two_properties_say_of_a_thing_is_offered_once_and_read_either_way(
    client: FlaskClient,
) -> None:
    for kind, one, other in (
        ("rn:Stage", "rn:carriedBy", "^rn:carries"),
        ("org:Organization", "rn:carries", "^rn:carriedBy"),
        ("skos:Concept", "skos:related", "^skos:related"),
    ):
        values = offered(page_at(client, f"/builder?kind={kind}"))
        assert values.count(one) == 1 and other not in values
        page_at(client, f"/builder?kind={kind}&1={other}")


def test_another_graph_tells_by_its_classes_what_can_be_asked() -> None:
    file = files("pyshacl") / "assets" / "shacl.ttl"
    store = EmbeddedStore.of_files([file]).pages()  # type: ignore[list-item]
    client = answering(create_app(store), store).test_client()
    start = page_at(client, "/builder")
    assert faults(start, "fr") == [] and "SHACL" in start.text
    assert any("kind=rdfs%3AClass" in a["href"] for a in start.all("a"))
    page_at(client, "/builder?kind=rdfs:Class&1=%5Esh:path", 400)
    asked = "kind=rdfs:Class&1=rdfs:subClassOf&1.1=rdfs:label&1.1.has=shape"
    page = page_at(client, f"/builder?{asked}&lang=en")
    assert faults(page, "en") == []
    things = first(
        store,
        f"{DECLARED}SELECT DISTINCT ?s WHERE {{ ?s a rdfs:Class ; rdfs:subClassOf ?c ."
        " ?c rdfs:label ?l FILTER (REGEX(?l, 'shape', 'i')) }",
    )
    assert things and count_of(page).startswith(f"{len(things)} ")
    nothing = create_app(EmbeddedStore.of_quads([])).test_client()
    assert "n’a de classe" in page_at(nothing, "/builder").text


# The query


def test_a_question_finds_what_a_query_by_hand_finds(
    kinds: Kinds, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    for question in QUESTIONS["found"]:
        with subtests.test(address := question["address"]):
            by_hand = question["by_hand"].replace("{id}", ID)
            things = first(store, f"{DECLARED}SELECT DISTINCT ?s WHERE {{ {by_hand} }}")
            built = query(kinds, address, "fr")
            assert first(store, built.text("Une phrase.")) == things
            assert first(store, query(kinds, address).text()) == things, "names change nothing"
            ((count,),) = store.select(built.count).rows
            assert isinstance(count, Literal) and int(count.value) == len(things)
            assert things, "a comparison of nothing shows nothing"


def test_columns_are_what_is_to_be_shown_with_names_where_they_are_bound(
    kinds: Kinds, store: EmbeddedStore
) -> None:
    address = (
        "kind=rn:Stage&1=rn:carriedBy&1.is=organisation/legeni&2=rn:status&2.how=hidden"
        "&3=schema:location&3.how=optional&4=rn:number&4.how=without&5=dcterms:subject&5.1=rdfs:label"
    )
    columns = [variable for variable, _ in query(kinds, address).columns]
    assert columns == ["stage", "location", "subject", "label"]
    address = "kind=rn:Innovation&1=rn:suppliedBy&1.how=optional&1.1=rdfs:label&1.1.how=optional"
    found = store.select(query(kinds, address, "fr").text())
    places = [found.variables.index(v) for v in ("suppliedBy", "suppliedBy_label", "label")]
    told = {tuple(row[place] is None for place in places) for row in found.rows}
    assert told == {(True, True, True), (False, False, False)}


@given(st.text(), st.text())
@settings(max_examples=15)
def test_whatever_a_reader_or_the_data_write_stays_a_term_or_a_comment(
    kinds: Kinds, store: EmbeddedStore, written: str, named: str
) -> None:
    evil = '") } INSERT \\u0022 # \n'
    address = urlencode([("kind", "rn:Stage"), ("1", "rdfs:label"), ("1.has", evil + written)])
    assert store.select(query(kinds, address).text()).rows == ()
    evil = f"x\n}} DROP ALL # \\u000A DELETE \u2028 {{{named}"
    asked = "kind=rn:Stage&1=rn:carriedBy&1.is=organisation/bge-franche-comte"
    text = query(kinds, asked, "fr", lambda iri: evil).text(evil)
    lines = [line for line in text.splitlines() if "DROP" in line]
    assert lines and all("#" in line.partition("DROP")[0] for line in lines)
    assert first(store, text) == first(store, query(kinds, asked).text()) != set()


# The address


def test_an_address_leads_to_the_question_in_it_and_no_more(client: FlaskClient) -> None:
    pairs = [("kind", RN + "Stage"), ("7", "^rn:inEvent"), ("7.kind", "rn:Participation")]
    pairs += [("7.3", "rn:role"), ("7.3.is", "  role/contact "), ("7.3.is", ""), ("utm", "x")]
    pairs += [("2", "rn:number"), ("2.from", "3"), ("2.has", "no number")]
    expected = [("kind", "rn:Stage"), ("1", "rn:number"), ("1.from", "3"), ("2", "^rn:inEvent")]
    expected += [("2.kind", "rn:Participation"), ("2.1", "rn:role"), ("2.1.is", "role/contact")]
    for done, left in {
        "7.add=rn:inOffice": [*expected, ("2.2", "rn:inOffice")],
        "drop=7.3": expected[:5],
        "drop=7": expected[:3],
        "drop=7.3.is   role/contact ": expected[:6],
        "drop=7.3.is nobody": expected,
    }.items():
        name, _, value = done.partition("=")
        answer = client.get(f"/builder?{urlencode([*pairs, (name, value)])}")
        assert answer.status_code == 303, done
        assert parse_qsl(urlsplit(answer.headers["Location"]).query) == left, done


def test_what_is_no_number_day_or_time_and_too_many_values_are_marked(client: FlaskClient) -> None:
    for text in ("x", "1e9", "2013-13", "2013-02-30", "13-2013", "--", "²", "25:00"):
        asked = [("kind", "rn:Stage"), ("1", "rn:number"), ("2", "schema:startDate")]
        asked += [("3", "rn:endTime"), ("1.from", text), ("2.to", text), ("3.from", text)]
        page = page_at(client, f"/builder?{urlencode(asked)}", 400)
        assert faults(page, "fr") == []
        wrong = [e["name"] for e in page.all("input") if e["aria-invalid"]]
        assert wrong == ["1.from", "2.to", "3.from"], text
        assert "SELECT" not in page.text and "n’est pas comprise" in page.text
    values = [("kind", "rn:Stage"), ("1", "rn:carriedBy"), *(("1.is", str(n)) for n in range(13))]
    page = page_at(client, f"/builder?{urlencode(values)}", 400)
    assert page.all("code")[0].text == "1.is" and "12 valeurs" in page.text
    fields = [("kind", "rn:Stage"), *((f"{n % 99}.is", "x") for n in range(400))]
    assert "24 conditions" in page_at(client, f"/builder?{urlencode(fields)}", 400).text


# The sentence


def test_a_sentence_says_what_is_asked(client: FlaskClient, subtests: pytest.Subtests) -> None:
    for question in QUESTIONS["said"]:
        for language in ("fr", "en"):
            with subtests.test(question["address"], language=language):
                page = page_at(client, f"/builder?{question['address']}&lang={language}")
                assert faults(page, language) == []
                assert sentence_of(page).startswith(question[language])


# The page


BUTTONS = ("add", "drop")


def offered(page: Page) -> list[str]:
    """The properties that can be added."""
    return [button["value"] for button in page.all("button", name="add")]


def sentence_of(page: Page) -> str:
    """What is said of a question, with plain spaces."""
    told = page.one("div", **{"data-follows": "told"}).text
    return told.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def submit(client: FlaskClient, page: Page, **filled: str) -> str:
    """Send the form as a browser without scripts would; return the address that it leads to."""
    pressed = [(n, v) for n, v in filled.items() if n in BUTTONS and page.all("button", name=n)]
    ticked = [
        (n, v) for n, v in filled.items() if page.all("input", type="checkbox", name=n, value=v)
    ]
    fields = [*_fields(page, filled), *ticked, *pressed]
    answer = client.get(f"/builder?{urlencode(fields)}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def _fields(page: Page, filled: dict[str, str]) -> Iterator[Pair]:
    select = ""
    for e in page.elements:
        if "main" not in e.inside or not {"form", "main"} <= {*e.inside}:
            continue
        if e.tag == "select":
            select = e["name"]
            if select in filled or not any(
                o["value"] and "selected" in o.attributes for o in page.all("option")
            ):
                yield select, filled.get(select, "")
        elif e.tag == "option" and "selected" in e.attributes and select not in filled:
            yield select, e["value"]
        elif e.tag == "input" and (
            e["type"] not in ("radio", "checkbox") or "checked" in e.attributes
        ):
            yield e["name"], filled.get(e["name"], e["value"])


def test_a_question_is_built_without_scripts(client: FlaskClient) -> None:
    start = page_at(client, "/builder")
    (stage,) = [a["href"] for a in start.all("a") if a.text == "étape"]
    address = submit(client, page_at(client, stage), add="dcterms:subject")
    assert address == "/builder?kind=rn%3AStage&1=dcterms%3Asubject#c-1"
    page = page_at(client, address.partition("#")[0])
    assert page.all("fieldset", id="c-1")
    address = submit(client, page, **{"1.is": "theme/gouvernance", "add": "^rn:inEvent"})
    assert "1.is=theme%2Fgouvernance" in address and address.endswith("#c-2")
    page = page_at(client, address.partition("#")[0])
    address = submit(client, page, **{"2.kind": "rn:Participation"})
    page = page_at(client, address)
    address = submit(client, page, **{"2.add": "rn:role"})
    assert address.endswith("#c-2-1")
    page = page_at(client, address.partition("#")[0])
    assert faults(page, "fr") == []
    assert [th.text for th in page.all("th")] == ["Étape", "Participation", "Participation › rôle"]
    rows = [*page.all("tr")][1:]
    assert {row.text.partition(" Franche")[0] for row in rows} == {"Étape BGE"}
    assert page.one("strong", **{"class": "count"}).text == "1 étape"
    (workbench,) = [a["href"] for a in page.all("a") if "atelier" in a.text]
    assert page_at(client, workbench).all("td")
    (table,) = [a["href"] for a in page.all("a") if a.text == "CSV"]
    told = [*csv.DictReader(StringIO(client.get(table).text))]
    assert len(told) == len(rows) and {row["stage_label"] for row in told} == {
        "Étape BGE Franche-Comté"
    }
    (away,) = [b["value"] for b in page.all("button") if "condition — thème" in b.text]
    address = submit(client, page, drop=away, **{"2.1.how": "hidden"})
    assert address.endswith("#built")
    left = page_at(client, address.partition("#")[0])
    assert [e["value"] for e in left.all("input", name="1")] == ["^rn:inEvent"]
    assert "1.1.how=hidden" in address, "what was chosen meanwhile stays"


EMPLOYMENT = "kind=rn:Innovation&1=dcterms:subject&1.is=theme/emploi-et-competences"
CHILDREN = f"{EMPLOYMENT}&2=rn:beneficiary&2.is=beneficiary/enfants"


def count_of(page: Page) -> str:
    return page.one("strong", **{"class": "count"}).text


def test_a_theme_finds_what_the_facet_of_the_list_finds(client: FlaskClient) -> None:
    for certainty in ("", "&certainty=explicit"):
        facets = page_at(client, f"/list/innovation?{certainty}").all("input", name="larger")
        assert facets
        for theme in (box["value"] for box in facets):
            listed = client.get(f"/list/innovation.json?larger={theme}{certainty}").get_json()
            address = f"/builder?kind=rn:Innovation&1=dcterms:subject&1.is={theme}{certainty}"
            assert count_of(page_at(client, address)).split()[0] == str(len(listed)), theme


def test_what_is_narrower_counts_until_the_reader_says_otherwise(client: FlaskClient) -> None:
    wide = page_at(client, f"/builder?{EMPLOYMENT}")
    assert count_of(wide) == "4 innovations"
    assert "Comprend aussi" in wide.text and "Maintien en emploi" in wide.text
    exact = page_at(client, submit(client, wide, **{"1.exact": "yes"}))
    assert faults(exact, "fr") == []
    assert count_of(exact) == "0 innovation" and "ou plus précis" not in exact.text
    page_at(client, f"/builder?{EMPLOYMENT}&1.exact=no", 400)
    asked = "of=rn:Innovation&step=dcterms:subject&kind=skos:Concept&q=emploi"
    proposed = client.get(f"/builder/values.json?{asked}").get_json()["suggestions"]
    assert "theme/emploi-et-competences" in [one["short"] for one in proposed]
    named = quote("Emploi et compétences")
    answer = client.get(f"/builder?kind=rn:Innovation&1=dcterms:subject&1.is={named}")
    assert answer.status_code == 303
    assert "1.is=theme%2Femploi-et-competences#" in f"{answer.headers['Location']}#"


def test_each_choice_has_the_number_of_things_that_it_would_find(client: FlaskClient) -> None:
    page = page_at(client, f"/builder?{EMPLOYMENT}&2=rn:beneficiary")
    boxes = page.all("input", type="checkbox", name="2.is")
    values = [box["value"] for box in boxes]
    assert {"beneficiary/salaries", "beneficiary/enfants"} <= {*values}
    for number, value in enumerate(values, 1):
        beside = page.one("span", **{"data-follows": f"n-2-{number}"}).text
        found = count_of(page_at(client, f"/builder?{EMPLOYMENT}&2=rn:beneficiary&2.is={value}"))
        assert beside == found.split()[0] + found or (found.startswith("0 ") and beside[0] == "0")
    button = page.one("button", name="add", value="rn:carriedBy")
    found = count_of(page_at(client, f"/builder?{EMPLOYMENT}&2=rn:carriedBy"))
    assert button.text.endswith(found), "a property says how many things have it"
    asked = f"{EMPLOYMENT}&2=rn:beneficiary&2.how=without&2.is=beneficiary/enfants"
    page = page_at(client, f"/builder?{asked}")
    boxes = page.all("input", type="checkbox", name="2.is")
    number = [box["value"] for box in boxes].index("beneficiary/enfants") + 1
    assert count_of(page) == "4 innovations"
    assert page.one("span", **{"data-follows": f"n-2-{number}"}).text.endswith("4 innovations")


def test_an_empty_answer_names_the_conditions_that_empty_it(client: FlaskClient) -> None:
    sure = "kind=rn:Innovation&1=rn:carriedBy&1.is=organisation/indibat&certainty=explicit"
    for address, *told in (
        (
            CHILDREN,
            "Retirer « Emploi et compétences » : 1 réponse",
            "aucune réponse à partir d’ici",
        ),
        (f"{CHILDREN}&lang=en", "Remove “Employment", "1 answer", "no answers from here on"),
        (sure, "Retirer « explicite » :"),
    ):
        page = page_at(client, f"/builder?{address}")
        assert faults(page, "en" if "lang=en" in address else "fr") == []
        (nothing,) = [it.text for it in page.all("div", **{"class": "nothing"})]
        assert all(text in nothing.replace("\u202f", " ") for text in told)
        buttons = [it for it in page.all("a") if it["class"].startswith("button")]
        assert buttons
        for it in buttons:
            found = count_of(page_at(client, it["href"].partition("#")[0]))
            assert found.split()[0] == re.findall(r"\d+", it.text)[-1]


def site_of(turtle: str) -> FlaskClient:
    """The site of a graph of others, which answers visitors."""
    store = EmbeddedStore.of_quads([*parse(turtle.encode(), format=RdfFormat.TURTLE)]).pages()
    return answering(create_app(store), store).test_client()


def test_names_of_others_are_offered_as_they_are_and_among_many_values_one_writes() -> None:
    few = site_of("""<urn:x> a <urn:T> ; <urn:p> <urn:o> . <urn:y> a <urn:T> ; <urn:p> <urn:q> .
    <urn:o> <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>", "شارع" .""")
    page = page_at(few, "/builder?kind=urn:T&1=urn:p")
    assert faults(page, "fr") == []
    assert [e["value"] for e in page.all("input", type="checkbox", name="1.is")]
    assert "<script>alert" in page.text and all(e["src"] for e in page.all("script"))
    assert count_of(page) == "2 éléments"
    many = site_of("".join(f"<urn:x{n}> a <urn:T> ; <urn:p> <urn:o{n}> ." for n in range(60)))
    page = page_at(many, "/builder?kind=urn:T&1=urn:p")
    assert not page.all("input", type="checkbox", name="1.is")
    assert page.all("input", type="text", name="1.is") and count_of(page) == "60 éléments"


def test_a_question_is_cited_by_its_sentence(client: FlaskClient) -> None:
    page = page_at(client, "/builder?kind=rn:Stage&1=dcterms:subject&certainty=explicit")
    links = {a.text: a["href"] for a in page.all("a")}
    (item,) = client.get(links["CSL-JSON"]).get_json(force=True)
    assert item["title"].startswith("Chaque étape avec") and not item["title"].endswith(".")
    assert "certainty=explicit" in item["URL"]
    assert client.get(item["URL"].removeprefix("http://localhost")).status_code == 200
    told = client.get(links["JSON"]).get_json(force=True)["results"]["bindings"]
    assert [row["stage"]["value"] for row in told]
    assert client.get("/builder.ttl?kind=rn:Stage").status_code == 404


def test_a_name_that_is_near_or_of_nothing_is_said_where_it_stands(client: FlaskClient) -> None:
    near = page_at(client, "/builder?kind=rn:Stage&1=dcterms:subject&1.is=gouvernanse", 404)
    assert faults(near, "fr") == []
    offered = [a["href"] for a in near.all("a") if "1.is=theme" in a["href"]]
    assert offered and all(client.get(href).status_code == 200 for href in offered)
    missing = page_at(client, "/builder?kind=rn:Stage&1=dcterms:subject&1.is=zzzzzz", 404)
    assert "Rien ne porte ce nom" in missing.text and not missing.all("table")
    assert client.get("/builder.csv?kind=rn:Stage&1=dcterms:subject&1.is=zzzzzz").status_code == 404


EVENTS = "kind=rn:Participation&1=rn:participant"


def test_names_proposed_while_one_writes_have_the_number_of_things_that_they_would_leave(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    def left(question: str, at: str, status: int = 200, lang: str = "") -> dict[str, str]:
        asked = f"of=rn:Participation&step=rn:participant&q=fran&at={at}"
        answer = client.get(f"/builder/values.json?{asked}&question={quote(question)}{lang}")
        assert answer.status_code == status
        return (
            {it["short"]: it["left"] for it in answer.get_json()["suggestions"]}
            if answer.is_json
            else {}
        )

    more = "&2=rn:role&2.is=role/contact"
    for question, lang in (
        (EVENTS, ""),
        (f"{EVENTS}{more}", ""),
        (f"{EVENTS}&1.how=without", "en"),
    ):
        proposed = left(question, "1", lang=f"&lang={lang}" if lang else "")
        assert len(proposed) > 1
        for short, found in [*proposed.items()][:3]:
            asked = f"/builder?{question}&1.is={short}" + (f"&lang={lang}" if lang else "")
            assert found == count_of(page_at(client, asked)), short
    had = first(store, f"SELECT DISTINCT ?o WHERE {{ ?s <{RN}participant> ?o }}")
    assert {f"<{ID}{short}>" for short in left(EVENTS, "1")} <= had
    asked = "of=rn:Participation&step=rn:participant&kind=foaf:Person&q=a"
    people = client.get(f"/builder/values.json?{asked}").get_json()["suggestions"]
    assert people and all(it["iri"].startswith(f"{ID}person/") for it in people)
    # Nothing is counted where the question is not understood, says so itself, or is not told.
    assert {*left("", "1").values()} == {None}
    assert {*left(f"{EVENTS}&2=rn:role&2.is=nobody+of+this+name", "1").values()} == {None}
    assert {*left(f"{EVENTS}&1.how=optional", "1").values()} == {None}
    for question, at in ((EVENTS, "2"), (EVENTS, "<b>"), ("kind=nothing", "1"), ("1=x", "1")):
        left(question, at, 400)


def test_why_there_is_no_answer_is_said(store: EmbeddedStore, release: Release) -> None:
    app = create_app(store, release)
    app.testing = True
    alone = page_at(app.test_client(), "/builder?kind=rn:Stage")
    assert "n’exécute pas les requêtes" in alone.text and "SELECT" in alone.text
    assert app.test_client().get("/builder.csv?kind=rn:Stage").status_code == 404

    def refuse(*_: object) -> None:
        raise Refused(504, "Too late.")

    inner = app.wsgi_app
    app.wsgi_app = lambda environ, start: inner({**environ, ASK: refuse}, start)  # type: ignore[method-assign]
    late = page_at(app.test_client(), "/builder?kind=rn:Stage", 504)
    assert load()["fr"]["sparql.said_504"] in late.text and "SELECT" in late.text
    assert app.test_client().get("/builder.csv?kind=rn:Stage").status_code == 504


def test_an_empty_question_says_which_document_was_read_for_it(client: FlaskClient) -> None:
    asked = "kind=rn:ReportedFigure&1=rn:figureOf&1.is=funding/direccte"
    said = page_at(client, f"/builder?{asked}&lang=en").text
    assert "Read: the logbook is silent" in said and "read for it on" in said
