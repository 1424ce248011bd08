"""A reading that is tried, as the page of doubts shows it: what comes, what goes, what counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.doubts.kept_trials import StatementChange, Trial
from rallynov_graph.site.doubts.trial_counts import CountChange
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import DOUBTS_PATH, anchor
from rallynov_graph.site.model.ordering import sortable

TRY: Final = "try"
"""What the address says to have a reading tried."""
PANEL: Final = "tried"
"""The anchor of what changes."""
MOST_SHOWN: Final = 60
"""How many statements of each kind a page shows; the numbers, and the files, are of all."""
HEADER: Final = (
    "change",
    "subject",
    "property",
    "value",
    "certainty_before",
    "certainty_after",
    "concluded",
    "sets",
)
"""The columns of the file of a trial."""
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
COMES: Final = "comes"
GOES: Final = "goes"
OTHERWISE: Final = "otherwise"


@dataclass(frozen=True)
class ReadingEffect:
    """What trying a reading changes, in numbers, and where that is shown."""

    href: str
    counts: tuple[CountChange, ...]
    comes: int
    goes: int
    otherwise: int
    has_road: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changes that the graph could state."""
        return not (self.comes or self.goes or self.otherwise)


@dataclass(frozen=True)
class TriedStatement:
    """A fact or a computed link that holds otherwise, with the way to its evidence."""

    subject: Node
    property: Node
    value: Node
    certainty: str
    was: str
    """How surely it holds without the trial, where it holds in both."""
    is_concluded: bool
    why: str | None
    """The address of its evidence; None for what no release has concluded."""
    evidence: tuple[Evidence, ...]
    """The sets of the tried reading that it rests on."""


@dataclass(frozen=True)
class Stop:
    """A stage of the road, with its number; 0 where it has none."""

    number: int
    stage: Node


@dataclass(frozen=True)
class StatementList:
    """Some of the statements that come, go or hold otherwise, and how many there are."""

    key: str
    statements: tuple[TriedStatement, ...]
    in_all: int


@dataclass(frozen=True)
class TriedReading:
    """A reading that is tried."""

    reading: Node
    question: Node
    anchor: str
    short: str
    is_taken: bool
    counts: tuple[CountChange, ...]
    road_before: tuple[Stop, ...]
    road_after: tuple[Stop, ...]
    lists: tuple[StatementList, ...]
    reset: str
    """The address of the page without it."""


def effect(view: GraphView, trial: Trial, narrowed: str) -> ReadingEffect:
    """Return what trying a reading changes, in numbers."""
    return ReadingEffect(
        address(view, narrowed, view.addresses.short_or_iri(trial.reading)),
        trial.counts,
        len(trial.come),
        len(trial.gone),
        len(trial.otherwise),
        trial.road is not None,
    )


def address(view: GraphView, narrowed: str, short: str = "") -> str:
    """Return the address of the page, narrowed or not, with a reading tried or none."""
    pairs = [("touches", narrowed), (TRY, short)]
    return view.addresses.path(DOUBTS_PATH, pairs, PANEL if short else "")


def tried(view: GraphView, trial: Trial, narrowed: str) -> TriedReading:
    """Return a reading that is tried, as the page shows it."""
    statements = _Statements(view, trial)
    nodes = statements.nodes
    stops = trial.road
    return TriedReading(
        reading=nodes[NamedNode(trial.reading)],
        question=nodes[NamedNode(trial.question)],
        anchor=anchor(trial.question),
        short=view.addresses.short_or_iri(trial.reading),
        is_taken=trial.is_taken,
        counts=trial.counts,
        road_before=_stops(statements, stops.before if stops else ()),
        road_after=_stops(statements, stops.after if stops else ()),
        lists=(
            statements.listed(COMES, trial.come),
            statements.listed(GOES, trial.gone),
            statements.listed(OTHERWISE, trial.otherwise),
        ),
        reset=address(view, narrowed),
    )


def rows(trial: Trial) -> Iterator[Sequence[object]]:
    """Yield the rows of the file of a trial."""
    for key, changes in (
        (COMES, trial.come),
        (GOES, trial.gone),
        (OTHERWISE, trial.otherwise),
    ):
        for it in changes:
            yield (
                key,
                *(getattr(term, "value", str(term)) for term in it.statement),
                _certainty(it.before),
                _certainty(it.after),
                it.is_concluded,
                " ".join(it.sets),
            )


class _Statements:
    """The statements of a trial with the names of all that they name."""

    def __init__(self, view: GraphView, trial: Trial) -> None:
        self._view = view
        terms: list[Term] = [NamedNode(trial.reading), NamedNode(trial.question)]
        road = trial.road
        terms += [NamedNode(it) for _, it in (*road.before, *road.after)] if road else []
        for it in trial.changes:
            subject, prop, value = it.statement
            terms += [subject, prop, in_carnet_language(view, prop.value, value)]
        self.nodes = view.nodes(terms)
        kinds: dict[str, list[str]] = {}
        for it in trial.come:
            if it.statement.predicate == _TYPE and isinstance(it.statement.object, NamedNode):
                kinds.setdefault(_iri(it.statement.subject), []).append(it.statement.object.value)
        for iri, names in trial.labels.items():
            self.nodes[NamedNode(iri)] = self._only_of_reading(iri, names, kinds.get(iri, ()))
        self._evidence = evidence_of_graphs(view, (s for it in trial.changes for s in it.sets))

    def listed(self, key: str, changes: Sequence[StatementChange]) -> StatementList:
        """Return changes of one kind: what is stated, then what is concluded from it."""
        found = sorted(
            map(self._statement, changes),
            key=lambda it: (it.is_concluded, sortable(it.subject.text), it.property.text),
        )
        return StatementList(key, tuple(found[:MOST_SHOWN]), len(found))

    def _statement(self, change: StatementChange) -> TriedStatement:
        subject, prop, value = change.statement
        ranks = [rank for rank in (change.after, change.before) if rank is not None]
        is_new_conclusion = change.before is None and change.is_concluded
        why = None
        if isinstance(subject, NamedNode) and not is_new_conclusion:
            why = self._view.note_address(subject.value, prop.value, value)
        return TriedStatement(
            self.nodes[subject],
            self.nodes[prop],
            self.nodes[in_carnet_language(self._view, prop.value, value)],
            CERTAINTIES[ranks[0]],
            CERTAINTIES[ranks[1]] if len(ranks) > 1 else "",
            change.is_concluded,
            why,
            tuple(self._evidence[it] for it in change.sets if it in self._evidence)
            if is_new_conclusion
            else (),
        )

    def _only_of_reading(self, iri: str, names: Mapping[str, str], classes: Iterable[str]) -> Node:
        texts = [Text(text, language) for language, text in names.items()]
        name = self._view.best(texts) or Text(last_part(iri), "")
        return Node(
            name.value,
            name.language,
            self._view.addresses.page(iri),
            shape=self._view.shape(iri, classes),
            iri=iri,
        )


def _stops(statements: _Statements, stops: Iterable[tuple[int, str]]) -> tuple[Stop, ...]:
    return tuple(Stop(number, statements.nodes[NamedNode(stage)]) for number, stage in stops)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _certainty(rank: int | None) -> str:
    return "" if rank is None else CERTAINTIES[rank]
