"""What a reader is told where a query has no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from rallynov_graph.http.protocol import NO_UPDATE, Refused
from rallynov_graph.site.query.mending import Mend
from rallynov_graph.site.query.query_faults import Fault, fault_of
from rallynov_graph.site.web.reader import words

_UNSAID: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
"""The statuses whose sentence does not say what is wrong."""
_PLACE: Final = re.compile(r"(?:The query is not valid SPARQL: )?line \d+, column \d+: ")


@dataclass(frozen=True)
class QueryRefusal:
    """Why there is no answer, and where in the query the reason stands."""

    key: int
    """The status whose words say it to readers."""
    words: str
    """What the engine or the service says of it, in English, without the place."""
    line: int | None = None
    column: int | None = None
    fault: Fault | None = None
    """What is wrong with the query, where that is known."""
    mend: Mend | None = None
    """What makes it a query that the engine reads, where that is known."""

    @classmethod
    def of(cls, refused: Refused) -> QueryRefusal:
        """Return what a refusal tells a reader."""
        key = HTTPStatus.FORBIDDEN if refused.detail == NO_UPDATE else refused.status
        has_words = f"sparql.said_{key:d}" in words()
        message = _PLACE.sub("", refused.detail, count=1)
        return cls(
            int(key) if has_words else 500,
            message,
            refused.line,
            None if refused.line is None else refused.column or 1,
            fault_of(message) if refused.status == HTTPStatus.BAD_REQUEST else None,
        )

    @property
    def sentence(self) -> str:
        """What a reader is told, in the page's language."""
        reason = words()["sparql.said_" + str(self.key)]
        if self.fault is None:
            return reason
        about = words()("fault." + self.fault.key, it=self.fault.about)
        return f"{reason} {about}"

    @property
    def quoted(self) -> str:
        """The words of the engine or the service, where no sentence of ours says why."""
        return self.words if self.fault is None and self.key in _UNSAID else ""

    @property
    def mending(self) -> str:
        """What a reader is told that the mend does, in the page's language."""
        if self.mend is None:
            return ""
        change = words()("mend." + self.mend.key, it=self.mend.about)
        declared = self.mend.declared
        return words()("mend.declaring", it=declared, mend=change) if declared else change
