"""Explain in plain words why RDF cannot be read, at the place to correct.

In Turtle and TriG, the parser reports the place where it stopped; the missing character is usually
before it.
"""

import gzip
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.turtle import TurtleToken, declared_prefixes, tokens

_LARGEST: Final = 1 << 26
"""The size up to which a file is read again for an explanation; above, the parser's own words are
given."""
_LONGEST: Final = 40
_UNDECLARED: Final = re.compile(r"The prefix ([\w-]*): has not been declared")
_NO_SUBJECT: Final = re.compile(r"(.+) is not a valid (?:subject or graph name|RDF subject)")
_NO_OBJECT: Final = re.compile(r"(.+) is not a valid RDF object")
_NO_PREDICATE: Final = re.compile(r"(.+) is not a valid predicate")
_SIGN: Final = re.compile(r"'(.)' is not allowed at the beginning of a prefix name")
_OPEN: Final = re.compile(r"^([\w-]*:)?[\w-]+$")

_IRI_IN_MESSAGE: Final = re.compile(r"IRI '([^']+)'")
_PLACE: Final = re.compile(r"^Parser error at line \d+[^:]*: |\s*\(line \d+\)$|\.$")

_REASONS: Final[Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
"""The sentences, by what is wrong and by language."""


@dataclass(frozen=True)
class _Text:
    """A text that the parser could not read beyond a place."""

    path: Path
    text: str
    stop: int

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and column, from 1, of a character."""
        line_start = self.text.rfind("\n", 0, position) + 1
        return self.text.count("\n", 0, position) + 1, position - line_start + 1

    def before(self) -> tuple[int, str]:
        """Return where the last word before the place ends, and where its line ends."""
        end = 0
        for token in self._tokens():
            end = token.end
        line = self.text[self.text.rfind("\n", 0, end) + 1 : end].strip()
        return end, line if len(line) <= _LONGEST else f"…{line[-_LONGEST:]}"

    def open_brace(self) -> int | None:
        """Return the position of the last brace that is still open at the place."""
        opened: list[int] = []
        for token in self._tokens():
            if token.text == "{":
                opened.append(token.start)
            elif token.text == "}" and opened:
                opened.pop()
        return opened[-1] if opened else None

    def _tokens(self) -> Iterator[TurtleToken]:
        """Yield the tokens that begin before the place."""
        known = (token for token in tokens(self.text) if token.kind != "other")
        return takewhile(lambda token: token.start < self.stop, known)


def source_error(path: Path, error: SyntaxError) -> SourceError:
    """Return the parser's error with its place, its reason, and what to do about it."""
    message = _PLACE.sub("", _PLACE.sub("", str(error.msg)))
    if fault := _explained(path, message, error.lineno, error.offset):
        return fault
    lower = message.lower()
    advice, remedy = next(
        ((it["en"], it["fr"]) for it in _REASONS["advice"] if it["phrase"] in lower),
        ("; correct it", "corrigez-le"),
    )
    reason = message + advice if advice.startswith(";") else f"{advice} ({message})"
    french = f"{remedy} (l’analyseur dit en anglais : « {message} »)"
    line = error.lineno or _line_of_iri(path, message)
    return SourceError(str(path), reason, line, error.offset, reasons={"fr": french, "en": reason})


def _line_of_iri(path: Path, message: str) -> int | None:
    """Return the first line with the IRI of an error: the RDF/XML parser gives no line for it."""
    if not (found := _IRI_IN_MESSAGE.search(message)):
        return None
    with gzip.open(path) if _is_compressed(path) else path.open("rb") as lines:
        numbered = enumerate(lines, 1)
        return next((number for number, line in numbered if found[1].encode() in line), None)


def _is_compressed(path: Path) -> bool:
    return path.name.lower().endswith(formats.COMPRESSED)


def _explained(
    path: Path, message: str, line: int | None, column: int | None
) -> SourceError | None:
    """Return the fault in plain words; None if only the parser's own words are available."""
    is_turtle = formats.by_path(path) in (formats.TURTLE, formats.TRIG)
    if not is_turtle or _is_compressed(path) or line is None or path.stat().st_size > _LARGEST:
        return None
    text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    stop = min(starts[min(line, len(starts)) - 1] + (column or 1) - 1, len(text))
    return next(_found(_Text(path, text, stop), message), None)


def _found(text: _Text, message: str) -> Iterator[SourceError]:
    if found := _UNDECLARED.search(message):
        yield _undeclared(text, found[1])
    elif "Unexpected end of file" in message:
        key = {'"': "unclosed_text", "'": "apostrophe"}.get(text.text[text.stop : text.stop + 1])
        if key is not None:
            yield _fault(text, key, text.stop)
    elif "Unexpected end" in message:
        opened = text.open_brace()
        key = "end" if opened is None else "unclosed_graph"
        yield _fault(text, key, text.before()[0] - 1 if opened is None else opened)
    elif "expected at the end of" in message:
        yield _between(text, _word(text))
    elif found := _NO_SUBJECT.search(message):
        yield from _no_subject(text, found[1])
    elif found := _NO_OBJECT.search(message):
        is_word = _OPEN.match(found[1])
        yield _fault(text, "bare_word" if is_word else "no_value", text.stop, after=found[1])
    elif found := _NO_PREDICATE.search(message):
        yield _fault(text, "no_property", text.stop, after=_short(found[1]))
    elif (found := _SIGN.search(message)) and found[1] in "“”«»‘’/":
        yield _fault(text, "slash" if found[1] == "/" else "curly", text.stop, after=found[1])


def _no_subject(text: _Text, word: str) -> Iterator[SourceError]:
    opened = text.open_brace()
    if word == "}":
        yield _fault(text, "brace", text.stop)
    elif word.upper() == "GRAPH" and opened is not None:
        yield _fault(text, "unclosed_graph", opened)
    elif ":" in word or word == "a" or word[0] in "\"'<":
        yield _between(text, word)
    elif text.text[: text.stop].rstrip(" ").endswith('"'):
        yield _fault(text, "quote", text.stop, after=word)


def _between(text: _Text, after: str) -> SourceError:
    """Return that a character is missing between two words, at the end of the first."""
    end, before = text.before()
    are_values = after.startswith('"') and re.search(r'"(@[\w-]+|\^\^\S+)?$', before)
    key = "values" if are_values else "between"
    return _fault(text, key, max(end - 1, 0), before=before, after=_short(after))


def _undeclared(text: _Text, prefix: str) -> SourceError:
    declared = declared_prefixes(text.text)
    if iri := PREFIXES.get(prefix) or _beside(text.path).get(prefix):
        return _fault(text, "declare", text.stop, prefix=prefix, iri=iri)
    if likely := near(prefix, declared, 1, slips_only=True):
        return _fault(text, "declared_near", text.stop, prefix=prefix, near=likely[0])
    return _fault(text, "undeclared", text.stop, prefix=prefix)


def _beside(path: Path) -> dict[str, str]:
    """Return the prefixes declared by other files in and beside the folder of a file."""
    found: dict[str, str] = {}
    beside = sorted({*path.parent.glob("*.t*"), *path.parent.parent.glob("*/*.trig")})
    for other in beside:
        if formats.by_path(other) in (formats.TURTLE, formats.TRIG) and other != path:
            with other.open(encoding="utf-8", errors="replace") as lines:
                found = declared_prefixes(lines.read(_LARGEST >> 10)) | found
    return found


def _word(text: _Text) -> str:
    """Return the word where the parser stopped."""
    found = re.compile(r'"[^"\n]*"?|\S+').match(text.text, text.stop)
    return found[0] if found else ""


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"


def _fault(text: _Text, key: str, position: int, **values: str) -> SourceError:
    line, column = text.place(position)
    reasons = {lang: reason.format(**values) for lang, reason in _REASONS[key].items()}
    return SourceError(str(text.path), reasons["en"], line, column, reasons=reasons)
