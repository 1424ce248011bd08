"""Write a release folder, which appears completely or not at all."""

import filecmp
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat

from rallynov_graph import __version__
from rallynov_graph.base.errors import (
    ReleaseError,
    SourceError,
    os_error_text,
)
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES
from rallynov_graph.base.programme import CURRENT, FILE
from rallynov_graph.base.whole_files import (
    flush_to_disk,
    locked,
    put_in_place,
    replace_file,
    unfinished_folder,
    write_file,
)
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import tally, write_sorted
from rallynov_graph.release import attribution, building, release, what_if, withdrawals
from rallynov_graph.release.building import Content
from rallynov_graph.release.documents import documents_in
from rallynov_graph.release.release import LATEST, MANIFEST, FileHash, Manifest, Release, latest
from rallynov_graph.validation.report import Report

_DCTERMS: Final = PREFIXES["dcterms"]
_ISSUED: Final = f"{_DCTERMS}issued"
_TITLE: Final = f"{_DCTERMS}title"
_VERSION: Final = f"{PREFIXES['owl']}versionInfo"


@dataclass(frozen=True)
class Workshop:
    """A folder beside the releases where one release is made at a time."""

    out: Path
    folder: Path

    def freeze(
        self, name: str, core: Sequence[str], derived: Mapping[str, bytes], manifest: bytes
    ) -> None:
        """Move the complete release to its place; the first one becomes the latest.

        The core files are in the workshop. If a release of the same name exists, its data stay
        untouched, and only its derived files are renewed.
        """
        target = self.out / name
        if _has(target, self.folder, core):
            _renew(self.out, target, derived, manifest)
        else:
            _place(self, target, core, {**derived, MANIFEST: manifest})
        if latest(self.out) is None:
            self.name_latest(name)

    def name_latest(self, name: str) -> None:
        """Make a release the latest one: servers that watch the folder serve it from now on."""
        replace_file(self.out, self.out / LATEST, f"{name}\n".encode())


@contextmanager
def workshop(out: Path) -> Iterator[Workshop]:
    """Yield a workshop; builds take turns. Raises ReleaseError if it cannot be written."""
    try:
        with locked(out):
            yield Workshop(out, unfinished_folder(out))
    except OSError as error:
        place = error.filename or out
        raise ReleaseError(
            f"{place}: the release cannot be written: {os_error_text(error)}",
        ) from error


def _has(folder: Path, source: Path, files: Iterable[str]) -> bool:
    return all(
        (folder / name).is_file() and filecmp.cmp(folder / name, source / name, shallow=False)
        for name in files
    )


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    paths = {folder / name: content for name, content in files.items()}
    return all(path.is_file() and path.read_bytes() == paths[path] for path in paths)


def _place(
    workshop: Workshop, target: Path, core: Iterable[str], files: Mapping[str, bytes]
) -> None:
    """Move a complete folder to its place; a damaged one of the same name is removed."""
    new = unfinished_folder(workshop.out) / target.name
    new.mkdir()
    for name in core:
        (workshop.folder / name).rename(new / name)
        flush_to_disk(new / name)
    for name, content in files.items():
        write_file(new / name, content)
    flush_to_disk(*{(new / name).parent for name in files})
    put_in_place(new, target)


def _renew(out: Path, folder: Path, derived: Mapping[str, bytes], manifest: bytes) -> None:
    """Put new derived files beside the old ones, then the manifest that names them.

    The old ones stay: processes that loaded the release may still read them.
    """
    derived_folder = next(iter(derived)).partition("/")[0]
    if not _holds(folder, derived):
        new = unfinished_folder(out)
        for name, content in derived.items():
            write_file(new / name, content)
        flush_to_disk(new / derived_folder)
        put_in_place(new / derived_folder, folder / derived_folder)
    replace_file(out, folder / MANIFEST, manifest)


def freeze(
    workshop: Workshop,
    content: Content,
    report: Report | None,
    source_hashes: tuple[FileHash, ...],
) -> Release:
    """Return the release of content that was written in the workshop."""
    data, ontology = workshop.folder / release.DATA, workshop.folder / release.ONTOLOGY
    write_sorted((q.triple for q in content.ontology), RdfFormat.N_TRIPLES, ontology)
    derived = _derived(content, report, what_if.written(data, ontology))
    manifest = _manifest(content, report, (data, ontology), derived, source_hashes)
    name = manifest.id[:16]
    workshop.freeze(name, (data.name, ontology.name), derived, manifest.json().encode())
    return release.load(workshop.out / name)


def _derived(content: Content, report: Report | None, what_if: bytes) -> dict[str, bytes]:
    """Return the files made from data and shapes, in a folder named after their content."""
    ontology = content.ontology_dir
    files = {
        name: (ontology / name).read_bytes()
        for name in (release.SHAPES, release.CONTEXT)
        if (ontology / name).is_file()
    }
    for file in building.shape_files():
        files[release.SHAPES] += b"\n" + file.read_bytes()
    if CURRENT.file is not None:
        files[FILE] = CURRENT.file.read_bytes()
        files[attribution.FILE] = attribution.of_data(_dataset_file(content).parent).json()
    if content.withdrawn:
        files[withdrawals.FILE] = withdrawals.text(content.withdrawn).encode()
    if report is not None:
        files[release.REPORT_JSON] = report.json().encode()
        files[release.REPORT_TURTLE] = report.turtle()
    files[release.WHAT_IF] = what_if
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
    dataset, thing, place = _description(content)
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
        title=_titles(dataset, thing, data, content.only),
        version=_value(dataset, thing, _VERSION, place),
        issued=_value(dataset, thing, _ISSUED, place),
        licence=_value(dataset, thing, f"{_DCTERMS}license", place),
        ontology_version=_value(content.ontology, NamedNode(ONTOLOGY), _VERSION, "the ontology"),
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


def _titles(quads: Iterable[Quad], thing: object, data: Path, only: str) -> dict[str, str]:
    """Return the titles of a release, with the name of its document if there is only one."""
    found = (q.object for q in quads if (q.subject, q.predicate.value) == (thing, _TITLE))
    literals = sorted((it for it in found if isinstance(it, Literal)), key=str)
    titles = {it.language or "": it.value for it in literals}
    named = {it.iri: it for it in documents_in(data)}.get(only) if only else None
    if named is None:
        return titles
    return {language: f"{title} — {named.name(language)}" for language, title in titles.items()}


def _description(content: Content) -> tuple[Dataset, object, str]:
    file = _dataset_file(content)
    dataset = sources.read([file])
    things = {quad.subject for quad in dataset if quad.predicate.value == _ISSUED}
    if len(things) != 1:
        raise SourceError(str(file), "exactly one thing in it has a dcterms:issued: the dataset")
    return dataset, things.pop(), str(file)


def _value(quads: Iterable[Quad], thing: object, predicate: str, place: str) -> str:
    """Return the only value of a property; raise SourceError if there is none or several."""
    found = (q.object for q in quads if (q.subject, q.predicate.value) == (thing, predicate))
    values = {str(getattr(term, "value", term)) for term in found}
    if len(values) != 1:
        raise SourceError(place, f"exactly one value of <{predicate}> belongs to {thing}")
    return values.pop()


def _dataset_file(content: Content) -> Path:
    file = dict(content.files).get(f"data/{attribution.DATASET}")
    if file is None:
        raise SourceError(
            f"data/{attribution.DATASET}", "it is missing; it says title, version, date, licence"
        )
    return file
