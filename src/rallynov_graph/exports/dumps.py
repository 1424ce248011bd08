"""The one table of the dumps of a release: names, files, media types, writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Final

from rallynov_graph.exports.bibliography import FORMS
from rallynov_graph.exports.packing import SUFFIXES
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.attribution import attribution

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

Write = Callable[["Release", IO[bytes], Progress | None], int]
"""Writes a release into a file; returns how many characters stand as U+FFFD instead."""

RDF: Final = "rdf"
TABLES: Final = "tables"
NETWORKS: Final = "networks"
LISTS: Final = "lists"
PACKAGE: Final = "package"
GROUPS: Final = (RDF, TABLES, NETWORKS, LISTS, PACKAGE)


@dataclass(frozen=True)
class Dump:
    """A file format of a whole release, or of a part of it that is useful alone."""

    form: Format
    group: str
    stem: str
    """The name of its file without the suffix."""
    write: Write

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.form.name

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.stem}{self.form.suffix}"

    @property
    def packings(self) -> tuple[str, ...]:
        """The compressions that its file is offered in, ``""`` for none; archives have no other."""
        return ("", *SUFFIXES) if self.group == RDF else ("",)


def _rdf(form: Format, release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import rdf_dumps

    rdf_dumps.write(release, form, file, progress)
    return 0


def _skos(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import rdf_dumps

    rdf_dumps.write_thesaurus(release, file, progress)
    return 0


def _reifiers(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import reifiers

    reifiers.write(release, file, progress)
    return 0


def _nanopublications(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import nanopublications

    nanopublications.write(release, file, progress)
    return 0


def _csv(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import csvw

    csvw.write(release, file, progress)
    return 0


def _sqlite(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import sqlite

    sqlite.write(release, file, progress)
    return 0


def _gexf(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import gexf, network_files

    return gexf.write(network_files.network(release, progress), file)


def _graphml(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import graphml, network_files

    return graphml.write(network_files.network(release, progress), file)


def _references(name: str, release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import works

    file.write(FORMS[name].written(works.entries(release, progress)).encode())
    return 0


def _crate(release: Release, file: IO[bytes], progress: Progress | None) -> int:
    from rallynov_graph.exports import rocrate

    rocrate.write(release, file, progress)
    return 0


def _references_in(name: str, label: str) -> Dump:
    form = FORMS[name]
    export_format = Format(name, label, form.media_type, (f".{form.suffix}",))
    return Dump(export_format, LISTS, "references", partial(_references, name))


_WHOLE: Final = attribution().name
DUMPS: Final = (
    *(Dump(form, RDF, _WHOLE, partial(_rdf, form)) for form in formats.EXPORTS),
    Dump(
        Format("rdf12", "RDF 1.2 (N-Triples)", "application/n-triples", (".nt",)),
        RDF,
        "reifiers",
        _reifiers,
    ),
    Dump(
        Format("nanopub", "Nanopublications (TriG)", "application/trig", (".trig",)),
        RDF,
        "nanopublications",
        _nanopublications,
    ),
    Dump(Format("skos", "SKOS (Turtle)", "text/turtle", (".ttl",)), LISTS, "thesaurus", _skos),
    Dump(Format("csv", "CSV", "application/zip", (".zip",)), TABLES, "tables", _csv),
    Dump(
        Format("sqlite", "SQLite", "application/vnd.sqlite3", (".sqlite",)),
        TABLES,
        "tables",
        _sqlite,
    ),
    Dump(formats.GEXF, NETWORKS, "network", _gexf),
    Dump(
        Format("graphml", "GraphML", "application/graphml+xml", (".graphml",)),
        NETWORKS,
        "network",
        _graphml,
    ),
    _references_in("csljson", "CSL-JSON"),
    _references_in("bibtex", "BibTeX"),
    _references_in("ris", "RIS"),
    Dump(Format("rocrate", "RO-Crate", "application/zip", (".zip",)), PACKAGE, "crate", _crate),
)
"""Every dump, in the order in which they are listed."""


def by_name(name: str) -> Dump:
    """Return the dump of a name on the command line; raise UnknownNameError with near names."""
    form = formats.by_name(name, [dump.form for dump in DUMPS])
    return next(dump for dump in DUMPS if dump.form is form)
