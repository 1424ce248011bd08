"""What people, programs and robots ask wrongly: the right status, a page or a problem that helps.

One table for pages and what they give as files; that of the command line is in ``tests/cli``.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
LANGUAGES = "The labels are in fr and en: name one of these as the language."
DEEP = "=skos:broader&".join(".".join("1" * depth) for depth in range(1, 6))
LONG = "x" * 5000
NOT_THERE = {
    "/carnet/nowhere": 404,
    "/carnet/carnet-2?page=6": 404,
    "/carnet/carnet-2?page=2&theme=theme/confiance": 404,
    "/carnet/carnet-2?theme=theme/nowhere": 400,
    "/carnet/carnet-2?theme=a%20b": 400,
    "/carnet/carnet-2?voice=person/legeni": 400,
    "/carnet/carnet-2/1-2": 404,
    "/carnet/carnet-2/x": 404,
    f"/carnet/carnet-2/{'9' * 400}-1": 404,
    "/carnet/nowhere/4-51": 404,
    "/carnet/carnet-2?page=0": 400,
    "/carnet/carnet-2?page=x": 400,
    "/carnet/a%20b": 400,
    "/carnet/carnet-2?lang=xx": 400,
    "/data/stage/../../../etc/passwd": 404,
    "/data/stage/..%2f..%2fetc%2fpasswd.ttl": 404,
    "/data/%2e%2e/%2e%2e/manifest.json": 404,
    "/data/stage/vesoul%00.ttl": 400,
    "/data/stage/%3Cscript%3E.ttl": 400,
    "/data/stage/vesoul%20.ttl": 400,
    "/data/stage/%FF%FE.ttl": 400,
    "/data/stage/%C3%A9tape.ttl": 404,
    "/data/nokind/vesoul.ttl": 404,
    "/data/stage/vesoul.ttl/": 404,
    "/data/stage/.ttl": 404,
    "/data/stage/vesoul.TTL": 404,
    "/id/stage/vesoul.ttl": 404,
    "/id/stage/" + "a" * 9000: 404,
    "/shapes/..%2f..%2fmanifest.json": 404,
    "/shapes/%3Cb%3E": 404,
    "/ontology/..%2fshapes.ttl": 404,
    "/resource.ttl?iri=file:///etc/passwd": 404,
    "/data?iri=not+an+iri": 400,
    "/linkset/page/stage/nowhere": 404,
    "/linkset/resource?iri=%3C": 404,
    "/search?q=rifc&kind=planet": 400,
    "/search?q=rifc&lang=xx": 400,
    "/ontology/Stages": 404,
    "/ontology/Stages.ttl": 404,
    "/ontology/a b": 400,
    "/ontology/" + "x" * 5000: 404,
    "/ontology/term": 404,
    "/ontology/term?iri=relative": 400,
    "/ontology/term?iri=https://example.org/nowhere": 404,
    "/ontology/term?iri=" + "https://e/" + "x" * 5000: 404,
    "/ontology/term.ttl?iri=https://example.org/nowhere": 404,
    "/ontology/Stage?lang=de": 400,
    "/?certainty=perhaps": 400,
    "/?lang=": 400,
    "/?lang=de": 400,
    "/between.csv": 404,
    "/between?from=nothing+of+the+sort&to=organisation/legeni": 404,
    "/carnet/carnet-2.docx": 404,
    "/carnet/nowhere.ttl": 404,
    "/cite.docx": 404,
    "/cite/between.bib": 404,
    "/cite/between.bib?from=nothing-of-the-kind&to=organisation/legeni": 404,
    "/cite/cite/links.bib.bib": 404,
    "/cite/links": 404,
    "/cite/links.csv.bib": 404,
    "/cite/links.docx": 404,
    "/cite/list/organisation.bib?view=matrix&certainty=perhaps": 400,
    "/cite/nothing/here.bib": 404,
    "/cite/page/stage/nowhere.json": 404,
    "/cite/robots.txt.bib": 404,
    "/cite/search.bib": 404,
    "/cite/sparql.bib?query=ASK%7B%7D": 404,
    "/cite/static/logo.svg.bib": 404,
    "/compare?a=organisation/legeni&b=nothing+of+the+sort": 404,
    "/data/stage/nowhere.csv": 404,
    "/data/stage/nowhere.ttl": 404,
    "/doubts.docx": 404,
    "/home.csv?certainty=perhaps": 400,
    "/home.docx": 404,
    "/id/stage/nowhere": 404,
    "/list/planet": 404,
    "/list/stage.docx": 404,
    "/list/stage?page=%D9%A1": 400,
    "/list/stage?page=-1": 400,
    "/list/stage?page=0": 400,
    "/list/stage?page=2": 404,
    "/list/stage?page=99999999999999999999999": 400,
    "/list/stage?page=one": 400,
    "/list/theme.docx": 404,
    "/list/theme?certainty=perhaps": 400,
    "/list?class=https://example.org/None": 404,
    "/list?class=no%20iri": 400,
    "/network.docx": 404,
    "/network?centre=nothing+of+the+sort": 404,
    "/nowhere": 404,
    "/ontology.docx": 404,
    "/ontology/Nothing.csv": 404,
    "/ontology/Stage.docx": 404,
    "/ontology/explicit.csv": 404,
    "/page/planet/mars": 404,
    "/page/stage/%2e%2e%2f%2e%2e%2fetc%2fpasswd": 404,
    "/page/stage/../../etc/passwd": 404,
    "/page/stage/a b": 400,
    "/page/stage/nowhere": 404,
    "/page/stage/vesoul%00": 400,
    "/page/stage/vesoul?certainty=": 400,
    "/page/stage/vesoul?certainty=perhaps": 400,
    "/questions/innovations_on_theme?theme=nowhere": 400,
    "/questions/nowhere": 404,
    "/questions/stages.csv?certainty=perhaps": 400,
    "/questions/stages.docx": 404,
    "/questions/stages?certainty=perhaps": 400,
    "/questions/stages?colour=blue": 404,
    "/report.docx": 404,
    "/resource": 404,
    "/resource?iri=": 404,
    "/resource?iri=https://example.org/nowhere": 404,
    "/resource?iri=relative": 400,
    "/search.csv?q=vesoul&kind=nothing": 400,
    "/search.docx?q=vesoul": 404,
    "/when-and-where.docx": 404,
    "/why.docx": 400,
}
"""Addresses with the status that they have."""
WRONG_VALUES = [
    ("/?lang=xx", "lang", "Les langues du site sont fr et en.", ""),
    ("/list/stage?page=zero", "page", "à partir de 1", "counted from 1"),
    (
        "/list/organisation?view=matrix&certainty=sure",
        "certainty",
        "explicit, inferred, tentative.",
        "possible values",
    ),
    ("/list/stage?view=map&certainty=sure", "certainty", "explicit, inf", "possible values"),
    ("/carnet/carnet-2?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/search?q=legeni&kind=persone", "kind", "Vouliez-vous dire : person", "of this kind"),
    (
        "/list/organisation?view=matrix&sort=sideways",
        "sort",
        "size, name, similarity.",
        "size, name, similarity.",
    ),
    ("/list?class=nowhere", "class", "pas une adresse (IRI)", "no address (IRI)"),
    ("/resource?iri=nowhere", "iri", "pas une adresse (IRI)", "no address (IRI)"),
    ("/resource.ttl?iri=nowhere", "iri", "pas une adresse (IRI)", "no address (IRI)"),
    ("/why?subject=nowhere", "subject", "pas une adresse (IRI)", "no address (IRI)"),
    ("/doubts?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/ontology/Stage?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/page/stage/vesoul?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/changes?what=everything", "what", "added, removed, changed", "possible values"),
    ("/changes?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/cite/list/group.bib?certainty=sure", "certainty", "explicit, inf", "possible values"),
    ("/cite/questions/stages.bib?certainty=perhaps", "certainty", "explicit, inf", "certainties"),
    ("/cite/resource.bib?iri=nowhere", "iri", "pas une adresse (IRI)", "no address (IRI)"),
    ("/ontology/term?iri=nowhere", "iri", "pas une adresse (IRI)", "no address (IRI)"),
    (f"/between?to=theme/innovation&from={LONG}", "from", "trop longue", "too long"),
    (f"/compare?a={LONG}", "a", "trop longue", "too long"),
    (f"/network?centre={LONG}", "centre", "trop longue", "too long"),
    (f"/why?subject={LONG}", "subject", "trop longue", "too long"),
    ("/builder?certainty=explicit&kind=rn:Stagge", "kind", "dire : rn:Stage", "rn:Stage"),
    ("/builder?kind=rn:Stage&certainty=sure", "certainty", "explicit, inferred", "explicit,"),
    ("/builder?kind=rn:Stage&1=rn:carriedBye", "1", "dire : rn:carriedBy", "no such property"),
    ("/builder?kind=rn:Stage&1=%3Cscript%3E", "1", "pas cette propriété", "no such property"),
    ("/builder?kind=rn:Stage&2.is=theme/x", "2", "pas cette propriété", "no such property"),
    ("/builder?kind=rn:Stage&1=rn:number&1.how=maybe", "1.how", "hidden, opt", "hidden, opt"),
    (f"/builder?kind=rn:Stage&1=rdfs:label&1.has={LONG}", "1.has", "trop longue", "too long"),
    (
        "/builder?kind=rn:Stage&1=%5Ern:inEvent&1.add=rn:role",
        "1.kind",
        "Dites d’abord de quel type",
        "of which kind",
    ),
    (
        "/builder?kind=rn:Stage&1=rn:carriedBy&1.kind=foaf:Person",
        "1.kind",
        "org:Organization",
        "org:Organization",
    ),
    (
        f"/builder.csv?kind=skos:Concept&{DEEP}=skos:broader",
        "1.1.1.1.1",
        "quatre au plus",
        "four at most",
    ),
    (
        "/builder?kind=rn:Stage&" + "&".join(f"{n}=rn:number" for n in range(1, 26)),
        "25",
        "24 conditions au plus",
        "24 conditions at most",
    ),
    (
        "/builder/values.json?of=rn:Stage&q=a&step=nothing",
        "step",
        "pas cette propriété",
        "no such property",
    ),
    ("/questions/stages?only=clossing", "only", "dire : closing (ce qui", "mean: closing (what"),
    ("/questions/stages.csv?certainty=sure", "certainty", "explicit, inferred", "certainties"),
    (
        "/questions/innovations_on_theme.csv?theme=gouvernanse",
        "theme",
        "Vouliez-vous dire",
        "Did you mean",
    ),
]
"""Addresses, the parameter that is wrong, and what the page says of it in both languages."""


def asked(client: FlaskClient, address: str, accept: str) -> TestResponse:
    """Return an error, having checked what each error carries."""
    answer = client.get(address, headers={"Accept": accept})
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer


def problem(client: FlaskClient, address: str, status: int) -> str:
    """Return what a program is told in detail, having checked the form of it."""
    answer = asked(client, address, "application/json")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = answer.get_json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"] == {400: "Bad Request", 404: "Not Found"}[status]
    return str(told["detail"])


@pytest.mark.parametrize(("address", "status"), NOT_THERE.items())
def test_what_is_not_there_has_its_status_a_page_and_a_problem(
    client: FlaskClient, address: str, status: int
) -> None:
    page = read(client, address, status, Accept=BROWSER)
    assert faults(page, "fr") == []
    assert any(link["href"] == "/" for link in page.all("a"))
    assert problem(client, address, status).endswith((".", "?"))


@pytest.mark.parametrize(
    "address",
    [
        "/network.ttl?centre=nothing-of-the-kind",
        "/compare.ttl?a=organisation/legeni",
        "/static/../../pyproject.toml",
    ],
)
def test_a_file_that_is_not_there_has_the_status_of_it(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("address", "parameter", "french", "english"), WRONG_VALUES)
def test_a_wrong_value_is_told_with_its_parameter_and_what_is_right(
    client: FlaskClient, address: str, parameter: str, french: str, english: str
) -> None:
    value = address.rpartition("=")[2]
    for language, words in (("fr", french), ("en", english)):
        if language == "en" and "lang=" in address:
            continue
        asked_in = f"{address}&lang={language}" if language == "en" else address
        page = read(client, asked_in, 400, Accept=BROWSER)
        assert faults(page, language) == []
        assert page.all("code")[0].text == parameter
        assert words in page.text
        assert value not in page.text
    assert value not in problem(client, address, 400)


@pytest.mark.parametrize(
    "accept",
    [
        "application/ld+json",
        "text/turtle",
        "application/rdf+xml, */*;q=0.1",
        "application/n-quads",
        "application/problem+json",
        "application/sparql-results+json",
        "text/turtle, text/html;q=0.5",
    ],
)
def test_who_asks_for_any_data_gets_a_problem(client: FlaskClient, accept: str) -> None:
    answer = asked(client, "/id/stage/nowhere", accept)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("accept", [BROWSER, "*/*", "", "text/html", "image/png"])
def test_a_browser_gets_a_page(client: FlaskClient, accept: str) -> None:
    assert asked(client, "/nowhere", accept).mimetype == "text/html"


def test_who_asks_for_text_gets_a_sentence(client: FlaskClient) -> None:
    answer = asked(client, "/list/stage?page=x&lang=en", "text/plain")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "page: Pages are counted from 1, in digits.\n"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_near_names_are_an_array(client: FlaskClient) -> None:
    told = asked(client, "/id/person/bruno-hery", "application/json").get_json()
    assert {
        "label": "Bruno Herry",
        "href": "/page/person/bruno-herry",
        "iri": f"{ID}person/bruno-herry",
    } in told["near"]
    assert asked(client, "/nowhere", "application/json").get_json()["near"] == []


@pytest.mark.parametrize("address", ["/between", "/between.csv", "/compare.json"])
def test_what_a_name_may_mean_is_told_to_programs(client: FlaskClient, address: str) -> None:
    names = "from=legenie&to=vesoul&a=legenie&b=vesoul"
    told = asked(client, f"{address}?{names}", "application/json").get_json()
    assert "Legeni" in [near["label"] for near in told["near"]]


def test_a_wrong_parameter_is_told_with_what_is_right(client: FlaskClient) -> None:
    told = asked(
        client, "/list/organisation?view=matrix&certainty=<b>&lang=en", "application/json"
    ).get_json()
    (parameter,) = told["parameters"]
    assert parameter == {
        "parameter": "certainty",
        "detail": "The possible values are explicit, inferred, tentative.",
        "right": ["explicit", "inferred", "tentative"],
    }
    assert "<b>" not in told["detail"]


def test_several_bearers_of_a_name_are_told_with_their_addresses(client: FlaskClient) -> None:
    address = "/questions/open_questions?thing=Passeport+professionnel&lang=en"
    told = asked(client, address, "application/json").get_json()
    assert "Professional passport (innovation/passeport-professionnel)" in told["detail"]
    iris = [near["iri"] for near in told["parameters"][0]["near"]]
    assert iris == [f"{ID}innovation/passeport-professionnel", f"{ID}means/passeport"]


def test_what_was_withdrawn_is_gone_for_programs_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, iri: iri == f"{ID}person/someone")
    answer = asked(client, "/id/person/someone", "application/ld+json")
    assert (answer.status_code, answer.get_json()["status"]) == (410, 410)


def test_a_format_that_is_not_there_is_told_with_those_that_are(client: FlaskClient) -> None:
    answer = asked(client, "/id/stage/vesoul", "application/sparql-results+json")
    assert answer.status_code == 406
    assert "text/turtle" in [form["type"] for form in answer.get_json()["formats"]]


def test_a_link_that_does_not_hold_is_missing_for_programs(client: FlaskClient) -> None:
    link = f"/why?subject={ID}organisation/legeni&property={ID}x&object={ID}theme/mutualite"
    assert asked(client, link, "application/json").get_json()["status"] == 404
    assert asked(client, link, BROWSER).mimetype == "text/html"


def test_a_method_that_is_not_possible_says_which_are(client: FlaskClient) -> None:
    answer = client.post("/list/stage", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_an_unknown_thing_is_met_with_near_names(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/mutualite-francaise-franche-comtee", 404)
    near = [e["href"] for e in page.all("a")]
    assert "/page/organisation/mutualite-francaise-franche-comte" in near


def test_where_nothing_is_the_lists_to_start_from_are_linked(client: FlaskClient) -> None:
    for address, lists in (("/nowhere", 11), ("/questions/nowhere", 11), ("/page/stage/none", 11)):
        page = read(client, address, 404)
        main = {a["href"] for a in page.all("a") if "main" in a.inside}
        linked = {href for href in main if href.startswith("/list/")}
        assert "partez d’une liste" in page.text and len(linked) == lists, address
        assert all(client.get(href).status_code == 200 for href in linked)


def test_a_thing_under_the_wrong_kind_is_found_under_the_right_one(client: FlaskClient) -> None:
    page = read(client, "/page/organisation/bruno-herry?lang=en", 404)
    assert "/page/person/bruno-herry?lang=en" in [e["href"] for e in page.all("a")]


@pytest.mark.parametrize(
    "path", ["/page/{}", "/id/{}", "/data/{}.ttl", "/data/{}", "/linkset/page/{}"]
)
def test_what_was_withdrawn_is_gone_and_unnamed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    iri = f"{ID}person/someone"
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, asked: asked == iri)
    page = read(client, path.format("person/someone"), 410)
    assert faults(page, "fr") == []
    assert "someone" not in page.text


def test_unknown_lists_and_questions_are_met_with_near_names(client: FlaskClient) -> None:
    lists = [e["href"] for e in read(client, "/list/organization", 404).all("a")]
    questions = [e["href"] for e in read(client, "/questions/stage", 404).all("a")]
    assert "/list/organisation" in lists
    assert "/questions/stages" in questions


@pytest.mark.parametrize(
    ("address", "french", "english"),
    [
        ("/list/organization", "Organisations", "Organisations"),
        ("/list/innovations", "Innovations", "Innovations"),
        ("/list/stages", "Étapes", "Stages"),
        (
            "/questions/stage",
            "Quelles sont les étapes, avec leur statut, où et quand ?",
            "Which are the stages, with their status, where and when?",
        ),
        ("/page/theme/gouvernanse", "Gouvernance", "Governance"),
        ("/id/innovation/teletravaill", "Télétravail", "Telework"),
        ("/data/theme/gouvernanse.ttl", "Gouvernance", "Governance"),
    ],
)
def test_what_is_near_is_named_as_readers_know_it(
    client: FlaskClient, address: str, french: str, english: str
) -> None:
    for asked, label in ((address, french), (f"{address}?lang=en", english)):
        page = read(client, asked, 404)
        near = [e.text.replace("\N{NARROW NO-BREAK SPACE}", " ") for e in page.all("a")]
        assert label in near
        assert not [text for text in near if "/" in text or "_" in text]


@pytest.mark.parametrize(
    "address",
    [
        "/?lang={}",
        "/list/{}",
        "/list/stage?page={}",
        "/list?class={}",
        "/list?class=https://example.org/{}",
        "/page/stage/{}",
        "/page/{}/x",
        "/id/stage/{}",
        "/data/stage/{}",
        "/data/stage/{}.ttl",
        "/resource?iri={}",
        "/resource?iri=https://example.org/{}",
        "/questions/{}",
        "/questions/stages?certainty={}",
        "/questions/innovations_on_theme?theme={}",
        "/questions/stages?{}=1",
        "/questions/stages.csv?certainty={}",
        "/sparql?query={}",
        "/nowhere?{}={}",
        "/{}",
        "/carnet/{}",
        "/carnet/carnet-2?voice={}",
        "/carnet/carnet-2?certainty={}",
        "/ontology/{}",
    ],
)
def test_markup_in_an_address_is_never_markup_in_a_page(client: FlaskClient, address: str) -> None:
    answer = client.get(address.replace("{}", quote(MARKUP, safe="")))
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text and "<img" not in answer.text
    assert faults(Page(answer.text), "fr") == []


@pytest.mark.parametrize(
    "address",
    [
        "/page/stage/{}",
        "/list/{}",
        "/list?class=https://example.org/{}",
        "/resource?iri=https://example.org/{}",
        "/questions/{}",
        "/questions/innovations_on_theme?theme={}",
        "/questions/stages?certainty={}",
        "/list/stage?page=1{}",
        "/?lang={}",
    ],
)
def test_a_very_long_value_is_refused_shortly(client: FlaskClient, address: str) -> None:
    answer = client.get(address.replace("{}", "a" * 50_000))
    assert answer.status_code in (400, 404)
    page = Page(answer.text)
    assert faults(page, "fr") == []
    assert len(page.text) < 60_000


def test_a_wrong_parameter_says_what_is_wrong_beside_its_field(client: FlaskClient) -> None:
    page = read(client, "/questions/innovations_on_theme?theme=gouvernanse", 400)
    (field,) = page.all("input", id="f-theme")
    assert field["aria-invalid"] == "true" and field["value"] == "gouvernanse"
    assert "Rien ne porte ce nom" in page.text
    assert page.all("a", href="/page/theme/gouvernance")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_only_read(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/list/stage")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_bug_is_shown_as_one_without_its_insides(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(store, release)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("rallynov_graph.site.home.routes.home_page", broken)
    app.logger.disabled = True
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert faults(Page(answer.text), "fr") == []


@pytest.mark.parametrize("address", ["/page/person/herry", "/page/person/herri", "/id/x/herry"])
def test_a_surname_finds_the_person(client: FlaskClient, address: str) -> None:
    page = read(client, address, 404)
    assert page.all("a", href="/page/person/bruno-herry")[0].text == "Bruno Herry"


@pytest.mark.parametrize("language", ["de", "FR", "fr-CA", "", "<b>"])
def test_a_language_that_no_label_is_in_is_refused(rallynov, release, language) -> None:
    ran = rallynov("query", "stages", "--param", f"language={language}", "--release", release.path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"rallynov: {LANGUAGES}\n"


def test_the_languages_of_ones_own_data_are_those_of_its_labels(rallynov, tmp_path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    data, own = tmp_path / "own.ttl", tmp_path / "own.rq"
    data.write_text(f'<https://example.org/1> {label} "Stuhl"@de, "silla"@es .', "utf-8")
    own.write_text(
        "#+ param: language string\nSELECT ?label { VALUES ?language { 'fr' } "
        f"?thing {label} ?label FILTER (LANG(?label) = ?language) }}",
        "utf-8",
    )
    asked = ("query", own, "--data", data, "--format", "csv", "--param")
    assert rallynov(*asked, "language=de").out == "label\r\nStuhl\r\n"
    assert "The labels are in de and es" in rallynov(*asked, "language=it").err


def test_a_page_refuses_it_in_the_same_words(client: FlaskClient) -> None:
    page = read(client, "/questions/stages?language=de&lang=en", 400)
    assert faults(page, "en") == []
    assert f"language: {LANGUAGES}" in page.text
    assert not page.all("table")
    french = read(client, "/questions/stages?language=de", 400)
    assert "Les noms sont en fr et en en" in french.text


def test_a_page_takes_a_language_that_labels_have(client: FlaskClient) -> None:
    page = read(client, "/questions/large_themes?language=en")
    assert page.all("a", lang="en")


def test_a_name_of_two_things_is_met_with_links_to_both(client: FlaskClient) -> None:
    page = read(client, "/questions/open_questions?thing=Passeport+professionnel", 400)
    assert faults(page, "fr") == []
    assert "Plusieurs choses portent ce nom" in page.text
    links = [link["href"] for link in page.all("a")]
    assert {"/page/innovation/passeport-professionnel", "/page/means/passeport"} <= {*links}
    codes = [code.text for code in page.all("code")]
    assert {"innovation/passeport-professionnel", "means/passeport"} <= {*codes}


def test_a_withdrawn_thing_is_said_to_be_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, iri: iri == f"{ID}person/someone")
    page = read(client, "/questions/participants_of_stage?participant=person/someone&lang=en", 400)
    assert faults(page, "en") == []
    assert "This thing was withdrawn: it is no longer part of the graph." in page.text


def test_a_question_without_the_parameter_says_which_it_has(client: FlaskClient) -> None:
    page = read(client, "/questions/stages?colour=blue&lang=en", 404)
    assert faults(page, "en") == []
    assert (
        "colour: This question has no such parameter. It has certainty, language, only."
        in page.text
    )
    assert "blue" not in page.text
