"""What two readers of a document state otherwise, each with the words that say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.desk.decisions_file import SETTLED, SUFFIX, files_of
from rallynov_graph.desk.document_reading import DocumentReading, reading_of
from rallynov_graph.desk.reading_comparison import QUESTION, ReadingDifference, StatedValue
from rallynov_graph.desk.session.opened_document import FileState, ReadDocument
from rallynov_graph.desk.session.shown_labels import ShownLabels
from rallynov_graph.desk.settled_reading import TwoReadings, two_readings

Json = dict[str, Any]


def readers_of(document: ReadDocument) -> list[str]:
    """Return who read a document."""
    names = [it.name.removesuffix(SUFFIX) for it in files_of(document.folder.path)]
    return [name for name in names if name != SETTLED]


def state_of_files(document: ReadDocument) -> tuple[FileState, ...]:
    """Return what changes whenever a reader decides something, or a difference is settled."""
    return tuple(map(FileState.of, files_of(document.folder.path)))


def open_differences(document: ReadDocument) -> int | None:
    """Return how many differences nobody settled yet; None where there are no two readings."""
    try:
        return len(two_readings(document.folder).open)
    except RallynovError:
        return None


def shown_differences(document: ReadDocument, language: str) -> Json:
    """Return the differences of two readings; raise RallynovError where there are no two."""
    return _Differences(document, two_readings(document.folder), language).shown()


class _Differences:
    def __init__(self, document: ReadDocument, compared: TwoReadings, language: str) -> None:
        self._compared, self._words = compared, document.shown
        readings = [reading_of(it.opening, it.acts) for it in (compared.second, compared.first)]
        self._labels = ShownLabels(document, language, readings)
        self._reading: DocumentReading = readings[-1]

    def shown(self) -> Json:
        compared = self._compared
        return {
            "readers": [compared.first.name, compared.second.name],
            "open": len(compared.open),
            "differences": [self._shown(it) for it in compared.comparison.differences],
        }

    def _shown(self, it: ReadingDifference) -> Json:
        name = it.prop
        return {
            "id": it.id,
            "subject": self._labels.ref(it.subject),
            "property": {
                "iri": name,
                "label": self._labels.label(f"{QUESTION}" if name == QUESTION else name),
            },
            "first": [self._stated(one) for one in it.first],
            "second": [self._stated(one) for one in it.second],
            "settled": self._compared.settled.reading.settled.get(it.key),
        }

    def _stated(self, it: StatedValue) -> Json:
        value = it.value
        return {
            "value": self._labels.value(value),
            "certainty": it.certainty,
            "words": [[*span] for span in it.spans],
            "quotations": [*self._quotations(it.spans)],
        }

    def _quotations(self, spans: Iterable[tuple[int, int]]) -> Iterable[str]:
        return (" ".join(self._words[start:end].split()) for start, end in spans)
