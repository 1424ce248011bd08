"""The cells of a list: the values of each thing by column, each with its certainty."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.kinds import BACK, DIRECT, THROUGH, WITHIN, ListColumn, ValuePath
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, known_to, marks_of
from rallynov_graph.site.model.selection import Selection, Source, classes_within
from rallynov_graph.site.model.statement import (
    CURATION,
    DERIVED,
    OUTSIDE,
    StatedTriple,
    evidence_of_graphs,
    iri_of,
    stated_with,
)

MOST: Final = 4
"""How many values of a column a list shows for one thing."""
_CLASS: Final = ValuePath(DIRECT, TYPE)
_NOT_SAID: Final = (0, True, False)
"""The key of what no document says, and no rule concludes."""


@dataclass(frozen=True)
class CertaintyMark:
    """The certainty of a fact, and the way to its evidence."""

    certainty: str = ""
    """Curation where curators or other sources say it; the empty string if none is known."""
    explanation: str | None = None
    """The address of its evidence."""
    has_note: bool = True
    """Whether that is an evidence note; else it is a page that leads to it."""
    of_curators: str | None = None
    """The same for curators and other sources; it is in files, not on pages."""


@dataclass(frozen=True)
class OpenReadings:
    """The open question that a fact hangs on, and how many readings it has."""

    mark: OpenQuestionMark
    readings: int


@dataclass(frozen=True)
class MarkedValue:
    """A value as pages show it and as the data have it, and its certainty."""

    node: Node
    mark: CertaintyMark
    term: Term
    printed: tuple[Node, ...] = ()
    """The printed words that say it, if a list is filtered by it."""
    open: OpenReadings | None = None


@dataclass(frozen=True)
class ListCell:
    """The values of one column for one thing, the surest first: the first ones and the rest."""

    values: tuple[MarkedValue, ...]
    rest: tuple[MarkedValue, ...] = ()


@dataclass(frozen=True)
class ShownColumn:
    """A column of a list, and of a choice the values by which a thing answers it."""

    name: str
    path: ValuePath
    answers: frozenset[Term] | None = None
    """None shows all values of the column."""
    with_words: bool = False
    """Whether the printed words that say its values are shown."""


@dataclass(frozen=True)
class CellsOfThing:
    """The cells of a thing, one for each column, and how surely it answers what the list asks."""

    mark: CertaintyMark
    cells: tuple[ListCell, ...]


@dataclass(frozen=True)
class _BestCertainty:
    key: tuple[int, bool, bool]
    """It sorts the surest first: the rank, whether nobody says it, whether a rule concludes it."""
    is_curated: bool
    """Whether curators or other sources say it."""
    stated: Term
    """The value as the data have it: what is printed is shown with its language."""
    claim: StatedTriple
    """The statement that is no surer than this."""

    @property
    def rank(self) -> int:
        return self.key[0]

    def mark(self, view: GraphView) -> CertaintyMark:
        """Return the certainty with the address of its evidence."""
        rank, is_unsaid, _ = self.key
        note = view.note_address(iri_of(self.claim.subject), self.claim.path, self.claim.value)
        if is_unsaid:
            of_curators = CertaintyMark(CURATION, of_curators=note)
            return of_curators if self.is_curated else CertaintyMark()
        return CertaintyMark(CERTAINTIES[rank], note)


CertaintiesByValue = dict[tuple[str, str, str], dict[Term, _BestCertainty]]
"""The values by thing and the form and last property of a path, each with its best certainty."""


def asked_columns(view: GraphView, selection: Selection) -> tuple[ShownColumn, ...]:
    """Return a column for each facet with choices, with the values that answer them."""
    return tuple(_asked(view, selection))


def merged(columns: Iterable[ShownColumn]) -> tuple[ShownColumn, ...]:
    """Return filter columns after merging those with the same path."""
    found: dict[ValuePath, ShownColumn] = {}
    for it in columns:
        same = found.get(it.path)
        answers = (it.answers or frozenset()) | (same.answers or frozenset() if same else set())
        found[it.path] = replace(same or it, answers=answers)
    return tuple(found.values())


def _asked(view: GraphView, selection: Selection) -> Iterator[ShownColumn]:
    for facet in selection.source.facets:
        path, values = facet.path, {*selection.choices.chosen.get(facet.name, ())}
        if not values:
            continue
        if path.form == WITHIN:
            pairs = view.queries.rows("wider_values", further=NamedNode(path.further)).rows
            values |= {near for near, wider in pairs if wider in values and near is not None}
        yield ShownColumn(facet.name, direct(path), frozenset(values), with_words=True)


def direct(path: ValuePath) -> ValuePath:
    """Return the path to the direct values, instead of the wider ones."""
    return ValuePath(DIRECT, path.property) if path.form == WITHIN else path


def cells_of_things(
    view: GraphView,
    things: Sequence[str],
    columns: Sequence[ListColumn],
    certainty: str,
    most: int = MOST,
) -> dict[str, tuple[ListCell, ...]]:
    """Return the cells of each thing, with the first values of at least this certainty."""
    shown = [ShownColumn(column.name, column.path) for column in columns]
    found = _CellReader(view, things, shown, certainty, most)
    return {thing: tuple(found.cell(thing, column) for column in shown) for thing in things}


def answers_of_things(
    view: GraphView,
    things: Sequence[str],
    columns: Sequence[ShownColumn],
    selection: Selection,
    most: int = MOST,
) -> dict[str, CellsOfThing]:
    """Return the cells of each thing, and how surely it answers the choices.

    It does by its class and by one value of each choice, each as surely as its best path; the
    weakest of them decides. That one value is within another is the curators' word, and weakens
    nothing.
    """
    members = ShownColumn("class", _CLASS, _classes(view, selection.source))
    asked = [members, *asked_columns(view, selection)]
    certainty = selection.choices.certainty
    found = _CellReader(view, things, [*asked, *columns], certainty, most)
    return {
        thing: CellsOfThing(
            found.mark(thing, asked), tuple(found.cell(thing, column) for column in columns)
        )
        for thing in things
    }


class _CellReader:
    """The values of things in columns, read at once."""

    def __init__(
        self,
        view: GraphView,
        things: Sequence[str],
        columns: Sequence[ShownColumn],
        certainty: str,
        most: int,
    ) -> None:
        self._view, self._most, self._admitted_rank = view, most, rank_of(certainty)
        self._certainties = _read_certainties(view, things, [it.path for it in columns])
        self._nodes = view.nodes(
            term for by_value in self._certainties.values() for term in by_value
        )
        worded = {it.path.property for it in columns if it.with_words and it.path.form == DIRECT}
        self._printed = _printed_words(view, things, worded)

    def _values(self, thing: str, column: ShownColumn) -> dict[Term, _BestCertainty]:
        by_value = self._certainties.get((thing, column.path.form, column.path.last()), {})
        return {
            value: best
            for value, best in by_value.items()
            if best.rank <= self._admitted_rank
            and (column.answers is None or best.stated in column.answers)
        }

    def cell(self, thing: str, column: ShownColumn) -> ListCell:
        """Return the first values of a thing in a column, the surest first."""
        by_value = self._values(thing, column)
        admitted = [
            (by_value[value].rank, self._nodes[value].text, value)
            for value in in_page_language(self._view, [*by_value], lambda term: term)
        ]
        shown = [value for *_, value in sorted(admitted, key=lambda found: found[:2])]
        values = tuple(
            MarkedValue(
                self._nodes[value],
                by_value[value].mark(self._view),
                by_value[value].stated,
                self._printed.get((thing, value), ()) if column.with_words else (),
                _open_readings(self._view, by_value[value]),
            )
            for value in shown
        )
        most = self._most if column.answers is None else len(values)
        return ListCell(values[:most], values[most:])

    def mark(self, thing: str, asked: Sequence[ShownColumn]) -> CertaintyMark:
        """Return how surely a thing has one value of each column that is asked about."""
        weakest: _BestCertainty | None = None
        for column in asked:
            best = min(self._values(thing, column).values(), key=lambda it: it.key, default=None)
            if best and (weakest is None or best.rank >= weakest.rank):
                weakest = best
        return weakest.mark(self._view) if weakest else CertaintyMark()


def _classes(view: GraphView, source: Source) -> frozenset[Term] | None:
    """Return the classes of a list's things; None if any class is possible."""
    if not source.of_class:
        return None
    return classes_within(view.queries, source.of_class)


