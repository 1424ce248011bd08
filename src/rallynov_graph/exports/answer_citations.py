"""The citation of an answer: its query, the release, the day, and the SHA-256 of the answer.

The SHA-256 is that of the canonical answer, so that a later answer can be compared with it.
"""

from dataclasses import dataclass
from typing import Final

from rallynov_graph.exports.bibliography import FORMS, BibliographyEntry, key
from rallynov_graph.exports.citation_formats import (
    CREATORS_BY_LANGUAGE,
    LICENCE,
    LICENCE_ADDRESS,
    TITLES,
)
from rallynov_graph.release.attribution import in_language

SUFFIXES: Final = {"txt": "text/plain"} | {f.suffix: f.media_type for f in FORMS.values()}
"""The forms that the citation of an answer can be had in, with their media types."""
_SHORT: Final = 16


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
