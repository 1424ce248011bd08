"""Measure the publishing of releases as files: time, memory, files, links, the same bytes twice.

Each size is published by the command line, in processes of its own; the release is made where it
is not there. The shipped data come first.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from edition_links import broken_links
from exports import synthetic
from rallynov_graph.edition import edition_manifest as manifest
from rallynov_graph.release import building
from rallynov_graph.release.release import Release

PLACE = Path("build/bench/edition")


@dataclass(frozen=True)
class Measured:
    """What publishing a release took, and what came of it."""

    quads: int
    seconds: float
    processor_seconds: float
    largest_process_mib: int
    files: int
    mib: int
    again_seconds: float
    again_is_same: bool
    broken: int


def measured(release: Release, out: Path) -> Measured:
    """Publish a release twice, and look at what is there."""
    seconds, processor = published(release, out)
    first = (out / manifest.SUMS).read_bytes()
    again, _ = published(release, out)
    found = manifest.read(out)
    return Measured(
        release.manifest.counts["quads"],
        round(seconds, 1),
        round(processor, 1),
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        found.files,
        found.bytes >> 20,
        round(again, 1),
        first == (out / manifest.SUMS).read_bytes(),
        sum(1 for _ in broken_links(out)),
    )


def published(release: Release, out: Path) -> tuple[float, float]:
    """Return the seconds and the seconds of processors that publishing takes."""
    before, began = os.times(), time.monotonic()
    command = [sys.executable, "-m", "rallynov_graph", "publish", out, "--release", release.path]
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    used = after.children_user - before.children_user
    return time.monotonic() - began, used + after.children_system - before.children_system


def release_of(size: int) -> Release:
    """Return a release of about so many triples, made where it is not there; 0: the shipped one."""
    return synthetic(size, PLACE / f"release-{size}") if size else building.current()


def main() -> None:
    """Measure, and print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs="*", default=[0, 10_000, 100_000])
    for size in parser.parse_args().size:
        release = release_of(size)
        print(json.dumps(asdict(measured(release, PLACE / f"site-{size}"))), flush=True)


if __name__ == "__main__":
    main()
