"""Where a document is silent: curators searched it for a property, and it does not state it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.tokens import decoded
from rallynov_graph.rules.open_questions import required_properties, things_named


@dataclass(frozen=True)
class Silence:
    """A document that was searched for a property of a thing, and does not state it."""

    thing: NamedNode
    property: NamedNode
    document: NamedNode
    scope: NamedNode
    """The declaration of the properties that the curators read for."""
    by: NamedNode
    at: Literal
    is_value: bool
    """Whether the thing would be the value of the property, not its subject."""


def silences(
    queries: PageQueries, things: Iterable[NamedNode], properties: Iterable[str] | None = None
) -> tuple[Silence, ...]:
    """Return where documents about these things are silent on these properties, or on any."""
    rows = queries.rows("sought_properties").rows
    sought = {term.value for (term,) in rows if isinstance(term, NamedNode)}
    asked = [
        NamedNode(it)
        for it in sorted(sought if properties is None else sought.intersection(properties))
    ]
    found: dict[tuple[NamedNode, ...], Silence] = {}
    for row in queries.rows("silences", thing=[*things], property=asked).rows:
        thing, prop, document, scope, by, at, is_value = row
        assert isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
        assert isinstance(document, NamedNode) and isinstance(scope, NamedNode)
        assert isinstance(by, NamedNode)
        assert isinstance(at, Literal) and isinstance(is_value, Literal)
        backwards = is_value.value == "true"
        silence = Silence(thing, prop, document, scope, by, at, backwards)
        found.setdefault((thing, prop, document), silence)
    return tuple(found.values())


def silences_of_query(queries: PageQueries, query: str) -> tuple[Silence, ...]:
    """Return where documents are silent on what a query asks about the things that it names."""
    text = decoded(query)
    return silences(queries, things_named(text), required_properties(text))
