"""Forms of one word are taken for each other, words that only look alike are not."""

from rallynov_graph.matching.folding import folded
from rallynov_graph.matching.inflection import stem


def stems(words: str) -> set[str]:
    return {stem(folded(word)) for word in words.split()}


FORMS = [
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
]
OTHERS = [
    "pays payer",
    "temps tempe",
    "sans santé",
    "innover innovation",
    "client clé",
    "2012 2013",
    "anne année",
    "été est",
]


def test_forms_of_one_word_are_the_same_and_other_words_stay_apart() -> None:
    for forms in FORMS:
        assert len(stems(forms)) == 1, forms
    for words in OTHERS:
        assert len(stems(words)) == len(words.split()), words
    assert all(stems("s ee eee eeee aux ents ss x é œuvre l שלום")), "nothing is left empty"
