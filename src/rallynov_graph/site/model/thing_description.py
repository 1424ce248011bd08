"""The page of a thing: its facts in groups, both ways, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, TYPE, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.drawing.neighbourhood import Neighbourhood, neighbourhood
from rallynov_graph.site.model.facts import DESCRIPTIONS, Fact, Surroundings
from rallynov_graph.site.model.layout import ELSEWHERE, IDENTITY, FactPlace
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.schema_classes import schema_org_facts
from rallynov_graph.site.model.statement import (
    Judged,
    StatedTriple,
    judged,
    mentions,
    statements_about,
    without_converses,
)

_SORTING: Final = frozenset(
    {PREFIXES["org"] + "classification", PREFIXES["dcterms"] + "type", RN + "nature", RN + "mode"}
)
"""Properties whose values stand before a thing's name, beside its class."""
_SHOWN_ABOVE: Final = frozenset({*NAMINGS[:2], *DESCRIPTIONS})
"""Properties whose values stand above the facts."""
_QUESTION: Final = RN + "OpenQuestion"
_PARTICIPANT: Final = RN + "participant"
_ROLE: Final = NamedNode(RN + "role")
_CONTACT: Final = NamedNode(ID + "role/contact")
_ABOUT: Final = PREFIXES["schema"] + "about"


@dataclass(frozen=True)
class Group:
    """Facts under a heading; the group without a name holds all others."""

    key: str
    name: Text | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ThingPage:
    """Everything that the page of a thing shows."""

    iri: str
    node: Node
    kinds: tuple[Node, ...]
    kind: str
    short: str
    """The text that a reader writes to name it: ``kind/slug``, or its IRI."""
    is_of_first_kind: bool
    """Whether it is of a main kind; in another graph, everything is."""
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    groups: tuple[Group, ...]
    other_sources: tuple[Fact, ...]
    neighbourhood: Neighbourhood | None
    query: str
    schema_org_facts: tuple[tuple[str, Term], ...] = ()
    """The facts for search engines, whichever certainty the reader chose."""
    is_sought_outside: bool = False
    """Whether the page has a section on other sources, also where none is known."""
    is_only_a_contact: bool = False
    """Whether it is a person whose only role is to be a contact."""
    is_named: bool = True
    """Whether the graph gives it a name that can be read."""
    standings: frozenset[str] = frozenset()
    """Of a thing that nothing current names: how what names it stands."""
    hidden: int = 0
    """The number of facts that are less certain than the reader chose."""


def thing_page(
    view: GraphView,
    iri: str,
    hidden: frozenset[tuple[str, bool]] = frozenset(),
    certainty: str = LEAST_SURE,
) -> ThingPage | None:
    """Return the page of a thing, None where nothing current mentions it.

    It has the statements of at least this certainty, and those without any. ``hidden`` are the
    properties, each with its direction, that the page shows in a section of their own.
    """
    stated = statements_about(view, [iri]).get(iri, []) + mentions(view, iri)
    if not stated:
        return None
    every = judged(view, (it for it in stated if (it.path, it.backwards) not in hidden))
    shown = every if certainty == LEAST_SURE else judged(view, every, certainty)
    left_out = sum(it not in shown for it in without_converses(view, every))
    page = replace(_ThingPageWriter(view, iri, shown).page(), hidden=left_out)
    if view.foreign:
        return page
    return replace(
        page,
        schema_org_facts=tuple(schema_org_facts(view, stated)),
        is_only_a_contact=page.kind == "person" and _is_only_a_contact(view, stated),
    )


def page_without_facts(view: GraphView, iri: str, standings: frozenset[str]) -> ThingPage:
    """Return the page of a thing that only what stands so names: its name alone."""
    return replace(
        _ThingPageWriter(view, iri, {}).page(),
        kinds=(),
        is_of_first_kind=False,
        is_sought_outside=False,
        neighbourhood=None,
        query=readable(view.queries.text("said_before", thing=NamedNode(iri))),
        standings=standings,
    )


def _is_only_a_contact(view: GraphView, statements: Iterable[StatedTriple]) -> bool:
    """Return whether a person is mentioned only as a participant with the role of a contact.

    ``only_contacts.rq`` finds them all.
    """
    mentions = [s for s in statements if s.backwards]
    if not mentions or any(s.path != _PARTICIPANT for s in mentions):
        return False
    participations = [NamedNode(s.iri) for s in mentions]
    roles: dict[object, set[object]] = {participation: set() for participation in participations}
    for participation, _, role in view.queries.rows(
        "values", thing=participations, property=_ROLE
    ).rows:
        roles[participation].add(role)
    return all(roles_of_part == {_CONTACT} for roles_of_part in roles.values())


