"""What tools say, in both languages: ``words.toml``."""

from pathlib import Path
from typing import Final

from rallynov_graph.base.languages import words_of

TOOL_WORDS: Final = words_of(Path(__file__).with_name("words.toml"))
