"""The namespaces of the project, and the prefixes that its texts and tools use.

The base is a setting of the programme: ours is not registered with w3id.org, and nothing here
claims that it is. The address of the ontology does not depend on the programme. This module also
lists the authority files that things are linked to, with the form of their addresses: the shapes
restrict ``skos:exactMatch`` and ``schema:sameAs`` to these forms; a test compares the two.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.programme import CURRENT, PROGRAM

BASE: Final = CURRENT.base
"""The address of the dataset; its things are below."""
ID: Final = BASE + "id/"
ONTOLOGY: Final = PROGRAM + "ontology"
RN: Final = ONTOLOGY + "#"
SHAPES_GRAPH: Final = PROGRAM + "shapes"
SHAPES: Final = SHAPES_GRAPH + "#"
FUNCTIONS: Final = PROGRAM + "functions#"
MERGED: Final = PROGRAM + "merged"
"""The graph that replaces the default graph on a server without its own."""
LOADED: Final = PROGRAM + "loaded"
"""The graph of a server that records what was loaded into it."""
NOTHING: Final = PROGRAM + "nothing"
"""A graph that no store has: a query of it alone is parsed and finds nothing."""

PREFIXES: Final[dict[str, str]] = {
    "rn": RN,
    "rns": SHAPES,
    "id": ID,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "igeo": "http://rdf.insee.fr/def/geo#",
    "time": "http://www.w3.org/2006/time#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
}


def in_prefixes(iri: str) -> str:
    """Return the prefixed name of an IRI, or the IRI if none of our prefixes fits."""
    prefix = max(
        (p for p, namespace in PREFIXES.items() if iri.startswith(namespace)),
        key=lambda p: len(PREFIXES[p]),
        default=None,
    )
    if prefix is None:
        return iri
    local = iri[len(PREFIXES[prefix]) :]
    return f"{prefix}:{local}" if local and "/" not in local and "#" not in local else iri


def short_iri(iri: str) -> str:
    """Return an IRI as a person would write it: without our namespace, or with a prefix."""
    return iri.removeprefix(ID) if iri.startswith(ID) else in_prefixes(iri)


def kind_of_iri(iri: str) -> str:
    """Return the kind that an IRI in our namespace names; the empty string for any other IRI."""
    kind, slash, _ = iri.removeprefix(ID).partition("/")
    return kind if slash and iri.startswith(ID) else ""


AGENT: Final = NamedNode(f"{ID}agent/rallynov")
"""The agent of the descriptions of computed graphs."""

_NAMES: Final = {"fr": "programme rallynov", "en": "rallynov program"}


def curated_by_program(graph: NamedNode, titles: Mapping[str, str]) -> Iterator[Quad]:
    """Yield how a curation graph of this program describes itself: its titles by language."""
    kind, label = (
        NamedNode(f"{PREFIXES[prefix]}{name}")
        for prefix, name in (("rdf", "type"), ("rdfs", "label"))
    )
    yield Quad(graph, kind, NamedNode(f"{PREFIXES['rn']}CurationGraph"), graph)
    yield Quad(graph, NamedNode(f"{PREFIXES['prov']}wasAttributedTo"), AGENT, graph)
    yield Quad(AGENT, kind, NamedNode(f"{PREFIXES['prov']}Agent"), graph)
    for thing, names in ((graph, titles), (AGENT, _NAMES)):
        for language, text in names.items():
            yield Quad(thing, label, Literal(text, language=language), graph)


@dataclass(frozen=True)
class Authority:
    """An authority file: its name, and the forms of its identifiers and addresses."""

    name: str
    identifier: str
    """A pattern of the identifiers of records."""
    iri: str
    """The address of a record, with ``{}`` in the place of its identifier."""
    written: str
    """A pattern of the addresses that people copy from it, with the same sign."""
    further: tuple[str, ...] = ()
    """Other addresses of the same record that its RDF has."""

    @property
    def iris(self) -> tuple[str, ...]:
        """The addresses that a record may have in data."""
        return (self.iri, *self.further)


_TABLE: Final = tomllib.loads(Path(__file__).with_name("authorities.toml").read_text("utf-8"))
AUTHORITIES: Final = tuple(
    Authority(**row | {"further": tuple(row.get("further", ()))}) for row in _TABLE["authority"]
)
_PREFIXED: Final = re.compile(r"(?:wikidata|wd|idref|viaf|rameau|eurovoc|geonames):", re.IGNORECASE)


def authority_of(iri: str) -> tuple[str, str] | None:
    """Return the authority and the identifier of a record's IRI; None for any other IRI."""
    for it in AUTHORITIES:
        for form in it.iris:
            start, _, end = form.partition("{}")
            inner = iri.removeprefix(start).removesuffix(end)
            if f"{start}{inner}{end}" == iri and re.fullmatch(it.identifier, inner):
                return it.name, inner
    return None


def records_named(text: str) -> tuple[str, ...]:
    """Return the record addresses that a text may mean, as an address or an identifier.

    Digits alone may be an identifier of several authorities.
    """
    found: list[str] = []
    for it in AUTHORITIES:
        bare = _PREFIXED.sub("", text.strip(), count=1)
        written = re.fullmatch(it.written.format(f"({it.identifier})"), text.strip())
        identifier = written[1] if written else bare if re.fullmatch(it.identifier, bare) else ""
        if identifier:
            found += [form.format(identifier) for form in it.iris]
    return tuple(dict.fromkeys(found))
