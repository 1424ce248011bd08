"""Which fact each row of an answer is told by.

A question of the catalogue asks each fact within its graph, as in
``GRAPH ?g { ?stage rn:carriedBy ?organisation }``. Where the columns of a row fill such a pattern,
that is a fact of the row. The certainty of a row is that of its weakest fact: this one tells it.

Of any other query, the patterns are read wherever they stand. What the columns of a row fill is a
fact that the row shows; whether it is stated is asked of the graph, and whether the row hangs on
it, only the query tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, Variable

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Row, Solutions
from rallynov_graph.rdf.tokens import Token, declarations, tokens
from rallynov_graph.rules.rulebook import PatternTerm, RulePattern, pattern_term

HOW: Final = "how"
"""The column of an answer that says how surely a row is said."""
_SPELT_OUT: Final = ("subject", "property", "object")
"""The columns of an answer whose rows are facts."""
_MOST_PATTERNS: Final = 12
"""So many patterns of a query of a reader's own are looked at."""
_END: Final = Token("sign", ".", 0)
_OTHERS: Final = frozenset({"FILTER", "BIND", "OPTIONAL", "MINUS", "VALUES", "UNION"})
"""What follows triples and is none."""
_MISSING: Final = {".": 3, ";": 2, ",": 1}
"""How many terms of the next triple follow a sign."""
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_TIME: Final = PREFIXES["xsd"] + "time"


def facts_of_rows(query: str, answer: Solutions, most: int) -> list[tuple[Row, tuple[Triple, ...]]]:
    """Return the first rows of an answer, each with the facts that its columns fill."""
    patterns = patterns_of(query, in_graphs=True)
    if {*_SPELT_OUT} <= {*answer.variables}:
        patterns = (RulePattern(*map(Variable, _SPELT_OUT)), *patterns)
    return [(row, tuple(_facts(patterns, row))) for row in islice(answer, most)]


def shown_facts(query: str, answer: Solutions) -> list[tuple[Triple, ...]]:
    """Return the facts that each row of any query shows, stated or not."""
    patterns = patterns_of(query, in_graphs=False)[:_MOST_PATTERNS]
    return [tuple(dict.fromkeys(_facts(patterns, row))) for row in answer]


def deciding_fact(
    row: Row, facts: Sequence[Triple], certainties: Mapping[Triple, Collection[str]]
) -> Triple | None:
    """Return the fact that is as sure as the row; None where its columns do not say which it is."""
    how = row[HOW]
    certainty = how.value.removeprefix(RN) if isinstance(how, NamedNode) else ""
    stated = [fact for fact in facts if certainty in certainties[fact]]
    return min(stated, key=lambda it: it.predicate == TYPE, default=None)


def patterns_of(query: str, *, in_graphs: bool) -> tuple[RulePattern, ...]:
    """Return the triple patterns of a query: those within graphs, or of all groups.

    Those with paths are left out.
    """
    found: list[RulePattern] = []
    prefixes = dict(declarations(query))
    group: list[Token] = []
    depth, is_graph = 0, False
    for token in tokens(query):
        if token.text not in ("{", "}"):
            group.append(token)
            continue
        if is_graph if in_graphs else depth:
            found += _read(group, prefixes)
        is_graph = token.text == "{" and [it.text.upper() for it in group[-2:-1]] == ["GRAPH"]
        depth += 1 if token.text == "{" else -1
        group = []
    return tuple(dict.fromkeys(found))


def _facts(patterns: Sequence[RulePattern], row: Row) -> Iterator[Triple]:
    for pattern in patterns:
        fact = pattern.filled(row)
        if fact is not None and isinstance(fact.subject, NamedNode) and not _is_of_time(fact):
            yield fact


def _is_of_time(fact: Triple) -> bool:
    """Whether the value is an xsd:time: Virtuoso refuses one in VALUES (22007 DT011)."""
    return isinstance(fact.object, Literal) and fact.object.datatype.value == _TIME


def _read(within: Sequence[Token], prefixes: Mapping[str, str]) -> Iterator[RulePattern]:
    """Yield the patterns of triples, of which some share a subject, or a property too."""
    subject: PatternTerm | None = None
    prop: PatternTerm | None = None
    part: list[PatternTerm | None] = []
    before = "."
    for token in (*within, _END):
        begins_other = token.text.upper() in _OTHERS
        if token.text not in _MISSING and not begins_other:
            part.append(pattern_term(token, prefixes))
            continue
        missing = _MISSING[before]
        if len(part) == missing:
            subject, prop, value = (subject, prop, None)[: 3 - missing] + tuple(part)
            if subject is not None and prop is not None and value is not None:
                yield RulePattern(subject, prop, value)
        else:
            subject, prop = None if missing == 3 else subject, None
        before, part = ("." if begins_other else token.text), ([None] if begins_other else [])
