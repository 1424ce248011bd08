"""The search: its page and files, and suggestions while one writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final, NamedTuple

from flask import Blueprint, Response, jsonify, make_response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import TextPiece, plain_words
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.search.index import NAME, TERM
from rallynov_graph.search.results import Hit, Reason, SearchAnswer
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.search.text_index import TextIndex, WordForms
from rallynov_graph.site.model.answer_evidence import evidence_of_rows
from rallynov_graph.site.model.as_printed import language_of
from rallynov_graph.site.model.asked import Asked, AskedQuestion
from rallynov_graph.site.model.catalogue_answers import (
    FIRST_ROWS,
    AnswerSentence,
    AnswerTable,
    empty_catalogue_answer,
    sentence,
    table_of,
)
from rallynov_graph.site.model.empty_answer import AskedCondition, EmptyAnswer, empty_answer
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, paginate
from rallynov_graph.site.model.said_before import sets_of_former_texts
from rallynov_graph.site.model.selection import counted_kinds
from rallynov_graph.site.model.statement import Evidence, evidence_of_graphs, statements_about
from rallynov_graph.site.model.suggestions import OF_ONE, suggestions
from rallynov_graph.site.model.told_names import kinds_of
from rallynov_graph.site.search.concordance import (
    LINES,
    ConcordanceLine,
    LineReader,
    has_only_small_words,
    occurrences,
)
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere, prevent_caching_without_index
from rallynov_graph.site.web.params import Kind, Of, PageNumber, Params, answer_of, meant_by, params
from rallynov_graph.site.web.reader import column_name, site, view, words

blueprint = Blueprint("search", __name__)

HEADER: Final = ("thing", "name", "kind", "role", "text", "language")
"""What a file says of each reason why a thing was found."""
LINE_HEADER: Final = (
    *("document", "part", "start", "end", "before", "words", "after", "voices"),
    *("passages", "sets", "is_read"),
)
"""What a file says of each place where the words are in a text."""
MOST_LINES: Final = 1000
"""How many places a file has."""
SIZE: Final = 50
"""How many things and questions a page shows."""
MOST_QUESTIONS: Final = 4
"""How many questions are suggested."""
IN_TEXTS: Final = "in-texts"
"""Where the lines of the texts begin on a page."""


@dataclass(frozen=True)
class SearchParams(Params):
    """The words that are searched for, and the kind of things; more words than are read are cut."""

    q: Annotated[str, Of(str, {"type": "string"})] = ""
    kind: Kind = ""


@dataclass(frozen=True)
class SearchPageParams(SearchParams):
    """The search parameters, and the page of results."""

    page: PageNumber = 1


@blueprint.get("/search.<suffix>")
def search_file(suffix: str) -> Response:
    """Serve what a search finds as rows, a row for each reason, or the facts of it as RDF."""
    found = _found(params(SearchParams))
    if suffix not in page_files.ROWS:
        return page_files.of_things((hit.iri for hit in found.hits), suffix, "search")
    nodes = view().nodes(NamedNode(hit.iri) for hit in found.hits)
    rows = (
        (hit.iri, nodes[NamedNode(hit.iri)].text, hit.kind, it.role, it.text, it.language)
        for hit in found.hits
        for it in hit.reasons
    )
    return page_files.of_rows(HEADER, rows, suffix, "search")


@blueprint.get("/search/occurrences.<suffix>")
def occurrences_file(suffix: str) -> Response:
    """Serve the places of the words in the loaded texts, as CSV or JSON, as the page has them."""
    index, text = site().text_index, params(SearchParams).q
    if index is None:
        raise Missing
    found = occurrences(index, text, _found(SearchParams(text))).found
    lines = LineReader(view(), index, found[:MOST_LINES]).lines()
    response = page_files.of_rows(LINE_HEADER, map(_row, lines), suffix, "occurrences")
    keep_nowhere(response)
    return response


def _row(line: ConcordanceLine) -> tuple[object, ...]:
    return (
        line.document.iri,
        line.part.iri if line.part else "",
        line.position.start,
        line.position.end,
        line.context.before,
        line.context.words,
        line.context.after,
        " ".join(voice.iri for voice in line.voices),
        " ".join(line.passages),
        " ".join(line.sets),
        line.is_read,
    )


@dataclass(frozen=True)
class SuggestParams(SearchParams):
    """The same, and whether questions are suggested after the things."""

    questions: Annotated[str, Of(str, {"type": "string", "enum": ["", "yes"]})] = ""


@blueprint.get("/suggest.json")
def suggest() -> Response:
    """Serve the first things that the beginning of a name may mean, then questions on these."""
    prevent_caching_without_index()
    asked, theme = params(SuggestParams), words()["network.theme"]
    found = suggestions(view(), site().finder, asked.q, theme, asked.kind)
    known = meant_by(asked.q, with_rows=False) if asked.questions else Asked()
    meant = known.questions[:MOST_QUESTIONS]
    return jsonify(
        found
        | {
            "questions": [
                {
                    "label": it.text,
                    "address": it.address,
                    "parts": [(piece.text, piece.marked) for piece in it.pieces],
                }
                for it in meant
            ]
        }
    )


def _found(asked: SearchParams) -> SearchAnswer:
    """Return the results of a search, of all kinds or the longest possible list of one."""
    prevent_caching_without_index()
    scope = Scope(asked.kind, OF_ONE if asked.kind else MOST_FOUND)
    return site().finder.find(asked.q, view().language, scope)


@blueprint.get("/search")
def search() -> Response:
    """Show a page of what is found; raise Missing if there are fewer.

    With an index of texts, further pages show lines unless one kind of things is requested.
    """
    prevent_caching_without_index()
    asked = params(SearchPageParams)
    g, finder, index = view(), site().finder, site().text_index
    text, kind, number = asked.q, asked.kind, asked.page
    answer = finder.find(text, g.language, Scope(kind, OF_ONE) if kind else Scope())
    meant = Asked() if kind else meant_by(text)
    start, is_first = (number - 1) * SIZE, bool(kind) or number == 1
    shown = _answer(meant) if number == 1 else None
    ranked = [it for it in meant.ranked(answer.hits) if not shown or it is not shown.question]
    hits = [it for it in ranked if isinstance(it, Hit)]
    concordance = None
    if index is not None and not kind and answer.words:
        concordance = _concordance(g, index, text, answer, number)
    if number > 1 and not (start < len(hits) if kind else concordance):
        raise Missing
    some = ranked[start : start + SIZE] if kind else ranked[:SIZE]
    rows = [*_shown(g, some)] if is_first else []
    is_empty = not (rows or shown or (concordance and concordance.total))
    query, near = finder.query(text), () if hits else finder.near(text)
    title = words()("search.title_of", text=text[:LONGEST].strip())
    response = make_response(
        page(
            "search/search.html",
            text=text[:LONGEST],
            kind=kind,
            answer=answer,
            rows=[it for it in rows if isinstance(it, AskedQuestion) or it.kind != TERM],
            terms=[it for it in rows if isinstance(it, Shown) and it.kind == TERM],
            kinds=() if kind or not is_first else _kinds(g, text, hits),
            total=len(hits),
            others=[(word, g.addresses.path("/search", [("q", word)])) for word in near],
            query=readable(query) if query else "",
            cut=len(text) > LONGEST,
            previous=_at(text, kind, number - 1) if kind and number > 1 else None,
            following=_at(text, kind, number + 1) if kind and start + SIZE < len(hits) else None,
            concordance=concordance,
            is_first=is_first,
            is_empty=is_empty,
            shown=shown,
            nothing=_nothing(text, kind) if is_empty and answer.words else None,
            cite=None if is_empty else cited(title, "/search", "q", "kind"),
            without_text=index is None and not site().foreign,
        )
    )
    if concordance is not None:
        keep_nowhere(response)
    return response


@dataclass(frozen=True)
class ShownAnswer:
    """The answer to the question that is meant: its first rows, and the ways to their evidence."""

    question: AskedQuestion
    table: AnswerTable
    evidence: tuple[str | None, ...]
    sentence: AnswerSentence | None
    """The answer in words, where it is one row."""
    nothing: EmptyAnswer | None
    """Why there is no row."""


def _answer(meant: Asked) -> ShownAnswer | None:
    """Return the first rows of the answer to what is clearly meant; None without one."""
    answer = answer_of(meant)
    if answer is None:
        return None
    question, text = meant.questions[0], answer.question.text
    same = [name for name, value in question.values.items() if "/" in value]
    table = table_of(view(), text, answer.rows, omitted=same)
    said, nothing = sentence(view(), answer), None
    if not table.rows:
        nothing = empty_catalogue_answer(view(), answer, question.values, column_name)
    return ShownAnswer(
        question,
        replace(table, rows=table.rows[:FIRST_ROWS]),
        () if said else evidence_of_rows(view(), text, answer.rows, FIRST_ROWS),
        said,
        nothing,
    )


def _nothing(text: str, kind: str) -> EmptyAnswer:
    g = view()

    def count(kept: Sequence[str]) -> int | None:
        if "q" in kept:
            scope = Scope(kind, OF_ONE) if "kind" in kept else Scope()
            return len(site().finder.find(text, g.language, scope).hits)
        return dict(counted_kinds(g, kind)).get(kind) if kept else None

    def address(kept: Sequence[str]) -> str:
        if "q" not in kept:
            return g.addresses.path(f"/list/{kind}")
        return _at(text, kind if "kind" in kept else "", 1)

    conditions = [AskedCondition("q", "", Node(text[:LONGEST].strip()))]
    if kind:
        conditions.append(AskedCondition("kind", "", Node(words().or_else(f"kind.{kind}", kind))))
    return empty_answer(conditions, count, address)


@dataclass(frozen=True)
class Concordance:
    """The lines of documents that contain the words, one page of them."""

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


def _concordance(
    g: GraphView, index: TextIndex, text: str, answer: SearchAnswer, number: int
) -> Concordance | None:
    """Return a page of lines with the words; None if it has fewer pages."""
    found = occurrences(index, text, answer)
    paged = paginate(found.found, number, LINES, lambda page: _at(text, "", page, IN_TEXTS))
    if paged is None:
        return None
    some, pages = paged
    return Concordance(
        tuple(LineReader(g, index, some).lines_with_facts()),
        (number - 1) * LINES + 1,
        len(found.found),
        found.more,
        found.together,
        found.words,
        has_only_small_words(text),
        len(index.documents),
        pages,
    )


def _at(text: str, kind: str, number: int, anchor: str = "") -> str:
    number_shown = str(number) if number > 1 else ""
    pairs = [("q", text[:LONGEST]), ("kind", kind), ("page", number_shown)]
    return view().addresses.path("/search", pairs, anchor)


class Because(NamedTuple):
    """A text that says why a thing was found, and who says that the thing is called so."""

    role: str
    language: str
    """The language of the text where it is another than the page's."""
    pieces: tuple[TextPiece, ...]
    evidence: tuple[Evidence, ...]


