"""What data say of what a decision names: whether it is there, its kind, its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.identity.survey import NAMES
from rallynov_graph.identity.written_decisions import TYPE, iri_of
from rallynov_graph.matching.near_names import near

_EVIDENCE: Final = frozenset(RN + it for it in ("AssertionSet", "Passage", "OutsideGraph"))
_AGENT: Final = f"{PREFIXES['prov']}Agent"


@dataclass
class KnownThings:
    """Things, with their kinds and names in the data."""

    quads: Iterable[Quad]
    mentioned: set[str] = field(default_factory=set)
    types: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def among(cls, quads: Iterable[Quad], things: Iterable[str]) -> KnownThings:
        """Return what quads say of some things."""
        nodes, found = {NamedNode(it) for it in things}, cls(quads)
        for quad in quads:
            for term in (quad.subject, quad.object):
                if term in nodes:
                    found.mentioned.add(iri_of(term))
            if quad.subject in nodes:
                found._add(iri_of(quad.subject), quad)
        return found

    def _add(self, thing: str, quad: Quad) -> None:
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode):
            self.types.setdefault(thing, set()).add(quad.object.value)
        elif quad.predicate.value in NAMES and isinstance(quad.object, Literal):
            names, language = self.names.setdefault(thing, {}), quad.object.language or ""
            names[language] = min(quad.object.value, names.get(language, quad.object.value))

    def labels(
        self, things: Iterable[str], languages: Iterable[str]
    ) -> dict[str, Mapping[str, str]]:
        """Return the name of each thing by language; its address where it has none."""
        wanted = [*languages]
        found: dict[str, Mapping[str, str]] = {}
        for thing in things:
            names = self.names.get(thing, {})
            any_name = next((names[it] for it in sorted(names)), short_iri(thing))
            found[thing] = {it: names.get(it, names.get("", any_name)) for it in wanted}
        return found

    def require_thing(self, iri: str) -> None:
        """Raise UnknownNameError for a thing of which the data say nothing."""
        if iri not in self.mentioned:
            raise self._unknown(iri, kind_of_iri(iri))

    def require_agent(self, iri: str) -> None:
        """Raise UnknownNameError for what is no agent in the data."""
        if _AGENT not in self.types.get(iri, ()):
            raise self._unknown(iri, "agent")

    def require_evidence(self, iri: str) -> None:
        """Raise UnknownNameError for what is no set, no passage and no graph of another source."""
        if _EVIDENCE.isdisjoint(self.types.get(iri, ())):
            if iri in self.mentioned:
                raise UnknownNameError(
                    f"{short_iri(iri)} is no evidence: name an assertion set, a passage or a graph "
                    "of another source."
                )
            raise self._unknown(iri, kind_of_iri(iri))

    def _unknown(self, iri: str, kind: str) -> UnknownNameError:
        start = f"{ID}{kind}/" if kind else ID
        terms = (term for quad in self.quads for term in (quad.subject, quad.object))
        names = sorted(
            {iri_of(it).removeprefix(ID) for it in terms if iri_of(it).startswith(start)}
        )
        found = near(iri.removeprefix(ID), names)
        nothing = "copy the address from its page or from a file of the data."
        hint = f"did you mean {' or '.join(found)}?" if found else nothing
        return UnknownNameError(f"Nothing in the data is called {short_iri(iri)}: {hint}", found)
