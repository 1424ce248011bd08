"""References in the formats that reference managers read: CSL-JSON, BibTeX, RIS."""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.release.attribution import attribution

_LATEX: Final = {
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
"""The LaTeX commands for special characters; braces as words, since BibTeX counts braces."""
_ESCAPES: Final = str.maketrans(_LATEX)
_PLAIN: Final = {meant: plain for plain, meant in _LATEX.items()}
_ESCAPED: Final = re.compile("|".join(map(re.escape, _PLAIN)))
_IN_ADDRESS: Final = {ord(c): f"%{ord(c):02X}" for c in '\\{}"<>^`| '}
_LONGEST_KEY: Final = 60
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
RIS_VERSION: Final = "version: "
"""What stands before the version of a web page in RIS."""
_RIS_TYPES: Final = {"webpage": "ELEC", "dataset": "DATA", "periodical": "SER"}


@dataclass(frozen=True)
class BibliographyEntry:
    """A work that is cited; a field that is not known is empty, and is not written."""

    key: str
    type: str
    """As CSL calls it: webpage, dataset, periodical."""
    title: str
    author: str = ""
    container: str = ""
    number: str = ""
    version: str = ""
    date: str = ""
    """A day, a month or a year, as 2026-11-25."""
    address: str = ""
    accessed: str = ""
    """The day on which the address was read."""
    language: str = ""
    abstract: str = ""
    note: str = ""


@dataclass(frozen=True)
class Form:
    """A format of references."""

    suffix: str
    media_type: str
    written: Callable[[Sequence[BibliographyEntry]], str]


def csl(entries: Sequence[BibliographyEntry]) -> str:
    """Return items of CSL-JSON, in a list as programs read it."""
    return json.dumps([_item(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def bibtex(entries: Sequence[BibliographyEntry]) -> str:
    """Return entries of BibTeX; their text is UTF-8, their commands are escaped."""
    return "\n".join(_bibtex(entry) for entry in entries)


def ris(entries: Sequence[BibliographyEntry]) -> str:
    """Return references of RIS: a tag a line, and lines that end in CRLF."""
    return "".join(_ris(entry) for entry in entries)


FORMS: Final = {
    "bibtex": Form("bib", "application/x-bibtex", bibtex),
    "csljson": Form("json", "application/vnd.citationstyles.csl+json", csl),
    "ris": Form("ris", "application/x-research-info-systems", ris),
}


def key(title: str, version: str = "") -> str:
    """Return a name for an entry, of letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST_KEY].strip("-")
    return "-".join(filter(None, (attribution().name, words, version)))


def _item(entry: BibliographyEntry) -> dict[str, object]:
    date, accessed = _date(entry.date), _date(entry.accessed)
    item = {
        "id": entry.key,
        "type": entry.type,
        "title": entry.title,
        "container-title": entry.container,
        "author": [{"literal": entry.author}] if entry.author else None,
        "number": entry.number,
        "version": entry.version,
        "issued": {"date-parts": [date]} if date else None,
        "URL": entry.address,
        "accessed": {"date-parts": [accessed]} if accessed else None,
        "language": entry.language,
        "abstract": entry.abstract,
        "note": entry.note,
    }
    return {name: value for name, value in item.items() if value}


def _bibtex(entry: BibliographyEntry) -> str:
    date = _date(entry.date)
    fields = {
        "title": f"{{{_escaped(entry.title)}}}",
        "author": f"{{{_escaped(entry.author)}}}" if entry.author else "",
        "howpublished": _escaped(entry.container),
        "number": _escaped(entry.number),
        "version": _escaped(entry.version),
        "year": str(date[0]) if date else "",
        "month": str(date[1]) if len(date) > 1 else "",
        "url": entry.address.translate(_IN_ADDRESS),
        "urldate": entry.accessed,
        "langid": {"fr": "french", "en": "english"}.get(entry.language, ""),
        "abstract": _escaped(entry.abstract),
        "note": _escaped(entry.note),
    }
    lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if text]
    return f"@misc{{{entry.key},\n{''.join(lines)}}}\n"


def _ris(entry: BibliographyEntry) -> str:
    date = _date(entry.date)
    tags = (
        ("TY", _RIS_TYPES[entry.type]),
        ("ID", entry.key),
        ("TI", entry.title),
        ("AU", entry.author),
        ("T2", entry.container),
        ("IS", entry.number),
        *_ris_version(entry),
        ("PY", str(date[0]) if date else ""),
        ("DA", _ris_date(date)),
        ("UR", entry.address),
        ("Y2", _ris_date(_date(entry.accessed))),
        ("LA", entry.language),
        ("AB", entry.abstract),
        ("N1", entry.note),
    )
    lines = [f"{tag}  - {in_a_line(text)}\r\n" for tag, text in tags if text]
    return "".join([*lines, "ER  - \r\n"])


def _ris_version(entry: BibliographyEntry) -> tuple[tuple[str, str], ...]:
    """Return the tag of a version.

    Zotero knows no edition (ET) of a web page and would make a note of the tag; in M2 it reads
    further fields by their names in CSL.
    """
    if not entry.version or entry.type != "webpage":
        return (("ET", entry.version),)
    return (("M2", f"{RIS_VERSION}{entry.version}"),)


def _ris_date(date: list[int]) -> str:
    """Return a date as year/month/day/, its unknown parts empty."""
    return "".join(f"{part:02}/" for part in date) + "/" * (3 - len(date)) if date else ""


def _date(text: str) -> list[int]:
    found = _DATE.match(text)
    return [int(part) for part in found.groups() if part] if found else []


def _escaped(text: str) -> str:
    """Return a text, escaped so that BibTeX and LaTeX read it unchanged."""
    return in_a_line(text).translate(_ESCAPES)


def unescaped(text: str) -> str:
    """Return the text that BibTeX and LaTeX read."""
    return _ESCAPED.sub(lambda found: _PLAIN[found[0]], text)


def in_a_line(text: str) -> str:
    """Return a text with spaces for line breaks and control characters, which no format allows."""
    return " ".join(_CONTROL.sub(" ", text).split())
