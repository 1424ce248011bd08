"""The questions of the catalogue with their answers, as files; slow answers are left out.

The engine cannot stop a query. So, over many quads, each question is answered in a child process,
which the kernel ends when it has used up its seconds of processor.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import TOO_LONG, ProcessEndedError
from rallynov_graph.base.errors import QueryError, RallynovError
from rallynov_graph.exports.statement_rows import with_progress
from rallynov_graph.questions import programme_examples
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.sparql.embedded import EmbeddedStore

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

SECONDS: Final = "RALLYNOV_ANSWER_SECONDS"
"""The setting: how many seconds of processor one question may take, over many quads."""
FEW: Final = 50_000
"""Over so few quads no question takes long: all are answered in this process, without a limit."""
_SECONDS: Final = 20


@dataclass(frozen=True)
class AnswerFile:
    """A question, and the file of its answer, or why there is none, in French and English."""

    question: Question
    name: str
    """The name of the answer's file."""
    path: Path
    missing_reason: str = ""


def answers(
    release: Release, folder: Path, progress: Progress | None = None
) -> Iterator[AnswerFile]:
    """Yield each question of the catalogue after its answer was written into a folder."""
    seconds = _bound(release)
    store = EmbeddedStore.of_release(release)
    catalogue = programme_examples.of_data(load(), PageQueries(store.pages()))
    for question in with_progress(catalogue.values(), len(catalogue), progress):
        form = _form(question)
        path = folder / f"{question.name}{form.suffix}"
        if seconds is None:
            store.write_answer(question.text, form.media_type, path)
            missing_reason = ""
        else:
            missing_reason = _write_in_process(store, question, form, path, seconds)
        yield AnswerFile(question, path.name, path, missing_reason)


def _form(question: Question) -> Format:
    return formats.RESULTS_CSV if question.form in ("SELECT", "ASK") else formats.TURTLE


def _bound(release: Release) -> int | None:
    """Return how many seconds of processor a question may take; None for no limit."""
    text = os.environ.get(SECONDS) or str(_SECONDS)
    if not (text.isascii() and text.isdigit() and int(text)):
        raise RallynovError(f"{SECONDS} is a number of seconds from 1 on, not {text!r}.")
    return None if release.manifest.counts["quads"] <= FEW else int(text)


def _write_in_process(
    store: EmbeddedStore, question: Question, form: Format, path: Path, seconds: int
) -> str:
    """Write an answer in a child process; return why there is none, else the empty string."""
    try:
        bounded_process.run(
            lambda: store.write_answer(question.text, form.media_type, path), seconds=seconds
        )
        return ""
    except ProcessEndedError as ended:
        took_too_long = ended.ended_by in TOO_LONG
    except QueryError:
        took_too_long = False
    path.unlink(missing_ok=True)
    if took_too_long:
        return (
            f"Sans réponse ici : il aurait fallu plus de {seconds} s de processeur | "
            f"Without an answer here: more than {seconds} s of processor would be needed"
        )
    return (
        "Sans réponse ici : le moteur n’a pas pu répondre | "
        "Without an answer here: the engine could not answer"
    )
