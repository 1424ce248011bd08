"""The server runs with an allocator that keeps more at hand, where the library can be told."""

import os
import subprocess
import sys

import pytest

from rallynov_graph.server import allocator

TOLD = """
import os
from rallynov_graph.server import allocator
print("begun", os.getpid(), flush=True)
allocator.keep_more_at_hand()
print(os.environ.get("GLIBC_TUNABLES"), os.getpid())
"""


@pytest.fixture
def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}


def told(environment: dict[str, str]) -> list[list[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", TOLD], env=environment, capture_output=True, text=True, check=True
    )
    return [line.split() for line in ran.stdout.splitlines()]


@pytest.mark.skipif(not allocator._is_glibc(), reason="there is another C library")
def test_a_program_starts_again_in_its_process_and_once(environment: dict[str, str]) -> None:
    (_, first), (_, second), (setting, last) = told(environment)
    assert first == second == last
    assert setting == "glibc.malloc.tcache_count=64"


def test_what_somebody_has_set_stays(environment: dict[str, str]) -> None:
    _, (setting, _) = told({**environment, "GLIBC_TUNABLES": "glibc.malloc.mxfast=64"})
    assert setting == "glibc.malloc.mxfast=64"
