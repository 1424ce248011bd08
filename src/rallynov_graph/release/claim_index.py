"""Find the claim of a release by its id, with an index file beside the release.

The file has one record for each claim, sorted: the bytes of its id, and the offset of its line in
``data.nq``. If a thing was replaced by others (``dcterms:isReplacedBy`` in the data), the former
ids of its claims lead to the present claims.
"""

import logging
import mmap
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from rallynov_graph.base.derived_files import derived_folder
from rallynov_graph.base.errors import os_error_text
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import ID_BYTES, bytes_of_claim_id, claim_digest, id_of_claim
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.release.release import Release

FORMAT: Final = 2
"""Another number wherever the file is written otherwise."""
_LOG: Final = logging.getLogger(__name__)
_FILE: Final = "claims"
_PLACE: Final = 8
_RECORD: Final = ID_BYTES + _PLACE
_REPLACED_BY: Final = f"<{PREFIXES['dcterms']}isReplacedBy>".encode()


class ClaimIndex:
    """The claims of a release by their ids."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._folder = release.path / f"claims-{FORMAT}-{release.id[:16]}"

    def find(self, claim_id: str) -> Triple | None:
        """Return the claim with an id, or the claim that replaced it; None if there is none.

        If several claims replaced it, the first is returned.
        """
        return next(iter(self.find_all(claim_id)), None)

    def find_all(self, claim_id: str) -> tuple[Triple, ...]:
        """Return the claim with an id, else all claims that replaced it."""
        wanted = bytes_of_claim_id(claim_id)
        if wanted is None:
            return ()
        records = self._records
        starts = range(0, len(records), _RECORD)
        found = bisect_left(starts, wanted, key=lambda start: records[start : start + ID_BYTES])
        claims = []
        for start in starts[found:]:
            if records[start : start + ID_BYTES] != wanted:
                break
            claims.append(self._claim(int.from_bytes(records[start + ID_BYTES : start + _RECORD])))
        own = (it for it in claims if id_of_claim(it.subject, it.predicate, it.object) == claim_id)
        named = next(own, None)
        return tuple(claims) if named is None else (named,)

    def prepare(self) -> None:
        """Read the index; make its file if it is missing or damaged.

        If the file cannot be written, the log says so, and the index stays in memory.
        """
        _ = self._records

    @cached_property
    def _records(self) -> bytes | mmap.mmap:
        try:
            derived_folder(self._folder, self._write)
            with (self._folder / _FILE).open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            _LOG.warning("%s cannot be written: %s", self._folder, os_error_text(error))
            return b"".join(sorted(_records_of(self._release.data)))

    def _write(self, folder: Path) -> None:
        with (folder / _FILE).open("wb") as file:
            file.writelines(sorted(_records_of(self._release.data)))

    def _claim(self, place: int) -> Triple:
        with self._release.data.open("rb") as lines:
            lines.seek(place)
            [quad] = parse(lines.readline(), format=RdfFormat.N_QUADS)
        return Triple(quad.subject, quad.predicate, quad.object)


def _records_of(data: Path) -> Iterator[bytes]:
    """Yield the records of the claims of a release, each once, and of their former claims."""
    replaced = _replaced(data)
    place, before = 0, b""
    for triple, graph in statements_of(data):
        if triple != before:
            end = place.to_bytes(_PLACE)
            yield claim_digest(triple) + end
            yield from (claim_digest(former) + end for former in _former(triple, replaced))
        place += len(triple) + (len(graph) + 1 if graph else 0) + len(b" .\n")
        before = triple


def _replaced(data: Path) -> dict[bytes, list[bytes]]:
    """Return the former addresses of each thing, at one step or several."""
    became: dict[bytes, set[bytes]] = {}
    for triple, _ in statements_of(data):
        if b" " + _REPLACED_BY + b" " in triple:
            old, _, new = triple.split(b" ", 2)
            became.setdefault(old, set()).add(new)
    found: dict[bytes, list[bytes]] = {}
    for old in became:
        pending, passed = [old], set[bytes]()
        while pending:
            thing = pending.pop()
            if thing in became and thing not in passed:
                passed.add(thing)
                pending += became[thing]
            elif thing not in passed:
                passed.add(thing)
                found.setdefault(thing, []).append(old)
    return found


def _former(triple: bytes, replaced: dict[bytes, list[bytes]]) -> Iterator[bytes]:
    """Yield the forms of a claim before its things replaced others."""
    if not replaced:
        return
    subject, prop, value = triple.split(b" ", 2)
    ends = ([end, *replaced.get(end, ())] for end in (subject, value))
    for earlier, other in islice(product(*ends), 1, None):
        if prop != _REPLACED_BY:
            yield b" ".join((earlier, prop, other))
