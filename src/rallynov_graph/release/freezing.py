"""The writing of a release folder, which appears whole or not at all."""

import filecmp
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rallynov_graph.base.errors import ReleaseError, os_error_in_french, os_error_text
from rallynov_graph.base.whole_files import (
    flush_to_disk,
    locked,
    replace_file,
    unfinished_folder,
    write_file,
)
from rallynov_graph.release.release import LATEST, MANIFEST, latest


@dataclass(frozen=True)
class Workshop:
    """A folder beside the releases in which one release is made at a time."""

    out: Path
    folder: Path

    def freeze(
        self, name: str, core: Sequence[str], derived: Mapping[str, bytes], manifest: bytes
    ) -> None:
        """Put the release in its place, complete; the first one is the latest from now on.

        The core are files that lie in the workshop. Where a release of the same name is there
        already, its data stay untouched, and only what is derived from them is renewed.
        """
        target = self.out / name
        if _has(target, self.folder, core):
            _renew(self.out, target, derived, manifest)
        else:
            _place(self, target, core, {**derived, MANIFEST: manifest})
        if latest(self.out) is None:
            self.name_latest(name)

    def name_latest(self, name: str) -> None:
        """Name a release as the latest one: servers that watch the folder serve it from now on."""
        replace_file(self.out, self.out / LATEST, f"{name}\n".encode())


@contextmanager
def workshop(out: Path) -> Iterator[Workshop]:
    """Yield a workshop; builds take turns. Raises ReleaseError where it cannot be written."""
    try:
        with locked(out):
            yield Workshop(out, unfinished_folder(out))
    except OSError as error:
        place = error.filename or out
        raise ReleaseError(
            f"{place}: the release cannot be written: {os_error_text(error)}",
            french=f"{place} : la version ne peut être écrite : {os_error_in_french(error)}",
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
    """Put a whole folder in its place; a damaged one of the same name is removed."""
    new = unfinished_folder(workshop.out) / target.name
    new.mkdir()
    for name in core:
        (workshop.folder / name).rename(new / name)
        flush_to_disk(new / name)
    for name, content in files.items():
        write_file(new / name, content)
    flush_to_disk(*{(new / name).parent for name in files})
    if target.exists():
        target.rename(unfinished_folder(workshop.out) / target.name)
    new.rename(target)
    flush_to_disk(workshop.out)


def _renew(out: Path, folder: Path, derived: Mapping[str, bytes], manifest: bytes) -> None:
    """Put new derived files beside the old ones, then the manifest that names them.

    The old ones stay: whoever loaded the release before may still read them.
    """
    derived_folder = next(iter(derived)).partition("/")[0]
    if not _holds(folder, derived):
        new = unfinished_folder(out)
        for name, content in derived.items():
            write_file(new / name, content)
        flush_to_disk(new / derived_folder)
        if (folder / derived_folder).exists():
            shutil.rmtree(folder / derived_folder)
        (new / derived_folder).rename(folder / derived_folder)
    replace_file(out, folder / MANIFEST, manifest)
