"""The page on which a question is built: its kind, its conditions, its sentence and its query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.base.languages import number
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.query.builder.built_query import BuiltQuery, QueryWords, query_of
from rallynov_graph.site.query.builder.built_question import (
    BuiltQuestion,
    Condition,
    address_pairs,
    at_places,
)
from rallynov_graph.site.query.builder.built_sentence import Pieces, Sentences, plain
from rallynov_graph.site.query.builder.choice_counts import COUNTED, ChoiceCounts, Select, number_of
from rallynov_graph.site.query.builder.condition_form import (
    BuilderNames,
    ConditionForms,
    Further,
    ShownCondition,
    bad_fields,
    name_of_kind,
)
from rallynov_graph.site.query.builder.emptied import EmptiedAnswer, Remedy, emptied_answer
from rallynov_graph.site.query.builder.property_values import (
    ResolvedQuestion,
    choice_for,
    resolved,
)
from rallynov_graph.site.query.builder.steps import ClassOfThings, Kinds

_CLASSES: Final = tuple(KINDS[name].class_iri or KINDS[name].broad_class for name in FIRST_KINDS)
"""The classes of what readers ask for first."""
_FIRST: Final = 12
"""So many of another graph's classes are shown before the others."""


@dataclass(frozen=True)
class ShownRemedy:
    """A change after which something is found: the condition that it changes, and where to."""

    condition: Pieces
    found: str
    href: str


@dataclass(frozen=True)
class ShownEmptied:
    """Why nothing is found, as the page says it."""

    alone: tuple[Pieces, ...] = ()
    without: tuple[ShownRemedy, ...] = ()
    wider: tuple[ShownRemedy, ...] = ()
    less_sure: ShownRemedy | None = None


@dataclass(frozen=True)
class CountedNoun:
    """What the things of a question are called where they are counted."""

    one: str
    many: str
    language: str

    def __call__(self, things: int) -> str:
        """Return a number with its noun."""
        is_one = things == 1 or (things == 0 and self.language == "fr")
        return f"{number(things, self.language)} {self.one if is_one else self.many}"


@dataclass(frozen=True)
class BuilderPage:
    """A question as it is built so far; nothing but kinds to choose from before that."""

    first: tuple[tuple[str, Text], ...]
    others: tuple[tuple[str, Text], ...]
    """The kinds that are asked for first and the others, by their addresses."""
    question: BuiltQuestion | None = None
    kind: Text | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    """What the address says of the question."""
    conditions: tuple[ShownCondition, ...] = ()
    further: Further = field(default_factory=Further)
    sentence: Pieces = ()
    query: BuiltQuery | None = None
    """Nothing while something is not understood."""
    headings: tuple[str, ...] = ()
    """What the columns of the answer are called."""
    things: int | None = None
    """How many things are found; None where nothing tells."""
    counted: CountedNoun | None = None
    emptied: ShownEmptied | None = None

    status: int = 200
    """That of an answer: another where something is not understood."""

    @property
    def title(self) -> str:
        """The sentence as a title."""
        return plain(self.sentence).removesuffix(".")


def builder_page(
    view: GraphView,
    finder: Finder,
    kinds: Kinds,
    built: BuiltQuestion | None,
    words: Mapping[str, str],
    select: Select = lambda query: None,
) -> BuilderPage:
    """Return the page of a question; its sentence is in the words that are given."""
    if built is None:
        return BuilderPage(*_to_choose(view, kinds))
    return _Builder(view, finder, kinds, resolved(view, finder, built), words, select).page()


def counts_of_names(
    view: GraphView,
    finder: Finder,
    kinds: Kinds,
    built: BuiltQuestion,
    words: Mapping[str, str],
    select: Select,
    place: str,
    iris: Sequence[str],
) -> Mapping[str, str] | None:
    """Return how many things each of some values of a condition would leave, in words.

    Nothing where nothing tells; None where the question has no condition at this place.
    """
    builder = _Builder(view, finder, kinds, resolved(view, finder, built), words, select)
    return builder.counts_of_names(place, iris)


