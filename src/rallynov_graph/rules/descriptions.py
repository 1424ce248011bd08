"""The description of inference graphs and of the rules that they come from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, made_by_program
from rallynov_graph.rules.rulebook import Rule

DESCRIPTIONS: Final = NamedNode(f"{ID}graph/inferences")
"""The graph that describes the inference graphs and their rules."""

_NAMES: Final = {
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
_OWED_TO: Final = NamedNode(f"{PREFIXES['prov']}wasAttributedTo")


def described(graphs: Iterable[tuple[Rule, str]]) -> Iterator[Quad]:
    """Yield the description of inference graphs and their rules; nothing without any."""
    rules: dict[str, Rule] = {}
    for rule, certainty in graphs:
        rules[rule.iri] = rule
        graph = NamedNode(rule.graph(certainty))
        names = {
            language: f"{rule.labels[language]} — {_NAMES[certainty][language]}"
            for language in rule.labels
        }
        yield from _named(graph, "Inference", names)
        yield _description(graph, _CERTAINTY, NamedNode(RN + certainty))
        yield _description(graph, _OWED_TO, NamedNode(rule.iri))
    for rule in rules.values():
        thing = NamedNode(rule.iri)
        yield from _named(thing, "Rule", rule.labels)
        for language, text in rule.about.items():
            yield _description(thing, _ABOUT, Literal(text, language=language))
    if rules:
        names = {"fr": "Graphes calculés et leurs règles", "en": "Inference graphs and their rules"}
        yield from _named(DESCRIPTIONS, "CurationGraph", names)
        yield from made_by_program(DESCRIPTIONS)


def _named(thing: NamedNode, kind: str, names: Mapping[str, str]) -> Iterator[Quad]:
    yield _description(thing, _TYPE, NamedNode(RN + kind))
    for language, name in names.items():
        yield _description(thing, _LABEL, Literal(name, language=language))


def _description(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, DESCRIPTIONS)
