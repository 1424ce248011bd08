"""docs/entering.md, followed to the letter, in both languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT


def block(page: str, language: str, beginning: str = "") -> str:
    """The first block of a page in a language that begins so."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    found = re.search(rf"```{language}\n({beginning}.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["entering.md", "entering.fr.md"])
def test_the_table_of_the_page_becomes_data_that_conform(page: str, tmp_path: Path) -> None:
    (tmp_path / "lettre-2.txt").write_text(block(page, "text").rstrip("\n"), "utf-8")
    (tmp_path / "facts.csv").write_text(block(page, "csv"), "utf-8")
    new = "new lettres --base https://example.org/lettres/ --title Lettres"
    for line in (new, *block(page, "sh", "rallynov import").splitlines()):
        words = line.removeprefix("rallynov ").split()
        command = [sys.executable, "-m", "rallynov_graph", *words]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, (line, ran.stdout, ran.stderr)
        if words[0] == "import":
            assert "could not be placed" not in ran.stdout
    (decisions,) = (tmp_path / "lettres").rglob("*.jsonl")
    shown = block(page, "json").strip().partition('","')[2]
    assert shown in decisions.read_text("utf-8")
