"""The page of a thing: its facts in groups, both ways, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.labels import NAMINGS, NOTHING, TYPE, Text, last_part
from rallynov_graph.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.page_queries import readable
from rallynov_graph.store import Term
from rallynov_graph.views.evidence import DERIVED, Evidence, of_graphs
from rallynov_graph.views.layout import ELSEWHERE, IDENTITY, Place
from rallynov_graph.views.nodes import Lens, Node

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

_SORTING: Final = frozenset(
    {PREFIXES["org"] + "classification", PREFIXES["dcterms"] + "type", RN + "nature", RN + "mode"}
)
"""What is said of a thing beside its class, before its name."""
_NAMES: Final = frozenset({*NAMINGS[:2]})
_ABOUT: Final = PREFIXES["schema"] + "about"
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


@dataclass(frozen=True)
class Fact:
    """A property read one way, with its values."""

    label: Text
    values: tuple[Value, ...]
    more: int = 0
    """How many values are not shown."""
    of_kind: Text | None = None
    """The kind of the things, where the same property has several rows."""


@dataclass(frozen=True)
class Group:
    """Facts that belong together under a heading; without a name they are simply the others."""

    key: str
    name: Text | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class OpenQuestion:
    """A question that stays open about a thing, with its readings."""

    node: Node
    readings: tuple[Text, ...]


@dataclass(frozen=True)
class ThingPage:
    """Everything that the page of a thing shows."""

    iri: str
    node: Node
    kinds: tuple[Node, ...]
    kind: str
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    groups: tuple[Group, ...]
    elsewhere: tuple[Fact, ...]
    questions: tuple[OpenQuestion, ...]
    query: str


@dataclass(frozen=True)
class Statement:
    """A triple as a row tells it, with the graphs that state it; read backwards or not."""

    path: str
    other: Term
    graphs: tuple[str, ...]
    backwards: bool = False


def thing_page(
    lens: Lens, iri: str, hidden: frozenset[tuple[str, bool]] = frozenset()
) -> ThingPage | None:
    """Return the page of a thing, None where the graph does not mention it.

    What is hidden, properties read backwards or not, the page shows in another way.
    """
    statements = _statements(lens, [iri]).get(iri, []) + _mentions(lens, iri)
    if not statements:
        return None
    shown = [s for s in statements if (s.path, s.backwards) not in hidden]
    return _Writer(lens, iri, shown).page()


class _Writer:
    """Writes the page of one thing; everything it needs of the graph is asked for at once."""

    def __init__(self, lens: Lens, iri: str, statements: list[Statement]) -> None:
        self.lens, self.iri = lens, iri
        self.statements = statements
        around = {s.other.value for s in statements if isinstance(s.other, NamedNode)}
        self.described = lens.described({iri, *around, *(s.path for s in statements)})
        linking = [n for n in around if LINKING & set(self.described[n].classes)]
        self.inner = _statements(lens, sorted(linking)) | _inside(lens, iri, statements)
        told = [s for inner in self.inner.values() for s in inner]
        more = {s.other.value for s in told if isinstance(s.other, NamedNode)}
        self.described |= lens.described({*more, *(s.path for s in told)})
        graphs = {g for s in (*statements, *told) for g in s.graphs}
        self.evidence = of_graphs(lens, graphs)
        self.shown = {(s.path, s.other, s.backwards): s for s in statements}
        self.me = self.described[iri]
        self.classes = lens.graph.with_above(self.me.classes)

    def page(self) -> ThingPage:
        lens, name = self.lens, self.me.name(self.lens.language)
        groups = self._groups()
        return ThingPage(
            iri=self.iri,
            node=lens.thing(self.iri, self.me),
            kinds=tuple(self._kinds()),
            kind=lens.addresses.kind(self.iri),
            other_names=tuple(
                dict.fromkeys(
                    lens.text(n)
                    for n in self.me.names
                    if name and n.language and n.value.casefold() != name.value.casefold()
                )
            ),
            descriptions=tuple(self._descriptions()),
            groups=tuple(g for g in groups if g.key != ELSEWHERE),
            elsewhere=tuple(f for g in groups if g.key == ELSEWHERE for f in g.facts),
            questions=tuple(self._questions()),
            query=readable(lens.queries.text("statements", thing=NamedNode(self.iri))),
        )

    def _kinds(self) -> Iterable[Node]:
        """Yield the classes that no other implies, with their lists, then what sorts it further."""
        own = [c for c in self.classes if c in self.me.classes]
        implied = {a for c in own for a in self.lens.graph.above.get(c, ())}
        classes = self.lens.described(own)
        addresses = self.lens.addresses
        kind = addresses.kind(self.iri)
        for of_class in own:
            if of_class not in implied:
                query = [("class", of_class)]
                at = addresses.path(f"/list/{kind}") if kind else addresses.path("/list", query)
                yield replace(self.lens.thing(of_class, classes[of_class]), href=at, external=False)
        for statement in self.statements:
            if statement.path in _SORTING and not statement.backwards:
                node = self._node(statement.other)
                if not node.external:
                    yield node

    def _descriptions(self) -> Iterable[Text]:
        for path in DESCRIPTIONS:
            texts = [
                Text(s.other.value, s.other.language or "")
                for s in self.statements
                if s.path == path and not s.backwards and isinstance(s.other, Literal)
            ]
            best = self.lens.best(texts)
            if best is not None:
                yield best

    def _questions(self) -> Iterable[OpenQuestion]:
        asked = [s.other for s in self.statements if self._is_question(s)]
        readings = _readings(self.lens, [q for q in asked if isinstance(q, NamedNode)])
        for question in asked:
            node = self._node(question)
            yield OpenQuestion(node, readings.get(node.iri, ()))

    def _is_question(self, statement: Statement) -> bool:
        return (
            statement.backwards
            and statement.path == _ABOUT
            and isinstance(statement.other, NamedNode)
            and RN + "OpenQuestion" in self.described[statement.other.value].classes
        )

    def _groups(self) -> list[Group]:
        rows: dict[tuple[str, float, str, bool, str], list[Statement]] = {}
        for statement in self.statements:
            if self._is_shown(statement):
                place = self._place(statement)
                kind = self._row_kind(statement)
                key = (place.group, place.order, statement.path, statement.backwards, kind)
                rows.setdefault(key, []).append(statement)
        layout = self.lens.graph.layout
        groups: dict[str, list[tuple[tuple[float, bool, str, str], Fact]]] = {}
        for (group, order, path, backwards, kind), told in rows.items():
            several = sum(k[2:4] == (path, backwards) for k in rows) > 1
            fact = self._fact(path, backwards, kind if several else "", told)
            at = (order, backwards, fact.label.value, kind)
            groups.setdefault(group, []).append((at, fact))
        ordered = sorted(groups, key=layout.order)
        return [
            Group(
                group.rpartition("#")[2],
                self.lens.best(layout.groups[group][1]) if group in layout.groups else None,
                tuple(fact for _, fact in sorted(groups[group], key=lambda found: found[0])),
            )
            if group != ELSEWHERE
            else Group(ELSEWHERE, None, tuple(fact for _, fact in groups[group]))
            for group in ordered
        ]

    def _is_shown(self, statement: Statement) -> bool:
        if self._is_said_the_other_way(statement):
            return False
        if statement.backwards:
            return not self._is_question(statement)
        return statement.path not in (*_NAMES, *DESCRIPTIONS) and not (
            statement.path == TYPE and not statement.graphs
        )

    def _is_said_the_other_way(self, statement: Statement) -> bool:
        """Return whether a rule only concludes the converse of what the page shows anyway."""
        if not self._is_derived(statement):
            return False
        for path in self.lens.graph.converses.get(statement.path, ()):
            converse = self.shown.get((path, statement.other, not statement.backwards))
            if converse is not None and (statement.backwards or not self._is_derived(converse)):
                return True
        return False

    def _is_derived(self, statement: Statement) -> bool:
        proofs = self._proofs(statement)
        return bool(proofs) and all(proof.how == DERIVED for proof in proofs)

    def _place(self, statement: Statement) -> Place:
        layout = self.lens.graph.layout
        if statement.backwards:
            return layout.backward(statement.path)
        if statement.path == TYPE and layout.places:
            return Place(IDENTITY, -1)
        return layout.place(self.classes, statement.path)

    def _row_kind(self, statement: Statement) -> str:
        """Return the class that a row of things read backwards is kept to, where there are many."""
        if not statement.backwards or not isinstance(statement.other, NamedNode):
            return ""
        classes = self.described[statement.other.value].classes
        return next(iter(self.lens.graph.with_above(classes)), "")

    def _fact(self, path: str, backwards: bool, kind: str, told: list[Statement]) -> Fact:
        values = [self._value(statement) for statement in self._in_my_language(told)]
        values.sort(key=lambda v: (v.evidence[0].rank[0] if v.evidence else 9, v.node.text))
        return Fact(
            self._label(path, backwards),
            tuple(values[:MOST]),
            max(0, len(values) - MOST),
            self.lens.best(self.lens.described([kind])[kind].names) if kind else None,
        )

    def _in_my_language(self, told: list[Statement]) -> list[Statement]:
        """Return the statements without those in another language, where one is in the page's."""
        languages = {s: getattr(s.other, "language", None) for s in told}
        mine = self.lens.language
        if mine not in languages.values():
            return told
        return [s for s in told if languages[s] in (None, mine)]

    def _label(self, path: str, backwards: bool) -> Text:
        names = self.lens.graph.layout.backwards.get(path, ()) if backwards else ()
        own = self.described.get(path, NOTHING).names
        found = self.lens.best(names) or self.lens.best(own) or Text(last_part(path))
        return Text(f"← {found.value}", found.language) if backwards and not names else found

    def _value(self, statement: Statement) -> Value:
        inner = self.inner.get(_key(statement.other), ())
        return Value(
            self._node(statement.other), self._proofs(statement), tuple(self._details(inner))
        )

    def _details(self, inner: Sequence[Statement]) -> Iterable[Detail]:
        rows: dict[str, list[tuple[Node, tuple[Evidence, ...]]]] = {}
        for told in inner:
            if told.path in _UNSAID or _key(told.other) == self.iri:
                continue
            rows.setdefault(told.path, []).append((self._node(told.other), self._proofs(told)))
        layout, classes = self.lens.graph.layout, self._classes_of(inner)

        def order(path: str) -> tuple[float, float]:
            place = layout.place(classes, path)
            return layout.order(place.group), place.order

        for path in sorted(rows, key=order):
            yield Detail(self._label(path, False), tuple(rows[path]))

    def _classes_of(self, inner: Iterable[Statement]) -> tuple[str, ...]:
        types = (s.other.value for s in inner if s.path == TYPE and isinstance(s.other, NamedNode))
        return self.lens.graph.with_above(types)

    def _proofs(self, statement: Statement) -> tuple[Evidence, ...]:
        found = (self.evidence[g] for g in statement.graphs if g in self.evidence)
        return tuple(sorted(found, key=lambda proof: proof.rank))

    def _node(self, term: Term) -> Node:
        if isinstance(term, BlankNode):
            inner = self.inner.get(_key(term), ())
            names = [
                Text(s.other.value, s.other.language or "")
                for s in inner
                if s.path in NAMINGS and isinstance(s.other, Literal)
            ]
            name = self.lens.best(names)
            return Node(name.value, name.language) if name else self.lens.value(term)
        if not isinstance(term, NamedNode):
            return self.lens.value(term)
        return self.lens.thing(term.value, self.described.get(term.value, NOTHING))


