"""The sentence that says what a thing is: grammatical in both languages, only its facts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.site.application import create_app
from rallynov_graph.site.thing.grammar import AT, NAMES, OF, PLURAL, French, is_elided_before
from rallynov_graph.site.thing.sentence_clauses import KINDS_SAID
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

NARROW = "\N{NARROW NO-BREAK SPACE}"
MUTUALITE = "organisation/mutualite-francaise-franche-comte"
OF_THE_GRAPH = {
    *("part", "passage", "assertion-set", "inference", "rule", "graph", "selector", "scheme"),
    *("standing", "decision", "assignment"),
    *("question", "reading", "hours", "agent", "need", "means", "measure", "imprint"),
    *("organisation-kind", "role", "beneficiary", "emphasis", "mode", "place-kind", "setting"),
    *("nature", "date-part", "status", "scope", "outside", "membership", "interval", "method"),
    "extraction",
}
"""Kinds whose things are parts of texts and lists, or the graph's own: their names say it all."""
SAID = {
    MUTUALITE: (
        "Organisme mutualiste qui porte l’étape de la Mutualité Française Franche-Comté et trois"
        " innovations : « Vélo électrique pour les salariés », « La vie à pleine dents, longtemps »"
        " et « Mamhique », et que représentent Bruno Herry et Pierre Alixant.",
        "Mutual body that runs the Mutualité Française Franche-Comté stage and three"
        " innovations: “Electric bicycles for employees”, “Life to the full, for a long time” and"
        " “Mamhique”, and for which Bruno Herry and Pierre Alixant speak.",
        "tentative",
    ),
    "organisation/eps-adomis": (
        "Entreprise que représente Pierre Arnaud.",
        "Company for which Pierre Arnaud speaks.",
        "inferred",
    ),
    "organisation/ars": (
        "Organisation partenaire de « La vie à pleine dents, longtemps ».",
        "Organisation that is a partner of “Life to the full, for a long time”.",
        "explicit",
    ),
    "stage/bge-franche-comte": (
        "Étape tenue le 8 avril 2013 à Besançon, portée par BGE Franche-Comté, où sont présentées"
        " trois innovations : « Colocation pour personnes âgées », « Gouvernance sans chef de"
        " production » et « Investissement partagé entre laboratoires dentaires ».",
        "Stage held on 8 April 2013 in Besançon, run by BGE Franche-Comté, where three"
        " innovations are presented: “Governance with no production manager”, “Shared housing for"
        " older people” and “Shared investment among dental laboratories”.",
        "inferred",
    ),
    "stage/mfq-franche-comte": (
        "Étape tenue entre le 8 avril et le 30 juin 2013, portée par MFQ Franche-Comté, où sont"
        " présentées quatre innovations, dont « Bus de formation » et « Passeport professionnel ».",
        "Stage held between 8 April and 30 June 2013, run by MFQ Franche-Comté, where four"
        " innovations are presented, among them “Professional passport” and “Training bus”.",
        "tentative",
    ),
    "stage/dole": (
        "Étape annoncée le 5 septembre 2013 à Dole, sur les thèmes « Innovation sociale »,"
        " « Intérêt général » et « Investissement collectif ».",
        "Stage announced on 5 September 2013 in Dole, on the themes “Collective investment”,"
        " “General interest” and “Social innovation”.",
        "inferred",
    ),
    "person/bruno-herry": (
        "Bruno Herry (trésorier général de la Mutualité) témoigne à l’étape de la Mutualité"
        " Française Franche-Comté.",
        "Bruno Herry (treasurer general of the Mutualité) testifies at the Mutualité Française"
        " Franche-Comté stage.",
        "inferred",
    ),
    "person/charles-piaget": (
        "Charles Piaget témoigne au retour sur l’aventure LIP et est protagoniste de l’aventure"
        " LIP.",
        "Charles Piaget testifies at the look-back on the LIP adventure and is a protagonist of the"
        " LIP adventure.",
        "explicit",
    ),
    "person/claude-bouiller": (
        "Claude Bouiller est contact pour l’étape de Champagnole.",
        "Claude Bouiller is a contact for the Champagnole stage.",
        "explicit",
    ),
    "group/entreprises-proposant-mamhique": (
        "Groupe qui propose l’innovation « Mamhique ».",
        "Group that offers the innovation “Mamhique”.",
        "explicit",
    ),
    "innovation/mamhique": (
        "Innovation sociale présentée à l’étape de la Mutualité Française Franche-Comté, portée par"
        " la Mutualité Française Franche-Comté, pour les enfants et les parents salariés.",
        "Social innovation presented at the Mutualité Française Franche-Comté stage, run by"
        " Mutualité Française Franche-Comté, for children and employed parents.",
        "tentative",
    ),
    "testimony/carnet-2-laboratoires": (
        "Témoignage de Thierry Beaune, à l’étape BGE Franche-Comté, au nom de la Coopérative de"
        " Production des Laboratoires Dentaires, à propos d’industriels de poids et de"
        " « Investissement partagé entre laboratoires dentaires ».",
        "Testimony of Thierry Beaune, at the BGE Franche-Comté stage, on behalf of Coopérative de"
        " Production des Laboratoires Dentaires, on the subject of heavyweight manufacturers and"
        " “Shared investment among dental laboratories”.",
        "inferred",
    ),
    "testimony/carnet-2-pourchet": (
        "Témoignage d’Alexandre Pourchet, à l’étape MFQ Franche-Comté, au nom d’Indibat, à propos"
        " de « Bus de formation » et de « Passeport professionnel ».",
        "Testimony of Alexandre Pourchet, at the MFQ Franche-Comté stage, on behalf of Indibat, on"
        " the subject of “Professional passport” and “Training bus”.",
        "inferred",
    ),
    "participation/carnet-2-bge-depart": (
        "Participation de BGE Franche-Comté au départ du rallye et à l’étape BGE Franche-Comté.",
        "Participation of BGE Franche-Comté at the start of the rally and the BGE Franche-Comté"
        " stage.",
        "inferred",
    ),
    "theme/capital-humain": (
        "Thème rangé sous « Emploi et compétences », abordé dans une étape et quatre témoignages,"
        " auquel sont liées deux organisations : EPS/ Adomis et le Pôle des microtechniques.",
        "Theme under “Employment and skills”, addressed in one stage and four testimonies, to which"
        " two organisations are linked: EPS/ Adomis and Pôle des microtechniques.",
        "inferred",
    ),
    "place/besancon": (
        "Commune (Doubs), lieu de trois rendez-vous du rallye : le départ du rallye, la clôture du"
        " Rally’nov et l’étape BGE Franche-Comté.",
        "Municipality (Doubs), where three events of the rally are set: the start of the rally, the"
        " closing of the Rally’nov and the BGE Franche-Comté stage.",
        "inferred",
    ),
    "event/aventure-lip": (
        "Événement de 1974 à 1975, à propos de LIP, auquel prennent part Charles Piaget, Louis"
        " Martin et Roland Vittot.",
        "Event from 1974 to 1975, on the subject of LIP, in which Charles Piaget, Louis Martin and"
        " Roland Vittot take part.",
        "inferred",
    ),
    "post/presidence-du-conseil-regional": (
        "Fonction dans le Conseil régional, occupée par Marie-Guite Dufay.",
        "Office in Conseil régional, held by Marie-Guite Dufay.",
        "explicit",
    ),
    "figure/carnet-2-temoins-mfq": (
        "Chiffre rapporté pour l’étape MFQ Franche-Comté : 3 témoins.",
        "Reported figure for the MFQ Franche-Comté stage: 3 witnesses.",
        "inferred",
    ),
    "document/carnet-2": (
        "Document paru en juin 2013, numéro 2 des carnets de route rally’nov.",
        "Document issued in June 2013, number 2 of les carnets de route rally’nov.",
        "explicit",
    ),
    "series/carnets-de-route": (
        "Série qui comprend un document : carnet de route n° 2.",
        "Series with one document: carnet de route no. 2.",
        "explicit",
    ),
    "occurrence/carnet-2-129": (
        "Mot imprimé qui indique le thème « Innovation sociale ».",
        "Printed word that indicates the theme “Social innovation”.",
        "explicit",
    ),
    "list/carnet-2-nuage-de-themes": (
        "Liste de 17 mots imprimés.",
        "List of 17 printed words.",
        "explicit",
    ),
    "funding/direccte": (
        "Financement apporté par Direccte Franche-Comté au Rally’nov.",
        "Funding given by Direccte Franche-Comté to the Rally’nov.",
        "tentative",
    ),
    "rally/rallynov": (
        "Rallye (Franche-Comté) qui compte neuf étapes, sur le thème « Innovation sociale », avec"
        " pour partenaires Cress, Fact et RIFC.",
        "Rally (Franche-Comté) with nine stages, on the theme “Social innovation”, with Cress, Fact"
        " and RIFC as partners.",
        "inferred",
    ),
}
"""The sentences of things of each kind in French and in English, and their certainty."""


