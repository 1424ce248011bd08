"""What a typed text may mean: a question of the catalogue with its values, a list, or a thing.

Each question has phrases by which people ask it (``ask_fr`` and ``ask_en`` in its file), with
parameters in braces. The words of a text that are not in a name are compared with those of each
phrase; rare words count more. The things that the text names fill the parameters of their kind. No
language model and no network is used.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, Protocol

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import CLASSES, FIRST_KINDS, KINDS
from rallynov_graph.base.namespaces import kind_of_iri
from rallynov_graph.matching import near_names
from rallynov_graph.matching.words import (
    ASKING,
    SMALL,
    asked_words,
    folded,
    name_words,
    stem,
    stems,
)
from rallynov_graph.questions.catalogue import Catalogue, Parameter, Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.search.index import NO_NAMES
from rallynov_graph.search.searching import LONGEST, NamedThing

_TELLING: Final = frozenset(
    (
        *("qui", "quoi", "quand", "ou", "combien", "comment", "pourquoi", "entre", "avec"),
        *("who", "whom", "this", "when", "where", "how", "many", "why", "between", "with"),
    )
)
"""Words that ask, and by which questions differ."""
_FILLING: Final = ASKING - _TELLING
MOST_WORDS: Final = 40
"""So many words of a text are read."""
MOST_MEANT: Final = 5
"""How many questions are offered."""
_CLEAR: Final = 0.75
_BEFORE_NEXT: Final = 0.1
"""A question is clearly meant that has this score, and is so much surer than the next one.

