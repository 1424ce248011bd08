"""The cues of proposers, read once: words and forms of French, reasons, names of places.

``cues.toml`` has all but the names of communes.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, partial
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
Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Return a function that makes something of the cues, once for the same arguments."""
    return partial(_made, make)


@cache
def _made(make: Callable[..., Made], *given: object) -> Made:
    return make(*given)


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
    """Return a form with the names of other forms replaced by their alternatives."""
    return _FIELD.sub(lambda it: f"(?:{'|'.join(_alternatives(it[1]))})", written)


@once
def _written(form: str) -> re.Pattern[str]:
    return re.compile(_whole(form))


def why(name: str, /, **values: object) -> Why:
    """Return a reason in both languages, with words of the text in their places."""
    told = _cues()["reasons"][name]
    return Why(told["fr"].format(**values), told["en"].format(**values), name)


def is_reason(name: str) -> bool:
    """Return whether there is a reason of a name; decisions may name one of before."""
    return name in _cues()["reasons"]


def reason_alone(name: str, /, **counts: int) -> Why:
    """Return a reason without the words of a text, and how often it was refused."""
    told = _cues()["reasons"][name]
    plain = {language: _FIELD.sub("…", told[language]) for language in ("fr", "en")}
    return why("withheld", **plain, **counts)


def reason(name: str, weight: float | None = None, /, **values: object) -> Reason:
    """Return a reason and its weight, by default that in ``cues.toml``."""
    return why(name, **values), _cues()["reasons"][name]["weight"] if weight is None else weight


def beside(kind: str, left: str, right: str) -> Iterator[Reason]:
    """Yield the reasons why the texts left and right of a name speak for a kind."""
    for name, cue in _cues()["beside"][kind].items():
        before = _written(cue.get("left", "")).search(left)
        after = _written(cue.get("right", "")).match(right)
        if before and after:
            said = {key: text.strip() for key, text in before.groupdict().items()}
            yield reason(cue.get("reason", name), cue.get("weight"), **said)


class Toponyms:
    """Folded names of communes (INSEE, as the build reads them), départements, regions, countries.

    It is empty if the communes were not built.
    """

    def __init__(self) -> None:
        large, small = map(_lines, (_COMMUNES, _SMALL_COMMUNES))
        self.regions = frozenset(
            folded(it) for name in ("departements", "regions", "countries") for it in phrases(name)
        )
        self.communes = frozenset(map(folded, large))
        """Those of 1,500 inhabitants or more."""
        self.small_communes = frozenset(map(folded, small))
        """All others, former ones too: many are common words."""
        self.listed = self.communes | self.regions
        self.every = self.listed | self.small_communes
        self.parts_of_communes = frozenset(self._parts_of_communes())
        self._accented = frozenset(map(_but_first, (*large, *small)))

    def _parts_of_communes(self) -> Iterator[str]:
        """Yield the first parts of long names of communes, and names without their article."""
        small = words("first_of_places")
        for name in self.communes:
            first, hyphen, _ = name.partition("-")
            if hyphen and len(first) >= _LONG_ENOUGH and first not in small:
                yield first
            article, space, rest = name.partition(" ")
            if space and article in small:
                yield rest

    def have_accents_of(self, name: str) -> bool:
        """Whether a name has the accents of a commune: "Fille" does not match "Fillé".

        Accents of the first letter, or of a name in capitals, do not count.
        """
        return name.isupper() or _but_first(name) in self._accented


@once
def toponyms() -> Toponyms:
    """Return the names of places."""
    return Toponyms()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except OSError:
        return []


def _but_first(name: str) -> str:
    """Return a name in small letters with its accents, but for that of its first letter."""
    return folded(name[:1]) + name[1:].lower().replace("’", "'")


def is_toponym(word: str) -> bool:
    """Return whether a word is formed as names of places are: « X-sur-Y », « Saint-X-de-Y »."""
    parts = folded(word).replace("'", "-").split("-")
    linked = any(it in words("within_places") for it in parts[1:-1])
    compass = parts[0] in words("parts_of_regions") and "-".join(parts[1:]) in toponyms().regions
    return (len(parts) > 2 and linked) or compass


def is_acronym(text: str) -> bool:
    """Whether a word is written like an acronym and is not one in general use."""
    if "-" in text or text.count(".") == 1:
        return False
    plain = text.replace(".", "")
    if not 2 <= len(plain) <= 9 or not plain.isupper() or not plain[0].isalpha():
        return False
    return folded(plain) not in words("common_acronyms")
