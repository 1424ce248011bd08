"""``rallynov why``, and ``claim`` on other graphs."""

import json

import pytest

from others_evidence import EX, PREFIXES, RANKS, WRITTEN

LINK = ("organisation/legeni", "rn:linkedToTheme", "theme/gouvernance")


@pytest.fixture
def why(rallynov, release):
    return lambda *arguments: rallynov("why", "--lang", "fr", "--release", release.path, *arguments)


def test_the_chains_are_shown_with_passages_and_reasons(why):
    ran = why(*LINK)
    assert (ran.status, ran.err) == (0, "")
    first, *lines = ran.out.splitlines()
    assert first == "Legeni – liée au thème – Gouvernance : explicite"
    assert lines[0] == "   1. par un témoignage au nom de l’organisation : explicite"
    assert any("voix : carnet de route n° 2" in line for line in lines)
    assert any(line.endswith("; Legeni (carnet n° 2)") for line in lines)
    assert any("raison : Les trois noms" in line for line in lines)


def test_json_holds_all_of_it(why):
    told = json.loads(why(*LINK, "--format", "json").out)
    assert (told["holds"], told["certainty"]) == (True, "explicit")
    assert [chain["certainty"] for chain in told["chains"]] == ["explicit", "inferred"]
    premise = told["chains"][1]["premises"][1]
    assert premise["predicate"]["value"].endswith("#carriedBy")
    held = premise["evidence"][0]
    assert held["kind"] == "assertion set"
    assert held["passages"][0]["start"] == 945
    assert set(held["reasons"]) == {"fr", "en"}
    assert told["names"][told["subject"]["value"]] == "Legeni"


def test_things_and_properties_are_named_as_people_do(why):
    assert why("legeni", "Liée au thème", "gouvernance").out == why(*LINK).out


def test_a_name_of_two_things_means_the_one_of_which_it_holds(why):
    ran = why("innovation/passeport-professionnel", "rdf:type", "innovation sociale")
    assert ran.status == 0
    assert ran.out.startswith("Passeport professionnel – type – innovation sociale")


def test_a_value_is_named_as_it_is(why):
    ran = why("stage/bge-franche-comte", "rn:number", "1")
    assert (ran.status, "raison : " in ran.out) == (0, True)


UNKNOWN = [
    ("Zorglub", *LINK[1:]),
    (LINK[0], "rn:linkedToTheem", LINK[2]),
    (*LINK[:2], "theme/gouvernence"),
]


def test_a_name_that_is_not_known_ends_with_2_and_near_names(why):
    for names in UNKNOWN:
        ran = why(*names)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
    assert "Aucune propriété ne s’appelle 'rn:linkedToTheem'" in why(*UNKNOWN[1]).err


def test_a_name_of_two_things_means_the_one_that_can_have_the_relation(why):
    names = ("Passeport professionnel", "rn:carriedBy", "organisation/indibat")
    assert why(*names).out == why("innovation/passeport-professionnel", *names[1:]).out


def test_a_fact_that_does_not_hold_ends_with_1_and_says_what_does(why):
    for language, denied in (
        ("fr", "Le graphe ne dit pas ceci : organisation/legeni"),
        ("en", "The graph does not contain this fact: organisation/legeni"),
    ):
        ran = why(*LINK[:2], "theme/mutualite", "--lang", language)
        assert (ran.status, ran.err) == (1, "")
        assert ran.out.startswith(denied)
        assert "theme/gouvernance" in ran.out
        assert "theme/travail-en-equipe." in ran.out


def test_files_of_the_user_have_facts_too(rallynov, tmp_path):
    file = tmp_path / "mine.ttl"
    file.write_text('@prefix : <https://example.org/> .\n:a :p :b ; :q "x"@fr, "x"@en .', "utf-8")
    a, p, q, b = (f"https://example.org/{name}" for name in "apqb")
    held = rallynov("why", a, p, f"<{b}>", "--data", file, "--lang", "fr")
    assert (held.status, "sans graphe nommé" in held.out) == (0, True)
    assert rallynov("why", a, q, '"x"@en', "--data", file).status == 0


def test_an_endpoint_is_asked_too(rallynov, why, server):
    assert (
        rallynov("why", "--lang", "fr", *LINK, "--endpoint", server.endpoint).out == why(*LINK).out
    )


def test_the_language_has_one_name_and_its_old_one_is_understood(rallynov):
    for command in ("why", "claim", "validate"):
        shown = rallynov(command, "--help").out
        assert "--lang " in shown and "--language" not in shown
        wrong = rallynov(command, "--language", "de", *LINK)
        assert wrong.status == 2 and "'de' is not one of 'fr', 'en'" in wrong.err


def test_a_claim_on_another_graph_is_cited_by_those_who_say_it(rallynov, tmp_path):
    file = tmp_path / "others.trig"
    file.write_text(PREFIXES + WRITTEN["nanopub"], "utf-8")
    ran = rallynov("claim", "--lang", "fr", "--data", file, "ladybird", "eats", "aphid")
    assert ran.status == 0
    assert ran.out.splitlines()[-1].strip().startswith("Claire Ecolo. ladybird – ")
    assert "Rally’nov" not in ran.out and "CC BY" not in ran.out


CLAIMS = [
    ("nanopub", ("Ladybird", "seen on", "2013-04"), 0, "+ said more precisely; ladybird – seenOn"),
    ("nanopub", ("ladybird", "type", "beetle"), 0, "holds by the graph: ladybird – rdf:type"),
    ("nanopub", ("ladybug", "eats", "aphid"), 2, "Nothing is called 'ladybug'"),
    (
        "nanopub",
        ("ladybird", "eats", "same"),
        2,
        "'same' names 2 things; name one by its IRI: https://example.org/one",
    ),
    ("nanopub", ("two", "eats", "x y"), 0, "same – eats – x-y"),
    ("ranks", ("ladybird", "mange", "aphid"), 0, "+ st-1"),
    ("ranks", ("ladybird", "t1", "aphid"), 0, "holds by the graph (explicit)"),
    ("ranks", ("weevil", "eats", "mite", "--certainty", "explicit"), 1, "left open (uncertain)"),
    ("ranks", ("ladybird", "eats", "hay"), 1, "- retracted; st-3"),
    ("ranks", ("ladybird", "eats", "aphid", "--as-of", "2013"), 2, "do not combine them"),
]
SAME = ':head { :one rdfs:label "same" ; :eats :x-y . :two rdfs:label "same" ; :eats :x-y . }'


@pytest.mark.parametrize(("name", "asked", "status", "said"), CLAIMS)
def test_a_claim_names_things_and_properties_as_another_graph_does(
    name, asked, status, said, rallynov, tmp_path
):
    file = tmp_path / "others.trig"
    file.write_text(PREFIXES + {**WRITTEN, "ranks": RANKS}[name] + SAME, "utf-8")
    ran = rallynov("claim", "--lang", "en", "--data", file, *asked)
    assert ran.status == status, ran.out + ran.err
    assert said in ran.out + ran.err


def test_why_reads_the_evidence_of_another_graph_by_its_profile(rallynov, tmp_path):
    file = tmp_path / "others.trig"
    file.write_text(PREFIXES + WRITTEN["wikibase"], "utf-8")
    ran = rallynov("why", "--lang", "en", "--data", file, "ladybird", f"{EX}eats", "aphid")
    assert ran.status == 0
    assert "(explicit); Field book of 2013" in ran.out
