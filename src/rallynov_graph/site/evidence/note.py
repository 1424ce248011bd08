"""The evidence note: a claim, its weakest link, the words it rests on, what else could be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, SUREST
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.site.evidence.reasoning import (
    ReasonedStatement,
    certainty_without,
    clues,
    reasoning,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import marks_of
from rallynov_graph.site.model.passages import Extract, extracts
from rallynov_graph.site.model.said_before import FormerStatement, former_claim
from rallynov_graph.site.model.statement import (
    CURATION,
    OUTSIDE,
    Judged,
    StatedTriple,
    Statement,
    iri_of,
    judged,
    shown,
)

MOST_REASONS: Final = 12
"""So many clues for a claim are shown with their words; the reasoning has them all."""
MOST_EXTRACTS: Final = 4
"""So many extracts are shown of one claim; its set has them all."""
MOST_IN_SHORT: Final = 2
"""So many extracts a short form shows of one claim, and a question of what else is at stake."""
MOST_AT_STAKE: Final = 2
"""So many other claims at stake are shown beside a claim; the question leads to all."""
MOST_LINKS: Final = 6
"""So many other links of the same passages are shown; the others are counted."""
COMPUTED: Final = "computed"
WEAKEST: Final = "weakest"
HOLDS: Final = "holds"
FALLS: Final = "falls"


@dataclass(frozen=True)
class NoteLink:
    """A claim of a document that the claim of the note rests on, with its words."""

    step: ReasonedStatement
    is_weakest: bool
    extracts: tuple[Extract, ...]
    """Those that no link before it has."""
    more: int
    """How many extracts are not shown."""
    repeats: bool
    """Whether it rests on words that are shown before."""
    at_stake: tuple[tuple[Statement, tuple[Extract, ...]], ...]
    """What else a question that touches it leaves unsettled, with its words."""

    @property
    def longest(self) -> tuple[Extract, ...]:
        """The extracts that say most, in their order: a heading says less than what is under it."""
        by_length = sorted(self.extracts, key=lambda it: it.position.start - it.position.end)
        return tuple(it for it in self.extracts if it in by_length[:MOST_IN_SHORT])


@dataclass(frozen=True)
class NoteReason:
    """A clue for the claim: a rule and what it rests on; without a rule where it is said itself."""

    rule: Text | None
    links: tuple[NoteLink, ...]


@dataclass(frozen=True)
class Verdict:
    """How sure the claim is, and why."""

    kind: str
    """explicit, inferred, tentative; computed from what is explicit; weakest, where a link decides;
    curation, outside; empty where the graph does not say so."""
    certainty: str = ""
    link: ReasonedStatement | None = None
    reason: Text | None = None
    voices: tuple[Node, ...] = ()
    facts: int = 0
    """How many claims of documents it is computed from."""


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
    """Where its readings stand side by side, with all that hangs on it."""
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
    verdict: Verdict
    reasons: tuple[NoteReason, ...]
    more: int
    """How many clues for it are in the reasoning alone."""
    questions: tuple[RivalQuestion, ...]
    triples: tuple[Triple, ...]
    """The claim, and all that it is concluded from."""
    links: tuple[Statement, ...]
    """What else the passages carry that decide how sure it is."""
    more_links: int
    former: tuple[FormerStatement, ...] = ()
    """Who said it, where it no longer stands."""

    @property
    def holds(self) -> bool:
        """Whether the graph says so."""
        return self.claim.fact.holds

    @property
    def has_words(self) -> bool:
        """Whether words of a document are shown."""
        return any(it.words for it in self.extracts)

    @property
    def extracts(self) -> tuple[Extract, ...]:
        """All places of documents that are shown."""
        shown = [link for reason in self.reasons for link in reason.links]
        at_stake = (it for link in shown for _, them in link.at_stake for it in them)
        return (*(it for link in shown for it in link.extracts), *at_stake)

    @property
    def rules(self) -> int:
        """How many rules lead to the claim, each counted once."""
        every = (way.rule for _, step in self.claim.steps() for way in step.ways)
        return len({*every})


def note_of_claim(view: GraphView, claim: Triple, texts: Mapping[str, str]) -> Note:
    """Return the note of a claim, with the words of the documents whose texts are at hand."""
    step = reasoning(view, claim)
    reasons = _reasons(step)
    shown_reasons = reasons[:MOST_REASONS]
    every = {it.stated: it for _, them in shown_reasons for it in them}
    questions = _questions(view, step, [*every.values()])
    at_stake = _at_stake(view, questions, [*every.values()])
    triples = dict.fromkeys(it.stated.triple for _, it in step.steps())
    deciding = shown_reasons[0][1][0].evidence if every else ()
    links, more_links = _of_passages(
        view, claim, dict.fromkeys(it.iri for e in deciding for it in e.passages), triples
    )

    def of_links(them: tuple[ReasonedStatement, ...]) -> Iterator[NoteLink]:
        weakest, shown_before = _weakest(them), set[Extract]()
        for it in them:
            every = _extracts(view, texts, it)
            own = tuple(one for one in every if one not in shown_before)
            shown_before.update(own)
            yield NoteLink(
                it,
                it is weakest,
                own[:MOST_EXTRACTS],
                max(0, len(own) - MOST_EXTRACTS),
                len(own) < len(every),
                tuple((one, others(one, every)) for one in at_stake.get(it.stated, ())),
            )

    def others(one: Statement, beside: tuple[Extract, ...]) -> tuple[Extract, ...]:
        own = extracts(view, texts, one.evidence[0].passages)
        return tuple(it for it in own if it not in beside)[:MOST_IN_SHORT]

    return Note(
        step,
        _verdict(step, shown_reasons[0][1] if shown_reasons else ()),
        tuple(NoteReason(rule, tuple(of_links(them))) for rule, them in shown_reasons),
        len(reasons) - len(shown_reasons),
        _rivals(view, step, questions),
        tuple(triples),
        links,
        more_links,
        () if step.fact.holds else former_claim(view, claim),
    )


def _reasons(step: ReasonedStatement) -> list[tuple[Text | None, tuple[ReasonedStatement, ...]]]:
    """Return the clues for a claim, the surest first, each with what documents say for it."""
    return [*([(None, (step,))] if step.evidence else []), *clues(step)]


def _weakest(them: tuple[ReasonedStatement, ...]) -> ReasonedStatement | None:
    """Return the link that decides how sure a conclusion is; None where all are said outright."""
    if len(them) < 2 or them[0].certainty in ("", SUREST):
        return None
    return them[0]


def _extracts(
    view: GraphView, texts: Mapping[str, str], step: ReasonedStatement
) -> tuple[Extract, ...]:
    passages = {it.iri: it for e in step.evidence for it in e.passages}
    return extracts(view, texts, passages.values())


def _verdict(step: ReasonedStatement, first: tuple[ReasonedStatement, ...]) -> Verdict:
    best = step.best
    if best is not None:
        return Verdict(best.kind, best.kind, None, best.reason, best.voices)
    if step.evidence:
        how = step.evidence[0].kind
        return Verdict(how if how in (CURATION, OUTSIDE) else CURATION)
    if not first:
        return Verdict("")
    weakest = first[0]
    if not weakest.is_stated:
        return Verdict(step.ways[0].basis or CURATION)
    if weakest.certainty == SUREST:
        return Verdict(COMPUTED, SUREST, facts=len(first))
    reason = weakest.best.reason if weakest.best else None
    return Verdict(WEAKEST, weakest.certainty, weakest, reason, facts=len(first))


@dataclass
class _Question:
    """What rows say of a question: its readings and the sets that take each."""

    taken: dict[Term, set[str]]
    touches: set[StatedTriple]


def _questions(
    view: GraphView, claim: ReasonedStatement, links: Sequence[ReasonedStatement]
) -> dict[Term, _Question]:
    """Return the questions that a claim depends on, or that touch one of its links."""
    found = _by_sets(view, claim, links)
    _add_by_facts(view, found, links)
    return found


def _rivals(
    view: GraphView, claim: ReasonedStatement, found: Mapping[Term, _Question]
) -> tuple[RivalQuestion, ...]:
    """Return the questions that decide about a claim first, then those that touch it."""
    nodes = view.nodes([*found, *(reading for it in found.values() for reading in it.taken)])
    iris = (it.value for it in found if isinstance(it, NamedNode))
    places = {iri: mark.href for iri, mark in marks_of(view, iris).items()}
    questions = [_rival(claim, nodes, places, term, it) for term, it in found.items()]
    return tuple(sorted(questions, key=lambda it: (not it.decides, it.node.text)))


def _by_sets(
    view: GraphView, claim: ReasonedStatement, links: Sequence[ReasonedStatement]
) -> dict[Term, _Question]:
    """Return the questions of which a reading is taken in a set that the claim rests on."""
    sets = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    rows = view.queries.rows("questions_of_sets", set=map(NamedNode, sorted(sets)))
    found: dict[Term, _Question] = {}
    for row in rows:
        _put(found, row)
    for question in found.values():
        taken = set().union(*question.taken.values())
        question.touches |= {
            it.stated for it in links if taken & {e.source.iri for e in it.evidence}
        }
    return found


def _add_by_facts(
    view: GraphView, found: dict[Term, _Question], links: Sequence[ReasonedStatement]
) -> None:
    """Add the questions about the things of a link that leave its property unsettled."""
    by_fact: dict[tuple[Term, Term], list[StatedTriple]] = {}
    for link in links:
        for thing in (link.fact.subject, link.fact.object):
            if isinstance(thing, NamedNode):
                by_fact.setdefault((thing, link.fact.predicate), []).append(link.stated)
    things = [thing for thing, _ in by_fact if isinstance(thing, NamedNode)]
    properties = [prop for _, prop in by_fact if isinstance(prop, NamedNode)]
    for row in view.queries.rows("questions_of_facts", thing=things, property=properties):
        about, through = row["thing"], row["property"]
        triples = by_fact.get((about, through), ()) if about and through else ()
        if triples:
            _put(found, row).touches.update(triples)


def _put(found: dict[Term, _Question], row: Row) -> _Question:
    question, reading, taken = row["question"], row["reading"], row["taken"]
    assert question is not None and reading is not None
    it = found.setdefault(question, _Question({}, set()))
    sets = it.taken.setdefault(reading, set())
    if isinstance(taken, NamedNode):
        sets.add(taken.value)
    return it


def _rival(
    claim: ReasonedStatement,
    nodes: dict[Term, Node],
    places: dict[str, str],
    term: Term,
    question: _Question,
) -> RivalQuestion:
    """Return a question with what becomes of the claim under each of its readings.

    Under a reading, the sets that take only other ones are not there.
    """
    every = frozenset[str]().union(*question.taken.values())
    support = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    readings = []
    for reading, sets in question.taken.items():
        node, taken = nodes[reading], bool(sets & support)
        if not every & support:
            readings.append(ReadingEffect(node, bool(sets)))
            continue
        certainty = certainty_without(claim.fact, every - sets)
        effect = FALLS if certainty is None else HOLDS
        readings.append(ReadingEffect(node, taken, effect, certainty or ""))
    readings.sort(key=lambda it: not it.is_taken)
    node = nodes[term]
    return RivalQuestion(node, places.get(node.iri, node.href or ""), tuple(readings))


def _at_stake(
    view: GraphView, found: Mapping[Term, _Question], links: Sequence[ReasonedStatement]
) -> dict[StatedTriple, list[Statement]]:
    """Return what else documents say of the subject of each link that a question touches."""
    touched = {triple for question in found.values() for triple in question.touches}
    own = {it.stated for it in links}
    subjects = [it.subject for it in own & touched if isinstance(it.subject, NamedNode)]
    questions = [it for it in found if isinstance(it, NamedNode)]
    graphs: dict[StatedTriple, dict[str, None]] = {}
    of_links: dict[StatedTriple, dict[StatedTriple, None]] = {}
    for row in view.queries.rows("also_at_stake", question=questions, thing=subjects):
        other, question = _stated(row), row["question"]
        assert question is not None
        graphs.setdefault(other, {})[iri_of(row["graph"])] = None
        for link in found[question].touches if other not in own else ():
            if link.subject == other.subject and link.path != other.path:
                of_links.setdefault(link, {})[other] = None
    every = judged(view, (it._replace(graphs=(*of,)) for it, of in graphs.items()))
    certain = {it: of[:1] for it, of in every.items() if of and of[0].kind in CERTAINTIES}
    statements = {it.stated._replace(graphs=()): it for it in shown(view, certain).values()}
    return {
        link: _surest(statements[it] for it in them if it in statements)
        for link, them in of_links.items()
    }


def _surest(them: Iterable[Statement]) -> list[Statement]:
    return sorted(them, key=lambda it: it.evidence[0].rank)[:MOST_AT_STAKE]


def _stated(row: Row) -> StatedTriple:
    subject, prop, value = row["thing"], row["property"], row["value"]
    assert subject is not None and isinstance(prop, NamedNode) and value is not None
    return StatedTriple(subject, prop.value, value)


def _of_passages(
    view: GraphView, claim: Triple, passages: Iterable[str], without: Collection[Triple]
) -> tuple[tuple[Statement, ...], int]:
    """Return what else passages carry, and how many more links they do.

    The claims that a note shows itself are left out. Links of the things of the claim come first.
    """
    wanted = [NamedNode(iri) for iri in passages]
    if not wanted:
        return (), 0
    graphs: dict[StatedTriple, set[str]] = {}
    for graph, *terms in view.queries.rows("facts_of_passage", passage=wanted).rows:
        subject, prop, value = terms
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            assert isinstance(graph, NamedNode) and isinstance(prop, NamedNode)
            it = StatedTriple(subject, prop.value, value)
            if prop.value != TYPE and it.triple not in without:
                graphs.setdefault(it, set()).add(graph.value)
    stated = (it._replace(graphs=tuple(sorted(of))) for it, of in graphs.items())
    surest: Judged = {it: of[:1] for it, of in judged(view, stated).items()}
    ends = {claim.subject, claim.object}
    ordered = sorted(
        surest, key=lambda it: (ends.isdisjoint((it.subject, it.value)), surest[it][0].rank)
    )
    links = shown(view, {it: surest[it] for it in ordered[:MOST_LINKS]})
    return tuple(links.values()), max(0, len(ordered) - MOST_LINKS)
