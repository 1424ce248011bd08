"""Errors that a user can act on. Any other exception is a bug and surfaces as it is."""

import errno
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from rallynov_graph.validation.report import Report


_FIELD: Final = re.compile(r"\{(\w+)\}")
_FRENCH: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = tomllib.loads(
    Path(__file__).with_name("french.toml").read_text("utf-8")
)
_SENTENCES: Final = [
    (_FIELD.split(row["en"])[::2], row["en"], row["fr"])
    for part in _FRENCH.values()
    for row in part.values()
]
_UNPRINTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def in_french(text: str) -> str:
    """Return the French translation of an English sentence, or the sentence itself if it has none.

    ``french.toml`` has one line for each sentence, with the variable fields in braces.
    """
    for words, english, french in _SENTENCES:
        # Few sentences have the words of one: the others are never compiled.
        if all(it in text for it in words) and (found := _pattern(english).fullmatch(text)):
            fields = found.groupdict().items()
            return french.format(**{name: _in_field(name, it) for name, it in fields})
    return text


def _in_field(name: str, text: str) -> str:
    if name == "names":
        return text.replace(" or ", " ou ").replace(" and ", " et ")
    return in_french(text)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return the regular expression for a sentence with fields in braces."""
    parts = enumerate(_FIELD.split(sentence))
    fields = (f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in parts)
    return re.compile("".join(fields), re.DOTALL)


class Failure(StrEnum):
    """How a remote SPARQL server may fail."""

    REFUSED = "refused"
    """It answers that the request is not valid."""
    DENIED = "denied"
    """It asks for credentials, or refuses those that it gets."""
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    LATE = "late"
    TOO_LARGE = "too large"
    """Its answer is longer than the limit, or the server has cut it off."""
    BROKEN = "broken"
    """It answers that it failed."""
    STRANGE = "strange"
    """Its answer does not fit the request, or it redirects to another address."""


class RallynovError(Exception):
    """An error that the user can fix; its text is one sentence that says what and how."""

    def __init__(self, *arguments: object, french: str = "") -> None:
        super().__init__(*arguments)
        self.french = french

    def text(self, language: str) -> str:
        """Return the sentence in a language, or in English if it has no translation."""
        return (self.french or in_french(str(self))) if language == "fr" else str(self)

    def __reduce__(self) -> tuple[object, ...]:
        """Return what ``pickle`` needs to rebuild it: subclasses take arguments of their own."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class ProgrammeError(RallynovError):
    """A folder is not a programme that this version can read."""


class OtherProgrammeError(ProgrammeError):
    """A release belongs to another programme than this process.

    Carries the programme's folder, None for the shipped data.
    """

    def __init__(self, message: str, folder: Path | None) -> None:
        super().__init__(message)
        self.folder = folder


def os_error_text(error: OSError) -> str:
    """Return why the system refused an operation, and what to do about it.

    An error of the engine has no number; its text ends with the system's reason.
    """
    known = _FRENCH["system"]
    if error.errno == errno.ELOOP:
        return known["loop"]["en"]
    reason = error.strerror or str(error).rpartition(": ")[2]
    told = (it["en"] for it in known.values() if it["en"].startswith(f"{reason};"))
    return next(told, f"{reason}; name another.")


class SourceError(RallynovError):
    """A source file cannot be read as RDF; carries file, line, column and reason."""

    def __init__(
        self,
        path: str,
        reason: str,
        line: int | None = None,
        column: int | None = None,
        *,
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        self.path, self.line, self.column, self.reason = path, line, column, reason
        self.reasons = reasons or {}
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """Return the place and the reason in a language, or in English if it has no translation."""
        reason = self.reasons.get(language, self.reason)
        if language == "fr" and language not in self.reasons:
            reason = in_french(reason)
        is_french = language == "fr" and reason != self.reason
        line, column, colon = ("ligne", "colonne", " :") if is_french else ("line", "column", ":")
        place = self.path if self.line is None else f"{self.path}, {line} {self.line}"
        place = place if self.column is None else f"{place}, {column} {self.column}"
        return f"{place}{colon} {reason}"

    @classmethod
    def unread(cls, path: str | Path, error: OSError) -> Self:
        """Return why a file cannot be read, and what to do."""
        return cls(str(path), f"it cannot be read: {os_error_text(error)}")

    @classmethod
    def unwritten(cls, path: str | Path, error: OSError) -> Self:
        """Return why a file cannot be written, and what to do."""
        return cls(str(path), f"it cannot be written: {os_error_text(error)}")


class ShapesError(RallynovError):
    """SHACL shapes cannot be used; carries why, and the IRI of the shape at fault if it has one."""

    def __init__(self, reason: str, shape: str | None = None) -> None:
        super().__init__(f"The shapes cannot be used: {reason}.")
        self.reason, self.shape = reason, shape


class AssetsError(RallynovError):
    """The site's scripts and fonts have not been built."""


class ReleaseError(RallynovError):
    """A release folder is missing, incomplete, or differs from its manifest."""


class EditionError(RallynovError):
    """An edition cannot be published, or differs from its manifest."""


class UnwritableError(RallynovError):
    """A format cannot express a statement of a release; the text names another format."""


class ValidationFailed(RallynovError):
    """The data violate a rule of the shapes, so nothing was released. Carries the report."""

    def __init__(self, reason: str, report: "Report") -> None:
        super().__init__(reason)
        self.report = report


class QueryError(RallynovError):
    """A query has a syntax error (with line and column), the wrong form, or exceeds a limit."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.line, self.column = line, column


class RuleError(RallynovError):
    """A rule is invalid or would run forever; carries its name."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"The rule {rule} cannot be used: {reason.rstrip('.')}.")
        self.rule = rule


class EndpointError(QueryError):
    """A remote SPARQL server gives no usable answer; carries the kind of failure."""

    def __init__(
        self, reason: str, failure: Failure, line: int | None = None, column: int | None = None
    ) -> None:
        # The reason may quote the server: it stays one line of plain text in any log.
        super().__init__(" ".join(_UNPRINTED.sub(" ", reason).split()), line, column)
        self.failure = failure


class UnknownNameError(RallynovError):
    """A question, parameter, format or thing does not exist; the text has the nearest names.

    ``written`` is the unknown name, if it is known.
    """

    def __init__(
        self, reason: str, near: Sequence[str] = (), written: str = "", *, french: str = ""
    ) -> None:
        super().__init__(reason, french=french)
        self.near, self.written = tuple(near), written


class AmbiguousNameError(UnknownNameError):
    """Several things have the same name; carries the label of each by its short IRI."""

    def __init__(self, name: str, bearers: Mapping[str, str], count: int) -> None:
        listed = ", ".join(f"{iri} ({label})" if label else iri for iri, label in bearers.items())
        more = f", and {count - len(bearers)} more" if count > len(bearers) else ""
        super().__init__(
            f"{name!r} names {count} things; name one by its IRI: {listed}{more}.", [*bearers]
        )
        self.name, self.bearers, self.count = name, bearers, count


class WrongKindError(UnknownNameError):
    """A thing is of the wrong kind; carries the nearest things of the right kind."""


class ServingError(RallynovError):
    """The server cannot start or continue."""
