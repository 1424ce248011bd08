"""What entering documents costs: the size of decisions, the round trip of carnet 2, the time.

    python bench/entering.py

takes carnet 2 into decisions and writes it again, enters the invented newsletter, and tells how
many characters the decisions and the TriG have, what a fact costs in each, and how long import and
write take, in a process of their own.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from peers import HERE
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.desk.document_folder import DocumentFolder
from rallynov_graph.release import building

CARNET_2 = Path("carnets", "carnet-2")


@dataclass(frozen=True)
class Entered:
    """A document that was entered: characters, facts, seconds."""

    name: str
    facts: int
    trig: int
    decisions: int
    import_seconds: float
    write_seconds: float

    def row(self) -> str:
        """Return it as a row of the table."""
        return (
            f"{self.name:<12}{self.facts:>7}{self.trig:>10}{self.trig / self.facts:>8.0f}"
            f"{self.decisions:>11}{self.decisions / self.facts:>8.0f}"
            f"{self.decisions / self.trig:>8.1%}"
            f"{self.import_seconds:>9.1f}{self.write_seconds:>8.1f}"
        )


def seconds(*arguments: object) -> float:
    """Return the time of a command; exit if it fails."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "rallynov_graph", *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: {ran.stdout}{ran.stderr}")
    return time.perf_counter() - began


def measured(name: str, folder: DocumentFolder, *spent: float) -> Entered:
    """Return the measurements of a document."""
    trig = "".join(path.read_text("utf-8") for path in sorted(folder.path.glob("*.trig")))
    decisions = sum(
        len(path.read_text("utf-8")) for path in (folder.path / "decisions").glob("*.jsonl")
    )
    return Entered(name, facts(folder), len(trig), decisions, *spent)


def facts(folder: DocumentFolder) -> int:
    """Return how many facts the sets of a document state."""
    quads = [
        quad
        for path in folder.path.glob("*.trig")
        for quad in parse(path=str(path), format=RdfFormat.TRIG)
    ]
    sets = {quad.subject for quad in quads if quad.predicate.value == f"{RN}certainty"}
    return sum(quad.graph_name in sets for quad in quads)


def round_trip(root: Path) -> Entered:
    """Take carnet 2 in and write it again; print whether the release is the same."""
    shutil.copytree(data_dir(), root / "data")
    before = building.build(root / "before", data=root / "data", checked=False).manifest.id
    folder = DocumentFolder(root / "data" / CARNET_2)
    spent = (seconds("import", root, folder.path), seconds("write", root))
    after = building.build(root / "after", data=root / "data", checked=False).manifest.id
    same = "the same release" if before == after else f"ANOTHER RELEASE, {before} and {after}"
    print(f"Carnet 2 taken in and written again: {same}.")
    return measured("carnet 2", folder, *spent)


def from_table(root: Path) -> Entered:
    """Enter the invented newsletter from its table, as the tests do."""
    sys.path[:0] = [str(HERE.parent / "tests" / "support"), str(HERE.parent / "tests")]
    import decided_trial

    it = decided_trial.to_enter_alone(root)
    options = ("--source", it.text, "--document", it.slug)
    reader = ("--reader", decided_trial.READER)
    taken = seconds("import", it.root, decided_trial.TABLE, *options, *reader)
    return measured("C", it.folder, taken, seconds("write", it.root))


def main() -> None:
    """Measure, and print the table."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "carnet").mkdir()
        rows = [round_trip(root / "carnet"), from_table(root / "newsletter")]
    print(
        f"\n{'document':<12}{'facts':>7}{'TriG':>10}{'a fact':>8}{'decisions':>11}{'a fact':>8}"
        f"{'share':>8}{'import s':>9}{'write s':>8}"
    )
    print("\n".join(it.row() for it in rows))


if __name__ == "__main__":
    main()
