"""The building of a release: curated RDF is read, completed by rules, checked, and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Dataset, DefaultGraph, NamedNode, Quad, RdfFormat

from rallynov_graph import __version__
from rallynov_graph.base.errors import SourceError, ValidationFailed
from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.base.resources import checks_dir, data_dir, ontology_dir
from rallynov_graph.base.standings import is_current
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import QuadsOfFile, write_sorted
from rallynov_graph.rdf.locations import locate
from rallynov_graph.release import attribution, extensions, release, withdrawals
from rallynov_graph.release.release import Release
from rallynov_graph.rules import inference, rulebook
from rallynov_graph.rules.provenance import Interpretations
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation.report import Report

RELEASES: Final = (CURRENT.folder or Path()) / "releases"
"""Where releases are kept unless another folder is named: in that of the programme, else in the
working directory."""
DATASET: Final = attribution.DATASET
"""The file of the data with their title, version, date and licence."""

Step = Callable[[str], None]
"""Receives the name of the step that begins, in a few words."""

_ONTOLOGY: Final = NamedNode(ONTOLOGY)


NamedFiles = tuple[tuple[str, Path], ...]
"""Files with their names in reports and manifests."""


@dataclass(frozen=True)
class Content:
    """Everything that goes into a release, before it is checked."""

    files: NamedFiles
    data: Iterable[Quad]
    """It may be iterated more than once; a quad may come more than once."""
    ontology: Dataset
    ontology_dir: Path
    withdrawn: frozenset[str]
    """The hashes of the things that the data must not name any more."""
    until: str = ""
    """The IRI of the document after which they end; empty where none is left out for its day."""
    only: str = ""
    """The IRI of the document of which alone they are; empty where they are of all."""


def current(out: Path = RELEASES, *, step: Step | None = None) -> Release:
    """Return a release of the shipped data: the latest in ``out`` if it is one, else a new one."""
    return up_to_date(out) or build(out, step=step)


def up_to_date(out: Path = RELEASES) -> Release | None:
    """Return the latest release in ``out`` if it was made from the sources as they are now."""
    folder = release.latest(out)
    if folder is None:
        return None
    found = release.load(folder)
    made_by, source_hashes = found.manifest.software, found.manifest.sources
    is_whole = not (found.manifest.until or found.manifest.only)
    return (
        found
        if is_whole and made_by == __version__ and source_hashes == release.sources()
        else None
    )


def build(
    out: Path = RELEASES,
    *,
    data: Path | None = None,
    ontology: Path | None = None,
    step: Step | None = None,
    checked: bool = True,
    until: str | None = None,
    only: str | None = None,
) -> Release:
    """Return the release of the data in a folder after it was frozen in ``out``.

    It is the latest one from then on, unless documents are left out: those that appeared later than
    the document ``until``, or all but the one ``only``. The same sources give the same bytes
    anywhere. Raises ValidationFailed, which carries the report, where the data break a rule;
    SourceError where they cannot be read; UnknownNameError for such a document. What is frozen
    unchecked says so in its manifest and on
    its pages.
    """
    from rallynov_graph.release.freezing import freeze, workshop
    from rallynov_graph.release.store_location import outgrows_memory

    report_step = step or (lambda _: None)
    report_step("reading the sources")
    source_hashes = release.sources(data, ontology)
    with ExitStack() as stack:
        open_workshop = cache(lambda: stack.enter_context(workshop(out)))
        content = read(data or data_dir(), ontology or ontology_dir())
        if until is not None or only is not None:
            content = _of_documents(content, written(data or data_dir()), until, only)

        def store_folder(quads: int) -> Path | None:
            return open_workshop().folder / "rules" if outgrows_memory(quads) else None

        report_step("working out what stands, and applying the rules")
        content = _written_down(completed(content, store_folder), open_workshop().folder)
        report = None
        if checked:
            report_step("checking the data")
            report = check(content.files, content.data, content.ontology, content.ontology_dir)
            if not report.conforms:
                raise ValidationFailed(
                    f"{report.summary()} Nothing was released; rallynov validate shows why.", report
                )
        report_step("freezing the release")
        built = freeze(open_workshop(), content, report, source_hashes)
        if not (content.until or content.only):
            open_workshop().name_latest(built.path.name)
        return built


def read(data: Path, ontology: Path) -> Content:
    """Return the content of a data and an ontology folder, as decided about identity.

    Raises SourceError, for a blank node too, and for a decision that cannot be carried out.

    Everything in a release can be linked to, and is written the same way each time. The data are
    read each time they are iterated, so that they may be of any size.
    """
    files = files_of(data)
    return Content(
        files,
        HeldQuads(decided(HeldQuads(written(data)), [path for _, path in files])),
        ontology_of(ontology),
        ontology,
        withdrawals.read(data / withdrawals.FILE),
    )


def _of_documents(
    content: Content, quads: Iterable[Quad], until: str | None, only: str | None
) -> Content:
    """Return the content of some documents, as ``build`` has it; raise UnknownNameError."""
    from rallynov_graph.release.document_selection import known_from, known_until

    paths = [path for _, path in content.files]
    if until is not None:
        document, known = known_until(quads, until)
        return replace(content, data=decided(known, paths), until=document)
    document, known = known_from(quads, only or "")
    return replace(content, data=decided(known, paths), only=document)


def written(data: Path, left_out: Sequence[Path] = ()) -> Iterable[Quad]:
    """Return the quads of a data folder as they are written, before any decision is carried out.

    Files may be left out of it.
    Raises SourceError for a blank node, for what is in no graph, and for a withdrawn thing.
    """
    withdrawn = withdrawals.read(data / withdrawals.FILE)
    files = tuple(path for _, path in files_of(data) if path not in left_out)
    return NamedQuads(files, withdrawn, in_graphs=True)


def completed(
    content: Content, store_folder: inference.StoreFolder = inference.in_memory
) -> Content:
    """Return the content as it stands, with the conclusions from it, and who concluded the sets.

    Raises SourceError for a decision about standing that cannot be followed, and RuleError.
    """
    data = HeldQuads(settled(content.data, [path for _, path in content.files]))
    asserted = ConcatenatedQuads((data, content.ontology))
    derived = inference.derive(asserted, rulebook.load(), store_folder=store_folder)
    interpreters = Interpretations(data)
    return replace(content, data=ConcatenatedQuads((data, derived, interpreters)))


def files_of(data: Path) -> NamedFiles:
    """Return the RDF files of a data folder; raise SourceError where there is none."""
    files = tuple((f"data/{p.relative_to(data).as_posix()}", p) for p in sources.files_under(data))
    if not files:
        raise SourceError(str(data), "there is no RDF file in this folder")
    return files


def ontology_of(folder: Path) -> Dataset:
    """Return the ontology in a folder: all its Turtle files but the shapes, in its own graph."""
    files = sorted(path for path in folder.glob("*.ttl") if path.name != release.SHAPES)
    ontology = Dataset(_in_graph(NamedQuads(tuple(files))))
    extensions.refuse_contradictions(ontology)
    added = NamedQuads(tuple(extensions.term_files()))
    return Dataset(chain(ontology, _in_graph(added)))


def shapes_of(ontology: Path) -> list[Path]:
    """Return the files of the shapes: that of an ontology folder, and those of the programme."""
    return [ontology / release.SHAPES, *extensions.shape_files()]


def _in_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    return (Quad(q.subject, q.predicate, q.object, _ONTOLOGY) for q in quads)


def check(
    files: NamedFiles,
    data: Iterable[Quad],
    ontology: Dataset,
    ontology_dir: Path,
    *,
    first: frozenset[str] = frozenset(),
) -> Report:
    """Return the report of our shapes and checks on data and ontology, with files and lines.

    Findings about the ``first`` things are kept before those about others.
    """
    from rallynov_graph.release.checking import ALIKE
    from rallynov_graph.validation import gate, graph_checks, mistakes, source_faults

    with source_faults.placed(*(shape_files := shapes_of(ontology_dir))):
        report = gate.validate(
            data,
            sources.quads(shape_files),
            background=ontology,
            checks=graph_checks.read(checks_dir().glob("*.rq")),
            further=(ALIKE,),
            first=first,
        )
    terms = ((f"ontology/{p.name}", p) for p in sorted(ontology_dir.glob("*.ttl")))
    return mistakes.with_hints(report, data, files).located((*files, *terms))


def _written_down(content: Content, folder: Path) -> Content:
    """Return the content with its data read from a file in a folder, and no longer held."""
    data = folder / release.DATA
    write_sorted(content.data, RdfFormat.N_QUADS, data)
    return replace(content, data=QuadsOfFile(data))


MOST_HELD: Final = 2_000_000
"""So many quads are held in memory, in a gigabyte; more are read each time they are asked for."""
_SEEN: Final = 100_000
"""So many addresses are remembered not to be withdrawn."""


@dataclass(frozen=True)
class ConcatenatedQuads:
    """The quads of several sources, one after the other, each time they are iterated."""

    parts: tuple[Iterable[Quad], ...]

    def __iter__(self) -> Iterator[Quad]:
        return chain.from_iterable(self.parts)


class HeldQuads:
    """Quads that are worked out once, and held from then on, unless they are too many."""

    def __init__(self, quads: Iterable[Quad], most: int | None = None) -> None:
        self._quads, self._most = quads, MOST_HELD if most is None else most
        self._held: list[Quad] | None = None

    def __iter__(self) -> Iterator[Quad]:
        return self._read() if self._held is None else iter(self._held)

    def _read(self) -> Iterator[Quad]:
        held: list[Quad] = []
        for quad in self._quads:
            if len(held) <= self._most:
                held.append(quad)
            yield quad
        if len(held) <= self._most:
            self._held = held


@dataclass(frozen=True)
class NamedQuads:
    """The quads of files.

    A blank node, a withdrawn thing or a statement that is in no graph of ours raises SourceError.
    """

    files: tuple[Path, ...]
    withdrawn: frozenset[str] = frozenset()
    in_graphs: bool = False
    """Whether each statement must be in a named graph, and in none that only a build makes."""

    def __iter__(self) -> Iterator[Quad]:
        @lru_cache(_SEEN)
        def is_withdrawn(term: object) -> bool:
            iri = term.value if isinstance(term, NamedNode) else None
            return iri is not None and withdrawals.hash_of(iri) in self.withdrawn

        for file in self.files:
            for quad in sources.quads([file], relative_iris=False):
                subject, value, graph = quad.subject, quad.object, quad.graph_name
                if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
                    raise SourceError(
                        str(file),
                        f"a blank node is in the statement {quad}; give the thing an IRI",
                    )
                if self.in_graphs and isinstance(graph, DefaultGraph):
                    raise SourceError(
                        str(file),
                        f"the statement {quad} is in no graph, so nobody says it; "
                        "put it into an assertion set or another graph",
                    )
                if not is_current(graph):
                    raise SourceError(
                        str(file),
                        f"the statement {quad} is in a graph that only a build makes; put it into "
                        "its assertion set, and decide about its standing",
                    )
                if self.withdrawn:
                    for term in (subject, value, graph):
                        if is_withdrawn(term):
                            raise _withdrawn(file, term)
                yield quad


def _withdrawn(file: Path, term: object) -> SourceError:
    iri = getattr(term, "value", "")
    place = locate([file], [iri]).get(iri)
    return SourceError(
        str(file),
        f"{term} was withdrawn; take it out by rallynov withdraw",
        place.line if place else None,
    )