class _Builder:
    """Makes the page of one question."""

    def __init__(
        self,
        view: GraphView,
        finder: Finder,
        kinds: Kinds,
        resolved: ResolvedQuestion,
        words: Mapping[str, str],
        select: Select,
    ) -> None:
        self.view, self.finder, self.kinds, self.resolved = view, finder, kinds, resolved
        self.question, self.words, self.select = resolved.question, words, select
        self.names = BuilderNames(view, kinds, resolved)
        self.sentences = Sentences(words, self.names, view.language)
        self.terms = {text: NamedNode(found.node.iri) for text, found in resolved.things.items()}

    def page(self) -> BuilderPage:
        sentence = self.sentences.of(self.question)
        query = self._query(self.question, plain(sentence)) if self._is_understood() else None
        things = number_of(self.select(query.count)) if query else None
        counts = self._counts(things)
        forms = ConditionForms(
            self.view, self.finder, self.kinds, self.resolved, self.names, counts
        )
        steps = counts.steps() if query else None
        return BuilderPage(
            (),
            (),
            self.question,
            self.names.of_kind(self.question.kind),
            tuple(address_pairs(self.question)),
            forms.of(self.question.conditions, self.question.kind),
            forms.further(self.question.kind, steps),
            sentence,
            query,
            tuple(self._heading(c.path) for c in query.columns) if query else (),
            things,
            self._noun(),
            self._emptied() if things == 0 else None,
            self._status(),
        )

    def counts_of_names(self, place: str, iris: Sequence[str]) -> Mapping[str, str] | None:
        """Return how many things each of some values of a condition would leave, in words."""
        condition = dict(at_places(self.question.conditions)).get(place)
        if condition is None or not self._is_understood():
            return None if condition is None else {}
        counts = self._counts(number_of(self.select(self._query(self.question).count)))
        at = tuple(map(int, place.split(".")))
        found = counts.values(at, among=iris) if iris else None
        left = {iri: counts.left_by(at, condition, found, iri) for iri in iris}
        return {iri: self._noun()(n) for iri, n in left.items() if n is not None}

    def _counts(self, things: int | None) -> ChoiceCounts:
        """Return what counts choices; among very many things nothing does."""
        is_countable = things is None or things <= COUNTED
        select = self.select if is_countable else _nothing
        return ChoiceCounts(self.question, self.kinds, self.terms, self.resolved.thesaurus, select)

    def _status(self) -> int:
        """Return 400 where a number or day is none, 404 where nothing bears a name."""
        conditions = [condition for _, condition in at_places(self.question.conditions)]
        if any(bad_fields(condition) for condition in conditions):
            return 400
        unknown = [
            (condition, text)
            for condition in conditions
            for text in condition.values
            if text not in self.resolved.things
        ]
        missing = any(
            choice_for(self.view, self.finder, condition, text).is_missing
            for condition, text in unknown
        )
        return 404 if missing else 200

    def _query(self, question: BuiltQuestion, sentence: str = "") -> BuiltQuery:
        names = {found.node.iri: found.node.text for found in self.resolved.things.values()}
        language = "" if self.view.foreign else self.view.language
        query_words = QueryWords(sentence, language, lambda iri: names.get(iri, ""))
        return query_of(
            question, self.kinds, self.terms, query_words, self.resolved.thesaurus.is_wide
        )

    def _is_understood(self) -> bool:
        conditions = (condition for _, condition in at_places(self.question.conditions))
        return self.resolved.is_understood and not any(map(bad_fields, conditions))

    def _heading(self, path: Sequence[Condition]) -> str:
        """Return what a column is called: its kind, or the properties that lead to it."""
        names = [self.names.of_step(condition.step).value for condition in path]
        heading = " › ".join(names) or self.names.of_kind(self.question.kind).value
        return f"{heading[:1].upper()}{heading[1:]}"

    def _noun(self) -> CountedNoun:
        """Return what the things are called; things, where no plural of their kind is known."""
        iri, language = self.question.kind.iri, self.view.language
        plural = next((k.plural for k in KINDS.values() if k.class_iri == iri and k.plural), None)
        if plural is None:
            return CountedNoun(self.words["thing"], self.words["things"], language)
        one = self.names.of_kind(self.question.kind).value
        return CountedNoun(one, plural[language].lower(), language)

    def _emptied(self) -> ShownEmptied:
        found: EmptiedAnswer = emptied_answer(self.question, self._count_of)
        return ShownEmptied(
            tuple(self.sentences.of_condition(condition) for condition in found.alone),
            tuple(map(self._shown_remedy, found.without)),
            tuple(map(self._shown_remedy, found.wider)),
            self._shown_remedy(found.less_sure) if found.less_sure else None,
        )

    def _count_of(self, question: BuiltQuestion) -> int | None:
        return number_of(self.select(self._query(question).count))

    def _shown_remedy(self, remedy: Remedy) -> ShownRemedy:
        condition = self.sentences.of_condition(remedy.condition) if remedy.condition else ()
        pairs = [*address_pairs(remedy.question), ("certainty", remedy.question.certainty)]
        href = self.view.addresses.path("/builder", dict.fromkeys(pairs), "built")
        return ShownRemedy(condition, self._noun()(remedy.things), href)


def _nothing(_: str) -> None:
    return None


def _to_choose(
    view: GraphView, kinds: Kinds
) -> tuple[tuple[tuple[str, Text], ...], tuple[tuple[str, Text], ...]]:
    """Return the kinds that readers ask for first, and the others by their names."""
    view.described(kinds.known)
    order = [iri for iri in _CLASSES if iri in kinds.known]
    if view.foreign:
        order = [*kinds.known][:_FIRST]

    def shown(kind: ClassOfThings) -> tuple[str, Text]:
        return view.addresses.path("/builder", [("kind", kind.name)]), name_of_kind(view, kind)

    first = tuple(shown(kinds.known[iri]) for iri in order)
    others = (shown(kind) for iri, kind in kinds.known.items() if iri not in order)
    return first, tuple(
        sorted(others, key=lambda address_and_name: address_and_name[1].value.casefold())
    )
