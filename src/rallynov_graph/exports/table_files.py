"""The tables as CSV files (RFC 4180, UTF-8) with CSV on the Web metadata, and as SQLite.

Cells contain the exact values: one that begins with = must be imported as text into a spreadsheet.
"""

import csv
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Final

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.exports import tables
from rallynov_graph.exports.packing import write_zip
from rallynov_graph.exports.tables import Cell, ExportColumn, ExportTable, TablePlan
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

METADATA: Final = "csv-metadata.json"
"""The name that CSV on the Web requires beside the tables."""
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_AFFINITIES: Final = {"integer": "INTEGER", "decimal": "REAL"}
"""All other columns are texts; the table of facts has every value as it is written."""
_INDEXED: Final = ("subject", "value", "graph")


def write_csv(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write a zip of the tables as CSV, their metadata first."""
    plan = tables.plan_tables(release)
    with tempfile.TemporaryDirectory(prefix="rallynov-export-") as folder:
        path = Path(folder)
        all_tables = [*plan.tables.values(), plan.facts, plan.dictionary]
        for table in all_tables:
            _append(path, table, [[column.name for column in table.columns]])
        for kind, rows in groupby(tables.rows(release, plan), itemgetter(0)):
            _append(path, plan.tables[kind], (row for _, row in rows))
        _append(path, plan.facts, tables.facts(release, plan, progress))
        _append(path, plan.dictionary, tables.dictionary(release, plan))
        files = [(_file(table), path / _file(table)) for table in all_tables]
        write_zip([(METADATA, metadata(release, plan)), *files], file)


def metadata(release: Release, plan: TablePlan) -> bytes:
    """Return the description of all tables: the meaning and the type of each column."""
    manifest, meanings = release.manifest, tables.meanings(release)
    things = [_table_description(table, meanings) for table in plan.tables.values()]
    description = {
        "@context": [_CONTEXT, {"@language": "fr"}],
        "dc:title": _in_languages(dict(manifest.title)),
        "dc:license": {"@id": manifest.licence},
        "dc:issued": manifest.issued,
        "dc:identifier": release.id,
        "tables": [
            *things,
            _table_description(plan.facts, {}),
            _table_description(plan.dictionary, {}),
        ],
    }
    return (json.dumps(description, ensure_ascii=False, indent=1) + "\n").encode()


def _table_description(
    table: ExportTable, meanings: dict[str, dict[str, str]]
) -> dict[str, object]:
    schema: dict[str, object] = {"columns": [_column(c, meanings) for c in table.columns]}
    if table.columns[0].name == "iri":
        schema |= {"aboutUrl": "{+iri}", "primaryKey": "iri"}
    title = _in_languages(_texts_of(meanings.get(table.of_class, {}), "label"))
    named = {"dc:title": title} if title else {}
    return {"url": _file(table), **named, "tableSchema": schema}


def _column(column: ExportColumn, meanings: dict[str, dict[str, str]]) -> dict[str, object]:
    texts_of_term = meanings.get(column.property, {})
    description: dict[str, object] = {"name": column.name, "titles": column.name}
    for name, part in (("dc:title", "label"), ("dc:description", "definition")):
        if texts := _in_languages(_texts_of(texts_of_term, part)):
            description[name] = texts
    description["datatype"] = "anyURI" if column.is_link else column.datatype or "string"
    if column.separator:
        description["separator"] = column.separator
    if column.language:
        description["lang"] = column.language
    if column.property:
        description["propertyUrl"] = column.property
        if column.is_link:
            description["valueUrl"] = f"{{+{column.name}}}"
    return description


def _texts_of(texts_of_term: dict[str, str], part: str) -> dict[str, str]:
    return {lang: text for lang in LANGUAGES if (text := texts_of_term.get(f"{part}_{lang}"))}


def _in_languages(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in sorted(texts.items())]


def _append(folder: Path, table: ExportTable, rows: Iterable[Iterable[Cell]]) -> None:
    with (folder / _file(table)).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _file(table: ExportTable) -> str:
    return f"{table.name}.csv"


def write_sqlite(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the tables as an SQLite database, which Datasette opens unchanged."""
    plan = tables.plan_tables(release)
    with tempfile.TemporaryDirectory(prefix="rallynov-export-") as folder:
        path = Path(folder) / "tables.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            for table in plan.tables.values():
                _make(database, table)
            for kind, row in tables.rows(release, plan):
                _fill(database, plan.tables[kind], [row])
            _make(database, plan.facts)
            _fill(database, plan.facts, tables.facts(release, plan, progress))
            for name in _INDEXED:
                database.execute(f"CREATE INDEX facts_{name} ON facts ({name})")
            _make(database, plan.dictionary)
            _fill(database, plan.dictionary, tables.dictionary(release, plan))
            database.commit()
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)


def _make(database: sqlite3.Connection, table: ExportTable) -> None:
    columns = ", ".join(map(_sql_column, table.columns))
    database.execute(f'CREATE TABLE "{table.name}" ({columns})')


def _sql_column(column: ExportColumn) -> str:
    affinity = "TEXT" if column.separator else _AFFINITIES.get(column.datatype, "TEXT")
    key = " PRIMARY KEY" if column.name == "iri" else ""
    return f'"{column.name}" {affinity}{key}'


def _fill(database: sqlite3.Connection, table: ExportTable, rows: Iterable[Sequence[Cell]]) -> None:
    places = ", ".join("?" * len(table.columns))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)
