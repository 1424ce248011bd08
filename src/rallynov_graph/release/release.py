"""A release: an immutable folder, named by the hash of its data and ontology.

<first 16 of the id>/
    data.nq             canonical N-Quads, sorted
    ontology.nt         canonical N-Triples, sorted
    derived-<hash>/     shapes.ttl, context.jsonld, report.json, report.ttl, what_if.jsonl
    manifest.json       what is in it, from which sources; names the derived folder
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rallynov_graph.base.errors import (
    OtherProgrammeError,
    QueryError,
    ReleaseError,
    UnknownNameError,
    os_error_text,
)
from rallynov_graph.base.programme import (
    CURRENT,
    FILE,
    SHIPPED,
    read,
)
from rallynov_graph.base.resources import (
    checks_dir,
    data_dir,
    extensions_dir,
    ontology_dir,
    rules_dir,
)
from rallynov_graph.questions import thing_names
from rallynov_graph.rdf import formats
from rallynov_graph.release import withdrawals
from rallynov_graph.release.documents import NamedDocument

FORMAT: Final = 1
"""Counts up when an older version of this software could not read the folder any more."""
DATA: Final = "data.nq"
ONTOLOGY: Final = "ontology.nt"
MANIFEST: Final = "manifest.json"
LATEST: Final = "LATEST"
_NAME: Final = re.compile("[0-9a-f]{16}")
"""The form of the name of a release's folder."""
SHAPES: Final = "shapes.ttl"
CONTEXT: Final = "context.jsonld"
REPORT_JSON: Final = "report.json"
REPORT_TURTLE: Final = "report.ttl"
WHAT_IF: Final = "what_if.jsonl"

_BETWEEN: Final = b"\n--ontology--\n"
_CHUNK: Final = 1 << 20
_CHECK: Final = ".rq"


@dataclass(frozen=True)
class FileHash:
    """A file by its name, with forward slashes, its SHA-256 and its size in bytes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """The manifest of a release; it does not depend on the clock, the machine or a path."""

    format: int
    id: str
    title: Mapping[str, str]
    version: str
    issued: str
    """The date of issue in the data, as it is written there."""
    licence: str
    ontology_version: str
    software: str
    counts: Mapping[str, int]
    """quads, graphs, triples (distinct, of all graphs), ontology (triples)."""
    checked: bool
    """Whether the data were held to the shapes and checks before they were frozen."""
    findings: Mapping[str, int]
    derived: str
    files: tuple[FileHash, ...]
    sources: tuple[FileHash, ...]
    until: str = ""
    """The IRI of the document after which others were left out; empty if none were."""
    only: str = ""
    """The IRI of the only included document; empty if all are included."""

    def json(self) -> str:
        parts = "until", "only"
        written = {
            name: value for name, value in asdict(self).items() if name not in parts or value
        }
        return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True)
class Release:
    """A release on disk that was verified against its manifest."""

    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """The SHA-256, in hexadecimal, of its data and ontology."""
        return self.manifest.id

    @property
    def data(self) -> Path:
        """The data as sorted N-Quads."""
        return self.path / DATA

    @property
    def ontology(self) -> Path:
        """The ontology as sorted N-Triples."""
        return self.path / ONTOLOGY

    @property
    def shapes(self) -> Path:
        """The shapes that the data were checked against, in Turtle."""
        return self.path / self.manifest.derived / SHAPES

    @property
    def context(self) -> Path:
        return self.path / self.manifest.derived / CONTEXT

    @property
    def report_json(self) -> Path:
        """The validation report, for ``report.from_json``."""
        return self.path / self.manifest.derived / REPORT_JSON

    @property
    def report_turtle(self) -> Path:
        """The validation report in the W3C's vocabulary."""
        return self.path / self.manifest.derived / REPORT_TURTLE

    @property
    def what_if(self) -> Path:
        """The changes by each reading of the open questions, for ``what_if.read``."""
        return self.path / self.manifest.derived / WHAT_IF

    def has_withdrawn(self, iri: str) -> bool:
        return withdrawals.hash_of(iri) in self.withdrawn

    def refuse_withdrawn(self, texts: Iterable[str]) -> None:
        """Raise UnknownNameError if one of the texts is the address of a withdrawn thing."""
        for text in texts:
            iri = None
            with suppress(QueryError):
                iri = thing_names.as_iri(text.strip())
            if iri is not None and self.has_withdrawn(iri.value):
                raise UnknownNameError(
                    f"{text!r} names a thing that was withdrawn: it is no longer part of the graph."
                )

    @cached_property
    def documents(self) -> "tuple[NamedDocument, ...]":
        """Its documents with a text, the earliest first."""
        from rallynov_graph.release.documents import documents_in

        return documents_in(self.data)

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        return withdrawals.read(self.path / self.manifest.derived / withdrawals.FILE)


def load(path: Path) -> Release:
    """Return the release in a folder, or the latest one of a folder of releases.

    Raises ReleaseError if a file is missing or differs from the manifest.
    """
    try:
        return _loaded(path)
    except OSError as error:
        place = error.filename or path
        raise ReleaseError(
            f"{place}: it cannot be read: {os_error_text(error)}",
        ) from error


def _loaded(folder: Path) -> Release:
    if not (folder / MANIFEST).exists():
        latest_folder = latest(folder)
        if latest_folder is None:
            why = _no_release(folder)
            raise ReleaseError(f"{folder} {why}: name a release folder, or run rallynov build.")
        folder = latest_folder
    manifest = _read_manifest(folder / MANIFEST)
    _verify(folder, manifest)
    _refuse_other_programme(folder / manifest.derived)
    return Release(folder, manifest)


