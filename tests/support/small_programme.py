"""A small data folder for documents that tests enter: the shipped lists, and texts."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from decided import Said, rallynov
from rallynov_graph.base.resources import data_dir
from rallynov_graph.desk.document_folder import DocumentFolder, folder_of
from rallynov_graph.desk.fact_rows import COLUMNS
from trial import dataset_of

TEXT: Final = (
    "Lettre n° 1 - mars 2014\n\nL'Atelier du Lac prête des outils entre voisins.\n"
    "Anne Orvault, de l'Atelier du Lac, ouvre l'étape de Nantua le 3 avril 2014.\n"
    "Luc Essart tient un stand.\n"
)
TELEPHONE: Final = " ".join(("01", "99", "00", "12", "34"))
"""A number of a range that ARCEP reserves for fiction."""


@dataclass(frozen=True)
class SmallProgramme:
    """A folder with data in French, and a document that nobody described yet."""

    root: Path
    text: Path
    slug: str = "lettre-1"

    @classmethod
    def made(cls, root: Path, text: str = TEXT) -> SmallProgramme:
        """Return a new one."""
        shutil.copytree(data_dir() / "curation", root / "data" / "curation")
        (root / "data" / "dataset.trig").write_text(dataset_of("lettre-1"), "utf-8")
        file = root / "lettre-1.txt"
        file.write_text(text, "utf-8")
        return cls(root, file)

    @property
    def folder(self) -> DocumentFolder:
        """The folder of its document."""
        return folder_of(self.root / "data", self.slug)

    def take_in(self, file: Path, *options: str) -> Said:
        """Return what the import of a file says."""
        return rallynov(
            "import", self.root, file, "--source", self.text, "--document", self.slug, *options
        )

    def table(self, *rows: Mapping[str, str], columns: Iterable[str] = COLUMNS) -> Path:
        """Return a table of facts."""
        path = self.root / "faits.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, [*columns])
            table.writeheader()
            table.writerows(rows)
        return path

    def written(self) -> str:
        """Return the TriG of the document after it was written."""
        said = rallynov("write", self.root)
        assert said.status == 0, said
        return self.folder.trig_file(self.slug).read_text("utf-8")


def fact(subject: str, name: str, value: str, quotation: str, **cells: str) -> dict[str, str]:
    """Return a row."""
    return {
        "subject": subject,
        "property": name,
        "object": value,
        "quotation": quotation,
        **cells,
    }
