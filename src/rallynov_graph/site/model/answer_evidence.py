"""Which fact each row of an answer is told by, and where its evidence is.

A question of the catalogue asks each fact within its graph, as in
``GRAPH ?g { ?stage rn:carriedBy ?organisation }``. Where the columns of a row fill such a pattern,
that is a fact of the row. The certainty of a row is that of its weakest fact: to this the row
leads, and nowhere where its columns do not say which it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, Variable

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Row, Solutions
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.rdf.tokens import Token, tokens
from rallynov_graph.rules.explanation import graphs_of
from rallynov_graph.rules.rulebook import PatternTerm, RulePattern, pattern_term
from rallynov_graph.site.model.evidence import evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView

HOW: Final = "how"
"""The column of an answer that says how surely a row is said."""
_SPELT_OUT: Final = ("subject", "property", "object")
"""The columns of an answer whose rows are facts."""
_AT_ONCE: Final = 500
"""So many facts are looked up in one query."""
_END: Final = Token("sign", ".", 0)
_OTHERS: Final = frozenset({"FILTER", "BIND", "OPTIONAL", "MINUS", "VALUES", "UNION"})
"""What follows triples and is none."""
_MISSING: Final = {".": 3, ";": 2, ",": 1}
"""How many terms of the next triple follow a sign."""
_TYPE: Final = NamedNode(TYPE)
_TIME: Final = PREFIXES["xsd"] + "time"


def evidence_of_rows(
    view: GraphView, query: str, answer: Solutions, most: int
) -> tuple[str | None, ...]:
    """Return where the evidence of each of the first rows is; None of a row whose fact is unknown.

    Nothing where an answer has no certainties.
    """
    if HOW not in answer.variables or view.foreign:
        return ()
    patterns = fact_patterns(query)
    if {*_SPELT_OUT} <= {*answer.variables}:
        patterns = (RulePattern(*map(Variable, _SPELT_OUT)), *patterns)
    rows = [*islice(answer, most)]
    facts = [tuple(_facts(patterns, row)) for row in rows]
    known = _certainties(view, [*dict.fromkeys(fact for them in facts for fact in them)])
    return tuple(_address(view, row, them, known) for row, them in zip(rows, facts, strict=True))


def fact_patterns(query: str) -> tuple[RulePattern, ...]:
    """Return the triple patterns that a query asks within graphs; those with paths are left out."""
    found: list[RulePattern] = []
    prefixes: dict[str, str] = {}
    rest = iter(tokens(query))
    for token in rest:
        if token.text.upper() == "PREFIX":
            prefix, iri = next(rest, _END).text, next(rest, _END).text
            prefixes[prefix.removesuffix(":")] = iri[1:-1]
        elif token.kind == "word" and token.text.upper() == "GRAPH":
            next(rest, _END)
            within = takewhile(lambda it: it.text not in "{}", islice(rest, 1, None))
            found += _read([*within], prefixes)
    return tuple(found)


def _facts(patterns: Sequence[RulePattern], row: Row) -> Iterator[Triple]:
    for pattern in patterns:
        fact = pattern.filled(row)
        if fact is not None and isinstance(fact.subject, NamedNode) and not _is_of_time(fact):
            yield fact


def _is_of_time(fact: Triple) -> bool:
    """Whether the value is an xsd:time: Virtuoso refuses one in VALUES (22007 DT011)."""
    return isinstance(fact.object, Literal) and fact.object.datatype.value == _TIME


def _certainties(view: GraphView, facts: Sequence[Triple]) -> dict[Triple, list[str]]:
    """Return the certainties that each fact is said with, the surest first."""
    graphs: dict[Triple, list[str]] = {}
    for start in range(0, len(facts), _AT_ONCE):
        graphs |= graphs_of(view.store, facts[start : start + _AT_ONCE])
    stated = evidence_of_graphs(
        view, (graph for them in graphs.values() for graph in them if graph)
    )
    found = {}
    for fact, them in graphs.items():
        known = (stated[graph] for graph in them if graph in stated)
        sure = {it.certainty or it.kind for it in known}
        found[fact] = sorted(sure.intersection(CERTAINTIES), key=rank_of)
    return found


def _address(
    view: GraphView, row: Row, facts: Sequence[Triple], known: dict[Triple, list[str]]
) -> str | None:
    how = row[HOW]
    certainty = how.value.removeprefix(RN) if isinstance(how, NamedNode) else ""

    stated = [fact for fact in facts if certainty in known[fact]]
    if not stated:
        return None
    fact = min(stated, key=lambda it: it.predicate == _TYPE)
    assert isinstance(fact.subject, NamedNode)
    return view.note_address(fact.subject.value, fact.predicate.value, fact.object)


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
