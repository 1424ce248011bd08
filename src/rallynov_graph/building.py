"""From curated RDF to a release: read, check, write down in one canonical form, freeze."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from rallynov_graph import __version__, release, sources
from rallynov_graph.about import About
from rallynov_graph.canonical import sorted_lines, turtle
from rallynov_graph.errors import SourceError, ValidationFailed
from rallynov_graph.namespaces import ONTOLOGY, PREFIXES
from rallynov_graph.release import FileHash, Manifest, Release
from rallynov_graph.report import Report
from rallynov_graph.resources import checks_dir, data_dir, ontology_dir

RELEASES: Final = Path("releases")
"""Where releases are kept unless another folder is named: in the folder one works in."""
DATASET: Final = "dataset.trig"
"""The file in which the data say their title, version, date and licence."""

Step = Callable[[str], None]
"""Told what begins now, in a word or two."""

_DCTERMS: Final = PREFIXES["dcterms"]
_ISSUED: Final = f"{_DCTERMS}issued"
_VERSION: Final = f"{PREFIXES['owl']}versionInfo"
_ONTOLOGY: Final = NamedNode(ONTOLOGY)


NamedFiles = tuple[tuple[str, Path], ...]
"""Files with the names that reports and manifests call them by."""


@dataclass(frozen=True)
class Content:
    """Everything that goes into a release, read and not yet judged."""

    files: NamedFiles
    data: Dataset
    ontology: Dataset
    ontology_dir: Path


def current(out: Path = RELEASES, *, step: Step | None = None) -> Release:
    """Return a release of the shipped data: the latest in ``out`` if it is one, else a new one."""
    return up_to_date(out) or build(out, step=step)


def up_to_date(out: Path = RELEASES) -> Release | None:
    """Return the latest release in ``out`` if it was made from the sources as they are now."""
    folder = release.latest(out)
    if folder is None:
        return None
    found = release.load(folder)
    made_by, made_from = found.manifest.software, found.manifest.sources
    return found if made_by == __version__ and made_from == release.sources() else None


def build(
    out: Path = RELEASES,
    *,
    data: Path | None = None,
    ontology: Path | None = None,
    step: Step | None = None,
) -> Release:
    """Return the release of the data in a folder after it was frozen in ``out``.

    The same sources give the same bytes anywhere. Raises ValidationFailed, which carries the
    report, where the data break a rule; SourceError where they cannot be read.
    """
    tell = step or (lambda _: None)
    tell("reading the sources")
    made_from = release.sources(data, ontology)
    content = read(data or data_dir(), ontology or ontology_dir())
    tell("checking the data")
    report = check(content.files, content.data, content.ontology, content.ontology_dir)
    if not report.conforms:
        raise ValidationFailed(f"{report.summary()} Nothing was released.", report)
    tell("freezing the release")
    return _freeze(out, content, report, made_from)


def read(data: Path, ontology: Path) -> Content:
    """Return what lies in a data and an ontology folder; raise SourceError, for a blank node too.

    Everything in a release can be linked to, and is written the same way each time.
    """
    files = files_of(data)
    return Content(files, _named(path for _, path in files), ontology_of(ontology), ontology)


def files_of(data: Path) -> NamedFiles:
    """Return the RDF files of a data folder; raise SourceError where there is none."""
    files = tuple((f"data/{p.relative_to(data).as_posix()}", p) for p in sources.files_under(data))
    if not files:
        raise SourceError(str(data), "there is no RDF file in this folder")
    return files


def ontology_of(folder: Path) -> Dataset:
    """Return the ontology in a folder: all its Turtle files but the shapes, in its own graph."""
    files = sorted(path for path in folder.glob("*.ttl") if path.name != release.SHAPES)
    return Dataset(Quad(q.subject, q.predicate, q.object, _ONTOLOGY) for q in _named(files))


def check(files: NamedFiles, data: Dataset, ontology: Dataset, ontology_dir: Path) -> Report:
    """Return what our shapes and checks find in data and ontology, with files and lines."""
    from rallynov_graph import graph_checks, validation

    shapes = sources.quads([ontology_dir / release.SHAPES])
    checks = graph_checks.read(checks_dir().glob("*.rq"))
    found = validation.validate(data, shapes, background=ontology, checks=checks)
    terms = ((f"ontology/{p.name}", p) for p in sorted(ontology_dir.glob("*.ttl")))
    return found.located((*files, *terms))


def _named(files: Iterable[Path]) -> Dataset:
    dataset = Dataset()
    for file in files:
        for quad in sources.quads([file], relative_iris=False):
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                raise SourceError(
                    str(file), f"a blank node is in the statement {quad}; give the thing an IRI"
                )
            dataset.add(quad)
    return dataset


def _freeze(
    out: Path, content: Content, report: Report, made_from: tuple[FileHash, ...]
) -> Release:
    from rallynov_graph.frozen import freeze

    core = {
        release.DATA: sorted_lines(content.data, RdfFormat.N_QUADS),
        release.ONTOLOGY: sorted_lines((q.triple for q in content.ontology), RdfFormat.N_TRIPLES),
    }
    derived = _derived(content.ontology_dir, report)
    manifest = _manifest(content, report, core, derived, made_from)
    return freeze(out, manifest.id[:16], core, derived, manifest.json().encode())


def _derived(ontology: Path, report: Report) -> dict[str, bytes]:
    """Return the files made from data and shapes, in a folder that their content names."""
    files = {
        name: (ontology / name).read_bytes()
        for name in (release.SHAPES, release.CONTEXT)
        if (ontology / name).is_file()
    }
    files[release.REPORT_JSON] = report.json().encode()
    files[release.REPORT_TURTLE] = _report_turtle(report)
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    return {f"derived-{whole.hexdigest()[:8]}/{name}": files[name] for name in sorted(files)}


def _report_turtle(report: Report) -> bytes:
    """Return the W3C report, its blank nodes named by what they are, its triples sorted."""
    assert report.graph is not None
    written = report.graph.serialize(format="nt", encoding="utf-8")
    dataset = Dataset(parse(written, format=RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return turtle((quad.triple for quad in dataset), PREFIXES)


def _manifest(
    content: Content,
    report: Report,
    core: Mapping[str, bytes],
    derived: Mapping[str, bytes],
    made_from: tuple[FileHash, ...],
) -> Manifest:
    files = {**core, **derived}
    about = _about(content)
    return Manifest(
        format=release.FORMAT,
        id=release.identity_of(core[release.DATA], core[release.ONTOLOGY]),
        title=about.texts(f"{_DCTERMS}title"),
        version=about.text(_VERSION),
        issued=about.text(_ISSUED),
        licence=about.text(f"{_DCTERMS}license"),
        ontology_version=About(content.ontology, _ONTOLOGY, "the ontology").text(_VERSION),
        software=__version__,
        counts=_counts(content),
        findings=report.counts,
        derived=next(iter(derived)).partition("/")[0],
        files=tuple(
            FileHash(name, hashlib.sha256(files[name]).hexdigest(), len(files[name]))
            for name in sorted(files)
        ),
        sources=made_from,
    )


def _about(content: Content) -> About:
    """Return what the data say of themselves as a whole, in the file that is kept for it."""
    file = dict(content.files).get(f"data/{DATASET}")
    if file is None:
        raise SourceError(f"data/{DATASET}", "it is missing; it says title, version, date, licence")
    dataset = sources.read([file])
    things = {quad.subject for quad in dataset if quad.predicate.value == _ISSUED}
    if len(things) != 1:
        raise SourceError(str(file), "exactly one thing in it has a dcterms:issued: the dataset")
    return About(dataset, things.pop(), str(file))


def _counts(content: Content) -> dict[str, int]:
    triples = {quad.triple for quad in content.data}
    return {
        "quads": len(content.data),
        "graphs": len({quad.graph_name for quad in content.data}),
        "triples": len(triples),
        "ontology": len(content.ontology),
    }
