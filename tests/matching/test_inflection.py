"""Forms of one word are taken for each other, words that only look alike are not."""

import pytest

from rallynov_graph.matching.folding import folded
from rallynov_graph.matching.inflection import stem


def stems(words: str) -> set[str]:
    return {stem(folded(word)) for word in words.split()}


@pytest.mark.parametrize(
    "forms",
    [
        "innovation innovations",
        "emploi emplois",
        "réseau réseaux",
        "lieu lieux",
        "jeu jeux",
        "art arts",
        "vie vies",
        "année années",
        "social sociale sociaux sociales",
        "premier première premiers premières",
        "public publique publics publiques",
        "ancien ancienne anciens anciennes",
        "actif active actifs actives",
        "heureux heureuse heureuses",
        "acteur actrice acteurs actrices",
        "travail travaux",
        "rencontrer rencontre rencontré rencontrée rencontrées rencontrent rencontrait",
        "rencontrer rencontrez rencontraient",
        "créer crée créé créée créés créées créent",
        "finir fini finie finis finissent finissait",
        "innover innove innovant innovante innovantes",
        "company companies",
        "meeting meetings meet",
        "innovate innovates innovated innovating",
    ],
)
def test_forms_of_one_word_are_the_same(forms: str) -> None:
    assert len(stems(forms)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "pays payer",
        "temps tempe",
        "sans santé",
        "innover innovation",
        "client clé",
        "2012 2013",
        "anne année",
        "été est",
    ],
)
def test_other_words_stay_apart(words: str) -> None:
    assert len(stems(words)) == len(words.split())


def test_nothing_of_a_word_is_left_empty() -> None:
    assert all(stems("s ee eee eeee aux ents ss x é œuvre l שלום"))
