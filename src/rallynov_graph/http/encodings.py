"""Compression of answers where it pays (RFC 9110, section 12.5.3)."""

import zlib
from functools import lru_cache
from typing import Final

import zstandard

from rallynov_graph.http.weights import SHORT, weights

LEAST: Final = 1400
"""A shorter answer fits into the packet that it travels in: it is not compressed."""
LONG: Final = 1 << 16
"""So many bytes take long enough that others would wait: they are for a thread."""
_ZSTD: Final = 1
_GZIP: Final = 1
"""Levels: the next ones take twice the time for a tenth less."""
_AS_GZIP: Final = 31


def best(accepted: bytes) -> str:
    """Return zstd, gzip, or the empty string: what a client's ``Accept-Encoding`` takes.

    Every client reads what is not coded, so a coding whose weight is none is not chosen.
    """
    return _known(accepted) if len(accepted) <= SHORT else _best(accepted)


def _best(accepted: bytes) -> str:
    taken = {name: weight or 0.0 for name, weight in weights(accepted.decode("latin-1"))}
    anything = taken.get("*", 0.0)
    weight, name = max((taken.get(name, anything), name) for name in ("gzip", "zstd"))
    return name if weight > 0 else ""


_known: Final = lru_cache(maxsize=512)(_best)


def compress(content: bytes, coding: str) -> bytes:
    """Return the content in a coding."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD).compress(content)
    packer = zlib.compressobj(_GZIP, zlib.DEFLATED, _AS_GZIP)
    return packer.compress(content) + packer.flush()
