"""How rightly claims are checked: sixty claims as a person would make them, and their verdicts.

    python bench/claim_verdicts.py

prints the confusion matrix, and each claim whose verdict is another than it should be. The claims
of ``claims.csv`` were drawn from the shipped data with their verdicts before any was checked: true,
altered in one part, absent, left open; names in printed forms, as acronyms, with slips of the pen.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from rallynov_graph.claims.checked_claim import CheckedClaim, ClaimWords, Verdict
from rallynov_graph.claims.claim_check import ClaimChecker
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.site import Site, shapes_of
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

CLAIMS = Path(__file__).with_name("claims.csv")


@dataclass(frozen=True)
class GoldClaim:
    """A claim, and the verdict that it should have."""

    kind: str
    words: ClaimWords
    verdict: str


def gold_claims() -> list[GoldClaim]:
    """Return the claims in their order."""
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return [
            GoldClaim(
                row["kind"],
                ClaimWords(row["subject"], row["relation"], row["object"], row["certainty"]),
                row["verdict"],
            )
            for row in csv.DictReader(file)
        ]


def checker(app: Flask, language: str = "fr") -> ClaimChecker:
    """Return what checks claims against the graph of a site."""
    site: Site = app.extensions["site"]
    shapes = shapes_of(site.release).read_bytes()
    graph = site.graph
    return ClaimChecker(graph.queries, graph.labels, site.finder, shapes, language)


def checked(one: ClaimChecker) -> Iterator[tuple[GoldClaim, CheckedClaim]]:
    """Yield each claim with what is said of it."""
    for gold in gold_claims():
        yield gold, one.check(gold.words)


def matrix(found: list[tuple[GoldClaim, CheckedClaim]]) -> str:
    """Return how many claims of each right verdict got each verdict, as a table."""
    counts = Counter((gold.verdict, str(it.verdict)) for gold, it in found)
    names = [str(it) for it in Verdict]
    lines = ["is \\ told".ljust(14) + "".join(name.rjust(14) for name in names)]
    lines += [
        name.ljust(14) + "".join(str(counts[name, other]).rjust(14) for other in names)
        for name in names
    ]
    return "\n".join(lines)


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        release = build(Path(folder))
        app = create_app(EmbeddedStore.of_release(release).pages(), release)
        found = [*checked(checker(app))]
    print(matrix(found))
    for gold, it in found:
        if gold.verdict != it.verdict:
            print(f"{gold.words}: {it.verdict} ({it.because}), which should be {gold.verdict}")


if __name__ == "__main__":
    main()
