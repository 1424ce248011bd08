"""A row is as sure as the surest path by which it answers, a path as its weakest statement.

The rule of ``docs/explanation/evidence.md``, worked out from the quads without SPARQL, for the
rows, cells and counts of lists. ``tests/questions/test_catalogue.py`` does so for the questions.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import CERTAINTIES, is_current
from rallynov_graph.base.kinds import (
    BACK,
    DIRECT,
    KINDS,
    THROUGH,
    WITHIN,
    Kind,
    ValuePath,
)
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.explore.lists.choices import value_keys
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, inside

IRIS = {NamedNode(RN + name): rank for rank, name in enumerate(CERTAINTIES)}
TYPE, UNDER = PREFIXES["rdf"] + "type", RN + "under"
NARROWED = [kind.name for kind in KINDS.values() if kind.facets and kind.class_iri]
NEVER = len(CERTAINTIES)
SOME = 4
"""So many values of each list, and so many pairs of them, are chosen by chance."""
Ranks = dict[Term, dict[Term, int]]
"""How surely each thing has each value: 0 is the surest, what curators say included."""


class Graph:
    """The statements of a release with their certainties, and a client of a site over them."""

    def __init__(self, release: Release, seed: int | None) -> None:
        chance = random.Random(seed)
        self.is_by_chance = seed is not None
        quads = list(sources.quads([release.data]))
        if seed is not None:
            quads = [by_chance(quad, chance) for quad in quads]
        how = {q.subject: IRIS[q.object] for q in quads if q.predicate.value == RN + "certainty"}  # type: ignore[index]
        self.by_property: dict[str, list[tuple[Term, Term, int]]] = {}
        for q in quads:
            if is_current(q.graph_name):
                fact = q.subject, q.object, how.get(q.graph_name, 0)
                self.by_property.setdefault(q.predicate.value, []).append(fact)
        self.under = {(s, o) for s, o, _ in self.by_property[UNDER]}
        terms = [
            Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
            for q in sources.quads([release.ontology])
        ]
        self.classes = {
            (q.subject, q.object) for q in terms if q.predicate.value.endswith("subClassOf")
        }
        self.client = create_app(
            EmbeddedStore.of_quads([*quads, *terms]).pages(), of_server=True
        ).test_client()

    def rows(self, kind: str, asked: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """The rows of a list under choices, as its file has them."""
        found: list[dict[str, Any]] = self.json(f"/list/{kind}.json", asked)
        return found

    def json(self, path: str, asked: Sequence[tuple[str, str]]) -> Any:
        answer = self.client.get(f"{path}?{urlencode(asked)}")
        assert answer.status_code == 200, (path, asked)
        return json.loads(answer.text)

    def values(self, path: ValuePath) -> Ranks:
        """The values at the end of a path, each by its surest one."""
        found: Ranks = {}
        for subject, value, rank in self.by_property.get(path.property, ()):
            if path.form == THROUGH:
                links = self.by_property.get(path.further, ())
                ends = [
                    (value, end, max(rank, other)) for link, end, other in links if link == subject
                ]
            elif path.form == BACK:
                ends = [(value, subject, rank)]
            else:
                ends = [(subject, end, rank) for end in self.wider(value, path)]
            for thing, end, of_path in ends:
                of_thing = found.setdefault(thing, {})
                of_thing[end] = min(of_path, of_thing.get(end, of_path))
        return found

    def wider(self, value: Term, path: ValuePath) -> Iterator[Term]:
        """The wider values that a value answers for: itself, where it is one or lies in none."""
        above = {wide for near, wide in self.under if near == value}
        yield from above if path.form == WITHIN else ()
        if path.form != WITHIN or not above or any(wide == value for _, wide in self.under):
            yield value

    def members(self, kind: Kind) -> dict[Term, int]:
        """The things of a kind, each as sure as its class."""
        wanted = {NamedNode(kind.class_iri)}
        while more := {below for below, above in self.classes if above in wanted} - wanted:
            wanted |= more
        of_kind = f"{ID}{kind.name}/"
        return {
            thing: min(ranks)
            for thing, of in self.values(ValuePath(DIRECT, TYPE)).items()
            if isinstance(thing, NamedNode) and thing.value.startswith(of_kind)
            and (ranks := [rank for value, rank in of.items() if value in wanted])
        }  # fmt: skip


def text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def plainly(said: dict[str, str]) -> str:
    """The certainty in a file; what curators say weakens nothing."""
    return said["certainty"].replace("curation", CERTAINTIES[0])


def by_chance(quad: Quad, chance: random.Random) -> Quad:
    """What a set or a rule says is as sure as chance has it."""
    if quad.predicate.value != RN + "certainty":
        return quad
    return Quad(quad.subject, quad.predicate, chance.choice([*IRIS]), quad.graph_name)


def boxes(page: Page) -> dict[str, dict[str, int]]:
    """The values of each facet that the form offers, and how many things have each."""
    found: dict[str, dict[str, int]] = {}
    labels = [e for e in page.all("label") if e["class"] == "choice"]
    for label, box in zip(labels, page.all("input", type="checkbox"), strict=True):
        found.setdefault(box["name"], {})[box["value"]] = int(label.text.split()[-2])
    return found


@pytest.fixture(scope="module", params=[None, 2], ids=["as it is", "by chance"])
def graph(release: Release, request: pytest.FixtureRequest) -> Graph:
    return Graph(release, request.param)


@pytest.mark.parametrize("kind", NARROWED)
def test_rows_cells_and_counts_are_as_sure_as_the_rule_says(graph: Graph, kind: str) -> None:
    of_kind, chance = KINDS[kind], random.Random(kind)
    reached = {facet.name: graph.values(facet.path) for facet in of_kind.facets}
    cells = {column.name: graph.values(column.path) for column in of_kind.columns}
    members = graph.members(of_kind)
    found = {
        (name, value) for name in reached for it in members for value in reached[name].get(it, ())
    }
    every = sorted(found, key=str)
    some = [(it,) for it in chance.sample(every, min(SOME, len(every)))]
    some += [tuple(chance.sample(every, 2)) for _ in range(min(SOME, len(every) // 2))]
    for chosen in [(), *some]:
        by_facet: dict[str, list[Term]] = {}
        for name, value in chosen:
            by_facet.setdefault(name, []).append(value)

        def left(*others: str, by_facet: dict[str, list[Term]] = by_facet) -> dict[Term, int]:
            """The things that the choices of all facets but some leave, with their certainties."""
            told = {}
            for thing, rank in members.items():
                best = [
                    min(reached[name].get(thing, {}).get(value, NEVER) for value in values)
                    for name, values in by_facet.items()
                    if name not in others
                ]
                told[thing] = max(rank, *best, -1)
            return {thing: rank for thing, rank in told.items() if rank < NEVER}

        words = {text(thing): CERTAINTIES[rank] for thing, rank in left().items()}
        asked = [(name, value_keys([value])[value]) for name, value in chosen]
        rows = graph.rows(kind, asked)
        assert {row["thing"]: plainly(row) for row in rows} == words, chosen
        for row in rows:
            for name, of_things in cells.items():
                said = {
                    text(it): CERTAINTIES[r]
                    for it, r in of_things.get(NamedNode(row["thing"]), {}).items()
                }
                shown = {it["value"]: plainly(it) for it in row.get(name, ())}
                assert shown == said, (row["thing"], name)
        page = Page(graph.client.get(f"/list/{kind}?{urlencode(asked)}").text)
        offered = boxes(page)
        for name, of_things in reached.items():
            counts = Counter(value for thing in left(name) for value in of_things.get(thing, ()))
            keys = value_keys([*counts])
            expected = {keys[value]: number for value, number in counts.items()}
            some_of = {value: n for value, n in offered.get(name, {}).items() if n}
            assert some_of.items() <= expected.items(), (chosen, name)
        totals = [sum(CERTAINTIES.index(it) <= r for it in words.values()) for r in range(NEVER)]
        for how in CERTAINTIES:
            sure = {row["thing"] for row in graph.rows(kind, [*asked, ("certainty", how)])}
            assert sure == {it for it, of in words.items() if of <= how}, (chosen, how)
        steps = [
            int(it.text)
            for nav in page.all("nav", **{"class": "certainty-filter"})
            for it in inside(page, nav, "b")
        ]
        assert steps == (totals if len({*totals}) > 1 else []), chosen
    assert boxes(Page(graph.client.get(f"/list/{kind}").text)), "there is something to choose"
