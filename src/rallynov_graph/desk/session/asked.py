"""The acts that a page asks of the desk, by tag, read from JSON that anybody may have made.

Each field of an act has a form: how the field is read, and its type in the scripts, which
``script_types`` writes for them. A field with a default value may be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any, Final, get_args, get_type_hints

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.desk.proposing.proposers.contact_details import is_contact
from rallynov_graph.desk.words import message
from rallynov_graph.identity.decisions import PAIRS

_LONGEST: Final = {"label": 500, "text": 20_000}
_MOST_SELECTIONS: Final = 50
_MOST_READINGS: Final = 20
_MOST_THINGS: Final = 50
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make later words run the other way."""

Json = Mapping[str, Any]
Span = tuple[int, int]


class ActRefused(Exception):
    """A reader's request is refused; nothing was saved."""

    def __init__(self, reason: str | Mapping[str, str], field: str = "", **values: object) -> None:
        reasons = message(f"act.{reason}", **values) if isinstance(reason, str) else reason
        self.reasons = reasons
        super().__init__(reasons["en"])
        self.field = field
        """The field of the act that is to be corrected."""


class Asking:
    """An act about a text, or a part of one, as it is asked for; wrong values raise ActRefused."""

    def __init__(self, asked: Json, text: str, of: str = "", around: Asking | None = None) -> None:
        self.asked, self.text, self.around = asked, text, around
        self._of = of
        """The field of the act that this part is in."""

    def read(self, kind: type) -> Any:
        """Return an act, or a part of one, that has these fields."""
        values = {}
        for name, (form, is_needed) in _FORMS[kind].items():
            key = name.rstrip("_")
            if is_needed or form.is_read_when_empty or self.asked.get(key):
                values[name] = form.read(self, key)
        return kind(**values)

    def refused(self, reason: str, key: str, **values: object) -> ActRefused:
        return ActRefused(reason, self._of or key, **values)

    def clean(self, text: object, key: str, size: str = "text") -> str:
        """Return a text without spaces around it; refuse contacts and signs that none may have."""
        if not isinstance(text, str) or not text.strip():
            raise self.refused("empty", key)
        found = unicodedata.normalize("NFC", text.strip())
        if len(found) > _LONGEST[size]:
            raise self.refused("too long", key, most=_LONGEST[size])
        if not all(map(_may_stand, found)):
            raise self.refused("invisible", key)
        if is_contact(found):
            raise ActRefused(message("fault.contact"), self._of or key)
        return found

    def string(self, key: str) -> str:
        """Return a text that has no language, or an address."""
        return self.clean(self.asked.get(key), key)

    def texts(self, key: str, size: str = "label") -> Texts:
        """Return a text by language, empty if none was given."""
        given = self.asked.get(key)
        if isinstance(given, str):
            given = {"": given}
        if not isinstance(given, Mapping):
            raise self.refused("empty", key)
        found = {
            code: self.clean(text, key, size)
            for code, text in given.items()
            if isinstance(text, str) and text.strip()
        }
        if not found or not all(map(_LANGUAGE.fullmatch, filter(None, found))):
            raise self.refused("empty", key)
        return found

    def reason(self, key: str) -> Texts:
        """Return the reason of a fact that is not explicit; an explicit one needs none."""
        if self.asked.get(key):
            return self.texts(key, "text")
        if (self.asked.get("certainty") or CERTAINTIES[0]) != CERTAINTIES[0]:
            raise self.refused("no reason", key)
        return {}

    def spans(self, key: str) -> tuple[Span, ...]:
        """Return the selected words, without the spaces around them."""
        given = self.asked.get(key)
        if _is_pair(given):
            given = [given]
        if not isinstance(given, list) or not given:
            raise self.refused("no words", key)
        if len(given) > _MOST_SELECTIONS:
            raise self.refused("too many selections", key, most=_MOST_SELECTIONS)
        return tuple(dict.fromkeys(self._span(it, key) for it in given))

    def piece(self, key: str) -> Span:
        pieces = self.asked.get(key)
        if isinstance(pieces, list) and len(pieces) == 1 and self.around:
            piece = self._span(pieces[0], key)
            if piece in self.around.spans("words"):
                return piece
        raise self.refused("no piece", key)

    def _span(self, given: Any, key: str) -> Span:
        if not _is_pair(given) or not 0 <= given[0] < given[1] <= len(self.text):
            raise self.refused("nowhere", key)
        start, end = given
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start >= end:
            raise self.refused("no selection", key)
        return start, end

    def in_form(self, forms: tuple[type, ...], key: str) -> Any:
        """Return a value in the form whose first key it has, or else an address."""
        given = self.asked.get(key)
        if isinstance(given, Mapping):
            for form in forms:
                if next(iter(_FORMS[form])) in given:
                    return Asking(given, self.text, self._of or key, self).read(form)
        return self.string(key)

    def values(self, key: str) -> Mapping[str, Sequence[AskedObject]]:
        """Return the values of the fields of a form, by field."""
        given = self.asked.get(key)
        if not isinstance(given, Mapping) or not given:
            raise self.refused("empty", key)
        found = {}
        for field_, values in given.items():
            every = values if isinstance(values, list) else [values]
            if len(every) > _MOST_THINGS:
                raise ActRefused("too many things", field_, most=_MOST_THINGS)
            parts = ({"object": it, "words": self.asked.get("words")} for it in every)
            found[field_] = [
                Asking(it, self.text, field_).in_form(OBJECTS, "object") for it in parts
            ]
        return found

    def voices(self, key: str) -> tuple[AskedThing, ...]:
        """Return who says something: one thing or several."""
        given = self.asked.get(key)
        every = given if isinstance(given, list) else [given]
        if len(every) > _MOST_THINGS:
            raise self.refused("too many things", key, most=_MOST_THINGS)
        parts = (Asking({key: it}, self.text, self._of) for it in every)
        return tuple(it.in_form((NewThing,), key) for it in parts)

    def any_text(self, key: str) -> str:
        return self.clean(str(self.asked.get(key)), key)

    def language(self, key: str) -> str:
        given = self.asked.get(key)
        if not isinstance(given, str) or not _LANGUAGE.fullmatch(given):
            raise self.refused("no language", key)
        return given

    def one_of(self, choices: tuple[str, ...], key: str) -> str:
        given = self.asked.get(key)
        if given not in choices:
            raise self.refused(key, key)
        return str(given)

    def reading(self, key: str) -> str | None:
        """Return a reading; empty for no reading, None if it is not mentioned."""
        given = self.asked.get(key)
        return None if given is None else "" if given == "" else self.string(key)

    def readings(self, key: str) -> list[AskedReading]:
        given = self.asked.get(key)
        if not isinstance(given, list) or not 2 <= len(given) <= _MOST_READINGS:
            raise self.refused("one reading", key)
        if not all(isinstance(it, Mapping) for it in given):
            raise self.refused("unnamed reading", key)
        return [Asking(it, self.text, key).read(AskedReading) for it in given]

    def facts(self, key: str) -> list[str]:
        given = self.asked.get(key)
        if not isinstance(given, list):
            raise self.refused("no facts", key)
        if not all(isinstance(it, str) for it in given):
            raise self.refused("one fact gone", key)
        return [*dict.fromkeys(given)]

    def things(self, key: str) -> list[str]:
        given = self.asked.get(key)
        if not isinstance(given, list) or len(given) > _MOST_THINGS:
            raise self.refused("too many things", key, most=_MOST_THINGS)
        return [self.clean(it, key) for it in given]

    def changes(self, _key: str) -> Json:
        """Return the fields in which a fact differs from its proposal, as they are asked for."""
        names = (it.name for it in fields(AskedFact))
        changed = {name: self.asked[name] for name in names if self.asked.get(name)}
        kind = self.asked.get("class")
        return {**changed, "object": kind} if kind else changed

    def truth(self, key: str) -> bool:
        return self.asked.get(key) is True


