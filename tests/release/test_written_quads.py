"""Quads are read once where they can be held, and each time where they are too many."""

from collections.abc import Iterator
from itertools import islice

import pytest
from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.written_quads import HeldQuads

QUADS = [Quad(*[NamedNode(f"{ID}{number}")] * 4) for number in range(4)]


class Read:
    """Quads that count how often they are begun."""

    begun = 0

    def __iter__(self) -> Iterator[Quad]:
        self.begun += 1
        return iter(QUADS)


@pytest.mark.parametrize(("most", "begun"), [(4, 1), (3, 2)])
def test_what_can_be_held_is_read_once(most: int, begun: int) -> None:
    source = Read()
    held = HeldQuads(source, most)
    assert [*held] == [*held] == QUADS
    assert source.begun == begun


def test_what_is_not_read_to_its_end_is_not_held() -> None:
    source = Read()
    held = HeldQuads(source)
    assert [*islice(held, 2)] == QUADS[:2]
    assert [*held] == QUADS
    assert source.begun == 2
