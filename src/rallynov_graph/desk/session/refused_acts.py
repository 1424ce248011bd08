"""An act that is not done, and why, in both languages."""

from __future__ import annotations

import errno
from typing import Final

from rallynov_graph.base.errors import SourceError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ActRefused(Exception):
    """What a reader asks for is not done; nothing was written down."""

    def __init__(self, french: str, english: str, field: str = "") -> None:
        super().__init__(english)
        self.reasons = {"fr": french, "en": english}
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
        what = (
            ("le disque est plein. Faites de la place", "the disk is full. Make room")
            if self.is_full
            else (
                f"{error.path} ne peut être écrit. Vérifiez ses droits",
                f"{error.path} cannot be written. Look at its permissions",
            )
        )
        self.reasons = {
            "fr": f"Rien n’a été noté : {what[0]}, puis recommencez ; le formulaire reste rempli.",
            "en": f"Nothing was written down: {what[1]}, then try again; the form stays filled in.",
        }
