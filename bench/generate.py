"""Synthetic Rally'nov graphs of any size: the shipped data, and carnets that nobody wrote.

    python bench/generate.py 1000000 folder --seed 1

writes ``folder/data`` with about so many triples more than the shipped data have, as N-Quads, in
constant memory. The same number and seed give the same bytes. The ontology, the lists and the
thesaurus are the shipped ones; a carnet has stages, organisations (which come back in other
carnets), innovations, testimonies and themes, each said by an assertion set with its passages,
certainty and voice, in the proportions of the real data.
"""

import argparse
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import data_dir
from rallynov_graph.rdf import sources

A = f"<{PREFIXES['rdf']}type>"
LABEL = f"<{PREFIXES['rdfs']}label>"
CERTAINTIES = ("explicit",) * 6 + ("inferred",) * 3 + ("tentative",)
STAGES_A_CARNET = 12
CHOICES = {
    "nature": ("pratique", "principe", "projet"),
    "means": ("bus", "colocation", "passeport", "teletravail", "velo-electrique"),
    "need": ("se-deplacer", "former-sur-place", "competences-rares"),
    "beneficiary": ("enfants", "entreprises", "personnes-agees", "salaries"),
}
"""Values of the shipped lists that an innovation has."""
MODES = ("cite", "raconte", "rapporte")
SHARED = 0.6
"""How often an organisation is one that an earlier carnet has."""


def term(prefix: str, name: str) -> str:
    return f"<{PREFIXES[prefix]}{name}>"


def thing(kind: str, slug: str) -> str:
    return f"<{ID}{kind}/{slug}>"


def text(words: str, language: str = "fr") -> str:
    return f'"{words}"@{language}'


