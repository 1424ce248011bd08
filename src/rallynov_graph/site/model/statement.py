"""Statements as pages show them: a triple with its names, its certainty and its evidence.

Whatever a page shows of the graph is a ``Statement``. One query reads the names of all statements
of a page. How evidence is written, the profile of the graph says (``evidence_profile``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import ClassVar, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, admitted, rank_of, weakest
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NOTHING, Described, Text, last_part
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.nodes import GraphView, Node

STATED: Final = "stated"
DERIVED: Final = "derived"
CURATION: Final = "curation"
OUTSIDE: Final = "outside"
GRAPH: Final = "graph"
SAID: Final = (*CERTAINTIES, STATED)
"""The kinds of what a document or somebody states."""
_NOTED: Final = (*SAID, DERIVED)
"""The kinds of evidence that have a note: what is stated, and what rules conclude."""
_ORDER: Final = (*_NOTED, OUTSIDE, CURATION, GRAPH)
_MOST_BOTH_WAYS: Final = 30_000
"""How many rows ``facts_both_ways.rq`` returns at most."""
_FROM: Final = Literal("from")


@dataclass(frozen=True)
class Interpretation:
    """Who concluded a fact that no document states explicitly, and when."""

    by: tuple[Node, ...]
    at: str = ""
    """As the data have it."""
    day: str = ""
    """In words."""


@dataclass(frozen=True)
class Evidence:
    """What states a fact: an assertion set, or a graph or another node of rules, or of others."""

    kind: str
    """explicit, inferred, tentative, stated, derived, curation, outside, or graph for any other."""
    source: Node
    """The graph that states it, or what holds this."""
    passages: tuple[Node, ...] = ()
    reason: Text | None = None
    certainty: str = ""
    """The certainty of an assertion set, or that of a rule's premises; empty for others."""
    said_by: tuple[Node, ...] = ()
    """The speakers whom a passage quotes, or the document itself."""
    basis: str = ""
    """For a conclusion without a premise from a document, its premises: curation or outside."""
    interpretation: Interpretation | None = None
    """Who concluded a set that is not explicit, or published a statement, where known."""
    rests_on: tuple[Node, ...] = ()
    """The works, studies or data that a statement of others rests on."""

    @property
    def mark(self) -> str:
        """Its certainty, a conclusion's being that of its weakest premise; else who says it."""
        return f"from_{self.basis}" if self.basis else self.certainty or self.kind

    @cached_property
    def has_note(self) -> bool:
        return self.kind in _NOTED

    @property
    def authors(self) -> tuple[Node, ...]:
        """Who says it, else who published it."""
        return self.said_by or (self.interpretation.by if self.interpretation else ())

    @cached_property
    def voices(self) -> tuple[Node, ...]:
        """The speakers whom a passage quotes; none where the document itself speaks."""
        return tuple(it for it in self.said_by if it.shape or self.kind == STATED)

    @property
    def said(self) -> tuple[object, ...]:
        """A key that is equal for sets of the same evidence: pages show their statements as one.

        A reader need not know over how many such sets the facts are split.
        """
        own = self.source if self.kind == STATED else None
        return self.kind, self.passages, self.reason, self.voices, self.interpretation, own

    @cached_property
    def rank(self) -> tuple[int, str]:
        """A key that sorts the surest evidence first."""
        return _ORDER.index(self.kind), self.source.text


class StatedTriple(NamedTuple):
    """A triple, the graphs that state it, and the end from which a page reads it."""

    subject: Term
    path: str
    """The IRI of the property."""
    value: Term
    graphs: tuple[str, ...] = ()
    backwards: bool = False

    @classmethod
    def of(
        cls, triple: Triple, graphs: Iterable[str] = (), backwards: bool = False
    ) -> StatedTriple:
        return cls(triple.subject, triple.predicate.value, triple.object, (*graphs,), backwards)

    @property
    def triple(self) -> Triple:
        return Triple(self.subject, NamedNode(self.path), self.value)  # type: ignore[arg-type]

    @property
    def other_end(self) -> Term:
        """The end of the triple that it is not read from."""
        return self.subject if self.backwards else self.value

    @property
    def iri(self) -> str:
        """The IRI of that end; empty where that is a literal or a blank node."""
        return iri_of(self.other_end)


NoteAddress = Callable[[str, str, Term], str | None]
"""Gives the address of the note of a triple; a view itself would be weighed with what is kept."""
Judged = dict[StatedTriple, tuple[Evidence, ...]]
"""Triples, each with its evidence, the surest first."""


