"""The words of the site, from ``web/<feature>/words.toml``: a text in both languages a line.

In a programme other than ours, those of ``programme.toml`` replace the words of the same keys, and
what the dataset says of itself fills them. The names of kinds come from ``kinds.toml``.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape

from rallynov_graph.base.kinds import KINDS, LISTED
from rallynov_graph.base.languages import LANGUAGES, number, typeset, words_of
from rallynov_graph.base.programme import CURRENT, in_neutral_words
from rallynov_graph.base.resources import page_files
from rallynov_graph.release.attribution import attribution, in_language

_NO_PLACES: Final = str.maketrans({"{": "{{", "}": "}}"})


def in_its_words(words: Mapping[str, str]) -> dict[str, str]:
    """Return words that say document and programme where ours say carnet and rally."""
    return {key: in_neutral_words(text) for key, text in words.items()}


def own_words(language: str, written: Mapping[str, str]) -> dict[str, str]:
    """Return the texts for other programmes, filled with the dataset's description."""
    if CURRENT.folder is None:
        return {}
    about = attribution()
    told = {
        "title": in_language(about.titles, language),
        "description": in_language(about.descriptions, language),
        "licence": about.licence_name,
        "base": CURRENT.base,
    }
    # Remaining braces are filled in later, as in all words; texts of the data are unchanged.
    for name, text in told.items():
        written = {
            key: words.replace(f"<{name}>", text.translate(_NO_PLACES) if "{" in words else text)
            for key, words in written.items()
        }
    return dict(written)


def foreign_description(language: str) -> str:
    """Return the language of a programme's description if it is not the page's."""
    if CURRENT.folder is None:
        return ""
    texts = attribution().descriptions
    text = in_language(texts, language)
    told = next((code for code, words in texts.items() if words == text), "")
    return told if told != language else ""


class Messages(Mapping[str, str]):
    """The words of one language by their keys, such as ``nav.about``."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = {key: typeset(text, language) for key, text in words.items()}
        self._for_scripts: dict[str, str] = {}

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key with values in their places; raise KeyError without any."""
        text = self._words[key]
        if not values:
            return text
        shown = {
            name: number(value, self.language) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return text.format(**shown)

    def count(self, key: str, n: int) -> str:
        """Return the words for a number of things: those of ``key`` with one or other appended."""
        is_singular = n == 1 or (n == 0 and self.language == "fr")
        return self(f"{key}{'one' if is_singular else 'other'}", n=n)

    def number(self, n: int) -> str:
        return number(n, self.language)

    def or_else(self, key: str, text: str) -> str:
        """Return the words of a key, or ``text`` without any."""
        return self._words.get(key, text)

    def under(self, prefix: str) -> Mapping[str, str]:
        """Return the words whose keys begin with a prefix, by the rest of the key."""
        found = ((key, text) for key, text in self._words.items() if key.startswith(prefix))
        return {key.removeprefix(prefix): text for key, text in found}

    def for_script(self, prefix: str) -> str:
        """Return these words for the attribute of an element whose script says them, as JSON."""
        if prefix not in self._for_scripts:
            as_json = htmlsafe_json_dumps(self.under(prefix), json.dumps, sort_keys=True)
            self._for_scripts[prefix] = escape(str(as_json))
        return self._for_scripts[prefix]

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def load() -> Mapping[str, Messages]:
    """Return the words of each language, read once from the folders of all features."""
    files = page_files()
    words, of_programme = (
        words_of(*(path for path in files if path.name == name))
        for name in ("words.toml", "programme.toml")
    )
    return {
        language: Messages(
            language,
            in_its_words(_of_kinds(language) | words[language])
            | own_words(language, of_programme[language]),
        )
        for language in LANGUAGES
    }


def _of_kinds(language: str) -> dict[str, str]:
    """Return the names of the lists of kinds, as ``kind.<kind>``, and how their things are counted,
    as ``things.<kind>_one`` and ``_other``.
    """
    colon = " :" if language == "fr" else ":"
    names = {f"kind.{name}": KINDS[name].plural[language] for name in LISTED}
    for name in LISTED:
        plural = KINDS[name].plural[language].lower()
        one = KINDS[name].singular.get(language)
        names[f"things.{name}_other"] = f"{{n}} {plural}"
        names[f"things.{name}_one"] = f"{{n}} {one}" if one else f"{plural}{colon} {{n}}"
    return names
