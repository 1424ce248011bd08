"""Two things side by side: by property, what both have and what only one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NOTHING, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.evidence import DERIVED, Evidence, of_graphs
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.links.explained_links import admits, line
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.thing_choice import Choice, choose

QUERY: Final = "facts_both_ways"
ROWS: Final = 30_000
"""How many rows the query answers at most."""
MOST: Final = 40
"""How many values of one property each column shows."""

HEADER: Final = ("subject", "property", "object", "certainty", "shared")
"""What a file says of each fact."""

Path = tuple[str, bool]
"""A property, read from its value or not."""
Told = dict[Path, dict[Term, list[str]]]
"""The values of each property, with the graphs that state them."""


@dataclass(frozen=True)
class Proof:
    """Who says a fact; what a rule concludes has its reasons at an address."""

    evidence: tuple[Evidence, ...]
    why: str | None


@dataclass(frozen=True)
class ComparedValue:
    """A value with who says it of the first thing, of the second or of both."""

    node: Node
    one: Proof | None
    other: Proof | None


@dataclass(frozen=True)
class ComparedValues:
    """Values of a property, and how many more there are."""

    values: tuple[ComparedValue, ...]
    more: int


@dataclass(frozen=True)
class ComparedProperty:
    """A property: what both have, what only the first has, what only the second has."""

    label: Text
    shared: ComparedValues
    here: ComparedValues
    there: ComparedValues


@dataclass(frozen=True)
class Direct:
    """What links the first thing to the second one itself."""

    label: Text
    proof: Proof


@dataclass(frozen=True)
class Compared:
    """What two things share, and what they do not."""

    direct: tuple[Direct, ...]
    rows: tuple[ComparedProperty, ...]
    shared: int
    here: int
    there: int
    whole: bool
    """Whether all facts of both were looked at."""
    queries: tuple[str, str]


@dataclass(frozen=True)
class ComparePage:
    """Two things as the reader named them, and their comparison once both are known."""

    one: Choice
    other: Choice
    certainty: str
    found: Compared | None

    @property
    def is_same(self) -> bool:
        """Whether both are one thing."""
        return self.one.means_the_same(self.other)


def compare_page(
    view: GraphView, finder: Finder, one: str, other: str, certainty: str
) -> ComparePage:
    """Return two things side by side; nothing while one is not known, or both are one."""
    a, b = choose(view, finder, one), choose(view, finder, other)
    found = None
    if a.chosen and b.chosen and a.chosen != b.chosen:
        found = _Comparison(view, a.chosen.node.iri, b.chosen.node.iri, certainty).found()
    return ComparePage(a, b, certainty, found)


@dataclass(frozen=True)
class ComparedFact:
    """A fact about one of the two, and how surely it is said."""

    subject: Term
    property: str
    object: Term
    how: str
    shared: bool
    """Whether the same is said of the other one."""


def facts(view: GraphView, page: ComparePage) -> Iterator[ComparedFact]:
    """Yield all that is said of the two things, at least so certainly as the page asks."""
    one, other = page.one.chosen, page.other.chosen
    if page.found is None or one is None or other is None:
        return
    made = _Comparison(view, one.node.iri, other.node.iri, page.certainty)
    for end, told in enumerate(made.told):
        others = made.told[1 - end]
        for (prop, backwards), values in told.items():
            for value, graphs in values.items():
                me: Term = NamedNode(made.ends[end])
                ends = (value, me) if backwards else (me, value)
                said = sorted((made.said[g] for g in graphs), key=lambda proof: proof.rank)
                shared = value in others.get((prop, backwards), {})
                yield ComparedFact(ends[0], prop, ends[1], line(tuple(said)), shared)


def triples(them: Iterable[ComparedFact]) -> Iterator[Triple]:
    """Yield facts as statements."""
    for it in them:
        yield Triple(it.subject, NamedNode(it.property), it.object)  # type: ignore[arg-type]


class _Comparison:
    """What is said of two things, at least so certainly."""

    def __init__(self, view: GraphView, one: str, other: str, certainty: str) -> None:
        self.view, self.ends = view, (one, other)
        rows = [self._rows(iri) for iri in self.ends]
        self.whole = all(len(found) < ROWS for found in rows)
        graphs = {g.value for found in rows for *_, g in found if isinstance(g, NamedNode)}
        self.said = of_graphs(view, graphs)
        self.admitted = {g for g, proof in self.said.items() if admits(certainty, proof)}
        one_told, other_told = (self._said_once(self._told(found)) for found in rows)
        self.told: tuple[Told, Told] = (one_told, other_told)

    def found(self) -> Compared:
        one, other = self.told
        paths = dict.fromkeys((*one, *other))
        self.labels = self.view.described(prop for prop, _ in paths)
        sides = [self._sides(one.get(path, {}), other.get(path, {})) for path in paths]
        self.nodes = self.view.nodes(
            worded(self.view, path, term)
            for (path, _), side in zip(paths, sides, strict=True)
            for terms in side
            for term in terms[: MOST * 4]
        )
        rows = [self._row(path, side) for path, side in zip(paths, sides, strict=True)]
        rows.sort(key=lambda row: (not row.shared.values, sortable(row.label.value.lstrip("← "))))
        shared, here, there = (sum(len(side[at]) for side in sides) for at in range(3))
        asked = [readable(self.view.queries.text(QUERY, thing=NamedNode(iri))) for iri in self.ends]
        queries = asked[0], asked[1]
        direct = tuple(self._direct())
        return Compared(direct, tuple(rows), shared, here, there, self.whole, queries)

    def _direct(self) -> Iterator[Direct]:
        """Yield what is said between the two, in the words of the first one."""
        end = NamedNode(self.ends[1])
        for path, values in self.told[0].items():
            proof = self._proof(0, path, end) if end in values else None
            if proof:
                label = label_of(self.view, *path, self.labels.get(path[0], NOTHING))
                yield Direct(label, proof)

    def _rows(self, iri: str) -> tuple[tuple[Term | None, ...], ...]:
        return self.view.queries.rows(QUERY, thing=NamedNode(iri)).rows

    def _told(self, rows: Iterable[tuple[Term | None, ...]]) -> Told:
        """Return what rows say and the reader accepts; a fact that no graph states is accepted."""
        graphs: dict[tuple[Path, Term], list[str]] = {}
        for prop, way, value, graph in rows:
            assert isinstance(prop, NamedNode) and isinstance(way, Literal)
            assert value is not None
            if not self.view.foreign and self.view.is_term(getattr(value, "value", "")):
                continue
            path = prop.value, way.value == "from"
            them = graphs.setdefault((path, value), [])
            if isinstance(graph, NamedNode):
                them.append(graph.value)
        told: Told = {}
        for (path, value), them in graphs.items():
            accepted = [g for g in them if g in self.admitted]
            if accepted or not any(g in self.said for g in them):
                told.setdefault(path, {})[value] = accepted
        return told

    def _said_once(self, told: Told) -> Told:
        """Return facts without those that a rule only concludes from their converse among them."""
        return {
            path: kept
            for path, values in told.items()
            if (kept := {v: g for v, g in values.items() if not self._is_echo(told, path, v)})
        }

    def _is_echo(self, told: Told, path: Path, value: Term) -> bool:
        def is_derived(graphs: list[str]) -> bool:
            return bool(graphs) and all(self.said[g].how == DERIVED for g in graphs)

        if not is_derived(told[path][value]):
            return False
        prop, backwards = path
        converses = ((c, not backwards) for c in self.view.graph.converses.get(prop, ()))
        said = [told[c][value] for c in converses if value in told.get(c, {})]
        return any(backwards or not is_derived(graphs) for graphs in said)

    def _sides(
        self, one: dict[Term, list[str]], other: dict[Term, list[str]]
    ) -> tuple[list[Term], list[Term], list[Term]]:
        """Return what both have, what only the first and what only the second has."""
        ends = {NamedNode(iri) for iri in self.ends}
        return (
            [term for term in one if term in other],
            [term for term in one if term not in other and term not in ends],
            [term for term in other if term not in one and term not in ends],
        )

    def _row(
        self, path: Path, sides: tuple[list[Term], list[Term], list[Term]]
    ) -> ComparedProperty:
        label = label_of(self.view, *path, self.labels.get(path[0], NOTHING))
        shared, here, there = (self._column(path, terms) for terms in sides)
        return ComparedProperty(label, shared, here, there)

    def _column(self, path: Path, terms: list[Term]) -> ComparedValues:
        words = ((worded(self.view, path[0], term), term) for term in terms)
        known = [(self.nodes[word], term) for word, term in words if word in self.nodes]
        known.sort(key=lambda it: (sortable(it[0].text), str(it[1])))
        values = (
            ComparedValue(node, self._proof(0, path, term), self._proof(1, path, term))
            for node, term in known[:MOST]
        )
        return ComparedValues(tuple(values), max(0, len(terms) - MOST))

    def _proof(self, end: int, path: Path, term: Term) -> Proof | None:
        graphs = self.told[end].get(path, {}).get(term)
        if graphs is None:
            return None
        evidence = tuple(sorted((self.said[g] for g in graphs), key=lambda proof: proof.rank))
        derived = any(proof.how == DERIVED for proof in evidence)
        if not derived or self.view.foreign or not isinstance(term, NamedNode):
            return Proof(evidence, None)
        prop, backwards = path
        subject, value = (term.value, self.ends[end]) if backwards else (self.ends[end], term.value)
        return Proof(evidence, self.view.addresses.why(subject, prop, value))
