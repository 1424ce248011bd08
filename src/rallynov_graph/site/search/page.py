"""What a search found, by kind, each thing with the reason why; or what to try instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import FIRST_KINDS, LAST, searched
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import TextPiece, plain_words
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.index import DESCRIPTION, NAME, TERM
from rallynov_graph.search.results import Hit, Reason, SearchAnswer
from rallynov_graph.search.searching import LONGEST, Scope
from rallynov_graph.search.text_index import TextIndex, WordForms
from rallynov_graph.site.model import evidence, statements
from rallynov_graph.site.model.as_printed import language_of
from rallynov_graph.site.model.evidence import Evidence
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.said_before import sets_of_former_texts
from rallynov_graph.site.model.suggestions import OF_ONE
from rallynov_graph.site.search.concordance import (
    LINES,
    ConcordanceLine,
    LineReader,
    has_only_small_words,
    occurrences,
)

OF_EACH: Final = 10
"""How many things of a kind are shown among those of others."""
SIZE: Final = 50
"""How many of them a page shows."""
IN_TEXTS: Final = "in-texts"
"""Where the lines of the texts begin on a page."""
_LAST: Final = {*searched(LAST), TERM, ""}


@dataclass(frozen=True)
class Because:
    """A text that says why a thing was found, and who says that the thing is called so."""

    role: str
    language: str
    """The language of the text where it is another than the page's."""
    pieces: tuple[TextPiece, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A thing that was found: its name, marked where the words are in it, and other reasons."""

    node: Node
    pieces: tuple[TextPiece, ...]
    because: tuple[Because, ...]
    short: str = ""
    """Its address, where another thing found beside it is called the same."""


@dataclass(frozen=True)
class Group:
    """What was found of a kind, and where all of it is."""

    kind: str
    node: Node | None
    """The class, where the kind is one of another's graph."""
    shown: tuple[Shown, ...]
    total: int
    href: str


@dataclass(frozen=True)
class Concordance:
    """Where the words stand in the texts of documents, a page of it."""

    lines: tuple[ConcordanceLine, ...]
    first: int
    """The number of the first line of the page, counted from 1."""
    total: int
    more: bool
    """Whether there are more of them, of a word that stands nearly everywhere."""
    together: int
    """How many have all words near each other; they come first."""
    words: tuple[WordForms, ...]
    only_small_words: bool
    documents: int
    """How many texts were looked through."""
    pages: PageRange


@dataclass(frozen=True)
class SearchPage:
    """What was looked for, how that was taken, and what was found."""

    text: str
    kind: str
    answer: SearchAnswer
    groups: tuple[Group, ...]
    total: int
    others: tuple[tuple[str, str], ...]
    """Words of the graph that are like those of the reader, and where each is looked for."""
    query: str
    cut: bool
    """Whether the reader wrote more than is read."""
    previous: str | None = None
    following: str | None = None
    concordance: Concordance | None = None
    """Where the words stand in texts; None where none was loaded, or a kind was asked for."""
    is_first: bool = True
    """Whether things are shown: the pages after the first have lines of the texts alone."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found: then there is nothing to cite or to export."""
        return not self.groups and not (self.concordance and self.concordance.total)


def search_page(
    view: GraphView,
    finder: Finder,
    text: str,
    kind: str = "",
    number: int = 1,
    index: TextIndex | None = None,
) -> SearchPage | None:
    """Return the page of a search; None where it has not so many pages.

    With the index of texts, pages go on with their lines unless one kind of things is asked for.
    """
    scope = Scope(kind, OF_ONE) if kind else Scope()
    answer = finder.find(text, view.language, scope)
    concordance = None
    if index is not None and not kind and answer.words:
        concordance = _concordance(view, index, text, answer, number)
    start = (number - 1) * SIZE
    has_page = bool(concordance) if not kind else start < len(answer.hits)
    if number > 1 and not has_page:
        return None
    hits = answer.hits[start : start + SIZE] if kind else answer.hits
    query = finder.query(text)
    near = () if answer.hits else finder.near(text)
    return SearchPage(
        text[:LONGEST],
        kind,
        answer,
        _groups(view, text, hits, kind) if kind or number == 1 else (),
        len(answer.hits),
        tuple((word, view.addresses.path("/search", [("q", word)])) for word in near),
        readable(query) if query else "",
        len(text) > LONGEST,
        _at(view, text, kind, number - 1) if kind and number > 1 else None,
        _at(view, text, kind, number + 1) if kind and start + SIZE < len(answer.hits) else None,
        concordance,
        bool(kind) or number == 1,
    )


def _concordance(
    view: GraphView, index: TextIndex, text: str, answer: SearchAnswer, number: int
) -> Concordance | None:
    """Return a page of where the words stand in texts; None where it has not so many pages."""
    found = occurrences(index, text, answer)
    count = max(1, -(-len(found.found) // LINES))
    if number > count:
        return None
    start = (number - 1) * LINES
    shown = found.found[start : start + LINES]

    def at(page: int) -> str:
        return _at(view, text, "", page, IN_TEXTS)

    return Concordance(
        tuple(LineReader(view, index, shown).lines_with_facts()),
        start + 1,
        len(found.found),
        found.more,
        found.together,
        found.words,
        has_only_small_words(text),
        len(index.documents),
        PageRange(
            number,
            count,
            at(number - 1) if number > 1 else None,
            at(number + 1) if number < count else None,
        ),
    )


def _at(view: GraphView, text: str, kind: str, number: int, anchor: str = "") -> str:
    page = str(number) if number > 1 else ""
    return view.addresses.path(
        "/search", [("q", text[:LONGEST]), ("kind", kind), ("page", page)], anchor
    )


def _groups(view: GraphView, text: str, hits: Sequence[Hit], wanted: str) -> tuple[Group, ...]:
    by_kind: dict[str, list[Hit]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(hit)
    shown = {k: found if wanted else found[:OF_EACH] for k, found in by_kind.items()}
    nodes = view.nodes(NamedNode(hit.iri) for found in shown.values() for hit in found)
    evidence = _evidence(view, [hit for found in shown.values() for hit in found], nodes)
    classes = view.nodes(NamedNode(kind) for kind in by_kind if ":" in kind)
    return tuple(
        Group(
            kind,
            classes.get(NamedNode(kind)) if ":" in kind else None,
            _apart(
                view,
                [_shown(view, hit, nodes[NamedNode(hit.iri)], evidence) for hit in shown[kind]],
            ),
            len(by_kind[kind]),
            _at(view, text, kind, 1),
        )
        for kind in sorted(by_kind, key=_place(by_kind))
    )


def _place(by_kind: Mapping[str, Sequence[Hit]]) -> Callable[[str], tuple[bool, bool, int, int]]:
    """Return a key that puts what readers ask for first, then other kinds as they were found.

    A kind that only has the words in descriptions comes after those that are called so.
    """
    found = {kind: place for place, kind in enumerate(by_kind)}
    called = {
        kind: any(reason.role != DESCRIPTION for hit in hits for reason in hit.reasons)
        for kind, hits in by_kind.items()
    }

    def key(kind: str) -> tuple[bool, bool, int, int]:
        known = FIRST_KINDS.index(kind) if kind in FIRST_KINDS else len(FIRST_KINDS)
        return not called[kind], kind in _LAST, known, found[kind]

    return key


def _shown(
    view: GraphView, hit: Hit, node: Node, evidence: dict[tuple[str, str], tuple[Evidence, ...]]
) -> Shown:
    pieces: tuple[TextPiece, ...] = (TextPiece(node.text),)
    because = []
    for reason in hit.reasons:
        tongue = language_of(reason).lower()
        spoken = tongue.partition("-")[0] or view.language
        there = tuple(TextPiece(typeset(it.text, spoken), it.marked) for it in reason.pieces)
        if _is_name(reason, node):
            pieces = there
            continue
        other = tongue if spoken != view.language else ""
        proofs = evidence.get((hit.iri, reason.text), ())
        because.append(Because(reason.role, other, there, proofs))
    return Shown(node, pieces, tuple(because))


def _apart(view: GraphView, them: list[Shown]) -> tuple[Shown, ...]:
    """Return what was found, things of one name kept apart by their addresses."""
    names = Counter(it.node.text for it in them)
    return tuple(
        replace(it, short=view.addresses.short_or_iri(it.node.iri))
        if names[it.node.text] > 1
        else it
        for it in them
    )


def _is_name(reason: Reason, node: Node) -> bool:
    """Return whether a reason is the very name under which a thing is shown."""
    same = plain_words(reason.text) == plain_words(node.text)
    return same and (reason.role == NAME or reason.text == node.text)


def _evidence(
    view: GraphView, hits: Sequence[Hit], nodes: Mapping[Term, Node]
) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    """Return who says each text that is shown beside the name of a thing, the surest first."""
    wanted = {
        hit.iri: {r.text for r in hit.reasons if not _is_name(r, nodes[NamedNode(hit.iri)])}
        for hit in hits
    }
    iris = [iri for iri, texts in wanted.items() if texts]
    if view.foreign or not iris:
        return {}
    graphs = sets_of_former_texts(view, iris)
    for iri, said in statements.statements_about(view, iris).items():
        for one in said:
            if isinstance(one.other_end, Literal) and one.other_end.value in wanted[iri]:
                graphs.setdefault((iri, one.other_end.value), []).extend(one.graphs)
    known = evidence.evidence_of_graphs(view, {g for named in graphs.values() for g in named})
    return {
        fact: tuple(sorted({known[g] for g in named if g in known}, key=lambda e: e.rank)[:1])
        for fact, named in graphs.items()
        if fact[1] in wanted[fact[0]]
    }
