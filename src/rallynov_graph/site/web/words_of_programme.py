"""The words of the site of another programme than ours: they come from its data."""

from collections.abc import Mapping
from typing import Final

from rallynov_graph.base.programme import CURRENT, in_neutral_words
from rallynov_graph.release.attribution import attribution, in_language

_NO_PLACES: Final = str.maketrans({"{": "{{", "}": "}}"})


def in_its_words(words: Mapping[str, str]) -> dict[str, str]:
    """Return words that say document and programme where ours say carnet and rally."""
    return {key: in_neutral_words(text) for key, text in words.items()}


def own_words(language: str, written: Mapping[str, str]) -> dict[str, str]:
    """Return what is written for other programmes, with what the dataset says of itself."""
    if CURRENT.folder is None:
        return {}
    about = attribution()
    told = {
        "title": in_language(about.titles, language),
        "description": in_language(about.descriptions, language),
        "licence": about.licence_name,
        "base": CURRENT.base,
    }
    # What is left in braces is filled in later, as in all words; texts of the data are kept.
    for name, text in told.items():
        written = {
            key: words.replace(f"<{name}>", text.translate(_NO_PLACES) if "{" in words else text)
            for key, words in written.items()
        }
    return dict(written)


def foreign_description(language: str) -> str:
    """Return the language of what pages say of a programme where it is another than theirs."""
    if CURRENT.folder is None:
        return ""
    texts = attribution().descriptions
    text = in_language(texts, language)
    told = next((code for code, words in texts.items() if words == text), "")
    return told if told != language else ""
