"""The evidence note: a claim, its weakest link, the words it rests on, what else could be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rules import justifications
from rallynov_graph.site.evidence.reasoning import EvidenceStep, clues, reasoning
from rallynov_graph.site.evidence.rivals import AtStake, RivalQuestion, rivals
from rallynov_graph.site.evidence.same_source import SameSource, same_source
from rallynov_graph.site.model.evidence import CURATION, OUTSIDE
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import Extract, extracts
from rallynov_graph.site.model.said_before import FormerStatement, former_claim

MOST_REASONS: Final = 12
"""So many clues for a claim are shown with their words; the reasoning has them all."""
MOST_EXTRACTS: Final = 4
"""So many extracts are shown of one claim; its set has them all."""
MOST_IN_SHORT: Final = 2
"""So many extracts a short form shows of one claim, and a question of what else is at stake."""
COMPUTED: Final = "computed"
WEAKEST: Final = "weakest"


@dataclass(frozen=True)
class NoteLink:
    """A claim of a document that the claim of the note rests on, with its words."""

    step: EvidenceStep
    is_weakest: bool
    extracts: tuple[Extract, ...]
    """Those that no link before it has."""
    more: int
    """How many extracts are not shown."""
    repeats: bool
    """Whether it rests on words that are shown before."""
    at_stake: tuple[tuple[AtStake, tuple[Extract, ...]], ...]
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
    link: EvidenceStep | None = None
    reason: Text | None = None
    voices: tuple[Node, ...] = ()
    facts: int = 0
    """How many claims of documents it is computed from."""


@dataclass(frozen=True)
class NotePage:
    """A claim and where it comes from."""

    claim: EvidenceStep
    verdict: Verdict
    reasons: tuple[NoteReason, ...]
    more: int
    """How many clues for it are in the reasoning alone."""
    questions: tuple[RivalQuestion, ...]
    query: str
    """For the graphs of every fact that the note shows."""
    triples: tuple[Triple, ...]
    """The claim, and all that it is concluded from."""
    same_source: SameSource
    """What else the passages carry that decide how sure it is."""
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


def note_page(view: GraphView, claim: Triple, texts: Mapping[str, str]) -> NotePage:
    """Return the note of a claim, with the words of the documents whose texts are at hand."""
    step = reasoning(view, claim)
    reasons = _reasons(step)
    shown = reasons[:MOST_REASONS]
    every = {it.triple: it for _, them in shown for it in them}
    found = rivals(view, step, [*every.values()])
    triples = dict.fromkeys(it.triple for _, it in step.steps())
    deciding = (it.iri for e in shown[0][1][0].evidence for it in e.passages) if every else ()

    def of_links(them: tuple[EvidenceStep, ...]) -> Iterator[NoteLink]:
        weakest, shown_before = _weakest(them), set[Extract]()
        for it in them:
            every = _extracts(view, texts, it)
            own = tuple(one for one in every if one not in shown_before)
            shown_before.update(own)
            at_stake = found.at_stake.get(it.triple, ())
            yield NoteLink(
                it,
                it is weakest,
                own[:MOST_EXTRACTS],
                max(0, len(own) - MOST_EXTRACTS),
                len(own) < len(every),
                tuple((one, others(one, every)) for one in at_stake),
            )

    def others(one: AtStake, beside: tuple[Extract, ...]) -> tuple[Extract, ...]:
        own = extracts(view, texts, one.evidence.passages)
        return tuple(it for it in own if it not in beside)[:MOST_IN_SHORT]

    return NotePage(
        step,
        _verdict(step, shown[0][1] if shown else ()),
        tuple(NoteReason(rule, tuple(of_links(them))) for rule, them in shown),
        len(reasons) - len(shown),
        found.questions,
        readable(justifications.query_for_graphs(view.store, triples)),
        tuple(triples),
        same_source(view, claim, deciding, triples),
        () if step.fact.holds else former_claim(view, claim),
    )


def _reasons(step: EvidenceStep) -> list[tuple[Text | None, tuple[EvidenceStep, ...]]]:
    """Return the clues for a claim, the surest first, each with what documents say for it."""
    return [*([(None, (step,))] if step.evidence else []), *clues(step)]


def _weakest(them: tuple[EvidenceStep, ...]) -> EvidenceStep | None:
    """Return the link that decides how sure a conclusion is; None where all are said outright."""
    if len(them) < 2 or them[0].certainty in ("", SUREST):
        return None
    return them[0]


def _extracts(view: GraphView, texts: Mapping[str, str], step: EvidenceStep) -> tuple[Extract, ...]:
    passages = {it.iri: it for e in step.evidence for it in e.passages}
    return extracts(view, texts, passages.values())


def _verdict(step: EvidenceStep, first: tuple[EvidenceStep, ...]) -> Verdict:
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
