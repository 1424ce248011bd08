"""A decision as a file: one curation graph in TriG, one value on each line, for git."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.identity.decisions import SPLIT, Decision
from rallynov_graph.rdf.turtle_writing import Said, TrigWriter

_REMARK: Final = "# Written by rallynov identity, which undoes it, too.\n\n"
_TYPE: Final = f"{PREFIXES['rdf']}type"
_LABEL: Final = f"{PREFIXES['rdfs']}label"
_PROV: Final = PREFIXES["prov"]
_TITLES: Final = {
    "same": {"fr": "une même chose", "en": "one thing"},
    "different": {"fr": "deux choses", "en": "two things"},
    "open": {"fr": "une chose ou deux ?", "en": "one thing or two?"},
    "split": {"fr": "plusieurs choses", "en": "several things"},
}

Labels = Mapping[str, Mapping[str, str]]
"""The name of each thing, by language."""


@dataclass(frozen=True)
class Grounds:
    """The reason for a decision, its evidence, its author and its date."""

    reasons: Mapping[str, str]
    """By language."""
    evidence: tuple[str, ...]
    agent: str
    day: date


def text_of(decision: Decision, grounds: Grounds, labels: Labels) -> str:
    """Return the file of a decision; the same decision gives the same bytes."""
    slug = decision.iri.removeprefix(ID).partition("/")[2]
    graph = f"{ID}graph/identite-{slug}"
    languages = [*grounds.reasons]
    titles = [*_titles(decision, labels, languages)]
    assignments = [
        f"{ID}assignment/{slug}-{number}" for number, _ in enumerate(decision.assigned, 1)
    ]
    writer = TrigWriter()
    described: dict[str, Said] = {
        graph: {
            _TYPE: [_rn("CurationGraph")],
            _LABEL: titles,
            f"{_PROV}wasAttributedTo": [NamedNode(grounds.agent)],
            f"{_PROV}generatedAtTime": [_midnight(grounds.day)],
        },
        decision.iri: {
            _TYPE: [_rn("IdentityDecision")],
            _LABEL: titles,
            f"{RN}identity": [_rn(decision.kind)],
            f"{RN}kept": [NamedNode(decision.kept)] if decision.kept else [],
            f"{RN}other": [NamedNode(decision.other)],
            f"{RN}assigned": [NamedNode(it) for it in assignments],
            f"{RN}evidence": [NamedNode(it) for it in sorted({*grounds.evidence})],
            f"{RN}reason": [Literal(it, language=lg) for lg, it in grounds.reasons.items()],
        },
    }
    for iri, it in zip(assignments, decision.assigned, strict=True):
        described[iri] = {
            _TYPE: [_rn("Assignment")],
            _LABEL: [*_assignment_titles(it.thing, languages)],
            f"{RN}toThing": [NamedNode(it.thing)],
            f"{RN}ofSet": [NamedNode(graph) for graph in it.graphs],
        }
    blocks = [
        writer.block(subject, {name: values for name, values in said.items() if values})
        for subject, said in described.items()
    ]
    body = writer.graph(graph, ["\n\n".join(blocks)])
    return f"{_REMARK}{writer.prefixes()}\n{body}"


def _rn(name: str) -> NamedNode:
    return NamedNode(RN + name)


def _midnight(day: date) -> Literal:
    moment = NamedNode(f"{PREFIXES['xsd']}dateTime")
    return Literal(f"{day.isoformat()}T00:00:00Z", datatype=moment)


def _titles(decision: Decision, labels: Labels, languages: Iterable[str]) -> Iterator[Literal]:
    """Yield the titles of a decision; only its things in a language that we have no words for."""
    things = [decision.other] if decision.kind == SPLIT else [decision.kept, decision.other]
    for language in languages:
        names = ", ".join(labels[thing][language] for thing in things)
        title = _TITLES[decision.kind].get(language, "")
        colon = "\N{NO-BREAK SPACE}: " if language == "fr" else ": "
        yield Literal(f"{names}{colon}{title}" if title else names, language=language)


def _assignment_titles(thing: str, languages: Iterable[str]) -> Iterator[Literal]:
    of = {"fr": "ce qui parle de ", "en": "what speaks of "}
    for language in languages:
        yield Literal(f"{of.get(language, '')}{thing.removeprefix(ID)}", language=language)
