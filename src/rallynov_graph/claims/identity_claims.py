"""The decisions on whether two addresses or two names mean the same thing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.claims.checked_claim import Because, Verdict
from rallynov_graph.matching.words import folded
from rallynov_graph.rules import explanation
from rallynov_graph.rules.explanation import CURATION, Chain, ExplainedFact, GraphEvidence
from rallynov_graph.rules.justifications import explanation_queries
from rallynov_graph.sparql.store import Store

SAME: Final = NamedNode(f"{PREFIXES['owl']}sameAs")
DIFFERENT: Final = NamedNode(f"{PREFIXES['owl']}differentFrom")
_VERDICTS: Final = {
    (SAME, "same"): Verdict.HOLDS,
    (SAME, "different"): Verdict.CONTRADICTED,
    (DIFFERENT, "same"): Verdict.CONTRADICTED,
    (DIFFERENT, "different"): Verdict.HOLDS,
}
"""The verdict on a claim by decision; any other decision leaves it open."""
_NAMES: Final = tuple(
    NamedNode(it)
    for it in (
        f"{RN}nameAsPrinted",
        f"{PREFIXES['skos']}altLabel",
        f"{PREFIXES['skos']}prefLabel",
        f"{PREFIXES['rdfs']}label",
    )
)
_TWO_NAMES: Final = {"fr": "deux noms d’une seule chose", "en": "two names of one thing"}


@dataclass(frozen=True)
class IdentityClaim:
    """A claim that two things are or are not the same, with the addresses as written."""

    store: Store
    triple: Triple
    written: tuple[str, str]
    """The names or addresses in which the claim has the two things."""

    def decided(self) -> tuple[Verdict, Because, ExplainedFact] | None:
        """Return the verdict with its decision; None if nobody decided."""
        one, prop, other = self.triple
        assert isinstance(one, NamedNode) and isinstance(other, NamedNode)
        rows = [*explanation_queries(self.store).rows("identity_between", one=one, other=other)]
        if not rows:
            return self._of_names() if one == other else None
        conclusion = rows[0]["conclusion"]
        assert isinstance(conclusion, NamedNode)
        verdict = _VERDICTS.get((prop, conclusion.value.removeprefix(RN)), Verdict.OPEN)
        reasons: dict[str, dict[str, str]] = {}
        for row in rows:
            if isinstance(set_ := row["evidence"], NamedNode):
                told = reasons.setdefault(set_.value, {})
                if isinstance(reason := row["reason"], Literal):
                    told[reason.language or ""] = reason.value
        evidence = explanation.described(self.store, reasons)
        return verdict, Because.DECIDED, self._fact(*self._curated(evidence, reasons))

    @staticmethod
    def _curated(
        evidence: tuple[GraphEvidence, ...], reasons: dict[str, dict[str, str]]
    ) -> Iterator[GraphEvidence]:
        """Yield the passages of a decision, whose certainty is not a document's."""
        for it in evidence:
            yield replace(it, kind=CURATION, certainty=None, reasons=reasons[it.graph])

    def _of_names(self) -> tuple[Verdict, Because, ExplainedFact]:
        """Return that two names belong to one thing, with where each is printed."""
        thing = self.triple.subject
        assert isinstance(thing, NamedNode)
        named = [it for text in self.written for it in self._named(thing, text)[:1]]
        chain = Chain("", _TWO_NAMES, "explicit", tuple({it.triple: it for it in named}.values()))
        is_same = self.triple.predicate == SAME
        verdict = Verdict.HOLDS if is_same else Verdict.CONTRADICTED
        fact = replace(self._fact(), chains=(chain,) if named else ())
        return verdict, Because.DECIDED, fact

    def _named(self, thing: NamedNode, text: str) -> list[ExplainedFact]:
        """Return the facts that a thing has a name, the printed name first; else any name."""
        named = [
            (prop, name)
            for prop in _NAMES
            for name in explanation.values(self.store, thing, prop)
            if isinstance(name, Literal)
        ]
        own = [it for it in named if folded(it[1].value) == folded(text)]
        facts = [Triple(thing, *it) for it in (own or named)[:1]]
        return [explanation.explain(self.store, it) for it in facts]

    def _fact(self, *evidence: GraphEvidence) -> ExplainedFact:
        one, prop, other = self.triple
        return ExplainedFact(one, prop, other, evidence)
