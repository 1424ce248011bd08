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
    HOWS,
    Built,
    Condition,
    at_places,
    written,
)
from rallynov_graph.site.query.builder.built_sentence import Pieces, Sentences, plain
from rallynov_graph.site.query.builder.property_values import Meant, few_values, meant, settled
from rallynov_graph.site.query.builder.steps import ClassOfThings, Kinds, PropertyStep, said_once

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
    how: str
    hows: Options
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
    wrong: tuple[str, ...]
    """The fields that hold what is no number, day or time."""
    further: Further
    conditions: tuple[ShownCondition, ...]


@dataclass(frozen=True)
class BuilderPage:
    """A question as it is built so far; nothing but kinds to choose from before that."""

    first: tuple[tuple[str, Text], ...]
    others: tuple[tuple[str, Text], ...]
    """The kinds that are asked for first and the others, by their addresses."""
    built: Built | None = None
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
    view: GraphView, finder: Finder, kinds: Kinds, built: Built | None, words: Mapping[str, str]
) -> BuilderPage:
    """Return the page of a question; its sentence is in the words that are given."""
    if built is None:
        return BuilderPage(*_to_choose(view, kinds))
    return _Builder(view, finder, kinds, settled(view, finder, built), words).page()


class _Names:
    """What kinds, properties and values are called in the page's language."""

    def __init__(self, view: GraphView, kinds: Kinds, meant: Meant) -> None:
        self.view, self.meant = view, meant
        used = {it.kind for _, it in at_places(meant.built.conditions)} | {meant.built.kind}
        self.described = view.described(s.path for kind in used for s in kinds.steps(kind))

    def of_kind(self, kind: ClassOfThings) -> Text:
        return _called(self.view, kind)

    def of_step(self, step: PropertyStep) -> Text:
        described = self.described[step.path]
        return label_of(self.view, step.path, step.backwards, described)

    def of_value(self, text: str) -> Text:
        known = self.meant.things.get(text)
        return Text(known.node.text, known.node.language) if known else Text(text)


class _Builder:
    """Makes the page of one question."""

    def __init__(
        self, view: GraphView, finder: Finder, kinds: Kinds, meant: Meant, words: Mapping[str, str]
    ) -> None:
        self.view, self.finder, self.kinds, self.meant = view, finder, kinds, meant
        self.built = meant.built
        self.names = _Names(view, kinds, meant)
        self.sentences = Sentences(words, self.names, view.language)

    def page(self) -> BuilderPage:
        conditions = self._shown(self.built.conditions, self.built.kind)
        sentence = self.sentences.of(self.built)
        query = self._query(plain(sentence)) if self._is_understood() else None
        return BuilderPage(
            (),
            (),
            self.built,
            self.names.of_kind(self.built.kind),
            tuple(written(self.built)),
            conditions,
            self._further(self.built.kind),
            sentence,
            query,
            tuple(self._heading(c.path) for c in query.columns) if query else (),
            self._status(),
        )

    def _status(self) -> int:
        """Return 400 where a number or day is none, 404 where nothing bears a name."""
        told = [it for _, it in at_places(self.built.conditions)]
        if any(_wrong(it) for it in told):
            return 400
        unknown = [(it, text) for it in told for text in it.values if text not in self.meant.things]
        missing = any(meant(self.view, self.finder, it, text).is_missing for it, text in unknown)
        return 404 if missing else 200

    def _query(self, sentence: str) -> BuiltQuery:
        terms = {text: NamedNode(it.node.iri) for text, it in self.meant.things.items()}
        called = {it.node.iri: it.node.text for it in self.meant.things.values()}
        language = "" if self.view.foreign else self.view.language
        told = QueryWords(sentence, language, lambda iri: called.get(iri, ""))
        return query_of(self.built, self.kinds, terms, told)

    def _is_understood(self) -> bool:
        return all(
            not _wrong(it) and all(text in self.meant.things for text in it.values)
            for _, it in at_places(self.built.conditions)
        )

    def _heading(self, path: Sequence[Condition]) -> str:
        """Return what a column is called: its kind, or the properties that lead to it."""
        names = [self.names.of_step(it.step).value for it in path]
        said = " › ".join(names) or self.names.of_kind(self.built.kind).value
        return f"{said[:1].upper()}{said[1:]}"

    def _shown(
        self, conditions: Sequence[Condition], of: ClassOfThings | None, before: str = ""
    ) -> tuple[ShownCondition, ...]:
        return tuple(
            self._one(f"{before}{number}", of.name if of else "", it)
            for number, it in enumerate(conditions, 1)
        )

    def _one(self, place: str, of: str, it: Condition) -> ShownCondition:
        ends = self.kinds.ends(it.step)
        name = self.view.addresses.named
        few = few_values(self.view, it.step, it.kind)
        return ShownCondition(
            place,
            of,
            it.step,
            self.names.of_step(it.step),
            it.how,
            tuple(BuilderOption(how, how, "", how == it.how) for how in HOWS),
            tuple(self._value(place, it, text) for text in it.values),
            tuple(
                BuilderOption(name(node.iri), node.text, node.language)
                for node in few
                if name(node.iri) not in it.values
            ),
            tuple(_option(kind.name, _called(self.view, kind), kind == it.kind) for kind in ends)
            if len(ends) > 1
            else (),
            it.kind.name if it.kind else "",
            self.kinds.end(it.step) is None,
            it.least,
            it.most,
            it.text,
            _wrong(it),
            self._further(it.kind),
            self._shown(it.conditions, it.kind, f"{place}."),
        )

    def _value(self, place: str, it: Condition, text: str) -> ShownValue:
        known = self.meant.things.get(text)
        choice = Choice(text, known) if known else meant(self.view, self.finder, it, text)
        pair, pairs, path = (f"{place}.is", text), written(self.built), self.view.addresses.path

        def replaced(by: str) -> str:
            return path("/builder", [(pair[0], by) if it == pair else it for it in pairs])

        offered = tuple((it, replaced(it.short)) for it in choice.candidates)
        return ShownValue(text, choice, offered)

    def _further(self, kind: ClassOfThings | None) -> Further:
        rows = self.view.answered("inverses").rows
        inverses = [
            (prop.value, inverse.value)
            for prop, inverse in rows
            if isinstance(prop, NamedNode) and isinstance(inverse, NamedNode)
        ]
        steps = said_once(self.kinds.steps(kind), inverses)
        return Further(
            tuple(self._step(step) for step in steps if not step.backwards),
            tuple(self._step(step) for step in steps if step.backwards),
        )

    def _step(self, step: PropertyStep) -> BuilderOption:
        label = self.names.of_step(step)
        classes = [self.kinds.known[c] for c in step.classes if c in self.kinds.known]
        ends = [_called(self.view, kind).value for kind in classes[:_ENDS]]
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
        return view.addresses.path("/builder", [("kind", kind.name)]), _called(view, kind)

    first = tuple(shown(kinds.known[iri]) for iri in order)
    others = (shown(kind) for iri, kind in kinds.known.items() if iri not in order)
    return first, tuple(sorted(others, key=lambda it: it[1].value.casefold()))


def _called(view: GraphView, kind: ClassOfThings) -> Text:
    node = view.node(kind.iri)
    return view.best(kind.names) or Text(node.text, node.language)


def _option(value: str, text: Text, chosen: bool = False) -> BuilderOption:
    return BuilderOption(value, text.value, text.language, chosen)


def _wrong(it: Condition) -> tuple[str, ...]:
    ends = {"from": it.least, "to": it.most}
    return tuple(name for name, text in ends.items() if text and it.bound(text) is None)