Its phrases have each word that asks: a word that they lack may ask for something else.
"""
_POSSIBLE: Final = 0.25
"""With a lower score, a question is not offered."""
_LIKELY: Final = 0.45
"""With a lower score, a question comes after what the text names."""
_MOST_FILLINGS: Final = 6
"""So many of the named things are tried as the first value of a question."""
_WAYS: Final = 40
"""More phrases for a named thing make a question no likelier."""
_CACHED: Final = 1 << 12
_DIGITS: Final = 9
"""The number of digits of scores that are compared, since a browser adds them differently."""
_IN_ALL: Final = 0.3
"""The share that a word counts that fits every question of a programme."""
_NEVER_NAMED: Final = frozenset(("role", "scheme", "document", "passage"))
_PROGRAMME: Final = "rallye"
"""The name of the programme asks as little as this."""
_NOTHING: Final = "de"
_ARTICLES: Final = frozenset(("le", "la", "les", "un", "une", "the"))
_ACTING: Final = ("person", "organisation")
"""Who is named is part of what is asked: a question that leaves one out is not clearly meant."""
_ANY_THING: Final = ("thing", "subject", "one", "other")
"""The parameters that take things of any kind."""
_NEGATING: Final = frozenset(
    (
        *("pas", "jamais", "aucun", "aucune", "not", "never", "no", "nobody", "nothing"),
        *("isn", "aren", "wasn", "weren", "don", "doesn", "didn", "hasn", "haven"),
    )
)
"""A text with one asks for the contrary of what phrases without it ask: none is clearly meant."""
_OF_ASKED: Final = 0.5
_OF_PHRASE: Final = 0.6
"""A question is clearly meant by a phrase with these shares of what is asked, and of the phrase."""
_MANY: Final = 4
"""The number of questions above which a word says little about a name."""
_MOST_OF_NAME: Final = 0.6
_ALONE: Final = 0.65
"""A part of a name counts so much that no other thing of its kind has: *santé* for health care."""
_WHOLE_NAME: Final = 0.9
SYNONYM: Final = 0.85
"""The likeness of a word to its synonym in a name, which may be another thing."""
_LEAST_OF_NAME: Final = 0.3
"""A text names a thing that has less than this share of its name elsewhere."""
_SHORTEST_BEGINNING: Final = 4
_SURE_BEGINNING: Final = 6
"""A word begins a name if it is the last one, still being written, or so long."""
_SYNONYMS: Final = Path(__file__).with_name("synonyms.toml")
SLOT: Final = re.compile(r"\{(\w+)\}")


_READ: Final = tomllib.loads(_SYNONYMS.read_text("utf-8"))
_GROUPS: Final = tuple(tuple(map(folded, group.split())) for group in _READ["groups"])
_GROUP_OF: Final = {stem(word): group for group in reversed(_GROUPS) for word in group}
"""The group of each stem that has synonyms; the first one that has it."""


@lru_cache(_CACHED)
def concept(word: str) -> str:
    """Return the common part of all forms of a folded word and its synonyms."""
    group = _GROUP_OF.get(stem(word))
    return stem(group[0]) if group else stem(word)


_EVERYWHERE: Final = frozenset(concept(folded(it)) for it in _READ["everywhere"])


_ONLY_ASK: Final = frozenset(map(concept, ASKING)) | _EVERYWHERE
"""They ask nothing by themselves."""
_COUNTED: Final = concept("combien")
_WHO: Final = concept("qui")
_OBJECT: Final = re.compile(r"(?:que|qu'|what)\b")
_KIND_WORDS: Final = {
    name: concept(folded(kind.singular["fr"])) for name, kind in KINDS.items() if kind.singular
}
"""The common part of the words for each kind."""


@dataclass(frozen=True)
class NamedSpan:
    """A thing that a text may name, and the places of the words that name it."""

    iri: str
    kind: str
    places: frozenset[int]
    coverage: float
    """The share of its name that the text has, from 0 to 1."""


@dataclass(frozen=True)
class Understanding:
    """A question with values that a text may mean; a higher score is surer."""

    question: str
    values: Mapping[str, str] = field(default_factory=dict)
    """Things by their IRIs, choices by their words."""
    score: float = 0.0
    phrase: str = ""
    """The phrase that is nearest to the text."""
    is_complete: bool = True
    """Whether each thing that the phrase asks of is named for sure, and no word is left over."""
    asks: bool = True
    """Whether it is meant by words that ask, beside names."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """The things that the phrase names and the question has no parameter for."""
    left_over: tuple[str, ...] = ()
    """The words that rows of its answer have to have: no phrase of the question has them."""


@dataclass(frozen=True)
class _Filling:
    """A way to fill the slots of a question with the things in a text."""

    values: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[int] = frozenset()
    """The places of the words that name the values."""
    free: frozenset[str] = _EVERYWHERE
    """Words that need not be asked: those for the kinds of the values, as in the stage of Dole."""
    quality: float = 1.0
    """The share of their names in the text, compared with other possible names of these words."""
    coverage: float = 1.0
    """The least share of a name that the text has; 0 where it as well names another such thing."""


@dataclass(frozen=True)
class Meant:
    """The questions that a text may mean; ``is_clear`` if the first one certainly is."""

    questions: tuple[Understanding, ...] = ()
    is_clear: bool = False
    things: tuple[NamedSpan, ...] = ()
    """The things that it may name, those with most of its words first."""
    asks: bool = False
    """Whether it likelier asks a question than names a thing."""
    by_rows: tuple[Understanding, ...] = ()
    """Those that are clearly meant if rows of their answer have the words that are left over."""


class NamesThings(Protocol):
    """Finds the things that a text names."""

    def naming(
        self, text: str, synonyms: Mapping[str, Sequence[str]]
    ) -> tuple[list[NamedThing], dict[str, tuple[str, ...]]]: ...


@dataclass(frozen=True)
class _Phrase:
    text: str
    words: frozenset[str]
    slots: frozenset[str]
    values: Mapping[str, str]
    told: float = 0.0
    """The weight of its words."""
    asks_for_object: bool = False
    """Whether it asks whom or what somebody did something to: *que porte {organisation}*."""


class Phrases:
    """The phrases of the questions, and the weight of each word."""

    def __init__(self, catalogue: Catalogue, kinds: Mapping[str, str]) -> None:
        """Read the phrases; ``kinds`` has the kind of the members of each list of concepts."""
        phrases = {question.name: tuple(_phrases(question)) for question in catalogue.values()}
        self._values = {
            question.name: {
                it.name: frozenset(_kinds(it, kinds))
                for it in question.parameters
                if it.type == "iri"
            }
            for question in catalogue.values()
        }
        self._slots = {
            name: dict(
                sorted(
                    (
                        values
                        | {
                            slot: frozenset(FIRST_KINDS if slot in _ANY_THING else (slot,))
                            for phrase in phrases[name]
                            for slot in sorted(
                                phrase.slots - {it.name for it in catalogue[name].parameters}
                            )
                        }
                    ).items(),
                    key=lambda slot: len(slot[1]) >= len(FIRST_KINDS),
                )
            )
            for name, values in self._values.items()
        }
        """The kinds of things that fill each slot, of the parameters first; last those of any."""
        fitting = (kinds for slots in self._slots.values() for kinds in slots.values())
        self.kinds = frozenset((*FIRST_KINDS, "rally")).union(*fitting) - _NEVER_NAMED
        """The kinds of the things that a text may name."""
        bags = {name: frozenset().union(*(it.words for it in its)) for name, its in phrases.items()}
        self._bags = bags
        self._alike = {
            (name, tuple(sorted(one.values.items()))): frozenset().union(
                *(it.words for it in its if it.values.items() <= one.values.items())
            )
            for name, its in phrases.items()
            for one in its
        }
        """The words of a question's phrases with the same choices, or with fewer."""
        seen = Counter(sorted(word for bag in bags.values() for word in bag))
        self._weights = {
            word: math.log(1 + len(bags) / number) * (_IN_ALL if word in _EVERYWHERE else 1.0)
            for word, number in seen.items()
        }
        self._unknown = math.log(1 + len(bags))
        self._spelt = lru_cache(_CACHED)(self._mended)
        self._common = math.log(1 + len(bags) / _MANY)
        self._phrases = {
            name: tuple(replace(it, told=math.fsum(map(self.weight, it.words))) for it in its)
            for name, its in phrases.items()
        }
        self._having: dict[str, list[tuple[str, int]]] = {}
        """The questions and places of the phrases that have each word."""
        for name, its in phrases.items():
            for place, it in enumerate(its):
                for word in it.words:
                    self._having.setdefault(word, []).append((name, place))
        self._generic = {
            name: frozenset((_COUNTED, concept("compte"))).union(
                *(_told(it) for it in catalogue[name].summary.values())
            )
            if catalogue[name].asks_for_words
            else frozenset()
            for name in phrases
        }
        """The words of a text that rows need not have, of questions that ask for words."""
        self._choices = {name: [*_choice_words(it)] for name, it in catalogue.items()}

    @classmethod
    def of(cls, catalogue: Catalogue, queries: PageQueries) -> Phrases:
        """Return the phrases of a catalogue for the things of a store."""
        lists = {
            it
            for question in catalogue.values()
            for parameter in question.parameters
            for it in parameter.of
            if it.value not in CLASSES.values()
        }
        kinds = {}
        for it in sorted(lists, key=str):
            rows = queries.rows("example_of", of=it).rows
            found = [thing for (thing,) in rows if isinstance(thing, NamedNode)]
            if found:
                kinds[it.value] = kind_of_iri(found[0].value)
        return cls(catalogue, kinds)

    def meant(self, text: str, names: NamesThings) -> Meant:
        """Return the questions that a text may mean; only the beginning of a long text is read."""
        text = text[:LONGEST]
        spans = self.spans(text, names)
        understood, by_rows = self.understood(text, spans)
        found = [it for it in understood if it.score >= _POSSIBLE][:MOST_MEANT]
        first, second = ([it.score for it in found] + [0.0, 0.0])[:2]
        is_clear = first >= _CLEAR and first - second >= _BEFORE_NEXT
        is_clear = is_clear and found[0].is_complete and found[0].asks
        words = asked_words(text)[:MOST_WORDS]
        just_names = not is_clear and any(
            it.coverage >= SYNONYM
            and all(at in it.places or concept(word) in _ONLY_ASK for at, word in enumerate(words))
            for it in spans
        )
        asks = bool(found and found[0].asks and first >= _LIKELY) and not just_names
        return Meant(tuple(found), is_clear, tuple(spans), asks, by_rows[:MOST_MEANT])

    def spans(self, text: str, names: NamesThings) -> list[NamedSpan]:
        """Return the things that a text may name; frequent words of questions are no names."""
        words = asked_words(text)[:MOST_WORDS]
        common = {at for at, it in enumerate(words) if self.weight(self._spelt(it)) < self._common}
        telling = [it for at, it in enumerate(words) if at not in common]
        things, spellings = names.naming(text, {it: _GROUP_OF.get(stem(it), ()) for it in telling})
        unknown = {it: near for it, near in spellings.items() if concept(it) not in self._weights}
        found = [
            it
            for it in named_spans(text, things, unknown)
            if it.kind in self.kinds and (it.coverage >= _WHOLE_NAME or not it.places <= common)
        ]
        sure = frozenset(at for at, it in enumerate(words) if it not in unknown)
        return sorted((_alone(it, found, sure) for it in found), key=_first)

    def plain(self) -> dict[str, Any]:
        """Return the data with which a browser understands a text in the same way."""
        return {
            "weights": self._weights,
            "unknown": self._unknown,
            "filling": sorted(_FILLING),
            "small": sorted(SMALL),
            "articles": sorted(_ARTICLES),
            "stems": stems(),
            "synonyms": _GROUPS,
            "common": self._common,
            "everywhere": sorted(_EVERYWHERE),
            "only_ask": sorted(_ONLY_ASK),
            "negating": sorted(_NEGATING),
            "kinds": sorted(self.kinds),
            "any": len(FIRST_KINDS),
            "kind_words": _KIND_WORDS,
            "questions": {
                name: {
                    "phrases": [
                        [
                            *(sorted(it.words), sorted(it.slots), dict(it.values), it.told),
                            it.asks_for_object,
                        ]
                        for it in phrases
                    ],
                    "choices": [
                        [parameter, choice, sorted(words)]
                        for parameter, choice, words in self._choices[name]
                    ],
                    "slots": [[it, sorted(kinds)] for it, kinds in self._slots[name].items()],
                    "values": sorted(self._values[name]),
                    "generic": sorted(self._generic[name]),
                }
                for name, phrases in self._phrases.items()
            },
        }

    def weight(self, word: str) -> float:
        """Return the weight of a word among the phrases."""
        return self._weights.get(word, self._unknown)

    def understood(
        self, text: str, spans: Sequence[NamedSpan]
    ) -> tuple[list[Understanding], tuple[Understanding, ...]]:
        """Return the meanings of a text, the surest first, and those that rows can confirm."""
        words = asked_words(text)[:MOST_WORDS]
        if own := _programme(spans):
            for at in own.places:
                words[at] = _PROGRAMME if at == min(own.places) else _NOTHING
            spans = [it for it in spans if it.coverage >= _WHOLE_NAME or not it.places & own.places]
        for at in [*self._appositions(words, spans, folded(text))]:
            words[at] = _NOTHING
        named = frozenset().union(*(it.places for it in spans))
        spelt = [
            concept(word) if place in named else self._spelt(word)
            for place, word in enumerate(words)
        ]
        if spelt and len(spelt) - 1 not in named and spelt[-1] not in self._weights:
            spelt[-1] = self._begun(spelt[-1])
        is_guess = not _NEGATING.isdisjoint(words) or any(
            it != concept(word) and word not in _FILLING
            for it, word in zip(spelt, words, strict=True)
        )
        near = {it for word in spelt for it in self._having.get(word, ())}
        having: dict[str, list[_Phrase]] = {}
        for name, place in sorted(near):
            having.setdefault(name, []).append(self._phrases[name][place])
        found = [
            self._best(name, having.get(name, ()), spelt, words, spans) for name in self._phrases
        ]
        best = (replace(it, is_complete=it.is_complete and not is_guess) for it, _ in found)
        by_rows = () if is_guess else (it for _, its in found for it in its)
        return sorted((it for it in best if it.score), key=_surest), tuple(
            sorted(by_rows, key=_surest)
        )

    def _appositions(
        self, words: Sequence[str], spans: Sequence[NamedSpan], text: str
    ) -> Iterator[int]:
        """Yield the places of unknown nouns before a name: *l'atelier Recoudre les voiles*."""
        named = {min(it.places) for it in spans if it.coverage >= _WHOLE_NAME}
        for at, word in enumerate(words[:-1]):
            has_article = (at and words[at - 1] in _ARTICLES) or f"l'{word}" in text
            after = at + 2 if words[at + 1] in SMALL and at + 1 not in named else at + 1
            if (
                has_article
                and after in named
                and at not in named
                and concept(word) not in self._weights
            ):
                yield at

    def _mended(self, word: str) -> str:
        """Return the stem of a word as it is in phrases, with typing errors corrected."""
        found = concept(word)
        if found in self._weights or word in _FILLING:
            return found
        known = (it for it in self._weights if near_names.is_slip(found, it))
        return next(iter(near_names.near(found, known, 1, slips_only=True)), found)

    def _begun(self, word: str) -> str:
        """Return the most frequent word of phrases that begins like the last word of a text."""
        found = [it for it in self._weights if it.startswith(word)] if len(word) > 2 else []
        return min(found, key=lambda it: (self._weights[it], it), default=word)

    def _best(
        self,
        name: str,
        phrases: Sequence[_Phrase],
        spelt: Sequence[str],
        words: Sequence[str],
        spans: Sequence[NamedSpan],
    ) -> tuple[Understanding, list[Understanding]]:
        """Return how a text may ask a question, and how if rows have the words left over."""
        best = Understanding(name)
        by_rows: dict[object, Understanding] = {}
        bag = self._bags[name]
        named = {place for span in spans if span.coverage >= _MOST_OF_NAME for place in span.places}
        for filling in self._fillings(name, spans):
            values, taken = filling.values, filling.taken
            rest: dict[str, float] = {}
            for at, it in enumerate(spelt):
                if at not in taken and words[at] not in _FILLING:
                    known = it in self._weights
                    rest[it] = self.weight(it) * (0.5 if at in named and not known else 1.0)
            told = math.fsum(rest.values())
            alone = self._named_alone(name, filling, told)
            best = max(best, alone, key=lambda it: it.score)
            recalled = math.fsum(weight for it, weight in rest.items() if it in bag)
            if not recalled:
                continue
            may_ask = (filling.free | self._generic[name]) & rest.keys()
            unused = any(it.coverage >= _WHOLE_NAME and not it.places & taken for it in spans)
            is_over = any(
                it.kind in _ACTING and it.coverage >= _MOST_OF_NAME and not it.places & taken
                for it in spans
            )
            own = self._values[name].keys()
            apt = {it for it in own if len(self._slots[name][it]) < len(FIRST_KINDS)}
            quality = (0.5 + 0.5 * filling.quality) * (0.75 if unused else 1.0)
            for phrase in phrases:
                if not (shared := phrase.words & rest.keys()):
                    continue
                common = math.fsum(map(rest.__getitem__, shared))
                spare = may_ask - phrase.words
                asks = told - math.fsum(rest[it] for it in spare)
                filled = phrase.slots & {*values}
                score = 1.4 * common / (asks + phrase.told) + 0.3 * min(recalled / asks, 1.0)
                score *= 0.6 ** len(phrase.slots - filled) * 0.8 ** len(values.keys() - filled)
                score += 0.05 * (len(filled) + len(filled & apt)) * filling.coverage
                score = round(score * quality, _DIGITS)
                alike = self._alike[name, tuple(sorted(phrase.values.items()))]
                over = rest.keys() - spare - (self._generic[name] or alike)
                explained = asks - math.fsum(map(rest.__getitem__, over))
                fits = (
                    phrase.slots == filled
                    and not (phrase.asks_for_object and _WHO in rest)
                    and filling.coverage >= _MOST_OF_NAME
                    and not is_over
                    and bool(filled or not {*rest} <= _ONLY_ASK)
                    and common >= _OF_ASKED * explained
                    and common >= _OF_PHRASE * phrase.told
                )
                left = [at for at, it in enumerate(spelt) if it in over and at not in taken]
                if _COUNTED in phrase.words:  # what is counted comes first, its verb after it
                    left = left[:1] + [at for at in left[1:] if spelt[at] in self._weights]
                leaves_out = any(
                    it.coverage >= _WHOLE_NAME
                    and not it.places & taken
                    and not it.places <= {*left}
                    for it in spans
                )
                is_nearer = (
                    fits
                    and over
                    and filled == {*values}
                    and not leaves_out
                    and (self._generic[name] or named.isdisjoint(left))
                    and ASKING.isdisjoint(words[at] for at in left)
                )
                if score <= best.score and not is_nearer:
                    continue
                asked = {it: value for it, value in values.items() if it in own}
                found = Understanding(
                    name,
                    {**_choices(self._choices[name], rest.keys()), **phrase.values, **asked},
                    score,
                    phrase.text,
                    fits and not over,
                    mentions={it: values[it] for it in sorted(filled - own)},
                )
                best = max(best, found, key=lambda it: it.score)
                named_so = frozenset(values.values()), frozenset(phrase.values.items())
                if is_nearer and not (named_so in by_rows and by_rows[named_so].score >= score):
                    words_left = tuple(dict.fromkeys(words[at] for at in left))
                    by_rows[named_so] = replace(found, left_over=words_left)
        return best, [*by_rows.values()]

    def _named_alone(self, name: str, filling: _Filling, told: float) -> Understanding:
        """Return a question about the thing that a text names, whatever its other words.

        It is never clear; the more phrases a question has for such a thing, the likelier it is.
        """
        values, slots = filling.values, self._values[name]
        if not values or not values.keys() <= slots.keys():
            return Understanding(name)
        asked = [it for it in self._phrases[name] if it.slots and it.slots <= values.keys()]
        is_apt = all(len(slots[it]) < len(FIRST_KINDS) for it in values)
        taken = self._unknown * len(filling.taken)
        score = 0.4 + 0.005 * min(len(asked), _WAYS) + 0.1 * is_apt
        score *= filling.quality * taken / (taken + told) if asked else 0.0
        phrase = asked[0].text if asked else ""
        return Understanding(name, values, round(score, _DIGITS), phrase, asks=False)

    def _fillings(self, name: str, spans: Sequence[NamedSpan]) -> list[_Filling]:
        """Return the ways to fill the slots with named things; the last one is empty.

        Each of the first things is once the first value; the others follow in their order.
        """
        slots = self._slots[name]
        fitting = [it for it in spans if any(it.kind in kinds for kinds in slots.values())]
        found: dict[tuple[tuple[str, str], ...], _Filling] = {}
        for first in fitting[:_MOST_FILLINGS]:
            values: dict[str, str] = {}
            taken: frozenset[int] = frozenset()
            spare = {*_EVERYWHERE}
            quality = coverage = 1.0
            for span in (first, *(it for it in fitting if it is not first)):
                if span.places & taken:
                    continue
                free = (
                    it for it, kinds in slots.items() if it not in values and span.kind in kinds
                )
                if slot := next(free, ""):
                    values[slot] = span.iri
                    taken |= span.places
                    spare.add(_KIND_WORDS.get(span.kind, ""))
                    rivals = [it for it in spans if it.places & span.places and it is not span]
                    best = max(span.coverage, *(it.coverage for it in rivals), 0.0)
                    quality = min(quality, span.coverage / best)
                    is_one = not any(
                        it.kind in slots[slot]
                        and it.places == span.places
                        and it.coverage >= span.coverage
                        for it in rivals
                    )
                    coverage = min(coverage, span.coverage * is_one)
            key = tuple(sorted(values.items()))
            found.setdefault(key, _Filling(values, taken, frozenset(spare), quality, coverage))
        return [*found.values(), _Filling()]


