"""Answers of one release, kept: a release never changes, so neither do they."""

import hashlib
import re
from typing import Final, NamedTuple

from rallynov_graph.base.cache import Cache
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import limits
from rallynov_graph.server.limits import MEBIBYTE
from rallynov_graph.server.requests import HttpRequest
from rallynov_graph.sparql.embedded import StoreQuery

Key = tuple[bytes | str, ...]
"""A request as it came, of which the answer depends on nothing else."""

_LONGEST: Final = 2 * MEBIBYTE
"""A longer answer is not kept."""
_LONGEST_KEY: Final = 1 << 14
_OVERHEAD: Final = 1024
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\[uU]", re.IGNORECASE)


class CachedAnswer(NamedTuple):
    """An answer as those get it who ask for what is kept, and its entity tag."""

    response: Response
    tag: bytes


class AnswerCache:
    """The answers given last, as many as memory is set aside for."""

    def __init__(self) -> None:
        self._cache: Cache[Key, CachedAnswer] = Cache(int(limits.CACHE.value * MEBIBYTE), _size)

    def get(self, key: Key) -> CachedAnswer | None:
        """Return the answer to a request, None where it is not kept."""
        return self._cache.get(key)

    def keep(self, key: Key, answer: CachedAnswer) -> None:
        """Keep an answer that is not too long, and let go of those asked for longest ago."""
        is_short = len(answer.response.body) <= _LONGEST and sum(map(len, key)) < _LONGEST_KEY
        if is_short and _size(key, answer) <= self._cache.room:
            self._cache.keep(key, answer)

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return self._cache.held


def key(request: HttpRequest) -> Key:
    """Return what an answer depends on: what is asked as it came, and at which address."""
    head = request.head
    found = (request.query_string, head.accept, head.coding, head.origin, request.root)
    if request.method != "POST":
        return found
    return (*found, head.headers.get(b"content-type", b""), request.body)


def is_volatile(query: str) -> bool:
    """Return whether a query may be answered otherwise the next time; in doubt it may."""
    return _VOLATILE.search(query) is not None


def tag(stamp: bytes, store_query: StoreQuery, *forms: Format | None) -> bytes:
    """Return the entity tag of an answer, known before it is.

    A weak one: the same rows may come in another order, and in another coding.
    """
    names = [form and form.media_type for form in forms]
    graphs = store_query.default_graphs, store_query.named_graphs
    about = f"{names} {store_query.base} {graphs}\0{store_query.query}"
    digest = hashlib.blake2b(stamp + about.encode("utf-8", "replace"), digest_size=15)
    return b'W/"%b"' % digest.hexdigest().encode()


def has(request: HttpRequest, wanted: bytes) -> bool:
    """Return whether a client has the answer of a tag, and takes that it is told so."""
    known = request.head.headers.get(b"if-none-match")
    is_asked = known is not None and request.method != "POST"
    return is_asked and wanted in map(bytes.strip, (known or b"").split(b","))


def _size(key: Key, answer: CachedAnswer) -> int:
    return len(answer.response.body) + sum(map(len, key)) + _OVERHEAD
