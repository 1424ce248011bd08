"""Nodes: how pages show a term of the graph, with its text, language and link."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.cache import Cache
from rallynov_graph.base.kinds import DRAWN_ADDRESSES, DRAWN_CLASSES
from rallynov_graph.base.languages import (
    EDTF,
    day,
    day_of,
    decimal,
    edtf_in_words,
    hour,
    number,
    typeset,
)
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, authority_of
from rallynov_graph.base.terms import Solutions, Term, id_of_claim
from rallynov_graph.questions.evidence_profile import STANDING
from rallynov_graph.questions.labels import NOTHING, Described, Labels, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms
from rallynov_graph.rules import explanation
from rallynov_graph.site.model.addresses import Addresses, Successors, successors
from rallynov_graph.site.model.layout import Layout
from rallynov_graph.sparql.store import Store

XSD: Final = PREFIXES["xsd"]
LONGEST_TEXT: Final = 3000
"""How many characters of a text a page shows; its data have the rest."""

CACHE_SIZE: Final = 50_000
"""How many entries each cache of the pages holds."""
LONGEST_NAME: Final = 300
"""A longer IRI is a visitor's invention, and is not kept."""

_DAYS: Final = frozenset({XSD + "date", XSD + "gYearMonth", XSD + "gYear"})
_WHOLE: Final = frozenset({XSD + "integer", XSD + "int", XSD + "long", XSD + "nonNegativeInteger"})
_DIGITS: Final = 15
"""A longer number is shown as it is written."""


@dataclass(frozen=True)
class Node:
    """A thing or a value as a page shows it."""

    text: str
    language: str = ""
    """The language of the text if it is not the page's, for its ``lang``."""
    href: str | None = None
    external: bool = False
    shape: str = ""
    """The kind whose sign it has, the empty string for most."""
    iri: str = ""
    cut: bool = False
    """Whether the text is longer than what is shown."""


def page_cache() -> Cache[Any, Any]:
    """Return a cache for results that several pages use."""
    return Cache(CACHE_SIZE, longest_name=LONGEST_NAME)


@dataclass(frozen=True)
class Graph:
    """The graph of a store with the data that all its pages share, in every language."""

    queries: PageQueries
    labels: Labels
    layout: Layout
    superclasses: dict[str, tuple[str, ...]]
    """The classes above each class."""
    converses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The properties that state the same link in the opposite direction."""
    has_claim_ids: bool = False
    """Whether each claim is found by its id, so that its evidence has a short address."""
    has_evidence: bool = True
    """Whether its statements have evidence that a profile reads."""
    nodes: Cache[tuple[Addresses, str], Node] = field(default_factory=page_cache, compare=False)
    evidence: Cache[tuple[Addresses, str], Any] = field(default_factory=page_cache, compare=False)
    labels_of: Cache[tuple[Addresses, str, bool], Text] = field(
        default_factory=page_cache, compare=False
    )
    """The labels of properties, for either direction."""
    _with_superclasses_cache: Cache[tuple[str, ...], tuple[str, ...]] = field(
        default_factory=page_cache, compare=False
    )

    @cached_property
    def bases(self) -> dict[str, str]:
        """The basis of each rule's conclusions without a document, read once."""
        return explanation.bases(self.queries.store)

    @property
    def has_former_statements(self) -> bool:
        """Whether its profile reads statements that are no longer current."""
        return self.has_evidence and STANDING in self.queries

    @cached_property
    def successors(self) -> Successors:
        """The replacements of addresses by decisions, read once."""
        return successors(self.queries)

    def with_superclasses(self, classes: Iterable[str]) -> tuple[str, ...]:
        """Return the classes, those below others first, and then the classes above them."""
        named = tuple(classes)
        return self._with_superclasses_cache.get(named) or self._with_superclasses_cache.keep(
            named, self._find_with_superclasses(named)
        )

    def _find_with_superclasses(self, named: tuple[str, ...]) -> tuple[str, ...]:
        implied_classes = {superclass for c in named for superclass in self.superclasses.get(c, ())}
        ordered = [c for c in named if c not in implied_classes] + [
            c for c in named if c in implied_classes
        ]
        higher = (superclass for c in ordered for superclass in self.superclasses.get(c, ()))
        return tuple(dict.fromkeys((*ordered, *higher)))


