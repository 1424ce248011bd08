"""Mistakes as a documentalist makes them, one each: each is told once, at its line, in words."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from curating_page import block
from rallynov_graph.base.resources import data_dir

TRIG, TEXT = block("trig"), block("text")
PHONE = " ".join(("01", "99", "00", "12", "34"))
SENTENCE = TEXT.splitlines()[1]
SUMMARY = '"Des outils qui passent d’un voisin à l’autre."@fr'
PERSON = "<https://w3id.org/rallynov/id/person/"
FOAF = "<http://xmlns.com/foaf/0.1/Person>"
INNOVATION = "    innovation:pret-d-outils a rn:Innovation ;\n        rn:carriedBy"
NAMED = '    organisation:l-atelier-du-lac rdfs:label "L’Atelier du Lac" .\n'
SERIES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix nature: <https://w3id.org/rallynov/id/nature/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@base <https://w3id.org/rallynov/id/> .
GRAPH <graph/serie> {
    <graph/serie> a rn:CurationGraph ; rdfs:label "Série"@fr, "Series"@en ;
        prov:wasAttributedTo <agent/curateurs> .
    <assertion-set/serie> a rn:AssertionSet ; rdfs:label "la série"@fr ;
        rn:passage <passage/carnet-99-0-24> ; rn:certainty rn:explicit ;
        rn:voice <document/carnet-99> .
    <series/carnets-de-route> rdfs:label "les carnets de route" .
}
GRAPH <assertion-set/serie> {
    <series/carnets-de-route> a <https://schema.org/Periodical> ; rn:nameAsPrinted "carnet" .
}
"""
KNOWN = {
    "check-innovation_says_what_for",
    "check-organisation_has_a_kind",
    "InnovationShape-beneficiary-given",
}
"""What is told of the carnet as it is on the page."""


@dataclass(frozen=True)
class Mistake:
    """What is written wrongly, and what is told of it."""

    name: str
    written: Mapping[str, str]
    """What takes the place of which part of the file."""
    line: str
    """A part of the line at which it is told."""
    fr: str
    en: str
    severity: str = "Violation"


