"""The top of a thing's page: sections of its facts, the surest first, with all of them counted.

Each section shows a few rows, so that a page has no more than ``LINKS`` links before its folded
parts, which list all facts one by one.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import BUTTONS, DIRECT, KINDS
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.rules.rulebook import shipped
from rallynov_graph.rules.silences import silences
from rallynov_graph.site.model.as_printed import rows_in_carnet_language
from rallynov_graph.site.model.drawing.events import DATE
from rallynov_graph.site.model.empty_answer import ShownSilence, shown_silences
from rallynov_graph.site.model.facts import Fact, FactValue
from rallynov_graph.site.model.layout import EVIDENCE
from rallynov_graph.site.model.links.organisations_and_themes import ThemeTree, theme_tree
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, known_to, touching_thing
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.passages import (
    documents_of_sets,
    place_in_carnet,
    places_of,
    positions,
)
from rallynov_graph.site.model.said_before import FormerStatement
from rallynov_graph.site.model.statement import (
    Statement,
    iri_of,
    label_of,
    statements,
    statements_about,
)
from rallynov_graph.site.model.thing_description import ThingPage
from rallynov_graph.site.thing.sentence_clauses import sentences_of
from rallynov_graph.site.thing.sentences import Sentence
from rallynov_graph.site.thing.weighing import Weighed
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import SourceDocument

MOST: Final = 6
"""How many rows a section shows at most."""
LINKS: Final = 50
"""How many links the sections have together."""
_DOCUMENTS: Final = 3
"""How many documents come before events where there is no room for all."""
_NOTES: Final = 3
"""How many words beside a name say what links it."""
_DIFFERENCES: Final = 4
"""How many facts a document is shown to say alone."""
_SUBJECT: Final = PREFIXES["dcterms"] + "subject"
_LINKED: Final = RN + "linkedToTheme"
_OF_THEMES: Final = frozenset({_SUBJECT, _LINKED, RN + "linkedToLargerTheme"})
_PARTICIPANT: Final = (RN + "participant", True)
_ASIDE: Final = frozenset(
    {
        *(TYPE, RN + "atSameStageAs", RN + "inferredPart", RN + "under"),
        *(PREFIXES["skos"] + it for it in ("inScheme", "topConceptOf", "hasTopConcept")),
    }
)
"""What says little about a thing: only the list of all facts has it."""
_ORG: Final = PREFIXES["org"]
_ENDS: Final = frozenset(
    {
        *(RN + "participant", RN + "inEvent", RN + "onBehalfOf"),
        *(_ORG + "heldBy", _ORG + "member", _ORG + "organization"),
    }
)
"""What leads on from a participation, a testimony, an office or a membership to its ends."""
_PLAIN: Final = frozenset({(RN + "carriedBy", True), (RN + "tookPartIn", True)})
"""Links that the name of a section says."""
_ROLES: Final = (RN + "role", _ORG + "role")
_SECTIONS: Final = ("person", "organisation", "innovation")
"""The kinds whose things have a section of their own."""
_EVENTS: Final = frozenset({"stage", "event"})
_BOUNDS: Final = RN + "edtfDate"
_DATES: Final = (RN + "dateAsPrinted", _BOUNDS, DATE)
"""The dates of an event: the first that it has is shown, as printed where it is."""


@dataclass(frozen=True)
class Row(Weighed):
    """A line of a section: a thing or a value, and how sure it is."""

    node: Node = field(default_factory=lambda: Node(""))
    label: Text | None = None
    """The property in words."""
    notes: tuple[Text, ...] = ()
    """What links a thing, in words."""

    @property
    def links(self) -> int:
        """The number of its links: its name, and its evidence."""
        return bool(self.node.href) + 1

    @property
    def is_printed(self) -> bool:
        """Whether the value is what a document prints."""
        return self.weakest.stated.path.lower().endswith("asprinted")


@dataclass(frozen=True)
class ThemeRow(Row):
    """A theme, the words that say it, and who says them."""

    broader: tuple[Node, ...] = ()
    words: tuple[Node, ...] = ()
    speakers: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Stop(Row):
    """An event or a document at its date."""

    date: Node | None = None
    order: str = ""
    place: str | None = None
    """Where a document is read."""
    says: tuple[tuple[Statement, bool], ...] = ()
    """What it says that another document does not, and whether that is still taken."""

    @property
    def links(self) -> int:
        """The number of its links: one more for the place in the text."""
        return super().links + bool(self.place)


@dataclass(frozen=True)
class Section:
    """Rows about one matter, the surest first."""

    key: str
    rows: Sequence[Row]
    more: int = 0
    """How many there are beside these rows."""

    def shown(self, most: int) -> Sequence[Row]:
        """Return the rows that a page has room for; those with dates in their order."""
        rows = self.rows[:most]
        if not all(isinstance(it, Stop) for it in rows):
            return rows
        return sorted(rows, key=lambda it: it.order if isinstance(it, Stop) else "")

    def by_label(self, most: int) -> list[list[Row]]:
        """Return the rows that a page has room for, those of one label together."""
        found: dict[str, list[Row]] = {}
        for it in self.rows[:most]:
            found.setdefault(it.label.value if it.label else "", []).append(it)
        return [*found.values()]

    def left(self, most: int) -> int:
        """Return how many it does not show."""
        return max(0, len(self.rows) - most) + self.more


@dataclass(frozen=True)
class Doubt:
    """An open question that touches a thing."""

    mark: OpenQuestionMark
    about: tuple[Text, ...]
    """What it asks about: another thing, or a property of this one."""
    readings: int


@dataclass(frozen=True)
class ThingSummary:
    """The top of a thing's page."""

    sentences: tuple[Sentence, ...] = ()
    known: Section = Section("known", ())
    doubts: tuple[Doubt, ...] = ()
    absent: tuple[Text, ...] = ()
    """The properties that most things of its kind have, and this one has not."""
    silences: tuple[ShownSilence, ...] = ()
    """What documents do not say of it that were read for that; none of these is ``absent``."""
    themes: Section = Section("themes", ())
    large_themes: int = 0
    linked: tuple[Section, ...] = ()
    stops: Section = Section("stops", ())
    documents: int = 0
    """How many documents speak of it."""
    is_last: bool = True
    """Whether no later document was read."""

    @cached_property
    def room(self) -> dict[str, int]:
        """The number of rows of each section: all get a fair share, the longest are shortened."""
        sections = (self.known, self.themes, *self.linked, self.stops)
        room = {it.key: min(MOST, len(it.rows)) for it in sections}
        room["doubts"] = min(MOST, len(self.doubts))
        named = sum(1 + sum(bool(it.node) for it in s.parts) for s in self.sentences)

        def links() -> int:
            rows = (it for section in sections for it in section.shown(room[section.key]))
            more = sum(bool(section.left(room[section.key])) for section in sections)
            return named + more + room["doubts"] + sum(it.links for it in rows)

        while links() > LINKS and max(room.values()) > 1:
            room[max(reversed(room), key=lambda key: room[key])] -= 1
        return room


