"""The kinds of things, declared once in ``kinds.toml`` beside this module, and states of events.

A kind is the first part of an address in our namespace.
"""

import re
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn

from rallynov_graph.base.errors import ProgrammeError, RallynovError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.programme import CURRENT, Programme

FILE: Final = Path(__file__).with_suffix(".toml")
"""The file that declares the kinds."""
SIGNS: Final = ("circle", "rectangle", "square", "diamond", "triangle")
"""The possible signs of a kind; ``html.py``, ``charts/network.ts`` and ``signs.css`` draw each."""
DIRECT: Final = "direct"
BACK: Final = "back"
THROUGH: Final = "through"
WITHIN: Final = "within"
LATER: Final = "later"
LAST: Final = "last"
NEVER: Final = "never"
BUTTONS: Final = 4
"""How many facets have a button of their own; the others share one."""

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_NO_COLOURS: Final = "colours are not a light and a dark one, such as #0f5b4a"
_TEXT: Final = re.compile(r".+", re.DOTALL)
_FORMS: Final = (
    (BACK, re.compile(r"\^([^/^?]+)")),
    (THROUGH, re.compile(r"\^([^/^?]+)/([^/^?]+)")),
    (WITHIN, re.compile(r"([^/^?]+)/([^/^?]+)\?")),
    (DIRECT, re.compile(r"([^/^?]+)")),
)


class KindsError(RallynovError):
    """A kind is declared incorrectly: which one, and why."""

    def __init__(self, kind: str, fault: str) -> None:
        super().__init__(f"{FILE.name}, [{kind}]: {fault}.")


@dataclass(frozen=True)
class ValuePath:
    """The path from a thing to a value; ``facet_<form>.rq`` follows it."""

    form: str
    """direct, back (the value points to the thing), through (what points to the thing has the
    value), within (a wider value, itself or through a narrower one)."""
    property: str
    further: str = ""
    """The second property of a path that goes through or within something."""

    def last(self) -> str:
        """Return the last property of the path."""
        return self.further or self.property


@dataclass(frozen=True)
class Facet:
    """A filter of a list; its name is in the address."""

    name: str
    path: ValuePath


@dataclass(frozen=True)
class ListColumn:
    """A column of a list, by which the list may also be sorted."""

    name: str
    path: ValuePath


@dataclass(frozen=True)
class KindDrawing:
    """How the things of a kind are drawn, and which things belong to it in the network."""

    sign: str
    place: int
    """Its position among the kinds of the network."""
    members: tuple[str, ...]
    """The IRIs of the classes of its things, or of the list of terms that has them."""


@dataclass(frozen=True)
class NarrowedList:
    """The list that the things of a kind filter, and the facet whose values they are."""

    kind: str
    facet: str


@dataclass(frozen=True)
class Kind:
    """A kind of things, as ``kinds.toml`` declares it; that file explains each field."""

    name: str
    plural: Mapping[str, str] = field(default_factory=dict)
    """The name of its list, by language; empty if it has none."""
    class_iri: str = ""
    broad_class: str = ""
    first: bool = False
    navigation: bool = False
    outside: bool = False
    singular: Mapping[str, str] = field(default_factory=dict)
    """The name of one of its things, by language; empty if it has no name."""
    apart: str = ""
    """The class of those of its things that are after the others in its list."""
    search: str = ""
    drawn: KindDrawing | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    """The colour of its sign on light and on dark paper; empty if it has none."""
    facets: tuple[Facet, ...] = ()
    columns: tuple[ListColumn, ...] = ()
    sorts: tuple[ListColumn, ...] = ()
    narrows: NarrowedList | None = None
    matrix: str = ""
    """The property that links its things to the columns of their matrix; empty if it has none."""
    timeline: str = ""
    """The property that dates its things; empty if they are in no timeline."""


_KEYS: Final = ("class", *(it.name for it in fields(Kind) if it.name not in ("name", "class_iri")))


def read(file: Path) -> Mapping[str, Kind]:
    """Return the kinds of a file by name, in its order; raise KindsError."""
    tables = tomllib.loads(file.read_text("utf-8"))
    kinds = {name: _KindReader(name, table).kind() for name, table in tables.items()}
    _refuse_duplicates(kinds, "class", lambda kind: kind.class_iri)
    _refuse_duplicates(kinds, "place", lambda kind: kind.drawn and kind.drawn.place)
    for kind in kinds.values():
        of = kinds.get(kind.narrows.kind) if kind.narrows else None
        if kind.narrows and not (of and any(it.name == kind.narrows.facet for it in of.facets)):
            raise KindsError(kind.name, "narrows names no facet of a list")
    return MappingProxyType(kinds)


