"""The languages in which a dataset owes its reasons and labels, as it declares them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES

_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_DATASET: Final = NamedNode(f"{PREFIXES['schema']}Dataset")
_LANGUAGE: Final = NamedNode(f"{PREFIXES['dcterms']}language")
_CODE: Final = NamedNode(f"{PREFIXES['skos']}notation")


def owed_languages(data: Iterable[Quad], ontology: Iterable[Quad]) -> tuple[str, ...]:
    """Return the codes of the languages that the dataset declares, ours first and without any.

    The ontology has the code of each language.
    """
    datasets: set[object] = set()
    spoken: dict[object, set[object]] = {}
    for quad in data:
        if quad.predicate == _TYPE and quad.object == _DATASET:
            datasets.add(quad.subject)
        elif quad.predicate == _LANGUAGE:
            spoken.setdefault(quad.subject, set()).add(quad.object)
    declared = {language for dataset in datasets for language in spoken.get(dataset, ())}
    codes = {
        quad.object.value
        for quad in ontology
        if quad.subject in declared and quad.predicate == _CODE and isinstance(quad.object, Literal)
    }
    ours = tuple(code for code in LANGUAGES if code in codes)
    return (*ours, *sorted(codes - {*LANGUAGES})) or LANGUAGES
