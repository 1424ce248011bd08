"""Data folders in which documents are decided about, and what the command line says of them."""

from __future__ import annotations

import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from rallynov_graph.base.resources import data_dir
from rallynov_graph.cli.main import main
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.document_folder import DocumentFolder

CARNET_2: Final = Path("data", "carnets", "carnet-2")


@dataclass(frozen=True)
class Said:
    """What a command wrote, and how it ended."""

    status: int
    out: str
    err: str


def rallynov(*arguments: object) -> Said:
    """Return what a command says."""
    out, err = StringIO(), StringIO()
    status = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(it) for it in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Said(status, out.getvalue(), err.getvalue())


def shipped(folder: Path) -> DocumentFolder:
    """Return the folder of carnet 2 in a copy of the shipped data."""
    shutil.copytree(data_dir(), folder / "data")
    return DocumentFolder(folder / CARNET_2)


def lines_of(folder: DocumentFolder, reader: str = "curateurs") -> list[str]:
    """Return the lines of a reader's decisions."""
    path = folder.path / decisions_file.FOLDER / f"{reader}.jsonl"
    return path.read_text("utf-8").splitlines()
