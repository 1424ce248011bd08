"""Acts that write other files than the decisions: the TriG, an identity, what settles readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.desk import trig_writing
from rallynov_graph.desk.document_folder import current_reading
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.quads_to_reading import quads_of
from rallynov_graph.desk.session.asked_acts import ActReader, Asked, address
from rallynov_graph.desk.session.opened_document import ReadDocument
from rallynov_graph.desk.session.refused_acts import ActRefused, UnwrittenAct
from rallynov_graph.desk.settled_reading import two_readings
from rallynov_graph.desk.trig_writing import Fate
from rallynov_graph.desk.words import message
from rallynov_graph.identity import recording
from rallynov_graph.identity.decisions import PAIRS, SAME, Decision
from rallynov_graph.identity.recording import DataFolder
from rallynov_graph.identity.writing import Grounds

_FATES: Final[Mapping[Fate, str]] = {
    Fate.WRITTEN: "written",
    Fate.REMOVED: "removed",
    Fate.SAME: "same",
}


def write(document: ReadDocument, at: str) -> list[dict[str, str]]:
    """Return what became of each file of the document after it was written; raise ActRefused."""
    try:
        current = current_reading(document.folder)
        if current is None:
            return []
        written = trig_writing.write(document.folder, current, at)
    except SourceError as error:
        if isinstance(error.__cause__, OSError):
            raise UnwrittenAct(error) from error
        raise _refused("act.not written", error) from error
    return [{"file": it.path.name, "fate": _FATES[it.fate]} for it in written]


def decide_identity(
    document: ReadDocument, reading: DocumentReading, reader: ActReader, asked: Asked
) -> str:
    """Return the name of a decision about two things after it was written; raise ActRefused.

    Its evidence is what this document states of the first one.
    """
    thing, other = address(asked, "thing"), address(asked, "other")
    kind = asked.get("decision")
    if kind not in PAIRS:
        raise ActRefused(message("act.decision"), "decision")
    reasons = reader.texts(asked, "reason", "text")
    first = document.text.languages[0]
    evidence = tuple(it.address for it in reading.of_kind("set") if thing in it.facts and it.words)
    if not evidence:
        raise ActRefused(message("act.no evidence"), "thing")
    kept, gone = (other, thing) if kind == SAME else (thing, other)
    data = DataFolder(document.data, (*document.other_quads, *quads_of(reading)))
    grounds = Grounds(
        {code or first: text for code, text in reasons.items()},
        evidence,
        reading.reader,
        datetime.now(UTC).date(),
    )
    try:
        recorded = recording.record(data, Decision("", kind, kept, gone), grounds)
    except SourceError as error:
        if isinstance(error.__cause__, OSError):
            raise UnwrittenAct(error) from error
        raise _refused("act.not decided", error) from error
    except RallynovError as error:
        raise _refused("act.not decided", error) from error
    return short_iri(recorded.decision.iri)


def settle(document: ReadDocument, asked: Asked, at: str) -> None:
    """Settle a difference between two readings; raise ActRefused."""
    wanted, taken = address(asked, "difference"), address(asked, "take")
    try:
        compared = two_readings(document.folder)
        compared.settle({wanted: taken.rpartition("/")[2]}, at)
    except SourceError as error:
        raise UnwrittenAct(error) from error
    except RallynovError as error:
        raise _refused("act.not settled", error) from error


def _refused(key: str, error: RallynovError) -> ActRefused:
    text = error.text if isinstance(error, SourceError) else lambda _language: str(error)
    return ActRefused({code: message(key, reason=text(code))[code] for code in LANGUAGES})
