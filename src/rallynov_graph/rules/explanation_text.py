"""Why a fact holds, written for people in French or English, and as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules.evidence_tree import Chain, ExplainedFact, RuleEvidence
from rallynov_graph.sparql.store import Store

Names = Mapping[str, str]
"""What things are called, by their IRI."""

_STEP: Final = "   "
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "explicit": "dit",
        "inferred": "déduit",
        "tentative": "incertain",
        "assertion set": "jeu d’assertions",
        "curation": "curation",
        "outside": "source extérieure",
        "ontology": "ontologie",
        "from curation": "calculé à partir du thésaurus",
        "from outside": "calculé à partir d’une source extérieure",
        "inference": "calculé par une règle inconnue",
        "graph": "graphe",
        "no graph": "dans les données, sans graphe nommé",
        "voice": "voix : ",
        "characters": "signes",
        "reason": "raison : ",
        "colon": " : ",
        "semicolon": " ; ",
        "quoted": "« {} »",
    },
    "en": {
        "explicit": "said",
        "inferred": "inferred",
        "tentative": "tentative",
        "assertion set": "assertion set",
        "curation": "curation",
        "outside": "outside source",
        "ontology": "ontology",
        "from curation": "derived from the thesaurus",
        "from outside": "derived from an outside source",
        "inference": "concluded by an unknown rule",
        "graph": "graph",
        "no graph": "in the data, in no named graph",
        "voice": "voice: ",
        "characters": "characters",
        "reason": "reason: ",
        "colon": ": ",
        "semicolon": "; ",
        "quoted": "“{}”",
    },
}


def names_in(fact: ExplainedFact, store: Store, language: str) -> Names:
    """Return what everything that a fact rests on is called in a language."""
    iris = list(dict.fromkeys(_iris(fact)))
    found = Labels(PageQueries(store)).of(iris)
    named = {iri: found[iri].name(language) for iri in iris}
    return {iri: name.value if name else _short(iri) for iri, name in named.items()}


def text(fact: ExplainedFact, names: Names, language: str) -> str:
    """Return a fact, its evidence and its chains as indented lines."""
    return "\n".join(_lines(fact, names, _WORDS[language], language, ""))


def as_json(fact: ExplainedFact, names: Names) -> str:
    """Return all of it as JSON; ``names`` says what the IRIs are called."""
    told = {**_told(fact), "names": dict(sorted(names.items()))}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _lines(
    fact: ExplainedFact, names: Names, words: Mapping[str, str], language: str, margin: str
) -> Iterator[str]:
    terms = (fact.subject, fact.predicate, fact.object)
    said = " – ".join(_called(term, names, words) for term in terms)
    sure = words["colon"] + _sure(fact, words) if fact.certainty else ""
    yield f"{margin}{said}{sure}"
    inner = margin + _STEP
    for evidence in fact.evidence:
        yield f"{inner}{_held(evidence, names, words)}"
        if reason := evidence.reasons.get(language):
            yield f"{inner}{_STEP}{words['reason']}{reason}"
    for number, chain in enumerate(fact.chains, 1):
        label = chain.labels.get(language, chain.rule)
        yield f"{inner}{number}. {label}{words['colon']}{_sure(chain, words)}"
        for premise in chain.premises:
            yield from _lines(premise, names, words, language, inner + _STEP)


def _sure(told: ExplainedFact | Chain, words: Mapping[str, str]) -> str:
    """Return how sure something is, or that it is concluded from what no document says."""
    return words[f"from {told.basis}" if told.basis else told.certainty or ""]


def _held(evidence: RuleEvidence, names: Names, words: Mapping[str, str]) -> str:
    """Return who holds a fact and where, on one line."""
    if not evidence.graph:
        return words["no graph"]
    parts = [f"{words[evidence.kind]} {words['quoted'].format(names[evidence.graph])}"]
    if evidence.certainty:
        parts[0] += f" ({words[evidence.certainty]})"
    if evidence.voices:
        parts.append(words["voice"] + ", ".join(names[voice] for voice in evidence.voices))
    for document in dict.fromkeys(p.document for p in evidence.passages):
        places = [f"{p.start}–{p.end}" for p in evidence.passages if p.document == document]
        parts.append(f"{names[document]}, {words['characters']} {', '.join(places)}")
    parts += [names[owed_to] for owed_to in evidence.owed_to]
    return words["semicolon"].join(parts)


def _called(term: Term, names: Names, words: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        return names[term.value]
    return words["quoted"].format(term.value) if isinstance(term, Literal) else str(term)


def _short(iri: str) -> str:
    """Return a thing's address where it has no name, as a person would write it."""
    return iri.removeprefix(ID) if iri.startswith(ID) else in_prefixes(iri)


def _iris(fact: ExplainedFact) -> Iterator[str]:
    for term in (fact.subject, fact.predicate, fact.object):
        if isinstance(term, NamedNode):
            yield term.value
    for evidence in fact.evidence:
        yield from filter(None, (evidence.graph, *evidence.voices, *evidence.owed_to))
        yield from (passage.document for passage in evidence.passages)
    for chain in fact.chains:
        for premise in chain.premises:
            yield from _iris(premise)


def _told(fact: ExplainedFact) -> dict[str, Any]:
    return {
        "subject": _term(fact.subject),
        "predicate": _term(fact.predicate),
        "object": _term(fact.object),
        "holds": fact.holds,
        "certainty": fact.certainty,
        "evidence": [_told_evidence(evidence) for evidence in fact.evidence],
        "chains": [_told_chain(chain) for chain in fact.chains],
    }


def _told_evidence(evidence: RuleEvidence) -> dict[str, Any]:
    return {
        "graph": evidence.graph or None,
        "kind": evidence.kind,
        "certainty": evidence.certainty,
        "voices": list(evidence.voices),
        "passages": [
            {"passage": p.iri, "document": p.document, "start": p.start, "end": p.end}
            for p in evidence.passages
        ],
        "reasons": dict(evidence.reasons),
        "owed_to": list(evidence.owed_to),
    }


def _told_chain(chain: Chain) -> dict[str, Any]:
    return {
        "rule": chain.rule,
        "labels": dict(chain.labels),
        "certainty": chain.certainty,
        "basis": chain.basis or None,
        "premises": [_told(premise) for premise in chain.premises],
    }


def _term(term: Term) -> dict[str, str]:
    """Return a term as SPARQL's JSON results write it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "bnode", "value": str(term).removeprefix("_:")}
    told = {"type": "literal", "value": term.value}
    if term.language:
        return told | {"xml:lang": term.language}
    return told | {"datatype": term.datatype.value}
