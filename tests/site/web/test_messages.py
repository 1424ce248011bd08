"""The words of the site: the same in both languages, set as each is printed."""

import re

import pytest

from rallynov_graph.site.web.messages import Messages, load

MISSET = {
    "fr": re.compile(r"(?<!\u202f)(?:[;:?!](?=\s|$)|»)|(?<=\s)(?<!\u202f)[;:?!%»]|«(?!\u202f)"),
    "en": re.compile(r"\s[;:?!](?=\s|$)|\s%|[«»]"),
}
"""A sign without its narrow space or with a breaking one; the other language's guillemets."""
OF_BOTH = re.compile(r"""['"]|\.\.\.""")
LISTED = "built.apart"
"""Names in a row for the program, apart by semicolons."""


def test_both_languages_have_the_same_words_and_values_to_fill_in() -> None:
    words = load()
    assert [*words["fr"]] == [*words["en"]]
    for key, french in words["fr"].items():
        filled = ({*re.findall(r"\{(\w+)\}", it)} for it in (french, words["en"][key]))
        assert next(filled) >= next(filled), key


def test_words_are_set_as_their_language_wants() -> None:
    misset = {
        (key, text)
        for language, words in load().items()
        for key, text in words.items()
        if key != LISTED and (OF_BOTH.search(text) or MISSET[language].search(text))
    }
    assert misset == set()
    for text in ("Quoi?", "Quoi ?", "Quoi\N{NO-BREAK SPACE}?", "« oui\u202f»", "«\u202foui»"):
        assert MISSET["fr"].search(text)


def test_a_message_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(KeyError):
        load()["fr"]("no.such.message")


def test_numbers_agree_with_their_nouns_and_have_their_thousands_apart() -> None:
    for language, n, expected in (
        *(("fr", 0, "0 entrée"), ("fr", 1, "1 entrée"), ("fr", 2, "2 entrées")),
        ("en", 0, "0 entries"),
    ):
        assert load()[language].count("list.", n) == expected
    messages = Messages("fr", {"n": "{n}"})
    assert messages("n", n=12345) == "12\N{NARROW NO-BREAK SPACE}345"
