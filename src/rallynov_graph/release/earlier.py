"""An earlier release beside the one that is served: what changed since, sorted to be read.

What names a withdrawn thing is not told: it answers as gone in every release that is served.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, less_sure
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.release import diffing
from rallynov_graph.release.diffing import Change, ChangedFact, Difference, StatedIn
from rallynov_graph.release.release import Release, load
from rallynov_graph.release.release_set import SHORT

OTHER: Final = "other"
"""The kind of what is no thing of ours: terms, and things of others."""
_NAMINGS: Final = frozenset({PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel"})
_IRI: Final = re.compile(rb"<([^<>\s]*)>")

Told = ChangedFact | Change | Triple
Parts = Mapping[str, Mapping[str, Sequence[Told]]]


@dataclass(frozen=True)
class Earlier:
    """A release, and what is different in the one that is served."""

    release: Release
    served: Release
    difference: Difference
    hidden: int
    """How many facts are not told, as they name a withdrawn thing."""
    parts: Mapping[str, Parts]
    """By the weakest certainty that is admitted: added, removed, changed, ontology_added and
    ontology_removed; each by kind of thing."""
    names: Mapping[str, tuple[Literal, ...]]
    """What things were called that have lost a name."""

    @property
    def id(self) -> str:
        """The short id of the release."""
        return self.release.id[:SHORT]

    def patch(self) -> Iterator[bytes]:
        """Yield the lines of an RDF Patch to the release that is served."""
        for line in diffing.patch(self.release, self.served):
            if not any(self.served.has_withdrawn(iri.decode()) for iri in _IRI.findall(line)):
                yield line


def compared(
    served: Release, folders: Iterable[Path], beside: Iterable[Release] = ()
) -> tuple[Earlier, ...]:
    """Return releases, and those in some folders, each held against the one that is served.

    Raises ReleaseError for one that is damaged, and for the one that is served itself.
    """
    releases = {release.id: release for release in (*beside, *map(load, folders))}
    if served.id in releases:
        raise ReleaseError(
            f"{releases[served.id].path} is the release that is served: name an earlier one."
        )
    return tuple(_compared(served, release) for release in releases.values())


def _compared(served: Release, release: Release) -> Earlier:
    whole = diffing.between(release, served)
    told = _without_withdrawn(whole, served)
    parts = {weakest: _parts(told, weakest) for weakest in CERTAINTIES}
    names: dict[str, tuple[Literal, ...]] = defaultdict(tuple)
    for fact in told.removed:
        if fact.predicate.value in _NAMINGS and isinstance(fact.object, Literal):  # type: ignore[union-attr]
            names[str(fact.subject)[1:-1]] += (fact.object,)
    return Earlier(release, served, told, _size(whole) - _size(told), parts, dict(names))


def _parts(told: Difference, weakest: str) -> Parts:
    """Return what is told by evidence as sure as this; what has no certainty always is."""
    weaker = less_sure(weakest)
    refused = {f"{RN}{name}" for name in weaker}

    def admitted(fact: ChangedFact | Change) -> bool:
        sides = (fact.before, fact.after) if isinstance(fact, Change) else (fact.evidence,)
        said = [evidence.certainty for side in sides for evidence in side]
        return not said or any(certainty not in refused for certainty in said)

    return {
        "added": _by_kind(f for f in told.added if admitted(f)),
        "removed": _by_kind(f for f in told.removed if admitted(f)),
        "changed": _by_kind(f for f in told.changed if admitted(f)),
        "ontology_added": _by_kind(told.ontology_added),
        "ontology_removed": _by_kind(told.ontology_removed),
    }


def _size(difference: Difference) -> int:
    return len(difference.added) + len(difference.removed) + len(difference.changed)


def _without_withdrawn(difference: Difference, served: Release) -> Difference:
    known: dict[str, bool] = {}

    def gone(iri: str) -> bool:
        if iri not in known:
            known[iri] = served.has_withdrawn(iri)
        return known[iri]

    def told(fact: ChangedFact | Change) -> bool:
        terms: tuple[Term, ...] = (fact.subject, fact.predicate, fact.object)
        return not any(isinstance(term, NamedNode) and gone(term.value) for term in terms)

    def said(evidence: tuple[StatedIn, ...]) -> tuple[StatedIn, ...]:
        return tuple(
            replace(e, passages=tuple(p for p in e.passages if not gone(p)))
            for e in evidence
            if not (gone(e.graph) or (e.voice and gone(e.voice)))
        )

    return replace(
        difference,
        added=tuple(f for f in difference.added if told(f)),
        removed=tuple(replace(f, evidence=said(f.evidence)) for f in difference.removed if told(f)),
        changed=tuple(replace(c, before=said(c.before)) for c in difference.changed if told(c)),
    )


def _by_kind(facts: Iterable[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for fact in facts:
        found.setdefault(_kind(fact.subject), []).append(fact)
    return dict(sorted(found.items()))


def _kind(subject: Term) -> str:
    iri = subject.value if isinstance(subject, NamedNode) else ""
    if not iri.startswith(ID):
        return OTHER
    kind, slash, _ = iri.removeprefix(ID).partition("/")
    return kind if slash else OTHER
