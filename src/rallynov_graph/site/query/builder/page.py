"""The page on which a question is built: its kind, its conditions, its sentence and its query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.thing_choice import Candidate, Choice
from rallynov_graph.site.query.builder.built_query import BuiltQuery, QueryWords, query_of
from rallynov_graph.site.query.builder.built_question import (
    MODES,
    BuiltQuestion,
    Condition,
    address_pairs,
    at_places,
)
from rallynov_graph.site.query.builder.built_sentence import Pieces, Sentences, plain
from rallynov_graph.site.query.builder.property_values import (
    ResolvedQuestion,
    choice_for,
    few_values,
    resolved,
)
from rallynov_graph.site.query.builder.steps import (
    ClassOfThings,
    Kinds,
    PropertyStep,
    without_inverses,
)

_CLASSES: Final = tuple(KINDS[name].class_iri or KINDS[name].broad_class for name in FIRST_KINDS)
"""The classes of what readers ask for first."""
_FIRST: Final = 12
"""So many of another graph's classes are shown before the others."""
_ENDS: Final = 3
"""So many kinds of values are named beside a property."""


@dataclass(frozen=True)
class BuilderOption:
    """What can be chosen."""

    value: str
    text: str
    language: str = ""
    chosen: bool = False


Options = tuple[BuilderOption, ...]


@dataclass(frozen=True)
class ShownValue:
    """A value as the address has it, and what it means."""

    text: str
    choice: Choice
    candidates: tuple[tuple[Candidate, str], ...] = ()
    """What it may mean, and the address that says so."""


@dataclass(frozen=True)
class Further:
    """The conditions that can be added: on what a thing has, and on what leads to it."""

    own: Options = ()
    leading: Options = ()


@dataclass(frozen=True)
class ShownCondition:
    """A condition as a form has it."""

    place: str
    of: str
    """The kind of what has it, as an address names it."""
    step: PropertyStep
    label: Text
    mode: str
    modes: Options
    values: tuple[ShownValue, ...]
    few: Options
    """All values that there are, where they are few."""
    kinds: Options
    """What a value may be, where it may be several things."""
    kind: str
    is_open: bool
    """Whether nothing says of which kind its values are, while the reader does not."""
    least: str
    most: str
    text: str
    bad_fields: tuple[str, ...]
    """The fields that hold what is no number, day or time."""
    further: Further
    conditions: tuple[ShownCondition, ...]


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
    further: Further = Further()
    sentence: Pieces = ()
    query: BuiltQuery | None = None
    """Nothing while something is not understood."""
    headings: tuple[str, ...] = ()
    """What the columns of the answer are called."""

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
) -> BuilderPage:
    """Return the page of a question; its sentence is in the words that are given."""
    if built is None:
        return BuilderPage(*_to_choose(view, kinds))
    return _Builder(view, finder, kinds, resolved(view, finder, built), words).page()


class _Names:
    """What kinds, properties and values are called in the page's language."""

    def __init__(self, view: GraphView, kinds: Kinds, resolved: ResolvedQuestion) -> None:
        self.view, self.resolved = view, resolved
        used = {condition.kind for _, condition in at_places(resolved.question.conditions)} | {
            resolved.question.kind
        }
        self.described = view.described(s.path for kind in used for s in kinds.steps(kind))

    def of_kind(self, kind: ClassOfThings) -> Text:
        return _name_of_kind(self.view, kind)

    def of_step(self, step: PropertyStep) -> Text:
        described = self.described[step.path]
        return label_of(self.view, step.path, step.backwards, described)

    def of_value(self, text: str) -> Text:
        known = self.resolved.things.get(text)
        return Text(known.node.text, known.node.language) if known else Text(text)


