"""Read what a newsletter of ``tests/trial`` states, as a reader at the desk would."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from trial import FIRST, TRIAL

Span = tuple[int, int]

_LABEL: Final = PREFIXES["rdfs"] + "label"
_SCHEME: Final = PREFIXES["skos"] + "inScheme"
_WORDS: Final = re.compile(r"/passage/.*-(\d+)-(\d+)$")


@dataclass(frozen=True)
class Statement:
    """The facts of a set, which share the same words."""

    entry: str
    """What the list calls it."""
    facts: tuple[Quad, ...]
    spans: tuple[Span, ...]
    certainty: str = "explicit"
    voices: tuple[str, ...] = ()
    """Who speaks, where it is not the document."""
    reason: str = ""


@dataclass(frozen=True)
class Question:
    """An open question of the document."""

    address: str
    about: tuple[str, ...]
    label: str
    readings: tuple[str, ...]
    spans: tuple[Span, ...]
    not_taken: tuple[tuple[int, Statement], ...] = ()
    """Statements that are a reading's own, with the number of the reading."""


@dataclass
class Document:
    """A newsletter as somebody reads it who enters it: what it states, and the things in it.

    Each thing is named by its address.
    """

    slug: str
    text: str
    quads: list[Quad] = field(repr=False)

    @classmethod
    def read(cls, slug: str = FIRST, text: str = "C.txt") -> Document:
        """Return a newsletter of the trial."""
        quads = [*parse(path=str(TRIAL / f"{slug}.trig"), format=RdfFormat.TRIG)]
        return cls(slug, (TRIAL / text).read_bytes().decode(), quads)

    @cached_property
    def _said(self) -> Mapping[str, Mapping[str, list[str]]]:
        """The values of each subject of the curation graph, by property, in the file's order."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in self.quads:
            if quad.graph_name == NamedNode(f"{ID}graph/{self.slug}"):
                found[str(quad.subject)[1:-1]][quad.predicate.value].append(_value(quad.object))
        return found

    def _values(self, subject: str, name: str) -> list[str]:
        return self._said[subject].get(name, []) if subject in self._said else []

    def _of_class(self, name: str) -> list[str]:
        return [it for it in self._said if name in self._values(it, PREFIXES["rdf"] + "type")]

    def _spans(self, subject: str) -> tuple[Span, ...]:
        found = (_WORDS.search(it) for it in self._values(subject, f"{RN}passage"))
        return tuple((int(it[1]), int(it[2])) for it in found if it)

    @cached_property
    def _sets(self) -> Mapping[str, Statement]:
        facts: dict[str, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            facts[str(quad.graph_name)[1:-1]].append(quad)
        return {
            it: Statement(
                self._values(it, _LABEL)[0],
                tuple(facts[it]),
                self._spans(it),
                self._values(it, f"{RN}certainty")[0].removeprefix(RN),
                tuple(sorted({*self._values(it, f"{RN}voice")} - {f"{ID}document/{self.slug}"})),
                "".join(self._values(it, f"{RN}reason")),
            )
            for it in self._of_class(f"{RN}AssertionSet")
        }

    @cached_property
    def statements(self) -> list[Statement]:
        """Its facts, without those of rejected readings."""
        alternatives = [s for q in self.questions for _, s in q.not_taken]
        return [it for it in self._sets.values() if it not in alternatives]

    @cached_property
    def questions(self) -> list[Question]:
        """Its open questions."""
        return [*map(self._question, self._of_class(f"{RN}OpenQuestion"))]

    def _question(self, address: str) -> Question:
        readings = self._values(address, f"{RN}reading")
        own = [(n, self._values(it, f"{RN}alternativeIn")) for n, it in enumerate(readings)]
        return Question(
            address,
            tuple(self._values(address, PREFIXES["schema"] + "about")),
            self._values(address, _LABEL)[0],
            tuple(self._values(it, _LABEL)[0] for it in readings),
            self._spans(address),
            tuple((n, self._sets[sets[0]]) for n, sets in own if sets),
        )

    @cached_property
    def gave_way(self) -> list[tuple[Statement, Statement]]:
        """Its retractions, each with the replacement."""
        decisions = self._of_class(f"{RN}StandingDecision")
        sets = (
            (self._values(it, f"{RN}ofSet"), self._values(it, f"{RN}inFavourOf"))
            for it in decisions
        )
        return [(self._sets[one[0]], self._sets[other[0]]) for one, other in sets if other]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The names of its things and terms."""
        of_curators = {
            f"{RN}{name}" for name in ("AssertionSet", "OpenQuestion", "Reading", "Passage")
        }
        of_curators |= {
            f"{RN}{name}" for name in ("StandingDecision", "Extraction", "DocumentPart")
        }
        of_curators |= {PREFIXES["oa"] + "TextPositionSelector", f"{RN}CurationGraph"}
        of_curators |= {PREFIXES["prov"] + "Agent"}
        return {
            it: said[_LABEL][0]
            for it, said in self._said.items()
            if _LABEL in said and not of_curators & {*said.get(PREFIXES["rdf"] + "type", ())}
        }

    @cached_property
    def schemes(self) -> Mapping[str, str]:
        """The list that each of its terms is in."""
        return {it: said[_SCHEME][0] for it, said in self._said.items() if _SCHEME in said}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The kind of each of its places."""
        kind = PREFIXES["dcterms"] + "type"
        return {it: self._said[it][kind][0] for it in self._of_class(PREFIXES["schema"] + "Place")}

    def words(self, span: Span) -> str:
        """Return the words of a span, with one space for a line end."""
        return " ".join(self.text[slice(*span)].split())


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
