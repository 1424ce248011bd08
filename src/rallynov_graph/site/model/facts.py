"""Facts as a page shows them: values with their evidence, and what they link in turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, NOTHING, TYPE, Described, Text, last_part
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.evidence import DERIVED, Evidence, of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.rdf_lists import cells, inside_lists
from rallynov_graph.site.model.statements import Statement, about, inside, key

MOST: Final = 60
"""How many values of one property a page shows; the query behind it gives them all."""

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
"""Classes whose things link others: a page says beside them what they link."""

_UNSAID: Final = frozenset(
    {
        *NAMINGS,
        *DESCRIPTIONS,
        TYPE,
        RN + "nameAsPrinted",
        RN + "quotedSegment",
        RN + "passage",
    }
)
"""What is not repeated beside a thing that links others."""


@dataclass(frozen=True)
class Detail:
    """What a linking thing says beside itself: a property and its values."""

    label: Text
    values: tuple[tuple[Node, tuple[Evidence, ...]], ...]


@dataclass(frozen=True)
class Value:
    """One value of a fact, what it links in turn, and who says so."""

    node: Node
    evidence: tuple[Evidence, ...] = ()
    details: tuple[Detail, ...] = ()
    why: str | None = None
    """Where it is said from what a rule concludes it."""
    members: tuple[Value, ...] = ()
    """What it holds, in order, where it is a list."""
    whole: bool = True
    """Whether these are all its members."""


@dataclass(frozen=True)
class Fact:
    """A property read one way, with its values."""

    label: Text
    values: tuple[Value, ...]
    more: int = 0
    """How many values are not shown."""
    of_kind: Text | None = None
    """The kind of the things, where the same property has several rows."""


def label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    """Return what a property is called, read from its value or not."""
    if described is NOTHING:
        return _label_of(view, path, backwards, described)
    asked, kept = (view.addresses, path, backwards), view.graph.labels_of
    return kept.get(asked) or kept.keep(asked, _label_of(view, path, backwards, described))


def _label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    names = view.graph.layout.backwards.get(path, ()) if backwards else ()
    found = view.best(names) or view.best(described.names) or Text(last_part(path))
    return Text(f"← {found.value}", found.language) if backwards and not names else found


class Surroundings:
    """What a page needs to know around a thing; it is asked of the graph at once.

    That is the names of everything it links, what linking and unnamed nodes beside it say, and
    who says all that.
    """

    def __init__(self, view: GraphView, iri: str, statements: list[Statement]) -> None:
        self.view, self.iri = view, iri
        self._proofs: dict[tuple[str, ...], tuple[Evidence, ...]] = {}
        around = {s.iri for s in statements if s.iri}
        self.described = view.described({iri, *around, *(s.path for s in statements)})
        linking = [n for n in around if not LINKING.isdisjoint(self.described[n].classes)]
        self._inner = about(view, sorted(linking)) | inside(view, iri, statements)
        self._cells = cells(view, iri, self._inner)
        self._inner |= inside_lists(view, iri, self._cells)
        told = [s for inner in self._inner.values() for s in inner]
        more = {s.iri for s in told if s.iri}
        more |= {v.value for v in self._cells.values.values() if isinstance(v, NamedNode)}
        self.described |= view.described({*more, *(s.path for s in told)})
        graphs = {g for s in (*statements, *told) for g in s.graphs}
        self._evidence = of_graphs(view, graphs)

    def fact(self, path: str, backwards: bool, kind: str, told: list[Statement]) -> Fact:
        """Return a property with its values; ``kind`` is their class where that is to be said."""
        values = [self._value(statement) for statement in self._in_my_language(told)]
        values.sort(key=lambda v: (v.evidence[0].rank[0] if v.evidence else 9, v.node.text))
        return Fact(
            self._label(path, backwards),
            tuple(values[:MOST]),
            max(0, len(values) - MOST),
            self.view.best(self.view.described([kind])[kind].names) if kind else None,
        )

    def _in_my_language(self, told: list[Statement]) -> list[Statement]:
        """Return the statements without those in another language, where one is in the page's."""
        languages = [s.other.language if isinstance(s.other, Literal) else None for s in told]
        mine = self.view.language
        if mine not in languages:
            return told
        return [s for s, language in zip(told, languages, strict=True) if language in (None, mine)]

    def _label(self, path: str, backwards: bool) -> Text:
        return label_of(self.view, path, backwards, self.described.get(path, NOTHING))

    def _value(self, statement: Statement) -> Value:
        inner = self._inner.get(key(statement.other), ())
        proofs = self.proofs(statement)
        members = self._cells.members(statement.other)
        return Value(
            self.node(worded(self.view, statement.path, statement.other)),
            proofs,
            () if members else tuple(self._details(inner)),
            self._why(statement) if any(proof.how == DERIVED for proof in proofs) else None,
            tuple(map(self._member, members.terms)) if members else (),
            members is None or members.whole,
        )

    def _member(self, term: Term) -> Value:
        """Return a member of a list, and what it says where it is an unnamed node."""
        inner = self._inner.get(key(term), ()) if isinstance(term, BlankNode) else ()
        return Value(self.node(term), details=tuple(self._details(inner)))

    def _why(self, statement: Statement) -> str | None:
        if self.view.foreign or not isinstance(statement.other, NamedNode):
            return None
        ends = (self.iri, statement.other.value)
        subject, value = reversed(ends) if statement.backwards else ends
        return self.view.addresses.why(subject, statement.path, value)

    def _details(self, inner: Sequence[Statement]) -> Iterable[Detail]:
        if not inner:
            return
        rows: dict[str, list[tuple[Node, tuple[Evidence, ...]]]] = {}
        for told in inner:
            if told.path in _UNSAID or key(told.other) == self.iri:
                continue
            members = self._cells.members(told.other)
            terms = members.terms if members else (worded(self.view, told.path, told.other),)
            proofs = self.proofs(told)
            rows.setdefault(told.path, []).extend((self.node(term), proofs) for term in terms)
        layout, classes = self.view.graph.layout, self._classes_of(inner)

        def order(path: str) -> tuple[float, float]:
            place = layout.place(classes, path)
            return layout.order(place.group), place.order

        for path in sorted(rows, key=order):
            yield Detail(self._label(path, False), tuple(rows[path]))

    def _classes_of(self, inner: Iterable[Statement]) -> tuple[str, ...]:
        types = (s.other.value for s in inner if s.path == TYPE and isinstance(s.other, NamedNode))
        return self.view.graph.with_above(types)

    def proofs(self, statement: Statement) -> tuple[Evidence, ...]:
        """Return who says it, the surest first."""
        known = self._proofs.get(statement.graphs)
        if known is None:
            found = (self._evidence[g] for g in statement.graphs if g in self._evidence)
            known = tuple(sorted(found, key=lambda proof: proof.rank))
            self._proofs[statement.graphs] = known
        return known

    def node(self, term: Term) -> Node:
        """Return how a term is shown; an unnamed node by a name that stands in it."""
        if isinstance(term, BlankNode):
            inner = self._inner.get(key(term), ())
            names = [
                Text(s.other.value, s.other.language or "")
                for s in inner
                if s.path in NAMINGS and isinstance(s.other, Literal)
            ]
            name = self.view.best(names)
            return Node(name.value, name.language) if name else self.view.value(term)
        if not isinstance(term, NamedNode):
            return self.view.value(term)
        return self.view.thing(term.value, self.described.get(term.value, NOTHING))

    def is_derived(self, statement: Statement) -> bool:
        """Return whether only rules say it."""
        proofs = self.proofs(statement)
        return bool(proofs) and all(proof.how == DERIVED for proof in proofs)
