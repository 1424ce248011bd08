"""How a page of the site is cited: as a sentence, as BibTeX, as CSL-JSON.

Nothing depends on the clock: when it was read, the reader says. What ``CITATION.cff`` says of the
whole is the same.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

TITLE: Final = "Rally'nov graph"
CREATORS: Final = "The curators of the Rally'nov graph"
LICENCE: Final = "CC BY 4.0"
LICENCE_ADDRESS: Final = "https://creativecommons.org/licenses/by/4.0/"
SUFFIXES: Final = {"bib": "application/x-bibtex", "json": "application/vnd.citationstyles.csl+json"}
"""The forms that a citation can be had in as a file, with their media types."""

_MEANT: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""How LaTeX writes what it reads as commands; braces in words, as BibTeX counts them."""
_IN_ADDRESS: Final = {c: f"%{ord(c):02X}" for c in '\\{}"<>^`| '}
_SHORT: Final = 16
_LONGEST_KEY: Final = 60
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True)
class Citation:
    """A page of the site, and the release that it shows."""

    title: str
    address: str
    """The page's own, without what only concerns how it is looked at."""
    language: str
    release: str = ""
    """The id of the release; the empty string where it is not known."""
    issued: str = ""
    """The date that the data give themselves."""

    @property
    def version(self) -> str:
        """The id of the release as its folder is named."""
        return self.release[:_SHORT]

    def bibtex(self) -> str:
        """Return an entry of BibTeX; its text is UTF-8, its commands are escaped."""
        date = self._date()
        fields = {
            "title": f"{{{_escaped(self.title)}}}",
            "author": f"{{{_escaped(CREATORS)}}}",
            "howpublished": _escaped(TITLE),
            "version": _escaped(self.version),
            "year": str(date[0]) if date else "",
            "month": str(date[1]) if len(date) > 1 else "",
            "url": "".join(_IN_ADDRESS.get(c, c) for c in self.address),
            "langid": {"fr": "french", "en": "english"}.get(self.language, ""),
            "note": _escaped(f"{LICENCE}, {LICENCE_ADDRESS}"),
        }
        lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if text]
        return f"@misc{{{self._key()},\n{''.join(lines)}}}\n"

    def csl(self) -> str:
        """Return an item of CSL-JSON, in a list as programs read it."""
        date = self._date()
        item = {
            "id": self._key(),
            "type": "webpage",
            "title": self.title,
            "container-title": TITLE,
            "author": [{"literal": CREATORS}],
            "version": self.version,
            "issued": {"date-parts": [date]} if date else None,
            "URL": self.address,
            "language": self.language,
            "note": f"{LICENCE}, {LICENCE_ADDRESS}",
        }
        kept = {name: value for name, value in item.items() if value}
        return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"

    def written(self, suffix: str) -> str:
        """Return it in the form of one of the suffixes."""
        return self.bibtex() if suffix == "bib" else self.csl()

    def _date(self) -> list[int]:
        found = _DATE.match(self.issued)
        return [int(part) for part in found.groups() if part] if found else []

    def _key(self) -> str:
        """Return a name for the entry, of letters, digits and hyphens only."""
        plain = unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode()
        words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST_KEY].strip("-")
        return "-".join(filter(None, ("rallynov", words, self.version[:8])))


def _escaped(text: str) -> str:
    """Return a text as BibTeX and LaTeX read it as that very text."""
    return "".join(_MEANT.get(c, c) for c in " ".join(text.split()))
