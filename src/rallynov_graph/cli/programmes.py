"""The programme of a command: a process serves one, and restarts for another."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from rallynov_graph.base.errors import OtherProgrammeError
from rallynov_graph.cli.words import t

# The reader of the setting is imported where an error becomes a sentence.
_RESTARTED: Final = "RALLYNOV_RESTARTED"
"""Set in a restarted process, so that two programmes in one command are an error."""


def chosen(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> None:
    """Make the process serve the programme of a folder given as an option."""
    if folder is not None:
        require(folder)


def require(folder: Path) -> None:
    """Raise OtherProgrammeError if a folder belongs to another programme than the process.

    Raises ProgrammeError and SourceError if the folder is not a programme.
    """
    from rallynov_graph.base.programme import CURRENT, read

    wanted = read(folder)
    # It reports an unknown kind that the folder names.
    from rallynov_graph.base import kinds

    kinds.shown(kinds.read(kinds.FILE), wanted)
    if CURRENT.folder is None or CURRENT.folder.resolve() != folder.resolve():
        bases = {"base": wanted.base, "current": CURRENT.base}
        raise OtherProgrammeError(t("shared.other_programme", folder=folder, **bases), folder)


def restart_where_needed(error: Exception) -> None:
    """Restart the process if the command concerns another programme; else return."""
    if isinstance(error, OtherProgrammeError) and _RESTARTED not in os.environ:
        sys.stdout.flush()
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, _environment(error.folder))


def _environment(folder: Path | None) -> Mapping[str, Any]:
    from rallynov_graph.base.programme import SETTING

    others = {name: value for name, value in os.environ.items() if name != SETTING}
    setting = {} if folder is None else {SETTING: str(folder.resolve())}
    return {**others, **setting, _RESTARTED: "1"}


def data_folder(_context: object, _parameter: object, folder: Path | None) -> Path | None:
    """Return a folder of data, perhaps a programme's, after making the process serve that one."""
    from rallynov_graph.base.programme import FILE

    for place in () if folder is None else (folder, folder.resolve().parent):
        if (place / FILE).exists():
            require(place)
            return place / "data"
    return folder


def data_of(folder: Path) -> Path:
    """Return the data folder of a programme or a checkout, or the folder itself if it has data.

    Raises OtherProgrammeError if the process serves another programme; ProgrammeError if there are
    no data.
    """
    from rallynov_graph.base.errors import ProgrammeError
    from rallynov_graph.base.programme import FILE

    if (folder / FILE).exists():
        require(folder)
        return folder / "data"
    for place in (folder / "data", folder):
        if (place / "dataset.trig").is_file():
            return place
    raise ProgrammeError(t("shared.no_data", folder=folder))
