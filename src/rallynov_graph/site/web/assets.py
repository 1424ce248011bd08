"""The scripts and letters that the build made: what each file is called, whose software it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import AssetsError
from rallynov_graph.base.resources import web_dir

BUILT: Final = "built"
"""The folder of what was built, among the static files."""
MANIFEST: Final = "manifest.json"
"""Says there what is what; the one file whose name is always the same."""


@dataclass(frozen=True)
class Package:
    """A package of others that the browser gets a part of."""

    name: str
    version: str
    licence: str
    home: str


@dataclass(frozen=True)
class Assets:
    """What was built for the browser; names hold the hash of the content."""

    files: Mapping[str, str]
    packages: tuple[Package, ...] = ()

    def path(self, name: str) -> str:
        """Return the path of a file by the name that its source has."""
        return f"/static/{BUILT}/{self.files[name]}"

    def holds(self, path: str) -> bool:
        """Tell whether a path is of what was built, whose content never changes."""
        folder, _, name = path.rpartition("/")
        return folder == f"/static/{BUILT}" and name != MANIFEST


def load(folder: Path | None = None) -> Assets:
    """Return what was built; raise AssetsError where nothing was."""
    folder = folder or web_dir() / "static" / BUILT
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        packages = tuple(Package(**package) for package in told["packages"])
        return Assets(dict(told["files"]), packages)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetsError(
            f"The site's scripts and fonts are not in {folder}: "
            "build them with `make setup`, or `python hatch_build.py`."
        ) from error
