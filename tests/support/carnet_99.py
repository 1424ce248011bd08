"""An invented carnet of two lines: its text, and its data as curators write them."""

import hashlib
import shutil
from pathlib import Path
from typing import Final

from rallynov_graph.base.resources import data_dir

FOLDER: Final = Path(__file__).with_name("carnet-99")
TEXT: Final = (FOLDER / "carnet-99.txt").read_text("utf-8")


def carnet() -> str:
    """Return the data of the carnet, with the hash of its text."""
    written = (FOLDER / "atelier.trig").read_text("utf-8")
    return written.replace("SHA256", hashlib.sha256(TEXT.encode()).hexdigest())


def written(folder: Path) -> Path:
    """Write the carnet's text into a folder; return where."""
    return Path(shutil.copy(FOLDER / "carnet-99.txt", folder))


def completed(folder: Path) -> Path:
    """Copy the shipped data into a folder, with the carnet among them; return where."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    (data / "carnets" / "carnet-99").mkdir()
    (data / "carnets" / "carnet-99" / "atelier.trig").write_text(carnet(), "utf-8")
    return data
