"""An act that is not done, and why, in both languages."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.desk.words import message

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ActRefused(Exception):
    """What a reader asks for is not done; nothing was written down."""

    def __init__(self, reasons: Mapping[str, str], field: str = "") -> None:
        super().__init__(reasons["en"])
        self.reasons = reasons
        self.field = field
        """The part of what was asked that is to be mended."""


class StaleVersion(Exception):
    """Something was written down since the reader last saw the document; nothing was done."""


class UnwrittenAct(Exception):
    """An act could not be written down, and is not done."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        cause = error.__cause__
        self.is_full = isinstance(cause, OSError) and cause.errno in _FULL
        """Whether the disk has no room."""
        self.reasons = message(
            "act.disk full" if self.is_full else "act.unwritten", path=error.path
        )
