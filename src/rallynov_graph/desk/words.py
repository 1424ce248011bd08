"""The texts of the desk by key; ``words.toml`` has each of them in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError, UnknownNameError
from rallynov_graph.base.languages import words_of
from rallynov_graph.matching.near_names import near

_WORDS: Final = words_of(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True)
class Remark:
    """Something that a person should know, in French and English."""

    fr: str
    en: str

    def text(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


def message(key: str, /, **values: object) -> dict[str, str]:
    """Return the text of a key in each language, with values filled in."""
    return {language: texts[key].format(**values) for language, texts in _WORDS.items()}


def remark(key: str, /, **values: object) -> Remark:
    return Remark(**message(f"remark.{key}", **values))


def unknown(key: str, name: str, known: Sequence[str], /, **values: object) -> UnknownNameError:
    """Return that a name is unknown, with the nearest one or all names."""
    nearest = near(name, known, 1)
    end = message("unknown.all", listed=", ".join(known)) if known else message("unknown.none")
    end = message("unknown.near", near=nearest[0]) if nearest else end
    told = message(f"unknown.{key}", name=name, **values)
    french = f"{told['fr']} : {end['fr']}"
    return UnknownNameError(f"{told['en']}: {end['en']}", nearest, french=french)


def refusal(
    path: str | Path, reason: str, line: int | None = None, /, **values: object
) -> SourceError:
    """Return why a file is not read, taken in or written, with the place."""
    reasons = message(f"refused.{reason}", **values)
    return SourceError(str(path), reasons["en"], line, reasons=reasons)


class NameFault(Exception):
    """A name or a quotation is of nothing, or of several things; carries why in each language."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons["en"])
        self.reasons = reasons


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
