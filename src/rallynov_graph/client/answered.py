"""An answer: typed rows, what each rests on, and how the whole is cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, overload

from rallynov_graph.base.errors import RallynovError, UnknownNameError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims.row_evidence import RowEvidence
from rallynov_graph.client.typed_values import Iri, Value, value_of
from rallynov_graph.exports.citations import ANSWER_SUFFIXES, cited_answer
from rallynov_graph.http.permalinks import permalink
from rallynov_graph.rdf.canonical_answer import CanonicalFormFailure, NoCanonicalAnswer, sha256
from rallynov_graph.rules.answer_facts import HOW

if TYPE_CHECKING:
    from pandas import DataFrame

Row = dict[str, Value]
NOT_OURS: Final = (
    "This answer is of another graph, whose authors and licence are not known here: cite it as "
    "they ask. Its query and sha256 are those to name."
)
_RELEASE: Final = 8


@dataclass(frozen=True)
class AskedAt:
    """Where an answer was asked, as its citation says."""

    endpoint: str
    """The address that asks it again."""
    language: str
    release: str = ""
    issued: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Sequence[Row]):
    """The rows of an answer, each a value by the name of its column; they are read only."""

    query: str
    """The query in SPARQL, with all its values: it runs as it is, anywhere."""
    solutions: Solutions
    asked_at: AskedAt
    title: str = ""
    """The question in words; of a query of one's own, what its first comment says."""
    _find_evidence: Callable[[], tuple[RowEvidence | None, ...]] | None = None
    _find_open_questions: Callable[[], tuple[Iri, ...]] = tuple
    _is_ours: Callable[[], bool] = bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the query."""
        return self.solutions.variables

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows as Python values."""
        return tuple(
            dict(zip(self.columns, map(value_of, row), strict=True)) for row in self.solutions.rows
        )

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        """Return a row, or some."""
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.solutions)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    @cached_property
    def evidence(self) -> tuple[RowEvidence | None, ...]:
        """What each row rests on; empty where the answer has no certainties."""
        return () if self._find_evidence is None else self._find_evidence()

    @cached_property
    def open_questions(self) -> tuple[Iri, ...]:
        """The open questions that touch the answer: by another reading it would be different."""
        return self._find_open_questions()

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the canonical answer; raises NoCanonicalAnswer where it has none."""
        return sha256(self.query, self.solutions)

    def citation(self, form: str = "txt") -> str:
        """Return how the answer is cited: as txt, bib, ris or json (CSL-JSON).

        ``rallynov cite verify`` asks again and compares. Raises RallynovError for another graph
        than ours: who made it, and under which licence, is not known here.
        """
        if form not in ANSWER_SUFFIXES:
            known = ", ".join(ANSWER_SUFFIXES)
            raise UnknownNameError(f"No form of a citation is called {form!r}: there are {known}.")
        if not self._is_ours():
            raise RallynovError(NOT_OURS)
        digest: str | CanonicalFormFailure
        try:
            digest = self.sha256
        except NoCanonicalAnswer as refused:
            digest = refused.reason
        at = self.asked_at
        address = permalink(at.endpoint, self.query, release=at.release[:_RELEASE])
        about = {"title": self.title, "release": at.release, "issued": at.issued}
        return cited_answer(self.query, digest, address, at.language, **about).written(form)

    def frame(self, *, evidence: bool = True) -> DataFrame:
        """Return a pandas DataFrame, with certainty, evidence, passages and citation of each row.

        Without ``evidence``, or where the answer has no certainties, it has the columns alone.
        Raises RallynovError, which says what to install, where pandas is not there.
        """
        from rallynov_graph.client.data_frames import frame_of

        is_wanted = evidence and self._find_evidence is not None and HOW in self.columns
        return frame_of(self, self.evidence if is_wanted else None)