@dataclass(frozen=True)
class Statement:
    """A triple as a page shows it."""

    stated: StatedTriple
    subject: Node
    prop: Node
    value: Node
    label: Text
    """The property in words, from the end that it is read from; an arrow where it has none."""
    evidence: tuple[Evidence, ...]
    """The surest first."""
    address: NoteAddress = field(repr=False, compare=False)
    has_note: ClassVar[bool] = True

    @cached_property
    def note(self) -> str | None:
        """The address of its evidence note; None where it has none."""
        return note_of(self.address, self.stated, self.evidence)

    @property
    def explanation(self) -> str | None:
        """The same, for the macro that shows a mark."""
        return self.note

    @cached_property
    def other(self) -> Node:
        """The end of the triple that it is not read from."""
        return self.subject if self.stated.backwards else self.value

    @property
    def name(self) -> Text:
        """The property in words, without an arrow."""
        return Text(self.label.value.removeprefix("← "), self.label.language)

    @cached_property
    def certainty(self) -> str:
        """The certainty of its surest evidence, or the kind of that; the empty string without."""
        return certainty_of(self.evidence)

    @property
    def in_words(self) -> str:
        """The statement in one line, as it is read from its end."""
        own = self.value if self.stated.backwards else self.subject
        return f"{own.text} – {self.name.value} – {self.other.text}"


def certainty_of(evidence: Sequence[Evidence]) -> str:
    """Return the certainty of the surest evidence, or its kind where it has none."""
    return evidence[0].certainty or evidence[0].kind if evidence else ""


def mark_of(evidence: Sequence[Evidence]) -> str:
    """Return the mark of a statement, by its surest evidence; the empty string without any."""
    return evidence[0].mark if evidence else ""


def rank_of_mark(mark: str) -> int:
    """Return the rank of a certainty; what curators and other sources say is sure."""
    return rank_of(mark) if mark in CERTAINTIES else 0


def rank_of_surest(evidence: Iterable[Evidence]) -> int:
    """Return the rank of the surest evidence."""
    return min((rank_of_mark(it.mark) for it in evidence), default=0)


def admits(certainty: str, evidence: Evidence) -> bool:
    """Return whether evidence is of at least this certainty, or of none."""
    own = evidence.certainty or (evidence.kind if evidence.kind in CERTAINTIES else "")
    return not own or own in admitted(certainty)


def is_derived(evidence: Sequence[Evidence]) -> bool:
    """Return whether rules alone conclude what has this evidence."""
    return bool(evidence) and all(piece.kind == DERIVED for piece in evidence)


def has_note(evidence: Iterable[Evidence]) -> bool:
    """Return whether a claim with this evidence has a note: a document or a rule states it."""
    return any(piece.has_note for piece in evidence)


def judged(view: GraphView, given: Iterable[StatedTriple], at_least: str = LEAST_SURE) -> Judged:
    """Return the triples stated at least so surely, or in no graph that we know, with evidence."""
    stated = [*given]
    evidence = evidence_of_graphs(view, (graph for it in stated for graph in it.graphs if graph))
    found: Judged = {}
    for it in stated:
        known = [evidence[graph] for graph in it.graphs if graph in evidence]
        sure = known if at_least == LEAST_SURE else [e for e in known if admits(at_least, e)]
        if sure or not known:
            found[it] = tuple(sorted(sure, key=lambda piece: piece.rank))
    return found


def shown(
    view: GraphView, found: Mapping[StatedTriple, tuple[Evidence, ...]]
) -> dict[StatedTriple, Statement]:
    """Return triples with their evidence as pages show them; one query reads all names."""
    values = {it: in_carnet_language(view, it.path, it.value) for it in found}
    properties = {it.path: NamedNode(it.path) for it in found}
    ends = chain.from_iterable((it.subject, value) for it, value in values.items())
    nodes = view.nodes(chain(properties.values(), ends))
    described = view.described(properties)
    if view.foreign:  # a property that the graph does not describe has no page
        unknown = (p for it, p in properties.items() if not described[it].labelled)
        nodes |= {it: replace(nodes[it], href=None) for it in unknown}
    return {
        it: Statement(
            it,
            nodes[it.subject],
            nodes[properties[it.path]],
            nodes[values[it]],
            label_of(view, it.path, it.backwards, described.get(it.path, NOTHING)),
            evidence,
            view.note_address,
        )
        for it, evidence in found.items()
    }


def statements(
    view: GraphView, given: Iterable[StatedTriple], at_least: str = LEAST_SURE
) -> list[Statement]:
    """Return the triples stated at least so surely, each once, in the given order."""
    return [*shown(view, judged(view, given, at_least)).values()]


