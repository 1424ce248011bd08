"""One or two sentences about a thing, made only from its facts.

The patterns are words of the site, under ``sentence``. One has ``{names}``, ``{of}``, ``{at}`` or
``{plural}`` for names, ``{n}`` for their number, and ``{value}``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.facts import Fact, FactValue
from rallynov_graph.site.model.grammar import FORMS, GRAMMARS, NAMES
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import Statement
from rallynov_graph.site.model.thing_description import ThingPage
from rallynov_graph.site.thing.weighing import Weighed
from rallynov_graph.site.web.messages import Messages

MOST_NAMED: Final = 3
"""Of more things than that, two are named and all are counted."""
LAST_RANK: Final = len(CERTAINTIES) - 1
LONGEST_NAME: Final = 80
"""How many characters of a name a sentence has."""


@dataclass(frozen=True)
class SentencePart:
    """Words of a sentence, or a thing that it names."""

    text: str = ""
    node: Node | None = None


@dataclass(frozen=True)
class Sentence(Weighed):
    """A sentence, as sure as its weakest fact."""

    parts: tuple[SentencePart, ...] = ()

    @property
    def text(self) -> str:
        """The sentence without links."""
        return "".join(part.node.text if part.node else part.text for part in self.parts)


@dataclass(frozen=True)
class Named:
    """Something that a sentence names, and the facts by which it does."""

    node: Node
    facts: tuple[Statement, ...] = ()

    @property
    def rank(self) -> int:
        """The rank of these facts together."""
        return Weighed(self.facts).rank if self.facts else 0


@dataclass(frozen=True)
class SeveralNamed:
    """Things that a fact is about; more of them may be known than are at hand."""

    known: tuple[Named, ...] = ()
    count: int = 0

    def __bool__(self) -> bool:
        return bool(self.known)


_WORDS: Final = "sentence."
"""What the keys of patterns begin with; their kind follows."""
_AND: Final = "shared.and"
_PERHAPS: Final = "sentence.perhaps"
_TYPE: Final = (TYPE, False)
Path = tuple[str, bool]
"""A property, and whether it is read from its value."""
Parts = list[SentencePart]


class SentenceWriter:
    """Writes the sentences of a thing, clause by clause, and remembers their facts."""

    def __init__(self, view: GraphView, words: Messages, thing: ThingPage) -> None:
        self.thing, self._view, self._words = thing, view, words
        self._grammar = GRAMMARS[words.language]
        self._facts: dict[Path, list[Fact]] = {}
        for fact in (fact for group in thing.groups for fact in group.facts):
            self._facts.setdefault((fact.path, fact.backwards), []).append(fact)
        self._parts: Parts = []
        self._said: list[Statement] = []
        self._before: Sentence | None = None

    def kind(self, node: Node) -> str:
        return self._view.addresses.kind(node.iri)

    def facts(self, *paths: Path) -> list[Fact]:
        return [fact for path in paths for fact in self._facts.get(path, ())]

    def values(self, *paths: Path) -> list[FactValue]:
        return [value for fact in self.facts(*paths) for value in fact.values]

    def named(self, *paths: Path, kinds: Sequence[str] = ()) -> SeveralNamed:
        """Return the values of some properties, those of some kinds where these are named."""
        facts = self.facts(*paths)
        found = {
            value.other.iri or value.other.text: Named(value.other, (value,))
            for fact in facts
            for value in fact.values
            if not kinds or self.kind(value.other) in kinds
        }
        more = sum(
            fact.more
            for fact in facts
            if not kinds or (fact.values and self.kind(fact.values[0].other) in kinds)
        )
        return SeveralNamed(tuple(found.values()), len(found) + more)

    def head(self, sorts: SeveralNamed) -> None:
        """Begin with the sort of thing that it is, in the words of the graph, else in our own."""
        sort = next((it for it in sorts.known if _is_named(it) and not it.node.language), None)
        if sort is None:
            self.say("head")
        else:
            self.write(sort.node.text)
            self._said += sort.facts

    def write(self, text: str) -> None:
        self._parts.append(SentencePart(text))

    def say(self, key: str, named: SeveralNamed | None = None, **fields: Named) -> bool:
        """Add a clause; return False if there is nothing to say, or a name has no such form.

        The pattern is that of the key; for counted things the key ends in one, few or many.
        """
        clause = self.clause(key, named, **fields)
        if clause and len(self._parts) == 1:
            clause[0] = SentencePart(clause[0].text.removeprefix(","))
        self._parts += clause or ()
        return bool(clause)

    def clause(self, key: str, named: SeveralNamed | None = None, **fields: Named) -> Parts | None:
        """Return a clause; its facts count for the certainty of the sentence."""
        shown = self._shown(named) if named is not None else []
        if (named is not None and not shown) or not all(map(_is_named, fields.values())):
            return None
        count = named.count if named is not None else 0
        plain = f"{_WORDS}{self.thing.kind}.{key}"
        pattern = self._words.or_else(f"{plain}_{_numbered(count)}" if named else plain, "")
        parts = self._filled(pattern or self._words[plain], shown, count, fields)
        if parts is not None:
            for it in (*(named.known if named else ()), *fields.values()):
                self._said += it.facts
        return parts

    def joined(self, clauses: Sequence[Parts]) -> None:
        """Add clauses with commas between them, the last with « et »."""
        for number, clause in enumerate(clauses):
            if number:
                self.write(self._and() if number == len(clauses) - 1 else ", ")
            self._parts += clause

    def say_next(self, key: str, named: SeveralNamed) -> bool:
        """Add a clause to a second sentence; return False if there is nothing to say."""
        first, self._parts, said, self._said = self._parts, [], self._said, []
        if self.say(key, named):
            self._before = self._sentence(first, said)
            return True
        self._parts, self._said = first, said
        return False

    def sentences(self) -> tuple[Sentence, ...]:
        """Return the sentences, each with a large letter at its start and a full stop."""
        written = self._sentence(self._parts, self._said)
        return (written,) if self._before is None else (self._before, written)

    def _sentence(self, parts: Parts, said: Sequence[Statement]) -> Sentence:
        first, *rest = _merged([*parts, SentencePart(".")])
        merged = (replace(first, text=first.text[:1].upper() + first.text[1:]), *rest)
        return Sentence((*said, *(() if self._before else self.values(_TYPE))), merged)

    def _and(self) -> str:
        return f" {self._words[_AND]} "

    def _shown(self, named: SeveralNamed) -> list[Named]:
        known = sorted(filter(_is_named, named.known), key=lambda it: it.rank)
        return known if named.count <= MOST_NAMED else known[: MOST_NAMED - 1]

    def _filled(
        self, pattern: str, shown: list[Named], count: int, fields: dict[str, Named]
    ) -> Parts | None:
        parts: Parts = []
        for text, field in _parsed(pattern):
            parts.append(SentencePart(text))
            if field == "n":
                parts.append(SentencePart(self._grammar.number(count)))
            elif field in fields:
                parts.append(SentencePart(node=fields[field].node))
            elif field in FORMS:
                names = self._list(shown, field)
                if names is None:
                    return None
                parts += names
        return parts

    def _list(self, known: list[Named], form: str) -> Parts | None:
        parts: Parts = []
        for number, it in enumerate(known):
            name = it.node.text if len(it.node.text) <= LONGEST_NAME else _cut(it.node.text)
            again = bool(number) and not self._grammar.repeats
            placed = self._placed(name, it.node, NAMES if again else form)
            if placed is None:
                return None
            before, shown, after = placed
            if it.rank == LAST_RANK > known[number - 1].rank:
                before = f"{self._words[_PERHAPS]} {before}"
            if number:
                before = (self._and() if number == len(known) - 1 else ", ") + before
            node = replace(it.node, text=shown, cut=False)
            parts += (SentencePart(before), SentencePart(node=node), SentencePart(after))
        return parts

    def _placed(self, name: str, node: Node, form: str) -> tuple[str, str, str] | None:
        return self._grammar.placed(name, "person" if node.language else self.kind(node), form)


def _parsed(pattern: str) -> tuple[tuple[str, str | None], ...]:
    """Return a pattern as words, each with what follows it; there are a few hundred patterns."""
    return tuple((text, field) for text, field, _, _ in Formatter().parse(pattern))


def _is_named(it: Named) -> bool:
    return bool(it.node.text.strip())


def _numbered(count: int) -> str:
    return "one" if count == 1 else "few" if count <= MOST_NAMED else "many"


def _cut(name: str) -> str:
    return name[: LONGEST_NAME - 1].rstrip() + "…"


def _merged(parts: Iterable[SentencePart]) -> Parts:
    """Return parts with words that follow each other as one."""
    merged: Parts = []
    for part in parts:
        if merged and part.node is None and merged[-1].node is None:
            merged[-1] = SentencePart(merged[-1].text + part.text)
        elif part.node is not None or part.text:
            merged.append(part)
    return merged