def _refuse_other_programme(derived: Path) -> None:
    """Raise OtherProgrammeError if a release belongs to another programme than the process."""
    found = read(derived) if (derived / FILE).is_file() else SHIPPED
    if (found.base, found.kinds) != (CURRENT.base, CURRENT.kinds):
        raise OtherProgrammeError(
            f"{derived.parent}: its things are under {found.base}, and those of what is open "
            f"already under {CURRENT.base}: open one at a time.",
            derived if found.folder else None,
        )


def _no_release(path: Path) -> str:
    """Return why there is no release at a path."""
    if path.is_dir():
        return f"has no {MANIFEST}"
    return "is a file, not a folder" if path.exists() else "does not exist"


def latest(out: Path) -> Path | None:
    """Return the folder of the release built last into ``out``, None if there is none."""
    try:
        name = (out / LATEST).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = out / name
    return folder if name and name == Path(name).name and (folder / MANIFEST).exists() else None


def releases_in(folder: Path) -> list[Path]:
    """Return the releases in a folder by name, including damaged ones; else the folder itself."""
    if (folder / MANIFEST).exists() or not folder.is_dir():
        return [folder]
    found = [it for it in sorted(folder.iterdir()) if _is_release(it)]
    return found or [folder]


def _is_release(path: Path) -> bool:
    has_manifest = (path / MANIFEST).exists() and not path.name.startswith(".")
    return path.is_dir() and (has_manifest or _NAME.fullmatch(path.name) is not None)


def identity(data: Path, ontology: Path) -> tuple[str, FileHash]:
    """Return the id of a release, and the hash of its data.

    The id is the SHA-256 of the data, a separating line, and the ontology.
    """
    digest = hashlib.sha256()
    _feed(digest, data)
    data_hash = FileHash(DATA, digest.hexdigest(), data.stat().st_size)
    digest.update(_BETWEEN)
    _feed(digest, ontology)
    return digest.hexdigest(), data_hash


def sources(data: Path | None = None, ontology: Path | None = None) -> tuple[FileHash, ...]:
    """Return the hashes of all files that a release is made from: data, ontology, checks, rules."""
    folders = {
        "data": data or data_dir(),
        "ontology": ontology or ontology_dir(),
        "checks": checks_dir(),
        "rules": rules_dir(),
    }
    if (added := extensions_dir()) is not None and added.is_dir():
        folders["extension"] = added
    own = () if CURRENT.file is None else (hashed(CURRENT.file, FILE),)
    return own + tuple(
        hashed(path, f"{name}/{path.relative_to(folder).as_posix()}")
        for name, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_source(path)
    )


def _is_source(path: Path) -> bool:
    return (
        path.suffix == _CHECK or path.name == withdrawals.FILE or formats.by_path(path) is not None
    )


def hashed(path: Path, name: str) -> FileHash:
    """Return a file's hash and size under a name."""
    digest = hashlib.sha256()
    _feed(digest, path)
    return FileHash(name, digest.hexdigest(), path.stat().st_size)


def _feed(digest: "hashlib._Hash", path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)


def _read_manifest(path: Path) -> Manifest:
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] > FORMAT:
            raise ReleaseError(
                f"{path}: a newer version of rallynov made this release: update rallynov."
            )
        return _manifest(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path}: not a manifest of a release: build it again.") from error


def _manifest(content: Mapping[str, Any]) -> Manifest:
    # Older manifests lack it: without a count, nothing is checked.
    content = {"checked": bool(content["findings"]), "until": "", "only": "", **content}
    known = {name: content[name] for name in Manifest.__dataclass_fields__}
    for listed in ("files", "sources"):
        known[listed] = tuple(FileHash(**file) for file in known[listed])
    found = Manifest(**known)
    if not _is_complete(found):
        raise ValueError(found)
    return found


def _is_complete(manifest: Manifest) -> bool:
    """Whether a manifest has every field that its readers need."""
    files = {file.path for file in manifest.files}
    numbers = {**manifest.counts, **manifest.findings}
    texts = [
        getattr(manifest, name) for name, kind in Manifest.__annotations__.items() if kind is str
    ]
    return (
        {DATA, ONTOLOGY} <= files
        and {file.partition("/")[0] for file in files} <= {DATA, ONTOLOGY, manifest.derived}
        and {"quads", "graphs", "triples", "ontology"} <= manifest.counts.keys()
        and all(isinstance(number, int) for number in numbers.values())
        and all(isinstance(text, str) for text in (*texts, *manifest.title.values(), *files))
    )


def _verify(folder: Path, manifest: Manifest) -> None:
    """Raise ReleaseError if a file is missing or differs from the manifest."""
    for file in manifest.files:
        if not (folder / file.path).is_file():
            raise ReleaseError(f"{folder}: {file.path} is missing: build the release again.")
    release_id, data_hash = identity(folder / DATA, folder / ONTOLOGY)
    for file in manifest.files:
        if (data_hash if file.path == DATA else hashed(folder / file.path, file.path)) != file:
            raise ReleaseError(
                f"{folder}: {file.path} is not what the manifest says: build the release again."
            )
    if release_id != manifest.id:
        raise ReleaseError(f"{folder}: its id is not that of its data: build it again.")
