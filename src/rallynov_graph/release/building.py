"""Build a release: read curated RDF, complete it by rules, check it, and freeze it.

A programme's folder may extend the ontology and the shapes: a file whose name ends in
``shapes.ttl`` adds shapes, any other one terms. It may add to the program's own statements, but not
contradict them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Dataset, DefaultGraph, NamedNode, Quad, RdfFormat

from rallynov_graph import __version__
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import SourceError, ValidationFailed
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, SHAPES, in_prefixes
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.base.resources import checks_dir, data_dir, extensions_dir, ontology_dir
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import QuadsOfFile, write_sorted
from rallynov_graph.rdf.locations import locate
from rallynov_graph.release import attribution, release, withdrawals
from rallynov_graph.release.release import Release
from rallynov_graph.rules import inference, rulebook
from rallynov_graph.rules.provenance import interpretations
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation.report import Report

RELEASES: Final = (CURRENT.folder or Path()) / "releases"
"""The default folder for releases: in the programme's folder, else in the working directory."""
DATASET: Final = attribution.DATASET
"""The file of the data with their title, version, date and licence."""

Step = Callable[[str], None]
"""Receives the name of the step that begins, in a few words."""

_ONTOLOGY: Final = NamedNode(ONTOLOGY)
_SHAPES_FILE: Final = "shapes.ttl"
_OURS: Final = (RN, SHAPES, ONTOLOGY)
_NARROWER: Final = tuple(
    NamedNode(PREFIXES["rdfs"] + name) for name in ("subClassOf", "subPropertyOf")
)

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
    """The IRI of the last document; empty if no later one is left out."""
    only: str = ""
    """The IRI of the only document; empty if all are included."""


def current(out: Path = RELEASES, *, step: Step | None = None) -> Release:
    """Return a release of the shipped data: the latest in ``out`` if up to date, else a new one."""
    return up_to_date(out) or build(out, step=step)


def up_to_date(out: Path = RELEASES) -> Release | None:
    """Return the latest release in ``out`` if it was made from the present sources, else None."""
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
    """Build a release from the data in a folder, and freeze it in ``out``.

    It becomes the latest one, unless documents are left out: those that appeared later than the
    document ``until``, or all except ``only``. The same sources give the same bytes on every
    machine. Raises ValidationFailed, with the report, if the data violate a rule; SourceError if
    they cannot be read; UnknownNameError for an unknown document. A release frozen without checks
    says so in its manifest and on its pages.
    """
    from rallynov_graph.release.freezing import freeze, workshop

    report_step = step or (lambda _: None)
    report_step("reading the sources")
    source_hashes = release.sources(data, ontology)
    content = _of_documents(data or data_dir(), ontology or ontology_dir(), until, only)
    with workshop(out) as opened:
        report_step("determining what is current, and applying the rules")
        content = _written_down(completed(content), opened.folder)
        report = None
        if checked:
            report_step("checking the data")
            report = check(content)
            if not report.conforms:
                raise ValidationFailed(
                    f"{report.summary()} Nothing was released; rallynov validate shows why.", report
                )
        report_step("writing the release")
        built = freeze(opened, content, report, source_hashes)
        if not (content.until or content.only):
            opened.name_latest(built.path.name)
        return built


def read(data: Path, ontology: Path) -> Content:
    """Return the content of a data and an ontology folder, after decisions about identity.

    Raises SourceError for a blank node, because everything in a release has a stable address, and
    for a decision that cannot be applied.
    """
    return _content(data, ontology, written(data))


def _of_documents(data: Path, ontology: Path, until: str | None, only: str | None) -> Content:
    """Return the content of a folder or of some of its documents; raise UnknownNameError."""
    from rallynov_graph.release.document_selection import known_from, known_until

    if until is not None:
        document, known = known_until(written(data), until)
        return _content(data, ontology, known, until=document)
    if only is not None:
        document, known = known_from(written(data), only)
        return _content(data, ontology, known, only=document)
    return read(data, ontology)


def _content(
    data: Path, ontology: Path, quads: Iterable[Quad], *, until: str = "", only: str = ""
) -> Content:
    files = files_of(data)
    decided_quads = [*decided(quads, [path for _, path in files])]
    withdrawn = withdrawals.read(data / withdrawals.FILE)
    return Content(
        files, decided_quads, ontology_of(ontology), ontology, withdrawn, until=until, only=only
    )


def written(data: Path, left_out: Sequence[Path] = ()) -> list[Quad]:
    """Return the quads of a data folder as written, before any decision is applied.

    Some files can be left out. Raises SourceError for a blank node, for a statement outside of
    graphs, and for a withdrawn thing.
    """
    withdrawn = withdrawals.read(data / withdrawals.FILE)
    files = (path for _, path in files_of(data) if path not in left_out)
    return [*named_quads(files, withdrawn, in_graphs=True)]


def with_graphs_replaced(
    content: Content, data: Path, files: Sequence[Path], added: Iterable[Quad]
) -> Content:
    """Return the content of a data folder with the graphs of files in place of its own.

    Raises SourceError for a decision that cannot be applied.
    """
    added = {*added}
    replaced = {quad.graph_name for quad in added}
    others = tuple(named for named in content.files if named[1] not in files)
    named = (*((str(path), path) for path in files), *others)
    kept = (quad for quad in written(data) if quad.graph_name not in replaced)
    return replace(
        content, files=named, data=[*decided([*kept, *added], [path for _, path in named])]
    )


def completed(content: Content) -> Content:
    """Return the content with its standing, its conclusions, and the authors of its sets.

    Raises SourceError for a decision about standing that cannot be applied, and RuleError.
    """
    data = [*settled(content.data, [path for _, path in content.files])]
    asserted = [*data, *content.ontology]
    derived = inference.derive(asserted, rulebook.load())
    return replace(content, data=[*data, *derived, *interpretations(data)])


