"""An answer: typed rows, their evidence, and the citation of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, overload

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError, UnknownNameError
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.claims.row_evidence import COLUMNS, HOW, RowEvidence, evidence_of
from rallynov_graph.client.typed_values import Iri, Value, value_of
from rallynov_graph.exports.citations import ANSWER_SUFFIXES, cited_answer
from rallynov_graph.http.permalinks import permalink
from rallynov_graph.rdf.canonical_answer import CanonicalFormFailure, NoCanonicalAnswer, sha256
from rallynov_graph.rules.open_questions import touching

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from rallynov_graph.client.graph import Graph
    from rallynov_graph.questions.catalogue import Question

Row = dict[str, Value]
NOT_OURS: Final = (
    "This answer is of another graph, whose authors and licence are not known here: cite it as "
    "they ask. Its query and sha256 are those to name."
)
MISSING: Final = (
    "A table needs pandas, which is not installed: pip install 'rallynov-graph[pandas]'. "
    "Without it, an answer is a list of rows."
)
_RELEASE: Final = 8


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Sequence[Row]):
    """The rows of an answer, each with values by column name; they are read only."""

    query: str
    """The query in SPARQL, with all its values: it runs as it is, anywhere."""
    solutions: Solutions
    graph: Graph
    question: Question | None = None
    """The question of the catalogue; None for a query of one's own."""
    values: Mapping[str, Term | None] = field(default_factory=dict)
    """The values of its parameters."""

    @property
    def title(self) -> str:
        """The question in words; empty for your own query."""
        it = self.question
        return "" if it is None else it.summary.get(self.graph.language, it.name)

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
        """Return a row, or several for a slice."""
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.solutions)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    @cached_property
    def evidence(self) -> tuple[RowEvidence | None, ...]:
        """The evidence of each row; empty if the answer has no certainties."""
        if self.question is None:
            return ()
        return evidence_of(
            self.graph.store, self.question.text, self.solutions, self.graph.claim_report
        )

    @cached_property
    def open_questions(self) -> tuple[Iri, ...]:
        """The open questions that touch the answer, which another reading would change."""
        if self.question is None:
            return ()
        found = touching(self.graph.page_queries, self.question, self.values, self.solutions)
        return tuple(Iri(it.value) for it in found)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the canonical answer; raises NoCanonicalAnswer if there is none."""
        return sha256(self.query, self.solutions)

    def citation(self, form: str = "txt") -> str:
        """Return the citation of the answer, as txt, bib, ris or json (CSL-JSON).

        ``rallynov cite verify`` repeats the query and compares. Raises RallynovError for a graph of
        another program, whose author and licence are not known here.
        """
        if form not in ANSWER_SUFFIXES:
            known = ", ".join(ANSWER_SUFFIXES)
            raise UnknownNameError(f"No form of a citation is called {form!r}: there are {known}.")
        if not self.graph.is_ours:
            raise RallynovError(NOT_OURS)
        digest: str | CanonicalFormFailure
        try:
            digest = self.sha256
        except NoCanonicalAnswer as refused:
            digest = refused.reason
        release, language = self.graph.release, self.graph.language
        about = {"title": self.title}
        if release is not None:
            about |= {"release": release.id, "issued": release.manifest.issued}
        short = about.get("release", "")[:_RELEASE]
        address = permalink(self.graph.endpoint, self.query, release=short)
        return cited_answer(self.query, digest, address, language, **about).written(form)

    def frame(self, *, evidence: bool = True) -> DataFrame:
        """Return a pandas DataFrame with certainty, evidence, passages and citation of each row.

        It has only the columns if ``evidence`` is false or if the answer has no certainties. Raises
        RallynovError, which says what to install, if pandas is missing.
        """
        is_wanted = evidence and self.question is not None and HOW in self.columns
        return _frame(self, self.evidence if is_wanted else None)


def _frame(answer: Answer, evidence: Sequence[RowEvidence | None] | None) -> DataFrame:
    """Return the table of an answer, with its evidence unless that is None."""
    try:
        import pandas
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        raise RallynovError(MISSING) from None
    columns: dict[str, Any] = {
        name: _series([row[name] for row in answer])
        for name in answer.columns
        if evidence is None or name != HOW
    }
    if evidence is not None:
        columns |= dict(zip(COLUMNS, _of_evidence(answer, evidence), strict=True))
    return pandas.DataFrame(columns)


def _of_evidence(answer: Answer, evidence: Sequence[RowEvidence | None]) -> tuple[Series, ...]:
    """Return each row's certainty (an ordered category) and its evidence."""
    import pandas

    sure = [str(row[HOW] or "").rpartition("#")[2] for row in answer]
    order = pandas.CategoricalDtype([*reversed(CERTAINTIES)], ordered=True)
    told = [it.texts() if it else (None,) * len(COLUMNS) for it in evidence]
    texts = (pandas.Series([it[n] for it in told], dtype=object) for n in range(1, len(COLUMNS)))
    return pandas.Series(sure, dtype=order), *texts


def _series(values: Sequence[Value]) -> Series:
    """Return a column: numbers, booleans and days as pandas types, all else as it is."""
    import pandas

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pandas.Series(values, dtype="boolean")
    if kinds == {int} and all(abs(value) < 1 << 63 for value in values if isinstance(value, int)):
        return pandas.Series(values, dtype="Int64")
    if kinds and kinds <= {int, float, Decimal}:
        numbers = [None if it is None else float(it) for it in values]  # type: ignore[arg-type]
        return pandas.Series(numbers, dtype="float64")
    if kinds in ({date}, {datetime}):
        return pandas.to_datetime(pandas.Series(values, dtype=object), utc=_zones(values))
    return pandas.Series(values, dtype=object)


def _zones(values: Sequence[Value]) -> bool:
    """Whether times have a time zone: all are then converted to UTC."""
    return any(isinstance(value, datetime) and value.tzinfo is not None for value in values)
