"""What a field of the desk offers: properties of a thing, things by name, reasons said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import BASE, PREFIXES, kind_of_iri
from rallynov_graph.desk.known_terms import PropertyTerm, kind_of_class
from rallynov_graph.desk.session.found_things import (
    MOST,
    ThingIndex,
    found_things,
)
from rallynov_graph.desk.session.reading_session import ReadingSession
from rallynov_graph.desk.session.shown_labels import ShownLabels
from rallynov_graph.desk.session.stating import REASON
from rallynov_graph.desk.session.vocabulary import OF_PROPERTIES
from rallynov_graph.desk.words import message
from rallynov_graph.desk_site.offered_properties import OfferedProperties, SubjectOfFacts
from rallynov_graph.matching.words import folded

Json = dict[str, Any]
_SCHEME: Final = f"{PREFIXES['skos']}ConceptScheme"
_MOST_REASONS: Final = 20
_NEW_WITHOUT_PROPERTY: Final = (
    "foaf:Person",
    "org:Organization",
    "rn:Innovation",
    "rn:Stage",
    "schema:Event",
    "schema:Place",
    "rn:Testimony",
    "rn:Participation",
    "org:Membership",
    "foaf:Group",
    "rn:ReportedFigure",
    "rn:Funding",
)
"""Kinds of things that may be made new as what a fact is about."""


class OfferedThings:
    """What a session offers at one moment, in a language."""

    def __init__(
        self, session: ReadingSession, properties: OfferedProperties, language: str
    ) -> None:
        self._state, self._language = session.current(), language
        self._document, self._properties = session.document, properties
        self._shown = ShownLabels(self._document, language, [self._state.reading])

    def properties(self, subject: str, class_iri: str) -> list[Json]:
        """Return what may be said of a thing, or of a new one of a class."""
        classes = {class_iri} if class_iri else set()
        given: set[str] = set()
        if subject:
            classes |= self._shown.classes(subject)
            for entry in self._state.reading.entries.values():
                given |= {*entry.facts.get(subject, {})}
        wanted = SubjectOfFacts(frozenset(classes), frozenset(given))
        return self._properties.offered(wanted, self._language)

    def things(self, typed: str, name: str) -> Json:
        """Return the things that are called so, those that a property takes first."""
        term = self._document.terms.property(name) if name else None
        own, others = ThingIndex.of_reading(self._state.reading), self._document.other_index
        document = self._document.text.document
        own.names[document] |= {folded(self._shown.label(document))}
        if term and term.iri in OF_PROPERTIES:
            return {"things": self._terms(typed), "new": []}
        fits: dict[str, bool] = {}
        if term is not None:
            for address in {*own.names, *others.names}:
                fits[address] = not self._because(term, address, own)
        is_list = bool(term and _SCHEME in term.named_classes)
        found = [
            it
            for it in found_things(typed, own, others, fits)
            if is_list or kind_of_iri(it.address) != "scheme"
        ]
        things = [self._thing(it.address, it.is_own, it.links, term, own) for it in found[:MOST]]
        return {
            "things": [*things, *(self._elsewhere(term, typed) if term else ())],
            "new": [self._new(iri, name) for iri in self._new_classes(term)],
        }

    def reasons(self, typed: str) -> list[Json]:
        """Return reasons said before that have what was typed, those of this document first."""
        wanted = folded(typed)
        own = Counter(it for it in self._own_reasons())
        found = [(reason, True, number) for reason, number in own.most_common()]
        others = Counter(it for it in self._other_reasons() if it not in own)
        found += [(reason, False, number) for reason, number in others.most_common()]
        return [
            {"reason": dict(reason), "own": is_own, "uses": number}
            for reason, is_own, number in found
            if not wanted or any(wanted in folded(text) for _, text in reason)
        ][:_MOST_REASONS]

    def _thing(
        self,
        address: str,
        is_own: bool,
        links: int,
        term: PropertyTerm | None,
        own: ThingIndex,
    ) -> Json:
        because = self._because(term, address, own) if term else ""
        return {
            **self._shown.thing(address),
            "own": is_own,
            "links": links,
            "allowed": not because,
            "because": because,
        }

    def _because(self, term: PropertyTerm, address: str, own: ThingIndex) -> str:
        """Return why a thing is no value of a property; the empty string where it may be one."""
        named = self._properties.name(term.iri, self._language)
        wanted = self._document.vocabulary.lists.get(term.iri, "")
        schemes = self._document.other_index.schemes.get(address, set())
        if wanted and wanted not in schemes | own.schemes.get(address, set()):
            return message("offered.list", name=named, expected=self._shown.label(wanted))[
                self._language
            ]
        classes = self._shown.classes(address)
        if term.classes and classes and not classes & term.classes:
            expected = ", ".join(
                self._properties.name(it, self._language) for it in sorted(term.named_classes)
            )
            return message("offered.class", name=named, expected=expected)[self._language]
        return ""

    def _new_classes(self, term: PropertyTerm | None) -> list[str]:
        names = sorted(term.named_classes) if term else []
        if term and not names and not term.takes_things:
            return []
        if names:
            return names
        found = map(self._document.terms.class_named, _NEW_WITHOUT_PROPERTY)
        return [*dict.fromkeys((*filter(None, found), *self._properties.classes))]

    def _elsewhere(self, term: PropertyTerm, typed: str) -> Iterator[Json]:
        """Yield things of other sites that the data name by this property."""
        used = Counter(
            quad.object.value
            for quad in self._document.other_quads
            if quad.predicate.value == term.iri
            and isinstance(quad.object, NamedNode)
            and not quad.object.value.startswith(BASE)
        )
        for address, number in used.most_common(MOST):
            shown = self._shown.thing(address)
            if folded(typed) in folded(f"{shown['label']} {address}"):
                yield {**shown, "own": False, "links": number, "allowed": True, "because": ""}

    def _terms(self, typed: str) -> list[Json]:
        """Return properties by name, where these are the values."""
        wanted = folded(typed)
        found = (
            {**self._shown.thing(it), "own": False, "links": 0, "allowed": True, "because": ""}
            for it in self._document.terms.every_property()
        )
        named = [it for it in found if wanted in folded(str(it["label"]))]
        return sorted(named, key=lambda it: (len(str(it["label"])), str(it["label"])))[:MOST]

    def _new(self, iri: str, name: str) -> Json:
        document = self._document
        term = document.terms.property(name) if name else None
        of_list = document.vocabulary.lists.get(term.iri, "") if term else ""
        is_proper = document.vocabulary.has_proper_names(iri)
        return {
            "kind": (of_list and document.kind_of_terms(of_list)) or kind_of_class(iri),
            "languages": [] if is_proper else [*document.text.languages],
            "class": iri,
            "label": self._properties.name(iri, self._language),
            "demands": self._properties.demanded(iri, self._language),
        }

    def _own_reasons(self) -> Iterator[tuple[tuple[str, str], ...]]:
        for entry in reversed(self._state.reading.of_kind("set")):
            if reasons := entry.says.get(REASON):
                yield tuple(
                    (it.language or LANGUAGES[0], it.value)
                    for it in reasons
                    if isinstance(it, Literal)
                )

    def _other_reasons(self) -> Iterator[tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for quad in self._document.other_quads:
            if quad.predicate.value == REASON and isinstance(quad.object, Literal):
                texts = found.setdefault(str(quad.subject), [])
                texts.append((quad.object.language or LANGUAGES[0], quad.object.value))
        yield from map(tuple, found.values())