def read_from(view: GraphView, thing: str, found: Judged) -> list[Statement]:
    """Return the links of a thing to others as read from it, each once, the surest first."""
    turned = {it._replace(backwards=iri_of(it.subject) != thing): of for it, of in found.items()}
    links = shown(view, without_converses(view, turned)).values()
    return sorted(links, key=lambda it: (_rank(it), it.name.value, str(it.stated.triple)))


def _rank(it: Statement) -> tuple[int, str]:
    return it.evidence[0].rank if it.evidence else (len(_ORDER), "")


def note_of(address: NoteAddress, it: StatedTriple, evidence: Sequence[Evidence]) -> str | None:
    """Return the address of the evidence note of a triple; None where it has none."""
    if not has_note(evidence) or not isinstance(it.subject, NamedNode):
        return None
    return address(it.subject.value, it.path, it.value)


def label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    """Return the label of a property, for the direction in which it is read."""
    if described is NOTHING:
        return _label_of(view, path, backwards, described)
    key, cache = (view.addresses, path, backwards), view.graph.labels_of
    return cache.get(key) or cache.keep(key, _label_of(view, path, backwards, described))


def _label_of(view: GraphView, path: str, backwards: bool, described: Described) -> Text:
    names = view.graph.layout.backwards.get(path, ()) if backwards else ()
    found = view.best(names) or view.best(described.names) or Text(last_part(path))
    return Text(f"← {found.value}", found.language) if backwards and not names else found


# Triples with the graphs that state them.


def statements_about(view: GraphView, iris: Iterable[str]) -> dict[str, list[StatedTriple]]:
    """Return the triples whose subject is one of these things, by the thing."""
    found: dict[str, list[StatedTriple]] = {}
    for it in in_graphs(view.queries.rows("statements", thing=map(NamedNode, iris)).rows):
        found.setdefault(iri_of(it.subject), []).append(it)
    return found


def stated_with(view: GraphView, **ends: Iterable[str]) -> list[StatedTriple]:
    """Return the triples with one of the IRIs at each of these ends, in order."""
    named = {name: sorted({*of}) for name, of in ends.items()}
    if not all(named.values()):
        return []
    rows = view.queries.stated(**{name: map(NamedNode, of) for name, of in named.items()})
    given = in_graphs(sorted(rows, key=lambda row: str(row[3])))
    return sorted(given, key=lambda it: (str(it.subject), it.path, str(it.value)))


def in_graphs(rows: Iterable[Sequence[Term | None]]) -> list[StatedTriple]:
    """Return the triples of rows, each once, with the graphs that state it."""
    found: dict[tuple[Term, str, Term], list[str]] = {}
    for thing, path, value, graph in rows:
        assert thing is not None and isinstance(path, NamedNode) and value is not None
        graphs = found.setdefault((thing, path.value, value), [])
        if isinstance(graph, NamedNode):
            graphs.append(graph.value)
    return [StatedTriple(*ends, tuple(graphs)) for ends, graphs in found.items()]


def mentions(view: GraphView, iri: str) -> list[StatedTriple]:
    """Return the triples whose object is a thing, those of the ontology's terms left out."""
    thing = NamedNode(iri)
    found: dict[tuple[NamedNode, str], list[str]] = {}
    for subject, path, _, graph in view.queries.mentions([thing]):
        assert isinstance(path, NamedNode)
        if isinstance(subject, NamedNode) and not _is_term(view, subject):
            graphs = found.setdefault((subject, path.value), [])
            if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
                graphs.append(graph.value)
    return [
        StatedTriple(subject, path, thing, tuple(graphs), True)
        for (subject, path), graphs in found.items()
    ]


def statements_of_unnamed_nodes(
    view: GraphView, query: str, iri: str
) -> dict[str, list[StatedTriple]]:
    """Return the triples about blank nodes that a query finds around a thing, by node."""
    found: dict[str, list[StatedTriple]] = {}
    for node, path, value in view.queries.rows(query, thing=NamedNode(iri)).rows:
        assert node is not None and isinstance(path, NamedNode) and value is not None
        found.setdefault(term_key(node), []).append(StatedTriple(node, path.value, value))
    return found


def both_ways(view: GraphView, thing: str) -> tuple[list[StatedTriple], bool]:
    """Return the links between a thing and others, either way, and whether these are all."""
    own = NamedNode(thing)
    rows = view.queries.rows("facts_both_ways", thing=own).rows
    ways = {
        Triple(*((value, path, own) if way == _FROM else (own, path, value))): way == _FROM
        for path, way, value in rows
        if value is not None and not _is_term(view, value)
    }
    found = looked_up(view, ways).items()
    return [it._replace(backwards=ways[of]) for of, it in found], len(rows) < _MOST_BOTH_WAYS


