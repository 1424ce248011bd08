"""The location of a release's store: memory, or the release's folder on disk."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Final

import pyoxigraph

from rallynov_graph.base.derived_files import derived_folder
from rallynov_graph.base.errors import (
    RallynovError,
    ReleaseError,
    os_error_text,
)
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

DISK_ABOVE: Final = "RALLYNOV_DISK_ABOVE"
"""The setting: a release of more quads has its store on disk unless --store says otherwise."""
QUADS_IN_MEMORY: Final = 4_000_000
"""The setting's default: about 3 GB of memory."""


class StoreKind(StrEnum):
    """The location of a store; AUTO chooses by the size of the release."""

    AUTO = "auto"
    MEMORY = "memory"
    DISK = "disk"


def of_release(release: Release, kind: StoreKind = StoreKind.AUTO) -> EmbeddedStore:
    """Return the store of a release; its answers are the same in every location.

    On disk, it is made at first use, in the release's folder, and used again afterwards. Raises
    ReleaseError if it cannot be made or read.
    """
    if is_in_memory(release, kind):
        return EmbeddedStore.of_release(release)
    try:
        return EmbeddedStore.on_disk(
            derived_folder(folder_of(release), lambda new: EmbeddedStore.write(release, new))
        )
    except OSError as error:
        raise ReleaseError(
            f"{release.path}: the store cannot be kept there: {os_error_text(error)} "
            "Or keep it in memory by --store memory.",
        ) from error


def is_in_memory(release: Release, kind: StoreKind = StoreKind.AUTO) -> bool:
    if kind is StoreKind.AUTO:
        return not outgrows_memory(release.manifest.counts["quads"])
    return kind is StoreKind.MEMORY


def folder_of(release: Release) -> Path:
    """Return the place of a release's store on disk; each engine has its own."""
    return release.path / f"oxigraph-{pyoxigraph.__version__}-{release.id[:16]}"


def outgrows_memory(quads: int) -> bool:
    """Whether a number of quads is more than the setting allows in memory."""
    setting = os.environ.get(DISK_ABOVE) or str(QUADS_IN_MEMORY)
    if not setting.isdecimal():
        raise RallynovError(f"{DISK_ABOVE} is a number of quads, not {setting!r}.")
    return quads > int(setting)
