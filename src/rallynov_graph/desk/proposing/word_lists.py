"""The French words that stand beside names, and names of places: facts, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from rallynov_graph.matching.words import folded

_FOLDER: Final = Path(__file__).parent
_COMMUNES: Final = _FOLDER / "built" / "communes.txt"
_SMALL_COMMUNES: Final = _FOLDER / "built" / "small_communes.txt"
_SMALL: Final = ("saint", "sainte", "le", "la", "les", "mont", "val", "pont")
_LONG_ENOUGH: Final = 5
_SAME: Final = 4
_WITHIN_PLACES: Final = frozenset(
    ("sur", "sous", "en", "de", "du", "des", "la", "les", "le", "l", "d", "aux", "au", "et", "es")
)
_COMPASS: Final = frozenset(("haut", "haute", "bas", "basse", "nord", "sud", "est", "ouest"))


@cache
def _lists() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((_FOLDER / "french.toml").read_text("utf-8"))
    return found


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list, folded."""
    return frozenset(map(folded, _lists()[name].split()))


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Return the entries of a list whose entries have several words, as they are written."""
    lines = _lists()[name].strip().splitlines()
    return tuple(entry for line in lines for entry in line.split("|"))


@cache
def regions() -> frozenset[str]:
    """Return the folded names of départements, regions and countries."""
    names = (*phrases("departements"), *phrases("regions"), *phrases("countries"))
    return frozenset(map(folded, names))


def is_toponym(word: str) -> bool:
    """Return whether a word is made as names of places are: « X-sur-Y », « Saint-X-de-Y »."""
    parts = folded(word).replace("'", "-").split("-")
    linked = any(it in _WITHIN_PLACES for it in parts[1:-1])
    compass = parts[0] in _COMPASS and "-".join(parts[1:]) in regions()
    return (len(parts) > 2 and linked) or compass


@cache
def communes() -> frozenset[str]:
    """Return the folded names of communes of 1,500 inhabitants or more (INSEE).

    The build takes them from a package; where they were not built, there are none.
    """
    return _built(_COMMUNES)


@cache
def small_communes() -> frozenset[str]:
    """Return the folded names of all other communes, former ones too: many are common words."""
    return _built(_SMALL_COMMUNES)


@cache
def listed_places() -> frozenset[str]:
    """Return the folded names of larger communes, départements, regions and countries."""
    return communes() | regions()


@cache
def all_listed_places() -> frozenset[str]:
    """Return these, and those of small communes."""
    return listed_places() | small_communes()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(it[:_SAME] for it in communes())


def begins_as_a_town(word: str) -> bool:
    """Return whether a folded word begins as a larger commune: « douaisis » as « douai »."""
    return word[:_SAME] in _beginnings()


@cache
def _accented() -> frozenset[str]:
    return frozenset(_but_first(it) for file in (_COMMUNES, _SMALL_COMMUNES) for it in _lines(file))


def _but_first(name: str) -> str:
    """Return a name in small letters with its accents, but for that of its first letter."""
    return folded(name[:1]) + name[1:].lower().replace("’", "'")


def has_accents_of_commune(name: str) -> bool:
    """Return whether a name has the accents of a commune: « Fille » has not those of « Fillé ».

    Those of the first letter do not count, nor do any where the name is in capitals.
    """
    return name.isupper() or _but_first(name) in _accented()


def _built(file: Path) -> frozenset[str]:
    return frozenset(map(folded, _lines(file)))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except OSError:
        return []


@cache
def short_communes() -> frozenset[str]:
    """Return the first parts of long names of communes, and names without their article."""
    found = set()
    for name in communes():
        first, hyphen, _ = name.partition("-")
        if hyphen and len(first) >= _LONG_ENOUGH and first not in _SMALL:
            found.add(first)
        article, space, rest = name.partition(" ")
        if space and article in _SMALL:
            found.add(rest)
    return frozenset(found)


def is_acronym(text: str) -> bool:
    """Return whether a word is written as acronyms are, and is none that everybody uses."""
    if "-" in text or text.count(".") == 1:
        return False
    plain = text.replace(".", "")
    if not 2 <= len(plain) <= 9 or not plain.isupper() or not plain[0].isalpha():
        return False
    return folded(plain) not in words("common_acronyms")
