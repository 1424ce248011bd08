"""Results of the quick validator, as findings of a report."""

from functools import cached_property

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import default_messages, paths
from rallynov_graph.validation.quick.evaluation import Result
from rallynov_graph.validation.quick.shape_graph import SH
from rallynov_graph.validation.quick.triple_index import TripleIndex
from rallynov_graph.validation.report import Finding, Source


class Findings:
    """Makes findings of results: puts terms in the place of numbers, and adds what is said."""

    def __init__(self, index: TripleIndex) -> None:
        self._index = index

    def identified(self, result: Result) -> tuple[str, str, tuple[str, ...]]:
        """Return the severity and rule of a result, and what it is put in order by."""
        shape, fault, terms = result.shape, result.fault, self._index.terms
        value = "" if fault.value is None else str(terms[fault.value])
        component = SH + result.constraint.component
        key = (str(terms[fault.focus]), self._path(result) or "", value, component)
        return shape.severity, shape.iri or "", key

    def made(self, result: Result) -> Finding:
        """Return the finding of a result."""
        shape, fault = result.shape, result.fault
        focus = self._index.terms[fault.focus]
        return Finding(
            severity=shape.severity,
            shape=shape.iri,
            focus=focus,
            path=self._path(result),
            value=None if fault.value is None else self._index.terms[fault.value],
            messages=default_messages.of(shape, result.constraint, fault.row),
            within=self._named_around(fault.focus) if isinstance(focus, BlankNode) else None,
            source=Source(
                shape.node,
                SH + result.constraint.component,
                None if fault.predicate is not None else shape.path_node,
                getattr(result.constraint, "node", None),
            ),
        )

    def _path(self, result: Result) -> str | None:
        predicate, path = result.fault.predicate, result.shape.path
        if predicate is not None:
            term = self._index.terms[predicate]
            return term.value if isinstance(term, NamedNode) else None
        return paths.written(path) if path is not None else None

    @cached_property
    def _parents(self) -> dict[int, list[int]]:
        """The subjects of blank nodes, in a fixed order."""

        def text(number: int) -> str:
            return str(self._index.terms[number])

        found = self._index.blank_node_parents()
        return {node: sorted(parents, key=text) for node, parents in found.items()}

    def _named_around(self, node: int) -> str | None:
        """Return the IRI of the nearest named thing that a blank node is part of."""
        nodes, visited = [node], {node}
        for current in nodes:
            term: Term = self._index.terms[current]
            if isinstance(term, NamedNode):
                return term.value
            nodes += [parent for parent in self._parents.get(current, ()) if parent not in visited]
            visited.update(self._parents.get(current, ()))
        return None
