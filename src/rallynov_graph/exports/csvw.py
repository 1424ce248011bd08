"""The tables as a zip of CSV files (RFC 4180, UTF-8), described as CSV on the Web.

Cells are exactly the values: one that begins with = is a text, which a spreadsheet is to be told.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.exports import archive, table_layout, table_rows
from rallynov_graph.exports.statement_rows import Tell
from rallynov_graph.exports.table_layout import Cell, ExportColumn, ExportTable, Plan

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

METADATA: Final = "csv-metadata.json"
"""As CSV on the Web calls it where it lies beside the tables."""
_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_AT_ONCE: Final = 10_000


def write(release: Release, file: IO[bytes], tell: Tell | None = None) -> None:
    """Write a zip of the tables, their metadata first."""
    plan = table_layout.plan(release)
    with tempfile.TemporaryDirectory(prefix="rallynov-export-") as folder:
        here = Path(folder)
        described = [*plan.tables.values(), plan.facts, plan.dictionary]
        for table in described:
            _append(here, table, [[column.name for column in table.columns]])
        for kind, rows in _by_table(table_rows.rows(release, plan)):
            _append(here, plan.tables[kind], rows)
        _append(here, plan.facts, table_rows.facts(release, plan, tell))
        _append(here, plan.dictionary, table_rows.dictionary(release, plan))
        files = [(_file(table), here / _file(table)) for table in described]
        archive.write([(METADATA, metadata(release, plan)), *files], file)


def metadata(release: Release, plan: Plan) -> bytes:
    """Return the description of all tables: what each column means, and of which type it is."""
    about, meanings = release.manifest, table_rows.meanings(release)
    things = [_described(table, meanings) for table in plan.tables.values()]
    whole = {
        "@context": [_CONTEXT, {"@language": "fr"}],
        "dc:title": _in_languages(dict(about.title)),
        "dc:license": {"@id": about.licence},
        "dc:issued": about.issued,
        "dc:identifier": about.id,
        "tables": [*things, _described(plan.facts, {}), _described(plan.dictionary, {})],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _described(table: ExportTable, meanings: dict[str, dict[str, str]]) -> dict[str, object]:
    schema: dict[str, object] = {"columns": [_column(c, meanings) for c in table.columns]}
    if table.columns[0].name == "iri":
        schema |= {"aboutUrl": "{+iri}", "primaryKey": "iri"}
    title = _in_languages(_told(meanings.get(table.of_class, {}), "label"))
    named = {"dc:title": title} if title else {}
    return {"url": _file(table), **named, "tableSchema": schema}


def _column(column: ExportColumn, meanings: dict[str, dict[str, str]]) -> dict[str, object]:
    about = meanings.get(column.property, {})
    told: dict[str, object] = {"name": column.name, "titles": column.name}
    for name, part in (("dc:title", "label"), ("dc:description", "definition")):
        if texts := _in_languages(_told(about, part)):
            told[name] = texts
    told["datatype"] = "anyURI" if column.is_link else column.datatype or "string"
    if column.separator:
        told["separator"] = column.separator
    if column.language:
        told["lang"] = column.language
    if column.property:
        told["propertyUrl"] = column.property
        if column.is_link:
            told["valueUrl"] = f"{{+{column.name}}}"
    return told


def _told(about: dict[str, str], part: str) -> dict[str, str]:
    return {lang: text for lang in LANGUAGES if (text := about.get(f"{part}_{lang}"))}


def _in_languages(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in sorted(texts.items())]


def _by_table(rows: Iterable[tuple[str, list[Cell]]]) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Yield rows of one table after the other, so many at a time as may be in memory."""
    kind = ""
    held: list[list[Cell]] = []
    for of, row in rows:
        if held and (of != kind or len(held) == _AT_ONCE):
            yield kind, held
            held = []
        kind = of
        held.append(row)
    if held:
        yield kind, held


def _append(folder: Path, table: ExportTable, rows: Iterable[Iterable[Cell]]) -> None:
    with (folder / _file(table)).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _file(table: ExportTable) -> str:
    return f"{table.name}.csv"
