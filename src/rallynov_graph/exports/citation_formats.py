"""The citation of a page of the site, in the formats of ``bibliography``.

Nothing depends on the clock: a reader adds the day of reading. ``CITATION.cff`` says the same of
the whole.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

from rallynov_graph.exports.bibliography import FORMS, BibliographyEntry, in_a_line, key
from rallynov_graph.release.attribution import attribution, in_language

TITLES: Final = attribution().titles
"""What the graph is called in a citation, by the language of the citation."""
CREATORS_BY_LANGUAGE: Final = attribution().creators
"""The only author that the data name, ``dcterms:creator`` of the dataset."""
CREATORS: Final = in_language(CREATORS_BY_LANGUAGE, "en")
LICENCE: Final = attribution().licence_name
LICENCE_ADDRESS: Final = attribution().licence
NAME: Final = attribution().name
"""What the names of files and the keys of entries begin with."""
SUFFIXES: Final = {form.suffix: form.media_type for form in FORMS.values()}
"""The forms that a citation can be had in as a file, with their media types."""

_SHORT: Final = 16
_LAST: Final = 64
"""So many citations are kept as they were written: a page shows them, and its files hold them."""
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>|~#&!$])")
"""What Markdown could read as more than the character itself."""
_OF_LINKS: Final = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})


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
    grounds: str = ""
    """How sure a claim is, who says so and where; the empty string where no claim is cited."""

    @property
    def creators(self) -> str:
        """The author, in the language of the citation."""
        return in_language(CREATORS_BY_LANGUAGE, self.language)

    @property
    def graph(self) -> str:
        """What the page is a part of, in the language of the citation."""
        return in_language(TITLES, self.language)

    @property
    def key(self) -> str:
        """A name for it, of letters, digits and hyphens only."""
        return key(self.title, self.version[:8])

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
        return _written(self, suffix)

    def context_object(self) -> str:
        """Return the OpenURL ContextObject (Z39.88) by which Zotero's connector knows the page."""
        values = {
            "ctx_ver": "Z39.88-2004",
            "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
            "rfr_id": f"info:sid/{NAME}",
            "rft_id": self.address,
            "rft.type": "webpage",
            "rft.title": self.title,
            "rft.aucorp": self.creators,
            "rft.source": self.graph,
            "rft.date": self.issued,
            "rft.language": self.language,
            "rft.rights": LICENCE,
            "rft.description": self.grounds,
        }
        fields = [(name, in_a_line(text)) for name, text in values.items() if text]
        return urlencode(fields, safe="", quote_via=quote)

    def _entry(self) -> BibliographyEntry:
        grounds = f"{self.grounds}. " if self.grounds else ""
        return BibliographyEntry(
            self.key,
            "webpage",
            self.title,
            author=self.creators,
            container=self.graph,
            version=self.version,
            date=self.issued,
            address=self.address,
            language=self.language,
            note=f"{grounds}{LICENCE}, {LICENCE_ADDRESS}",
        )


@lru_cache(_LAST)
def _written(citation: Citation, suffix: str) -> str:
    form = next(form for form in FORMS.values() if form.suffix == suffix)
    return form.written([citation._entry()])


def in_markdown(text: str) -> str:
    """Return a text on one line, escaped so that Markdown shows it unchanged."""
    return _MARKDOWN.sub(r"\\\1", in_a_line(text))


def link_in_markdown(text: str, address: str) -> str:
    """Return a link of Markdown; ``text`` is Markdown already."""
    return f"[{text}]({address.translate(_OF_LINKS)})"
