"""Values of things as columns for a table, and the properties that can be such columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import last_part
from rallynov_graph.questions.thing_names import as_iri
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.plain_values import plain
from rallynov_graph.site.reconciliation.candidates import thing_of

_DATE: Final = PREFIXES["xsd"] + "date"
_TYPES: Final = {int: "int", float: "float"}


@dataclass(frozen=True)
class RequestedColumn:
    """A column that a program asks for: a property, the certainty and the number of its values."""

    id: str
    property: str
    certainty: str = ""
    """The weakest certainty of its values; the empty string for all values."""
    most: int = 0
    """How many values a cell has at most; 0 for all values."""


@dataclass(frozen=True)
class ListedTerm:
    """A property or type in a list of choices."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class ExtensionColumn:
    """A column of the answer: its property, and the kind of its things where all have the same."""

    id: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class Extension:
    """The columns, and the cells of each thing in them."""

    columns: tuple[ExtensionColumn, ...]
    rows: dict[str, dict[str, list[dict[str, object]]]]


def property_of(identifier: str) -> NamedNode | None:
    """Return the property of a prefixed name or an IRI; None for any other text."""
    try:
        found = as_iri(identifier.strip())
    except QueryError:
        return None
    return None if found is None or found.value.startswith(ID) else found


def extension(
    view: GraphView, ids: Sequence[str], requested: Sequence[RequestedColumn]
) -> Extension:
    """Return the values of these things in these columns."""
    things = {identifier: thing_of(identifier) for identifier in ids}
    values = {
        column.id: _values(view, [thing for thing in things.values() if thing], column)
        for column in requested
    }
    linked = {
        value
        for values_by_thing in values.values()
        for values_of_thing in values_by_thing.values()
        for value in values_of_thing
    }
    names = _names(view, (value.value for value in linked if isinstance(value, NamedNode)))
    properties = _names(view, (column.property for column in requested))
    rows: dict[str, dict[str, list[dict[str, object]]]] = {
        identifier: {
            column.id: [
                _cell(view, value, names)
                for value in values[column.id].get(thing.value if thing else "", [])
            ]
            for column in requested
        }
        for identifier, thing in things.items()
    }
    columns = (
        ExtensionColumn(
            column.id, properties[column.property], _kind(view, values[column.id].values())
        )
        for column in requested
    )
    return Extension(tuple(columns), rows)


def proposed_properties(view: GraphView, kind: str) -> tuple[ListedTerm, ...]:
    """Return the properties of the things of a kind, or of a class, the most used first."""
    found = (
        view.cached_rows("properties_of_class", **{"class": NamedNode(kind)})
        if ":" in kind
        else view.cached_rows("properties_of_kind", prefix=Literal(f"{ID}{kind}/"))
    )
    return _choices(view, (row[0] for row in found.rows))


def properties(view: GraphView) -> tuple[ListedTerm, ...]:
    """Return the properties that the graph uses, by their names."""
    used = _choices(view, (prop for (prop,) in view.queries.rows("properties_used").rows))
    return tuple(sorted(used, key=lambda term: (term.name.casefold(), term.id)))


def _choices(view: GraphView, terms: Iterable[Term | None]) -> tuple[ListedTerm, ...]:
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    names = _names(view, iris)
    return tuple(ListedTerm(in_prefixes(iri), names[iri], iri) for iri in iris)


def _values(
    view: GraphView, things: Sequence[NamedNode], column: RequestedColumn
) -> dict[str, list[Term]]:
    """Return the values of a property by thing."""
    terms = {"thing": things, "property": [NamedNode(column.property)]}
    found = (
        view.queries.rows("values_at_least", **terms, certainty=NamedNode(RN + column.certainty))
        if column.certainty
        else view.queries.rows("values", **terms)
    )
    values: dict[str, list[Term]] = {}
    for thing, _, value in found.rows:
        if isinstance(thing, NamedNode) and value is not None:
            values.setdefault(thing.value, []).append(value)
    return {
        thing: values_of_thing[: column.most or None] for thing, values_of_thing in values.items()
    }


def _names(view: GraphView, iris: Iterable[str]) -> dict[str, str]:
    """Return the names of things in the graph, in the reader's language where they have one."""
    named = {iri: found.name(view.language) for iri, found in view.described(iris).items()}
    return {iri: name.value if name else last_part(iri) for iri, name in named.items()}


def _kind(view: GraphView, values: Iterable[Sequence[Term]]) -> str:
    kinds = {
        view.addresses.kind(getattr(value, "value", ""))
        for values_of_thing in values
        for value in values_of_thing
    }
    return kinds.pop() if len(kinds) == 1 else ""


def _cell(view: GraphView, value: Term, names: Mapping[str, str]) -> dict[str, object]:
    """Return a value as a cell; a thing of another namespace is its IRI alone."""
    if isinstance(value, NamedNode):
        if view.foreign or view.addresses.short(value.value) is not None:
            return {"id": view.addresses.short_or_iri(value.value), "name": names[value.value]}
        return {"str": value.value}
    plain_value = plain(value)
    if isinstance(value, Literal) and value.datatype.value == _DATE and len(value.value) == 10:
        return {"date": f"{value.value}T00:00:00Z"}
    if isinstance(plain_value, bool):
        return {"str": str(plain_value).lower()}
    return {_TYPES.get(type(plain_value), "str"): plain_value}
