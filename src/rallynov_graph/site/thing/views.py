"""The page of a thing, in our namespace or outside it: its facts, and what only its kind has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, current_app, make_response, redirect
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.certainty import ALTERNATIVE, LEAST_SURE
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.languages import day_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.drawing.events import DATE, TO_BE_FIXED
from rallynov_graph.site.model.facts import Fact
from rallynov_graph.site.model.layout import AUTHOR, MADE_AT, PASSAGE, REASON, VOICE
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import (
    GraphFacts,
    extracts,
    facts_of_passage,
    facts_of_set,
    place_in_carnet,
    places_of,
)
from rallynov_graph.site.model.passages import parts as parts_of_document
from rallynov_graph.site.model.said_before import FormerStatement, said_before, standings_of
from rallynov_graph.site.model.schema_classes import rescheduled
from rallynov_graph.site.model.selection import Selection, source_of_kind
from rallynov_graph.site.model.statement import admits
from rallynov_graph.site.model.themes import theme_extras
from rallynov_graph.site.model.thing_description import (
    ThingPage,
    page_without_facts,
    thing_page,
)
from rallynov_graph.site.thing.summary import summary_of
from rallynov_graph.site.web.citation import cited_thing
from rallynov_graph.site.web.error_pages import lead_on, missing
from rallynov_graph.site.web.frame import EDITION, page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.params import IriParams, Sure, iri_node, params
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import (
    files_of_thing,
    links_of_thing,
    set_links,
    set_structured_data_of_thing,
)

blueprint = Blueprint("things", __name__)

_OA: Final = PREFIXES["oa"]
_DCTERMS: Final = PREFIXES["dcterms"]
_DERIVED_FROM: Final = PREFIXES["prov"] + "wasDerivedFrom"
_ABOVE: Final = PREFIXES["skos"] + "broaderTransitive"
_HIDDEN: Final = {
    "document": frozenset(
        {(_OA + "hasSource", True), (VOICE, True), (PREFIXES["dcterms"] + "source", True)}
    ),
    "extraction": frozenset({(_OA + "hasSource", True)}),  # hundreds: the document has them
    "passage": frozenset({(PASSAGE, True), (_DERIVED_FROM, True), (_OA + "hasSelector", False)}),
    "assertion-set": frozenset({(_DERIVED_FROM, False)}),  # its passages say that
    "part": frozenset({(_OA + "hasSelector", False)}),
    "theme": frozenset(
        {(RN + "indicates", True), (_ABOVE, False), (_ABOVE, True)}  # rn:under says that, and more
    ),
}
"""What a kind's page shows in another way than as facts: properties, read backwards or not."""
_OF_DECISIONS: Final = frozenset(
    (prop, True)
    for prop in (*(RN + it for it in ("kept", "other", "toThing")), f"{_DCTERMS}isReplacedBy")
)
"""What any page shows by the decisions about its thing."""
_EVIDENCE: Final = f"{RN}evidence"


@blueprint.get("/page/<kind>/<slug>")
def thing(kind: str, slug: str) -> AnyResponse:
    """Show a thing of our namespace; a value of a small list leads to the list that it narrows."""
    iri = f"{site().base}id/{kind}/{slug}"
    narrowed = _list_narrowed_by(iri, kind, slug)
    return redirect(narrowed, 301) if narrowed else _shown(iri, kind, slug)


def _list_narrowed_by(iri: str, kind: str, slug: str) -> str:
    """Return the address of the list filtered by a value.

    It is empty if nothing has the value, and in an edition, which has no file of such a list.
    """
    narrows = KINDS[kind].narrows if kind in KINDS else None
    if narrows is None or site().foreign or current_app.jinja_env.globals.get(EDITION):
        return ""
    found = Selection(view().queries, source_of_kind(narrows.kind)).values().things
    if NamedNode(iri) not in found[narrows.facet]:
        return ""
    return view().addresses.path(f"/list/{narrows.kind}", [(narrows.facet, f"{kind}/{slug}")])


@blueprint.get("/resource")
def resource() -> AnyResponse:
    """Show a thing outside our namespace; one inside it is shown at its own page."""
    iri = params(IriParams).iri
    short = view().addresses.short(iri)
    if short is not None:
        return redirect(view().addresses.path(f"/page/{short}"), 302)
    return _shown(iri, "", "")


def _shown(iri: str, kind: str, slug: str) -> Response:
    lead_on(iri)
    g, certainty = view(), params(Sure).certainty
    found = _thing(g, iri_node(iri).value, certainty)
    if found is None:
        raise missing(iri, kind, slug)
    before = said_before(g, iri, LEAST_SURE if found.standings else certainty)
    is_passed_over = found.is_only_a_contact or bool(found.standings)
    set_links(links_of_thing(iri).links)
    if not is_passed_over:
        facts = _schema_org_facts(found, before)
        set_structured_data_of_thing(iri, found.node.text, facts)
    kind = g.addresses.kind(iri)
    is_place = kind in ("passage", "part")
    place = places_of(g, [iri]).get(iri) if is_place else None
    outside = None if kind else g.addresses.outside(iri)
    texts = site().texts.of_extractions
    quoted = extracts(g, texts, [found.node]) if kind == "passage" else ()
    theme = theme_extras(g, iri, certainty) if kind == "theme" else None
    all_sets = _sets(g, kind, iri)
    sets = [it for it in all_sets if admits(certainty, it[0])]
    hidden = sum(len(facts) for it in all_sets if it not in sets for facts in it[1])
    response = make_response(
        page(
            "thing/thing.html",
            thing=found,
            summary=summary_of(g, words(), found, certainty, before, site().source_documents),
            data=files_of_thing(iri),
            is_passed_over=is_passed_over,
            outside=outside and Node(iri, href=outside.href, external=True),
            document=g.node(place.document) if place else None,
            in_carnet=place_in_carnet(g, iri, certainty) if is_place else None,
            quoted=quoted,
            sets=sets,
            set_facts=sum(len(facts) for _, subjects in sets for facts in subjects),
            theme=theme,
            is_addressed=bool(theme and theme.addressing) or _is_addressed(found),
            document_parts=parts_of_document(g, iri, certainty) if kind == "document" else (),
            former=before,
            is_only_read_otherwise=found.standings == {ALTERNATIVE},
            decisions=() if g.foreign else _decisions_about(g, iri),
            cite=cited_thing(iri, found.node),
            hidden=found.hidden + hidden or -1,
        )
    )
    if is_passed_over:
        response.headers["X-Robots-Tag"] = "noindex"
    if any(it.words for it in quoted):
        keep_nowhere(response)
    return response


