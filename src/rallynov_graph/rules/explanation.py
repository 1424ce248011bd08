"""Why a fact holds: who says it, or which rules conclude it from what, down to the document.

A fact that a rule concluded is explained by binding the rule's own head to it: each solution of the
rule's body is a chain of premises, which are explained in the same way. Everything is asked of the
store in a few queries a level, whatever store it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, rank_of
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.resources import explanation_queries_dir
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules import premises as basis
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.evidence_tree import Chain, ExplainedFact, Passage, RuleEvidence
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

KINDS: Final = {
    f"{RN}AssertionSet": "assertion set",
    f"{RN}CurationGraph": "curation",
    f"{RN}OutsideGraph": "outside",
    f"{RN}Inference": "inference",
}
"""What graphs are, by their class; the ontology and graphs of no known class are beside these."""

_AT_ONCE: Final = 500
"""So many facts are asked for in one query."""
_ROWS: Final = "VALUES (?subject ?property ?object) { }"
_FACT: Final = ("subject", "property", "object")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_OWED_TO: Final = (f"{PREFIXES['dcterms']}source", f"{PREFIXES['prov']}wasAttributedTo")


def explain(store: Store, fact: Triple, rules: Iterable[Rule] | None = None) -> ExplainedFact:
    """Return a fact with its evidence and with each chain of facts that a rule concludes it from.

    Where the graph does not hold it, there is neither: ``holds`` tells.
    """
    by_iri = _shipped() if rules is None else {rule.iri: rule for rule in rules}
    found = _Gathering(store, by_iri)
    found.gather(fact)
    return _Telling(found).fact(fact, frozenset())


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Term]:
    """Return what the graph says a property of a thing is."""
    rows = PageQueries(store, _queries()).rows("objects", subject=subject, property=predicate)
    return [term for row in rows if (term := row["object"]) is not None]


def bases(store: Store) -> dict[str, str]:
    """Return what the conclusions of each shipped rule rest on where no document says it."""
    return basis.of_rules(PageQueries(store, _queries()), _shipped().values())


def graphs_of(store: Store, facts: Sequence[Triple]) -> dict[Triple, list[str]]:
    """Return the graphs that hold each fact; the empty string where only the default graph does."""
    found: dict[Triple, list[str]] = {fact: [] for fact in facts}
    for row in store.select(query_for_graphs(store, facts)):
        graph = row["graph"]
        fact = Triple(*(row[name] for name in _FACT))  # type: ignore[arg-type]
        found[fact].append(graph.value if isinstance(graph, NamedNode) else "")
    return found


def query_for_graphs(store: Store, facts: Iterable[Triple]) -> str:
    """Return the query for the graphs that hold each fact."""
    rows = [(f.subject, f.predicate, f.object) for f in facts if not _has_blank(f)]
    text = PageQueries(store, _queries()).text("graphs_of_facts")
    return text.replace(_ROWS, rulebook.values(_FACT, rows))


@cache
def _shipped() -> dict[str, Rule]:
    return {rule.iri: rule for rule in rulebook.load()}


@cache
def _queries() -> catalogue.Catalogue:
    return catalogue.load(explanation_queries_dir())


@dataclass
class _Graph:
    """What is said of a graph."""

    kind: str = "graph"
    certainty: str | None = None
    voices: list[str] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    owed_to: list[str] = field(default_factory=list)


class _Gathering:
    """The facts that a fact rests on, the graphs they are in, and the rules between them."""

    def __init__(self, store: Store, rules: Mapping[str, Rule]) -> None:
        self._store, self._rules = store, rules
        self._queries = PageQueries(store, _queries())
        self.graphs_of: dict[Triple, list[str]] = {}
        self.graphs: dict[str, _Graph] = {"": _Graph()}
        self.passages: dict[str, Passage] = {}
        self.premises: dict[Triple, list[tuple[Rule, tuple[Triple, ...]]]] = {}

    def gather(self, fact: Triple) -> None:
        """Find all that a fact rests on, level by level."""
        pending = [fact]
        while pending:
            for start in range(0, len(pending), _AT_ONCE):
                self._locate(pending[start : start + _AT_ONCE])
            self._describe({g for f in pending for g in self.graphs_of[f]} - self.graphs.keys())
            concluded = self._concluded(pending)
            for rule, facts in concluded.items():
                for start in range(0, len(facts), _AT_ONCE):
                    self._conclude(self._rules[rule], facts[start : start + _AT_ONCE])
            needed = (p for f in pending for _, found in self.premises.get(f, ()) for p in found)
            pending = [fact for fact in dict.fromkeys(needed) if fact not in self.graphs_of]

    def rule_of(self, graph: str) -> Rule | None:
        """Return the rule to which an inference graph is owed, None where it is not known."""
        about = self.graphs[graph]
        if about.kind != KINDS[f"{RN}Inference"]:
            return None
        return next((self._rules[iri] for iri in about.owed_to if iri in self._rules), None)

    def _locate(self, facts: Sequence[Triple]) -> None:
        self.graphs_of |= graphs_of(self._store, facts)

    def _describe(self, graphs: set[str]) -> None:
        self.graphs |= {
            iri: _Graph("ontology" if iri == ONTOLOGY else "graph") for iri in sorted(graphs)
        }
        asked = [NamedNode(iri) for iri in sorted(graphs)]
        for row in self._queries.rows("graphs", graph=asked):
            _tell(self.graphs[_iri(row["graph"])], _iri(row["property"]), row)
        passages = {iri for graph in graphs for iri in self.graphs[graph].passages}
        for row in self._queries.rows("passages", passage=map(NamedNode, sorted(passages))):
            passage = _iri(row["passage"])
            self.passages[passage] = Passage(
                passage, _iri(row["document"]), _number(row["start"]), _number(row["end"])
            )

    def _concluded(self, facts: Iterable[Triple]) -> dict[str, list[Triple]]:
        """Return which facts each known rule concluded."""
        found: dict[str, list[Triple]] = {}
        for fact in facts:
            for rule in {self.rule_of(graph) for graph in self.graphs_of[fact]} - {None}:
                assert rule is not None
                found.setdefault(rule.iri, []).append(fact)
        return dict(sorted(found.items()))

    def _conclude(self, rule: Rule, facts: Sequence[Triple]) -> None:
        for row in self._store.select(rule.explaining(facts)):
            fact = rule.head.filled(row)
            premises = tuple(pattern.filled(row) for pattern in rule.body)
            if fact in self.graphs_of and None not in premises:
                chain = (rule, tuple(dict.fromkeys(p for p in premises if p is not None)))
                self.premises.setdefault(fact, []).append(chain)


class _Telling:
    """What was gathered, told as facts. A chain that leads back to its own fact is no reason."""

    def __init__(self, found: _Gathering) -> None:
        self._found = found
        self._told: dict[Triple, ExplainedFact] = {}
        self._cut = 0

    def fact(self, triple: Triple, above: frozenset[Triple]) -> ExplainedFact:
        """Return a fact, without the chains that need one of those it is told for."""
        if triple in self._told:
            return self._told[triple]
        cut, here = self._cut, above | {triple}
        chains = []
        for rule, premises in self._found.premises.get(triple, ()):
            if here.intersection(premises):
                self._cut += 1
                continue
            facts = tuple(self.fact(premise, here) for premise in premises)
            if all(fact.holds for fact in facts):
                weakest = CERTAINTIES[max(fact.rank for fact in facts)]
                chains.append(Chain(rule.iri, rule.labels, weakest, facts))
        told = ExplainedFact(
            triple.subject,  # type: ignore[arg-type]
            triple.predicate,
            triple.object,
            tuple(sorted(self._evidence(triple), key=_order)),
            tuple(sorted(chains, key=lambda chain: rank_of(chain.certainty))),
        )
        if cut == self._cut:
            self._told[triple] = told
        return told

    def _evidence(self, triple: Triple) -> Iterable[RuleEvidence]:
        for graph in self._found.graphs_of[triple]:
            if self._found.rule_of(graph) is None:
                about = self._found.graphs[graph]
                places = [self._found.passages.get(iri) for iri in about.passages]
                passages = sorted(
                    (p for p in places if p), key=lambda p: (p.document, p.start, p.end)
                )
                yield RuleEvidence(
                    graph=graph,
                    kind=about.kind,
                    certainty=about.certainty,
                    voices=tuple(sorted(about.voices)),
                    passages=tuple(passages),
                    reasons=dict(sorted(about.reasons.items())),
                    owed_to=tuple(sorted(about.owed_to)),
                )


def _tell(graph: _Graph, predicate: str, row: Row) -> None:
    """Add what one row says of a graph."""
    value = row["value"]
    if isinstance(value, Literal):
        if predicate == f"{RN}reason":
            graph.reasons[value.language or ""] = value.value
    elif isinstance(value, NamedNode):
        if predicate == _TYPE:
            graph.kind = KINDS.get(value.value, graph.kind)
        elif predicate == f"{RN}certainty":
            name = value.value.removeprefix(RN)
            graph.certainty = name if name in CERTAINTIES else LEAST_SURE
        elif predicate in _OWED_TO:
            graph.owed_to.append(value.value)
        else:
            listed = graph.voices if predicate == f"{RN}voice" else graph.passages
            listed.append(value.value)


def _order(evidence: RuleEvidence) -> tuple[int, str, int, str]:
    first = evidence.passages[0] if evidence.passages else Passage("", "", 0, 0)
    rank = rank_of(evidence.certainty) if evidence.certainty else -1
    return rank, first.document, first.start, evidence.graph


def _has_blank(fact: Triple) -> bool:
    return isinstance(fact.subject, BlankNode) or isinstance(fact.object, BlankNode)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
