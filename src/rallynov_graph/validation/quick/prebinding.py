"""Queries with ?this bound beforehand, as SHACL's appendix A defines it: one for all terms.

The terms lie in a graph of their own. Each group of a query begins by reading them there, so that
each of its parts is joined with them, also inside OPTIONAL, UNION and EXISTS. The solutions are
those of one query for each term where no part looks at several solutions. Where what SPARQL says
and what rdflib does part, a query is refused: rdflib lets a group see what is bound around it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.tokens import Token, calls_out, columns_of, decoded, reads_two_ways, tokens
from rallynov_graph.sparql.embedded import ENGINE_ERRORS, engine_error

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


@dataclass
class _Group:
    """A group of a query: what opens it, and the variables that it has."""

    kind: str
    """EXISTS, OPTIONAL; nothing for another one."""
    start: int
    parent: "_Group | None" = None
    bound: set[str] = field(default_factory=set)
    """Those of its patterns and of groups within, but for those of EXISTS."""
    used: set[str] = field(default_factory=set)
    """Those of its expressions, and of EXISTS within."""
    words: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class PreboundQuery:
    """A SELECT for any number of terms, each of which is ?this beforehand."""

    text: str

    @classmethod
    def of(cls, query: str) -> "PreboundQuery":
        """Return the query that binds ?this; raise QueryError where it cannot be done so."""
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
        return cls(text)


class PreboundStore:
    """Triples that are asked queries for which ?this is bound beforehand."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._store = Store()
        self._store.bulk_extend(Quad(*triple) for triple in triples)

    def rows(self, query: PreboundQuery, terms: Iterable[Term]) -> Iterator[dict[str, Term]]:
        """Yield each distinct solution with one of some terms as ?this; raise QueryError."""
        self._store.remove_graph(_TERMS)
        self._store.extend(Quad(_TERMS, _TERMS, term, _TERMS) for term in terms)
        try:
            found = self._store.query(query.text)
            assert isinstance(found, QuerySolutions)
            names = [variable.value for variable in found.variables]
            for row in dict.fromkeys(map(tuple, found)):
                yield {n: term for n, term in zip(names, row, strict=True) if term is not None}
        except ENGINE_ERRORS as error:
            raise engine_error(error) from error


def keeps(terms: Iterable[Term]) -> bool:
    """Return whether the engine writes literals as they are written: it has one form of a value."""
    typed = {t for t in terms if isinstance(t, Literal) and t.datatype.value not in _PLAIN}
    store = Store()
    store.extend(Quad(_TERMS, _TERMS, literal) for literal in typed)
    return typed <= {quad.object for quad in store}


def _groups(found: list[Token]) -> Iterator[_Group]:
    """Yield the groups of a SELECT, each after those within it; raise QueryError."""
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
    """Raise QueryError where a group may see what is bound around it, and should not."""
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
    """Return a query each group of which begins by reading the terms."""
    parts, end = [], 0
    for start in sorted(group.start for group in groups):
        parts.append(f"{query[end:start]}{{ GRAPH {_TERMS} {{ {_TERMS} {_TERMS} ?this }} ")
        end = start + 1
    return "".join([*parts, query[end:]])
