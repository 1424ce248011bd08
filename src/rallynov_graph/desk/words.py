"""What the desk says, by key: ``words.toml`` has each text in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.languages import words_of

_WORDS: Final = words_of(Path(__file__).with_name("words.toml"))


def message(key: str, /, **values: object) -> dict[str, str]:
    """Return what a key says in each language, with values in their places."""
    return {language: texts[key].format(**values) for language, texts in _WORDS.items()}


def refusal(
    path: str | Path, reason: str, line: int | None = None, /, **values: object
) -> SourceError:
    """Return why a file is not read, taken in or written, with the place."""
    reasons = message(f"refused.{reason}", **values)
    return SourceError(str(path), reasons["en"], line, reasons=reasons)


class ActFault(ValueError):
    """Something in a line that says no act; carries why in both languages, its text is English."""

    def __init__(self, reason: str, /, **values: object) -> None:
        self.reason, self.values = reason, values
        super().__init__(message(f"refused.{reason}", **values)["en"])


def unread(path: Path, line: int, error: Exception) -> SourceError:
    """Return why a line of decisions cannot be read."""
    if isinstance(error, ActFault):
        return refusal(path, error.reason, line, **error.values)
    if isinstance(error, KeyError):
        name = error.args[0]
        if isinstance(name, int):
            return refusal(path, "no reason", line, number=name)
        return refusal(path, "missing", line, name=name)
    return refusal(path, "unread", line, error=error)
