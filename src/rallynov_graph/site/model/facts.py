"""Facts as a page shows them: values with their evidence, and what these values link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, NOTHING, TYPE, Described, Text, last_part
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.evidence import DERIVED, Evidence, evidence_of_graphs, has_note
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.rdf_lists import inside_lists, list_cells
from rallynov_graph.site.model.statements import (
    Statement,
    statements_about,
    statements_inside,
    term_key,
)

MOST: Final = 60
"""How many values of one property a page shows; its query finds them all."""

DESCRIPTIONS: Final = (
    PREFIXES["dcterms"] + "description",
    PREFIXES["skos"] + "definition",
    PREFIXES["rdfs"] + "comment",
    PREFIXES["schema"] + "description",
    "http://schema.org/description",
    "http://purl.org/dc/elements/1.1/description",
)
LINKING: Final = frozenset(
    {
        RN + "Participation",
        RN + "Testimony",
        RN + "Relay",
        RN + "LookBack",
        RN + "Funding",
        RN + "ReportedFigure",
        RN + "ThemeOccurrence",
        PREFIXES["org"] + "Post",
        PREFIXES["schema"] + "OpeningHoursSpecification",
        PREFIXES["oa"] + "TextPositionSelector",
    }
)
"""Classes whose things link others; a page shows beside such a thing what it links."""

_SHOWN_OTHERWISE: Final = frozenset(
    {
        *NAMINGS,
        *DESCRIPTIONS,
        TYPE,
        RN + "nameAsPrinted",
        RN + "quotedSegment",
        RN + "passage",
    }
)
"""The properties that are not repeated beside a thing that links others."""


@dataclass(frozen=True)
class Detail:
    """A property of a linking thing with its values, shown beside it."""

    label: Text
    values: tuple[tuple[Node, tuple[Evidence, ...], str | None], ...]
    """Each with its evidence, and with the address of its evidence note."""
    path: str = ""
    """The IRI of the property."""


@dataclass(frozen=True)
class FactValue:
    """One value of a fact with its evidence and, where it links others, what it links."""

    node: Node
    evidence: tuple[Evidence, ...] = ()
    details: tuple[Detail, ...] = ()
    explanation: str | None = None
    """The address of its evidence note."""
    members: tuple[FactValue, ...] = ()
    """Its members, in order, where it is an RDF list."""
    is_complete: bool = True
    """Whether ``members`` are all that the list has."""


@dataclass(frozen=True)
class Fact:
    """A property in one direction, with its values."""

    label: Text
    values: tuple[FactValue, ...]
    more: int = 0
    """How many values are not shown."""
    of_kind: Text | None = None
    """The class of the values, where a page has several rows for the same property."""
    path: str = ""
    """The IRI of the property."""
    backwards: bool = False
    """Whether it is read from its value."""


def label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    """Return the label of a property, for the direction in which it is read."""
    if described is NOTHING:
        return _label_of(view, path, backwards, described)
    key, cache = (view.addresses, path, backwards), view.graph.labels_of
    return cache.get(key) or cache.keep(key, _label_of(view, path, backwards, described))


def _label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    names = view.graph.layout.backwards.get(path, ()) if backwards else ()
    found = view.best(names) or view.best(described.names) or Text(last_part(path))
    return Text(f"← {found.value}", found.language) if backwards and not names else found


class Surroundings:
    """What a page shows around a thing, read from the graph in a few queries.

    These are the names of everything it links, the statements about linking things and blank
    nodes beside it, and the evidence of all these.
    """

    def __init__(self, view: GraphView, iri: str, statements: list[Statement]) -> None:
        self.view, self.iri = view, iri
        self._evidence_by_graphs: dict[tuple[str, ...], tuple[Evidence, ...]] = {}
        linked_iris = {s.iri for s in statements if s.iri}
        self.described = view.described({iri, *linked_iris, *(s.path for s in statements)})
        linking = [
            linked_iri
            for linked_iri in linked_iris
            if not LINKING.isdisjoint(self.described[linked_iri].classes)
        ]
        self._inner_statements = statements_about(view, sorted(linking)) | statements_inside(
            view, iri, statements
        )
        self._list_cells = list_cells(view, iri, self._inner_statements)
        self._inner_statements |= inside_lists(view, iri, self._list_cells)
        inner_statements = [s for inner in self._inner_statements.values() for s in inner]
        inner_iris = {s.iri for s in inner_statements if s.iri}
        inner_iris |= {
            v.value for v in self._list_cells.values.values() if isinstance(v, NamedNode)
        }
        self.described |= view.described({*inner_iris, *(s.path for s in inner_statements)})
        graphs = {g for s in (*statements, *inner_statements) for g in s.graphs}
        self._evidence = evidence_of_graphs(view, graphs)

    def fact(self, path: str, backwards: bool, kind: str, statements: list[Statement]) -> Fact:
        """Return a property with its values; ``kind`` is their class where the page names it."""
        stated = in_page_language(self.view, statements, lambda statement: statement.other_end)
        values = [self._value(statement) for statement in stated]
        values.sort(key=lambda v: (v.evidence[0].rank[0] if v.evidence else 9, v.node.text))
        return Fact(
            self._label(path, backwards),
            tuple(values[:MOST]),
            max(0, len(values) - MOST),
            self.view.best(self.view.described([kind])[kind].names) if kind else None,
            path,
            backwards,
        )

    def _label(self, path: str, backwards: bool) -> Text:
        return label_of(self.view, path, backwards, self.described.get(path, NOTHING))

    def _value(self, statement: Statement) -> FactValue:
        inner_statements = self._inner_statements.get(term_key(statement.other_end), ())
        evidence = self.evidence_of(statement)
        members = self._list_cells.members(statement.other_end)
        return FactValue(
            self.node(in_carnet_language(self.view, statement.path, statement.other_end)),
            evidence,
            () if members else tuple(self._details(inner_statements, statement.iri)),
            self._explanation(self.iri, statement, evidence),
            tuple(map(self._member, members.terms)) if members else (),
            members is None or members.whole,
        )

    def _member(self, term: Term) -> FactValue:
        """Return a member of a list, with its details where it is a blank node."""
        inner_statements = (
            self._inner_statements.get(term_key(term), ()) if isinstance(term, BlankNode) else ()
        )
        return FactValue(self.node(term), details=tuple(self._details(inner_statements)))

    def _explanation(
        self, thing: str, statement: Statement, evidence: tuple[Evidence, ...]
    ) -> str | None:
        if not thing or not has_note(evidence):
            return None
        return self.view.note_address(
            thing, statement.path, statement.other_end, statement.backwards
        )

    def _details(self, statements: Sequence[Statement], thing: str = "") -> Iterable[Detail]:
        if not statements:
            return
        rows: dict[str, list[tuple[Node, tuple[Evidence, ...], str | None]]] = {}
        for statement in statements:
            if statement.path in _SHOWN_OTHERWISE or term_key(statement.other_end) == self.iri:
                continue
            members = self._list_cells.members(statement.other_end)
            terms = (
                members.terms
                if members
                else (in_carnet_language(self.view, statement.path, statement.other_end),)
            )
            evidence = self.evidence_of(statement)
            explanation = self._explanation(thing, statement, evidence)
            rows.setdefault(statement.path, []).extend(
                (self.node(term), evidence, explanation) for term in terms
            )
        layout, classes = self.view.graph.layout, self._classes_of(statements)

        def order(path: str) -> tuple[float, float]:
            place = layout.place(classes, path)
            return layout.order(place.group), place.order

        for path in sorted(rows, key=order):
            yield Detail(self._label(path, False), tuple(rows[path]), path)

    def _classes_of(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        types = (
            s.other_end.value
            for s in statements
            if s.path == TYPE and isinstance(s.other_end, NamedNode)
        )
        return self.view.graph.with_superclasses(types)

    def evidence_of(self, statement: Statement) -> tuple[Evidence, ...]:
        """Return the evidence of a statement, the surest first."""
        evidence = self._evidence_by_graphs.get(statement.graphs)
        if evidence is None:
            found = (self._evidence[g] for g in statement.graphs if g in self._evidence)
            evidence = tuple(sorted(found, key=lambda piece: piece.rank))
            self._evidence_by_graphs[statement.graphs] = evidence
        return evidence

    def node(self, term: Term) -> Node:
        """Return the node of a term; the text of a blank node is a name that it has."""
        if isinstance(term, BlankNode):
            inner_statements = self._inner_statements.get(term_key(term), ())
            names = [
                Text(s.other_end.value, s.other_end.language or "")
                for s in inner_statements
                if s.path in NAMINGS and isinstance(s.other_end, Literal)
            ]
            name = self.view.best(names)
            return Node(name.value, name.language) if name else self.view.value(term)
        if not isinstance(term, NamedNode):
            return self.view.value(term)
        return self.view.thing(term.value, self.described.get(term.value, NOTHING))

    def is_derived(self, statement: Statement) -> bool:
        """Return whether only rules conclude a statement."""
        evidence = self.evidence_of(statement)
        return bool(evidence) and all(piece.kind == DERIVED for piece in evidence)
