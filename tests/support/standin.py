"""A tiny ontology and dataset, for tests that must not depend on the shipped ones."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

ONTOLOGY = """\
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<https://w3id.org/rallynov/ontology> a owl:Ontology ; owl:versionInfo "9.9.9" .
rn:Stage a owl:Class ; rdfs:subClassOf schema:Event ; rdfs:label "étape"@fr, "stage"@en .
rn:Rally rdfs:label "rallye"@fr .
rn:CurationGraph rdfs:label "graphe"@fr .
rn:Inference rdfs:label "graphe calculé"@fr .
schema:Place rdfs:label "lieu"@fr .
schema:Dataset rdfs:label "jeu de données"@fr .
schema:location rdfs:label "lieu"@fr .
schema:about rdfs:label "à propos de"@fr .
schema:subEvent rdfs:label "comprend"@fr .
dcterms:title rdfs:label "titre"@fr .
dcterms:license rdfs:label "licence"@fr .
dcterms:language rdfs:label "langue"@fr .
dcterms:issued rdfs:label "date"@fr .
dcterms:created rdfs:label "date"@fr .
dcterms:identifier rdfs:label "numéro"@fr .
"""
SHAPES = """\
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix rns: <https://w3id.org/rallynov/shapes#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

rns:StageShape a sh:NodeShape ; sh:targetClass rn:Stage ; sh:property rns:StageShape-label .
rns:StageShape-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;
    sh:message "Une étape a un nom."@fr, "A stage has a name."@en .
rns:EventShape a sh:NodeShape ; sh:targetClass schema:Event ;
    sh:property [ sh:path schema:about ] ;
    sh:property [ sh:path schema:location ; sh:minCount 1 ; sh:severity sh:Warning ;
        sh:message "Un événement a un lieu."@fr, "An event has a place."@en ] .
rns:RallyShape a sh:NodeShape ; sh:targetClass rn:Rally ; sh:property [ sh:path rdfs:label ], [
    sh:path schema:subEvent ; sh:class schema:Event ;
    sh:message "Ce qu’un rallye contient est un événement."@fr, "A rally contains events."@en ] .
"""
DATASET = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/graph/all> {
    <https://example.org/graph/all> a rn:CurationGraph ; rdfs:label "Tout"@fr .
    <https://example.org/dataset> a schema:Dataset ; rdfs:label "Essai"@fr ;
        dcterms:language <http://publications.europa.eu/resource/authority/language/FRA> ;
        dcterms:title "Essai"@fr, "Trial"@en ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
        dcterms:issued "2026-01-31"^^xsd:date ; owl:versionInfo "1.2.3" .
}
"""
STAGES = """\
@prefix : <https://example.org/> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .

:said {
    :one a rn:Stage ; rdfs:label "Première étape"@fr ; schema:location :here .
    :two a rn:Stage ;
        rdfs:label "Deuxième étape, « à venir »"@fr ; schema:location :here .
}
:meant {
    :rally a rn:Rally ; schema:subEvent :one, :two ; rdfs:label "Rallye" .
    :one a rn:Stage .
    :here a schema:Place ; rdfs:label "Ici" .
    :meant a rn:Inference ; rdfs:label "Curation"@fr .
    :said a rn:Inference ; rdfs:label "Récit"@fr .
}
"""


@dataclass(frozen=True)
class StandIn:
    """Folders of sources that a test may change."""

    data: Path
    ontology: Path

    @property
    def stages(self) -> Path:
        return self.data / "carnets" / "1" / "stages.trig"

    def forget_a_name(self) -> None:
        """Leave the second stage without its label: a violation on line 8."""
        broken = STAGES.replace('rdfs:label "Deuxième étape, « à venir »"@fr ; ', "")
        self.stages.write_text(broken, "utf-8")

    def change(self) -> None:
        """Give the first stage another name: other data, another release."""
        self.stages.write_text(STAGES.replace("Première", "Toute première"), "utf-8")


def make(folder: Path) -> StandIn:
    """Write the stand-in's sources under a folder."""
    made = StandIn(folder / "data", folder / "ontology")
    made.ontology.mkdir(parents=True)
    made.stages.parent.mkdir(parents=True)
    (made.ontology / "rallynov.ttl").write_text(ONTOLOGY, "utf-8")
    (made.ontology / "shapes.ttl").write_text(SHAPES, "utf-8")
    (made.ontology / "context.jsonld").write_text('{"@context": {}}\n', "utf-8")
    (made.data / "dataset.trig").write_text(DATASET, "utf-8")
    made.stages.write_text(STAGES, "utf-8")
    return made


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file in a folder, to be compared with another's."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
