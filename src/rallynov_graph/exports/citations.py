"""Citations of a page, of an answer or of a release, for people and for reference managers.

Those of a page and of a release do not depend on the clock: a reader adds the access date.
``CITATION.cff`` has the same content for the whole. The citation of an answer has its query, the
date, and the SHA-256 of the canonical answer, for comparison with a later one.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day, typeset, words_of
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.statement_rows import triples
from rallynov_graph.questions.labels import LABEL, TYPE, Text, best_text
from rallynov_graph.rdf.canonical_answer import CanonicalFormFailure
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.attribution import attribution, in_language
from rallynov_graph.release.release import Release

TITLES: Final = attribution().titles
"""The name of the graph in a citation, by the language of the citation."""
CREATORS_BY_LANGUAGE: Final = attribution().creators
"""The only author that the data name, ``dcterms:creator`` of the dataset."""
CREATORS: Final = in_language(CREATORS_BY_LANGUAGE, "en")
LICENCE: Final = attribution().licence_name
LICENCE_ADDRESS: Final = attribution().licence
NAME: Final = attribution().name
"""The beginning of the names of files and the keys of entries."""
SUFFIXES: Final = {
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
"""The forms that a citation is had in, with their media types."""
ANSWER_SUFFIXES: Final = {"txt": "text/plain", **SUFFIXES}
"""Those of the citation of an answer."""
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
"""The prefix of the version of a web page in RIS."""
_RIS_TYPES: Final = {"webpage": "ELEC", "dataset": "DATA", "periodical": "SER"}
_SHORT: Final = 16
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>|~#&!$])")
"""The characters with a meaning in Markdown."""
_OF_LINKS: Final = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})
LONGEST_TITLE: Final = 300
SENTENCES: Final = words_of(Path(__file__).with_name("citation_words.toml"))
"""The words of the citation of an answer, by language."""
_SUMMARY: Final = re.compile(r"^#\+? *(?:summary_([a-z]+):)? *(\S.*)$", re.MULTILINE)
_ISSUE: Final = PREFIXES["schema"] + "PublicationIssue"
_SERIES: Final = PREFIXES["schema"] + "Periodical"
_NUMBER: Final = PREFIXES["schema"] + "issueNumber"
_ISSUED: Final = PREFIXES["dcterms"] + "issued"
_PART_OF: Final = PREFIXES["dcterms"] + "isPartOf"
_Facts = dict[str, list[Term]]


@dataclass(frozen=True)
class Reference:
    """A cited work; unknown fields are empty and are not written."""

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


def written(references: Sequence[Reference], suffix: str) -> str:
    """Return references in the format of one of the suffixes.

    CSL-JSON is a list of items. BibTeX is UTF-8 with escaped commands. RIS has one tag on each
    line, and lines end in CRLF.
    """
    if suffix == "json":
        items = [_item(it) for it in references]
        return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
    if suffix == "bib":
        return "\n".join(map(_bibtex, references))
    return "".join(map(_ris, references))


def key(title: str, version: str = "") -> str:
    """Return the key of an entry, with letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST_KEY].strip("-")
    return "-".join(filter(None, (attribution().name, words, version)))


def _item(it: Reference) -> dict[str, object]:
    date, accessed = _date(it.date), _date(it.accessed)
    item = {
        "id": it.key,
        "type": it.type,
        "title": it.title,
        "container-title": it.container,
        "author": [{"literal": it.author}] if it.author else None,
        "number": it.number,
        "version": it.version,
        "issued": {"date-parts": [date]} if date else None,
        "URL": it.address,
        "accessed": {"date-parts": [accessed]} if accessed else None,
        "language": it.language,
        "abstract": it.abstract,
        "note": it.note,
    }
    return {name: value for name, value in item.items() if value}


def _bibtex(it: Reference) -> str:
    date = _date(it.date)
    fields = {
        "title": f"{{{_escaped(it.title)}}}",
        "author": f"{{{_escaped(it.author)}}}" if it.author else "",
        "howpublished": _escaped(it.container),
        "number": _escaped(it.number),
        "version": _escaped(it.version),
        "year": str(date[0]) if date else "",
        "month": str(date[1]) if len(date) > 1 else "",
        "url": it.address.translate(_IN_ADDRESS),
        "urldate": it.accessed,
        "langid": {"fr": "french", "en": "english"}.get(it.language, ""),
        "abstract": _escaped(it.abstract),
        "note": _escaped(it.note),
    }
    lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if text]
    return f"@misc{{{it.key},\n{''.join(lines)}}}\n"


