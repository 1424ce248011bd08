"""The cells of a list: the values of each thing by column, each with its certainty."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, IRIS, rank_of
from rallynov_graph.base.kinds import BACK, DIRECT, THROUGH, WITHIN, ListColumn, ValuePath
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, known_to, marks_of
from rallynov_graph.site.model.selection import Selection, Source, classes_within
from rallynov_graph.site.model.statement import CURATION

MOST: Final = 4
"""How many values of a column a list shows for one thing."""
_QUERIES: Final = {
    DIRECT: "list_cells",
    BACK: "list_cells_back",
    THROUGH: "list_cells_through",
}
_CLASS: Final = ValuePath(DIRECT, TYPE)
_FACT: Final = ("thing", "property", "value")


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
    rank: int
    is_said: bool
    """Whether a document says it, or a rule concludes it; else curators or other sources do."""
    derived: bool
    stated: Term
    """The value as the data have it: what is printed is shown with its language."""
    claim: tuple[NamedNode, NamedNode, Term]
    """The statement that is no surer than this."""

    @property
    def key(self) -> tuple[int, bool, bool]:
        """A key that sorts the surest first."""
        return self.rank, not self.is_said, self.derived

    def mark(self, view: GraphView) -> CertaintyMark:
        """Return the certainty with the address of its evidence."""
        subject, prop, value = self.claim
        note = view.note_address(subject.value, prop.value, value)
        if not self.is_said:
            is_ours = view.queries.profile.has_rules
            return CertaintyMark(CURATION, of_curators=note) if is_ours else CertaintyMark()
        return CertaintyMark(CERTAINTIES[self.rank], note)


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
    known, (subject, prop, value) = known_to(view), best.claim
    if not known.records or not isinstance(value, NamedNode | Literal):
        return None
    for question in known.by_fact.get(Triple(subject, prop, value), ()):
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
    found: CertaintiesByValue = {}
    for form, query in _QUERIES.items():
        wanted = [path for path in paths if path.form == form]
        if not wanted:
            continue
        terms = {"property": {NamedNode(path.property) for path in wanted}}
        if form == THROUGH:
            terms["further"] = {NamedNode(path.further) for path in wanted}
        for row in _cells(view.queries, query, map(NamedNode, things), terms):
            thing, prop, stated = row["thing"], row["property"], row["value"]
            assert isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
            assert stated is not None
            hows = [row[how] for how in ("how", "other_how") if how in row]
            rank, claim = max(map(_rank, hows)), (thing, prop, stated)
            if form == BACK:
                assert isinstance(stated, NamedNode)
                claim = stated, prop, thing
            elif form == THROUGH:
                link, further = row["link"], row["further"]
                assert isinstance(link, NamedNode) and isinstance(further, NamedNode)
                is_weaker = _rank(row["how"]) > _rank(row["other_how"])
                claim = (link, prop, thing) if is_weaker else (link, further, stated)
                prop = further
            is_said = any(how is not None for how in hows)
            is_derived = row.get("inference") is not None
            best = _BestCertainty(rank, is_said, is_derived, stated, claim)
            value = in_carnet_language(view, prop.value, stated)
            values = found.setdefault((thing.value, form, prop.value), {})
            if value not in values or best.key < values[value].key:
                values[value] = best
    return found


def _cells(
    queries: PageQueries,
    query: str,
    things: Iterable[NamedNode],
    terms: Mapping[str, Iterable[NamedNode]],
) -> Iterable[Row]:
    """Return the rows of a query for cells, or the same by the profile of another graph."""
    if queries.profile.has_rules:
        return queries.rows(query, thing=things, **terms)
    ranks = queries.ranks_of(queries.stated(thing=things, **terms)).items()
    hows = [(fact, None if rank is None else NamedNode(IRIS[rank])) for fact, rank in ranks]
    return ({**dict(zip(_FACT, fact, strict=True)), "how": how} for fact, how in hows)


def _rank(certainty: Term | None) -> int:
    if not isinstance(certainty, NamedNode):
        return 0
    name = certainty.value.removeprefix(RN)
    return rank_of(name) if name in CERTAINTIES else 0
