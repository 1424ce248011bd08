"""What a reader asks for, read from JSON that anybody may have made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.desk.import_faults import is_contact
from rallynov_graph.desk.session.refused_acts import ActRefused
from rallynov_graph.desk.words import message

_LONGEST: Final = {"label": 500, "text": 20_000}
_MOST_SELECTIONS: Final = 50
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make later words run the other way."""
_MAY_STAND: Final = frozenset("\n\t")

Asked = Mapping[str, Any]
Texts = Mapping[str, str]
"""A text by language."""
Span = tuple[int, int]


@dataclass(frozen=True)
class NewThing:
    """A thing that nobody described yet."""

    label: Texts
    class_iri: str


@dataclass(frozen=True)
class AskedValue:
    """A value that is no thing."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class AskedPassage:
    """A piece of the selected words, which is itself the value."""

    span: Span


AskedThing = str | NewThing
"""The address of a thing, or a new one."""


@dataclass(frozen=True)
class AskedFact:
    """A fact as a reader states it."""

    words: tuple[Span, ...]
    subject: AskedThing
    property: str
    object: AskedThing | AskedValue | AskedPassage
    certainty: str = CERTAINTIES[0]
    reason: Texts = field(default_factory=dict)
    voice: AskedThing = ""
    set: str = ""
    reading: str | None = None
    """The reading of an open question that it belongs to; empty for none, None where not said."""


class ActReader:
    """Reads what is asked about a text; raises ActRefused for what it cannot be."""

    def __init__(self, text: str) -> None:
        self._text = text

    def fact(self, asked: Asked) -> AskedFact:
        """Return the fact that is asked for."""
        certainty = asked.get("certainty") or CERTAINTIES[0]
        if certainty not in CERTAINTIES:
            raise ActRefused(message("act.certainty"), "certainty")
        reason = self.texts(asked, "reason", "text") if asked.get("reason") else {}
        if certainty != CERTAINTIES[0] and not reason:
            raise ActRefused(message("act.no reason"), "reason")
        return AskedFact(
            self.words(asked) if asked.get("words") else (),
            self.thing(asked, "subject"),
            address(asked, "property"),
            self._value(asked),
            certainty,
            reason,
            self.thing(asked, "voice") if asked.get("voice") else "",
            address(asked, "set") if asked.get("set") else "",
            "" if asked.get("reading") == "" else _reading(asked),
        )

    def words(self, asked: Asked, name: str = "words") -> tuple[Span, ...]:
        """Return the selected words, without the spaces around them."""
        given = asked.get(name)
        if isinstance(given, list) and len(given) == 2 and all(map(_is_position, given)):
            given = [given]
        if not isinstance(given, list) or not given:
            raise ActRefused(message("act.no words"), name)
        if len(given) > _MOST_SELECTIONS:
            raise ActRefused(message("act.too many selections", most=_MOST_SELECTIONS), name)
        return tuple(dict.fromkeys(self._span(it, name) for it in given))

    def thing(self, asked: Asked, name: str) -> AskedThing:
        """Return a thing that is named by its address, or described as a new one."""
        given = asked.get(name)
        if isinstance(given, Mapping) and "new" in given:
            return NewThing(self.texts(given, "new", "label", name), address(given, "class", name))
        return address(asked, name)

    def _value(self, asked: Asked) -> AskedThing | AskedValue | AskedPassage:
        """Return a thing, a value, or a piece of the selected words."""
        given = asked.get("object")
        if isinstance(given, Mapping) and "words" in given:
            return AskedPassage(self._piece(asked, given))
        if isinstance(given, Mapping) and "text" in given:
            language = given.get("lang") or ""
            if language and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
                raise ActRefused(message("act.no language"), "object")
            return AskedValue(clean(given["text"], "text", "object"), language)
        if isinstance(given, Mapping) and "value" in given:
            datatype = address(given, "datatype", "object") if given.get("datatype") else ""
            return AskedValue(clean(str(given["value"]), "text", "object"), "", datatype)
        return self.thing(asked, "object")

    def _piece(self, asked: Asked, given: Mapping[str, Any]) -> Span:
        pieces = given["words"]
        if isinstance(pieces, list) and len(pieces) == 1:
            piece = self._span(pieces[0], "object")
            if piece in self.words(asked):
                return piece
        raise ActRefused(message("act.no piece"), "object")

    def texts(self, asked: Asked, name: str, size: str = "label", of: str = "") -> Texts:
        """Return a text by language; the empty one where none was said."""
        given = asked.get(name)
        if isinstance(given, str):
            given = {"": given}
        if not isinstance(given, Mapping):
            raise _missing(of or name)
        found = {
            code: clean(text, size, of or name)
            for code, text in given.items()
            if isinstance(text, str) and text.strip()
        }
        if not found or not all(map(_LANGUAGE.fullmatch, filter(None, found))):
            raise _missing(of or name)
        return found

    def _span(self, given: Any, name: str) -> Span:
        is_pair = isinstance(given, list) and len(given) == 2 and all(map(_is_position, given))
        if not is_pair or not 0 <= given[0] < given[1] <= len(self._text):
            raise ActRefused(message("act.nowhere"), name)
        start, end = given
        words = self._text[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start >= end:
            raise ActRefused(message("act.no selection"), name)
        return start, end


def clean(text: object, size: str, name: str) -> str:
    """Return a text without spaces around it; raise ActRefused for what no text should have."""
    if not isinstance(text, str) or not text.strip():
        raise _missing(name)
    found = unicodedata.normalize("NFC", text.strip())
    if len(found) > _LONGEST[size]:
        raise ActRefused(message("act.too long", most=_LONGEST[size]), name)
    if any(sign in _DIRECTIONS or not _may_stand(sign) for sign in found):
        raise ActRefused(message("act.invisible"), name)
    if is_contact(found):
        raise ActRefused(message("fault.contact"), name)
    return found


def _reading(asked: Asked) -> str | None:
    return address(asked, "reading") if asked.get("reading") is not None else None


def address(asked: Asked, name: str, of: str = "") -> str:
    """Return the address that is asked for."""
    given = asked.get(name)
    if not isinstance(given, str) or not given.strip():
        raise _missing(of or name)
    return clean(given, "text", of or name)


def _may_stand(sign: str) -> bool:
    return sign in _MAY_STAND or unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn")


def _is_position(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


def _missing(name: str) -> ActRefused:
    return ActRefused(message("act.empty"), name)
