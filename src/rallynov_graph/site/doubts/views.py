"""Open questions, disagreements between documents, and facts that are only tentative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, NamedTuple

from flask import Blueprint, Response, make_response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import TYPE, Text, last_part
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.checking import ALIKE
from rallynov_graph.release.release import Release
from rallynov_graph.release.what_if import COMES, HOW, StatementChange, WhatIf
from rallynov_graph.release.what_if import read as what_if_of
from rallynov_graph.rules.open_questions import OpenQuestionRecord
from rallynov_graph.site.doubts.questions import Question, questions
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import (
    CONSEQUENCES,
    DOUBTS_PATH,
    MOST_ON_PAGE,
    anchor,
    consequences,
    known_to,
)
from rallynov_graph.site.model.ordering import paginate, sortable
from rallynov_graph.site.model.passages import documents_of_sets
from rallynov_graph.site.model.rival_statements import GraphDoubts, doubts_of
from rallynov_graph.site.model.said_before import all_said_before
from rallynov_graph.site.model.statement import (
    StatedTriple,
    Statement,
    certainty_of,
    evidence_of_graphs,
    iri_of,
    judged,
    shown,
    statements,
)
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import BadParameterError, Missing, not_of_this_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.params import PageNumber, Params, params, thing
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.validation import report

blueprint = Blueprint("doubts", __name__)

READY: Final = "ready"
LARGE: Final = "large"
REMOTE: Final = "remote"
EARLIER: Final = "earlier"
_FILE: Final = "open-questions"
_CONTRADICTIONS: Final = "contradictions_between_documents"
_VALUE: Final = NamedNode(PREFIXES["rdf"] + "value")
ON_A_PAGE: Final = 30
"""How many tentative facts a page shows."""
MOST_SHOWN: Final = 60
"""How many contradictions, pairs, and changes of each kind a page shows."""
MOST_TENTATIVE: Final = 5000
"""How many facts ``tentative_facts.rq`` looks at, with those that are said more surely."""
MOST_CHOICES: Final = 400
"""How many things the menu names; the page of any other leads to its questions."""
TOUCHABLE: Final = ("stage", "person", "organisation")
"""The kinds of things that the page is narrowed to by its menu."""
HEADER: Final = (
    *("change", "subject", "property", "value"),
    *("certainty_before", "certainty_after", "concluded", "sets"),
)
"""The columns of the file of a trial."""

HEADER_OF_OTHERS: Final = ("doubt", "subject", "property", "value", "certainty", "stated_by")
_RIVAL: Final = {True: "contradiction", False: "several values"}


def _is_reading(iri: str) -> bool:
    return any(NamedNode(iri) in it.readings for it in known_to(view()).records.values())


def _is_touchable(iri: str) -> bool:
    return iri in known_to(view()).by_thing or view().described([iri])[iri].labelled


@dataclass(frozen=True)
class FileParams(Params):
    """The thing that the questions are to touch, and the reading that is tried, as IRIs."""

    touches: Annotated[str, thing("thing", _is_touchable)] = ""
    try_: Annotated[str, thing("reading", _is_reading, once="one_reading")] = ""


@dataclass(frozen=True)
class DoubtsParams(FileParams):
    """The same, and the page of the tentative facts."""

    page: PageNumber = 1


@blueprint.get(DOUBTS_PATH)
def doubts() -> Response:
    """Show what stays open, whatever certainty the reader wants elsewhere."""
    if site().foreign:
        return _doubts_of_others()
    p, g = params(DoubtsParams), view()
    touching, trying, number = p.touches, p.try_, p.page
    is_first, release = number == 1, site().release
    short = g.addresses.short_or_iri(touching) if touching else ""
    what_if, state = _what_if(g, release)
    records = _records(g, touching)
    shown_records = records[:MOST_ON_PAGE] if is_first else []
    found = questions(g, shown_records, site().catalogue, site().texts.of_extractions, what_if)
    tentative, has_all_facts = _tentative(g, touching)

    def address(number: int) -> str:
        pairs = [("touches", short), ("page", str(number) if number > 1 else "")]
        return g.addresses.path(DOUBTS_PATH, pairs, "uncertain")

    paged = paginate(tentative, number, ON_A_PAGE, address)
    if paged is None:
        raise Missing
    facts, pages = paged
    with_words = any(it.quoted for question in found for it in question.passages)
    is_whole = is_first and not touching
    response = make_response(
        page(
            "doubts/doubts.html",
            groups=_groups(g, records, found, touching),
            shown=found,
            in_all=len(records),
            undecided=sum(not it.has_preferred for it in found),
            touching=g.node(touching) if touching else None,
            short=short,
            menu=_menu(g, touching),
            has_all_questions=len(known_to(g).records) <= MOST_ON_PAGE,
            pages=pages,
            facts=statements(g, facts),
            facts_in_all=len(tentative),
            has_all_facts=has_all_facts,
            counts_links=known_to(g).conclusions.whole,
            with_words=with_words,
            query=_query(g, records),
            trials=state,
            tried=_tried(g, what_if[trying]) if trying in what_if else None,
            contradictions=_contradictions(g) if is_whole else ((), 0),
            identities=_undecided_pairs(g) if is_whole else ((), 0),
            cite=cited(words()["doubts.title"], DOUBTS_PATH, "touches", "try"),
        )
    )
    if with_words:
        keep_nowhere(response)
    return response


@blueprint.get(f"{DOUBTS_PATH}.<suffix>")
def doubts_file(suffix: str) -> Response:
    """Serve the open questions as rows, or the facts of them as RDF; of a reading, what changes."""
    if site().foreign:
        return _file_of_others(suffix)
    p, g = params(FileParams), view()
    if p.try_:
        what_if, _ = _what_if(g, site().release)
        if p.try_ not in what_if:
            raise BadParameterError(BadParameter("try", "untried"))
        by_how = what_if[p.try_].by_how
        rows = (_row(it) for changes in by_how.values() for it in changes)
        return page_files.of_rows(HEADER, rows, suffix, "trial")
    records = _records(g, p.touches)
    if suffix in page_files.ROWS:
        return page_files.of_query(_query(g, records), suffix, _FILE)
    return page_files.of_things((it.iri for it in records), suffix, _FILE)


# The doubts of somebody's graph, as its profile tells them.


def _doubts_of_others() -> Response:
    g, number = view(), params(DoubtsParams).page
    found = _found_in_others(g)

    def address(number: int) -> str:
        return g.addresses.path(DOUBTS_PATH, [("page", str(number))] if number > 1 else [])

    paged = paginate(found.uncertain, number, ON_A_PAGE, address)
    if paged is None:
        raise Missing
    facts, pages = paged
    return make_response(
        page(
            "doubts/doubts_of_others.html",
            rivals=[(it.exclude, statements(g, it.values)) for it in found.rivals],
            facts=statements(g, facts),
            facts_in_all=len(found.uncertain),
            has_all_facts=found.has_all,
            pages=pages,
            former=[(it, *fact) for it in all_said_before(g) for fact in it.facts],
            most=MOST_SHOWN,
        )
    )


def _file_of_others(suffix: str) -> Response:
    g, found = view(), _found_in_others(view())
    rows = [(_RIVAL[it.exclude], judged(g, it.values)) for it in found.rivals]
    rows.append(("uncertain", judged(g, found.uncertain)))
    rows += [
        (it.standing, {fact.stated._replace(graphs=(it.evidence.source.iri,)): ()})
        for it in all_said_before(g)
        for fact, _ in it.facts
    ]
    written = (
        (kind, *map(page_files.plain, it.triple), certainty_of(evidence), " ".join(it.graphs))
        for kind, facts in rows
        for it, evidence in facts.items()
    )
    return page_files.of_rows(HEADER_OF_OTHERS, written, suffix, "doubts")


def _found_in_others(g: GraphView) -> GraphDoubts:
    """Return the doubts of the graph; raise Missing if there are none."""
    if found := doubts_of(g):
        return found
    raise not_of_this_graph()


def _what_if(g: GraphView, release: Release | None) -> tuple[Mapping[str, WhatIf], str]:
    """Return what each reading would change, or why that is unknown."""
    if release is None:
        return {}, REMOTE
    found = g.queries.once("what if", "all", lambda: what_if_of(release.what_if))
    if found is None:
        return {}, EARLIER
    return found[0], READY if found[1] else LARGE


# The questions, by what depends on them.


def _records(g: GraphView, touching: str) -> list[OpenQuestionRecord]:
    known = known_to(g)
    found = known.by_thing.get(touching, ()) if touching else known.records
    return [known.records[iri] for iri in found]


def _query(g: GraphView, records: Sequence[OpenQuestionRecord]) -> str:
    """Return the query for questions with their readings, as a reader is shown it."""
    if len(records) == len(known_to(g).records):
        return readable(g.queries.text("open_questions"))
    things = [NamedNode(it.iri) for it in records]
    return readable(g.queries.text("open_questions", question=things))


def _groups(
    g: GraphView, records: Sequence[OpenQuestionRecord], found: Sequence[Question], touching: str
) -> list[tuple[str, list[Question], int]]:
    """Return the topics of questions, each with its questions in order, and their number."""
    places = consequences(g)
    about = known_to(g).by_thing.get(touching, {})

    def order(it: Question) -> tuple[bool, int, str]:
        """A question about the thing itself comes before others that touch it."""
        return not about.get(it.node.iri, False), -it.weight, sortable(it.node.text)

    numbers = Counter(places[record.iri] for record in records)
    ordered = sorted(found, key=order)
    return [
        (key, [it for it in ordered if places[it.node.iri] == key], numbers[key])
        for key in CONSEQUENCES
    ]


def _menu(g: GraphView, touching: str) -> dict[str, list[tuple[Node, str, list[str]]]]:
    """Return the things to choose from by their kinds; of very many, those most in question."""
    by_thing = known_to(g).by_thing
    touchable = [iri for iri in by_thing if g.addresses.kind(iri) in TOUCHABLE]
    listed = sorted(touchable, key=lambda iri: -len(by_thing[iri]))[:MOST_CHOICES]
    if touching in by_thing and touching not in listed:
        listed.append(touching)
    nodes = g.nodes(map(NamedNode, listed)).values()
    menu: dict[str, list[tuple[Node, str, list[str]]]] = {kind: [] for kind in TOUCHABLE}
    for kind in map(g.addresses.kind, listed):
        menu.setdefault(kind, [])
    for it in sorted(nodes, key=lambda node: sortable(node.text)):
        anchors = [*map(anchor, by_thing[it.iri])]
        menu[g.addresses.kind(it.iri)].append((it, g.addresses.short_or_iri(it.iri), anchors))
    return menu


# A reading that is tried: what comes, what goes, what holds otherwise.


class Tried(NamedTuple):
    """A tried reading, with the names of all that changes."""

    what_if: WhatIf
    reading: Node
    question: Node
    anchor: str
    short: str
    roads: list[list[tuple[int, Node]]]
    lists: list[tuple[str, list[tuple[StatementChange, Statement, str | None]], int]]
    """The first added, removed and changed facts, each with the address of its note if a release
    has one, and their number."""


def _tried(g: GraphView, what_if: WhatIf) -> Tried:
    stated = [_stated(it) for it in what_if.changes]
    named = shown(g, judged(g, stated))
    stages = {stage for road in what_if.roads for _, stage in road}
    nodes = g.nodes(map(NamedNode, {what_if.reading, what_if.question, *stages}))
    nodes |= _only_of_reading(g, what_if)

    def of_reading(stated: StatedTriple) -> Statement:
        it = named[stated]
        subject, value = nodes.get(stated.subject, it.subject), nodes.get(stated.value, it.value)
        return replace(it, subject=subject, value=value)

    changes = [
        (
            change,
            of_reading(it),
            None if _is_new(change) else g.note_address(iri_of(it.subject), it.path, it.value),
        )
        for change, it in zip(what_if.changes, stated, strict=True)
    ]
    # Stated facts come before the conclusions from them.
    changes.sort(key=lambda it: (it[0].is_concluded, sortable(it[1].subject.text), it[1].prop.text))
    by_how = {how: [it for it in changes if it[0].how == how] for how in HOW}
    return Tried(
        what_if,
        nodes[NamedNode(what_if.reading)],
        nodes[NamedNode(what_if.question)],
        anchor(what_if.question),
        g.addresses.short_or_iri(what_if.reading),
        [[(number, nodes[NamedNode(stage)]) for number, stage in it] for it in what_if.roads],
        [(how, of_one[:MOST_SHOWN], len(of_one)) for how, of_one in by_how.items()],
    )


def _is_new(change: StatementChange) -> bool:
    """Return whether no release has concluded what changes."""
    return change.before is None and change.is_concluded


def _stated(change: StatementChange) -> StatedTriple:
    """Return a triple with the sets of the reading, if no release has its evidence."""
    return StatedTriple.of(change.statement, change.sets if _is_new(change) else ())


def _only_of_reading(g: GraphView, what_if: WhatIf) -> dict[Term, Node]:
    """Return the nodes that only the reading mentions, which the graph does not name."""
    kinds: dict[str, list[str]] = {}
    for it in what_if.by_how[COMES]:
        if it.statement.predicate.value == TYPE:
            kinds.setdefault(iri_of(it.statement.subject), []).append(iri_of(it.statement.object))

    def node(iri: str, names: Mapping[str, str]) -> Node:
        texts = [Text(text, language) for language, text in names.items()]
        name = g.best(texts) or Text(last_part(iri), "")
        shape = g.shape(iri, filter(None, kinds.get(iri, ())))
        return Node(name.value, name.language, g.addresses.page(iri), shape=shape, iri=iri)

    return {NamedNode(iri): node(iri, names) for iri, names in what_if.labels.items()}


def _row(it: StatementChange) -> tuple[object, ...]:
    terms = map(page_files.plain, it.statement)
    before, after = ("" if rank is None else CERTAINTIES[rank] for rank in (it.before, it.after))
    return it.how, *terms, before, after, it.is_concluded, " ".join(it.sets)


# Contradictions between documents, and things that may be the same.


def _contradictions(g: GraphView) -> tuple[list[dict[str, Any]], int]:
    """Return the contradictions that the catalogue finds, with their voices, and their number."""
    if _CONTRADICTIONS not in site().catalogue:
        return [], 0
    asked = site().catalogue[_CONTRADICTIONS].bind({"language": Literal(g.language)})
    rows = [*g.queries.cached(asked)]
    found = [(row, [*_sides(row)]) for row in rows[:MOST_SHOWN]]
    sets: dict[tuple[Term | None, ...], list[str]] = {}
    things = {it.thing for _, sides in found for it in sides}
    properties = {it.property for _, sides in found for it in sides}
    for *triple, of_set in g.queries.rows("sets_saying", thing=things, property=properties).rows:
        sets.setdefault((*triple,), []).append(iri_of(of_set))
    documents = documents_of_sets(g, {it for of in sets.values() for it in of})

    def stated(row: Row, it: _Side) -> StatedTriple:
        of = sets.get((it.thing, it.property, it.value), ())
        said = tuple(one for one in of if iri_of(it.document) in documents[one])
        return StatedTriple(row["thing"] or it.thing, iri_of(row["property"]), it.value, said)

    sides = {(number, it): stated(row, it) for number, (row, of) in enumerate(found) for it in of}
    shown_sides = shown(g, judged(g, sides.values()))
    nodes = g.nodes(it.document for _, of in found for it in of)
    return [
        {
            "kind": row["kind"],
            "sides": [(shown_sides[sides[number, it]], nodes[it.document]) for it in of],
        }
        for number, (row, of) in enumerate(found)
    ], len(rows)


class _Side(NamedTuple):
    """What one of two documents says; of a figure, its value."""

    thing: NamedNode
    property: NamedNode
    value: Term
    document: NamedNode


def _sides(row: Row) -> Iterator[_Side]:
    """Yield the statements of a contradiction; one that was taken back may have no other."""
    for figure, other in (("figure", ""), ("other_figure", "other_")):
        thing, prop = (row[figure], _VALUE) if row[figure] else (row["thing"], row["property"])
        value, document = row[f"{other}value"], row[f"{other}document"]
        if value and isinstance(document, NamedNode):
            assert isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
            yield _Side(thing, prop, value, document)


def _undecided_pairs(g: GraphView) -> tuple[list[dict[str, Any]], int]:
    """Return things of which it is open whether they are one, first those left open on purpose."""
    decided: dict[tuple[Term | None, Term | None], Term | None] = {}
    for row in g.queries.rows("open_identities"):
        decided.setdefault((row["first"], row["second"]), row["decision"])
    reasons = evidence_of_graphs(g, map(iri_of, decided.values()))
    alike = g.queries.once("alike", "all", lambda: _alike(site().release))
    found = [*decided.items(), *((pair, None) for pair in alike)]
    nodes: dict[Any, Node] = {}
    nodes |= g.nodes(
        it for (first, second), decision in found[:MOST_SHOWN] for it in (first, second, decision)
    )
    return [
        {
            "first": nodes[first],
            "second": nodes[second],
            "decision": nodes.get(decision),
            "reason": reasons[iri_of(decision)].reason if decision else None,
        }
        for (first, second), decision in found[:MOST_SHOWN]
    ], len(found)


def _alike(release: Release | None) -> list[tuple[Term, Term]]:
    """Return the things that the check of a release found to be nearly alike in name."""
    if release is None or not release.report_json.is_file():
        return []
    results = report.from_json(release.report_json.read_text("utf-8")).results
    alike = ((it.focus, it.value) for it in results if it.shape == ALIKE)
    return [(a, b) for a, b in alike if isinstance(a, NamedNode) and isinstance(b, NamedNode)]


# The facts that are only tentative, and that no open question leaves unsettled.


def _tentative(g: GraphView, touching: str) -> tuple[list[StatedTriple], bool]:
    """Return the facts, filtered by a thing if one is named, and whether they are complete."""
    in_question, rows = known_to(g).by_fact, g.queries.rows("tentative_facts").rows
    end = NamedNode(touching) if touching else None
    found = []
    for graph, subject, prop, value, surer in rows:
        assert subject is not None and isinstance(prop, NamedNode) and value is not None
        it = StatedTriple(subject, prop.value, value, (iri_of(graph),))
        if surer is None and it.triple not in in_question and end in (None, subject, value):
            found.append(it)
    return found, len({row[:-1] for row in rows}) < MOST_TENTATIVE
