"""The programme whose documents are described: this rally, or one from a folder.

A process serves one programme. ``RALLYNOV_PROGRAMME`` names the folder of another one than the
shipped data; its ``programme.toml`` gives the base address of its things.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rallynov_graph.base.errors import ProgrammeError, SourceError

FILE: Final = "programme.toml"
SETTING: Final = "RALLYNOV_PROGRAMME"
"""The environment variable that names the folder of a programme."""
FORMAT: Final = 1
"""Counts up when an older version of this software could not read the folder any more."""
PROGRAM: Final = "https://w3id.org/rallynov/"
"""The base address of the program's ontology and of the things in the shipped data."""

_KEYS: Final = {"format": int, "base": str, "kinds": list}
_BASE: Final = re.compile(r"https://[^\s/?#<>\"{}|\\^`@]+/(?:[^\s?#<>\"{}|\\^`/]+/)*")
_OF_THE_MACHINE: Final = re.compile(
    r"localhost|.*\.(?:local|localhost|internal|invalid|test)|[\d.]+|\[.*", re.IGNORECASE
)


@dataclass(frozen=True)
class Programme:
    """A programme: the base address of its things, and which of them are shown."""

    base: str
    """An address with a slash at its end; things are in ``<base>id/``."""
    folder: Path | None = None
    """The folder with its data; None for the shipped ones."""
    kinds: tuple[str, ...] = ()
    """The kinds whose lists are shown; all if none is named."""

    @property
    def file(self) -> Path | None:
        """The file that declares it; None for the shipped data."""
        return None if self.folder is None else self.folder / FILE


SHIPPED: Final = Programme(PROGRAM)


def read(folder: Path) -> Programme:
    """Return the programme of a folder; raise ProgrammeError or SourceError if it is invalid."""
    file = folder / FILE
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise ProgrammeError(
            f"{folder} has no {FILE}: name the folder of a programme; rallynov new makes one."
            if folder.is_dir()
            else f"There is no folder {folder}; rallynov new makes one.",
        ) from None
    except NotADirectoryError:
        raise ProgrammeError(
            f"{folder} is a file: name the folder with {FILE}; rallynov new makes one.",
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(str(file), "it is not encoded in UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise SourceError.unread(file, error) from error
    return Programme(**_settings(file, text), folder=folder)


def _settings(file: Path, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(str(file), f"it is not TOML: {error}; correct it") from error

    def fail(key: str, reason: str) -> SourceError:
        lines = enumerate(text.splitlines(), 1)
        line = next((n for n, line in lines if re.match(rf"\s*{re.escape(key)}\b", line)), None)
        return SourceError(str(file), reason, line)

    number = table.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise fail("format", f"format is the number of its form: write format = {FORMAT}")
    if number > FORMAT:
        raise fail("format", "a newer version of rallynov made this programme: update rallynov")
    for key, value in table.items():
        if key not in _KEYS:
            raise fail(key, f"{key} is not one of {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise fail(key, f"{key} is written wrongly: see the README of the folder")
    if wrong := fault_of_base(table.get("base", "")):
        raise fail("base", wrong)
    kinds = table.get("kinds", [])
    if wrong_kinds := [kind for kind in kinds if not isinstance(kind, str)]:
        raise fail("kinds", f"{wrong_kinds[0]!r} is not the name of a kind")
    return {"base": table["base"], "kinds": tuple(kinds)}


def fault_of_base(base: str) -> str:
    """Return why an address cannot be a programme's base, and what to do; empty if it can."""
    example = "give one of yours such as https://example.org/newsletters/"
    if not base:
        return f"base is missing, the address of the things: {example}"
    if not base.lower().startswith("https://"):
        return f"the base {base!r} does not begin with https://: {example}"
    if not _BASE.fullmatch(base):
        return f"the base {base!r} is not an address that ends with a slash: {example}"
    parts = urlsplit(base)
    if _OF_THE_MACHINE.fullmatch(parts.hostname or "") or "." not in (parts.hostname or ""):
        return f"the base {base!r} leads to one machine or network alone: {example}"
    if f"{base.lower()}/".startswith(PROGRAM):
        return f"the base {base!r} is that of the program's own rally: {example}"
    return ""


def _current() -> Programme:
    folder = os.environ.get(SETTING, "")
    return read(Path(folder)) if folder else SHIPPED


CURRENT: Final = _current()
"""The programme of this process."""


_NEUTRAL: Final = (
    (re.compile(r"\b(?:carnets? de route|carnets?|logbooks?)\b", re.IGNORECASE), "document"),
    (re.compile(r"\brall(?:ye|y)\b(?!’nov)", re.IGNORECASE), "programme"),
)


def in_neutral_words(text: str) -> str:
    """Return a text with "document" and "programme" instead of "carnet" and "rally".

    For the shipped data the text is unchanged. In French, each pair of words has the same gender.
    """
    if CURRENT.folder is None:
        return text
    for ours, anybodys in _NEUTRAL:
        text = ours.sub(partial(_spelt_like, anybodys), text)
    return text


def _spelt_like(word: str, found: "re.Match[str]") -> str:
    """Return a word with the capital letter and the plural of the word that it replaces."""
    ours = found[0]
    plural = "s" if ours.split()[0].lower().endswith("s") else ""
    return f"{word.capitalize() if ours[0].isupper() else word}{plural}"
