"""The facts of a thing as its page shows them: values, what these link, and members of lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.languages import in_day
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, NOTHING, TYPE, Text
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.layout import PASSAGE
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import (
    Evidence,
    Judged,
    NoteAddress,
    StatedTriple,
    Statement,
    iri_of,
    judged,
    label_of,
    statements_about,
    statements_of_unnamed_nodes,
    term_key,
)

MOST: Final = 60
"""How many values of one property a page shows; its query finds them all."""
MOST_MEMBERS: Final = 60
"""How many members of a list a page shows; the data have them all."""

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
        PREFIXES["org"] + "Membership",
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
        PASSAGE,
    }
)
"""The properties that are not repeated beside a thing that links others."""


_HOLDS: Final = PREFIXES["org"] + "holds"
_TURNED: Final = {PREFIXES["org"] + "heldBy": _HOLDS, RN + "participant": RN + "participant"}
"""The properties of people that are said of something else, and how they are said of people."""
_PERSONAL: Final = (_HOLDS, PREFIXES["org"] + "memberOf", *_TURNED)
"""The properties that end when a later document says so."""
_FIRST: Final = PREFIXES["rdf"] + "first"
_END: Final = PREFIXES["rdf"] + "nil"

Details = tuple[tuple[Statement, ...], ...]
"""The facts of a linking thing, property by property, shown beside it."""


@dataclass(frozen=True)
class FactValue(Statement):
    """A statement with the links of its other end, or the members of the list that this is."""

    details: Details = ()
    members: tuple[tuple[Node, Details], ...] = ()
    """Its members in order, if it is an RDF list, each with its links."""
    is_complete: bool = True
    """Whether ``members`` is complete."""


@dataclass(frozen=True)
class Fact:
    """A property in one direction, with its values."""

    label: Text
    values: tuple[FactValue, ...]
    more: int = 0
    """How many values are not shown."""
    of_kind: Text | None = None
    """The class of the values, if a page has several rows for the same property."""
    path: str = ""
    """The IRI of the property."""
    backwards: bool = False
    """Whether it is read from its value."""


@dataclass(frozen=True)
class Members:
    """The members of a list in order; incomplete if it is too long or circular."""

    terms: tuple[Term, ...]
    whole: bool


@dataclass(frozen=True)
class _ListCells:
    """The cells of the lists around a thing."""

    values: dict[str, Term]
    following: dict[str, Term]

    def members(self, head: Term) -> Members | None:
        """Return the members of the list that begins with a cell; None if it is not a list."""
        terms: list[Term] = []
        visited: set[str] = set()
        cell = head
        while term_key(cell) in self.values and term_key(cell) not in visited:
            if len(terms) == MOST_MEMBERS:
                return Members(tuple(terms), False)
            visited.add(term_key(cell))
            terms.append(self.values[term_key(cell)])
            cell = self.following[term_key(cell)]
        return Members(tuple(terms), term_key(cell) == _END) if terms else None


class Surroundings:
    """The data around a thing for its page, read from the graph in a few queries.

    They are the names of everything it links, the statements about linking things and blank nodes
    beside it, and the evidence of all these.
    """

    def __init__(self, view: GraphView, iri: str, found: Judged) -> None:
        self.view, self.iri = view, iri
        linked_iris = {it.iri for it in found if it.iri}
        self.described = view.described({iri, *linked_iris, *(it.path for it in found)})
        linking = [
            linked_iri
            for linked_iri in linked_iris
            if not LINKING.isdisjoint(self.described[linked_iri].classes)
        ]
        self._inner = statements_about(view, sorted(linking))
        if any(isinstance(it.other_end, BlankNode) for it in found):
            self._inner |= statements_of_unnamed_nodes(view, "inside", iri)
        self._lists = self._list_cells()
        if any(isinstance(it, BlankNode) for it in self._lists.values.values()):
            self._inner |= statements_of_unnamed_nodes(view, "inside_lists", iri)
        inner = [it for them in self._inner.values() for it in them]
        members = (it.value for it in self._lists.values.values() if isinstance(it, NamedNode))
        self.described |= view.described(
            {*(it.iri for it in inner if it.iri), *members, *(it.path for it in inner)}
        )
        self._evidence = found | judged(view, inner)

    @cached_property
    def _past(self) -> dict[tuple[str, str, str], str]:
        """When a link of a person that a later document replaces was last stated."""
        holders = {
            it.value if it.path in _TURNED else it.subject
            for it in self._evidence
            if it.path in _PERSONAL and not self.view.foreign
        }
        people = sorted((it for it in holders if isinstance(it, NamedNode)), key=str)
        queries = self.view.queries
        rows = queries.cached(queries.text("past_links", person=people)).rows if people else ()
        return {(*map(iri_of, row[:3]),): row[3].value for row in rows}  # type: ignore[misc, union-attr]

    def _ends(self, it: StatedTriple) -> tuple[Node, Node]:
        """Return the ends of a statement; the other end of a past link with its date."""
        ends = self.node(it.subject), self.node(in_carnet_language(self.view, it.path, it.value))
        if it.path not in _PERSONAL:
            return ends
        subject, value = iri_of(it.subject), iri_of(it.value)
        turned = _TURNED.get(it.path)
        last = self._past.get((value, turned, subject) if turned else (subject, it.path, value))
        if last is None:
            return ends
        dated = f" {in_day(last, self.view.language)}"
        first, second = (
            replace(end, text=end.text + dated) if is_other else end
            for end, is_other in zip(ends, (it.backwards, not it.backwards), strict=True)
        )
        return first, second

    def fact(self, path: str, backwards: bool, kind: str, found: list[StatedTriple]) -> Fact:
        """Return a property with its values; ``kind`` is their class if the page names it."""
        values = [*map(self._value, in_page_language(self.view, found, lambda it: it.other_end))]
        values.sort(key=lambda v: (v.evidence[0].rank[0] if v.evidence else 9, v.other.text))
        return Fact(
            label_of(self.view, path, backwards, self.described.get(path, NOTHING)),
            tuple(values[:MOST]),
            max(0, len(values) - MOST),
            self.view.best(self.view.described([kind])[kind].names) if kind else None,
            path,
            backwards,
        )

    def evidence_of(self, it: StatedTriple) -> tuple[Evidence, ...]:
        """Return the evidence of a statement, the surest first."""
        return self._evidence[it]

    def node(self, term: Term) -> Node:
        """Return the node of a term; the text of a blank node is a name that it has."""
        if isinstance(term, BlankNode):
            names = [
                Text(it.other_end.value, it.other_end.language or "")
                for it in self._inner.get(term_key(term), ())
                if it.path in NAMINGS and isinstance(it.other_end, Literal)
            ]
            name = self.view.best(names)
            return Node(name.value, name.language) if name else self.view.value(term)
        if not isinstance(term, NamedNode):
            return self.view.value(term)
        return self.view.thing(term.value, self.described.get(term.value, NOTHING))

    def _value(self, it: StatedTriple) -> FactValue:
        members = self._lists.members(it.other_end)
        if members is None:
            return FactValue(*self._parts(it), self._details(it.other_end))
        of_blank = (
            (e, self._details(e) if isinstance(e, BlankNode) else ()) for e in members.terms
        )
        shown = tuple((self.node(term), details) for term, details in of_blank)
        return FactValue(*self._parts(it), (), shown, members.whole)

    def _parts(
        self, it: StatedTriple
    ) -> tuple[StatedTriple, Node, Node, Node, Text, tuple[Evidence, ...], NoteAddress]:
        described = self.described.get(it.path, NOTHING)
        subject, value = self._ends(it)
        return (
            it,
            subject,
            self.view.thing(it.path, described),
            value,
            label_of(self.view, it.path, it.backwards, described),
            self._evidence[it],
            self.view.note_address,
        )

    def _details(self, end: Term) -> Details:
        found = self._inner.get(term_key(end), ())
        rows: dict[str, list[Statement]] = {}
        for it in found:
            if it.path in _SHOWN_OTHERWISE or term_key(it.other_end) == self.iri:
                continue
            value = Statement(*self._parts(it))
            members = self._lists.members(it.other_end)
            of_path = rows.setdefault(it.path, [])
            if members:
                of_path += (replace(value, value=self.node(term)) for term in members.terms)
            else:
                of_path.append(value)
        layout, classes = self.view.graph.layout, self._classes_of(found)

        def order(path: str) -> tuple[float, float]:
            place = layout.place(classes, path)
            return layout.order(place.group), place.order

        return tuple(tuple(rows[path]) for path in sorted(rows, key=order))

    def _classes_of(self, found: Iterable[StatedTriple]) -> tuple[str, ...]:
        return self.view.graph.with_superclasses(
            it.iri for it in found if it.path == TYPE and it.iri
        )

    def _list_cells(self) -> _ListCells:
        """Return the cells of the lists of the thing or its blank nodes.

        The query only runs if a statement about a blank node may belong to a list.
        """
        inner = (it for them in self._inner.values() for it in them)
        cells = _ListCells({}, {})
        if any(it.path == _FIRST or isinstance(it.other_end, BlankNode) for it in inner):
            rows = self.view.queries.rows("lists", thing=NamedNode(self.iri)).rows
            for cell, value, following in rows:
                assert cell is not None and value is not None and following is not None
                if term_key(cell) not in cells.values:
                    cells.values[term_key(cell)] = value
                    cells.following[term_key(cell)] = following
        return cells
