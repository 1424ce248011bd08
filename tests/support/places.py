"""Where the tests and what they test lie."""

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[1]
"""The folder of all tests."""
ROOT: Final = TESTS.parent
"""The checkout."""
