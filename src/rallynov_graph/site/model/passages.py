"""The documents that the graph speaks from, their parts and passages, and what these say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.as_printed import in_page_language
from rallynov_graph.site.model.chapters import chapters
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.printed_text import Position, Segment, segments
from rallynov_graph.site.model.statement import (
    Evidence,
    StatedTriple,
    Statement,
    admits,
    evidence_of_graphs,
    statements,
)

GraphFacts = tuple[Evidence, Sequence[Sequence[Statement]]]
"""A graph as evidence, and what it states, thing by thing."""


@dataclass(frozen=True)
class DocumentPart:
    """A part of a document with its passages and assertion sets, or the reason that it has none."""

    node: Node
    passages: tuple[Node, ...]
    sets: tuple[Node, ...]
    reason: Text | None


def facts_of_passage(view: GraphView, iri: str) -> tuple[GraphFacts, ...]:
    """Return the facts based on a passage, set by set, the surest first.

    Facts that are no longer current come last.
    """
    names = ["facts_of_passage"]
    names += ["former_facts_of_passage"] if view.graph.has_former_statements else []
    found = (view.queries.rows(name, passage=NamedNode(iri)).rows for name in names)
    return _by_graph(view, chain.from_iterable(found))


def facts_of_set(view: GraphView, iri: str) -> tuple[GraphFacts, ...]:
    """Return the facts of a graph, and those of a set that are no longer current."""
    return _by_graph(view, view.queries.rows("facts_of_set", graph=NamedNode(iri)).rows)


def _by_graph(view: GraphView, rows: Iterable[tuple[Term | None, ...]]) -> tuple[GraphFacts, ...]:
    """Return the statements of rows by graph; texts in the page's language exclude others."""
    stated: list[StatedTriple] = []
    for (graph, _, path), of_property in groupby(rows, key=lambda row: row[:3]):
        assert isinstance(graph, NamedNode) and isinstance(path, NamedNode)
        for _, subject, _, value in in_page_language(view, [*of_property], _last):
            assert subject is not None and value is not None
            stated.append(StatedTriple(subject, path.value, value, (graph.value,)))
    found: dict[str, tuple[Evidence, dict[Term, list[Statement]]]] = {}
    for it in statements(view, stated):
        for evidence in it.evidence:
            of_graph = found.setdefault(it.stated.graphs[0], (evidence, {}))[1]
            of_graph.setdefault(it.stated.subject, []).append(it)
    by_rank = sorted(found.values(), key=lambda it: it[0].rank)
    return tuple((evidence, [*subjects.values()]) for evidence, subjects in by_rank)


def _last(row: tuple[Term | None, ...]) -> Term:
    value = row[-1]
    assert value is not None
    return value


def positions(view: GraphView, iris: list[str]) -> dict[str, Position]:
    oa = PREFIXES["oa"]
    has_selector = NamedNode(oa + "hasSelector")
    selectors = {
        selector.value: thing.value
        for thing, _, selector in view.queries.rows(
            "values", thing=map(NamedNode, iris), property=has_selector
        ).rows
        if isinstance(thing, NamedNode) and isinstance(selector, NamedNode)
    }
    ends: dict[str, dict[str, int]] = {}
    for selector, prop, value in view.queries.rows(
        "values",
        thing=map(NamedNode, selectors),
        property=(NamedNode(oa + "start"), NamedNode(oa + "end")),
    ).rows:
        assert isinstance(selector, NamedNode) and isinstance(prop, NamedNode)
        if isinstance(value, Literal) and value.value.isdigit():
            ends.setdefault(selectors[selector.value], {})[prop.value] = int(value.value)
    return {
        iri: Position(found[oa + "start"], found[oa + "end"])
        for iri, found in ends.items()
        if len(found) == 2
    }


def parts(view: GraphView, document: str, certainty: str) -> tuple[DocumentPart, ...]:
    """Return the parts of a document in order, with their sets of at least this certainty."""
    rows = view.queries.rows("parts_of_document", document=NamedNode(document))
    found: dict[Term, dict[str, dict[Term, None]]] = {}
    for row in rows:
        part = row["part"]
        assert part is not None
        of_part = found.setdefault(part, {"passage": {}, "set": {}, "reason": {}})
        for variable, values in of_part.items():
            values |= {term: None for term in [row[variable]] if term is not None}
    named = (term for it in found.values() for terms in it.values() for term in terms)
    nodes = view.nodes((*found, *named))
    sets = {nodes[term].iri for it in found.values() for term in it["set"]}
    evidence = evidence_of_graphs(view, sorted(sets - {""}))
    return tuple(
        DocumentPart(
            nodes[part],
            tuple(nodes[it] for it in of_part["passage"]),
            tuple(
                nodes[it]
                for it in of_part["set"]
                if nodes[it].iri in evidence and admits(certainty, evidence[nodes[it].iri])
            ),
            view.best(
                Text(it.value, it.language or "")
                for it in of_part["reason"]
                if isinstance(it, Literal)
            ),
        )
        for part, of_part in found.items()
    )


