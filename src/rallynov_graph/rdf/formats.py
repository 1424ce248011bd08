"""The one table of formats: media type, suffix, and who reads and writes it.

Nothing else in the project spells a media type or a suffix of RDF or of query results.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.matching.near_names import near


@dataclass(frozen=True, eq=False)
class Format:
    """One way to write RDF or the answer of a SELECT or ASK; each is there once, and itself."""

    name: str
    """What the command line calls it."""
    label: str
    """What a page calls it, in every language."""
    media_type: str
    suffixes: tuple[str, ...] = ()
    """With their dot; the first is the one that we write."""
    rdf: RdfFormat | None = None
    rdflib: str | None = None
    results: QueryResultsFormat | None = None
    carries_graphs: bool = False
    aliases: tuple[str, ...] = ()
    """Other names that the command line takes."""
    also: tuple[str, ...] = ()
    """Other media types that are asked for or sent by clients and mean this one."""

    @property
    def suffix(self) -> str:
        """The suffix of a file of this format, with its dot."""
        return self.suffixes[0]

    @property
    def content_type(self) -> str:
        """The media type as a header says it, with the encoding where it is text."""
        return (
            f"{self.media_type}; charset=utf-8"
            if self.media_type.startswith("text/")
            else self.media_type
        )


N_QUADS: Final = Format(
    "nq",
    "N-Quads",
    "application/n-quads",
    (".nq",),
    RdfFormat.N_QUADS,
    "nquads",
    carries_graphs=True,
    aliases=("nquads",),
    also=("text/x-nquads", "text/nquads"),
)
TRIG: Final = Format(
    "trig",
    "TriG",
    "application/trig",
    (".trig",),
    RdfFormat.TRIG,
    "trig",
    carries_graphs=True,
    also=("application/x-trig",),
)
TURTLE: Final = Format(
    "ttl",
    "Turtle",
    "text/turtle",
    (".ttl",),
    RdfFormat.TURTLE,
    "turtle",
    aliases=("turtle",),
    also=("application/x-turtle", "application/turtle"),
)
N_TRIPLES: Final = Format(
    "nt",
    "N-Triples",
    "application/n-triples",
    (".nt",),
    RdfFormat.N_TRIPLES,
    "nt11",
    aliases=("ntriples",),
    also=("text/plain",),
)
RDF_XML: Final = Format(
    "rdfxml",
    "RDF/XML",
    "application/rdf+xml",
    (".rdf", ".owl", ".xml"),
    RdfFormat.RDF_XML,
    "xml",
    also=("application/xml", "text/xml"),
)
JSON_LD: Final = Format(
    "jsonld",
    "JSON-LD",
    "application/ld+json",
    (".jsonld",),
    RdfFormat.JSON_LD,
    "json-ld",
    carries_graphs=True,
    also=("application/json",),
)
N3: Final = Format("n3", "Notation3", "text/n3", (".n3",), RdfFormat.N3, "n3")

TABLE: Final = Format("table", "Table", "text/plain", (".txt",))
RESULTS_JSON: Final = Format(
    "json",
    "JSON",
    "application/sparql-results+json",
    (".srj", ".json"),
    results=QueryResultsFormat.JSON,
    also=("application/json",),
)
RESULTS_XML: Final = Format(
    "xml",
    "XML",
    "application/sparql-results+xml",
    (".srx", ".xml"),
    results=QueryResultsFormat.XML,
    also=("application/xml", "text/xml"),
)
RESULTS_CSV: Final = Format("csv", "CSV", "text/csv", (".csv",), results=QueryResultsFormat.CSV)
RESULTS_TSV: Final = Format(
    "tsv",
    "TSV",
    "text/tab-separated-values",
    (".tsv",),
    results=QueryResultsFormat.TSV,
)

"""No RDF: the stages that have a date."""
GEXF: Final = Format("gexf", "GEXF", "application/gexf+xml", (".gexf",))
"""No RDF: things and the links between them."""

RDF: Final = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD, N3)
"""Every format that is read; all but Notation3 are written too."""
EXPORTS: Final = (N_QUADS, TRIG, TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
GRAPHS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""What a CONSTRUCT or DESCRIBE is answered in; the first is the default."""
RESULTS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""What a SELECT or ASK is answered in; the first is the default."""

COMPRESSED: Final = ".gz"


W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"
"""The namespace in which the W3C names formats."""
_W3C_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nq": "N-Quads",
}


def w3c_iri(form: Format) -> str:
    """Return the IRI that the W3C has given to a format of graphs or of results."""
    return W3C_FORMATS + _W3C_NAMES[form.name]


def by_path(path: str | PurePath) -> Format | None:
    """Return the RDF format that a file's suffix names (``.gz`` aside), None where none does."""
    name = PurePath(path).name.lower().removesuffix(COMPRESSED)
    return next((f for f in RDF if name.endswith(f.suffixes)), None)


def by_name(name: str, among: Iterable[Format]) -> Format:
    """Return the format of a name or alias; raise UnknownNameError with near names."""
    known = {n: f for f in among for n in (f.name, *f.aliases)}
    if name in known:
        return known[name]
    found = near(name, known)
    hint = f"did you mean {' or '.join(found)}?" if found else f"known are {', '.join(known)}."
    raise UnknownNameError(f"No format is called {name!r}: {hint}")


def by_media_type(media_type: str, among: Iterable[Format]) -> Format | None:
    """Return the format of a media type, parameters aside; its own name wins over a second one."""
    plain = media_type.partition(";")[0].strip().lower()
    formats = tuple(among)
    return next(
        (f for f in formats if f.media_type == plain),
        next((f for f in formats if plain in f.also), None),
    )
