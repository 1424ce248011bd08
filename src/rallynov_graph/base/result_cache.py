"""What was worked out of a release, kept beside it: what lists are narrowed by, layouts.

Each result is a file that appears whole or not at all. One that cannot be read, or is damaged, is
worked out again; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from rallynov_graph import __version__
from rallynov_graph.base.whole_files import locked_within, unfinished_folder

FORMAT: Final = 2
"""Another number wherever a result is worked out or written otherwise."""
MOST: Final = 400
"""How many results of one category are kept; what readers may ask for has no end."""
_LOG: Final = logging.getLogger(__name__)
_HASH: Final = 64

Result = TypeVar("Result")


class ResultCache:
    """The results that are kept in a folder; without one, none is."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.last_error: OSError | None = None
        """Why the last result that could not be written was not; None as long as all could."""

    @classmethod
    def beside(cls, release: Path, release_id: str) -> ResultCache:
        """Return the cache in a release's folder, without a folder where none can be made there."""
        folder = release / f"results-{FORMAT}-{__version__}-{release_id[:16]}"
        return cls(folder if folder.is_dir() or os.access(release, os.W_OK) else None)

    def get(
        self,
        category: str,
        key: str,
        compute: Callable[[], Result],
        encode: Callable[[Result], object],
        decode: Callable[[object], Result],
    ) -> Result:
        """Return the result that is kept under a key, else a new one, which is kept from then on.

        It is encoded as JSON. ``decode`` may raise ValueError, TypeError, KeyError for any other.
        """
        if self.folder is None:
            return compute()
        if (kept := self.kept(category, key, decode)) is not None:
            return kept
        result = compute()
        self.keep(category, key, lambda: encode(result))
        return result

    def keep(self, category: str, key: str, encode: Callable[[], object]) -> None:
        """Keep a result under a key, as far as it can be; ``encode`` may raise ValueError."""
        if self.folder is None:
            return
        path = self._path(category, key)
        try:
            self._put(category, path, json.dumps(encode(), separators=(",", ":")).encode())
        except ValueError as error:
            _LOG.info("%s is not kept: %s", path, error)
        except OSError as error:
            self.last_error = error
            _LOG.info("%s is not kept: %s", path, error)

    def kept(self, category: str, key: str, decode: Callable[[object], Result]) -> Result | None:
        """Return the result that is kept under a key; None where none is, or a damaged one."""
        if self.folder is not None:
            with suppress(OSError, ValueError, TypeError, KeyError):
                return decode(json.loads(_content(self._path(category, key))))
        return None

    def has(self, category: str, key: str) -> bool:
        """Return whether a result is kept, or nothing ever is."""
        return self.folder is None or self._path(category, key).is_file()

    def _path(self, category: str, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{category}-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    def _put(self, category: str, path: Path, content: bytes) -> None:
        assert self.folder is not None
        with locked_within(self.folder):
            if len([*self.folder.glob(f"{category}-*")]) >= MOST and not path.exists():
                return
            new = unfinished_folder(self.folder) / path.name
            new.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
            new.replace(path)


def _content(path: Path) -> bytes:
    """Return what was put in a file; raise ValueError where it is something else."""
    written = path.read_bytes()
    content = written[_HASH:]
    if written[:_HASH] != hashlib.sha256(content).hexdigest().encode():
        raise ValueError(path)
    return content
