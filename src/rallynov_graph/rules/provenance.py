"""How a release describes its conclusions in PROV: by which rule, or by whom.

A curation graph states its author and its date once. They hold for each assertion set that it
describes and that is not explicit. A separate graph repeats them for each set, with the passages
that each set is derived from, for readers of a single set and for PROV tools.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, curated_by_program
from rallynov_graph.base.terms import Term
from rallynov_graph.rules.rulebook import Rule

OF_RULES: Final = NamedNode(f"{ID}graph/inferences")
"""The graph that describes the inference graphs and their rules."""
INTERPRETATIONS: Final = NamedNode(f"{ID}graph/interpretations")
"""The graph that says of each assertion set who concluded it, when, and from which passages."""

_TITLES: Final = {
    OF_RULES: {"fr": "Graphes calculés et leurs règles", "en": "Inference graphs and their rules"},
    INTERPRETATIONS: {
        "fr": "Qui a conclu, et de quels passages",
        "en": "Who concluded, and from which passages",
    },
}
_FROM: Final = {
    "explicit": {"fr": "calculé de faits sûrs", "en": "derived from sure facts"},
    "inferred": {
        "fr": "calculé de faits dont un au moins est déduit",
        "en": "derived from facts of which one at least is inferred",
    },
    "tentative": {
        "fr": "calculé de faits dont un au moins est incertain",
        "en": "derived from facts of which one at least is uncertain",
    },
}
"""The part of an inference graph's name that follows its rule's. A fact is sure if it is explicit,
or has no certainty: in the thesaurus, in another source."""
_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_ABOUT: Final = NamedNode(f"{PREFIXES['dcterms']}description")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_EXPLICIT: Final = NamedNode(RN + SUREST)
_PASSAGE: Final = NamedNode(f"{RN}passage")
_OWED_TO: Final = NamedNode(f"{PREFIXES['prov']}wasAttributedTo")
_MADE_AT: Final = NamedNode(f"{PREFIXES['prov']}generatedAtTime")
_DERIVED_FROM: Final = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")


def of_rules(graphs: Iterable[tuple[Rule, str]]) -> Iterator[Quad]:
    """Yield the description of rules' graphs and of the rules; nothing without any."""
    rules: dict[str, Rule] = {}
    for rule, certainty in graphs:
        rules[rule.iri] = rule
        graph = NamedNode(rule.graph(certainty))
        names = {
            language: f"{rule.labels[language]} — {_FROM[certainty][language]}"
            for language in rule.labels
        }
        yield from _named(graph, "Inference", names)
        yield Quad(graph, _CERTAINTY, NamedNode(RN + certainty), OF_RULES)
        yield Quad(graph, _OWED_TO, NamedNode(rule.iri), OF_RULES)
    for rule in rules.values():
        thing = NamedNode(rule.iri)
        yield from _named(thing, "Rule", rule.labels)
        for language, text in rule.about.items():
            yield Quad(thing, _ABOUT, Literal(text, language=language), OF_RULES)
    if rules:
        yield from curated_by_program(OF_RULES, _TITLES[OF_RULES])


def interpretations(data: Collection[Quad]) -> Iterator[Quad]:
    """Yield who concluded each set of a dataset, with the description of that graph."""
    yield from _of_known_sets(data)
    if any(map(is_set, data)):
        yield from curated_by_program(INTERPRETATIONS, _TITLES[INTERPRETATIONS])


def _of_known_sets(data: Collection[Quad]) -> Iterator[Quad]:
    sets = {quad.subject for quad in data if is_set(quad)}
    interpreters: dict[object, list[tuple[NamedNode, Term]]] = {}
    for quad in data:
        if quad.predicate in (_OWED_TO, _MADE_AT) and quad.subject == quad.graph_name:
            interpreters.setdefault(quad.subject, []).append((quad.predicate, quad.object))
    for quad in data:
        if quad.subject not in sets:
            continue
        if quad.predicate == _PASSAGE:
            yield Quad(quad.subject, _DERIVED_FROM, quad.object, INTERPRETATIONS)
        elif quad.predicate == _CERTAINTY and quad.object != _EXPLICIT:
            for prop, value in interpreters.get(quad.graph_name, ()):
                yield Quad(quad.subject, prop, value, INTERPRETATIONS)


def is_set(quad: Quad) -> bool:
    """Whether a statement types a graph as an assertion set."""
    return quad.predicate == _TYPE and quad.object == _SET


def _named(thing: NamedNode, kind: str, names: Mapping[str, str]) -> Iterator[Quad]:
    yield Quad(thing, _TYPE, NamedNode(RN + kind), OF_RULES)
    for language, name in names.items():
        yield Quad(thing, _LABEL, Literal(name, language=language), OF_RULES)