class _Builder:
    """Makes the page of one question."""

    def __init__(
        self,
        view: GraphView,
        finder: Finder,
        kinds: Kinds,
        resolved: ResolvedQuestion,
        words: Mapping[str, str],
    ) -> None:
        self.view, self.finder, self.kinds, self.resolved = view, finder, kinds, resolved
        self.question = resolved.question
        self.names = _Names(view, kinds, resolved)
        self.sentences = Sentences(words, self.names, view.language)

    def page(self) -> BuilderPage:
        conditions = self._shown(self.question.conditions, self.question.kind)
        sentence = self.sentences.of(self.question)
        query = self._query(plain(sentence)) if self._is_understood() else None
        return BuilderPage(
            (),
            (),
            self.question,
            self.names.of_kind(self.question.kind),
            tuple(address_pairs(self.question)),
            conditions,
            self._further(self.question.kind),
            sentence,
            query,
            tuple(self._heading(c.path) for c in query.columns) if query else (),
            self._status(),
        )

    def _status(self) -> int:
        """Return 400 where a number or day is none, 404 where nothing bears a name."""
        conditions = [condition for _, condition in at_places(self.question.conditions)]
        if any(_bad_fields(condition) for condition in conditions):
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

    def _query(self, sentence: str) -> BuiltQuery:
        terms = {
            text: NamedNode(candidate.node.iri) for text, candidate in self.resolved.things.items()
        }
        names = {
            candidate.node.iri: candidate.node.text for candidate in self.resolved.things.values()
        }
        language = "" if self.view.foreign else self.view.language
        query_words = QueryWords(sentence, language, lambda iri: names.get(iri, ""))
        return query_of(self.question, self.kinds, terms, query_words)

    def _is_understood(self) -> bool:
        return all(
            not _bad_fields(condition)
            and all(text in self.resolved.things for text in condition.values)
            for _, condition in at_places(self.question.conditions)
        )

    def _heading(self, path: Sequence[Condition]) -> str:
        """Return what a column is called: its kind, or the properties that lead to it."""
        names = [self.names.of_step(condition.step).value for condition in path]
        heading = " › ".join(names) or self.names.of_kind(self.question.kind).value
        return f"{heading[:1].upper()}{heading[1:]}"

    def _shown(
        self, conditions: Sequence[Condition], kind: ClassOfThings | None, before: str = ""
    ) -> tuple[ShownCondition, ...]:
        return tuple(
            self._shown_condition(f"{before}{number}", kind.name if kind else "", condition)
            for number, condition in enumerate(conditions, 1)
        )

    def _shown_condition(self, place: str, kind_name: str, condition: Condition) -> ShownCondition:
        ends = self.kinds.kinds_of_values(condition.step)
        name = self.view.addresses.short_or_iri
        few = few_values(self.view, condition.step, condition.kind)
        return ShownCondition(
            place,
            kind_name,
            condition.step,
            self.names.of_step(condition.step),
            condition.mode,
            tuple(BuilderOption(mode, mode, "", mode == condition.mode) for mode in MODES),
            tuple(self._value(place, condition, text) for text in condition.values),
            tuple(
                BuilderOption(name(node.iri), node.text, node.language)
                for node in few
                if name(node.iri) not in condition.values
            ),
            tuple(
                _option(kind.name, _name_of_kind(self.view, kind), kind == condition.kind)
                for kind in ends
            )
            if len(ends) > 1
            else (),
            condition.kind.name if condition.kind else "",
            self.kinds.kind_of_values(condition.step) is None,
            condition.least,
            condition.most,
            condition.text,
            _bad_fields(condition),
            self._further(condition.kind),
            self._shown(condition.conditions, condition.kind, f"{place}."),
        )

    def _value(self, place: str, condition: Condition, text: str) -> ShownValue:
        known = self.resolved.things.get(text)
        choice = (
            Choice(text, known) if known else choice_for(self.view, self.finder, condition, text)
        )
        pair, pairs, path = (
            (f"{place}.is", text),
            address_pairs(self.question),
            self.view.addresses.path,
        )

        def replaced(by: str) -> str:
            return path(
                "/builder",
                [(pair[0], by) if condition == pair else condition for condition in pairs],
            )

        offered = tuple((condition, replaced(condition.short)) for condition in choice.candidates)
        return ShownValue(text, choice, offered)

    def _further(self, kind: ClassOfThings | None) -> Further:
        rows = self.view.cached_rows("inverses").rows
        inverses = [
            (prop.value, inverse.value)
            for prop, inverse in rows
            if isinstance(prop, NamedNode) and isinstance(inverse, NamedNode)
        ]
        steps = without_inverses(self.kinds.steps(kind), inverses)
        return Further(
            tuple(self._step(step) for step in steps if not step.backwards),
            tuple(self._step(step) for step in steps if step.backwards),
        )

    def _step(self, step: PropertyStep) -> BuilderOption:
        label = self.names.of_step(step)
        classes = [self.kinds.known[c] for c in step.classes if c in self.kinds.known]
        ends = [_name_of_kind(self.view, kind).value for kind in classes[:_ENDS]]
        more = ", …" if len(classes) > _ENDS else ""
        return _option(
            step.name,
            Text(
                f"{label.value} ({', '.join(ends)}{more})" if ends else label.value, label.language
            ),
        )


def _to_choose(
    view: GraphView, kinds: Kinds
) -> tuple[tuple[tuple[str, Text], ...], tuple[tuple[str, Text], ...]]:
    """Return the kinds that readers ask for first, and the others by their names."""
    view.described(kinds.known)
    order = [iri for iri in _CLASSES if iri in kinds.known]
    if view.foreign:
        order = [*kinds.known][:_FIRST]

    def shown(kind: ClassOfThings) -> tuple[str, Text]:
        return view.addresses.path("/builder", [("kind", kind.name)]), _name_of_kind(view, kind)

    first = tuple(shown(kinds.known[iri]) for iri in order)
    others = (shown(kind) for iri, kind in kinds.known.items() if iri not in order)
    return first, tuple(
        sorted(others, key=lambda address_and_name: address_and_name[1].value.casefold())
    )


def _name_of_kind(view: GraphView, kind: ClassOfThings) -> Text:
    node = view.node(kind.iri)
    return view.best(kind.names) or Text(node.text, node.language)


def _option(value: str, text: Text, chosen: bool = False) -> BuilderOption:
    return BuilderOption(value, text.value, text.language, chosen)


def _bad_fields(condition: Condition) -> tuple[str, ...]:
    ends = {"from": condition.least, "to": condition.most}
    return tuple(name for name, text in ends.items() if text and condition.bound(text) is None)
