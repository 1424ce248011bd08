"""The languages of the texts that readers see, and of labels."""

from typing import Final

LANGUAGES: Final = ("fr", "en")
"""The languages, the default first."""
DEFAULT_LANGUAGE: Final = LANGUAGES[0]
