"""Two made-up letters of one rally, the second of which reports what the first announced.

What each says is a few lines; a line is a passage, and carries one assertion set. No person or
organisation in them exists.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import data_dir


@dataclass(frozen=True)
class Line:
    """A line of a letter, and what it says."""

    name: str
    text: str
    facts: str
    certainty: str = "explicit"
    reason: tuple[str, str] = ("Lu ainsi.", "Read so.")


@dataclass(frozen=True)
class Letter:
    """An issue of the made-up series."""

    number: int
    printed: str
    issued: str
    lines: tuple[Line, ...]
    curation: str = ""
    """What curators add: open questions, decisions."""

    @property
    def text(self) -> str:
        return "\n".join((f"La Lettre du Sentier, {self.printed}", *(it.text for it in self.lines)))


_STAGE = "a rn:Stage ; schema:superEvent <rally/sentier> ; dcterms:subject <theme/innovation>"
SAID = "<stage/sentier-{0}> a rn:Stage ; {1} ."

FIRST = Letter(
    1,
    "mars 2013",
    "2013-03",
    (
        Line(
            "rallye",
            "Le Sentier part en avril.",
            '<rally/sentier> a rn:Rally ; rn:nameAsPrinted "Le Sentier" ; '
            "schema:areaServed <place/doubs> .",
        ),
        *(
            Line(
                f"annonce-{slug}",
                f"{title}, le {day:02}/{month:02}/2013 à {town} ({hours[0]} h / {hours[1]} h)",
                f"<stage/sentier-{slug}> {_STAGE} ; rn:status <status/annoncee> ; "
                f'dcterms:title "{title}"@fr ; schema:location <place/{place}> ; '
                f'schema:startDate "2013-{month:02}-{day:02}"^^xsd:date ; '
                f'rn:dateAsPrinted "{day:02}/{month:02}/2013" ; '
                f'rn:timeAsPrinted "{hours[0]} h / {hours[1]} h" ; '
                f'rn:startTime "{hours[0]}:00:00"^^xsd:time ; '
                f'rn:endTime "{hours[1]}:00:00"^^xsd:time .',
            )
            for slug, title, day, month, town, place, hours in (
                ("gue", "Réparer ensemble", 10, 4, "Dole", "dole", (14, 17)),
                ("moulin", "Moudre sans moudre", 15, 5, "Vesoul", "vesoul", (10, 12)),
                ("pont", "Passer le pont", 6, 6, "Belfort", "belfort", (18, 20)),
                ("lavoir", "Au bord de l’eau", 20, 4, "Besançon", "besancon", ("09", 11)),
                ("bac", "D’une rive à l’autre", 27, 4, "Champagnole", "champagnole", (15, 17)),
            )
        ),
    ),
)
"""Five stages are announced."""

SECOND = Letter(
    2,
    "mai 2013",
    "2013-05",
    (
        Line(
            "gue",
            "Sous le titre Rapiécer, l’étape du Gué s’est tenue le 17/04/2013 à Montbéliard.",
            SAID.format(
                "gue",
                'rn:status <status/tenue> ; dcterms:title "Rapiécer"@fr ; '
                'schema:location <place/montbeliard> ; rn:dateAsPrinted "17/04/2013" ; '
                'schema:startDate "2013-04-17"^^xsd:date',
            ),
        ),
        Line(
            "moulin",
            "L’étape du Moulin est reportée au 18/09/2013.",
            SAID.format(
                "moulin",
                'rn:status <status/annoncee> ; rn:dateAsPrinted "18/09/2013" ; '
                'schema:startDate "2013-09-18"^^xsd:date',
            ),
        ),
        Line(
            "pont",
            "Celle du Pont n’aura pas lieu.",
            SAID.format("pont", "rn:status <status/annulee>"),
        ),
        Line(
            "lavoir",
            "Au bord de l’eau s’est bien tenue le 20/04/2013 à Besançon.",
            SAID.format(
                "lavoir",
                'rn:status <status/tenue> ; dcterms:title "Au bord de l’eau"@fr ; '
                'schema:location <place/besancon> ; rn:dateAsPrinted "20/04/2013" ; '
                'schema:startDate "2013-04-20"^^xsd:date',
            ),
        ),
        Line("bac", "Le Bac a traversé.", SAID.format("bac", "rn:status <status/tenue>")),
        Line(
            "lieu-bac",
            "C’était, croit-on, à Dole.",
            "<stage/sentier-bac> schema:location <place/dole> .",
            "tentative",
            ("La lettre dit qu’elle le croit.", "The letter says that it believes so."),
        ),
        Line(
            "rang-lavoir",
            "Deuxième ou troisième étape ?",
            SAID.format("lavoir", "rn:number 2"),
            "tentative",
            ("Le premier rang que la lettre donne.", "The first rank that the letter gives."),
        ),
        Line(
            "autre-rang-lavoir",
            "On ne sait plus.",
            "<stage/sentier-lavoir> rn:number 3 .",
            "tentative",
            ("Le second rang que la lettre donne.", "The second rank that the letter gives."),
        ),
    ),
    """
    <question/sentier-rang-du-lavoir> a rn:OpenQuestion ;
        rdfs:label "Quel est le rang de l’étape du Lavoir ?"@fr,
            "Which rank has the Lavoir stage?"@en ;
        schema:about <stage/sentier-lavoir> ; rn:unsettles rn:number ;
        rn:passage <passage/sentier-2-rang-lavoir> ;
        rn:reading <reading/sentier-rang-2>, <reading/sentier-rang-3> .
    <reading/sentier-rang-2> a rn:Reading ; rdfs:label "La deuxième."@fr, "The second."@en ;
        rn:takenIn <assertion-set/sentier-2-rang-lavoir> .
    <reading/sentier-rang-3> a rn:Reading ; rdfs:label "La troisième."@fr, "The third."@en ;
        rn:alternativeIn <assertion-set/sentier-2-autre-rang-lavoir> .
    <decision/sentier-lieu-du-bac> a rn:StandingDecision ;
        rdfs:label "Le lieu de l’étape du Bac"@fr, "The place of the Bac stage"@en ;
        rn:ofSet <assertion-set/sentier-2-lieu-bac> ; rn:standing rn:alternative ;
        rn:onProperty schema:location ;
        rn:reason "La lettre ne fait que le supposer."@fr, "The letter only supposes it."@en .
    """,
)
"""One stage was held otherwise, one is put off, one will not be, one was held as announced."""

LABELS = {"gue": "Gué", "moulin": "Moulin", "pont": "Pont", "lavoir": "Lavoir", "bac": "Bac"}

_SHARED = f"""
GRAPH <graph/sentier> {{
    <graph/sentier> a rn:CurationGraph ; rdfs:label "Le Sentier"@fr, "The Sentier"@en ;
        prov:wasAttributedTo <agent/curateurs> .
    <series/lettres-du-sentier> rdfs:label "La Lettre du Sentier" .
    <rally/sentier> rdfs:label "Le Sentier" .
    <status/annulee> a skos:Concept ; skos:inScheme <scheme/etats> ;
        rdfs:label "annulée"@fr, "cancelled"@en ; skos:prefLabel "annulée"@fr, "cancelled"@en .
    {
    "".join(
        f'<stage/sentier-{slug}> rdfs:label "Étape du {name}"@fr, "{name} stage"@en .' + chr(10)
        for slug, name in LABELS.items()
    )
}
}}
"""


def trig(letter: Letter) -> str:
    """Return a letter with all that it says, as TriG."""
    number = letter.number
    document = f"<document/sentier-{number}>"
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    own = Line("lettre", letter.text.splitlines()[0], _of_document(letter))
    described, stated, start = [], [], 0
    for line in (own, *letter.lines):
        described.append(_described(number, line, start))
        stated.append(f"GRAPH <assertion-set/sentier-{number}-{line.name}> {{ {line.facts} }}")
        start += len(line.text) + 1
    return f"""@base <{ID}> .
{head}{_SHARED if number == 1 else ""}
GRAPH <graph/sentier-{number}> {{
    <graph/sentier-{number}> a rn:CurationGraph ;
        rdfs:label "La Lettre du Sentier, {number}"@fr, "The Sentier letter, {number}"@en ;
        prov:wasAttributedTo <agent/curateurs> ;
        prov:generatedAtTime "2026-11-28T00:00:00Z"^^xsd:dateTime .
    {document} rdfs:label "Lettre du Sentier n° {number}"@fr, "Sentier letter no. {number}"@en .
    <extraction/sentier-{number}> a rn:Extraction ; dcterms:isFormatOf {document} ;
        rdfs:label "texte de la lettre {number}"@fr, "text of letter {number}"@en ;
        rn:method <method/transcription> ;
        rn:sha256 "{hashlib.sha256(letter.text.encode()).hexdigest()}" ;
        rn:lengthInCodePoints {len(letter.text)} .
    <part/sentier-{number}> a rn:DocumentPart .
    {_place(number, f"part/sentier-{number}", "texte", 0, len(letter.text))}
    {"".join(described)}{letter.curation}
}}
{chr(10).join(stated)}
"""


def _of_document(letter: Letter) -> str:
    return f"""
    <document/sentier-{letter.number}> a schema:PublicationIssue ;
        dcterms:isPartOf <series/lettres-du-sentier> ; schema:issueNumber "{letter.number}" ;
        rn:dateAsPrinted "{letter.printed}" ; dcterms:issued "{letter.issued}"^^xsd:gYearMonth ;
        dcterms:language <http://publications.europa.eu/resource/authority/language/FRA> .
    <series/lettres-du-sentier> a schema:Periodical ; rn:nameAsPrinted "La Lettre du Sentier" .
    """


def _described(number: int, line: Line, start: int) -> str:
    name, end = f"sentier-{number}-{line.name}", start + len(line.text)
    fr, en = line.reason
    reason = f' ; rn:reason "{fr}"@fr, "{en}"@en' if line.certainty != "explicit" else ""
    return f"""
    <passage/{name}> a rn:Passage ; dcterms:isPartOf <part/sentier-{number}> .
    {_place(number, f"passage/{name}", line.name, start, end)}
    <assertion-set/{name}> a rn:AssertionSet ; rdfs:label "{line.name}, lettre {number}"@fr ;
        rn:passage <passage/{name}> ; rn:certainty rn:{line.certainty}{reason} ;
        rn:voice <document/sentier-{number}> .
    """


def _place(number: int, thing: str, name: str, start: int, end: int) -> str:
    selector = f"<selector/{thing.replace('/', '-')}>"
    return f"""
    <{thing}> rdfs:label "{name}, lettre {number}"@fr, "{name}, letter {number}"@en ;
        oa:hasSource <extraction/sentier-{number}> ; oa:hasSelector {selector} .
    {selector} a oa:TextPositionSelector ;
        rdfs:label "signes {start} à {end}"@fr, "characters {start} to {end}"@en ;
        oa:start {start} ; oa:end {end} .
    """


def beside_carnet(folder: Path, letters: Iterable[Letter] = (FIRST, SECOND)) -> Path:
    """Return a new folder of the shipped data with letters beside the carnet."""
    shutil.copytree(data_dir(), folder)
    return among(folder, letters)


def among(folder: Path, letters: Iterable[Letter] = (FIRST, SECOND)) -> Path:
    """Return a folder of data after letters were written into it."""
    (folder / "carnets" / "sentier").mkdir()
    for letter in letters:
        file = folder / "carnets" / "sentier" / f"lettre-{letter.number}.trig"
        file.write_text(trig(letter), "utf-8")
    return folder