def _ris(it: Reference) -> str:
    date = _date(it.date)
    tags = (
        ("TY", _RIS_TYPES[it.type]),
        ("ID", it.key),
        ("TI", it.title),
        ("AU", it.author),
        ("T2", it.container),
        ("IS", it.number),
        *_ris_version(it),
        ("PY", str(date[0]) if date else ""),
        ("DA", _ris_date(date)),
        ("UR", it.address),
        ("Y2", _ris_date(_date(it.accessed))),
        ("LA", it.language),
        ("AB", it.abstract),
        ("N1", it.note),
    )
    lines = [f"{tag}  - {in_a_line(text)}\r\n" for tag, text in tags if text]
    return "".join([*lines, "ER  - \r\n"])


def _ris_version(it: Reference) -> tuple[tuple[str, str], ...]:
    """Return the tag of a version.

    Zotero has no edition (ET) of a web page and would make a note of the tag; in M2 it reads
    additional fields by their CSL names.
    """
    if not it.version or it.type != "webpage":
        return (("ET", it.version),)
    return (("M2", f"{RIS_VERSION}{it.version}"),)


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
    """Return a text with spaces instead of line breaks and control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


@dataclass(frozen=True)
class Citation:
    """A page of the site, and the release that it shows."""

    title: str
    address: str
    """The page's own, without parameters that only concern its display."""
    language: str
    release: str = ""
    """The id of the release; the empty string if it is not known."""
    issued: str = ""
    """The date of issue in the data."""
    grounds: str = ""
    """The certainty of a claim, its voice and place; the empty string if no claim is cited."""
    said_by: str | None = None
    """The authors of a claim of another graph, whose title and licence are not known here."""

    @property
    def creators(self) -> str:
        """The author, in the language of the citation."""
        if self.said_by is not None:
            return self.said_by
        return in_language(CREATORS_BY_LANGUAGE, self.language)

    @property
    def graph(self) -> str:
        """The work that contains the page, in the language of the citation."""
        if self.said_by is not None:
            return ""
        return in_language(TITLES, self.language)

    @property
    def rights(self) -> str:
        """The licence; empty for another graph than ours."""
        return LICENCE if self.said_by is None else ""

    @property
    def version(self) -> str:
        """The id of the release, which is the name of its folder."""
        return self.release[:_SHORT]

    @property
    def reference(self) -> Reference:
        grounds = f"{self.grounds}. " if self.grounds else ""
        licence = f"{LICENCE}, {LICENCE_ADDRESS}" if self.rights else ""
        return Reference(
            key(self.title, self.version[:8]),
            "webpage",
            self.title,
            author=self.creators,
            container=self.graph,
            version=self.version,
            date=self.issued,
            address=self.address,
            language=self.language,
            note=f"{grounds}{licence}".strip(),
        )

    def written(self, suffix: str) -> str:
        return written([self.reference], suffix)

    def context_object(self) -> str:
        """Return the OpenURL ContextObject (Z39.88) that Zotero's connector recognises."""
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
            "rft.rights": self.rights,
            "rft.description": self.grounds,
        }
        fields = [(name, in_a_line(text)) for name, text in values.items() if text]
        return urlencode(fields, safe="", quote_via=quote)


@dataclass(frozen=True)
class CitedAnswer(Citation):
    """An answer to a query; its address is that of the workbench, with the query."""

    query: str = ""
    accessed: str = ""
    """The day on which it was asked, as 2026-11-25."""
    digest: str = ""
    """The SHA-256 in words, or why there is none."""

    @property
    def sentence(self) -> str:
        """The citation in words, without its address and SHA-256."""
        return _worded("answer" if self.release else "answer_live", self.language).format(
            creators=self.creators,
            title=self.title,
            graph=self.graph,
            version=self.version,
            issued=day(self.issued, self.language) if self.release else "",
            licence=LICENCE,
            accessed=day(self.accessed, self.language),
        )

    @property
    def reference(self) -> Reference:
        """Its data for reference managers; the query is the abstract."""
        return replace(
            super().reference,
            accessed=self.accessed,
            abstract=self.query.strip(),
            note=f"{self.digest} {LICENCE}, {LICENCE_ADDRESS}",
        )

    def written(self, suffix: str) -> str:
        """Return it in the format of one of the suffixes, or as ``txt``."""
        if suffix == "txt":
            return f"{self.sentence}\n{self.address}\n{self.digest}\n\n{self.query.strip()}\n"
        return super().written(suffix)


