"""What is near what a person wrote."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from rallynov_graph.matching.folding import folded
from rallynov_graph.matching.near_names import near
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

PEOPLE = """
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name { ?person a foaf:Person ; rdfs:label ?name } ORDER BY ?name
"""
LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name { ?thing rdfs:label ?name } ORDER BY ?name
"""


SURNAMES = {
    "Herry": "Bruno Herry",
    "herri": "Bruno Herry",
    "Pepe-Aubry": "Nathalie Pepe-Aubry",
    "aubry": "Nathalie Pepe-Aubry",
    "Monteiro": "José Monteiro",
    "MONTERO jose": "José Monteiro",
    "boudailer": "Sabrina Boudailler",
    "Herry Bruno": "Bruno Herry",
}


def test_a_surname_finds_the_person(store: EmbeddedStore) -> None:
    names = [n.value for (n,) in store.select(LABELS).rows if isinstance(n, Literal)]
    assert {text: near(text, names)[0] for text in SURNAMES} == SURNAMES
    people = [n.value for (n,) in store.select(PEOPLE).rows if isinstance(n, Literal)]
    assert len(people) > 20
    for name in people:
        assert name in near(name.split()[-1], people), name


COLOCATION = "Colocation pour personnes âgées"
NEAREST: tuple[tuple[str, list[str], list[str]], ...] = (
    ("", ["a"], []),
    ("xyzzy", ["stage", "theme"], []),
    ("a" * 5000, ["a"], []),
    ("un nom " * 40, ["un nom " * 40], []),
    ("stage", ["stages", "closing_event", "stages_on_theme"], ["stages", "stages_on_theme"]),
    ("sante", ["Solidarité et santé", "raconté"], ["Solidarité et santé", "raconté"]),
    ("colocation pour personnes", ["colocation", COLOCATION], [COLOCATION]),
    ("de la", ["de la terre", "autre"], ["de la terre"]),
    ("vie au travial", ["Vie au travail", "Vie"], ["Vie au travail"]),
    ("boud", ["Sabrina Boudailler", "Jean Martin"], ["Sabrina Boudailler"]),
    ("d", ["Dole"], []),
    ("Anne Dupont", ["Anne Dubois Lefebvre-Montaigu"], []),
    ("dole", ["Dole et ses environs lointains", "Dolle"], ["Dolle"]),
    (
        "comtois musée vesoul",
        ["Dole : musée comtois", "Vesoul : musée comtois"],
        ["Vesoul : musée comtois"],
    ),
)
SLIPS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("selcet", ["select", "selected"], ["select"]),
    ("Vesuol", ["Vésoul", "vessoul"], ["Vésoul"]),
    ("besoul", ["vesoul", "besou"], ["besou", "vesoul"]),
    ("innovatoin", ["innovation", "innovations"], ["innovation"]),
    ("vesoul", ["vesoul", "vesouls"], ["vesouls"]),
    ("jura", ["lure"], []),
    ("lon", ["lons"], []),
    ("2013", ["2012"], []),
    ("stage", ["stages_on_theme", "", "rally"], []),
)


def test_words_count_as_letters_do_and_slips_alone_where_a_guess_must_be_sure() -> None:
    for text, known, expected in NEAREST:
        assert near(text, known)[: max(1, len(expected))] == expected, text
    for text, known, expected in SLIPS:
        assert near(text, known, slips_only=True) == expected, text


def test_letters_count_in_order_and_the_longer_text_counts_whole() -> None:
    assert near("colocatoin", ["colocation", "location", "allocation"], 1) == ["colocation"]
    assert near("ab", ["ba", "xy", ""]) == []


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


@pytest.mark.usefixtures("uncounted")
def test_many_names_are_looked_through() -> None:
    names = [f"Person {n:x} Name{n % 977}" for n in range(30_000)]
    assert near("Nathalie Pepe-Aubry " * 9, names) == []
    assert near("Persn 1f4b Name7", names)