@dataclass(frozen=True)
class GraphView:
    """The graph as readers of one language see it."""

    graph: Graph
    addresses: Addresses
    visitor_store: Store | None = None
    """The store that runs queries under a visitor's limits; None if nothing is served."""

    @property
    def language(self) -> str:
        return self.addresses.language

    @cached_property
    def queries(self) -> PageQueries:
        """The queries of the pages, which ``store`` answers."""
        queries = self.graph.queries
        return queries if self.visitor_store is None else queries.of_reader(self.visitor_store)

    @property
    def store(self) -> Store:
        """The store that answers the page's queries.

        While the site is served, a query ends when its reader has left or its time is over.
        """
        return self.queries.store

    def cached_rows(self, name: str, **given: ParameterTerms) -> Solutions:
        """Return the solutions of a slow query that many pages need; it runs once."""
        return self.queries.cached(self.queries.text(name, **given))

    def note_address(
        self, thing: str, prop: str, other_end: Term, backwards: bool = False
    ) -> str | None:
        """Return the address of the evidence of a claim, read forwards or backwards.

        None if there is none: in a graph without evidence, and for blank nodes.
        """
        if not self.graph.has_evidence or not isinstance(other_end, NamedNode | Literal):
            return None
        ends = NamedNode(thing), other_end
        subject, value = reversed(ends) if backwards else ends
        if not isinstance(subject, NamedNode):
            return None
        if self.graph.has_claim_ids:
            return self.addresses.note(id_of_claim(subject, NamedNode(prop), value))
        written = value.value if isinstance(value, NamedNode) else str(value)
        return self.addresses.explanation(subject.value, prop, written)

    @cached_property
    def foreign(self) -> bool:
        """Whether the graph is somebody else's."""
        return self.addresses.foreign

    def described(self, iris: Iterable[str]) -> dict[str, Described]:
        return self.graph.labels.of(iris)

    def nodes(self, terms: Iterable[Term | None]) -> dict[Term, Node]:
        """Return the node of each term; one query reads their names."""
        wanted = [term for term in dict.fromkeys(terms) if term is not None]
        described = self.described(t.value for t in wanted if isinstance(t, NamedNode))
        return {
            term: self.thing(term.value, described[term.value])
            if isinstance(term, NamedNode)
            else self.value(term)
            for term in wanted
        }

    def node(self, iri: str) -> Node:
        return self.thing(iri, self.described([iri])[iri])

    def thing(self, iri: str, described: Described = NOTHING) -> Node:
        """Return the node of a thing: its text is its name, else the last part of its IRI."""
        if described is NOTHING:
            return self._new_node(iri, described)
        key = self.addresses, iri
        return self.graph.nodes.get(key) or self.graph.nodes.keep(
            key, self._new_node(iri, described)
        )

    def _new_node(self, iri: str, described: Described) -> Node:
        name = described.name(self.language)
        if name is None or not name.value.strip():  # a link needs a word
            record = authority_of(iri)
            name = Text(" ".join(record) if record else last_part(iri), self.language)
        address = self.addresses.of_thing(iri, described.labelled)
        shown = self.text(name)
        return Node(
            shown.value,
            shown.language,
            address.href if address else None,
            address.external if address else False,
            self.shape(iri, described.classes),
            iri,
            len(name.value) > LONGEST_TEXT,
        )

    def value(self, term: Term) -> Node:
        """Return the node of a value that is not a thing; dates and numbers are as in prose."""
        if isinstance(term, BlankNode):
            return Node("[ ]")
        if not isinstance(term, Literal):
            return Node(str(term))
        datatype, text = term.datatype.value, term.value
        if datatype in _DAYS:
            return Node(day(text, self.language))
        if datatype == EDTF:
            return Node(edtf_in_words(text, self.language))
        if datatype == XSD + "dateTime":
            return Node(day_of(text, self.language))
        if datatype == XSD + "time":
            return Node(hour(text, self.language))
        if datatype in _WHOLE and text.isdigit() and len(text) <= _DIGITS:
            return Node(number(int(text), self.language))
        if datatype == XSD + "decimal":
            return Node(decimal(text, self.language))
        shown = self.text(Text(text, term.language or ""))
        return Node(shown.value, shown.language, cut=len(text) > LONGEST_TEXT)

    def text(self, text: Text) -> Text:
        """Return a text with its typography, cut if long; with its language if not the page's."""
        language = text.language.lower()
        shown_language = language if language.partition("-")[0] not in ("", self.language) else ""
        shown = text.value if len(text.value) <= LONGEST_TEXT else text.value[:LONGEST_TEXT] + "…"
        return Text(typeset(shown, language.partition("-")[0] or self.language), shown_language)

    def best(self, texts: Iterable[Text]) -> Text | None:
        """Return the text that suits the reader best, with its typography; None without any."""
        found = best_text(texts, self.language)
        return None if found is None else self.text(found)

    def shape(self, iri: str, classes: Iterable[str]) -> str:
        """Return the kind whose sign a thing has, the empty string for most."""
        kind = self.addresses.kind(iri)
        if kind in DRAWN_ADDRESSES:
            return kind
        kinds = (
            DRAWN_CLASSES[c] for c in self.graph.with_superclasses(classes) if c in DRAWN_CLASSES
        )
        return next(kinds, "")

    def is_term(self, iri: str) -> bool:
        return iri == ONTOLOGY or iri.startswith(RN)
