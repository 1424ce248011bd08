"""How quick the reading desk is with a long document: opening it, acts, what its fields offer.

    python bench/desk_page.py --pages 200 --facts 5000

makes a document of so many pages and facts in a folder of its own, runs ``rallynov desk`` on it,
and tells how long each answer takes over HTTP, how long it is, and when the checks are ready.
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from peers import HERE
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import Act, DocumentText, Opened, Stated, TextSelection, digest_of
from rallynov_graph.desk.document_reading import DocumentReading, first_acts
from rallynov_graph.desk.short_terms import TYPE

sys.path[:0] = [str(HERE.parent / "tests" / "support"), str(HERE.parent / "tests")]

from desks import Desk, desk, small_desk  # noqa: E402 (the tests' own)

LINES = 40
"""How many lines a page has."""
WORDS = (
    *("le", "la", "une", "atelier", "voisins", "outils", "mairie", "projet", "avec", "pour"),
    *("dans", "réunion", "habitants", "vélo", "école", "marché", "commune", "santé", "jardin"),
)
READER = f"{ID}agent/curateurs"
LABEL = f"{PREFIXES['rdfs']}label"


def text_of(pages: int) -> str:
    """Return a text with a number of pages, the same each time."""
    chance = random.Random(25)
    return "".join(
        " ".join(chance.choice(WORDS) for _ in range(11)).capitalize() + ".\n"
        for _ in range(pages * LINES)
    )


def acts(text: str, things: int) -> Iterator[Act]:
    """Yield a reader's acts: organisations with names, and their innovations."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for number in range(things):
        place = number * len(lines) // things
        start, end = starts[place], starts[place + 1] - 1
        kind, iri = (
            ("organisation", f"{PREFIXES['org']}Organization")
            if number % 2
            else ("innovation", f"{RN}Innovation")
        )
        thing = f"{ID}{kind}/chose-{number}"
        label = Literal(f"Chose {number}") if number % 2 else Literal("Chose", language="fr")
        yield Stated("thing", thing, says={LABEL: (label,)})
        said = {TYPE: (NamedNode(iri),), f"{RN}nameAsPrinted": (Literal(lines[place].split()[0]),)}
        if number % 2 == 0 and number:
            body = NamedNode(f"{ID}organisation/chose-{number - 1}")
            said[f"{RN}carriedBy"] = (body,)
        words = TextSelection(start, end, digest_of(text[start:end]))
        yield Stated("set", f"{ID}assertion-set/x-{number}", words=(words,), facts={thing: said})


def timed(name: str, window: Desk, path: str) -> None:
    """Print how long an answer takes, and how long it is."""
    began = time.perf_counter()
    answer = window.ask("GET", path)
    told(name, began, len(answer.body))


def told(name: str, began: float, size: int) -> None:
    print(f"{name:<28}{(time.perf_counter() - began) * 1000:>9.0f} ms{size:>12,} bytes", flush=True)


def measure(window: Desk) -> None:
    """Print what answers take before and after the checks are ready."""
    slug, began = window.slug, time.perf_counter()
    timed("state", window, f"/{slug}/state")
    timed("state again", window, f"/{slug}/state")
    timed("text", window, f"/{slug}/text")
    while window.state()["checking"]:
        time.sleep(2)
    told("checks ready", began, 0)
    state = window.state()
    facts = [it for it in state["facts"] if it["property"]["iri"] == f"{RN}carriedBy"]
    waiting = [it for it in state["proposals"] if it["status"] == "waiting"]
    asked = [("drop", {"fact": facts[0]["id"]}), ("undo", {}), ("redo", {}), ("undo", {})]
    asked += [("refuse", {"proposal": it["id"]}) for it in waiting[:2]]
    for name, fields in asked:
        began = time.perf_counter()
        _, said = window.act(name, **fields)
        told(name, began, len(json.dumps(said)))
    timed("things", window, f"/{slug}/things?q=cho")
    timed("properties", window, f"/{slug}/properties?subject={facts[0]['subject']['address']}")
    timed("reasons", window, f"/{slug}/reasons?q=")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--facts", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        text = text_of(options.pages)
        small = small_desk(Path(folder), text)
        names = (f"{ID}document/{small.slug}", f"{ID}extraction/{small.slug}")
        digest = hashlib.sha256(text.encode()).hexdigest()
        document = DocumentText(*names, digest, len(text), ("fr", "en"))
        begun = first_acts(DocumentReading(document, READER), text, "2026-11-28")
        stated = [*begun, *acts(text, options.facts * 2 // 5)]
        file = small.folder.file_of(READER)
        decisions_file.append(file, Opened(document, READER), stated, "2026-11-28T00:00:00Z")
        print(f"{options.pages} pages, {len(text):,} signs, {file.stat().st_size:,} bytes decided")
        began = time.perf_counter()
        with desk(small.root, small.slug) as running:
            told("opened", began, 0)
            measure(running.window(small.slug))


if __name__ == "__main__":
    main()
