"""The page of a thing: its facts in groups, both ways, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, TYPE, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.contacts import is_only_a_contact
from rallynov_graph.site.model.drawing.neighbourhood import Neighbourhood, neighbourhood
from rallynov_graph.site.model.evidence import of_graphs
from rallynov_graph.site.model.facts import DESCRIPTIONS, Fact, Surroundings
from rallynov_graph.site.model.layout import ELSEWHERE, IDENTITY, Place
from rallynov_graph.site.model.links.explained_links import admits
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.schema_classes import said_to_web
from rallynov_graph.site.model.statements import Statement, about, mentions

_SORTING: Final = frozenset(
    {PREFIXES["org"] + "classification", PREFIXES["dcterms"] + "type", RN + "nature", RN + "mode"}
)
"""What is said of a thing beside its class, before its name."""
_SAID_ABOVE: Final = frozenset({*NAMINGS[:2], *DESCRIPTIONS})
"""What stands above the facts."""
_QUESTION: Final = RN + "OpenQuestion"
_ABOUT: Final = PREFIXES["schema"] + "about"


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
    short: str
    """What to write to mean it: ``kind/slug``, or its IRI."""
    is_of_first_kind: bool
    """Whether it is of a kind that a reader asks for first; in another graph, everything is."""
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    groups: tuple[Group, ...]
    elsewhere: tuple[Fact, ...]
    questions: tuple[OpenQuestion, ...]
    neighbourhood: Neighbourhood | None
    query: str
    for_web: tuple[tuple[str, Term], ...] = ()
    """What search engines are told of it, whatever certainty the reader wants."""
    is_sought_outside: bool = False
    """Whether the page tells where other sources have it, also where none is known."""
    only_a_contact: bool = False
    """Whether it is a person who is nothing else."""


def thing_page(
    view: GraphView,
    iri: str,
    hidden: frozenset[tuple[str, bool]] = frozenset(),
    certainty: str = LEAST_SURE,
) -> ThingPage | None:
    """Return the page of a thing, None where the graph does not mention it.

    It has what is said at least so certainly, and what no certainty goes with. What is hidden,
    properties read backwards or not, the page shows in another way.
    """
    statements = about(view, [iri]).get(iri, []) + mentions(view, iri)
    if not statements:
        return None
    shown = [s for s in statements if (s.path, s.backwards) not in hidden]
    if certainty != LEAST_SURE:
        shown = [*_admitted(view, shown, certainty)]
    page = _ThingPageWriter(view, iri, shown).page()
    if view.foreign:
        return page
    return replace(
        page,
        for_web=tuple(said_to_web(view, statements)),
        only_a_contact=page.kind == "person" and is_only_a_contact(view, statements),
    )


def _admitted(view: GraphView, statements: list[Statement], certainty: str) -> Iterator[Statement]:
    """Yield what some graph states so certainly, with the graphs that do."""
    said = of_graphs(view, (graph for s in statements for graph in s.graphs))
    for s in statements:
        graphs = tuple(g for g in s.graphs if g not in said or admits(certainty, said[g]))
        if graphs or not s.graphs:
            yield replace(s, graphs=graphs)


class _ThingPageWriter:
    """Writes the page of one thing."""

    def __init__(self, view: GraphView, iri: str, statements: list[Statement]) -> None:
        self.view, self.iri, self.statements = view, iri, statements
        self.around = Surroundings(view, iri, statements)
        self.shown = {(s.path, s.other, s.backwards): s for s in statements}
        self.me = self.around.described[iri]
        self.classes = view.graph.with_above(self.me.classes)

    def page(self) -> ThingPage:
        view, name = self.view, self.me.name(self.view.language)
        groups, kind = self._groups(), view.addresses.kind(self.iri)
        return ThingPage(
            iri=self.iri,
            node=view.thing(self.iri, self.me),
            kinds=tuple(self._kinds()),
            kind=kind,
            is_sought_outside=kind in KINDS and KINDS[kind].outside,
            short=view.addresses.named(self.iri),
            is_of_first_kind=self._is_of_first_kind(),
            other_names=tuple(
                dict.fromkeys(
                    view.text(n)
                    for n in self.me.names
                    if name
                    and n.language == view.language
                    and n.value.casefold() != name.value.casefold()
                )
            ),
            descriptions=tuple(self._descriptions()),
            groups=tuple(g for g in groups if g.key != ELSEWHERE),
            elsewhere=tuple(f for g in groups if g.key == ELSEWHERE for f in g.facts),
            questions=tuple(self._questions()),
            neighbourhood=self._neighbourhood(),
            query=readable(view.queries.text("statements", thing=NamedNode(self.iri))),
        )

    def _neighbourhood(self) -> Neighbourhood | None:
        if not self._is_of_first_kind():
            return None
        return neighbourhood(self.around, self.view.thing(self.iri, self.me), self.statements)

    def _is_of_first_kind(self) -> bool:
        return self.view.foreign or self.view.addresses.kind(self.iri) in FIRST_KINDS

    def _kinds(self) -> Iterable[Node]:
        """Yield the classes that no other implies, with their lists, then what sorts it further."""
        own = [c for c in self.classes if c in self.me.classes]
        implied = {a for c in own for a in self.view.graph.above.get(c, ())}
        classes = self.view.described(own)
        addresses = self.view.addresses
        kind = addresses.kind(self.iri)
        for of_class in own:
            if of_class not in implied:
                query = [("class", of_class)]
                at = addresses.path(f"/list/{kind}") if kind else addresses.path("/list", query)
                yield replace(self.view.thing(of_class, classes[of_class]), href=at, external=False)
        for statement in self.statements:
            if statement.path in _SORTING and not statement.backwards:
                node = self.around.node(statement.other)
                if not node.external:
                    yield node

    def _descriptions(self) -> Iterable[Text]:
        told: dict[str, list[Text]] = {path: [] for path in DESCRIPTIONS}
        for s in self.statements:
            if s.path in told and not s.backwards and isinstance(s.other, Literal):
                told[s.path].append(Text(s.other.value, s.other.language or ""))
        for texts in told.values():
            best = self.view.best(texts)
            if best is not None:
                yield best

    def _questions(self) -> Iterable[OpenQuestion]:
        asked = [s.other for s in self.statements if self._is_question(s)]
        readings = _readings(self.view, [q for q in asked if isinstance(q, NamedNode)])
        for question in asked:
            node = self.around.node(question)
            yield OpenQuestion(node, readings.get(node.iri, ()))

    def _is_question(self, statement: Statement) -> bool:
        return (
            statement.backwards
            and statement.path == _ABOUT
            and isinstance(statement.other, NamedNode)
            and _QUESTION in self.around.described[statement.other.value].classes
        )

    def _groups(self) -> list[Group]:
        layout = self.view.graph.layout
        groups: dict[str, list[tuple[tuple[float, bool, str, str], Fact]]] = {}
        rows = self._rows()
        times = Counter((path, backwards) for _, path, backwards, _ in rows)
        for (place, path, backwards, kind), told in rows.items():
            several = times[path, backwards] > 1
            fact = self.around.fact(path, backwards, kind if several else "", told)
            at = (place.order, backwards, fact.label.value, kind)
            groups.setdefault(place.group, []).append((at, fact))
        return [
            Group(
                group if group == ELSEWHERE else group.rpartition("#")[2],
                self.view.best(layout.groups[group][1]) if group in layout.groups else None,
                tuple(fact for _, fact in sorted(groups[group], key=lambda found: found[0])),
            )
            for group in sorted(groups, key=layout.order)
        ]

    def _rows(self) -> dict[tuple[Place, str, bool, str], list[Statement]]:
        """Return what is shown by place, property, direction and, read backwards, by kind."""
        rows: dict[tuple[Place, str, bool, str], list[Statement]] = {}
        for told in self.statements:
            if self._is_shown(told):
                row = (self._place(told), told.path, told.backwards, self._row_kind(told))
                rows.setdefault(row, []).append(told)
        return rows

    def _is_shown(self, statement: Statement) -> bool:
        if self._is_said_the_other_way(statement):
            return False
        if statement.backwards:
            return not self._is_question(statement)
        return statement.path not in _SAID_ABOVE and not (
            statement.path == TYPE and not statement.graphs
        )

    def _is_said_the_other_way(self, statement: Statement) -> bool:
        """Return whether a rule only concludes the converse of what the page shows anyway."""
        if not self.around.is_derived(statement):
            return False
        for path in self.view.graph.converses.get(statement.path, ()):
            converse = self.shown.get((path, statement.other, not statement.backwards))
            if converse is not None and (
                statement.backwards or not self.around.is_derived(converse)
            ):
                return True
        return False

    def _place(self, statement: Statement) -> Place:
        layout = self.view.graph.layout
        if statement.backwards:
            return layout.backward(statement.path)
        if statement.path == TYPE and layout.places:
            return Place(IDENTITY, -1)
        return layout.place(self.classes, statement.path)

    def _row_kind(self, statement: Statement) -> str:
        """Return the class that a row of things read backwards is kept to, where there are many."""
        if not statement.backwards or not isinstance(statement.other, NamedNode):
            return ""
        classes = self.around.described[statement.other.value].classes
        return next(iter(self.view.graph.with_above(classes)), "")


def _readings(view: GraphView, questions: list[NamedNode]) -> dict[str, tuple[Text, ...]]:
    rows = view.queries.rows("values", thing=questions, property=NamedNode(RN + "reading")).rows
    described = view.described(r.value for _, _, r in rows if isinstance(r, NamedNode))
    found: dict[str, list[Text]] = {}
    for question, _, reading in rows:
        assert isinstance(question, NamedNode)
        name = view.best(described[reading.value].names) if isinstance(reading, NamedNode) else None
        if name is not None:
            found.setdefault(question.value, []).append(name)
    return {question: tuple(names) for question, names in found.items()}