class Carnets:
    """Writes one carnet after the other; all that is random comes from one seed."""

    def __init__(self, seed: int, themes: list[str]) -> None:
        self._random = random.Random(seed)
        self._themes = themes
        self._organisations = 0
        self._passages = 0

    def carnet(self, number: int) -> Iterator[str]:
        """Yield the N-Quads of a carnet, about 3,700 of them; its document has no parts."""
        self._name = f"bench-{number}"
        self._document = thing("document", self._name)
        self._text = thing("extraction", self._name)
        self._curation = thing("graph", self._name)
        self._rally = thing("rally", self._name)
        yield self._described(self._curation, A, term("rn", "CurationGraph"))
        yield self._described(self._curation, LABEL, text(f"Carnet {number}"))
        yield self._described(self._document, LABEL, text(f"carnet de route n° {number}"))
        yield self._described(self._text, A, term("rn", "Extraction"))
        yield self._described(self._text, term("dcterms", "isFormatOf"), self._document)
        yield self._described(self._rally, LABEL, f'"Rallye {number}"')
        kinds = [
            (self._rally, A, term("rn", "Rally")),
            (self._document, A, term("schema", "PublicationIssue")),
        ]
        yield from self._set("rallye", kinds)
        for stage in range(STAGES_A_CARNET):
            yield from self._stage(stage)

    def _stage(self, number: int) -> Iterator[str]:
        name = f"{self._name}-{number}"
        stage = thing("stage", name)
        yield self._described(stage, LABEL, text(f"Étape {name}"))
        carrier = yield from self._organisation(f"{name}-o")
        facts = [
            (stage, A, term("rn", "Stage")),
            (stage, term("schema", "superEvent"), self._rally),
            (stage, term("rn", "carriedBy"), carrier),
            (stage, term("rn", "status"), thing("status", "tenue")),
            (stage, term("rn", "number"), f'"{number + 1}"^^{term("xsd", "integer")}'),
        ]
        yield from self._set(f"{number}-etape", facts)
        yield from self._set(f"{number}-themes", [self._about(stage), self._about(stage)])
        for which in range(3):
            yield from self._innovation(f"{name}-{which}", stage)
            yield from self._testimony(f"{name}-{which}", stage, carrier)

    def _innovation(self, name: str, stage: str) -> Iterator[str]:
        innovation = thing("innovation", name)
        yield self._described(innovation, LABEL, text(f"Innovation {name}"))
        yield self._described(innovation, LABEL, text(f"Innovation {name}", "en"))
        carrier = yield from self._organisation(f"{name}-i")
        facts = [
            (innovation, A, term("rn", "Innovation")),
            (innovation, term("rn", "carriedBy"), carrier),
            (innovation, term("rn", "presentedAt"), stage),
            (innovation, term("rn", "presentedBy"), carrier),
        ]
        for kind, slugs in CHOICES.items():
            facts.append((innovation, term("rn", kind), thing(kind, self._random.choice(slugs))))
        yield from self._set(f"{name}-innovation", facts)
        yield from self._set(f"{name}-sujet", [self._about(innovation)])

    def _testimony(self, name: str, stage: str, organisation: str) -> Iterator[str]:
        testimony, person = thing("testimony", name), thing("person", name)
        yield self._described(person, LABEL, f'"Personne {name}"')
        yield self._described(testimony, LABEL, text(f"Témoignage {name}"))
        facts = [
            (person, A, term("foaf", "Person")),
            (person, term("rn", "nameAsPrinted"), f'"Personne {name}"'),
            (testimony, A, term("rn", "Testimony")),
            (testimony, term("rn", "participant"), person),
            (testimony, term("rn", "inEvent"), stage),
            (testimony, term("rn", "mode"), thing("mode", self._random.choice(MODES))),
            (testimony, term("schema", "about"), thing("innovation", name)),
            self._about(testimony),
        ]
        voice = [(testimony, term("rn", "onBehalfOf"), organisation)]
        yield from self._set(f"{name}-au-nom-de", voice)
        yield from self._set(f"{name}-temoignage", facts)

    def _organisation(self, name: str) -> Iterator[str]:
        """Yield what is said of a new organisation, or nothing; return it, or an earlier one."""
        if self._organisations > 20 and self._random.random() < SHARED:
            return thing("organisation", f"bench-{self._random.randrange(self._organisations)}")
        organisation = thing("organisation", f"bench-{self._organisations}")
        label = f'"Organisation {self._organisations}"'
        self._organisations += 1
        yield self._described(organisation, LABEL, label)
        facts = [
            (organisation, A, term("org", "Organization")),
            (organisation, term("rn", "nameAsPrinted"), label),
        ]
        yield from self._set(f"{name}-nom", facts)
        return organisation

    def _about(self, subject: str) -> tuple[str, str, str]:
        rank = int(len(self._themes) * self._random.random() ** 2)  # a few themes are frequent
        return subject, term("dcterms", "subject"), self._themes[rank]

    def _set(self, name: str, facts: list[tuple[str, str, str]]) -> Iterator[str]:
        """Yield an assertion set: its facts in its graph, its description, its passages."""
        graph = thing("assertion-set", f"{self._name}-{name}")
        certainty = self._random.choice(CERTAINTIES)
        yield self._described(graph, A, term("rn", "AssertionSet"))
        yield self._described(graph, LABEL, text(name))
        yield self._described(graph, term("rn", "certainty"), term("rn", certainty))
        yield self._described(graph, term("rn", "voice"), self._document)
        if certainty != "explicit":
            yield self._described(graph, term("rn", "reason"), text(f"Raison de {name}."))
            yield self._described(graph, term("rn", "reason"), text(f"Reason of {name}.", "en"))
        for _ in range(self._random.choice((1, 1, 2))):
            yield from self._passage(graph)
        for subject, predicate, value in facts:
            yield f"{subject} {predicate} {value} {graph} .\n"

    def _passage(self, graph: str) -> Iterator[str]:
        slug = f"bench-{self._passages}"
        passage, selector = thing("passage", slug), thing("selector", slug)
        start = self._passages % 6000
        self._passages += 1
        yield self._described(graph, term("rn", "passage"), passage)
        yield self._described(passage, A, term("rn", "Passage"))
        yield self._described(passage, term("oa", "hasSource"), self._text)
        yield self._described(passage, term("oa", "hasSelector"), selector)
        yield self._described(selector, A, term("oa", "TextPositionSelector"))
        integer = term("xsd", "integer")
        yield self._described(selector, term("oa", "start"), f'"{start}"^^{integer}')
        yield self._described(selector, term("oa", "end"), f'"{start + 80}"^^{integer}')

    def _described(self, subject: str, predicate: str, value: str) -> str:
        return f"{subject} {predicate} {value} {self._curation} .\n"


def themes() -> list[str]:
    """Return the themes of the shipped thesaurus."""
    scheme = term("skos", "inScheme")
    found = {
        str(quad.subject)
        for quad in sources.quads([data_dir() / "curation" / "thesaurus.trig"])
        if str(quad.predicate) == scheme and str(quad.object) == thing("scheme", "themes")
    }
    return sorted(found)


def lines(triples: int, seed: int) -> Iterator[str]:
    """Yield about so many N-Quads: whole carnets, the last one may be one too many."""
    carnets = Carnets(seed, themes())
    done = number = 0
    while done < triples:
        for line in carnets.carnet(number):
            yield line
            done += 1
        number += 1


def write(triples: int, folder: Path, seed: int) -> Path:
    """Return the data folder that holds the shipped data and about so many triples more."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    with (data / "synthetic.nq").open("w", encoding="utf-8") as file:
        file.writelines(lines(triples, seed))
    return data


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(write(chosen.triples, chosen.folder, chosen.seed))
