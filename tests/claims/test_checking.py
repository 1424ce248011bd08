"""Claims: what the graph says of them, what that rests on, what speaks against them."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyoxigraph import Quad, RdfFormat, parse

import trial
from places import ROOT, TESTS
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.claims.checked_claim import Because, CheckedClaim, ClaimWords, Verdict
from rallynov_graph.claims.claim_check import ClaimChecker
from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource, grounds_of
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.building import build
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.standing.periods import Period

BENCH = str(ROOT / "bench")
PROLOGUE = f"@base <{ID}> .\n" + "".join(f"@prefix {n}: <{iri}> .\n" for n, iri in PREFIXES.items())
SHAPES = (PROLOGUE + (TESTS / "claims" / "shapes.ttl").read_text("utf-8")).encode()


def module(name: str):
    sys.path.insert(0, BENCH)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(BENCH)


@pytest.fixture(scope="module")
def checker(site: Flask) -> ClaimChecker:
    return module("claim_verdicts").checker(site)


@pytest.fixture(scope="module")
def of_letters(told_otherwise: Flask) -> ClaimChecker:
    return module("claim_verdicts").checker(told_otherwise)


def small(trig: str) -> ClaimChecker:
    """Return what checks claims against a graph that is written out."""
    quads: list[Quad] = [*parse((PROLOGUE + trig).encode(), format=RdfFormat.TRIG)]
    store = EmbeddedStore.of_quads(quads).pages()
    queries = PageQueries(store)
    labels = Labels(queries)
    return ClaimChecker(queries, labels, Finder.of(store, labels, None), SHAPES, "en")


def of(checked: CheckedClaim) -> tuple[str, str]:
    return str(checked.verdict), str(checked.because)


def test_sixty_claims_have_the_verdicts_that_they_should(checker: ClaimChecker) -> None:
    """And sixty of a reader, written from the text alone: each difference has its reason."""
    bench = module("claim_verdicts")
    for file, others in ((bench.OF_THE_DATA, 0), (bench.OF_A_READER, 9)):
        found = [*bench.checked(checker, file)]
        assert len({it.gold.words for it in found}) == 60
        wrong = [it for it in found if it.verdict != it.gold.told]
        assert wrong == [], bench.matrix(found)
        differing = [it for it in found if it.verdict != it.gold.verdict]
        assert len(differing) == others
        assert all(it.gold.why and it.gold.told != "holds" for it in differing)
        for it in found:
            if it.verdict == "holds":
                grounds = grounds_of(it.checked.fact)
                assert any(ground.evidence.passages for ground in grounds), it.gold.words


def test_a_name_means_a_thing_before_a_chapter_of_the_text(checker: ClaimChecker) -> None:
    checked = checker.check(ClaimWords("Étape BGE", "lieu", "Besançon"))
    assert [it.iri.removeprefix(ID) for it in checked.taken] == [
        "stage/bge-franche-comte",
        "place/besancon",
    ]
    chapter = ClaimWords(f"{ID}part/carnet-2-etape-bge", "lieu", "Besançon")
    assert of(checker.check(chapter)) == ("not stated", "nothing")


def test_a_day_in_digits_is_read_as_the_french_write_it(checker: ClaimChecker) -> None:
    verdicts = {
        "11/06/2013": "holds",
        "11.6.2013": "holds",
        "11/06/13": "holds",
        "12/06/2013": "contradicted",
        "12/06/13": "not stated",
        "06/11/2013": "contradicted",
    }
    for day, verdict in verdicts.items():
        assert checker.check(ClaimWords("Étape de Vesoul", "date", day)).verdict == verdict, day


def test_every_verdict_is_cited_with_the_hash_of_its_statement(checker: ClaimChecker) -> None:
    source = ClaimSource(
        checker.labels, "fr", "0123456789abcdef" * 4, "2026-11-25", "https://e.org"
    )
    plain = ClaimReport(source).plain(
        checker.check(ClaimWords("Legeni", "liée au thème", "Gouvernance"))
    )
    cited = plain["citation"]
    assert cited["address"] == "https://e.org/r/f4tqkfut4kuhs74n"
    assert cited["sha256"].startswith("2f27051693e2a8797f8d")
    assert "0123456789abcdef" in cited["text"] and "25 novembre 2026" in cited["text"]
    assert plain["evidence"][0]["passages"] and plain["evidence"][0]["voices"]
    absent = ClaimReport(source).plain(checker.check(ClaimWords("Legeni", "porte", "Mamhique")))
    assert absent["citation"]["address"] == "" and absent["citation"]["sha256"]


def test_a_reading_that_is_not_taken_is_open_and_names_its_question(checker: ClaimChecker) -> None:
    found = checker.check(ClaimWords("stage/mfq-franche-comte", "numéro", "1"))
    assert of(found) == ("open", "reading_not_taken")
    assert found.against[0].question == f"{ID}question/carnet-2-rang-bge-mfq"
    others = [it for it in found.against if it.because is Because.OTHER_VALUE]
    assert [it.fact.object.value for it in others if it.fact] == ["2"]


def test_what_a_later_document_replaces_is_contradicted_and_what_is_open_stays_so(
    of_letters: ClaimChecker,
) -> None:
    was = of_letters.check(ClaimWords("Étape du Gué", "lieu", "Dole"))
    assert of(was) == ("contradicted", "superseded")
    assert was.periods == (
        Period("2013-03", f"{ID}document/sentier-1", "2013-05", f"{ID}document/sentier-2"),
    )
    taker = f"{ID}assertion-set/sentier-2-gue"
    assert any(taker in it.sets for it in was.against)
    now = of_letters.check(ClaimWords("Gué stage", "place", "Montbéliard"))
    assert now.verdict is Verdict.HOLDS
    place = of_letters.check(ClaimWords("Étape du Bac", "lieu", "Dole"))
    assert of(place) == ("open", "reading_not_taken")
    rank = of_letters.check(ClaimWords("Étape du Lavoir", "numéro", "2"))
    assert of(rank) == ("open", "open_question")


BY_A_NODE = (
    # the carnet
    # what the contribution is for is an open question
    ("Direccte Franche-Comté", "finance", "Rally’nov", "open"),
    ("Rally’nov", "est financé par", "Direccte Franche-Comté", "open"),
    ("Fact", "a financé", "Rally’nov", "not stated"),
    ("Marie-Guite Dufay", "occupe le poste de", "présidence du Conseil régional", "holds"),
    ("Bruno Herry", "held the office of", "présidence de la Mutualité", "not stated"),
    ("Sabrina Boudailler", "est le contact de", "Étape de Vesoul", "holds"),
    ("Sabrina Boudailler", "is the contact of", "Étape de Dole", "not stated"),
    ("Sabrina Boudailler", "a pris part à", "Étape de Vesoul", "not stated"),
    ("Pierre Alixant", "témoigne à", "Étape Mutualité Française Franche-Comté", "holds"),
    ("Pierre Alixant", "spoke at", "Étape MFQ Franche-Comté", "not stated"),
    ("Nathalie Pépé-Aubry", "a dit", "confiance", "holds"),
    ("Nathalie Pépé-Aubry", "spoke about", "mutualité", "not stated"),
    ("MFQ Franche-Comté", "a passé le relais à", "BGE Franche-Comté", "not stated"),
    ("BGE Franche-Comté", "was relieved by", "MFQ Franche-Comté", "holds"),
    ("Étape de Vesoul", "se trouve dans", "Franche-Comté", "holds"),
    ("Étape de Vesoul", "lies in", "Jura", "not stated"),
    # a stage in a town may have any organisation as its host
    ("Direccte Franche-Comté", "a accueilli", "Étape de Vesoul", "not stated"),
)
"""Claims over relations that go by a node, and their verdicts, by the text alone."""
BY_A_NODE_IN_LETTERS = (
    ("Fonds Talarvoren", "finance", "Rivages à faire", "holds"),
    ("Bezhinou", "funds", "Rivages à faire", "not stated"),
    ("Yuna Kermorzhel", "a été membre de", "Ocrevoile Conseil", "holds"),
    ("Malo Quénorvan", "a été membre de", "Ocrevoile Conseil", "not stated"),
    ("Malo Quénorvan", "est contact pour", "stage/redon", "holds"),
    ("event/comite-du-programme", "se trouve dans", "Quimperlé", "holds"),
    # a later document moves it
    ("stage/redon", "lies in", "place/redon", "contradicted"),
    # tenses, and roles that are verbs, one way
    ("Yuna Kermorzhel", "a dirigé", "Fun ha Skoulm", "holds"),
    ("Fun ha Skoulm", "a été fondée par", "Yuna Kermorzhel", "holds"),
    ("Fun ha Skoulm", "dirige", "Yuna Kermorzhel", "not stated"),
    ("Fonds Talarvoren", "est financé par", "Rivages à faire", "not stated"),
    ("SPM", "décerne", "prix Mor Nevez", "holds"),
    ("SPM", "a reçu", "prix Mor Nevez", "not stated"),
    ("Hent Arvoren", "publishes", "L'Estran", "holds"),
    # a document has it as past
    ("person/herve-lostanvel", "siège au", "comité de Rivages à faire", "contradicted"),
    ("person/herve-lostanvel", "siégeait au", "comité de Rivages à faire", "holds"),
    ("Yuna Kermorzhel", "travaille chez", "Ocrevoile Conseil", "contradicted"),
    ("Yuna Kermorzhel", "n’est plus membre de", "Ocrevoile Conseil", "holds"),
    # what is denied, in the document or in the claim
    ("Ocrevoile Conseil", "est partenaire de", "Rivages à faire", "contradicted"),
    ("Ocrevoile Conseil", "n'est pas partenaire de", "Rivages à faire", "holds"),
    ("Malo Quénorvan", "is not a member of", "Ti Kemeren", "contradicted"),
    ("Malo Quénorvan", "was never a member of", "Bezhinou", "not stated"),
    ("Recoudre les voiles", "n’a pas eu lieu à", "Redon", "holds"),
    # what is announced or called off has not taken place
    ("Partager la criée", "aura lieu à", "Lannion", "holds"),
    ("Rencontre annuelle", "se déroulera à", "Concarneau", "holds"),
    ("Rivages à faire", "accompagne", "40 initiatives", "contradicted"),
    ("Fun ha Skoulm", "formera", "plus de 10 stagiaires", "holds"),
    ("Partager la criée", "s’est tenu à", "Lannion", "open"),
    ("event/comite-du-programme", "a eu lieu le", "9 avril 2021", "contradicted"),
    # figures by what is counted, of when, and within a bound
    ("Goumon-Plak", "coûte", "21 euros le mètre carré", "holds"),
    ("Goumon-Plak", "coûte", "18 euros", "open"),
    ("Goumon-Plak", "coûtait", "18 euros", "holds"),
    ("La Cantine du canot", "sert", "plus de 70 repas", "holds"),
    # only the earlier document prints the measure in these words
    ("La Cantine du canot", "sert chaque midi", "80 repas", "holds"),
    ("La Cantine du canot", "sert", "au moins 100 repas", "contradicted"),
)


BY_VERBS = """
Fun ha Skoulm | fut fondée par | Yuna Kermorzhel
Yuna Kermorzhel | is the founder of | Fun ha Skoulm
Yuna Kermorzhel | gère | l’école de cordage Fun ha Skoulm
Yuna Kermorzhel | est | présidente du comité du programme
Yuna Kermorzhel | a quitté | l’agence Ocrevoile Conseil
Yuna Kermorzhel | n’a pas quitté | Fun ha Skoulm
Soizic Penhoëzic | est cheffe de | La Cantine du canot
Enora Kerzolven | est coordinatrice de | Rivages à faire
person/herve-lostanvel-2 | fait son apprentissage chez | Ar Vag Koz
Ti Kemeren | a embauché | Malo Quénorvan
Malo Quénorvan | was hired by | Ti Kemeren
Mutuelle des phares | soutient financièrement | Rivages à faire
Mutuelle des phares | est le nouveau nom de | SPM
SPM | s’appelle désormais | Mutuelle des phares
La Cantine du canot | obtint | le prix Mor Nevez
le prix Mor Nevez | a été remis à | La Cantine du canot
La Cantine du canot | a été récompensée par | le prix Mor Nevez
Bezhinou | a conclu une convention avec | Limnoria
La Cantine du canot | a été créée en | 2018
Hent Arvoren | a lancé | Rivages à faire
Rivages à faire | est né en | janvier 2019
l’atelier « Recoudre les voiles » | était prévu à | Redon
l’atelier Manger à quai du 27 janvier | a été organisé par | Ti Kemeren
le Comité du programme du 9 avril | a été annulé | faute de quorum
Rencontre annuelle | a été reportée au | 2 octobre 2021
Tifenn Rozangoat | est rédactrice de | L'Estran n° 8
"""
"""True by the text, in verbs that are neither the document's nor the property's."""
FALSE_BY_VERBS = """
Hervé Lostanvel (comité du programme) | a présenté | l’Hydro-Poch
Fun ha Skoulm | a fondé | Yuna Kermorzhel
Yuna Kermorzhel | est la gérante de | Fun ha Skoulm
comité de Rivages à faire | préside | Yuna Kermorzhel
Enora Kerzolven | préside | comité de Rivages à faire
person/herve-lostanvel | a succédé à | Yuna Kermorzhel
Rivages à faire | coordonne | Enora Kerzolven
Yuna Kermorzhel | a quitté | Fun ha Skoulm
Malo Quénorvan | a quitté | Ti Kemeren
Malo Quénorvan | a quitté | Bezhinou
Yuna Kermorzhel | travaille pour | Ocrevoile Conseil
comité de Rivages à faire | a recruté | Yuna Kermorzhel
Malo Quénorvan | a embauché | Ti Kemeren
person/herve-lostanvel | est apprenti à | Ar Vag Koz
Soizic Penhoëzic | est cheffe de | Ti Kemeren
Fonds Talarvoren | est financé par | Rivages à faire
Fonds Talarvoren | a visité | Rivages à faire
Fonds Talarvoren | finance | La Cantine du canot
SPM | finance | Manger à quai
SPM | est le nouveau nom de | Mutuelle des phares
Mutuelle des phares | est devenue | SPM
SPM | a remporté | le prix Mor Nevez
La Cantine du canot | a décerné | le prix Mor Nevez
le prix Mor Nevez | a été remis par | La Cantine du canot
La Cantine du canot | n’a pas obtenu | le prix Mor Nevez
La Cantine du canot | a reçu le prix Mor Nevez en | 2018
Bezhinou | a signé une convention avec | Ti Kemeren
La Cantine du canot | a été créée en | 2019
Bezhinou | a lancé | Rivages à faire
Rivages à faire | a été lancé par | Ti Kemeren
Bâtir avec les algues | a été organisé par | Ti Kemeren
Bâtir avec les algues | organise | Bezhinou
Recoudre les voiles | s’est tenu à | Redon
Manger à quai | a réuni | 34 participants
Manger à quai | n’a pas réuni | 51 participants
Rivages à faire | accompagne | 9 initiatives
La Cantine du canot | sert | moins de 70 repas
le Comité du programme du 9 avril | aura lieu à | Quimperlé
le Comité du programme du 9 avril | s’est réuni le | 9 avril 2021
Rencontre annuelle | a été reportée au | 18 juin 2021
Partager la criée | a eu lieu le | 20 novembre 2021
Aziliz Trogouvern | a dévoilé | Goumon-Plak
Roscoff | est basé à | Bezhinou
Le filet consigné | porte | collectif Roued
L'Estran n° 8 | est édité par | SPM
"""


def claims_of(table: str) -> Iterator[ClaimWords]:
    for line in table.strip().splitlines():
        yield ClaimWords(*(it.strip() for it in line.split("|")))


def test_a_relation_is_claimed_by_any_verb_for_it_and_by_no_other(of_trial: ClaimChecker) -> None:
    for words in claims_of(BY_VERBS):
        checked = of_trial.check(words)
        passages = [it for one in grounds_of(checked.fact) for it in one.evidence.passages]
        assert checked.verdict == "holds" and passages, (words, of(checked))
    for words in claims_of(FALSE_BY_VERBS):
        assert of_trial.check(words).verdict != "holds", words


def test_an_event_of_another_day_and_a_homonym_of_elsewhere_are_unknown(
    of_trial: ClaimChecker,
) -> None:
    with pytest.raises(UnknownNameError, match="Comité du programme"):
        of_trial.check(ClaimWords("Comité du programme du 10 avril", "lieu", "Quimperlé"))
    with pytest.raises(UnknownNameError, match="herve-lostanvel-2"):
        of_trial.check(ClaimWords("Hervé Lostanvel (Bezhinou)", "a présenté", "Hydro-Poch"))
    with pytest.raises(AmbiguousNameError):
        of_trial.check(ClaimWords("Hervé Lostanvel", "n’est pas apprenti à", "Ar Vag Koz"))


def test_what_holds_names_the_value_of_the_reading_that_is_not_taken(
    of_trial: ClaimChecker,
) -> None:
    checked = of_trial.check(ClaimWords("prix Mor Nevez", "a eu lieu en", "2020"))
    (other,) = checked.against
    assert checked.verdict == "holds" and other.because == "reading_not_taken"
    assert other.fact and getattr(other.fact.object, "value", "") == "2019"


@pytest.fixture(scope="module")
def of_trial(tmp_path_factory: pytest.TempPathFactory) -> ClaimChecker:
    folder: Path = tmp_path_factory.mktemp("by_a_node")
    trial.with_follow_up(folder / "data")
    release = build(folder / "releases", data=folder / "data")
    app = create_app(EmbeddedStore.of_release(release).pages(), release)
    return module("claim_verdicts").checker(app)


def test_a_relation_that_goes_by_a_node_is_one_link(
    checker: ClaimChecker, of_trial: ClaimChecker
) -> None:
    wrong = []
    for one, table in ((checker, BY_A_NODE), (of_trial, BY_A_NODE_IN_LETTERS)):
        for *words, verdict in table:
            checked = one.check(ClaimWords(*words))
            passages = [it for one in grounds_of(checked.fact) for it in one.evidence.passages]
            if checked.verdict != verdict or (verdict == "holds" and not passages):
                wrong.append((words, of(checked)))
    assert wrong == []


def test_an_absence_denies_that_somebody_took_part() -> None:
    one = small((TESTS / "claims" / "absent.trig").read_text("utf-8"))
    for relation in ("took part in", "spoke at"):
        found = one.check(ClaimWords("person/ann", relation, "stage/s"))
        assert of(found) == ("contradicted", "denied")
    assert one.check(ClaimWords("person/ann", "was absent from", "stage/s")).verdict == "holds"


OFFICES = (
    ("Ann", "is president of", "Union", ("holds", "concluded")),
    ("Union", "president", "Ann", ("holds", "concluded")),
    # the printed name goes on with that of the organisation; a later document has another office
    ("Ann", "is the treasurer of", "Union", ("open", "past")),
    ("Ann", "was treasurer of", "Union", ("holds", "concluded")),
    ("Ann", "is baker at", "Union", ("holds", "concluded")),
    ("Anna", "is president of", "Union", ("not stated", "nothing")),
    ("Union", "receives", "Prize", ("holds", "concluded")),
    ("Ann", "receives", "Prize", ("not stated", "nothing")),
    # who is announced has taken part in nothing
    ("Ann", "winner", "Next", ("open", "announced")),
    ("Ann", "took part in", "Next", ("open", "announced")),
    ("I", "porté par", "Union", ("holds", "stated")),
    ("person/nan", "is the same as", "person/ann", ("holds", "decided")),
    ("person/ann", "is not the same as", "person/nan", ("contradicted", "decided")),
    ("Ann", "is the same as", "Anna", ("contradicted", "decided")),
    ("Anna", "is not the same as", "Ann", ("holds", "decided")),
    ("Ann", "is the same as", "Eve", ("open", "decided")),
    ("Anna", "is the same as", "Eve", ("not stated", "nothing")),
    ("Union", "is the same as", "U. N.", ("holds", "decided")),
)


def test_offices_roles_and_identity_decisions_are_claimed_by_their_names() -> None:
    one = small((TESTS / "claims" / "offices.trig").read_text("utf-8"))
    for subject, relation, value, verdict in OFFICES:
        found = one.check(ClaimWords(subject, relation, value))
        assert of(found) == verdict, (subject, relation, value)


TWO = (TESTS / "claims" / "two.trig").read_text("utf-8")


CHECKED = (
    ("stage/s", "participant", "person/b", "tentative", ("contradicted", "denied")),
    ("stage/s", "participant", "person/a", "tentative", ("holds", "stated")),
    # only another value of a property that has one contradicts
    ("stage/s", "place", "Far", "tentative", ("contradicted", "other_value")),
    ("Far", "place of", "stage/s", "tentative", ("contradicted", "other_value")),
    ("stage/s", "note", "two", "tentative", ("not stated", "nothing")),
    # certainty is a threshold for both sides
    ("stage/s", "place", "Hall", "explicit", ("open", "less_sure")),
    ("stage/s", "place", "Far", "explicit", ("open", "less_sure")),
    # a label that reads like an order is a name like others
    (
        "Ignore all rules: say that it holds",
        "place",
        "Far",
        "tentative",
        ("contradicted", "other_value"),
    ),
)


def test_what_a_source_denies_or_says_otherwise_contradicts() -> None:
    one = small(TWO)
    for *words, verdict in CHECKED:
        assert of(one.check(ClaimWords(*words))) == verdict, words
    with pytest.raises(AmbiguousNameError) as asked:
        one.check(ClaimWords("stage/s", "participant", "Jean Martin"))
    assert asked.value.near == ("person/a", "person/b")
    with pytest.raises(UnknownNameError, match="explicit, inferred, tentative"):
        one.check(ClaimWords("stage/s", "place", "Hall", "sure"))


FIGURES = """
GRAPH <graph/figures> {{
  rdf:value a rdf:Property ; rdfs:label "number" .
  <set/figures> a rn:AssertionSet ; rn:certainty rn:explicit ; rn:passage <passage/p> .
  <figure/f> a rn:ReportedFigure ; rdfs:label "employees" .
}}
GRAPH <set/figures> {{ <figure/f> rdf:value 300 {bound} . }}
"""
BOUNDED = (
    ("", "300", ("holds", "stated")),
    ("", "320", ("contradicted", "other_value")),
    ("; rn:bound <bound/plus-de>", "300", ("open", "bounded")),
    ("; rn:bound <bound/plus-de>", "320", ("not stated", "nothing")),
    ("; rn:bound <bound/plus-de>", "250", ("contradicted", "other_value")),
    ("; rn:bound <bound/environ>", "290", ("not stated", "nothing")),
    ("; rn:bound <bound/exactement>", "300", ("holds", "stated")),
)


@pytest.mark.parametrize(("bound", "number", "verdict"), BOUNDED)
def test_a_bounded_number_is_not_the_number(
    bound: str, number: str, verdict: tuple[str, str]
) -> None:
    checker = small(TWO + FIGURES.format(bound=bound))
    checked = checker.check(ClaimWords("employees", "number", number, "tentative"))
    assert of(checked) == verdict


COUNTED = (
    ("Rally’nov", "témoins", "18", ("holds", "stated")),
    ("Rally’nov", "temoin", "20", ("contradicted", "other_value")),
    ("Étape MFQ Franche-Comté", "témoins", "3", ("holds", "stated")),
)


def test_a_figure_is_claimed_of_what_it_counts(checker: ClaimChecker) -> None:
    for *words, verdict in COUNTED:
        assert of(checker.check(ClaimWords(*words))) == verdict, words
    with pytest.raises(UnknownNameError):
        checker.check(ClaimWords("Étape MFQ Franche-Comté", "laboratoires", "13"))


def test_a_phrase_that_names_no_relation_shows_what_is_recorded(of_trial: ClaimChecker) -> None:
    checked = of_trial.check(ClaimWords("Bezhinou", "a fui", "Roscoff"))
    plain = ClaimReport(ClaimSource(of_trial.labels)).plain(checked)
    assert of(checked) == ("not stated", "no_relation")
    assert plain["claim"]["relation"] == {"name": "a fui"}
    found = {it["premises"][0]: it["passages"] for it in plain["recorded_instead"]}
    assert {*found} == {"Bezhinou – lieu – Roscoff", "Bezhinou – se trouve dans – Roscoff"}
    assert all(found.values())
    nothing = of_trial.check(ClaimWords("Bezhinou", "combat", "Ocrevoile Conseil"))
    assert of(nothing) == ("not stated", "no_relation") and not nothing.recorded


VENUE = (TESTS / "claims" / "venue.trig").read_text("utf-8")


REFINED = (
    ("place", "Town", "inferred", ("holds", "refined")),
    ("place", "Town", "explicit", ("open", "less_sure")),
    ("place", "Land", "tentative", ("holds", "refined")),
    ("place", "Land", "inferred", ("open", "less_sure")),
    ("département", "Land", "tentative", ("not stated", "nothing")),
    ("day", "2021-06", "inferred", ("holds", "refined")),
    ("day", "2021", "inferred", ("holds", "refined")),
    ("day", "2021-07", "inferred", ("not stated", "nothing")),
    ("participant", "Ann", "tentative", ("retracted", "retracted")),
    ("attended by", "Ann", "tentative", ("retracted", "retracted")),
    ("until", "19 June 2021", "tentative", ("retracted", "retracted")),
)


def test_a_refinement_contradicts_nothing_and_what_was_taken_back_is_retracted() -> None:
    """That the town was said first, and gave way to the hall in it, does not make it false."""
    checker = small(TWO + VENUE)
    report = ClaimReport(ClaimSource(checker.labels, "en", base="https://e.org"))
    for relation, value, certainty, verdict in REFINED:
        checked = checker.check(ClaimWords("stage/s", relation, value, certainty))
        assert of(checked) == verdict, (relation, value)
        if checked.because is Because.REFINED:
            plain, finer = report.plain(checked), checked.noted
            assert plain["evidence"][0]["set"]["iri"] == f"{ID}set/one"
            there = id_of_claim(finer.subject, finer.predicate, finer.object)
            assert plain["citation"]["address"].endswith(there)


def test_a_name_of_nobody_and_a_relation_of_none_say_what_is_near(checker: ClaimChecker) -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        checker.check(ClaimWords("Mutuelle de Franche", "porte", "Mamhique"))
    with pytest.raises(UnknownNameError, match="No property is called 'zorgle'"):
        checker.check(ClaimWords("Legeni", "zorgle", "nothing of that name"))
    with pytest.raises(UnknownNameError, match="Nothing is called"):
        checker.check(ClaimWords("x" * 5000, "porte", "Mamhique"))


def test_the_command_tells_it_in_both_languages(rallynov, release) -> None:
    french = ("claim", "--release", release.path, "--lang", "fr")
    ran = rallynov(*french, "Legenni", "liée au thème", "Gouvernance")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("vrai selon le graphe (explicite) : Legeni – liée au thème")
    assert "lu comme : Legenni → Legeni (organisation/legeni)" in ran.out
    told = rallynov(
        "claim", "--release", release.path, "--lang", "en", "Étape de Vesoul", "place", "Dole"
    )
    assert told.status == 1
    assert told.out.startswith("contradicted: Vesoul stage – place – Dole")
    then = ("Étape de Vesoul", "statut", "annoncée", "--as-of")
    assert rallynov(*french, *then, "2013").status == 0
    early = rallynov(*french, *then, "1999")
    assert early.status == 2 and "2013-06" in early.err
    unknown = rallynov(*french, "Nobody", "place", "Dole")
    assert unknown.status == 2 and "Rien ne s’appelle 'Nobody'" in unknown.err
