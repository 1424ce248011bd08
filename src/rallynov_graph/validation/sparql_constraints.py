"""Constraints that a user writes as a query (``sh:sparql``), run by the engine.

In a query ?this is bound beforehand, as SHACL's appendix A defines it: one query handles all terms.
The terms are in a graph of their own, and each group of the query begins by reading them there, so
that each part is joined with them, also inside OPTIONAL, UNION and EXISTS. The solutions are those
of one query for each term, as long as no part looks at several solutions. A query is refused where
rdflib departs from SPARQL: rdflib lets a group see the bindings around it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.tokens import (
    Token,
    calls_out,
    columns_of,
    decoded,
    named_iris,
    reads_two_ways,
    tokens,
    undeclared_prefixes,
)
from rallynov_graph.sparql.embedded import ENGINE_ERRORS, engine_error
from rallynov_graph.validation.quick.reading import (
    NotCovered,
    Reader,
    ShapeGraph,
    ShapeParameter,
    every,
    nodes,
    only,
    text,
    truth,
)
from rallynov_graph.validation.quick.shapes import Constraint, Evaluation, Fault, Node, Values
from rallynov_graph.validation.quick.triples import Predicate, TripleIndex, in_sparql

_OWL: Final = PREFIXES["owl"]
_ALWAYS_DECLARED: Final = ("rdf", "rdfs", "owl")
_READ: Final = {"select", "message", "prefixes", "deactivated"}
_PREFIX: Final = re.compile(r"(?:[^\W\d_][\w.-]*)?")
_FIXED: Final = ("PATH", "currentShape", "shapesGraph", "failure")
_BESIDE_A_PATH: Final = frozenset("^/|!*+?")
"""The signs that would make a path of ours a part of a longer one."""
_TERMS: Final = NamedNode("urn:rallynov:terms")
_REFUSED: Final = frozenset(
    {
        *("MINUS", "VALUES", "SERVICE", "GRAPH", "FROM", "LIMIT", "OFFSET"),
        *("SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"),
    }
)
"""What SHACL forbids, reads graphs, depends on an order, or is another thing in rdflib."""
_TRUE_OF_NOTHING: Final = frozenset({"COALESCE", "IF", "BOUND", "EXISTS", "IN", "|"})
"""What may be true of a group without solutions, which rdflib makes where there is none."""
_DEEPEST: Final = 50
"""The engine ends its process over some 2,000 groups within one another."""
_PLAIN: Final = frozenset({f"{PREFIXES['xsd']}string", f"{PREFIXES['rdf']}langString"})


def _read(parameter: ShapeParameter) -> Iterable[Constraint]:
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
            query = _prebound(_text(parameter, node))
        except QueryError as error:
            raise NotCovered(str(error)) from error
        found = every(graph.values(node, "message"), Literal)
        messages = {it.language or "": it.value for it in sorted(found, key=str)}
        faults = _faults(query, of_path=parameter.path is not None)
        yield Constraint("SPARQL", faults, node=node, messages=messages)


READERS: Final[dict[str, Reader]] = {"sparql": _read}
"""What reads queries into constraints, beside SHACL's core."""


def _faults(query: str, *, of_path: bool) -> Callable[[Values, Evaluation], Iterable[Fault]]:
    """Return the function that yields a fault for each solution whose ?this is a focus node."""

    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        number, terms = evaluation.index.number, evaluation.index.terms
        store = evaluation.made_once(_store)
        for row in _solutions(store, query, (terms[it] for it in values)):
            focus, value, path = number(row["this"]), row.get("value"), row.get("path")
            own = None if of_path else focus
            yield Fault(
                focus,
                own if value is None else number(value),
                None if path is None else number(path),
                row,
            )

    return faults


def _store(index: TripleIndex) -> Store:
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in index.triples())
    return store


def _text(parameter: ShapeParameter, node: Node) -> str:
    """Return the query of a constraint with its prefixes; raise NotCovered."""
    graph = parameter.graph
    query = decoded(text(only(graph.values(node, "select"), Literal)))
    prefixes = _prefixes(graph, node)
    if lacking := undeclared_prefixes(query).keys() - prefixes:
        from rdflib import Graph  # pySHACL's queries have the prefixes of its graphs

        known = Graph().namespaces()
        prefixes = {name: str(iri) for name, iri in known if name in lacking} | prefixes
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(prefixes.items()))
    whole = declared + _in_place(query, parameter)
    _refuse_functions(whole)
    # A shape may name terms that no data have; the engine finds no path from them, not even to
    # themselves.
    signs = {token.text for token in tokens(whole) if token.kind == "sign"}
    if graph.having("targetNode") and signs & {"*", "?"}:
        raise NotCovered("a path that may have no step, from a thing that is named,")
    return whole