UNREADABLE = (
    Mistake(
        "a missing semicolon",
        {'"carnet de route no. 99"@en ;': '"carnet de route no. 99"@en'},
        '"carnet de route no. 99"@en',
        "il manque un signe avant « dcterms:type » : « ; » si l’on parle encore de la même chose",
        "a sign is missing before “dcterms:type”: “;” where the same thing goes on",
    ),
    Mistake(
        "a missing prefix",
        {"@prefix nature: <https://w3id.org/rallynov/id/nature/> .\n": ""},
        "rn:nature nature:pratique",
        "le préfixe nature: n’est pas déclaré ; écrivez",
        "the prefix nature: is not declared; ",
    ),
)
TOLD = (
    Mistake(
        "a bad offset",
        {"oa:start 25 ; oa:end 73 .\n\n    set:": "oa:start 25 ; oa:end 730 .\n\n    set:"},
        "oa:end 730",
        "signes 25 à 730, sort de",
        "characters 25 to 730, reaches out of",
    ),
    Mistake(
        "shifted offsets",
        {"oa:start 25 ; oa:end 73 .\n\n    set:": "oa:start 23 ; oa:end 71 .\n\n    set:"},
        "oa:end 71",
        "commence ou finit au milieu d’un mot",
        "Are its positions shifted?",
    ),
    Mistake(
        "a telephone number",
        {'"Tools that go from one neighbour to another."@en': f'"Ask {PHONE}."@en'},
        PHONE,
        "Un numéro de téléphone",
        "A telephone number",
    ),
    Mistake(
        "a missing label",
        {' rdfs:label "Prêt d’outils"@fr, "Lending of tools"@en ;\n       ': ""},
        "innovation:pret-d-outils a rn:Innovation",
        "« nom » attend au moins une valeur",
        "“name” expects at least one value",
    ),
    Mistake(
        "a missing reason",
        {
            '        rn:reason "Prêter entre voisins est lu comme une mutualisation."@fr,\n'
            '            "Lending between neighbours is read as pooling."@en ;\n': ""
        },
        "set:carnet-99-pret-d-outils-lecture a rn:AssertionSet",
        "qui n’est pas explicite donne sa raison",
        "An assertion set that is not explicit gives its reason.",
    ),
    Mistake(
        "an accented slug",
        {"innovation:pret-d-outils": "innovation:prêt-d-outils"},
        "innovation:prêt-d-outils a rn:Innovation",
        "sans accent, séparés par une barre. Ici : innovation/pret-d-outils.",
        "with a slash between. Here: innovation/pret-d-outils.",
    ),
    Mistake(
        "a misspelt theme",
        {"theme:mutualisation": "theme:mutualisaton"},
        "theme:mutualisaton",
        "Le terme theme/mutualisaton n’est dans aucune liste. Vouliez-vous dire "
        "theme/mutualisation (« Mutualisation ») ?",
        "Did you mean theme/mutualisation (“Pooling”)?",
    ),
    Mistake(
        "a month that does not exist",
        {'"2014-03"^^': '"2014-13"^^'},
        '"2014-13"',
        "« 2014-13 » n’est pas une date du calendrier",
        "“2014-13” is no date of the calendar",
    ),
    Mistake(
        "a date that is not the printed one",
        {'"2014-03"^^': '"2014-05"^^'},
        "dcterms:issued",
        "mars 2014",
        "mars 2014",
    ),
    Mistake(
        "a term that its list does not have",
        {"nature:pratique": "nature:coutume"},
        "nature:coutume",
        "Un terme nouveau s’écrit d’abord dans data/curation/lists.trig.",
        "A new term is first written into data/curation/lists.trig.",
    ),
    Mistake(
        "a fact in the wrong set",
        {
            " ;\n        rn:carriedBy organisation:l-atelier-du-lac .\n": " .\n",
            "GRAPH set:carnet-99-langue {\n": "GRAPH set:carnet-99-langue {\n"
            "    innovation:pret-d-outils rn:carriedBy organisation:l-atelier-du-lac .\n",
        },
        "    innovation:pret-d-outils rn:carriedBy",
        "ses faits sont dans un autre jeu",
        "its facts belong into another set",
    ),
    Mistake(
        "an undescribed set",
        {"GRAPH set:carnet-99-pret-d-outils {": "GRAPH set:carnet-99-pret-outils {"},
        "organisation:l-atelier-du-lac a org:Organization",
        "Rien ne décrit le graphe assertion-set/carnet-99-pret-outils : de quel passage, avec "
        "quelle certitude ? Vouliez-vous dire assertion-set/carnet-99-pret-d-outils",
        "Nothing describes the graph assertion-set/carnet-99-pret-outils: from which passage",
    ),
    Mistake(
        "a curly apostrophe in a printed form",
        {"rn:nameAsPrinted \"L'Atelier": 'rn:nameAsPrinted "L’Atelier'},
        "rn:nameAsPrinted",
        "Le texte écrit « L'Atelier du Lac » : même forme à l’œil",
        "The text has “L'Atelier du Lac”: the same to the eye",
    ),
    Mistake(
        "a printed form of another passage",
        {'rn:nameAsPrinted "L\'Atelier du Lac"': 'rn:nameAsPrinted "carnet n° 99"'},
        "rn:nameAsPrinted",
        "« carnet n° 99 » n’est pas dans les passages de ce jeu ; c’est aux signes 0 à 12 du texte",
        "it stands at characters 0 to 12 of the text",
    ),
    Mistake(
        "a copied sentence",
        {SUMMARY: f'"{SENTENCE}"@fr'},
        f'"{SENTENCE}"@fr',
        "9 mots de suite sont ceux du document (« l atelier du lac prête… »)",
        "9 words in a row are the document’s",
    ),
    Mistake(
        "a person written twice",
        {
            NAMED: f'{NAMED}    {PERSON}anne-lac> rdfs:label "Anne Lac" .\n'
            f'    {PERSON}lac-anne> rdfs:label "Lac Anne" .\n',
            INNOVATION: f'    {PERSON}anne-lac> a {FOAF} ; rn:nameAsPrinted "Lac" .\n'
            f'    {PERSON}lac-anne> a {FOAF} ; rn:nameAsPrinted "Lac" .\n'
            "    innovation:pret-d-outils rn:presentedBy "
            f"{PERSON}anne-lac> , {PERSON}lac-anne> .\n{INNOVATION}",
        },
        f"{PERSON}anne-lac> a ",
        "ont presque le même nom : une chose ou deux ?",
        "have nearly the same name: one thing or two?",
        "Warning",
    ),
    Mistake(
        "an organisation written twice",
        {
            NAMED: f'{NAMED}    organisation:atelier-du-lac rdfs:label "Atelier du Lac" .\n',
            INNOVATION: "    organisation:atelier-du-lac a org:Organization ;\n"
            '        rn:nameAsPrinted "Atelier du Lac" .\n'
            "    innovation:pret-d-outils rn:carriedBy organisation:atelier-du-lac .\n"
            f"{INNOVATION}",
        },
        "organisation:atelier-du-lac a org:Organization",
        "ont presque le même nom : une chose ou deux ?",
        "Decide it by rallynov identity.",
        "Warning",
    ),
    Mistake(
        "a fact in a graph of another kind",
        {INNOVATION: f'    innovation:pret-d-outils rdfs:label "Prêt"@fr .\n{INNOVATION}'},
        'innovation:pret-d-outils rdfs:label "Prêt"@fr',
        "ne dit pas rdfs:label de cette chose",
        "does not say rdfs:label of this thing",
    ),
    Mistake(
        "English missing",
        {', "Lending of tools"@en': ""},
        'rdfs:label "Prêt d’outils"@fr ;',
        "« en »",
        "A name in “en”, a language of the dataset, is needed.",
    ),
    Mistake(
        "two descriptions in one language",
        {SUMMARY: f'{SUMMARY}, "Des outils prêtés."@fr'},
        SUMMARY,
        "« résumé » attend une valeur",
        "“summary” expects",
    ),
    Mistake(
        "a set without a passage",
        {
            'outils"@fr ;\n        rn:passage passage:carnet-99-25-73 ;\n'
            "        rn:certainty rn:explicit": 'outils"@fr ;\n        rn:certainty rn:explicit'
        },
        "set:carnet-99-pret-d-outils a rn:AssertionSet",
        "« passage » attend au moins une valeur",
        "“passage” expects at least one value",
    ),
)