@dataclass(frozen=True)
class Form:
    """The form of a field: its type in the scripts, and how it is read."""

    script: str
    read: Callable[[Asking, str], Any]
    is_read_when_empty: bool = False


_TEXTS: Final = "string | Record<string, string>"
String = Annotated[str, Form("string", Asking.string)]
Address = String
Texts = Annotated[Mapping[str, str], Form(_TEXTS, Asking.texts)]
"""A text by language."""
Reason = Annotated[Texts, Form(_TEXTS, Asking.reason, is_read_when_empty=True)]
Words = Annotated[tuple[Span, ...], Form("Span[] | Span", Asking.spans)]
LongTexts = Annotated[Mapping[str, str], Form(_TEXTS, lambda it, key: it.texts(key, "text"))]
Certainty = Annotated[str, Form("Certainty", lambda it, key: it.one_of(CERTAINTIES, key))]
Decision = Annotated[
    str, Form(" | ".join(f'"{it}"' for it in PAIRS), lambda it, key: it.one_of(PAIRS, key))
]
Object = Annotated["AskedObject", Form("AskedObject", lambda it, key: it.in_form(OBJECTS, key))]
Thing = Annotated["AskedThing", Form("AskedThing", lambda it, key: it.in_form((NewThing,), key))]

Voices = Annotated["tuple[AskedThing, ...]", Form("AskedThing | AskedThing[]", Asking.voices)]


