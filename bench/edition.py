"""Measure the publishing of releases as files: time, memory, files, links, the same bytes twice.

    python bench/edition.py --documents 0 1 13

The shipped data come first (0); else so many invented documents more (``generate_corpus.py``, about
7,000 quads each) are built through the gate. Each is published twice by the command line into two
folders, in processes of its own, and once more in the place of the first; its links are followed,
one page in ``--every`` is compared with what a server says, and the check is to name a file that is
changed, one that is missing and one that is too many. ``edition_reading.py`` compares all pages of
a folder, ``edition_browsing.py`` looks at those of each kind in a browser.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from generate_corpus import write

from edition_links import broken_links
from edition_texts import TELLING, Beside
from rallynov_graph.edition import folder as manifest
from rallynov_graph.edition.addresses import SiteAddress
from rallynov_graph.edition.links import addresses_in
from rallynov_graph.edition.publishing import Sites
from rallynov_graph.release import building
from rallynov_graph.release.attribution import Publication
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

PLACE = Path("build/bench/edition")
BASE = "https://data.example.org/rally/"
SEED = 1


@dataclass(frozen=True)
class Measured:
    """The cost of publishing a release, and the result."""

    quads: int
    seconds: float
    processor_seconds: float
    largest_process_mib: int
    files: int
    pages: int
    mib: int
    same_bytes_elsewhere: bool
    again_seconds: float
    again_changed: int
    """How many files were written anew where nothing had changed."""
    broken: int
    compared: int
    other_texts: int
    faults_named: int
    """Of three: a changed, a missing and an added file."""


def measured(release: Release, place: Path, every: int) -> Measured:
    """Publish a release, and inspect the result."""
    one, other = place / "one", place / "deeper" / "other"
    seconds, processor = published(release, one)
    published(release, other)
    inodes = {it: it.stat().st_ino for it in files_of(one)}
    again, _ = published(release, one)
    found = manifest.read(one)
    texts = [*compared(release, one, every)]
    return Measured(
        release.manifest.counts["quads"],
        round(seconds, 1),
        round(processor, 1),
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        found.files,
        sum(1 for it in inodes if it.suffix == ".html"),
        found.bytes >> 20,
        all((one / it).read_bytes() == (other / it).read_bytes() for it in written_lists()),
        round(again, 1),
        sum(inodes.get(it) != it.stat().st_ino for it in files_of(one) if not is_list(it)),
        sum(1 for _ in broken_links(one, "/rally/")),
        len(texts),
        texts.count(False),
        faults_named(other),
    )


def written_lists() -> tuple[str, str]:
    """Return the files that say what all others are."""
    return manifest.SUMS, manifest.MANIFEST


def is_list(path: Path) -> bool:
    """Return whether a file is one of those."""
    return path.name in written_lists()


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder."""
    return (it for it in folder.rglob("*") if it.is_file())


def published(release: Release, out: Path) -> tuple[float, float]:
    """Return the seconds and the seconds of processors that publishing takes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    before, began = os.times(), time.monotonic()
    command = [sys.executable, "-m", "rallynov_graph", "publish", out, "--base", BASE]
    subprocess.run([*command, "--release", release.path], check=True, capture_output=True)
    after = os.times()
    used = after.children_user - before.children_user
    return time.monotonic() - began, used + after.children_system - before.children_system


def compared(release: Release, folder: Path, every: int) -> Iterator[bool]:
    """Compare a sample of pages with those of a server, and yield the results."""
    store = EmbeddedStore.of_release(release).pages()
    server = create_app(store, release, publication=Publication(BASE)).test_client()
    beside = Beside(folder, BASE, lambda path: server.get(path).text)
    for page in islice(pages_of(release), 0, None, every):
        for address in beside.variants(page):
            yield page.first_part in TELLING or not beside.difference(address)


def pages_of(release: Release) -> Iterator[SiteAddress]:
    """Yield the pages that links lead to from the home page, at the least certainty in French."""
    sites = Sites.of([release], BASE)
    waiting = [it.group for it in sites.beginnings() if it.is_page]
    seen = set(waiting)
    while waiting:
        page = waiting.pop()
        answer = sites.ask(page)
        if not answer.is_page:
            continue
        if answer.status == 200:
            yield page
        found = addresses_in(answer.content.decode())
        new = {it.group for it in found if it.is_page and sites.has(it)} - seen
        seen |= new
        waiting += sorted(new)


def faults_named(folder: Path) -> int:
    """Harm an edition, and return how many of the three faults the check names."""
    pages = sorted(folder.glob("page/*/*.html"))
    pages[0].write_text("<p>Nothing</p>")
    pages[1].unlink()
    (folder / "notes.txt").write_text("mine")
    said = subprocess.run(
        [sys.executable, "-m", "rallynov_graph", "check", folder],
        check=False,
        capture_output=True,
        text=True,
    ).stderr
    named = (
        f"{pages[0].relative_to(folder)} was changed",
        f"{pages[1].relative_to(folder)} is missing",
        "notes.txt is no part",
    )
    return sum(it in said for it in named)


def release_of(documents: int, place: Path) -> Release:
    """Return a release with a number of invented documents; for 0, the shipped one."""
    if not documents:
        return building.current()
    shutil.rmtree(place / "corpus", ignore_errors=True)
    data = write(documents, place / "corpus", SEED)
    return build(place / "releases", data=data)


def main() -> None:
    """Measure, and print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="*", default=[0, 13, 42])
    parser.add_argument("--every", type=int, default=20, help="compare one page in so many")
    arguments = parser.parse_args()
    for documents in arguments.documents:
        place = PLACE / str(documents)
        place.mkdir(parents=True, exist_ok=True)
        found = measured(release_of(documents, place), place, arguments.every)
        print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    main()
