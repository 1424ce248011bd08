"""What a claim is known by in an address: sixteen characters that follow from its words alone.

They are the first 80 bits of the SHA-256 of ``<s> <p> <o> .``, the line of canonical N-Triples
without its end, in base32 (RFC 4648), lower case, without padding.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from functools import lru_cache
from hashlib import sha256
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.terms import Term

BYTES: Final = 10
"""How many bytes of the hash an id holds."""
_KEPT: Final = 20_000
"""Of how many links the id is kept: pages show the same ones again and again."""
_ID: Final = re.compile(r"[a-z2-7]{16}")


def id_of(subject: Term, prop: Term, value: Term) -> str:
    """Return the id of a claim."""
    if (
        isinstance(subject, NamedNode)
        and isinstance(prop, NamedNode)
        and isinstance(value, NamedNode)
    ):
        return _id_of_link(subject.value, prop.value, value.value)
    return id_of_line(f"{subject} {prop} {value}".encode())


@lru_cache(_KEPT)
def _id_of_link(subject: str, prop: str, value: str) -> str:
    return id_of_line(f"<{subject}> <{prop}> <{value}>".encode())


def id_of_line(triple: bytes) -> str:
    """Return the id of a claim that is written as canonical N-Triples, without the full stop."""
    return b32encode(digest(triple)).decode().lower()


def digest(triple: bytes) -> bytes:
    """Return the bytes that the id of a claim holds."""
    return sha256(triple + b" .").digest()[:BYTES]


def bytes_of(claim_id: str) -> bytes | None:
    """Return the bytes that an id holds; None where it is no id of a claim."""
    return b32decode(claim_id.upper()) if _ID.fullmatch(claim_id) else None
