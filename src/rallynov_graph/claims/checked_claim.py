"""A claim as somebody makes it, and what the graph says about it."""

from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.terms import Term
from rallynov_graph.rules.explanation import ExplainedFact
from rallynov_graph.standing.periods import Period


class Verdict(StrEnum):
    """What the graph says about a claim."""

    HOLDS = "holds"
    """The graph says so at least as surely as is asked, under every reading that is left open."""
    CONTRADICTED = "contradicted"
    """It says otherwise where only one can be; or it was said and superseded; or it is denied."""
    RETRACTED = "retracted"
    """It was said, and its own source took it back."""
    OPEN = "open"
    """It is left open: by the document, by a reading that is not taken, or it is less sure."""
    NOT_STATED = "not stated"
    """The graph says nothing of it, which does not make it false."""


class Because(StrEnum):
    """The reason for a verdict, or another objection to a claim."""

    STATED = "stated"
    CONCLUDED = "concluded"
    REFINED = "refined"
    """The graph says it more precisely: a hall in the town, a day in the month."""
    DECIDED = "decided"
    """Curators decided whether two things are one, or left that open; or both names are its own."""
    ANNOUNCED = "announced"
    """The event is announced or called off: it has not taken place."""
    PAST = "past"
    """It was so: a document says that it ended, or a later one says otherwise."""
    NO_RELATION = "no_relation"
    """The phrase names no property; what is recorded between the two things is shown."""
    LESS_SURE = "less_sure"
    """The graph states it, with less certainty than required."""
    OPEN_QUESTION = "open_question"
    BOUNDED = "bounded"
    """The document bounds the number: it is more or less than that, or about that."""
    TO_BE_FIXED = "to_be_fixed"
    """The document says that the value is not fixed yet."""
    READING_NOT_TAKEN = "reading_not_taken"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    DENIED = "denied"
    OTHER_VALUE = "other_value"
    """The property has one value, and that is another one."""
    NOTHING = "nothing"


@dataclass(frozen=True)
class ClaimWords:
    """A claim in the user's words: names, addresses or values, and the required certainty."""

    subject: str
    relation: str
    object: str
    certainty: str = LEAST_SURE


@dataclass(frozen=True)
class TakenName:
    """The thing that a name was understood as."""

    written: str
    iri: str
    name: str
    score: float = 1.0
    """The similarity of the name and the text, 1 if they are the same."""


@dataclass(frozen=True)
class Objection:
    """Something that contradicts a claim or leaves it open."""

    because: Because
    fact: ExplainedFact | None = None
    """The other value, or who says the contrary."""
    sets: tuple[str, ...] = ()
    """The sets that said so, or that take it back."""
    question: str = ""


@dataclass(frozen=True)
class CheckedClaim:
    """A claim, its verdict, and all evidence for the verdict."""

    triple: Triple
    verdict: Verdict
    because: Because
    asked_certainty: str
    fact: ExplainedFact
    """The fact with its evidence, which is empty if the graph does not hold it. A refined fact has
    the finer one as the first premise of its only chain."""
    against: tuple[Objection, ...] = ()
    taken: tuple[TakenName, ...] = ()
    periods: tuple[Period, ...] = ()
    """From when to when documents have it so."""
    stated: tuple[Term, ...] = ()
    """The graph's values for this property of this thing."""
    phrase: str = ""
    """The relation as written, if it denies its property, or names none."""
    recorded: tuple[ExplainedFact, ...] = ()
    """What is recorded between the two things instead, if the phrase names no property."""

    @property
    def is_denial(self) -> bool:
        """Whether the claim denies its statement."""
        return bool(self.phrase) and self.because is not Because.NO_RELATION

    @property
    def noted(self) -> Triple:
        """The statement whose note shows the evidence of the claim."""
        chains = () if self.fact.evidence else self.fact.chains
        if not chains or chains[0].rule:
            return self.triple
        return chains[0].premises[0].triple

    @property
    def has_note(self) -> bool:
        """Whether such a statement exists; a decision alone is not a statement."""
        return self.fact.holds and not (self.because is Because.DECIDED and self.fact.evidence)

    @property
    def subject(self) -> NamedNode:
        """The thing that the claim is about."""
        assert isinstance(self.triple.subject, NamedNode)
        return self.triple.subject