def sentence(page: Page) -> str:
    """Return the sentence of a page, the empty string where it has none."""
    found = page.all("p", **{"class": "sentence"})
    return found[0].text.replace(NARROW, " ") if found else ""


@pytest.mark.parametrize("thing", SAID)
def test_a_thing_is_said_in_one_sentence_of_its_facts(client: FlaskClient, thing: str) -> None:
    french, english, certainty = SAID[thing]
    for query, expected, how in (
        ("", french, {"explicit": "explicite", "inferred": "déduit", "tentative": "incertain"}),
        ("?lang=en", english, {"tentative": "uncertain"}),
    ):
        page = read(client, f"/page/{thing}{query}")
        assert sentence(page) == expected
        (weakest,) = page.all("p", **{"class": "weakest"})
        assert weakest.text.endswith(how.get(certainty, certainty))
        assert faults(page, "en" if query else "fr") == []


def test_each_kind_has_a_sentence_that_is_tested_or_needs_none() -> None:
    assert {*KINDS} == {*KINDS_SAID} | OF_THE_GRAPH
    assert {thing.partition("/")[0] for thing in SAID} == {*KINDS_SAID}


def test_a_sentence_names_only_what_the_facts_of_its_page_name(app: Flask) -> None:
    client = app.test_client()
    for thing in SAID:
        page = read(client, f"/page/{thing}")
        named = {e["href"] for e in page.all("a") if e.inside[-2:] == ("p", "bdi")}
        facts = {e["href"] for e in page.all("a") if "dl" in e.inside}
        assert named <= facts, thing


