"""The citation of a page of the site, in the formats of ``bibliography``.

Nothing depends on the clock: a reader adds the day of reading. ``CITATION.cff`` says the same of
the whole.
"""

from dataclasses import dataclass
from typing import Final

from rallynov_graph.exports.bibliography import FORMS, BibliographyEntry, key

TITLE: Final = "Rally'nov graph"
CREATORS: Final = "The curators of the Rally'nov graph"
LICENCE: Final = "CC BY 4.0"
LICENCE_ADDRESS: Final = "https://creativecommons.org/licenses/by/4.0/"
SUFFIXES: Final = {form.suffix: form.media_type for form in FORMS.values()}
"""The forms that a citation can be had in as a file, with their media types."""

_SHORT: Final = 16


@dataclass(frozen=True)
class Citation:
    """A page of the site, and the release that it shows."""

    title: str
    address: str
    """The page's own, without parameters that only concern its display."""
    language: str
    release: str = ""
    """The id of the release; the empty string where it is not known."""
    issued: str = ""
    """The date of issue in the data."""

    @property
    def version(self) -> str:
        """The id of the release as its folder is named."""
        return self.release[:_SHORT]

    def bibtex(self) -> str:
        """Return an entry of BibTeX; its text is UTF-8, its commands are escaped."""
        return self.written("bib")

    def csl(self) -> str:
        """Return an item of CSL-JSON, in a list as programs read it."""
        return self.written("json")

    def written(self, suffix: str) -> str:
        """Return it in the form of one of the suffixes."""
        form = next(form for form in FORMS.values() if form.suffix == suffix)
        return form.written([self._entry()])

    def _entry(self) -> BibliographyEntry:
        return BibliographyEntry(
            key(self.title, self.version[:8]),
            "webpage",
            self.title,
            author=CREATORS,
            container=TITLE,
            version=self.version,
            date=self.issued,
            address=self.address,
            language=self.language,
            note=f"{LICENCE}, {LICENCE_ADDRESS}",
        )
