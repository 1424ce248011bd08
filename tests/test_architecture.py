"""Who may use which library: what import-linter cannot say."""

import ast
import re
import sys
from functools import cache
from pathlib import Path
from types import FrameType

from flask.testing import FlaskClient

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
    ("networkx", {"exports/networks", "site/explore/matrix", "site/model/links"}),
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


WRITTEN = re.compile(
    r"""rn:(passage|voice|reason)\b|prov:(wasAttributedTo|generatedAtTime)\b
    |RN\s*\+\s*"(passage|voice|reason|certainty)"|\{RN\}(passage|voice|reason|certainty)\b
    |\bwasAttributedTo|\bgeneratedAtTime""",
    re.VERBOSE,
)
LEFT_OUT = re.compile(r"^\s*#.*|NOT IN \([^)]*\)", re.MULTILINE)
"""Comments, and the properties that a query does not show as facts."""
EVIDENCE = {
    "site/model/layout.py",
    *(
        f"site/model/queries/{name}.rq"
        for name in (
            *("facts_of_passage", "former_facts_of_passage", "passages_of_part"),  # from the words
            *("parts_of_document", "contents_of_document", "documents_of_things"),
            *(
                "words_in_question",
                "theme_words",
                "printed_words",
                "list_printed_words",
                "decisions_about",
            ),  # what has words of its own
        )
    ),
    "site/doubts/queries/open_questions.rq",
    *(f"site/evidence/queries/{it}.rq" for it in ("words_of_claim", "voices_of_passages")),
    "site/assistants/describe_schema.py",  # what assistants are told of it
}


def test_how_evidence_is_written_stands_in_one_place() -> None:
    """Of a statement, the profile of its graph says it: no code, and no other query."""
    asking = ("site", "desk_site", "claims", "search", "edition", "client", "server")
    files = (it for folder in asking for it in (PACKAGE / folder).rglob("*"))
    found = {
        it.relative_to(PACKAGE).as_posix()
        for it in files
        if it.suffix in (".py", ".rq") and WRITTEN.search(LEFT_OUT.sub("", it.read_text("utf-8")))
    }
    assert found == EVIDENCE
    readers = {name(it) for it in MODULES if "profile.about_nodes" in it.read_text("utf-8")}
    assert readers == {"questions/page_queries"}


PAGES = ["/", "/page/organisation/legeni", "/list/organisation", "/questions/stages"]
PAGES += ["/carnet/carnet-2", "/doubts", "/about", "/ontology/Stage"]


def test_a_page_passes_at_most_40_of_our_modules(client: FlaskClient) -> None:
    note = re.search(r'href="(/r/\w+)', client.get("/page/organisation/legeni").text)
    assert note is not None
    for address in (*PAGES, note[1]):
        client.get(address)
        passed: set[str] = set()

        def called(frame: FrameType, event: str, _: object, passed: set[str] = passed) -> None:
            module = frame.f_globals.get("__name__", "")
            if event == "call" and module.startswith("rallynov_graph."):
                passed.add(module)

        sys.setprofile(called)
        try:
            status = client.get(address).status_code
        finally:
            sys.setprofile(None)
        assert (status, len(passed) <= 40) == (200, True), (address, sorted(passed))


CACHES = {"cache", "lru_cache", "Cache", "page_cache"}


def maker(node: ast.expr) -> str:
    """Return the name of what a decorator or a call makes."""
    while isinstance(node, ast.Call):
        node = node.func
    return str(getattr(node, "attr", getattr(node, "id", "")))


def test_at_most_20_caches_are_made_in_modules() -> None:
    found = []
    for path in MODULES:
        for node in parsed(path).body:
            own = (node, *(node.body if isinstance(node, ast.ClassDef) else ()))
            makers = {maker(it) for one in own for it in getattr(one, "decorator_list", ())}
            if isinstance(node, ast.Assign | ast.AnnAssign):
                makers |= {maker(it) for it in ast.walk(node) if isinstance(it, ast.Call)}
                is_filled_later = isinstance(node.value, ast.Dict) and not node.value.keys
                makers |= {"cache"} if is_filled_later else set()
            found += [f"{name(path)}:{node.lineno}"] if makers & CACHES else []
    assert len(found) <= 20, found