@dataclass(frozen=True)
class NewThing:
    """A thing that nobody described yet."""

    new: Texts
    class_: Address


@dataclass(frozen=True)
class AskedPassage:
    """A piece of the selected words, which is itself the value."""

    words: Annotated[Span, Form("Span[]", Asking.piece)]


@dataclass(frozen=True)
class AskedText:
    """A text in a language, by default the document's."""

    text: String
    lang: Annotated[str, Form("string", Asking.language)] = ""


@dataclass(frozen=True)
class AskedValue:
    """A value that is not a thing, as it is written."""

    value: Annotated[str, Form("string | number", Asking.any_text)]
    datatype: Address = ""


AskedThing = str | NewThing
"""The address of a thing, or a new one."""
OBJECTS: Final = (AskedPassage, AskedText, AskedValue, NewThing)
"""The forms of the object of a fact other than an address; the first key distinguishes them."""
AskedObject = AskedThing | AskedPassage | AskedText | AskedValue


@dataclass(frozen=True, kw_only=True)
class AskedFact:
    """A fact as a reader states it."""

    certainty: Certainty = CERTAINTIES[0]
    reason: Reason = field(default_factory=dict)
    words: Words = ()
    subject: Thing
    property: Address
    object: Object
    voice: Voices = ()
    set: Address = ""
    reading: Annotated[str | None, Form("string", Asking.reading, is_read_when_empty=True)] = None
    """Its reading of an open question; empty for no reading, None if it is not mentioned."""


@dataclass(frozen=True)
class AskedReading:
    """A reading of a question: what it is called, the facts that it states."""

    label: Texts
    facts: Annotated[Sequence[str], Form("string[]", Asking.facts)] = ()
    taken: Annotated[bool, Form("boolean", Asking.truth)] = False


@dataclass(frozen=True)
class Accept:
    """A proposal is accepted, as it is or with changes."""

    proposal: Address
    changes: Annotated[Json, Form("Partial<AskedFact>", Asking.changes, is_read_when_empty=True)]


@dataclass(frozen=True)
class Refuse:
    proposal: Address


@dataclass(frozen=True, kw_only=True)
class State(AskedFact):
    """A fact is stated."""


@dataclass(frozen=True, kw_only=True)
class Change(AskedFact):
    """A fact is stated otherwise."""

    fact: Address


