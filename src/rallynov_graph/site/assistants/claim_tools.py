"""The tools about one claim: whether it holds, and what is behind it."""

from dataclasses import dataclass
from typing import Annotated, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.claims.checked_claim import CheckedClaim, ClaimWords
from rallynov_graph.claims.claim_report import MOST_EVIDENCE, cut, grounds_of
from rallynov_graph.rules.open_questions import OpenQuestions
from rallynov_graph.site.assistants.tool_call import (
    MOST,
    BadArgument,
    Certainty,
    Plain,
    Tool,
    ToolCall,
    shortened,
    text,
    written,
)
from rallynov_graph.site.model.passages import extracts
from rallynov_graph.site.web.params import Params

_MOST_GROUNDS: Final = 12
_MOST_WORDS: Final = 400
_LISTS: Final = ("evidence", "against", "stated", "rival_readings", "recorded_instead")
_SUBJECT: Final = text("a name or an address")
_RELATION: Final = text("a property: its name in either direction, or address")
_OBJECT: Final = text("a name, an address, or a value")


@dataclass(frozen=True)
class CheckClaim(Params):
    """The terms of a claim, and how surely it is to hold."""

    subject: Annotated[str, _SUBJECT]
    relation: Annotated[str, _RELATION]
    object: Annotated[str, _OBJECT]
    certainty: Certainty = LEAST_SURE


@dataclass(frozen=True)
class Explain(Params):
    """The id of a claim, or its terms."""

    claim: Annotated[str, text("16 characters")] = ""
    subject: Annotated[str, _SUBJECT] = ""
    relation: Annotated[str, _RELATION] = ""
    object: Annotated[str, _OBJECT] = ""
    certainty: Certainty = LEAST_SURE


def _check(call: ToolCall, asked: CheckClaim) -> Plain:
    return _bounded(call.report.plain(_checked(call, asked)))


def _bounded(plain: Plain) -> Plain:
    """Return a report with as much as there is room for; what is left out is counted."""
    left: dict[str, int] = plain["left_out"]
    while len(written(shortened(plain))) > MOST:
        name = max(_LISTS, key=lambda it: len(written({"": plain.get(it, [])[1:]})))
        if len(plain.get(name, ())) < 2:
            break
        plain[name].pop()
        left[name] = left.get(name, 0) + 1
    return plain


def _checked(call: ToolCall, asked: CheckClaim | Explain) -> CheckedClaim:
    for name in ("subject", "relation", "object"):
        if not getattr(asked, name):
            raise BadArgument(call.word("text", name=name))
    words = ClaimWords(asked.subject, asked.relation, asked.object, asked.certainty)
    found = call.checker.check(words)
    _refuse_contact(call, found)
    return found


def _refuse_contact(call: ToolCall, found: CheckedClaim) -> None:
    triple = found.triple
    if call.is_private((found.subject, triple.object)):
        raise BadArgument(call.word("contact"))


def _explain(call: ToolCall, asked: Explain) -> Plain:
    if asked.claim:
        triple = None if call.site.claims is None else call.site.claims.find(asked.claim)
        if triple is None:
            raise BadArgument(call.word("claim", name=cut(asked.claim)))
        found = call.checker.check_triple(triple)
        _refuse_contact(call, found)
    else:
        found = _checked(call, asked)
    plain = call.report.plain(found)
    count = len(grounds_of(found.fact))
    plain["evidence"] = [_ground(call, found, it) for it in range(min(count, _MOST_GROUNDS))]
    plain["left_out"].pop("evidence", None)
    if count > _MOST_GROUNDS:
        plain["left_out"]["evidence"] = count - _MOST_GROUNDS
    plain["rival_readings"] = _rivals(call, found)
    return _bounded(plain)


def _ground(call: ToolCall, found: CheckedClaim, number: int) -> Plain:
    """Return the statement of a set, with its words if the text of the document was loaded.

    Words that name a mere contact are left out.
    """
    ground = grounds_of(found.fact)[number]
    plain = call.report.ground(found, ground)
    texts = call.site.texts.of_extractions
    if texts and number < MOST_EVIDENCE:
        nodes = call.view.nodes(NamedNode(it.iri) for it in ground.evidence.passages)
        shown = extracts(call.view, texts, nodes.values())
        words = (
            "".join(piece.text for run in it.words for piece in run.pieces)[:_MOST_WORDS]
            for it in shown[:1]
        )
        plain["words"] = [it for it in words if not call.is_private((Literal(it),))]
    return plain


def _rivals(call: ToolCall, found: CheckedClaim) -> list[Plain]:
    """Return the readings of the open questions that touch a claim."""
    known = OpenQuestions.read(call.view.queries).records
    named = dict.fromkeys(it.question for it in found.against if it.question in known)
    return [
        {
            "question": {"iri": iri, "name": call.report.name(iri)},
            "readings": [call.report.name(it.value) for it in known[iri].readings[:4]],
        }
        for iri in [*named][:2]
    ]


CHECK_CLAIM: Final = Tool(
    "check_claim",
    "Check a claim before you state it. Verdict: holds, contradicted, retracted, "
    "open, or not stated (which makes nothing false). Comes with passages, voices, certainty, what "
    "speaks against it, and a citation with hash. taken says which things the names were read as; "
    "recorded_instead, what the graph has between them if it does not state the claim.",
    CheckClaim,
    _check,
)
EXPLAIN: Final = Tool(
    "explain",
    "Show the evidence of a fact: sets with passages, voices, certainty and reason, the rule that "
    "concludes it, rival readings. Give claim (the id of a row's evidence) or the three terms.",
    Explain,
    _explain,
)
