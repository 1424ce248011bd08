"""Why decisions are not read or written, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError

_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "half": (
        "sa première ligne manque, ou n’est qu’à moitié écrite",
        "its first line is missing or half written",
    ),
    "encoding": ("elle n’est pas codée en UTF-8", "it is not encoded in UTF-8"),
    "no JSON": ("ce n’est pas une ligne de JSON", "it is no line of JSON"),
    "no act": ("ce n’est pas un acte", "it is no act"),
    "no reason": (
        "elle nomme la ligne {number}, qui n’a pas de raison",
        "it names line {number}, which has no reason",
    ),
    "missing": ("{name!r} manque", "{name!r} is missing"),
    "unread": ("elle ne peut pas être lue ({error})", "{error}"),
    "nothing known": (
        "elle ne dit rien que cette version connaisse",
        "it says nothing that this version knows",
    ),
    "key": ("{key!r} n’est pas une clé de cette version", "{key!r} is no key of this version"),
    "address": ("{name!r} n’est pas une adresse", "{name!r} is no address"),
    "no name": ("{kind} : cette chose n’a pas de nom", "the {kind} has no name"),
    "beginning": (
        "il ne commence pas comme un fichier de décisions",
        "it does not begin as a file of decisions does",
    ),
    "newer": (
        "sa version est {version!r}, et non {known} : mettez rallynov à jour",
        "its version is {version!r}, not {known}: update rallynov",
    ),
    "version": (
        "sa version est {version!r}, et non {known} : il n’y en a jamais eu de telle",
        "its version is {version!r}, not {known}: it is none that there ever was",
    ),
    "file name": ("{name!r} n’est pas un nom de fichier", "{name!r} is no name of a file"),
    "words": ("{written!r} ne désigne aucun mot", "{written!r} names no words"),
    "selection": ("{written!r} n’est pas une sélection", "{written!r} is no selection"),
    "value": ("{json!r} n’est pas une valeur", "{json!r} is no value"),
    "no text": ("{text!r} n’est pas un texte", "{text!r} is no text"),
    "several": (
        "{count} lecteurs ont lu {slug} : départagez deux de leurs lectures par "
        "rallynov compare-readings DOSSIER {slug} LECTEUR LECTEUR",
        "{count} readers read {slug}: settle two of their readings with "
        "rallynov compare-readings FOLDER {slug} READER READER.",
    ),
    "not beside": (
        "il départage {file}, qui n’est pas à côté de lui",
        "it settles {file}, which is not beside it.",
    ),
    "one left": (
        "1 différence entre {first} et {second} n’est pas départagée : "
        "rallynov compare-readings DOSSIER {slug} la dit",
        "1 difference between {first} and {second} is not settled: "
        "rallynov compare-readings FOLDER {slug} lists them.",
    ),
    "left": (
        "{count} différences entre {first} et {second} ne sont pas départagées : "
        "rallynov compare-readings DOSSIER {slug} les dit",
        "{count} differences between {first} and {second} are not settled: "
        "rallynov compare-readings FOLDER {slug} lists them.",
    ),
    "changed by hand": (
        "il a été changé à la main depuis qu’il fut écrit, et les décisions de ses lecteurs ne "
        "le savent pas : rien n’est écrit. Reprenez-le par rallynov import DOSSIER {file}",
        "it was changed by hand since it was written, and its readers’ decisions do not know it: "
        "nothing is written. Take it in with rallynov import FOLDER {file}",
    ),
    "written by hand": (
        "il a été écrit à la main, et les décisions de ses lecteurs ne le connaissent pas : rien "
        "n’est écrit. Reprenez-le par rallynov import DOSSIER {file}",
        "it was written by hand, and its readers’ decisions do not know it: nothing is written. "
        "Take it in with rallynov import FOLDER {file}",
    ),
}


class ActFault(ValueError):
    """Something in a line that says no act; carries why in both languages, its text is English."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values = reason, values
        super().__init__(_told(reason, values)[1])


def refusal(
    path: str | Path, reason: str, line: int | None = None, **values: object
) -> SourceError:
    """Return why decisions are not read or written, with the place."""
    french, english = _told(reason, values)
    return SourceError(str(path), english, line, reasons={"fr": french, "en": english})


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


def _told(reason: str, values: Mapping[str, object]) -> tuple[str, str]:
    french, english = _REASONS[reason]
    return french.format(**values), english.format(**values)
