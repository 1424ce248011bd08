"""Who concluded what a document does not say in so many words, set by set, in PROV's terms.

A curation graph says once to whom it is owed and of which day it is. That holds of each assertion
set that it describes and that is not explicit: a graph of its own says so of each, and from which
passages each set is derived, for whoever reads one set alone or knows PROV only.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, made_by_program
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
    """It is iterated twice each time, and once more up to the first set."""

    def __iter__(self) -> Iterator[Quad]:
        yield from self.statements()
        if any(map(is_set, self.data)):
            yield from description()

    def statements(self) -> Iterator[Quad]:
        """Yield all but the description of their graph."""
        sets, interpreters = self._known()
        for quad in self.data:
            if quad.subject not in sets:
                continue
            if quad.predicate == _PASSAGE:
                yield Quad(quad.subject, _DERIVED_FROM, quad.object, INTERPRETATIONS)
            elif quad.predicate == _CERTAINTY and quad.object != _EXPLICIT:
                for prop, value in interpreters.get(quad.graph_name, ()):
                    yield Quad(quad.subject, prop, value, INTERPRETATIONS)

    def _known(self) -> tuple[set[object], dict[object, list[tuple[NamedNode, Term]]]]:
        """Return the assertion sets, and by graph to whom it is owed and of which day it is."""
        sets: set[object] = set()
        interpreters: dict[object, list[tuple[NamedNode, Term]]] = {}
        for quad in self.data:
            if is_set(quad):
                sets.add(quad.subject)
            elif quad.predicate in (_OWED_TO, _MADE_AT) and quad.subject == quad.graph_name:
                interpreters.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        return sets, interpreters


About = Callable[[NamedNode], Iterable[Quad]]
"""Returns what is said of a thing."""
InGraph = Callable[[NamedNode], Iterable[Quad]]
"""Returns what a graph says."""


def concerned(quads: Iterable[Quad], in_graph: InGraph) -> set[NamedNode]:
    """Return the sets of which it may be said otherwise who concluded them, as statements change.

    They are those that the statements are about, and those that a graph describes which says
    otherwise to whom it is owed, and of which day it is.
    """
    found: set[NamedNode] = set()
    for quad in quads:
        if quad.predicate in (_CERTAINTY, _PASSAGE) or is_set(quad):
            found.add(quad.subject)  # type: ignore[arg-type]
        elif quad.predicate in (_OWED_TO, _MADE_AT) and quad.subject == quad.graph_name:
            said = in_graph(quad.graph_name)  # type: ignore[arg-type]
            found |= {it.subject for it in said if it.predicate == _CERTAINTY}  # type: ignore[misc]
    return found


def of_sets(sets: Iterable[NamedNode], about: About) -> set[Quad]:
    """Return who concluded some sets, without the description of the graph that says so."""
    quads = [quad for it in sets for quad in about(it)]
    graphs = {quad.graph_name for quad in quads if quad.predicate == _CERTAINTY}
    quads += [quad for it in graphs if isinstance(it, NamedNode) for quad in about(it)]
    return set(Interpretations(quads).statements())


def is_set(quad: Quad) -> bool:
    """Return whether a statement says of a graph that it is an assertion set."""
    return quad.predicate == _TYPE and quad.object == _SET


def description() -> Iterator[Quad]:
    """Yield the description of the graph that says who concluded what."""
    kind = NamedNode(f"{RN}CurationGraph")
    yield Quad(INTERPRETATIONS, _TYPE, kind, INTERPRETATIONS)
    for language, name in _NAMES.items():
        label = Literal(name, language=language)
        yield Quad(INTERPRETATIONS, _LABEL, label, INTERPRETATIONS)
    yield from made_by_program(INTERPRETATIONS)