def summary_of(
    view: GraphView,
    words: Messages,
    thing: ThingPage,
    certainty: str,
    former: Sequence[FormerStatement] = (),
    documents: Sequence[SourceDocument] = (),
) -> ThingSummary:
    """Return the top of a thing's page; in a foreign graph only its facts."""
    if view.foreign or thing.standings:
        return ThingSummary()
    return view.queries.once(
        "summary of page",
        (view.addresses, thing.iri),
        lambda: _summary(view, words, thing, certainty, former, documents),
    )


def _summary(
    view: GraphView,
    words: Messages,
    thing: ThingPage,
    certainty: str,
    former: Sequence[FormerStatement],
    documents: Sequence[SourceDocument],
) -> ThingSummary:
    facts = [fact for group in thing.groups for fact in group.facts]
    linked, shown = _linked(view, thing, facts)
    events = [it for kind in _EVENTS for it in linked.pop(kind, ())]
    spoken = _documents(view, thing, facts, former, documents, certainty)
    themes, large = _themes(view, thing, facts, certainty)
    last = max((it.order for it in spoken), default="")
    stops = [*spoken[:_DOCUMENTS], *_at_dates(view, events, certainty), *spoken[_DOCUMENTS:]]

    silent = silences(view.queries, [NamedNode(thing.iri)])
    doubts = (*_doubts(view, thing.iri),)
    doubted = {label for it in doubts for label in it.about}
    absent = _absent(view, thing, {it.property.value for it in silent})

    def more(*kinds: str) -> int:
        return sum(it.more for it in facts if _kind_of(view, it.values[0].other) in kinds)

    return ThingSummary(
        sentences_of(view, words, thing),
        Section("known", _known(thing, shown)),
        doubts,
        tuple(it for it in absent if it not in doubted),
        shown_silences(view, silent),
        Section("themes", themes),
        large,
        tuple(Section(kind, rows, more(kind)) for kind, rows in linked.items()),
        Section("stops", stops, more(*_EVENTS)),
        len(spoken),
        not any(it.issued > last for it in documents),
    )


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda it: it.rank)


