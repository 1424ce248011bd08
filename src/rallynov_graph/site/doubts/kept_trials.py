"""What changes when a reading is tried: worked out of a release once, and kept beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.changes import Outcome, RankChange, outcomes
from rallynov_graph.site.doubts.converses import converses
from rallynov_graph.site.doubts.reading_changes import ReadingChange, reading_changes, stated_by
from rallynov_graph.site.doubts.trial_counts import CountChange, Road, WhatCounts
from rallynov_graph.site.model.nodes import GraphView

MOST_READINGS: Final = 5000
"""So many readings are tried; where there are more, none is, and the page says so."""
_FORMAT: Final = "trials-1"
"""The name of the kept result; another one wherever it is worked out otherwise."""
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")


@dataclass(frozen=True)
class StatementChange:
    """A fact or a computed link that holds otherwise; ranks are those of certainties."""

    statement: Triple
    before: int | None
    after: int | None
    sets: tuple[str, ...] = ()
    """The sets of the tried reading that it is stated in, or concluded from."""
    is_concluded: bool = False
    """Whether a rule concludes it, and no set states it."""


@dataclass(frozen=True)
class Trial:
    """A reading with all that holds otherwise when it is tried."""

    reading: str
    question: str
    is_taken: bool
    changes: tuple[StatementChange, ...] = ()
    counts: tuple[CountChange, ...] = ()
    road: Road | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The names, by language, of things that only the reading speaks of."""

    @property
    def come(self) -> tuple[StatementChange, ...]:
        """What holds in the trial and does not else."""
        return tuple(it for it in self.changes if it.before is None)

    @property
    def gone(self) -> tuple[StatementChange, ...]:
        """What holds else and does not in the trial."""
        return tuple(it for it in self.changes if it.after is None)

    @property
    def otherwise(self) -> tuple[StatementChange, ...]:
        """What holds in both, less or more surely."""
        return tuple(it for it in self.changes if None not in (it.before, it.after))


@dataclass(frozen=True)
class Trials:
    """All readings of a release that can be tried."""

    by_reading: Mapping[str, Trial]
    whole: bool = True
    """Whether they were worked out: of very many they are not."""


def kept_trials(view: GraphView, release: Release | None) -> Trials | None:
    """Return the trials of a release, which are kept beside it; None without a release."""
    if release is None:
        return None

    def read() -> Trials:
        cache = view.queries.result_cache
        return cache.get(_FORMAT, "all", lambda: worked_out(view, release), _encoded, _decoded)

    return view.queries.once("trials", "all", read)


def worked_out(view: GraphView, release: Release) -> Trials:
    """Return the trials of a release, one for each reading of its open questions."""
    changes = reading_changes(view)
    if len(changes) > MOST_READINGS:
        return Trials({}, whole=False)
    facts = {fact for change in changes.values() for _, fact in (*change.gone, *change.come)}
    stated = stated_by(view, facts)
    found = outcomes(
        _QuadsOf(release), rulebook.load(), [it.trial(stated) for it in changes.values()]
    )
    if found is None:
        return Trials({}, whole=False)
    counting = WhatCounts.of(view)
    return Trials(
        {
            reading: _trial(view, reading, change, outcome, counting)
            for (reading, change), outcome in zip(changes.items(), found, strict=True)
        }
    )


@dataclass(frozen=True)
class _QuadsOf:
    """The quads of a release with its ontology, read each time they are iterated."""

    release: Release

    def __iter__(self) -> Iterator[Quad]:
        return chain(sources.quads([self.release.data]), sources.quads([self.release.ontology]))


def _trial(
    view: GraphView, reading: str, change: ReadingChange, outcome: Outcome, counting: WhatCounts
) -> Trial:
    stating: dict[Triple, set[str]] = {}
    for named_set, fact in change.come:
        stating.setdefault(fact, set()).add(named_set)
    own = {fact for _, fact in change.gone} | set(stating)

    def statement(fact: Triple, ranks: RankChange) -> StatementChange:
        sets = {name for it in ranks.rests_on for name in stating.get(it, ())}
        return StatementChange(
            fact, ranks.before, ranks.after, tuple(sorted(sets)), fact not in own
        )

    labels: dict[str, dict[str, str]] = {}
    for fact in outcome:
        if fact.predicate == _LABEL and isinstance(fact.object, Literal):
            labels.setdefault(_iri(fact.subject), {})[fact.object.language or ""] = (
                fact.object.value
            )
    ordered = sorted(outcome.items(), key=lambda item: (item[0] not in own, str(item[0])))
    counts, road = counting.changed(outcome)
    return Trial(
        reading,
        change.question,
        change.is_taken,
        tuple(
            statement(fact, ranks)
            for fact, ranks in _once(view, ordered)
            if fact.predicate != _LABEL
        ),
        counts,
        road,
        labels,
    )


def _once(
    view: GraphView, ordered: Sequence[tuple[Triple, RankChange]]
) -> Iterator[tuple[Triple, RankChange]]:
    """Yield what says more than another one the other way."""
    seen: set[Triple] = set()
    for fact, ranks in ordered:
        if seen.isdisjoint(converses(view, fact)):
            seen.add(fact)
            yield fact, ranks


def _encoded(found: Trials) -> object:
    return {
        "whole": found.whole,
        "trials": [
            {
                "reading": it.reading,
                "question": it.question,
                "taken": it.is_taken,
                "statements": "".join(f"{change.statement} .\n" for change in it.changes),
                "how": [[c.before, c.after, c.sets, c.is_concluded] for c in it.changes],
                "counts": [[count.key, count.before, count.after] for count in it.counts],
                "road": it.road and [it.road.before, it.road.after],
                "labels": it.labels,
            }
            for it in found.by_reading.values()
        ],
    }


def _decoded(kept: object) -> Trials:
    """Return the trials of a kept result; raise ValueError, TypeError or KeyError for another."""
    if not isinstance(kept, dict):
        raise TypeError(kept)
    found = [_decoded_trial(it) for it in kept["trials"]]
    return Trials({it.reading: it for it in found}, bool(kept["whole"]))


def _decoded_trial(kept: dict[str, object]) -> Trial:
    statements = [quad.triple for quad in parse(str(kept["statements"]), RdfFormat.N_TRIPLES)]
    how: Sequence[Sequence[object]] = kept["how"]  # type: ignore[assignment]
    changes = tuple(
        StatementChange(it, before, after, tuple(sets), bool(concluded))  # type: ignore[arg-type]
        for it, (before, after, sets, concluded) in zip(statements, how, strict=True)
    )
    counts = tuple(CountChange(*count) for count in kept["counts"])  # type: ignore[attr-defined]
    road = kept["road"]
    return Trial(
        str(kept["reading"]),
        str(kept["question"]),
        bool(kept["taken"]),
        changes,
        counts,
        Road.of(*road) if road else None,  # type: ignore[misc]
        kept["labels"],  # type: ignore[arg-type]
    )


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