PARTS: Final = 40
"""How many parts a page shows at most."""
PASSAGES: Final = 250
"""How many passages a page shows, or those of one part."""

MOST: Final = 60
"""How many passages of a part a page shows; the part's own page has the others."""


@dataclass(frozen=True)
class PassagePlace:
    """A passage's place, by IRIs: the text, its document, the part (empty for a part itself)."""

    text: str
    document: str
    part: str = ""
    sha256: str = ""
    """The digest of the text."""


_LANGUAGES: Final = {"FRA": "fr", "ENG": "en"}


def place_in_carnet(view: GraphView, iri: str, certainty: str) -> str | None:
    """Return the address of a passage or part on the carnet's pages; None if it has none."""
    place = places_of(view, [iri]).get(iri)
    return None if place is None else _address_in_carnet(view, iri, place, certainty)


def _address_in_carnet(
    view: GraphView, iri: str, place: PassagePlace, certainty: str
) -> str | None:
    if view.addresses.kind(place.document) != "document":
        return None
    numbers = view.queries.once(
        "pages of parts", place.document, lambda: _numbers_of_parts(view, place.document)
    )
    itself_or_part = (NamedNode(it) for it in (iri, place.part) if it)
    part = next((term for term in itself_or_part if term in numbers), None)
    if part is None:
        return None
    position, number = numbers[part]
    pairs = [
        ("certainty", "" if certainty == LEAST_SURE else certainty),
        ("page", str(number) if number > 1 else ""),
    ]
    slug = place.document.rpartition("/")[2]
    return view.addresses.path(f"/carnet/{slug}", pairs, _anchor(view, iri, part, position))


def _numbers_of_parts(view: GraphView, document: str) -> dict[Term, tuple[Position, int]]:
    """Return where each part of a document is, and the number of the page that shows it."""
    parts = parts_of(view, document)
    pages = pages_of(view, document, parts)
    return {part: (parts[part][0], n) for n, shown in enumerate(pages, 1) for part in shown}


def places_of(view: GraphView, passages: Iterable[str]) -> dict[str, PassagePlace]:
    """Return the places of passages or parts that are in a text of a document."""
    found: dict[str, PassagePlace] = {}
    rows = view.queries.rows("texts_of_passages", passage=map(NamedNode, passages)).rows
    for passage, *terms in rows:
        assert isinstance(passage, NamedNode)
        found.setdefault(passage.value, PassagePlace(*(getattr(it, "value", "") for it in terms)))
    return found


def documents_of_sets(view: GraphView, sets: Iterable[str]) -> dict[str, list[str]]:
    evidence = evidence_of_graphs(view, sets)
    places = places_of(view, dict.fromkeys(p.iri for e in evidence.values() for p in e.passages))
    return {
        name: sorted({places[it.iri].document for it in e.passages if it.iri in places})
        for name, e in evidence.items()
    }


def _anchor(view: GraphView, iri: str, part: NamedNode, part_position: Position) -> str:
    """Return the anchor of a passage on a page; its part's if the page leaves it out."""
    rows = view.queries.cached(view.queries.text("passages_of_part", part=part))
    shown = dict.fromkeys((r["passage"], r["start"], r["end"]) for r in rows)
    for passage, start, end in [*shown][:MOST]:
        if passage == NamedNode(iri):
            place = position_of(start, end)
            return f"p-{place.start}-{place.end}"
    return f"part-{part_position.start}-{part_position.end}"


def pages_of(view: GraphView, document: str, parts: Iterable[Term]) -> list[list[Term]]:
    """Return which parts of a document each page shows: a chapter, or some of a long one."""
    rows = view.cached_rows("passages_by_part", document=NamedNode(document)).rows
    counts = {part: int(n.value) for part, n in rows if isinstance(n, Literal)}
    pages: list[list[Term]] = []
    for chapter in chapters(view, document, [*parts]):
        room = 0
        for part in chapter.parts:
            needed = min(counts.get(part, 0), MOST)
            if part == chapter.parts[0] or len(pages[-1]) == PARTS or room < needed:
                pages.append([])
                room = PASSAGES
            pages[-1].append(part)
            room -= needed
    return pages


