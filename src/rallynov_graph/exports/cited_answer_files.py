"""Read the citations of answers from a file, in each format in which they are written."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rallynov_graph.base.errors import QueryError, SourceError
from rallynov_graph.exports.citations import RIS_VERSION, unescaped
from rallynov_graph.http.permalinks import query_of

_SHA_256: Final = re.compile(r"SHA-256[^:.]{0,60}:\s*(\w+)")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ADDRESS: Final = re.compile(r"^\s*(https?://\S+)", re.MULTILINE)
_RELEASE: Final = re.compile(r"\b[0-9a-f]{16}\b")
_QUOTED: Final = re.compile(r"[«“]\s*(.+\S)\s*[»”]", re.DOTALL)
_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_ENTRY: Final = re.compile(r"@\s*(\w+)\s*\{\s*([^,\s{}]*)\s*,")
_FIELD: Final = re.compile(r"[\s,]*(\w[\w-]*)\s*=\s*")
_TAG: Final = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$", re.MULTILINE)
_NOT_CITATIONS: Final = frozenset({"comment", "string", "preamble"})

Fields = Mapping[str, str]


@dataclass(frozen=True)
class RecordedCitation:
    """The citation of an answer as recorded in a file."""

    title: str
    query: str
    digest: str
    """The SHA-256 of the canonical answer."""
    release: str
    """The beginning of the release's id; the empty string if the citation has none."""


def read(name: str, text: str) -> list[RecordedCitation]:
    """Return the citations with a SHA-256 in a text.

    Raises SourceError, with the name of the text, if there are none or one is damaged.
    """
    items = [*_items(name, text)]
    if not items:
        raise SourceError(name, "it is not a citation: text, BibTeX, RIS or CSL-JSON is expected")
    citations = [_recorded(name, item) for item in items if "SHA-256" in item.get("note", "")]
    if not citations:
        raise SourceError(name, "no citation in it gives the SHA-256 of an answer")
    return citations


def _items(name: str, text: str) -> Iterator[Fields]:
    text = text.removeprefix("\ufeff")
    entry, address = _ENTRY.search(text), _ADDRESS.search(text)
    if text.lstrip().startswith(("[", "{")):
        yield from _of_csl(name, text)
    elif _TAG.match(text.lstrip()):
        yield from _of_ris(name, text)
    elif entry and not (address and address.start() < entry.start()):
        yield from _of_bibtex(name, text)
    elif address:
        yield _of_words(text[: address.start()], address[1], text[address.end() :])


def _of_words(text_before: str, address: str, text_after: str) -> Fields:
    release, title = _RELEASE.search(text_before), _QUOTED.search(text_before)
    return {
        "title": title[1] if title else "",
        "address": address,
        "version": release[0] if release else "",
        "note": _PARAGRAPH.split(text_after.strip(), 1)[0],
    }


def _of_csl(name: str, text: str) -> Iterator[Fields]:
    try:
        parsed: Any = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"it is not CSL-JSON: {error.msg}"
        raise SourceError(name, reason, error.lineno, error.colno) from error
    except RecursionError as error:
        raise SourceError(name, "it is not CSL-JSON: it is nested too deeply") from error
    items = parsed if isinstance(parsed, list) else [parsed]
    for item in items:
        if not isinstance(item, dict):
            raise SourceError(name, "it is not CSL-JSON: an item is not an object")
        names = {"title": "title", "address": "URL", "version": "version", "note": "note"}
        yield {ours: str(item.get(theirs, "")) for ours, theirs in names.items()}


def _of_ris(name: str, text: str) -> Iterator[Fields]:
    names = {"TI": "title", "UR": "address", "ET": "version", "M2": "version", "N1": "note"}
    item: dict[str, str] | None = None
    for tag, value in _TAG.findall(text.replace("\r", "")):
        if tag == "TY":
            item = {}
        elif item is None:
            raise SourceError(name, f"it is not RIS: {tag} comes before TY")
        elif tag == "ER":
            yield item
            item = None
        elif tag in names:
            text = value.removeprefix(RIS_VERSION) if tag == "M2" else value
            item[names[tag]] = f"{item.get(names[tag], '')} {text}".strip()
    if item is not None:
        raise SourceError(name, "it is not complete RIS: its last reference has no ER")


def _of_bibtex(name: str, text: str) -> Iterator[Fields]:
    for entry in _ENTRY.finditer(text):
        if entry[1].lower() in _NOT_CITATIONS:
            continue
        fields = dict(_fields(name, text, entry.end()))
        yield {"address": fields.get("url", "")} | {
            ours: fields.get(ours, "") for ours in ("title", "version", "note")
        }


def _fields(name: str, text: str, start: int) -> Iterator[tuple[str, str]]:
    while found := _FIELD.match(text, start):
        start = _end(name, text, found.end())
        value = " ".join(text[found.end() : start].split())
        while value[:1] + value[-1:] in ("{}", '""') and len(value) > 1:
            value = value[1:-1].strip()
        yield found[1].lower(), unescaped(value)
    if not re.compile(r"[\s,]*\}").match(text, start):
        line = text.count("\n", 0, start) + 1
        raise SourceError(name, "it is not BibTeX: an entry does not end as it should", line)


def _end(name: str, text: str, start: int) -> int:
    """Return the end of a BibTeX value, where its braces or quotes are closed."""
    is_quoted, depth = text.startswith('"', start), 0
    for place in range(start, len(text)):
        character = text[place]
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0 or (not depth and not is_quoted and character in ",\n"):
            return place
        closes = (character == '"' and is_quoted and place > start) or (
            character == "}" and not is_quoted
        )
        if not depth and closes:
            return place + 1
    line = text.count("\n", 0, start) + 1
    raise SourceError(name, "it is not BibTeX: a value is not closed", line)


def _recorded(name: str, item: Fields) -> RecordedCitation:
    title = item.get("title", "")
    subject = f"the citation “{title}”" if title else "a citation"
    digest = _SHA_256.search(" ".join(item["note"].split()))
    if digest is None:
        raise SourceError(name, f"{subject} gives no SHA-256: it says why, and cannot be compared")
    if not _DIGEST.fullmatch(digest[1].lower()):
        raise SourceError(name, f"{subject} has a damaged SHA-256: it is 64 hexadecimal digits")
    if not item.get("address"):
        raise SourceError(name, f"{subject} has no address, which would hold the query")
    try:
        query = query_of(item["address"])
    except QueryError as error:
        raise SourceError(name, f"{subject}: {error}") from error
    return RecordedCitation(title, query, digest[1].lower(), item.get("version", ""))
