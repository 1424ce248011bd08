"""How rightly names are reconciled, and how fast beside csv-reconcile.

    python bench/reconcile.py --labels 1000000

tells of the spellings in ``spellings.csv``, whose right answers are known, how many are matched and
how many of these rightly; then has the same thousand names, half of them misspelt, looked for among
so many labels by both services, in batches of 50, each in one process, without a network between.
csv-reconcile is given up after some time; its figure is then that of the batches it has answered.
"""

import argparse
import csv
import json
import random
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from peers import HERE, installed

from rallynov_graph.release.building import build
from rallynov_graph.release.finder import Finder
from rallynov_graph.release.release import Release
from rallynov_graph.search import index
from rallynov_graph.search.index import NAME
from rallynov_graph.search.searching import Index
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from search import Labels, misspelt

SPELLINGS = HERE / "spellings.csv"
NAMES = 1000
BATCH = 50
LIMIT = 120.0
"""So many seconds csv-reconcile is given."""


@dataclass(frozen=True)
class Rightness:
    """Of some spellings: how many have a right answer, were matched, rightly, came first."""

    spellings: int
    named: int
    matched: int
    rightly: int
    first: int

    @property
    def precision(self) -> float:
        """The share of matches that are right."""
        return self.rightly / max(1, self.matched)

    @property
    def recall(self) -> float:
        """The share of the names of things that are matched with them."""
        return self.rightly / max(1, self.named)


class Ready:
    """A finished index."""

    def __init__(self, path: Path) -> None:
        self._index = Index(path)

    def index(self) -> Index:
        """Return the index."""
        return self._index

    def reopen(self) -> None:
        """Do nothing: nobody takes it away."""


def rightness(app: Flask) -> Rightness:
    """Return how rightly a site reconciles the spellings whose answers are known."""
    with SPELLINGS.open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    asked = {
        str(n): {"query": row["spelling"], **({"type": row["type"]} if row["type"] else {})}
        for n, row in enumerate(rows)
    }
    client = app.test_client()
    answer = client.post("/reconcile", data={"queries": json.dumps(asked)}).json
    assert answer is not None
    found = [(row["right"], answer[str(n)]["result"]) for n, row in enumerate(rows)]
    matches = [(right, [c["id"] for c in them if c["match"]]) for right, them in found]
    return Rightness(
        len(rows),
        sum(bool(right) for right, _ in found),
        sum(len(ids) for _, ids in matches),
        sum(ids == [right] for right, ids in matches),
        sum(bool(right and them) and them[0]["id"] == right for right, them in found),
    )


def of_release(release: Release) -> Flask:
    """Return the site of a release."""
    return create_app(EmbeddedStore.of_release(release), release)


def batches(names: list[str], seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the queries in batches, and the name that each means."""
    chance = random.Random(seed)
    right, asked = [], []
    while len(asked) < NAMES:
        name = chance.choice(names)
        words = [word for word in name.split() if len(word) > 4]
        if words:
            word = chance.choice(words)
            slip = misspelt(word, chance) if len(asked) % 2 else word
            asked.append({"query": name.replace(word, slip, 1)})
            right.append(name)
    parts = [asked[at : at + BATCH] for at in range(0, NAMES, BATCH)]
    return [{str(n): query for n, query in enumerate(part)} for part in parts], right


def ours(path: Path, asked: list[dict[str, Any]]) -> tuple[list[float], list[str]]:
    """Return how long each batch took over an index, and the first candidate of each name."""
    app = create_app(EmbeddedStore.of_quads([]).pages())
    site = app.extensions["site"]
    finder = Finder(site.finder.unindexed, Ready(path))  # type: ignore[arg-type]
    app.extensions["site"] = replace(site, finder=finder)
    client, took, best = app.test_client(), [], []
    for batch in asked:
        begun = time.perf_counter()
        answer = client.post("/reconcile", data={"queries": json.dumps(batch)}).json
        took.append(time.perf_counter() - begun)
        assert answer is not None
        best += [first(answer[name]["result"]) for name in batch]
    return took, best


def first(found: list[dict[str, Any]]) -> str:
    """Return the identifier of the first candidate, an empty text if there is none."""
    return str(found[0]["id"]) if found else ""


def peer(folder: Path, programs: Path, named: dict[str, str], asked: list[dict[str, Any]]) -> Any:
    """Return the same of csv-reconcile, and how long it read the table."""
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name"), *named.items()])
    (folder / "batches.json").write_text(json.dumps(asked), "utf-8")
    script = [str(programs / "python"), str(HERE / "reconcile_peer.py")]
    given = [str(folder / "table.csv"), str(folder / "batches.json"), f"{LIMIT}"]
    ran = subprocess.run([*script, *given], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def row(name: str, took: list[float], best: list[str], right: list[str], named: Any) -> str:
    """Return a row of the table: seconds for a thousand names, and how many came first."""
    a_batch = statistics.mean(took)
    whole = f"{a_batch * NAMES / BATCH:.1f} s" + (
        "" if len(took) * BATCH == NAMES else " (reckoned)"
    )
    first = sum(named.get(found) == name for found, name in zip(best, right, strict=False))
    return f"| {name} | {len(took)} | {1000 * a_batch:.0f} ms | {whole} | {first} of {len(best)} |"


def fast(labels: int, seed: int, programs: Path) -> None:
    """Print how long a thousand names take."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        index.write(folder / "index.sqlite", Labels(seed).texts(labels), ())
        named = {iri: told.value for iri, told in Labels(seed).texts(labels) if told.role == NAME}
        asked, right = batches([*named.values()], seed)
        took, best = ours(folder / "index.sqlite", asked)
        theirs = peer(folder, programs, named, asked)
    print("| service | batches | a batch | a thousand names | the right name first |")
    print("| --- | ---: | ---: | ---: | ---: |")
    print(row("rallynov", took, best, right, named))
    print(row("csv-reconcile", theirs["took"], theirs["best"], right, named))
    ratio = statistics.mean(theirs["took"]) / statistics.mean(took)
    print(f"\n{len(named):,} things, {labels:,} labels: {ratio:.0f} times as fast (aim: 5)")


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = rightness(of_release(build(Path(folder))))
    print(
        f"{found.spellings} spellings, {found.named} of them names of things: "
        f"precision {found.precision:.3f}, recall {found.recall:.3f} "
        f"({found.rightly} of {found.matched} matches right; the right thing first for "
        f"{found.first})\n"
    )
    fast(chosen.labels, chosen.seed, installed(chosen.out / "venv"))


if __name__ == "__main__":
    main()
