"""The page of a thing: its facts in groups, both ways, each with its evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import FIRST_KINDS, KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, TYPE, Text
from rallynov_graph.questions.page_queries import readable
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
"""Properties whose values are before a thing's name, beside its class."""
_SHOWN_ABOVE: Final = frozenset({*NAMINGS[:2], *DESCRIPTIONS})
"""Properties whose values are above the facts."""
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

    @property
    def by_label(self) -> tuple[Fact, ...]:
        """The facts as a page shows them: properties that are called the same are one."""
        found: dict[tuple[Text, Text | None], Fact] = {}
        for it in self.facts:
            key = it.label, it.of_kind
            same = found.get(key)
            found[key] = (
                replace(same, values=same.values + it.values, more=same.more + it.more)
                if same
                else it
            )
        return (*found.values(),)


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
    query: str
    schema_org_facts: tuple[tuple[str, Term], ...] = ()
    """The facts for search engines, whichever certainty the reader chose."""
    is_sought_outside: bool = False
    """Whether the page has a section on other sources, even if none is known."""
    is_only_a_contact: bool = False
    """Whether it is a person whose only role is to be a contact."""
    is_named: bool = True
    """Whether the graph gives it a name that can be read."""
    standings: frozenset[str] = frozenset()
    """The standings of the statements about a thing without current ones."""
    hidden: int = 0
    """The number of facts that are less certain than the reader chose."""
    paths: frozenset[str] = frozenset()
    """The properties that something says of it, however surely."""


def thing_page(
    view: GraphView,
    iri: str,
    hidden: frozenset[tuple[str, bool]] = frozenset(),
    certainty: str = LEAST_SURE,
) -> ThingPage | None:
    """Return the page of a thing, None if no current statement mentions it.

    It has the statements of at least this certainty, and those without any. ``hidden`` are the
    properties, each with its direction, that the page shows in a separate section.
    """
    stated = statements_about(view, [iri]).get(iri, []) + mentions(view, iri)
    if not stated:
        return None
    every = judged(view, (it for it in stated if (it.path, it.backwards) not in hidden))
    shown = every if certainty == LEAST_SURE else judged(view, every, certainty)
    left_out = sum(it not in shown for it in without_converses(view, every))
    paths = frozenset(it.path for it in stated if not it.backwards)
    page = replace(_page(view, iri, shown), hidden=left_out, paths=paths)
    if view.foreign:
        return page
    return replace(
        page,
        schema_org_facts=tuple(schema_org_facts(view, stated)),
        is_only_a_contact=page.kind == "person" and _is_only_a_contact(view, stated),
    )


def page_without_facts(view: GraphView, iri: str, standings: frozenset[str]) -> ThingPage:
    """Return the page of a thing that only what is so names: its name alone."""
    return replace(
        _page(view, iri, {}),
        kinds=(),
        is_of_first_kind=False,
        is_sought_outside=False,
        query=readable(view.queries.text("standing", thing=NamedNode(iri))),
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


def _page(view: GraphView, iri: str, found: Judged) -> ThingPage:
    around = Surroundings(view, iri, found)
    described, kind = around.described[iri], view.addresses.kind(iri)
    node, name = view.thing(iri, described), described.name(view.language)
    is_of_first_kind = view.foreign or kind in FIRST_KINDS
    groups = _groups(view, around, found)
    return ThingPage(
        iri=iri,
        node=node,
        is_named=name is not None and bool(name.value.strip()),
        kinds=tuple(_kinds(view, around, found)),
        kind=kind,
        is_sought_outside=kind in KINDS and KINDS[kind].outside,
        short=view.addresses.short_or_iri(iri),
        is_of_first_kind=is_of_first_kind,
        other_names=tuple(
            dict.fromkeys(
                view.text(it)
                for it in described.names
                if name and it.language == view.language
                if it.value.casefold() != name.value.casefold()
            )
        ),
        descriptions=tuple(_descriptions(view, found)),
        groups=tuple(it for it in groups if it.key != ELSEWHERE),
        other_sources=tuple(fact for it in groups if it.key == ELSEWHERE for fact in it.facts),
        query=readable(view.queries.text("statements", thing=NamedNode(iri))),
    )


def _kinds(view: GraphView, around: Surroundings, found: Judged) -> Iterator[Node]:
    """Yield the most specific classes, linked to their lists, then further classifications."""
    own = around.described[around.iri].classes
    implied = {above for it in own for above in view.graph.superclasses.get(it, ())}
    classes, kind = view.described(own), view.addresses.kind(around.iri)
    for of_class in view.graph.with_superclasses(own):
        if of_class in own and of_class not in implied:
            path, query = (f"/list/{kind}", []) if kind else ("/list", [("class", of_class)])
            href = view.addresses.path(path, query)
            yield replace(view.thing(of_class, classes[of_class]), href=href, external=False)
    nodes = (around.node(it.value) for it in found if it.path in _SORTING and not it.backwards)
    yield from (node for node in nodes if not node.external)


def _descriptions(view: GraphView, found: Judged) -> Iterator[Text]:
    texts: dict[str, list[Text]] = {path: [] for path in DESCRIPTIONS}
    for it in found:
        if it.path in texts and not it.backwards and isinstance(it.value, Literal):
            texts[it.path].append(Text(it.value.value, it.value.language or ""))
    return filter(None, map(view.best, texts.values()))


def _groups(view: GraphView, around: Surroundings, found: Judged) -> list[Group]:
    """Return the facts in groups: a row a property, read backwards for each class of things."""
    layout = view.graph.layout
    classes = view.graph.with_superclasses(around.described[around.iri].classes)
    rows: dict[tuple[FactPlace, str, bool, str], list[StatedTriple]] = {}
    for it in without_converses(view, found):
        of_other = around.described[it.iri].classes if it.backwards and it.iri else ()
        kind = next(iter(view.graph.with_superclasses(of_other)), "")
        if it.backwards:
            is_question = it.path == _ABOUT and _QUESTION in of_other and not view.foreign
            is_shown, place = not is_question, layout.backward(it.path)
        elif it.path == TYPE:
            is_shown = bool(it.graphs)
            place = FactPlace(IDENTITY, -1) if layout.places else layout.place(classes, TYPE)
        else:
            is_shown, place = it.path not in _SHOWN_ABOVE, layout.place(classes, it.path)
        if is_shown:
            rows.setdefault((place, it.path, it.backwards, kind), []).append(it)
    counts = Counter((path, backwards) for _, path, backwards, _ in rows)
    groups: dict[str, list[tuple[tuple[float, bool, str, str], Fact]]] = {}
    for (place, path, backwards, kind), stated in rows.items():
        of_kind = kind if counts[path, backwards] > 1 else ""
        fact = around.fact(path, backwards, of_kind, stated)
        order = (place.order, backwards, fact.label.value, kind)
        groups.setdefault(place.group, []).append((order, fact))
    return [
        Group(
            group if group == ELSEWHERE else group.rpartition("#")[2],
            view.best(layout.groups[group][1]) if group in layout.groups else None,
            tuple(fact for _, fact in sorted(groups[group], key=lambda pair: pair[0])),
        )
        for group in sorted(groups, key=layout.order)
    ]
