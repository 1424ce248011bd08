"""The guide to another programme's newsletters, followed step by step in both languages."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

PAGES = {"curating.md": "## Another programme", "curating.fr.md": "## Un autre programme"}


def section(page: str) -> str:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text.partition(PAGES[page])[2].partition("\n## ")[0]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", section(page), re.DOTALL | re.MULTILINE)


def run(folder: Path, commands: str) -> str:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    others = {n: v for n, v in os.environ.items() if not n.startswith("RALLYNOV_")}
    ran = subprocess.run(
        ["bash", "-ec", commands], cwd=folder, capture_output=True, text=True,
        env={**others, "PATH": programs}, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def warnings(told: str) -> int:
    return int(re.findall(r"(\d+) (?:warnings?|avertissements?)", told)[0])


@pytest.mark.parametrize("page", PAGES)
def test_each_step_does_what_the_guide_says(page: str, tmp_path: Path) -> None:
    making, checking, again, positions = blocks(page, "sh")
    remark, before, after = blocks(page, "trig")
    run(tmp_path, making)
    first = run(tmp_path, checking)
    assert "0 violations" in first or "0 infraction" in first
    thesaurus = tmp_path / "lettres" / "data" / "curation" / "thesaurus.trig"
    text = thesaurus.read_text("utf-8")
    assert remark in text
    thesaurus.write_text(re.sub(r"^    # ", "    ", text, flags=re.MULTILINE), "utf-8")
    example = tmp_path / "lettres" / "data" / "documents" / "exemple" / "exemple.trig"
    text = example.read_text("utf-8")
    assert text.count(before) == 1
    example.write_text(text.replace(before, after), "utf-8")
    second = run(tmp_path, again)
    assert warnings(second) == warnings(first) - 1
    start, end, length, digest, _ = run(tmp_path, positions).split()
    assert (start, end, length) == ("24", "40", "72")
    assert digest in text