class Shown(NamedTuple):
    """A result: its name with the words marked, and other reasons."""

    node: Node
    kind: str
    of_kind: str
    """The name of its class."""
    pieces: tuple[TextPiece, ...]
    because: list[Because]
    short: str
    """Its address, where another thing found beside it is called the same."""


_Said = dict[tuple[str, str], tuple[Evidence, ...]]


def _kinds(g: GraphView, text: str, hits: Sequence[Hit]) -> list[tuple[str, Node | None, int, str]]:
    """Return each kind that was found, or its class, how often, and the address of all of it."""
    found = Counter(hit.kind for hit in hits)
    classes = g.nodes(NamedNode(kind) for kind in found if ":" in kind)
    return [
        (kind, classes.get(NamedNode(kind)) if ":" in kind else None, n, _at(text, kind, 1))
        for kind, n in found.items()
        if kind
    ]


def _shown(g: GraphView, ranked: Sequence[Hit | AskedQuestion]) -> Iterator[Shown | AskedQuestion]:
    """Yield the results; those with the same name are distinguished by their addresses."""
    hits = [it for it in ranked if isinstance(it, Hit)]
    nodes = g.nodes(NamedNode(hit.iri) for hit in hits)
    kinds = kinds_of(g, (hit.iri for hit in hits), words()["network.theme"])
    said = _evidence(g, hits, nodes)
    names = Counter(nodes[NamedNode(hit.iri)].text for hit in hits)
    for hit in ranked:
        if isinstance(hit, AskedQuestion):
            yield hit
            continue
        node = nodes[NamedNode(hit.iri)]
        pieces: tuple[TextPiece, ...] = (TextPiece(node.text),)
        because = []
        for reason in hit.reasons:
            tongue = language_of(reason).lower()
            spoken = tongue.partition("-")[0] or g.language
            there = tuple(replace(it, text=typeset(it.text, spoken)) for it in reason.pieces)
            if _is_name(reason, node):
                pieces = there
                continue
            other = tongue if spoken != g.language else ""
            because.append(Because(reason.role, other, there, said.get((hit.iri, reason.text), ())))
        short = g.addresses.short_or_iri(node.iri) if names[node.text] > 1 else ""
        yield Shown(node, hit.kind, kinds.get(hit.iri, ""), pieces, because, short)


