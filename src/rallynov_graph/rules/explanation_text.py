"""Why a fact holds, as text in French or English, and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day, words_of
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules.explanation import Chain, ExplainedFact, GraphEvidence
from rallynov_graph.sparql.store import Store
from rallynov_graph.standing.periods import Period

Names = Mapping[str, str]
"""The names of things, by IRI."""

_STEP: Final = "   "
_WORDS: Final = words_of(Path(__file__).with_name("words.toml"))


def names_in(fact: ExplainedFact, periods: Sequence[Period], store: Store, language: str) -> Names:
    dated = (iri for it in periods for iri in (it.known_by, it.superseded_by) if iri)
    iris = list(dict.fromkeys((*_iris(fact), *dated)))
    found = Labels(PageQueries(store)).of(iris)
    named = {iri: found[iri].name(language) for iri in iris}
    return {iri: name.value if name else short_iri(iri) for iri, name in named.items()}


def text(fact: ExplainedFact, periods: Sequence[Period], names: Names, language: str) -> str:
    """Return a fact, its evidence, its chains and its periods as indented lines."""
    lines = _lines(fact, names, _WORDS[language], language, "")
    return "\n".join([*lines, *lines_of_periods(periods, names, language)])


def lines_of_periods(periods: Sequence[Period], names: Names, language: str) -> Iterator[str]:
    """Yield for each period which document starts it, which one supersedes it, and since when."""
    words = _WORDS[language]

    def dated(document: str, issued: str) -> str:
        return f"{day(issued, language)} ({names[document]})" if issued else names[document]

    for it in periods:
        parts = [words["known"] + dated(it.known_by, it.known_from)]
        if it.superseded_by:
            parts.append(words["superseded"] + dated(it.superseded_by, it.superseded_from or ""))
        yield _STEP + words["semicolon"].join(parts)


def as_json(fact: ExplainedFact, periods: Sequence[Period], names: Names) -> str:
    """Return the explanation as JSON; ``names`` gives the names of the IRIs."""
    content = {
        **_as_dict(fact),
        "periods": [asdict(it) for it in periods],
        "names": dict(sorted(names.items())),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _lines(
    fact: ExplainedFact, names: Names, words: Mapping[str, str], language: str, margin: str
) -> Iterator[str]:
    terms = (fact.subject, fact.predicate, fact.object)
    statement = " – ".join(_called(term, names, words) for term in terms)
    certainty = words["colon"] + _certainty(fact, words) if fact.certainty else ""
    yield f"{margin}{statement}{certainty}"
    inner = margin + _STEP
    for evidence in fact.evidence:
        yield f"{inner}{_evidence_line(evidence, names, words)}"
        if reason := evidence.reasons.get(language):
            yield f"{inner}{_STEP}{words['reason']}{reason}"
    for number, chain in enumerate(fact.chains, 1):
        label = chain.labels.get(language, chain.rule)
        yield f"{inner}{number}. {label}{words['colon']}{_certainty(chain, words)}"
        for premise in chain.premises:
            yield from _lines(premise, names, words, language, inner + _STEP)


def _certainty(conclusion: ExplainedFact | Chain, words: Mapping[str, str]) -> str:
    """Return the words for a certainty, or for a conclusion that no document supports."""
    return words[f"from {conclusion.basis}" if conclusion.basis else conclusion.certainty or ""]


def _evidence_line(evidence: GraphEvidence, names: Names, words: Mapping[str, str]) -> str:
    """Return one line of evidence: the graph, its voices, its passages by name."""
    if not evidence.graph:
        return words["no graph"]
    parts = [
        f"{words[evidence.kind]} {words['quoted'].format(names[evidence.holder or evidence.graph])}"
    ]
    if evidence.certainty:
        parts[0] += f" ({words[evidence.certainty]})"
    if evidence.voices:
        parts.append(words["voice"] + ", ".join(names[voice] for voice in evidence.voices))
    parts += dict.fromkeys(names[passage.iri] for passage in evidence.passages)
    parts += [names[owed_to] for owed_to in evidence.owed_to]
    return words["semicolon"].join(parts)


def _called(term: Term, names: Names, words: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        return names[term.value]
    return words["quoted"].format(term.value) if isinstance(term, Literal) else str(term)


def _iris(fact: ExplainedFact) -> Iterator[str]:
    for one in fact.all():
        yield from (term.value for term in one.triple if isinstance(term, NamedNode))
        for evidence in one.evidence:
            yield from filter(
                None, (evidence.holder or evidence.graph, *evidence.voices, *evidence.owed_to)
            )
            for passage in evidence.passages:
                yield from (passage.iri, passage.document)


def _as_dict(fact: ExplainedFact) -> dict[str, Any]:
    return {
        "subject": _term(fact.subject),
        "predicate": _term(fact.predicate),
        "object": _term(fact.object),
        "holds": fact.holds,
        "certainty": fact.certainty,
        "evidence": [_evidence_as_dict(evidence) for evidence in fact.evidence],
        "chains": [_chain_as_dict(chain) for chain in fact.chains],
    }


def _evidence_as_dict(evidence: GraphEvidence) -> dict[str, Any]:
    passages = [
        {"passage": it.iri, "document": it.document, "start": it.start, "end": it.end}
        for it in evidence.passages
    ]
    return asdict(evidence) | {"graph": evidence.graph or None, "passages": passages}


def _chain_as_dict(chain: Chain) -> dict[str, Any]:
    return {
        "rule": chain.rule,
        "labels": dict(chain.labels),
        "certainty": chain.certainty,
        "basis": chain.basis or None,
        "premises": [_as_dict(premise) for premise in chain.premises],
    }


def _term(term: Term) -> dict[str, str]:
    """Return a term as in SPARQL's JSON results."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "bnode", "value": str(term).removeprefix("_:")}
    literal = {"type": "literal", "value": term.value}
    if term.language:
        return literal | {"xml:lang": term.language}
    return literal | {"datatype": term.datatype.value}
