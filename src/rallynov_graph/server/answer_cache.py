"""Answers of one release, kept: a release never changes, so neither do they."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rallynov_graph.base.cache import Cache
from rallynov_graph.http.query_jobs import MEBIBYTE
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf.formats import Format
from rallynov_graph.sparql.embedded import StoreQuery

Key = tuple[bytes | str, ...]
"""A request as it came, of which the answer depends on nothing else."""

Graphs = tuple[str, ...] | None

MOST: Final = 64 * MEBIBYTE
"""How many bytes of answers a web process keeps."""
LONGEST: Final = 2 * MEBIBYTE
"""A longer answer is not kept."""
_OVERHEAD: Final = 1024
_PERHAPS_VOLATILE: Final = ("NOW", "RAND", "UUID", "\\U")
"""Without any of these a query is not volatile: to know that takes a twentieth of the time."""
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\[uU]", re.IGNORECASE)


@dataclass(frozen=True)
class CachedAnswer:
    """An answer as it is sent, but for the time that it took."""

    head: bytes
    body: bytes
    tag: bytes

    def timed(self, timing: bytes) -> Response:
        """Return the answer with the time that it took."""
        length = len(self.body)
        head = b"%bserver-timing: %b\r\ncontent-length: %d\r\n" % (self.head, timing, length)
        return Response(200, head, self.body)

    @cached_property
    def again(self) -> Response:
        """The answer as those get it who ask for what is kept."""
        return self.timed(b"cache;desc=hit")


class AnswerCache:
    """The answers given last, as many as memory is set aside for."""

    def __init__(self, most: int = MOST) -> None:
        self._cache: Cache[Key, CachedAnswer] = Cache(most, _size)

    def get(self, key: Key) -> CachedAnswer | None:
        """Return the answer to a request, None where it is not kept."""
        return self._cache.get(key)

    def keep(self, key: Key, answer: CachedAnswer) -> None:
        """Keep an answer, and let go of those asked for longest ago."""
        if len(answer.body) <= LONGEST and _size(key, answer) <= self._cache.room:
            self._cache.keep(key, answer)

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return self._cache.held


def is_volatile(query: str) -> bool:
    """Return whether a query may be answered otherwise the next time; in doubt it may."""
    upper = query.upper()
    perhaps = any(word in upper for word in _PERHAPS_VOLATILE)
    return perhaps and _VOLATILE.search(query) is not None


def tag(stamp: bytes, store_query: StoreQuery, *forms: Format | None) -> bytes:
    """Return the entity tag of an answer, known before it is.

    A weak one: the same rows may come in another order, and in another coding.
    """
    about = _about(store_query.base, store_query.default_graphs, store_query.named_graphs, forms)
    query = store_query.query.encode("utf-8", "replace")
    digest = hashlib.blake2b(b"%b%b\0%b" % (stamp, about, query), digest_size=15)
    return b'W/"%b"' % digest.hexdigest().encode()


def _about(
    base: str | None, default: Graphs, named: Graphs, forms: tuple[Format | None, ...]
) -> bytes:
    """Return what is asked beside the query."""
    names = [form and form.media_type for form in forms]
    return f"{names} {base} {(default, named)}".encode("utf-8", "replace")


def has(if_none_match: bytes | None, wanted: bytes) -> bool:
    """Return whether a client says that it has the answer of a tag."""
    return if_none_match is not None and wanted in map(bytes.strip, if_none_match.split(b","))


def _size(key: Key, answer: CachedAnswer) -> int:
    return len(answer.body) + sum(map(len, key)) + _OVERHEAD
