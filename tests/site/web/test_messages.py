"""The words of the site: the same in both languages, set as each is printed."""

import re
from functools import cache

import pytest

from places import ROOT
from rallynov_graph.base.languages import lines_of, words_of
from rallynov_graph.base.resources import page_files, web_dir
from rallynov_graph.site.web.messages import Messages, load

DESK = ROOT / "src/rallynov_graph/desk/words.toml"
FILES = [path for path in page_files() if path.name == "words.toml"]

MISSET = {
    "fr": re.compile(r"(?<!\u202f)(?:[;:?!](?=\s|$)|»)|(?<=\s)(?<!\u202f)[;:?!%»]|«(?!\u202f)"),
    "en": re.compile(r"\s[;:?!](?=\s|$)|\s%|[«»]"),
}
"""A sign without its narrow space or with a breaking one; the other language's guillemets."""
OF_BOTH = re.compile(r"""['"]|\.\.\.""")
LISTED = "built.apart"
"""Names in a row for the program, apart by semicolons."""


def test_both_languages_have_the_same_values_to_fill_in() -> None:
    words = load()
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
        *(("fr", 0, "0 élément"), ("fr", 1, "1 élément"), ("fr", 2, "2 éléments")),
        ("en", 0, "0 things"),
    ):
        assert load()[language].count("list.", n) == expected
    messages = Messages("fr", {"n": "{n}"})
    assert messages("n", n=12345) == "12\N{NARROW NO-BREAK SPACE}345"


OTHER_WORDS = {
    "deskkeys.end": "the key of a keyboard, not the end of a period",
}
"""Texts that another key has too, and why they are other words."""


def test_no_text_stands_twice() -> None:
    words = words_of(*FILES)
    first: dict[tuple[str, str], str] = {}
    again = {}
    for key, line in (it for file in FILES for it in lines_of(file)):
        text = None if isinstance(line, str) else (str(line["fr"]), str(line["en"]))
        if text and has_letters(text[0]) and first.setdefault(text, key) != key:
            again[key] = f"{text[0]!r} is the text of {first[text]}, too"
    for key in OTHER_WORDS:
        del again[key]
    assert again == {}
    assert words["fr"]["shared.close"] == words["fr"]["drawer.close"]


def has_letters(text: str) -> bool:
    return re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text)) is not None


def test_each_word_is_used() -> None:
    """A key, or its beginning and then its other parts, stands somewhere in the sources."""
    lines = dict(it for file in FILES for it in lines_of(file))
    shared = {it for it in lines.values() if isinstance(it, str)}
    keys = [key for key in words_of(*FILES)["fr"] if key not in shared]
    unused = [
        key for key in keys if not is_said(key) and re.sub(r"_[a-z]+$", "", key) not in shared
    ]
    assert unused == []
    assert is_said("deskscript.status_waiting") and not is_said("deskscript.status_unheard_of")


def test_each_word_of_the_desk_is_used() -> None:
    """Its last part stands in the sources, whole or in two pieces; types of data have theirs."""
    keys = [key.partition(".")[2] for key, _ in lines_of(DESK) if not key.startswith("datatype.")]
    unused = [
        key
        for key in keys
        if not re.search(rf"""["'.]{key}["']""", sources())
        and not any(
            f'"{key[: it.end()]}' in sources() and f'"{key[it.end() :]}"' in sources()
            for it in re.finditer(" ", key)
        )
    ]
    assert unused == []


def is_said(key: str) -> bool:
    of_all = re.sub(r"_(one|few|many|other)$", "", key)
    if {key, of_all, f"{of_all}_", f"{of_all}."} & begun():
        return True
    return any(
        key[: it.end()] in begun() and is_named(of_all[it.end() :])
        for it in re.finditer("[._]", of_all)
    )


def is_named(rest: str) -> bool:
    return (
        not rest
        or rest in tokens()
        or any(
            (
                (rest[: it.end()] in begun() or rest[: it.start()] in alone() or it[0] == ".")
                and is_named(rest[it.end() :])
            )
            or (is_named(rest[: it.start()]) and rest[it.start() :] in begun())
            for it in re.finditer("[._]", rest)
        )
    )


@cache
def begun() -> set[str]:
    """Return what texts in the sources begin with, and what stands between two of their fields."""
    return {*re.findall(r"""(?:["'`]|\}(?=\w+[{"'`]))([a-z_][\w.]*)""", sources())}


@cache
def alone() -> set[str]:
    return {*re.findall(r"""["'](\w+)["']""", sources())}


@cache
def tokens() -> set[str]:
    return {*re.findall(r"[\w-]+", sources()), *re.findall(r"\w+", sources())}


@cache
def sources() -> str:
    of_code = (".py", ".html", ".ts", ".rq", ".ttl")
    features = (it for it in web_dir().iterdir() if it.name not in ("node_modules", "static"))
    folders = (ROOT / "src", ROOT / "ontology", *features)
    paths = [path for folder in folders for path in folder.rglob("*")]
    read = [path.read_text("utf-8") for path in sorted(paths) if path.suffix in of_code]
    return "\n".join([*read, (ROOT / "src/rallynov_graph/base/kinds.toml").read_text("utf-8")])