class _ThingPageWriter:
    """Writes the page of one thing."""

    def __init__(self, view: GraphView, iri: str, found: Judged) -> None:
        self.view, self.iri, self.statements = view, iri, found
        self.surroundings = Surroundings(view, iri, found)
        self.description = self.surroundings.described[iri]
        self.classes = view.graph.with_superclasses(self.description.classes)

    def page(self) -> ThingPage:
        view, name = self.view, self.description.name(self.view.language)
        groups, kind = self._groups(), view.addresses.kind(self.iri)
        return ThingPage(
            iri=self.iri,
            node=view.thing(self.iri, self.description),
            is_named=name is not None and bool(name.value.strip()),
            kinds=tuple(self._kinds()),
            kind=kind,
            is_sought_outside=kind in KINDS and KINDS[kind].outside,
            short=view.addresses.short_or_iri(self.iri),
            is_of_first_kind=self._is_of_first_kind(),
            other_names=tuple(
                dict.fromkeys(
                    view.text(n)
                    for n in self.description.names
                    if name
                    and n.language == view.language
                    and n.value.casefold() != name.value.casefold()
                )
            ),
            descriptions=tuple(self._descriptions()),
            groups=tuple(g for g in groups if g.key != ELSEWHERE),
            other_sources=tuple(f for g in groups if g.key == ELSEWHERE for f in g.facts),
            neighbourhood=self._neighbourhood(),
            query=readable(view.queries.text("statements", thing=NamedNode(self.iri))),
        )

    def _neighbourhood(self) -> Neighbourhood | None:
        if not self._is_of_first_kind():
            return None
        return neighbourhood(
            self.surroundings, self.view.thing(self.iri, self.description), self.statements
        )

    def _is_of_first_kind(self) -> bool:
        return self.view.foreign or self.view.addresses.kind(self.iri) in FIRST_KINDS

    def _kinds(self) -> Iterable[Node]:
        """Yield the most specific classes, linked to their lists, then further classifications."""
        own_classes = [c for c in self.classes if c in self.description.classes]
        implied_classes = {
            superclass
            for c in own_classes
            for superclass in self.view.graph.superclasses.get(c, ())
        }
        classes = self.view.described(own_classes)
        addresses = self.view.addresses
        kind = addresses.kind(self.iri)
        for of_class in own_classes:
            if of_class not in implied_classes:
                query = [("class", of_class)]
                href = addresses.path(f"/list/{kind}") if kind else addresses.path("/list", query)
                yield replace(
                    self.view.thing(of_class, classes[of_class]), href=href, external=False
                )
        for statement in self.statements:
            if statement.path in _SORTING and not statement.backwards:
                node = self.surroundings.node(statement.other_end)
                if not node.external:
                    yield node

    def _descriptions(self) -> Iterable[Text]:
        texts_by_property: dict[str, list[Text]] = {path: [] for path in DESCRIPTIONS}
        for s in self.statements:
            if s.path in texts_by_property and not s.backwards and isinstance(s.other_end, Literal):
                texts_by_property[s.path].append(
                    Text(s.other_end.value, s.other_end.language or "")
                )
        for texts in texts_by_property.values():
            best = self.view.best(texts)
            if best is not None:
                yield best

    def _is_question(self, statement: StatedTriple) -> bool:
        return (
            not self.view.foreign
            and statement.backwards
            and statement.path == _ABOUT
            and isinstance(statement.other_end, NamedNode)
            and _QUESTION in self.surroundings.described[statement.other_end.value].classes
        )

    def _groups(self) -> list[Group]:
        layout = self.view.graph.layout
        groups: dict[str, list[tuple[tuple[float, bool, str, str], Fact]]] = {}
        rows = self._rows()
        row_counts = Counter((path, backwards) for _, path, backwards, _ in rows)
        for (place, path, backwards, kind), statements in rows.items():
            has_several_rows = row_counts[path, backwards] > 1
            fact = self.surroundings.fact(
                path, backwards, kind if has_several_rows else "", statements
            )
            order = (place.order, backwards, fact.label.value, kind)
            groups.setdefault(place.group, []).append((order, fact))
        return [
            Group(
                group if group == ELSEWHERE else group.rpartition("#")[2],
                self.view.best(layout.groups[group][1]) if group in layout.groups else None,
                tuple(fact for _, fact in sorted(groups[group], key=lambda found: found[0])),
            )
            for group in sorted(groups, key=layout.order)
        ]

    def _rows(self) -> dict[tuple[FactPlace, str, bool, str], list[StatedTriple]]:
        """Return the statements by place, property, direction and, read backwards, by kind."""
        rows: dict[tuple[FactPlace, str, bool, str], list[StatedTriple]] = {}
        for statement in without_converses(self.view, self.statements):
            if self._is_shown(statement):
                row = (
                    self._place(statement),
                    statement.path,
                    statement.backwards,
                    self._row_kind(statement),
                )
                rows.setdefault(row, []).append(statement)
        return rows

    def _is_shown(self, statement: StatedTriple) -> bool:
        if statement.backwards:
            return not self._is_question(statement)
        return statement.path not in _SHOWN_ABOVE and not (
            statement.path == TYPE and not statement.graphs
        )

    def _place(self, statement: StatedTriple) -> FactPlace:
        layout = self.view.graph.layout
        if statement.backwards:
            return layout.backward(statement.path)
        if statement.path == TYPE and layout.places:
            return FactPlace(IDENTITY, -1)
        return layout.place(self.classes, statement.path)

    def _row_kind(self, statement: StatedTriple) -> str:
        """Return the class of the things in a row that is read backwards; else an empty string."""
        if not statement.backwards or not isinstance(statement.other_end, NamedNode):
            return ""
        classes = self.surroundings.described[statement.other_end.value].classes
        return next(iter(self.view.graph.with_superclasses(classes)), "")
