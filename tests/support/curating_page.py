"""The invented carnet of docs/curating.md: its text, and its data as the page has them written."""

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


def carnet() -> str:
    """Return the data of the carnet, with the hash of its text."""
    return block("trig").replace("SHA256", hashlib.sha256(block("text").encode()).hexdigest())


def written(folder: Path) -> Path:
    """Write the page's text into a folder; return where."""
    file = folder / "carnet-99.txt"
    file.write_text(block("text"), "utf-8")
    return file


def completed(folder: Path) -> Path:
    """Copy the shipped data into a folder, with the carnet among them; return where."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    (data / "carnets" / "carnet-99").mkdir()
    (data / "carnets" / "carnet-99" / "atelier.trig").write_text(carnet(), "utf-8")
    return data
