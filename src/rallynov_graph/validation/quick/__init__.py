"""The quick validator: SHACL's core at any size, with the results of pySHACL.

It knows nothing of the rest of the program; see ``README.md`` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple
    from rdflib import Graph

    from rallynov_graph.validation.quick.results import Finding

    Source = Graph | str | PurePath


def validate(
    data_graph: Source,
    *,
    shacl_graph: Source | None = None,
    ont_graph: Source | None = None,
    allow_infos: bool = False,
    allow_warnings: bool = False,
) -> tuple[bool, Graph, str]:
    """Return whether data conform to shapes, the W3C's report, and the report as text.

    It is called like ``pyshacl.validate``. A graph is an rdflib graph or the path of a file, which
    is faster. Without a shapes graph, shapes are read from the data; the classes of an ontology are
    used. Raises NotCovered, which names the feature, if shapes use something that is not
    implemented here.
    """
    from rdflib import URIRef

    from rallynov_graph.validation.quick import components
    from rallynov_graph.validation.quick.rdflib_graphs import as_triples, report_graph
    from rallynov_graph.validation.quick.reading import NotCovered
    from rallynov_graph.validation.quick.results import Finding, Findings
    from rallynov_graph.validation.quick.shapes import Evaluation
    from rallynov_graph.validation.quick.triples import TripleIndex

    shapes = _graph(data_graph if shacl_graph is None else shacl_graph)
    reading = components.read(as_triples(shapes))
    for node, reason in reading.left.items():
        raise NotCovered(f"{reading.graph.name(node) or node}: {reason}")
    data = _triples(shapes if shacl_graph is None else data_graph)
    index = TripleIndex(data if ont_graph is None else chain(data, _triples(ont_graph)))
    names = shapes.namespace_manager
    made = Findings(index, Finding, lambda iri: URIRef(iri).n3(names)).made
    evaluation = Evaluation(index)
    found = [made(result) for shape in reading.shapes for result in evaluation.results(shape)]
    found.sort(key=lambda it: (it.severity, str(it.focus), str(it.shape), str(it.value)))
    allowed = {"Info"} if allow_infos or allow_warnings else set()
    allowed |= {"Warning"} if allow_warnings else set()
    conforms = all(it.severity in allowed for it in found)
    graph, _ = report_graph(found, shapes)
    return conforms, graph, _text(conforms, found)


def _graph(source: Source) -> Graph:
    from rdflib import Graph

    return source if isinstance(source, Graph) else Graph().parse(source)


def _triples(source: Source) -> Iterable[Triple | Quad]:
    from pyoxigraph import parse
    from rdflib import Graph

    from rallynov_graph.validation.quick.rdflib_graphs import as_triples

    return as_triples(source) if isinstance(source, Graph) else parse(path=str(source))


def _text(conforms: bool, findings: list[Finding]) -> str:
    lines = ["Validation Report", f"Conforms: {conforms}"]
    lines += [f"Results ({len(findings)}):"] if findings else []
    for it in findings:
        lines.append(f"{it.severity} of {it.component.rpartition('#')[2]}, {it.shape}:")
        lines.append(f"\tFocus node: {it.focus}")
        lines += [f"\tPath: {it.path}"] if it.path else []
        lines += [f"\tValue: {it.value}"] if it.value is not None else []
        lines += [f"\tMessage: {text}" for text in it.messages.values()]
    return "\n".join([*lines, ""])
