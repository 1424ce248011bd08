"""Data folders with the invented documents, and what must be found in the releases made of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from places import TESTS
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import data_dir
from rallynov_graph.identity.recording import DataFolder, record
from rallynov_graph.identity.writing import Grounds
from rallynov_graph.identity.written_decisions import Decision
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from trial_documents import Document
from trial_lists import read
from trial_trig import write

TRIAL: Final = TESTS / "trial"
"""The folder of document C."""
CARNET_2: Final = {
    "rally": "rally/rallynov",
    "org-rifc": "organisation/rifc",
    "org-cress": "organisation/cress",
    "org-fact": "organisation/fact",
    "org-direccte-fc": "organisation/direccte-franche-comte",
    "org-ages-et-vie": "organisation/ages-et-vie",
    "org-mutualite-fc": "organisation/mutualite-francaise-franche-comte",
    "p-herry": "person/bruno-herry",
    "p-martin": "person/louis-martin",
    "p-maucler": "person/christian-maucler",
    "event-closing": "event/cloture-rallynov",
    "inn-sans-chef": "innovation/gouvernance-sans-chef-de-production",
    "fig-innovations": "figure/carnet-2-innovations",
}
"""Our addresses for the ids of carnet 2; stages and places have theirs."""


def known_addresses(folder: Path) -> set[str]:
    """Return the addresses that a data folder describes, without their common beginning."""
    quads = sources.quads(sorted(folder.rglob("*.trig")), relative_iris=False)
    return {quad.subject.value.removeprefix(ID) for quad in quads}  # type: ignore[union-attr]


def beside_carnet_2(folder: Path, lists: Path) -> Document:
    """Return document A, written beside the shipped data, with its identities decided."""
    shutil.copytree(data_dir(), folder)
    known = known_addresses(folder)
    document = read(lists, "A", "carnet-3", known, "<series/carnets-de-route>")
    write(folder, document)
    ours = {one["carnet2"]: address_in_carnet_2(one["carnet2"]) for one in _compared(document)}
    decide(folder, document, {name: at for name, at in ours.items() if at in known}, "carnet2")
    return document


def other_programme_beside_carnet_2(folder: Path) -> Document:
    """Return document C, written beside the shipped data, with which it shares nothing."""
    shutil.copytree(data_dir(), folder)
    document = read(TRIAL, "C", "estran-7", known_addresses(folder))
    write(folder, document)
    return document


def with_follow_up(folder: Path) -> tuple[Document, Document]:
    """Return documents C and C2 after they were written into a folder, identities decided."""
    first = alone(folder)
    known = known_addresses(folder)
    second = read(TRIAL, "C2", "estran-8", known, first.addresses["series"])
    write(folder, second, languages=("fr",))
    (folder / building.DATASET).write_text(_dataset(first.slug, second.slug), "utf-8")
    before = {name: address.strip("<>") for name, address in first.addresses.items()}
    decide(folder, second, before, "c")
    return first, second


def decide(folder: Path, document: Document, before: Mapping[str, str], key: str) -> None:
    """Record what a list says of things of an earlier document, each as a decision of its own.

    The key is that by which the list names them; before has their addresses.
    """
    for kind in ("same", "different"):
        for entry in document.entries["identity"][kind]:
            kept, other = before.get(entry[key], ""), document.addresses[entry["this"]].strip("<>")
            if not kept or kept == other or kept.startswith("figure/"):  # a figure has no name
                continue
            data = DataFolder(folder, building.written(folder))
            reason = {"fr": "Comparé d’après la liste.", "en": "Compared by the list."}
            where = (evidence(document, f"<{other}>"),)
            grounds = Grounds(reason, where, f"{ID}agent/lecteur", date(2026, 11, 28))
            record(data, Decision("", kind, ID + kept, ID + other), grounds)


def _compared(document: Document) -> Iterator[Mapping[str, Any]]:
    identity = document.entries["identity"]
    yield from (*identity["same"], *identity["different"])


def evidence(document: Document, address: str) -> str:
    """Return the first set that speaks of a thing."""
    for statement in document.statements:
        if any(address in (subject, value) for subject, _, value in statement.facts):
            return f"{ID}assertion-set/{document.slug}-{statement.slug}"
    raise AssertionError(f"nothing speaks of {address}")


def address_in_carnet_2(identifier: str) -> str:
    """Return our address of what the list calls so."""
    if identifier in CARNET_2:
        return CARNET_2[identifier]
    kind, _, name = identifier.partition("-")
    return f"{'place' if kind == 'pl' else kind}/{name}"


def alone(folder: Path) -> Document:
    """Return document C after it was written into a folder of its own, in French alone."""
    folder.mkdir()
    shutil.copytree(data_dir() / "curation", folder / "curation")
    for name in ("thesaurus.trig", "places.trig"):
        (folder / "curation" / name).unlink()
    document = read(TRIAL, "C", "estran-7", known_addresses(folder))
    write(folder, document, languages=("fr",))
    (folder / building.DATASET).write_text(dataset_alone(), "utf-8")
    return document


def dataset_alone() -> str:
    """Return the description of a dataset in French that has document C alone."""
    return _dataset("estran-7")


def _dataset(*slugs: str) -> str:
    sources = ", ".join(f"<document/{slug}>" for slug in slugs)
    return _DATASET.replace("SOURCES", sources)


def listed(entries: Any) -> Iterator[str]:
    """Yield the entries of a list that state something, each with its address in the list."""
    for section, content in entries.items():
        if section in ("meta", "identity", "not_stated", "personal_data", "other_quoted_strings"):
            continue
        if section == "themes":
            yield from _listed_themes(content)
        elif isinstance(content, dict):
            yield from _stated_in(section, content)
        else:
            for entry in content:
                if isinstance(entry, dict) and "id" in entry:
                    yield f"{section}/{entry['id']}"
                    yield from _stated_in(f"{section}/{entry['id']}", entry)


def _stated_in(name: str, entry: Any) -> Iterator[str]:
    for key, content in entry.items():
        if isinstance(content, dict) and content.get("certainty", "absent") != "absent":
            yield f"{name}/{key}"


def _listed_themes(content: Any) -> Iterator[str]:
    for key, found in content.items():
        name = "named" if key == "named_in_the_text" else key
        for number, _ in enumerate(found["terms"] if isinstance(found, dict) else found):
            yield f"themes/{name}/{number}"


def is_a_relation(name: str, entries: Any) -> bool:
    """Return whether what an entry says of another one stands among the relations, too."""
    section, identifier, *rest = name.split("/")
    if len(rest) != 1:
        return False
    (entry,) = (one for one in entries[section] if one["id"] == identifier)
    other = entry[rest[0]].get("id")
    pairs = ({one["subject"], one["object"]} for one in entries["relations"])
    return other is not None and {identifier, other} in pairs


_DATASET = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/rallynov/id/> .

GRAPH <graph/jeu-de-donnees> {
    <graph/jeu-de-donnees> a rn:CurationGraph ; rdfs:label "Jeu de données"@fr ;
        prov:wasAttributedTo <agent/lecteur> .
    <https://w3id.org/rallynov/dataset> a schema:Dataset ;
        rdfs:label "L’Estran"@fr ;
        dcterms:title "L’Estran"@fr ;
        dcterms:description "Un essai."@fr ;
        dcterms:language <http://publications.europa.eu/resource/authority/language/FRA> ;
        dcterms:creator <agent/lecteur> ;
        dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
        dcterms:source SOURCES ;
        dcterms:issued "2026-11-28"^^xsd:date ;
        owl:versionInfo "1" .
}
"""