def parts_of(view: GraphView, document: str) -> dict[Term, tuple[Position, Text | None]]:
    """Return the parts of a document in order, with why nothing was taken from one."""
    found: dict[Term, tuple[Position, list[Text]]] = {}
    rows = view.cached_rows("parts_in_order", document=NamedNode(document)).rows
    for part, start, end, reason, _ in rows:
        assert part is not None
        _, reasons = found.setdefault(part, (position_of(start, end), []))
        if isinstance(reason, Literal):
            reasons.append(Text(reason.value, reason.language or ""))
    return {part: (position, view.best(reasons)) for part, (position, reasons) in found.items()}


def text_of_parts(view: GraphView, document: str) -> str:
    """Return the text that contains the parts of a document; the empty string if there is none."""
    rows = view.cached_rows("parts_in_order", document=NamedNode(document)).rows
    return next((getattr(text, "value", "") for *_, text in rows), "")


def position_of(start: Term | None, end: Term | None) -> Position:
    """Return the position between two literals."""
    assert isinstance(start, Literal) and isinstance(end, Literal)
    return Position(int(start.value), int(end.value))


def language_of_document(view: GraphView, document: str) -> str:
    """Return the language of a document; the empty string if it is the page's, or unknown."""
    language_property = NamedNode(PREFIXES["dcterms"] + "language")
    asked = view.queries.text("values", thing=NamedNode(document), property=language_property)
    rows = view.queries.cached(asked).rows
    codes = (v.value.rpartition("/")[2] for *_, v in rows if isinstance(v, NamedNode))
    found = next((_LANGUAGES[code] for code in codes if code in _LANGUAGES), "")
    return "" if found == view.language else found


AROUND: Final = 240
"""So many characters of a sentence are shown at most on either side of a passage."""
CLOSE: Final = 3
"""Passages that are so near each other are shown together."""
_SENTENCE: Final = re.compile(r"[.!?…][»”\"*]*\s+(?![:;,.a-zà-öø-ÿ])|\n\s*\n\s*")
"""The end of a sentence; an abbreviation is followed by lower-case letters or punctuation."""
_CLOSED: Final = re.compile(r"[.!?…][»”\"*]*\s*\Z")


@dataclass(frozen=True)
class Words:
    """A sequence of words, of passages or around them, divided where a style begins or ends."""

    pieces: tuple[Segment, ...]
    is_passage: bool


@dataclass(frozen=True)
class PrintedWords:
    """Words that the graph holds as they are printed, and the passage that has them."""

    words: str
    text: str
    """The IRI of the text."""
    position: Position
    is_theme: bool = False
    """Whether they indicate a theme."""

    def is_within(self, span: Position) -> bool:
        return span.start <= self.position.start and self.position.end <= span.end

    def position_in(self, text: str) -> Position | None:
        """Return their position in their text; None if it does not have them there."""
        start = text.find(self.words, self.position.start, self.position.end)
        return None if start < 0 else Position(start, start + len(self.words))


@dataclass(frozen=True)
class Extract:
    """A place in a document, and its words if the text was loaded."""

    document: Node
    part: Node | None
    position: Position
    """From the first character of its passages to the one after the last; or of printed words."""
    place: str | None
    """Its address in context; None if it has none."""
    words: tuple[Words, ...] = ()
    """The words, without private data; none without the text."""
    language: str = ""
    """The language of the words, if it is not the page's."""
    sha256: str = ""
    """The digest of the text, by which a reader's own file is known."""
    text: str = ""
    """The IRI of the text."""
    printed: str = ""
    """Of its words, those that the graph holds as printed; empty if it holds none."""

    def is_within(self, text: str, span: Position) -> bool:
        own = self.position
        return self.text == text and span.start <= own.start and own.end <= span.end


