"""What a name is, decided by all that speaks for each kind, wherever the name stands.

« à Limnoria » speaks for a place, « laboratoire Limnoria » for an organisation: the sum decides for
every occurrence. What nothing strong enough speaks for is not proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.coordination import coordinated
from rallynov_graph.desk.proposing.proposal import NAME_KINDS, Proposal, Why
from rallynov_graph.desk.proposing.reading import word_texts
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_ENOUGH: Final[Mapping[str, float]] = {"person": 1.0, "organisation": 1.0, "place": 1.0}
_MOST: Final = 5.0
"""What many weak reasons of one kind can make, together."""
_SETTLED: Final = 2.0
"""More than this that speaks for a name makes it no likelier than a longer one around it."""
_LETTERS: Final = 6
"""So many more letters outweigh a reason."""
_BLOCK: Final = 64
"""Names that may touch are looked for in so many characters, not in all of the text."""
_SURE_PLACE: Final = 1.5
"""How much speaks for a place that ends the name of an organisation: « Mutualité de X »."""


@dataclass(frozen=True)
class Weighed:
    """A name as it was decided: its kind, how much speaks for that, and the best reason."""

    kind: str
    weight: float
    why: Why
    proposer: str
    label: str = ""


def settled(reading: Reading, cues: Iterable[Proposal]) -> list[Proposal]:
    """Return persons, organisations and places, each name of one kind wherever it stands."""
    by_name: dict[str, list[Proposal]] = defaultdict(list)
    for cue in cues:
        assert cue.kind in NAME_KINDS
        by_name[_key(reading, cue)].append(cue)
    kept = _kept(by_name)
    for cue in coordinated(reading, kept):
        by_name[_key(reading, cue)].append(cue)
    kept = _kept(by_name)
    kept += _elsewhere(reading, kept)
    names = _without_overlaps(kept)
    alone = _surnames(reading, names)
    named_whole = {(it.start, it.end) for it in alone}
    others = (it for it in names if it.kind != "person" or (it.start, it.end) not in named_whole)
    return _without_overlaps([*others, *alone])


def _kept(by_name: Mapping[str, Sequence[Proposal]]) -> list[Proposal]:
    """Return what was proposed of names, of each in the kind that most speaks for."""
    return [
        replace(cue, why=best.why, weight=best.weight, proposer=best.proposer)
        for own in by_name.values()
        if (best := _weighed(own)) is not None
        for cue in own
        if cue.kind == best.kind
    ]


def _key(reading: Reading, cue: Proposal) -> str:
    words_of_it = folded(reading.text[cue.start : cue.end])
    return words_of_it if not cue.label else f"{words_of_it} {cue.label}"


def _weighed(cues: Sequence[Proposal]) -> Weighed | None:
    """Return the kind that most speaks for; None where little does."""
    sums: dict[str, float] = defaultdict(float)
    for why, kind, weight in {(cue.why, cue.kind, cue.weight) for cue in cues}:
        del why
        sums[kind] += weight
    kind = max(sorted(sums), key=lambda it: min(sums[it], _MOST))
    if sums[kind] < _ENOUGH[kind]:
        return None
    best = max((cue for cue in cues if cue.kind == kind), key=lambda it: it.weight)
    return Weighed(kind, min(sums[kind], _MOST), best.why, best.proposer)


def _elsewhere(reading: Reading, names: Sequence[Proposal]) -> list[Proposal]:
    """Return the other places where settled names stand, in capitals too."""
    why = Why("le même nom qu’ailleurs dans ce document", "the same name as elsewhere in it")
    known = {(it.start, it.end) for it in names}
    best = {reading.text[it.start : it.end]: it for it in names if not it.label}
    return [
        replace(name, start=start, end=end, why=why, weight=name.weight - 0.1)
        for written, name in best.items()
        for start, end in reading.places_of(written)
        if (start, end) not in known
    ]


def _surnames(reading: Reading, names: Sequence[Proposal]) -> list[Proposal]:
    """Return the names that stand alone, of persons who are named whole before."""
    found: dict[tuple[int, int], Proposal] = {}
    persons = [it for it in reversed(names) if it.kind == "person"]
    firsts = {reading.text[it.start : it.end]: it for it in persons}
    for whole, name in firsts.items():
        parts = word_texts(whole)
        if len(parts) < 2:
            continue
        why = Why(f"porte le nom de « {whole} »", f"has a name of “{whole}”")
        forename = parts[0]
        surname = whole[whole.index(forename) + len(forename) :].strip()
        for short in (surname, forename):
            if len(short) < 3 or folded(short) in words("openings") or short[0].islower():
                continue
            written = [short, short.title()] if short.isupper() else [short]
            for start, end in (it for form in written for it in reading.places_of(form)):
                if start > name.end:
                    sure = 2.0 if name.weight >= _SETTLED else 0.9
                    alone = Proposal("person", start, end, why, "persons", (), sure, whole)
                    found.setdefault((start, end), alone)
    return [*found.values()]


def _without_overlaps(names: Iterable[Proposal]) -> list[Proposal]:
    """Return names none of which touches a stronger one; a place may end an organisation."""
    kept: list[Proposal] = []
    by_place: dict[int, list[Proposal]] = defaultdict(list)
    ordered = sorted(set(names), key=lambda it: (-_strength(it), it.start, it.end, it.label))
    for name in ordered:
        places = range(name.start // _BLOCK, (name.end - 1) // _BLOCK + 1)
        rivals = {it for place in places for it in by_place[place] if it.overlaps(name)}
        if all(_may_share(it, name) for it in rivals):
            kept.append(name)
            for place in places:
                by_place[place].append(name)
    return sorted(kept, key=lambda it: (it.start, -it.end, it.kind, it.label))


def _strength(name: Proposal) -> float:
    """Return what decides between names that touch: the longer one, unless little speaks for it."""
    return min(name.weight, _SETTLED) + (name.end - name.start) / _LETTERS


def _may_share(kept: Proposal, name: Proposal) -> bool:
    if (kept.start, kept.end) == (name.start, name.end):
        return kept.kind == name.kind == "person" and kept.label != name.label
    inner, outer = (name, kept) if kept.holds(name) else (kept, name)
    if not outer.holds(inner) or outer.kind != "organisation" or inner.kind != "place":
        return False
    return inner.end == outer.end and inner.weight >= _SURE_PLACE
