"""How fast an index of a million labels is made, and how fast it answers.

    python bench/search.py 1000000

makes things with French-like names from a seed, puts them into an index in a temporary folder and
asks it for words as they are, beginnings of words, and misspelt words. Times are those of a whole
answer: the things found, the texts that say why, the spelling that was taken. Questions are
understood: which one of the catalogue is meant, and with what.
"""

import argparse
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions.catalogue import load
from rallynov_graph.search import index
from rallynov_graph.search.asking import Phrases
from rallynov_graph.search.index import ACRONYM, DESCRIPTION, NAME, OTHER, TextOfThing
from rallynov_graph.search.searching import Index

ASKED = 400
"""How many questions of each sort are asked."""
WORDS = 120_000
BEGINNINGS = (
    *("b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "j"),
    *("l", "m", "n", "p", "pl", "pr", "qu", "r", "s", "t", "tr", "v"),
)
MIDDLES = (
    *("a", "e", "é", "i", "o", "u", "ai", "an", "au", "ei", "en", "eu", "in", "oi", "on"),
    *("ou", "ui", "è", "ê"),
)
ENDS = ["", "", "l", "r", "s", "t", "n", "x", "ment", "tion", "té", "que", "ble", "age", "eur"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = {
    "organisation": ["Association", "Réseau", "Fédération", "Collectif", "Coopérative", "Maison"],
    "person": ["Marie", "Jean", "Pierre", "Anne", "Luc", "Élise", "Noël", "Zoé"],
    "innovation": ["Atelier", "Jardin", "Plateforme", "Parcours", "Tiers-lieu"],
    "place": ["Saint", "Sainte", "Bourg", "Mont", "Val"],
}
SMALL = ("de", "du", "la", "des", "et", "l'", "d'")


class Labels:
    """Names of things; all randomness comes from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.words = self._vocabulary()

    def texts(self, count: int) -> Iterator[tuple[str, TextOfThing]]:
        """Yield a number of labels, two for every other thing, and some descriptions."""
        made = number = 0
        while made < count:
            kind = self._random.choice([*KINDS])
            iri = f"{ID}{kind}/bench-{number}"
            label = self._label(kind)
            yield iri, TextOfThing(NAME, label, "fr")
            made += 1
            if number % 2:
                other = "".join(word[0] for word in label.split()).upper()
                yield (
                    iri,
                    TextOfThing(*((ACRONYM, other) if number % 4 == 1 else (OTHER, label[::-1]))),
                )
                made += 1
            if number % 10 == 0:
                words = " ".join(self._word() for _ in range(8))
                yield iri, TextOfThing(DESCRIPTION, words, "fr")
            number += 1

    def _label(self, kind: str) -> str:
        words = [self._random.choice(KINDS[kind])]
        for _ in range(self._random.choice((1, 2, 2, 3))):
            if self._random.random() < 0.4:
                words.append(self._random.choice(SMALL))
            words.append(self._word())
        return " ".join(words)

    def _word(self) -> str:
        return self.words[int(len(self.words) * self._random.random() ** 3)]  # some are frequent

    def _vocabulary(self) -> list[str]:
        found: dict[str, None] = {}
        pick = self._random.choice
        while len(found) < WORDS:
            syllables = (pick(BEGINNINGS) + pick(MIDDLES) for _ in range(pick((1, 2, 2, 3))))
            found["".join(syllables) + pick(ENDS)] = None
        return [*found]


def misspelt(word: str, chance: random.Random) -> str:
    """Return a word with one letter changed, dropped, added or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice(LETTERS)
    return chance.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def questions(labels: list[str], seed: int) -> dict[str, list[str]]:
    """Return the queries by type; each query is asked once."""
    chance = random.Random(seed)
    asked: dict[str, list[str]] = {"exact": [], "prefix": [], "misspelt": [], "question": []}
    while len(asked["misspelt"]) < ASKED:
        words = [word for word in chance.choice(labels).split() if len(word) > 5]
        if len(words) < 2:
            continue
        some = chance.sample(words, chance.choice((1, 2)))
        asked["exact"].append(" ".join(some))
        asked["prefix"].append(" ".join((*some[:-1], some[-1][: chance.randrange(1, 6)])))
        asked["misspelt"].append(" ".join((*some[:-1], misspelt(some[-1], chance))))
        asked["question"].append(f"qui a participé à {' '.join(words)} ?")
    return asked


def timed(
    find: Callable[[str], Sequence[object]], asked: list[str]
) -> tuple[list[float], list[float], int]:
    """Return how many milliseconds each answer took, of the processor too; how many found any."""
    took, worked, found = [], [], 0
    for text in asked:
        begun, working = time.perf_counter(), time.process_time()
        answer = find(text)
        took.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.process_time() - working))
        found += bool(answer)
    return took, worked, found


def main(count: int, seed: int) -> None:
    """Print the figures as a table."""
    labels, before = Labels(seed), _load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        texts = [*labels.texts(count)]
        begun, working = time.perf_counter(), time.process_time()
        index.write(path, texts, ())
        made, worked = time.perf_counter() - begun, time.process_time() - working
        size = path.stat().st_size / 1e6
        print(f"{count:,} labels: {made:.1f} s ({worked:.1f} s of processor), {size:.0f} MB")
        print(
            f"SQLite {sqlite3.sqlite_version}, load before and now: {before:.1f}, {_load():.1f}\n"
        )
        del texts
        again = Labels(seed)
        names = [told.value for _, told in again.texts(20_000) if told.role == NAME]
        reader, phrases = Index(path), Phrases(load(), {})
        print("| questions | p50 ms | p95 ms | p95 ms of processor | worst ms | found |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for sort, asked in questions(names, seed).items():
            find = {
                "question": lambda text: phrases.meant(text, reader).things,
            }.get(sort, lambda text: reader.find(text, "fr").hits)
            took, worked, found = timed(find, asked)
            p95, p95_worked = (statistics.quantiles(of, n=20)[-1] for of in (took, worked))
            row = f"{statistics.median(took):.1f} | {p95:.1f} | {p95_worked:.1f} | {max(took):.1f}"
            print(f"| {sort} | {row} | {found} of {len(asked)} |")


def _load() -> float:
    return os.getloadavg()[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    sys.exit(main(chosen.labels, chosen.seed))
