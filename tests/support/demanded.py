"""What must be said of each kind of thing, and what only once: ``demanded.toml``."""

import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
REQUIRED: dict[str, str] = _TABLES["required"]
FUNCTIONAL: dict[str, str] = _TABLES["functional"]
