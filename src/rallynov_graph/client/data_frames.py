"""An answer as a pandas DataFrame, each column of the type that its values have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.claims.row_evidence import COLUMNS, RowEvidence
from rallynov_graph.client.typed_values import Value
from rallynov_graph.rules.answer_facts import HOW

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from rallynov_graph.client.answered import Answer

MISSING: Final = (
    "A table needs pandas, which is not installed: pip install 'rallynov-graph[pandas]'. "
    "Without it, an answer is a list of rows."
)


def frame_of(answer: Answer, evidence: Sequence[RowEvidence | None] | None) -> DataFrame:
    """Return the table of an answer, with its evidence unless that is None.

    Raises RallynovError where pandas is not installed.
    """
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
    """Return how sure each row is, in the order of certainties, and what it rests on."""
    import pandas

    sure = [str(row[HOW] or "").rpartition("#")[2] for row in answer]
    order = pandas.CategoricalDtype([*reversed(CERTAINTIES)], ordered=True)
    told = [it.texts() if it else (None,) * len(COLUMNS) for it in evidence]
    texts = (pandas.Series([it[n] for it in told], dtype=object) for n in range(1, len(COLUMNS)))
    return pandas.Series(sure, dtype=order), *texts


def _series(values: Sequence[Value]) -> Series:
    """Return a column: numbers, truths and days as pandas has them, all else as it is."""
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
    """Whether times tell their zone: then all are shown in that of Greenwich."""
    return any(isinstance(value, datetime) and value.tzinfo is not None for value in values)
