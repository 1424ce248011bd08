"""A decision as a file: one curation graph in TriG, a value a line, for git to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, kind_of_iri
from rallynov_graph.identity.decisions import SPLIT, Decision

_REMARK: Final = "# Written by rallynov identity, which undoes it, too.\n\n"
_VOCABULARIES: Final = ("prov", "rdfs", "rn", "xsd")
_SHORT: Final = {"assertion-set": "set"}
"""The prefixes of kinds that data files call otherwise than the address."""
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
    """Why something was decided, on what, by whom and when."""

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
    written = _Writer()
    blocks = [
        written.block(
            graph,
            {
                "a": [_rn("CurationGraph")],
                "rdfs:label": titles,
                "prov:wasAttributedTo": [NamedNode(grounds.agent)],
                "prov:generatedAtTime": [_midnight(grounds.day)],
            },
        ),
        written.block(
            decision.iri,
            {
                "a": [_rn("IdentityDecision")],
                "rdfs:label": titles,
                "rn:identity": [_rn(decision.kind)],
                "rn:kept": [NamedNode(decision.kept)] if decision.kept else [],
                "rn:other": [NamedNode(decision.other)],
                "rn:assigned": [NamedNode(it) for it in assignments],
                "rn:evidence": [NamedNode(it) for it in sorted({*grounds.evidence})],
                "rn:reason": [Literal(it, language=lg) for lg, it in grounds.reasons.items()],
            },
        ),
    ]
    for iri, it in zip(assignments, decision.assigned, strict=True):
        statements: dict[str, list[NamedNode | Literal]] = {
            "a": [_rn("Assignment")],
            "rdfs:label": [*_assignment_titles(it.thing, languages)],
            "rn:toThing": [NamedNode(it.thing)],
            "rn:ofSet": [NamedNode(graph) for graph in it.graphs],
        }
        blocks.append(written.block(iri, statements))
    body = f"GRAPH {written.term(NamedNode(graph))} {{\n" + "\n".join(blocks) + "}\n"
    return f"{_REMARK}{written.prefixes()}\n{body}"


class _Writer:
    """Writes terms as data files do, and knows which prefixes they need."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()

    def block(self, subject: str, statements: Mapping[str, Iterable[NamedNode | Literal]]) -> str:
        """Return what is said of a thing, a value a line; a property without values is left out."""
        rows = []
        for predicate, values in statements.items():
            terms = ",\n            ".join(map(self.term, values))
            if terms:
                rows.append(f"{predicate} {terms}")
        return f"    {self.term(NamedNode(subject))} " + " ;\n        ".join(rows) + " .\n"

    def term(self, term: NamedNode | Literal) -> str:
        """Return a term in short."""
        if isinstance(term, Literal):
            return str(term).replace(f"<{PREFIXES['xsd']}dateTime>", "xsd:dateTime")
        for prefix in _VOCABULARIES:
            if term.value.startswith(PREFIXES[prefix]):
                return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}"
        kind = kind_of_iri(term.value)
        if not kind:
            return str(term)
        self._kinds.add(kind)
        return f"{_SHORT.get(kind, kind)}:{term.value.removeprefix(f'{ID}{kind}/')}"

    def prefixes(self) -> str:
        """Return the declarations of all prefixes that were used, and of the vocabularies."""
        kinds = {_SHORT.get(kind, kind): f"{ID}{kind}/" for kind in self._kinds}
        every = {p: PREFIXES[p] for p in _VOCABULARIES} | dict(sorted(kinds.items()))
        return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in every.items())


def _rn(name: str) -> NamedNode:
    return NamedNode(PREFIXES["rn"] + name)


def _midnight(day: date) -> Literal:
    moment = NamedNode(f"{PREFIXES['xsd']}dateTime")
    return Literal(f"{day.isoformat()}T00:00:00Z", datatype=moment)


def _titles(decision: Decision, labels: Labels, languages: Iterable[str]) -> Iterator[Literal]:
    """Yield what a decision is called; in a language that we have no words of, its things alone."""
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
