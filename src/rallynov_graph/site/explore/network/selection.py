"""Which things a network shows: those of some kinds with most links, or those around one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.links.shortest_paths import PathSearch
from rallynov_graph.site.model.nodes import GraphView

CLASSES_OFFERED: Final = 8


@dataclass(frozen=True)
class NetworkKind:
    """A kind that a reader may choose: one of ours, or a class of another graph."""

    key: str
    label: Text | None
    """What a class is called; the kinds of ours are named by the site's words."""
    chosen: bool


@dataclass(frozen=True)
class Selection:
    """The things that a network shows, and how many there are to be shown."""

    things: tuple[str, ...]
    total: int
    whole: bool = True
    """Whether all links around the centre were looked at."""
    query: str = ""


def kinds(view: GraphView, wanted: list[str]) -> tuple[NetworkKind, ...]:
    """Return the kinds that may be chosen; all are where none is, or none that is known."""
    if not view.foreign:
        keys = (*DRAWN,)
        return tuple(NetworkKind(k, None, k in wanted or not {*wanted} & {*keys}) for k in keys)
    classes = [row[0] for row in view.queries.rows("classes").rows[:CLASSES_OFFERED]]
    named = [c.value for c in classes if isinstance(c, NamedNode)]
    described = view.described(named)
    return tuple(
        NetworkKind(
            iri,
            view.best(described[iri].names) or Text(last_part(iri)),
            iri in wanted or not {*wanted} & {*named},
        )
        for iri in named
    )


def busiest(view: GraphView, chosen: Iterable[NetworkKind], most: int) -> Selection:
    """Return the things of some kinds that have most links, so many at most."""
    members = (DRAWN[kind.key].members if kind.key in DRAWN else (kind.key,) for kind in chosen)
    classes = [NamedNode(it) for them in members for it in them]
    if not classes:
        return Selection((), 0)
    given = {"class": classes}
    rows = view.cached_rows("busiest", **given).rows
    [[total]] = view.cached_rows("how_many", **given).rows
    assert isinstance(total, Literal)
    return Selection(
        tuple(thing.value for thing, _ in rows[:most] if isinstance(thing, NamedNode)),
        int(total.value),
        query=view.queries.text("busiest", **given),
    )


def around(
    view: GraphView,
    centre: str,
    steps: int,
    chosen: Iterable[NetworkKind],
    search: PathSearch,
    most: int,
    without: tuple[str, ...] = (),
) -> Selection:
    """Return a thing and those of some kinds that it leads to in so many steps, nearest first.

    There are so many at most. Links by the properties of ``without`` lead nowhere.
    """
    keys = {kind.key for kind in chosen}
    found, edge, total = {centre: None}, [centre], 1
    for _ in range(steps):
        links = Counter(
            link.object if link.subject == thing else link.subject
            for link, thing in search.links(edge)
            if link.property not in without
        )
        reached = _of_kinds(view, [iri for iri in links if iri not in found], keys)
        total += len(reached)
        edge = sorted(reached, key=lambda iri: (-links[iri], iri))[: most - len(found)]
        found |= dict.fromkeys(edge)
        if not edge or len(found) >= most:
            break
    return Selection((*found,), total, search.is_whole, search.query_text([centre]))


def _of_kinds(view: GraphView, iris: list[str], keys: set[str]) -> list[str]:
    described = view.described(iris)
    if view.foreign:
        return [i for i in iris if keys & {*view.graph.with_superclasses(described[i].classes)}]
    return [iri for iri in iris if view.shape(iri, described[iri].classes) in keys]
