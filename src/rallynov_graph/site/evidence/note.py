"""The evidence note: a claim, the words it rests on, who says them, how it is concluded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.site.evidence.reasoning import (
    Clue,
    ReasonedStatement,
    certainty_without,
    clues,
    reasoning,
)
from rallynov_graph.site.model.as_printed import PROPERTIES
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import marks_of
from rallynov_graph.site.model.passages import Extract, PrintedWords, extracts, position_of
from rallynov_graph.site.model.said_before import FormerStatement, former_claim
from rallynov_graph.site.model.statement import statements, statements_about

MOST_CLUES: Final = 12
"""The passages of so many clues for a claim are named; the reasoning has them all."""
HOLDS: Final = "holds"
FALLS: Final = "falls"
_INDICATES: Final = RN + "indicates"
_NAME: Final = RN + "nameAsPrinted"
_PRINTED_AS: Final = {
    RN + "role": RN + "roleAsPrinted",
    **dict.fromkeys(
        (*(f"https://schema.org/{it}" for it in ("startDate", "endDate")), RN + "edtfDate"),
        RN + "dateAsPrinted",
    ),
}
"""The printed form of the same thing that says what a property says in a value."""


@dataclass(frozen=True)
class Quotation:
    """The main quotation for a claim, its place and its voice."""

    extract: Extract
    voices: tuple[Node, ...]
    """The speakers whom the passage quotes; none where the document itself speaks."""
    on_behalf_of: Node | None
    """For whom they speak, where that is one organisation, and no reading leaves it open."""


@dataclass(frozen=True)
class OtherPlace:
    """A part of a document that has more passages for a claim."""

    extract: Extract
    """The first of them."""
    count: int


@dataclass(frozen=True)
class ReadingEffect:
    """A reading of a question, and what becomes of the claim under it."""

    node: Node
    is_taken: bool
    """Whether what the claim rests on takes it."""
    effect: str = ""
    """Holds or falls; empty where the graph does not say what depends on it."""
    certainty: str = ""
    """How sure the claim is under it, where it holds."""


@dataclass(frozen=True)
class RivalQuestion:
    """An open question that touches what a claim rests on."""

    node: Node
    href: str
    """Where its readings are side by side, with all that hangs on it."""
    readings: tuple[ReadingEffect, ...]

    @property
    def decides(self) -> bool:
        """Whether the claim falls under one of its readings, or is then less or more sure."""
        effects = {(it.effect, it.certainty) for it in self.readings}
        return len(effects) > 1


@dataclass(frozen=True)
class Note:
    """A claim and where it comes from."""

    claim: ReasonedStatement
    quotation: Quotation | None
    """None where no document carries the claim."""
    others: tuple[OtherPlace, ...]
    """Where its other passages are."""
    clue: Clue | None
    """The surest way to it; None where it does not hold."""
    more: int
    """How many other ways lead to it."""
    places: tuple[Extract, ...]
    """Where documents carry its surest way, the weakest link first."""
    questions: tuple[RivalQuestion, ...]
    triples: tuple[Triple, ...]
    """The claim, and all that it is concluded from."""
    former: tuple[FormerStatement, ...] = ()
    """Who said it, where it is no longer current."""

    @property
    def holds(self) -> bool:
        return self.claim.fact.holds

    @property
    def certainty(self) -> str:
        """That of the weakest link of its surest way; empty where no document says any of it."""
        return self.clue.links[0].certainty if self.clue else ""

    @property
    def rules(self) -> int:
        """How many rules lead to the claim, each counted once."""
        every = (way.rule for _, step in self.claim.steps() for way in step.ways)
        return len({*every})


def note_of_claim(view: GraphView, claim: Triple, texts: Mapping[str, str]) -> Note:
    """Return the note of a claim, with the words of the documents whose texts are at hand."""
    step = reasoning(view, claim)
    every = clues(step)
    first = every[0] if every else None
    quotation = _quotation(view, texts, first) if first else None
    shown = [link for clue in every[:MOST_CLUES] for link in clue.links]
    return Note(
        step,
        quotation,
        _others(view, shown, quotation),
        first,
        max(0, len(every) - 1),
        tuple(it for link in (first.links if first else ()) for it in _extracts(view, {}, link)),
        _questions(view, step, shown),
        tuple(dict.fromkeys(it.stated.triple for _, it in step.steps())),
        () if step.fact.holds else former_claim(view, claim),
    )


def _extracts(
    view: GraphView,
    texts: Mapping[str, str],
    step: ReasonedStatement,
    printed: Sequence[PrintedWords] = (),
) -> tuple[Extract, ...]:
    passages = {it.iri: it for e in step.evidence for it in e.passages}
    return extracts(view, texts, passages.values(), printed)


# The words, and whose they are.


def _quotation(view: GraphView, texts: Mapping[str, str], clue: Clue) -> Quotation | None:
    """Return the words of a clue: of a theme before other words, of a weak link before others."""
    printed = [(_printed(view, it), it) for it in clue.links if it.is_stated]
    if not printed:
        return None
    words, link = min(printed, key=lambda it: (not it[0], not any(w.is_theme for w in it[0])))
    places = _extracts(view, texts, link, words)
    if not places:
        return None
    extract = min(places, key=lambda it: (not it.printed, it.position.start - it.position.end))
    if not extract.printed and link.stated.path in PROPERTIES:
        extract = replace(extract, printed=link.value.text)
    voices = (link.best.voices if link.best else ()) or _voices(view, link, extract)
    return Quotation(extract, voices, _on_behalf_of(view, voices))


def _voices(view: GraphView, link: ReasonedStatement, extract: Extract) -> tuple[Node, ...]:
    """Return whom the document quotes with the words of an extract."""
    passages = {it.iri: NamedNode(it.iri) for e in link.evidence for it in e.passages}
    rows = view.queries.rows("voices_of_passages", passage=passages.values())
    found = [
        row["voice"]
        for row in rows
        if extract.is_within(
            getattr(row["text"], "value", ""), position_of(row["start"], row["end"])
        )
    ]
    return tuple(view.nodes(found).values())


def _printed(view: GraphView, step: ReasonedStatement) -> list[PrintedWords]:
    """Return the words that say a claim, as printed at its passages, the most telling first.

    These are words that indicate its theme, the name of its object, and what its value is printed
    as.
    """
    passages = {it.iri: NamedNode(it.iri) for e in step.evidence for it in e.passages}
    subject, path, value = step.fact.subject, step.stated.path, step.fact.object
    things = [it for it in (value, subject) if isinstance(it, NamedNode)]
    if not passages or not things:
        return []
    own = value if path in PROPERTIES else None
    wanted = path if own else _PRINTED_AS.get(path, "")
    found: list[tuple[bool, int, PrintedWords]] = []
    for row in view.queries.rows("words_of_claim", passage=passages.values(), thing=things):
        prop, words, text = row["property"], row["words"], row["text"]
        assert isinstance(prop, NamedNode) and isinstance(text, NamedNode)
        assert isinstance(words, Literal)
        is_name_of_value = prop.value == _NAME and isinstance(value, NamedNode)
        if prop.value not in (_INDICATES, wanted) and not is_name_of_value:
            continue
        if own is not None and words != own:
            continue
        is_theme, place = prop.value == _INDICATES, position_of(row["start"], row["end"])
        length = place.end - place.start
        found.append((not is_theme, length, PrintedWords(words.value, text.value, place, is_theme)))
    return [it for _, _, it in sorted(found, key=lambda it: it[:2])]


def _on_behalf_of(view: GraphView, voices: Iterable[Node]) -> Node | None:
    """Return the one organisation that all voices speak for, where that is no open reading."""
    iris = [it.iri for it in voices]
    stated = (it for them in statements_about(view, iris).values() for it in them)
    spoken = statements(view, (it for it in stated if it.path == RN + "speaksFor"), "inferred")
    found = {it.value.iri: it.value for it in spoken}
    return next(iter(found.values())) if len(found) == 1 else None


def _others(
    view: GraphView, links: Iterable[ReasonedStatement], quotation: Quotation | None
) -> tuple[OtherPlace, ...]:
    """Return where the other passages of a claim are, each part of a document once."""
    passages = {it.iri: it for link in links for e in link.evidence for it in e.passages}
    found: dict[tuple[str, str], list[Extract]] = {}
    for it in extracts(view, {}, passages.values()):
        if quotation is None or not quotation.extract.is_within(it.text, it.position):
            found.setdefault((it.document.iri, it.part.iri if it.part else ""), []).append(it)
    return tuple(OtherPlace(them[0], len(them)) for them in found.values())


# The open questions, and what becomes of a claim under each of their readings.


def _questions(
    view: GraphView, claim: ReasonedStatement, links: Sequence[ReasonedStatement]
) -> tuple[RivalQuestion, ...]:
    """Return the questions that decide about a claim first, then those that touch its links."""
    support = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    rows = [*view.queries.rows("questions_of_sets", set=map(NamedNode, sorted(support)))]
    facts = {
        (thing, link.fact.predicate)
        for link in links
        for thing in (link.fact.subject, link.fact.object)
        if isinstance(thing, NamedNode)
    }
    rows += [
        row
        for row in view.queries.rows(
            "questions_of_facts",
            thing=sorted({thing for thing, _ in facts}, key=str),
            property=sorted({prop for _, prop in facts}, key=str),
        )
        if (row["thing"], row["property"]) in facts
    ]
    found: dict[Term, dict[Term, set[str]]] = {}
    for row in rows:
        question, reading, taken = row["question"], row["reading"], row["taken"]
        assert question is not None and reading is not None
        sets = found.setdefault(question, {}).setdefault(reading, set())
        sets.update([taken.value] if isinstance(taken, NamedNode) else [])
    nodes = view.nodes([*found, *(reading for it in found.values() for reading in it)])
    marks = marks_of(view, (it.value for it in found if isinstance(it, NamedNode)))
    questions = []
    for term, takers in found.items():
        node, readings = nodes[term], _effects(claim, nodes, takers)
        mark = marks.get(node.iri)
        questions.append(RivalQuestion(node, mark.href if mark else node.href or "", readings))
    return tuple(sorted(questions, key=lambda it: (not it.decides, it.node.text)))


def _effects(
    claim: ReasonedStatement, nodes: Mapping[Term, Node], takers: Mapping[Term, set[str]]
) -> tuple[ReadingEffect, ...]:
    """Return what becomes of a claim under each reading: sets that take only others are gone."""
    every = frozenset[str]().union(*takers.values())
    support = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    readings = []
    for reading, sets in takers.items():
        if not every & support:
            readings.append(ReadingEffect(nodes[reading], bool(sets)))
            continue
        certainty = certainty_without(claim.fact, every - sets)
        effect = FALLS if certainty is None else HOLDS
        readings.append(
            ReadingEffect(nodes[reading], bool(sets & support), effect, certainty or "")
        )
    return tuple(sorted(readings, key=lambda it: not it.is_taken))
