"""The Python code of the how-to pages runs as it stands, against a served release."""

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from conftest import Ran
from places import ROOT
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.client import Graph
from rallynov_graph.release.release import Release
from servers import Server

DOCS = ROOT / "docs"
TUTORIALS = [DOCS / "tutorial.fr.md", DOCS / "tutorial.md"]
PAGES = [*(DOCS / "how-to" / f"pandas{end}.md" for end in (".fr", "")), *TUTORIALS]
SERVED = "http://127.0.0.1:8000"


def code(page: Path, language: str = "python") -> str:
    """All blocks of a page in a language, one after the other."""
    text = page.read_text("utf-8")
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs_and_its_citation_is_verified(
    page: Path,
    after_serving: Callable[..., Ran],
    server: Server,
) -> None:
    here: dict[str, object] = {}
    exec(compile(code(page).replace(SERVED, server.address), page.name, "exec"), here)
    [cited] = Path().glob("*.bib")
    assert f"rallynov cite verify {cited}" in page.read_text("utf-8")
    assert after_serving("cite", "verify", cited).status == 0


def test_an_example_that_fails_is_found(server: Server) -> None:
    broken = code(PAGES[0]).replace('"themes_of', '"theme_of').replace(SERVED, server.address)
    with pytest.raises(UnknownNameError, match="did you mean themes_of_organisation"):
        exec(broken, {})


@pytest.mark.parametrize("page", [DOCS / "how-to" / f"r{end}.md" for end in (".fr", "")])
def test_the_code_of_r_runs_where_r_is(
    page: Path, server: Server, after_serving: Callable[..., Ran]
) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed (on Debian: apt-get install r-base-core)")
    Path("code.R").write_text(code(page, "r").replace(SERVED, server.address), "utf-8")
    ran = subprocess.run(
        [program, "--vanilla", "code.R"],
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    assert "passage/carnet-2-1641-1836" in ran.stdout and "CC BY 4.0." in ran.stdout
    assert re.search(r"explicit\n(.*\n)* *Gouvernance +0 +1 +1|Governance +0 +1 +1", ran.stdout)
    assert "[1] 9" in ran.stdout
    [cited] = Path().glob("*.bib")
    assert after_serving("cite", "verify", cited).status == 0


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.name)
def test_the_figure_of_the_tutorial_is_what_its_query_and_its_code_find(
    page: Path, release: Release, after_serving: Callable[..., Ran]
) -> None:
    [found] = re.findall(r"```sparql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    rows = Graph.of_release(release.path).query(found)
    assert [tuple(row.values()) for row in rows] == [("explicit", 2), ("inferred", 1)]
    with redirect_stdout(StringIO()) as printed:
        exec(code(page), {})
    assert re.search(
        "3 innovations, (dont 2 en toutes lettres|2 of them in so many)", printed.getvalue()
    )


def test_both_tutorials_have_the_same_steps_commands_and_pictures() -> None:
    for pattern in (r"^#+ ?\d?", r"^```\w+", r"pictures/tutorial/\w+", r"^(?:make|\.venv/\S+) \S+"):
        french, english = (
            re.findall(pattern, page.read_text("utf-8"), re.MULTILINE) for page in TUTORIALS
        )
        assert french == english, pattern