def _prefixes(graph: ShapeGraph, node: Node) -> dict[str, str]:
    """Return the prefixes of a constraint as pySHACL takes them; raise NotCovered.

    They come from the ontologies that it names, or from all of them if it names something else.
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
    """Return a query with $PATH and $currentShape replaced."""
    parts, end, previous = [], 0, ""
    found = [*tokens(query)]
    for token, following in zip(found, [*found[1:], None], strict=True):
        name = token.text[1:] if token.kind == "variable" else ""
        if name in _FIXED:
            beside = {previous, following.text if following else ""}
            if name == "PATH" and parameter.path and not beside & _BESIDE_A_PATH:
                known = in_sparql(parameter.path)
                known = known if isinstance(parameter.path, Predicate) else f"({known})"
            elif name == "currentShape" and isinstance(parameter.node, NamedNode):
                known = str(parameter.node)
            else:
                raise NotCovered(f"${name} in this place")
            parts.append(query[end : token.start] + known)
            end = token.start + len(token.text)
        previous = token.text
    return "".join([*parts, query[end:]])


def _refuse_functions(query: str) -> None:
    """Raise NotCovered if a query may call a named function, except those of XML Schema."""
    iri = ""
    for token, named in named_iris(query):
        if token.text == "(" and iri and not iri.startswith(PREFIXES["xsd"]):
            raise NotCovered(f"the function {iri}")
        iri = named


@dataclass
class _Group:
    """A group of a query: the keyword before it, and its variables."""

    kind: str
    """EXISTS, OPTIONAL; nothing for another one."""
    start: int
    parent: "_Group | None" = None
    bound: set[str] = field(default_factory=set)
    """Those of its patterns and of groups within, but for those of EXISTS."""
    used: set[str] = field(default_factory=set)
    """Those of its expressions, and of EXISTS within."""
    words: set[str] = field(default_factory=set)


def _prebound(query: str) -> str:
    """Return the query with ?this bound; raise QueryError if that is impossible."""
    query = decoded(query)
    found = [*tokens(query)]
    words = [token.text.upper() for token in found if token.kind == "word"]
    if refused := sorted(_REFUSED.intersection(words)):
        raise QueryError(f"{refused[0]} in a query that binds ?this")
    if words.count("SELECT") != 1 or "this" not in (columns_of(query) or ()):
        raise QueryError("another query than one SELECT with ?this")
    if calls_out(query) or reads_two_ways(query):
        raise QueryError("a query that may be read in two ways")
    if "GROUP" in words:
        _refuse_grouping([token.text.upper() for token in found])
    elif "COUNT" in words:
        raise QueryError("COUNT without GROUP BY")
    groups = [*_groups(found)]
    for group in groups:
        _refuse_seeing(group)
    text = _joined(query, groups)
    try:
        Store().query(text)
    except SyntaxError as error:
        raise QueryError(f"a query that the engine cannot read ({error})") from error
    return text


def _solutions(store: Store, query: str, terms: Iterable[Term]) -> Iterator[dict[str, Term]]:
    """Yield each distinct solution whose ?this is one of some terms; raise QueryError."""
    store.remove_graph(_TERMS)
    store.extend(Quad(_TERMS, _TERMS, term, _TERMS) for term in terms)
    try:
        found = store.query(query)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        for row in dict.fromkeys(map(tuple, found)):
            yield {n: term for n, term in zip(names, row, strict=True) if term is not None}
    except ENGINE_ERRORS as error:
        raise engine_error(error) from error


def keeps(terms: Iterable[Term]) -> bool:
    """Whether the engine keeps a literal as written rather than in its canonical form."""
    typed = {t for t in terms if isinstance(t, Literal) and t.datatype.value not in _PLAIN}
    store = Store()
    store.extend(Quad(_TERMS, _TERMS, literal) for literal in typed)
    return typed <= {quad.object for quad in store}


def _groups(found: list[Token]) -> Iterator[_Group]:
    """Yield the groups of a SELECT, inner ones first; raise QueryError."""
    group: _Group | None = None
    brackets, previous = [0], ""
    for token in found:
        text = token.text.upper() if token.kind == "word" else token.text
        if text == "{" and token.kind == "sign":
            kind = previous if previous in ("EXISTS", "OPTIONAL") else ""
            group = _Group(kind, token.start, group)
            brackets.append(0)
        elif text == "}" and token.kind == "sign" and group is not None:
            yield group
            if group.parent is not None:
                inner = group.bound | group.used if group.kind == "EXISTS" else group.bound
                (group.parent.used if group.kind == "EXISTS" else group.parent.bound).update(inner)
            group = group.parent
            brackets.pop()
        elif token.kind == "variable":
            if previous == "AS" and token.text[1:] == "this":
                raise QueryError("?this, which is bound anew")
            if group is not None:
                is_used = brackets[-1] and previous != "AS"
                (group.used if is_used else group.bound).add(token.text[1:])
        elif token.kind == "word" and group is not None:
            group.words.add(text)
        brackets[-1] += (text == "(") - (text == ")")
        if len(brackets) + brackets[-1] > _DEEPEST:
            raise QueryError("a query that is nested too deeply")
        previous = text


def _refuse_seeing(group: _Group) -> None:
    """Raise QueryError if a group may see bindings around it, which SPARQL forbids."""
    if group.parent is None or group.kind == "EXISTS":
        return
    if group.words & {"OPTIONAL", "BIND"}:
        raise QueryError("OPTIONAL or BIND in a group within another one")
    if not group.kind and group.used - group.bound - {"this"}:
        raise QueryError("a group with a variable that is bound outside")


def _refuse_grouping(texts: list[str]) -> None:
    """Raise QueryError unless solutions are grouped by ?this, and HAVING needs some."""
    if texts.count("GROUP") != 1 or texts.count("HAVING") != 1:
        raise QueryError("GROUP BY without HAVING")
    keys = texts[texts.index("GROUP") : texts.index("HAVING")]
    having = texts[texts.index("HAVING") :]
    if not {"?THIS", "$THIS"} & {*keys} or "(" in keys:
        raise QueryError("GROUP BY without ?this")
    if "COUNT" not in having or _TRUE_OF_NOTHING.intersection(having):
        raise QueryError("HAVING without COUNT")


def _joined(query: str, groups: list[_Group]) -> str:
    """Return a query in which each group begins by reading the terms."""
    parts, end = [], 0
    for start in sorted(group.start for group in groups):
        parts.append(f"{query[end:start]}{{ GRAPH {_TERMS} {{ {_TERMS} {_TERMS} ?this }} ")
        end = start + 1
    return "".join([*parts, query[end:]])
