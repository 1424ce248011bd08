"""Lists as data folders: of the invented newsletter alone, of it with the next, of a third carnet.

The third is beside the shipped data; it is found by RALLYNOV_TRIAL, and is not part of the project.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import pytest

import trial
from inventory import Inventory
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import building
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

THIRD: Final = "carnet-3"
LISTS: Final = {trial.FIRST: trial.TRIAL / "C.yaml"}
if _FOLDER := os.environ.get("RALLYNOV_TRIAL"):
    LISTS[THIRD] = Path(_FOLDER) / "A.yaml"
NO_TRIAL: Final = pytest.param(
    THIRD,
    "",
    marks=pytest.mark.skip(reason="RALLYNOV_TRIAL does not say where the third carnet is"),
)


@cache
def read(slug: str) -> Inventory:
    """Return a list; the next newsletter and the third carnet are read beside what was before."""
    if slug == trial.FIRST:
        return Inventory.read(LISTS[slug], slug)
    if slug == trial.FOLLOW_UP:
        before = [trial.TRIAL / f"{trial.FIRST}.trig", trial.TRIAL / "themes.trig"]
        return Inventory.read(trial.TRIAL / "C2.yaml", slug, before)
    beside = sorted(data_dir().rglob("*.trig"))
    return Inventory.read(LISTS[slug], slug, beside, languages=("fr", "en"))


@dataclass
class Listed:
    """A list, and the release of its data folder."""

    slug: str
    folder: Path

    @cached_property
    def inventory(self) -> Inventory:
        return read(self.slug)

    @cached_property
    def release(self) -> Release:
        data = self.folder / "data"
        if self.slug == trial.FIRST:
            trial.alone(data)
        elif self.slug == trial.FOLLOW_UP:
            trial.with_follow_up(data)
        else:
            shutil.copytree(data_dir(), data)
            (data / "carnets" / self.slug).mkdir()
            (data / "identity").mkdir(exist_ok=True)
            identity = self.inventory.identity_trig()
            (data / "identity" / f"{self.slug}.trig").write_text(identity, "utf-8")
            written = data / "carnets" / self.slug / f"{self.slug}.trig"
            written.write_text(self.inventory.trig(), "utf-8")
        scopes = data / "carnets" / self.slug / "depouillements.trig"
        scopes.write_text(self.inventory.scopes_trig(), "utf-8")
        return building.build(self.folder / "releases", data=data)

    @cached_property
    def store(self) -> EmbeddedStore:
        return EmbeddedStore.of_release(self.release)
