"""Synthetic Rally'nov graphs of any size: the shipped data, and carnets that nobody wrote.

    python bench/generate.py 1000000 folder --seed 1

writes ``folder/data`` with about so many triples more than the shipped data have, as N-Quads, in
constant memory. The same number and seed give the same bytes. The ontology, the lists and the
thesaurus are the shipped ones; a carnet has stages, organisations (which come back in other
carnets, and are named in each), innovations, testimonies and themes, each said by an assertion set
with its passages, certainty and voice, in the proportions of the real data. What is written breaks
no rule: it is built like the shipped data, checked.
"""

import argparse
import random
import shutil
from collections.abc import Generator, Iterator
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import data_dir
from rallynov_graph.rdf import sources

FRENCH = "<http://publications.europa.eu/resource/authority/language/FRA>"
A = f"<{PREFIXES['rdf']}type>"
LABEL = f"<{PREFIXES['rdfs']}label>"
CERTAINTIES = ("explicit",) * 6 + ("inferred",) * 3 + ("tentative",)
FIRST = 3
"""The number of the first carnet: the shipped one has number 2."""
STAGES_A_CARNET = 12
CHOICES = {
    "nature": ("pratique", "principe", "projet"),
    "means": ("bus", "colocation", "passeport", "teletravail", "velo-electrique"),
    "need": ("se-deplacer", "former-sur-place", "competences-rares"),
    "beneficiary": ("enfants", "entreprises", "personnes-agees", "salaries"),
}
"""Values of the shipped lists that an innovation has."""
MODES = ("cite", "raconte", "rapporte")
SORTS = ("cooperative", "entreprise", "mutuelle", "reseau")
LENGTH = 6345
"""Of each document, in code points."""
SHARED = 0.6
"""How often an organisation is one that an earlier carnet has."""


def term(prefix: str, name: str) -> str:
    return f"<{PREFIXES[prefix]}{name}>"


def thing(kind: str, slug: str) -> str:
    return f"<{ID}{kind}/{slug}>"


def text(words: str, language: str = "fr") -> str:
    return f'"{words}"@{language}'


def typed(value: object, datatype: str) -> str:
    return f'"{value}"^^{term("xsd", datatype)}'


