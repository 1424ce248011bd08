"""The citation of an answer: its query, the release, the day, and the SHA-256 of the answer.

The SHA-256 is that of the canonical answer, so that a later answer can be compared with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rallynov_graph.base.languages import day, typeset
from rallynov_graph.exports.bibliography import FORMS, BibliographyEntry, key
from rallynov_graph.exports.citation_formats import (
    CREATORS_BY_LANGUAGE,
    LICENCE,
    LICENCE_ADDRESS,
    TITLES,
)
from rallynov_graph.rdf.canonical_answer import CanonicalFormFailure
from rallynov_graph.release.attribution import in_language

SUFFIXES: Final = {"txt": "text/plain"} | {f.suffix: f.media_type for f in FORMS.values()}
"""The forms that the citation of an answer can be had in, with their media types."""
LONGEST_TITLE: Final = 300
SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "answer": "{creators}. « {title} », réponse à une requête. {graph}, version {version}, "
        "{issued}. Licence {licence}. Consulté le {accessed}.",
        "answer_live": "{creators}. « {title} », réponse à une requête. {graph}. "
        "Licence {licence}. Consulté le {accessed}.",
        "digest": "SHA-256 de la réponse canonique : {sha256}.",
        CanonicalFormFailure.LARGE: "La réponse n’a pas de SHA-256, parce qu’elle est trop grande.",
        CanonicalFormFailure.NAMELESS: "La réponse n’a pas de SHA-256, parce que ses lignes ont "
        "des nœuds anonymes, que chaque moteur nomme à sa façon.",
        CanonicalFormFailure.ALIKE: "La réponse n’a pas de SHA-256, parce que trop de ses nœuds "
        "anonymes ne diffèrent que les uns par les autres.",
        "untitled": "Une requête SPARQL",
    },
    "en": {
        "answer": "{creators}. “{title}”: an answer to a query. {graph}, release {version}, "
        "{issued}. Licence {licence}. Accessed {accessed}.",
        "answer_live": "{creators}. “{title}”: an answer to a query. {graph}. "
        "Licence {licence}. Accessed {accessed}.",
        "digest": "SHA-256 of the canonical answer: {sha256}.",
        CanonicalFormFailure.LARGE: "There is no SHA-256 of the answer, because it is too large.",
        CanonicalFormFailure.NAMELESS: "There is no SHA-256 of the answer, because its rows have "
        "blank nodes, which each engine names as it likes.",
        CanonicalFormFailure.ALIKE: "There is no SHA-256 of the answer, because too many of its "
        "blank nodes differ by each other alone.",
        "untitled": "A query in SPARQL",
    },
}
_SHORT: Final = 16
_SUMMARY: Final = re.compile(r"^#\+? *(?:summary_([a-z]+):)? *(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class CitedAnswer:
    """An answer to a query, with all that its citation says."""

    title: str
    query: str
    address: str
    """Of the workbench, with the query."""
    language: str
    accessed: str
    """The day on which it was asked, as 2026-11-25."""
    sentence: str
    """The citation in words, without its address and SHA-256."""
    digest: str
    """The SHA-256 in words, or why there is none."""
    release: str = ""
    """The id of the release; the empty string where it is not known."""
    issued: str = ""
    """The date of issue in the data."""

    def written(self, suffix: str) -> str:
        """Return it in the form of one of the suffixes."""
        if suffix == "txt":
            return f"{self.sentence}\n{self.address}\n{self.digest}\n\n{self.query.strip()}\n"
        form = next(form for form in FORMS.values() if form.suffix == suffix)
        return form.written([self._entry()])

    def _entry(self) -> BibliographyEntry:
        return BibliographyEntry(
            key(self.title, self.release[:8]),
            "webpage",
            self.title,
            author=in_language(CREATORS_BY_LANGUAGE, self.language),
            container=in_language(TITLES, self.language),
            version=self.release[:_SHORT],
            date=self.issued,
            address=self.address,
            accessed=self.accessed,
            language=self.language,
            abstract=self.query.strip(),
            note=f"{self.digest} {LICENCE}, {LICENCE_ADDRESS}",
        )


@dataclass(frozen=True)
class AnswerSource:
    """Where an answer was asked: the address that asks it again, the release, day and language."""

    address: str
    language: str
    accessed: str
    """The day, as 2026-11-25."""
    release: str = ""
    """The id of the release; the empty string where it is not known."""
    issued: str = ""
    """The date of issue in the data."""


def cited_answer(
    query: str, title: str, digest: str | CanonicalFormFailure, source: AnswerSource
) -> CitedAnswer:
    """Return how the answer to a query is cited; ``digest`` is its SHA-256, or why it has none."""
    language = source.language
    words = {key: typeset(text, language) for key, text in SENTENCES[language].items()}
    sentence = words["answer" if source.release else "answer_live"].format(
        creators=in_language(CREATORS_BY_LANGUAGE, language),
        title=title,
        graph=in_language(TITLES, language),
        version=source.release[:_SHORT],
        issued=day(source.issued, language) if source.release else "",
        licence=LICENCE,
        accessed=day(source.accessed, language),
    )
    return CitedAnswer(
        title,
        query,
        source.address,
        language,
        source.accessed,
        sentence,
        words[digest]
        if isinstance(digest, CanonicalFormFailure)
        else words["digest"].format(sha256=digest),
        source.release,
        source.issued,
    )


def title_of(query: str, language: str) -> str:
    """Return what a query says of itself in a language, else its first comment."""
    comments = [(tag, text.strip()) for tag, text in _SUMMARY.findall(query)]
    fitting = [text for tag, text in comments if tag == language]
    first = [*fitting, *(text for tag, text in comments if not tag or not fitting)]
    return first[0][:LONGEST_TITLE] if first else SENTENCES[language]["untitled"]