def _open_readings(view: GraphView, best: _BestCertainty) -> OpenReadings | None:
    """Return the first open question that a fact hangs on."""
    known = known_to(view)
    if not known.records or not isinstance(best.claim.value, NamedNode | Literal):
        return None
    for question in known.by_fact.get(best.claim.triple, ()):
        mark = marks_of(view, [question])[question]
        return OpenReadings(mark, len({*known.records[question].readings}))
    return None


def _printed_words(
    view: GraphView, things: Sequence[str], properties: Set[str]
) -> dict[tuple[str, Term], tuple[Node, ...]]:
    """Return the printed words that say the values of properties, by thing and value."""
    if not properties or view.foreign:
        return {}
    rows = view.queries.rows(
        "list_printed_words", thing=map(NamedNode, things), property=map(NamedNode, properties)
    ).rows
    found: dict[tuple[str, Term], dict[str, Node]] = {}
    for thing, value, printed, _ in rows:
        if isinstance(thing, NamedNode) and value is not None and isinstance(printed, Literal):
            of_value = found.setdefault((thing.value, value), {})
            of_value.setdefault(printed.value.casefold(), view.value(printed))
    return {key: tuple(words.values()) for key, words in found.items()}


def _read_certainties(
    view: GraphView, things: Sequence[str], paths: Sequence[ValuePath]
) -> CertaintiesByValue:
    of_form = {form: [it for it in paths if it.form == form] for form in (DIRECT, BACK, THROUGH)}
    found: CertaintiesByValue = {}

    def keep(thing: Term, form: str, prop: str, best: _BestCertainty) -> None:
        value = in_carnet_language(view, prop, best.stated)
        values = found.setdefault((iri_of(thing), form, prop), {})
        if value not in values or best.key < values[value].key:
            values[value] = best

    for best in _stated(view, thing=things, property=(it.property for it in of_form[DIRECT])):
        keep(best.claim.subject, DIRECT, best.claim.path, best)
    for best in _stated(view, value=things, property=(it.property for it in of_form[BACK])):
        keep(best.claim.value, BACK, best.claim.path, replace(best, stated=best.claim.subject))
    first = [*_stated(view, value=things, property=(it.property for it in of_form[THROUGH]))]
    links: dict[Term, list[_BestCertainty]] = {}
    for link in first:
        links.setdefault(link.claim.subject, []).append(link)
    ends, further = map(iri_of, links), (it.further for it in of_form[THROUGH])
    for best in _stated(view, thing=ends, property=further):
        for link in links[best.claim.subject]:
            (rank, is_unsaid, _), (own, is_own_unsaid, _) = link.key, best.key
            key = max(rank, own), is_unsaid and is_own_unsaid, False
            claim = link.claim if rank > own else best.claim
            both = replace(best, key=key, claim=claim)
            keep(link.claim.value, THROUGH, best.claim.path, both)
    return found


def _stated(view: GraphView, **ends: Iterable[str]) -> Iterator[_BestCertainty]:
    """Yield the statements with one of the IRIs at each of these ends, as sure as the surest."""
    stated = stated_with(view, **ends)
    evidence = evidence_of_graphs(view, (graph for it in stated for graph in it.graphs))
    for it in stated:
        pieces = [evidence[graph] for graph in it.graphs if graph in evidence]
        curated = any(e.kind in (CURATION, OUTSIDE) for e in pieces)
        keys = [(rank_of(e.certainty), False, e.kind == DERIVED) for e in pieces if e.certainty]
        if curated or not keys:
            keys.append(_NOT_SAID)
        yield _BestCertainty(min(keys), curated, it.value, it)
