"""The decisions about identity that data hold, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.rdf.locations import locate

SAME: Final = "same"
DIFFERENT: Final = "different"
OPEN: Final = "open"
SPLIT: Final = "split"
KINDS: Final = (SAME, DIFFERENT, OPEN, SPLIT)
"""What a decision may say: two things are the same, are not, may be; one address is several."""
PAIRS: Final = (SAME, DIFFERENT, OPEN)
"""Those about two things."""
NAMED_BY_DOCUMENTS: Final = frozenset(
    {
        *("person", "organisation", "group", "innovation", "stage", "event", "rally", "place"),
        *("series", "document", "post", "theme", "beneficiary", "need", "means", "setting"),
        *("role", "organisation-kind"),
    }
)
"""The kinds of what documents name: which of these things are the same is for curators to say."""

DECISION: Final = f"{RN}IdentityDecision"
IDENTITY: Final = f"{RN}identity"
KEPT: Final = f"{RN}kept"
OTHER: Final = f"{RN}other"
ASSIGNED: Final = f"{RN}assigned"
TO_THING: Final = f"{RN}toThing"
OF_SET: Final = f"{RN}ofSet"
TYPE: Final = f"{PREFIXES['rdf']}type"
CURATION: Final = f"{RN}CurationGraph"
DECIDING: Final = frozenset({IDENTITY, KEPT, OTHER, ASSIGNED, TO_THING, OF_SET})
"""The properties by which a decision is said."""


@dataclass(frozen=True)
class Assignment:
    """One of the things that a split address stood for, and the graphs that speak of it."""

    thing: str
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What a curator decided: that two things are or are not one, or that one is several."""

    iri: str
    kind: str
    kept: str
    """The address that stays; the empty string for a split."""
    other: str
    """The address that becomes the other one, or is split."""
    assigned: tuple[Assignment, ...] = ()

    @property
    def name(self) -> str:
        """The decision's address as people write it."""
        return short_iri(self.iri)

    @property
    def things(self) -> tuple[str, ...]:
        """The addresses that it is about, those that a split brings included."""
        return (*filter(None, (self.kept, self.other)), *(it.thing for it in self.assigned))


@dataclass(frozen=True)
class Places:
    """The files of the data, to say where something stands."""

    files: tuple[Path, ...] = ()

    def error(self, iri: str, reason: str) -> SourceError:
        """Return an error at the place where a thing is described."""
        found = locate(self.files, [iri]).get(iri)
        path, line = (str(found.path), found.line) if found else ("data", None)
        return SourceError(path, reason, line)

    def named(self, decision: Decision) -> str:
        """Return a decision's name with the place where it stands."""
        found = locate(self.files, [decision.iri]).get(decision.iri)
        return f"{decision.name} ({found.path}, line {found.line})" if found else decision.name


@dataclass(frozen=True)
class Decided:
    """The decisions of the data, the graphs that they stand in, and the graphs of curators."""

    decisions: tuple[Decision, ...]
    graphs: frozenset[NamedNode]
    """The graphs with decisions, in which addresses stay as they are written."""
    curation: frozenset[NamedNode]


def read(quads: Iterable[Quad], places: Places) -> Decided:
    """Return the decisions that quads hold; raise SourceError for one that is not whole."""
    described: dict[str, dict[str, list[str]]] = {}
    found: dict[str, NamedNode] = {}
    curation: set[NamedNode] = set()
    for quad in quads:
        predicate = quad.predicate.value
        if predicate == TYPE and isinstance(quad.object, NamedNode):
            if quad.object.value == DECISION:
                found[iri_of(quad.subject)] = quad.graph_name  # type: ignore[assignment]
            elif quad.object.value == CURATION:
                curation.add(quad.subject)  # type: ignore[arg-type]
        elif predicate in DECIDING:
            values = described.setdefault(iri_of(quad.subject), {}).setdefault(predicate, [])
            values.append(iri_of(quad.object))
    decisions = tuple(_decision(iri, described, places) for iri in sorted(found))
    return Decided(decisions, frozenset(found.values()), frozenset(curation))


def describes_one(quad: Quad) -> bool:
    """Return whether a statement may be a part of a decision."""
    is_kind = quad.predicate.value == TYPE and iri_of(quad.object) == DECISION
    return is_kind or quad.predicate.value in DECIDING


def _decision(
    iri: str, described: Mapping[str, Mapping[str, list[str]]], places: Places
) -> Decision:
    own = described.get(iri, {})

    def the_one(prop: str) -> str:
        values = sorted({*own.get(prop, ())})
        if len(values) != 1:
            count = "none" if not values else ", ".join(map(short_iri, values))
            reason = f"{short_iri(iri)} has one {short_iri(prop)}, and here is {count}"
            raise places.error(iri, reason)
        return str(values[0])

    kind = the_one(IDENTITY).removeprefix(RN)
    if kind not in KINDS:
        raise places.error(
            iri,
            f"the decision {short_iri(iri)} says {kind!r}, which is none of {', '.join(KINDS)}",
        )
    if kind in PAIRS:
        return Decision(iri, kind, the_one(KEPT), the_one(OTHER))
    graphs: dict[str, set[str]] = {}
    for assignment in own.get(ASSIGNED, ()):
        to = described.get(assignment, {})
        for thing in to.get(TO_THING, ()):
            graphs.setdefault(thing, set()).update(to.get(OF_SET, ()))
    assigned = tuple(Assignment(thing, tuple(sorted(graphs[thing]))) for thing in sorted(graphs))
    return Decision(iri, kind, "", the_one(OTHER), assigned)


def refuse_kinds(decision: Decision, places: Places) -> None:
    """Raise SourceError where a decision is about things of two kinds, or that nobody names."""
    kinds = sorted({kind_of_iri(thing) for thing in decision.things})
    if len(kinds) > 1:
        things = " and ".join(map(short_iri, decision.things))
        raise places.error(
            decision.iri, f"{things} are things of two kinds, which are never one thing"
        )
    if kinds[0] not in NAMED_BY_DOCUMENTS:
        raise places.error(
            decision.iri,
            f"{short_iri(decision.other)} is nothing that a document names; identity is decided "
            "of people, organisations, places and whatever else has a name in documents",
        )


def iri_of(term: object) -> str:
    """Return the IRI of a term; the empty string for one that has none."""
    return str(term.value) if isinstance(term, NamedNode) else ""
