"""The documents that the graph speaks from, by when they were issued."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day, typeset
from rallynov_graph.questions.labels import Labels, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries


@dataclass(frozen=True)
class SourceDocument:
    """A document that passages point into."""

    iri: str
    names: tuple[Text, ...]
    issued: str
    """As the data have it; the empty string where that is not said."""

    def name(self, language: str) -> Text:
        """Return its name for a reader, with a language where that is not theirs."""
        found = best_text(self.names, language) or Text(last_part(self.iri))
        shown = typeset(found.value, found.language or language)
        return Text(shown, "" if found.language == language else found.language)

    def date(self, language: str) -> str:
        """Return in words when it was issued."""
        return day(self.issued, language) if self.issued else ""


def source_documents(queries: PageQueries, labels: Labels) -> tuple[SourceDocument, ...]:
    """Return the documents of a store, the earliest first."""
    issued: dict[str, str] = {}
    for document, date in queries.rows("source_documents").rows:
        if isinstance(document, NamedNode):
            issued.setdefault(document.value, date.value if isinstance(date, Literal) else "")
    described = labels.of([*issued])
    return tuple(SourceDocument(iri, described[iri].names, date) for iri, date in issued.items())
