"""A tiny ontology and dataset, for tests that must not depend on the shipped ones."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).with_name("standin_sources")


STAGES = (SOURCES / "data" / "carnets" / "1" / "stages.trig").read_text("utf-8")


@dataclass(frozen=True)
class StandIn:
    """Folders of sources that a test may change."""

    data: Path
    ontology: Path

    @property
    def stages(self) -> Path:
        return self.data / "carnets" / "1" / "stages.trig"

    def forget_a_name(self) -> None:
        """Leave the second stage without its label: a violation on line 8."""
        broken = STAGES.replace('rdfs:label "Deuxième étape, « à venir »"@fr ; ', "")
        self.stages.write_text(broken, "utf-8")

    def change(self) -> None:
        """Give the first stage another name: other data, another release."""
        self.stages.write_text(STAGES.replace("Première", "Toute première"), "utf-8")


def make(folder: Path) -> StandIn:
    """Write the stand-in's sources under a folder."""
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    return StandIn(folder / "data", folder / "ontology")


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file in a folder, to be compared with another's."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
