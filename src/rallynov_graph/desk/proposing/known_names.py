"""The names in a folder's data: persons, organisations, places, themes and others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import ProgrammeError, SourceError
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.programme import FILE
from rallynov_graph.desk.proposing.proposal import Candidate, DecidedBefore, Proposal
from rallynov_graph.desk.short_terms import LABEL, NAME, PREFERRED, TYPE
from rallynov_graph.matching.near_names import likeness
from rallynov_graph.matching.words import name_words, unbroken
from rallynov_graph.rdf import sources

KINDS: Final[Mapping[str, str]] = {
    f"{PREFIXES['foaf']}Person": "person",
    f"{PREFIXES['org']}Organization": "organisation",
    f"{PREFIXES['schema']}Place": "place",
    f"{PREFIXES['skos']}Concept": "theme",
    f"{RN}Innovation": "innovation",
    f"{RN}Stage": "stage",
    f"{RN}Rally": "event",
    f"{RN}ClosingEvent": "event",
    f"{PREFIXES['schema']}Event": "event",
}
"""By class; the last class of a kind is that of a thing that is new."""
_NAMES: Final = frozenset({LABEL, PREFERRED, NAME, f"{RN}acronym", f"{RN}expansion"}) | {
    *(f"{PREFIXES['schema']}{it}" for it in ("name", "alternateName")),
    f"{PREFIXES['skos']}altLabel",
}
_THEME: Final = "/id/theme/"
"""Concepts of the lists of roles, statuses and others are no themes."""
_LIKE: Final = 0.8
"""From this likeness on a thing is a candidate for a name."""
_MOST: Final = 5


@dataclass(frozen=True)
class KnownThing:
    """A thing of the data: its address, its kind and its names, the main one first."""

    iri: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class KnownNames:
    things: tuple[KnownThing, ...] = ()
    extractions: Mapping[str, str] = field(default_factory=dict)
    """The address of each text of a document, by its digest."""
    decided: Mapping[str, DecidedBefore] = field(default_factory=dict)
    """The earlier decisions in the folder, by reason."""

    def candidates(self, kind: str, name: str) -> tuple[Candidate, ...]:
        """Return the things that a name may mean, the likest first."""
        wanted = name_words(name)
        scored = [
            (max(likeness(wanted, name_words(it)) for it in thing.names), thing)
            for thing in self.things
            if thing.kind == kind
        ]
        best = sorted((it for it in scored if it[0] >= _LIKE), key=lambda it: (-it[0], it[1].iri))
        return tuple(Candidate(thing.names[0], thing.iri) for _, thing in best[:_MOST])

    def with_candidates(self, proposal: Proposal, text: str) -> Proposal:
        """Return a proposal with the known things of its name, then the name as a new thing."""
        words = unbroken(proposal.label or text[proposal.start : proposal.end])
        known = self.candidates(proposal.kind, words)
        return replace(proposal, candidates=(*known, Candidate(words)))


def known_in(folder: Path) -> KnownNames:
    """Return the known names in a folder; none if it has no data yet.

    The folder is a programme's or one of data. Raises ProgrammeError if it does not exist,
    SourceError if a file cannot be read.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "is not there"
        raise ProgrammeError(
            f"{folder} {what}: name the folder of a programme; rallynov new makes one."
        )
    data = folder / "data" if (folder / FILE).is_file() else folder
    try:
        files = sources.files_under(data) if data.is_dir() else []
    except OSError as error:
        raise SourceError.unread(data, error) from error
    return known_from(sources.quads(files))


def known_from(quads: Iterable[Quad]) -> KnownNames:
    """Return the things that statements name."""
    kinds: dict[str, str] = {}
    names: dict[str, dict[str, None]] = defaultdict(dict)
    digests: dict[str, str] = {}
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject, value = quad.subject.value, quad.object
        if quad.predicate.value == TYPE and isinstance(value, NamedNode):
            kind = KINDS.get(value.value)
            if kind is not None and (kind != "theme" or _THEME in subject):
                kinds[subject] = kind
        elif isinstance(value, Literal) and quad.predicate.value in _NAMES:
            if value.language in ("", None, "fr"):
                names[subject][value.value] = None
        elif isinstance(value, Literal) and quad.predicate.value == f"{RN}sha256":
            digests[value.value.lower()] = subject
    things = (KnownThing(it, kinds[it], tuple(names[it])) for it in sorted(kinds) if names[it])
    return KnownNames(tuple(things), digests)