class Carnets:
    """Writes one carnet after the other; all randomness comes from one seed."""

    def __init__(self, seed: int, themes: list[str]) -> None:
        self._random = random.Random(seed)
        self._themes = themes
        self._organisations = 0
        self._named_here: set[int] = set()
        """The numbers of the organisations that the carnet has named."""
        self._passages = 0

    def carnet(self, number: int) -> Iterator[str]:
        """Yield the N-Quads of a carnet, about 5,200 of them; its document has no parts."""
        self._name = f"bench-{number}"
        self._named_here = set()
        self._document = thing("document", self._name)
        self._text = thing("extraction", self._name)
        self._curation = thing("graph", self._name)
        self._rally, rally_name = self._rally_of(number)
        yield self._described(self._curation, A, term("rn", "CurationGraph"))
        yield self._described(self._curation, LABEL, text(f"Carnet {number}"))
        author = thing("agent", "curateurs")
        yield self._described(self._curation, term("prov", "wasAttributedTo"), author)
        made = term("prov", "generatedAtTime")
        yield self._described(self._curation, made, typed("2013-07-01T00:00:00Z", "dateTime"))
        yield from self._printed(number)
        yield self._described(self._rally, LABEL, rally_name)
        facts = [
            (self._rally, A, term("rn", "Rally")),
            (self._rally, term("schema", "areaServed"), thing("place", "franche-comte")),
        ]
        yield from self._set("rallye", facts)
        for stage in range(STAGES_A_CARNET):
            yield from self._stage(stage)

    def _printed(self, number: int) -> Iterator[str]:
        """Yield the statements about the document itself."""
        digest = sha256(self._name.encode()).hexdigest()
        yield self._described(self._document, LABEL, text(f"carnet de route n° {number}"))
        yield self._described(self._text, A, term("rn", "Extraction"))
        yield from self._in_both(self._text, LABEL, f"texte {number}", f"text {number}")
        yield self._described(self._text, term("dcterms", "isFormatOf"), self._document)
        yield self._described(self._text, term("rn", "method"), thing("method", "transcription"))
        yield self._described(self._text, term("rn", "sha256"), f'"{digest}"')
        length = typed(LENGTH, "integer")
        yield self._described(self._text, term("rn", "lengthInCodePoints"), length)
        month, printed = self._month(number)
        facts = [
            (A, term("schema", "PublicationIssue")),
            (term("dcterms", "isPartOf"), thing("series", "carnets-de-route")),
            (term("dcterms", "language"), FRENCH),
            (term("schema", "issueNumber"), f'"{number}"'),
            (term("rn", "dateAsPrinted"), f'"{printed}"'),
            (term("dcterms", "issued"), typed(month, "gYearMonth")),
        ]
        yield from self._set("document", [(self._document, *fact) for fact in facts])

    def _rally_of(self, number: int) -> tuple[str, str]:
        """Return the rally of a carnet, and its name."""
        return thing("rally", self._name), f'"Rallye {number}"'

    def _month(self, number: int) -> tuple[str, str]:
        """Return the month of a carnet, and as it is printed."""
        return "2013-06", "juin 2013"

    def _day(self, number: int) -> str:
        """Return the day of a stage of the carnet."""
        return f"2013-04-{number + 1:02}"

    def _rank(self, number: int) -> int:
        """Return the rank of a stage of the carnet within its rally."""
        return number + 1

    def _stage(self, number: int) -> Iterator[str]:
        name = f"{self._name}-{number}"
        stage = thing("stage", name)
        yield from self._in_both(stage, LABEL, f"Étape {name}", f"Stage {name}")
        carrier = yield from self._organisation(f"{name}-o")
        facts = [
            (stage, A, term("rn", "Stage")),
            (stage, term("schema", "superEvent"), self._rally),
            (stage, term("schema", "startDate"), typed(self._day(number), "date")),
            (stage, term("rn", "carriedBy"), carrier),
            (stage, term("rn", "status"), thing("status", "tenue")),
            (stage, term("rn", "number"), typed(self._rank(number), "integer")),
        ]
        yield from self._set(f"{number}-etape", facts)
        yield from self._set(f"{number}-themes", [self._about(stage), self._about(stage)])
        for which in range(3):
            yield from self._innovation(f"{name}-{which}", stage)
            yield from self._testimony(f"{name}-{which}", stage, carrier)

    def _innovation(self, name: str, stage: str) -> Iterator[str]:
        innovation = thing("innovation", name)
        yield from self._in_both(innovation, LABEL, *self._title(name))
        summary = f"Ce que fait l’innovation {name}.", f"What the innovation {name} does."
        yield from self._in_both(innovation, term("dcterms", "description"), *summary)
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

    def _title(self, name: str) -> tuple[str, str]:
        """Return the name of an innovation in French and English."""
        return f"Innovation {name}", f"Innovation {name}"

    def _testimony(self, name: str, stage: str, organisation: str) -> Iterator[str]:
        testimony = thing("testimony", name)
        person, named = yield from self._person(name)
        yield from self._in_both(testimony, LABEL, f"Témoignage {name}", f"Testimony {name}")
        summary = f"Ce que dit le témoin {name}.", f"What the witness {name} says."
        yield from self._in_both(testimony, term("dcterms", "description"), *summary)
        facts = [
            (person, A, term("foaf", "Person")),
            (person, term("rn", "nameAsPrinted"), named),
            (testimony, A, term("rn", "Testimony")),
            (testimony, term("rn", "participant"), person),
            (testimony, term("rn", "role"), thing("role", "temoigne")),
            (testimony, term("rn", "inEvent"), stage),
            (testimony, term("rn", "mode"), thing("mode", self._random.choice(MODES))),
            (testimony, term("schema", "about"), thing("innovation", name)),
            self._about(testimony),
        ]
        voice = [(testimony, term("rn", "onBehalfOf"), organisation)]
        yield from self._set(f"{name}-au-nom-de", voice)
        yield from self._set(f"{name}-temoignage", facts)

    def _person(self, name: str) -> Generator[str, None, tuple[str, str]]:
        """Yield the curators' statements about a witness; return the person, and the printed
        name.
        """
        person, named = thing("person", name), f'"Personne {name}"'
        yield self._described(person, LABEL, named)
        return person, named

    def _organisation(self, name: str) -> Generator[str, None, str]:
        """Yield a carnet's statements where it first names an organisation; return it.

        It is a new one, or one that this carnet or an earlier one has.
        """
        is_new = self._organisations <= 20 or self._random.random() >= SHARED
        number = self._organisations if is_new else self._random.randrange(self._organisations)
        organisation = thing("organisation", f"bench-{number}")
        label = f'"Organisation {number}"'
        if is_new:
            self._organisations += 1
            yield from self._named(name, organisation, label)
        elif number not in self._named_here:
            yield from self._named_again(name, organisation, label)
        self._named_here.add(number)
        return organisation

    def _named(self, name: str, organisation: str, label: str) -> Iterator[str]:
        """Yield the statements about an organisation that is named for the first time."""
        sort = self._random.choice(SORTS)
        yield self._described(organisation, LABEL, label)
        facts = [
            (organisation, A, term("org", "Organization")),
            (organisation, term("rn", "nameAsPrinted"), label),
            (organisation, term("org", "classification"), thing("organisation-kind", sort)),
        ]
        yield from self._set(f"{name}-nom", facts)

    def _named_again(self, name: str, organisation: str, label: str) -> Iterator[str]:
        """Yield that a carnet names an organisation which an earlier one has."""
        facts = [
            (organisation, A, term("org", "Organization")),
            (organisation, term("rn", "nameAsPrinted"), label),
        ]
        yield from self._set(f"{name}-nom", facts)

    def _about(self, subject: str) -> tuple[str, str, str]:
        rank = int(len(self._themes) * self._random.random() ** 2)  # a few themes are frequent
        return subject, term("dcterms", "subject"), self._themes[rank]

    def _set(self, name: str, facts: list[tuple[str, str, str]]) -> Iterator[str]:
        """Yield an assertion set: its facts in its graph, its description, its passages."""
        graph = thing("assertion-set", f"{self._name}-{name}")
        certainty = self._certainty(name)
        yield self._described(graph, A, term("rn", "AssertionSet"))
        yield self._described(graph, LABEL, text(name))
        yield self._described(graph, term("rn", "certainty"), term("rn", certainty))
        yield self._described(graph, term("rn", "voice"), self._document)
        if certainty != "explicit":
            reason = f"Raison de {name}.", f"Reason of {name}."
            yield from self._in_both(graph, term("rn", "reason"), *reason)
        first = self._passages
        for _ in range(self._random.choice((1, 1, 2))):
            yield from self._passage(graph)
        if certainty == "tentative":
            yield from self._question(name, graph, facts[-1], thing("passage", f"bench-{first}"))
        for subject, predicate, value in facts:
            yield f"{subject} {predicate} {value} {graph} .\n"

    def _certainty(self, name: str) -> str:
        """Return how sure a set is."""
        return self._random.choice(CERTAINTIES)

    def _question(
        self, name: str, graph: str, fact: tuple[str, str, str], passage: str
    ) -> Iterator[str]:
        """Yield the question that a tentative set answers by one of two readings."""
        subject, predicate, _ = fact
        slug = f"{self._name}-{name}"
        question = thing("question", slug)
        yield self._described(question, A, term("rn", "OpenQuestion"))
        yield from self._in_both(question, LABEL, f"Question {name} ?", f"Question {name}?")
        yield self._described(question, term("schema", "about"), subject)
        yield self._described(question, term("rn", "unsettles"), predicate)
        yield self._described(question, term("rn", "passage"), passage)
        for number in (1, 2):
            reading = thing("reading", f"{slug}-{number}")
            yield self._described(question, term("rn", "reading"), reading)
            yield self._described(reading, A, term("rn", "Reading"))
            yield from self._in_both(reading, LABEL, f"Lecture {number}", f"Reading {number}")
            if number == 1:
                yield self._described(reading, term("rn", "takenIn"), graph)

    def _passage(self, graph: str) -> Iterator[str]:
        number = self._passages
        slug = f"bench-{number}"
        passage, selector = thing("passage", slug), thing("selector", slug)
        start = number % (LENGTH - 80)
        end = start + 80
        self._passages += 1
        yield self._described(graph, term("rn", "passage"), passage)
        yield self._described(passage, A, term("rn", "Passage"))
        yield from self._in_both(passage, LABEL, f"passage {number}", f"passage {number}")
        yield self._described(passage, term("oa", "hasSource"), self._text)
        yield self._described(passage, term("oa", "hasSelector"), selector)
        yield self._described(selector, A, term("oa", "TextPositionSelector"))
        place = f"signes {start} à {end}", f"characters {start} to {end}"
        yield from self._in_both(selector, LABEL, *place)
        yield self._described(selector, term("oa", "start"), typed(start, "integer"))
        yield self._described(selector, term("oa", "end"), typed(end, "integer"))

    def _in_both(self, subject: str, predicate: str, french: str, english: str) -> Iterator[str]:
        """Yield a text that curators write in both languages."""
        yield self._described(subject, predicate, text(french))
        yield self._described(subject, predicate, text(english, "en"))

    def _described(self, subject: str, predicate: str, value: str) -> str:
        return f"{subject} {predicate} {value} {self._curation} .\n"


def themes() -> list[str]:
    """Return the themes of the shipped thesaurus, without the groups that they are in."""
    concept = NamedNode(f"{PREFIXES['skos']}Concept")
    thesaurus = sources.quads([data_dir() / "curation" / "thesaurus.trig"])
    found = {str(quad.subject) for quad in thesaurus if quad.object == concept}
    return sorted(name for name in found if name.startswith(f"<{ID}theme/"))


def lines(triples: int, seed: int) -> Iterator[str]:
    """Yield about this number of N-Quads: whole carnets, so the last one may exceed it."""
    carnets = Carnets(seed, themes())
    done, number = 0, FIRST
    while done < triples:
        for line in carnets.carnet(number):
            yield line
            done += 1
        number += 1


def write(triples: int, folder: Path, seed: int) -> Path:
    """Write a data folder with the shipped data and about this number of triples more; return
    it.
    """
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