def _refuse_duplicates(
    kinds: Mapping[str, Kind], field: str, value_of: Callable[[Kind], object]
) -> None:
    """Raise KindsError for a kind with the same value as an earlier kind."""
    kinds_by_value: dict[object, str] = {}
    for kind in kinds.values():
        value = value_of(kind)
        if value and kinds_by_value.setdefault(value, kind.name) != kind.name:
            raise KindsError(kind.name, f"{kinds_by_value[value]} has the same {field}")


class _KindReader:
    """The table of one kind; raises KindsError for an unknown or invalid field."""

    def __init__(self, name: str, table: object) -> None:
        self.name = name
        self.table: dict[str, Any] = (
            table if isinstance(table, dict) else self.fail("it is not a table")
        )

    def fail(self, fault: str) -> NoReturn:
        raise KindsError(self.name, fault)

    def kind(self) -> Kind:
        for key in self.table:
            if key not in _KEYS:
                self.fail(f"{key} is not one of {', '.join(_KEYS)}")
        kind = Kind(
            self.name,
            self._names("plural"),
            self._iri("class"),
            self._iri("broad_class"),
            self._flag("first"),
            self._flag("navigation"),
            self._flag("outside"),
            self._names("singular"),
            self._iri("apart"),
            self._search(),
            self._drawing(),
            self._texts("colours", ("light", "dark"), _COLOUR, _NO_COLOURS),
            tuple(Facet(*path) for path in self._paths("facets")),
            tuple(ListColumn(*path) for path in self._paths("columns")),
            tuple(ListColumn(*path) for path in self._paths("sorts")),
            self._narrowed(),
            self._iri("matrix"),
            self._iri("timeline"),
        )
        if (kind.first or kind.navigation) and not kind.plural:
            self.fail("a list that readers ask for first needs a plural")
        return kind

    def _flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        return value if isinstance(value, bool) else self.fail(f"{key} is neither true nor false")

    def _names(self, key: str) -> Mapping[str, str]:
        fault = f"{key} is not a text in each of {', '.join(LANGUAGES)}"
        return self._texts(key, LANGUAGES, _TEXT, fault)

    def _texts(
        self, key: str, names: Sequence[str], form: re.Pattern[str], fault: str
    ) -> Mapping[str, str]:
        texts = self._fields(key, names, fault)
        if not all(isinstance(text, str) and form.fullmatch(text) for text in texts.values()):
            self.fail(fault)
        return MappingProxyType(texts)

    def _fields(self, key: str, names: Sequence[str], fault: str) -> dict[str, Any]:
        """Return the table of a key, whose fields must be these; empty if it is missing."""
        fields: dict[str, Any] = self.table.get(key, {})
        if key in self.table and not (isinstance(fields, dict) and {*fields} == {*names}):
            self.fail(fault)
        return fields

    def _search(self) -> str:
        value: str = self.table.get("search", "")
        if value not in ("", LATER, LAST, NEVER):
            self.fail(f"search is not one of {LATER}, {LAST}, {NEVER}")
        return value

    def _drawing(self) -> KindDrawing | None:
        fault = "drawn has not a sign, a place and members alone"
        drawing = self._fields("drawn", ("sign", "place", "members"), fault)
        if not drawing:
            return None
        sign, place, members = drawing["sign"], drawing["place"], drawing["members"]
        if sign not in SIGNS:
            self.fail(f"the sign is not one of {', '.join(SIGNS)}")
        if not isinstance(place, int) or place < 1:
            self.fail("the place is not a number from 1")
        if not isinstance(members, list) or not members:
            self.fail("members names no class")
        return KindDrawing(sign, place, tuple(self._expanded("members", it) for it in members))

    def _narrowed(self) -> NarrowedList | None:
        fault = "narrows has not a list and a facet alone"
        named = self._fields("narrows", ("list", "facet"), fault)
        return NarrowedList(str(named["list"]), str(named["facet"])) if named else None

    def _iri(self, key: str) -> str:
        return self._expanded(key, self.table[key]) if key in self.table else ""

    def _paths(self, key: str) -> Iterator[tuple[str, ValuePath]]:
        paths = self.table.get(key, {})
        if not isinstance(paths, dict):
            self.fail(f"{key} is not a table")
        for name, text in paths.items():
            yield name, self._path(f"{key}.{name}", text)

    def _path(self, key: str, text: object) -> ValuePath:
        for form, pattern in _FORMS:
            if isinstance(text, str) and (found := pattern.fullmatch(text)):
                return ValuePath(form, *(self._expanded(key, part) for part in found.groups()))
        self.fail(f"{key} is not a path: {text!r}")

    def _expanded(self, key: str, text: object) -> str:
        prefix, colon, local = str(text).partition(":")
        if not (isinstance(text, str) and colon and local and prefix in PREFIXES):
            self.fail(f"{key} is not a name with one of our prefixes: {text!r}")
        return PREFIXES[prefix] + local


