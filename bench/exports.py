"""The dumps beside ``oxigraph dump``: ``make bench NAME=exports``.

Both write the same quads, in turn; each run is a process of its own, whose processor time and most
memory are its own too. Machines are noisy: read the ratios within one run. The table goes to
``build/bench/exports.md``.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import peers

from rallynov_graph.exports.dumps import DUMPS, PACKAGE
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release, load

HERE = Path(__file__).parent
AIM = 3.0
"""So many times as long as the peer the N-Quads may take."""
MOST_MEGABYTES = 300.0


@dataclass(frozen=True)
class Cost:
    """The cost of a process: seconds by the clock and of processor, megabytes at most."""

    seconds: float
    cpu: float
    megabytes: float


def cost(command: Sequence[object]) -> Cost:
    """Return the cost of a command; raise CalledProcessError if it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen([*map(str, command)], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command[0])
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the middle of each figure."""
    return Cost(*(median(getattr(c, name) for c in costs) for name in Cost.__annotations__))


def ours(release: Release, name: str, out: Path) -> Cost:
    """Return the cost of ``rallynov export``."""
    program = [sys.executable, "-m", "rallynov_graph", "export", "--format", name]
    return cost([*program, "--release", release.path, "--out", out])


def measured(release: Release, work: Path, repeats: int) -> list[str]:
    """Return the table of a release as lines of Markdown."""
    program = peers.installed(work.parent / "peers") / "oxigraph"
    store = work / "store"
    cost([program, "load", "--location", store, "--file", release.data, "--lenient"])
    pairs = []
    for number in range(repeats):
        print(f"  N-Quads, run {number + 1} …", file=sys.stderr, flush=True)
        mine = ours(release, "nq", work / "ours.nq")
        dump = [program, "dump", "--location", store, "--file", work / "theirs.nq"]
        (work / "theirs.nq").unlink(missing_ok=True)
        pairs.append((mine, cost(dump)))
    mine, theirs = (middle(costs) for costs in zip(*pairs, strict=True))
    ratio = median(m.seconds / t.seconds for m, t in pairs)
    lines = [f"**{release.manifest.counts['quads']:,} quads**, {repeats} runs in turn", ""]
    lines += ["| written | seconds | of processor | MB | MB written |", "| --- |" + " ---: |" * 4]
    lines.append(_row("N-Quads, ours", mine, work / "ours.nq"))
    lines.append(_row("N-Quads, `oxigraph dump`", theirs, work / "theirs.nq"))
    for dump in (dump for dump in DUMPS[1:] if dump.group != PACKAGE):  # answers take their time
        print(f"  {dump.name} …", file=sys.stderr, flush=True)
        out = work / dump.file
        lines.append(_row(dump.form.label, ours(release, dump.name, out), out))
        out.unlink()
    reached = "reached" if ratio <= AIM else "missed"
    return [*lines, "", f"N-Quads take {ratio:.2f} times as long (aim: ≤ {AIM:g}, {reached}).", ""]


def _row(name: str, cost: Cost, path: Path) -> str:
    size = path.stat().st_size / 1e6
    over = " (over the aim)" if cost.megabytes > MOST_MEGABYTES else ""
    figures = f"{cost.seconds:.1f} | {cost.cpu:.1f} | {cost.megabytes:.0f}{over} | {size:.1f}"
    return f"| {name} | {figures} |"


def synthetic(triples: int, folder: Path) -> Release:
    """Return a release of the shipped data and invented ones."""
    generate = [sys.executable, str(HERE / "generate.py"), str(triples), str(folder)]
    subprocess.run([*generate, "--seed", "1"], check=True, stdout=sys.stderr)
    return build(folder / "out", data=folder / "data")


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="how many triples")
    parser.add_argument("--release", type=Path, help="a release that is there, in their place")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    arguments = parser.parse_args()
    work = arguments.out / "exports"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    given = arguments.release
    release = load(given) if given else synthetic(arguments.size, work)
    table = "\n".join(measured(release, work, arguments.repeats))
    (arguments.out / "exports.md").write_text(table, "utf-8")
    shutil.rmtree(work)
    print(table)


if __name__ == "__main__":
    main()
