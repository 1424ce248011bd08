"""How near is near enough: what a person would take for the same, and what not."""

import pytest

from rallynov_graph.matching.likeness import likeness
from rallynov_graph.matching.near_names import near


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [
        ("boud", ["Sabrina Boudailler", "Jean Martin"], ["Sabrina Boudailler"]),
        ("d", ["Dole"], []),
        ("Anne Dupont", ["Anne Dubois Lefebvre-Montaigu"], []),
        ("dole", ["Dole et ses environs lointains", "Dolle"], ["Dolle"]),
        (
            "comtois musée vesoul",
            ["Dole : musée comtois", "Vesoul : musée comtois"],
            ["Vesoul : musée comtois"],
        ),
        ("un nom " * 40, ["un nom " * 40], []),
    ],
    ids=["begun", "one letter", "one word of two", "little else", "the third word", "too long"],
)
def test_the_nearest_name_is_the_one_that_is_meant(
    text: str, known: list[str], found: list[str]
) -> None:
    assert near(text, known)[:1] == found


def test_an_acronym_says_more_than_half_of_the_words() -> None:
    whole = ("reseau", "innovation", "franche", "comte")
    assert likeness(("rifc",), whole) > likeness(("reseau", "innovation"), whole)
