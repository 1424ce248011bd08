"""Facts that only moved from one address to another, as a decision about identity has it.

Where an address gives way, or comes back, all of its facts would be gone and new at once: they are
the same facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES

_REPLACED_BY: Final = f"<{PREFIXES['dcterms']}isReplacedBy>".encode()

Graphs = frozenset[bytes | None]
Statement = tuple[bytes, Graphs]
"""A triple as N-Triples has it, with the graphs that state it."""
Successors = Mapping[bytes, tuple[bytes, ...]]


@dataclass(frozen=True)
class AddressChange:
    """An address that gave way to others, or that came back; all are IRIs."""

    former: str
    now: tuple[str, ...]
    facts: int
    """How many facts moved with it and are otherwise as they were."""
    is_undone: bool = False
    """Whether the earlier release had it so, and the later one has not."""


def without_moved(
    added: list[Statement],
    removed: list[Statement],
    changed: list[tuple[bytes, Graphs, Graphs]],
) -> tuple[list[Statement], list[Statement], tuple[AddressChange, ...]]:
    """Return what is new and what is gone but for what moved, and the addresses that changed.

    What moved to where it was said already has other evidence there: that stays a change.
    """
    gave_way, came_back = _successors(added), _successors(removed)
    said_after = ((triple, after) for triple, _, after in changed)
    said_before = ((triple, before) for triple, before, _ in changed)
    gone, come, there = _moved(removed, chain(added, said_after), gave_way)
    back, left, here = _moved(added, chain(removed, said_before), came_back)
    changes = (*_changes(gave_way, there, False), *_changes(came_back, here, True))
    return (
        [it for it in added if it[0] not in come and it[0] not in back],
        [it for it in removed if it[0] not in gone and it[0] not in left],
        changes,
    )


def _successors(statements: Iterable[Statement]) -> Successors:
    found: dict[bytes, tuple[bytes, ...]] = {}
    for triple, _ in statements:
        subject, predicate, value = triple.split(b" ", 2)
        if predicate == _REPLACED_BY:
            found[subject] = (*found.get(subject, ()), value)
    return found


def _moved(
    here: Iterable[Statement], there: Iterable[Statement], successors: Successors
) -> tuple[set[bytes], set[bytes], dict[bytes, int]]:
    """Return the triples that stand elsewhere under another address, those, and how many each."""
    moved, images, facts = set[bytes](), set[bytes](), dict[bytes, int]()
    graphs_there = dict(there) if successors else {}
    for triple, graphs in here if successors else ():
        for image in _images(triple, successors):
            if graphs & graphs_there.get(image, frozenset()):
                moved.add(triple)
                images.add(image)
                for former in {*triple.split(b" ", 2)} & successors.keys():
                    facts[former] = facts.get(former, 0) + 1
                break
    return moved, images, facts


def _images(triple: bytes, successors: Successors) -> Iterator[bytes]:
    subject, predicate, value = triple.split(b" ", 2)
    if subject in successors or value in successors:
        ends = (successors.get(end, (end,)) for end in (subject, value))
        yield from (b" ".join((first, predicate, other)) for first, other in product(*ends))


def _changes(
    successors: Successors, facts: Mapping[bytes, int], is_undone: bool
) -> Iterator[AddressChange]:
    for former, now in sorted(successors.items()):
        names = tuple(it.decode()[1:-1] for it in sorted(now))
        yield AddressChange(former.decode()[1:-1], names, facts.get(former, 0), is_undone)
