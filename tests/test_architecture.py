"""Who may use which library: what import-linter cannot say."""

import ast
from functools import cache
from pathlib import Path

import rallynov_graph
from conftest import LONGEST
from places import TESTS

PACKAGE = Path(rallynov_graph.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imported(path: Path) -> set[str]:
    """Return what a module imports, names taken from a module included, wherever it stands."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


USERS = [
    (
        "pyoxigraph.Store",
        {
            "sparql",
            "validation/sparql_constraints",
            "rules/inference",
            "rules/changes",
            "server/query_pool",
        },
    ),
    ("SPARQLWrapper", {"sparql"}),
    ("urllib3", {"sparql"}),
    ("networkx", {"exports/networks"}),
    ("pandas", {"client"}),
    ("edtf", {"validation/graph_checks"}),
    ("pyshacl", {"validation/shacl"}),
    ("flask", {"site", "desk_site"}),
    ("mcp", {"site/assistants"}),
    ("jinja2", {"site", "desk_site", "edition/deploying"}),
    ("markdown_it", {"site/docs/markdown_pages"}),
    ("rapidfuzz", {"matching"}),
    ("difflib", set()),
    ("click", {"cli"}),
    ("rich", {"cli"}),
    ("rdflib", {"validation"}),
    ("pdfplumber", {"desk/extraction/pdf_text"}),
    ("spacy", {"desk/proposing/proposers/model_entities"}),
]


def test_a_library_is_used_where_it_belongs():
    for library, users in USERS:
        using = [
            name(path)
            for path in MODULES
            if any(f"{one}.".startswith(f"{library}.") for one in imported(path))
        ]
        others = [n for n in using if not any(f"{n}/".startswith(f"{user}/") for user in users)]
        assert others == [], library


def test_each_file_of_tests_that_is_begun_early_is_there() -> None:
    found = {path.name for path in TESTS.rglob("test_*.py")}
    assert [name for name in LONGEST if name not in found] == []