def shown(kinds: Mapping[str, Kind], programme: Programme) -> Mapping[str, Kind]:
    """Return the kinds; those that a programme hides only have a list at their address.

    Raises ProgrammeError if the programme names an unknown kind.
    """
    listed = [name for name, kind in kinds.items() if kind.plural]
    for name in programme.kinds:
        if name not in listed:
            raise ProgrammeError(
                f"{programme.file}: {name!r} is not a kind that can be shown: there are "
                f"{', '.join(listed)}."
            )
    if not programme.kinds:
        return kinds
    return MappingProxyType(
        {
            name: kind if name in programme.kinds else replace(kind, first=False, navigation=False)
            for name, kind in kinds.items()
        }
    )


KINDS: Final = shown(read(FILE), CURRENT)
"""All kinds by their names, in the order of lists."""
CLASSES: Final = {kind.name: kind.class_iri for kind in KINDS.values() if kind.class_iri}
"""The class of a kind, where all its things are of one; the others are found by their address."""
FIRST_KINDS: Final = tuple(kind.name for kind in KINDS.values() if kind.first)
"""The kinds that a reader asks for first, in that order."""
NAVIGATION: Final = tuple(kind.name for kind in KINDS.values() if kind.navigation)
"""The kinds whose lists are in the navigation."""
LISTED: Final = tuple(kind.name for kind in KINDS.values() if kind.plural)
"""The kinds that have a list of their own."""
LISTED_CLASSES: Final = {CLASSES[name]: name for name in LISTED if name in CLASSES}
"""The kind whose list has things of a class alone."""
DRAWN: Final = dict(
    sorted(
        ((kind.name, kind.drawn) for kind in KINDS.values() if kind.drawn),
        key=lambda item: item[1].place,
    )
)
"""The kinds that have a sign and are part of the network, in their order there."""
DRAWN_CLASSES: Final = {
    member: name
    for name, drawn in DRAWN.items()
    for member in drawn.members
    if not member.startswith(ID)
}
"""The kind whose sign the things of a class have."""
DRAWN_ADDRESSES: Final = frozenset(
    name for name, drawn in DRAWN.items() if all(iri.startswith(ID) for iri in drawn.members)
)
"""The kinds whose things have their sign by their address."""


def searched(*ways: str) -> frozenset[str]:
    """Return the kinds whose ``search`` has one of these values: later, last or never."""
    return frozenset(kind.name for kind in KINDS.values() if kind.search in ways)


@dataclass(frozen=True)
class EventState:
    name: str
    """That of its sign and of its words."""
    status: str
    """The concept of the list of statuses."""
    schema: str = ""
    """The schema:eventStatus; empty if none fits: schema.org has states for changes, not for
    announced or held events."""


HELD: Final = EventState("held", ID + "status/tenue")
ANNOUNCED: Final = EventState("announced", ID + "status/annoncee")
POSTPONED: Final = EventState(
    "postponed", ID + "status/reportee", schema=f"{PREFIXES['schema']}EventPostponed"
)
CANCELLED: Final = EventState(
    "cancelled",
    ID + "status/annulee",
    schema=f"{PREFIXES['schema']}EventCancelled",
)
STATES: Final = (HELD, ANNOUNCED, POSTPONED, CANCELLED)
"""In the order of a legend; where sources differ, the first of an event's counts."""


def state_of(statuses: Container[str]) -> EventState | None:
    """Return the state of an event with these statuses; None if we have no state for them."""
    return next((state for state in STATES if state.status in statuses), None)
