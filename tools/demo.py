"""The demonstration: an invented programme whose two newsletters may be shown with their words.

``python tools/demo.py FOLDER`` makes the folder of the programme, as ``rallynov new`` does, from
what ``tests/trial`` states; ``make demo`` serves it with the newsletters' texts.
"""

import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Final

from rallynov_graph.release.new_programme import NewProgramme, make

TRIAL: Final = Path(__file__).parents[1] / "tests" / "trial"
TEXTS: Final = {"estran-7": "C.txt", "estran-8": "C2.txt"}
"""The text of each newsletter, by the slug of its document."""
BASE: Final = "https://example.org/estran/"
TITLE: Final = "L’Estran"


def made(folder: Path) -> Path:
    """Return the folder of a programme, in French, that has the newsletters and their texts."""
    make(folder, NewProgramme(BASE, TITLE, ("fr",), date(2026, 11, 28)))
    shutil.rmtree(folder / "data" / "documents" / "exemple")
    shutil.rmtree(folder / "texts")
    documents = ", ".join(f"document:{slug}" for slug in TEXTS)
    dataset = folder / "data" / "dataset.trig"
    dataset.write_text(
        dataset.read_text("utf-8")
        .replace("document:exemple", documents)
        .replace("Ce que disent nos lettres", "Ce que dit la lettre des rivages")
        .replace("Les curateurs", "Les lecteurs de l’Estran"),
        "utf-8",
    )
    states = {slug: folder / "data" / "documents" / f"{slug}.trig" for slug in TEXTS}
    states["identity"] = folder / "data" / "identity" / "identity.trig"
    for name, file in states.items():
        written = (TRIAL / f"{name}.trig").read_text("utf-8")
        file.parent.mkdir(exist_ok=True)
        file.write_text(written.replace("<https://w3id.org/rallynov/id/", f"<{BASE}id/"), "utf-8")
    (folder / "texts").mkdir()
    for slug, text in TEXTS.items():
        shutil.copy(TRIAL / text, folder / "texts" / f"{slug}.txt")
    return folder


if __name__ == "__main__":
    made(Path(sys.argv[1]))
