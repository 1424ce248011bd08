"""Letters of one made-up rally, data in ``tests/letters``: nobody and nothing in them exists.

The first announces five stages. The second reports them: one was held otherwise, one is put off,
one will not be. ``changed-plans`` is another second letter: one stage is postponed to a day, one to
a day that is to be fixed, one is cancelled. The third appeared after the carnet.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from places import TESTS
from rallynov_graph.base.resources import data_dir

LETTERS: Final = TESTS / "letters"
TWO: Final = ("lettre-1", "lettre-2")


def beside_carnet(folder: Path, *names: str) -> Path:
    """Return a new folder of the shipped data with letters, the first two by default."""
    return among(shutil.copytree(data_dir(), folder), *(names or TWO))


def among(folder: Path, *names: str) -> Path:
    """Return a folder of data after letters were copied into it."""
    (folder / "carnets" / "sentier").mkdir()
    for name in names or TWO:
        shutil.copy(LETTERS / f"{name}.trig", folder / "carnets" / "sentier")
    return folder