@dataclass(frozen=True)
class Drop:
    """Remove a fact, or a named question, part or thing."""

    question: Address = ""
    part: Address = ""
    thing: Address = ""
    fact: Address = ""


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A form is filled: what its fields have is stated together."""

    certainty: Certainty = CERTAINTIES[0]
    reason: Reason = field(default_factory=dict)
    words: Words = ()
    form: String
    values: Annotated[
        Mapping[str, Sequence[AskedObject]],
        Form("Record<string, AskedObject[]>", Asking.values),
    ]
    voice: Voices = ()


@dataclass(frozen=True)
class Name:
    """A thing of this document gets its names."""

    thing: Address
    label: Texts


@dataclass(frozen=True)
class Part:
    """The words of one selection become a part of the document."""

    words: Words
    label: Texts


@dataclass(frozen=True)
class Apart:
    """Give the statements of a set about one of its things a set of their own."""

    set: Address
    subject: Address


@dataclass(frozen=True)
class Question:
    """It is left open which of several readings is right."""

    label: Texts
    readings: Annotated[Sequence[AskedReading], Form("AskedReading[]", Asking.readings)]
    about: Annotated[Sequence[str], Form("string[]", Asking.things)] = ()
    words: Words = ()


@dataclass(frozen=True)
class Undo:
    """Undo the last action."""


@dataclass(frozen=True)
class Redo:
    """Redo the action that was undone last."""


@dataclass(frozen=True)
class Write:
    """The files of the document are written."""


@dataclass(frozen=True)
class Identity:
    """Two things are decided to be the same one, different ones, or open."""

    thing: Address
    other: Address
    decision: Decision
    reason: LongTexts


@dataclass(frozen=True)
class Settle:
    """A difference between two readings is decided."""

    difference: Address
    take: Address


AskedAct = (
    Accept | Refuse | State | Fill | Change | Drop | Name | Part | Apart | Question | Undo | Redo
    | Write | Identity | Settle
)  # fmt: skip
ACTS: Final[Mapping[str, type]] = {it.__name__.lower(): it for it in get_args(AskedAct)}
"""The acts by their tag."""


def _forms(kind: type) -> dict[str, tuple[Form, bool]]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        it.name: (hints[it.name].__metadata__[-1], it.default is it.default_factory is MISSING)
        for it in fields(kind)
    }


_FORMS: Final = {it: _forms(it) for it in (*OBJECTS, AskedFact, AskedReading, *ACTS.values())}


def asked_act(asked: Json, text: str) -> AskedAct:
    """Return the act that is asked for; raise ActRefused."""
    tag = asked.get("act")
    if not isinstance(tag, str) or tag not in ACTS:
        raise ActRefused("no act", "act")
    found: AskedAct = Asking(asked, text).read(ACTS[tag])
    return found


def script_types() -> str:
    types = {
        "AskedThing": " | ".join(("string", _script_type(NewThing))),
        "AskedObject": " | ".join(("AskedThing", *map(_script_type, OBJECTS[:-1]))),
        "AskedFact": _script_type(AskedFact),
        "AskedReading": _script_type(AskedReading),
        "DeskAct": " | ".join(_script_type(it, tag) for tag, it in ACTS.items()),
    }
    lines = (f"type {name} = {shown};\n" for name, shown in types.items())
    return "".join(("// Made from desk/session/asked.py.\n", *lines))


def _script_type(kind: type, tag: str = "") -> str:
    """Return the script type of a form or an act, without the fields that a fact has too."""
    is_fact = bool(tag) and issubclass(kind, AskedFact)
    shared = _FORMS[AskedFact] if is_fact else {}
    said = [f'act: "{tag}"'] if tag else []
    beside = ["AskedFact"] if is_fact else []
    for name, (form, is_needed) in _FORMS[kind].items():
        if form.script.startswith("Partial"):
            beside.append(f"{form.script} & {{ class?: string }}")
        elif name not in shared:
            key = name.rstrip("_")
            said.append(f"{key}: {form.script}" if is_needed else f"{key}?: {form.script} | null")
    return " & ".join((f"{{ {'; '.join(said)} }}", *beside))


def _may_stand(sign: str) -> bool:
    is_plain = sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn")
    return is_plain and sign not in _DIRECTIONS


def _is_pair(given: object) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(type(it) is int for it in given)


if __name__ == "__main__":
    print(script_types(), end="")
