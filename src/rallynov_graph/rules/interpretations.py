"""Who concluded what a document does not say in so many words, set by set, in PROV's terms.

A curation graph says once to whom it is owed and of which day it is. That holds of each assertion
set that it describes and that is not explicit: a graph of its own says so of each, and from which
passages each set is derived, for whoever reads one set alone or knows PROV only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.program import program
from rallynov_graph.base.terms import Term

INTERPRETATIONS: Final = NamedNode(f"{ID}graph/interpretations")
"""The graph that says of each assertion set who concluded it, when, and from which passages."""

_NAMES: Final = {
    "fr": "Qui a conclu, et de quels passages",
    "en": "Who concluded, and from which passages",
}
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_EXPLICIT: Final = NamedNode(RN + SUREST)
_PASSAGE: Final = NamedNode(f"{RN}passage")
_OWED_TO: Final = NamedNode(f"{PREFIXES['prov']}wasAttributedTo")
_MADE_AT: Final = NamedNode(f"{PREFIXES['prov']}generatedAtTime")
_DERIVED_FROM: Final = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")


@dataclass(frozen=True)
class Interpretations:
    """Who concluded each set of a dataset; it may be iterated more than once.

    In memory are the addresses of the assertion sets, and what curation graphs say of themselves.
    """

    data: Iterable[Quad]
    """It is iterated twice each time."""

    def __iter__(self) -> Iterator[Quad]:
        sets, interpreters = self._known()
        for quad in self.data:
            if quad.subject not in sets:
                continue
            if quad.predicate == _PASSAGE:
                yield Quad(quad.subject, _DERIVED_FROM, quad.object, INTERPRETATIONS)
            elif quad.predicate == _CERTAINTY and quad.object != _EXPLICIT:
                for prop, value in interpreters.get(quad.graph_name, ()):
                    yield Quad(quad.subject, prop, value, INTERPRETATIONS)
        if sets:
            yield from _description()

    def _known(self) -> tuple[set[object], dict[object, list[tuple[NamedNode, Term]]]]:
        """Return the assertion sets, and by graph to whom it is owed and of which day it is."""
        sets: set[object] = set()
        interpreters: dict[object, list[tuple[NamedNode, Term]]] = {}
        for quad in self.data:
            if quad.predicate == _TYPE and quad.object == _SET:
                sets.add(quad.subject)
            elif quad.predicate in (_OWED_TO, _MADE_AT) and quad.subject == quad.graph_name:
                interpreters.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        return sets, interpreters


def concerns(quad: Quad) -> bool:
    """Return whether a statement may change who concluded what."""
    return quad.predicate in (_TYPE, _CERTAINTY, _PASSAGE, _OWED_TO, _MADE_AT)


def _description() -> Iterator[Quad]:
    kind = NamedNode(f"{RN}CurationGraph")
    yield Quad(INTERPRETATIONS, _TYPE, kind, INTERPRETATIONS)
    for language, name in _NAMES.items():
        label = Literal(name, language=language)
        yield Quad(INTERPRETATIONS, _LABEL, label, INTERPRETATIONS)
    yield from program(INTERPRETATIONS)