def _thing(g: GraphView, iri: str, certainty: str) -> ThingPage | None:
    """Return a thing at a minimum certainty; None if the graph never mentioned it."""
    hidden = _HIDDEN.get(g.addresses.kind(iri), frozenset()) | _OF_DECISIONS
    found = thing_page(g, iri, hidden, certainty)
    if found is None and (standings := standings_of(g, iri)):
        return page_without_facts(g, iri, standings)
    return found


def _sets(g: GraphView, kind: str, iri: str) -> tuple[GraphFacts, ...]:
    """Return the facts based on a passage, or those that a graph states."""
    if kind == "passage":
        return facts_of_passage(g, iri)
    if kind in ("assertion-set", "graph", "inference", "standing"):
        return facts_of_set(g, iri)
    return ()


def _schema_org_facts(
    found: ThingPage, before: Iterable[FormerStatement]
) -> tuple[tuple[str, Term], ...]:
    former_paths = {fact.stated.path for it in before for fact, _ in it.facts}
    values = (it for fact in _facts(found) if fact.path == TO_BE_FIXED for it in fact.values)
    is_moved = DATE in former_paths - {it.other.iri for it in values}
    return rescheduled(found.schema_org_facts) if is_moved else found.schema_org_facts


def _is_addressed(found: ThingPage) -> bool:
    """Return whether something addresses a theme itself."""
    subject = _DCTERMS + "subject"
    return any(it.backwards and it.path == subject for it in _facts(found))


def _facts(found: ThingPage) -> list[Fact]:
    return [fact for group in found.groups for fact in group.facts]


# The decisions about whether it is the same as others, with who decided, when and why.


@dataclass(frozen=True)
class DecisionBeside:
    """A decision about the identity of a thing, as the page of the thing shows it."""

    node: Node
    conclusion: str
    """``same``, ``different``, ``open`` or ``split``."""
    other: Node
    """The other thing; of a merge or a split, the address that gave way, as text."""
    agents: tuple[Node, ...]
    day: str
    reason: Text | None
    evidence: tuple[Node, ...]


def _decisions_about(view: GraphView, iri: str) -> tuple[DecisionBeside, ...]:
    """Return the decisions about a thing, and those that led former addresses to it."""
    if NamedNode(iri) not in view.queries.once("decided", "things", lambda: _decided(view)):
        return ()
    ends: dict[NamedNode, tuple[NamedNode, NamedNode, NamedNode | None]] = {}
    values: dict[tuple[NamedNode, str], list[Term]] = {}
    for decision, conclusion, kept, other, prop, value in view.queries.rows(
        "decisions_about", thing=NamedNode(iri)
    ).rows:
        assert isinstance(decision, NamedNode) and isinstance(conclusion, NamedNode)
        assert isinstance(other, NamedNode) and isinstance(prop, NamedNode) and value is not None
        ends[decision] = (conclusion, other, kept if isinstance(kept, NamedNode) else None)
        values.setdefault((decision, prop.value), []).append(value)
    return tuple(
        _decision(view, iri, decision, *ends[decision], values)
        for decision in sorted(ends, key=lambda it: it.value)
    )


def _decided(view: GraphView) -> frozenset[Term | None]:
    """Return the things that decisions are about: mostly none, and then no page asks further."""
    return frozenset(thing for (thing,) in view.queries.rows("decided_things").rows)


def _decision(
    view: GraphView,
    iri: str,
    decision: NamedNode,
    conclusion: NamedNode,
    other: NamedNode,
    kept: NamedNode | None,
    values: dict[tuple[NamedNode, str], list[Term]],
) -> DecisionBeside:
    def found(prop: str) -> list[Term]:
        return values.get((decision, prop), [])

    name = conclusion.value.removeprefix(RN)
    gave_way = name in ("same", "split")
    beside = kept if not gave_way and kept is not None and kept.value != iri else other
    reasons = [it for it in found(REASON) if isinstance(it, Literal)]
    times = sorted(it.value for it in found(MADE_AT) if isinstance(it, Literal))
    return DecisionBeside(
        _named(view, decision),
        name,
        Node(view.addresses.short_or_iri(other.value)) if gave_way else _named(view, beside),
        _all_named(view, found(AUTHOR)),
        day_of(times[-1], view.language) if times else "",
        view.best([Text(it.value, it.language or "") for it in reasons]),
        _all_named(view, found(_EVIDENCE)),
    )


def _all_named(view: GraphView, terms: Iterable[Term]) -> tuple[Node, ...]:
    return tuple(_named(view, term) for term in terms if isinstance(term, NamedNode))


def _named(view: GraphView, term: NamedNode) -> Node:
    return view.nodes([term])[term]
