"""Where a fault is put into a dataset, looked at, and taken out again."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, URIRef
from rdflib.term import Node

import mutations
from mutations import Data, Mutation
from places import TESTS
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.namespaces import SHAPES_GRAPH, in_prefixes
from rallynov_graph.base.resources import checks_dir, data_dir, ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.standing.settling import settled
from rallynov_graph.standing.standing_graphs import DESCRIPTIONS
from rallynov_graph.validation import graph_checks, report
from rallynov_graph.validation.graph_checks import DATE_FUNCTIONS
from rallynov_graph.validation.quick.rdflib_graphs import as_graph

DEMANDED = tomllib.loads((TESTS / "data" / "demanded.toml").read_text("utf-8"))


class Laboratory:
    """The shipped data with their ontology, shapes and checks, ready for fault after fault.

    Only what keeps a release from being built counts: no warning and no remark does. What is not
    current, as a reading that is not taken, is no premise of theirs and is left out.
    """

    def __init__(self, data: Path | None = None) -> None:
        content = building.read(data or data_dir(), ontology_dir())
        self.quads = [*filter(_is_written_and_current, settled(content.data))]
        self.ontology = list(content.ontology)
        self.shapes = list(sources.quads([ontology_dir() / "shapes.ttl"]))
        every = graph_checks.read(checks_dir().glob("*.rq"))
        self.checks = [check for check in every if check.severity == report.VIOLATION]
        self._times = mutations.counted([*self.quads, *self.ontology])
        self._graph = as_graph([*self.quads, *self.ontology])
        self._rules = as_graph(self.shapes)
        self._above = self._superclasses()
        self._shapes = self._shapes_by_class()
        self._executor = SHACLExecutor(validator=None, allow_infos=True, allow_warnings=True)
        self._store = self._filled()

    def data(self) -> Data:
        """Return the data for those who make faults, with what is demanded of them."""
        return Data(
            self.quads,
            {quad for quad in self.quads if self._is_required(quad)},
            {quad for quad in self.quads if self._is_functional(quad)},
        )

    def catches(self, fault: Mutation) -> str | None:
        """Return the shape or check that finds a fault, None where none does."""
        self._apply(fault.removed, fault.added)
        try:
            return self._by_shape(fault) or self._by_check(fault)
        finally:
            self._apply(fault.added, fault.removed)

    def kinds_of(self, thing: NamedNode) -> set[str]:
        """Return the classes of a thing, those above them too."""
        kinds = set(self._graph.objects(URIRef(thing.value), RDF.type))
        return {str(above) for kind in kinds for above in self._above.get(kind, {kind})}

    def _by_shape(self, fault: Mutation) -> str | None:
        """Return the shape that finds a fault on the thing itself, or on one that links to it."""
        thing = URIRef(fault.quad.subject.value)
        concerned: set[Node] = {thing}
        if fault.quad.predicate == mutations.RDF_TYPE:
            concerned |= set(self._graph.subjects(None, thing))
        for node in concerned:
            for shape in self._shapes_of(node):
                conforms, _ = shape.validate(self._executor, self._graph, focus=node)
                if not conforms:
                    return str(shape.node)
        return None

    def _by_check(self, fault: Mutation) -> str | None:
        for number, check in enumerate(self.checks):
            if (
                next(iter(self._store.query(check.query, custom_functions=DATE_FUNCTIONS)), None)
                is not None
            ):
                self.checks.insert(0, self.checks.pop(number))  # the likeliest first
                return check.iri
        return None

    def _apply(self, removed: Quad | None, added: Quad | None) -> None:
        if removed:
            self._store.remove(removed)
            self._times[removed.triple] -= 1
            if not self._times[removed.triple]:
                self._store.remove(Quad(*removed.triple))
                self._graph -= as_graph([removed])
        if added:
            self._store.add(added)
            self._store.add(Quad(*added.triple))
            self._times[added.triple] += 1
            self._graph += as_graph([added])

    def _filled(self) -> Store:
        """Return the store that checks see, as graph_checks makes it."""
        store = Store()
        store.bulk_extend([*self.quads, *self.ontology])
        store.bulk_extend([Quad(*quad.triple) for quad in store])
        named = NamedNode(SHAPES_GRAPH)
        store.bulk_extend(Quad(*quad.triple, named) for quad in self.shapes)
        return store

    def _superclasses(self) -> dict[Node, set[Node]]:
        return {
            kind: set(self._graph.transitive_objects(kind, RDFS.subClassOf))
            for kind in {
                *self._graph.objects(None, RDF.type),
                *self._rules.objects(None, SH.targetClass),
            }
        }

    def _shapes_by_class(self) -> dict[Node, list[Shape]]:
        found = defaultdict(list)
        for shape in ShapesGraph(self._rules).shapes:
            for kind in self._rules.objects(shape.node, SH.targetClass):
                found[kind].append(shape)
        return found

    def _shapes_of(self, node: Node) -> Iterator[Shape]:
        for kind in self._graph.objects(node, RDF.type):
            for above in self._above.get(kind, ()):
                yield from self._shapes.get(above, ())

    def _demands(self, table: Mapping[str, str], quad: Quad) -> Iterator[tuple[str | None, int]]:
        """Yield what a table says of a statement's property: the language, and how many at least.

        The language is None where it does not matter, and empty for each one.
        """
        wanted = in_prefixes(quad.predicate.value)
        for kind in self.kinds_of(quad.subject):
            for demand in table.get(in_prefixes(kind), "").split():
                rest, _, least = demand.partition("*")
                path, at, language = rest.partition("@")
                if path == wanted:
                    yield language if at else None, int(least or 1)

    def _is_required(self, quad: Quad) -> bool:
        """Whether the thing lacks what it must have when the statement is gone."""
        if self._times[quad.triple] > 1:
            return False
        values = self._graph.objects(URIRef(quad.subject.value), URIRef(quad.predicate.value))
        languages = [getattr(value, "language", None) for value in values]
        own = getattr(quad.object, "language", None)
        return any(
            len(languages) == least
            if language is None
            else own == language and languages.count(own) == least
            for language, least in self._demands(DEMANDED["required"], quad)
        )

    def _is_functional(self, quad: Quad) -> bool:
        """Whether a second value, or a second one in that language, is one too many."""
        return quad.predicate.value == str(RDFS.label) or any(
            language is None or getattr(quad.object, "language", None)
            for language, _ in self._demands(DEMANDED["functional"], quad)
        )


def _is_written_and_current(quad: Quad) -> bool:
    return is_current(quad.graph_name) and quad.graph_name != DESCRIPTIONS
