"""A release in a folder of its own."""

import shutil
from dataclasses import replace
from pathlib import Path

from rallynov_graph.release.release import Release


def copied(release: Release, folder: Path) -> Release:
    """Copy what was frozen of a release, without what others keep beside it meanwhile."""
    for name in ("manifest.json", *(file.path for file in release.manifest.files)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.path / name, folder / name)
    return replace(release, path=folder)
