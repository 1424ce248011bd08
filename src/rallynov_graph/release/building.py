"""The building of a release: curated RDF is read, completed by rules, checked, and frozen."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat

from rallynov_graph import __version__
from rallynov_graph.base.errors import SourceError, ValidationFailed
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES
from rallynov_graph.base.programme import CURRENT, FILE
from rallynov_graph.base.resources import checks_dir, data_dir, ontology_dir
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import QuadsOfFile, tally, write_sorted
from rallynov_graph.release import attribution, extensions, release, withdrawals
from rallynov_graph.release.dataset_description import About
from rallynov_graph.release.documents import documents_in
from rallynov_graph.release.release import FileHash, Manifest, Release
from rallynov_graph.release.written_quads import ConcatenatedQuads, HeldQuads, NamedQuads
from rallynov_graph.rules import inference, rulebook
from rallynov_graph.rules.provenance import Interpretations
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation.report import Report

if TYPE_CHECKING:
    from rallynov_graph.release.freezing import Workshop

RELEASES: Final = (CURRENT.folder or Path()) / "releases"
"""Where releases are kept unless another folder is named: in that of the programme, else in the
working directory."""
DATASET: Final = attribution.DATASET
"""The file of the data with their title, version, date and licence."""

Step = Callable[[str], None]
"""Receives the name of the step that begins, in a few words."""

_DCTERMS: Final = PREFIXES["dcterms"]
_ISSUED: Final = f"{_DCTERMS}issued"
_VERSION: Final = f"{PREFIXES['owl']}versionInfo"
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
    from rallynov_graph.release.freezing import workshop
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
        built = _freeze(open_workshop(), content, report, source_hashes)
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
    from rallynov_graph.release.alike_things import ALIKE
    from rallynov_graph.validation import gate, graph_checks, hints, source_faults

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
    return hints.with_hints(report, lambda _: data, files).located((*files, *terms))


def _written_down(content: Content, folder: Path) -> Content:
    """Return the content with its data read from a file in a folder, and no longer held."""
    data = folder / release.DATA
    write_sorted(content.data, RdfFormat.N_QUADS, data)
    return replace(content, data=QuadsOfFile(data))


def _freeze(
    workshop: "Workshop",
    content: Content,
    report: Report | None,
    source_hashes: tuple[FileHash, ...],
) -> Release:
    """Return the release of content that was written down in the workshop."""
    data, ontology = workshop.folder / release.DATA, workshop.folder / release.ONTOLOGY
    write_sorted((q.triple for q in content.ontology), RdfFormat.N_TRIPLES, ontology)
    derived = _derived(content, report)
    manifest = _manifest(content, report, (data, ontology), derived, source_hashes)
    name = manifest.id[:16]
    workshop.freeze(name, (data.name, ontology.name), derived, manifest.json().encode())
    return release.load(workshop.out / name)


def _derived(content: Content, report: Report | None) -> dict[str, bytes]:
    """Return the files made from data and shapes, in a folder that their content names."""
    from rallynov_graph.validation import w3c_report

    ontology = content.ontology_dir
    files = {
        name: (ontology / name).read_bytes()
        for name in (release.SHAPES, release.CONTEXT)
        if (ontology / name).is_file()
    }
    for file in extensions.shape_files():
        files[release.SHAPES] += b"\n" + file.read_bytes()
    if CURRENT.file is not None:
        files[FILE] = CURRENT.file.read_bytes()
        files[attribution.FILE] = attribution.of_data(_dataset_file(content).parent).json()
    if content.withdrawn:
        files[withdrawals.FILE] = withdrawals.text(content.withdrawn).encode()
    if report is not None:
        files[release.REPORT_JSON] = report.json().encode()
        files[release.REPORT_TURTLE] = w3c_report.turtle(report)
    digest = hashlib.sha256()
    for name, content_of_file in sorted(files.items()):
        digest.update(b"%s %d\n%s" % (name.encode(), len(content_of_file), content_of_file))
    return {f"derived-{digest.hexdigest()[:8]}/{name}": files[name] for name in sorted(files)}


def _manifest(
    content: Content,
    report: Report | None,
    core: tuple[Path, Path],
    derived: Mapping[str, bytes],
    source_hashes: tuple[FileHash, ...],
) -> Manifest:
    about = _about(content)
    data, ontology = core
    release_id, data_hash = release.identity(data, ontology)
    files = [data_hash, release.hashed(ontology, release.ONTOLOGY)]
    files += [
        FileHash(name, hashlib.sha256(content_of_file).hexdigest(), len(content_of_file))
        for name, content_of_file in derived.items()
    ]
    return Manifest(
        format=release.FORMAT,
        id=release_id,
        title=_titles(about.texts(f"{_DCTERMS}title"), data, content.only),
        version=about.text(_VERSION),
        issued=about.text(_ISSUED),
        licence=about.text(f"{_DCTERMS}license"),
        ontology_version=About(content.ontology, _ONTOLOGY, "the ontology").text(_VERSION),
        software=__version__,
        counts={**asdict(tally(data)), "ontology": len(content.ontology)},
        checked=report is not None,
        findings=report.counts if report is not None else {},
        derived=next(iter(derived)).partition("/")[0],
        files=tuple(sorted(files, key=lambda file: file.path)),
        sources=source_hashes,
        until=content.until,
        only=content.only,
    )


def _titles(titles: Mapping[str, str], data: Path, only: str) -> Mapping[str, str]:
    """Return the titles of a release, with the name of the one document that it is of."""
    named = {it.iri: it for it in documents_in(data)}.get(only) if only else None
    if named is None:
        return titles
    return {language: f"{title} — {named.name(language)}" for language, title in titles.items()}


def _about(content: Content) -> About:
    """Return the description of the dataset in its file; raise SourceError."""
    file = _dataset_file(content)
    dataset = sources.read([file])
    things = {quad.subject for quad in dataset if quad.predicate.value == _ISSUED}
    if len(things) != 1:
        raise SourceError(str(file), "exactly one thing in it has a dcterms:issued: the dataset")
    return About(dataset, things.pop(), str(file))


def _dataset_file(content: Content) -> Path:
    file = dict(content.files).get(f"data/{DATASET}")
    if file is None:
        raise SourceError(f"data/{DATASET}", "it is missing; it says title, version, date, licence")
    return file
