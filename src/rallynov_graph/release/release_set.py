"""Releases that are served together: the first is the site itself, the others are earlier ones.

Each earlier one keeps its address, ``/release/<id>/``, when a newer release is served. The changes
since an earlier one are sorted for readers. A withdrawn thing is gone in every served release, and
facts that name it are hidden.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, less_sure
from rallynov_graph.base.errors import RallynovError, ReleaseError
from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.release import diffing
from rallynov_graph.release.diffing import Change, ChangedFact, Difference, StatedIn
from rallynov_graph.release.release import Release, latest, load, releases_in
from rallynov_graph.sparql.store import Store

SHORT: Final = 16
"""How many digits of a release's id are in the name of its folder, and in addresses."""
PATH: Final = "/release"
OTHER: Final = "other"
"""The kind of all outside our namespace: terms, and things of others."""
_NAMINGS: Final = frozenset({PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel"})

ChangedStatement = ChangedFact | Change | Triple
StatementsByKind = Mapping[str, Mapping[str, Sequence[ChangedStatement]]]

_PLACE: Final = re.compile(rf"({PATH}/[0-9a-f]{{{SHORT}}})(/.*)?", re.DOTALL)
_IRI: Final = re.compile(rb"<([^<>\s]*)>")


@dataclass(frozen=True)
class Version:
    """A served release with its path and its queries."""

    release: Release
    queries: PageQueries
    place: str = ""
    """The empty string for the first: the site itself."""

    @property
    def id(self) -> str:
        return self.release.id[:SHORT]

    def describes(self, iri: str) -> bool:
        return self.queries.ask("is_described", thing=NamedNode(iri))


def versions(opened: Iterable[tuple[Release, Store]]) -> tuple[Version, ...]:
    """Return releases with their stores as versions of the site, the first as the site itself."""
    return tuple(
        Version(release, PageQueries(store), path_of(release) if number else "")
        for number, (release, store) in enumerate(opened)
    )


def path_of(release: Release) -> str:
    """Return the path of a release that is served as an earlier one."""
    return f"{PATH}/{release.id[:SHORT]}"


def split_path(path: str) -> tuple[str, str]:
    """Return the earlier release's path at the start of a path, else empty, and the rest."""
    found = _PLACE.fullmatch(path)
    return (found[1], found[2] or "/") if found else ("", path)


def release_id_at(place: str) -> str:
    return place.rpartition("/")[2]


def refuse_incompatible(releases: Sequence[Release]) -> None:
    """Raise ReleaseError if releases cannot be served together.

    No release may be given twice, and none may name a thing that another one lists as withdrawn,
    which must not be served.
    """
    known: dict[str, Release] = {}
    for release in releases:
        if release.id in known:
            path = known[release.id].path
            raise ReleaseError(f"{release.path} is the same release as {path}: give it once.")
        known[release.id] = release
    for release in releases:
        newer_releases = [newer for newer in releases if newer.withdrawn - release.withdrawn]
        if newer_releases and _names_withdrawn(release, newer_releases):
            raise ReleaseError(
                f"{release.path} names things that were withdrawn since, and cannot be served any "
                "more; to compare it only, give it by --earlier."
            )


def _names_withdrawn(release: Release, newer_releases: Sequence[Release]) -> bool:
    statements = (triple + (graph or b"") for triple, graph in statements_of(release.data))
    iris = {iri.decode() for statement in statements for iri in _IRI.findall(statement)}
    return any(newer.has_withdrawn(iri) for iri in iris for newer in newer_releases)


@dataclass(frozen=True)
class EarlierRelease:
    """An earlier release, and its differences from the one that is served."""

    release: Release
    served: Release
    difference: Difference
    hidden: int
    """The number of facts hidden because they name a withdrawn thing."""
    parts: Mapping[str, StatementsByKind]
    """By the weakest certainty that is admitted: added, removed, changed, ontology_added and
    ontology_removed; each by kind of thing."""
    names: Mapping[str, tuple[Literal, ...]]
    """By IRI, the names that things have lost."""

    @property
    def id(self) -> str:
        return self.release.id[:SHORT]

    def patch(self) -> Iterator[bytes]:
        """Yield the lines of an RDF Patch to the release that is served."""
        for line in diffing.patch(self.release, self.served):
            if not any(self.served.has_withdrawn(iri.decode()) for iri in _IRI.findall(line)):
                yield line


def compared(
    served: Release, folders: Iterable[Path], beside: Iterable[Release] = ()
) -> tuple[EarlierRelease, ...]:
    """Return releases, and those in some folders, each compared with the one that is served.

    Raises ReleaseError for a damaged one, and for the served one itself.
    """
    releases = {release.id: release for release in (*beside, *map(load, folders))}
    if served.id in releases:
        raise ReleaseError(
            f"{releases[served.id].path} is the release that is served: name an earlier one."
        )
    return tuple(_compared(served, release) for release in releases.values())


def before_latest(out: Path) -> tuple[Path, ...]:
    """Return the release built before the latest one of a folder, or none.

    Damaged releases do not count, nor those without some of the documents.
    """
    newest = latest(out)
    others = [it for it in releases_in(out) if it != newest] if newest else []
    for folder in sorted(others, key=lambda it: it.stat().st_mtime_ns, reverse=True):
        with suppress(RallynovError):
            manifest = load(folder).manifest
            if not (manifest.until or manifest.only):
                return (folder,)
    return ()


def _compared(served: Release, release: Release) -> EarlierRelease:
    difference = diffing.between(release, served)
    visible = _without_withdrawn(difference, served)
    parts = {weakest: _parts(visible, weakest) for weakest in CERTAINTIES}
    names: dict[str, tuple[Literal, ...]] = defaultdict(tuple)
    for fact in visible.removed:
        if fact.predicate.value in _NAMINGS and isinstance(fact.object, Literal):  # type: ignore[union-attr]
            names[str(fact.subject)[1:-1]] += (fact.object,)
    return EarlierRelease(
        release, served, visible, _size(difference) - _size(visible), parts, dict(names)
    )


def _parts(difference: Difference, weakest: str) -> StatementsByKind:
    """Return the changes whose evidence is as certain as ``weakest``, or has no certainty."""
    refused_names = less_sure(weakest)
    refused = {f"{RN}{name}" for name in refused_names}

    def admitted(fact: ChangedFact | Change) -> bool:
        sides = (fact.before, fact.after) if isinstance(fact, Change) else (fact.evidence,)
        certainties = [evidence.certainty for side in sides for evidence in side]
        return not certainties or any(certainty not in refused for certainty in certainties)

    return {
        "added": _by_kind(f for f in difference.added if admitted(f)),
        "removed": _by_kind(f for f in difference.removed if admitted(f)),
        "changed": _by_kind(f for f in difference.changed if not f.is_of_standing and admitted(f)),
        "standing": _by_kind(f for f in difference.changed if f.is_of_standing and admitted(f)),
        "ontology_added": _by_kind(difference.ontology_added),
        "ontology_removed": _by_kind(difference.ontology_removed),
    }


def _size(difference: Difference) -> int:
    return len(difference.added) + len(difference.removed) + len(difference.changed)


def _without_withdrawn(difference: Difference, served: Release) -> Difference:
    is_withdrawn = cache(served.has_withdrawn)

    def is_visible(fact: ChangedFact | Change) -> bool:
        terms: tuple[Term, ...] = (fact.subject, fact.predicate, fact.object)
        return not any(isinstance(term, NamedNode) and is_withdrawn(term.value) for term in terms)

    def visible_evidence(evidence: tuple[StatedIn, ...]) -> tuple[StatedIn, ...]:
        return tuple(
            replace(
                stated,
                passages=tuple(passage for passage in stated.passages if not is_withdrawn(passage)),
            )
            for stated in evidence
            if not (is_withdrawn(stated.graph) or (stated.voice and is_withdrawn(stated.voice)))
        )

    return replace(
        difference,
        added=tuple(f for f in difference.added if is_visible(f)),
        removed=tuple(
            replace(f, evidence=visible_evidence(f.evidence))
            for f in difference.removed
            if is_visible(f)
        ),
        changed=tuple(
            replace(c, before=visible_evidence(c.before))
            for c in difference.changed
            if is_visible(c)
        ),
        addresses=tuple(
            it for it in difference.addresses if not any(map(is_withdrawn, (it.former, *it.now)))
        ),
    )


def _by_kind(facts: Iterable[ChangedStatement]) -> dict[str, list[ChangedStatement]]:
    found: dict[str, list[ChangedStatement]] = {}
    for fact in facts:
        found.setdefault(_kind(fact.subject), []).append(fact)
    return dict(sorted(found.items()))


def _kind(subject: Term) -> str:
    return (kind_of_iri(subject.value) if isinstance(subject, NamedNode) else "") or OTHER
