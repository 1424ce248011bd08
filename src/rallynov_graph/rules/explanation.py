"""Why a fact holds: who says it, or which rules conclude it from what, down to the document.

A fact that a rule concluded is explained by binding the rule's own head to it: each solution of the
rule's body is a chain of premises, which are explained in the same way. This takes a few queries a
level, on any store.
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
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.evidence_tree import Chain, ExplainedFact, GraphEvidence, PassageSpan
from rallynov_graph.rules.premises import bases_of_rules
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

KINDS: Final = {
    f"{RN}AssertionSet": "assertion set",
    f"{RN}CurationGraph": "curation",
    f"{RN}OutsideGraph": "outside",
    f"{RN}Inference": "inference",
}
"""The kinds of graphs by their class; the ontology and graphs of no known class have others."""

_AT_ONCE: Final = 500
"""How many facts one query asks for."""
_ROWS: Final = "VALUES (?subject ?property ?object) { }"
_FACT: Final = ("subject", "property", "object")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_OWED_TO: Final = (f"{PREFIXES['dcterms']}source", f"{PREFIXES['prov']}wasAttributedTo")


def explain(store: Store, fact: Triple, rules: Iterable[Rule] | None = None) -> ExplainedFact:
    """Return a fact with its evidence and with each chain of facts that a rule concludes it from.

    Where the graph does not hold it, there is neither: ``holds`` tells.
    """
    return explain_all(store, [fact], rules)[fact]


def explain_all(
    store: Store, facts: Sequence[Triple], rules: Iterable[Rule] | None = None
) -> dict[Triple, ExplainedFact]:
    """Return each fact as ``explain`` does; what they share is looked up once."""
    by_iri = _shipped() if rules is None else {rule.iri: rule for rule in rules}
    gatherer = _EvidenceGatherer(store, by_iri)
    gatherer.gather(facts)
    builder = _FactBuilder(gatherer)
    return {fact: builder.fact(fact, frozenset()) for fact in facts}


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Term]:
    """Return the values of a property of a thing."""
    rows = PageQueries(store, _queries()).rows("objects", subject=subject, property=predicate)
    return [term for row in rows if (term := row["object"]) is not None]


def bases(store: Store) -> dict[str, str]:
    """Return the basis of each shipped rule's conclusions, by its IRI (``premises.of_rules``)."""
    return bases_of_rules(PageQueries(store, _queries()), _shipped().values())


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
class _GraphRecord:
    """The description of a graph, as it is read."""

    kind: str = "graph"
    certainty: str | None = None
    voices: list[str] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    owed_to: list[str] = field(default_factory=list)


class _EvidenceGatherer:
    """Finds the facts that a fact rests on, the graphs they are in, and the rules between them."""

    def __init__(self, store: Store, rules: Mapping[str, Rule]) -> None:
        self._store, self._rules = store, rules
        self._queries = PageQueries(store, _queries())
        self.graphs_of: dict[Triple, list[str]] = {}
        self.graphs: dict[str, _GraphRecord] = {"": _GraphRecord()}
        self.passages: dict[str, PassageSpan] = {}
        self.premises: dict[Triple, list[tuple[Rule, tuple[Triple, ...]]]] = {}

    def gather(self, facts: Iterable[Triple]) -> None:
        """Find all that facts rest on, level by level."""
        pending = [*facts]
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
        """Return the rule that an inference graph comes from, None where it is not known."""
        record = self.graphs[graph]
        if record.kind != KINDS[f"{RN}Inference"]:
            return None
        return next((self._rules[iri] for iri in record.owed_to if iri in self._rules), None)

    def _locate(self, facts: Sequence[Triple]) -> None:
        self.graphs_of |= graphs_of(self._store, facts)

    def _describe(self, graphs: set[str]) -> None:
        self.graphs |= {
            iri: _GraphRecord("ontology" if iri == ONTOLOGY else "graph") for iri in sorted(graphs)
        }
        graph_nodes = [NamedNode(iri) for iri in sorted(graphs)]
        for row in self._queries.rows("graphs", graph=graph_nodes):
            _add_row(self.graphs[_iri(row["graph"])], _iri(row["property"]), row)
        passages = {iri for graph in graphs for iri in self.graphs[graph].passages}
        for row in self._queries.rows("passages", passage=map(NamedNode, sorted(passages))):
            passage = _iri(row["passage"])
            self.passages[passage] = PassageSpan(
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


class _FactBuilder:
    """Builds facts from what was gathered; a chain that leads back to its own fact is left out."""

    def __init__(self, gatherer: _EvidenceGatherer) -> None:
        self._gatherer = gatherer
        self._facts: dict[Triple, ExplainedFact] = {}
        self._chains_cut = 0

    def fact(self, triple: Triple, above: frozenset[Triple]) -> ExplainedFact:
        """Return a fact, without the chains that need one of the facts ``above`` it."""
        if triple in self._facts:
            return self._facts[triple]
        cut_before, path = self._chains_cut, above | {triple}
        chains = []
        for rule, premises in self._gatherer.premises.get(triple, ()):
            if path.intersection(premises):
                self._chains_cut += 1
                continue
            facts = tuple(self.fact(premise, path) for premise in premises)
            if all(fact.holds for fact in facts):
                weakest = CERTAINTIES[max(fact.rank for fact in facts)]
                chains.append(Chain(rule.iri, rule.labels, weakest, facts))
        fact = ExplainedFact(
            triple.subject,  # type: ignore[arg-type]
            triple.predicate,
            triple.object,
            tuple(sorted(self._evidence(triple), key=_order)),
            tuple(sorted(chains, key=lambda chain: rank_of(chain.certainty))),
        )
        if cut_before == self._chains_cut:
            self._facts[triple] = fact
        return fact

    def _evidence(self, triple: Triple) -> Iterable[GraphEvidence]:
        for graph in self._gatherer.graphs_of[triple]:
            if self._gatherer.rule_of(graph) is None:
                record = self._gatherer.graphs[graph]
                found = [self._gatherer.passages.get(iri) for iri in record.passages]
                passages = sorted(
                    (p for p in found if p), key=lambda p: (p.document, p.start, p.end)
                )
                yield GraphEvidence(
                    graph=graph,
                    kind=record.kind,
                    certainty=record.certainty,
                    voices=tuple(sorted(record.voices)),
                    passages=tuple(passages),
                    reasons=dict(sorted(record.reasons.items())),
                    owed_to=tuple(sorted(record.owed_to)),
                )


def _add_row(graph: _GraphRecord, predicate: str, row: Row) -> None:
    """Add the value of one row to the description of a graph."""
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


def _order(evidence: GraphEvidence) -> tuple[int, str, int, str]:
    first = evidence.passages[0] if evidence.passages else PassageSpan("", "", 0, 0)
    rank = rank_of(evidence.certainty) if evidence.certainty else -1
    return rank, first.document, first.start, evidence.graph


def _has_blank(fact: Triple) -> bool:
    return isinstance(fact.subject, BlankNode) or isinstance(fact.object, BlankNode)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