def _kinds(parameter: Parameter, kinds: Mapping[str, str]) -> Iterator[str]:
    """Yield the kinds of things that a parameter takes in questions."""
    for it in parameter.of:
        yield from (name for name, of in CLASSES.items() if of == it.value)
        if it.value in kinds:
            yield kinds[it.value]
    if not parameter.of and parameter.name in _ANY_THING:
        yield from FIRST_KINDS


def bound_phrase(written: str) -> tuple[str, dict[str, str]]:
    """Return a phrase as in a question's file, and the choices that it implies."""
    text, _, bound = written.partition("|")
    pairs = (it.partition("=") for it in bound.split())
    return text.strip(), {name: value for name, _, value in pairs}


def _told(text: str) -> frozenset[str]:
    return frozenset(concept(word) for word in asked_words(text) if word not in _FILLING)


def _phrases(question: Question) -> Iterator[_Phrase]:
    for written in (*question.summary.values(), *chain(*question.phrases.values())):
        text, bound = bound_phrase(written)
        yield _Phrase(
            text,
            _told(SLOT.sub(" ", text)),
            frozenset(SLOT.findall(text)),
            bound,
            asks_for_object=bool(_OBJECT.match(folded(text))),
        )


def _choices(labels: Iterable[tuple[str, str, frozenset[str]]], words: Set[str]) -> dict[str, str]:
    """Return the word of each choice whose label is among the words, the longest label first."""
    fitting = sorted((it for it in labels if it[2] <= words), key=lambda it: -len(it[2]))
    return {name: word for name, word, _ in reversed(fitting)}