def test_a_sentence_follows_the_dial(client: FlaskClient) -> None:
    ranks = {how: rank for rank, how in enumerate(CERTAINTIES)}
    assert sentence(read(client, f"/page/{MUTUALITE}?certainty=explicit")) == ""
    inferred = sentence(read(client, f"/page/{MUTUALITE}?certainty=inferred"))
    assert "l’innovation « Vélo électrique pour les salariés »" in inferred
    assert "Mamhique" not in inferred
    assert ranks["explicit"] < ranks["inferred"]


def test_of_what_little_is_known_nothing_is_said(client: FlaskClient) -> None:
    for thing in (
        "person/christian-maucler",
        "group/industriels-de-poids",
        "passage/carnet-2-843-904",
    ):
        page = read(client, f"/page/{thing}")
        assert sentence(page) == "" and page.all("p", **{"class": "weakest"}) == []


OTHERS = """\
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix o: <https://example.org/organisation/> .
{ o:a a org:Organization ; rdfs:label "A" ; rn:carries o:b . o:b a rn:Innovation ; rdfs:label "B" }
"""


def test_of_somebody_elses_graph_nothing_is_said() -> None:
    quads = parse(OTHERS, format=RdfFormat.TRIG)
    client = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    page = read(client, "/resource?iri=https://example.org/organisation/a")
    assert sentence(page) == "" and "B" in page.text


@pytest.mark.parametrize(
    ("name", "kind", "named", "of", "at"),
    [
        ("Étape de Dole", "stage", "l’étape de Dole", "de l’", "à l’"),
        ("Départ du rallye", "event", "le départ du rallye", "du ", "au "),
        ("Clôture du jour", "event", "la clôture du jour", "de la ", "à la "),
        ("l’aventure LIP", "event", "l’aventure LIP", "de l’", "à l’"),
        ("Pôle bois", "organisation", "le Pôle bois", "du ", "au "),
        ("Mutualité", "organisation", "la Mutualité", "de la ", "à la "),
        ("Assurance maladie", "organisation", "l’Assurance maladie", "de l’", "à l’"),
        ("Les Ateliers", "organisation", "Les Ateliers", "des ", "aux "),
        ("des concurrents", "group", "des concurrents", "de ", "à "),
        ("des industriels", "group", "des industriels", "d’", "à "),
        ("Indibat", "organisation", "Indibat", "d’", "à "),
        ("BGE", "organisation", "BGE", "de ", "à "),
        ("Le Mans", "place", "Le Mans", "du ", "au "),
        ("Besançon", "place", "Besançon", "de ", "à "),
        ("Le Corbusier", "person", "Le Corbusier", "de ", "à "),
        ("Centre Martin", "person", "Centre Martin", "de ", "à "),
        ("Hélène", "person", "Hélène", "d’", "à "),
        ("Écologie", "theme", f"«{NARROW}Écologie{NARROW}»", f"de «{NARROW}", f"à «{NARROW}"),
    ],
)
def test_french_names_take_articles_that_merge_and_elide(
    name: str, kind: str, named: str, of: str, at: str
) -> None:
    grammar = French()
    assert "".join(grammar.placed(name, kind, NAMES) or ()) == named
    for form, before in ((OF, of), (AT, at)):
        assert (grammar.placed(name, kind, form) or ("",))[0] == before


def test_only_what_is_surely_a_plural_stands_as_one() -> None:
    assert French().placed("parents salariés", "beneficiary", PLURAL) == (
        "les ",
        "parents salariés",
        "",
    )
    assert French().placed("public", "beneficiary", PLURAL) is None
    assert French().placed("Paris", "beneficiary", PLURAL) is None


def test_numbers_are_written_in_letters_while_they_are_small() -> None:
    assert [French().number(n) for n in (2, 16, 17, 20_000)] == [
        "deux",
        "seize",
        "17",
        f"20{NARROW}000",
    ]


def test_elision_looks_at_the_sound() -> None:
    assert is_elided_before("École") and is_elided_before("œuvre") and is_elided_before("Henri")
    assert not is_elided_before("Mamhique") and not is_elided_before("13 laboratoires")
    assert not is_elided_before("")
