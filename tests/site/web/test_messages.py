"""The words of the site: the same in both languages, all used, all there."""

import re
import tomllib

import pytest

from places import ROOT
from rallynov_graph.base.resources import page_files
from rallynov_graph.site.web.messages import Messages, load

SOURCES = ROOT / "src" / "rallynov_graph"


def test_both_languages_have_the_same_keys() -> None:
    messages = load()
    assert [*messages["fr"]] == [*messages["en"]]


def test_both_languages_have_the_same_values_to_fill_in() -> None:
    messages = load()
    for key in messages["fr"]:
        french, english = (
            {*re.findall(r"\{(\w+)\}", messages[language][key])} for language in ("fr", "en")
        )
        assert french >= english, key


def test_every_message_that_a_template_names_is_there_and_the_other_way_round() -> None:
    messages = load()["fr"]
    texts = [p.read_text("utf-8") for p in page_files() if p.suffix == ".html"]
    texts += [p.read_text("utf-8") for p in (SOURCES / "site").rglob("*.py")]
    texts += [p.read_text("utf-8") for p in (SOURCES / "desk_site").rglob("*.py")]
    assert len(texts) > 100
    named = {key for text in texts for key in re.findall(r"""["']([a-z]+\.[\w.]*)["']""", text)}
    prefixes = {key for key in named if key.endswith((".", "_"))}
    missing = {
        key
        for key in named
        if key.partition(".")[0] in {k.partition(".")[0] for k in messages}
        and key not in messages
        and key not in prefixes
        and not key.endswith((".html", ".txt", ".css", ".js", ".json", ".svg"))
    }
    unused = {key for key in messages if key not in named and not key.startswith(tuple(prefixes))}
    assert missing == set()
    assert unused == set()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_features_give_words_to_the_same_key(language: str) -> None:
    """The words of one would show on the pages of the other."""
    keys: list[str] = []
    for path in sorted((ROOT / "web").glob(f"**/words.{language}.toml")):
        if "node_modules" not in path.parts:
            sections = tomllib.loads(path.read_text("utf-8"))
            keys += [f"{name}.{key}" for name, words in sections.items() for key in words]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


OF_BOTH = re.compile(r"""['"]|\.\.\.""")
MISSET = {
    "fr": re.compile(r"(?<!\u202f)(?:[;:?!](?=\s|$)|»)|(?<=\s)(?<!\u202f)[;:?!%»]|«(?!\u202f)"),
    "en": re.compile(r"\s[;:?!](?=\s|$)|\s%|[«»]"),
}
"""A sign without its narrow space or with a breaking one; the other language's guillemets."""

LISTED = "built.apart"
"""Names in a row for the program, apart by semicolons."""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_words_are_set_as_their_language_wants(language: str) -> None:
    misset = {
        key: text
        for key, text in load()[language].items()
        if key != LISTED and (OF_BOTH.search(text) or MISSET[language].search(text))
    }
    assert misset == {}


@pytest.mark.parametrize(
    "text", ["Quoi?", "Quoi ?", "Quoi\N{NO-BREAK SPACE}?", "« oui\u202f»", "«\u202foui»", "a : b"]
)
def test_what_french_would_not_print_is_seen(text: str) -> None:
    assert MISSET["fr"].search(text)
    assert not MISSET["fr"].search("«\u202foui\u202f»\u202f: rn:x, 14:30, https://a.org/?b=1")


def test_a_message_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(KeyError):
        load()["fr"]("no.such.message")


@pytest.mark.parametrize(
    ("language", "n", "expected"),
    [("fr", 0, "0 entrée"), ("fr", 1, "1 entrée"), ("fr", 2, "2 entrées"), ("en", 0, "0 entries")],
)
def test_numbers_agree_with_their_nouns(language: str, n: int, expected: str) -> None:
    assert load()[language].count("list.", n) == expected


def test_large_numbers_have_their_thousands_apart() -> None:
    messages = Messages("fr", {"n": "{n}"})
    assert messages("n", n=12345) == "12\N{NARROW NO-BREAK SPACE}345"
