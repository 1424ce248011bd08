"""Where the tests and what they test lie."""

import os
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
"""The folder of all tests."""
ROOT: Final = TESTS.parent
"""The checkout."""


def suite(name: str) -> Path:
    """Return the folder of a suite that others wrote; skip the test where it is not."""
    folder = Path(os.environ.get("RALLYNOV_SUITES", ""), name)
    if "RALLYNOV_SUITES" not in os.environ:
        pytest.skip(f"RALLYNOV_SUITES names no folder with {name}")
    return folder
