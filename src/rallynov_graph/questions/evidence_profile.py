"""Profiles: how a graph writes down its evidence, a folder of queries each.

``statements.rq`` returns the subject, property and value of statements, and the node that says
each: a graph, a reifier, a snapshot. Four more say of such nodes what they rest on: ``source.rq``,
``passage.rq``, ``certainty.rq`` and ``voice.rq``. ``standing.rq`` returns statements about things
that are no longer current, ``names.rq`` names of things that have none of their own. A profile that
has no such query has no such evidence, and pages show none. ``profile.toml`` has a label, and the
properties that tell by their use that a graph is of the profile.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import QueryError, RallynovError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.resources import page_queries_dirs
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.sparql.embedded import EmbeddedStore

STATEMENTS: Final = "statements"
COLUMNS: Final = {
    "source": ("kind", "holder", "source", "author", "time"),
    "passage": ("passage",),
    "certainty": ("certainty", "reason"),
    "voice": ("voice",),
}
"""The queries about nodes, and what each may say of them; each column of a row may be empty."""
CERTAINTY: Final = "certainty"
SOURCE: Final = "source"
STATED: Final = "stated"
"""The kind of a node, in ``source.rq``, that says statements."""
DERIVED: Final = "derived"
"""The kind of a node that rules made."""
STANDING: Final = "standing"
NAMES: Final = "names"
FORMER: Final = (
    *("way", "property", "value", "standing", "set", "voice"),
    *("taker", "taker_voice", "instead", "decision", "question"),
)
"""What ``standing.rq`` may say of a statement that is no longer current."""
_ABOUT_THINGS: Final = {STANDING: FORMER, NAMES: ("naming", "value")}
LINKS_AT_LEAST: Final = "neighbours_at_least"
"""The links of things, at least so sure: a profile that asks for them at once costs less than one
whose statements are asked link by link.
"""
_ENDS: Final = ("thing", "property", "value")
"""The columns of statements before that of the node, which may have any name."""
_LINK: Final = ("property", "other", "way")
_PARAMETERS: Final = {
    **dict.fromkeys((STATEMENTS, *_ABOUT_THINGS), ("thing",)),
    **dict.fromkeys(COLUMNS, ("node",)),
    LINKS_AT_LEAST: ("thing", "certainty"),
}
_SETTINGS: Final = "profile.toml"
_KEYS: Final = ("label", "recognised_by", "rules")
_FOLDER: Final = Path(__file__).with_name("profiles")
_SHIPPED: Final = ("nanopub", "rdf12", "rn", "wikibase", "crm", "prov")
"""In the order in which a graph is compared with them: it may use what the later ones know, too."""
OWN: Final = "rn"
"""The profile of releases, and of graphs in which no other is recognised."""


class ProfileError(RallynovError):
    """A profile cannot be used; carries the file, and names the line."""

    def __init__(self, file: Path, reason: str, line: int | None = None) -> None:
        place = f"{file}, line {line}" if line else f"{file}"
        super().__init__(f"The profile cannot be used: {place}: {reason}")
        self.file = file


@dataclass(frozen=True)
class Profile:
    """How a graph writes down its evidence."""

    name: str
    label: Mapping[str, str]
    recognised_by: tuple[str, ...]
    has_rules: bool
    """Whether graphs with an rn:certainty say its statements, from which the rules of the program
    conclude others: lists and queries then choose by graph, which costs less.
    """
    about_nodes: tuple[str, ...]
    """Those of its queries that say something of nodes."""
    folder: Path

    @property
    def pages(self) -> Catalogue:
        """The queries of pages, its own among them."""
        return catalogue.shipped(*page_queries_dirs(), self.folder)


def shipped(name: str) -> Profile:
    """Return a profile that comes with the program."""
    return _read(_FOLDER / name)


def named(text: str) -> Profile:
    """Return the profile of a name, or of a folder; raise UnknownNameError, ProfileError."""
    if text in _SHIPPED:
        return shipped(text)
    if Path(text).is_dir():
        return load(Path(text))
    raise catalogue.unknown("profile", text, [*_SHIPPED])


def recognised(uses: Callable[[Iterable[NamedNode]], bool]) -> Profile | None:
    """Return the first profile of whose properties a graph uses one; None where none fits."""
    for name in _SHIPPED:
        profile = shipped(name)
        if uses(map(NamedNode, profile.recognised_by)):
            return profile
    return None


def load(folder: Path) -> Profile:
    """Return the profile in a folder, its queries tried; raise ProfileError."""
    for name in (_SETTINGS, f"{STATEMENTS}.rq"):
        if not (folder / name).is_file():
            raise ProfileError(folder, f"it has no {name}.")
    profile = _read(folder)
    for file in sorted(folder.glob("*.rq")):
        _check(file)
    return profile


def _read(folder: Path) -> Profile:
    settings = _settings(folder / _SETTINGS)
    return Profile(
        folder.name,
        settings["label"],
        tuple(settings.get("recognised_by", ())),
        bool(settings.get("rules")),
        tuple(name for name in COLUMNS if (folder / f"{name}.rq").is_file()),
        folder.resolve(),
    )


def _settings(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
        settings = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise ProfileError(file, f"it cannot be read: {error}.") from error
    for key in settings:
        if key not in _KEYS:
            line = _line_of(key, text)
            raise ProfileError(file, f"{key} is none of its keys {' and '.join(_KEYS)}.", line)
    label, marks = settings.get("label"), settings.get("recognised_by", [])
    texts = label.values() if isinstance(label, dict) and {*label} == {*LANGUAGES} else [None]
    if not all(isinstance(it, str) for it in texts):
        line = _line_of("label|\\[label", text)
        raise ProfileError(file, f"it needs a label in {' and '.join(LANGUAGES)}.", line)
    if not isinstance(settings.get("rules", False), bool):
        raise ProfileError(file, "rules is neither true nor false.", _line_of("rules", text))
    for mark in marks if isinstance(marks, list) else [marks]:
        try:
            NamedNode(mark if isinstance(marks, list) else "")
        except (TypeError, ValueError) as error:
            line = _line_of(re.escape(str(mark)), text, "")
            raise ProfileError(
                file, f"recognised_by is a list of IRIs, not {mark}.", line
            ) from error
    return settings


def _check(file: Path) -> None:
    """Raise ProfileError for a query that a profile does not have, or that cannot be asked."""
    if file.stem not in _PARAMETERS:
        names = " and ".join(_PARAMETERS)
        raise ProfileError(file, f"the queries of a profile are {names}.")
    try:
        text = file.read_text("utf-8")
        question = catalogue.parse(file.stem, text)
        found = EmbeddedStore.of_quads(()).select(text).variables
    except QueryError as error:
        raise ProfileError(file, str(error)) from error
    except ValueError as error:
        raise ProfileError(file, f"it cannot be read: {error}.") from error
    select = _line_of("SELECT", text) or 1
    first, *further = _PARAMETERS[file.stem]
    if [it.name for it in question.parameters] != [first, *further]:
        wanted = f"#+ param: {' and '.join((f'{first} iri', *(f'{it} {it}' for it in further)))}"
        raise ProfileError(file, f"its one parameter is declared as {wanted}.", 1)
    if file.stem == STATEMENTS:
        if found[:3] != _ENDS or len(found) != len(_ENDS) + 1:
            raise ProfileError(
                file, "its columns are ?thing ?property ?value and the node.", select
            )
        return
    may_be = {**COLUMNS, **_ABOUT_THINGS, LINKS_AT_LEAST: _LINK}[file.stem]
    if found[:1] != (first,) or not {*found[1:]} <= {*may_be}:
        columns = " ".join(f"?{it}" for it in may_be)
        raise ProfileError(file, f"its columns are ?{first}, and any of {columns}.", select)


def _line_of(word: str, text: str, start: str = r"^\s*") -> int | None:
    found = re.search(rf"{start}(?:{word})(?!\w)", text, re.IGNORECASE | re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else None