def files_of(data: Path) -> NamedFiles:
    """Return the RDF files of a data folder; raise SourceError if there are none."""
    files = tuple((f"data/{p.relative_to(data).as_posix()}", p) for p in sources.files_under(data))
    if not files:
        raise SourceError(str(data), "there is no RDF file in this folder")
    return files


def ontology_of(folder: Path) -> Dataset:
    """Return the ontology in a folder: all its Turtle files except shapes, in its own graph."""
    files = sorted(path for path in folder.glob("*.ttl") if path.name != release.SHAPES)
    ontology = Dataset(_in_graph(named_quads(files)))
    _refuse_contradictions(ontology)
    return Dataset([*ontology, *_in_graph(named_quads(_term_files()))])


def shapes_of(ontology: Path) -> list[Path]:
    """Return the files of the shapes: the ontology folder's and the programme's."""
    return [ontology / release.SHAPES, *shape_files()]


def _in_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    return (Quad(q.subject, q.predicate, q.object, _ONTOLOGY) for q in quads)


def check(content: Content, *, first: frozenset[str] = frozenset()) -> Report:
    """Return the report of our shapes and checks on data and ontology, with files and lines.

    Findings about the ``first`` things are kept before others.
    """
    terms = ((f"ontology/{p.name}", p) for p in sorted(content.ontology_dir.glob("*.ttl")))
    return found_in(content, first=first).located((*content.files, *terms))


def found_in(content: Content, *, first: frozenset[str] = frozenset()) -> Report:
    """Return the same report without files and lines, which take longest to find."""
    from rallynov_graph.release.checking import alike
    from rallynov_graph.validation import gate, graph_checks, mistakes, shacl

    with shacl.placed(*(files_of_shapes := shapes_of(content.ontology_dir))):
        report = gate.validate(
            content.data,
            sources.quads(files_of_shapes),
            background=content.ontology,
            checks=graph_checks.read(checks_dir().glob("*.rq")),
            further=(alike,),
            first=first,
        )
    return mistakes.with_hints(report, content.data, content.files)


def _written_down(content: Content, folder: Path) -> Content:
    """Return the content after writing its data to a file, which frees their memory."""
    data = folder / release.DATA
    write_sorted(content.data, RdfFormat.N_QUADS, data)
    return replace(content, data=QuadsOfFile(data))


def named_quads(
    files: Iterable[Path],
    withdrawn: frozenset[str] = frozenset(),
    in_graphs: bool = False,
) -> Iterator[Quad]:
    """Yield the quads of files; optionally each statement must be in a named graph.

    Raises SourceError for a blank node, for a withdrawn thing, and for a graph that only a build
    makes.
    """

    @lru_cache(100_000)
    def is_withdrawn(term: object) -> bool:
        iri = term.value if isinstance(term, NamedNode) else None
        return iri is not None and withdrawals.hash_of(iri) in withdrawn

    for file in files:
        for quad in sources.quads([file], relative_iris=False):
            subject, value, graph = quad.subject, quad.object, quad.graph_name
            if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
                fault = f"a blank node is in the statement {quad}; give the thing an IRI"
                raise SourceError(str(file), fault)
            if in_graphs and isinstance(graph, DefaultGraph):
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
            if withdrawn:
                for term in (subject, value, graph):
                    if is_withdrawn(term):
                        raise _fault(
                            file, term, f"{term} was withdrawn; take it out by rallynov withdraw"
                        )
            yield quad


def _term_files() -> list[Path]:
    """Return the programme's files that add terms to the ontology; none without a programme."""
    return [file for file in _extension_files() if not file.name.endswith(_SHAPES_FILE)]


def shape_files() -> list[Path]:
    """Return the programme's files that add shapes; none without a programme."""
    return [file for file in _extension_files() if file.name.endswith(_SHAPES_FILE)]


def _extension_files() -> list[Path]:
    folder = extensions_dir()
    return sorted(folder.rglob("*.ttl")) if folder is not None else []


def _refuse_contradictions(ontology: Dataset) -> None:
    """Raise SourceError if an extension contradicts our ontology or shapes.

    It does if it describes one of our terms again, or makes a class or a property a subclass or
    subproperty of itself.
    """
    added = {file: [*sources.quads([file], relative_iris=False)] for file in _extension_files()}
    for file, quads in added.items():
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_OURS):
                raise _fault(
                    file,
                    quad.subject,
                    f"{in_prefixes(quad.subject.value)} is a term of the program, and described "
                    "there; give your own term an address of yours",
                )
    for prop in _NARROWER:
        wider: dict[object, set[object]] = defaultdict(set)
        for quad in chain(ontology, *added.values()):
            if quad.predicate == prop:
                wider[quad.subject].add(quad.object)
        for file, quads in added.items():
            for term in (quad.subject for quad in quads if quad.predicate == prop):
                if isinstance(term, NamedNode) and term in _above(term, wider):
                    raise _fault(
                        file,
                        term,
                        f"{in_prefixes(term.value)} would be narrower than itself; take out one of "
                        f"its {in_prefixes(prop.value)}",
                    )


def _above(term: object, wider: Mapping[object, set[object]]) -> set[object]:
    """Return the ancestors of a term; the term itself only if it is in a circle."""
    found: set[object] = set()
    left = [*wider.get(term, ())]
    while left:
        above = left.pop()
        if above not in found:
            found.add(above)
            left += wider.get(above, ())
    return found


def _fault(file: Path, term: object, reason: str) -> SourceError:
    iri = getattr(term, "value", "")
    place = locate([file], [iri]).get(iri)
    return SourceError(str(file), reason, place.line if place else None)
