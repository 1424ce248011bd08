"""The ontology as a site: the drawing, a page a term, its use, its shape, its questions."""

from __future__ import annotations

from urllib.parse import quote

from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.resources import ontology_dir
from reading_pages import Page, faults, read


def term(client: FlaskClient, name: str, language: str = "fr") -> Page:
    page = read(client, f"/ontology/{name}" + ("?lang=en" if language == "en" else ""))
    assert faults(page, language) == []
    return page


def fact(page: Page, label: str) -> str:
    """The values beside a label, as text."""
    (found,) = [
        e.text for e in page.elements if e["class"] == "fact" and e.text.startswith(f"{label} ")
    ]
    return found.removeprefix(f"{label} ")


def test_a_class_tells_its_names_meaning_and_neighbours_in_both_languages(
    client: FlaskClient,
) -> None:
    page, english = term(client, "Stage"), term(client, "Stage", "en")
    assert (page.one("h1").text, english.one("h1").text) == ("étape", "stage")
    assert fact(page, "Noms") == "étape (fr) stage (en)"
    assert "(en)" in fact(page, "Définition") and "(fr)" in fact(page, "Définition")
    assert fact(english, "Broader classes") == "event"
    assert "run by" in fact(english, "Properties that start from it")
    assert "presented at" in fact(english, "Properties that lead to it")
    assert "9 éléments de cette classe" in page.text
    assert len([a for a in page.all("a") if a["href"].startswith("/page/stage/")]) == 5
    assert _all_things(page) == "/list/stage"


def test_a_class_leads_to_the_list_of_the_kind_that_has_all_its_things(client: FlaskClient) -> None:
    sure = read(client, "/ontology/Stage?certainty=explicit&lang=en")
    assert _all_things(sure, "All these things") == "/list/stage?certainty=explicit&lang=en"
    passage = term(client, "Passage")  # of which the parts of a document are, too
    assert "239 éléments de cette classe" in passage.text
    larger = _all_things(passage)
    assert larger == "/list?class=" + quote(f"{RN}Passage", safe="")


def _all_things(page: Page, text: str = "Tous ces éléments") -> str:
    (link,) = (a["href"] for a in page.all("a") if a.text == text)
    return link


def test_what_the_shape_demands_is_said_in_words(client: FlaskClient) -> None:
    for language, said in (("fr", "exactement une valeur"), ("en", "exactly one value")):
        rows = {r["id"]: r.text for r in term(client, "Stage", language).all("tr") if r["id"]}
        assert said in rows["StageShape-superEvent"]
    digest = next(r.text for r in term(client, "sha256").all("tr") if "64" in r.text)
    assert digest.startswith("texte extrait")


def test_a_term_leads_to_examples_questions_and_who_defines_it(client: FlaskClient) -> None:
    rows = [r.text for r in term(client, "carriedBy").all("tr") if "preuve" in r.text]
    assert len(rows) == 5, "each says how surely and where it is read"
    assert all("explicite" in it or "déduit" in it or "incertain" in it for it in rows)
    hrefs = {a["href"] for a in term(client, "relayFrom").all("a")}
    assert "/questions/relays" in hrefs and "/questions/partners_and_funders" not in hrefs
    page = read(client, "/ontology/term?iri=" + quote(f"{PREFIXES['org']}Organization"))
    assert page.one("h1").text == "organisation"
    assert fact(page, "Défini par").startswith("un autre vocabulaire")
    assert fact(page, "Classes plus précises") == "organisation non nommée"


def test_the_overview_leads_to_every_term_and_draws_what_its_table_says(
    client: FlaskClient,
) -> None:
    page = read(client, "/ontology")
    hrefs = {a["href"] for a in page.all("a")}
    named = {
        q.subject.value  # type: ignore[union-attr]
        for file in ("rallynov.ttl", "reused.ttl")
        for q in parse(path=ontology_dir() / file, format=RdfFormat.TURTLE)
        if q.predicate.value.endswith("#label")
    }
    for iri in named:
        own = iri.removeprefix(RN)
        at = f"/ontology/{own}" if own != iri else f"/ontology/term?iri={quote(iri, safe='')}"
        assert at in hrefs, iri
    assert {"Stage", "carriedBy", "sha256"} <= {e["id"] for e in page.elements}, "old anchors"
    assert "portée par → organisation" in page.one("svg", role="img").text
    rows = [row.text for row in page.all("tr")]
    assert any("portée par innovation sociale, étape organisation" in row for row in rows)
    assert page.text == read(client, "/ontology").text, "laid out the same way each time"


def test_machines_get_the_description_of_a_term(client: FlaskClient) -> None:
    turtle = client.get("/ontology/Stage", headers={"Accept": "text/turtle"})
    assert (turtle.mimetype, turtle.headers["Vary"]) == ("text/turtle", "Accept")
    found = [*parse(turtle.data, format=RdfFormat.TURTLE)]
    document = "<http://localhost/ontology/Stage>"
    assert {str(q.subject) for q in found} == {f"<{RN}Stage>", document}
    assert any(str(q.object) == '"stage"@en' for q in found)
    assert client.get("/ontology/Stage.nt").data
    assert client.get("/ontology/term.ttl?iri=https://schema.org/Event").status_code == 200
    assert client.get("/ontology/Stage", headers={"Accept": "image/png"}).status_code == 406
    own = client.get("/ontology/term", query_string={"iri": f"{RN}Stage", "lang": "en"})
    assert (own.status_code, own.headers["Location"]) == (302, "/ontology/Stage?lang=en")