def cited_answer(
    query: str,
    digest: str | CanonicalFormFailure,
    address: str,
    language: str,
    *,
    title: str = "",
    release: str = "",
    issued: str = "",
) -> CitedAnswer:
    """Return the citation of an answer obtained today.

    ``digest`` is its SHA-256, or why it has none; the query is repeated at ``address``. Without a
    title, it has the query's own.
    """
    failed = isinstance(digest, CanonicalFormFailure)
    return CitedAnswer(
        title or _title_of(query, language),
        address,
        language,
        release,
        issued,
        query=query,
        accessed=datetime.now(UTC).date().isoformat(),
        digest=_worded(digest if failed else "digest", language).format(sha256=digest),
    )


def _worded(name: str, language: str) -> str:
    return typeset(SENTENCES[language][name], language)


def _title_of(query: str, language: str) -> str:
    """Return a query's own title in a language, else its first comment."""
    comments = [(tag, text.strip()) for tag, text in _SUMMARY.findall(query)]
    fitting = [text for tag, text in comments if tag == language]
    first = [*fitting, *(text for tag, text in comments if not tag or not fitting)]
    return first[0][:LONGEST_TITLE] if first else SENTENCES[language]["untitled"]


def in_markdown(text: str) -> str:
    """Return a text on one line, escaped so that Markdown shows it unchanged."""
    return _MARKDOWN.sub(r"\\\1", in_a_line(text))


def link_in_markdown(text: str, address: str) -> str:
    """Return a Markdown link; ``text`` is already Markdown."""
    return f"[{text}]({address.translate(_OF_LINKS)})"


def references(release: Release, progress: Progress | None = None) -> list[Reference]:
    """Return the references of a release's dataset and of its carnets.

    That of a carnet only has known data: neither an author nor an address.
    """
    manifest = release.manifest
    title = manifest.title.get("fr") or next(iter(manifest.title.values()), "")
    dataset = Reference(
        key("", release.id[:16]),
        "dataset",
        title,
        author=in_language(CREATORS_BY_LANGUAGE, "fr"),
        version=f"{manifest.version}, {release.id[:16]}",
        date=manifest.issued,
        language="fr",
        note=f"{LICENCE}, {LICENCE_ADDRESS}",
    )
    return [dataset, *_issues(release, progress)]


def _issues(release: Release, progress: Progress | None) -> Iterator[Reference]:
    issues: list[tuple[str, _Facts]] = []
    names: dict[str, str] = {}
    for subject, statements in groupby(triples(release, progress), lambda triple: triple.subject):
        facts: _Facts = {}
        for triple in statements:
            facts.setdefault(triple.predicate.value, []).append(triple.object)
        classes = facts.get(TYPE, [])
        if NamedNode(_ISSUE) in classes:
            issues.append((str(subject), facts))
        if NamedNode(_SERIES) in classes:
            names[str(subject)] = _name(facts.get(LABEL, []))
    for _, facts in issues:
        title = _name(facts.get(LABEL, []))
        yield Reference(
            key(title),
            "periodical",
            title,
            container=next((names[str(s)] for s in facts.get(_PART_OF, []) if str(s) in names), ""),
            number=_only(facts.get(_NUMBER, [])),
            date=_only(facts.get(_ISSUED, [])),
            language="fr",
        )


def _name(values: Iterable[Term]) -> str:
    texts = (Text(v.value, v.language or "") for v in values if isinstance(v, Literal))
    found = best_text(texts, "fr")
    return found.value if found else ""


def _only(values: list[Term]) -> str:
    """Return the value if there is exactly one: several readings are left out."""
    return values[0].value if len(values) == 1 and isinstance(values[0], Literal) else ""
