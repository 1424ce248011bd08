"""How many connections a process holds: what else it needs is left to it."""

import resource
from collections.abc import Iterator

import pytest

from rallynov_graph.server.descriptors import for_connections


@pytest.fixture
def _limit() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def _with(descriptors: int, lines: int) -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(descriptors, hard), hard))
    return for_connections(lines)


@pytest.mark.usefixtures("_limit")
def test_what_the_lines_to_query_processes_take_is_left_to_them() -> None:
    assert _with(1000, 0) - _with(1000, 200) == 200


@pytest.mark.usefixtures("_limit")
def test_however_many_descriptors_there_are_memory_bounds_the_connections() -> None:
    assert _with(1000, 0) < _with(15_000, 0) == _with(20_000, 0)
