"""The formats of ``formats.toml``: media type, suffix, and who reads and writes each.

No other module contains a media type or a suffix of RDF or of query results.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.matching.near_names import near


@dataclass(frozen=True, eq=False)
class Format:
    """A format of RDF or of the answer of a SELECT or ASK; each exists once."""

    name: str
    """Its name on the command line."""
    label: str
    """Its name on pages, in every language."""
    media_type: str
    suffixes: tuple[str, ...] = ()
    """With their dot; the first is the one that we write."""
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    aliases: tuple[str, ...] = ()
    """Other names that the command line takes."""
    also: tuple[str, ...] = ()
    """Other media types that are asked for or sent by clients and mean this one."""
    w3c: str = ""
    """The name that the W3C has given to it."""

    @property
    def suffix(self) -> str:
        """The suffix of a file of this format, with its dot."""
        return self.suffixes[0]

    @property
    def content_type(self) -> str:
        """The media type for a header, with the encoding if it is text."""
        return (
            f"{self.media_type}; charset=utf-8"
            if self.media_type.startswith("text/")
            else self.media_type
        )


def _format(name: str) -> Format:
    row = _TABLE[name]
    lists = {key: tuple(row[key]) for key in ("suffixes", "aliases", "also") if key in row}
    rdf = getattr(RdfFormat, row["rdf"]) if "rdf" in row else None
    results = getattr(QueryResultsFormat, row["results"]) if "results" in row else None
    return Format(**row | lists | {"name": name, "rdf": rdf, "results": results})


_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
N_QUADS: Final = _format("nq")
TRIG: Final = _format("trig")
TURTLE: Final = _format("ttl")
N_TRIPLES: Final = _format("nt")
RDF_XML: Final = _format("rdfxml")
JSON_LD: Final = _format("jsonld")
N3: Final = _format("n3")
TABLE: Final = _format("table")
RESULTS_JSON: Final = _format("json")
RESULTS_XML: Final = _format("xml")
RESULTS_CSV: Final = _format("csv")
RESULTS_TSV: Final = _format("tsv")
GEXF: Final = _format("gexf")
"""No RDF: things and the links between them."""

RDF: Final = (N_QUADS, TRIG, TURTLE, N_TRIPLES, RDF_XML, JSON_LD, N3)
"""Every format that is read; all but Notation3 are written too."""
EXPORTS: Final = (N_QUADS, TRIG, TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
GRAPHS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""The formats for CONSTRUCT and DESCRIBE; the first is the default."""
RESULTS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""The formats for SELECT and ASK; the first is the default."""

COMPRESSED: Final = ".gz"
W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"
"""The namespace in which the W3C names formats."""


def w3c_iri(form: Format) -> str:
    """Return the W3C's IRI for a format of graphs or of results."""
    return W3C_FORMATS + form.w3c


def by_path(path: str | PurePath) -> Format | None:
    """Return the RDF format of a file's suffix (``.gz`` is ignored), None if it is unknown."""
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
    """Return the format of a media type, without parameters; main media types come first."""
    plain = media_type.partition(";")[0].strip().lower()
    formats = tuple(among)
    return next(
        (f for f in formats if f.media_type == plain),
        next((f for f in formats if plain in f.also), None),
    )