def extracts(
    view: GraphView,
    texts: Mapping[str, str],
    passages: Iterable[Node],
    printed: Sequence[PrintedWords] = (),
) -> tuple[Extract, ...]:
    """Return the places of passages in the order of their texts, near ones together.

    ``texts`` are those of extractions, by their IRIs. Of a place that has printed words, the first
    of them are marked, with the sentence around them.
    """
    nodes = {node.iri: node for node in passages}
    around = places_of(view, nodes)
    found = positions(view, [iri for iri in nodes if iri in around])
    ordered = sorted(found, key=lambda iri: _order(around[iri], found[iri]))
    named = view.nodes(
        NamedNode(iri) for it in around.values() for iri in (it.document, it.part) if iri
    )
    made = []
    for together in _together(ordered, found, around):
        place = around[together[0]]
        span = Position(found[together[0]].start, max(found[iri].end for iri in together))
        text = texts.get(place.text, "")
        marked = [found[iri] for iri in together]
        here = [it for it in printed if it.text == place.text and it.is_within(span)]
        own = next((it for it in here if it.position_in(text)), *here[:1]) if here else None
        if own:
            span = own.position_in(text) or own.position
            marked = [span]
        made.append(
            Extract(
                named[NamedNode(place.document)],
                named[NamedNode(place.part)] if place.part else None,
                span,
                _address_in_carnet(view, together[0], place, LEAST_SURE),
                words(text, span, marked) if text else (),
                language_of_document(view, place.document),
                place.sha256,
                place.text,
                own.words if own else "",
            )
        )
    return tuple(made)


def words(text: str, span: Position, passages: list[Position]) -> tuple[Words, ...]:
    """Return the words of passages with the sentences that they are in.

    A sentence that is too long is cut, and shows it.
    """
    start, begins = _start(text, span.start)
    end, ends = _end(text, span.end)
    between = segments(text, Position(start, end), passages)
    cut_before, cut_after = [Segment("… ")] * (not begins), [Segment(" …")] * (not ends)
    runs = groupby([*cut_before, *between, *cut_after], key=lambda it: bool(it.passages))
    return tuple(Words(tuple(pieces), is_passage) for is_passage, pieces in runs)


def _together(
    ordered: list[str], found: Mapping[str, Position], around: Mapping[str, PassagePlace]
) -> list[list[str]]:
    groups: list[list[str]] = []
    end = 0
    for iri in ordered:
        near = groups and around[groups[-1][0]] == around[iri] and found[iri].start <= end + CLOSE
        if near:
            groups[-1].append(iri)
            end = max(end, found[iri].end)
        else:
            groups.append([iri])
            end = found[iri].end
    return groups


def _order(place: PassagePlace, position: Position) -> tuple[str, str, int, int]:
    return place.document, place.text, position.start, -position.end


def _start(text: str, start: int) -> tuple[int, bool]:
    """Return where the sentence of a character begins, and whether it is complete."""
    first = max(0, start - AROUND)
    before = text[first:start]
    edges = [edge.end() for edge in _SENTENCE.finditer(before)]
    if edges or not first:
        return first + (edges[-1] if edges else 0), True
    return first + before.find(" ") + 1, False


def _end(text: str, end: int) -> tuple[int, bool]:
    """Return where the sentence before a place ends, and whether it is complete."""
    if _CLOSED.search(text, max(0, end - 4), end):
        return end, True
    after = text[end : end + AROUND]
    edge = _SENTENCE.search(after)
    if edge is not None:
        return end + edge.start() + len(edge[0].rstrip()), True
    if end + AROUND >= len(text):
        return len(text.rstrip()) if len(text.rstrip()) > end else end, True
    return end + max(0, after.rfind(" ")), False


@dataclass(frozen=True)
class Quoted:
    """A passage and its words, with private data blanked out."""

    node: Node
    words: str
    language: str
    """The language of the words; the empty string if it is the page's."""


def quoted(
    view: GraphView, texts: Mapping[str, str], passages: Iterable[Node]
) -> tuple[Quoted, ...]:
    """Return the passages whose texts are loaded, each once, in the order of their texts.

    ``texts`` are those of extractions, by their IRIs.
    """
    nodes = {node.iri: node for node in passages}
    if not texts or not nodes:
        return ()
    around = {iri: it for iri, it in places_of(view, nodes).items() if it.text in texts}
    languages = {
        document: language_of_document(view, document)
        for document in {it.document for it in around.values()}
    }
    places = positions(view, [*around])
    ordered = sorted(
        places, key=lambda iri: (around[iri].document, around[iri].text, *_ends(places[iri]))
    )
    return tuple(
        Quoted(
            nodes[iri],
            "".join(s.text for s in segments(texts[around[iri].text], places[iri], [places[iri]])),
            languages[around[iri].document],
        )
        for iri in ordered
    )


def _ends(position: Position) -> tuple[int, int]:
    return position.start, position.end
