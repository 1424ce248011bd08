"""The one table of the dumps of a release: names, files, media types, writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from rallynov_graph.exports import (
    citations,
    nanopublications,
    networks,
    rdf_dumps,
    rocrate,
    table_files,
)
from rallynov_graph.exports.packing import SUFFIXES
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.attribution import attribution
from rallynov_graph.release.release import Release

Write = Callable[["Release", IO[bytes], Progress | None], int | None]
"""Writes a release into a file; returns the number of characters replaced by U+FFFD."""

RDF: Final = "rdf"
TABLES: Final = "tables"
NETWORKS: Final = "networks"
LISTS: Final = "lists"
PACKAGE: Final = "package"
GROUPS: Final = (RDF, TABLES, NETWORKS, LISTS, PACKAGE)


@dataclass(frozen=True)
class Dump:
    """A file format for a whole release, or for a useful part of it."""

    form: Format
    group: str
    stem: str
    """The name of its file without the suffix."""
    write: Write

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def file(self) -> str:
        return f"{self.stem}{self.form.suffix}"

    @property
    def packings(self) -> tuple[str, ...]:
        """The compressions of its file, ``""`` for none; archives are not compressed again."""
        return ("", *SUFFIXES) if self.group == RDF else ("",)


def _rdf(form: Format) -> Dump:
    def write(release: Release, file: IO[bytes], progress: Progress | None) -> None:
        rdf_dumps.write(release, form, file, progress)

    return Dump(form, RDF, attribution().name, write)


def _references(name: str, label: str, suffix: str) -> Dump:
    def write(release: Release, file: IO[bytes], progress: Progress | None) -> None:
        found = citations.references(release, progress)
        file.write(citations.written(found, suffix).encode())

    form = Format(name, label, citations.SUFFIXES[suffix], (f".{suffix}",))
    return Dump(form, LISTS, "references", write)


_RDF_12: Final = Format("rdf12", "RDF 1.2 (N-Triples)", "application/n-triples", (".nt",))
_NANOPUB: Final = Format("nanopub", "Nanopublications (TriG)", "application/trig", (".trig",))
_SKOS: Final = Format("skos", "SKOS (Turtle)", "text/turtle", (".ttl",))
_CSV: Final = Format("csv", "CSV", "application/zip", (".zip",))
_SQLITE: Final = Format("sqlite", "SQLite", "application/vnd.sqlite3", (".sqlite",))
_GRAPHML: Final = Format("graphml", "GraphML", "application/graphml+xml", (".graphml",))
_CRATE: Final = Format("rocrate", "RO-Crate", "application/zip", (".zip",))
DUMPS: Final = (
    *map(_rdf, formats.EXPORTS),
    Dump(_RDF_12, RDF, "reifiers", rdf_dumps.write_reifiers),
    Dump(_NANOPUB, RDF, "nanopublications", nanopublications.write),
    Dump(_SKOS, LISTS, "thesaurus", rdf_dumps.write_thesaurus),
    Dump(_CSV, TABLES, "tables", table_files.write_csv),
    Dump(_SQLITE, TABLES, "tables", table_files.write_sqlite),
    Dump(formats.GEXF, NETWORKS, "network", networks.gexf_of_release),
    Dump(_GRAPHML, NETWORKS, "network", networks.graphml_of_release),
    _references("csljson", "CSL-JSON", "json"),
    _references("bibtex", "BibTeX", "bib"),
    _references("ris", "RIS", "ris"),
    Dump(_CRATE, PACKAGE, "crate", rocrate.write),
)
"""Every dump, in the order in which they are listed."""


def by_name(name: str) -> Dump:
    """Return the dump with a command-line name; raise UnknownNameError with near names."""
    form = formats.by_name(name, [dump.form for dump in DUMPS])
    return next(dump for dump in DUMPS if dump.form is form)
