"""The tables as one SQLite file, which Datasette opens as it is."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from rallynov_graph.exports import table_layout, table_rows
from rallynov_graph.exports.table_layout import Cell, ExportColumn, ExportTable
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_AFFINITIES: Final = {"integer": "INTEGER", "decimal": "REAL"}
"""All other columns are texts; the table of facts has every value as it is written."""
_INDEXED: Final = ("subject", "value", "graph")


def write(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the tables as a database."""
    plan = table_layout.plan_tables(release)
    with tempfile.TemporaryDirectory(prefix="rallynov-export-") as folder:
        path = Path(folder) / "tables.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            for table in plan.tables.values():
                _make(database, table)
            for kind, row in table_rows.rows(release, plan):
                _fill(database, plan.tables[kind], [row])
            _make(database, plan.facts)
            _fill(database, plan.facts, table_rows.facts(release, plan, progress))
            for name in _INDEXED:
                database.execute(f"CREATE INDEX facts_{name} ON facts ({name})")
            _make(database, plan.dictionary)
            _fill(database, plan.dictionary, table_rows.dictionary(release, plan))
            database.commit()
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)


def _make(database: sqlite3.Connection, table: ExportTable) -> None:
    columns = ", ".join(map(_column, table.columns))
    database.execute(f'CREATE TABLE "{table.name}" ({columns})')


def _column(column: ExportColumn) -> str:
    affinity = "TEXT" if column.separator else _AFFINITIES.get(column.datatype, "TEXT")
    key = " PRIMARY KEY" if column.name == "iri" else ""
    return f'"{column.name}" {affinity}{key}'


def _fill(database: sqlite3.Connection, table: ExportTable, rows: Iterable[Sequence[Cell]]) -> None:
    places = ", ".join("?" * len(table.columns))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)
