"""The notebooks run from the first cell to the last, in one kernel, and say what they show.

They are kept without outputs, which name the release: each new fact would make them stale.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from places import ROOT
from rallynov_graph.release.release import Release

NOTEBOOKS = ROOT / "docs" / "notebooks"
NAMES = ("another-reading", "network-and-communities", "themes-of-organisations")
LANGUAGES = {"fr": ".fr", "en": ""}
MISSING = "nbclient is not installed (make setup-dev installs it)"
Cells = list[dict[str, Any]]


def cells(name: str, language: str) -> Cells:
    path = NOTEBOOKS / f"{name}{LANGUAGES[language]}.ipynb"
    found: Cells = json.loads(path.read_text("utf-8"))["cells"]
    return found


def code(name: str, language: str) -> list[str]:
    return ["".join(it["source"]) for it in cells(name, language) if it["cell_type"] == "code"]


def test_no_notebook_keeps_an_output() -> None:
    for name in NAMES:
        for language in LANGUAGES:
            for cell in cells(name, language):
                assert cell.get("outputs", []) == [] and cell.get("execution_count") is None


@pytest.fixture(scope="module")
def shown(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What each notebook shows, by name and language; all run in one kernel, each from nothing."""
    nbclient = pytest.importorskip("nbclient", reason=MISSING)
    nbformat = pytest.importorskip("nbformat", reason=MISSING)
    pytest.importorskip("ipykernel", reason=MISSING)
    root = tmp_path_factory.mktemp("clone")
    (root / "releases").symlink_to(release.path.parent)
    place = root / "docs" / "notebooks"
    place.mkdir(parents=True)
    every, ends = [], {}
    for name in NAMES:
        for language in LANGUAGES:
            sources = code(name, language)
            every += [nbformat.v4.new_code_cell(it) for it in (*sources, "%reset -f")]
            ends[f"{name} {language}"] = len(every)
    notebook = nbformat.v4.new_notebook(cells=every)
    run = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(place)}}
    )
    run.execute()
    found, start = {}, 0
    for key, end in ends.items():
        found[key] = "\n".join(text(it) for it in notebook.cells[start:end])
        start = end
    assert [*place.iterdir()] == []
    return found


def text(cell: Any) -> str:
    """What a cell shows as text."""
    return "\n".join(it.get("text") or it["data"]["text/plain"] for it in cell.get("outputs", ()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_notebook_shows_what_it_finds(
    shown: Mapping[str, str], release: Release, language: str
) -> None:
    found = shown[f"themes-of-organisations {language}"]
    assert re.search(r"'explicit': 3, 'inferred': 25, 'tentative': 31", found)
    assert "passage/carnet-2-1641-1836" in found and release.id[:16] in found
    assert re.search(r"Gouvernance|Governance", found) and re.search(r"\b[0-9a-f]{64}\b", found)

    found = shown[f"network-and-communities {language}"]
    assert "tentative 9 9" in found and "inferred 9 6" in found and "explicit 2 0" in found
    assert "['Agés et Vie', 'Mutualité Française Franche-Comté']" in found

    *_, compared = shown[f"another-reading {language}"].split("now  otherwise")
    for partner in ("cress", "fact", "rifc"):
        assert re.search(rf"organisation/{partner}\s+0\s+[1-9]", compared), partner
