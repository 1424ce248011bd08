"""Where the evidence of a claim is: its short address, worked out as its documents say."""

from __future__ import annotations

import base64
import hashlib

from rallynov_graph.base.namespaces import ID, RN


def short(subject: str, prop: str, value: str) -> str:
    """Return the short address of a claim: of ``kind/slug``, a local name, and ``kind/slug``."""
    return short_of(f"<{ID}{subject}> <{RN}{prop}> <{ID}{value}>")


def short_of(triple: str) -> str:
    """Return the short address of a claim as N-Triples writes it, without its full stop."""
    digest = hashlib.sha256(f"{triple} .".encode()).digest()
    return "/r/" + base64.b32encode(digest).decode().lower()[:16]
