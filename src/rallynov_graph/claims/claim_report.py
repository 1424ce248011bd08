"""A checked claim as plain values and as text: the same for the command line and for programs."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.languages import day, within_quotes, words_of
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.terms import Term, id_of_claim
from rallynov_graph.claims.checked_claim import Because, CheckedClaim, Objection, Verdict
from rallynov_graph.exports.citations import LICENCE, Citation
from rallynov_graph.questions.labels import TYPE, Labels, last_part
from rallynov_graph.rules.explanation import Chain, ExplainedFact, GraphEvidence
from rallynov_graph.rules.explanation_text import lines_of_periods

WORDS: Final = words_of(Path(__file__).with_name("words.toml"))
"""The words by language and key; ``verdict/because`` is a sentence."""
MOST_EVIDENCE: Final = 3
"""So many pieces of evidence are reported; the others are counted."""
MOST_AGAINST: Final = 4
MOST_STATED: Final = 5
MOST_PASSAGES: Final = 3
LONGEST_TEXT: Final = 240
"""A longer text of the data is cut, and says so by an ellipsis."""

Plain = dict[str, Any]


@dataclass(frozen=True)
class ClaimSource:
    """Where a claim is checked: the release, and its address."""

    labels: Labels
    language: str = "fr"
    release: str = ""
    issued: str = ""
    base: str = ""
    """The address of the site that shows notes; empty if none is known."""
    moment: tuple[tuple[str, str], ...] = ()
    """The parameters of the moment in an address."""
    known: str = ""
    """The same in words."""
    foreign: bool = False
    """Whether the graph is another than ours: its authors are those who state the claim."""


@dataclass(frozen=True)
class Ground:
    """A graph, its statement about a claim, and the rule that uses it."""

    evidence: GraphEvidence
    rule: Chain | None
    facts: list[ExplainedFact]


@dataclass(frozen=True)
class ClaimReport:
    """Writes checked claims with names in one language."""

    source: ClaimSource

    def plain(self, checked: CheckedClaim) -> Plain:
        """Return a checked claim as plain values; omitted parts are counted."""
        triple, words = checked.triple, WORDS[self.source.language]
        grounds = grounds_of(checked.fact)
        against, stated = checked.against, checked.stated
        found: Plain = {
            "verdict": str(checked.verdict),
            "because": str(checked.because),
            "says": words[_key(checked)],
            "claim": {
                "subject": self.term(triple.subject),
                "relation": self._relation(checked),
                "object": self.term(triple.object),
            },
            "certainty": checked.fact.certainty,
            "asked_certainty": checked.asked_certainty,
            "taken": [
                {"written": it.written, "iri": it.iri, "name": cut(it.name), "score": it.score}
                for it in checked.taken
            ],
            "periods": [asdict(it) for it in checked.periods],
            "evidence": [self.ground(checked, it) for it in grounds[:MOST_EVIDENCE]],
            "against": [self._objection(it) for it in against[:MOST_AGAINST]],
            "citation": self.citation(checked),
        }
        if checked.recorded:
            found["recorded_instead"] = [self._instead(it) for it in checked.recorded]
        if not checked.fact.holds:
            found["stated"] = [self.term(it) for it in stated[:MOST_STATED]]
        left = {
            "evidence": len(grounds) - MOST_EVIDENCE,
            "against": len(against) - MOST_AGAINST,
            "stated": 0 if checked.fact.holds else len(stated) - MOST_STATED,
        }
        found["left_out"] = {name: count for name, count in left.items() if count > 0}
        return found

    def text(self, checked: CheckedClaim) -> str:
        """Return a checked claim as readable lines."""
        found, words = self.plain(checked), WORDS[self.source.language]
        one, relation, other = (found["claim"][it] for it in ("subject", "relation", "object"))
        claim = " – ".join((_shown(one), relation.get("written", _shown(relation)), _shown(other)))
        sure = f" ({words[found['certainty']]})" if found["certainty"] else ""
        lines = [f"{words[found['verdict']]}{sure}{words['colon']}{claim}", f"   {found['says']}"]
        lines += [
            f"   {words['taken']}{words['colon']}{it['written']} → {it['name']} "
            f"({short_iri(it['iri'])})"
            for it in found["taken"]
            if it["score"] < 1
        ]
        lines += [f"   + {self._line(it, words)}" for it in found["evidence"]]
        lines += [f"   - {self._line(it, words)}" for it in found["against"]]
        lines += [f"   = {self._line(it, words)}" for it in found.get("recorded_instead", ())]
        documents = {it for one in checked.periods for it in (one.known_by, one.superseded_by)}
        names = {it: self.name(it) for it in documents if it}
        lines += lines_of_periods(checked.periods, names, self.source.language)
        if found.get("stated"):
            values = ", ".join(map(_shown, found["stated"]))
            lines.append(f"   {words['stated']}{words['colon']}{values}")
        lines += [f"   … {words[name].format(n)}" for name, n in found["left_out"].items()]
        return "\n".join([*lines, f"   {found['citation']['text']}"])

    def citation(self, checked: CheckedClaim) -> Plain:
        """Return the citation of the claim: a text, its address, and the hash of its statement."""
        triple = checked.triple
        verdict = WORDS[self.source.language][checked.verdict]
        has_note = checked.has_note and not checked.phrase
        said = checked.noted if has_note else triple
        cited = self.cited(said, verdict, holds=has_note, phrase=checked.phrase)
        if self.source.foreign:
            every = [of for one in checked.fact.all() for of in one.evidence]
            people = dict.fromkeys(it for of in every for it in of.voices or of.owed_to)
            said_by = "; ".join(map(self.name, people))
            cited = replace(cited, said_by=said_by)
        line = f"{triple.subject} {triple.predicate} {triple.object} ."
        return {
            "text": self.cited_text(cited),
            "address": cited.address,
            "sha256": hashlib.sha256(line.encode()).hexdigest(),
            "release": self.source.release,
        }

    def cited(self, triple: Triple, grounds: str, *, holds: bool, phrase: str = "") -> Citation:
        """Return the citation of a claim; if it holds, with the address of its note."""
        source, terms = self.source, (triple.subject, triple.predicate, triple.object)
        shown = [_shown(self.term(it)) for it in terms]
        claim = " – ".join((shown[0], phrase or shown[1], shown[2]))
        path = f"/r/{id_of_claim(*terms)}" if holds else ""
        path += f"?{urlencode(source.moment)}" if path and source.moment else ""
        return Citation(
            ". ".join(filter(None, (claim, source.known))),
            f"{source.base}{path}" if path else "",
            source.language,
            source.release,
            source.issued,
            grounds,
        )

    def cited_text(self, cited: Citation) -> str:
        """Return the citation of a claim in words, without its address."""
        source = self.source
        title = within_quotes(cited.title, source.language)
        if cited.said_by is not None:
            return f"{cited.said_by}. {title} ({cited.grounds}).".removeprefix(". ")
        version = WORDS[source.language]["version"].format(
            cited.version, day(source.issued, source.language)
        )
        return (
            f"{cited.creators}. {title} ({cited.grounds}). "
            f"{cited.graph}{version if source.release else ''}. {LICENCE}."
        )

    def term(self, term: Term) -> Plain:
        """Return a thing with its name, or a value with its datatype or language."""
        if isinstance(term, NamedNode):
            return {"iri": term.value, "name": self.name(term.value)}
        if isinstance(term, Literal):
            value: Plain = {"value": cut(term.value)}
            tag = term.language
            return value | (
                {"language": tag} if tag else {"datatype": short_iri(term.datatype.value)}
            )
        return {"value": str(term)}

    def name(self, iri: str) -> str:
        name = self.source.labels.of([iri])[iri].name(self.source.language)
        return last_part(iri) if name is None else cut(name.value)

    def piece(self, evidence: GraphEvidence) -> Plain:
        """Return a graph that states a fact, with the passages of its evidence."""
        reasons = evidence.reasons
        reason = reasons.get(self.source.language) or next(iter(reasons.values()), "")
        found: Plain = {
            "kind": evidence.kind,
            "certainty": evidence.certainty,
            "set": {"iri": evidence.graph, "name": self.name(evidence.holder or evidence.graph)}
            if evidence.graph
            else None,
            "voices": [self.name(it) for it in evidence.voices],
            "passages": [
                {"iri": it.iri, "document": it.document, "start": it.start, "end": it.end}
                for it in evidence.passages[:MOST_PASSAGES]
            ],
        }
        if len(evidence.passages) > MOST_PASSAGES:
            found["more_passages"] = len(evidence.passages) - MOST_PASSAGES
        if evidence.owed_to:
            found["owed_to"] = [self.name(it) for it in evidence.owed_to]
        return found | ({"reason": cut(reason)} if reason else {})

    def ground(self, checked: CheckedClaim, ground: Ground) -> Plain:
        """Return a graph's statement of a claim, or of one of its premises."""
        found = self.piece(ground.evidence)
        if ground.rule is not None:
            label = ground.rule.labels.get(self.source.language, ground.rule.rule)
            found["rule"] = {"iri": ground.rule.rule or None, "name": cut(label)}
        premises = [it for it in ground.facts if it is not checked.fact]
        if premises:
            found["premises"] = [self.saying(it) for it in premises]
        return found

    def saying(self, fact: ExplainedFact) -> str:
        """Return a fact with the names of its terms."""
        terms = (fact.subject, fact.predicate, fact.object)
        return " – ".join(_shown(self.term(it)) for it in terms)

    def _relation(self, checked: CheckedClaim) -> Plain:
        """Return the property of a claim, and the phrase that denies it or names none."""
        if checked.because is Because.NO_RELATION:
            return {"name": checked.phrase}
        found = self.term(checked.triple.predicate)
        return found | {"written": checked.phrase} if checked.phrase else found

    def _instead(self, fact: ExplainedFact) -> Plain:
        """Return a fact that is recorded instead of a claim, with its surest evidence."""
        grounds = grounds_of(fact)
        found = self.piece(grounds[0].evidence) if grounds else {}
        return {"premises": [self.saying(fact)], **found, "certainty": fact.certainty}

    def _objection(self, objection: Objection) -> Plain:
        found: Plain = {"because": str(objection.because)}
        if objection.question:
            found["question"] = {"iri": objection.question, "name": self.name(objection.question)}
        if objection.sets:
            found["sets"] = [{"iri": it, "name": self.name(it)} for it in objection.sets]
        if objection.fact is not None:
            found["value"] = self.term(objection.fact.object)
            found["certainty"] = objection.fact.certainty
            found["evidence"] = [self.piece(it.evidence) for it in grounds_of(objection.fact)[:1]]
        return found

    def _line(self, found: Plain, words: Mapping[str, str]) -> str:
        """Return one line of evidence or of an objection."""
        parts = [words[found["because"]]] if "because" in found else []
        parts += [f"« {found['question']['name']} »"] if "question" in found else []
        parts += [_shown(found["value"])] if "value" in found else []
        parts += [found["rule"]["name"]] if "rule" in found else []
        parts += found.get("premises", [])
        parts += [found["set"]["name"]] if found.get("set") else []
        parts += [it["name"] for it in found.get("sets", ())]
        parts += found.get("voices", [])
        parts += [
            f"{short_iri(it['document'])} {it['start']}–{it['end']}"
            for it in found.get("passages", ())
        ]
        parts += found.get("owed_to", [])
        return words["semicolon"].join(parts)


