"""How rightly claims are checked: claims as a person would make them, and their verdicts.

    python bench/claim_verdicts.py

prints two confusion matrices, and each claim whose verdict is another than it should be. True,
altered in one part, absent, left open; names in printed forms, as acronyms, with slips of the pen:
the claims of ``claims.csv`` were drawn from the shipped data, those of ``claims_of_a_reader.csv``
written from the carnet's text alone, with their verdicts, before any was checked. Where the graph
tells another verdict than the reader's, ``told`` and ``why`` name what the text settles.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.claims.checked_claim import CheckedClaim, ClaimWords, Verdict
from rallynov_graph.claims.claim_check import ClaimChecker
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.site import Site, shapes_of
from rallynov_graph.sparql.embedded import EmbeddedStore

OF_THE_DATA = Path(__file__).with_name("claims.csv")
OF_A_READER = Path(__file__).with_name("claims_of_a_reader.csv")
ASKED_BACK = "asked back"


@dataclass(frozen=True)
class GoldClaim:
    """A claim, and the verdict that it should have."""

    kind: str
    words: ClaimWords
    verdict: str
    told: str
    """The verdict that the graph has for it; another one where a difference is named."""
    why: str


class Found(NamedTuple):
    """A claim with its result; None if a name is ambiguous."""

    gold: GoldClaim
    checked: CheckedClaim | None

    @property
    def verdict(self) -> str:
        """The verdict that it got."""
        return ASKED_BACK if self.checked is None else str(self.checked.verdict)


def gold_claims(source: Path) -> list[GoldClaim]:
    """Return the claims in their order."""
    with source.open(encoding="utf-8", newline="") as file:
        return [
            GoldClaim(
                row["kind"],
                ClaimWords(row["subject"], row["relation"], row["object"], row["certainty"]),
                row["verdict"],
                row.get("told") or row["verdict"],
                row.get("why", ""),
            )
            for row in csv.DictReader(file)
        ]


def checker(app: Flask, language: str = "fr") -> ClaimChecker:
    """Return the checker of claims for the graph of a site."""
    site: Site = app.extensions["site"]
    shapes = shapes_of(site.release).read_bytes()
    graph = site.graph
    return ClaimChecker(graph.queries, graph.labels, site.finder, shapes, language)


def checked(one: ClaimChecker, source: Path) -> Iterator[Found]:
    """Yield each claim with its result."""
    for gold in gold_claims(source):
        try:
            yield Found(gold, one.check(gold.words))
        except (AmbiguousNameError, UnknownNameError):
            yield Found(gold, None)


def matrix(found: list[Found]) -> str:
    """Return how many claims of each right verdict got each verdict, as a table."""
    counts = Counter((it.gold.verdict, it.verdict) for it in found)
    names = [str(it) for it in Verdict]
    lines = ["is \\ told".ljust(14) + "".join(name.rjust(14) for name in (*names, ASKED_BACK))]
    lines += [
        name.ljust(14)
        + "".join(str(counts[name, other]).rjust(14) for other in (*names, ASKED_BACK))
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
        for source in (OF_THE_DATA, OF_A_READER):
            found = [*checked(checker(app), source)]
            print(f"{source.name}\n{matrix(found)}")
            for it in found:
                if it.verdict != it.gold.verdict:
                    words = it.gold.words
                    print(f"{words}: {it.verdict}, not {it.gold.verdict}: {it.gold.why}")


if __name__ == "__main__":
    main()
