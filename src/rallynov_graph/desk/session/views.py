"""What pages of a session have: the whole state, what an act changed of it, two readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rallynov_graph.desk.document_folder import two_readings
from rallynov_graph.desk.document_reading import reading_of
from rallynov_graph.desk.reading_comparison import ReadingDifference, StatedValue
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState
from rallynov_graph.desk.session.shown_state import ShownCache, ShownLabels, ShownState

Json = dict[str, Any]
Splice = list[Any]
"""Where, how many items go there, and which come."""


class SessionViews:
    """What pages of a session show, by language."""

    def __init__(self, session: ReadingSession) -> None:
        self.session = session
        self._caches: dict[str, ShownCache] = {}
        self._last: dict[str, Json] = {}

    def whole(self, state: WorkingState, language: str) -> Json:
        """Return the whole state."""
        with self.session.lock:
            shown = self._shown(state, language).whole()
            self._last[language] = shown
            return shown

    def after(self, version: str, state: WorkingState, language: str) -> Json:
        """Return what an act is answered with, for a page that has the state of a version."""
        with self.session.lock:
            shown = self._shown(state, language)
            before, now = self._last.get(language), shown.whole()
            self._last[language] = now
            content: Json = {
                "version": state.version,
                "brought": shown.findings(state.checked.brought),
                "healed": shown.findings(state.checked.healed),
                **state.said,
            }
            if before is None or before["version"] != version:
                return {**content, "state": now}
            return {**content, "changed": changes_of(before, now)}

    def _shown(self, state: WorkingState, language: str) -> ShownState:
        cache = self._caches.setdefault(language, ShownCache())
        return ShownState(self.session, state, language, cache)


def changes_of(old: Json, new: Json) -> Json:
    """Return what differs in the new state: values, and of lists the splices that make it."""
    return {
        key: splices(old[key], value) if isinstance(value, list) else value
        for key, value in new.items()
        if old.get(key) is not value and old.get(key) != value
    }


def splices(old: Sequence[Any], new: Sequence[Any]) -> list[Splice]:
    """Return splices that make one list the other, to be carried out one after the other."""
    gone = {*map(_name, old)} - {*map(_name, new)}
    come = {*map(_name, new)} - {*map(_name, old)}
    found: list[Splice] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and (old[i] is new[j] or old[i] == new[j]):
            i, j = i + 1, j + 1
            continue
        if i < len(old) and _name(old[i]) in gone:
            step, put = (1, 0), []
        elif j < len(new) and _name(new[j]) in come:
            step, put = (0, 1), [new[j]]
        elif i < len(old) and j < len(new) and _name(old[i]) == _name(new[j]):
            step, put = (1, 1), [new[j]]
        else:
            return [[0, len(old), list(new)]]  # something moved
        _append(found, j, step[0], put)
        i, j = i + step[0], j + step[1]
    return found


def _append(found: list[Splice], at: int, drop: int, put: list[Any]) -> None:
    """Add a splice, as part of the one before where both touch."""
    if found and found[-1][0] + len(found[-1][2]) == at:
        found[-1][1] += drop
        found[-1][2] += put
    else:
        found.append([at, drop, [*put]])


def _name(item: Any) -> object:
    """Return what tells an item of a list from the others."""
    if not isinstance(item, dict):
        return tuple(item) if isinstance(item, (list, tuple)) else item
    part = item.get("part")
    return item.get("id") or item.get("address") or (part and part["address"])


def shown_differences(document: ReadDocument, language: str) -> Json:
    """Return the differences of two readings; raise RallynovError where there are no two."""
    compared, words = two_readings(document.folder), document.shown
    readings = [reading_of(it.opening, it.acts) for it in (compared.second, compared.first)]
    labels = ShownLabels(document, language, readings)

    def quotations(it: StatedValue) -> Iterable[str]:
        return (" ".join(words[start:end].split()) for start, end in it.spans)

    def stated(it: StatedValue) -> Json:
        return {
            "value": labels.value(it.value),
            "certainty": it.certainty,
            "words": [[*span] for span in it.spans],
            "quotations": [*quotations(it)],
        }

    def shown(it: ReadingDifference) -> Json:
        return {
            "id": it.id,
            "subject": labels.ref(it.subject),
            "property": {"iri": it.prop, "label": labels.label(it.prop)},
            "first": [*map(stated, it.first)],
            "second": [*map(stated, it.second)],
            "settled": compared.settled.reading.settled.get(it.key),
        }

    return {
        "readers": [compared.first.name, compared.second.name],
        "open": len(compared.open),
        "differences": [*map(shown, compared.comparison.differences)],
    }
