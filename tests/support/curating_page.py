"""The invented carnet of docs/curating.md, written into a folder as the page says."""

import hashlib
import re
import shutil
from pathlib import Path

from places import ROOT
from rallynov_graph.base.resources import data_dir

PAGE = (ROOT / "docs" / "curating.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)\n```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(found[0])


def written(folder: Path) -> Path:
    """Write the page's text into a folder; return where."""
    file = folder / "carnet-99.txt"
    file.write_text(block("text"), "utf-8")
    return file


def completed(folder: Path) -> Path:
    """Copy the shipped data into a folder, with the page's file among them; return where."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    digest = hashlib.sha256(written(folder).read_bytes()).hexdigest()
    (data / "carnets" / "carnet-99").mkdir()
    file = block("trig").replace("SHA256", digest)
    (data / "carnets" / "carnet-99" / "atelier.trig").write_text(file, "utf-8")
    return data
