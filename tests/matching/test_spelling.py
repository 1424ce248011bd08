"""What is near what a person wrote."""

from __future__ import annotations

import tomllib

from pyoxigraph import Literal

from places import TESTS
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.sparql.embedded import EmbeddedStore

PEOPLE = """
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name { ?person a foaf:Person ; rdfs:label ?name } ORDER BY ?name
"""
LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name { ?thing rdfs:label ?name } ORDER BY ?name
"""


CASES = tomllib.loads((TESTS / "matching" / "cases.toml").read_text("utf-8"))


def test_a_surname_finds_the_person(store: EmbeddedStore) -> None:
    names = [n.value for (n,) in store.select(LABELS).rows if isinstance(n, Literal)]
    surnames = CASES["surnames"]
    assert {text: near(text, names)[0] for text in surnames} == surnames
    people = [n.value for (n,) in store.select(PEOPLE).rows if isinstance(n, Literal)]
    assert len(people) > 20
    for name in people:
        assert name in near(name.split()[-1], people), name


def test_words_count_as_letters_do_and_slips_alone_where_a_guess_must_be_sure() -> None:
    for text, known, expected in CASES["near"]["words"]:
        assert near(text, known)[: max(1, len(expected))] == expected, text
    for text, known, expected in CASES["near"]["slips"]:
        assert near(text, known, slips_only=True) == expected, text


def test_letters_count_in_order_and_the_longer_text_counts_whole() -> None:
    assert near("colocatoin", ["colocation", "location", "allocation"], 1) == ["colocation"]
    assert near("ab", ["ba", "xy", ""]) == []
    for long in ("a" * 5000, "un nom " * 40):
        assert near(long, [long[:1], long]) == []


def test_what_is_compared_has_no_accents_case_and_odd_spaces() -> None:
    assert folded("  L’Été\N{NO-BREAK SPACE}À  Vesoul ") == "l'ete a vesoul"


def test_ligatures_are_spelt_out_and_marks_of_other_scripts_stay() -> None:
    assert folded("Cœur Łódź Ærø") == "coeur lodz aero"
    assert folded("हिन्दी") == "हिन्दी".casefold()
    assert folded("\t") == folded("") == ""


def test_what_is_sorted_goes_by_letters_and_numbers() -> None:
    names = ["Étape 10", "zèbre", "étape 9", "Œuvre", "ombre", "L’eau", "l'air"]
    assert sorted(names, key=sortable) == [
        *("étape 9", "Étape 10", "l'air", "L’eau", "Œuvre", "ombre", "zèbre")
    ]


def test_many_names_are_looked_through() -> None:
    names = [f"Person {n:x} Name{n % 977}" for n in range(30_000)]
    assert near("Nathalie Pepe-Aubry " * 9, names) == []
    assert near("Persn 1f4b Name7", names)
