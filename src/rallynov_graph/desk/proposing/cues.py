"""The cues of proposers, read once: words and forms of French, reasons, names of places.

``cues.toml`` has all but the names of communes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from rallynov_graph.desk.proposing.proposal import Why
from rallynov_graph.matching.words import folded

Reason = tuple[Why, float]
"""Why something is proposed, and the weight of this reason."""
_FOLDER: Final = Path(__file__).parent
_COMMUNES: Final = _FOLDER / "built" / "communes.txt"
_SMALL_COMMUNES: Final = _FOLDER / "built" / "small_communes.txt"
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_LONG_ENOUGH: Final = 5
_SAME: Final = 4
Given = ParamSpec("Given")
Made = TypeVar("Made")
_MADE: Final[dict[tuple[object, ...], Any]] = {}
"""What was made of the cues so far, by function and names."""


def once(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Return a function that makes something of the cues, once for the same arguments."""

    @wraps(make)
    def made(*names: Given.args, **named: Given.kwargs) -> Made:
        key = make, *names, *named.items()
        if key not in _MADE:
            _MADE[key] = make(*names, **named)
        found: Made = _MADE[key]
        return found

    return made


@once
def _cues() -> dict[str, dict[str, Any]]:
    return tomllib.loads((_FOLDER / "cues.toml").read_text("utf-8"))


@once
def listed(name: str) -> tuple[str, ...]:
    """Return the words of a list as they are written."""
    return tuple(_cues()["words"][name].split())


@once
def words(*names: str) -> frozenset[str]:
    """Return the words of some lists, folded."""
    return frozenset(folded(word) for name in names for word in listed(name))


@once
def phrases(name: str) -> tuple[str, ...]:
    """Return the entries of a list whose entries have several words, as they are written."""
    lines = _cues()["words"][name].strip().splitlines()
    return tuple(entry for line in lines for entry in line.split("|"))


@once
def by_first_word(*names: str) -> dict[str, list[list[str]]]:
    """Return the folded words of each entry of some lists, by the first one."""
    found: dict[str, list[list[str]]] = {}
    for entry in (entry for name in names for entry in phrases(name)):
        parts = [folded(it) for it in entry.replace("'", "' ").split()]
        found.setdefault(parts[0], []).append(parts)
    return found


@once
def form(name: str) -> re.Pattern[str]:
    """Return the pattern of a form, or of all its alternatives."""
    return re.compile("|".join(_alternatives(name)))


@once
def forms(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the alternatives of a form."""
    return tuple(map(re.compile, _alternatives(name)))


def _alternatives(name: str) -> list[str]:
    written = _cues()["forms"].get(name)
    if written is None:
        return [*phrases(name)] if "|" in _cues()["words"][name] else [*listed(name)]
    return [*map(_whole, [written] if isinstance(written, str) else written)]


def _whole(written: str) -> str:
    """Return a form in which the names of others are replaced by their alternatives."""
    return _FIELD.sub(lambda it: f"(?:{'|'.join(_alternatives(it[1]))})", written)


@once
def _written(form: str) -> re.Pattern[str]:
    return re.compile(_whole(form))


def why(name: str, /, **values: object) -> Why:
    """Return a reason in both languages, with words of the text in their places."""
    told = _cues()["reasons"][name]
    return Why(told["fr"].format(**values), told["en"].format(**values))


def reason(name: str, weight: float | None = None, /, **values: object) -> Reason:
    """Return a reason and its weight, that of ``cues.toml`` where none is given."""
    return why(name, **values), _cues()["reasons"][name]["weight"] if weight is None else weight


def beside(kind: str, left: str, right: str) -> Iterator[Reason]:
    """Yield the reasons why the texts left and right of a name speak for a kind."""
    for name, cue in _cues()["beside"][kind].items():
        before = _written(cue.get("left", "")).search(left)
        after = _written(cue.get("right", "")).match(right)
        if before and after:
            said = {key: text.strip() for key, text in before.groupdict().items()}
            yield reason(cue.get("reason", name), cue.get("weight"), **said)


@once
def regions() -> frozenset[str]:
    """Return the folded names of départements, regions and countries."""
    names = (*phrases("departements"), *phrases("regions"), *phrases("countries"))
    return frozenset(map(folded, names))


def is_toponym(word: str) -> bool:
    """Return whether a word is formed as names of places are: « X-sur-Y », « Saint-X-de-Y »."""
    parts = folded(word).replace("'", "-").split("-")
    linked = any(it in words("within_places") for it in parts[1:-1])
    compass = parts[0] in words("parts_of_regions") and "-".join(parts[1:]) in regions()
    return (len(parts) > 2 and linked) or compass


@once
def communes() -> frozenset[str]:
    """Return the folded names of communes of 1,500 inhabitants or more (INSEE).

    The build takes them from a package; where they were not built, there are none.
    """
    return frozenset(map(folded, _lines(_COMMUNES)))


@once
def small_communes() -> frozenset[str]:
    """Return the folded names of all other communes, former ones too: many are common words."""
    return frozenset(map(folded, _lines(_SMALL_COMMUNES)))


@once
def listed_places() -> frozenset[str]:
    """Return the folded names of larger communes, départements, regions and countries."""
    return communes() | regions()


@once
def all_listed_places() -> frozenset[str]:
    """Return the folded names of all communes, départements, regions and countries."""
    return listed_places() | small_communes()


@once
def _beginnings() -> frozenset[str]:
    return frozenset(it[:_SAME] for it in communes())


def begins_as_a_town(word: str) -> bool:
    """Return whether a folded word begins as a larger commune: « douaisis » as « douai »."""
    return word[:_SAME] in _beginnings()


@once
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


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except OSError:
        return []


@once
def short_communes() -> frozenset[str]:
    """Return the first parts of long names of communes, and names without their article."""
    found, small = set(), words("first_of_places")
    for name in communes():
        first, hyphen, _ = name.partition("-")
        if hyphen and len(first) >= _LONG_ENOUGH and first not in small:
            found.add(first)
        article, space, rest = name.partition(" ")
        if space and article in small:
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
