"""The tables: everything that the release says is in them, exactly, and they say what they mean."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import frictionless
import pytest
from csvw import CSVW, TableGroup
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

import awkward as awkward_data
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.exports import table_files, tables
from rallynov_graph.release.release import Release


def unpacked(release: Release, folder: Path) -> Path:
    file = io.BytesIO()
    table_files.write_csv(release, file)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def shipped(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(release, tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def hostile(forbidden: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(forbidden, tmp_path_factory.mktemp("tables"))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def metadata(folder: Path) -> dict[str, dict[str, object]]:
    told = json.loads((folder / table_files.METADATA).read_text("utf-8"))
    return {table["url"].removesuffix(".csv"): table["tableSchema"] for table in told["tables"]}


def plain(term: object) -> str:
    return str(getattr(term, "value", term))


def said_by_facts(folder: Path) -> set[tuple[str, ...]]:
    names = ("subject", "property", "value", "datatype", "language", "graph")
    current = (row for row in rows(folder, "facts") if row["standing"] in ("", "current"))
    return {tuple(row[name] for name in names) for row in current}


def said_by_release(release: Release) -> set[tuple[str, ...]]:
    found = set()
    for quad in parse(path=release.data, format=RdfFormat.N_QUADS):
        if not is_current(quad.graph_name):
            continue
        value = quad.object
        literal = value if isinstance(value, Literal) else None
        kind = literal.datatype.value if literal else ""
        told = (plain(quad.subject), quad.predicate.value, plain(value), kind)
        found.add((*told, (literal.language or "") if literal else "", plain(quad.graph_name)))
    return found


def said_by_things(folder: Path) -> set[tuple[str, str, str, str]]:
    """What the tables of things say, an empty text aside, which a cell does not tell from none."""
    found = set()
    for name, schema in metadata(folder).items():
        if name in (tables.FACTS, tables.DICTIONARY):
            continue
        columns = schema["columns"]
        assert isinstance(columns, list)
        for row in rows(folder, name):
            for column in columns[1:]:
                cell = row[column["name"]]
                mark = column.get("separator")
                values = cell.split(mark) if mark else [cell]
                language = column.get("lang", "")
                told = ((row["iri"], column["propertyUrl"], value, language) for value in values)
                found |= {it for it in told if it[2]}
    return found


@pytest.mark.parametrize("name", ["release", "forbidden"])
def test_nothing_is_lost_and_nothing_added(name: str, request: pytest.FixtureRequest) -> None:
    release = request.getfixturevalue(name)
    folder = request.getfixturevalue({"release": "shipped", "forbidden": "hostile"}[name])
    assert said_by_facts(folder) == said_by_release(release)
    wanted = {(s, p, o, lang) for s, p, o, _, lang, _ in said_by_release(release) if o}
    assert said_by_things(folder) == wanted


def test_each_fact_says_how_surely_and_on_which_passages(shipped: Path) -> None:
    subject, theme = f"{ID}stage/vesoul", f"{ID}theme/innovation"
    (row,) = (
        row
        for row in rows(shipped, "facts")
        if (row["subject"], row["value"]) == (subject, theme)
        and row["property"] == PREFIXES["dcterms"] + "subject"
    )
    assert row["certainty"] == "explicit"
    assert "/id/assertion-set/" in row["graph"]
    assert all(p.startswith(f"{ID}passage/") for p in row["passages"].split("|"))


def test_csvw_and_frictionless_find_nothing_wrong(
    shipped: Path, awkward: Release, tmp_path: Path
) -> None:
    for folder in (shipped, unpacked(awkward, tmp_path)):
        found = CSVW(str(folder / table_files.METADATA), validate=True)
        assert found.is_valid, found.warnings
        for table in folder.glob("*.csv"):
            with frictionless.system.use_context(trusted=True):  # The path is absolute.
                report = frictionless.validate(str(table))
            assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_csvw_reads_values_of_their_types(shipped: Path) -> None:
    group = TableGroup.from_file(shipped / table_files.METADATA)
    (stages,) = (table for table in group.tables if str(table.url) == "stage.csv")
    belfort = next(row for row in stages if str(row["label_fr"]) == "Étape de Belfort")
    assert belfort["startDate"].date().isoformat() == "2013-09-26"
    assert len(belfort["subject"]) == 2


def test_the_dictionary_explains_every_column_in_both_languages(shipped: Path) -> None:
    told = {(row["table"], row["column"]): row for row in rows(shipped, "dictionary")}
    named = {
        (name, column["name"])
        for name, schema in metadata(shipped).items()
        if name not in (tables.FACTS, tables.DICTIONARY)
        for column in schema["columns"]  # type: ignore[attr-defined]
        if column["name"] != "iri"
    }
    assert named == told.keys()
    assert [key for key, row in told.items() if not (row["label_fr"] and row["label_en"])] == []


def test_a_kind_of_any_name_has_a_table_of_its_own(tmp_path: Path) -> None:
    kinds = ("../up", "Facts", "facts", "a b", "", "é", "other", "CON")
    graph = awkward_data.quads({})[0].graph_name
    found = [
        awkward_data.Quad(
            NamedNode(f"{ID}{kind.replace(' ', '%20')}/x"),
            NamedNode(awkward_data.LABEL),
            Literal(kind),
            graph,
        )
        for kind in kinds
    ]
    release = awkward_data.release_of(tmp_path, found)
    names = [table.name for table in tables.plan_tables(release).tables.values()]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [n for n in names if n.casefold() in ("facts", "dictionary") or "." in n or "/" in n]
    assert said_by_facts(unpacked(release, tmp_path / "csv")) == said_by_release(release)


@pytest.mark.parametrize("name", ["release", "forbidden"])
def test_sqlite_holds_the_same_rows(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    release = request.getfixturevalue(name)
    folder = request.getfixturevalue({"release": "shipped", "forbidden": "hostile"}[name])
    path = tmp_path / "tables.sqlite"
    with path.open("wb") as file:
        table_files.write_sqlite(release, file)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {name for (name,) in listed}
        assert names == metadata(folder).keys()
        for table in names:
            held = database.execute(f'SELECT * FROM "{table}"').fetchall()
            wanted = [[*row.values()] for row in rows(folder, table)]
            assert len(held) == len(wanted), table
            pairs = (
                pair for row in zip(held, wanted, strict=True) for pair in zip(*row, strict=True)
            )
            assert [pair for pair in pairs if not is_same(*pair)] == [], table


def is_same(held: str | float | None, cell: str) -> bool:
    """Tell whether a value of the database is that of a cell; a decimal may be written shorter."""
    return (
        held == float(cell)
        if isinstance(held, float)
        else ("" if held is None else str(held)) == cell
    )


def test_sqlite_counts_and_compares_numbers(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "tables.sqlite"
    with path.open("wb") as file:
        table_files.write_sqlite(release, file)
    query = "SELECT count(*) FROM place WHERE latitude BETWEEN 46 AND 49"
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(query).fetchone()[0] > 0
        kinds = database.execute("SELECT DISTINCT typeof(number) FROM stage").fetchall()
    assert {kind for (kind,) in kinds} == {"integer", "null"}
