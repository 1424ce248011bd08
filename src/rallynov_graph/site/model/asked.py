"""What a typed text asks of a site: questions of the catalogue with their values, the surest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.base.namespaces import kind_of_iri, short_iri
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.asking import Phrases, named_spans
from rallynov_graph.search.searching import LONGEST
from rallynov_graph.site.model.catalogue_answers import summary, with_values
from rallynov_graph.site.model.nodes import GraphView

MOST_MEANT: Final = 5
"""How many questions are offered."""
_CLEAR: Final = 0.75
_BEFORE_NEXT: Final = 0.1
"""A question is clearly meant that has this score, and is so much surer than the next one."""
_POSSIBLE: Final = 0.4
"""With a lower score, a question is not offered."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question that a text may ask."""

    name: str
    text: str
    """The question in words, with what it is asked of."""
    values: Mapping[str, str]
    """The values of its parameters as a person writes them."""
    address: str
    score: float


@dataclass(frozen=True)
class Asked:
    """What a text may ask; ``is_clear`` where the first question is meant, and can be answered."""

    questions: tuple[AskedQuestion, ...] = ()
    is_clear: bool = False


def phrases_of(catalogue: Catalogue, queries: PageQueries) -> Phrases:
    """Return the phrases of a catalogue, with the kinds of the things in each list of concepts."""
    lists = {
        it
        for question in catalogue.values()
        for parameter in question.parameters
        for it in parameter.of
        if it.value not in CLASSES.values()
    }
    kinds = {}
    for it in sorted(lists, key=str):
        rows = queries.rows("example_of", of=it).rows
        found = [thing for (thing,) in rows if isinstance(thing, NamedNode)]
        if found:
            kinds[it.value] = kind_of_iri(found[0].value)
    return Phrases(catalogue, kinds)


def asked(
    view: GraphView, catalogue: Catalogue, phrases: Phrases, finder: Finder, text: str
) -> Asked:
    """Return the questions that a text may ask."""
    things, spellings = finder.naming(text[:LONGEST])
    spans = [
        it for it in named_spans(text[:LONGEST], things, spellings) if it.kind in phrases.kinds
    ]
    meant = phrases.understood(text[:LONGEST], spans)
    possible = [it for it in meant if it.score >= _POSSIBLE][:MOST_MEANT]
    iris = {NamedNode(it) for one in possible for it in one.values.values() if "://" in it}
    nodes = view.nodes(iris)

    def shown(name: str, values: Mapping[str, str], score: float) -> AskedQuestion:
        question = catalogue[name]
        names = []
        for parameter in question.parameters:
            value = values.get(parameter.name, "")
            if value in parameter.choices:
                names.append(parameter.choices[value][view.language])
            elif "://" in value:
                names.append(nodes[NamedNode(value)].text)
        text = with_values(summary(question, view.language), names)
        written = {it: short_iri(value) for it, value in values.items()}
        address = view.addresses.question(name, sorted(written.items()))
        return AskedQuestion(name, text, written, address, score)

    questions = tuple(shown(it.question, it.values, it.score) for it in possible)
    first, second = ([it.score for it in questions] + [0.0, 0.0])[:2]
    is_clear = first >= _CLEAR and first - second >= _BEFORE_NEXT
    return Asked(questions, is_clear and possible[0].is_complete)
