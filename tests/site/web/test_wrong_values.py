"""A value that a parameter does not take: the same sentence on the page and on the command line."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.release import Release
from reading_pages import faults, read

LANGUAGES = "The labels are in fr and en: name one of these as the language."


DEEP = "=skos:broader&".join(".".join("1" * depth) for depth in range(1, 6))
LONG = "x" * 5000


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
    page = read(client, "/questions/questions_about?thing=Passeport+professionnel", 400)
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
    page = read(client, "/questions/events_of_person?person=person/someone&lang=en", 400)
    assert faults(page, "en") == []
    assert "This thing was withdrawn: it is no longer part of the graph." in page.text


@pytest.mark.parametrize(
    ("address", "parameter", "french", "english"),
    [
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
        ("/cite/questions/stages.bib?certainty=sure", "certainty", "explicit, inf", "certainties"),
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
        ("/questions/stages.csv?certainty=sure", "certainty", "explicit, inferred", "certainties"),
        (
            "/questions/innovations_on_theme.csv?theme=gouvernanse",
            "theme",
            "Vouliez-vous dire",
            "Did you mean",
        ),
    ],
)
def test_the_page_says_which_parameter_is_wrong_and_what_is_right(
    client: FlaskClient, address: str, parameter: str, french: str, english: str
) -> None:
    value = address.rpartition("=")[2]
    for language, words in (("fr", french), ("en", english)):
        if language == "en" and "lang=" in address:
            continue
        page = read(client, f"{address}&lang={language}" if language == "en" else address, 400)
        assert faults(page, language) == []
        assert page.all("code")[0].text == parameter
        assert words in page.text
        assert value not in page.text


def test_a_question_without_the_parameter_says_which_it_has(client: FlaskClient) -> None:
    page = read(client, "/questions/stages?colour=blue&lang=en", 404)
    assert faults(page, "en") == []
    assert "colour: This question has no such parameter. It has certainty, language." in page.text
    assert "blue" not in page.text
