"""What the page of a thing shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.base.certainty import ALTERNATIVE, LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.drawing.events import DATE, TO_BE_FIXED
from rallynov_graph.site.model.identity_decisions import DecisionBeside, decisions_about
from rallynov_graph.site.model.links.explained_links import admits
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import (
    DocumentPart,
    Extract,
    GraphFacts,
    extracts,
    facts_of_passage,
    facts_of_set,
    parts,
    place_in_carnet,
    places_of,
)
from rallynov_graph.site.model.said_before import FormerStatement, said_before, standings_of
from rallynov_graph.site.model.schema_classes import rescheduled
from rallynov_graph.site.model.themes import ThemeExtras, theme_extras
from rallynov_graph.site.model.thing_description import ThingPage, page_without_facts, thing_page
from rallynov_graph.site.thing.summary import ThingSummary, summary_of
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import files_of_thing

_OA: Final = PREFIXES["oa"]
_DCTERMS: Final = PREFIXES["dcterms"]
_DERIVED_FROM: Final = PREFIXES["prov"] + "wasDerivedFrom"
_ABOVE: Final = PREFIXES["skos"] + "broaderTransitive"
_HIDDEN: Final = {
    "document": frozenset(
        {(_OA + "hasSource", True), (RN + "voice", True), (PREFIXES["dcterms"] + "source", True)}
    ),
    "extraction": frozenset({(_OA + "hasSource", True)}),  # hundreds: the document has them
    "passage": frozenset(
        {(RN + "passage", True), (_DERIVED_FROM, True), (_OA + "hasSelector", False)}
    ),
    "assertion-set": frozenset({(_DERIVED_FROM, False)}),  # rn:passage says that
    "part": frozenset({(_OA + "hasSelector", False)}),
    "theme": frozenset(
        {(RN + "indicates", True), (_ABOVE, False), (_ABOVE, True)}  # rn:under says that, and more
    ),
}
"""What a kind's page shows in another way than as facts: properties, read backwards or not."""
_OF_DECISIONS: Final = frozenset(
    (prop, True)
    for prop in (*(RN + it for it in ("kept", "other", "toThing")), f"{_DCTERMS}isReplacedBy")
)
"""What any page shows by the decisions about its thing."""


@dataclass(frozen=True)
class ShownThing:
    """The page of a thing with what only its kind has."""

    thing: ThingPage
    certainty: str
    data: tuple[tuple[Format, str], ...]
    outside: Node | None = None
    document: Node | None = None
    """The document of a passage or part."""
    in_carnet: str | None = None
    """Where it is read among the other passages of its document."""
    words: tuple[Extract, ...] = ()
    """The place of a passage, with its words where the text of its document is loaded."""
    facts: tuple[GraphFacts, ...] = ()
    theme: ThemeExtras | None = None
    parts: tuple[DocumentPart, ...] = ()
    summary: ThingSummary = field(default_factory=ThingSummary)
    before: tuple[FormerStatement, ...] = ()
    """What was said of it and does not stand; all of it where nothing else is said."""
    decisions: tuple[DecisionBeside, ...] = ()
    """Whether it is one thing with others, as curators decided."""

    @property
    def is_passed_over(self) -> bool:
        """Whether search engines are asked to pass over it."""
        return self.thing.is_only_a_contact or bool(self.thing.standings)

    @property
    def schema_org_facts(self) -> tuple[tuple[str, Term], ...]:
        """What search engines are told of it."""
        facts = self.thing.schema_org_facts
        former_paths = {fact.path for statement in self.before for fact in statement.facts}
        to_be_fixed = {
            value.node.iri
            for group in self.thing.groups
            for fact in group.facts
            if fact.path == TO_BE_FIXED
            for value in fact.values
        }
        return rescheduled(facts) if DATE in former_paths - to_be_fixed else facts

    @property
    def is_addressed(self) -> bool:
        """Whether something addresses a theme, or one within it."""
        facts = (fact for group in self.thing.groups for fact in group.facts)
        is_itself = any(it.backwards and it.path == _DCTERMS + "subject" for it in facts)
        return is_itself or bool(self.theme and self.theme.addressing)

    @property
    def is_only_read_otherwise(self) -> bool:
        """Whether it exists by readings alone that are not taken."""
        return self.thing.standings == {ALTERNATIVE}


def shown_thing(iri: str, certainty: str) -> ShownThing | None:
    """Return a thing with what is at least so certain; None where the graph never mentioned it."""
    kind = view().addresses.kind(iri)
    found = thing_page(view(), iri, _HIDDEN.get(kind, frozenset()) | _OF_DECISIONS, certainty)
    if found is None:
        standings = standings_of(view(), iri)
        if not standings:
            return None
        found = page_without_facts(view(), iri, standings)
    return _with_extras(view(), found, kind, certainty)


def _with_extras(view: GraphView, found: ThingPage, kind: str, certainty: str) -> ShownThing:
    iri = found.iri
    facts: tuple[GraphFacts, ...] = ()
    if kind == "passage":
        facts = facts_of_passage(view, iri)
    elif kind in ("assertion-set", "graph", "inference", "standing"):
        facts = facts_of_set(view, iri)
    is_place = kind in ("passage", "part")
    place = places_of(view, [iri]).get(iri) if is_place else None
    address = None if kind else view.addresses.outside(iri)
    return ShownThing(
        found,
        certainty,
        files_of_thing(iri),
        None if address is None else Node(iri, href=address.href, external=True),
        view.node(place.document) if place else None,
        place_in_carnet(view, iri, certainty) if is_place else None,
        extracts(view, site().texts.of_extractions, [found.node]) if kind == "passage" else (),
        tuple(fact for fact in facts if admits(certainty, fact.evidence)),
        theme_extras(view, iri, certainty) if kind == "theme" else None,
        parts(view, iri, certainty) if kind == "document" else (),
        summary_of(view, words(), found, certainty),
        said_before(view, iri, LEAST_SURE if found.standings else certainty),
        () if view.foreign else decisions_about(view, iri),
    )
