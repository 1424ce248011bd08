"""Constraints that a user writes as a query: ``sh:sparql``, asked of the engine."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.tokens import decoded, named_iris, tokens, undeclared_prefixes
from rallynov_graph.validation.quick import paths
from rallynov_graph.validation.quick.component_parameters import ShapeParameter, text, truth
from rallynov_graph.validation.quick.constraints import Constraint, Fault, Values
from rallynov_graph.validation.quick.prebinding import PreboundQuery
from rallynov_graph.validation.quick.shape_graph import (
    Node,
    NotCovered,
    ShapeGraph,
    every,
    nodes,
    only,
)

if TYPE_CHECKING:
    from rallynov_graph.validation.quick.evaluation import Evaluation

_OWL: Final = PREFIXES["owl"]
_ALWAYS_DECLARED: Final = ("rdf", "rdfs", "owl")
_READ: Final = {"select", "message", "prefixes", "deactivated"}
_PREFIX: Final = re.compile(r"(?:[^\W\d_][\w.-]*)?")
_FIXED: Final = ("PATH", "currentShape", "shapesGraph", "failure")
_BESIDE_A_PATH: Final = frozenset("^/|!*+?")
"""The signs that would make a path of ours a part of a longer one."""


@dataclass(frozen=True)
class Sparql:
    """``sh:sparql``: a query has no solution where ?this is a focus node."""

    component: ClassVar[str] = "SPARQLConstraintComponent"
    node: Node
    query: PreboundQuery
    of_path: bool
    messages: Mapping[str, str]
    """Those of the constraint, by language; ``{?name}`` stands for a value of the solution."""

    def faults(self, values: Values, evaluation: "Evaluation") -> Iterator[Fault]:
        """Yield a fault for each solution."""
        number, terms = evaluation.index.number, evaluation.index.terms
        for row in evaluation.prebound_store.rows(self.query, (terms[it] for it in values)):
            focus, value, path = number(row["this"]), row.get("value"), row.get("path")
            own = None if self.of_path else focus
            yield Fault(
                focus,
                own if value is None else number(value),
                None if path is None else number(path),
                row,
            )


def read(parameter: ShapeParameter) -> Iterable[Constraint]:
    """Yield the constraints of a shape that are queries; raise NotCovered."""
    graph = parameter.graph
    if any(graph.of_class(f"{kind}Function") for kind in ("SPARQL", "JS")):
        raise NotCovered("a function of its own")
    for node in nodes(parameter.values):
        if others := sorted(graph.parameters(node) - _READ):
            raise NotCovered(f"sh:{others[0]} of a sh:sparql")
        deactivated = graph.values(node, "deactivated")
        if deactivated and truth(deactivated):
            continue
        try:
            query = PreboundQuery.of(_text(parameter, node))
        except QueryError as error:
            raise NotCovered(str(error)) from error
        found = every(graph.values(node, "message"), Literal)
        messages = {it.language or "": it.value for it in sorted(found, key=str)}
        yield Sparql(node, query, parameter.path is not None, messages)


def _text(parameter: ShapeParameter, node: Node) -> str:
    """Return the query of a constraint with its prefixes; raise NotCovered."""
    graph = parameter.graph
    query = decoded(text(only(graph.values(node, "select"), Literal)))
    prefixes = _prefixes(graph, node)
    if lacking := undeclared_prefixes(query).keys() - prefixes:
        from rdflib import Graph  # pySHACL's queries have the prefixes of its graphs

        prefixes = {**dict(_as_text(Graph().namespaces(), lacking)), **prefixes}
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(prefixes.items()))
    whole = declared + _in_place(query, parameter)
    _refuse_functions(whole)
    # What a shape names may be in no data; for the engine no path leads from there, not even to it.
    signs = {token.text for token in tokens(whole) if token.kind == "sign"}
    if graph.having("targetNode") and signs & {"*", "?"}:
        raise NotCovered("a path that may have no step, from a thing that is named,")
    return whole


def _as_text(
    namespaces: Iterable[tuple[str, object]], wanted: Iterable[str]
) -> Iterator[tuple[str, str]]:
    return ((name, str(iri)) for name, iri in namespaces if name in wanted)


def _prefixes(graph: ShapeGraph, node: Node) -> dict[str, str]:
    """Return the prefixes of a constraint as pySHACL takes them; raise NotCovered.

    They are those of the ontologies that it names, and of all where it names something else.
    """
    ontologies = graph.of_class(f"{_OWL}Ontology")
    named = nodes(graph.values(node, "prefixes"))
    declaring: dict[Node, None] = dict.fromkeys(named)
    for one in named:
        if one not in ontologies or not graph.values(one, "declare"):
            declaring |= dict.fromkeys(ontologies)
    waiting = [*declaring]
    while waiting:
        imported = [*nodes(graph.described(waiting.pop()).get(f"{_OWL}imports", []))]
        waiting += [one for one in imported if one not in declaring]
        declaring |= dict.fromkeys(imported)
    found = {name: PREFIXES[name] for name in _ALWAYS_DECLARED}
    own: dict[str, str] = {}
    for declaration in (it for one in declaring for it in nodes(graph.values(one, "declare"))):
        name, iri = (
            only(graph.values(declaration, part), Literal).value for part in ("prefix", "namespace")
        )
        if own.setdefault(name, iri) != iri or not _PREFIX.fullmatch(name):
            raise NotCovered(f"the prefix {name!r}")
    return found | own


def _in_place(query: str, parameter: ShapeParameter) -> str:
    """Return a query with path and shape where it has $PATH and $currentShape."""
    parts, end, previous = [], 0, ""
    found = [*tokens(query)]
    for token, following in zip(found, [*found[1:], None], strict=True):
        name = token.text[1:] if token.kind == "variable" else ""
        if name in _FIXED:
            beside = {previous, following.text if following else ""}
            if name == "PATH" and parameter.path and not beside & _BESIDE_A_PATH:
                known = paths.in_sparql(parameter.path)
            elif name == "currentShape" and isinstance(parameter.node, NamedNode):
                known = str(parameter.node)
            else:
                raise NotCovered(f"${name} in this place")
            parts.append(query[end : token.start] + known)
            end = token.start + len(token.text)
        previous = token.text
    return "".join([*parts, query[end:]])


def _refuse_functions(query: str) -> None:
    """Raise NotCovered for what may be a function of a name, but for those of XML Schema."""
    iri = ""
    for token, named in named_iris(query):
        if token.text == "(" and iri and not iri.startswith(PREFIXES["xsd"]):
            raise NotCovered(f"the function {iri}")
        iri = named


def filled(message: str, row: Mapping[str, Term]) -> str:
    """Return a message with the values of a solution in it, IRIs as they are."""

    def value(found: re.Match[str]) -> str:
        term = row.get(found[1])
        return found[0] if term is None else getattr(term, "value", str(term))

    return re.sub(r"\{[?$](\w+)\}", value, message)
