"""What was worked out of a release, kept beside it: what lists are narrowed by, layouts.

Each result is a file that appears whole or not at all. One that cannot be read, or is not what was
put there, is worked out again; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from rallynov_graph import __version__
from rallynov_graph.release.freezing import alone_in, beside

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

FORMAT: Final = 1
"""Another number wherever a result is worked out or written otherwise."""
MOST: Final = 400
"""So many results of one sort are kept; what readers may ask for has no end."""
_LOG: Final = logging.getLogger(__name__)
_HASH: Final = 64

Result = TypeVar("Result")


class Lasting:
    """The results that are kept in a folder; without one, none is."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.trouble: OSError | None = None

    @classmethod
    def of(cls, release: Release | None) -> Lasting:
        """Return what is kept beside a release, where its folder can be written to or was."""
        if release is None:
            return cls()
        folder = release.path / f"results-{FORMAT}-{__version__}-{release.id[:16]}"
        return cls(folder if folder.is_dir() or os.access(release.path, os.W_OK) else None)

    def get(
        self,
        sort: str,
        asked: str,
        make: Callable[[], Result],
        written: Callable[[Result], object],
        read: Callable[[object], Result],
    ) -> Result:
        """Return what is kept of a sort for what is asked, else what is made, kept from then on.

        What is written is JSON. ``read`` may raise ValueError, TypeError, KeyError for any other.
        """
        if self.folder is None:
            return make()
        path = self._path(sort, asked)
        with suppress(OSError, ValueError, TypeError, KeyError):
            return read(json.loads(_content(path)))
        made = make()
        try:
            self._put(sort, path, json.dumps(written(made), separators=(",", ":")).encode())
        except ValueError as error:
            _LOG.info("%s is not kept: %s", path, error)
        except OSError as error:
            self.trouble = error
            _LOG.info("%s is not kept: %s", path, error)
        return made

    def has(self, sort: str, asked: str) -> bool:
        """Return whether a result is kept, or nothing ever is."""
        return self.folder is None or self._path(sort, asked).is_file()

    def _path(self, sort: str, asked: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{sort}-{hashlib.sha256(asked.encode()).hexdigest()[:32]}"

    def _put(self, sort: str, path: Path, content: bytes) -> None:
        assert self.folder is not None
        with alone_in(self.folder):
            if len([*self.folder.glob(f"{sort}-*")]) >= MOST and not path.exists():
                return
            new = beside(self.folder) / path.name
            new.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
            new.replace(path)


def _content(path: Path) -> bytes:
    """Return what was put in a file; raise ValueError where it is something else."""
    held = path.read_bytes()
    content = held[_HASH:]
    if held[:_HASH] != hashlib.sha256(content).hexdigest().encode():
        raise ValueError(path)
    return content
