"""The documents that one run of the desk has open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app

from rallynov_graph.desk.session.reading_session import ReadingSession
from rallynov_graph.desk.session.session_views import SessionViews
from rallynov_graph.desk_site.offered_properties import OfferedProperties


@dataclass(frozen=True)
class OpenDocuments:
    """The sessions by the name of their document."""

    sessions: Mapping[str, ReadingSession]
    views: Mapping[str, SessionViews]
    properties: Mapping[str, OfferedProperties]

    @classmethod
    def of(cls, sessions: Iterable[ReadingSession]) -> OpenDocuments:
        """Return sessions by the name of their document."""
        by_name = {it.document.folder.slug: it for it in sessions}
        offered = {
            name: OfferedProperties(it.document.vocabulary, it.document.uses)
            for name, it in by_name.items()
        }
        views = {name: SessionViews(it) for name, it in by_name.items()}
        return cls(by_name, views, offered)


EXTENSION = "desk"


def open_documents() -> OpenDocuments:
    """Return the documents of the application that answers this request."""
    return cast(OpenDocuments, current_app.extensions[EXTENSION])
