"""What people, programs and robots ask wrongly: the right status, a page or a problem that helps.

One table for pages and what they give as files; that of the command line is in ``tests/cli``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, read

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
LANGUAGES = "The labels are in fr and en: name one of these as the language."
DEEP = "=skos:broader&".join(".".join("1" * depth) for depth in range(1, 6))
LONG = "x" * 5000
NOT_THERE = {
    400: (
        *("/carnet/carnet-2?page=0", "/carnet/a%20b"),
        *("/data/stage/vesoul%00.ttl", "/data/stage/%3Cscript%3E.ttl", "/data/stage/vesoul%20.ttl"),
        *("/data/stage/%FF%FE.ttl", "/data?iri=not+an+iri", "/search?q=rifc&kind=planet"),
        *("/ontology/a b", "/?certainty=perhaps", "/?lang=e"),
        *(
            "/list/stage?as_of=2012",
            "/list/stage.csv?as_of=June",
            "/questions/stages?as_of=2013-13",
        ),
        "/page/stage/vesoul?in_document=nowhere",
        *("/list/stage?page=%D9%A1", "/list/stage?page=-1", "/list/stage?page=0"),
        *("/list/stage?page=99999999999999999999999", "/page/stage/a b", "/page/stage/vesoul%00"),
        *("/page/stage/vesoul?certainty=x", "/questions/things_on_theme?theme=nowhere"),
        *("/questions/stages?certainty=perhaps", "/why.docx"),
    ),
    404: (
        *("/carnet/nowhere", "/carnet/carnet-2?page=14", "/carnet/carnet-2/1-2"),
        *("/carnet/carnet-2/x", f"/carnet/carnet-2/{'9' * 400}-1", "/carnet/nowhere/4-51"),
        *("/data/stage/../../../etc/passwd", "/data/stage/..%2f..%2fetc%2fpasswd.ttl"),
        *("/data/%2e%2e/%2e%2e/manifest.json", "/data/stage/%C3%A9tape.ttl"),
        *("/data/nokind/vesoul.ttl", "/data/stage/vesoul.ttl/", "/data/stage/.ttl"),
        *("/data/stage/vesoul.TTL", "/id/stage/vesoul.ttl", "/id/stage/" + "a" * 9000),
        *("/shapes/..%2f..%2fmanifest.json", "/shapes/%3Cb%3E", "/ontology/..%2fshapes.ttl"),
        *("/resource.ttl?iri=file:///etc/passwd", "/linkset/page/stage/nowhere"),
        *("/linkset/resource?iri=%3C", "/ontology/Stages", "/ontology/Stages.ttl"),
        *("/ontology/" + "x" * 5000, "/ontology/term"),
        "/ontology/term?iri=https://example.org/nowhere",
        "/ontology/term?iri=" + "https://e/" + "x" * 5000,
        *("/ontology/term.ttl?iri=https://example.org/nowhere", "/between.csv"),
        *("/between?from=nothing+of+the+sort&to=organisation/legeni", "/carnet/carnet-2.docx"),
        *("/carnet/nowhere.ttl", "/cite.docx", "/cite/between.bib"),
        "/cite/between.bib?from=nothing-of-the-kind&to=organisation/legeni",
        *(
            "/cite/cite/links.bib.bib",
            "/cite/links",
            "/cite/list.csv.bib",
            "/cite/links.docx",
        ),
        *("/cite/nothing/here.bib", "/cite/page/stage/nowhere.json", "/cite/robots.txt.bib"),
        *("/cite/search.bib", "/cite/sparql.bib?query=ASK%7B%7D", "/cite/static/logo.svg.bib"),
        *("/compare?a=organisation/legeni&b=nothing+of+the+sort", "/data/stage/nowhere.ttl"),
        *("/doubts.docx", "/home.docx", "/id/stage/nowhere", "/list/planet", "/list/stage.docx"),
        *("/list/stage?page=2", "/list?class=https://example.org/None", "/network.docx"),
        *("/network?centre=nothing+of+the+sort", "/nowhere", "/ontology.docx"),
        *("/ontology/Nothing.csv", "/ontology/Stage.docx", "/ontology/explicit.csv"),
        *("/page/planet/mars", "/page/stage/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
        *("/page/stage/../../etc/passwd", "/page/stage/nowhere", "/questions/nowhere"),
        *("/questions/stages.docx", "/questions/stages?colour=blue", "/report.docx", "/resource"),
        *("/resource?iri=", "/resource?iri=https://example.org/nowhere", "/search.docx?q=vesoul"),
        "/when-and-where.docx",
    ),
}
"""Addresses by the status that they have."""
FILES_NOT_THERE = (
    *("/network.ttl?centre=nothing-of-the-kind", "/compare.ttl?a=organisation/legeni"),
    *("/static/../../pyproject.toml", "/downloads/dumps.json", "/downloads/nothing.ttl"),
    *("/downloads/nothing.ttl.sha256", "/downloads/..%2Fmanifest.json", "/downloads/rallynov.nq/"),
    *("/docs/..%2fpyproject.toml", "/docs/decisions/0001-certainty-belongs-to-the-graph"),
    *("/docs/contents.toml", "/sitemap-0.xml", "/sitemap-999.xml", "/sparql-examples.odt"),
    *("/linkset/list/nothing", "/linkset/list/stage?page=99", "/list/passage.ttl?page=9"),
    *("/void.docx", "/catalog.docx", "/list/nothing.ttl", "/static/built/site-AAAAAAAA.js"),
)
ANY_DATA = (
    *("application/ld+json", "text/turtle", "application/rdf+xml, */*;q=0.1"),
    *("application/n-quads", "application/problem+json", "application/sparql-results+json"),
    "text/turtle, text/html;q=0.5",
)
WRONG_VALUES = [
    ("/?lang=xx", "lang", "Les langues du site sont fr et en.", ""),
    ("/list/stage?page=zero", "page", "à partir de 1", "counted from 1"),
    ("/list/stage?page=1000000", "page", "jusqu’à 999 999", "up to 999,999"),
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
    ("/list?class=nowhere", "class", "pas une adresse (IRI)", "not an address (IRI)"),
    ("/resource?iri=nowhere", "iri", "pas une adresse (IRI)", "not an address (IRI)"),
    ("/resource.ttl?iri=nowhere", "iri", "pas une adresse (IRI)", "not an address (IRI)"),
    ("/why?subject=nowhere", "subject", "pas une adresse (IRI)", "not an address (IRI)"),
    ("/doubts?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/ontology/Stage?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/page/stage/vesoul?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/changes?what=everything", "what", "added, removed, changed", "possible values"),
    ("/changes?certainty=sure", "certainty", "explicit, inferred", "possible values"),
    ("/cite/list/group.bib?certainty=sure", "certainty", "explicit, inf", "possible values"),
    ("/cite/questions/stages.bib?certainty=perhaps", "certainty", "explicit, inf", "certainties"),
    ("/cite/resource.bib?iri=nowhere", "iri", "pas une adresse (IRI)", "not an address (IRI)"),
    ("/ontology/term?iri=nowhere", "iri", "pas une adresse (IRI)", "not an address (IRI)"),
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
        "Choisissez d’abord le type",
        "the kind of this value",
    ),
    (
        "/builder?kind=rn:Innovation&1=rn:suppliedBy&1.kind=foaf:Person",
        "1.kind",
        "org:Organization",
        "org:Organization",
    ),
    (
        f"/builder.csv?kind=skos:Concept&{DEEP}=skos:broader",
        "1.1.1.1.1",
        "quatre niveaux au plus",
        "four levels at most",
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
        "/questions/things_on_theme.csv?theme=gouvernanse",
        "theme",
        "Vouliez-vous dire",
        "Did you mean",
    ),
]
"""Addresses, the parameter that is wrong, and what the page says of it in both languages."""


def asked(client: FlaskClient, address: str, accept: str) -> TestResponse:
    """Return an error, having checked what each error carries."""
    answer = client.get(address, headers={"Accept": accept})
    is_chosen_by_browser = address.startswith("/?") and "lang=" not in address
    assert answer.headers["Vary"] == f"Accept{', Accept-Language' * is_chosen_by_browser}"
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


def test_what_is_not_there_has_its_status_a_page_and_a_problem(
    client: FlaskClient, subtests: pytest.Subtests
) -> None:
    for status, address in ((it, address) for it in NOT_THERE for address in NOT_THERE[it]):
        with subtests.test(address[:100]):
            page = read(client, address, status, Accept=BROWSER)
            assert faults(page, "fr") == []
            assert any(link["href"] == "/?lang=fr" for link in page.all("a"))
            assert problem(client, address, status).endswith((".", "?"))
    for address in FILES_NOT_THERE:
        assert client.get(address).status_code == 404, address


def test_a_wrong_value_is_told_with_its_parameter_and_what_is_right(
    client: FlaskClient, subtests: pytest.Subtests
) -> None:
    for address, parameter, french, english in WRONG_VALUES:
        with subtests.test(address[:100]):
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


def test_an_error_comes_in_the_form_that_is_asked_for(client: FlaskClient) -> None:
    for accept in ANY_DATA:
        answer = asked(client, "/id/stage/nowhere", accept)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    for accept in (BROWSER, "*/*", "", "text/html", "image/png"):
        assert asked(client, "/nowhere", accept).mimetype == "text/html"
    answer = asked(client, "/list/stage?page=x&lang=en", "text/plain")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "page: Pages are counted from 1, in digits, up to 999,999.\n"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_problem_tells_programs_what_is_near_and_what_is_right(client: FlaskClient) -> None:
    def told(address: str, accept: str = "application/json") -> Any:
        return asked(client, address, accept).get_json()

    person = {"href": "/page/person/bruno-herry", "iri": f"{ID}person/bruno-herry"}
    assert {"label": "Bruno Herry", **person} in told("/id/person/bruno-hery")["near"]
    assert told("/nowhere")["near"] == []
    names = "from=legenie&to=vesoul&a=legenie&b=vesoul"
    for path in ("/between", "/between.csv", "/compare.json"):
        assert "Legeni" in [near["label"] for near in told(f"{path}?{names}")["near"]]
    assert told("/list/organisation?view=matrix&certainty=<b>&lang=en")["parameters"] == [
        {
            "parameter": "certainty",
            "detail": "The possible values are explicit, inferred, tentative.",
            "right": ["explicit", "inferred", "tentative"],
        }
    ]
    refused = told("/id/stage/vesoul", "application/sparql-results+json")
    assert refused["status"] == 406
    assert "text/turtle" in [form["type"] for form in refused["formats"]]


def test_a_link_that_does_not_hold_is_missing_for_programs(client: FlaskClient) -> None:
    link = f"/why?subject={ID}organisation/legeni&property={ID}x&object={ID}theme/mutualite"
    assert asked(client, link, "application/json").get_json()["status"] == 404
    assert asked(client, link, BROWSER).mimetype == "text/html"


def test_pages_only_read(client: FlaskClient) -> None:
    for method in ("post", "put", "delete", "patch"):
        headers = {"Accept": "application/json"}
        answer = getattr(client, method)("/list/stage", headers=headers)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert "GET" in answer.headers["Allow"]


def test_where_nothing_is_the_lists_to_start_from_are_linked(client: FlaskClient) -> None:
    for address, lists in (("/nowhere", 11), ("/questions/nowhere", 11), ("/page/stage/none", 11)):
        page = read(client, address, 404)
        main = {a["href"] for a in page.all("a") if "main" in a.inside}
        linked = {href for href in main if href.startswith("/list/")}
        assert "partez d’une liste" in page.text and len(linked) == lists, address
        assert all(client.get(href).status_code == 200 for href in linked)


def test_what_was_withdrawn_is_gone_and_unnamed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Release, "has_withdrawn", lambda _, asked: asked == f"{ID}person/someone")
    for path in ("/page/{}", "/id/{}", "/data/{}.ttl", "/data/{}", "/linkset/page/{}"):
        page = read(client, path.format("person/someone"), 410)
        assert faults(page, "fr") == []
        assert "someone" not in page.text
    answer = asked(client, "/id/person/someone", "application/ld+json")
    assert (answer.status_code, answer.get_json()["status"]) == (410, 410)
    page = read(client, "/questions/participants_of_stage?participant=person/someone&lang=en", 400)
    assert "This thing was withdrawn: it is no longer part of the graph." in page.text


NEAR = {
    "/page/organisation/mutualite-francaise-franche-comtee": (
        "/page/organisation/mutualite-francaise-franche-comte"
    ),
    "/page/organisation/bruno-herry?lang=en": "/page/person/bruno-herry?lang=en",
    "/page/person/herry": "/page/person/bruno-herry",
    "/page/person/herri": "/page/person/bruno-herry",
    "/id/x/herry": "/page/person/bruno-herry",
    "/list/organization": "/list/organisation",
    "/questions/stage": "/questions/stages",
    "/docs/how-to/editon": "/docs/how-to/edition",
    "/docs/releases.fr.md": "/docs/releases",
}
"""Addresses of nothing, and one that was perhaps meant."""


def test_what_is_near_is_linked(client: FlaskClient) -> None:
    for address, near in NEAR.items():
        linked = [a["href"] for a in read(client, address, 404, Accept="text/html").all("a")]
        assert near in linked, address


def test_what_is_near_is_named_as_readers_know_it(client: FlaskClient) -> None:
    for address, french, english in (
        ("/list/organization", "Organisations", "Organisations"),
        ("/list/stages", "Étapes", "Stages"),
        (
            "/questions/stage",
            "Quelles sont les étapes, avec leur statut, où et quand ?",
            "Which are the stages, with their status, where and when?",
        ),
        ("/page/theme/gouvernanse", "Gouvernance", "Governance"),
        ("/id/innovation/teletravaill", "Télétravail", "Telework"),
        ("/data/theme/gouvernanse.ttl", "Gouvernance", "Governance"),
    ):
        for asked, label in ((address, french), (f"{address}?lang=en", english)):
            page = read(client, asked, 404)
            near = [e.text.replace("\N{NARROW NO-BREAK SPACE}", " ") for e in page.all("a")]
            assert label in near
            assert not [text for text in near if "/" in text or "_" in text]


TAKING_TEXT = (
    *("/?lang={}", "/list/{}", "/list/stage?page={}", "/list?class={}"),
    *("/list?class=https://example.org/{}", "/page/stage/{}", "/page/{}/x", "/id/stage/{}"),
    *("/data/stage/{}", "/data/stage/{}.ttl", "/resource?iri={}", "/ontology/{}", "/{}"),
    *("/resource?iri=https://example.org/{}", "/questions/{}", "/questions/stages?certainty={}"),
    *("/questions/things_on_theme?theme={}", "/questions/stages?{}=1"),
    *("/questions/stages.csv?certainty={}", "/sparql?query={}", "/nowhere?{}=1", "/carnet/{}"),
    "/carnet/carnet-2?certainty={}",
)


def test_markup_in_an_address_is_never_markup_in_a_page_nor_long_there(client: FlaskClient) -> None:
    for address in TAKING_TEXT:
        for value in (quote(MARKUP, safe=""), "a" * 50_000):
            answer = client.get(address.replace("{}", value))
            assert answer.status_code in (200, 400, 404, 413, 414), address
            assert "<script>alert" not in answer.text and "<img" not in answer.text, address
            page = Page(answer.text)
            assert faults(page, "fr") == [] and len(page.text) < 60_000, address


def test_a_wrong_parameter_says_what_is_wrong_beside_its_field(client: FlaskClient) -> None:
    page = read(client, "/questions/things_on_theme?theme=gouvernanse", 400)
    (field,) = page.all("input", id="f-theme")
    assert field["aria-invalid"] == "true" and field["value"] == "gouvernanse"
    assert "Rien ne porte ce nom" in page.text
    assert page.all("a", href="/page/theme/gouvernance")


def test_a_bug_is_shown_as_one_without_its_insides(
    store: EmbeddedStore, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(store, release)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("rallynov_graph.site.home.views.road", broken)
    app.logger.disabled = True
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert faults(Page(answer.text), "fr") == []


def test_a_language_that_no_label_is_in_is_refused(rallynov, release) -> None:
    for language in ("de", "FR", "fr-CA", "", "<b>"):
        asked = ("--param", f"language={language}", "--release", release.path)
        ran = rallynov("query", "stages", *asked)
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
    wrong = "/questions/stages?language=de"
    other = "/questions/stages?colour=blue"
    for address, status, lang, words in (
        (wrong, 400, "en", f"language: {LANGUAGES}"),
        (wrong, 400, "fr", "Les noms sont en fr et en en"),
        (other, 404, "en", "no such parameter here. There are certainty, language, only."),
    ):
        page = read(client, f"{address}&lang={lang}", status)
        assert faults(page, lang) == []
        assert words in page.text and not page.all("table") and "blue" not in page.text


def test_a_name_of_two_things_is_met_with_both(client: FlaskClient) -> None:
    address = "/questions/open_questions?thing=Passeport+professionnel"
    both = ("innovation/passeport-professionnel", "means/passeport")
    page = read(client, address, 400)
    assert faults(page, "fr") == []
    assert "Plusieurs éléments portent ce nom" in page.text
    assert {f"/page/{it}" for it in both} <= {link["href"] for link in page.all("a")}
    assert {*both} <= {code.text for code in page.all("code")}
    told = asked(client, f"{address}&lang=en", "application/json").get_json()
    assert "Professional passport (innovation/passeport-professionnel)" in told["detail"]
    assert [it["iri"] for it in told["parameters"][0]["near"]] == [ID + it for it in both]