def grounds_of(fact: ExplainedFact) -> list[Ground]:
    """Return the graphs that state a fact; for a concluded fact, those of its surest chain."""
    found: dict[tuple[str, str], Ground] = {}
    for stated, rule, evidence in _pieces(fact, None):
        key = evidence.graph, rule.rule if rule else ""
        found.setdefault(key, Ground(evidence, rule, [])).facts.append(stated)
    for ground in found.values():
        telling = [it for it in ground.facts if it.predicate.value != TYPE]
        terms = {(it.subject, it.predicate, it.object): it for it in telling or ground.facts}
        ground.facts[:] = terms.values()
    return [*found.values()]


def _pieces(
    fact: ExplainedFact, rule: Chain | None
) -> Iterator[tuple[ExplainedFact, Chain | None, GraphEvidence]]:
    if fact.evidence:
        for evidence in fact.evidence:
            yield fact, rule, evidence
    elif fact.chains:
        for premise in _telling(fact.chains[0].premises):
            yield from _pieces(premise, fact.chains[0])


def _telling(premises: Sequence[ExplainedFact]) -> Iterable[ExplainedFact]:
    """Return premises, those of documents before those of curators."""
    return sorted(premises, key=lambda it: "assertion set" not in it.kinds)


def _key(checked: CheckedClaim) -> str:
    """Return the key of the sentence of a verdict."""
    certain = checked.verdict in (Verdict.HOLDS, Verdict.CONTRADICTED)
    if checked.is_denial and certain:
        return f"{checked.verdict}/denial"
    recorded = "/recorded" if checked.recorded and checked.because is Because.NO_RELATION else ""
    return f"{checked.verdict}/{checked.because}{recorded}"


def cut(text: str) -> str:
    """Return a text of the data on one line, truncated if it is long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_TEXT else f"{plain[:LONGEST_TEXT].rstrip()}…"


def _shown(found: Plain) -> str:
    return str(found.get("name") or found.get("value") or "")
