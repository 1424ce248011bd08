"""The thesaurus: the tree of themes, and what a theme's page shows beside its facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.as_printed import rows_in_carnet_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import StatedTriple, Statement, statements

_SUBJECT: Final = PREFIXES["dcterms"] + "subject"
TREE: Final = "theme"
"""The kind that is listed as a tree."""
HEADER: Final = ("theme", "label", "broader", "broader_label", "things", "words")
"""The columns of a file for each theme."""


@dataclass(frozen=True)
class Branch:
    """A theme with the narrower ones below it."""

    node: Node
    things: int
    """How many stages, innovations and testimonies address this theme itself."""
    words: int
    """How many printed words indicate it."""
    narrower: tuple[Branch, ...]


@dataclass(frozen=True)
class ThemesPage:
    branches: tuple[Branch, ...]
    total: int
    certainty: str
    query: str

    def iris(self) -> Iterator[str]:
        waiting = [*self.branches]
        while waiting:
            branch = waiting.pop(0)
            yield branch.node.iri
            waiting += branch.narrower

    def rows(self) -> Iterator[tuple[str, str, str, str, int, int]]:
        waiting: list[tuple[Branch, Node | None]] = [(branch, None) for branch in self.branches]
        for branch, above in waiting:
            broader = (above.iri, above.text) if above else ("", "")
            yield branch.node.iri, branch.node.text, *broader, branch.things, branch.words
            waiting += [(narrower, branch.node) for narrower in branch.narrower]


@dataclass(frozen=True)
class Word:
    """A printed word that indicates a theme, with its passages and its emphasis."""

    node: Node
    printed: Node
    theme: Node
    emphasis: tuple[Node, ...]
    lists: tuple[Node, ...]
    passages: tuple[Node, ...]


@dataclass(frozen=True)
class ThemeExtras:
    """The parts that only a theme's page has."""

    words: tuple[Word, ...]
    addressing: Sequence[Statement]
    """The things that address a narrower theme, and thereby this one."""


def themes_page(view: GraphView, certainty: str) -> ThemesPage:
    """Return the tree of themes, large ones in the order of their names.

    Counts hold the statements of at least this certainty.
    """
    query = view.queries.text("themes", certainty=NamedNode(RN + certainty))
    rows = view.queries.cached(query)
    counts: dict[str, tuple[int, int]] = {}
    below: dict[str, list[str]] = {}
    for theme, broader, things, words in rows.rows:
        assert isinstance(theme, NamedNode)
        assert isinstance(things, Literal) and isinstance(words, Literal)
        counts[theme.value] = int(things.value), int(words.value)
        parent = broader.value if isinstance(broader, NamedNode) else ""
        below.setdefault(parent, []).append(theme.value)
    nodes = view.nodes(map(NamedNode, counts))

    def branches(parent: str, ancestors: frozenset[str]) -> tuple[Branch, ...]:
        found = [
            Branch(nodes[NamedNode(iri)], *counts[iri], branches(iri, ancestors | {iri}))
            for iri in below.get(parent, ())
            if iri not in ancestors
        ]
        return tuple(sorted(found, key=lambda branch: sortable(branch.node.text)))

    return ThemesPage(branches("", frozenset()), len(counts), certainty, readable(query))


def theme_extras(view: GraphView, iri: str, certainty: str) -> ThemeExtras:
    """Return the printed words of a theme and what addresses its narrower themes.

    Both come from the statements of at least this certainty.
    """
    return ThemeExtras(_words(view, iri, certainty), _addressing(view, iri, certainty))


def _words(view: GraphView, iri: str, certainty: str) -> tuple[Word, ...]:
    terms = {"theme": NamedNode(iri), "certainty": NamedNode(RN + certainty)}
    rows = rows_in_carnet_language(view, view.queries.rows("theme_words", **terms), {"printed"})
    nodes = view.nodes(term for row in rows.rows for term in row)
    found: dict[Term, dict[str, list[Node]]] = {}
    for row in rows:
        occurrence = row["occurrence"]
        assert occurrence is not None
        nodes_by_variable = found.setdefault(occurrence, {v: [] for v in rows.variables})
        for variable, term in row.items():
            if term is not None and nodes[term] not in nodes_by_variable[variable]:
                nodes_by_variable[variable].append(nodes[term])
    return tuple(
        Word(
            nodes_by_variable["occurrence"][0],
            nodes_by_variable["printed"][0],
            nodes_by_variable["indicated"][0],
            tuple(nodes_by_variable["emphasis"]),
            tuple(nodes_by_variable["list"]),
            tuple(nodes_by_variable["passage"]),
        )
        for nodes_by_variable in found.values()
    )


def _addressing(view: GraphView, iri: str, certainty: str) -> list[Statement]:
    graphs: dict[tuple[Term, Term], list[str]] = {}
    for thing, narrower, graph in view.queries.rows("theme_things", theme=NamedNode(iri)).rows:
        assert thing is not None and narrower is not None and isinstance(graph, NamedNode)
        graphs.setdefault((thing, narrower), []).append(graph.value)
    stated = (StatedTriple(one, _SUBJECT, it, tuple(of)) for (one, it), of in graphs.items())
    return statements(view, stated, certainty)