# Known facts that no other section shows.


def _known(thing: ThingPage, shown: set[int]) -> list[Row]:
    is_whole = not thing.is_of_first_kind
    rows: dict[tuple[str, Node], Row] = {}
    for group in thing.groups:
        if not is_whole and group.key == EVIDENCE.rpartition("#")[2]:
            continue
        for fact in group.facts:
            if fact.path in _ASIDE or (fact.path in _OF_THEMES and not fact.backwards):
                continue
            for value in fact.values:
                if id(value) not in shown and not isinstance(value.stated.other_end, BlankNode):
                    rows.setdefault(
                        (value.name.value, value.other), Row((value,), value.other, value.name)
                    )
    return _sorted(rows.values())


# Unknown facts.


def _doubts(view: GraphView, iri: str) -> Iterator[Doubt]:
    """Yield the open questions that touch a thing, those about the thing itself first."""
    for mark in touching_thing(view, iri):
        record = known_to(view).records[mark.node.iri]
        others = [it for it in record.about if it.value != iri]
        described = view.described(it.value for it in record.properties)
        yield Doubt(
            mark,
            tuple(Text(it.text, it.language) for it in view.nodes(others).values())
            if len(others) == 1
            else tuple(label_of(view, it, False, of) for it, of in described.items()),
            len(record.readings),
        )


def _absent(view: GraphView, thing: ThingPage, silent: Set[str]) -> Iterator[Text]:
    """Yield the properties that more than half of the things of its kind have, and it has not."""
    kind = KINDS.get(thing.kind)
    if kind is None or not kind.class_iri:
        return
    concluded = {rule.head.predicate for rule in shipped()}
    others = (it.path for it in kind.facets[BUTTONS:])
    paths = (
        *(it.path for it in kind.columns),
        *(it.path for it in kind.facets[:BUTTONS]),
        *(it for it in others if NamedNode(it.property) not in concluded),
    )
    wanted = dict.fromkeys(it.property for it in paths if it.form == DIRECT)
    rows = view.cached_rows(
        "common_properties",
        property=[NamedNode(it) for it in (*wanted, TYPE)],
        **{"class": NamedNode(kind.class_iri)},
    )
    counts = {
        path.value: int(n.value)
        for path, n in rows.rows
        if isinstance(path, NamedNode) and isinstance(n, Literal)
    }
    described = view.described(wanted)
    for path in wanted:
        is_dated = path in _DATES and not thing.paths.isdisjoint(_DATES)
        is_common = 2 * counts.get(path, 0) > counts.get(TYPE, 0)
        if is_common and path not in thing.paths and not is_dated and path not in silent:
            yield label_of(view, path, False, described[path])


# Themes, with the words that say them and those who say them.


def _themes(
    view: GraphView, thing: ThingPage, facts: Iterable[Fact], certainty: str
) -> tuple[list[Row], int]:
    """Return the themes of a thing, and how many of the largest ones these are or are within."""
    chains: dict[str, list[tuple[Statement, ...]]] = {}
    sources = {thing.iri}
    for fact in facts:
        for value in fact.values:
            if fact.path in (_SUBJECT, _LINKED) and not fact.backwards:
                chains.setdefault(value.other.iri, []).append((value,))
            if thing.kind not in ("person", "organisation"):
                continue
            sources.add(value.other.iri)
            for it in chain.from_iterable(value.details):
                if it.stated.path == _SUBJECT and (fact.path, fact.backwards) == _PARTICIPANT:
                    chains.setdefault(it.other.iri, []).append((value, it))
    if not chains:
        return [], 0
    tree = view.queries.once("tree of themes", "all", lambda: theme_tree(view))
    said = _words_and_speakers(view, thing.iri, sources, certainty)
    broader = view.nodes(NamedNode(it) for theme in chains for it in tree.broader.get(theme, ()))
    rows = [
        ThemeRow(
            min(them, key=lambda facts: Weighed(facts).rank),
            them[0][-1].other,
            broader=tuple(broader[NamedNode(it)] for it in tree.broader.get(theme, ())),
            words=tuple(said[theme][0]) if theme in said else (),
            speakers=tuple(said[theme][1]) if theme in said else (),
        )
        for theme, them in chains.items()
    ]
    rows.sort(key=lambda it: (it.rank, -len(it.words), sortable(it.node.text)))
    return [*rows], len({top for theme in chains for top in _largest(tree, theme)})


