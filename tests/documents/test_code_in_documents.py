"""The Python code of the how-to pages runs as it stands, against a served release."""

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from conftest import Ran
from places import ROOT
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
    page: Path, after_serving: Callable[..., Ran], server: Server
) -> None:
    with redirect_stdout(StringIO()) as printed:
        exec(code(page).replace(SERVED, server.address), {})
    [cited] = Path().glob("*.bib")
    assert f"rallynov cite verify {cited}" in page.read_text("utf-8")
    assert after_serving("cite", "verify", cited).status == 0
    if page in TUTORIALS:
        assert re.search("3 innovations, (dont 2|2 of them)", printed.getvalue())
