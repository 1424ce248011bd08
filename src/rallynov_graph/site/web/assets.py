"""The scripts and fonts that the build made, by their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import AssetsError
from rallynov_graph.base.resources import web_dir

BUILT: Final = "built"
"""The folder of built files, within the static ones."""
MANIFEST: Final = "manifest.json"
"""The file in that folder that maps names to built files; only its own name is fixed."""


@dataclass(frozen=True)
class Assets:
    """The files that were built for the browser; their names hold a hash of the content."""

    files: Mapping[str, str]

    def path(self, name: str) -> str:
        """Return the path of a built file by the name of its source."""
        return f"/static/{BUILT}/{self.files[name]}"

    def holds(self, path: str) -> bool:
        """Return whether a path is of a built file, whose content never changes."""
        folder, _, name = path.rpartition("/")
        return folder == f"/static/{BUILT}" and name != MANIFEST


def load(folder: Path | None = None) -> Assets:
    """Return the built files; raise AssetsError where there are none."""
    folder = folder or web_dir() / "static" / BUILT
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Assets(dict(manifest["files"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetsError(
            f"The site's scripts and fonts are not in {folder}: "
            "build them with `make setup`, or `python hatch_build.py`."
        ) from error