def _largest(tree: ThemeTree, theme: str) -> Iterator[str]:
    return (above for above in tree.above(theme) if above not in tree.broader)


def _words_and_speakers(
    view: GraphView, iri: str, sources: Iterable[str], certainty: str
) -> dict[str, tuple[dict[Node, None], dict[Node, None]]]:
    """Return for each theme the words that link it to a thing, and their speakers.

    These words are in the passages of the theme's link.
    """
    about = statements_about(view, sorted(it for it in sources if it))
    stated = (it for of in about.values() for it in of if it.path in (_SUBJECT, _PARTICIPANT[0]))
    links = statements(view, stated, certainty)
    speakers = {it.subject.iri: it.value for it in links if it.stated.path == _PARTICIPANT[0]}
    links = [it for it in links if it.stated.path == _SUBJECT]
    occurrences = view.queries.rows(
        "theme_words",
        theme=sorted({NamedNode(it.value.iri) for it in links}, key=str),
        certainty=NamedNode(RN + certainty),
    )
    words = sorted(
        {
            (iri_of(row["indicated"]), iri_of(row["passage"]), term)
            for row in rows_in_carnet_language(view, occurrences, {"printed"})
            if (term := row["printed"]) is not None
        },
        key=str,
    )
    passages = {it.iri for link in links for piece in link.evidence for it in piece.passages}
    places = positions(view, sorted(passages | {passage for _, passage, _ in words if passage}))
    texts = places_of(view, places)
    nodes = view.nodes(printed for *_, printed in words)
    found: dict[str, tuple[dict[Node, None], dict[Node, None]]] = {}

    def is_within(word: str, passage: str) -> bool:
        is_placed = {word, passage} <= {*places} & {*texts}
        return (
            is_placed
            and texts[word].text == texts[passage].text
            and places[word].start < places[passage].end
            and places[passage].start < places[word].end
        )

    for link in links:
        printed, said_by = found.setdefault(link.value.iri, ({}, {}))
        for piece in link.evidence:
            person = next(iter(piece.voices), speakers.get(link.subject.iri))
            document = next(iter(piece.said_by), link.subject)
            said_by[person or (link.subject if link.subject.iri != iri else document)] = None
            rests_on = [it.iri for it in piece.passages]
            for theme, place, term in words:
                if theme == link.value.iri and any(is_within(place, it) for it in rests_on):
                    printed[nodes[term]] = None
    return found


# The people, organisations and innovations that it is linked to, and its events.


def _linked(
    view: GraphView, thing: ThingPage, facts: Iterable[Fact]
) -> tuple[dict[str, list[Row]], set[int]]:
    """Return the things that a thing is linked to, by kind, and the ids of the facts shown so."""
    found: dict[str, dict[str, list[tuple[tuple[Statement, ...], Node, tuple[Text, ...]]]]] = {
        kind: {} for kind in (*_SECTIONS, *_EVENTS)
    }
    shown: set[int] = set()
    is_speaking = thing.kind in ("person", "organisation")
    for fact in facts:
        for value in fact.values if fact.path not in _ASIDE else ():
            for link in _ends(fact, value):
                kind = _kind_of(view, link[1])
                if kind in found and link[1].iri != thing.iri:
                    found[kind].setdefault(link[1].iri, []).append(link)
                    if _kind_of(view, value.other) != "testimony" or not is_speaking:
                        shown.add(id(value))
    return {
        kind: _sorted(_without_common_notes([_merged(links) for links in them.values()]))
        for kind, them in found.items()
        if them
    }, shown


def _kind_of(view: GraphView, node: Node) -> str:
    return node.shape or view.addresses.kind(node.iri)


def _ends(
    fact: Fact, value: FactValue
) -> Iterator[tuple[tuple[Statement, ...], Node, tuple[Text, ...]]]:
    """Yield the targets of a fact, directly or through a linking thing, with facts and words."""
    is_plain = (fact.path, fact.backwards) in _PLAIN
    yield (value,), value.other, () if is_plain else (value.name,)
    details = [*chain.from_iterable(value.details)]
    roles = [Text(it.other.text, it.other.language) for it in details if it.stated.path in _ROLES]
    for it in details:
        if it.stated.path in _ENDS:
            named = Text(value.other.text, value.other.language)
            yield (value, it), it.other, tuple(roles) or (named,)


