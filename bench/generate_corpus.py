"""A corpus of documents that nobody wrote, in which the same people come back under other names.

    python bench/generate_corpus.py folder --documents 100 --seed 1

writes ``folder/data``: the shipped data, and so many documents, one a month. Each names people and
organisations in forms of its own (whole, by initials or acronym, without accents, misspelt) and
under addresses of its own; who is who in truth stands in ``folder/truth.csv``. Each announces two
stages that the next one reports, one of them on another day. ``--decided`` adds the decisions by
which a curator says who is who. The same number and seed give the same bytes.
"""

import argparse
import csv
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from generate import FIRST, LABEL, STAGES_A_CARNET, A, Carnets, term, text, themes, thing, typed
from hidden_names import Naming, World

from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import data_dir

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
FIRST_YEAR = 2014
ANNOUNCED = 2
"""How many stages of the next document each announces."""


class Corpus(Carnets):
    """Writes one document after the other, and keeps who is who."""

    def __init__(self, seed: int, themes: list[str]) -> None:
        super().__init__(seed, themes)
        self._world = World(self._random)
        self.truth: dict[str, str] = {}
        """Of each address, who or what it is of in truth."""
        self.named_in: dict[str, str] = {}
        """Of each address, the set that has the name."""
        self._number = 0
        self._in_document: dict[str, str] = {}

    def carnet(self, number: int) -> Iterator[str]:
        """Yield the N-Quads of a document, with its announcements."""
        self._number = number
        self._in_document = {}
        yield from super().carnet(number)
        for stage in range(ANNOUNCED):
            yield from self._announcement(number + 1, stage)

    def _announcement(self, document: int, number: int) -> Iterator[str]:
        """Yield that a stage of a later document is to be held; the second is put off since."""
        name = f"bench-{document}-{number}"
        stage = thing("stage", name)
        year, month = year_and_month(document)
        yield from self._in_both(stage, LABEL, f"Étape {name}", f"Stage {name}")
        day = f"{year}-{month:02}-{number + 1 + 10 * number:02}"
        facts = [
            (stage, A, term("rn", "Stage")),
            (stage, term("schema", "superEvent"), self._rally),
            (stage, term("rn", "status"), thing("status", "annoncee")),
            (stage, term("schema", "startDate"), typed(day, "date")),
            self._about(stage),
        ]
        yield from self._set(f"annonce-{number}-etape", facts)

    def _rally_of(self, number: int) -> tuple[str, str]:
        return thing("rally", "bench"), '"Rallye de Valdorne"'

    def _certainty(self, name: str) -> str:
        return "explicit" if name.endswith("-etape") else super()._certainty(name)

    def _title(self, name: str) -> tuple[str, str]:
        title = self._world.title()
        return title, title

    def _month(self, number: int) -> tuple[str, str]:
        year, month = year_and_month(number)
        return f"{year}-{month:02}", f"{MONTHS[month - 1]} {year}"

    def _day(self, number: int) -> str:
        year, month = year_and_month(self._number)
        return f"{year}-{month:02}-{number + 1:02}"

    def _rank(self, number: int) -> int:
        return STAGES_A_CARNET * self._number + number + 1

    def _person(self, name: str) -> Generator[str, None, tuple[str, str]]:
        naming = self._world.person()
        person, is_new = self._address("person", naming)
        named = f'"{naming.printed}"'
        if is_new:
            self.named_in[person[1:-1]] = thing("assertion-set", f"{self._name}-{name}-temoignage")
            yield self._described(person, LABEL, named)
        return person, named

    def _organisation(self, name: str) -> Generator[str, None, str]:
        naming = self._world.organisation()
        organisation, is_new = self._address("organisation", naming)
        if is_new:
            self.named_in[organisation[1:-1]] = thing("assertion-set", f"{self._name}-{name}-nom")
            yield from self._named(name, organisation, f'"{naming.printed}"')
        return organisation

    def _address(self, kind: str, naming: Naming) -> tuple[str, bool]:
        """Return the address of a named person, and whether the document introduces the person."""
        known = self._in_document.get(naming.truth)
        if known is not None:
            return known, False
        address = thing(kind, f"{self._name}-{len(self._in_document)}")
        self._in_document[naming.truth] = address
        self.truth[address[1:-1]] = naming.truth
        return address, True


def year_and_month(document: int) -> tuple[int, int]:
    """Return when a document appeared."""
    return FIRST_YEAR + document // 12, document % 12 + 1


def decisions(corpus: Corpus) -> Iterator[str]:
    """Yield the N-Quads of the decisions by which each address of somebody becomes the first."""
    graph = thing("graph", "bench-identities")
    yield f"{graph} {A} {term('rn', 'CurationGraph')} {graph} .\n"
    yield f"{graph} {LABEL} {text('Identités')} {graph} .\n"
    yield f"{graph} {LABEL} {text('Identities', 'en')} {graph} .\n"
    yield f"{graph} {term('prov', 'wasAttributedTo')} {thing('agent', 'curateurs')} {graph} .\n"
    made = typed("2023-01-01T00:00:00Z", "dateTime")
    yield f"{graph} {term('prov', 'generatedAtTime')} {made} {graph} .\n"
    for number, (kept, other) in enumerate(true_pairs(corpus.truth)):
        decision = thing("decision", f"bench-{number}")
        for predicate, value in (
            (A, term("rn", "IdentityDecision")),
            (LABEL, text(f"décision {number}")),
            (LABEL, text(f"decision {number}", "en")),
            (term("rn", "identity"), term("rn", "same")),
            (term("rn", "kept"), f"<{kept}>"),
            (term("rn", "other"), f"<{other}>"),
            (term("rn", "evidence"), corpus.named_in[kept]),
            (term("rn", "evidence"), corpus.named_in[other]),
            (term("rn", "reason"), text("La même activité.")),
            (term("rn", "reason"), text("The same activity.", "en")),
        ):
            yield f"{decision} {predicate} {value} {graph} .\n"


def true_pairs(truth: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each later address of somebody with the first one."""
    first: dict[str, str] = {}
    for address, entity in truth.items():
        if address != (kept := first.setdefault(entity, address)):
            yield kept, address


def file_of(number: int, data: Path) -> Path:
    """Return the file of a document."""
    return data / "carnets" / f"bench-{number}.nq"


def write(documents: int, folder: Path, seed: int, decided: bool = False) -> Path:
    """Write a data folder with the shipped data and a number of documents more; return it."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    corpus = Corpus(seed, themes())
    for number in range(FIRST, FIRST + documents):
        with file_of(number, data).open("w", encoding="utf-8") as file:
            file.writelines(corpus.carnet(number))
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (address.removeprefix(ID), entity) for address, entity in corpus.truth.items()
        )
    if decided:
        with (data / "identities.nq").open("w", encoding="utf-8") as file:
            file.writelines(decisions(corpus))
    return data


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--decided", action="store_true", help="decide who is who, by the truth")
    chosen = parser.parse_args()
    print(write(chosen.documents, chosen.folder, chosen.seed, chosen.decided))