def looked_up(view: GraphView, triples: Iterable[Triple]) -> dict[Triple, StatedTriple]:
    """Return those of the triples that are in the graph, each with the graphs that state it."""
    distinct = [*dict.fromkeys(triples)]
    nodes = view.queries.nodes_of(distinct)
    return {it: StatedTriple.of(it, nodes[it]) for it in distinct if it in nodes}


def without_converses(view: GraphView, found: Judged) -> Judged:
    """Return triples without those that only rules state, where the converse is there too.

    If rules alone state both a triple and its converse, the one that is read forwards stays.
    """
    stated = {(it.subject, it.path, it.value): of for it, of in found.items()}

    def repeats(it: StatedTriple) -> bool:
        for path in view.graph.converses.get(it.path, ()):
            of = stated.get((it.value, path, it.subject))
            if of is not None and (it.backwards or not is_derived(of)):
                return True
        return False

    return {it: of for it, of in found.items() if not (is_derived(of) and repeats(it))}


def iri_of(term: object) -> str:
    """Return the IRI of a term; the empty string of any other."""
    return term.value if isinstance(term, NamedNode) else ""


def term_key(term: Term) -> str:
    """Return the key of a term: an IRI as it is, any other term as N-Triples writes it."""
    return term.value if isinstance(term, NamedNode) else str(term)


def _is_term(view: GraphView, term: Term) -> bool:
    return not view.foreign and view.is_term(getattr(term, "value", ""))


# The evidence that the graphs themselves describe.


def evidence_of_graphs(view: GraphView, graphs: Iterable[str]) -> dict[str, Evidence]:
    cache = view.graph.evidence
    assertion_graphs = [iri for iri in dict.fromkeys(graphs) if iri != ONTOLOGY]
    found: dict[str, Evidence] = {
        iri: evidence
        for iri in assertion_graphs
        if (evidence := cache.get((view.addresses, iri))) is not None
    }
    read = _read_evidence(view, [iri for iri in assertion_graphs if iri not in found])
    for iri, evidence in read.items():
        cache.keep((view.addresses, iri), evidence)
    return found | read


def _read_evidence(view: GraphView, graphs: list[str]) -> dict[str, Evidence]:
    found = view.queries.said_of_nodes(graphs)
    linked = (
        term
        for parts in found.values()
        for name in ("holder", "passage", "voice", "source", "author")
        for term in parts.get(name, ())
    )
    nodes = view.nodes(chain(map(NamedNode, graphs), linked))
    return {iri: _evidence(view, NamedNode(iri), parts, nodes) for iri, parts in found.items()}


def _evidence(
    view: GraphView, graph: NamedNode, parts: Mapping[str, list[Term]], nodes: dict[Term, Node]
) -> Evidence:
    def named(part: str) -> tuple[Node, ...]:
        return tuple(nodes[it] for it in parts.get(part, ()))

    def words(part: str) -> list[str]:
        return [it.value for it in parts.get(part, ()) if isinstance(it, Literal)]

    certainty = weakest({*words("certainty")}.intersection(CERTAINTIES)) or ""
    kinds = {*words("kind")}
    kind = next((it for it in (DERIVED, CURATION, OUTSIDE) if it in kinds), certainty)
    kind = kind or (STATED if STATED in kinds else GRAPH)
    bases = (view.graph.bases.get(iri_of(it), "") for it in parts.get("author", ()))
    reasons = (it for it in parts.get("reason", ()) if isinstance(it, Literal))
    at = max(words("time"), default="")
    by = named("author")
    return Evidence(
        kind,
        next(iter(named("holder")), nodes[graph]),
        tuple(nodes[it] for it in sorted(parts.get("passage", ()), key=_position)),
        view.best(Text(it.value, it.language or "") for it in reasons),
        certainty,
        named("voice"),
        next(filter(None, bases), "") if kind == DERIVED else "",
        Interpretation(by, at, day(at.partition("T")[0], view.language))
        if (by or (at and kind == STATED)) and kind in SAID
        else None,
        named("source"),
    )


def _position(passage: Term) -> tuple[list[int | str], str]:
    """Return a key that orders passages by the numbers in their addresses."""
    iri = passage.value if isinstance(passage, NamedNode) else str(passage)
    parts = iri.rpartition("/")[2].split("-")
    return [int(p) for p in parts if p.isdigit()], iri
