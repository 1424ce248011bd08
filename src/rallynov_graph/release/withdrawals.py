"""The list of withdrawn things: hashes of their IRIs, so that it names nobody.

The file is in the data folder, one SHA-256 of an IRI a line; a line that begins with ``#`` is a
remark. It is part of each release, so that a server can answer that a thing is gone.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError

FILE: Final = "withdrawn.txt"

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_REMARK: Final = "# SHA-256 of the IRIs of withdrawn things. Written by rallynov withdraw.\n"


def hash_of(iri: str) -> str:
    """Return the hash by which the list names an IRI."""
    return hashlib.sha256(iri.encode()).hexdigest()


def read(path: Path) -> frozenset[str]:
    """Return the hashes of a list, none where there is no such file; raise SourceError."""
    if not path.exists():
        return frozenset()
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    except UnicodeDecodeError as error:
        raise SourceError(str(path), "it is not encoded in UTF-8; save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#") and not _HASH.fullmatch(line.strip()):
            raise SourceError(str(path), "it is not a SHA-256 in hexadecimal", number)
    return frozenset(line.strip() for line in lines if _HASH.fullmatch(line.strip()))


def text(hashes: Iterable[str]) -> str:
    """Return the list as it is written."""
    return _REMARK + "".join(f"{digest}\n" for digest in sorted(set(hashes)))
