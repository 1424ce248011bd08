"""The terms that queries name, the questions that use a term, and the nodes of terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue, Question
from rallynov_graph.rdf.tokens import named_iris
from rallynov_graph.site.model.catalogue_answers import ListedQuestion, summary
from rallynov_graph.site.model.nodes import GraphView, Node

_KEPT: Final = 512
"""How many queries' terms are kept."""


def questions_with(view: GraphView, catalogue: Catalogue, iri: str) -> tuple[ListedQuestion, ...]:
    """Return the questions of the catalogue whose query names a term, in the order of names."""
    return tuple(
        ListedQuestion(q.name, summary(q, view.language), view.addresses.question(q.name))
        for q in catalogue.values()
        if iri in terms_of(_without_values(q))
    )


def term_nodes(view: GraphView, terms: Iterable[Term | None]) -> dict[Term, Node]:
    """Return the node of each term; those that the ontology names lead to their own pages."""
    wanted = [*terms]
    described = view.described(t.value for t in wanted if isinstance(t, NamedNode))
    return {
        term: replace(node, href=view.addresses.term(term.value), external=False)
        if isinstance(term, NamedNode)
        and described[term.value].labelled
        and view.addresses.short(term.value) is None
        else node
        for term, node in view.nodes(wanted).items()
    }


@lru_cache(maxsize=_KEPT)
def terms_of(query: str) -> frozenset[str]:
    """Return the IRIs that a query names, whole or with a prefix that it declares."""
    return frozenset(iri for _, iri in named_iris(query) if iri)


def _without_values(question: Question) -> str:
    """Return a query without the default values of its parameters."""
    blocks: Iterable[tuple[int, int]] = (b for p in question.parameters for b in p.blocks)
    text = question.text
    for start, end in sorted(blocks, reverse=True):
        text = text[:start] + text[end:]
    return text
