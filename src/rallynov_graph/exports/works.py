"""The references of a release: itself, and the carnets that it is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.bibliography import BibliographyEntry, key
from rallynov_graph.exports.citation_formats import (
    CREATORS_BY_LANGUAGE,
    LICENCE,
    LICENCE_ADDRESS,
)
from rallynov_graph.exports.statement_rows import triples
from rallynov_graph.questions.labels import LABEL, TYPE, Text, best_text
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.attribution import in_language

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_ISSUE: Final = PREFIXES["schema"] + "PublicationIssue"
_SERIES: Final = PREFIXES["schema"] + "Periodical"
_NUMBER: Final = PREFIXES["schema"] + "issueNumber"
_ISSUED: Final = PREFIXES["dcterms"] + "issued"
_PART_OF: Final = PREFIXES["dcterms"] + "isPartOf"
_Facts = dict[str, list[Term]]


def entries(release: Release, progress: Progress | None = None) -> list[BibliographyEntry]:
    """Return the references of the dataset of a release and of the carnets in it.

    That of a carnet has only what is known of it: neither an author nor an address.
    """
    manifest = release.manifest
    title = manifest.title.get("fr") or next(iter(manifest.title.values()), "")
    dataset = BibliographyEntry(
        key("", release.id[:16]),
        "dataset",
        title,
        author=in_language(CREATORS_BY_LANGUAGE, "fr"),
        version=f"{manifest.version}, {release.id[:16]}",
        date=manifest.issued,
        language="fr",
        note=f"{LICENCE}, {LICENCE_ADDRESS}",
    )
    return [dataset, *_issues(release, progress)]


def _issues(release: Release, progress: Progress | None) -> Iterator[BibliographyEntry]:
    issues: list[tuple[str, _Facts]] = []
    names: dict[str, str] = {}
    for subject, statements in groupby(triples(release, progress), lambda triple: triple.subject):
        facts: _Facts = {}
        for triple in statements:
            facts.setdefault(triple.predicate.value, []).append(triple.object)
        classes = facts.get(TYPE, [])
        if NamedNode(_ISSUE) in classes:
            issues.append((str(subject), facts))
        if NamedNode(_SERIES) in classes:
            names[str(subject)] = _name(facts.get(LABEL, []))
    for _, facts in issues:
        title = _name(facts.get(LABEL, []))
        yield BibliographyEntry(
            key(title),
            "periodical",
            title,
            container=next((names[str(s)] for s in facts.get(_PART_OF, []) if str(s) in names), ""),
            number=_only(facts.get(_NUMBER, [])),
            date=_only(facts.get(_ISSUED, [])),
            language="fr",
        )


def _name(values: Iterable[Term]) -> str:
    texts = (Text(v.value, v.language or "") for v in values if isinstance(v, Literal))
    found = best_text(texts, "fr")
    return found.value if found else ""


def _only(values: list[Term]) -> str:
    """Return the value where there is exactly one: several readings are left out."""
    return values[0].value if len(values) == 1 and isinstance(values[0], Literal) else ""