def mistaken(mistake: Mistake) -> str:
    text = TRIG.replace("SHA256", hashlib.sha256(TEXT.encode()).hexdigest())
    for right, wrong in mistake.written.items():
        assert right in text, right
        text = text.replace(right, wrong)
    return text


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def written(text: str) -> Path:
    """Write a data folder of the lists and of one carnet, and that carnet's text beside it."""
    shutil.copytree(data_dir() / "curation", "data/curation")
    dataset = (data_dir() / "dataset.trig").read_text("utf-8").replace("carnet-2", "carnet-99")
    Path("data/dataset.trig").write_text(dataset, "utf-8")
    file = Path("data/carnets/carnet-99/atelier.trig")
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    file.with_name("serie.trig").write_text(SERIES, "utf-8")
    return file


def names(mistakes: tuple[Mistake, ...]) -> list[str]:
    return [mistake.name for mistake in mistakes]


@pytest.mark.parametrize("mistake", TOLD, ids=names(TOLD))
def test_a_mistake_is_told_once_at_its_line_in_both_languages(mistake, rallynov):
    text = mistaken(mistake)
    file = written(text)
    Path("carnet-99.txt").write_text(TEXT, "utf-8")
    ran = rallynov("validate", "--format", "json", "--source", "carnet-99.txt", file)
    assert ran.err == ""
    (told,) = (
        finding
        for finding in json.loads(ran.out)["results"]
        if finding["shape"].rpartition("#")[2] not in KNOWN
    )
    assert mistake.fr in told["messages"]["fr"]
    assert mistake.en in told["messages"]["en"]
    assert (told["file"], told["line"]) == (str(file), line_of(text, mistake.line))
    assert told["severity"] == mistake.severity
    assert ran.status == (mistake.severity == "Violation")


@pytest.mark.parametrize("mistake", UNREADABLE, ids=names(UNREADABLE))
def test_what_cannot_be_read_is_told_where_it_is_mended(mistake, rallynov):
    text = mistaken(mistake)
    file = written(text)
    line = line_of(text, mistake.line)
    for language, word, sentence in (("fr", "ligne", mistake.fr), ("en", "line", mistake.en)):
        ran = rallynov("validate", "--lang", language, file)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert ran.err.startswith(f"rallynov: {file}, {word} {line}, ")
        assert sentence in ran.err


def test_two_titles_of_a_stage_are_told_in_the_file_that_is_asked_about(rallynov):
    shutil.copytree(data_dir(), "data")
    file = Path("data/carnets/carnet-2/etape-bge.trig")
    text = file.read_text("utf-8")
    title = next(line for line in text.splitlines() if "dcterms:title" in line)
    twice = title.replace('"@fr', '"@fr, "Un autre titre"@fr', 1)
    text = text.replace(title, twice)
    file.write_text(text, "utf-8")
    ran = rallynov("validate", "--lang", "fr", file)
    assert ran.status == 1
    assert ran.out.count("Faute : ") == 1
    assert f"Faute : {file}, ligne {line_of(text, twice)} : " in ran.out
    assert "« titre » attend une valeur" in ran.out
