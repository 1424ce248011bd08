"""How a term of the graph is shown: its text, the language that it is in, where it leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.cache import Cache
from rallynov_graph.base.kinds import DRAWN_ADDRESSES, DRAWN_CLASSES
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.base.typography import day, decimal, hour, number, typeset
from rallynov_graph.questions.labels import NOTHING, Described, Labels, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms
from rallynov_graph.rules import explanation
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.layout import Layout
from rallynov_graph.sparql.store import Store

XSD: Final = PREFIXES["xsd"]
LONGEST: Final = 3000
"""How many characters of a text a page shows; its data have the rest."""

MOST_KEPT: Final = 50_000
"""How many nodes are kept, and of all else that is made for pages."""
LONGEST_NAME: Final = 300
"""A longer IRI is one that a visitor made up."""

_DAYS: Final = frozenset({XSD + "date", XSD + "gYearMonth", XSD + "gYear"})
_WHOLE: Final = frozenset({XSD + "integer", XSD + "int", XSD + "long", XSD + "nonNegativeInteger"})
_DIGITS: Final = 15
"""A longer number is shown as it is written."""


@dataclass(frozen=True)
class Node:
    """A thing or a value as a page shows it."""

    text: str
    language: str = ""
    """The language of the text where it is another than the page's, for its ``lang``."""
    href: str | None = None
    external: bool = False
    shape: str = ""
    """The kind whose sign it has, the empty string for most."""
    iri: str = ""
    cut: bool = False
    """Whether the text is longer than what is shown."""


def for_pages() -> Cache[Any, Any]:
    """Return a cache of what is made for a page and holds for all others."""
    return Cache(MOST_KEPT, longest_name=LONGEST_NAME)


@dataclass(frozen=True)
class Graph:
    """What the pages know of a store, whoever reads them."""

    queries: PageQueries
    labels: Labels
    layout: Layout
    above: dict[str, tuple[str, ...]]
    """The classes above each class."""
    converses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The properties that say the same the other way."""
    nodes: Cache[tuple[Addresses, str], Node] = field(default_factory=for_pages, compare=False)
    evidence: Cache[tuple[Addresses, str], Any] = field(default_factory=for_pages, compare=False)
    labels_of: Cache[tuple[Addresses, str, bool], Text] = field(
        default_factory=for_pages, compare=False
    )
    """What properties are called, read from their values or not."""
    _above: Cache[tuple[str, ...], tuple[str, ...]] = field(
        default_factory=for_pages, compare=False
    )

    @cached_property
    def bases(self) -> dict[str, str]:
        """What each rule's conclusions rest on where no document says it; asked for once."""
        return explanation.bases(self.queries.store)

    def with_above(self, classes: Iterable[str]) -> tuple[str, ...]:
        """Return the classes, those below others first, and then the classes above them."""
        named = tuple(classes)
        return self._above.get(named) or self._above.keep(named, self._with_above(named))

    def _with_above(self, named: tuple[str, ...]) -> tuple[str, ...]:
        implied = {a for c in named for a in self.above.get(c, ())}
        ordered = [c for c in named if c not in implied] + [c for c in named if c in implied]
        higher = (a for c in ordered for a in self.above.get(c, ()))
        return tuple(dict.fromkeys((*ordered, *higher)))


@dataclass(frozen=True)
class GraphView:
    """How a reader of one language looks at the graph."""

    graph: Graph
    addresses: Addresses
    served: Store | None = None
    """What answers the queries of this reader while the site is served."""

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.addresses.language

    @cached_property
    def queries(self) -> PageQueries:
        """What the page asks, of ``store``."""
        known = self.graph.queries
        return known if self.served is None else known.of_reader(self.served)

    @property
    def store(self) -> Store:
        """What the page asks: a query ends when its reader has left or waited enough.

        Where nothing is served, that is the store at hand.
        """
        return self.queries.store

    def answered(self, name: str, **given: ParameterTerms) -> Solutions:
        """Return the solutions of a query that is dear and asked by many; it is asked once."""
        return self.queries.saved(name, self.queries.text(name, **given))

    @cached_property
    def foreign(self) -> bool:
        """Whether the graph is somebody else's."""
        return self.addresses.foreign

    def described(self, iris: Iterable[str]) -> dict[str, Described]:
        """Return the names and classes of things."""
        return self.graph.labels.of(iris)

    def nodes(self, terms: Iterable[Term | None]) -> dict[Term, Node]:
        """Return how each term is shown; their names are asked for at once."""
        wanted = [term for term in dict.fromkeys(terms) if term is not None]
        described = self.described(t.value for t in wanted if isinstance(t, NamedNode))
        return {
            term: self.thing(term.value, described[term.value])
            if isinstance(term, NamedNode)
            else self.value(term)
            for term in wanted
        }

    def node(self, iri: str) -> Node:
        """Return how one thing is shown."""
        return self.thing(iri, self.described([iri])[iri])

    def thing(self, iri: str, described: Described = NOTHING) -> Node:
        """Return how a thing is shown: by its name, else by the last part of its address."""
        if described is NOTHING:
            return self._made(iri, described)
        key = self.addresses, iri
        return self.graph.nodes.get(key) or self.graph.nodes.keep(key, self._made(iri, described))

    def _made(self, iri: str, described: Described) -> Node:
        name = described.name(self.language) or Text(last_part(iri), self.language)
        address = self.addresses.of(iri, described.labelled)
        shown = self.text(name)
        return Node(
            shown.value,
            shown.language,
            address.href if address else None,
            address.external if address else False,
            self.shape(iri, described.classes),
            iri,
            len(name.value) > LONGEST,
        )

    def value(self, term: Term) -> Node:
        """Return how a value that is no thing is shown: dates and numbers as people write them."""
        if isinstance(term, BlankNode):
            return Node("[ ]")
        if not isinstance(term, Literal):
            return Node(str(term))
        kind, plain = term.datatype.value, term.value
        if kind in _DAYS:
            return Node(day(plain, self.language))
        if kind == XSD + "time":
            return Node(hour(plain, self.language))
        if kind in _WHOLE and plain.isdigit() and len(plain) <= _DIGITS:
            return Node(number(int(plain), self.language))
        if kind == XSD + "decimal":
            return Node(decimal(plain, self.language))
        shown = self.text(Text(plain, term.language or ""))
        return Node(shown.value, shown.language, cut=len(plain) > LONGEST)

    def text(self, text: Text) -> Text:
        """Return a text as it is set, with its language where that is not the page's."""
        language = text.language.lower()
        other = language if language.partition("-")[0] not in ("", self.language) else ""
        shown = text.value if len(text.value) <= LONGEST else text.value[:LONGEST] + "…"
        return Text(typeset(shown, language.partition("-")[0] or self.language), other)

    def best(self, texts: Iterable[Text]) -> Text | None:
        """Return the text that suits the reader best, as it is set."""
        found = best_text(texts, self.language)
        return None if found is None else self.text(found)

    def shape(self, iri: str, classes: Iterable[str]) -> str:
        """Return the kind whose sign a thing has, the empty string for most."""
        kind = self.addresses.kind(iri)
        if kind in DRAWN_ADDRESSES:
            return kind
        drawn = (DRAWN_CLASSES[c] for c in self.graph.with_above(classes) if c in DRAWN_CLASSES)
        return next(drawn, "")

    def is_term(self, iri: str) -> bool:
        """Return whether an IRI is the ontology or one of its terms."""
        return iri == ONTOLOGY or iri.startswith(RN)
