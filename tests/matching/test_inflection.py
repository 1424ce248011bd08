"""Forms of one word are taken for each other, words that only look alike are not."""

import tomllib

from places import TESTS
from rallynov_graph.matching.words import folded, stem

CASES = tomllib.loads((TESTS / "matching" / "cases.toml").read_text("utf-8"))


def stems(words: str) -> set[str]:
    return {stem(folded(word)) for word in words.split()}


def test_forms_of_one_word_are_the_same_and_other_words_stay_apart() -> None:
    for forms in CASES["forms"]:
        assert len(stems(forms)) == 1, forms
    for words in CASES["others"]:
        assert len(stems(words)) == len(words.split()), words
    assert all(stems("s ee eee eeee aux ents ss x é œuvre l שלום")), "nothing is left empty"