def _is_name(reason: Reason, node: Node) -> bool:
    """Return whether a reason is the very name under which a thing is shown."""
    same = plain_words(reason.text) == plain_words(node.text)
    return same and (reason.role == NAME or reason.text == node.text)


def _evidence(g: GraphView, hits: Sequence[Hit], nodes: Mapping[Term, Node]) -> _Said:
    """Return who says each text that is shown beside the name of a thing, the surest first."""
    wanted = {
        hit.iri: {r.text for r in hit.reasons if not _is_name(r, nodes[NamedNode(hit.iri)])}
        for hit in hits
    }
    iris = [iri for iri, texts in wanted.items() if texts]
    if g.foreign or not iris:
        return {}
    graphs = sets_of_former_texts(g, iris)
    for iri, said in statements_about(g, iris).items():
        for one in said:
            if isinstance(one.other_end, Literal) and one.other_end.value in wanted[iri]:
                graphs.setdefault((iri, one.other_end.value), []).extend(one.graphs)
    known = evidence_of_graphs(g, {it for named in graphs.values() for it in named})
    return {
        fact: tuple(sorted({known[it] for it in named if it in known}, key=lambda e: e.rank)[:1])
        for fact, named in graphs.items()
        if fact[1] in wanted[fact[0]]
    }