def _choice_words(question: Question) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each word of each choice with the words of one of its labels."""
    for parameter in question.parameters:
        for choice, labels in parameter.choices.items():
            for label in labels.values():
                if of := _told(label):
                    yield parameter.name, choice, of


def named_spans(
    text: str, things: Iterable[NamedThing], spellings: Mapping[str, Sequence[str]]
) -> list[NamedSpan]:
    """Return the things that a text may name, those with most of its words first.

    A word of the text matches a word of a name if both are forms of one word, if it is a typing
    error or another spelling, or if the name's word begins with it.
    """
    words = tuple(asked_words(text)[:MOST_WORDS])
    known = {concept(it) for word in words for it in (word, *spellings.get(word, ()))}
    found = []
    for thing in things:
        names = [it.value for it in thing.texts if it.role not in NO_NAMES]
        places, share = max(
            (_named(words, name, spellings, known, thing.kind) for name in names),
            key=lambda it: (len(it[0]) * it[1], it[1]),
            default=(frozenset(), 0.0),
        )
        if places and share >= _LEAST_OF_NAME:
            found.append(NamedSpan(thing.iri, thing.kind, places, share))
    return sorted(found, key=_first)


def _surest(it: Understanding) -> tuple[float, str]:
    return -it.score, it.question


def _programme(spans: Iterable[NamedSpan]) -> NamedSpan | None:
    """Return the name of the programme in a text, if it is no part of another name."""
    whole = [it for it in spans if it.coverage >= _WHOLE_NAME]
    named = (it for it in whole if it.kind == "rally")
    return next((it for it in named if not any(it.places < of.places for of in whole)), None)


def _first(span: NamedSpan) -> tuple[float, float, str]:
    """Return the sort key of a thing by how much of its name a text has."""
    return -len(span.places) * span.coverage, -span.coverage, span.iri


def _alone(span: NamedSpan, spans: Iterable[NamedSpan], sure: Set[int]) -> NamedSpan:
    """Return a partial name as surer if nothing else of its kind, or surer, has its words.

    A name with a typing error is not.
    """
    is_alone = span.places <= sure and not any(
        it is not span
        and it.places & span.places
        and (it.kind == span.kind or it.coverage > span.coverage)
        for it in spans
    )
    return replace(span, coverage=max(span.coverage, _ALONE)) if is_alone else span


def _named(
    words: tuple[str, ...],
    name: str,
    spellings: Mapping[str, Sequence[str]],
    known: Set[str],
    kind: str,
) -> tuple[frozenset[int], float]:
    """Return the places of a name's words, and which part of the name they are.

    Small words do not count, nor does the kind of the thing: Dole is the stage of Dole.
    """
    whole = name_words(name)
    telling = [it for it in whole if it not in SMALL]
    wanted = [it for it in telling if concept(it) != _KIND_WORDS.get(kind)] or telling or whole
    places, told = set[int](), 0.0
    for part in wanted:
        if concept(part) not in known and not part.startswith(words):
            continue
        likeness, at = max(
            (
                (_likeness(word, part, spellings, is_last=at == len(words) - 1), -at)
                for at, word in enumerate(words)
            ),
            default=(0.0, 0),
        )
        if likeness and (part not in _FILLING or len(wanted) == 1):
            places.add(-at)
            told += likeness * len(part)
    return frozenset(places), told / sum(map(len, wanted)) if wanted else 0.0


def _likeness(
    word: str, part: str, spellings: Mapping[str, Sequence[str]], *, is_last: bool
) -> float:
    if word == part:
        return 1.0
    if stem(word) == stem(part) or any(
        it[0] == word[0] and concept(it) == concept(part) for it in spellings.get(word, ())
    ):
        return 0.95
    if concept(word) == concept(part):
        return SYNONYM
    shortest = _SHORTEST_BEGINNING if is_last else _SURE_BEGINNING
    return 0.8 if len(word) >= shortest and part.startswith(word) else 0.0