def _statements(lens: Lens, iris: list[str]) -> dict[str, list[Statement]]:
    """Return what is said of each thing, with the graphs that say it."""
    found: dict[str, dict[tuple[str, Term], list[str]]] = {}
    for thing, path, value, graph in lens.queries.rows("statements", thing=_named(iris)).rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        graphs = found.setdefault(thing.value, {}).setdefault((path.value, value), [])
        if isinstance(graph, NamedNode):
            graphs.append(graph.value)
    return {
        thing: [Statement(path, value, tuple(graphs)) for (path, value), graphs in told.items()]
        for thing, told in found.items()
    }


def _mentions(lens: Lens, iri: str) -> list[Statement]:
    found: dict[tuple[str, Term], list[str]] = {}
    for subject, path, _, graph in lens.queries.rows("mentions", thing=NamedNode(iri)).rows:
        assert isinstance(path, NamedNode) and subject is not None
        if isinstance(subject, NamedNode) and (lens.foreign or not lens.is_term(subject.value)):
            graphs = found.setdefault((path.value, subject), [])
            if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
                graphs.append(graph.value)
    return [Statement(p, s, tuple(graphs), True) for (p, s), graphs in found.items()]


def _inside(lens: Lens, iri: str, statements: list[Statement]) -> dict[str, list[Statement]]:
    """Return what is said of the unnamed nodes that a thing points to."""
    if not any(isinstance(s.other, BlankNode) for s in statements):
        return {}
    found: dict[str, list[Statement]] = {}
    for node, path, value in lens.queries.rows("inside", thing=NamedNode(iri)).rows:
        assert node is not None and isinstance(path, NamedNode) and value is not None
        found.setdefault(_key(node), []).append(Statement(path.value, value, ()))
    return found


def _readings(lens: Lens, questions: list[NamedNode]) -> dict[str, tuple[Text, ...]]:
    rows = lens.queries.rows("values", thing=questions, property=NamedNode(RN + "reading")).rows
    described = lens.described(r.value for _, _, r in rows if isinstance(r, NamedNode))
    found: dict[str, list[Text]] = {}
    for question, _, reading in rows:
        assert isinstance(question, NamedNode)
        name = lens.best(described[reading.value].names) if isinstance(reading, NamedNode) else None
        if name is not None:
            found.setdefault(question.value, []).append(name)
    return {question: tuple(names) for question, names in found.items()}


def _named(iris: Iterable[str]) -> list[NamedNode]:
    return [NamedNode(iri) for iri in iris]


def _key(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