def _merged(links: list[tuple[tuple[Statement, ...], Node, tuple[Text, ...]]]) -> Row:
    """Return the links to one thing as a row, as sure as the surest of them."""
    by_rank = sorted(links, key=lambda link: Weighed(link[0]).rank)
    notes = dict.fromkeys(note for *_, them in by_rank for note in them)
    return Row(by_rank[0][0], by_rank[0][1], notes=tuple(notes)[:_NOTES])


def _without_common_notes(rows: list[Row]) -> list[Row]:
    """Return rows without the words that all of them share."""
    common = set[Text].intersection(*({*it.notes} for it in rows)) if len(rows) > 1 else set[Text]()
    return [
        replace(it, notes=tuple(note for note in it.notes if note not in common)) for it in rows
    ]


# By document and by date.


def _at_dates(view: GraphView, events: Sequence[Row], certainty: str) -> list[Row]:
    """Return events at their dates; each is as sure as the weaker of its link and its date."""
    iris = [it.node.iri for it in events]
    about = statements_about(view, iris)
    dated = [it for iri in iris for it in about.get(iri, ()) if it.path in _DATES]
    found: dict[str, dict[str, Statement]] = {}
    for it in statements(view, dated, certainty):
        found.setdefault(it.subject.iri, {}).setdefault(it.stated.path, it)
    stops = []
    for row in events:
        dates = found.get(row.node.iri, {})
        date = next((dates[it] for it in _DATES if it in dates), None)
        when = next((dates[it] for it in (DATE, *_DATES) if it in dates), None)
        stops.append(
            Stop(
                (*row.facts, *((date,) if date else ())),
                row.node,
                notes=row.notes,
                date=date.other if date else None,
                order=getattr(when.stated.value, "value", "").lstrip("[.") if when else "~",
            )
        )
    return _sorted(stops)


def _documents(
    view: GraphView,
    thing: ThingPage,
    facts: Iterable[Fact],
    former: Sequence[FormerStatement],
    documents: Sequence[SourceDocument],
    certainty: str,
) -> list[Stop]:
    """Return the documents about a thing, with the facts that only each of them states."""
    stated: list[tuple[str, Statement, bool]] = [
        (piece.source.iri, value, True)
        for fact in facts
        for value in fact.values
        for piece in value.evidence
        if piece.kind in CERTAINTIES
    ]
    gave_way = [(it.evidence.source.iri, fact, False) for it in former for fact, _ in it.facts]
    stated += sorted(gave_way, key=lambda it: _key(it[1]))
    replaced = {fact.stated.path for _, fact, _ in gave_way}
    paths = dict.fromkeys(fact.path for fact in facts if fact.path in replaced)
    order = {path: n for n, path in enumerate(paths)}
    stated.sort(key=lambda it: order.get(it[1].stated.path, len(order)))
    documents_of = documents_of_sets(view, {name for name, _, _ in stated})
    by_document: dict[str, list[tuple[Statement, bool]]] = {}
    for name, value, is_taken in stated:
        for iri in documents_of.get(name, ()):
            by_document.setdefault(iri, []).append((value, is_taken))
    by_document.pop(thing.iri, None)
    keys = [{_key(it) for it, _ in them} for them in by_document.values()]
    common = set[tuple[str, str]].intersection(*keys) if keys else set[tuple[str, str]]()
    stops = []
    for document in (it for it in documents if it.iri in by_document):
        said = by_document[document.iri]
        taken = [it for it, is_taken in said if is_taken]
        best = Weighed((min(taken or [it for it, _ in said], key=lambda it: Weighed((it,)).rank),))
        passages = [it.iri for piece in best.weakest.evidence for it in piece.passages]
        lies_in = places_of(view, passages)
        passage = next((it for it in passages if lies_in[it].document == document.iri), "")
        part = lies_in[passage].part if passage else ""
        part_node = view.node(part) if part else None
        alone = {_key(it): (it, taken) for it, taken in said if _key(it) not in common}
        stops.append(
            Stop(
                best.facts,
                view.node(document.iri),
                notes=(Text(part_node.text, part_node.language),) if part_node else (),
                date=Node(document.date(view.language)),
                order=document.issued,
                place=place_in_carnet(view, passage, certainty) if passage else None,
                says=tuple(alone.values())[:_DIFFERENCES] if len(by_document) > 1 else (),
            )
        )
    return stops


def _key(it: Statement) -> tuple[str, str]:
    return it.stated.path, str(it.stated.other_end)
