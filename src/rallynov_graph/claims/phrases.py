"""What a phrase says of a relation beside its name: a direction, a tense, a denial."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from rallynov_graph.matching.words import folded, stem

_READ: Final = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
_WAYS: Final = {word: way for way, words in _READ["ways"].items() for word in words.split()}
"""What the prepositions at the end of a phrase say."""
_NEAR: Final = frozenset(("", "at", "on"))
"""Those that the kind of the value tells apart: *a lieu à* a place, *a lieu le* a day."""
_DENYING, _DROPPED, _PAST, _ONCE, _AUXILIARY, _FORMER, _NO_PARTICIPLE, _EARLIER, _LATER = (
    frozenset(_READ[name].split())
    for name in (
        *("denying", "dropped", "past", "once", "auxiliary", "former", "no_participle"),
        *("earlier", "later"),
    )
)
_PARTICIPLE: Final = re.compile(r".+(?:e|ee|es|ees|i|ie|is|ise|it|ite|u|ue|us|ues|ert|erte|ed)$")
_IMPERFECT: Final = re.compile(r"(?<=..)(?:aient|ait)$")
_FUTURE: Final = re.compile(r"(?<=..)(?:er|(?<=i)r)(?:a|ont)$")
_SIMPLE_PAST: Final = re.compile(r"(?<=...)(?:a|erent)$")
_BORN: Final = re.compile(r"\bné(?:es?|s)?\b", re.IGNORECASE)
"""Folded, it would deny."""
_COMING: Final = frozenset(_READ["future"].split())
_DURING: Final = frozenset(("lors", "cours", "occasion", "sein"))
_BEING: Final = frozenset(_READ["being"].split())


def _plain(word: str) -> str:
    """Return the common part of the regular forms of a word, those of verbs among them."""
    word = re.sub(r"(?<=..)ees?$|(?<=...)(?<!e)ed$", "e", word)
    return stem(_SIMPLE_PAST.sub("e", _FUTURE.sub("", _IMPERFECT.sub("e", word))))


_IRREGULAR: Final[dict[str, str]] = {
    _plain(form): forms.split()[0] for forms in _READ["irregular"] for form in forms.split()
}
_NOUNS: Final[dict[str, str]] = {
    _plain(noun): _plain(forms.split()[0]) for forms in _READ["nouns"] for noun in forms.split()[1:]
}
_DOERS: Final = frozenset(noun for forms in _READ["nouns"] for noun in forms.split()[1:])


@dataclass(frozen=True)
class Phrase:
    """The words of a relation in their common form, and what the others say."""

    words: frozenset[str]
    way: str = ""
    """What its last preposition says."""
    is_denied: bool = False
    is_past: bool = False
    has_happened: bool = False
    """Whether the tense says that something took place: *a eu lieu*, not *avait pour titre*."""
    noun: str = ""
    """Of a noun for who does it, *active* or *passive*: *est gérant de*, *a pour gérant*."""
    is_bare: bool = False
    """Whether it has no verb: *gérant*."""
    is_future: bool = False
    is_later: int = 0
    """Whether it makes its thing the later of two names: 1; the earlier: -1; neither: 0."""

    @classmethod
    @lru_cache(1 << 12)
    def of(cls, text: str) -> Phrase:
        """Return what a phrase says: *n’est plus membre du* denies that somebody is a member."""
        words = re.findall(r"[^\W_]+", folded(_BORN.sub("naitre", text)).replace("n't", " not"))
        is_denied = not _DENYING.isdisjoint(words)
        mere = _DROPPED | _DENYING | {"plus"} if is_denied else _DROPPED
        said = [it for it in words if it not in mere]
        perfect = any(
            one in ("a", "ont", "has", "have") or (one == "est" and said[at - 1] == "s")
            for at, (one, two) in enumerate(pairwise(said))
            if two not in _NO_PARTICIPLE and (_PARTICIPLE.fullmatch(two) or two in _PAST)
        )
        told = [it for it in said if it not in _AUXILIARY]
        told = told[1:] if told[:1] == ["a"] else told
        told = told[1:] if told[:1] == ["pour"] else told
        way = ""
        if told and told[-1] in _WAYS:
            way = "at" if not _DURING.isdisjoint(told[-2:]) else _WAYS[told[-1]]
        while told and told[-1] in _WAYS:
            told.pop()
        ends = "ed" if way != "by" and said[:1] == told[:1] else "erent"
        preterite = any(
            it.endswith(ends) or (_SIMPLE_PAST.search(it) and not _FUTURE.search(it))
            for it in told[:1]
        )
        passive = said[:1] in (["is"], ["are"]) and {"was", "were"}.isdisjoint(said)
        happened = perfect or preterite or not (passive or _PAST.isdisjoint(words))
        once = not _ONCE.isdisjoint(words) or any(_IMPERFECT.search(it) for it in told[:1])
        common = (_common(it) for it in told if it not in _WAYS and it not in _FORMER)
        is_past = happened or once or not _FORMER.isdisjoint(words)
        first = next((it.rstrip("s") for it in told if it not in _FORMER), "")
        is_passive = way == "" and _BEING.isdisjoint(words)
        noun = ("passive" if is_passive else "active") if first in _DOERS else ""
        is_earlier = not _EARLIER.isdisjoint(words) or any(_common(it) in _EARLIER for it in told)
        later = -1 if is_earlier else int(once or not _LATER.isdisjoint(words))
        future = not _COMING.isdisjoint(words) or any(_FUTURE.search(it) for it in told[:2])
        is_bare = said == told and not way
        return cls(
            frozenset(common), way, is_denied, is_past, happened, noun, is_bare, future, later
        )

    @property
    def is_planned(self) -> bool:
        """Whether it says what was meant to be: *était prévu à*."""
        return not self.words.isdisjoint(_PLANNED)

    @property
    def is_of_plans(self) -> bool:
        """Whether it says nothing of what took place: *est reporté à*, *était prévu à*."""
        return self.is_planned or not self.words.isdisjoint(_POSTPONED)

    @property
    def side(self) -> str:
        """What its last preposition says, of a noun as of its verb."""
        if self.noun == "passive":
            return "by"
        return "" if self.noun and self.way == "of" else self.way

    @property
    def turned(self) -> Phrase | None:
        """The passive of an active phrase, and the other way round; None if it has none."""
        if not self.words or self.side not in ("", "by"):
            return None
        return replace(self, way="" if self.side == "by" else "by", noun="")

    def fits(self, other: Phrase) -> int:
        """Return how well the same words go the same way: 2, 1 if the value tells, or 0."""
        if self.words != other.words:
            return 0
        return 2 if self.side == other.side else int({self.side, other.side} <= _NEAR)


def _common(word: str) -> str:
    """Return the common part of all forms of a word, for verbs too: *réunit*, *coûtait*."""
    if word in ("s", "se"):
        return "se"
    plain = _plain(word)
    plain = _NOUNS.get(plain, plain)
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    return re.sub(r"(?<=..i)t$", "", plain)


_PLANNED, _POSTPONED = (
    frozenset(map(_common, _READ[name].split())) for name in ("planned", "postponed")
)
