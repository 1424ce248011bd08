"""Where a fault is put into a dataset, looked at, and taken out again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, Literal, URIRef
from rdflib.term import Node

import mutations
from mutations import Data, Mutation
from rallynov_graph.namespaces import SHAPES_GRAPH
from rallynov_graph.rdf import sources
from rallynov_graph.releases import building
from rallynov_graph.resources import checks_dir, data_dir, ontology_dir
from rallynov_graph.validating import graph_checks, report
from rallynov_graph.validating.validation import as_graph

Rule = tuple[Node, Node, Node]


class Laboratory:
    """The shipped data with their ontology, shapes and checks, ready for fault after fault.

    Only what keeps a release from being built counts: no warning and no remark does.
    """

    def __init__(self, data: Path | None = None) -> None:
        content = building.read(data or data_dir(), ontology_dir())
        self.quads, self.ontology = list(content.data), list(content.ontology)
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
        """Return the data for those who make faults, with what the shapes require of them."""
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
            if next(iter(self._store.query(check.query)), None) is not None:
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

    def _rules_of(self, quad: Quad) -> Iterable[Node]:
        """Return the property shapes that a statement's property has on its subject."""
        path = URIRef(quad.predicate.value)
        for shape in self._shapes_of(URIRef(quad.subject.value)):
            for rule in self._rules.objects(shape.node, SH.property):
                if (rule, SH.path, path) in self._rules:
                    yield rule

    def _is_required(self, quad: Quad) -> bool:
        """Whether the thing lacks what a shape asks for when the statement is gone."""
        if self._times[quad.triple] > 1:
            return False
        thing, path = URIRef(quad.subject.value), URIRef(quad.predicate.value)
        values = list(self._graph.objects(thing, path))
        language = getattr(quad.object, "language", None)
        alike = sum(getattr(value, "language", None) == language for value in values)
        for rule in self._rules_of(quad):
            least = self._rules.value(rule, SH.minCount)
            if least is not None and int(str(least)) == len(values):
                return True
            inside = self._rules.value(rule, SH.qualifiedValueShape)
            if inside is not None and alike == 1 and self._speaks(inside, language):
                return True
        return False

    def _speaks(self, shape: Node, language: str | None) -> bool:
        first = self._rules.value(self._rules.value(shape, SH.languageIn), RDF.first)
        return language is not None and first == Literal(language)

    def _is_functional(self, quad: Quad) -> bool:
        """Whether a second value, or a second one in that language, is one too many."""
        return quad.predicate.value == str(RDFS.label) or any(
            self._rules.value(rule, SH.maxCount) == Literal(1)
            or (self._rules.value(rule, SH.uniqueLang) is not None and quad.object.language)
            for rule in self._rules_of(quad)
        )
