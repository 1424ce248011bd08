"""The state of a session as its pages last had it, so that an act answers with what changed."""

from __future__ import annotations

from typing import Any

from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState
from rallynov_graph.desk.session.shown_state import ShownCache, ShownState
from rallynov_graph.desk.session.state_changes import changes_of

Json = dict[str, Any]


class SessionViews:
    """What pages of a session show, by language."""

    def __init__(self, session: ReadingSession) -> None:
        self._session = session
        self._caches: dict[str, ShownCache] = {}
        self._last: dict[str, Json] = {}

    def whole(self, state: WorkingState, language: str) -> Json:
        """Return the whole state."""
        with self._session.lock:
            shown = self._shown(state, language).whole()
            self._last[language] = shown
            return shown

    def after(self, version: str, state: WorkingState, language: str) -> Json:
        """Return what an act is answered with, for a page that has the state of a version."""
        with self._session.lock:
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
        return ShownState(self._session, state, language, cache)
