"""Compression of answers where it pays (RFC 9110, section 12.5.3)."""

import zlib
from functools import lru_cache
from typing import Final

import zstandard

LEAST: Final = 1400
"""A shorter answer fits into the packet that it travels in: it is not compressed."""
LONG: Final = 1 << 16
"""So many bytes take long enough that others would wait: they are for a thread."""
_ZSTD: Final = 1
_GZIP: Final = 1
"""Levels: the next ones take twice the time for a tenth less."""
_AS_GZIP: Final = 31


@lru_cache(maxsize=512)
def best(accepted: bytes) -> str:
    """Return zstd, gzip, or the empty string: what a client's ``Accept-Encoding`` takes."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = _quality(parameters)
    anything = weights.get("*", 0.0)
    wanted = [(weights.get(name, anything), name) for name in ("gzip", "zstd")]
    weight, name = max(wanted)
    return name if weight > 0 else ""


def compress(content: bytes, coding: str) -> bytes:
    """Return the content in a coding."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD).compress(content)
    packer = zlib.compressobj(_GZIP, zlib.DEFLATED, _AS_GZIP)
    return packer.compress(content) + packer.flush()


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, number = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(number)
            except ValueError:
                return 0.0
    return 1.0
