"""The address of the workbench with a query: readable if it is short, else compressed.

The compressed part follows the ``#``; ``address.ts`` writes and reads the same format.
"""

import base64
import binascii
import zlib
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from rallynov_graph.base.errors import QueryError

LONGEST_READABLE: Final = 1500
LONGEST_QUERY: Final = 1 << 20
"""The maximum size of a decompressed address, in bytes."""
_MARK: Final = "q="


def permalink(page: str, query: str, **besides: str) -> str:
    """Return the address of the workbench with a query and its other state."""
    kept = [(name, value) for name, value in besides.items() if value]
    readable = urlencode([*kept, ("query", query)])
    if len(readable) < LONGEST_READABLE:
        return f"{page}?{readable}"
    return f"{page}{'?' if kept else ''}{urlencode(kept)}#{_MARK}{_packed(query)}"


def query_of(address: str) -> str:
    """Return the query of an address; raise QueryError if it is missing or incomplete."""
    try:
        parts = urlsplit(address)
        if parts.fragment.startswith(_MARK):
            return _unpacked(parts.fragment.removeprefix(_MARK))
        query = parse_qs(parts.query, errors="strict").get("query", [""])[0]
    except (ValueError, zlib.error) as error:
        raise QueryError(f"The address {_short(address)} contains no complete query.") from error
    if not query.strip():
        raise QueryError(f"The address {_short(address)} contains no query.")
    return query


def _packed(text: str) -> str:
    packer = zlib.compressobj(9, wbits=-15)
    content = packer.compress(text.encode()) + packer.flush()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _unpacked(letters: str) -> str:
    """Return the text of a compressed one; raise ValueError or zlib.error if it is damaged."""
    padded = letters + "=" * (-len(letters) % 4)
    if not letters.isascii() or not letters.replace("-", "").replace("_", "").isalnum():
        raise binascii.Error("not in the alphabet")
    unpacker = zlib.decompressobj(wbits=-15)
    content = unpacker.decompress(base64.urlsafe_b64decode(padded), LONGEST_QUERY + 1)
    if len(content) > LONGEST_QUERY or not unpacker.eof or unpacker.unused_data:
        raise ValueError("cut, or too long")
    return content.decode("utf-8")


def _short(address: str) -> str:
    return repr(address if len(address) <= 80 else f"{address[:79]}…")
